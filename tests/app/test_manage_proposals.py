"""Looking for changes: asked by a keeper only, decided one by one, published as one version."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest

from clinics.adapters.memory import MemoryStore
from clinics.domain.model import Point
from clinics.domain.ports import GeocodedAddress
from clinics.domain.sources import Decision, Hint, Proposal, Trouble
from tests.app.keeper import HOSTILE, Desk, ten
from tests.app.visit import Visit
from tests.sources import TODAY, MadeUpAsked, MadeUpSource, record
from ui import resources


def source_with(monkeypatch: pytest.MonkeyPatch, *records: object, **more: object) -> MadeUpSource:
    made = MadeUpSource(*records, **more)  # type: ignore[arg-type]
    made.id = "site"
    monkeypatch.setattr(resources, "sources", lambda: (made,))
    return made


def kept(store: MemoryStore) -> dict[str, Proposal]:
    return {one.field: one for one in store.proposals()}


def cell(id: str, column: str) -> str:
    table = resources.newest().dataset.table
    return str(table[table["id"] == id][column].iloc[0])


@pytest.fixture
def desk(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A keeper where a source knows a website for one listing, another number for a second."""
    a, b = ten()[:2]
    source_with(
        monkeypatch,
        record(a, "a", website="https://a.example"),
        record(b, "b", phone="(301) 555-0199"),
        replace(record(b, "new", name="A New Place", address="9 Elsewhere Road", phone=""),
                as_new={"category": "ketamine", "treatments": "iv-ketamine"}),
    )  # fmt: skip
    return Desk(part="proposals")


def test_nothing_is_asked_before_somebody_switches_it_on_and_presses(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = Desk(part="proposals")
    assert "No public source is asked here" in off.text
    assert "Nothing of this directory or its visitors is sent." in off.text
    source = source_with(monkeypatch)
    on = Desk(part="proposals")
    assert "Nothing is sent. Never read whole so far." in on.text
    assert source.asked == 0
    on.click("Look for changes")
    assert source.asked == 1


def test_who_is_no_keeper_sees_none_of_it(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_with(monkeypatch)
    assert "Look for changes" not in Desk(name="", part="proposals").text
    assert source.asked == 0


def test_what_is_accepted_is_reviewed_and_becomes_one_version(
    desk: Desk, store: MemoryStore
) -> None:
    desk.click("Look for changes")
    said = "Made-up list: 3 places read, 2 of them listed here; 3 proposals, 3 of them new."
    assert desk.outcome == [said]
    assert [tab.label for tab in desk.app.tabs] == [
        "Fills a gap (1)", "Differs (1)", "Maybe the same place, new, seems closed (1)",
    ]  # fmt: skip
    assert "Why this listing: the same name, the same telephone" in desk.text
    desk.click("Accept all on this page (1)")
    desk.press(f"accept_{kept(store)['phone'].key}")
    desk.click("Add it")
    assert cell("made-up-clinic-1", "website") == ""
    desk.click("3 accepted: review and publish")
    desk.publish()
    assert desk.outcome == ["Version 1 is live: 1 new, 2 changed."]
    assert cell("made-up-clinic-1", "website") == "https://a.example"
    assert cell("made-up-clinic-2", "phone") == "(301) 555-0199"
    assert cell("made-up-clinic-2", "field_sources") == "phone=site@2026-11-28"
    assert "Telephone: the clinic's own page, 28 Nov 2026" in unescape(
        Visit({"near": "20912"}).cards
    )
    assert "No proposal is waiting." in desk.text
    assert {one.decision for one in store.proposals()} == {Decision.DONE}


def test_what_is_rejected_never_comes_back_and_what_is_put_off_does(
    desk: Desk, store: MemoryStore
) -> None:
    desk.click("Look for changes")
    desk.press(f"reject_old_{kept(store)['website'].key}")
    desk.press(f"later_{kept(store)['phone'].key}")
    assert "1 proposal put off until the next look." in desk.text
    desk.click("Look for changes")
    website = kept(store)["website"]
    assert website.decision is Decision.REJECTED
    assert (website.who, website.reason) == ("Ana", "It is out of date")
    assert kept(store)["phone"].decision is Decision.PENDING


def test_what_was_accepted_can_be_taken_back_until_it_is_published(
    desk: Desk, store: MemoryStore
) -> None:
    desk.click("Look for changes")
    desk.click("Accept all on this page (1)")
    assert "1 accepted: review and publish" in [button.label for button in desk.app.button]
    desk.click("Take back")
    assert not [one for one in store.proposals() if one.decision is Decision.ACCEPTED]


@pytest.mark.parametrize("press", ["reject_old", "reject_wrong", "later", "accept"])
def test_whatever_a_slip_decided_can_be_taken_back(
    desk: Desk, store: MemoryStore, press: str
) -> None:
    desk.click("Look for changes")
    key = kept(store)["website"].key
    desk.press(f"{press}_{key}")
    assert kept(store)["website"].decision is not Decision.PENDING
    desk.press(f"back_{key}")
    assert kept(store)["website"].decision is Decision.PENDING
    desk.press(f"accept_{key}").click("1 accepted: review and publish").publish()
    assert cell(ten()[0]["id"], "website") == "https://a.example"


def test_accept_all_never_changes_what_was_accepted_before(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that is asked later says otherwise: the keeper is told, and decides."""
    a = ten()[0]
    source_with(monkeypatch, record(a, "a", website="https://first.example"))
    desk = Desk(part="proposals").click("Look for changes").click("Accept all on this page (1)")
    other = MadeUpSource(record(a, "o", website="https://other.example"))
    other.id = "npi"
    monkeypatch.setattr(resources, "sources", lambda: (other,))
    desk.click("Look for changes")
    assert "accept_page" not in [button.key for button in desk.app.button]
    assert "You accepted https://first.example. To accept another puts that aside." in desk.text
    (late,) = [one for one in store.proposals() if one.decision is Decision.PENDING]
    desk.press(f"accept_{late.key}")
    desk.click("1 accepted: review and publish").publish()
    assert cell(a["id"], "website") == "https://other.example"


def test_only_the_sources_that_are_chosen_are_asked(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = MadeUpSource(), MadeUpSource()
    other.id, other.label = "other", "the other list"
    monkeypatch.setattr(resources, "sources", lambda: (one, other))
    desk = Desk(part="proposals")
    desk.app.button_group(key="sources_asked").set_value(["other"]).run()
    desk.click("Look for changes")
    assert (one.asked, other.asked) == (0, 1)
    desk.app.button_group(key="sources_asked").set_value([]).run()
    assert next(b for b in desk.app.button if b.key == "look_for_changes").disabled


def test_sources_that_disagree_stand_side_by_side_and_are_the_keepers(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = ten()[0]
    npi, site = (
        MadeUpSource(record(a, id, website=f"https://{id}.example")) for id in ("npi", "site")
    )
    npi.id, npi.label = "npi", "the national provider registry (NPPES)"
    site.id, site.label = "site", "the clinic's own page"
    monkeypatch.setattr(resources, "sources", lambda: (npi, site))
    desk = Desk(part="proposals").click("Look for changes")
    assert "2 sources do not agree. You decide." in desk.text
    text = desk.text
    assert text.index("https://site.example") < text.index("https://npi.example")
    assert "accept_page" not in [button.key for button in desk.app.button]
    mine = {one.source: one.key for one in store.proposals()}
    desk.press(f"accept_{mine['npi']}")
    decided = {one.source: one.decision for one in store.proposals()}
    assert decided == {"npi": Decision.ACCEPTED, "site": Decision.REJECTED}
    desk.click("Take back")
    assert {one.decision for one in store.proposals()} == {Decision.PENDING}


def test_the_position_of_an_accepted_address_goes_into_the_same_version(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = ten()[0]
    source_with(monkeypatch, record(a, "a", address="12 Made Up Street"))
    at = GeocodedAddress(Point(float(a["latitude"]), float(a["longitude"])), "MD", "", exact=True)

    class Found:
        label = "the US Census geocoder"

        def locate(self, _: str) -> GeocodedAddress:
            return at

    monkeypatch.setattr(resources, "listings_geocoder", Found)
    desk = Desk(part="proposals").click("Look for changes")
    desk.press(f"accept_{kept(store)['address'].key}")
    desk.click("1 accepted: review and publish")
    desk.publish()
    id = "made-up-clinic-1"
    assert cell(id, "address") == "12 Made Up Street"
    assert cell(id, "location_precision") == "street"
    assert "latitude=census@" in cell(id, "field_sources")


def test_a_bad_source_is_a_sentence(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    source_with(monkeypatch, states=(), fault="The made-up list answered something else.")
    desk = Desk(part="proposals").click("Look for changes")
    assert desk.outcome == ["The made-up list answered something else."]
    assert "Never read whole so far." in desk.text


def test_words_that_no_page_can_show_end_none(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "a\ud800\x00\u202eb"
    made = replace(record(ten()[0], "x", hours=text), evidence=text)
    source_with(monkeypatch, made, fault=f"Trouble with {text}.")
    desk = Desk(part="proposals").click("Look for changes")
    assert desk.outcome[0].startswith("Trouble with a b.")
    assert "a b" in desk.text


def test_hostile_words_stay_words(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    made = replace(record(ten()[0], "x", hours=HOSTILE), evidence=HOSTILE)
    source_with(monkeypatch, made)
    desk = Desk(part="proposals").click("Look for changes")
    assert HOSTILE in desk.text


def test_a_note_to_call_is_shown_with_why_and_goes_into_the_listing(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = ten()[:2]
    says = "Call first: its own page is gone."
    hint = Hint(a["id"], says, "https://a.example/", TODAY, f"It answers 404. {HOSTILE}")
    source = MadeUpAsked(hint, Trouble(b["id"], "Their pages gave no answer"))
    monkeypatch.setattr(resources, "sources", lambda: (source,))
    desk = Desk(part="proposals")
    assert "The made-up page: Nothing is sent." in desk.text
    desk.click("Look for changes")
    assert desk.outcome == [
        "The made-up page: read for 0 listings; 1 proposal, 1 of them new.\n\nTheir pages gave "
        f"no answer (1): {b['name']}, {b['city']}."
    ]
    assert "Call first?" in desk.text
    assert "It answers 404." in desk.text
    desk.click("Say “Call first”")
    desk.click("1 accepted: review and publish")
    desk.publish()
    assert cell(a["id"], "caveat") == f"{a['caveat']} {says}".strip()
    assert cell(a["id"], "status") == a["status"]

"""A look at a source: what it proposes, what is never proposed again, and what stays unsaid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from clinics.adapters.memory import MemoryStore
from clinics.domain.field_sources import FactSource
from clinics.domain.sources import (
    Decision,
    Hint,
    Listing,
    Proposal,
    Record,
    Said,
    Tell,
    Trouble,
)
from clinics.publishing import proposals as rules
from clinics.publishing.looking import Looked, last_look, look, say_same, settle
from tests.made_up import made_up_clinic
from tests.sources import TODAY, MadeUpAsked, MadeUpSource, nobody, record


def clinic(number: int, **cells: str) -> dict[str, str]:
    return made_up_clinic(
        number,
        **{
            "category": "mental-health", "name": f"{'ABCDEFGH'[number]}lder House",
            "address": f"{number} Made-up Street", "city": "Takoma Park", "state": "MD",
            "zip": "20912", "phone": f"(301) 555-010{number}", "website": "",
            "main_phone": "", "known_by": "", "status": "", "caveat": "", "last_checked": "",
            "latitude": "38.98", "longitude": "-77.01", "location_precision": "zip",
            "conditions": "ptsd", "source": "A list", **cells,
        },
    )  # fmt: skip


A, B = clinic(0), clinic(1)
POSITION = {"latitude": "38.9801", "longitude": "-77.0102", "location_precision": "street"}


KNOWN = {
    id: FactSource(id, label, "", "", "", weight)
    for id, label, weight in (("made-up", "The list", 1), ("better", "The better list", 2))
}


class Clock:
    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> MemoryStore:
    return MemoryStore(clock)


def looked(
    store: MemoryStore,
    *records: Record,
    listings: Any = (A, B),
    today: dt.date = TODAY,
    **more: Any,
) -> Looked:
    source = more.pop("source", None) or MadeUpSource(*records)
    return look(source, store, listings, today, nobody, **more)


def waiting(store: MemoryStore) -> list[Proposal]:
    return [
        one for one in store.proposals() if one.decision is Decision.PENDING and rules.is_shown(one)
    ]


def shown(store: MemoryStore) -> dict[tuple[str, str], str]:
    """Clinic and field -> the value that is proposed."""
    return {(one.clinic_id, one.field): rules.body_of(one).value for one in waiting(store)}


def test_what_a_source_says_otherwise_is_proposed_with_where_it_says_so(store: MemoryStore) -> None:
    found = looked(store, record(A, website="https://a.example"), record(B, "b"))
    assert found.sentence == (
        "Made-up list: 2 places read, 2 of them listed here; 1 proposal, 1 of them new."
    )
    (one,) = waiting(store)
    body = rules.body_of(one)
    assert (one.clinic_id, one.field, body.value) == (A["id"], "website", "https://a.example")
    assert (body.url, body.date) == ("https://made-up.example/", "2026-11-28")
    assert body.evidence == "The made-up list names Alder House."
    assert body.reasons[0] == "the same name"


@pytest.mark.parametrize(
    ("column", "ours", "theirs"),
    [
        ("website", "https://www.a.example/", "http://a.example"),
        ("address", "12 Made-up Street, Suite 3", "12 MADE-UP ST # 3"),
        ("address", "12 North Made-up Road", "12 N. Made-Up Rd."),
        ("conditions", "ptsd;depression", "depression;ptsd"),
        ("website", "https://a.example", ""),
    ],
)
def test_another_spelling_or_silence_is_no_proposal(
    store: MemoryStore, column: str, ours: str, theirs: str
) -> None:
    listing = {**A, column: ours}
    looked(store, record(listing, **{column: theirs}), listings=(listing,))
    assert waiting(store) == []


def test_the_number_for_new_patients_comes_with_the_main_line(store: MemoryStore) -> None:
    new = {"phone": "(301) 555-0199", "main_phone": A["phone"]}
    looked(store, record(A, **new), record(B, "b"))
    assert shown(store) == {(A["id"], "phone"): f"(301) 555-0199, main line {A['phone']}"}
    assert rules.body_of(waiting(store)[0]).cells == new


def test_a_position_is_proposed_for_the_same_address_only(store: MemoryStore) -> None:
    moved = record(B, "b", address="77 Elsewhere Road", **POSITION)
    looked(store, record(A, **POSITION), moved)
    assert set(shown(store)) == {(A["id"], "latitude"), (B["id"], "address")}
    address = next(one for one in waiting(store) if one.field == "address")
    assert rules.body_of(address).cells["latitude"] == POSITION["latitude"]


def test_a_list_that_is_known_to_be_incomplete_only_adds(store: MemoryStore) -> None:
    said = record(A, conditions="depression")
    looked(store, replace(said, adds_only=True), record(B, "b"))
    assert shown(store)[(A["id"], "conditions")] == "ptsd;depression"
    other = MemoryStore()
    looked(other, said, record(B, "b"))
    assert shown(other)[(A["id"], "conditions")] == "depression"


def test_a_rejected_value_never_comes_back_and_another_one_does(store: MemoryStore) -> None:
    looked(store, record(A, website="https://a.example"), record(B, "b"))
    store.decide([waiting(store)[0].key], Decision.REJECTED, "Ana", "wrong")
    assert looked(store, record(A, website="http://www.a.example/"), record(B, "b")).found == ()
    assert waiting(store) == []
    looked(store, record(A, website="https://other.example"), record(B, "b"))
    assert list(shown(store).values()) == ["https://other.example"]


def test_a_rejected_word_of_a_list_stays_rejected_whatever_stands_beside_it(
    store: MemoryStore,
) -> None:
    said = replace(record(A, conditions="depression"), adds_only=True)
    looked(store, said, record(B, "b"))
    store.decide([waiting(store)[0].key], Decision.REJECTED, "Ana", "wrong")
    later = {**A, "conditions": "ptsd;anxiety"}
    assert looked(store, said, record(B, "b"), listings=(later, B)).found == ()


@pytest.mark.parametrize("looks_again", [False, True])
def test_what_was_accepted_for_another_value_than_there_is_now_waits_again(
    store: MemoryStore, looks_again: bool
) -> None:
    """A keeper filled the gap by hand since: that must not be overwritten unseen."""
    said = record(A, website="https://a.example", hours="Mon 9-5")
    looked(store, said, record(B, "b"))
    store.decide([one.key for one in waiting(store)], Decision.ACCEPTED, "Ana")
    now = {**A, "website": "https://by-hand.example"}
    if looks_again:
        looked(store, said, record(B, "b"), listings=(now, B))
    else:
        settle(store, [now, B])
    assert {one.field: one.decision for one in store.proposals()} == {
        "website": Decision.PENDING, "hours": Decision.ACCEPTED,
    }  # fmt: skip


def test_what_was_put_off_waits_again_after_the_next_look(store: MemoryStore) -> None:
    looked(store, record(A, website="https://a.example"), record(B, "b"))
    store.decide([waiting(store)[0].key], Decision.LATER, "Ana")
    assert waiting(store) == []
    looked(store, record(A, website="https://a.example"), record(B, "b"))
    assert len(waiting(store)) == 1


def test_what_the_source_takes_back_or_the_directory_says_by_now_is_put_aside(
    store: MemoryStore,
) -> None:
    looked(store, record(A, website="https://a.example", hours="Mon 9-5"), record(B, "b"))
    looked(store, record(A, website="https://a.example"), record(B, "b"))
    assert set(shown(store)) == {(A["id"], "website")}
    settle(store, [{**A, "website": "https://a.example"}, B])
    assert waiting(store) == []


@pytest.mark.parametrize(("days", "fills"), [(0, False), (180, False), (181, True)])
def test_what_a_keeper_confirmed_lately_is_only_shown_as_differing(days: int, fills: bool) -> None:
    store = MemoryStore()
    checked = {**A, "last_checked": (TODAY - dt.timedelta(days=days)).isoformat()}
    looked(store, record(A, website="https://a.example"), listings=(checked,))
    (one,) = waiting(store)
    assert rules.fills_gap(one, checked, TODAY) is fills


def test_who_is_missing_is_said_after_thirty_days_only_and_never_as_closed(
    store: MemoryStore, clock: Clock
) -> None:
    looked(store, record(A))
    assert waiting(store) == []
    clock.now += dt.timedelta(days=30)
    looked(store, record(A))
    (one,) = waiting(store)
    assert (one.clinic_id, one.field) == (B["id"], rules.GONE)
    assert rules.body_of(one).cells == {"caveat": "Call first: Made-up list no longer lists it."}
    looked(store, record(A), record(B, "b"))
    assert waiting(store) == []
    looked(store, record(A))
    assert waiting(store) == [], "the thirty days begin anew"


def test_nobody_is_missing_from_a_list_that_was_not_read_whole(store: MemoryStore) -> None:
    broken = MadeUpSource(states=(), fault="Made-up list gave nothing.")
    found = looked(store, source=broken)
    assert found.sentence == "Made-up list gave nothing."
    assert store.proposals() == ()
    assert last_look(store, broken.id) is None


def test_what_was_read_whole_before_the_trouble_stays(store: MemoryStore) -> None:
    source = MadeUpSource(record(A, website="https://a.example"), fault="Then it broke.")
    found = looked(store, source=source)
    assert found.sentence.startswith("Then it broke. Made-up list: 1 place read")
    assert set(shown(store)) == {(A["id"], "website")}


class Stopped(BaseException):
    """A click elsewhere."""


@pytest.mark.parametrize(
    "stumble",
    [ValueError, KeyError, IndexError, OverflowError, AttributeError, TypeError, RecursionError],
)
def test_an_answer_that_a_reader_stumbles_over_is_a_sentence(
    store: MemoryStore, stumble: type[Exception]
) -> None:
    """It must stop neither the page nor the other sources, whatever nobody has thought of."""

    class Stumbles(MadeUpSource):
        def look(self, listings: Sequence[Listing], progress: Tell) -> Iterator[Said]:
            yield from super().look(listings, progress)
            raise stumble("\ud800 and a secret")

    found = look(Stumbles(record(A, website="https://a.example")), store, [A], TODAY, nobody)
    assert found.trouble == (
        "Made-up list gave something that cannot be read. Nothing more of it is proposed."
    )
    assert list(shown(store).values()) == ["https://a.example"]


UNSEEN = ("\x00", "\x1b[31m", "\u202e", "\u2066", "\u200b", "\ud800", "\n", "\u2028")


@pytest.mark.parametrize("sign", UNSEEN)
def test_what_nobody_can_see_is_in_no_part_of_what_a_source_says(sign: str) -> None:
    """A half of a surrogate pair, say, would end the page that shows it, each time."""
    text = f"a{sign}b"
    store, clock = MemoryStore(), {"website": f"https://a.example/{text}", "hours": text}
    said = replace(record(A, text, **clock), url=text, evidence=text, also=(text,), why=text)
    new = replace(
        record(B, text, name=text, address=text, phone=""), as_new={"category": text}, url=text
    )
    hint = Hint(A["id"], text, text, TODAY, text)
    lists = look(MadeUpSource(said, new, fault=text), store, [A], TODAY, nobody)
    asked = look(MadeUpAsked(hint, Trouble(A["id"], text)), store, [A], TODAY, nobody)
    bodies = [rules.body_of(one) for one in store.proposals()]
    assert {one.field for one in store.proposals()} >= {"website", "hours", "new", "gone"}
    shown_to_keepers = [lists.sentence, asked.sentence, *lists.remarks, *asked.remarks]
    for body in bodies:
        shown_to_keepers += [body.value, body.url, body.evidence, body.record, *body.reasons]
        shown_to_keepers += body.cells.values()
    assert [one for one in shown_to_keepers if not one.isprintable()] == []


def test_a_keeper_who_stops_it_keeps_what_was_read_whole(store: MemoryStore) -> None:
    source = MadeUpSource(record(A, website="https://a.example"), states=("MD", "DC"))

    def stop_at_dc(_share: float, doing: str) -> None:
        if doing == "DC":
            raise Stopped

    with pytest.raises(Stopped):
        look(source, store, (A, B), TODAY, stop_at_dc)
    assert set(shown(store)) == {(A["id"], "website")}


def test_a_dry_run_and_one_listing(store: MemoryStore) -> None:
    both = (record(A, website="https://a.example"), record(B, "b", website="https://b.example"))
    assert len(looked(store, *both, is_dry=True).found) == 2
    assert store.proposals() == ()
    looked(store, *both, only=B["id"])
    assert set(shown(store)) == {(B["id"], "website")}


def test_a_place_that_may_be_a_listing_is_asked_and_then_remembered(store: MemoryStore) -> None:
    like = record({**A, "name": "Alder House Program"}, "r", website="https://a.example")
    looked(store, like, record(B, "b"))
    (asked,) = waiting(store)
    assert asked.field == rules.SAME
    assert say_same(store, asked, A, "Ana") == 1
    assert set(shown(store)) == {(A["id"], "website")}
    looked(store, like, record(B, "b"))
    assert set(shown(store)) == {(A["id"], "website")}


def test_a_place_that_is_none_of_them_is_not_asked_again(store: MemoryStore) -> None:
    like = record({**A, "name": "Alder House Program"}, "r")
    looked(store, like, record(A, "a"), record(B, "b"))
    looked(store, like, record(B, "b"))
    store.decide([one.key for one in waiting(store)], Decision.REJECTED, "Ana", "no")
    looked(store, like, record(B, "b"))
    assert waiting(store) == []


def test_a_withheld_place_is_there_and_proposes_nothing(store: MemoryStore, clock: Clock) -> None:
    hidden = replace(record(B, "b", website="https://b.example", address=""), withheld=True)
    for _ in range(2):
        looked(store, record(A), hidden)
        clock.now += dt.timedelta(days=40)
    assert waiting(store) == []


def test_a_new_place_is_proposed_whole_and_once(store: MemoryStore) -> None:
    new = replace(record({**A, "name": "Zeta Rooms", "phone": "", "address": "9 New Road"}, "n"),
                  as_new={"category": "ketamine", "treatments": "iv-ketamine"})  # fmt: skip
    looked(store, record(A), record(B, "b"), new)
    (one,) = waiting(store)
    edits = rules.edits_of([replace(one, decision=Decision.ACCEPTED)], {}, KNOWN)
    (cells,) = edits.add
    assert (cells["category"], cells["source"]) == ("ketamine", "Made-up list")
    assert cells["source_date"] == "2026-11-28"
    assert edits.name == "1 change from The list"
    settle(store, [A, B, {**B, **cells, "id": "zeta"}])
    assert waiting(store) == []


def test_what_is_accepted_says_its_source_and_the_day_field_by_field(store: MemoryStore) -> None:
    live: dict[str, Listing] = {A["id"]: {**A, "field_sources": "hours=keeper@2026-11-25"}}
    said = {"website": "https://a.example", "phone": "(301) 555-0199", **POSITION}
    looked(store, record(A, **said))
    edits = rules.edits_of(waiting(store), live, KNOWN)
    cells = edits.changes[A["id"]]
    assert {name: cells[name] for name in said} == said
    assert "source" not in cells, "the listing is from where it was"
    assert cells["field_sources"] == (
        "phone=made-up@2026-11-28;website=made-up@2026-11-28;hours=keeper@2026-11-25;"
        "latitude=made-up@2026-11-28"
    )


def test_of_two_sources_that_disagree_the_one_of_more_weight_counts(store: MemoryStore) -> None:
    better = MadeUpSource(record(A, phone="(301) 555-0188"))
    better.id = "better"
    for source in (better, MadeUpSource(record(A, phone="(301) 555-0199"))):
        looked(store, source=source)
    both = waiting(store)
    edits = rules.edits_of(both, {A["id"]: A}, KNOWN)
    assert edits.changes[A["id"]]["phone"] == "(301) 555-0188"
    assert edits.changes[A["id"]]["field_sources"] == "phone=better@2026-11-28"
    assert edits.outweighed == tuple(one.key for one in both if one.source == "made-up")
    assert edits.name == "1 change from The better list"


@pytest.mark.parametrize(
    ("said", "fills"),
    [
        ("website=keeper@2026-11-25", False),
        ("website=keeper@2026-06-01", False),
        ("website=keeper@2026-05-31", True),
        ("phone=keeper@2026-11-25", True),
        ("website=site@2026-11-25", True),
    ],
)
def test_a_field_that_a_keeper_emptied_lately_is_only_shown_as_differing(
    store: MemoryStore, said: str, fills: bool
) -> None:
    listing = {**A, "field_sources": said}
    looked(store, record(listing, website="https://a.example"), listings=(listing,))
    (one,) = waiting(store)
    assert rules.fills_gap(one, listing, TODAY) is fills


def test_new_places_are_not_each_held_against_every_listing(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = [
        replace(record(place, place["name"]), as_new={"category": "ketamine"})
        for place in (
            {**A, "name": f"Zeta {n}", "phone": "", "address": f"{n} New Road"} for n in range(40)
        )
    ]
    looked(store, *new)
    asked: list[Listing] = []
    monkeypatch.setattr(rules, "identity", lambda cells: asked.append(cells) or ("", ""))
    settle(store, [A, B])
    assert len(asked) == 2 + 40


def test_ten_thousand_listings_take_seconds(store: MemoryStore) -> None:
    many = [
        {**A, "id": f"c{n}", "name": f"Place {n}", "address": f"{n} Made-up Street",
         "phone": f"(301) {200 + n // 10_000:03d}-{n % 10_000:04d}"}
        for n in range(10_000)
    ]  # fmt: skip
    began = dt.datetime.now(dt.UTC)
    found = looked(
        store, *(record(one, one["id"], website="https://a.example") for one in many), listings=many
    )
    assert found.matched == 10_000
    assert len(found.found) == 10_000
    assert dt.datetime.now(dt.UTC) - began < dt.timedelta(seconds=30)


def page(listing: Listing, **cells: str) -> Record:
    """What the page of a listing says: another name than ours makes no difference."""
    return Record(
        f"page of {listing['id']}", {"name": "Other", **cells}, "https://a.example/", TODAY,
        about=listing["id"], why="it is its own page",
    )  # fmt: skip


def gone(listing: Listing, says: str = "Call first: its page is gone.", days: int = 7) -> Hint:
    return Hint(listing["id"], says, "https://a.example/", TODAY, "It answers 404.", days)


def test_what_was_asked_of_a_listing_is_of_that_listing(store: MemoryStore) -> None:
    found = looked(store, source=MadeUpAsked(page(A, hours="Mon 9am-5pm"), page(B)))
    assert found.sentence == ("The made-up page: read for 2 listings; 1 proposal, 1 of them new.")
    (one,) = waiting(store)
    assert (one.clinic_id, rules.body_of(one).reasons) == (A["id"], ("it is its own page",))


def test_what_was_asked_for_stands_before_what_only_looks_like_it(store: MemoryStore) -> None:
    like = record(A, "other", hours="Tue 9am-5pm")
    looked(store, source=MadeUpAsked(page(A, hours="Mon 9am-5pm"), like))
    assert shown(store) == {(A["id"], "hours"): "Mon 9am-5pm"}


def test_of_a_source_that_gives_no_lists_each_answer_stays(store: MemoryStore) -> None:
    source = MadeUpAsked(page(A, hours="Mon 9am-5pm"), None, page(B, hours="Mon 9am-5pm"))
    assert looked(store, source=source).sentence.startswith("Then it broke. The made-up page: read")
    assert set(shown(store)) == {(A["id"], "hours")}
    assert last_look(store, source.id) is None
    looked(store, source=MadeUpAsked(page(B)))
    assert set(shown(store)) == {(A["id"], "hours")}, "of A it was not asked this time"
    looked(store, source=MadeUpAsked(page(A)))
    assert shown(store) == {}
    assert last_look(store, source.id) == TODAY


def test_a_hint_is_a_note_to_call_after_two_looks_and_never_a_status(
    store: MemoryStore, clock: Clock
) -> None:
    noted = {**A, "caveat": "Ask first where it is."}
    for days, count in ((0, 0), (6, 0), (1, 1)):
        clock.now += dt.timedelta(days=days)
        looked(store, listings=(noted, B), source=MadeUpAsked(gone(noted)))
        assert len(waiting(store)) == count
    (one,) = waiting(store)
    cells = {"caveat": "Ask first where it is. Call first: its page is gone."}
    assert (one.field, rules.body_of(one).cells) == (rules.GONE, cells)
    settle(store, [{**noted, **cells}, B])
    assert waiting(store) == []
    looked(store, listings=({**noted, **cells}, B), source=MadeUpAsked(gone(noted)))
    assert waiting(store) == []


def test_a_page_that_is_back_takes_its_hint_back(store: MemoryStore, clock: Clock) -> None:
    looked(store, source=MadeUpAsked(gone(A)))
    clock.now += dt.timedelta(days=7)
    looked(store, source=MadeUpAsked(Trouble(A["id"], "Try later.")))
    looked(store, source=MadeUpAsked(page(A)))
    clock.now += dt.timedelta(days=7)
    looked(store, source=MadeUpAsked(gone(A)))
    assert waiting(store) == [], "the days begin anew"


def test_a_rejected_hint_says_nothing_of_another(store: MemoryStore) -> None:
    looked(store, source=MadeUpAsked(gone(A, days=0)))
    store.decide([waiting(store)[0].key], Decision.REJECTED, "Ana", "wrong")
    looked(store, source=MadeUpAsked(gone(A, days=0), gone(A, "Ask first where it is.", 0)))
    assert list(shown(store).values()) == ["Ask first where it is."]


def test_what_refuses_is_said_by_name_and_left_alone_for_as_long_as_it_asks(
    store: MemoryStore,
) -> None:
    until = TODAY + dt.timedelta(days=30)
    many = [clinic(n) for n in range(7)]
    source = MadeUpAsked(*(Trouble(one["id"], "Open them yourself", until) for one in many))
    assert looked(store, source=source, listings=many).remarks == (
        "Open them yourself (7): Alder House, Takoma Park; Blder House, Takoma Park; Clder House, "
        "Takoma Park; Dlder House, Takoma Park; Elder House, Takoma Park; and 2 more.",
    )
    again = MadeUpAsked()
    for today, count in ((until - dt.timedelta(days=1), 0), (until, 7)):
        looked(store, source=again, listings=many, today=today)
        assert len(again.asked_for) == count
    looked(store, source=again, listings=many, only=many[3]["id"])
    assert again.asked_for == [many[3]["id"]], "a keeper who asks for one means it"

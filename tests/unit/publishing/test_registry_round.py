"""Rounds of the registry: what is asked, what a keeper says, and what the next one does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clinics.adapters.memory import MemoryStore
from clinics.adapters.nppes import Nppes
from clinics.domain.sources import Decision, Listing, Proposal
from clinics.intake.npi_rows import NpiReader, questions
from clinics.publishing.looking import Looked, look, say_same, take_back
from clinics.publishing.proposals import GONE, SAME, body_of, edits_of, is_shown
from scripts.demo_registries import DEACTIVATED, NPI_PATH, number, organization
from scripts.demo_sources import StandIn, stand_in
from tests.made_up import made_up_clinic, words
from tests.sources import TODAY, nobody, polite

LISTING = made_up_clinic(
    1,
    name="Alder Ketamine Wellness",
    city="Rockville",
    zip="",
    address="",
    location_precision="town",
)
NPI = number(7)
WHERE = ("1 MADE UP ST STE 2", "ROCKVILLE", "MD", "208501234", "301-555-0111")


@pytest.fixture
def stand() -> Iterator[StandIn]:
    with stand_in([], {}) as made:
        made.stock.npi = [organization(NPI, "J EXAMPLE MD PC", *WHERE, "ALDER KETAMINE WELLNESS")]
        yield made


def looked(stand: StandIn, store: MemoryStore, *listings: Listing) -> Looked:
    source = Nppes(
        f"{stand.origin}{NPI_PATH}", lambda: polite(stand), "ketamine", questions,
        lambda: NpiReader(words(), TODAY),
    )  # fmt: skip
    return look(source, store, listings, TODAY, nobody)


def waiting(store: MemoryStore) -> dict[str, Proposal]:
    return {one.field: one for one in store.proposals() if one.decision is Decision.PENDING}


def test_a_name_alone_is_asked_and_its_npi_makes_the_next_look_sure(stand: StandIn) -> None:
    store = MemoryStore()
    looked(stand, store, LISTING)
    (asked,) = store.proposals()
    assert asked.field == SAME
    assert body_of(asked).reasons == (
        "it is also called “Alder Ketamine Wellness”",
        "the same town",
    )
    assert "also called Alder Ketamine Wellness, NPI" in body_of(asked).evidence
    say_same(store, asked, LISTING, "Ana")
    new = waiting(store)
    assert set(new) == {"phone", "address", "npi"}
    store.decide([one.key for one in new.values()], Decision.ACCEPTED)
    live = {LISTING["id"]: LISTING}
    changed = edits_of([one for one in store.proposals() if one.field != SAME], live, {}).changes[
        LISTING["id"]
    ]
    assert changed["npi"] == NPI
    assert "name" not in changed
    said = "address=npi@2026-08-05;phone=npi@2026-08-05;npi=npi@2026-08-05"
    assert changed["field_sources"] == said
    found = looked(stand, store, {**LISTING, **changed})
    assert f"number={NPI}" in stand.asked[-1]
    assert (found.matched, found.found) == (1, ())


def test_the_same_place_can_be_taken_back_with_what_came_of_it(stand: StandIn) -> None:
    store = MemoryStore()
    looked(stand, store, LISTING)
    (asked,) = store.proposals()
    say_same(store, asked, LISTING, "Ana")
    by_hand = [one.key for one in store.proposals() if one.field == "phone"]
    store.decide(by_hand, Decision.ACCEPTED, "Ana")
    (said,) = [one for one in store.proposals() if one.field == SAME]
    take_back(store, said, "Ana")
    assert set(waiting(store)) == {SAME}
    assert not [one for one in store.proposals() if one.decision is Decision.ACCEPTED]
    looked(stand, store, LISTING)
    assert set(waiting(store)) == {SAME}, "it is asked again, and nothing is taken for granted"


def test_another_case_or_spelling_of_the_street_is_no_proposal(stand: StandIn) -> None:
    store = MemoryStore()
    same = {**LISTING, "npi": NPI, "address": "1 Made Up Street, Suite 2", "zip": "20850",
            "phone": "(301) 555-0111"}  # fmt: skip
    assert looked(stand, store, same).found == ()


def test_out_of_service_is_a_note_to_call_at_once_and_never_closes(stand: StandIn) -> None:
    store = MemoryStore()
    looked(stand, store, {**LISTING, "npi": DEACTIVATED})
    (one,) = store.proposals()
    assert (one.field, is_shown(one)) == (GONE, True)
    assert body_of(one).cells == {"caveat": "Call first: its NPI is out of service."}


def test_what_the_registry_lacks_proposes_nothing_and_is_named(stand: StandIn) -> None:
    store = MemoryStore()
    found = looked(stand, store, {**LISTING, "npi": number(99)})
    assert store.proposals() == ()
    assert found.remarks == (
        "The registry does not have this NPI, which says nothing of the clinic (1): "
        "Alder Ketamine Wellness, Rockville.",
    )


def test_hostile_text_stays_text(stand: StandIn) -> None:
    hostile = "ALDER <SCRIPT>ALERT(1)</SCRIPT> [x](javascript:1) {{7*7}} \u202e"
    stand.stock.npi = [
        organization(NPI, hostile, hostile, "ROCKVILLE", "MD", hostile, hostile, hostile)
    ]
    store = MemoryStore()
    looked(stand, store, {**LISTING, "npi": NPI})
    (one,) = store.proposals()
    assert one.field == "address"
    assert body_of(one).cells["zip"] == ""
    assert len(body_of(one).evidence) <= 300

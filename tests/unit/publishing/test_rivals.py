"""Two sources on one field: side by side in the order of trust, and a keeper believes one."""

from __future__ import annotations

import pytest

from clinics.adapters.memory import MemoryStore
from clinics.domain.field_sources import FactSource
from clinics.domain.sources import Decision, Proposal
from clinics.publishing.proposals import about, body_of, edits_of
from clinics.publishing.rivals import (
    OTHER_BELIEVED,
    accept,
    differ,
    instead_of,
    side_by_side,
    take_back,
    undisputed,
)
from clinics.publishing.same_place import Candidate
from tests.made_up import made_up_clinic
from tests.sources import record

LISTING = made_up_clinic(1, zip="20850", city="Rockville", phone="", website="")
KNOWN = {
    id: FactSource(id, id, "", "", "", weight)
    for id, weight in {"site": 40, "npi": 20, "cms-g2083": 10}.items()
}
WHO = Candidate(LISTING["id"], ("a reason",), is_sure=True)
ONE, OTHER = "(301) 555-0101", "(301) 555-0102"


@pytest.fixture
def store() -> MemoryStore:
    kept = MemoryStore()
    said = (("cms-g2083", ONE), ("npi", OTHER), ("made-up", ONE), ("site", ONE))
    for source, phone in said:
        kept.propose([*about(source, record(LISTING, source, phone=phone), LISTING, WHO)])
    kept.propose([*about("npi", record(LISTING, website="https://a.example"), LISTING, WHO)])
    return kept


def of(store: MemoryStore, source: str, field: str = "phone") -> Proposal:
    return next(one for one in store.proposals(source) if one.field == field)


def state(store: MemoryStore) -> dict[str, Decision]:
    return {one.source: one.decision for one in store.proposals() if one.field == "phone"}


def test_all_that_is_said_of_one_field_is_one_row_the_most_trusted_first(
    store: MemoryStore,
) -> None:
    rows = {row[0].field: row for row in side_by_side(store.proposals(), KNOWN)}
    assert [one.source for one in rows["phone"]] == ["site", "npi", "cms-g2083", "made-up"]
    assert differ(rows["phone"])
    assert not differ(rows["website"])


def test_what_is_disputed_is_never_accepted_with_the_rest(store: MemoryStore) -> None:
    assert undisputed(store.proposals()) == [of(store, "npi", "website").key]
    assert set(undisputed(one for one in store.proposals() if one.source != "npi")) == {
        of(store, source).key for source in ("site", "made-up", "cms-g2083")
    }


def test_what_a_keeper_accepted_before_is_disputed_by_what_comes_later(store: MemoryStore) -> None:
    accepted = of(store, "site")
    late = [of(store, "npi"), of(store, "made-up"), of(store, "npi", "website")]
    agreed = [of(store, "made-up").key, of(store, "npi", "website").key]
    assert undisputed(late[:1], [accepted]) == []
    assert set(undisputed(late[1:], [accepted])) == set(agreed)
    assert instead_of(late[0], [accepted]) == accepted
    assert instead_of(late[1], [accepted]) is None


def test_believing_one_puts_the_others_aside_until_it_is_taken_back(store: MemoryStore) -> None:
    accept(store, [of(store, "npi").key], "Ana")
    aside = Decision.REJECTED
    assert state(store) == {
        "npi": Decision.ACCEPTED, "site": aside, "made-up": aside, "cms-g2083": aside,
    }  # fmt: skip
    assert of(store, "site").reason == OTHER_BELIEVED
    assert of(store, "npi", "website").decision is Decision.PENDING
    take_back(store, of(store, "npi").key, "Ana")
    assert set(state(store).values()) == {Decision.PENDING}


def test_who_says_the_same_is_settled_with_it(store: MemoryStore) -> None:
    accept(store, [of(store, "site").key], "Ana")
    assert state(store) == {
        "site": Decision.ACCEPTED, "npi": Decision.REJECTED, "made-up": Decision.DONE,
        "cms-g2083": Decision.DONE,
    }  # fmt: skip


def test_a_field_never_has_two_accepted_values(store: MemoryStore) -> None:
    accept(store, [of(store, "site").key], "Ana")
    store.propose([*about("late", record(LISTING, "l", phone="(301) 555-0103"), LISTING, WHO)])
    accept(store, [of(store, "late").key], "Ana")
    accepted = [one for one in store.proposals() if one.decision is Decision.ACCEPTED]
    assert [one.source for one in accepted] == ["late"]


def test_a_new_address_does_not_keep_the_position_of_the_old_one() -> None:
    listing = {**LISTING, "address": "1 Old Street", "location_precision": "zip"}
    place = {"latitude": "39.1", "longitude": "-77.1", "location_precision": "street"}
    store = MemoryStore()
    store.propose([*about("findtreatment", record(listing, "f", **place), listing, WHO)])
    store.propose([*about("site", record(listing, "s", address="9 New Road"), listing, WHO)])
    kept = store.proposals()
    assert {one.field for one in kept} == {"latitude", "address"}
    changes = edits_of(kept, {listing["id"]: listing}, {}).changes[listing["id"]]
    assert changes["address"] == "9 New Road"
    assert "latitude" not in changes
    assert body_of(kept[0]).date

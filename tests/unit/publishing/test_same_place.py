"""Which listing a record is of: by name and number or door together, else a keeper is asked."""

from __future__ import annotations

import csv
from dataclasses import replace

from clinics.domain.sources import Listing
from clinics.publishing.same_place import Match, match
from tests.folders import DATA
from tests.made_up import made_up_clinic
from tests.sources import record


def listing(number: int, **cells: str) -> dict[str, str]:
    return made_up_clinic(
        number,
        **{
            "name": f"{'ABCDEFGH'[number]}lder House", "address": f"{number} Made-up Street",
            "zip": "20912", "city": "Takoma Park", "state": "MD",
            "phone": f"(301) 555-010{number}", "website": "", "main_phone": "", **cells,
        },
    )  # fmt: skip


def one(listing_said: Listing, *listings: Listing, **cells: str) -> Match:
    return match([record(listing_said, **cells)], listings, {}, set())[0]


def sure_of(found: Match) -> str | None:
    return found.sure.clinic_id if found.sure else None


A, B = listing(0), listing(1)


def test_the_same_name_and_number_or_door_is_sure_and_says_why() -> None:
    found = one(A, A, B, address="77 Elsewhere Road").sure
    assert found is not None
    assert found.reasons == ("the same name", "the same telephone", "the same ZIP code")
    assert sure_of(one(A, A, B, phone="(301) 555-0199")) == A["id"]
    assert sure_of(one({**A, "name": A["name"].upper()}, A, B)) == A["id"]


def test_a_name_alone_is_asked() -> None:
    found = one(A, A, B, phone="", address="77 Elsewhere Road")
    assert found.sure is None
    assert [c.clinic_id for c in found.candidates] == [A["id"]]
    assert found.candidates[0].reasons == ("the same name", "the same ZIP code")


def test_a_number_or_a_door_alone_is_nothing_for_many_share_one() -> None:
    assert one({**A, "name": "Quite Another Practice"}, A, B).candidates == ()


def test_a_like_name_at_the_same_door_is_asked() -> None:
    found = one({**A, "name": "Alder House Program for Young People"}, A, B)
    assert found.sure is None
    assert "a like name, “Alder House Program for Young People”" in found.candidates[0].reasons


def test_a_name_as_registries_write_it_is_the_same_name() -> None:
    found = one({**A, "name": "THE ALDER HOUSE, LLC"}, A, B).sure
    assert found is not None
    assert found.reasons[0] == "the same name"


def test_another_name_of_a_place_counts_and_is_said() -> None:
    made = replace(record({**A, "name": "J Example MD PC"}), also=("ALDER HOUSE",))
    found = match([made], [A, B], {}, set())[0].sure
    assert found is not None
    assert found.reasons[0] == "it is also called “ALDER HOUSE”"


def test_a_like_name_in_the_same_town_is_asked_and_one_in_another_town_is_not() -> None:
    asked = {**A, "name": "Alder House Ketamine", "phone": "", "address": "", "zip": "20850"}
    found = one(asked, A, B)
    assert found.sure is None
    assert [c.clinic_id for c in found.candidates] == [A["id"]]
    assert found.candidates[0].reasons == ("a like name, “Alder House Ketamine”", "the same town")
    assert one({**asked, "city": "Laurel"}, A, B).candidates == ()


def test_people_at_a_door_are_asked_of_whoever_is_there_and_are_never_sure() -> None:
    people = replace(record({**A, "name": "John Example", "phone": ""}), of_people=True)
    found = match([people], [A, B], {}, set())[0]
    assert (found.sure, [c.clinic_id for c in found.candidates]) == (None, [A["id"]])
    named = replace(record(A), of_people=True)
    assert match([named], [A, B], {}, set())[0].sure is None


def test_another_state_is_another_place() -> None:
    assert one({**A, "state": "VA"}, A, B).candidates == ()


def test_namesakes_that_share_a_number_are_told_apart_by_the_door() -> None:
    twin = listing(2, name=A["name"], phone=A["phone"])
    assert sure_of(one(A, A, twin)) == A["id"]
    assert sure_of(one(twin, A, twin)) == twin["id"]
    nowhere = one(A, A, twin, address="")
    assert nowhere.sure is None
    assert len(nowhere.candidates) == 2


def test_two_records_of_one_listing_are_both_asked() -> None:
    found = match([record(A, "x"), record(A, "y")], [A, B], {}, set())
    assert [sure_of(m) for m in found] == [None, None]
    assert all(len(m.candidates) == 1 for m in found)


def test_a_listing_that_is_surely_of_one_record_is_asked_of_no_other() -> None:
    other = record({**A, "phone": "", "address": "77 Elsewhere Road"}, "other")
    found = match([record(A), other], [A, B], {}, set())
    assert sure_of(found[0]) == A["id"]
    assert found[1].candidates == ()


def test_what_a_keeper_said_counts_and_what_was_denied_is_not_asked_again() -> None:
    made = record({**A, "name": "A New Name"}, "r")
    assert sure_of(match([made], [A, B], {"r": A["id"]}, set())[0]) == A["id"]
    asked = record(A, "r", phone="", address="")
    assert match([asked], [A, B], {}, {("r", A["id"])})[0].candidates == ()


def test_each_of_our_federal_listings_is_found_and_none_is_taken_for_another() -> None:
    """22 of them have a namesake in their town, and 49 share a telephone."""
    with (DATA / "clinics.csv").open(encoding="utf-8-sig", newline="") as file:
        ours = [row for row in csv.DictReader(file) if row["category"] == "mental-health"]
    records = [record(row, row["id"], main_phone=row["main_phone"]) for row in ours]
    found = match(records, ours, {}, set())
    wrong = [m.record.id for m in found if m.sure and m.sure.clinic_id != m.record.id]
    assert wrong == []
    assert sum(bool(m.sure) for m in found) >= len(ours) - 4
    new_numbers = [record(row, row["id"], phone="(301) 555-0100") for row in ours]
    moved = [record(row, row["id"], address="77 Elsewhere Road") for row in ours]
    for disguised in (new_numbers, moved):
        found = match(disguised, ours, {}, set())
        assert not [m for m in found if m.sure and m.sure.clinic_id != m.record.id]

"""A file put into the live table: what it replaces, adds, and leaves as it is."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.domain.columns import NAMES
from clinics.domain.site import Edition
from clinics.intake.check import Checked
from clinics.intake.federal import from_federal, load_codes
from clinics.intake.notices import Report
from clinics.publishing.diff import FieldChange, compare
from clinics.publishing.merge import (
    ADD,
    REPLACE,
    kept_by_hand,
    merged,
    without_stale_sources,
)
from clinics.publishing.three_way import Kept
from tests.folders import DATA
from tests.made_up import Cells, made_up_clinic, made_up_clinics

(_FACILITY,) = from_federal([{}], load_codes(DATA), Edition("", "", "", category="mental-health"))
FILLED = tuple(_FACILITY or ())
"""The columns that the reader of the federal directory fills."""


def table_of(clinics: Sequence[Cells]) -> pd.DataFrame:
    return pd.DataFrame(list(clinics), columns=list(NAMES), dtype="str")


def checked_of(
    clinics: Sequence[Cells],
    layout: str = "own",
    states: Sequence[str] = ("MD",),
    columns: Sequence[str] = NAMES,
    left_out: Sequence[str] = (),
) -> Checked:
    return Checked(
        table_of(clinics),
        Report(len(clinics)),
        layout,
        frozenset(states),
        tuple(columns),
        frozenset(left_out),
    )


def hundred(**cells: str) -> list[dict[str, str]]:
    return [made_up_clinic(number, **cells) for number in range(100)]


# Putting a file into the live table


def test_replacing_leaves_only_what_the_file_has() -> None:
    live = table_of([made_up_clinic(1), made_up_clinic(2)])
    after = merged(live, checked_of([made_up_clinic(3), made_up_clinic(2)]), REPLACE)
    assert after["id"].tolist() == ["made-up-clinic-3", "made-up-clinic-2"]


def test_adding_keeps_what_the_file_has_not_and_the_order_that_is_live() -> None:
    live = table_of([made_up_clinic(1), made_up_clinic(2), made_up_clinic(3)])
    file = checked_of([made_up_clinic(9), made_up_clinic(2, notes="New")])
    after = merged(live, file, ADD)
    assert after["id"].tolist() == [f"made-up-clinic-{number}" for number in (1, 2, 3, 9)]
    assert after["notes"].tolist() == ["", "New", "", ""]


@settings(max_examples=25)
@given(made_up_clinics(), made_up_clinics(), st.integers(0, 12))
def test_adding_never_removes(
    live: list[dict[str, str]], file: list[dict[str, str]], skipped: int
) -> None:
    file = file[skipped:]
    after = merged(table_of(live), checked_of(file), ADD)
    assert after["id"].is_unique
    assert set(after["id"]) == {c["id"] for c in live} | {c["id"] for c in file}
    assert compare(table_of(live), after).gone == ()


def test_a_file_without_a_usable_row_changes_nothing() -> None:
    live = table_of([made_up_clinic(1)])
    for mode in (ADD, REPLACE):
        assert compare(live, merged(live, checked_of([]), mode)).is_empty


def test_a_live_listing_whose_row_cannot_be_used_stays_as_it_is() -> None:
    live = table_of([made_up_clinic(1), made_up_clinic(2), made_up_clinic(3)])
    file = checked_of([made_up_clinic(3), made_up_clinic(4)], left_out=["made-up-clinic-2", "new"])
    after = merged(live, file, REPLACE)
    assert after["id"].tolist() == ["made-up-clinic-2", "made-up-clinic-3", "made-up-clinic-4"]


def test_what_a_file_has_no_column_for_stays_as_it_is() -> None:
    live = table_of(
        [made_up_clinic(1, hours="Mon-Fri", phone="(301) 555-0100", notes="Ring twice")]
    )
    file = [made_up_clinic(1, phone="(301) 555-0199", source=""), made_up_clinic(2, source="")]
    silent = ("hours", "source", "source_url")
    columns = [name for name in NAMES if name not in silent]
    after = merged(live, checked_of(file, columns=columns), REPLACE)
    assert after["hours"].tolist() == ["Mon-Fri", ""]
    assert after["source"].tolist() == ["Made up for a test", ""]
    assert after["phone"].tolist() == ["(301) 555-0199", ""]
    assert after["notes"].tolist() == ["", ""]  # the column is there, and empty is an answer


WITHOUT_POSITION = [
    n for n in NAMES if n not in ("latitude", "longitude", "location_precision", "address")
]


def test_an_exact_position_stays_when_the_file_has_none_and_the_town_is_the_same() -> None:
    live = table_of([made_up_clinic(1, address="1 Made-up Street", zip="20912")])
    file = made_up_clinic(
        1, zip="20912", latitude="39.05", longitude="-77.05", location_precision="zip"
    )
    after = merged(live, checked_of([file], columns=WITHOUT_POSITION), REPLACE)
    assert compare(live, after).is_empty


def test_neither_street_nor_position_stays_when_the_clinic_is_in_another_town() -> None:
    live = table_of([made_up_clinic(1, address="1 Made-up Street", zip="20912")])
    file = made_up_clinic(
        1, zip="21201", latitude="39.29", longitude="-76.62", location_precision="zip"
    )
    after = merged(live, checked_of([file], columns=WITHOUT_POSITION), REPLACE)
    row = after.iloc[0]
    assert (row["address"], row["latitude"], row["location_precision"]) == ("", "39.29", "zip")


# The federal directory

SITE = "site@2026-11-20"


def federal(number: int, **cells: str) -> dict[str, str]:
    return made_up_clinic(number, **{"category": "mental-health", **cells})


def test_a_federal_file_replaces_its_category_in_its_states_and_nothing_else() -> None:
    live = table_of(
        [
            made_up_clinic(1),
            federal(2),
            federal(3, notes="Old"),
            federal(4, state="DC"),
            made_up_clinic(5),
        ]
    )
    file = checked_of([federal(6), federal(3, notes="New")], "federal", ["MD"], FILLED)
    after = merged(live, file, REPLACE)
    assert after["id"].tolist() == [f"made-up-clinic-{number}" for number in (1, 3, 4, 5, 6)]
    assert after["notes"].tolist() == ["", "New", "", "", ""]


def test_a_federal_file_that_only_adds_makes_nothing_disappear() -> None:
    live = table_of([made_up_clinic(1), federal(2), federal(3, notes="Old")])
    file = checked_of([federal(6), federal(3, notes="New")], "federal", ["MD"], FILLED)
    after = merged(live, file, ADD)
    assert after["id"].tolist() == [f"made-up-clinic-{number}" for number in (1, 2, 3, 6)]
    assert after["notes"].tolist() == ["", "", "New", ""]


def test_a_federal_file_leaves_a_place_alone_that_came_from_elsewhere() -> None:
    live = table_of([federal(1), federal(2, known_by="own-page")])
    after = merged(live, checked_of([federal(3)], "federal", ["MD"], FILLED), REPLACE)
    assert after["id"].tolist() == ["made-up-clinic-2", "made-up-clinic-3"]


def test_a_federal_file_leaves_who_said_a_single_field_alone() -> None:
    assert "field_sources" not in FILLED, "by what the reader fills, and by no list"
    live = table_of(
        [federal(1, phone="(301) 555-0101", field_sources=f"phone={SITE};hours={SITE}")]
    )
    file = federal(1, phone="(301) 555-0101")
    after = merged(live, checked_of([file], "federal", ["MD"], FILLED), REPLACE)
    assert after["field_sources"].tolist() == [f"phone={SITE};hours={SITE}"]
    other = checked_of([{**file, "phone": "(301) 555-0199"}], "federal", ["MD"], FILLED)
    after = without_stale_sources(live, merged(live, other, REPLACE))
    assert after["field_sources"].tolist() == [f"hours={SITE}"]


def test_a_federal_file_wipes_nothing_that_it_does_not_say() -> None:
    live = table_of([federal(1, hours="Mon-Fri", status="closed", zip="20912", notes="Old")])
    file = federal(
        1, zip="20912", latitude="39.3", longitude="-77.3", location_precision="zip", notes="New"
    )
    after = merged(live, checked_of([file], "federal", ["MD"], FILLED), REPLACE)
    (changed,) = compare(live, after).changed
    assert changed.fields == (FieldChange("notes", "Old", "New"),)


def test_a_federal_position_that_is_exact_is_used() -> None:
    live = table_of([federal(1, zip="20912")])
    file = federal(1, zip="20912", latitude="39.3", longitude="-77.3")
    after = merged(live, checked_of([file], "federal", ["MD"], FILLED), REPLACE)
    assert len(compare(live, after).moves) == 1


def test_a_federal_row_with_the_id_of_another_list_gets_an_id_of_its_own_each_time() -> None:
    live = table_of([made_up_clinic(1, hours="Mon-Fri")])
    file = checked_of([federal(1)], "federal", ["MD"], FILLED)
    after = merged(live, file, REPLACE)
    assert after["id"].tolist() == ["made-up-clinic-1", "made-up-clinic-1-mental-health"]
    assert after["hours"].tolist() == ["Mon-Fri", ""]
    assert compare(after, merged(after, file, REPLACE)).is_empty


def test_a_listing_whose_federal_row_cannot_be_used_stays_as_it_is() -> None:
    live = table_of([federal(1), federal(2), federal(3)])
    file = checked_of([federal(3)], "federal", ["MD"], FILLED, left_out=["made-up-clinic-1"])
    after = merged(live, file, REPLACE)
    assert after["id"].tolist() == ["made-up-clinic-1", "made-up-clinic-3"]


def test_every_live_listing_outside_a_federal_file_is_the_same_afterwards() -> None:
    live = table_of([*hundred()[:50], *(federal(number) for number in range(50, 100))])
    after = merged(live, checked_of([federal(200)], "federal", ["MD"], FILLED), REPLACE)
    outside = live[live["category"] == "ketamine"]
    assert after.head(50).equals(outside.reset_index(drop=True))
    assert after["id"].tolist()[50:] == ["made-up-clinic-200"]


def test_a_federal_refresh_keeps_what_a_keeper_confirmed_and_lists_it() -> None:
    ours = {"category": "mental-health", "last_checked": "2026-11-01", "phone": "(301) 555-0101"}
    theirs = {"category": "mental-health", "source_date": "2025-07"}
    live = table_of(
        [
            *(made_up_clinic(n, **ours, source_date="2024-07-03") for n in (1, 2)),
            federal(3, phone="(301) 555-0103"),
        ]
    )
    columns = [name for name in NAMES if name != "last_checked"]
    file = checked_of(
        [
            made_up_clinic(1, **theirs, phone=ours["phone"]),
            made_up_clinic(2, **theirs, phone="(301) 555-0199"),
            made_up_clinic(3, **theirs, phone="(301) 555-0198"),
        ],
        "federal",
        columns=columns,
    )
    table = merged(live, file, REPLACE)
    assert list(table["source_date"]) == ["2025-07", "2024-07-03", "2025-07"]
    assert list(table["last_checked"]) == ["2026-11-01", "2026-11-01", ""]
    assert list(table["phone"]) == ["(301) 555-0101", "(301) 555-0101", "(301) 555-0198"]
    assert kept_by_hand(live, file) == (
        Kept("made-up-clinic-2", "Made-up Clinic 2", "phone", "(301) 555-0199", ours["phone"]),
    )
    assert merged(table, file, REPLACE).equals(table), "the same edition again"


def test_the_same_edition_without_its_date_changes_nothing() -> None:
    live = table_of([federal(1, source_date="2026-03", phone="(301) 555-0103")])
    file = checked_of([federal(1, phone="(301) 555-0103")], "federal")
    assert merged(live, file, REPLACE).equals(live)

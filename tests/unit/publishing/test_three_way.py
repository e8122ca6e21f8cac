"""A file made from an older version: only what it changed counts, and conflicts are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.columns import NAMES
from clinics.publishing.three_way import (
    FILE,
    GONE,
    LISTING,
    LIVE,
    Choices,
    Combined,
    Conflict,
    Kept,
    combined,
    version_in_name,
)
from tests.made_up import Cells, made_up_clinic

ONE = "made-up-clinic-1"


def table_of(clinics: Sequence[Cells]) -> pd.DataFrame:
    return pd.DataFrame(list(clinics), columns=list(NAMES), dtype="str")


def three(
    base: Cells | None, live: Cells | None, file: Cells | None, choices: Choices | None = None
) -> Combined:
    """Combine one listing, whose cells are given as they differ; None is one that is not there."""
    tables = [
        table_of([] if cells is None else [made_up_clinic(1, **cells)])
        for cells in (base, live, file)
    ]
    return combined(*tables, choices)


def cells(found: Combined) -> Mapping[str, str]:
    (row,) = found.table.to_dict("records")
    return {str(name): cell for name, cell in row.items()}


@pytest.mark.parametrize(
    ("filename", "version"),
    [
        ("clinics-v12.csv", 12),
        ("clinics-version-3 (1).csv", 3),
        ("Copy of Clinics-V7 - Ana.xlsx", 7),
        ("clinics.csv", None),
        ("clinics-v2026-list.csv", 2026),
        ("clinics-empty.csv", None),
    ],
)
def test_the_name_of_a_download_says_its_version(filename: str, version: int | None) -> None:
    assert version_in_name(filename) == version


def test_what_the_file_changed_counts_and_what_others_changed_stays() -> None:
    found = three({"hours": "9-5", "phone": "1"}, {"hours": "9-5", "phone": "2"},
                  {"hours": "8-4", "phone": "1"})  # fmt: skip
    assert (cells(found)["hours"], cells(found)["phone"]) == ("8-4", "2")
    assert found.conflicts == ()
    assert found.kept == (Kept(ONE, "Made-up Clinic 1", "phone", "1", "2"),)


@pytest.mark.parametrize(("choice", "hours"), [("", "7-3"), (LIVE, "7-3"), (FILE, "8-4")])
def test_what_both_changed_is_chosen_cell_by_cell(choice: str, hours: str) -> None:
    states = {"hours": "9-5"}, {"hours": "7-3"}, {"hours": "8-4", "notes": "x"}
    by_cell = three(*states, Choices({(ONE, "hours"): choice} if choice else {}))
    for found in (by_cell, three(*states, Choices(otherwise=choice))):
        assert (cells(found)["hours"], cells(found)["notes"]) == (hours, "x")
        assert found.conflicts == (
            Conflict(ONE, "Made-up Clinic 1", "hours", "9-5", "7-3", "8-4", choice),
        )


def test_the_same_change_by_both_is_none() -> None:
    found = three({"hours": "9-5"}, {"hours": "8-4"}, {"hours": "8-4"})
    assert (cells(found)["hours"], found.conflicts, found.kept) == ("8-4", (), ())


def test_a_position_is_taken_whole() -> None:
    found = three({}, {"latitude": "39.5"}, {"longitude": "-77.5"})
    assert [c.column for c in found.conflicts] == ["latitude"]
    assert (cells(found)["latitude"], cells(found)["longitude"]) == ("39.5", "-77")
    found = three({}, {"latitude": "39.5"}, {"longitude": "-77.5"}, Choices(otherwise=FILE))
    assert (cells(found)["latitude"], cells(found)["longitude"]) == ("39", "-77.5")


def test_a_listing_that_others_added_stays_and_one_that_they_took_out_stays_out() -> None:
    assert len(three(None, {}, None).table) == 1
    assert len(three({}, None, {}).table) == 0
    assert len(three(None, None, {}).table) == 1
    assert len(three({}, {}, None).table) == 0


@pytest.mark.parametrize(("choice", "number"), [("", 1), (LIVE, 1), (FILE, 0)])
def test_to_take_out_what_others_changed_is_chosen(choice: str, number: int) -> None:
    found = three({}, {"hours": "9-5"}, None, Choices({(ONE, LISTING): choice}))
    assert len(found.table) == number
    (conflict,) = found.conflicts
    assert (conflict.live, conflict.file) == ("hours: 9-5", GONE)


@pytest.mark.parametrize(("choice", "number"), [("", 0), (LIVE, 0), (FILE, 1)])
def test_to_change_what_others_took_out_is_chosen(choice: str, number: int) -> None:
    found = three({}, None, {"hours": "9-5"}, Choices({(ONE, LISTING): choice}))
    assert len(found.table) == number
    assert found.conflicts[0].live == GONE


@st.composite
def directories(draw: st.DrawFn) -> pd.DataFrame:
    numbers = draw(st.lists(st.integers(0, 4), unique=True))
    return table_of([
        made_up_clinic(n, hours=draw(st.sampled_from("abc")), latitude=draw(st.sampled_from("12")))
        for n in numbers
    ])  # fmt: skip


def by_id(table: pd.DataFrame) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in table.to_dict("records")}


@given(directories(), directories(), directories())
def test_nobody_undoes_what_another_did(
    base: pd.DataFrame, live: pd.DataFrame, file: pd.DataFrame
) -> None:
    was, now, new = by_id(base), by_id(live), by_id(file)
    found = combined(base, live, file)
    after, open_ones = by_id(found.table), {(c.id, c.column) for c in found.conflicts}
    assert by_id(combined(base, base, file).table) == new
    assert by_id(combined(base, live, base).table) == now
    assert found.table["id"].is_unique
    for id in {*was, *now, *new}:
        for column in ("hours", "latitude"):
            old, theirs, mine, out = (
                rows[id][column] if id in rows else None for rows in (was, now, new, after)
            )
            if open_ones & {(id, column), (id, LISTING)}:
                assert out == theirs, "until it is chosen"
            elif mine != old and theirs == old and id in now and id in new:
                assert out == mine
            elif mine == old and id in now and id in new:
                assert out == theirs

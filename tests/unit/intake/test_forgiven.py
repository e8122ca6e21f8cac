"""What a person would understand is read so and said; what could be two things is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd
import pytest

from clinics.directory import Directory
from clinics.domain.columns import NAMES
from clinics.intake.check import Checked, check
from clinics.intake.days import settled
from clinics.intake.forgiven import NOTHING, position_pair, whole_address
from tests.made_up import made_up_clinic, made_up_csv, made_up_rules

TODAY = dt.date(2026, 11, 22)


def read(directory: Directory, live: pd.DataFrame | None = None, **cells: str) -> Checked:
    data = made_up_csv([made_up_clinic(1, **cells)])
    return check(data, made_up_rules(directory), live=live)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("38,98", "-77,0007"),
        ("38.98, -77.0007", ""),
        ("38.98° N", "77.0007° W"),
        ("", "(38.98, -77.0007)"),
    ],
)
def test_positions_as_people_copy_them_are_read(
    directory: Directory, latitude: str, longitude: str
) -> None:
    checked = read(directory, latitude=latitude, longitude=longitude)
    assert list(checked.table["latitude"] + " " + checked.table["longitude"]) == ["38.98 -77.0007"]


def live_of(id: str, **cells: str) -> pd.DataFrame:
    return pd.DataFrame([{**dict.fromkeys(NAMES, ""), "id": id, **cells}], dtype="str")


@pytest.mark.parametrize(
    ("column", "there", "written"),
    [
        ("last_checked", "2026-03-07", "7/3/2026"),
        ("last_checked", "2026-07-03", "7/3/2026"),
        ("source_date", "2024-07", "24-Jul"),
        ("source_date", "2024-07", "Jul-24"),
        ("source_date", "2024-07", "2024-07-01"),
        ("source_date", "2024-07", "7/1/2024"),
        ("source_date", "2024", "1/1/2024"),
    ],
)
def test_the_live_value_settles_which_day_is_meant(
    directory: Directory, column: str, there: str, written: str
) -> None:
    row = made_up_clinic(1, **{column: written})
    live = live_of(row["id"], **{column: there})
    checked = check(made_up_csv([row]), made_up_rules(directory), live=live)
    assert list(checked.table[column]) == [there]
    assert checked.report.publishable


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["3/14/2026", "7/3/2026"], {0: "2026-03-14", 1: "2026-07-03"}),
        (["14/3/2026", "7/3/2026"], {0: "2026-03-14", 1: "2026-03-07"}),
        (["14/3/2026", "3/15/2026", "7/3/2026"], {0: "2026-03-14", 1: "2026-03-15"}),
        (["5/5/2026"], {0: "2026-05-05"}),
        (["2026-03-14"], {}),
        (["", "soon"], {}),
    ],
)
def test_the_other_days_of_a_column_settle_the_order(
    cells: list[str], days: Mapping[int, str]
) -> None:
    assert settled(cells, [""] * len(cells), TODAY, months=False) == days


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("1 Made-up Street, Takoma Park, MD 20912", ("1 Made-up Street", "Takoma Park", "MD")),
        ("1 Made-up St, Suite 5, Takoma Park, Maryland 20912-1234, USA",
         ("1 Made-up St, Suite 5", "Takoma Park", "MD")),
        ("1 Made-up Street\nTakoma Park, MD 20912", ("1 Made-up Street", "Takoma Park", "MD")),
        ("Takoma Park, MD 20912", ("", "Takoma Park", "MD")),
    ],
)  # fmt: skip
def test_a_whole_address_is_taken_apart(cell: str, parts: tuple[str, str, str]) -> None:
    assert whole_address(cell) == (*parts, "20912")


@pytest.mark.parametrize("cell", ["1 Made-up Street, Suite 5", "1 Street, Town, XX 20912", "", ","])
def test_what_is_no_whole_address_is_left(cell: str) -> None:
    assert whole_address(cell) is None


def test_a_pair_of_degrees_is_two_numbers_with_points() -> None:
    assert position_pair("39.29, -76.62") == ("39.29", "-76.62")
    assert position_pair("39.29") is None
    assert position_pair("38,98") is None


@pytest.mark.parametrize("cell", ["no", "0", "Nanjing", "N", "None of these", "closed"])
def test_words_that_say_something_are_kept(cell: str) -> None:
    assert cell not in NOTHING

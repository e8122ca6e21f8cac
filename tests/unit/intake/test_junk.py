"""What spreadsheets and hurried hands leave in cells is noticed, and what is usual is not."""

from __future__ import annotations

import pytest

from clinics.directory import Directory
from clinics.intake.check import Checked, check
from tests.folders import DATA
from tests.made_up import made_up_clinic, made_up_csv, made_up_rules

HEADER = "name,city,state,zip,source,address,notes"


def read(data: bytes, directory: Directory) -> Checked:
    return check(data, made_up_rules(directory))


def codes(directory: Directory, **cells: str) -> list[tuple[str, str | None]]:
    clinic = made_up_clinic(1, **{
        "city": "Takoma Park", "zip": "20912", "latitude": "38.98", "longitude": "-77.01", **cells
    })  # fmt: skip
    notices = read(made_up_csv([clinic]), directory).report.notices
    return [(n.code, n.column) for n in notices]


def test_a_town_is_one_however_it_is_written(directory: Directory) -> None:
    towns = ("TAKOMA PARK", "takoma park", "Takoma Park")
    rows = [
        made_up_clinic(n, name=f"{'ABC'[n] * 4} Clinic", city=town, zip="20912")
        for n, town in enumerate(towns)
    ]
    assert set(read(made_up_csv(rows), directory).table["city"]) == {"Takoma Park"}


@pytest.mark.parametrize(
    ("lat", "lon", "cells", "rough"),
    [
        ("39", "-77", {"location_precision": ""}, True),
        ("39.0", "-77.1", {"location_precision": ""}, True),
        ("39", "-77", {"address": "1 Made-up Street"}, True),
        ("39", "-77", {"location_precision": "town"}, False),
        ("39.0312", "-77", {"location_precision": ""}, False),
    ],
)
def test_a_position_of_whole_degrees_is_no_street_address(
    directory: Directory, lat: str, lon: str, cells: dict[str, str], rough: bool
) -> None:
    found = codes(directory, latitude=lat, longitude=lon, **cells)
    assert (("position_rough", "latitude") in found) is rough


@pytest.mark.parametrize("lon", ["-282", "181", "-1e9", "inf"])
def test_a_longitude_off_the_globe_without_a_zip_is_said_and_raises_nothing(
    directory: Directory, lon: str
) -> None:
    found = codes(directory, zip="", longitude=lon)
    assert ("coordinate_malformed", "longitude") in found


def test_a_row_that_an_unquoted_comma_moved_is_not_used(directory: Directory) -> None:
    row = "Made-up Birch Clinic,Takoma Park,MD,20912,made up,1 Made-up Street, Suite 5,"
    found = read(f"{HEADER}\n{row}\n".encode(), directory)
    (said,) = [n.message for n in found.report.notices if n.code == "row_shifted"]
    assert "It needs “1 Made-up Street, Suite 5” in one cell." in said
    assert found.table.empty


@pytest.mark.parametrize(
    "row",
    [
        "Made-up Clinic, Takoma Park, MD, 20912, made up, 1 Made-up Street, x,",
        "Made-up Clinic,Takoma Park,MD,20912,made up,1 Made-up Street,x,,",
        '"Made-up Clinic, Inc.",Takoma Park,MD,20912,made up,1 Made-up Street,x',
        "Made-up Clinic,Takoma Park,MD,20912,made up,1 Made-up Street, x",
    ],
)
def test_empty_cells_at_the_end_or_blanks_after_commas_are_fine(
    directory: Directory, row: str
) -> None:
    assert not read(f"{HEADER}\n{row}\n".encode(), directory).table.empty


@pytest.mark.parametrize(
    ("cell", "status", "says"),
    [("Yes", "", True), ("x", "open", True), ("Yes", "closed", False), ("no", "", False)],
)
def test_a_column_closed_is_held_against_the_status(
    directory: Directory, cell: str, status: str, says: bool
) -> None:
    data = f"name,city,state,zip,source,Closed,status\nA,Takoma Park,MD,20912,b,{cell},{status}\n"
    assert ("closed_elsewhere" in read(data.encode(), directory).report.totals) is says


def test_the_shipped_directory_has_no_junk(directory: Directory) -> None:
    totals = read((DATA / "clinics.csv").read_bytes(), directory).report.totals
    junk = {
        "cell_spreadsheet_error", "hours_as_date", "name_says_closed", "cell_damaged_letters",
        "zip_town_disagree", "position_rough", "row_shifted",
    }  # fmt: skip
    assert junk.isdisjoint(totals)

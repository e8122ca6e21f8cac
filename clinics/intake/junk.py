"""What a spreadsheet or a hurried hand leaves in cells: none of it is wrong by its form alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from clinics.domain.kinds import YES_NO
from clinics.domain.model import Point
from clinics.intake.cells import TEXTS, Grid, say_read_as
from clinics.intake.column_names import folded
from clinics.intake.csv_file import Sheet
from clinics.intake.notices import Findings
from clinics.places.distance import miles_from
from clinics.places.gazetteer import Gazetteer
from clinics.places.zips import zip_table

FAR_TOWN_MILES = 15.0
"""Farther from the center of its ZIP a town is another one; post offices name their neighbors."""

ROUGH_DIGITS = 1
"""A position with at most so many decimals is exact to miles only, and no street address."""

_ERROR = re.compile(
    r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA|ERROR!)|#{4,}",
    re.IGNORECASE,
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = re.compile(
    rf"\d{{1,2}}[- ](?:{_MONTHS})[a-z]*(?:[- ]\d{{2,4}})?|(?:{_MONTHS})[a-z]*[- ]\d{{1,4}}"
    r"|\d{4}-\d\d-\d\d(?:[ T]00:00(?::00)?)?|\d{1,2}/\d{1,2}/\d{2,4}|\d{5}(?:\.0)?",
    re.IGNORECASE,
)
"""What 9-5 becomes when a spreadsheet takes it for a day."""

_MARKED = re.compile(
    r"\b(?:CLOSED|DUPLICATE|DUPE|DELETE(?:D)?|DO NOT USE|OLD ENTRY)\b"
    r"|[(\[*]\s*(?:closed|duplicate|moved|delete)|(?:closed|duplicate)\W*$|permanently closed"
)
_MARKED_IN_CAPITALS = re.compile(r"\b(?:CLOSED|DUPLICATE)\W*$")
_CLOSED = frozenset({"closed", "is_closed", "permanently_closed", "closed_permanently"})


def check_junk(grid: Grid, gazetteer: Gazetteer, findings: Findings) -> None:
    """Report it; a town in capitals or small letters is written as the map writes it."""
    for column in TEXTS:
        _say(grid, column, _ERROR, "cell_spreadsheet_error", findings)
    _say(grid, "hours", _DATE, "hours_as_date", findings)
    _say_marked_names(grid, findings)
    _spell_towns(grid, gazetteer, findings)
    _say_other_towns(grid, gazetteer, findings)


def _say(grid: Grid, column: str, sign: re.Pattern[str], code: str, findings: Findings) -> None:
    cells = grid.cells[column]
    bad = {cell for cell in set(cells) if sign.fullmatch(cell)}
    if bad:
        for row, cell in zip(grid.numbers, cells, strict=True):
            if cell in bad:
                findings.add(code, row, column, cell)


def _say_marked_names(grid: Grid, findings: Findings) -> None:
    rows = zip(grid.numbers, grid.cells["name"], grid.cells["status"], strict=True)
    for row, name, status in rows:
        sign = _MARKED_IN_CAPITALS if name.isupper() else _MARKED
        if status != "closed" and sign.search(name):
            findings.add("name_says_closed", row, "name", name)


def _spell_towns(grid: Grid, gazetteer: Gazetteer, findings: Findings) -> None:
    @cache
    def spelled(city: str, state: str) -> str:
        towns = gazetteer.towns_named(city, state) if len(city) > 2 else ()
        names = {town.param.rpartition(", ")[0] for town in towns}
        return next((name for name in names if name.casefold() == city.casefold()), city)

    cities = []
    for row, city, state in zip(grid.numbers, grid.cells["city"], grid.cells["state"], strict=True):
        name = spelled(city, state) if city.isupper() or city.islower() else city
        if name != city:
            say_read_as(row, "city", city, name, findings)
        cities.append(name)
    grid.cells["city"] = cities


def _say_rough_positions(grid: Grid, findings: Findings) -> None:
    """Report positions of whole degrees or tenths that are said to be a street address."""
    names = ("latitude", "longitude", "location_precision", "address")
    columns = (grid.cells[name] for name in names)
    for row, lat, lon, precision, address in zip(grid.numbers, *columns, strict=True):
        if lat and lon and (not precision or (precision == "street" and address)):
            digits = max(len(cell.partition(".")[2]) for cell in (lat, lon))
            if digits <= ROUGH_DIGITS and _float(lat) and _float(lon):
                findings.add("position_rough", row, "latitude", f"{lat}, {lon}")


def _float(cell: str) -> float:
    """Return the number of a cell, 0 where it is none."""
    try:
        return float(cell)
    except ValueError:
        return 0.0


def _say_other_towns(grid: Grid, gazetteer: Gazetteer, findings: Findings) -> None:
    @cache
    def other(code: str, city: str, state: str) -> str:
        row = zip_table().rows.get(code)
        if row is None or row.state != state or row.city.casefold() == city.casefold():
            return ""
        towns = gazetteer.towns_named(city, state)
        lat, lon = (np.array([getattr(t.point, name) for t in towns]) for name in ("lat", "lon"))
        near = (miles_from(Point(row.lat, row.lon), lat, lon) <= FAR_TOWN_MILES).any()
        return "" if near or not towns else row.city

    columns = (grid.cells[name] for name in ("zip", "city", "state"))
    for row, code, city, state in zip(grid.numbers, *columns, strict=True):
        if len(code) == 5 and (town := other(code, city, state)):
            findings.add("zip_town_disagree", row, "city", city, f"{town}, the town of ZIP {code}")


def check_what_was_typed(sheet: Sheet, grid: Grid, findings: Findings) -> None:
    """Report rough positions, and listings that only a column of another name calls closed."""
    _say_rough_positions(grid, findings)
    for name, cells in zip(sheet.header, sheet.columns, strict=True):
        if folded(name) in _CLOSED:
            _say_closed(name, cells, grid, findings)


def _say_closed(name: str, cells: Sequence[str], grid: Grid, findings: Findings) -> None:
    for row, cell, status in zip(grid.numbers, cells, grid.cells["status"], strict=True):
        said = cell.casefold()
        if status != "closed" and (YES_NO.get(said) or said in ("x", "1", "closed")):
            findings.add("closed_elsewhere", row, "status", cell, name)

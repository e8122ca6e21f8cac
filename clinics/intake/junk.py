"""What a spreadsheet or a hurried hand leaves in cells: none of it is wrong by its form alone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from difflib import get_close_matches
from functools import cache

from clinics.domain.kinds import YES_NO
from clinics.domain.model import Point
from clinics.intake.cells import TEXTS, Grid, say_read_as
from clinics.intake.column_names import folded
from clinics.intake.csv_file import Sheet
from clinics.intake.notices import Findings
from clinics.places.distance import sphere_miles
from clinics.places.gazetteer import Gazetteer
from clinics.places.reach import USUAL_MILES, zip_reach
from clinics.places.zips import fold, written, zip_table

ROUGH_DIGITS = 1
"""A position with at most so many decimals is exact to miles only, and no street address."""

_ERROR = re.compile(
    r"#(?:N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA|ERROR!)|#{4,}",
    re.IGNORECASE,
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = re.compile(
    rf"\d{{1,2}}[- ](?:{_MONTHS})[a-z]*(?:[- ]\d{{2,4}})?|(?:{_MONTHS})[a-z]*[- ]\d{{1,4}}"
    r"|\d{4}-\d\d-\d\d(?:[ T][\d:.]+)?|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,5}(?:\.\d+)?"
    r"|\w{3} \w{3} \d\d \d{4} \d\d:.*",
    re.IGNORECASE,
)
"""What 9-5 becomes when a spreadsheet takes it for a day."""

_POINTS = re.compile(
    r"[\"'“”〃]{1,2}|ditto|idem|(?:the )?same(?: as (?:above|below|previous))?|(?:see|as) above",
    re.IGNORECASE,
)
_LONGEST_JUNK = 30
_NO_NAMES = frozenset("true false yes no test x xx xxx name clinic total".split())
_LONGEST_NO_NAME = max(map(len, _NO_NAMES)) + 1
_USUAL_PRICES = 10, 10_000
_LIKE_A_TOWN = 0.85

_MARKED = re.compile(
    r"\b(?:CLOSED|DUPLICATE|DUPE|DELETE(?:D)?|DO NOT USE|OLD ENTRY)\b"
    r"|[(\[*]\s*(?:closed|duplicate|moved|delete)|(?:closed|duplicate)\W*$|permanently closed"
)
_MARKED_IN_CAPITALS = re.compile(r"\b(?:CLOSED|DUPLICATE)\W*$")
_CLOSED = frozenset({"closed", "is_closed", "permanently_closed", "closed_permanently"})


def check_junk(grid: Grid, gazetteer: Gazetteer, findings: Findings) -> None:
    """Report it; a town in capitals or small letters is written as the map writes it."""
    for column in TEXTS:
        short = {cell for cell in set(grid.cells[column]) if 0 < len(cell) <= _LONGEST_JUNK}
        _say(grid, column, _ERROR.fullmatch, "cell_spreadsheet_error", findings, short)
        _say(grid, column, _POINTS.fullmatch, "cell_points_elsewhere", findings, short)
    _say(grid, "hours", _DATE.fullmatch, "hours_as_date", findings)
    _say(grid, "name", _is_no_name, "name_is_no_name", findings)
    _say(grid, "price_per_session_usd", _is_unusual, "price_unusual", findings)
    _say_marked_names(grid, findings)
    _spell_towns(grid, gazetteer, findings)
    _say_other_towns(grid, gazetteer, findings)


def _is_no_name(cell: str) -> bool:
    if not cell or (len(cell) > _LONGEST_NO_NAME and cell[0].isalpha()):
        return False
    plain = cell.casefold().strip(":")
    return plain in _NO_NAMES or not any(map(str.isalpha, cell))


def _is_unusual(cell: str) -> bool:
    least, most = _USUAL_PRICES
    return cell != "" and (price := _float(cell)) > 0 and not least <= price <= most


def _say(
    grid: Grid,
    column: str,
    is_bad: Callable[[str], object],
    code: str,
    findings: Findings,
    among: Collection[str] | None = None,
) -> None:
    """Report the bad ones of a column, or of the cells of it that it may be `among`."""
    cells = grid.cells[column]
    bad = {cell for cell in (set(cells) if among is None else among) if is_bad(cell)}
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
    """Hold each town against its ZIP; without one against the position, and the towns there are."""
    points = _points_of_towns(gazetteer)

    @cache
    def other(code: str, city: str, state: str) -> str:
        row = zip_table().rows.get(code)
        if not city or row is None or row.state != state:
            return ""
        if row.city.casefold() == city.casefold() or fold(row.city) == fold(city):
            return ""
        towns = points(city, state) or points(city, None)
        # Farther than that a town is another one; post offices name their neighbors.
        is_near = _miles_to_any(Point(row.lat, row.lon), towns) <= zip_reach(code)
        return "" if is_near else written(row.city)

    columns = (grid.cells[name] for name in ("zip", "city", "state"))
    for place, (code, city, state) in enumerate(zip(*columns, strict=True)):
        if len(code) != 5:
            _say_town_alone(grid, place, points(city, state), findings)
        elif town := other(code, city, state):
            needs = f"{town}, the town of ZIP {code}"
            findings.add("zip_town_disagree", grid.numbers[place], "city", city, needs)


def _points_of_towns(gazetteer: Gazetteer) -> Callable[[str, str | None], tuple[Point, ...]]:
    @cache
    def points(city: str, state: str | None) -> tuple[Point, ...]:
        return tuple(town.point for town in gazetteer.towns_named(city, state))

    return points


def _miles_to_any(here: Point, towns: Sequence[Point]) -> float:
    return min((sphere_miles(here, town) for town in towns), default=math.inf)


def _say_town_alone(grid: Grid, place: int, towns: Sequence[Point], findings: Findings) -> None:
    names = ("city", "state", "latitude", "longitude")
    city, state, *degrees = (grid.cells[name][place] for name in names)
    lat, lon = map(_float, degrees)
    if not towns and (like := _town_like(city, state)):
        findings.add("town_unknown", grid.numbers[place], "city", city, like)
    elif towns and lat and lon and abs(lat) <= 90 and abs(lon) <= 180:
        miles = _miles_to_any(Point(lat, lon), towns)
        if miles > USUAL_MILES:
            findings.add("far_from_town", grid.numbers[place], "city", f"{miles:.0f} miles", city)


@cache
def _town_like(city: str, state: str) -> str:
    here = [key for key, states in zip_table().cities.items() if state in states]
    like = get_close_matches(fold(city)[:40], here, n=1, cutoff=_LIKE_A_TOWN)
    return written(zip_table().cities[like[0]][state][0]) if like else ""


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

"""Where rows are: every row gets one usable position, and odd ones are said.

Owns the checks of coordinates, ZIP and area; must not know of other columns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from clinics.domain.columns import BY_NAME
from clinics.domain.model import Point, Precision, Town
from clinics.domain.site import ServiceArea
from clinics.intake.cells import Grid
from clinics.intake.notices import Findings
from clinics.intake.rules import Rules
from clinics.intake.texts import Mask
from clinics.places.gazetteer import (
    STATES,
    Gazetteer,
    ZipRow,
    in_country,
    in_united_states,
    zip_table,
)
from clinics.places.index import Floats

PlaceRow = Callable[[str, str, str], tuple[Point, Precision] | None]
"""(zip, city, state) -> the center of the ZIP, else of the town, else None."""

FAR_MILES = 15.0
"""Farther from the center of its ZIP than the largest ZIP of Maryland reaches (Garrett County)."""

_EARTH_MILES = 3958.8
"""Mean radius; distances by it are within 0.6% of the geodesic, enough for "about 40 miles"."""

_CHUNK = 10_000
_WRITTEN = ("latitude", "longitude", "location_precision")


def row_placer(gazetteer: Gazetteer) -> PlaceRow:
    """Return the rule that places a row without coordinates: its ZIP's center, else its town's."""

    def place_row(zip_code: str, city: str, state: str) -> tuple[Point, Precision] | None:
        by_zip = gazetteer.zip(zip_code) if zip_code else None
        if by_zip:
            return by_zip.point, Precision.ZIP
        towns = gazetteer.towns_named(city, state)
        return (towns[0].point, Precision.TOWN) if len(towns) == 1 else None

    return place_row


def check_positions(grid: Grid, rules: Rules, findings: Findings) -> None:
    """Hold every row to one usable position; a row without coordinates gets its ZIP's or town's."""
    cells = grid.cells
    given = cells["latitude"].filled | cells["longitude"].filled
    lat, lon, plain = _read(grid)
    at = _Positions(lat, lon)
    placed: dict[tuple[str, str, str], tuple[Point, Precision] | None] = {}
    place_row = row_placer(rules.gazetteer)
    exact = plain.copy()
    for row in np.flatnonzero(~plain).tolist():
        if not given[row]:
            _place(grid, row, placed, place_row, at, findings)
        else:
            exact[row] = _take_given(grid, row, at, findings)
    exact &= ~cells["location_precision"].filled
    at.write(grid)
    street = Precision.STREET.value
    cells["location_precision"] = cells["location_precision"].filled_with(street, exact)
    zips = [zip_table().rows.get(code) for code in cells["zip"].words.tolist()]
    _check_zips(grid, zips, findings)
    _check_distance_to_zip(grid, zips, lat, lon, given, findings)
    if rules.site.service_area:
        _check_area(grid, lat, lon, rules.site.service_area, rules.towns, findings)


class _Positions:
    """The positions of all rows in degrees, and the cells of those that got theirs here."""

    def __init__(self, lat: Floats, lon: Floats) -> None:
        self.lat, self.lon = lat, lon
        self._rows: list[int] = []
        self._found: list[tuple[str, str, str]] = []

    def give(self, row: int, point: Point, precision: Precision) -> None:
        """Give a row a position that it does not state."""
        self.lat[row], self.lon[row] = point.lat, point.lon
        self._rows.append(row)
        self._found.append((f"{point.lat:.4f}", f"{point.lon:.4f}", precision.value))

    def write(self, grid: Grid) -> None:
        """Write the positions that were given into the cells."""
        rows = np.array(self._rows, dtype=np.int64)
        columns = zip(*self._found, strict=True)
        for name, cells in zip(_WRITTEN, columns, strict=False):
            grid.cells[name] = grid.cells[name].written(rows, cells)


def _read(grid: Grid) -> tuple[Floats, Floats, Mask]:
    """Return the degrees of the rows that state a position in the country plainly, and which."""
    names = ("latitude", "longitude")
    columns = [grid.cells[name] for name in names]
    plains = [plain for plain in (BY_NAME[name].kind.plain for name in names) if plain]
    looks = [column.like(plain.pattern) for column, plain in zip(columns, plains, strict=True)]
    both = looks[0] & looks[1]
    lat, lon = (column.numbers(both) for column in columns)
    inside = in_country(lat, lon)
    lat[~inside] = lon[~inside] = math.nan
    return lat, lon, inside


def _take_given(grid: Grid, i: int, at: _Positions, findings: Findings) -> bool:
    """Take the coordinates of a row if they can be; tell whether they are a point at all."""
    number, cells = grid.number(i), grid.cells
    if not (cells["latitude"][i] and cells["longitude"][i]):
        findings.add("coordinates_half", number)
        return False
    try:
        point = Point(float(cells["latitude"][i]), float(cells["longitude"][i]))
    except ValueError:
        return False  # already reported as coordinate_malformed
    if point.lat == 0 and point.lon == 0:
        findings.add("coordinates_zero", number)
        return True
    if not in_united_states(point):
        code, better = _mended(point)
        if better:
            needs = _said(better)
            findings.add(code, number, None, _said(point), needs, f"Write {needs}.")
            return True
    at.lat[i], at.lon[i] = point.lat, point.lon
    return True


def _mended(point: Point) -> tuple[str, Point | None]:
    """Return what was done to a point outside the country, and the point that was meant."""
    signed = Point(abs(point.lat), -abs(point.lon))
    if in_united_states(signed):
        return "coordinates_sign", signed
    if abs(point.lon) <= 90:
        swapped = Point(abs(point.lon), -abs(point.lat))
        if in_united_states(swapped):
            return "coordinates_swapped", swapped
    return "", None


def _said(point: Point) -> str:
    return f"latitude {point.lat:g}, longitude {point.lon:g}"


def _place(
    grid: Grid,
    i: int,
    known: dict[tuple[str, str, str], tuple[Point, Precision] | None],
    place_row: PlaceRow,
    at: _Positions,
    findings: Findings,
) -> None:
    cells = grid.cells
    where = cells["zip"][i], cells["city"][i], cells["state"][i]
    if where not in known:
        known[where] = place_row(*where)
    found = known[where]
    if found is None:
        zip_code, city, state = where
        said = ", ".join(filter(None, (city, state, zip_code)))
        findings.add("not_placed", grid.number(i), value=said)
        return
    at.give(i, *found)


def _check_zips(grid: Grid, zips: Sequence[ZipRow | None], findings: Findings) -> None:
    """Report ZIP codes that are not known, and those of another state than the row's."""
    codes, states = grid.cells["zip"], grid.cells["state"]
    places = {state: place for place, state in enumerate(states.words.tolist())}
    theirs = np.array([places.get(row.state, -1) if row else -1 for row in zips], np.int64)
    doubtful = codes.filled & (theirs[codes.codes] != states.codes)
    for i in np.flatnonzero(doubtful).tolist():
        number, code, state, row = grid.number(i), codes[i], states[i], zips[codes.codes[i]]
        if len(code) != 5 or not code.isdigit():
            continue
        if row is None:
            findings.add("zip_unknown", number, "zip", code)
        elif len(state) == 2 and row.state != state:
            needs = f"{row.state}, the state of ZIP {code} ({row.city})"
            findings.add("zip_state_disagree", number, "state", state, needs)


def _check_distance_to_zip(
    grid: Grid, zips: Sequence[ZipRow | None], lat: Floats, lon: Floats, given: Mask,
    findings: Findings,
) -> None:  # fmt: skip
    codes = grid.cells["zip"]
    centers = np.array([(row.lat, row.lon) if row else (math.nan, math.nan) for row in zips])
    zip_lat, zip_lon = centers.reshape(-1, 2)[codes.codes].T
    miles = _EARTH_MILES * _angle((_unit(lat, lon) * _unit(zip_lat, zip_lon)).sum(axis=0))
    for i in np.flatnonzero(given & (miles > FAR_MILES)).tolist():
        far = f"{miles[i]:.0f} miles from the center of ZIP {codes[i]}"
        findings.add("far_from_zip", grid.number(i), None, far, f"{FAR_MILES:g} miles")


def _check_area(
    grid: Grid, lat: Floats, lon: Floats, area: ServiceArea, towns: Sequence[Town],
    findings: Findings,
) -> None:  # fmt: skip
    miles = _miles_to_nearest(lat, lon, towns)
    states = grid.cells["state"]
    foreign = [state in STATES and state not in area.states for state in states.words.tolist()]
    elsewhere = np.array(foreign, bool)[states.codes]
    outside = ~np.isnan(lat) & (elsewhere | (miles > area.miles_from_town))
    for i in np.flatnonzero(outside).tolist():
        far = f"{miles[i]:.0f} miles from the nearest of its towns"
        said = f"in {states[i]}" if elsewhere[i] else far
        findings.add("outside_area", grid.number(i), None, said, area.in_words)


def _miles_to_nearest(lat: Floats, lon: Floats, towns: Sequence[Town]) -> Floats:
    if not towns:
        return np.zeros(len(lat))
    units = _unit(np.array([t.point.lat for t in towns]), np.array([t.point.lon for t in towns]))
    here = _unit(lat, lon).T
    parts = [(here[i : i + _CHUNK] @ units).max(axis=1) for i in range(0, len(lat), _CHUNK)]
    return _EARTH_MILES * _angle(np.concatenate([*parts, np.empty(0)]))


def _unit(lat: Floats, lon: Floats) -> Floats:
    """Return unit vectors, shape (3, n)."""
    phi, lam = np.radians(lat), np.radians(lon)
    return np.array([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def _angle(cosines: Floats) -> Floats:
    return np.arccos(np.clip(cosines, -1, 1))

"""Where rows are: every row gets one usable position, and odd ones are said.

Owns the checks of coordinates, ZIP and area; must not know of other columns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from clinics.cells import Grid
from clinics.gazetteer import STATES, Gazetteer, in_united_states, zip_table
from clinics.geo import Floats
from clinics.model import Point, Precision, Town
from clinics.notices import Findings
from clinics.rules import Rules
from clinics.service_area import ServiceArea

PlaceRow = Callable[[str, str, str], tuple[Point, Precision] | None]
"""(zip, city, state) -> the centre of the ZIP, else of the town, else None."""

FAR_MILES = 15.0
"""Farther from the centre of its ZIP than the largest ZIP of Maryland reaches (Garrett County)."""

_EARTH_MILES = 3958.8
"""Mean radius; distances by it are within 0.6% of the geodesic, enough for "about 40 miles"."""

_CHUNK = 10_000


def row_placer(gazetteer: Gazetteer) -> PlaceRow:
    """Return the rule that places a row without coordinates: its ZIP's centre, else its town's."""

    def place_row(zip_code: str, city: str, state: str) -> tuple[Point, Precision] | None:
        by_zip = gazetteer.zip(zip_code) if zip_code else None
        if by_zip:
            return by_zip.point, Precision.ZIP
        towns = gazetteer.towns_named(city, state)
        return (towns[0].point, Precision.TOWN) if len(towns) == 1 else None

    return place_row


def check_positions(grid: Grid, rules: Rules, findings: Findings) -> None:
    """Hold every row to one usable position; a row without coordinates gets its ZIP's or town's."""
    rows = len(grid.numbers)
    lat, lon = np.full(rows, math.nan), np.full(rows, math.nan)
    placed: dict[tuple[str, str, str], tuple[Point, Precision] | None] = {}
    place_row = row_placer(rules.gazetteer)
    given = np.zeros(rows, dtype=bool)
    for i in range(rows):
        if grid.cells["latitude"][i] or grid.cells["longitude"][i]:
            given[i] = True
            found = _given(grid, i, findings)
        else:
            found = _placed(grid, i, placed, place_row, findings)
        if found:
            lat[i], lon[i] = found
    _check_zips(grid, findings)
    _check_distance_to_zip(grid, lat, lon, given, findings)
    if rules.area:
        _check_area(grid, lat, lon, rules.area, rules.towns, findings)


def _given(grid: Grid, i: int, findings: Findings) -> tuple[float, float] | None:
    """Return the coordinates of a row, or None with the error that is in them."""
    number, cells = grid.numbers[i], grid.cells
    if not (cells["latitude"][i] and cells["longitude"][i]):
        findings.add("coordinates_half", number)
        return None
    try:
        point = Point(float(cells["latitude"][i]), float(cells["longitude"][i]))
    except ValueError:
        return None  # already reported as coordinate_malformed
    cells["location_precision"][i] = cells["location_precision"][i] or Precision.STREET.value
    if point.lat == 0 and point.lon == 0:
        findings.add("coordinates_zero", number)
        return None
    if not in_united_states(point):
        code, better = _mended(point)
        if better:
            needs = _said(better)
            findings.add(code, number, None, _said(point), needs, f"Write {needs}.")
            return None
    return point.lat, point.lon


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


def _placed(
    grid: Grid,
    i: int,
    known: dict[tuple[str, str, str], tuple[Point, Precision] | None],
    place_row: PlaceRow,
    findings: Findings,
) -> tuple[float, float] | None:
    cells = grid.cells
    where = cells["zip"][i], cells["city"][i], cells["state"][i]
    if where not in known:
        known[where] = place_row(*where)
    found = known[where]
    if found is None:
        zip_code, city, state = where
        said = ", ".join(filter(None, (city, state, zip_code)))
        findings.add("not_placed", grid.numbers[i], value=said)
        return None
    point, precision = found
    cells["latitude"][i], cells["longitude"][i] = f"{point.lat:.4f}", f"{point.lon:.4f}"
    cells["location_precision"][i] = precision.value
    return point.lat, point.lon


def _check_zips(grid: Grid, findings: Findings) -> None:
    rows = zip_table().rows
    cells = zip(grid.numbers, grid.cells["zip"], grid.cells["state"], strict=True)
    for number, code, state in cells:
        if len(code) != 5 or not code.isdigit():
            continue
        known = rows.get(code)
        if known is None:
            findings.add("zip_unknown", number, "zip", code)
        elif len(state) == 2 and known.state != state:
            needs = f"{known.state}, the state of ZIP {code} ({known.city})"
            findings.add("zip_state_disagree", number, "state", state, needs)


def _check_distance_to_zip(
    grid: Grid, lat: Floats, lon: Floats, given: NDArray[np.bool_], findings: Findings
) -> None:
    rows = zip_table().rows
    centres = [rows.get(code) for code in grid.cells["zip"]]
    zip_lat = np.array([c.lat if c else math.nan for c in centres])
    zip_lon = np.array([c.lon if c else math.nan for c in centres])
    miles = _EARTH_MILES * _angle((_unit(lat, lon) * _unit(zip_lat, zip_lon)).sum(axis=0))
    for i in np.flatnonzero(given & (miles > FAR_MILES)).tolist():
        far = f"{miles[i]:.0f} miles from the centre of ZIP {grid.cells['zip'][i]}"
        findings.add("far_from_zip", grid.numbers[i], None, far, f"{FAR_MILES:g} miles")


def _check_area(
    grid: Grid, lat: Floats, lon: Floats, area: ServiceArea, towns: Sequence[Town],
    findings: Findings,
) -> None:  # fmt: skip
    miles = _miles_to_nearest(lat, lon, towns)
    states = grid.cells["state"]
    for i, number in enumerate(grid.numbers):
        if math.isnan(lat[i]):
            continue
        if states[i] in STATES and states[i] not in area.states:
            findings.add("outside_area", number, None, f"in {states[i]}", area.in_words)
        elif miles[i] > area.miles_from_town:
            far = f"{miles[i]:.0f} miles from the nearest of its towns"
            findings.add("outside_area", number, None, far, area.in_words)


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

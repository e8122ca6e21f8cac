"""Where rows are: every row gets one usable position, and odd ones are said."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from clinics.domain.kinds import STATES
from clinics.domain.model import Point, Precision, Town
from clinics.domain.site import ServiceArea
from clinics.intake.cells import Grid
from clinics.intake.notices import Findings
from clinics.intake.rules import Rules
from clinics.places.distance import EARTH_MILES, Floats, vectors
from clinics.places.gazetteer import Gazetteer
from clinics.places.reach import USUAL_MILES, zip_reach
from clinics.places.zips import ZipRow, in_country, in_united_states, zip_table

PlaceRow = Callable[[str, str, str], tuple[Point, Precision] | None]
"""(zip, city, state) -> the center of the ZIP, else of the town, else None."""

_CHUNK = 10_000
_NOWHERE = math.nan, math.nan
_WRITTEN = ("latitude", "longitude", "location_precision")

_STREET = Precision.STREET.value

Position = tuple[tuple[float, float], tuple[str, str, str]]
"""Latitude and longitude of a row, and its cells of the columns that say so."""

Mask = NDArray[np.bool_]


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
    stated = np.array([*map(any, zip(cells["latitude"], cells["longitude"], strict=True))], bool)
    lat, lon = _take(grid, stated, cache(row_placer(rules.gazetteer)), findings)
    zips = [zip_table().rows.get(code) for code in cells["zip"]]
    _check_zips(grid, zips, findings)
    _check_distance_to_zip(grid, rules.gazetteer, lat, lon, stated, findings)
    if rules.site.service_area:
        _check_area(grid, lat, lon, rules.site.service_area, rules.towns, findings)


def _take(
    grid: Grid, stated: Mask, place_row: PlaceRow, findings: Findings
) -> tuple[Floats, Floats]:
    """Return the degrees of every row, NaN without any; most are in the country and that is all."""
    lat, lon = (_numbers(grid.cells[name]) for name in ("latitude", "longitude"))
    plain = in_country(lat, lon)
    columns = [list(grid.cells[name]) for name in _WRITTEN]
    precisions = columns[-1]
    for i in np.flatnonzero(plain).tolist():
        precisions[i] = precisions[i] or _STREET
    for i in np.flatnonzero(~plain).tolist():
        take = _stated(grid, i, findings) if stated[i] else _placed(grid, i, place_row, findings)
        (lat[i], lon[i]), written = take
        for column, cell in zip(columns, written, strict=True):
            column[i] = cell
    grid.cells.update(zip(_WRITTEN, columns, strict=True))
    return lat, lon


def _numbers(cells: Sequence[str]) -> Floats:
    return np.array([_number(cell) for cell in cells], float)


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _stated(grid: Grid, i: int, findings: Findings) -> Position:
    """Take the coordinates of a row if they can be; a point without a precision is a street's."""
    number = grid.numbers[i]
    lat, lon, precision = written = _as_written(grid, i)
    if not (lat and lon):
        findings.add("coordinates_half", number)
        return _NOWHERE, written
    try:
        point = Point(float(lat), float(lon))
    except ValueError:
        return _NOWHERE, written  # already reported as coordinate_malformed
    written = lat, lon, precision or _STREET
    if point.lat == 0 and point.lon == 0:
        findings.add("coordinates_zero", number)
        return _NOWHERE, written
    code, better = _mended(point)
    if better:
        needs = _said(better)
        findings.add(code, number, None, _said(point), needs, f"Write {needs}.")
        return _NOWHERE, written
    return (point.lat, point.lon), written


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
    return f"latitude {point.lat:.10g}, longitude {point.lon:.10g}"


def _placed(grid: Grid, i: int, place_row: PlaceRow, findings: Findings) -> Position:
    """Return where the ZIP or the town of a row without coordinates is."""
    zip_code, city, state = (grid.cells[name][i] for name in ("zip", "city", "state"))
    found = place_row(zip_code, city, state)
    if found is None:
        said = ", ".join(filter(None, (city, state, zip_code)))
        findings.add("not_placed", grid.numbers[i], value=said)
        return _NOWHERE, _as_written(grid, i)
    point, precision = found
    return (point.lat, point.lon), (f"{point.lat:.4f}", f"{point.lon:.4f}", precision.value)


def _as_written(grid: Grid, i: int) -> tuple[str, str, str]:
    lat, lon, precision = (grid.cells[name][i] for name in _WRITTEN)
    return lat, lon, precision


def _check_zips(grid: Grid, zips: Sequence[ZipRow | None], findings: Findings) -> None:
    """Report ZIP codes that are not known, and those of another state than the row's."""
    rows = zip(grid.numbers, grid.cells["zip"], grid.cells["state"], zips, strict=True)
    for number, code, state, row in rows:
        if len(code) != 5 or not code.isdigit():
            continue
        if row is None:
            findings.add("zip_unknown", number, "zip", code)
        elif len(state) == 2 and row.state != state:
            needs = f"{row.state}, the state of ZIP {code} ({row.city})"
            findings.add("zip_state_disagree", number, "state", state, needs)


def _check_distance_to_zip(
    grid: Grid, gazetteer: Gazetteer, lat: Floats, lon: Floats,
    stated: Mask, findings: Findings,
) -> None:  # fmt: skip
    codes = grid.cells["zip"]
    known = {code: gazetteer.zip(code) for code in set(codes)}
    centers = {c: (p.point.lat, p.point.lon) if p else _NOWHERE for c, p in known.items()}
    zip_lat, zip_lon = np.array([centers[code] for code in codes], float).reshape(-1, 2).T
    miles = EARTH_MILES * _angle((vectors(lat, lon) * vectors(zip_lat, zip_lon)).sum(axis=0))
    for i in np.flatnonzero(stated & (miles > USUAL_MILES)).tolist():
        reach = zip_reach(codes[i])
        if miles[i] > reach:
            far = f"{miles[i]:.0f} miles from the center of ZIP {codes[i]}"
            findings.add("far_from_zip", grid.numbers[i], None, far, f"{reach:g} miles")


def _check_area(
    grid: Grid, lat: Floats, lon: Floats, area: ServiceArea, towns: Sequence[Town],
    findings: Findings,
) -> None:  # fmt: skip
    miles = _miles_to_nearest(lat, lon, towns)
    states = grid.cells["state"]
    elsewhere = np.array([s in STATES and s not in area.states for s in states], bool)
    outside = ~np.isnan(lat) & (elsewhere | (miles > area.miles_from_town))
    for i in np.flatnonzero(outside).tolist():
        far = f"{miles[i]:.0f} miles from the nearest of its towns"
        said = f"in {states[i]}" if elsewhere[i] else far
        findings.add("outside_area", grid.numbers[i], None, said, area.in_words)


def _miles_to_nearest(lat: Floats, lon: Floats, towns: Sequence[Town]) -> Floats:
    if not towns:
        return np.zeros(len(lat))
    units = vectors(np.array([t.point.lat for t in towns]), np.array([t.point.lon for t in towns]))
    here = vectors(lat, lon).T
    parts = [(here[i : i + _CHUNK] @ units).max(axis=1) for i in range(0, len(lat), _CHUNK)]
    return EARTH_MILES * _angle(np.concatenate([*parts, np.empty(0)]))


def _angle(cosines: Floats) -> Floats:
    return np.arccos(np.clip(cosines, -1, 1))

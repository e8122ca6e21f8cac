"""Exact distances on the WGS-84 ellipsoid, and the index that finds who is within them.

Owns geometry only: it knows points and row numbers, nothing of clinics or queries.
"""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TypeVar

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray

from clinics.model import MILES_PER_KM, Point

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]
T = TypeVar("T", bound=np.generic)

_MAJOR_KM = 6378.137
_FLATTENING = 1 / 298.257223563
_ECCENTRICITY_SQUARED = _FLATTENING * (2 - _FLATTENING)
_MINOR_KM = _MAJOR_KM * (1 - _FLATTENING)
_MAX_ROUNDS = 20
_CONVERGED = 1e-13
_TINY = 1e-300

_MIN_MILES_PER_DEGREE = 68.70
"""Shortest degree of latitude on WGS-84 (at the equator, 110.574 km or 68.708 miles), and less."""

_EDGE_MILES = 1e-5
"""Within 1.6 cm of a radius the vectorised distance is replaced by geopy's own."""

_MEAN_KM = 6371.0
_CELL_DEGREES = 0.1
_COLUMNS = round(360 / _CELL_DEGREES)
_BANDS = round(180 / _CELL_DEGREES)


def exact_miles(origin: Point, lat: float, lon: float) -> float:
    """Return the geodesic distance in miles as geopy computes it (Karney 2013, J. Geodesy 87)."""
    return float(geodesic((origin.lat, origin.lon), (lat, lon)).miles)


def miles_from(origin: Point, lat: Floats, lon: Floats) -> Floats:
    """Return geodesic distances in miles from `origin` to every (lat, lon), shape (n,).

    Vincenty's inverse formula (Survey Review 23, 1975, no. 176), vectorised; it agrees with
    geopy's geodesic to better than a millimetre. The few nearly antipodal pairs on which it
    does not converge are given to geopy one by one.
    """
    reduced_1 = np.arctan((1 - _FLATTENING) * np.tan(np.radians(origin.lat)))
    reduced_2 = np.arctan((1 - _FLATTENING) * np.tan(np.radians(lat)))
    longitude = np.radians((lon - origin.lon + 540) % 360 - 180)
    with np.errstate(divide="ignore", invalid="ignore"):
        km, settled = _vincenty(float(reduced_1), reduced_2, longitude)
    miles = km * MILES_PER_KM
    for row in np.flatnonzero(~settled):
        miles[row] = exact_miles(origin, float(lat[row]), float(lon[row]))
    return miles


def miles_between(lat: Floats, lon: Floats, other_lat: Floats, other_lon: Floats) -> Floats:
    """Return the geodesic miles of each pair (lat, lon) and (other_lat, other_lon), shape (n,).

    The same formula and exactness as `miles_from`.
    """
    reduced = [np.arctan((1 - _FLATTENING) * np.tan(np.radians(each))) for each in (lat, other_lat)]
    longitude = np.radians((other_lon - lon + 540) % 360 - 180)
    with np.errstate(divide="ignore", invalid="ignore"):
        km, settled = _vincenty(reduced[0], reduced[1], longitude)
    miles = km * MILES_PER_KM
    for row in np.flatnonzero(~settled):
        origin = Point(float(lat[row]), float(lon[row]))
        miles[row] = exact_miles(origin, float(other_lat[row]), float(other_lon[row]))
    return miles


def _vincenty(u1: float | Floats, u2: Floats, longitude: Floats) -> tuple[Floats, Flags]:
    """Iterate Vincenty's equations 14-18, then 19 and 3, 4, 6; also say which rows converged."""
    sin1, cos1, sin2, cos2 = np.sin(u1), np.cos(u1), np.sin(u2), np.cos(u2)
    sines, cosines, aside, ahead = sin1 * sin2, cos1 * cos2, cos1 * sin2, sin1 * cos2
    lam = longitude.copy()
    for _ in range(_MAX_ROUNDS):
        sin_lam, cos_lam = np.sin(lam), np.cos(lam)
        sin_sigma = np.hypot(cos2 * sin_lam, aside - ahead * cos_lam)
        cos_sigma = sines + cosines * cos_lam
        sigma = np.arctan2(sin_sigma, cos_sigma)
        # Where both points are one it is 0 / 0, which stands for 0.
        sin_alpha = cosines * sin_lam / np.maximum(sin_sigma, _TINY)
        cos2_alpha = 1 - sin_alpha * sin_alpha
        # On the equator cos2_alpha is 0 and the term vanishes.
        cos_2m = np.where(cos2_alpha < 1e-15, 0.0, cos_sigma - 2 * sines / cos2_alpha)
        c = _FLATTENING / 16 * cos2_alpha * (4 + _FLATTENING * (4 - 3 * cos2_alpha))
        bend = cos_2m + c * cos_sigma * (2 * cos_2m * cos_2m - 1)
        new = longitude + (1 - c) * _FLATTENING * sin_alpha * (sigma + c * sin_sigma * bend)
        moved = np.abs(new - lam)
        lam = new
        if not np.any(moved > _CONVERGED):
            break
    settled = (moved <= _CONVERGED) & np.isfinite(lam) & (np.abs(lam) <= np.pi)
    u_sq = cos2_alpha * (_MAJOR_KM**2 / _MINOR_KM**2 - 1)
    a = 1 + u_sq / 16384 * (4096 + u_sq * (-768 + u_sq * (320 - 175 * u_sq)))
    b = u_sq / 1024 * (256 + u_sq * (-128 + u_sq * (74 - 47 * u_sq)))
    tail = b / 6 * cos_2m * (4 * sin_sigma**2 - 3) * (4 * cos_2m**2 - 3)
    middle = cos_2m + b / 4 * (cos_sigma * (2 * cos_2m**2 - 1) - tail)
    km = _MINOR_KM * a * (sigma - b * sin_sigma * middle)
    return km, settled


class SpatialIndex:
    """Rows sorted by cells of a tenth of a degree, so that a radius touches few of them.

    `lat` and `lon` have shape (n,) in degrees. Building sorts once, O(n log n); a search reads
    two positions for each band of latitude that the radius touches. A place in the sorted order
    is a slot; `order` gives the row of each, and arrays laid out by it are read in runs.
    """

    def __init__(self, lat: Floats, lon: Floats) -> None:
        keys = _band(lat) * _COLUMNS + _column(lon)
        self.order: Rows = np.argsort(keys, kind="stable")
        self.keys = keys[self.order]
        self.lat, self.lon = lat[self.order], lon[self.order]
        self.space = _space(self.lat, self.lon)

    def within(self, origin: Point, radius_miles: float | None) -> tuple[Rows, Floats]:
        """Return rows at most `radius_miles` away (None: all) and their miles, in row order."""
        around = Around(self, origin, radius_miles)
        found = np.flatnonzero(around.within(radius_miles))
        rows = self.order[around.runs.slots(found)]
        by_row = np.argsort(rows)
        return rows[by_row], around.miles(found, radius_miles)[by_row]

    def runs(self, origin: Point, radius_miles: float | None) -> Runs:
        """Return the slots of every cell that the radius can touch (None: all)."""
        if radius_miles is None:
            return Runs([0], [len(self.keys)])
        reach = radius_miles / _MIN_MILES_PER_DEGREE + 1e-9
        south, north = origin.lat - reach, origin.lat + reach
        spans = _longitude_spans(origin, radius_miles, max(abs(south), abs(north)))
        bands = range(_band_of(south) * _COLUMNS, (_band_of(north) + 1) * _COLUMNS, _COLUMNS)
        low = [band + west for band in bands for west, _ in spans]
        high = [band + east for band in bands for _, east in spans]
        starts = self.keys.searchsorted(low, side="left").tolist()
        return Runs(starts, self.keys.searchsorted(high, side="right").tolist())


class Runs:
    """Some slots of an index, as runs of it; a place is a position in the list they make."""

    def __init__(self, starts: list[int], stops: list[int]) -> None:
        pairs = [(a, b) for a, b in zip(starts, stops, strict=True) if a < b]
        self._slices = [slice(a, b) for a, b in pairs]
        self._ends = np.array(list(accumulate(b - a for a, b in pairs)), dtype=np.int64)
        self._shifts = np.array([b for _, b in pairs], dtype=np.int64) - self._ends

    def each(self, values: NDArray[T]) -> list[NDArray[T]]:
        """Return the runs of an array, which is laid out by slot, without copying."""
        return [values[run] for run in self._slices]

    def all(self, values: NDArray[T]) -> NDArray[T]:
        """Return the runs of an array as one; one alone is not copied."""
        parts = self.each(values)
        return parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else values[:0]

    def slots(self, places: Rows) -> Rows:
        """Return the slots of places."""
        if not len(places):
            return places
        return places + self._shifts[self._ends.searchsorted(places, side="right")]


class Around:
    """The slots that a radius around a point may reach, each with its distance, roughly.

    The rough distance is the straight line through the Earth: one product of matrices, and a
    sphere turns it into a length along the ground that is off by `_slack_km` at most. Only where
    that could matter is the geodesic asked. All else takes places in the list of these slots.
    """

    def __init__(self, index: SpatialIndex, origin: Point, radius_miles: float | None) -> None:
        self._index, self._origin = index, origin
        self.runs = index.runs(origin, radius_miles)
        x, y, z, squared = _space(np.array([origin.lat]), np.array([origin.lon]))[0].tolist()
        away = np.array([-2 * x, -2 * y, -2 * z, 1.0])
        products = [run @ away for run in self.runs.each(index.space)]
        self._chords: Floats = np.concatenate([*products, np.empty(0)]) + squared

    def within(self, radius_miles: float | None) -> Flags:
        """Tell which are at most so far away; never wrong at the edge.

        A row so near the radius that rounding could matter is decided by geopy's own geodesic.
        """
        if radius_miles is None:
            return np.ones(len(self._chords), dtype=np.bool_)
        km = radius_miles / MILES_PER_KM
        inside = self._chords <= _squared_chord(km - _slack_km(km))
        unsure = np.flatnonzero(inside != (self._chords <= _squared_chord(km + _slack_km(km))))
        if len(unsure):
            inside[unsure] = self.miles(unsure, radius_miles) <= radius_miles
        return inside

    def nearest(self, places: Rows, count: int) -> Rows:
        """Return those of the places that can be among the nearest `count`, which is above 0."""
        if count >= len(places):
            return places
        chords = self._chords[places]
        last = np.sqrt(max(0.0, float(np.partition(chords, count - 1)[count - 1])))
        km = 2 * _MEAN_KM * float(np.arcsin(min(1.0, last / (2 * _MEAN_KM))))
        return places[chords <= _squared_chord(km + 2 * _slack_km(km))]

    def miles(self, places: Rows, edge_miles: float | None = None) -> Floats:
        """Return exact geodesic miles; right beside an edge they are geopy's own."""
        slots = self.runs.slots(places)
        lat, lon = self._index.lat[slots], self._index.lon[slots]
        miles = miles_from(self._origin, lat, lon)
        if edge_miles is not None:
            for i in np.flatnonzero(np.abs(miles - edge_miles) < _EDGE_MILES):
                miles[i] = exact_miles(self._origin, float(lat[i]), float(lon[i]))
        return miles


def _space(lat: Floats, lon: Floats) -> Floats:
    """Return x, y, z in km from the Earth's centre and the sum of their squares, shape (n, 4)."""
    phi, lam = np.radians(lat), np.radians(lon)
    normal = _MAJOR_KM / np.sqrt(1 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2)
    space = np.empty((len(lat), 4))
    space[:, 0] = normal * np.cos(phi) * np.cos(lam)
    space[:, 1] = normal * np.cos(phi) * np.sin(lam)
    space[:, 2] = normal * (1 - _ECCENTRICITY_SQUARED) * np.sin(phi)
    space[:, 3] = (space[:, :3] ** 2).sum(axis=1)
    return space


def _squared_chord(km: float) -> float:
    """Return the square of the straight line under so many km of ground.

    Negative for less than none; without an end from half way round the Earth.
    """
    if not 0 <= km < np.pi * _MEAN_KM:
        return -1.0 if km < 0 else np.inf
    return float((2 * _MEAN_KM * np.sin(km / (2 * _MEAN_KM))) ** 2)


def _slack_km(km: float) -> float:
    """Return how far a rough distance may be off: over twice what is seen anywhere on the Earth.

    A metre for rounding, and a quarter of what the sphere adds to the straight line.
    """
    return 0.001 + km**3 / (24 * _MEAN_KM**2) / 4


def _longitude_spans(origin: Point, radius_miles: float, top: float) -> list[tuple[int, int]]:
    """Return the ranges of columns a radius touches; two where it crosses the date line."""
    if top >= 89.9:
        return [(0, _COLUMNS - 1)]
    # A degree of longitude on WGS-84 is never shorter than on the sphere inside it.
    reach = radius_miles / (_MIN_MILES_PER_DEGREE * math.cos(math.radians(top))) + 1e-9
    if reach >= 180:
        return [(0, _COLUMNS - 1)]
    west, east = origin.lon - reach, origin.lon + reach
    if west < -180:
        return [(0, _column_of(east)), (_column_of(west + 360), _COLUMNS - 1)]
    if east > 180:
        # A point written as 180 and one written as -180 are the same meridian.
        return [(_column_of(west), _COLUMNS - 1), (0, _column_of(east - 360))]
    spans = [(_column_of(west), _column_of(east))]
    if east >= 180 - 1e-9:
        spans.append((0, 0))
    elif west <= -180 + 1e-9:
        spans.append((_COLUMNS - 1, _COLUMNS - 1))
    return spans


def _band(lat: Floats) -> Rows:
    return np.clip(np.floor((lat + 90) / _CELL_DEGREES), 0, _BANDS - 1).astype(np.int64)


def _column(lon: Floats) -> Rows:
    return np.clip(np.floor((lon + 180) / _CELL_DEGREES), 0, _COLUMNS - 1).astype(np.int64)


def _band_of(lat: float) -> int:
    return min(max(math.floor((lat + 90) / _CELL_DEGREES), 0), _BANDS - 1)


def _column_of(lon: float) -> int:
    return min(max(math.floor((lon + 180) / _CELL_DEGREES), 0), _COLUMNS - 1)

"""The index that finds which rows are within a distance, reading only what is near."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import accumulate
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from clinics.domain.model import MILES_PER_KM, Point
from clinics.places.distance import (
    NEAR_KM,
    Flags,
    Floats,
    exact_miles,
    ground_km,
    miles_from,
    near_miles,
    position,
    slack_km,
    space,
    squared_chord,
)

Rows = NDArray[np.int64]
T = TypeVar("T", bound=np.generic)

_MIN_MILES_PER_DEGREE = 68.70
"""Shortest degree of latitude on WGS-84 (at the equator, 110.574 km or 68.708 miles), and less."""

EDGE_MILES = 1e-5
"""Within 1.6 cm of a radius the vectorised distance is replaced by geopy's own."""

_CELL_DEGREES = 0.1
_COLUMNS = round(360 / _CELL_DEGREES)
_BANDS = round(180 / _CELL_DEGREES)

_WIDENING = (5.0, 10.0, 25.0, 50.0, 100.0, 200.0, 400.0, 800.0, 1600.0)
"""Radii in miles to try one after the other when looking for the nearest."""

_FEW = 5_000
"""So many rows are read whole as quickly as in widening circles."""


def scan(lat: Floats, lon: Floats, origin: Point, radius_miles: float) -> tuple[Rows, Floats]:
    """Return the rows at most `radius_miles` away and their miles, by measuring to every one.

    The plain way, in some seconds for a million rows: the tests hold the index to it.
    """
    pairs = zip(lat.tolist(), lon.tolist(), strict=True)
    miles = np.array([exact_miles(origin, *pair) for pair in pairs], dtype=np.float64)
    rows = np.flatnonzero(miles <= radius_miles)
    return rows, miles[rows]


class SpatialIndex:
    """Finds the rows within a distance without looking at all of them.

    `lat` and `lon` have shape (n,) in degrees. Rows are sorted by cells of a tenth of a degree,
    once, in O(n log n); a search reads two positions for each band of latitude that its radius
    touches. An array that `near` shall read is first `laid_out`.
    """

    def __init__(self, lat: Floats, lon: Floats) -> None:
        keys = _band(lat) * _COLUMNS + _column(lon)
        self.order: Rows = np.argsort(keys, kind="stable")
        self.keys = keys[self.order]
        self.lat, self.lon = lat[self.order], lon[self.order]
        self.space = space(self.lat, self.lon)

    def laid_out(self, values: NDArray[T]) -> NDArray[T]:
        """Return an array, given by row, in the order in which `Near.read` reads it."""
        return values[self.order]

    def near(self, origin: Point | None, radius_miles: float | None) -> Near:
        """Return the rows that can be so near; all of them without a point or a radius."""
        return Near(self, origin, radius_miles)

    def radii(self, beyond: float = 0.0) -> Iterator[float | None]:
        """Yield radii to try one after the other, looking for the nearest `beyond` some miles."""
        if len(self.order) > _FEW:
            yield from (radius for radius in _WIDENING if radius > beyond)
        yield None

    def nearest_miles(self, origin: Point) -> float:
        """Return the miles from a point to the nearest row; infinity without any."""
        for radius in self.radii():
            near = self.near(origin, radius)
            found = np.flatnonzero(near.within(radius))
            if len(found):
                return float(near.miles(near.nearest(found, 1)).min())
        return math.inf

    def runs(self, origin: Point | None, radius_miles: float | None) -> _Runs:
        """Return the slots of every cell that the radius can touch (None: all)."""
        if origin is None or radius_miles is None:
            return _Runs([0], [len(self.keys)])
        reach = radius_miles / _MIN_MILES_PER_DEGREE + 1e-9
        south, north = origin.lat - reach, origin.lat + reach
        spans = _longitude_spans(origin, radius_miles, max(abs(south), abs(north)))
        bands = range(_band_of(south) * _COLUMNS, (_band_of(north) + 1) * _COLUMNS, _COLUMNS)
        low = [band + west for band in bands for west, _ in spans]
        high = [band + east for band in bands for _, east in spans]
        starts = self.keys.searchsorted(low, side="left").tolist()
        return _Runs(starts, self.keys.searchsorted(high, side="right").tolist())


class _Runs:
    """Some slots (positions in the sorted order of an index) as runs; all as one are places."""

    def __init__(self, starts: list[int], stops: list[int]) -> None:
        pairs = [(a, b) for a, b in zip(starts, stops, strict=True) if a < b]
        self._slices = [slice(a, b) for a, b in pairs]
        self._ends = np.array(list(accumulate(b - a for a, b in pairs)), dtype=np.int64)
        self._shifts = np.array([b for _, b in pairs], dtype=np.int64) - self._ends

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

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


class Near:
    """The rows that a radius around a point may reach, each with its distance, roughly.

    A place is a position in the list of these rows; all here takes and gives places. The rough
    distance is the straight line through the Earth: one product of matrices, and a sphere turns it
    into a length along the ground that is off by `slack_km` at most. Only where that could matter
    is the geodesic asked. Without a point nothing has a distance and all is within any radius.
    """

    def __init__(
        self, index: SpatialIndex, origin: Point | None, radius_miles: float | None
    ) -> None:
        self._index, self.origin = index, origin
        self._runs = index.runs(origin, radius_miles)
        if origin is None:
            return
        x, y, z, squared = position(origin)
        self._here = np.array([x, y, z, squared])
        away = np.array([-2 * x, -2 * y, -2 * z, 1.0])
        products = [run @ away for run in self._runs.each(index.space)]
        self._chords: Floats = np.concatenate([*products, np.empty(0)]) + squared

    def read(self, values: NDArray[T]) -> NDArray[T]:
        """Return the values of all these rows, from an array that is laid out."""
        return self._runs.all(values)

    def rows(self, places: Rows) -> Rows:
        """Return the rows at some places."""
        return self._index.order[self._runs.slots(places)]

    def within(self, radius_miles: float | None) -> Flags:
        """Return which are at most so far away; never wrong at the edge.

        A row so near the radius that rounding could matter is decided by geopy's own geodesic.
        """
        if self.origin is None or radius_miles is None:
            return np.ones(len(self._runs), dtype=np.bool_)
        km = radius_miles / MILES_PER_KM
        inside = self._chords <= squared_chord(km - slack_km(km))
        unsure = np.flatnonzero(inside != (self._chords <= squared_chord(km + slack_km(km))))
        if len(unsure):
            inside[unsure] = self.miles(unsure, radius_miles) <= radius_miles
        return inside

    def nearest(self, places: Rows, count: int, more_miles: float = 0.0) -> Rows:
        """Return those of the places that can be among the nearest `count`, which is above 0.

        Also those that are at most `more_miles` farther away than these.
        """
        if count >= len(places):
            return places
        chords = self._chords[places]
        km = ground_km(float(np.partition(chords, count - 1)[count - 1]))
        km += more_miles / MILES_PER_KM
        return places[chords <= squared_chord(km + 2 * slack_km(km))]

    def miles(self, places: Rows, edge_miles: float | None = None) -> Floats:
        """Return exact geodesic miles; right beside an edge they are geopy's own."""
        if self.origin is None:
            raise ValueError("Without a point nothing has a distance.")
        slots = self._runs.slots(places)
        index = self._index
        if len(places) and self._chords[places].max() <= NEAR_KM**2:
            miles = near_miles(self._here, index.space[slots])
        else:
            miles = miles_from(self.origin, index.lat[slots], index.lon[slots])
        if edge_miles is not None:
            for i in np.flatnonzero(np.abs(miles - edge_miles) < EDGE_MILES):
                lat, lon = index.lat[slots[i]], index.lon[slots[i]]
                miles[i] = exact_miles(self.origin, float(lat), float(lon))
        return miles


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

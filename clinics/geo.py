"""Exact distances on the WGS-84 ellipsoid, and the index that finds who is within them.

Owns geometry only: it knows points and row numbers, nothing of clinics or queries.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray

from clinics.model import MILES_PER_KM, Point

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_MAJOR_KM = 6378.137
_FLATTENING = 1 / 298.257223563
_MINOR_KM = _MAJOR_KM * (1 - _FLATTENING)
_MAX_ROUNDS = 20
_CONVERGED = 1e-13

_MIN_MILES_PER_DEGREE = 68.70
"""Shortest degree of latitude on WGS-84 (at the equator, 110.574 km or 68.708 miles), and less."""

_EDGE_MILES = 1e-5
"""Within 1.6 cm of a radius the vectorised distance is replaced by geopy's own."""

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


def _vincenty(
    u1: float | Floats, u2: Floats, longitude: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """Iterate Vincenty's equations 14-18, then 19 and 3, 4, 6; also say which rows converged."""
    sin1, cos1, sin2, cos2 = np.sin(u1), np.cos(u1), np.sin(u2), np.cos(u2)
    lam = longitude.copy()
    for _ in range(_MAX_ROUNDS):
        sin_lam, cos_lam = np.sin(lam), np.cos(lam)
        sin_sigma = np.hypot(cos2 * sin_lam, cos1 * sin2 - sin1 * cos2 * cos_lam)
        cos_sigma = sin1 * sin2 + cos1 * cos2 * cos_lam
        sigma = np.arctan2(sin_sigma, cos_sigma)
        sin_alpha = np.where(sin_sigma == 0, 0.0, cos1 * cos2 * sin_lam / sin_sigma)
        cos2_alpha = 1 - sin_alpha**2
        # On the equator cos2_alpha is 0 and the term vanishes.
        cos_2m = np.where(cos2_alpha < 1e-15, 0.0, cos_sigma - 2 * sin1 * sin2 / cos2_alpha)
        c = _FLATTENING / 16 * cos2_alpha * (4 + _FLATTENING * (4 - 3 * cos2_alpha))
        bend = cos_2m + c * cos_sigma * (2 * cos_2m**2 - 1)
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
    two positions for each band of latitude that the radius touches.
    """

    def __init__(self, lat: Floats, lon: Floats) -> None:
        self._lat = np.ascontiguousarray(lat, dtype=np.float64)
        self._lon = np.ascontiguousarray(lon, dtype=np.float64)
        keys = _band(self._lat) * _COLUMNS + _column(self._lon)
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]

    def within(
        self, origin: Point, radius_miles: float | None, edges: Sequence[float] = ()
    ) -> tuple[Rows, Floats]:
        """Return rows at most `radius_miles` away (None: all) and their miles, in row order.

        Never wrong at the edge: a row so near the radius, or one of the other `edges` in miles,
        that rounding could matter is decided by geopy's own geodesic.
        """
        if radius_miles is None:
            rows = np.arange(len(self._lat), dtype=np.int64)
            return rows, miles_from(origin, self._lat, self._lon)
        rows = self._candidates(origin, radius_miles)
        miles = miles_from(origin, self._lat[rows], self._lon[rows])
        near = np.zeros(len(miles), dtype=np.bool_)
        for edge in (radius_miles, *edges):
            near |= np.abs(miles - edge) < _EDGE_MILES
        for i in np.flatnonzero(near):
            miles[i] = exact_miles(origin, self._lat[rows[i]], self._lon[rows[i]])
        inside = miles <= radius_miles
        return rows[inside], miles[inside]

    def _candidates(self, origin: Point, radius_miles: float) -> Rows:
        """Return every row of every cell that the radius can touch, in row order."""
        reach = radius_miles / _MIN_MILES_PER_DEGREE + 1e-9
        south, north = origin.lat - reach, origin.lat + reach
        spans = _longitude_spans(origin, radius_miles, max(abs(south), abs(north)))
        pieces = []
        for band in range(_band_of(south), _band_of(north) + 1):
            for west, east in spans:
                low = np.searchsorted(self._keys, band * _COLUMNS + west, side="left")
                high = np.searchsorted(self._keys, band * _COLUMNS + east, side="right")
                pieces.append(self._order[low:high])
        return np.sort(np.concatenate(pieces))


def _longitude_spans(origin: Point, radius_miles: float, top: float) -> list[tuple[int, int]]:
    """Return the ranges of columns a radius touches; two where it crosses the date line."""
    if top >= 89.9:
        return [(0, _COLUMNS - 1)]
    # A degree of longitude on WGS-84 is never shorter than on the sphere inside it.
    reach = radius_miles / (_MIN_MILES_PER_DEGREE * np.cos(np.radians(top))) + 1e-9
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
    return int(_band(np.array([lat]))[0])


def _column_of(lon: float) -> int:
    return int(_column(np.array([lon]))[0])

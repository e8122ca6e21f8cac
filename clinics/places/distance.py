"""Distances on the WGS-84 ellipsoid: exact ones, and the straight line that comes before them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from clinics.domain.model import MILES_PER_KM, Point

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int8]

MOST_VAGUE_MILES = 1.0
"""No `order_miles` are more than this above the distance itself."""

_MAJOR_KM = 6378.137
_FLATTENING = 1 / 298.257223563
_ECCENTRICITY_SQUARED = _FLATTENING * (2 - _FLATTENING)
_MINOR_KM = _MAJOR_KM * (1 - _FLATTENING)
_MEAN_KM = 6371.0
EARTH_MILES = _MEAN_KM * MILES_PER_KM
"""Mean radius; distances by it are within 0.6% of the geodesic, enough for "about 40 miles"."""

_MAX_ROUNDS = 20
_CONVERGED = 1e-13
_TINY = 1e-300

NEAR_KM = 170.0
"""Up to here, a little over 100 miles, `near_miles` is right to 0.01 mm."""


def exact_miles(origin: Point, lat: float, lon: float) -> float:
    """Return the geodesic distance in miles as geopy computes it (Karney 2013, J. Geodesy 87)."""
    # Read when it is first asked, which is seldom: with it comes all that geopy asks the web with.
    from geopy.distance import geodesic

    return float(geodesic((origin.lat, origin.lon), (lat, lon)).miles)


def sphere_miles(start: Point, end: Point) -> float:
    """Return the miles on a sphere: within half a percent, for what is said with "about"."""
    closeness = float(vectors(start.lat, start.lon) @ vectors(end.lat, end.lon))
    return EARTH_MILES * math.acos(min(1.0, max(-1.0, closeness)))


def miles_from(origin: Point, lat: Floats, lon: Floats) -> Floats:
    """Return geodesic distances in miles from `origin` to every (lat, lon), shape (n,).

    Vincenty's inverse formula (Survey Review 23, 1975, no. 176), vectorised; it agrees with
    geopy's geodesic to better than a millimeter. The few nearly antipodal pairs on which it
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


def step_miles(miles: float | Floats, vagueness: int | Ints) -> Floats:
    """Return the steps in which a distance is said: 0 where the position is exact.

    `vagueness` is 0 for a street address, 1 for the center of a ZIP (half miles, from 10 miles
    whole ones), 2 for that of a town (whole miles).
    """
    zip_step = np.where(np.asarray(miles) < 10, 0.5, 1.0)
    return np.where(np.asarray(vagueness) == 0, 0.0, np.where(vagueness == 1, zip_step, 1.0))


def in_steps(miles: float | Floats, step: float | Floats) -> Floats:
    """Return miles to the nearest step; as they are for a step of 0."""
    whole = np.where(np.asarray(step) > 0, step, 1.0)
    return np.where(np.asarray(step) > 0, np.floor(miles / whole + 0.5) * whole, miles)


def order_miles(miles: Floats, vagueness: Ints) -> Floats:
    """Return the miles that a list is sorted by: the farthest that the distance said can mean.

    So whatever is known better comes first among those that are said to be as far. It is at most
    a mile more than the distance.
    """
    step = step_miles(miles, vagueness)
    return np.asarray(in_steps(miles, step) + step / 2)


def near_miles(here: Floats, there: Floats) -> Floats:
    """Return geodesic miles from one position to others at most NEAR_KM away, shape (n,).

    The arc over the straight line, bent as the ellipsoid is half way in that direction (Euler's
    theorem). Positions are rows of `space`.
    """
    dx, dy, dz = (there[:, :3] - here[:3]).T
    squared = dx * dx + dy * dy + dz * dz
    km = np.sqrt(squared)
    z = (there[:, 2] + here[2]) / (2 * _MINOR_KM)
    steepness = np.sqrt((1 - z * z) / _MAJOR_KM**2 + z * z / _MINOR_KM**2)
    bend = squared / _MAJOR_KM**2 + dz * dz * (1 / _MINOR_KM**2 - 1 / _MAJOR_KM**2)
    half = bend / np.maximum(2 * steepness * km, _TINY)
    half *= half
    return np.asarray(km * (1 + half / 6 + 3 * half * half / 40) * MILES_PER_KM)


def space(lat: Floats, lon: Floats) -> Floats:
    """Return x, y, z in km from the Earth's center and the sum of their squares, shape (n, 4)."""
    phi, lam = np.radians(lat), np.radians(lon)
    normal = _MAJOR_KM / np.sqrt(1 - _ECCENTRICITY_SQUARED * np.sin(phi) ** 2)
    found = np.empty((len(lat), 4))
    found[:, 0] = normal * np.cos(phi) * np.cos(lam)
    found[:, 1] = normal * np.cos(phi) * np.sin(lam)
    found[:, 2] = normal * (1 - _ECCENTRICITY_SQUARED) * np.sin(phi)
    found[:, 3] = (found[:, :3] ** 2).sum(axis=1)
    return found


def position(point: Point) -> tuple[float, float, float, float]:
    """Return the row of `space` for one point; an array of one would take ten times as long."""
    phi, lam = math.radians(point.lat), math.radians(point.lon)
    normal = _MAJOR_KM / math.sqrt(1 - _ECCENTRICITY_SQUARED * math.sin(phi) ** 2)
    x, y = normal * math.cos(phi) * math.cos(lam), normal * math.cos(phi) * math.sin(lam)
    z = normal * (1 - _ECCENTRICITY_SQUARED) * math.sin(phi)
    return x, y, z, x * x + y * y + z * z


def ground_km(squared: float) -> float:
    """Return the km of ground over the square of a straight line, on a sphere."""
    return 2 * _MEAN_KM * math.asin(min(1.0, math.sqrt(max(0.0, squared)) / (2 * _MEAN_KM)))


def squared_chord(km: float) -> float:
    """Return the square of the straight line under so many km of ground.

    Negative for less than none; without an end from half way round the Earth.
    """
    if not 0 <= km < math.pi * _MEAN_KM:
        return -1.0 if km < 0 else math.inf
    return (2 * _MEAN_KM * math.sin(km / (2 * _MEAN_KM))) ** 2


def slack_km(km: float) -> float:
    """Return how far a rough distance may be off: over twice what is seen anywhere on the Earth.

    A meter for rounding, and a quarter of what the sphere adds to the straight line.
    """
    return 0.001 + km**3 / (24 * _MEAN_KM**2) / 4


def vectors(lat: float | Floats, lon: float | Floats) -> Floats:
    """Return unit vectors, shape (3,) or (3, n): the largest dot product is the nearest point."""
    phi, lam = np.radians(lat), np.radians(lon)
    return np.array([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])

"""The quick distances: exact near by, and never farther off than they say."""

from __future__ import annotations

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import example, given
from hypothesis import strategies as st

from clinics.domain.model import MILES_PER_KM, Point
from clinics.places.distance import NEAR_KM, ground_km, near_miles, position, slack_km, space
from clinics.places.index import SpatialIndex

A_HUNDREDTH_OF_A_MILLIMETER = 1e-8 * MILES_PER_KM
points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def km_between(a: Point, b: Point) -> float:
    return float(geodesic((a.lat, a.lon), (b.lat, b.lon)).km)


def row(point: Point) -> np.ndarray:
    return space(np.array([point.lat]), np.array([point.lon]))


@given(points)
@example(Point(90, 0))
@example(Point(-90, 180))
def test_the_position_of_one_point_is_that_of_many(point: Point) -> None:
    assert position(point) == pytest.approx(row(point)[0], abs=1e-7, rel=1e-14)


def moved(a: Point, north: float, east: float) -> Point:
    lon = (a.lon + east / max(0.01, np.cos(np.radians(a.lat))) + 540) % 360 - 180
    return Point(min(90.0, max(-90.0, a.lat + north)), float(lon))


@given(points, st.floats(-1.2, 1.2), st.floats(-1.2, 1.2))
@example(Point(90, 0), -0.5, 100.0)
@example(Point(-90, 0), 0.0, 0.0)
@example(Point(0, 180), 0.0, 1e-9)
def test_a_near_distance_is_geopys_to_a_hundredth_of_a_millimeter(
    a: Point, north: float, east: float
) -> None:
    b = moved(a, north, east)
    km = km_between(a, b)
    if km <= NEAR_KM:
        found = float(near_miles(row(a)[0], row(b))[0])
        assert found == pytest.approx(km * MILES_PER_KM, abs=A_HUNDREDTH_OF_A_MILLIMETER, rel=0)


@given(points, points)
@example(Point(90, 0), Point(-90, 0))
@example(Point(0, 0), Point(0, 180))
@example(Point(0, 0), Point(0.5, 179.7))
@example(Point(38.98, -77.01), Point(38.98, -77.01))
def test_a_rough_distance_is_never_farther_off_than_it_says(a: Point, b: Point) -> None:
    squared = float(((row(a) - row(b))[0, :3] ** 2).sum())
    km = km_between(a, b)
    assert abs(ground_km(squared) - km) <= slack_km(km)


@given(points, st.lists(points, min_size=1, max_size=20), st.integers(1, 5))
def test_the_nearest_are_always_among_those_that_can_be(
    origin: Point, cloud: list[Point], count: int
) -> None:
    index = SpatialIndex(np.array([p.lat for p in cloud]), np.array([p.lon for p in cloud]))
    near = index.near(origin, None)
    kept = near.nearest(np.arange(len(cloud)), count)
    miles = near.miles(np.arange(len(cloud)))
    assert len(kept) >= min(count, len(cloud))
    assert sorted(miles[kept])[:count] == sorted(miles)[:count]

"""Distances agree with geopy's geodesic, and the index finds exactly what is within a radius."""

from __future__ import annotations

import math

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clinics.domain.model import Point
from clinics.places.distance import exact_miles, miles_from
from clinics.places.index import SpatialIndex, scan

MILLIMETER = 1e-3 / 1609.344
TAKOMA_PARK = Point(38.9779, -77.0075)

latitudes = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, -1e-9, 0.0, 1e-9, 90.0]))
longitudes = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, -1e-9, 0.0, 180.0]))
points = st.builds(Point, latitudes, longitudes)
here_about = st.builds(Point, st.floats(38.5, 39.5), st.floats(-77.5, -76.5))
at_the_date_line = st.builds(
    Point, st.floats(-60, 60), st.one_of(st.floats(-180, -179.5), st.floats(179.5, 180))
)
at_a_pole = st.builds(Point, st.floats(89.5, 90), st.floats(-180, 180))
clouds = st.one_of(
    st.lists(region, max_size=12) for region in (points, here_about, at_the_date_line, at_a_pole)
)


def by_geopy(a: Point, b: Point) -> float:
    return float(geodesic((a.lat, a.lon), (b.lat, b.lon)).miles)


def index_of(cloud: list[Point]) -> SpatialIndex:
    lat = np.array([p.lat for p in cloud], dtype=np.float64)
    lon = np.array([p.lon for p in cloud], dtype=np.float64)
    return SpatialIndex(lat, lon)


def found_by(
    index: SpatialIndex, origin: Point | None, radius: float | None
) -> tuple[list[int], list[float]]:
    """The rows within a radius, in the order of the file, and their miles."""
    near = index.near(origin, radius)
    places = np.flatnonzero(near.within(radius))
    rows = near.rows(places)
    miles = near.miles(places, radius) if origin else np.zeros(len(rows))
    order = np.argsort(rows)
    return rows[order].tolist(), miles[order].tolist()


def scanned(cloud: list[Point], origin: Point, radius: float) -> tuple[list[int], list[float]]:
    """The same by the plain way."""
    lat, lon = (np.array([getattr(p, name) for p in cloud], dtype=float) for name in ("lat", "lon"))
    rows, miles = scan(lat, lon, origin, radius)
    return rows.tolist(), miles.tolist()


def one_distance(a: Point, b: Point) -> float:
    return float(miles_from(a, np.array([b.lat]), np.array([b.lon]))[0])


@given(points, points)
@settings(max_examples=500)
@example(Point(90, 0), Point(90, 123))
@example(Point(90, 0), Point(-90, 0))
@example(Point(0, 180), Point(0, -180))
@example(Point(0, 179.999), Point(0, -179.999))
@example(Point(38.98, -77.01), Point(-38.98, 102.99))
@example(Point(0, 0), Point(0, 180))
@example(Point(0, 0), Point(0.5, 179.7))
@example(Point(38.98, -77.01), Point(38.98, -77.01))
@example(Point(-0.0, 0), Point(0.0, 1e-12))
@example(Point(0, 0), Point(0, 90))
def test_every_distance_is_geopys_to_a_millimeter(a: Point, b: Point) -> None:
    assert one_distance(a, b) == pytest.approx(by_geopy(a, b), abs=MILLIMETER, rel=0)


def test_the_surveyed_line_from_flinders_peak_to_buninyong_is_54_972_meters() -> None:
    # The worked example of the Geocentric Datum of Australia Technical Manual: 54,972.271 m.
    flinders_peak = Point(-(37 + 57 / 60 + 3.72030 / 3600), 144 + 25 / 60 + 29.52440 / 3600)
    buninyong = Point(-(37 + 39 / 60 + 10.15610 / 3600), 143 + 55 / 60 + 35.38390 / 3600)
    meters = one_distance(flinders_peak, buninyong) * 1609.344
    assert meters == pytest.approx(54_972.271, abs=0.001)


def test_a_degree_is_longer_at_the_pole_than_at_the_equator() -> None:
    at_the_equator = one_distance(Point(0, 0), Point(1, 0)) * 1.609344
    at_the_pole = one_distance(Point(89, 0), Point(90, 0)) * 1.609344
    assert at_the_equator == pytest.approx(110.574, abs=0.001)
    assert at_the_pole == pytest.approx(111.694, abs=0.001)


@given(st.one_of(points, here_about, at_the_date_line, at_a_pole), clouds, st.floats(0.001, 13_000))
@settings(max_examples=300)
def test_the_index_finds_what_going_through_all_finds(
    origin: Point, cloud: list[Point], radius: float
) -> None:
    assert found_by(index_of(cloud), origin, radius)[0] == scanned(cloud, origin, radius)[0]


@given(
    st.one_of(here_about, at_the_date_line, at_a_pole),
    clouds,
    st.sampled_from([0.5, 5.0, 10.0, 25.0, 50.0, 100.0]),
)
@settings(max_examples=300)
def test_the_index_is_right_for_the_distances_on_offer(
    origin: Point, cloud: list[Point], radius: float
) -> None:
    rows, miles = found_by(index_of(cloud), origin, radius)
    plain_rows, plain_miles = scanned(cloud, origin, radius)
    assert rows == plain_rows
    assert miles == pytest.approx(plain_miles, abs=MILLIMETER, rel=0)


@given(st.one_of(points, here_about), clouds, st.floats(0.001, 13_000))
def test_the_plain_way_is_geopys_distance_to_each(
    origin: Point, cloud: list[Point], radius: float
) -> None:
    rows, _ = scanned(cloud, origin, radius)
    assert rows == [i for i, p in enumerate(cloud) if by_geopy(origin, p) <= radius]


@given(clouds)
def test_without_a_point_every_row_is_within_any_radius(cloud: list[Point]) -> None:
    assert found_by(index_of(cloud), None, 1.0)[0] == list(range(len(cloud)))


@given(st.one_of(points, here_about), st.one_of(points, here_about))
@settings(max_examples=300)
def test_a_clinic_on_the_very_edge_is_in_and_a_hair_less_leaves_it_out(a: Point, b: Point) -> None:
    exact = by_geopy(a, b)
    index = index_of([b])
    assert found_by(index, a, exact)[0] == [0]
    just_less = math.nextafter(exact, -math.inf)
    assert found_by(index, a, just_less)[0] == []


def test_without_a_radius_every_row_comes_in_the_order_of_the_file() -> None:
    index = index_of([Point(-90, 0), TAKOMA_PARK, Point(0, 180)])
    rows, miles = found_by(index, TAKOMA_PARK, None)
    assert rows == [0, 1, 2]
    assert miles[1] == 0


def test_an_index_of_nothing_finds_nothing() -> None:
    assert found_by(index_of([]), TAKOMA_PARK, 25.0)[0] == []
    assert found_by(index_of([]), TAKOMA_PARK, None)[0] == []


def test_the_two_ways_to_write_the_date_line_are_one_place() -> None:
    index = index_of([Point(10, 180), Point(10, -180)])
    for lon in (180.0, -180.0, 179.999999, -179.999999):
        assert found_by(index, Point(10, lon), 1.0)[0] == [0, 1]


@given(points, points)
def test_the_way_there_is_as_long_as_the_way_back(a: Point, b: Point) -> None:
    assert exact_miles(a, b.lat, b.lon) == pytest.approx(exact_miles(b, a.lat, a.lon), abs=1e-8)


@pytest.mark.parametrize("lat", [90.0001, -91.0, math.nan, math.inf])
def test_a_point_off_the_globe_is_refused_in_prose(lat: float) -> None:
    with pytest.raises(ValueError, match=r"^Latitude runs from -90 to 90 degrees, not "):
        Point(lat, 0)


@pytest.mark.parametrize("lon", [180.0001, -200.0, math.nan, -math.inf])
def test_a_point_beyond_the_date_line_is_refused_in_prose(lon: float) -> None:
    with pytest.raises(ValueError, match=r"^Longitude runs from -180 to 180 degrees, not "):
        Point(0, lon)

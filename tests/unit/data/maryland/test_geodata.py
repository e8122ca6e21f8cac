"""The geographic data files hold what maps and place names rely on, and come from their scripts.

Reads files only: no npm, no network.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from scripts import build_towns
from scripts.sources import load_sources
from tests.folders import SHOWN

BASEMAP_LIMIT_BYTES = 150_000
MARYLAND = {
    *("Allegany", "Anne Arundel", "Baltimore", "Baltimore city", "Calvert", "Caroline"),
    *("Carroll", "Cecil", "Charles", "Dorchester", "Frederick", "Garrett", "Harford", "Howard"),
    *("Kent", "Montgomery", "Prince George's", "Queen Anne's", "Somerset", "St. Mary's"),
    *("Talbot", "Washington", "Wicomico", "Worcester"),
}
MAIN_TOWNS = {"Takoma Park", "Silver Spring", "Baltimore", "Germantown", "Ellicott City"}


@pytest.fixture(scope="module")
def basemap() -> dict[str, Any]:
    return json.loads((SHOWN / "basemap.geojson").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def towns() -> list[dict[str, str]]:
    return rows_of("towns.csv")


def rows_of(name: str) -> list[dict[str, str]]:
    with (SHOWN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def polygons_of(feature: dict[str, Any]) -> list[list[list[list[float]]]]:
    shape = feature["geometry"]
    return [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]


def rings_of(feature: dict[str, Any]) -> list[list[list[float]]]:
    return [ring for polygon in polygons_of(feature) for ring in polygon]


def area(ring: list[list[float]]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def is_inside(lon: float, lat: float, rings: list[list[list[float]]]) -> bool:
    crossings = (
        x1 + (lat - y1) / (y2 - y1) * (x2 - x1)
        for ring in rings
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > lat) != (y2 > lat)
    )
    return sum(crossing > lon for crossing in crossings) % 2 == 1


def test_the_base_map_is_small_enough_to_send_with_a_page() -> None:
    assert (SHOWN / "basemap.geojson").stat().st_size < BASEMAP_LIMIT_BYTES


def test_the_base_map_is_a_feature_collection_that_names_its_source(
    basemap: dict[str, Any],
) -> None:
    assert basemap["type"] == "FeatureCollection"
    assert basemap["source"] == (
        "US Census Bureau cartographic boundaries via us-atlas 3.0.1, public domain"
    )
    assert {feature["type"] for feature in basemap["features"]} == {"Feature"}


def test_the_base_map_holds_every_county_of_maryland_and_the_district(
    basemap: dict[str, Any],
) -> None:
    own = [f["properties"] for f in basemap["features"] if f["properties"]["kind"] == "county"]
    assert {county["name"] for county in own if county["state"] == "MD"} == MARYLAND
    assert [county["name"] for county in own if county["state"] == "DC"] == ["District of Columbia"]
    assert len(own) == 24 + 1


def test_the_base_map_holds_the_neighbors_of_each_state(basemap: dict[str, Any]) -> None:
    outlines = [feature["properties"] for feature in basemap["features"]]
    states = Counter(each["state"] for each in outlines if each["kind"] == "neighbor")
    assert states == {"DE": 3, "NJ": 7, "PA": 28, "VA": 47, "WV": 20}


def test_northern_virginia_is_on_the_base_map(basemap: dict[str, Any]) -> None:
    outlines = [feature["properties"] for feature in basemap["features"]]
    virginia = {county["name"] for county in outlines if county["state"] == "VA"}
    assert virginia >= {
        *("Arlington", "Alexandria city", "Fairfax", "Fairfax city", "Loudoun", "Stafford"),
        *("Prince William", "Manassas city", "Manassas Park city"),
    }


def test_each_outline_has_its_own_five_digit_code(basemap: dict[str, Any]) -> None:
    codes = [feature["id"] for feature in basemap["features"]]
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"\d{5}", code) for code in codes)


def test_every_ring_is_closed(basemap: dict[str, Any]) -> None:
    for feature in basemap["features"]:
        assert all(ring[0] == ring[-1] for ring in rings_of(feature)), feature["id"]


def test_outer_rings_run_anticlockwise_and_holes_clockwise(basemap: dict[str, Any]) -> None:
    for feature in basemap["features"]:
        for outer, *holes in polygons_of(feature):
            assert area(outer) > 0, feature["id"]
            assert all(area(hole) < 0 for hole in holes), feature["id"]


def test_coordinates_are_around_maryland_and_have_three_decimals(basemap: dict[str, Any]) -> None:
    for feature in basemap["features"]:
        for lon, lat in (corner for ring in rings_of(feature) for corner in ring):
            assert -81.2 < lon < -74.0, feature["id"]
            assert 36.9 < lat < 41.1, feature["id"]
            assert (round(lon, 3), round(lat, 3)) == (lon, lat)


def test_no_line_crosses_the_map(basemap: dict[str, Any]) -> None:
    """A stitching mistake shows as a side far longer than any straight piece of border."""
    sides = (
        max(abs(x2 - x1), abs(y2 - y1))
        for feature in basemap["features"]
        for ring in rings_of(feature)
        for (x1, y1), (x2, y2) in pairwise(ring)
    )
    assert max(sides) < 0.8


def test_counties_meet_at_exactly_the_same_corners(basemap: dict[str, Any]) -> None:
    corners = {
        feature["id"]: {tuple(corner) for ring in rings_of(feature) for corner in ring}
        for feature in basemap["features"]
    }
    assert len(corners["24031"] & corners["11001"]) >= 2
    assert len(corners["24510"] & corners["24005"]) >= 4


def test_each_label_stands_inside_its_county(basemap: dict[str, Any]) -> None:
    for feature in basemap["features"]:
        lat, lon = feature["properties"]["label_lat"], feature["properties"]["label_lon"]
        assert is_inside(lon, lat, rings_of(feature)), feature["id"]


@pytest.mark.parametrize(
    ("lat", "lon", "county"),
    [
        (39.0840, -77.1528, ["Montgomery"]),
        (39.2904, -76.6122, ["Baltimore city"]),
        (39.4015, -76.6019, ["Baltimore"]),
        (38.8899, -77.0091, ["District of Columbia"]),
        (39.0, -76.4, []),
    ],
)
def test_a_known_spot_is_in_the_county_it_belongs_to(
    lat: float, lon: float, county: list[str], basemap: dict[str, Any]
) -> None:
    """Rockville, Baltimore's city hall, Towson, the Capitol, and the water of the bay."""
    holding = [f for f in basemap["features"] if is_inside(lon, lat, rings_of(f))]
    assert [feature["properties"]["name"] for feature in holding] == county


def test_the_five_main_towns_are_marked_and_no_others(towns: list[dict[str, str]]) -> None:
    assert {(t["name"], t["state"]) for t in towns if t["main"] == "yes"} == {
        (name, "MD") for name in MAIN_TOWNS
    }
    assert {t["main"] for t in towns} == {"yes", ""}


def test_towns_are_sorted_and_named_once(towns: list[dict[str, str]]) -> None:
    keys = [(town["state"], town["name"]) for town in towns]
    assert keys == sorted(set(keys))


def test_every_town_lies_in_or_near_maryland_and_has_zips_of_five_digits(
    towns: list[dict[str, str]],
) -> None:
    for town in towns:
        assert 38.0 <= float(town["latitude"]) <= 40.0, town
        assert -80.0 <= float(town["longitude"]) <= -74.9, town
        assert all(re.fullmatch(r"\d{5}", code) for code in town["zips"].split(";")), town


def test_every_county_is_one_of_the_base_map(
    towns: list[dict[str, str]], basemap: dict[str, Any]
) -> None:
    drawn = {(f["properties"]["name"], f["properties"]["state"]) for f in basemap["features"]}
    for town in towns:
        assert (town["county"].removesuffix(" County"), town["state"]) in drawn, town


@pytest.mark.parametrize(
    ("name", "county", "lat", "lon"),
    [
        ("Takoma Park", "Montgomery County", 38.9832, -77.0007),
        ("Silver Spring", "Montgomery County", 38.9982, -77.0338),
        ("Baltimore", "Baltimore city", 39.3064, -76.6205),
        ("Germantown", "Montgomery County", 39.1617, -77.2590),
        ("Ellicott City", "Howard County", 39.2637, -76.8307),
    ],
)
def test_a_main_town_is_where_it_should_be(
    name: str, county: str, lat: float, lon: float, towns: list[dict[str, str]]
) -> None:
    (town,) = (t for t in towns if (t["name"], t["state"]) == (name, "MD"))
    assert (town["county"], float(town["latitude"]), float(town["longitude"])) == (county, lat, lon)


def test_every_town_of_the_sources_is_there(towns: list[dict[str, str]]) -> None:
    known = {(town["name"], town["state"]) for town in towns}
    assert set(build_towns.listed_towns(load_sources(SHOWN))) == known


def test_the_file_of_towns_is_what_its_script_makes(towns: list[dict[str, str]]) -> None:
    sources = load_sources(SHOWN)
    listed = build_towns.listed_towns(sources)
    assert build_towns.build(listed, build_towns.usable_zips(), sources) == towns

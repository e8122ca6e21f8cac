"""Maps keep text text, stay the same map while results change, and never need another host."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import folium
import pytest
import streamlit_folium as component
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.model import Clinic, Place, PlaceKind, Point, Precision
from clinics.present import map as maps
from clinics.present.map import (
    MAX_PINS,
    base_map,
    escape_for_map,
    layer_script,
    pins,
)
from clinics.present.map import view as view_of
from clinics.search.search import Hit
from clinics.settings import Tiles, tiles_from

ASSETS = Path(maps.__file__).parent / "assets"
TAKOMA = Place("ZIP 20912", Point(38.9832, -77.0007), PlaceKind.ZIP, "20912")
TEMPLATE = "https://tiles.example.org/{z}/{x}/{y}.png"
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "${parent.document.title='x'}",
    "tick ` tick",
    "{{'map_div'}} {% raw %} {# x #}",
    'O\'Neill & "Sons" \\ x',
    "</script><script>alert(1)</script>",
)
PRINTABLE = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")),
        st.sampled_from("`\\${}<>&\"';#"),
    )
)


def clinic(number: int = 1, **changes: Any) -> Clinic:
    made = Clinic(
        id=f"c-{number}",
        category="ketamine",
        name=f"Clinic {number}",
        city="Takoma Park",
        state="MD",
        point=Point(39.0 + number / 100, -77.0),
        location_precision=Precision.STREET,
    )
    return replace(made, **changes)


def hit(
    number: int = 1, miles: float | None = 6.21, matches: str = "stated", **changes: Any
) -> Hit:
    asked = ("condition", "payment") if matches == "not stated" else ()
    return Hit(clinic(number, **changes), miles, matches, asked=asked)


def drawn(base: folium.Map) -> str:
    """Draw a map as the component does, and return its script."""
    base.get_root().render()
    base.render()
    return str(component._get_map_string(base))


def features(script: str) -> list[dict[str, Any]]:
    """Return what a layer's script gives to Leaflet as GeoJSON."""
    found = re.search(r"L\.geoJson\((\{.*\}), \{pointToLayer: window\.clinicPins\.draw\}\)", script)
    assert found
    return list(json.loads(found[1])["features"])


def pin_properties(*args: Any, **kwargs: Any) -> list[dict[str, Any]]:
    made = [feature["properties"] for feature in features(layer_script(*args, **kwargs))]
    return [properties for properties in made if properties["kind"] != "place"]


# Text


@given(PRINTABLE)
def test_escaped_text_reads_back_as_it_was(text: str) -> None:
    assert html.unescape(escape_for_map(text)) == text


@given(PRINTABLE)
def test_escaped_text_holds_nothing_that_ends_a_literal_or_opens_a_tag(text: str) -> None:
    assert not set(escape_for_map(text)) & set("`\\${}<>\"'")


@given(st.text(st.sampled_from("abc XYZ 123 ,.-()é中")))
def test_ordinary_text_is_not_changed(text: str) -> None:
    assert escape_for_map(text) == text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_never_reaches_the_layer_as_it_is(name: str) -> None:
    place = replace(TAKOMA, name=name)
    script = layer_script([hit(name=name), hit(2, name=name)], place, 25.0)
    assert name not in script
    assert json.dumps(name)[1:-1] not in script
    for dangerous in ("<img", "</script", "${", "`", "{{", "{%", "{#"):
        assert dangerous not in script


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_a_hostile_name_is_shown_as_typed_and_makes_no_tag() -> None:
    shared = Point(39.0, -77.0)
    hits = [hit(i, name=name, point=shared) for i, name in enumerate(HOSTILE)]
    (properties,) = pin_properties(hits, TAKOMA, 25.0)
    reader = _Tags()
    reader.feed(properties["tip"])
    assert set(reader.tags) == {"br"}
    assert "".join(reader.text) == "".join(
        f"{n}. {name} · 6.2 miles" for n, name in enumerate(HOSTILE, 1)
    )


def test_the_layer_script_is_one_that_the_component_leaves_alone() -> None:
    """The component resolves {{'name'}} and replaces random ids; neither may touch the data."""
    hits = [hit(i, name=name) for i, name in enumerate(HOSTILE)]
    tips = [f["properties"]["tip"] for f in features(layer_script(hits, TAKOMA, 25.0))]
    assert html.unescape(tips[2]) == f"2. {HOSTILE[1]} · 6.2 miles"


# The base map


@pytest.mark.parametrize("tiles", [None, tiles_from("osm", ""), Tiles(TEMPLATE, "Example")])
def test_the_base_map_keeps_its_identity_from_one_drawing_to_the_next(tiles: Tiles | None) -> None:
    first, second = drawn(base_map(tiles)), drawn(base_map(tiles))
    assert first == second
    assert component.generate_js_hash(first, "map") == component.generate_js_hash(second, "map")


def test_different_tiles_are_a_different_map() -> None:
    scripts = {
        drawn(base_map(t)) for t in (None, tiles_from("osm", ""), Tiles(TEMPLATE, "Example"))
    }
    assert len({component.generate_js_hash(script, "map") for script in scripts}) == 3


def links(element: Any) -> list[str]:
    """Collect the files an element and its children ask for, as the component does."""
    own = [*getattr(element, "default_js", []), *getattr(element, "default_css", [])]
    found = [address for _, address in own]
    for child in element._children.values():
        found += links(child)
    return found


def test_the_map_asks_for_leaflet_from_this_service_and_nothing_else() -> None:
    base = base_map(tiles_from("osm", ""))
    drawn(base)
    assert links(base) == [
        "../../assets/leaflet/leaflet.js",
        "../../assets/leaflet/leaflet.css",
    ]


def test_nothing_needs_jquery() -> None:
    assert "$" not in layer_script([hit()], TAKOMA, 25.0)
    assert "$(" not in drawn(base_map(None))


def test_the_styles_of_the_pins_travel_in_the_maps_own_header() -> None:
    base = base_map(None)
    drawn(base)
    header = component._get_header(base)
    assert ".pin-approximate" in header
    assert "<script src" not in header
    assert "<link" not in header


def test_without_tiles_there_is_no_address_of_a_tile_server() -> None:
    assert "tileLayer" not in drawn(base_map(None))


def test_a_tile_that_fails_is_transparent_and_servers_see_only_our_origin() -> None:
    script = drawn(base_map(tiles_from("osm", "")))
    assert '"errorTileUrl": "data:image/gif;base64,' in script
    assert '"referrerPolicy": "strict-origin-when-cross-origin"' in script
    assert "openstreetmap.org/copyright" in script


def test_the_source_of_the_outlines_is_always_named() -> None:
    assert "County outlines: US Census Bureau" in drawn(base_map(None))


@pytest.mark.parametrize("asset", ["map.css", "map_outline.js", "map_pins.js"])
def test_assets_pass_through_templates_and_script_tags_unchanged(asset: str) -> None:
    text = (ASSETS / asset).read_text(encoding="utf-8")
    for special in ("{{", "{%", "{#", "</script", "</style"):
        assert special not in text


# Tiles


def test_the_setting_names_tiles() -> None:
    osm = tiles_from("osm", "")
    assert osm is not None
    assert osm.url_template == "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
    assert tiles_from("none", "") is None
    assert tiles_from(TEMPLATE, "Example Maps") == Tiles(TEMPLATE, "Example Maps")


@pytest.mark.parametrize(
    "value", ["", "OSM", "ftp://t/{z}/{x}/{y}", "https://t/{z}/{x}", "javascript:{z}{x}{y}"]
)
def test_other_tiles_are_refused_in_prose(value: str) -> None:
    with pytest.raises(ValueError, match=f"the value is “{re.escape(value)}”"):
        tiles_from(value, "Example")


def test_tiles_of_ones_own_need_a_credit() -> None:
    with pytest.raises(ValueError, match="credit"):
        tiles_from(TEMPLATE, " ")


# Pins


def test_each_position_has_one_pin_numbered_as_in_the_list() -> None:
    shared = Point(39.0, -77.0)
    hits = [hit(1, point=shared), hit(2), hit(3, point=Point(39.000001, -77.000001))]
    first, second = pins(hits, first_number=11)
    assert (first.numbers, first.ids) == ((11, 13), ("c-1", "c-3"))
    assert [hit.clinic.name for hit in first.hits] == ["Clinic 1", "Clinic 3"]
    assert first.point == shared
    assert second.numbers == (12,)


def test_positions_that_differ_by_a_few_meters_are_two_pins() -> None:
    assert len(pins([hit(1, point=Point(39.0, -77.0)), hit(2, point=Point(39.0001, -77.0))])) == 2


@pytest.mark.parametrize(
    ("how_many", "label"), [(1, "3"), (2, "3, 4"), (3, "3, 4, 5"), (5, "3 +4")]
)
def test_a_pin_is_labeled_with_up_to_three_numbers(how_many: int, label: str) -> None:
    hits = [hit(i, point=Point(39.0, -77.0)) for i in range(how_many)]
    assert [pin.label for pin in pins(hits, 3)] == [label]


def test_one_approximate_clinic_makes_its_pin_approximate() -> None:
    shared = Point(39.0, -77.0)
    hits = [hit(1, point=shared), hit(2, point=shared, location_precision=Precision.ZIP)]
    assert pins(hits)[0].approximate
    assert not pins(hits[:1])[0].approximate


def test_a_pin_is_gray_only_when_no_clinic_on_it_states_what_was_asked() -> None:
    shared = Point(39.0, -77.0)
    silent = hit(2, matches="not stated", point=shared)
    assert not pins([hit(1, point=shared), silent])[0].unstated
    assert pins([silent])[0].unstated


def test_a_pin_says_number_name_distance_and_how_sure_its_position_is() -> None:
    exact, rough, nowhere = pins(
        [
            hit(1),
            hit(2, location_precision=Precision.TOWN, matches="not stated"),
            hit(3, miles=None),
        ]
    )
    assert exact.lines == ("1. Clinic 1 · 6.2 miles",)
    assert rough.lines == (
        "2. Clinic 2 · Somewhere in Takoma Park (its center is about 6 miles away) · "
        "Does not say what it treats or what it takes",
    )
    assert nowhere.lines == ("3. Clinic 3",)


def test_a_pin_says_what_to_ask_first_right_after_the_name() -> None:
    (pin,) = pins([hit(1, caveat="Call first: it may have moved.")])
    assert pin.lines == ("1. Clinic 1 · Call first: it may have moved. · 6.2 miles",)


# The layer


def test_no_hits_still_make_a_layer() -> None:
    script = layer_script([], None, None)
    assert features(script) == []
    assert "L.featureGroup" in script


def test_the_layer_draws_pins_place_and_distance() -> None:
    found = features(layer_script([hit(1), hit(2)], TAKOMA, 25.0))
    assert [f["properties"]["kind"] for f in found] == ["place", "pin pin-exact", "pin pin-exact"]
    assert found[0]["properties"]["tip"] == "You are measuring from: ZIP 20912"
    assert found[1]["geometry"] == {"type": "Point", "coordinates": [-77.0, 39.01]}


def test_only_the_selected_clinics_pin_is_marked() -> None:
    shared = Point(39.0, -77.0)
    hits = [hit(1), hit(2, point=shared), hit(3, point=shared)]
    kinds = [p["kind"] for p in pin_properties(hits, None, None, selected_id="c-3")]
    assert kinds == ["pin pin-exact", "pin pin-exact pin-selected"]
    assert [p["id"] for p in pin_properties(hits, None, None, selected_id="c-3")] == ["c-1", "c-2"]


def test_what_is_listed_first_lies_on_top_and_the_selected_above_all() -> None:
    lifts = [p["lift"] for p in pin_properties([hit(1), hit(2), hit(3)], None, None, "c-3")]
    assert lifts[2] > lifts[0] > lifts[1] > 0


def test_a_layer_has_at_most_two_hundred_pins_those_listed_first() -> None:
    many = [hit(i, point=Point(39.0, -77.0 + i / 1000)) for i in range(MAX_PINS + 5)]
    drawn_pins = pin_properties(many, TAKOMA, 25.0)
    assert MAX_PINS == 200
    assert [p["id"] for p in drawn_pins] == [f"c-{i}" for i in range(200)]


def test_the_same_results_make_the_same_layer_so_that_it_is_not_drawn_again() -> None:
    one, two = (layer_script([hit(1), hit(2)], TAKOMA, 25.0) for _ in range(2))
    assert one == two
    assert one != layer_script([hit(1), hit(2)], TAKOMA, 25.0, "c-2")


# What the map shows


@pytest.mark.parametrize(("miles", "zoom"), [(5, 11), (10, 10), (25, 9), (50, 8), (100, 7)])
def test_the_whole_distance_fits_the_map(miles: float, zoom: int) -> None:
    assert view_of(TAKOMA, miles, [], None) == ((38.9832, -77.0007), zoom)


def test_a_selected_clinic_is_shown_close_and_less_close_when_approximate() -> None:
    chosen = clinic(1)
    assert view_of(TAKOMA, 25.0, [hit(1)], chosen) == ((39.01, -77.0), 12)
    rough = replace(chosen, location_precision=Precision.ZIP)
    assert view_of(TAKOMA, 25.0, [hit(1)], rough) == ((39.01, -77.0), 11)


def test_without_a_place_all_hits_fit() -> None:
    hits = [hit(1, point=Point(38.9, -77.2)), hit(2, point=Point(39.3, -76.6))]
    center, zoom = view_of(None, 25.0, hits, None)
    assert center == (pytest.approx(39.1), pytest.approx(-76.9))
    assert zoom == 10


def test_at_any_distance_all_hits_and_the_place_fit() -> None:
    center, zoom = view_of(TAKOMA, None, [hit(1, point=Point(39.6, -78.8))], None)
    assert center == (pytest.approx(39.2916), pytest.approx(-77.90035))
    assert zoom == 8


def test_with_nothing_to_show_the_map_shows_the_place_or_home() -> None:
    assert view_of(TAKOMA, None, [], None) == ((38.9832, -77.0007), 9)
    assert view_of(None, None, [], None, Point(39.05, -77.0)) == ((39.05, -77.0), 9)


def test_one_hit_or_hits_across_the_world_stay_within_sensible_zooms() -> None:
    assert view_of(None, None, [hit(1)], None) == ((39.01, -77.0), 12)
    ends = [hit(1, point=Point(85, -179)), hit(2, point=Point(-85, 179))]
    assert view_of(None, None, ends, None)[1] == 4

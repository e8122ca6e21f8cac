"""Maps keep text text, stay the same map while results change, and never need another host."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any

import folium
import pytest
import streamlit_folium as component
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.model import Clinic, Place, PlaceKind, Point, Precision
from clinics.present.assets import map_script, map_script_name
from clinics.present.map import (
    MAX_PINS,
    base_map,
    escape_for_map,
    layer_script,
    pins,
)
from clinics.present.map_of_moves import view_of_moves
from clinics.search.search import Hit
from clinics.settings import Tiles, tiles_from
from tests.folders import DATA

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


def search_of(script: str) -> dict[str, Any]:
    """Return what a layer's script gives to the browser."""
    found = re.fullmatch(r"window\.feature_group = \[window\.clinicPins\((\{.*\})\)\];", script)
    assert found
    return dict(json.loads(found[1]))


def drawn_pins(*args: Any, **kwargs: Any) -> list[dict[str, Any]]:
    return list(search_of(layer_script(*args, **kwargs))["pins"])


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
    (drawn,) = drawn_pins(hits, TAKOMA, 25.0)
    reader = _Tags()
    for line in drawn["lines"]:
        reader.feed(line)
    assert reader.tags == []
    assert "".join(reader.text) == "".join(
        f"{n}. {name} · 6.2 miles" for n, name in enumerate(HOSTILE, 1)
    )


def test_the_layer_script_is_one_that_the_component_leaves_alone() -> None:
    """The component resolves {{'name'}} and replaces random ids; neither may touch the data."""
    hits = [hit(i, name=name) for i, name in enumerate(HOSTILE)]
    lines = [pin["lines"] for pin in drawn_pins(hits, TAKOMA, 25.0)]
    assert html.unescape(lines[1][0]) == f"2. {HOSTILE[1]} · 6.2 miles"


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
        f"../../assets/{map_script_name()}",
        "../../assets/leaflet/leaflet.css",
    ]


def test_nothing_needs_jquery() -> None:
    assert "$" not in layer_script([hit()], TAKOMA, 25.0)
    assert "$(" not in drawn(base_map(None)) + map_script().decode()


def test_what_a_map_is_made_of_is_in_a_file_and_does_not_go_with_every_answer() -> None:
    base = base_map(None)
    script = drawn(base)
    header = component._get_header(base)
    assert len(script) + len(header) < 2500
    assert "prepareMap(map_div);" in script
    assert "<script src" not in header
    assert "<link" not in header
    served = map_script().decode()
    assert all(part in served for part in (".pin-approximate", "function preparePins(map)"))
    assert re.fullmatch(r"map\.[0-9a-f]{10}\.js", map_script_name())


def test_without_tiles_there_is_no_address_of_a_tile_server() -> None:
    assert "tileLayer" not in drawn(base_map(None))


def test_a_tile_that_fails_is_transparent_and_servers_see_only_our_origin() -> None:
    script = drawn(base_map(tiles_from("osm", "")))
    assert '"errorTileUrl": "data:image/gif;base64,' in script
    assert '"referrerPolicy": "strict-origin-when-cross-origin"' in script
    assert "openstreetmap.org/copyright" in script


def test_the_source_of_the_outlines_is_always_named() -> None:
    """The file says whose they are, and the map puts what it says into its corner, as text."""
    outlines = json.loads((DATA / "basemap.geojson").read_text(encoding="utf-8"))
    assert outlines["attribution"] == "County outlines: US Census Bureau"
    script = map_script().decode()
    assert 'textContent = areas.attribution || ""' in script
    assert "addAttribution(whose.innerHTML)" in script


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
    assert search_of(layer_script([], None, None)) == {"pins": [], "chosen": ""}


def test_the_layer_draws_pins_place_and_distance() -> None:
    found = search_of(layer_script([hit(1), hit(2)], TAKOMA, 25.0))
    assert [pin["numbers"] for pin in found["pins"]] == [[1], [2]]
    assert found["place"]["tip"] == "You are measuring from: ZIP 20912"
    assert found["pins"][0]["at"] == [39.01, -77.0]


def test_a_pin_says_which_of_its_clinics_is_chosen_and_how_much_is_known_of_it() -> None:
    shared = Point(39.0, -77.0)
    hits = [hit(1), hit(2, point=shared), hit(3, point=shared, matches="not stated")]
    found = search_of(layer_script(hits, None, None, selected_id="c-3"))
    assert found["chosen"] == "c-3"
    assert found["pins"][1]["ids"] == ["c-2", "c-3"]
    unsure = hit(4, location_precision=Precision.ZIP, matches="not stated")
    (drawn,) = drawn_pins([unsure], None, None)
    assert (drawn["rough"], drawn["silent"]) == (True, True)
    assert not {"rough", "silent"} & set(drawn_pins([hit(1)], None, None)[0])


def test_only_a_map_that_is_alone_makes_room_for_the_card_of_a_pin() -> None:
    assert search_of(layer_script([hit(1)], None, None, "c-1", alone=True))["alone"] is True
    assert "alone" not in search_of(layer_script([hit(1)], None, None, "c-1"))


def test_a_layer_has_at_most_two_hundred_pins_those_listed_first() -> None:
    many = [hit(i, point=Point(39.0, -77.0 + i / 1000)) for i in range(MAX_PINS + 5)]
    assert MAX_PINS == 200
    assert [pin["ids"] for pin in drawn_pins(many, TAKOMA, 25.0)] == [
        [f"c-{i}"] for i in range(200)
    ]


def test_the_same_results_make_the_same_layer_so_that_it_is_not_drawn_again() -> None:
    one, two = (layer_script([hit(1), hit(2)], TAKOMA, 25.0) for _ in range(2))
    assert one == two
    assert one != layer_script([hit(1), hit(2)], TAKOMA, 25.0, "c-2")


# Listings that move


@dataclass(frozen=True)
class Move:
    before: Point
    after: Point
    name: str = "Clinic"


def test_all_moves_fit_within_sensible_zooms() -> None:
    center, zoom = view_of_moves([Move(Point(39.6, -78.8), TAKOMA.point)])
    assert center == (pytest.approx(39.2916), pytest.approx(-77.90035))
    assert zoom == 8
    assert view_of_moves([Move(TAKOMA.point, TAKOMA.point)]) == ((38.9832, -77.0007), 12)
    assert view_of_moves([Move(Point(85, -179), Point(-85, 179))])[1] == 4

"""A search as the map component runs it: the same as folium would draw."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import streamlit_folium as component

from clinics.domain.model import Place
from clinics.present.map import RADIUS_STYLE, base_map, layer_script, results_layer
from clinics.settings import tiles_from
from tests.unit.present.test_map import HOSTILE, TAKOMA, features, hit
from ui.find import map_frame
from ui.find.map_frame import draw_map, frame_of


def collection_in(script: str) -> dict[str, Any]:
    found = re.search(r"L\.geoJson\((\{.*\}), \{pointToLayer: window\.clinicPins\.draw\}\)", script)
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.parametrize("place", [TAKOMA, None])
def test_pins_and_place_are_those_that_folium_draws(place: Place | None) -> None:
    hits = [hit(number) for number in range(1, 6)]
    script = layer_script(hits, place, 25.0, "c-2", 26)
    drawn = features(results_layer(hits, place, 25.0, "c-2", 26))
    assert collection_in(script)["features"] == drawn


def test_the_distance_is_a_circle_in_meters_and_only_around_a_place() -> None:
    script = layer_script([hit()], TAKOMA, 25.0)
    (found,) = re.findall(r"L\.circle\(\[([^]]+)\], (\{.*?\})\)", script)
    assert [float(part) for part in found[0].split(",")] == [TAKOMA.point.lat, TAKOMA.point.lon]
    assert json.loads(found[1]) == {**RADIUS_STYLE, "radius": pytest.approx(40233.6)}
    assert "L.circle" not in layer_script([hit()], TAKOMA, None)
    assert "L.circle" not in layer_script([hit()], None, 25.0)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_inert(name: str) -> None:
    script = layer_script([hit(name=name)], TAKOMA, 25.0)
    for dangerous in ("<", "${", "`", "{{", "{%", "{#"):
        assert dangerous not in script
    assert collection_in(script)["features"] == features(
        results_layer([hit(name=name)], TAKOMA, 25.0)
    )


def test_the_component_is_given_the_same_as_by_its_own_function(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(component, "_component_func", lambda **sent: given.append(sent))
    tiles, returns = tiles_from("osm", ""), ["last_active_drawing"]
    component.st_folium(
        base_map(tiles), key="map", height=400, use_container_width=True,
        returned_objects=returns, center=(39.0, -77.0), zoom=9,
    )  # fmt: skip
    frame = frame_of(base_map(tiles))
    draw_map(frame, "", key="map", height=400, view=((39.0, -77.0), 9), returns=returns)
    theirs, ours = ({k: v for k, v in sent.items() if callable(v) is False} for sent in given)
    assert ours == theirs | {"feature_group": ""}
    assert map_frame.component is component

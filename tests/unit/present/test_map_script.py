"""A search as the map component runs it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import streamlit_folium as component

from clinics.present.map import base_map, layer_script
from clinics.settings import tiles_from
from tests.unit.present.test_map import HOSTILE, TAKOMA, features, hit
from ui.find import map_frame
from ui.find.map_frame import draw_map, frame_of

LAYER = """\
var feature_group_feature_group_0 = L.featureGroup({});
L.circle([38.9832, -77.0007], {"color":"#0b5563","weight":1.5,"opacity":0.6,"fill":true,\
"fillColor":"#0b5563","fillOpacity":0.03,"interactive":false,"radius":8046.72})\
.addTo(feature_group_feature_group_0);
L.geoJson({"type":"FeatureCollection","features":[{"type":"Feature",\
"geometry":{"type":"Point","coordinates":[-77.0007,38.9832]},\
"properties":{"id":"","ids":[],"tip":"You are measuring from: ZIP 20912","kind":"place"}},\
{"type":"Feature","geometry":{"type":"Point","coordinates":[-77.0,39.02]},\
"properties":{"id":"c-2","ids":["c-2"],"label":"26","tip":"26. Clinic 2 \\u00b7 6.2 miles",\
"kind":"pin pin-exact pin-selected","lift":1000000}}]}, {pointToLayer: window.clinicPins.draw})\
.addTo(feature_group_feature_group_0);
map_div.addLayer(feature_group_feature_group_0);
window.feature_group = window.feature_group || [];
window.feature_group.push(feature_group_feature_group_0);"""


def test_the_script_of_a_search_is_this() -> None:
    assert layer_script([hit(2)], TAKOMA, 5.0, "c-2", 26) == LAYER


def test_the_distance_is_a_circle_in_meters_and_only_around_a_place() -> None:
    script = layer_script([hit()], TAKOMA, 25.0)
    (found,) = re.findall(r"L\.circle\(\[([^]]+)\], (\{.*?\})\)", script)
    assert [float(part) for part in found[0].split(",")] == [TAKOMA.point.lat, TAKOMA.point.lon]
    assert json.loads(found[1])["radius"] == pytest.approx(40233.6)
    assert "L.circle" not in layer_script([hit()], TAKOMA, None)
    assert "L.circle" not in layer_script([hit()], None, 25.0)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_inert(name: str) -> None:
    script = layer_script([hit(name=name)], TAKOMA, 25.0)
    for dangerous in ("<", "${", "`", "{{", "{%", "{#"):
        assert dangerous not in script
    assert [f["properties"]["id"] for f in features(script)] == ["", "c-1"]


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

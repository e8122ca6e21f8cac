"""A search as the map component runs it."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit_folium as component

from clinics.present.map import base_map, layer_script
from clinics.settings import tiles_from
from tests.unit.present.test_map import HOSTILE, TAKOMA, hit, search_of
from ui.find import map_frame
from ui.find.map_frame import draw_map, frame_of

LAYER = (
    'window.feature_group = [window.clinicPins({"pins":[{"at":[39.02,-77.0],"ids":["c-2"],'
    '"numbers":[26],"lines":["26. Clinic 2 \\u00b7 6.2 miles"]}],"chosen":"c-2",'
    '"place":{"at":[38.9832,-77.0007],"tip":"You are measuring from: ZIP 20912"},"reach":8047})];'
)


def test_the_script_of_a_search_is_this() -> None:
    assert layer_script([hit(2)], TAKOMA, 5.0, "c-2", 26) == LAYER


def test_the_distance_is_in_meters_and_only_around_a_place() -> None:
    assert search_of(layer_script([hit()], TAKOMA, 25.0))["reach"] == 40234
    assert "reach" not in search_of(layer_script([hit()], TAKOMA, None))
    assert "reach" not in search_of(layer_script([hit()], None, 25.0))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_inert(name: str) -> None:
    script = layer_script([hit(name=name)], TAKOMA, 25.0)
    for dangerous in ("<", "${", "`", "{{", "{%", "{#"):
        assert dangerous not in script
    assert [pin["ids"] for pin in search_of(script)["pins"]] == [["c-1"]]


def test_the_component_is_given_the_same_as_by_its_own_function(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(component, "_component_func", lambda **sent: given.append(sent))
    tiles, returns = tiles_from("osm", ""), ["last_active_drawing"]
    component.st_folium(
        base_map(tiles), key="map", height=400, use_container_width=True,
        returned_objects=returns,
    )  # fmt: skip
    frame = frame_of(base_map(tiles))
    draw_map(frame, "", key="map", height=400, returns=returns)
    theirs, ours = ({k: v for k, v in sent.items() if callable(v) is False} for sent in given)
    assert ours == theirs | {"feature_group": ""}
    assert map_frame.component is component

"""Outlines are those of the states that a data folder names, and of what lies around them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts import build_basemap
from tests.another_site import make


def tiny_topology() -> dict[str, Any]:
    """Two squares side by side, one degree wide, that share the arc 0, a flat one and a far one."""
    counties = [
        {"type": "Polygon", "id": "24001", "properties": {"name": "West"}, "arcs": [[0, 1]]},
        {"type": "Polygon", "id": "24510", "properties": {"name": "East"}, "arcs": [[-1, 2]]},
        {"type": "Polygon", "id": "51610", "properties": {"name": "Flat"}, "arcs": [[3]]},
        {"type": "Polygon", "id": "47001", "properties": {"name": "Far"}, "arcs": [[4]]},
    ]
    return {
        "transform": {"scale": [0.5, 0.5], "translate": [-77, 39]},
        "objects": {"counties": {"geometries": counties}},
        "arcs": [
            [[2, 0], [0, 2]],
            [[2, 2], [-2, 0], [0, -2], [2, 0]],
            [[2, 0], [2, 0], [0, 2], [-2, 0]],
            [[0, 0], [2, 2], [-2, -2]],
            [[-20, 0], [2, 0], [0, 2], [-2, 0], [0, -2]],
        ],
    }


def test_arcs_are_decoded_stitched_and_shared() -> None:
    west, east = build_basemap.build(tiny_topology(), ["MD"])["features"]
    assert (west["properties"]["name"], east["properties"]["name"]) == ("West", "East city")
    assert west["geometry"]["coordinates"] == [
        [(-76, 39), (-76, 40), (-77, 40), (-77, 39), (-76, 39)]
    ]
    assert east["geometry"]["coordinates"] == [
        [(-76, 40), (-76, 39), (-75, 39), (-75, 40), (-76, 40)]
    ]


def test_a_label_moves_inside_when_the_centroid_is_not() -> None:
    horseshoe: build_basemap.Ring = [(0, 0), (9, 0), (9, 9), (8, 9), (8, 1), (2, 1), (2, 9), (0, 9)]
    lon, lat = build_basemap.label_point([[*horseshoe, horseshoe[0]]])
    assert (lon, 0 < lat < 9) == (1.0, True)


def test_the_outlines_are_of_the_states_that_the_folder_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, counties = make(tmp_path / "other"), tmp_path / "counties.json"
    counties.write_text(json.dumps(tiny_topology()), encoding="utf-8")
    monkeypatch.setenv("CLINICS_DATA_DIR", str(folder))
    monkeypatch.setattr("sys.argv", ["build_basemap", str(counties)])
    capsys.readouterr()
    build_basemap.main()
    assert capsys.readouterr().out.startswith("basemap.geojson: 1 outlines")
    made = json.loads((folder / "basemap.geojson").read_text(encoding="utf-8"))
    (only,) = (outline["properties"] for outline in made["features"])
    assert (only["name"], only["state"], only["kind"]) == ("Far", "TN", "county")

    (folder / "sources").mkdir()
    (folder / "sources" / "build.toml").write_text('[outlines]\nstates = ["MD"]\n')
    build_basemap.main()
    made = json.loads((folder / "basemap.geojson").read_text(encoding="utf-8"))
    assert {outline["properties"]["state"] for outline in made["features"]} == {"MD"}


def test_counties_of_other_states_alone_stop_the_script_with_a_sentence() -> None:
    with pytest.raises(SystemExit, match="none of the states of"):
        build_basemap.build(tiny_topology(), ["OR"])

"""Listings that change place -> a layer of lines, each from where it was to where it will be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

import folium

from clinics.domain.model import Point
from clinics.present.map import MAX_PINS, escape_for_map

_WIDTH_PX, _HEIGHT_PX, _MARGIN_PX, _TILE_PX = 520, 360, 40, 256
_NEAR_ZOOM, _FARTHEST_ZOOM = 12, 4


class Moved(Protocol):
    """A listing, and its position before and after."""

    @property
    def name(self) -> str:
        """Return the clinic's name."""
        ...

    @property
    def before(self) -> Point:
        """Return where it was."""
        ...

    @property
    def after(self) -> Point:
        """Return where it will be."""
        ...


def moves_layer(moves: Sequence[Moved]) -> folium.FeatureGroup:
    """Draw at most 200 moves: a line each, with a ring at the end that is new."""
    layer = folium.FeatureGroup(name="moves")
    features: list[dict[str, Any]] = []
    for move in moves[:MAX_PINS]:
        ends = [[p.lon, p.lat] for p in (move.before, move.after)]
        line = {"type": "LineString", "coordinates": ends}
        tip = escape_for_map(move.name)
        features.append({"type": "Feature", "geometry": line, "properties": {"tip": tip}})
    if not features:
        return layer
    layer.add_child(
        folium.GeoJson(
            {"type": "FeatureCollection", "features": features},
            style_function=lambda _: {"color": "#8a4b00", "weight": 2},
            tooltip=folium.GeoJsonTooltip(["tip"], aliases=[""], labels=False),
        )
    )
    for move in moves[:MAX_PINS]:
        where = (move.after.lat, move.after.lon)
        layer.add_child(folium.CircleMarker(where, radius=5, color="#0b5563", fill=True))
    return layer


def view_of_moves(moves: Sequence[Moved]) -> tuple[tuple[float, float], int]:
    """Return the center (lat, lon) and zoom that show every move that is drawn.

    There must be at least one.
    """
    return _fit([point for move in moves[:MAX_PINS] for point in (move.before, move.after)])


def _fit(points: Sequence[Point]) -> tuple[tuple[float, float], int]:
    """Return the center and the nearest zoom that show all points, with a margin around them."""
    lats, lons = [point.lat for point in points], [point.lon for point in points]
    width = (max(lons) - min(lons)) / 360
    height = (_mercator(max(lats)) - _mercator(min(lats))) / (2 * math.pi)
    across = (_WIDTH_PX - 2 * _MARGIN_PX) / _TILE_PX / max(width, 1e-9)
    down = (_HEIGHT_PX - 2 * _MARGIN_PX) / _TILE_PX / max(height, 1e-9)
    center = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    zoom = math.floor(math.log2(min(across, down)))
    return center, max(_FARTHEST_ZOOM, min(_NEAR_ZOOM, zoom))


def _mercator(lat: float) -> float:
    """Return the northing of a latitude in radians of the equator; flat beyond 85 degrees."""
    return math.asinh(math.tan(math.radians(max(-85.0, min(85.0, lat)))))

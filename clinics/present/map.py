"""Results -> folium objects: the base map, the layer of pins, the escaping that keeps text text.

The only importer of folium; must not know Streamlit. Browser code and styles are in `assets/`.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps

from clinics.domain.model import MILES_PER_KM, Clinic, Place, Point
from clinics.present import wording
from clinics.present.assets import ASSETS, sent
from clinics.search.search import Hit
from clinics.settings import Tiles

MAX_PINS = 200
"""A map draws at most this many pins, those listed first; more are neither legible nor quick."""

_HOME = Point(39.8, -98.6)
"""The middle of the contiguous United States, for a directory that names no place of its own."""

_HOME_ZOOM = 9
_NEAR_ZOOM, _APPROXIMATE_ZOOM, _FARTHEST_ZOOM = 12, 11, 4
_RADIUS_STYLE: dict[str, Any] = {
    "color": "#0b5563", "weight": 1.5, "opacity": 0.6,
    "fill": True, "fillColor": "#0b5563", "fillOpacity": 0.03, "interactive": False,
}  # fmt: skip

_MAP_WIDTH_PX, _MAP_HEIGHT_PX, _MARGIN_PX, _TILE_PX = 520, 460, 40, 256
_EARTH_MILES = 40_075.016686 * MILES_PER_KM
"""Length of the equator of the Web Mercator map (WGS-84 semi-major axis times 2 pi)."""

_LITERAL_CHARACTERS = {ord(c): f"&#{ord(c)};" for c in "`\\${}"}
_NO_PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


_CSS, _OUTLINE_JS, _PINS_JS = (
    sent(ASSETS / name) for name in ("map.css", "map_outline.js", "map_pins.js")
)


def escape_for_map(text: str) -> str:
    """Make text safe inside HTML and inside a JavaScript template literal.

    Text on a map passes through a literal that the browser evaluates, so besides `& < > " '` the
    characters that end or open one (backtick, backslash, `$`, braces) become numeric entities.
    """
    return html.escape(text, quote=True).translate(_LITERAL_CHARACTERS)


class _LocalMap(folium.Map):
    """A map whose library the service itself serves: no other host learns who looks at it.

    The addresses are relative to the frame of the map component, two levels below the service.
    """

    default_js = [("leaflet", "../../assets/leaflet/leaflet.js")]  # noqa: RUF012 folium's own way
    default_css = [("leaflet_css", "../../assets/leaflet/leaflet.css")]  # noqa: RUF012 the same


class _Script(MacroElement):
    """Run a function of `assets/` on the map it is added to."""

    _template = Template(
        "{% macro script(this, kwargs) %}\n"
        "{{ this.code }}\n{{ this.function }}({{ this._parent.get_name() }});\n"
        "{% endmacro %}"
    )

    def __init__(self, code: str, function: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Script"
        self.code = code
        self.function = function


def base_map(tiles: Tiles | None, home: Point = _HOME) -> folium.Map:
    """Build the map without results: outlines of the counties, tiles over them, styles of pins.

    Build it anew for every drawing: drawing changes the object, and a component shows the same
    map on only while its script stays the same, which for the same tiles it does.
    """
    still: dict[str, Any] = {"fade_animation": False, "scroll_wheel_zoom": False}
    base = _LocalMap(location=(home.lat, home.lon), zoom_start=_HOME_ZOOM, tiles=None, **still)
    figure: Any = base.get_root()
    figure.header.add_child(folium.Element(f"<style>{_CSS}</style>"), name="pins_css")
    base.add_child(_Script(_OUTLINE_JS, "drawOutline"))
    base.add_child(_Script(_PINS_JS, "preparePins"))
    if tiles is not None:
        base.add_child(_tile_layer(tiles))
    return base


def _tile_layer(tiles: Tiles) -> folium.TileLayer:
    """Show nothing where a tile does not load; send tile servers our origin, which some demand."""
    return folium.TileLayer(
        tiles=tiles.url_template,
        attr=tiles.attribution_html,
        max_zoom=18,
        error_tile_url=_NO_PICTURE,
        referrer_policy="strict-origin-when-cross-origin",
    )


@dataclass(frozen=True, slots=True)
class Pin:
    """One mark on the map: every hit at one position, under the numbers the list gives them."""

    numbers: tuple[int, ...]
    hits: tuple[Hit, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the clinics here."""
        return tuple(hit.clinic.id for hit in self.hits)

    @property
    def point(self) -> Point:
        """Where the mark stands."""
        return self.hits[0].clinic.point

    @property
    def approximate(self) -> bool:
        """Whether any of the clinics is placed only by its ZIP or town."""
        return any(hit.clinic.location_precision.is_approximate for hit in self.hits)

    @property
    def unstated(self) -> bool:
        """Whether none of the clinics states all that was asked for."""
        return all(hit.matches == "not stated" for hit in self.hits)

    @property
    def label(self) -> str:
        """What stands in the mark: up to three numbers, else the first and how many more."""
        if len(self.numbers) <= 3:
            return ", ".join(map(str, self.numbers))
        return f"{self.numbers[0]} +{len(self.numbers) - 1}"

    @property
    def lines(self) -> tuple[str, ...]:
        """What the mark says of each clinic, not yet escaped: "3. Name · 6.2 miles"."""
        return tuple(_line(n, hit) for n, hit in zip(self.numbers, self.hits, strict=True))


def _line(number: int, hit: Hit) -> str:
    facts = (
        f"{number}. {hit.clinic.name}",
        *wording.cautions(hit.clinic),
        wording.distance(hit),
        hit.across,
        wording.approximate(hit),
        wording.not_stated(hit),
    )
    return " · ".join(filter(None, facts))


def pins(hits: Sequence[Hit], first_number: int = 1) -> tuple[Pin, ...]:
    """Gather hits at one position (to 5 decimals, about a meter) into one pin, in list order."""
    groups: dict[tuple[float, float], list[tuple[int, Hit]]] = {}
    for number, hit in enumerate(hits, first_number):
        point = hit.clinic.point
        groups.setdefault((round(point.lat, 5), round(point.lon, 5)), []).append((number, hit))
    return tuple(Pin(*zip(*group, strict=True)) for group in groups.values())


def _features(
    hits: Sequence[Hit], place: Place | None, selected_id: str, first_number: int
) -> list[dict[str, Any]]:
    """Return the place, if any, and the first MAX_PINS pins as features of GeoJSON."""
    features = [_place_feature(place)] if place is not None else []
    drawn = pins(hits, first_number)[:MAX_PINS]
    return features + [_pin_feature(pin, rank, selected_id) for rank, pin in enumerate(drawn)]


def _pin_feature(pin: Pin, rank: int, selected_id: str) -> dict[str, Any]:
    selected = selected_id in pin.ids
    kinds = ["pin", "pin-approximate" if pin.approximate else "pin-exact"]
    kinds += ["pin-unstated"] if pin.unstated else []
    kinds += ["pin-selected"] if selected else []
    ids = [escape_for_map(id) for id in pin.ids]
    properties = {
        "id": ids[0],
        "ids": ids,
        "label": pin.label,
        "tip": "<br>".join(escape_for_map(line) for line in pin.lines),
        "kind": " ".join(kinds),
        "lift": 1_000_000 if selected else (MAX_PINS - rank) * 1000,
    }
    return _feature(pin.point, properties)


def _place_feature(place: Place) -> dict[str, Any]:
    tip = escape_for_map(f"You are measuring from: {place.name}")
    return _feature(place.point, {"id": "", "ids": [], "tip": tip, "kind": "place"})


def _feature(point: Point, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [point.lon, point.lat]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def view(
    place: Place | None,
    radius_miles: float | None,
    hits: Sequence[Hit],
    selected: Clinic | None,
    home: Point = _HOME,
) -> tuple[tuple[float, float], int]:
    """Return the center (lat, lon) and zoom that show what matters on a map of 520 x 460 pixels.

    The selected clinic first, else the whole distance around the place, else all hits (and the
    place), else `home`.
    """
    if selected is not None:
        zoom = _APPROXIMATE_ZOOM if selected.location_precision.is_approximate else _NEAR_ZOOM
        return (selected.point.lat, selected.point.lon), zoom
    if place is not None and radius_miles is not None:
        return (place.point.lat, place.point.lon), _zoom_for(place.point, radius_miles)
    points = [hit.clinic.point for hit in hits]
    here = [] if place is None else [place.point]
    if points:
        return fit(points + here)
    middle = here[0] if here else home
    return (middle.lat, middle.lon), _HOME_ZOOM


def _zoom_for(center: Point, radius_miles: float) -> int:
    """Return the nearest zoom at which a circle fits the width of the map.

    A pixel is the equator * cos(latitude) / (256 * 2^zoom) long on a Web Mercator map.
    """
    pixel_at_0 = _EARTH_MILES * math.cos(math.radians(center.lat)) / _TILE_PX
    return _clamped(_MAP_WIDTH_PX * pixel_at_0 / (2 * radius_miles))


def fit(points: Sequence[Point]) -> tuple[tuple[float, float], int]:
    """Return the center and the nearest zoom that show all points, with a margin around them."""
    lats, lons = [point.lat for point in points], [point.lon for point in points]
    width = (max(lons) - min(lons)) / 360
    height = (_mercator(max(lats)) - _mercator(min(lats))) / (2 * math.pi)
    across = (_MAP_WIDTH_PX - 2 * _MARGIN_PX) / _TILE_PX / max(width, 1e-9)
    down = (_MAP_HEIGHT_PX - 2 * _MARGIN_PX) / _TILE_PX / max(height, 1e-9)
    center = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    return center, _clamped(min(across, down))


def _mercator(lat: float) -> float:
    """Return the northing of a latitude in radians of the equator; flat beyond 85 degrees."""
    return math.asinh(math.tan(math.radians(max(-85.0, min(85.0, lat)))))


def _clamped(scale: float) -> int:
    """Turn "times as large as zoom 0" into a zoom, from a continent to a neighborhood."""
    return max(_FARTHEST_ZOOM, min(_NEAR_ZOOM, math.floor(math.log2(scale))))


_LAYER = "feature_group_feature_group_0"
"""The map component takes a layer of this name off again when another comes."""


def layer_script(
    hits: Sequence[Hit],
    place: Place | None,
    radius_miles: float | None,
    selected_id: str = "",
    first_number: int = 1,
) -> str:
    """Return the script that draws numbered pins, the place and the distance around it.

    A click on a pin gives back its feature; `properties.id` is the clinic (the first of several,
    or the one chosen from the pin's list). Only the first MAX_PINS pins are drawn.
    """
    features = _features(hits, place, selected_id, first_number)
    collection = {"type": "FeatureCollection", "features": features}
    drawn = [f"L.geoJson({_text(collection)}, {{pointToLayer: window.clinicPins.draw}})"]
    if place is not None and radius_miles is not None:
        drawn.insert(0, _circle(place, radius_miles))
    lines = [f"var {_LAYER} = L.featureGroup({{}});"]
    lines += [f"{part}.addTo({_LAYER});" for part in drawn]
    lines += [
        f"map_div.addLayer({_LAYER});",
        "window.feature_group = window.feature_group || [];",
        f"window.feature_group.push({_LAYER});",
    ]
    return "\n".join(lines)


def _circle(place: Place, radius_miles: float) -> str:
    style = {**_RADIUS_STYLE, "radius": radius_miles / MILES_PER_KM * 1000}
    return f"L.circle([{place.point.lat!r}, {place.point.lon!r}], {_text(style)})"


def _text(value: object) -> str:
    """Return JSON without a character that could end a script or open a tag."""
    return str(htmlsafe_json_dumps(value, separators=(",", ":")))

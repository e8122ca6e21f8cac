"""Results -> folium objects: the base map, the layer of pins, the escaping that keeps text text.

The only importer of folium; must not know Streamlit. Browser code and styles are in `assets/`.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps

from clinics.domain.language import say
from clinics.domain.model import MILES_PER_KM, Place, Point
from clinics.present import wording
from clinics.present.assets import map_script_name
from clinics.search.search import Hit
from clinics.settings import Tiles

MAX_PINS = 200
"""A map draws at most this many pins, those listed first; more are neither legible nor quick."""

_HOME = Point(39.8, -98.6)
"""The middle of the contiguous United States, for a directory that names no place of its own."""

_HOME_ZOOM = 9

_LITERAL_CHARACTERS = {ord(c): f"&#{ord(c)};" for c in "`\\${}"}
_NO_PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def escape_for_map(text: str) -> str:
    """Make text safe inside HTML and inside a JavaScript template literal.

    Text on a map passes through a literal that the browser evaluates, so besides `& < > " '` the
    characters that end or open one (backtick, backslash, `$`, braces) become numeric entities.
    """
    return html.escape(text, quote=True).translate(_LITERAL_CHARACTERS)


class _LocalMap(folium.Map):
    """A map whose files the service itself serves: no other host learns who looks at it.

    The addresses are relative to the frame of the map component, two levels below the service.
    """

    default_js = [  # noqa: RUF012 folium's own way
        ("leaflet", "../../assets/leaflet/leaflet.js"),
        ("clinic_map", f"../../assets/{map_script_name()}"),
    ]
    default_css = [("leaflet_css", "../../assets/leaflet/leaflet.css")]  # noqa: RUF012 the same


class _Prepared(MacroElement):
    """Have the script of the map prepare the map that this is added to."""

    _template = Template(
        "{% macro script(this, kwargs) %}\n"
        "prepareMap({{ this._parent.get_name() }});\n"
        "{% endmacro %}"
    )


def base_map(tiles: Tiles | None, home: Point = _HOME) -> folium.Map:
    """Build the map without results: outlines of the counties and tiles over them.

    Build it anew for every drawing: drawing changes the object, and a component shows the same
    map on only while its script stays the same, which for the same tiles it does.
    """
    still: dict[str, Any] = {"fade_animation": False, "scroll_wheel_zoom": False}
    base = _LocalMap(location=(home.lat, home.lon), zoom_start=_HOME_ZOOM, tiles=None, **still)
    base.add_child(_Prepared())  # type: ignore[no-untyped-call]
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


def layer_script(
    hits: Sequence[Hit],
    place: Place | None,
    radius_miles: float | None,
    selected_id: str = "",
    first_number: int = 1,
    *,
    alone: bool = False,
) -> str:
    """Return the script that draws numbered pins, the place and the distance around it.

    The browser fits the map to them. Choosing a pin gives back a feature; `properties.id` is the
    clinic. Only the first MAX_PINS pins are drawn. A map that is `alone` has the card of the
    chosen clinic over its foot where it is narrow.
    """
    drawn = pins(hits, first_number)[:MAX_PINS]
    search: dict[str, Any] = {
        "pins": [_pin(pin) for pin in drawn],
        "chosen": escape_for_map(selected_id),
    }
    if place is not None:
        tip = escape_for_map(say("results.measuring_from", place=place.name))
        search["place"] = {"at": _at(place.point), "tip": tip}
        if radius_miles is not None:
            search["reach"] = round(radius_miles / MILES_PER_KM * 1000)
    if alone:
        search["alone"] = True
    return f"window.feature_group = [window.clinicPins({_text(search)})];"


def _pin(pin: Pin) -> dict[str, Any]:
    flags = {"rough": pin.approximate, "silent": pin.unstated}
    return {
        "at": _at(pin.point),
        "ids": [escape_for_map(id) for id in pin.ids],
        "numbers": list(pin.numbers),
        "lines": [escape_for_map(line) for line in pin.lines],
        **{name: True for name, holds in flags.items() if holds},
    }


def _at(point: Point) -> list[float]:
    return [point.lat, point.lon]


def _text(value: object) -> str:
    """Return JSON without a character that could end a script or open a tag."""
    return str(htmlsafe_json_dumps(value, separators=(",", ":")))

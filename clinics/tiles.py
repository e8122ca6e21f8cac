"""Where the pictures of the street map come from.

Owns the rule of the setting `CLINICS_TILES`; must not know how a map is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

_OSM_URL = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
_OSM_ATTRIBUTION = (
    'Map: <a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">'
    "© OpenStreetMap contributors</a>"
)


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where map pictures come from, and the credit (HTML) their provider asks for."""

    url_template: str
    attribution_html: str


def tiles_from(name_or_template: str, attribution: str) -> Tiles | None:
    """Return the tiles a setting names: `osm`, `none` (None) or a template with its credit.

    Raises ValueError, as prose, for anything else.
    """
    if name_or_template == "none":
        return None
    if name_or_template == "osm":
        return Tiles(_OSM_URL, _OSM_ATTRIBUTION)
    web = name_or_template.startswith(("http://", "https://"))
    if not web or not all(part in name_or_template for part in ("{z}", "{x}", "{y}")):
        raise ValueError(
            "Map tiles need osm, none, or an address that begins with https:// and holds {z}, {x} "
            f"and {{y}}; the value is “{name_or_template}”."
        )
    if not attribution.strip():
        raise ValueError(
            "Map tiles from a provider of your own need the credit that the provider asks for; "
            "it is empty."
        )
    return Tiles(name_or_template, attribution)

"""One search on the map, as the text that the map component runs in the browser.

Owns that text, which folium would make too, in fifty times the time; must not know Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence

from jinja2.utils import htmlsafe_json_dumps

from clinics.domain.model import MILES_PER_KM, Place
from clinics.present.map import RADIUS_STYLE, results_features
from clinics.search.search import Hit

_LAYER = "feature_group_feature_group_0"
"""The map component takes a layer of this name off again when another comes."""


def layer_script(
    hits: Sequence[Hit],
    place: Place | None,
    radius_miles: float | None,
    selected_id: str = "",
    first_number: int = 1,
) -> str:
    """Return what draws the same as `map.results_layer` does, with the same arguments."""
    features = results_features(hits, place, selected_id, first_number)
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
    style = {**RADIUS_STYLE, "radius": radius_miles / MILES_PER_KM * 1000}
    return f"L.circle([{place.point.lat!r}, {place.point.lon!r}], {_text(style)})"


def _text(value: object) -> str:
    """Return JSON without a character that could end a script or open a tag."""
    return str(htmlsafe_json_dumps(value, separators=(",", ":")))

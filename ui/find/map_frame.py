"""The map on a page: what is alike on every run is worked out once, and a run adds its pins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
import streamlit_folium as component


@dataclass(frozen=True, slots=True)
class MapFrame:
    """A map without results, as the component is given it; drawing it changes nothing."""

    script: str
    header: str
    css: tuple[str, ...]
    js: tuple[str, ...]


def frame_of(base: Any) -> MapFrame:
    """Turn a folium map into a frame, by the steps of the component itself; takes some 10 ms."""
    base.get_root().render()
    base.render()
    header = component._get_header(base)
    script = component._get_map_string(base)
    css, js = (tuple(address for _, address in c) for c in (base.default_css, base.default_js))
    return MapFrame(script, header, css, js)


def draw_map(
    frame: MapFrame,
    layer: str,
    *,
    key: str,
    height: int,
    returns: Sequence[str] = (),
    on_change: Callable[[], None] = lambda: None,
) -> None:
    """Draw a map and the layer of a search on it, as `st_folium` would with the same.

    `height` is in pixels, where the style of the page does not say another; what is shown in it
    the layer decides. Of what happens on the map, `returns` comes back into the session under
    `key`; after that `on_change` is called.
    """
    hash_key = component.generate_js_hash(frame.script, key)

    def changed() -> None:
        st.session_state[key] = st.session_state.get(hash_key, {})
        on_change()

    component._component_func(
        script=frame.script,
        header=frame.header,
        html="",
        id="map_div",
        key=hash_key,
        height=height,
        width=None,
        returned_objects=list(returns),
        default=dict.fromkeys(returns),
        zoom=None,
        center=None,
        feature_group=layer,
        return_on_hover=False,
        layer_control=None,
        pixelated=False,
        css_links=list(frame.css),
        js_links=list(frame.js),
        on_change=changed,
        wrap_longitude=False,
    )

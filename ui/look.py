"""How the pages are drawn, for the first screen that stands in their HTML before Streamlit runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit import config

from clinics.present.assets import sent
from clinics.web.first_screen import Look
from ui.components import ASSETS

_RADII = {"none": "0", "small": "0.35rem", "medium": "0.5rem", "large": "1rem", "full": "9999px"}
"""What Streamlit's theme calls its radii."""

DRAWN_FIRST = ("BidiComponent", "TextInput", "ButtonGroup", "Selectbox", "LinkButton", "Button")
"""What the first pages are made of, as Streamlit names its scripts; each is loaded when a page
first has one, a round trip and more after the page is there."""

_IMPORTED = re.compile(r"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""")
_FONT = '"First Sans", "First Arial", "First Roboto", "Source Sans", sans-serif'


def look() -> Look:
    """Return the theme of `.streamlit/config.toml` and our styles, as CSS."""
    frame, panel, cards = (sent(ASSETS / f"{name}.css") for name in ("frame", "panel", "cards"))
    reading = sent(ASSETS / "reading.css")
    return Look(
        theme=theme_css(),
        frame=frame,
        panel=panel + reading,
        cards=panel + cards,
        scripts=tuple(f"./static/js/{name}" for name in scripts_ahead()),
    )


def scripts_ahead(static: Path = Path(st.__file__).parent / "static") -> list[str]:
    """Return the scripts that draw the first pages and are not in Streamlit's HTML, by name.

    One that an upgrade has renamed is left out, and loaded when it is needed.
    """
    known = set(re.findall(r"static/js/([\w.-]+\.js)", (static / "index.html").read_text("utf-8")))
    scripts = static / "static" / "js"
    asked = [path.name for each in DRAWN_FIRST for path in scripts.glob(f"{each}.*.js")]
    found: list[str] = []
    while asked:
        name = asked.pop(0)
        if name not in known:
            known.add(name)
            found.append(name)
            asked += _IMPORTED.findall((scripts / name).read_text("utf-8"))
    return found


def theme_css() -> str:
    """Return the theme as the properties that Streamlit gives to components, for both schemes."""
    size = int(config.get_option("theme.baseFontSize") or 16)
    radius = _RADII.get(str(config.get_option("theme.baseRadius")), _RADII["medium"])
    both = {"base-radius": radius, "button-radius": radius, "font": _FONT}
    light, dark = (_block({**both, **_colors(name)}, name) for name in ("light", "dark"))
    return (
        f"html {{ font-size: {size}px; }}\n#first {{ {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ #first:not([data-theme=Light]) {{ {dark} }} }}\n"
        f"#first[data-theme=Dark] {{ {dark} }}"
    )


def _colors(scheme: str) -> dict[str, str]:
    options = config.get_options_for_section(f"theme.{scheme}")
    return {
        re.sub("([A-Z])", r"-\1", name).lower(): str(value)
        for name, value in options.items()
        if name.endswith("Color") and value
    }


def _block(values: Mapping[str, str], scheme: str) -> str:
    said = "; ".join(f"--st-{name}: {value}" for name, value in values.items())
    return f"color-scheme: {scheme}; {said};"

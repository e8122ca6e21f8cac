"""How the pages are drawn, for the first screen that stands in their HTML before Streamlit runs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from streamlit import config

from clinics.present.assets import sent
from clinics.web.first_screen import Look
from ui.components import ASSETS

_RADII = {"none": "0", "small": "0.35rem", "medium": "0.5rem", "large": "1rem", "full": "9999px"}
"""What Streamlit's theme calls its radii."""

_FONT = '"First Sans", "Source Sans", sans-serif'


def look() -> Look:
    """Return the theme of `.streamlit/config.toml` and our styles, as CSS."""
    frame, panel, cards = (sent(ASSETS / f"{name}.css") for name in ("frame", "panel", "cards"))
    reading = sent(ASSETS / "reading.css")
    return Look(theme=theme_css(), frame=frame, panel=panel + reading, cards=panel + cards)


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

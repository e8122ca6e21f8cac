"""Scripts and styles that are sent within a page, as they are sent: without comments."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path

from clinics.domain.language import say, speaking, spoken

ASSETS = Path(__file__).parent / "assets"

_MAP_WORDS = (
    "label", "more", "clinics_here", "clinics", "exact", "approximate", "silent", "silent_rest",
    "show_all", "show_all_title", "card_below", "zoom_in", "zoom_out", "close",
)  # fmt: skip
"""What the map says of itself, as its sentences are called."""

_COMMENT = re.compile(r"/\*.*?\*/\n?|^ *//[^\n]*\n", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"^ +", re.MULTILINE)


def sent(path: Path) -> str:
    """Return a script or a style sheet without comments and without its lines' indentation.

    A comment behind code stays, and no text in such a file may hold what looks like a comment or
    go over several lines.
    """
    return _INDENTED.sub("", _COMMENT.sub("", path.read_text(encoding="utf-8")))


def map_script() -> bytes:
    """Return what every map is prepared with, style, words and all, as one script.

    A file of its own, because what a map is made of goes with every answer; one for each language.
    """
    return _map_script(spoken())


@cache
def _map_script(language: str) -> bytes:
    names = ("map_outline.js", "map_view.js", "map_keys.js", "map_pins.js")
    style = json.dumps(sent(ASSETS / "map.css"))
    parts = [sent(ASSETS / name) for name in names]
    parts.append(f"const clinicMapStyle = {style};\n{sent(ASSETS / 'map.js')}")
    with speaking(language):
        words = json.dumps({name: say(f"map.{name}") for name in _MAP_WORDS}, ensure_ascii=False)
    parts.append(f"const clinicMapWords = {words};")
    return "\n".join(parts).encode()


def map_script_name() -> str:
    """Return the name of that script, such as map.0a1b2c3d4e.js: another for each content."""
    return f"map.{hashlib.sha256(map_script()).hexdigest()[:10]}.js"


@cache
def where_script() -> bytes:
    """Return what suggests places under the box for one, style and all, as one module.

    A file of its own, because a part of the app goes with every answer.
    """
    style = json.dumps(sent(ASSETS / "where.css"))
    return f"const whereStyle = {style};\n{sent(ASSETS / 'where.js')}".encode()


@cache
def where_script_name() -> str:
    """Return the name of that script, such as where.0a1b2c3d4e.js: another for each content."""
    return f"where.{hashlib.sha256(where_script()).hexdigest()[:10]}.js"


@cache
def first_screen_style(theme: str) -> str:
    """Return what the first screen of a page is drawn with, in the colors of a theme."""
    return f"{theme}\n{sent(ASSETS / 'first_screen.css')}"


@cache
def first_screen_script() -> str:
    """Return what takes the first screen off when the app has drawn the same."""
    return sent(ASSETS / "first_screen.js")

"""The app's fonts with the signs that are used and no others: a fifteenth of their bytes.

They are made from the installed Streamlit's own when the service starts. What the font for text has
no sign for any more, the next one in the style has. An icon that is left out would be shown as a
word, so every icon is kept that Streamlit's scripts and modules name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

_ICON = re.compile(r":material/([a-z0-9_]+)")
_ICONS, _LETTERS = "MaterialSymbols-*.woff2", "SourceSansVF-Upright*.woff2"
_MEDIA, _SCRIPTS = "static/static/media", "static/static/js"
_WRITTEN = "abcdefghijklmnopqrstuvwxyz0123456789_"
"""What names of icons are written with: the font makes one sign of a whole name."""

KEPT = (
    (0x20, 0x17F),  # Latin: English, Spanish and the names of people and places
    (0x2010, 0x2027), (0x2030, 0x203A),  # dashes, quotation marks, signs of punctuation
    (0x20AC, 0x20AC), (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212), (0x2264, 0x2265),
    (0x25CB, 0x25CB), (0x25CF, 0x25D0), (0x2713, 0x2715), (0x2060, 0x2060),
)  # fmt: skip
"""The characters of the font for text, first and last of each row."""


class SmallFonts(Mapping[str, bytes]):
    """Small fonts by the path they are served at; empty until `make` was called.

    `package` is the folder of Streamlit.
    """

    def __init__(self, package: Path) -> None:
        self._package = package
        self._made: dict[str, bytes] = {}

    def __getitem__(self, path: str) -> bytes:
        return self._made[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def make(self) -> None:
        """Make them; this takes a second or two. A font that is built otherwise is left alone."""
        media = self._package / _MEDIA
        names = icon_names(self._package)
        made = {path: icons_of(path, names) for path in media.glob(_ICONS)}
        made |= {path: letters_of(path) for path in media.glob(_LETTERS)}
        self._made = {f"/static/media/{path.name}": font for path, font in made.items() if font}


def icon_names(package: Path) -> frozenset[str]:
    """Return every icon that the scripts and modules name."""
    scripts, modules = (package / _SCRIPTS).glob("*.js"), (package / "elements").rglob("*.py")
    found: set[str] = set()
    for source in (*scripts, *modules):
        found.update(_ICON.findall(source.read_text(encoding="utf-8")))
    return frozenset(found)


def icons_of(path: Path, names: Iterable[str]) -> bytes:
    """Return a font of icons with these alone; b"" where it makes no icons of their names."""
    with TTFont(path, lazy=True) as font:
        signs, letters = _signs_by_name(font), font.getBestCmap()
        spelled = {tuple(letters.get(ord(letter), "") for letter in name) for name in names}
        kept = {signs[name] for name in spelled if name in signs}
        if not kept:
            return b""
        # Without this every icon would be kept: the letters of the alphabet spell them all.
        options = Options(layout_closure=False, layout_features=["*"])
        return _subset(font, options, glyphs=kept, text=_WRITTEN)


def _signs_by_name(font: TTFont) -> dict[tuple[str, ...], str]:
    """Return the icons of a font by the letters that they are made of."""
    signs: dict[tuple[str, ...], str] = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            ligatures = getattr(getattr(table, "ExtSubTable", table), "ligatures", {})
            for first, made in ligatures.items():
                signs |= {(first, *each.Component): each.LigGlyph for each in made}
    return signs


def letters_of(path: Path) -> bytes:
    """Return a font for text with the characters of `KEPT` alone, in all its weights."""
    kept = [code for first, last in KEPT for code in range(first, last + 1)]
    features = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "calt"]
    with TTFont(path, lazy=True) as font:
        return _subset(font, Options(layout_features=features), unicodes=kept)


def _subset(font: TTFont, options: Options, **kept: object) -> bytes:
    options.hinting = False
    subsetter = Subsetter(options)
    subsetter.populate(**kept)
    subsetter.subset(font)
    font.flavor = "woff2"
    made = BytesIO()
    font.save(made)
    return made.getvalue()

"""The picture that is shown of a link: the words of the site beside the pin of the icon."""

from __future__ import annotations

import io
import textwrap
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

from clinics.domain.site import Site

if TYPE_CHECKING:
    from PIL import Image, ImageDraw
    from PIL.ImageFont import FreeTypeFont

    Font = FreeTypeFont

SIZE = (1200, 630)
PAPER, ACCENT, TEXT, QUIET = "#ffffff", "#0b5563", "#18272b", "#4a5b60"
LEFT = 96
FINER = 2
"""Drawn so many times larger and shrunk, so that edges are smooth."""

ROOM = (SIZE[0] - 190 - 88 - 24 - LEFT) * FINER
"""How wide a line may be, in pixels, to end before the pin."""

MOST_LINES, SMALLEST = 3, 20
SURE = 36
"""So many letters fit on a line of the smallest size, however wide they are."""


COLORS = 16
"""Few colors are enough for flat shapes and smooth letters, and make a small file."""

_LETTERS = "static/static/media/SourceSansVF-Upright*.woff2"
"""The font that the app is shown in, in Streamlit's folder: Pillow's own has no "ñ" and no "í"."""


@lru_cache(maxsize=4)
def preview(site: Site) -> bytes:
    """Return the picture of a site as PNG."""
    file = io.BytesIO()
    _drawn(site.title, site.tagline).save(file, "PNG", optimize=True)
    return file.getvalue()


def _drawn(title: str, tagline: str) -> Image.Image:
    """Return the picture in a palette of few colors."""
    from PIL import Image, ImageDraw  # takes a tenth of a second, and nobody may ever ask

    width, height = (FINER * side for side in SIZE)
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 28 * FINER, height), fill=ACCENT)
    _draw_pin(draw, width - 190 * FINER, 210 * FINER)
    file = "" if (title + tagline).isascii() else _font_file()
    if not file:
        title, tagline = _without_marks(title), _without_marks(tagline)
    bottom = _draw_lines(draw, title, 150 * FINER, size=68 * FINER, file=file, fill=TEXT)
    left, thick = LEFT * FINER, 6 * FINER
    rule = bottom + 3 * thick
    draw.rectangle((left, rule, left + 120 * FINER, rule + thick), fill=ACCENT)
    _draw_lines(draw, tagline, bottom + 52 * FINER, size=31 * FINER, file=file, fill=QUIET)
    smooth = image.resize(SIZE, Image.Resampling.LANCZOS)
    return smooth.quantize(COLORS, dither=Image.Dither.NONE)


def _draw_lines(
    draw: ImageDraw.ImageDraw, text: str, top: int, *, size: int, file: str, fill: str
) -> int:
    """Draw a text of a few lines beside the pin, and return where it ends, in pixels."""
    size, lines = fitted(text, size, file)
    for line in lines:
        draw.text((LEFT * FINER, top), line, font=_font(size, file), fill=fill)
        top += round(size * 1.25)
    return top


def fitted(text: str, size: int, file: str = "") -> tuple[int, list[str]]:
    """Return a size, at most this one, and the lines of a text that fit beside the pin in it."""
    words = text.split()
    for smaller in range(size, SMALLEST * FINER, -2 * FINER):
        lines = _wrapped(words, smaller, file)
        if len(lines) <= MOST_LINES and all(_wide(line, smaller, file) <= ROOM for line in lines):
            return smaller, lines
    lines = textwrap.wrap(text, SURE, max_lines=MOST_LINES, placeholder=" …")
    return SMALLEST * FINER, lines


def _wrapped(words: list[str], size: int, file: str) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _wide(longer, size, file) <= ROOM:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _wide(line: str, size: int, file: str) -> float:
    return _font(size, file).getlength(line)


@cache
def _font(size: int, file: str) -> Font:
    """Return a font of a file, or Pillow's own."""
    from PIL import ImageFont

    if not file:
        return cast("Font", ImageFont.load_default(size))
    font = ImageFont.truetype(file, size)
    font.set_variation_by_name("Regular")
    return font


def _font_file() -> str:
    """Return the file of the app's font; "" where it cannot be had."""
    streamlit = find_spec("streamlit")
    folder = Path(streamlit.origin).parent if streamlit and streamlit.origin else Path()
    return str(next(folder.glob(_LETTERS), ""))


def _without_marks(text: str) -> str:
    """Return a text in the letters of Pillow's own font: "í" without its accent."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _draw_pin(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """Draw the pin of the icon; its head is a circle round this point."""
    head, hole, foot = 88 * FINER, 36 * FINER, 190 * FINER
    side = round(head * 0.84)
    shoulder = y + round(head * 0.55)
    draw.polygon([(x - side, shoulder), (x + side, shoulder), (x, y + foot)], fill=ACCENT)
    draw.ellipse((x - head, y - head, x + head, y + head), fill=ACCENT)
    draw.ellipse((x - hole, y - hole, x + hole, y + hole), fill=PAPER)

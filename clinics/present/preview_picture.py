"""The picture that is shown of a link: the words of the site beside the pin of the icon."""

from __future__ import annotations

import io
import textwrap
import unicodedata
from functools import lru_cache
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
    large, small = _font(file, 68 * FINER), _font(file, 31 * FINER)
    if not file:
        title, tagline = _without_marks(title), _without_marks(tagline)
    bottom = _draw_lines(draw, title, 150 * FINER, font=large, width=24, fill=TEXT)
    left, thick = LEFT * FINER, 6 * FINER
    rule = bottom + 3 * thick
    draw.rectangle((left, rule, left + 120 * FINER, rule + thick), fill=ACCENT)
    _draw_lines(draw, tagline, bottom + 52 * FINER, font=small, width=54, fill=QUIET)
    smooth = image.resize(SIZE, Image.Resampling.LANCZOS)
    return smooth.quantize(COLORS, dither=Image.Dither.NONE)


def _draw_lines(
    draw: ImageDraw.ImageDraw, text: str, top: int, *, font: Font, width: int, fill: str
) -> int:
    """Draw a text of lines of at most `width` characters, and return where it ends, in pixels."""
    for line in textwrap.wrap(text, width)[:4]:
        draw.text((LEFT * FINER, top), line, font=font, fill=fill)
        top += round(font.size * 1.25)
    return top


def _font(file: str, size: int) -> Font:
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

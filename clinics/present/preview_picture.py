"""The picture that is shown of a link: the words of the site beside the pin of the icon."""

from __future__ import annotations

import io
import textwrap
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from clinics.domain.site import Site

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

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


@lru_cache(maxsize=2)
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
    bottom = _draw_lines(draw, title, 150 * FINER, size=68 * FINER, fill=TEXT)
    left, thick = LEFT * FINER, 6 * FINER
    rule = bottom + 3 * thick
    draw.rectangle((left, rule, left + 120 * FINER, rule + thick), fill=ACCENT)
    _draw_lines(draw, tagline, bottom + 52 * FINER, size=31 * FINER, fill=QUIET)
    smooth = image.resize(SIZE, Image.Resampling.LANCZOS)
    return smooth.quantize(COLORS, dither=Image.Dither.NONE)


def _draw_lines(draw: ImageDraw.ImageDraw, text: str, top: int, *, size: int, fill: str) -> int:
    """Draw a text of a few lines beside the pin, and return where it ends, in pixels."""
    size, lines = fitted(text, size)
    for line in lines:
        draw.text((LEFT * FINER, top), line, font=_font(size), fill=fill)
        top += round(size * 1.25)
    return top


def fitted(text: str, size: int) -> tuple[int, list[str]]:
    """Return a size, at most this one, and the lines of a text that fit beside the pin in it."""
    words = text.split()
    for smaller in range(size, SMALLEST * FINER, -2 * FINER):
        lines = _wrapped(words, smaller)
        if len(lines) <= MOST_LINES and all(_wide(line, smaller) <= ROOM for line in lines):
            return smaller, lines
    lines = textwrap.wrap(text, SURE, max_lines=MOST_LINES, placeholder=" …")
    return SMALLEST * FINER, lines


def _wrapped(words: list[str], size: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _wide(longer, size) <= ROOM:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _wide(line: str, size: int) -> float:
    return _font(size).getlength(line)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _draw_pin(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """Draw the pin of the icon; its head is a circle round this point."""
    head, hole, foot = 88 * FINER, 36 * FINER, 190 * FINER
    side = round(head * 0.84)
    shoulder = y + round(head * 0.55)
    draw.polygon([(x - side, shoulder), (x + side, shoulder), (x, y + foot)], fill=ACCENT)
    draw.ellipse((x - head, y - head, x + head, y + head), fill=ACCENT)
    draw.ellipse((x - hole, y - hole, x + hole, y + hole), fill=PAPER)

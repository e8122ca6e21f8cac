"""Make `clinics/present/assets/preview.png`, the picture that a shared link to a plain page shows.

The picture is drawn here: the title of `data/site.toml` beside the pin of the icon.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from clinics.domain.site import load_site
from clinics.present.assets import ASSETS
from clinics.web.plain.assets import PREVIEW_SIZE

DATA = Path(__file__).resolve().parent.parent / "data"
TARGET = ASSETS / "preview.png"
PAPER, ACCENT, TEXT, QUIET = "#ffffff", "#0b5563", "#18272b", "#4a5b60"
LEFT = 96
FINER = 2
"""Drawn so many times larger and shrunk, so that edges are smooth."""

COLORS = 16
"""Few colors are enough for flat shapes and smooth letters, and make a small file."""


def main() -> None:
    """Draw and save the picture."""
    site = load_site(DATA)
    draw_picture(site.title, site.tagline).save(TARGET, optimize=True)


def draw_picture(title: str, tagline: str) -> Image.Image:
    """Return the picture in a palette of few colors."""
    width, height = (FINER * side for side in PREVIEW_SIZE)
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 28 * FINER, height), fill=ACCENT)
    _draw_pin(draw, width - 190 * FINER, 210 * FINER)
    bottom = _draw_lines(draw, title, 150 * FINER, size=68 * FINER, width=24, fill=TEXT)
    left, thick = LEFT * FINER, 6 * FINER
    rule = bottom + 3 * thick
    draw.rectangle((left, rule, left + 120 * FINER, rule + thick), fill=ACCENT)
    _draw_lines(draw, tagline, bottom + 52 * FINER, size=31 * FINER, width=54, fill=QUIET)
    smooth = image.resize(PREVIEW_SIZE, Image.Resampling.LANCZOS)
    return smooth.quantize(COLORS, dither=Image.Dither.NONE)


def _draw_lines(
    draw: ImageDraw.ImageDraw, text: str, top: int, *, size: int, width: int, fill: str
) -> int:
    """Draw a text of lines of at most `width` characters, and return where it ends, in pixels."""
    font = ImageFont.load_default(size)
    for line in textwrap.wrap(text, width)[:4]:
        draw.text((LEFT * FINER, top), line, font=font, fill=fill)
        top += round(size * 1.25)
    return top


def _draw_pin(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """Draw the pin of the icon; its head is a circle round this point."""
    head, hole, foot = 88 * FINER, 36 * FINER, 190 * FINER
    side = round(head * 0.84)
    shoulder = y + round(head * 0.55)
    draw.polygon([(x - side, shoulder), (x + side, shoulder), (x, y + foot)], fill=ACCENT)
    draw.ellipse((x - head, y - head, x + head, y + head), fill=ACCENT)
    draw.ellipse((x - hole, y - hole, x + hole, y + hole), fill=PAPER)


if __name__ == "__main__":
    main()

"""What every sheet to take along shares: the font, what it can print, lines that fit, the foot.

The only importer of the package that makes PDFs; must not know what a sheet is about.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from clinics.domain.language import say, spoken

if TYPE_CHECKING:
    from fpdf import FPDF

    Sheet = FPDF
    """A document that is being drawn."""

MARGIN, FOOT = 54.0, 30.0
"""Points (1/72 inch), as everything here; US Letter is 612 x 792 of them."""

LEADING = 1.25
GRAY, RULE = 85, 150
MAX_LINES = 4
FONT = "helvetica"

_NO_DAY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Every sheet gives this as its day: when it was made is nobody's business."""

_PLAIN = str.maketrans("‘’‚“”„–—−…•\u00a0", '\'\',"""---.- ')
_OTHER_LETTERS = re.compile(r"[^\x20-\x7e\xa1-\xff]+")


def new_sheet(title: str) -> Sheet:
    """Return a document of US Letter paper with its first page; the same input, the same bytes."""
    from fpdf import FPDF  # takes a fifth of a second to read, and few visitors want a sheet

    pdf = FPDF(orientation="portrait", unit="pt", format="letter")
    pdf.set_creation_date(_NO_DAY)
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    pdf.set_margins(MARGIN, MARGIN, MARGIN)
    pdf.set_title(title)
    pdf.set_lang(f"{spoken()}-US")
    pdf.add_page()
    return pdf


def printable(text: str) -> str:
    """Return text in letters that the font of the sheet has, on one line; "?" for others."""
    folded = unicodedata.normalize("NFKC", one_line(text).translate(_PLAIN)).translate(_PLAIN)
    return _OTHER_LETTERS.sub(_without_marks, folded).strip()


def _without_marks(found: re.Match[str]) -> str:
    """Take the accents off letters that have none of their own in the font: "ł" stays unknown."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", found[0]) if ord(c) < 127)
    return plain if plain.strip() else "?"


def one_line(text: str) -> str:
    """Return text without line ends and without characters that only steer a printer."""
    shown = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join("".join(shown).split())


def draw_foot(pdf: Sheet) -> None:
    """Draw the last line of a page, with the crisis line in it."""
    top = pdf.get_y()
    pdf.set_y(pdf.h - MARGIN - 12)
    put(pdf, printable(say("sheet.last_line")), "B", (10.0,), 12)
    pdf.set_y(top)


def put(pdf: Sheet, text: str, style: str, sizes: Sequence[float], height: float) -> None:
    """Draw one line in the largest size that it fits in; at the smallest it is cut."""
    for size in sizes:
        pdf.set_font(FONT, style, size)
        if pdf.get_string_width(text) <= pdf.epw:
            break
    pdf.cell(pdf.epw, height, cut(pdf, text, pdf.epw), new_x="LMARGIN", new_y="NEXT")


def whole_height(pdf: Sheet, text: str) -> float:
    """Return how much room `put_whole` takes for a text."""
    pdf.set_font(FONT, "B", 10.5)
    return 15.0 * len(wrapped(pdf, text, pdf.epw, len(text) + 1))


def put_whole(pdf: Sheet, text: str) -> None:
    """Draw text in bold on as many lines as it takes: what must not be cut."""
    pdf.set_font(FONT, "B", 10.5)
    pdf.multi_cell(pdf.epw, 15, text, align="L", new_x="LMARGIN", new_y="NEXT")


def cut(pdf: Sheet, text: str, width: float) -> str:
    """Cut text to a width in the font that is set, with three dots for what is left out."""
    if pdf.get_string_width(text) <= width:
        return text
    while text and pdf.get_string_width(f"{text}...") > width:
        text = text[:-1]
    return f"{text.rstrip()}..."


def wrapped(pdf: Sheet, text: str, width: float, most: int = MAX_LINES) -> list[str]:
    """Return text in lines of a width in the font that is set; what is too long is cut."""
    found = pdf.multi_cell(width, 1, text, align="L", dry_run=True, output="LINES")
    lines = cast(list[str], found)
    if len(lines) > most:
        lines = [*lines[: most - 1], cut(pdf, " ".join(lines[most - 1 :]), width)]
    return lines

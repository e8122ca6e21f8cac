"""The checklist of questions as a sheet of paper: plain text, or one page of PDF to write on.

The only importer of the package that makes PDFs; must not know where the sheet is offered.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from clinics.domain.model import Clinic
from clinics.explainer.model import Question
from clinics.present.wording import cautions, where

if TYPE_CHECKING:
    from fpdf import FPDF

TITLE = "Questions to take with you"
LAST_LINE = "Information, not medical advice. In crisis: call or text 988."
NO_PHONE = "Telephone not stated"

_MARGIN, _FOOT = 54.0, 30.0
_INDENT = 34.0
"""Points (1/72 inch), as everything here; US Letter is 612 x 792 of them."""

_SIZES = (11.5, 10.5, 9.5, 8.5, 7.5, 6.5)
"""Sizes of a question, tried in turn until all of them fit; at the last one they are cut."""

_LEADING = 1.25
_ANSWER, _LINE = 17.0, 20.0
"""The least room for an answer under a question, and how far apart its further lines are."""

_MAX_LINES = 4
_NO_DAY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Every sheet gives this as its day: when it was made is nobody's business."""

_GRAY, _RULE = 85, 150
_FONT = "helvetica"
_PLAIN = str.maketrans("‘’‚“”„–—−…•\u00a0", '\'\',"""---.- ')
_OTHER_LETTERS = re.compile(r"[^\x20-\x7e\xa1-\xff]+")


def sheet_text(questions: Sequence[Question], clinic: Clinic | None) -> str:
    """Return the checklist as plain text for one sheet of paper, with line ends of Windows."""
    lines = [TITLE.upper(), ""]
    if clinic:
        head = (clinic.name, *cautions(clinic), clinic.phone or NO_PHONE)
        lines += [*map(_one_line, head), clinic.website, _one_line(where(clinic)), ""]
    lines += [f"[ ] {question.question}" for question in questions]
    return "\r\n".join([*lines, "", LAST_LINE, ""])


def sheet_pdf(questions: Sequence[Question], clinic: Clinic | None) -> bytes:
    """Return the checklist as one page (US Letter), with lines to write each answer on.

    Whatever does not fit is made smaller, then cut; what the font lacks becomes "?". The same
    input gives the same bytes.
    """
    from fpdf import FPDF  # takes a fifth of a second to read, and few visitors want the sheet

    pdf = FPDF(orientation="portrait", unit="pt", format="letter")
    pdf.set_creation_date(_NO_DAY)
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
    pdf.set_title(TITLE)
    pdf.set_lang("en-US")
    pdf.add_page()
    _draw_head(pdf, clinic)
    _draw_foot(pdf)
    if questions:
        _draw_questions(pdf, [printable(question.question) for question in questions])
    return bytes(pdf.output())


def printable(text: str) -> str:
    """Return text in letters that the font of the sheet has, on one line; "?" for others."""
    folded = unicodedata.normalize("NFKC", _one_line(text).translate(_PLAIN)).translate(_PLAIN)
    return _OTHER_LETTERS.sub(_without_marks, folded).strip()


def _without_marks(found: re.Match[str]) -> str:
    """Take the accents off letters that have none of their own in the font: "ł" stays unknown."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", found[0]) if ord(c) < 127)
    return plain if plain.strip() else "?"


def _one_line(text: str) -> str:
    """Return text without line ends and without characters that only steer a printer."""
    shown = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join("".join(shown).split())


def _draw_head(pdf: FPDF, clinic: Clinic | None) -> None:
    _put(pdf, TITLE, "B", (18.0,), 24)
    if clinic:
        contact = " | ".join(filter(None, (clinic.phone or NO_PHONE, clinic.website)))
        _put(pdf, printable(clinic.name), "B", (13.0, 11.0, 9.0), 19)
        for caution in cautions(clinic):
            _put_whole(pdf, printable(caution))
        _put(pdf, printable(contact), "", (10.5, 9.0, 8.0), 15)
        _put(pdf, printable(where(clinic)), "", (10.5, 9.0, 8.0), 15)
    pdf.set_y(pdf.get_y() + 4)
    pdf.set_text_color(_GRAY)
    _put(pdf, f"Date {'_' * 20}    I spoke with {'_' * 36}", "", (10.0,), 20)
    pdf.set_text_color(0)
    pdf.set_y(pdf.get_y() + 6)


def _draw_foot(pdf: FPDF) -> None:
    top = pdf.get_y()
    pdf.set_y(pdf.h - _MARGIN - 12)
    _put(pdf, LAST_LINE, "B", (10.0,), 12)
    pdf.set_y(top)


def _put(pdf: FPDF, text: str, style: str, sizes: Sequence[float], height: float) -> None:
    """Draw one line in the largest size that it fits in; at the smallest it is cut."""
    for size in sizes:
        pdf.set_font(_FONT, style, size)
        if pdf.get_string_width(text) <= pdf.epw:
            break
    pdf.cell(pdf.epw, height, _cut(pdf, text, pdf.epw), new_x="LMARGIN", new_y="NEXT")


def _put_whole(pdf: FPDF, text: str) -> None:
    """Draw text in bold on as many lines as it takes: what must not be cut."""
    pdf.set_font(_FONT, "B", 10.5)
    pdf.multi_cell(pdf.epw, 15, text, align="L", new_x="LMARGIN", new_y="NEXT")


def _cut(pdf: FPDF, text: str, width: float) -> str:
    """Cut text to a width in the font that is set, with three dots for what is left out."""
    if pdf.get_string_width(text) <= width:
        return text
    while text and pdf.get_string_width(f"{text}...") > width:
        text = text[:-1]
    return f"{text.rstrip()}..."


def _draw_questions(pdf: FPDF, questions: Sequence[str]) -> None:
    """Share the page out: each question has its text, and all have the same room for answers."""
    room = pdf.h - _MARGIN - _FOOT - pdf.get_y()
    leading, texts = _fitted(pdf, questions, room)
    answer = (room - leading * sum(map(len, texts))) / len(texts)
    for number, lines in enumerate(texts, start=1):
        _draw_question(pdf, number, lines, leading, answer)


def _fitted(pdf: FPDF, questions: Sequence[str], room: float) -> tuple[float, list[list[str]]]:
    """Return the height of a line and the lines of each question that leave room for answers."""
    width = pdf.epw - _INDENT
    for size in _SIZES:
        pdf.set_font(_FONT, "", size)
        texts = [_wrapped(pdf, question, width) for question in questions]
        if size * _LEADING * sum(map(len, texts)) + _ANSWER * len(texts) <= room:
            return size * _LEADING, texts
    leading = min(_SIZES[-1] * _LEADING, room / len(questions))
    pdf.set_font(_FONT, "", leading / _LEADING)
    return leading, [[_cut(pdf, question, width)] for question in questions]


def _wrapped(pdf: FPDF, text: str, width: float) -> list[str]:
    found = pdf.multi_cell(width, 1, text, align="L", dry_run=True, output="LINES")
    lines = cast(list[str], found)
    if len(lines) > _MAX_LINES:
        lines = [*lines[: _MAX_LINES - 1], _cut(pdf, " ".join(lines[_MAX_LINES - 1 :]), width)]
    return lines


def _draw_question(
    pdf: FPDF, number: int, lines: Sequence[str], leading: float, answer: float
) -> None:
    """Draw a box to tick, the number, the question, and as many lines to write on as fit."""
    left, top = pdf.l_margin, pdf.get_y()
    size = min(9.0, leading * 0.75)
    pdf.rect(left, top + (leading - size) / 2, size, size)
    pdf.set_xy(left + 14, top)
    pdf.cell(_INDENT - 18, leading, f"{number}.", align="R")
    for line in lines:
        pdf.set_xy(left + _INDENT, pdf.get_y())
        pdf.cell(pdf.epw - _INDENT, leading, line, new_x="LMARGIN", new_y="NEXT")
    under = pdf.get_y()
    pdf.set_draw_color(_RULE)
    rules = max(1, int((answer - 4) // _LINE))
    for rule in range(1, rules + 1):
        y = under + rule * (answer - 4) / rules
        pdf.line(left + _INDENT, y, pdf.w - pdf.r_margin, y)
    pdf.set_draw_color(0)
    pdf.set_y(under + answer)

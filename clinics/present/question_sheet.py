"""The checklist of questions as a sheet of paper: plain text, or one page of PDF to write on.

Must not know where the sheet is offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clinics.domain.language import say
from clinics.domain.model import Clinic
from clinics.explainer.model import Question
from clinics.present.paper import (
    FONT,
    FOOT,
    GRAY,
    LEADING,
    MARGIN,
    RULE,
    cut,
    draw_foot,
    new_sheet,
    one_line,
    printable,
    put,
    put_whole,
    wrapped,
)
from clinics.present.wording import cautions, where

if TYPE_CHECKING:
    from clinics.present.paper import Sheet

_INDENT = 34.0

_SIZES = (11.5, 10.5, 9.5, 8.5, 7.5, 6.5)
"""Sizes of a question, tried in turn until all of them fit; at the last one they are cut."""

_ANSWER, _LINE = 17.0, 20.0
"""The least room for an answer under a question, and how far apart its further lines are."""


def sheet_text(questions: Sequence[Question], clinic: Clinic | None) -> str:
    """Return the checklist as plain text for one sheet of paper, with line ends of Windows."""
    lines = [say("sheet.questions").upper(), ""]
    if clinic:
        head = (clinic.name, *cautions(clinic), clinic.phone or say("sheet.no_phone"))
        lines += [*map(one_line, head), clinic.website, one_line(where(clinic)), ""]
    lines += [f"[ ] {question.question}" for question in questions]
    return "\r\n".join([*lines, "", say("sheet.last_line"), ""])


def sheet_pdf(questions: Sequence[Question], clinic: Clinic | None) -> bytes:
    """Return the checklist as one page (US Letter), with lines to write each answer on.

    Whatever does not fit is made smaller, then cut; what the font lacks becomes "?". The same
    input gives the same bytes.
    """
    pdf = new_sheet(printable(say("sheet.questions")))
    _draw_head(pdf, clinic)
    draw_foot(pdf)
    if questions:
        draw_questions(pdf, [printable(question.question) for question in questions])
    return bytes(pdf.output())


def _draw_head(pdf: Sheet, clinic: Clinic | None) -> None:
    put(pdf, printable(say("sheet.questions")), "B", (18.0,), 24)
    if clinic:
        phone = clinic.phone or say("sheet.no_phone")
        contact = " | ".join(filter(None, (phone, clinic.website)))
        put(pdf, printable(clinic.name), "B", (13.0, 11.0, 9.0), 19)
        for caution in cautions(clinic):
            put_whole(pdf, printable(caution))
        put(pdf, printable(contact), "", (10.5, 9.0, 8.0), 15)
        put(pdf, printable(where(clinic)), "", (10.5, 9.0, 8.0), 15)
    pdf.set_y(pdf.get_y() + 4)
    pdf.set_text_color(GRAY)
    date, spoke = printable(say("sheet.date")), printable(say("sheet.spoke"))
    put(pdf, f"{date} {'_' * 20}    {spoke} {'_' * 36}", "", (10.0,), 20)
    pdf.set_text_color(0)
    pdf.set_y(pdf.get_y() + 6)


def draw_questions(pdf: Sheet, questions: Sequence[str]) -> None:
    """Share the page out: each question has its text, and all have the same room for answers."""
    room = pdf.h - MARGIN - FOOT - pdf.get_y()
    leading, texts = _fitted(pdf, questions, room)
    answer = (room - leading * sum(map(len, texts))) / len(texts)
    for number, lines in enumerate(texts, start=1):
        _draw_question(pdf, number, lines, leading, answer)


def _fitted(pdf: Sheet, questions: Sequence[str], room: float) -> tuple[float, list[list[str]]]:
    """Return the height of a line and the lines of each question that leave room for answers."""
    width = pdf.epw - _INDENT
    for size in _SIZES:
        pdf.set_font(FONT, "", size)
        texts = [wrapped(pdf, question, width) for question in questions]
        if size * LEADING * sum(map(len, texts)) + _ANSWER * len(texts) <= room:
            return size * LEADING, texts
    leading = min(_SIZES[-1] * LEADING, room / len(questions))
    pdf.set_font(FONT, "", leading / LEADING)
    return leading, [[cut(pdf, question, width)] for question in questions]


def _draw_question(
    pdf: Sheet, number: int, lines: Sequence[str], leading: float, answer: float
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
    pdf.set_draw_color(RULE)
    rules = max(1, int((answer - 4) // _LINE))
    for rule in range(1, rules + 1):
        y = under + rule * (answer - 4) / rules
        pdf.line(left + _INDENT, y, pdf.w - pdf.r_margin, y)
    pdf.set_draw_color(0)
    pdf.set_y(under + answer)

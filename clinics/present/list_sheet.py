"""A visitor's list of clinics as sheets of paper: whom to call, room to write, what to ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clinics.domain.columns import BY_NAME
from clinics.domain.language import say
from clinics.explainer.model import Question
from clinics.present import html as render
from clinics.present.html import CardView
from clinics.present.paper import (
    FONT,
    FOOT,
    GRAY,
    LEADING,
    MARGIN,
    RULE,
    draw_foot,
    new_sheet,
    printable,
    put,
    put_whole,
    whole_height,
    wrapped,
)
from clinics.present.question_sheet import draw_questions
from clinics.present.shortlist import Shortlist, offers

if TYPE_CHECKING:
    from clinics.present.paper import Sheet

_SIZE, _LABEL = 10.0, 96.0
_NAME = (13.0, 11.0, 9.0)
_NOTE_LINES, _NOTE = 3, 20.0
"""Lines to write on under each clinic, and points from one to the next."""

_MOST_SMALL = 20
"""So many lines of an address are written: all of one with a full list."""

Line = tuple[str, list[str]]
"""A label and the lines of what stands under it."""


def list_pdf(
    kept: Shortlist,
    cards: Sequence[CardView],
    questions: Sequence[Question],
    today: str,
    address: str,
) -> bytes:
    """Return the list as pages of US Letter, no clinic over two of them, the questions last."""
    pdf = new_sheet(printable(kept.heading))
    put(pdf, printable(kept.heading), "B", (18.0, 14.0), 24)
    _draw_small(pdf, f"{say('sheet.as_of', day=today)} {render.place_line(kept.results.place)}")
    _draw_small(pdf, f"{say('sheet.address_of')} {address}")
    for sentence in (*kept.sentences, *([] if cards else [say("sheet.empty")])):
        _draw_small(pdf, sentence)
    draw_foot(pdf)
    for view in cards:
        _draw_clinic(pdf, view)
    if cards and questions:
        _turn(pdf)
        put(pdf, printable(say("sheet.questions")), "B", (18.0,), 30)
        draw_questions(pdf, [printable(question.question) for question in questions])
    return bytes(pdf.output())


def _turn(pdf: Sheet) -> None:
    pdf.add_page()
    draw_foot(pdf)


def _draw_small(pdf: Sheet, text: str) -> None:
    pdf.set_text_color(GRAY)
    pdf.set_font(FONT, "", 9.0)
    for line in wrapped(pdf, printable(text), pdf.epw, _MOST_SMALL):
        put(pdf, line, "", (9.0,), 12)
    pdf.set_text_color(0)


def _draw_clinic(pdf: Sheet, view: CardView) -> None:
    """Draw one clinic with lines for notes, on the next page where this one has no room for it."""
    lines, cautions = _facts(pdf, view), [printable(caution) for caution in view.cautions]
    height = sum(whole_height(pdf, caution) for caution in cautions)
    height += 40 + _SIZE * LEADING * sum(len(said) for _, said in lines) + _NOTE_LINES * _NOTE
    if pdf.get_y() + height > pdf.h - MARGIN - FOOT:
        _turn(pdf)
    pdf.set_y(pdf.get_y() + 10)
    put(pdf, printable(f"{view.number}. {view.clinic.name}"), "B", _NAME, 18)
    for caution in cautions:
        put_whole(pdf, caution)
    put(pdf, printable(view.clinic.phone or say("sheet.no_phone")), "B", (12.0,), 17)
    for label, said in lines:
        _draw_fact(pdf, label, said)
    pdf.set_draw_color(RULE)
    for number in range(1, _NOTE_LINES + 1):
        y = pdf.get_y() + number * _NOTE - 4
        pdf.line(pdf.l_margin, y, pdf.w - pdf.r_margin, y)
    pdf.set_draw_color(0)
    pdf.set_y(pdf.get_y() + _NOTE_LINES * _NOTE)


def _draw_fact(pdf: Sheet, label: str, said: Sequence[str]) -> None:
    for number, line in enumerate(said):
        pdf.set_font(FONT, "B" if number == 0 else "", _SIZE)
        pdf.cell(_LABEL, _SIZE * LEADING, label if number == 0 else "")
        pdf.set_font(FONT, "", _SIZE)
        pdf.cell(pdf.epw - _LABEL, _SIZE * LEADING, line, new_x="LMARGIN", new_y="NEXT")


def _facts(pdf: Sheet, view: CardView) -> list[Line]:
    """Return what stands under the name, each in lines that fit."""
    pdf.set_font(FONT, "", _SIZE)
    where = ", ".join(filter(None, (view.distance, view.across, view.town)))
    not_stated = say("listing.not_stated")
    source = say("card.source", source=view.clinic.source or say("card.unknown_source"))
    said = {
        say("sheet.where"): f"{where} ({view.approximate})" if view.approximate else where,
        say("sheet.main_line"): view.main_phone,
        say("sheet.kind"): " | ".join(filter(None, (view.kind, view.known_from))),
        BY_NAME["website"].card_label: view.clinic.website or not_stated,
        BY_NAME["price_per_session_usd"].card_label: view.price or not_stated,
        say("card.offers"): "; ".join(offers(view)) or not_stated,
        say("sheet.how_known"): f"{view.dated}. {source}",
    }
    width = pdf.epw - _LABEL
    return [
        (printable(label), wrapped(pdf, printable(text), width))
        for label, text in said.items()
        if text
    ]

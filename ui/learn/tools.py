"""What stands with some topics: the timeline, the cost estimate, the questions, the claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle
from math import ceil
from textwrap import fill
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from clinics.domain.language import Sentences, say
from clinics.explainer.citations import Citations
from clinics.explainer.costs import Course, dollars, estimate
from clinics.explainer.model import Explainer, Phase
from clinics.places.distance import exact_miles
from clinics.present import html as render
from clinics.present import wording
from clinics.web.plain.questions import PDF, TEXT, path_of
from ui import frame, resources, state
from ui.components import panel
from ui.find.form import place_of
from ui.text import plain

HEADINGS = Sentences(
    {"timeline": "learn.timeline", "estimate": "cost.title", "questions": "sheet.questions"}
)
"""What stands over each tool that has a heading."""

_COLORS = ["#2a8a9c", "#c0873a"]
_TICKS = 7
"""At most so many weeks are named under a picture, and at least four weeks lie between them."""

_BEFORE = -0.8
"""Where the picture begins: room for what comes before the first session, at week 0."""

_WORDS_PX = 190
_WORDS_WIDE = 20
"""Letters in a line, which fit those pixels also before the site's own letters have come."""


def draw(tool: str, explainer: Explainer, citations: Citations) -> None:
    """Draw a tool by its name in a topic's head; an unknown name draws nothing."""
    if tool in _TOOLS:
        _TOOLS[tool](explainer, citations)


def _draw_timeline(explainer: Explainer, citations: Citations) -> None:
    """Draw the course of each product side by side, each with the same in words under it."""
    vocabulary = resources.directory().vocabulary
    products = list(dict.fromkeys(phase.product for phase in explainer.schedule))
    st.header(HEADINGS["timeline"])
    weeks = _weeks_shown(explainer.schedule)
    st.markdown(say("learn.week_zero"))
    for column, product, color in zip(
        st.columns(len(products), gap="large"), products, cycle(_COLORS), strict=False
    ):
        phases = [phase for phase in explainer.schedule if phase.product == product]
        with column:
            name = vocabulary.label("treatments", product)
            st.subheader(plain(name))
            st.altair_chart(_bars(name, phases, color, weeks), width="stretch")
            st.markdown(say("learn.in_words"))
            st.markdown("\n".join(f"- {_said(phase, citations)}" for phase in phases))


def _weeks_shown(schedule: Sequence[Phase]) -> list[int]:
    """Return the weeks that are named under every picture; the last is where it ends.

    What has no set end gets room of a week at least.
    """
    last = max(phase.end_week or phase.start_week + 1 for phase in schedule)
    step = 4 * max(1, ceil(last / 4 / (_TICKS - 1)))
    return list(range(0, step * ceil(last / step) + 1, step))


def _bars(name: str, phases: list[Phase], color: str, weeks: list[int]) -> Any:
    steps = [fill(phase.label, _WORDS_WIDE) for phase in phases]
    named = say("learn.step")
    frame = pd.DataFrame(
        {named: step, "From": _start(phase), "To": _end(phase, weeks[-1])}
        for step, phase in zip(steps, phases, strict=True)
    )
    # Every picture has the same room for words, so that the same week stands at the same place.
    words = alt.Axis(labelLimit=_WORDS_PX, minExtent=_WORDS_PX + 10)
    return (
        alt.Chart(frame)
        .mark_bar(height=18, color=color)
        .encode(
            y=alt.Y(f"{named}:N", sort=steps, title=None, axis=words),
            x=alt.X(
                "From:Q",
                title=say("learn.weeks"),
                scale=alt.Scale(domain=[_BEFORE, weeks[-1]], nice=False),
                axis=alt.Axis(values=weeks),
            ),
            x2="To:Q",
            tooltip=[named],
        )
        .properties(height=alt.Step(38), description=_described(name, phases))
        .configure(lineBreak="\n")
    )


def _described(name: str, phases: list[Phase]) -> str:
    """Return the picture in a sentence, for those who do not see it."""
    steps = "; ".join(f"{phase.label}{_weeks(phase)}" for phase in phases)
    return say("learn.described", name=name, steps=steps)


def _start(phase: Phase) -> float:
    return phase.start_week - 1 if phase.start_week else _BEFORE


def _end(phase: Phase, last: float) -> float:
    """Return where a bar ends; what comes before the first session ends before week 0."""
    if not phase.start_week:
        return _BEFORE / 4
    return last if phase.end_week is None else phase.end_week


def _said(phase: Phase, citations: Citations) -> str:
    weeks = _weeks(phase)
    sessions = f", {say('learn.sessions', n=phase.sessions)}" if phase.sessions else ""
    said = f"{plain(phase.label)}{weeks}{sessions}: {plain(phase.note)}"
    return said + citations.markdown(_marks(phase.references))


def _marks(references: tuple[str, ...]) -> str:
    return "".join(f" [@{number}]" for number in references)


def _weeks(phase: Phase) -> str:
    if not phase.start_week:
        return ""
    start = f"{phase.start_week:g}"
    if phase.end_week is None:
        return f" ({say('learn.from_week', start=start)})"
    return f" ({say('learn.weeks_to', start=start, end=f'{phase.end_week:g}')})"


def _number(label: str, name: str, value: float, *, step: float = 1, whole: bool = False) -> float:
    """Draw one number; the core judges it, and says in a sentence what is wrong with it."""
    # A box for whole numbers would turn 2.5 into 2 and 1e9 into 1 without a word.
    shown = "%g" if whole else "%.2f"
    typed = st.number_input(
        label, value=float(value), step=float(step), format=shown, key=state.COSTS.format(name)
    )
    return float(typed)


def _draw_estimate(explainer: Explainer, citations: Citations) -> None:
    """Draw the estimator, starting from the cited range."""
    price = explainer.prices[0]
    st.header(HEADINGS["estimate"])
    note = f"{plain(price.note)}{citations.markdown(_marks(price.references))}"
    st.markdown(say("cost.starts_from", note=note))
    left, right = st.columns(2)
    with left:
        first = explainer.first_series(price.product)
        sessions = _number(say("cost.sessions_box"), "sessions", first, whole=True)
        low = _number(say("cost.low_box"), "price_low", price.low_usd, step=50)
        high = _number(say("cost.high_box"), "price_high", price.high_usd, step=50)
    with right:
        consultation = _number(say("cost.consultation_box"), "consultation", 0, step=50)
        later = _number(say("cost.later_box"), "later_sessions", 0, whole=True)
        away, name = _miles_to_chosen()
        label = say("cost.miles_to", name=plain(name)) if name else say("cost.miles_box")
        miles = _number(label, "miles_each_way", away)
        mile = _number(say("cost.mile_box"), "dollars_a_mile", 0, step=0.1)
    try:
        course = Course(sessions, low, high, consultation, later, miles, mile)
    except ValueError as problem:
        st.warning(plain(str(problem)))
        return
    _draw_sum(course, price.remark)


def _miles_to_chosen() -> tuple[float, str]:
    """Return the miles to the clinic chosen in the search before, and its name; else 0 and ""."""
    directory = resources.directory()
    query = state.last_search(directory.vocabulary)
    clinic, place = directory.dataset.find(query.clinic), place_of(query)
    if clinic is None or place is None:
        return 0, ""
    return round(exact_miles(place.point, clinic.point.lat, clinic.point.lon), 1), clinic.name


def _draw_sum(course: Course, remark: str) -> None:
    result = estimate(course)
    total = plain(dollars(result.low, result.high))
    st.markdown(f"### {say('cost.about', dollars=total)}")
    st.markdown(
        "\n".join(
            f"- {line.label}: {plain(line.working)} = {plain(dollars(line.low, line.high))}"
            for line in result.lines
        )
    )
    if result.miles:
        st.markdown(say("cost.travel_miles", miles=result.miles))
    st.markdown(say("cost.only_a_sum", remark=plain(remark)))


def _draw_questions(explainer: Explainer, _: Citations) -> None:
    """Draw the checklist, and offer it as a page to take along."""
    st.header(HEADINGS["questions"])
    directory = resources.directory()
    chosen = directory.dataset.find(state.last_search(directory.vocabulary).clinic)
    if chosen:
        phone = plain(chosen.phone or say("learn.no_phone"))
        st.markdown(say("learn.for_clinic", name=plain(chosen.name), phone=phone))
        for caution in wording.cautions(chosen):
            st.warning(plain(caution))
    kept = []
    with st.container(key="checklist"):
        for question in explainer.questions:
            wanted = st.checkbox(
                plain(question.question), True, key=state.CHECKLIST.format(question.id)
            )
            frame.fine_print(plain(question.why))
            if wanted:
                kept.append(question)
    if not kept:
        st.markdown(say("learn.tick_one"))
        return
    with st.container(horizontal=True):
        for label, name in ((say("learn.as_pdf"), PDF), (say("learn.as_text"), TEXT)):
            ids = [question.id for question in kept]
            st.link_button(label, f"./{path_of(name, ids, chosen.id if chosen else '')}")
    frame.fine_print(say("learn.both_hold", n=len(kept)))


def _draw_claims(explainer: Explainer, citations: Citations) -> None:
    """Draw the table of common claims."""
    panel(key="claims", html=render.claims_html(explainer.claims, citations))


_TOOLS: dict[str, Callable[[Explainer, Citations], None]] = {
    "timeline": _draw_timeline,
    "estimate": _draw_estimate,
    "questions": _draw_questions,
    "claims": _draw_claims,
}

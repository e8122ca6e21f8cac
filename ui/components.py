"""Two parts of the page that Streamlit has no widget for: the list of cards and a filter.

Owns their registration; the HTML, CSS and JavaScript stand in files beside it and in the core's
templates. Both have their own shadow root, so nothing leaks into the app's styles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter, and how many clinics a click on it shows."""

    id: str
    label: str
    count: int
    gloss: str = ""


def _text(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


_RESULTS = st.components.v2.component(
    "clinic_results",
    html="""
<div class="pane">
  <div role="status"><h2 class="count"></h2></div>
  <p class="from"></p>
  <div class="panel"></div>
  <div class="list" role="region" aria-label="Clinics found"></div>
</div>
""",
    css=_text("results.css"),
    js=_text("results.js"),
)

_FACET = st.components.v2.component(
    "clinic_filter",
    html="""
<fieldset>
</fieldset>
""",
    css=_text("facets.css"),
    js=_text("facets.js"),
)


def results_list(
    *,
    key: str,
    headline: str = "",
    measured_from: str = "",
    known: str = "",
    html: str = "",
    search: str = "",
    page: int = 1,
    selected: str = "",
    from_map: bool = False,
    scrolls: bool = False,
    on_show: Callable[[str], None] = lambda _: None,
    on_go: Callable[[str], None] | None = None,
    correcting: str = "",
    on_wrong: Callable[[str], None] = lambda _: None,
) -> None:
    """Draw a headline, a panel and cards, those that are given; all HTML comes escaped.

    `on_show` gets the id of a card to be shown on the map, `on_go` the number of a link,
    `on_wrong` the id of a card to be corrected. `search` and `page` name what is listed, so that
    the list goes back to its top only when that changes.
    While `correcting` names a card a dialog covers it; after that its button has the focus again.
    With `scrolls` the list keeps to the height of the map beside it.
    """

    def show() -> None:
        id = st.session_state[key].show
        if isinstance(id, str):
            on_show(id)

    def go() -> None:
        place = st.session_state[key].go
        if on_go and isinstance(place, str) and place.isdecimal():
            on_go(place)

    def wrong() -> None:
        id = st.session_state[key].wrong
        if isinstance(id, str):
            on_wrong(id)

    _RESULTS(
        key=key,
        data={
            "headline": headline,
            "from": measured_from,
            "known": known,
            "html": html,
            "search": search,
            "page": page,
            "selected": selected,
            "from_map": from_map,
            "correcting": correcting,
            "scrolls": scrolls,
        },
        on_show_change=show,
        on_go_change=go,
        on_wrong_change=wrong,
    )


def filter_options(
    legend: str,
    choices: Sequence[Choice],
    chosen: Sequence[str],
    *,
    key: str,
    on_choose: Callable[[tuple[str, ...]], None],
    single: bool = False,
    show_legend: bool = True,
    takes_focus: bool = False,
) -> None:
    """Draw one filter; `on_choose` gets every chosen id, in the order of the options.

    With `takes_focus` the keyboard goes to its first option when it appears, as in a pop-up.

    What the browser sends is only ever ids; whoever receives them checks them again.
    """

    def choose() -> None:
        sent = st.session_state[key].choose
        if isinstance(sent, (list, tuple)):
            on_choose(tuple(id for id in sent if isinstance(id, str)))

    _FACET(
        key=key,
        data={
            "legend": legend,
            "show_legend": show_legend,
            "takes_focus": takes_focus,
            "kind": "radio" if single else "checkbox",
            "options": [
                {"id": c.id, "label": c.label, "gloss": c.gloss, "count": c.count} for c in choices
            ],
            "chosen": list(chosen),
        },
        on_choose_change=choose,
    )

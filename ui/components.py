"""Parts of the page that Streamlit has no widget for: headline, panel, list of cards, filters.

Each has its own shadow root, so nothing leaks into the app's styles. Streamlit sends
style and script again with every run, so each is given only what it needs, and a run has few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from clinics.domain.language import say
from clinics.present.assets import sent, where_script_name
from clinics.present.shortlist import MOST

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter, and how many clinics have it."""

    id: str
    label: str
    count: int
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its name, options, what is chosen, and who is told every id that then is.

    `single` options exclude each other. Without `show_legend` only a screen reader says its name;
    `counted` is what it says after a number, "found" where it is not given. With `adds` the
    numbers are of places that have what is chosen too, which is said once.
    """

    name: str
    legend: str
    choices: Sequence[Choice]
    chosen: Sequence[str]
    on_choose: Callable[[tuple[str, ...]], None]
    single: bool = False
    show_legend: bool = True
    counted: str = ""
    adds: bool = False


def _text(*names: str) -> str:
    """Return these files as one, as they are sent with every run."""
    return "".join(sent(ASSETS / name) for name in names)


_LOCATION = st.components.v2.component(
    "clinic_location",
    html='<button type="button" class="here"><svg viewBox="0 0 24 24" aria-hidden="true">'
    '<circle cx="12" cy="12" r="6"/><circle cx="12" cy="12" r="2" class="dot"/>'
    '<path d="M12 1v5M12 18v5M1 12h5M18 12h5"/></svg></button>',
    css=_text("location.css"),
    js=_text("location.js"),
)
_HEADLINE = st.components.v2.component(
    "clinic_headline",
    html='<div class="head"><div role="status"><h2 class="count"></h2></div>'
    '<p class="from"></p></div>',
    css=_text("head.css"),
    js=_text("head.js"),
)
_PANEL = st.components.v2.component(
    "clinic_panel",
    html='<div class="pane"></div>',
    css=_text("panel.css", "reading.css"),
    js=_text("panel.js"),
)
_TAKE = st.components.v2.component(
    "clinic_take_along",
    html='<div class="take"><button type="button" class="copy main"></button>'
    '<button type="button" class="share" hidden></button>'
    '<button type="button" class="print"></button><a class="pdf" download>PDF</a>'
    '<a class="questions" data-go="0"></a><p role="status"></p>'
    '<input class="link" readonly hidden></div>',
    css=_text("take.css"),
    js=_text("take.js"),
)
_RESULTS = st.components.v2.component(
    "clinic_results",
    html='<div class="pane"><div class="list" role="region"></div></div>',
    css=_text("panel.css", "cards.css"),
    js=_text("cards.js"),
)
_FILTERS = st.components.v2.component(
    "clinic_filters",
    html='<div class="filters"></div>',
    css=_text("filters.css"),
    js=_text("filters.js"),
)
_FOCUS = st.components.v2.component(
    "clinic_focus",
    html="<span hidden></span>",
    css="",
    js=_text("focus.js"),
)
_TONGUE = st.components.v2.component(
    "clinic_tongue",
    html="<span hidden></span>",
    css="",
    js=_text("tongue.js"),
)
# No words stand in these: they are sent with what is drawn, in the language in use.
# What a part is given goes as a list of one: Streamlit looks into each value of a dict for a table.


def headline(sentence: str, measured_from: str) -> None:
    """Draw what was found, announced when it changes, and from where distances are measured."""
    _HEADLINE(key="headline", data=[{"count": sentence, "from": measured_from}])


def focus_field(key: str, attempt: int) -> None:
    """Put the keyboard into the widget of this key, once an attempt; "" puts it nowhere."""
    _FOCUS(key="focus_field", data=[{"field": key, "attempt": attempt}])


def focus_pin(key: str) -> None:
    """Put the keyboard on the pin of the map in the container of this key where Tab enters it."""
    _FOCUS(key="focus_pin", data=[{"field": key, "pin": True, "attempt": 1}])


def in_language(language: str, *keys: str) -> None:
    """Say that what is in the containers of these keys is in another language than the page."""
    _TONGUE(key="tongue", data=[{"language": language, "keys": list(keys)}])


def location_button(*, key: str, on_found: Callable[[str], None]) -> None:
    """Draw a button that asks the device where it is, and only then; the box gets suggestions.

    `on_found` gets "lat,lon" in degrees, rounded to two decimals before it is sent, or "" when
    the device does not say.
    """
    words = {"use": say("find.use_location"), "places": say("find.places")}
    words["suggested"] = say("find.places_suggested", n="#")
    data = [{"script": where_script_name(), "words": words}]
    _LOCATION(key=key, data=data, on_at_change=_teller(key, "at", on_found))


def panel(*, key: str, html: str, on_go: Callable[[str], None] | None = None) -> None:
    """Draw escaped HTML in the style of the list; `on_go` gets the number of a link."""
    _PANEL(key=key, data=[{"known": html}], on_go_change=_teller(key, "go", _number(on_go)))


def results_list(
    *,
    key: str,
    html: str,
    search: str = "",
    page: int = 1,
    selected: str = "",
    from_map: bool = False,
    on_show: Callable[[str], None] = lambda _: None,
    correcting: str = "",
    on_wrong: Callable[[str], None] = lambda _: None,
    on_go: Callable[[str], None] | None = None,
    kept: Sequence[str] = (),
    on_keep: Callable[[str, bool], None] = lambda _, __: None,
) -> None:
    """Draw cards; all HTML comes escaped.

    `on_show` gets the id of a card to be shown on the map, `on_wrong` the id of a card to be
    corrected, `on_go` the number of a link to a topic, `on_keep` the id of one that is kept from
    now on, or not any more. `search` and `page` name what is listed, so that the list goes back to
    its top only when that changes.
    While `correcting` names a card a dialog covers it; after that its button has the focus again.
    """
    data = {
        "html": html,
        "search": search,
        "page": page,
        "selected": selected,
        "from_map": from_map,
        "correcting": correcting,
        "kept": list(kept),
        "most": MOST,
        "words": {"found": say("find.found"), "keep": say("card.keep"), "kept": say("find.kept")},
    }

    def keep(sent: str) -> None:
        on_keep(sent[1:], sent.startswith("+"))

    _RESULTS(
        key=key,
        data=[data],
        on_show_change=_teller(key, "show", on_show),
        on_wrong_change=_teller(key, "wrong", on_wrong),
        on_go_change=_teller(key, "go", _number(on_go)),
        on_keep_change=_teller(key, "keep", keep),
    )


def take_along(
    *,
    key: str,
    title: str,
    link: str,
    paper: str,
    pdf: str,
    questions: tuple[str, str],
    on_go: Callable[[str], None],
) -> None:
    """Draw the ways to take a list along: its link, the device's own sharing, paper, a file.

    All are addresses, relative to the page or whole. `on_go` is told "0" when the questions,
    given as words and address, are followed.
    """
    data: dict[str, object] = {
        "title": title,
        "link": link,
        "paper": paper,
        "pdf": pdf,
        "questions": list(questions),
    }
    data["words"] = {name: say(id) for name, id in _TAKE_WORDS.items()}
    _TAKE(key=key, data=[data], on_go_change=_teller(key, "go", _number(on_go)))


_TAKE_WORDS = {
    "copy": "app.copy_link",
    "share": "app.share",
    "print": "app.print",
    "link": "app.link_to_list",
    "from_box": "app.copy_from_box",
    "copied": "app.copied",
    "for_paper": "app.for_paper",
}


def _teller(key: str, event: str, told: Callable[[str], None]) -> Callable[[], None]:
    """Return a handler that tells what the browser sent, if it is a text at all."""

    def tell() -> None:
        sent = st.session_state[key].get(event)
        if isinstance(sent, str):
            told(sent)

    return tell


def _number(on_go: Callable[[str], None] | None) -> Callable[[str], None]:
    def go(place: str) -> None:
        if on_go and place.isdecimal():
            on_go(place)

    return go


def filter_options(filters: Sequence[Filter], *, key: str, takes_focus: bool = False) -> None:
    """Draw filters; each is told every id that is chosen in it, in the order of its options.

    With `takes_focus` the keyboard goes to the first option when it appears, as in a pop-up.

    What the browser sends is only ever ids; whoever receives them checks them again.
    """

    def choose() -> None:
        sent = st.session_state[key].get("choose")
        changes = sent if isinstance(sent, (list, tuple)) else ()
        for change in (each for each in changes if isinstance(each, dict)):
            ids = change.get("ids")
            changed = next((each for each in filters if each.name == change.get("filter")), None)
            if changed and isinstance(ids, (list, tuple)):
                changed.on_choose(tuple(id for id in ids if isinstance(id, str)))

    data = {"filters": [_as_json(each) for each in filters], "takes_focus": takes_focus}
    _FILTERS(key=key, data=[data], on_choose_change=choose)


def _as_json(each: Filter) -> dict[str, object]:
    return {
        "name": each.name,
        "legend": each.legend,
        "show_legend": each.show_legend,
        "counted": each.counted or say("find.option_found"),
        "counts": say("find.number_counts") if each.adds else "",
        "kind": "radio" if each.single else "checkbox",
        "options": [
            {"id": c.id, "label": c.label, "gloss": c.gloss, "count": c.count} for c in each.choices
        ],
        "chosen": list(each.chosen),
    }

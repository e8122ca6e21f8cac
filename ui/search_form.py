"""The controls of a search: what for, where, how far, and the folded filters.

Owns their layout and wording; every change becomes a Query in the address bar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from clinics import wording
from clinics.model import Place
from clinics.places import PlaceAnswer, find_place
from clinics.ports import GeocodingUnavailable, PlaceError
from clinics.query import BANDS, COLUMN_OF, MAX_TEXT, ParameterProblem, Query
from clinics.vocabulary import Vocabulary
from ui import resources, state
from ui.components import Choice, filter_options
from ui.text import plain

MAX_PROBLEMS = 3
Counts = Mapping[str, Mapping[str, int]]
_LIST_FILTERS = (
    ("treatment", "Treatment"),
    ("payment", "Payment it says it accepts"),
    ("language", "Language"),
)


def draw_problems(problems: Sequence[ParameterProblem]) -> None:
    """Say in one box what in a link could not be used; a long list is cut, with its number."""
    if not problems:
        return
    shown = [plain(problem.message) for problem in problems[:MAX_PROBLEMS]]
    more = len(problems) - len(shown)
    shown += [f"There are {more} more like this."] if more else []
    st.warning("\n\n".join(shown) + "\n\nThis was left out of the search.")


def resolve_place(query: Query) -> tuple[Query, PlaceAnswer | None]:
    """Turn `near` of the address bar into a place; a street address found there is replaced."""
    typed = state.typed_address(query.near)
    if typed:
        return query, typed[1]
    state.forget_other_problem(query.near)
    answer = state.remembered_place(query.near)
    if answer is None and query.near:
        answer = _look_up_linked(query.near)
    if answer and answer.place and answer.place.param != query.near:
        query = replace(query, near=answer.place.param)
        state.write_query(query)
    return query, answer


def _look_up_linked(near: str) -> PlaceAnswer | None:
    """Look up a place that came with a link: towns, ZIPs and coordinates, never an address."""
    try:
        answer = find_place(near, resources.directory().gazetteer, None)
    except GeocodingUnavailable:
        sentence = "A link can hold a town or a ZIP, not a street address. Type it into the box."
        state.set_place_problem(sentence, typed="", near=near)
    except PlaceError as problem:
        state.set_place_problem(str(problem), typed=near, near=near)
    else:
        return replace(answer, note="") if answer.place else answer
    return None


def on_place_typed() -> None:
    """Look up what was typed into the box; the only moment an address is sent to be found."""
    text = str(st.session_state[state.NEAR]).strip()
    vocabulary = resources.directory().vocabulary
    query, _ = state.read_query(vocabulary)
    state.clear_place_problem()
    if not text:
        state.write_query(replace(query, near="", clinic=""))
        return
    try:
        answer = find_place(text, resources.directory().gazetteer, resources.geocoder())
    except PlaceError as problem:
        state.set_place_problem(str(problem), typed=text, near="")
        state.write_query(replace(query, near="", clinic=""))
        return
    state.remember_place(text, answer)
    # Several towns of one name: the name itself is safe to show, and the page asks which one.
    near = answer.place.param if answer.place else text
    state.write_query(replace(query, near=near, clinic=""))


def choose_place(place: Place) -> None:
    """Take one of several towns of the same name."""
    query, _ = state.read_query(resources.directory().vocabulary)
    state.write_query(replace(query, near=place.param, clinic=""))


def draw_controls(query: Query, answer: PlaceAnswer | None, counts: Counts) -> None:
    """Draw the three controls of the first screen and the folded filters."""
    vocabulary = resources.directory().vocabulary
    what, where, far = st.columns([3, 4, 3], vertical_alignment="bottom")
    what_label = plain(f"What for: {_conditions_label(query, vocabulary)}")
    with what, st.popover(what_label, width="stretch"):
        _draw_conditions(query, vocabulary, counts)
    with where:
        _draw_near(query)
    far_label = plain(f"How far: {_radius_label(query.within)}")
    with far, st.popover(far_label, width="stretch"):
        _draw_distances(query, answer, counts)
    _draw_place_messages(answer)
    in_use = query.filters_in_use
    label = f"More filters ({in_use} in use)" if in_use else "More filters"
    with st.expander(label, key="more_filters"):
        _draw_more(query, vocabulary, counts)


def _radius_label(within: float | None) -> str:
    return "any distance" if within is None else wording.radius(within)


def _conditions_label(query: Query, vocabulary: Vocabulary) -> str:
    if not query.condition:
        return "any condition"
    if len(query.condition) > 2:
        return f"{len(query.condition)} conditions"
    labels = [vocabulary.label("conditions", id) for id in query.condition]
    joiner = "and" if query.match == "all" else "or"
    return wording.either([wording.condition_in_text(label) for label in labels], joiner)


def _change(**changes: object) -> None:
    """Change the search in the address bar; a selected clinic is let go."""
    state.change_query(**{"clinic": "", **changes})


def _setter(parameter: str) -> Callable[[tuple[str, ...]], None]:
    """Return a handler that puts the ids the vocabulary knows into a list parameter."""
    allowed = resources.directory().vocabulary.ids(COLUMN_OF[parameter])

    def choose(ids: tuple[str, ...]) -> None:
        _change(**{parameter: tuple(id for id in ids if id in allowed)})

    return choose


def _draw_conditions(query: Query, vocabulary: Vocabulary, counts: Counts) -> None:
    choices = [
        Choice(c.id, c.label, counts["condition"].get(c.id, 0), c.gloss)
        for c in vocabulary.conditions
    ]
    if len(query.condition) > 1:
        _draw_match(query)
    filter_options(
        "Show clinics that say they treat, or are listed as treating",
        choices,
        query.condition,
        key="filter_condition",
        on_choose=_setter("condition"),
    )
    if query.condition:
        st.button(
            "Any condition", key="clear_condition", on_click=_change, kwargs={"condition": ()}
        )


def _draw_match(query: Query) -> None:
    st.session_state[state.MATCH] = query.match
    st.radio(
        "With several conditions, show clinics that treat",
        ["any", "all"],
        format_func={"any": "any of them", "all": "all of them"}.__getitem__,
        horizontal=True,
        key=state.MATCH,
        on_change=lambda: _change(match=st.session_state[state.MATCH]),
    )


def _draw_near(query: Query) -> None:
    typed = state.typed_address(query.near)
    problem = state.place_problem()
    shown = typed[0] if typed else query.near
    st.session_state[state.NEAR] = problem.typed if problem else shown
    st.text_input(
        "Where",
        key=state.NEAR,
        placeholder="Town, ZIP or street address",
        on_change=on_place_typed,
        autocomplete="postal-code",
        help="A town or ZIP is looked up here. Only a street address is sent to the address "
        "service, and it is kept out of the link.",
    )


def _draw_distances(query: Query, answer: PlaceAnswer | None, counts: Counts) -> None:
    if not (answer and answer.place):
        st.markdown("First say where; then this says how far.")
        return
    bands = {"any" if band is None else f"{band:g}": band for band in BANDS}
    choices = [
        Choice(name, _radius_label(band).capitalize(), counts["within"][name])
        for name, band in bands.items()
    ]

    def choose(ids: tuple[str, ...]) -> None:
        if ids and ids[0] in bands:
            _change(within=bands[ids[0]])

    now = next((name for name, band in bands.items() if band == query.within), "")
    filter_options("How far", choices, (now,), key="filter_within", on_choose=choose, single=True,
                   show_legend=False)  # fmt: skip


def _draw_place_messages(answer: PlaceAnswer | None) -> None:
    problem = state.place_problem()
    if problem:
        st.warning(plain(problem.sentence))
    if answer is None:
        return
    if answer.note:
        st.info(plain(answer.note))
    towns = answer.choices or answer.alternatives
    if not towns:
        return
    question = "Which one do you mean?" if answer.choices else "Or did you mean:"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(question, width="content")
        for place in towns[:8]:
            st.button(
                plain(place.name), key=f"place_{place.param}", on_click=choose_place, args=(place,)
            )


def _draw_more(query: Query, vocabulary: Vocabulary, counts: Counts) -> None:
    columns = st.columns(4)
    with columns[0]:
        _draw_category(query, vocabulary, counts)
        _draw_setting(query, vocabulary, counts)
        _draw_text(query)
    for column, (parameter, legend) in zip(columns[1:], _LIST_FILTERS, strict=True):
        with column:
            chosen = getattr(query, parameter)
            choices = [
                Choice(o.id, o.label, counts[parameter].get(o.id, 0), o.gloss)
                for o in vocabulary.options(COLUMN_OF[parameter])
                if o.id in chosen or _in_use(parameter, o.id)
            ]
            filter_options(legend, choices, chosen, key=f"filter_{parameter}",
                           on_choose=_setter(parameter))  # fmt: skip
    if query.filters_in_use:
        kept = {"near", "within", "condition", "match"}
        fresh = Query(**{name: getattr(query, name) for name in kept})
        st.button(
            "Clear these filters", key="clear_filters", on_click=state.write_query, args=(fresh,)
        )


def _in_use(parameter: str, id: str) -> bool:
    """Tell whether any listing states this option at all; a language nobody states is left out."""
    return id in resources.directory().dataset.stated[COLUMN_OF[parameter]]


def _draw_category(query: Query, vocabulary: Vocabulary, counts: Counts) -> None:
    every = tuple(c.id for c in vocabulary.categories)
    choices = [Choice(c.id, c.label, counts["category"][c.id]) for c in vocabulary.categories]
    choices.append(Choice("all", "Both", counts["category"][""]))
    searched = query.categories(vocabulary)
    chosen = "all" if set(searched) == set(every) else searched[0]

    def choose(ids: tuple[str, ...]) -> None:
        picked = every if ids == ("all",) else tuple(id for id in ids if id in every)
        _change(category=() if picked == (vocabulary.main_category,) else picked)

    filter_options("Kind of care", choices, (chosen,), key="filter_category", on_choose=choose,
                   single=True)  # fmt: skip


def _draw_setting(query: Query, vocabulary: Vocabulary, counts: Counts) -> None:
    choices = [Choice("any", "Either", counts["setting"][""])]
    choices += [Choice(s.id, s.label, counts["setting"][s.id]) for s in vocabulary.settings]

    def choose(ids: tuple[str, ...]) -> None:
        allowed = vocabulary.ids("setting")
        _change(setting=ids[0] if ids and ids[0] in allowed else "")

    filter_options("How you meet", choices, (query.setting or "any",), key="filter_setting",
                   on_choose=choose, single=True)  # fmt: skip


def _draw_text(query: Query) -> None:
    st.session_state[state.Q] = query.q
    st.text_input(
        "Name of clinic or town",
        key=state.Q,
        max_chars=MAX_TEXT,
        on_change=lambda: _change(q=" ".join(str(st.session_state[state.Q]).split())),
    )

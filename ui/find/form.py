"""The controls of a search: what for, where, how far; and what a typed place is found to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from clinics.domain.model import Place
from clinics.domain.ports import GeocodingUnavailable, PlaceError
from clinics.places.find import Gazetteer, PlaceAnswer, find_place
from clinics.search.query import ParameterProblem, Query
from ui import resources, state
from ui.find import filters
from ui.find.filters import Counts
from ui.text import plain

MAX_PROBLEMS = 3


def draw_problems(problems: Sequence[ParameterProblem]) -> None:
    """Say in one box what in a link could not be used; a long list is cut, with its number."""
    if not problems:
        return
    shown = [plain(problem.message) for problem in problems[:MAX_PROBLEMS]]
    more = len(problems) - len(shown)
    shown += [f"There are {more} more like this."] if more else []
    st.warning("\n\n".join(shown) + "\n\nThis was left out of the search.")


def resolve_place(query: Query) -> tuple[Query, PlaceAnswer | None]:
    """Turn what was typed, or `near` of the address bar, into a place.

    A street address found in the address bar is replaced by its ZIP or town.
    """
    asked = state.asked_place()
    if asked is not None:
        query = _look_up_typed(asked, query)
        state.place_is_answered()
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


def place_of(query: Query) -> Place | None:
    """Return the place of a search drawn before, for pages that carry it along; asks nobody."""
    typed = state.typed_address(query.near)
    try:
        answer = typed[1] if typed else find_place(query.near, _gazetteer(), None)
    except PlaceError:
        return None
    return answer.place


def _gazetteer() -> Gazetteer:
    return resources.directory().gazetteer


def _look_up_typed(text: str, query: Query) -> Query:
    """Look up what was typed into the box; the only moment an address is sent to be found."""
    state.clear_place_problem()
    near = ""
    try:
        if text:
            answer = find_place(text, _gazetteer(), resources.geocoder())
            state.remember_place(text, answer)
            # Several towns of one name: the name is safe to show, and the page asks which one.
            near = answer.place.param if answer.place else text
    except PlaceError as problem:
        state.set_place_problem(str(problem), typed=text, near="")
    found = replace(query, near=near, clinic="")
    state.write_query(found)
    return found


def _look_up_linked(near: str) -> PlaceAnswer | None:
    """Look up a place that came with a link: towns, ZIPs and coordinates, never an address."""
    try:
        answer = find_place(near, _gazetteer(), None)
    except GeocodingUnavailable:
        sentence = "A link can hold a town or a ZIP, not a street address. Type it into the box."
        state.set_place_problem(sentence, typed="", near=near)
    except PlaceError as problem:
        state.set_place_problem(str(problem), typed=near, near=near)
    else:
        return replace(answer, note="") if answer.place else answer
    return None


def on_place_typed() -> None:
    """Keep what was typed into the box; it is looked up when the page is drawn."""
    state.ask_place(str(st.session_state[state.NEAR]).strip())


def choose_place(place: Place) -> None:
    """Take one of several towns of the same name."""
    state.change_query(near=place.param, clinic="")


def draw_controls(query: Query, answer: PlaceAnswer | None, counts: Counts) -> None:
    """Draw the three controls of the first screen and the folded filters."""
    vocabulary = resources.directory().vocabulary
    what, where, far = st.columns([3, 4, 3], vertical_alignment="bottom")
    what_label = plain(f"What for: {filters.conditions_label(query, vocabulary)}")
    with what, st.popover(what_label, width="stretch"):
        filters.draw_conditions(query, vocabulary, counts)
    with where:
        _draw_near(query)
    far_label = plain(f"How far: {filters.radius_label(query.within)}")
    with far, st.popover(far_label, width="stretch"):
        filters.draw_distances(query, answer, counts)
    with st.container():
        _draw_place_messages(answer)
    in_use = query.filters_in_use
    label = f"More filters ({in_use} in use)" if in_use else "More filters"
    with st.expander(label, key="more_filters"):
        filters.draw_more(query, vocabulary, counts)


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
    )


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

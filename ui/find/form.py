"""The controls of a search: what for, where, how far; and what a typed place is found to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import streamlit as st

from clinics.domain.language import say
from clinics.domain.model import Place
from clinics.domain.ports import GeocodingUnavailable, PlaceError
from clinics.places.find import Gazetteer, PlaceAnswer, find_here, find_place
from clinics.present.chosen import conditions_label, filters_label, radius_label
from clinics.present.next_steps import meant
from clinics.present.other_places import other_places
from clinics.search.query import ParameterProblem, Query, band_of
from clinics.search.search import Results
from ui import language, resources, state
from ui.components import location_button
from ui.find import filters
from ui.text import plain

MAX_PROBLEMS = 3
MAX_OFFERED = 8
MY_LOCATION = "my location"


def draw_problems(query: Query, problems: Sequence[ParameterProblem]) -> None:
    """Say in one box what in a link could not be used; a long list is cut, with its number.

    What may have been meant is offered under it.
    """
    if not problems:
        return
    shown = [plain(problem.message) for problem in problems[:MAX_PROBLEMS]]
    more = len(problems) - len(shown)
    shown += [say("find.more_problems", n=more)] if more else []
    st.warning("\n\n".join([*shown, say("form.left_out")]))
    with st.container(horizontal=True):
        offered = meant(query, problems[:MAX_PROBLEMS], resources.directory().vocabulary)
        for number, (label, search) in enumerate(offered):
            key = f"meant_{number}_{search.to_url()}"
            st.button(plain(label), key=key, on_click=state.write_query, args=(search,))


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
    near, within = "", query.within
    try:
        if text:
            answer = find_place(text, _gazetteer(), resources.geocoder())
            state.remember_place(text, answer)
            # Several towns of one name: the name is safe to show, and the page asks which one.
            near = answer.place.param if answer.place else text
            within = band_of(answer.within) if answer.within else within
    except PlaceError as problem:
        _keep_problem(problem, text, near="")
    found = replace(query, near=near, within=within, clinic="")
    state.write_query(found)
    return found


def _look_up_linked(near: str) -> PlaceAnswer | None:
    """Look up a place that came with a link: towns, ZIPs and coordinates, never an address."""
    try:
        answer = find_place(near, _gazetteer(), None)
    except GeocodingUnavailable:
        sentence = say("find.no_address_in_link")
        state.set_place_problem(sentence, typed="", near=near)
    except PlaceError as problem:
        _keep_problem(problem, near, near)
    else:
        return answer
    return None


def _keep_problem(problem: PlaceError, typed: str, near: str) -> None:
    sentence, meant = problem.beside_suggestions, problem.suggestions
    state.set_place_problem(sentence, typed=typed, near=near, suggestions=meant)


def on_place_typed() -> None:
    """Keep what was typed into the box; it is looked up when the page is drawn."""
    state.ask_place(str(st.session_state[state.NEAR]).strip())


def choose_place(near: str) -> None:
    """Take one of the places that are offered."""
    state.clear_place_problem()
    state.change_query(near=near, clinic="")


def draw_controls(query: Query, answer: PlaceAnswer | None, results: Results) -> None:
    """Draw the row of controls: what for, where, how far, filters; under it what is in use."""
    vocabulary, counts = resources.directory().vocabulary, results.facets
    found = say("find.show_places", n=results.total)
    with st.container(key="controls", horizontal=True, gap="small"):
        what = plain(conditions_label(query, vocabulary))
        name = say("form.what_for")
        with _opens(state.WHAT_OPEN, name, f"{name}: **{what}**") as is_open:
            if is_open:
                filters.draw_conditions(query, vocabulary, counts, found)
        _draw_near(query)
        far = radius_label(query.within)
        name = say("form.how_far")
        with _opens(state.FAR_OPEN, name, f"{name}: **{far}**") as is_open:
            if is_open:
                filters.draw_distances(query, answer, counts)
        name = say("form.filters")
        with _opens(state.FILTERS_OPEN, name, f"**{filters_label(query)}**") as is_open:
            if is_open:
                filters.draw_more(query, vocabulary, counts, found)
    # One place for what is only sometimes there: a list and a map that move are drawn anew.
    with st.container():
        filters.draw_spoken(query, vocabulary)
        if query.filters_in_use:
            filters.draw_chips(query, vocabulary)
        _draw_place_messages(answer)


@contextmanager
def _opens(key: str, name: str, words: str) -> Iterator[bool]:
    """Draw a control that opens, and what is in it only while it is open.

    A button with another name is another button to Streamlit: it would close, and the keyboard
    lose its place. So the name stays, and style puts the `words`, which change, over it.
    """
    with st.container(key=f"{key}_control"):
        opened = st.popover(name, width="stretch", key=key, on_change="rerun")
        st.markdown(words)
    with opened:
        yield bool(opened.open)


def _draw_near(query: Query) -> None:
    typed = state.typed_address(query.near)
    problem = state.place_problem()
    shown = typed[0] if typed else query.near
    if shown == MY_LOCATION:
        shown = say("find.my_location")
    st.session_state[state.NEAR] = problem.typed if problem else shown
    with st.container(key="where"):
        st.text_input(
            f"{say('form.where')}:",
            key=state.NEAR,
            placeholder=say("find.where_placeholder"),
            on_change=on_place_typed,
            autocomplete="postal-code",
        )
        location_button(key="my_location", on_found=_use_location)


def _use_location(sent: str) -> None:
    """Measure from where the visitor's device says it is, as rounded by the browser."""
    language.begin()
    pair = re.fullmatch(r"(-?[0-9]{1,2}\.[0-9]{2}),(-?[0-9]{1,3}\.[0-9]{2})", sent)
    if pair is None:
        state.set_place_problem(say("find.no_location"), typed="", near="")
        return
    state.clear_place_problem()
    try:
        answer = find_here(float(pair[1]), float(pair[2]), _gazetteer())
    except (ValueError, PlaceError) as problem:
        state.set_place_problem(str(problem), typed="", near="")
        return
    if answer.place:
        state.remember_place(MY_LOCATION, answer)
        state.change_query(near=answer.place.param, clinic="")


def _draw_place_messages(answer: PlaceAnswer | None) -> None:
    problem = state.place_problem()
    if problem:
        st.warning(plain(problem.sentence))
    if answer and answer.note:
        st.info(plain(answer.note))
    others = other_places(answer, problem.suggestions if problem else ())
    if others is None:
        return
    key = "which_place" if others.is_question else "not_this"
    with st.container(key=key, horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(plain(others.lead), width="content")
        for name, near in others.places[:MAX_OFFERED]:
            st.button(
                plain(name),
                key=f"place_{near}",
                type="secondary" if others.is_question else "tertiary",
                on_click=choose_place,
                args=(near,),
            )

"""Where the state of a search lives: in the address bar. Every session-state key is named here.

A street address stays in the
session's memory and never enters the address bar.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import parse_qsl

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from clinics.domain.vocabulary import Vocabulary
from clinics.places.find import PlaceAnswer
from clinics.present import shortlist
from clinics.search.query import ParameterProblem, Query, by_ids, parse_query
from ui import resources

NEAR = "near_text"
Q = "q_text"
SORT = "sort_choice"
MATCH = "match_choice"
PAGE = "results_page"
RESULTS = "results_list"
MAP = "map"
VIEW = "view"
KEPT_AS = "kept_as"
WHAT_OPEN, FAR_OPEN, FILTERS_OPEN = "what_for", "how_far", "filters_open"
SELECTED_FROM_MAP = "selected_from_map"
CARD_CLOSED = "card_closed"
_TYPED = "typed_place"
_PROBLEM = "place_problem"
_DRAWN = "drawn_search"
_ON_PAGE = "on_page"
PENDING = "pending_search"
_ASKED = "asked_place"
_VIEW_BEFORE = "view_before"
_BY_WORDS = "search_by_words"
TOPIC_SEARCH = "topic_search"
SPOKEN_HERE = "spoken_here_box"
CHECKLIST = "question_{}"
COSTS = "cost_{}"
LANGUAGE = "language"
CORRECTING = "correct"
LIST_PAGE = "page"
SHOWN_AS = "view"
"""Names in the address bar beside the search: what is open, so that a new session finds it."""
WRONG_KIND, WRONG_TEXT, WRONG_SOURCE = "wrong_kind", "wrong_text", "wrong_source"
WRONG_ANSWER, WRONG_TRIES = "wrong_answer", "wrong_tries"
KEPT = shortlist.PARAMETER
"""The visitor's list, in the address bar of each page that has cards."""

_WITH_LIST = ("", "towns", "shortlist")
_KEPT_LAST = "kept_last"
_SEARCH = frozenset(Query.__dataclass_fields__)
_OWN = _SEARCH | {KEPT, CORRECTING, LIST_PAGE, SHOWN_AS}

Params = dict[str, list[str]]
_Pending = tuple[list[Params], Params]
"""What the address bar held before, and what was written last."""

MAX_STALE = 8


def read_query(vocabulary: Vocabulary) -> tuple[Query, tuple[ParameterProblem, ...]]:
    """Return the search in the address bar, and what in it could not be used.

    What is called by its label or a synonym there gets its id, once: whoever goes back from it
    comes to the page before.
    """
    shown = _params()
    params = _search_of(shown)
    named = by_ids(params, vocabulary)
    if named != params and st.session_state.get(_BY_WORDS) != params:
        st.session_state[_BY_WORDS] = params
        _write_params({**shown, **named})
    return parse_query(params, vocabulary)


def _search_of(params: Params) -> Params:
    return {name: values for name, values in params.items() if name in _SEARCH}


def _params() -> Params:
    """Return our parameters of the address bar, as last written.

    What is done while an earlier click is still being answered comes with the address bar as the
    browser had it then; that is older than what was written meanwhile, and does not count. An
    older address does count when the visitor went back to it.
    """
    now = _shown_params()
    pending: _Pending | None = st.session_state.get(PENDING)
    if pending is None or now == pending[1]:
        return now
    if _went_back():
        st.session_state.pop(PENDING)
        return now
    if now in pending[0]:
        _write_params(pending[1])
        return pending[1]
    return now


def _went_back() -> bool:
    """Return whether this run was asked for by the browser's back or forward button."""
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation


def _shown_params() -> Params:
    return {name: st.query_params.get_all(name) for name in st.query_params if name in _OWN}


def _write_params(wanted: Params) -> None:
    foreign = {n: st.query_params.get_all(n) for n in st.query_params if n not in _OWN}
    st.query_params.from_dict({**foreign, **wanted})


def change_query(**changes: object) -> None:
    """Change the search in the address bar, as a widget's handler does."""
    params = _search_of(_params())
    query, _ = parse_query(params, resources.directory().vocabulary)
    write_query(replace(query, **changes))  # type: ignore[arg-type]


def set_page_number(page: int) -> None:
    """Go to a page of the list; only before the list is drawn."""
    st.session_state[PAGE] = page
    put_beside_search(LIST_PAGE, "" if page == 1 else str(page))


def page_number() -> int:
    """Return the page of the list that is shown, from 1."""
    if PAGE in st.session_state:
        return max(1, int(st.session_state[PAGE]))
    named = beside_search(LIST_PAGE)
    return max(1, int(named)) if re.fullmatch("[0-9]{1,6}", named) else 1


def beside_search(name: str) -> str:
    """Return what the address bar says of one of the names beside the search; "" for nothing."""
    return _params().get(name, [""])[-1]


def put_beside_search(name: str, value: str) -> None:
    """Keep in the address bar what is open; "" takes the name out of it."""
    params = _params()
    wanted = _without(params, name) | ({name: [value]} if value else {})
    if wanted != params:
        _write(wanted, params)


def open_view(name: str) -> None:
    """Show the results in the view of this name from now on; "" is the usual one."""
    st.session_state[_VIEW_BEFORE] = name
    put_beside_search(SHOWN_AS, name)


def note_drawn(query: Query) -> tuple[bool, bool]:
    """Remember the search being drawn; tell whether it, or its chosen clinic, is a new one."""
    url, before = query.to_url(), st.session_state.get(_DRAWN)
    st.session_state[_DRAWN] = url
    if before is None:
        return False, bool(query.clinic) and not beside_search(LIST_PAGE)
    old = dict(parse_qsl(before)).get("clinic", "")
    return _without_clinic(before) != _without_clinic(url), query.clinic not in ("", old)


def _without_clinic(url: str) -> list[tuple[str, str]]:
    return [pair for pair in parse_qsl(url) if pair[0] != "clinic"]


def last_search(vocabulary: Vocabulary) -> Query:
    """Return the search this session drew last, or an empty one; other pages carry it along."""
    params: Params = {}
    for name, value in parse_qsl(st.session_state.get(_DRAWN, "")):
        params.setdefault(name, []).append(value)
    query, _ = parse_query(params, vocabulary)
    return query


def url_params(query: Query) -> Params:
    """Return a search as the parameters of a link to the search page."""
    params: Params = {}
    for name, value in query.to_params():
        params.setdefault(name, []).append(value)
    return params


def current_page() -> str:
    """Return the part of the address that names the page being shown; the search page is ""."""
    return str(st.session_state.get(_ON_PAGE, ""))


def return_to_search(page: str) -> None:
    """Put the last search back into an empty address bar when a visitor comes back to it."""
    before = st.session_state.get(_ON_PAGE)
    st.session_state[_ON_PAGE] = page
    moved = before not in (None, page)
    if moved:
        st.session_state.pop(PENDING, None)
        put_beside_search(CORRECTING, "")  # a dialog does not follow to another page
    came_back = page == "" and before not in (None, "")
    if came_back and not beside_search(SHOWN_AS):
        put_beside_search(SHOWN_AS, str(st.session_state.get(_VIEW_BEFORE, "")))
    if page in _WITH_LIST:
        if moved and not beside_search(KEPT):
            put_beside_search(KEPT, str(st.session_state.get(_KEPT_LAST, "")))
        st.session_state[_KEPT_LAST] = beside_search(KEPT)
    if came_back and not any(name in _SEARCH for name in st.query_params):
        for name, value in parse_qsl(st.session_state.get(_DRAWN, "")):
            st.query_params[name] = [*st.query_params.get_all(name), value]


def write_query(query: Query) -> None:
    """Put a search into the address bar; the next run draws it, from the first page."""
    wanted = url_params(query)
    if _without(_search_of(_params()), "clinic") != _without(wanted, "clinic"):
        set_page_number(1)
    before = _params()
    beside = {name: values for name, values in before.items() if name not in _SEARCH}
    _write({**wanted, **beside}, before)


def go_to(params: Params) -> None:
    """Put other parameters into the address bar of this page, as following a link does."""
    st.session_state.pop(PENDING, None)
    st.query_params.from_dict(params)


def _write(wanted: Params, before: Params) -> None:
    """Put our parameters into the address bar, and note what it held until now."""
    pending: _Pending | None = st.session_state.get(PENDING)
    stale = [*pending[0], pending[1]] if pending else []
    before_it = [p for p in [*stale, before] if p != wanted]
    st.session_state[PENDING] = (before_it[-MAX_STALE:], wanted)
    _write_params(wanted)


def kept_ids() -> tuple[str, ...]:
    """Return the ids on the visitor's list, as far as the directory has them."""
    in_address = current_page() in _WITH_LIST
    text = beside_search(KEPT) if in_address else str(st.session_state.get(_KEPT_LAST, ""))
    return shortlist.ids_of(text, resources.directory().dataset)


def with_list(page: str, params: Params) -> Params:
    """Return the parameters of a link, with the visitor's list where the page has room for it."""
    ids = kept_ids() if page in _WITH_LIST else ()
    return {KEPT: [shortlist.as_text(ids)]} | params if ids else params


def keep(id: str, wanted: bool) -> None:
    """Put a clinic on the visitor's list in the address bar, or take it off; what is gone goes."""
    dataset = resources.directory().dataset
    params = _params()
    ids = shortlist.ids_of("".join(params.get(KEPT, [])), dataset)
    if id in dataset.row_of:
        ids = shortlist.changed(ids, id, keep=wanted)
    others = _without(params, KEPT)
    _write({**others, KEPT: [shortlist.as_text(ids)]} if ids else others, params)


def _without(params: Params, name: str) -> Params:
    return {n: values for n, values in params.items() if n != name}


def remember_place(text: str, answer: PlaceAnswer) -> None:
    """Keep what a typed place was found to be, so that no rerun asks again."""
    st.session_state[_TYPED] = (text, answer)


def remembered_place(text: str) -> PlaceAnswer | None:
    """Return the answer for a text that was looked up in this session."""
    typed: tuple[str, PlaceAnswer] | None = st.session_state.get(_TYPED)
    return typed[1] if typed and typed[0] == text else None


def typed_address(param: str) -> tuple[str, PlaceAnswer] | None:
    """Return the address this session typed, when the address bar holds its ZIP or town."""
    typed: tuple[str, PlaceAnswer] | None = st.session_state.get(_TYPED)
    if typed and typed[1].place and typed[1].place.param == param and typed[0] != param:
        return typed
    return None


def ask_place(text: str) -> None:
    """Note what was typed into the box, to be looked up when the page is drawn."""
    st.session_state[_ASKED] = text


def asked_place() -> str | None:
    """Return what was typed and not yet looked up; it stays so until `place_is_answered`.

    Looking up an address takes a moment, and a click in that moment starts the page again: what
    was asked must outlive that.
    """
    asked: str | None = st.session_state.get(_ASKED)
    return asked


def place_is_answered() -> None:
    """Forget what was asked, now that its answer is kept."""
    st.session_state.pop(_ASKED, None)


class PlaceProblem(NamedTuple):
    """Why a place was not found, what the box held, the link's place then, and places like it."""

    sentence: str
    typed: str
    near: str
    suggestions: tuple[str, ...] = ()


def set_place_problem(
    sentence: str, *, typed: str, near: str, suggestions: tuple[str, ...] = ()
) -> None:
    """Keep one sentence on why a place was not found, and what may have been meant."""
    st.session_state[_PROBLEM] = tuple(PlaceProblem(sentence, typed, near, suggestions))


def clear_place_problem() -> None:
    """Forget why a place was not found."""
    st.session_state.pop(_PROBLEM, None)


def forget_other_problem(near: str) -> None:
    """Forget a problem that belongs to another place than the link's."""
    problem = place_problem()
    if problem and problem.near != near:
        clear_place_problem()


def place_problem() -> PlaceProblem | None:
    """Return the problem with the place last given, or None."""
    kept = st.session_state.get(_PROBLEM)
    return PlaceProblem(*kept) if kept else None

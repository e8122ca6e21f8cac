"""Where the state of a search lives: in the address bar. Every session-state key is named here.

Owns reading and writing that address; must not know what is drawn. A street address stays in the
session's memory and never enters the address bar.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from clinics.places import PlaceAnswer
from clinics.query import ParameterProblem, Query, parse_query
from clinics.vocabulary import Vocabulary
from ui import resources

NEAR = "near_text"
Q = "q_text"
WITHIN = "within_choice"
SORT = "sort_choice"
MATCH = "match_choice"
PAGE = "results_page"
RESULTS = "results_list"
MAP = "map"
VIEW = "view"
SELECTED_FROM_MAP = "selected_from_map"
_TYPED = "typed_place"
_PROBLEM = "place_problem"
_OWN = frozenset(Query.__dataclass_fields__)


def read_query(vocabulary: Vocabulary) -> tuple[Query, tuple[ParameterProblem, ...]]:
    """Return the search in the address bar, and what in it could not be used."""
    params = {name: st.query_params.get_all(name) for name in st.query_params if name in _OWN}
    return parse_query(params, vocabulary)


def change_query(**changes: object) -> None:
    """Change the search in the address bar, as a widget's handler does."""
    params = {name: st.query_params.get_all(name) for name in st.query_params if name in _OWN}
    query, _ = parse_query(params, resources.directory().vocabulary)
    write_query(replace(query, **changes))  # type: ignore[arg-type]


def set_page_number(page: int) -> None:
    """Go to a page of the list; only before the list is drawn."""
    st.session_state[PAGE] = page


def page_number() -> int:
    """Return the page of the list that is shown, from 1."""
    return max(1, int(st.session_state.get(PAGE, 1)))


def write_query(query: Query) -> None:
    """Put a search into the address bar; the next run draws it, from the first page."""
    before = {n: st.query_params.get_all(n) for n in st.query_params if n in _OWN - {"clinic"}}
    wanted: dict[str, list[str]] = {}
    for name, value in query.to_params():
        wanted.setdefault(name, []).append(value)
    if before != {name: values for name, values in wanted.items() if name != "clinic"}:
        st.session_state[PAGE] = 1
    foreign = {n: st.query_params.get_all(n) for n in st.query_params if n not in _OWN}
    st.query_params.from_dict({**foreign, **wanted})


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


def set_place_problem(sentence: str) -> None:
    """Keep one sentence on why a place was not found; "" when there is none."""
    st.session_state[_PROBLEM] = sentence


def place_problem() -> str:
    """Return the sentence about the place last given, or ""."""
    return str(st.session_state.get(_PROBLEM, ""))

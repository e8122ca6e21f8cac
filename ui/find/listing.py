"""The clinics found, as a list beside a map: views, order, pages, and which one is chosen."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from clinics.domain.language import say
from clinics.domain.model import Place
from clinics.domain.words import day
from clinics.present import html as render
from clinics.present.chosen import SORT_WORDS, orders
from clinics.present.map import layer_script
from clinics.present.next_steps import Steps
from clinics.search.pages import Page
from clinics.search.query import Query
from clinics.search.search import Results
from clinics.web.first_screen import VIEWS, sort_width
from clinics.web.plain.paper import path_of as whole_list_on_paper
from clinics.web.plain.search import params_of_search
from ui import resources, state
from ui.components import focus_pin
from ui.find import correct
from ui.find.answer import draw_known, draw_steps
from ui.find.cards import draw_cards, topics_of_cards
from ui.find.map_frame import draw_map
from ui.plain import site_address
from ui.text import plain

MAP_HEIGHT = 560
"""Pixels, where the style of the page does not say another."""

_BOTH, _LIST, _MAP = VIEWS


def draw_list_and_map(page: Page, steps: Steps) -> None:
    """Draw the list beside the map, or one of them, as the visitor chose."""
    results, view = page.results, _view()
    if view == _BOTH:
        left, right = st.columns([11, 9], gap="small")
        aside = right.container(key="aside", gap="xsmall")
    else:
        left = aside = st.container(key="alone", gap="small")
    if view == _LIST or (view == _MAP and not _is_phone()):
        with aside:
            draw_known(results.query)
    if view != _MAP:
        with left:
            _draw_list(page)
    with aside:
        if view == _BOTH:
            draw_known(results.query)
        if view != _LIST:
            _draw_map(results, page.first, alone=view == _MAP)
    if view == _MAP:
        _draw_chosen_card(results, page.first)
    # Under the list, where a button that comes with a condition moves nothing.
    draw_print_link(results)
    draw_steps(steps)
    correct.draw_dialog()


def draw_print_link(results: Results) -> None:
    """Draw the way to the whole list on paper; a page printed as it is says where that is."""
    path = whole_list_on_paper(results.query)
    st.link_button(say("results.print"), f".{path}", type="tertiary", key="print_list")
    with st.container(key="on_paper"):
        address, today = site_address(), day(resources.today())
        search = plain(f"{address}/{params_of_search(results.query)}")
        paper = plain(address + path)
        st.markdown(say("find.on_paper", day=today, search=search, paper=paper))


def draw_near(results: Results) -> None:
    """Draw a few clinics and a map of them, as a guide does: nothing to choose or to change."""
    directory = resources.directory()
    html = render.results_html(
        results, directory.vocabulary, resources.today(), can_show=False, topics=topics_of_cards()
    )
    left, right = st.columns([11, 9], gap="medium")
    with left:
        draw_cards("near_list", html)
    with right:
        draw_map(
            resources.map_frame(directory.site.map_center),
            layer_script(results.hits, results.place, None),
            key="near_map",
            height=MAP_HEIGHT,
        )
    correct.draw_dialog()


def _is_phone() -> bool:
    """Return True if the browser calls itself a phone's; it only sets which view opens first."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def draw_view_and_order(query: Query, place: Place | None) -> None:
    """Draw how the answer is shown and in which order; a phone shows the list or the map."""
    with st.container(key="view_and_order", horizontal=True, width="content", gap="small"):
        st.session_state[state.VIEW] = _view()
        st.segmented_control(
            say("find.view"),
            [_LIST, _MAP] if _is_phone() else [_BOTH, _LIST, _MAP],
            format_func=dict(VIEWS).__getitem__,
            key=state.VIEW,
            required=True,
            on_change=lambda: _open_view(str(st.session_state[state.VIEW])),
            label_visibility="collapsed",
        )
        _draw_sort(query, place)


def _view() -> str:
    """Return how the answer is shown: on a phone never both, where there is no room for it."""
    named = _view_of_address(_LIST if _is_phone() else _BOTH)
    return _LIST if _is_phone() and named == _BOTH else named


def _view_of_address(usual: str) -> str:
    """Return the view that the address bar names, or the usual one."""
    named = state.beside_search(state.SHOWN_AS)
    return named if named in VIEWS else usual


def _open_view(view: str) -> None:
    """Show the list, the map or both from now on."""
    usual = _LIST if _is_phone() else _BOTH
    state.open_view("" if view == usual else view)


def _draw_sort(query: Query, place: Place | None) -> None:
    offered = orders(has_place=place is not None)
    st.session_state[state.SORT] = query.sort if query.sort in offered else "name"

    def change() -> None:
        chosen = st.session_state[state.SORT]
        if chosen in offered:
            state.change_query(sort=chosen, clinic="")

    st.selectbox(
        say("form.order"),
        offered,
        format_func=dict(SORT_WORDS).__getitem__,
        key=state.SORT,
        on_change=change,
        label_visibility="collapsed",
        placeholder=say("form.order"),
        width=sort_width(),
    )


def _draw_list(page: Page) -> None:
    directory, results = resources.directory(), page.results
    today = resources.today()
    draw_cards(
        state.RESULTS,
        render.results_html(
            replace(results, query=replace(results.query, clinic="")),
            directory.vocabulary,
            today,
            first_number=page.first,
            topics=topics_of_cards(),
        ),
        search=replace(results.query, clinic="").to_url(),
        page=page.first,
        selected=results.query.clinic,
        from_map=bool(st.session_state.get(state.SELECTED_FROM_MAP)),
        on_show=show_on_map,
    )
    if page.pages > 1:
        st.pagination(page.pages, key=state.PAGE, persist_state="session")


def _draw_chosen_card(results: Results, first_number: int) -> None:
    """Draw the card of the chosen pin over the foot of the map, with a button that closes it."""
    directory = resources.directory()
    shown = enumerate(results.shown, start=first_number)
    number, hit = next(((n, h) for n, h in shown if h.clinic.id == results.query.clinic), (0, None))
    if hit is None:
        if st.session_state.pop(state.CARD_CLOSED, False):
            focus_pin("alone")
        return
    alone = replace(results, hits=(hit,), unstated=())
    html = render.results_html(
        alone,
        directory.vocabulary,
        resources.today(),
        first_number=number,
        can_show=False,
        alone=True,
        topics=topics_of_cards(),
    )
    with st.container(key="chosen", gap=None):
        st.button(say("find.close"), key="close_chosen", on_click=_choose_none)
        with st.container(key="chosen_card"):
            draw_cards("card_of_pin", html)


def _choose_none() -> None:
    """Take the card off the map; the keyboard goes back to its pin."""
    st.session_state[state.CARD_CLOSED] = True
    state.change_query(clinic="")


def show_on_map(id: str) -> None:
    """Select a card's clinic, so that the map goes to it."""
    st.session_state[state.SELECTED_FROM_MAP] = False
    if _view_of_address(_LIST if _is_phone() else _BOTH) == _LIST:
        _open_view(_MAP if _is_phone() else _BOTH)
    state.change_query(clinic=id)


def _on_pin() -> None:
    """Select the clinic of a pin that was clicked."""
    clicked = (st.session_state.get(state.MAP) or {}).get("last_active_drawing") or {}
    id = (clicked.get("properties") or {}).get("id")
    if isinstance(id, str) and resources.directory().dataset.find(id):
        st.session_state[state.SELECTED_FROM_MAP] = True
        state.change_query(clinic=id)


def _draw_map(results: Results, first_number: int, *, alone: bool) -> None:
    query, place, hits = results.query, results.place, results.shown
    draw_map(
        resources.map_frame(resources.directory().site.map_center),
        layer_script(hits, place, query.within, query.clinic, first_number, alone=alone),
        key=state.MAP,
        height=MAP_HEIGHT,
        returns=["last_active_drawing"],
        on_change=_on_pin,
    )

"""The clinics found, as a list beside a map: views, order, pages, and which one is chosen."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from clinics.domain.model import Clinic, Place
from clinics.present import html as render
from clinics.present import map as maps
from clinics.present.known_panel import is_about_therapy
from clinics.present.map import layer_script
from clinics.present.next_steps import Steps
from clinics.search.query import CHOICES, Query
from clinics.search.search import Results
from ui import frame, resources, state
from ui.components import results_list
from ui.find import correct
from ui.find.answer import draw_known, draw_steps, known_panel
from ui.find.map_frame import draw_map

MAP_HEIGHT = LIST_HEIGHT = 680
KNOWN_HEIGHT = 220
_GAP = 18
"""Pixels, as in `cards.css` and `panel.css`; with it panel and map are as high as the list."""

_BOTH, _LIST, _MAP = "List and map", "List", "Map"
_NAMES = {_BOTH: "both", _LIST: "list", _MAP: "map"}
"""What the address bar says of each view."""

_SORT_WORDS = {
    "distance": "Nearest first",
    "name": "By name",
    "checked": "Confirmed by us last, first",
}


def draw_list_and_map(results: Results, first_number: int, pages: int, steps: Steps) -> None:
    """Draw the list beside the map, or one of them, as the visitor chose."""
    view = _draw_view_row(results.query, results.place)
    directory = resources.directory()
    selected = directory.dataset.find(results.query.clinic)
    if view == _BOTH:
        left, right = st.columns([11, 9], gap="medium")
    else:
        left = right = st.container()
        with left:
            draw_known(results.query, folded=True)
    if view != _MAP:
        with left:
            _draw_list(results, first_number, pages, scrolls=view == _BOTH)
    with right:
        if view == _BOTH:
            draw_known(results.query)
        if view != _LIST:
            beside = view == _BOTH and is_about_therapy(results.query, directory.vocabulary)
            height = LIST_HEIGHT - KNOWN_HEIGHT - _GAP if beside else MAP_HEIGHT
            _draw_map(results, first_number, selected, height)
    if view == _MAP and selected:
        _draw_chosen_card(results, first_number)
    # Under the list, where a button that comes with a condition moves nothing.
    draw_steps(steps)
    correct.draw_dialog()


def draw_near(results: Results) -> None:
    """Draw a few clinics and a map of them, as a guide does: nothing to choose or to change."""
    directory = resources.directory()
    home = directory.site.map_center
    html = render.results_html(results, directory.vocabulary, resources.today(), can_show=False)
    left, right = st.columns([11, 9], gap="medium")
    with left:
        results_list(
            key="near_list",
            html=html,
            scrolls=not _is_phone(),
            correcting=correct.being_corrected(),
            on_wrong=correct.open_dialog,
        )
    with right:
        draw_map(
            resources.map_frame(home),
            layer_script(results.hits, results.place, None),
            key="near_map",
            height=MAP_HEIGHT,
            view=maps.view(results.place, None, results.hits, None, home),
        )
    correct.draw_dialog()


def _is_phone() -> bool:
    """Return True if the browser calls itself a phone's; it only sets which view opens first."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def _draw_view_row(query: Query, place: Place | None) -> str:
    with st.container(horizontal=True, vertical_alignment="center"):
        view = _draw_phone_switch() if _is_phone() else _draw_view_choice()
        _draw_sort(query, place)
    return view


def _draw_phone_switch() -> str:
    """Draw one large button; a phone shows the list first and the map when asked."""
    view = _view_of_address(_LIST)
    view = view if view == _MAP else _LIST
    other = _MAP if view == _LIST else _LIST
    st.button(f"Show the {other.lower()}", key="switch_view", on_click=_open_view, args=(other,))
    return view


def _draw_view_choice() -> str:
    st.session_state[state.VIEW] = _view_of_address(_BOTH)
    view = st.segmented_control(
        "View",
        [_BOTH, _LIST, _MAP],
        key=state.VIEW,
        required=True,
        on_change=lambda: _open_view(str(st.session_state[state.VIEW])),
        label_visibility="collapsed",
    )
    return str(view or _BOTH)


def _view_of_address(usual: str) -> str:
    """Return the view that the address bar names, or the usual one."""
    named = state.beside_search(state.SHOWN_AS)
    return next((view for view in (_BOTH, _LIST, _MAP) if _NAMES[view] == named), usual)


def _open_view(view: str) -> None:
    """Show the list, the map or both from now on."""
    usual = _LIST if _is_phone() else _BOTH
    state.open_view("" if view == usual else _NAMES[view])


def _draw_sort(query: Query, place: Place | None) -> None:
    orders = [sort for sort in CHOICES["sort"] if place or sort != "distance"]
    st.session_state[state.SORT] = query.sort if query.sort in orders else "name"

    def change() -> None:
        chosen = st.session_state[state.SORT]
        if chosen in orders:
            state.change_query(sort=chosen, clinic="")

    st.selectbox(
        "Order",
        orders,
        format_func=_SORT_WORDS.__getitem__,
        key=state.SORT,
        on_change=change,
        label_visibility="collapsed",
        width=200,
    )


def _draw_list(results: Results, first_number: int, pages: int, *, scrolls: bool) -> None:
    directory = resources.directory()
    today = resources.today()
    # In a window too narrow for two columns, the box beside the list gives way to a line above it.
    known, go = known_panel(results.query, folded=True) if scrolls else ("", None)
    results_list(
        key=state.RESULTS,
        known=known,
        html=render.results_html(
            replace(results, query=replace(results.query, clinic="")),
            directory.vocabulary,
            today,
            first_number=first_number,
        ),
        search=replace(results.query, clinic="").to_url(),
        page=first_number,
        selected=results.query.clinic,
        from_map=bool(st.session_state.get(state.SELECTED_FROM_MAP)),
        scrolls=scrolls,
        on_show=show_on_map,
        on_go=go,
        correcting=correct.being_corrected(),
        on_wrong=correct.open_dialog,
    )
    if pages > 1:
        st.pagination(pages, key=state.PAGE, persist_state="session")


def _draw_chosen_card(results: Results, first_number: int) -> None:
    """Draw the card of the chosen pin under the map, where there is no list beside it."""
    directory = resources.directory()
    shown = enumerate(results.shown, start=first_number)
    number, hit = next(((n, h) for n, h in shown if h.clinic.id == results.query.clinic), (0, None))
    if hit:
        alone = replace(results, hits=(hit,), unstated=())
        html = render.results_html(
            alone, directory.vocabulary, resources.today(), first_number=number, can_show=False
        )
        results_list(
            key="chosen_card",
            html=html,
            correcting=correct.being_corrected(),
            on_wrong=correct.open_dialog,
        )


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


def _draw_map(results: Results, first_number: int, selected: Clinic | None, height: int) -> None:
    query, place, hits = results.query, results.place, results.shown
    home = resources.directory().site.map_center
    draw_map(
        resources.map_frame(home),
        layer_script(hits, place, query.within, query.clinic, first_number),
        key=state.MAP,
        height=height,
        view=maps.view(place, query.within, hits, selected, home),
        returns=["last_active_drawing"],
        on_change=_on_pin,
    )
    frame.fine_print(
        "Everything on the map is also in the list. A dashed pin is only an approximate place; a "
        "square one does not say all that you asked for."
    )

"""The answer to a search: what is known, the list, the map, and always a next step.

Owns the drawing of Results; must not decide what they are.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit_folium import st_folium

from clinics import maps, render, wording
from clinics.model import Clinic, Place
from clinics.query import CHOICES, Query
from clinics.search import Hit, NextStep, Results, nearest_miles, search
from clinics.tiles import tiles_from
from clinics.vocabulary import Vocabulary
from ui import frame, resources, state
from ui.components import results_list
from ui.text import plain

PAGE_SIZE = 25
MAP_HEIGHT = 680
FAR_MILES = 50
"""Farther than this from every listing, a place is outside the area of the directory."""

_BOTH, _LIST, _MAP = "List and map", "List", "Map"
_SORT_WORDS = {
    "distance": "Nearest first",
    "name": "By name",
    "checked": "Last checked first",
}


def page_of_results(query: Query, place: Place | None) -> tuple[Results, int, int]:
    """Search, and return the page being read, the number of its first clinic and the pages."""
    dataset = resources.directory().dataset
    page = state.page_number()
    offset = (page - 1) * PAGE_SIZE
    results = search(dataset, query, place, limit=PAGE_SIZE, offset=offset)
    silent = results.unstated_total if query.unstated == "include" else 0
    pages = max(1, -(-(results.total + silent) // PAGE_SIZE))
    if page > pages:  # the address bar went back to a search with fewer pages
        state.set_page_number(1)
        return search(dataset, query, place, limit=PAGE_SIZE), 1, pages
    return results, offset + 1, pages


def draw_far_away(results: Results) -> None:
    """Say so when the place is far from everything that is listed."""
    directory = resources.directory()
    if results.place is None:
        return
    miles = nearest_miles(directory.dataset, results.place.point)
    if miles > FAR_MILES:
        st.info(
            f"This directory lists places in {plain(directory.site.area)}. The nearest listing to "
            f"{plain(results.place.name)} is about {miles:,.0f} miles away."
        )


def draw_headline(results: Results) -> None:
    """Draw what was found, and from where distances are measured."""
    results_list(
        key="headline",
        headline=wording.headline(results, resources.directory().vocabulary),
        measured_from=render.place_line(results.place),
    )


def draw_known(query: Query) -> None:
    """Draw what is known about the chosen conditions, apart from what clinics claim."""
    directory = resources.directory()
    if query.condition:
        known = [directory.vocabulary.condition(id) for id in query.condition]
        results_list(key="known", known=render.known_html(known, directory.site.therapy))


def draw_next_steps(results: Results) -> None:
    """Draw what a visitor can do next; with nothing found, first of all where the nearest is."""
    if not results.total:
        _draw_nothing_found(results)
    steps = list(_steps(results))
    if steps:
        with st.container(horizontal=True):
            for place, (label, query) in enumerate(steps):
                main = place == 0 and not results.total
                st.button(
                    label,
                    key=f"step_{place}",
                    type="primary" if main else "secondary",
                    on_click=state.write_query,
                    args=(query,),
                    wrap=True,
                )


def _draw_nothing_found(results: Results) -> None:
    nearest = results.nearest_beyond
    if nearest:
        st.markdown(f"The nearest is {_described(nearest, results.query.within)}.")
    elif results.place or results.query.filters_in_use or results.query.condition:
        st.markdown("Nothing in this directory matches all of these choices.")
    frame.crisis_line()


def _described(hit: Hit, within: float | None) -> str:
    """Name a clinic with its town and distance: "**X** in Rockville, MD, about 9 miles away"."""
    clinic = hit.clinic
    away = f"{wording.distance(hit, beyond=within).lower()} away"
    return f"**{plain(clinic.name)}** in {plain(clinic.city)}, {clinic.state}, {away}"


def _steps(results: Results) -> list[tuple[str, Query]]:
    query, vocabulary = results.query, resources.directory().vocabulary
    steps: list[tuple[str, Query]] = []
    if results.wider:
        steps.append((_show(results.wider, vocabulary), results.wider.query))
    if query.condition and results.unstated_total:
        n = results.unstated_total
        if query.unstated == "exclude":
            label = f"Also show {n} that {'does' if n == 1 else 'do'} not say what they treat"
            steps.append((label, replace(query, unstated="include", clinic="")))
        else:
            label = f"Hide {n} that {'does' if n == 1 else 'do'} not say what they treat"
            steps.append((label, replace(query, unstated="exclude", clinic="")))
    if not results.total and (query.filters_in_use or query.condition):
        fewer = Query(near=query.near, within=query.within)
        steps.append(("Start again with any condition and no filters", fewer))
    if results.other_care and results.place:
        steps.append((_show(results.other_care, vocabulary), results.other_care.query))
    return steps


def _show(step: NextStep, vocabulary: Vocabulary) -> str:
    found = wording.clinics_of(step.query.categories(vocabulary), step.total, vocabulary)
    return f"Show {found} {wording.radius(step.query.within)}"


def draw_list_and_map(results: Results, first_number: int, pages: int) -> None:
    """Draw the list beside the map, or one of them, as the visitor chose."""
    view = _draw_view_row(results.query)
    selected = resources.directory().dataset.find(results.query.clinic)
    if view == _BOTH:
        left, right = st.columns([11, 9], gap="medium")
    else:
        left = right = st.container()
    if view != _MAP:
        with left:
            _draw_list(results, first_number, pages, scrolls=view == _BOTH)
    if view != _LIST:
        with right:
            _draw_map(results, first_number, selected)


def _is_phone() -> bool:
    """Tell whether the browser calls itself a phone's; it only sets which view opens first."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def _draw_view_row(query: Query) -> str:
    with st.container(horizontal=True, vertical_alignment="center"):
        view = _draw_phone_switch() if _is_phone() else _draw_view_choice()
        _draw_sort(query)
    return view


def _draw_phone_switch() -> str:
    """Draw one large button; a phone shows the list first and the map when asked."""
    view = str(st.session_state.setdefault(state.VIEW, _LIST))
    other = _MAP if view == _LIST else _LIST
    st.button(
        f"Show the {other.lower()}",
        key="switch_view",
        on_click=st.session_state.update,
        args=({state.VIEW: other},),
    )
    return view


def _draw_view_choice() -> str:
    st.session_state.setdefault(state.VIEW, _BOTH)
    view = st.segmented_control(
        "View",
        [_BOTH, _LIST, _MAP],
        key=state.VIEW,
        required=True,
        persist_state="session",
        label_visibility="collapsed",
    )
    return str(view or _BOTH)


def _draw_sort(query: Query) -> None:
    st.session_state[state.SORT] = query.sort

    def change() -> None:
        chosen = st.session_state[state.SORT]
        if chosen in CHOICES["sort"]:
            state.change_query(sort=chosen)

    st.selectbox(
        "Order",
        CHOICES["sort"],
        format_func=_SORT_WORDS.__getitem__,
        key=state.SORT,
        on_change=change,
        label_visibility="collapsed",
        width=200,
    )


def _draw_list(results: Results, first_number: int, pages: int, *, scrolls: bool) -> None:
    directory = resources.directory()
    today = resources.today()
    results_list(
        key=state.RESULTS,
        html=render.results_html(results, directory.vocabulary, today, first_number=first_number),
        search=replace(results.query, clinic="").to_url() + f"#{first_number}",
        selected=results.query.clinic,
        from_map=bool(st.session_state.get(state.SELECTED_FROM_MAP)),
        scrolls=scrolls,
        on_show=show_on_map,
    )
    if pages > 1:
        st.pagination(pages, key=state.PAGE, persist_state="session")


def draw_chosen_elsewhere(results: Results) -> None:
    """Say so when the clinic of a shared link is not among those on this page of the list."""
    id = results.query.clinic
    if not id or any(hit.clinic.id == id for hit in results.shown):
        return
    clinic = resources.directory().dataset.find(id)
    if clinic is None:
        st.warning("The clinic in this link is not in the directory any more. Here are the others.")
        return
    st.info(
        f"You chose {plain(clinic.name)} in {plain(clinic.city)}, {clinic.state}. "
        "It is not among the clinics listed here."
    )
    main = resources.directory().vocabulary.main_category
    category = () if clinic.category == main else (clinic.category,)
    alone = Query(category=category, q=clinic.name[:100], clinic=clinic.id, within=None)
    st.button("Show that clinic", key="show_chosen", on_click=state.write_query, args=(alone,))


def show_on_map(id: str) -> None:
    """Select a card's clinic, so that the map goes to it."""
    st.session_state[state.SELECTED_FROM_MAP] = False
    if st.session_state.get(state.VIEW) == _LIST:
        st.session_state[state.VIEW] = _MAP if _is_phone() else _BOTH
    state.change_query(clinic=id)


def _on_pin() -> None:
    """Select the clinic of a pin that was clicked."""
    clicked = (st.session_state.get(state.MAP) or {}).get("last_active_drawing") or {}
    id = (clicked.get("properties") or {}).get("id")
    if isinstance(id, str) and resources.directory().dataset.find(id):
        st.session_state[state.SELECTED_FROM_MAP] = True
        state.change_query(clinic=id)


def _draw_map(results: Results, first_number: int, selected: Clinic | None) -> None:
    query, place, hits = results.query, results.place, results.shown
    settings = resources.settings()
    home = resources.directory().site.map_center
    center, zoom = maps.view(place, query.within, hits, selected, home)
    st_folium(
        maps.base_map(tiles_from(settings.tiles, settings.tiles_attribution), home),
        key=state.MAP,
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=maps.results_layer(
            hits, place, query.within, selected_id=query.clinic, first_number=first_number
        ),
        center=center,
        zoom=zoom,
        on_change=_on_pin,
    )
    st.caption(
        "Everything on the map is also in the list. A dashed pin is only an approximate place; a "
        "square one does not say what it treats."
    )

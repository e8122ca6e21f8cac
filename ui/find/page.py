"""The search page: reads the address bar, asks the core, draws."""

from __future__ import annotations

import streamlit as st

from clinics.present.next_steps import next_steps
from ui import resources, state
from ui.find import answer, form, listing
from ui.text import plain


def draw() -> None:
    """Draw the search that the address bar names."""
    directory = resources.directory()
    query, problems = state.read_query(directory.vocabulary)
    query, place_answer = form.resolve_place(query)
    place = place_answer.place if place_answer else None
    with st.container(key="opening", horizontal=True, vertical_alignment="bottom"):
        st.title(plain(directory.site.heading), anchor=False, width="content")
        st.markdown(plain(directory.site.tagline), width="content")
    # Parts that are only sometimes there have their own container, so that what follows keeps its
    # place on the page: a map that changed place would be drawn anew.
    with st.container():
        form.draw_problems(query, problems)
    page = answer.page_of_results(query, place)
    results = page.results
    form.draw_controls(query, place_answer, results)
    with st.container(key="headline_row", horizontal=True, vertical_alignment="bottom"):
        answer.draw_headline(results)
        if results.shown:
            listing.draw_view_and_order(results.query, results.place)
    with st.container():
        answer.draw_far_away(results)
        answer.draw_chosen_elsewhere(results)
    steps = next_steps(results, directory.vocabulary)
    if results.shown:
        listing.draw_list_and_map(page, steps)
    else:
        answer.draw_nothing_found(results, steps)

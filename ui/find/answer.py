"""The answer to a search in words: what was found, what is known, and always a next step."""

from __future__ import annotations

from functools import partial

import streamlit as st

from clinics.domain.model import Place
from clinics.present import html as render
from clinics.present import wording
from clinics.present.known_panel import known_about
from clinics.present.next_steps import (
    Steps,
    chosen_elsewhere,
    far_away,
    nothing_found,
    show_chosen,
)
from clinics.search.pages import Page, page_of, page_with_chosen
from clinics.search.query import Query
from clinics.search.search import Results
from ui import components, resources, state
from ui.links import Link, follow
from ui.text import names_in_bold, plain


def page_of_results(query: Query, place: Place | None) -> Page:
    """Search, and return the page being read."""
    dataset = resources.directory().dataset
    new_search, new_clinic = state.note_drawn(query)
    if new_search:
        state.set_page_number(1)
    if new_clinic and (number := page_with_chosen(dataset, query, place)):
        state.set_page_number(number)
    number = state.page_number()
    state.put_beside_search(state.LIST_PAGE, "" if number == 1 else str(number))
    page = page_of(dataset, query, place, number, facets=True)
    if number > page.number:  # a link from when there were more, or one that somebody changed
        state.set_page_number(page.number)
    return page


def draw_far_away(results: Results) -> None:
    """Say so when the place is far from everything that is listed."""
    sentence = far_away(results, resources.directory())
    if sentence:
        st.info(plain(sentence))


def draw_headline(results: Results) -> None:
    """Draw what was found, how many can be called, and from where distances are measured."""
    components.headline(
        wording.headline(results, resources.directory().vocabulary),
        render.private_line(results.place),
    )


def draw_known(query: Query) -> None:
    """Draw what is known about what was chosen, or about the therapy, and where to read more.

    Over places that do not offer the therapy it is left out.
    """
    directory = resources.directory()
    panel = known_about(query, directory.vocabulary, directory.explainer, directory.site.therapy)
    if panel:
        links = [Link(topic.title, "learn.py", {"topic": [topic.id]}) for topic in panel.topics]
        components.panel(key="known", html=panel.html, on_go=partial(follow, links))


def draw_steps(steps: Steps, *, main: bool = False) -> None:
    """Draw searches to go on with, one button each; with `main` the first stands out."""
    for number, (label, query) in enumerate(steps):
        st.button(
            plain(label),
            key=f"step_{number}_{query.to_url()}",
            type="primary" if main and number == 0 else "secondary",
            on_click=state.write_query,
            args=(query,),
            wrap=True,
        )


def draw_nothing_found(results: Results, steps: Steps) -> None:
    """Draw the next step where nothing is found: the nearest, a wider search, other care, 988."""
    sentence = nothing_found(results, resources.directory().vocabulary)
    if sentence:
        st.markdown(names_in_bold(sentence))
    with st.container(horizontal=True):
        draw_steps(steps, main=True)
    draw_known(results.query)


def draw_chosen_elsewhere(results: Results) -> None:
    """Say so when the clinic of a shared link is not among those on this page of the list."""
    found = chosen_elsewhere(results, resources.directory())
    if found is None:
        return
    sentence, alone = found
    if alone is None:
        st.warning(plain(sentence))
        return
    st.info(plain(sentence))
    st.button(show_chosen(), key="show_chosen", on_click=state.write_query, args=(alone,))

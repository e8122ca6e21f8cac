"""The visitor's list of clinics to call: side by side or one by one, and the ways to take it along.

The list is in the address bar and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from clinics.domain.language import Sentences, say
from clinics.present import html as render
from clinics.present import shortlist
from clinics.present.shortlist import Shortlist
from clinics.search.query import Query
from clinics.web.plain.shortlist import PATH, PDF
from ui import frame, resources, state
from ui.components import panel, take_along
from ui.find import correct
from ui.find.cards import draw_cards
from ui.find.form import place_of
from ui.links import Link, draw_links, follow
from ui.text import plain

_VIEWS = Sentences({"table": "app.side_by_side", "list": "app.one_by_one"})
_WITHOUT_BAR = ("shortlist", "manage")


def draw_bar(page: str) -> None:
    """Draw the way to the list, on every page, while there is something on it."""
    with st.container(key="kept_bar"):
        ids = () if page in _WITHOUT_BAR else state.kept_ids()
        if ids:
            full = len(ids) == shortlist.MOST
            label = say("app.your_list_full" if full else "app.your_list", n=len(ids))
            near = state.last_search(resources.directory().vocabulary).near
            params = {state.KEPT: shortlist.as_text(ids)} | ({"near": near} if near else {})
            st.page_link("shortlist.py", label=label, query_params=params)


def draw() -> None:
    """Draw the list that the address bar names."""
    directory = resources.directory()
    query, _ = state.read_query(directory.vocabulary)
    place = place_of(query)
    kept = shortlist.read(state.beside_search(state.KEPT), directory.dataset, place)
    st.title(kept.heading, anchor=False)
    with st.container():
        for sentence in kept.sentences:
            st.warning(sentence)
    near = place.param if place else ""
    if near != query.near:  # no street address stays in the address bar
        state.put_beside_search("near", near)
    if not kept.ids:
        st.markdown(say("sheet.empty"))
        _draw_way_back(near)
        return
    _draw_take_along(kept, near)
    lines = [render.place_line(place), say("sheet.nothing_kept")]
    frame.fine_print(plain(" ".join(lines).strip()))
    _draw_clinics(kept, near)
    _draw_way_back(near)
    correct.draw_dialog()


def _draw_way_back(near: str) -> None:
    """Draw the link to the search of this session, or where the list is the first page, near it."""
    before = state.last_search(resources.directory().vocabulary)
    search = before if before != Query() else Query(near=near)
    link = Link(say("sheet.find"), "find.py", state.url_params(search))
    draw_links([link], key="more_clinics")


def _draw_take_along(kept: Shortlist, near: str) -> None:
    explainer = resources.directory().explainer
    topics = (topic.id for topic in explainer.topics if topic.tool == "questions")
    questions = Link(
        say("app.questions", n=len(explainer.questions)),
        "learn.py",
        {"topic": list(topics)[:1]},
    )
    base = resources.settings().base_url or "."
    take_along(
        key="take_along",
        title=kept.heading,
        link=shortlist.address(f"{base}/shortlist", kept.ids, near),
        paper=shortlist.address(f".{PATH}", kept.ids, near),
        pdf=shortlist.address(f".{PDF}", kept.ids, near),
        questions=(questions.label, questions.address),
        on_go=partial(follow, [questions]),
    )


def _draw_clinics(kept: Shortlist, near: str) -> None:
    """Draw the clinics as a table to compare them, or as cards: a phone begins with the cards."""
    is_phone = "Mobi" in (st.context.headers.get("User-Agent") or "")
    usual = "list" if is_phone or len(kept.ids) == 1 else "table"
    named = state.beside_search(state.SHOWN_AS)
    st.session_state[state.KEPT_AS] = named if named in _VIEWS else usual

    def choose() -> None:
        chosen = str(st.session_state[state.KEPT_AS])
        state.put_beside_search(state.SHOWN_AS, chosen if chosen in _VIEWS else "")

    st.segmented_control(
        say("find.view"),
        list(_VIEWS),
        format_func=_VIEWS.__getitem__,
        key=state.KEPT_AS,
        required=True,
        on_change=choose,
        label_visibility="collapsed",
    )
    directory, today = resources.directory(), resources.today()
    if st.session_state[state.KEPT_AS] == "table":
        st.header(say("app.compare"), anchor=False)
        html = shortlist.compared_html(kept, directory.vocabulary, near)
        panel(key="compared", html=html, on_go=partial(_take_off, kept.ids))
        return
    st.header(say("app.one_by_one"), anchor=False)
    html = render.results_html(
        kept.results, directory.vocabulary, today, can_show=False, alone=True
    )
    draw_cards("kept_cards", html)


def _take_off(ids: Sequence[str], number: str) -> None:
    if int(number) < len(ids):
        state.keep(ids[int(number)], False)

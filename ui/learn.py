"""The explainer's pages: the list of topics, one topic, and the tools that stand with some.

Owns their layout; the texts are data and the rules are the core's.
"""

from __future__ import annotations

import datetime as dt
import difflib

import streamlit as st

from clinics import render, wording
from clinics.citations import Citations
from clinics.explainer import GROUPS, Explainer, Topic
from clinics.query import Query
from clinics.search import search
from ui import frame, resources, state, tools
from ui.components import results_list
from ui.links import Link, draw_links
from ui.search_form import place_of
from ui.text import plain

READING_WIDTH = 760
"""Pixels; about 75 characters a line."""


def draw_index(explainer: Explainer) -> None:
    """Draw every topic under its group, with a box that narrows them down."""
    st.title("Understand the treatment before you call")
    st.markdown(
        "What is approved, what is known and how well, what it costs, what can go wrong, and "
        "what to ask. Every figure names its source."
    )
    sought = st.text_input("Search the topics", type="search", key=state.TOPIC_SEARCH)
    found = [topic for topic in explainer.topics if _mentions(topic, str(sought or ""))]
    if not found:
        st.markdown("No topic has these words. Try one word, such as “cost” or “PTSD”.")
        frame.crisis_line()
    for group, title in GROUPS.items():
        topics = [topic for topic in found if topic.group == group]
        if topics:
            st.header(title)
            links = [link_to_topic(topic, gloss=topic.summary) for topic in topics]
            draw_links(links, key=f"topics_{group}")


def _mentions(topic: Topic, sought: str) -> bool:
    text = f"{topic.title} {topic.summary} {topic.body}".casefold()
    return all(word in text for word in sought.casefold().split())


def link_to_topic(topic: Topic, label: str = "", gloss: str = "") -> Link:
    """Return a link to a topic."""
    return Link(label or topic.title, "learn.py", {"topic": [topic.id]}, gloss)


def draw_unknown(explainer: Explainer, asked: str) -> None:
    """Say that there is no such topic, and offer the nearest."""
    near = difflib.get_close_matches(asked.casefold(), [t.id for t in explainer.topics], 1, 0.5)
    st.warning(plain(f"There is no topic called “{asked[:40]}”. Here is the list of all of them."))
    topic = explainer.topic(near[0]) if near else None
    if topic:
        draw_links([link_to_topic(topic, f"Did you mean “{topic.title}”?")], key="near_topic")


def draw_topic(topic: Topic, explainer: Explainer, today: dt.date) -> None:
    """Draw one topic: the answer first, then the text, then where it comes from."""
    citations = Citations(explainer.references)
    st.set_page_config(page_title=f"{topic.title} - {resources.directory().site.title}")
    draw_links([Link("All topics", "learn.py")], key="all_topics")
    with st.container(width=READING_WIDTH):
        st.title(topic.title, anchor=False)
        st.markdown(f"**{plain(topic.summary)}**")
        if topic.block:
            known = resources.directory()
            html = render.block_html(topic, known.vocabulary, citations, known.site.therapy)
            results_list(key="topic_block", known=html)
        st.markdown(citations.markdown(topic.body))
    if topic.tool:
        tools.draw(topic.tool, explainer, citations)
    with st.container(width=READING_WIDTH):
        _draw_clinics(topic)
        _draw_references(citations)
        _draw_dates(topic, today)


def _draw_clinics(topic: Topic) -> None:
    """Offer the clinics listed as treating this, near the place of the search before."""
    if not topic.conditions:
        return
    directory = resources.directory()
    query = state.last_search(directory.vocabulary)
    wanted = Query(near=query.near, within=query.within, condition=topic.conditions)
    results = search(directory.dataset, wanted, place_of(query), limit=1, facets=False)
    found = wording.headline(results, directory.vocabulary)
    st.header("Clinics that say they treat this")
    st.markdown("That is the clinics' own claim. What is known stands above.")
    label = f"Show {found[0].lower()}{found[1:]}" if results.total else f"{found}: search further"
    draw_links([Link(label, "find.py", state.url_params(wanted))], key="clinics_for_topic")


def _draw_references(citations: Citations) -> None:
    if citations.used:
        st.header("Sources")
        lines = [f"{n}. [{plain(r.line)}](<{r.address}>)" for n, r in citations.used]
        st.markdown("\n".join(lines))


def _draw_dates(topic: Topic, today: dt.date) -> None:
    late = " That day has passed, so check what matters to you." if topic.recheck < today else ""
    frame.fine_print(
        f"Last reviewed {wording.day(topic.reviewed)}; to be checked again by "
        f"{wording.day(topic.recheck)}.{late}"
    )

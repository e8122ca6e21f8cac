"""The explainer's pages: the list of topics, one topic, and the tools that stand with some."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Sequence

import streamlit as st

from clinics.domain.language import say, spoken
from clinics.domain.model import Town
from clinics.explainer.citations import Citations
from clinics.explainer.model import GROUPS, Explainer, Reference, Topic, cited
from clinics.explainer.topic_search import look_up, topics_about, topics_named
from clinics.present import html as render
from clinics.present import wording
from clinics.present.next_steps import that_treat_this
from clinics.present.town import town_id
from clinics.search.query import Query
from clinics.search.search import Results, search
from clinics.web.plain.topic import reviewed
from ui import frame, resources, state
from ui.components import in_language, panel
from ui.find.form import place_of
from ui.learn import tools
from ui.links import Link, draw_links
from ui.text import plain

READING_WIDTH = 760
"""Pixels; about 75 characters a line."""


def draw_index(explainer: Explainer) -> None:
    """Draw every topic under its group, with a box that narrows them down."""
    st.title(say("topic.title"))
    st.markdown(say("topic.lead"))
    sought = st.text_input(
        say("learn.search"), type="search", placeholder=say("form.search"), key=state.TOPIC_SEARCH
    )
    if sought and sought.strip():
        _draw_found(explainer, sought)
        return
    for group, title in GROUPS.items():
        topics = [topic for topic in explainer.topics if topic.group == group]
        if topics:
            st.header(title)
            _draw_list(topics, key=f"topics_{group}")


def _draw_found(explainer: Explainer, sought: str) -> None:
    """Draw what was found, the closest first; where it is not what was typed, say so, with 988."""
    directory = resources.directory()
    found = look_up(explainer.topics, directory.vocabulary, directory.towns, sought)
    if found.note:
        st.markdown(plain(found.note))
        frame.crisis_line()
    guides = [_link_to_town(town) for town in found.towns]
    draw_links(guides, key="towns_found")
    if found.topics:
        st.header(say("learn.found", n=len(found.topics)))
        _draw_list(found.topics, key="topics_found")


def _link_to_town(town: Town) -> Link:
    return Link(say("town.title", town=town.label), "towns.py", {"town": [town_id(town)]})


def _draw_list(topics: Sequence[Topic], *, key: str) -> None:
    links = [link_to_topic(topic, gloss=render.summary_of(topic)) for topic in topics]
    draw_links(links, key=key)


def link_to_topic(topic: Topic, label: str = "", gloss: str = "") -> Link:
    """Return a link to a topic."""
    return Link(label or render.title_of(topic), "learn.py", {"topic": [topic.id]}, gloss)


def draw_unknown(explainer: Explainer, asked: str) -> None:
    """Say that there is no such topic, with the crisis line, and offer the nearest."""
    st.warning(plain(say("learn.unknown", name=asked[:40])))
    frame.crisis_line()
    topic = _nearest(explainer, asked)
    if topic:
        meant = say("app.did_you_mean", name=topic.title)
        draw_links([link_to_topic(topic, meant)], key="near_topic")


def _nearest(explainer: Explainer, asked: str) -> Topic | None:
    """Return the topic called so, else with an id spelled nearly so, else most about the words."""
    if not re.search(r"\w", asked):
        return None
    vocabulary = resources.directory().vocabulary
    called = topics_named(explainer.topics, vocabulary, asked)
    ids = [topic.id for topic in explainer.topics]
    near = difflib.get_close_matches(asked.casefold(), ids, 1, 0.7)
    found = (*called, *filter(None, map(explainer.topic, near)))
    return next(iter(found or topics_about(explainer.topics, vocabulary, asked)), None)


def draw_topic(topic: Topic, explainer: Explainer, today: dt.date) -> None:
    """Draw one topic: the answer first, then the text, then where it comes from."""
    citations = Citations(explainer.references)
    st.set_page_config(page_title=f"{topic.title} - {resources.directory().site.title}")
    _draw_ways_on(topic)
    with st.container(key="topic"):
        with st.container(key="topic_head"):
            st.title(topic.title, anchor=False)
            st.markdown(f"**{plain(topic.summary)}**")
        with st.container(key="contents"):
            st.html(render.contents_html(_headings(topic)))
        with st.container(key="topic_text"):
            if topic.block:
                known = resources.directory()
                html = render.block_html(topic, known.vocabulary, citations, known.site.therapy)
                panel(key="topic_block", html=html)
            st.markdown(citations.markdown(topic.body))
            named = [
                link_to_topic(each, gloss=render.summary_of(each))
                for each in explainer.named_in(topic)
            ]
            draw_links(named, key="topics_named")
    if topic.language != spoken():
        in_language(topic.language, "topic_head", "topic_text")
    if topic.tool:
        tools.draw(topic.tool, explainer, citations)
    with st.container(width=READING_WIDTH):
        _draw_clinics(topic)
        _draw_references(citations)
        _draw_dates(topic, today)


def _headings(topic: Topic) -> list[str]:
    """Return the headings of a topic's page, in order; those of its tool lead to themselves."""
    own = re.findall(r"^## +(.+?) *$", topic.body, flags=re.MULTILINE)
    tool = [tools.HEADINGS[topic.tool]] if topic.tool in tools.HEADINGS else []
    clinics = [say("learn.that_treat")] if topic.conditions else []
    sources = [say("topic.sources")] if topic.block or cited(topic.body) else []
    return [*own, *tool, *clinics, *sources]


def _draw_ways_on(topic: Topic) -> None:
    """Draw the ways to all topics and to clinics: those that treat this, or the last search."""
    links = [Link(say("topic.all"), "learn.py")]
    directory = resources.directory()
    query = state.last_search(directory.vocabulary)
    if topic.conditions:
        results = _clinics_for(topic, query)
        links.append(Link(that_treat_this(results), "find.py", state.url_params(results.query)))
    elif query != Query():
        results = search(directory.dataset, query, place_of(query), limit=0, facets=False)
        found = wording.headline(results, directory.vocabulary)
        links.append(
            Link(say("learn.your_search", found=found), "find.py", state.url_params(query))
        )
    draw_links(links, key="all_topics", row=True)


def _clinics_for(topic: Topic, query: Query) -> Results:
    """Search for the clinics listed as treating this, near the place of the search before."""
    wanted = Query(near=query.near, within=query.within, condition=topic.conditions)
    dataset = resources.directory().dataset
    return search(dataset, wanted, place_of(query), limit=1, facets=False)


def _draw_clinics(topic: Topic) -> None:
    """Offer the clinics listed as treating this, near the place of the search before."""
    if not topic.conditions:
        return
    vocabulary = resources.directory().vocabulary
    results = _clinics_for(topic, state.last_search(vocabulary))
    found = wording.headline(results, vocabulary)
    st.header(say("learn.that_treat"))
    st.markdown(say("learn.own_claim"))
    label = say("learn.search_further", found=found)
    if results.total:
        label = say("step.show", found=f"{found[0].lower()}{found[1:]}")
    link = Link(label, "find.py", state.url_params(results.query))
    draw_links([link], key="clinics_for_topic")


def _draw_references(citations: Citations) -> None:
    if citations.used:
        st.header(say("topic.sources"))
        lines = [f"{n}. {_source(reference)}" for n, reference in citations.used]
        with st.container(key="sources"):  # the printed page shows the addresses here
            st.markdown("\n".join(lines))


def _source(reference: Reference) -> str:
    """Return a source as a link, with where it was read in small print."""
    link = f"[{plain(reference.line)}](<{reference.address}>)"
    return f"{link} :small[{plain(reference.small_print)}]" if reference.small_print else link


def _draw_dates(topic: Topic, today: dt.date) -> None:
    frame.fine_print(reviewed(topic, today))


def draw() -> None:
    """Draw the topic that the address bar names, or the list of all of them."""
    explainer = resources.directory().explainer
    asked = st.query_params.get("topic", "")
    topic = explainer.topic(asked.strip().casefold())
    if topic:
        draw_topic(topic, explainer, resources.today())
        return
    if asked:
        draw_unknown(explainer, asked)
    draw_index(explainer)

"""One guide a town: the nearest clinics, how many within reach, what they offer, whom to call."""

from __future__ import annotations

import streamlit as st

from clinics.domain.language import say
from clinics.domain.model import Town
from clinics.explainer.model import CrisisLine
from clinics.present import html as render
from clinics.present.town import (
    HEADINGS,
    by_county,
    columns,
    guide,
    town_id,
    towns_called,
    towns_like,
)
from ui import frame, resources
from ui.components import panel
from ui.find import listing
from ui.links import Link, draw_links
from ui.state import url_params
from ui.text import names_in_bold, plain, table


def find_town(asked: str) -> Town | None:
    """Return the one town that this names, by its id or its name, or None."""
    called = towns_called(resources.directory(), asked)
    return called[0] if len(called) == 1 else None


def draw_index(unknown: str = "") -> None:
    """Draw the choice of a town; say so when the one asked for is not known, or there are two."""
    towns = resources.directory().towns
    st.title(say("town.guides"))
    if unknown:
        called = towns_called(resources.directory(), unknown)
        problem = say("learn.several_towns" if called else "learn.no_guide", name=unknown[:40])
        st.warning(plain(problem))
        near = called or towns_like(towns, unknown)
        meant = [_link(town, say("app.did_you_mean", name=town.label)) for town in near]
        draw_links(meant, key="near_town")
    st.markdown(say("town.lead"))
    draw_links([_link(town) for town in towns if town.main], key="main_towns")
    st.header(say("town.every"))
    panel(key="towns", html=render.towns_html(by_county(towns)))


def _link(town: Town, label: str = "") -> Link:
    return Link(label or town.label, "towns.py", {"town": [town_id(town)]})


def draw_guide(town: Town) -> None:
    """Draw one town's guide."""
    directory = resources.directory()
    found = guide(town, directory)
    st.set_page_config(page_title=f"{town.label} - {directory.site.title}")
    draw_links([Link(say("town.all"), "towns.py")], key="all_towns")
    st.title(plain(found.title), anchor=False)
    for sentence in found.in_short:
        st.markdown(names_in_bold(sentence))
    st.header(HEADINGS["reach"])
    rows = ((label, *map(str, counts)) for label, counts in found.counts.items())
    st.markdown(table([columns(), *rows]))
    frame.fine_print(plain(found.measured_from))
    st.header(HEADINGS["nearest"])
    if found.offers:
        lines = "\n".join(f"- {plain(line)}" for line in found.offers)
        st.markdown(f"{HEADINGS['offers']}:\n\n{lines}")
    listing.draw_near(found.nearest)
    searches = [Link(label, "find.py", url_params(query)) for label, query in found.searches]
    draw_links(searches, key="search_town")
    st.header(HEADINGS["help"])
    for line in found.crisis_lines:
        st.markdown(_crisis_line(line))


def _crisis_line(line: CrisisLine) -> str:
    references = resources.directory().explainer.references
    known = (references[number] for number in line.references if number in references)
    word = say("learn.source")
    sources = " ".join(f"[\\[{word}\\]](<{each.address}>)" for each in known)
    called = f"{plain(line.where)}: {plain(line.name)}, [{plain(line.phone)}]({line.tel})"
    return f"{called}. {plain(line.note)} {sources}"


def draw() -> None:
    """Draw the guide to the town that the address bar names, or the list of all of them."""
    asked = st.query_params.get("town", "")
    town = find_town(asked)
    if town:
        draw_guide(town)
    else:
        draw_index(unknown=asked)

"""One guide a town: the nearest clinics, how many within reach, what they offer, whom to call."""

from __future__ import annotations

import streamlit as st

from clinics.domain.model import Town
from clinics.present import html as render
from clinics.present import next_steps, wording
from clinics.present.town import NAMED, RADII, TownGuide, guide, town_id, towns_called, towns_like
from clinics.search.search import Hit
from ui import frame, resources
from ui.components import panel
from ui.find import listing
from ui.links import Link, draw_links
from ui.text import names_in_bold, plain


def find_town(asked: str) -> Town | None:
    """Return the one town that this names, by its id or its name, or None."""
    called = towns_called(resources.directory().towns, asked)
    return called[0] if len(called) == 1 else None


def draw_index(unknown: str = "") -> None:
    """Draw the choice of a town; say so when the one asked for is not known, or there are two."""
    towns = resources.directory().towns
    st.title("Guides to towns")
    if unknown:
        called = towns_called(towns, unknown)
        problem = "More than one town is called" if called else "There is no guide to"
        st.warning(plain(f"{problem} “{unknown[:40]}”. Choose one of these."))
        near = called or towns_like(towns, unknown)
        draw_links([_link(town, f"Did you mean “{town.label}”?") for town in near], key="near_town")
    st.markdown("What is near, how far it is, and what the nearest places offer.")
    draw_links([_link(town) for town in towns if town.main], key="main_towns")
    st.header("Every town with a listing")
    by_county: dict[str, list[Town]] = {}
    for town in towns:
        by_county.setdefault(f"{town.county}, {town.state}", []).append(town)
    panel(key="towns", html=render.towns_html(by_county))


def _link(town: Town, label: str = "") -> Link:
    return Link(label or town.label, "towns.py", {"town": [town_id(town)]})


def draw_guide(town: Town) -> None:
    """Draw one town's guide."""
    found = guide(town, resources.directory())
    st.set_page_config(page_title=f"{town.label} - {resources.directory().site.title}")
    draw_links([Link("All towns", "towns.py")], key="all_towns")
    st.title(plain(f"Clinics near {town.label}"), anchor=False)
    _draw_in_short(found)
    _draw_counts(found)
    st.header("The nearest clinics")
    _draw_offers(found)
    listing.draw_near(found.nearest)
    _link_to_search(town)
    _draw_help(found)


def _draw_in_short(found: TownGuide) -> None:
    town = found.town
    if found.here:
        _draw_here(town, found.here)
    else:
        _draw_none_here(town, found.nearest.hits)
    if not town.county.startswith(town.name):
        st.markdown(f"{plain(town.name)} is in {plain(town.county)}.")


def _draw_here(town: Town, here: tuple[Hit, ...]) -> None:
    vocabulary = resources.directory().vocabulary
    number = wording.clinics_of((vocabulary.main_category,), len(here), vocabulary)
    lead = ":" if len(here) <= NAMED else f". The {NAMED} nearest to its center are"
    names = ", ".join(f"**{plain(hit.clinic.name)}**" for hit in here[:NAMED])
    st.markdown(f"In {plain(town.name)} itself this directory lists {number}{lead} {names}.")


def _draw_none_here(town: Town, nearest: tuple[Hit, ...]) -> None:
    vocabulary = resources.directory().vocabulary
    category = vocabulary.category(vocabulary.main_category)
    st.markdown(
        f"This directory lists no {category.one} in {plain(town.name)} itself. That means "
        "that our sources name none, not that none exists."
    )
    if nearest:
        st.markdown(names_in_bold(next_steps.nearest(nearest[0])))


def _draw_counts(found: TownGuide) -> None:
    """Say what is within each distance, by kind of care."""
    st.header("How many are within reach")
    header = "| Kind of care | " + " | ".join(f"Within {r:g} miles" for r in RADII) + " |"
    lines = [header, "|---" * (len(RADII) + 1) + "|"]
    lines += [
        f"| {plain(label)} | " + " | ".join(map(str, counts)) + " |"
        for label, counts in found.counts.items()
    ]
    st.markdown("\n".join(lines))
    frame.fine_print(f"Straight lines from {plain(found.place.measured_from)}.")


def _draw_offers(found: TownGuide) -> None:
    """Say how the nearest differ in what they say they offer."""
    nearest = len(found.nearest.hits)
    if nearest < 2:
        return
    lines = [f"- {plain(label)}: {count} of the {nearest} nearest" for label, count in found.offers]
    if found.silent:
        lines.append(f"- Not stated: {found.silent}")
    st.markdown("What the nearest say they offer:\n\n" + "\n".join(lines))


def _link_to_search(town: Town) -> None:
    label = f"Search around {town.label} by condition and distance"
    draw_links([Link(label, "find.py", {"near": [town.label]})], key="search_town")


def _draw_help(found: TownGuide) -> None:
    town = found.town
    explainer = resources.directory().explainer
    st.header("Help now")
    frame.crisis_line()
    for line in found.crisis_lines:
        number = "".join(c for c in line.phone if c.isdigit())
        sources = " ".join(
            f"[\\[source\\]](<{explainer.references[n].address}>)"
            for n in line.references
            if n in explainer.references
        )
        st.markdown(
            f"{plain(town.county)}: {plain(line.name)}, "
            f"[{plain(line.phone)}](tel:+1{number}). {plain(line.note)} {sources}"
        )


def draw() -> None:
    """Draw the guide to the town that the address bar names, or the list of all of them."""
    asked = st.query_params.get("town", "")
    town = find_town(asked)
    if town:
        draw_guide(town)
    else:
        draw_index(unknown=asked)

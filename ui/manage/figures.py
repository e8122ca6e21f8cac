"""How complete and how fresh the directory is: the same figures for keepers and for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import streamlit as st

from clinics.domain.language import say
from clinics.domain.words import counted, day
from clinics.publishing.access import Keeper
from clinics.publishing.change_log import COUNTED
from clinics.publishing.worklist import Completeness, Row, completeness, share
from clinics.search.dataset import Dataset
from ui import frame, resources
from ui.text import plain, table


def draw(_: Keeper) -> None:
    """Draw the figures of the newest version and of those before it, for a keeper."""
    draw_tables(resources.newest().dataset, resources.today())
    _draw_over_time()


def looked() -> str:
    """Say on which day each public source was last looked at, a line for each; "" without any."""
    looks, known = resources.last_looks(), resources.directory().vocabulary.fact_sources
    said = (
        say("about.last_looked", source=plain(known[id].label), day=day(on))
        for id, on in looks.items()
        if id in known
    )
    return "\n".join(f"- {line}" for line in said)


def _draw_over_time() -> None:
    """Draw how complete each of the newest versions is, and when sources were looked at."""
    st.header("Completeness over time", anchor=False)
    st.markdown(looked() or "No public source was looked at so far.")
    number = resources.open_store().live_number()
    if not number:
        st.markdown("Nothing was published yet, so there is one version only.")
        return
    zone = ZoneInfo(resources.bundled().site.time_zone)
    for one in resources.completeness_until(number):
        shares = [
            f"{words[0].lower()}{words[1:]} {share(one.counts[words], one.listings)}"
            for words in (COUNTED if one.listings else ())
        ]
        stated = ", ".join(shares) or "nothing to count"
        on = day(one.published.astimezone(zone).date())
        listings = counted(one.listings, "listing")
        st.markdown(f"- Version {one.number}, {on}: {listings}; {stated}")
    frame.fine_print("Closed listings are not counted.")


def draw_tables(dataset: Dataset, today: dt.date) -> None:
    """Draw what listings state, when we confirmed them and how exactly they are placed."""
    figures = completeness(dataset, today)
    if not figures.lists:
        st.markdown(say("about.no_listings"))
        return
    _draw_table(say("about.stated"), figures, figures.stated)
    _draw_table(say("about.checked"), figures, figures.checked)
    _draw_table(say("about.placed"), figures, figures.positions)


def _draw_table(title: str, figures: Completeness, rows: Sequence[Row]) -> None:
    heads = (title, *figures.headings)
    st.markdown(table([heads, *((row.label, *figures.words(row)) for row in rows)]))

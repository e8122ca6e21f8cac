"""How complete and how fresh the directory is: the same figures for keepers and for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from clinics.publishing.access import Keeper
from clinics.publishing.worklist import Completeness, Row, completeness
from clinics.search.dataset import Dataset
from ui import resources
from ui.text import table


def draw(_: Keeper) -> None:
    """Draw the figures of the newest version, for a keeper."""
    draw_tables(resources.newest().dataset, resources.today())


def draw_tables(dataset: Dataset, today: dt.date) -> None:
    """Draw what listings state, when we confirmed them and how exactly they are placed."""
    figures = completeness(dataset, today)
    if not figures.lists:
        st.markdown("There are no listings yet, so there is nothing to count.")
        return
    _draw_table("What they state", figures, figures.stated)
    _draw_table("When we confirmed them", figures, figures.checked)
    _draw_table("How exactly they are placed", figures, figures.positions)


def _draw_table(title: str, figures: Completeness, rows: Sequence[Row]) -> None:
    heads = (title, *figures.headings)
    st.markdown(table([heads, *((row.label, *figures.words(row)) for row in rows)]))

"""The words and figures of the about page; every figure is counted from the data."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import streamlit as st

from clinics import wording
from clinics.dataset import Dataset
from clinics.model import Freshness
from clinics.settings import NONE, Settings
from ui.text import plain


def draw_data(dataset: Dataset, today: dt.date) -> None:
    """Say how many listings there are, from which sources, and how old they are."""
    st.header("Where the listings come from")
    sources = Counter(dataset.table["source"])
    newest = wording.day(dataset.version.published) if dataset.version.published else "not dated"
    st.markdown(
        f"There are {len(dataset)} listings. The newest facts in them are of {newest}. "
        "None was checked by telephone by us, so call before you travel. Each listing names its "
        "source and the day its facts were last confirmed."
    )
    st.markdown(
        "\n".join(f"- {count} from: {plain(source)}" for source, count in sources.most_common())
    )
    ages = Counter(dataset.clinic(row).freshness(today) for row in range(len(dataset)))
    st.markdown(
        f"Checked in the last 90 days: {ages[Freshness.FRESH]}. In the last 180 days: "
        f"{ages[Freshness.AGEING]}. Longer ago, and marked so: {ages[Freshness.OLD]}. "
        f"Not dated: {ages[Freshness.NOT_DATED]}."
    )
    approximate = int((dataset.table["location_precision"] != "street").sum())
    st.markdown(
        f"For {approximate} listings only the ZIP or the town is placed, not the street address. "
        "They are drawn with a dashed pin and called approximate."
    )


def draw_privacy(settings: Settings) -> None:
    """Say what happens to what a visitor types."""
    st.header("What is kept of your visit")
    st.markdown(
        "Nothing you search for is stored or sold. There is no tracking and no advertising. "
        "Your town or ZIP and your choices are in the address of the page, so that you can share "
        "it; a street address never is."
    )
    if settings.geocoder_url != NONE:
        st.markdown(
            "A town or a ZIP is looked up inside this service. Only when you type a street "
            "address is it sent to an address service, OpenStreetMap's Nominatim unless the "
            "operator chose another, to find its position."
        )
    if settings.tiles != NONE:
        st.markdown(
            "The street map's pictures come from a map provider. It sees which part of the map "
            "your browser asks for, and nothing else of your search. Choose “List” to leave the "
            "map out."
        )


def draw_limits() -> None:
    """Say what the directory does not promise."""
    st.header("What this cannot tell you")
    st.markdown(
        "A clinic that is not here may still exist: we list what our sources name. “Not stated” "
        "means that the source does not say, not that the answer is no. What a clinic says it "
        "treats is its own claim; what is known about a treatment stands apart from it, in a "
        "panel of its own."
    )
    st.markdown("This is information, not medical advice, and no clinic is endorsed.")

"""The frame that every page is drawn in: navigation, crisis line, footer."""

from __future__ import annotations

from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from clinics.directory import BrokenDataset
from ui import access, frame, plain, preview, resources, shortlist, state

PAGES = {
    "": ("find.py", "Find a clinic"),
    "learn": ("learn.py", "Understand"),
    "towns": ("towns.py", "Towns"),
    "about": ("about.py", "About"),
    "shortlist": ("shortlist.py", "Your list"),
    "manage": ("manage.py", "Manage"),
}
"""Every page by its address: its file in `pages/`, and what it is called."""

_HIDDEN = ("manage", "shortlist")


def in_bar() -> dict[str, str]:
    """Return every page by its address: its name in the bar, "" for one that is not there."""
    return {name: "" if name in _HIDDEN else title for name, (_, title) in PAGES.items()}


def draw() -> None:
    """Draw the page that the address names, in its frame."""
    page = st.navigation([_page(address) for address in PAGES], position="top")
    if page.url_path == "" and access.has_just_signed_in():
        st.switch_page("manage.py")
    try:
        preview.begin()
        site = resources.directory().site
    except BrokenDataset as problem:
        st.set_page_config(page_title="Clinic finder", page_icon=frame.ICON, layout="wide")
        frame.refuse(str(problem))
    title = f"{page.title} - {site.title}"
    st.set_page_config(page_title=title, page_icon=frame.ICON, layout="wide")
    frame.header(site)
    preview.draw_banner()
    state.return_to_search(page.url_path)
    page.run()
    shortlist.draw_bar(page.url_path)
    frame.footer(plain.twins(page.url_path))


def _page(address: str) -> StreamlitPage:
    file, title = PAGES[address]
    if not address:
        return st.Page(file, title=title, default=True)
    visibility: Literal["hidden", "visible"] = "hidden" if address in _HIDDEN else "visible"
    return st.Page(file, title=title, url_path=address, visibility=visibility)

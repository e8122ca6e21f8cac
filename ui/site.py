"""The frame that every page is drawn in: navigation, crisis line, footer."""

from __future__ import annotations

from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from clinics.directory import BrokenDataset
from clinics.domain.language import ENGLISH, Sentences, say, speak
from ui import access, frame, language, plain, preview, resources, shortlist, state

PAGES = {
    "": ("find.py", "shell.find"),
    "learn": ("learn.py", "shell.understand"),
    "towns": ("towns.py", "shell.towns"),
    "about": ("about.py", "shell.about"),
    "shortlist": ("shortlist.py", "shell.list"),
    "manage": ("manage.py", "shell.manage"),
}
"""Every page by its address: its file in `pages/`, and the id of what it is called."""

_HIDDEN = ("manage", "shortlist")


def in_bar() -> Sentences[str]:
    """Return every page by its address: its name in the bar, "" for one that is not there."""
    return Sentences({name: "" if name in _HIDDEN else id for name, (_, id) in PAGES.items()})


def draw() -> None:
    """Draw the page that the address names, in its frame."""
    language.begin()
    page = st.navigation([_page(address) for address in PAGES], position="top")
    if page.url_path == "" and access.has_just_signed_in():
        st.switch_page("manage.py")
    if page.url_path == "manage":  # keepers work in English
        speak(ENGLISH)
    try:
        preview.begin()
        site = resources.directory().site
    except BrokenDataset as problem:
        st.set_page_config(page_title=say("shell.finder"), page_icon=frame.ICON, layout="wide")
        frame.refuse(str(problem))
    title = f"{page.title} - {site.title}"
    st.set_page_config(page_title=title, page_icon=frame.ICON, layout="wide")
    frame.header(site)
    if page.url_path != "manage":
        language.draw_switch()
    preview.draw_banner()
    state.return_to_search(page.url_path)
    page.run()
    shortlist.draw_bar(page.url_path)
    frame.footer(plain.twins(page.url_path))


def _page(address: str) -> StreamlitPage:
    file, id = PAGES[address]
    title = say(id)
    if not address:
        return st.Page(file, title=title, default=True)
    visibility: Literal["hidden", "visible"] = "hidden" if address in _HIDDEN else "visible"
    return st.Page(file, title=title, url_path=address, visibility=visibility)

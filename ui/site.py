"""The frame that every page is drawn in: navigation, crisis line, footer."""

from __future__ import annotations

import streamlit as st

from clinics.directory import BrokenDataset
from ui import access, frame, plain, preview, resources, state


def draw() -> None:
    """Draw the page that the address names, in its frame."""
    page = st.navigation(
        [
            st.Page("find.py", title="Find a clinic", default=True),
            st.Page("learn.py", title="Understand", url_path="learn"),
            st.Page("towns.py", title="Towns", url_path="towns"),
            st.Page("about.py", title="About", url_path="about"),
            st.Page("manage.py", title="Manage", url_path="manage", visibility="hidden"),
        ],
        position="top",
    )
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
    frame.style()
    frame.crisis_line()
    preview.draw_banner()
    state.return_to_search(page.url_path)
    page.run()
    frame.footer(plain.twins(page.url_path))

"""Links between our own pages: each with its own address, and none that loses the session.

Streamlit's own page link to the page one is on draws it anew without changing the address; these
change it, so that reload, back and sharing work, and they look like links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from clinics.present import html as render
from ui import language, state
from ui.components import panel


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its words, the page's file ("learn.py"), parameters, and a line under it."""

    label: str
    page: str
    params: dict[str, list[str]] = field(default_factory=dict)
    gloss: str = ""

    @property
    def path(self) -> str:
        """The page's part of an address; the search page is the root."""
        name = self.page.removesuffix(".py")
        return "" if name == "find" else name

    @property
    def address(self) -> str:
        """The link relative to any of our pages."""
        query = urlencode({**language.params(), **self.params}, doseq=True)
        return f"./{self.path}?{query}" if query else f"./{self.path}"


def draw_links(links: Sequence[Link], *, key: str, row: bool = False) -> None:
    """Draw links as a list, or in a row; a click goes there within the session."""
    links = tuple(links)
    if not links:
        return

    shown = [(link.label, link.address, link.gloss) for link in links]
    panel(key=key, html=render.links_html(shown, row=row), on_go=partial(follow, links))


def follow(links: Sequence[Link], number: str) -> None:
    """Go to the link of this number, counted from 0, within the session."""
    if int(number) >= len(links):
        return
    link = links[int(number)]
    params = {**language.params(), **state.with_list(link.path, link.params)}
    if link.path == state.current_page():
        state.go_to(params)
    else:
        st.switch_page(link.page, query_params=params)

"""What every page shares: the crisis line on top, who we are at the bottom, and polite errors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from clinics.domain.language import say
from clinics.domain.site import Site
from clinics.present import html as render
from clinics.web import log
from clinics.web.language import PARAMETER, with_language
from ui import language
from ui.text import plain

ICON = str(Path(__file__).parent / "assets" / "icon.png")
"""A file of ours: a Material symbol would be fetched from another host."""


def header(site: Site) -> None:
    """Draw the site's name and the crisis line in the bar on top of every page, always in view."""
    words = site.short_title or site.title
    st.logo(render.wordmark_of([words]), size="large", icon_image=render.wordmark(words))
    with st.container(key="crisis"):
        st.markdown(say("shell.crisis_markdown"))


def crisis_line() -> None:
    """Draw the crisis line in a page that has no bar on top."""
    st.info(say("shell.crisis_markdown"))


def footer(twins: Mapping[str, str]) -> None:
    """Draw the last lines of every page; `twins` are addresses of plain pages by their words."""
    named = language.params().get(PARAMETER)
    links = [
        f"[{words}](./{with_language(address, *named) if named else address})"
        for words, address in twins.items()
    ]
    if links:
        with st.container(key="twins"):
            fine_print(" · ".join(links))
    fine_print(say("shell.footer"))


def fine_print(markdown: str) -> None:
    """Draw a quiet line; `st.caption` is too pale to read (contrast below 4.5)."""
    st.markdown(f":small[:gray[{markdown}]]")


def show_error(problem: BaseException) -> bool:
    """Show one polite sentence for a bug, and log it under an id without what was searched."""
    id = log.note(problem)
    st.error(say("shell.error", id=id))
    return True


def refuse(sentence: str) -> None:
    """Say in one sentence why nothing can be served, with the crisis line, and end the page."""
    st.title(say("shell.cannot_be_shown"))
    st.markdown(plain(sentence))
    crisis_line()
    st.stop()

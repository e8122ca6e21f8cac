"""What every page shares: the crisis line on top, who we are at the bottom, and polite errors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from clinics.domain.site import Site
from clinics.present import html as render
from clinics.web import log
from ui.text import plain

ICON = str(Path(__file__).parent / "assets" / "icon.png")
"""A file of ours: a Material symbol would be fetched from another host."""

_CRISIS = (
    "**Need help now?** Call or text [988](tel:988) (en español: press 2). "
    "In danger: call [911](tel:911)."
)
_FOOTER = (
    "Information, not medical advice. No clinic is endorsed and nobody pays to be listed. "
    "We keep no record of what you search for."
)


def header(site: Site) -> None:
    """Draw the site's name and the crisis line in the bar on top of every page, always in view."""
    words = site.short_title or site.title
    st.logo(render.wordmark_of([words]), size="large", icon_image=render.wordmark(words))
    with st.container(key="crisis"):
        st.markdown(_CRISIS)


def crisis_line() -> None:
    """Draw the crisis line in a page that has no bar on top."""
    st.info(_CRISIS)


def footer(twins: Mapping[str, str]) -> None:
    """Draw the last lines of every page; `twins` are addresses of plain pages by their words."""
    links = [f"[{words}](./{address})" for words, address in twins.items()]
    if links:
        with st.container(key="twins"):
            fine_print(" · ".join(links))
    fine_print(_FOOTER)


def fine_print(markdown: str) -> None:
    """Draw a quiet line; `st.caption` is too pale to read (contrast below 4.5)."""
    st.markdown(f":small[:gray[{markdown}]]")


def show_error(problem: BaseException) -> bool:
    """Show one polite sentence for a bug, and log it under an id without what was searched."""
    id = log.note(problem)
    st.error(
        f"Something went wrong on our side (error {id}). Reload the page to try again. "
        "If you need help now, call or text 988."
    )
    return True


def refuse(sentence: str) -> None:
    """Say in one sentence why nothing can be served, with the crisis line, and end the page."""
    st.title("The directory cannot be shown at the moment")
    st.markdown(plain(sentence))
    crisis_line()
    st.stop()

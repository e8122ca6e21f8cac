"""The language of a run of the app: `lang` in its address, kept from page to page of a session."""

from __future__ import annotations

import streamlit as st

from clinics.directory import BrokenDataset
from clinics.domain.language import ENGLISH, say, speak, speaking, spoken
from clinics.web.language import PARAMETER, switch_to
from ui import resources, state


def begin() -> None:
    """Speak the language of the address, or the one this session spoke before.

    To be called at the start of everything that Streamlit runs on its own: a page, the inside of
    a dialog, and a handler that says something.
    """
    named = st.query_params.get(PARAMETER, "")
    kept = str(st.session_state.get(state.LANGUAGE, ""))
    language = next((each for each in (named, kept) if each in _offered()), "")
    speak(language or ENGLISH)
    if language:
        st.session_state[state.LANGUAGE] = language
        if named != language:
            st.query_params[PARAMETER] = language


def _offered() -> tuple[str, ...]:
    try:
        return resources.newest().languages
    except BrokenDataset:
        return ()


def params() -> dict[str, list[str]]:
    """Return what a link to another of our pages says of the language; nothing where none did."""
    language = str(st.session_state.get(state.LANGUAGE, ""))
    return {PARAMETER: [language]} if language else {}


def draw_switch() -> None:
    """Draw the link to this page in each other language; it opens anew, in that language."""
    asked = {name: st.query_params.get_all(name) for name in st.query_params}
    links = []
    for language in _offered():
        if language != spoken():
            with speaking(language):
                words, address = say("shell.switch"), switch_to(language, asked)
            links.append(f'<a href="{address}" lang="{language}">{words}</a>')
    if links:
        with st.container(key="language"):
            st.html(" ".join(links))

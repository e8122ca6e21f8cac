"""What a run draws: the newest version, or what this session alone previews."""

from __future__ import annotations

import streamlit as st

from clinics.domain.language import say
from clinics.domain.ports import StoreUnavailable
from clinics.publishing.live import CannotShow
from clinics.publishing.publisher import NoSuchUpload, NotPublishable
from ui import access, keys, resources
from ui.text import plain

ENDS = (NoSuchUpload, NotPublishable, CannotShow, StoreUnavailable, access.NotAllowed)
"""What ends a preview: it cannot be had any more, or no longer by this visitor."""


def begin() -> None:
    """Settle which directory this run draws, from its first line on; raises BrokenDataset."""
    staged: resources.Staged | None = st.session_state.get(keys.PREVIEW)
    directory = resources.newest()
    if staged:
        try:
            access.require_checking()
            directory = resources.previewed(staged)
        except ENDS as problem:
            stop()
            st.session_state[keys.PREVIEW_ENDED] = str(problem)
    st.session_state[keys.PINNED] = directory


def start(staged: resources.Staged) -> None:
    """Let this session alone browse the directory as it would be with a staged file."""
    st.session_state[keys.PREVIEW] = staged


def stop() -> None:
    """Go back to what everybody sees."""
    st.session_state.pop(keys.PREVIEW, None)


def draw_banner() -> None:
    """Say on every page that this is a preview, and offer the ways out; once, that it ended."""
    ended = st.session_state.pop(keys.PREVIEW_ENDED, "")
    if ended:
        st.warning(say("app.preview_ended", why=plain(ended)))
    if not st.session_state.get(keys.PREVIEW):
        return
    with st.container(border=True):
        st.markdown(say("app.preview"))
        with st.container(horizontal=True):
            if st.button(say("app.preview_back"), key="preview_back"):
                st.switch_page("manage.py")
            st.button(say("app.preview_end"), key="preview_end", on_click=stop)

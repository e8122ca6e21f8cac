"""The dialog "Something wrong with this listing?": a form, a thank-you, or why it cannot be sent.

Nothing of it enters the address
bar or a log, and what is typed leaves the session's memory when the dialog closes.
"""

from __future__ import annotations

import streamlit as st

from clinics.domain.model import Clinic
from clinics.domain.ports import NewCorrection
from clinics.present import wording
from clinics.publishing.corrections import (
    KINDS,
    MAX_SOURCE,
    MAX_TEXT,
    MIN_TEXT,
    CorrectionRefused,
    hand_in,
)
from ui import frame, resources, state
from ui.text import plain

_SENT = "sent"
_FIELDS = (state.WRONG_KIND, state.WRONG_TEXT, state.WRONG_SOURCE)


def open_dialog(id: str) -> None:
    """Remember which listing somebody wants to correct; `draw_dialog` asks about it."""
    close_dialog()
    state.put_beside_search(state.CORRECTING, id)


def being_corrected() -> str:
    """Return the id of the listing the dialog is open for, or ""."""
    return state.beside_search(state.CORRECTING)


def close_dialog() -> None:
    """Forget the listing and what was typed about it."""
    state.put_beside_search(state.CORRECTING, "")
    for key in (state.WRONG_ANSWER, *_FIELDS):
        st.session_state.pop(key, None)


def draw_dialog() -> None:
    """Draw the dialog while a listing is being corrected; once a run, after everything else.

    It stays through runs of the whole page, so that nothing typed is lost, until it is closed.
    """
    clinic = resources.directory().dataset.find(being_corrected())
    if clinic is None:
        return
    title = f"Something wrong with {plain(clinic.name)}?"
    st.dialog(title, on_dismiss=close_dialog)(_draw)(clinic)


def _draw(clinic: Clinic) -> None:
    answer = st.session_state.get(state.WRONG_ANSWER, "")
    if not resources.takes_corrections():
        _draw_cannot_take(clinic)
    elif answer == _SENT:
        st.success("Thank you. A keeper of this directory will check it against a source.")
    else:
        _draw_form(clinic, answer)
        return
    if st.button("Close", key="close_wrong"):
        close_dialog()
        st.rerun()


def _draw_form(clinic: Clinic, problem: str) -> None:
    st.markdown(
        "No name or e-mail is asked. Please write nothing about yourself or anybody's health. "
        "A clinic can ask to be removed the same way."
    )
    with st.form("correction", border=False):
        st.selectbox(
            "What is wrong",
            list(KINDS),
            index=None,
            format_func=KINDS.__getitem__,
            key=state.WRONG_KIND,
            placeholder="Choose one",
            filter_mode=None,
            required=True,
        )
        st.text_area(
            f"What is right, in {MIN_TEXT} to {MAX_TEXT:,} characters",
            key=state.WRONG_TEXT,
            max_chars=MAX_TEXT,
            height=120,
        )
        st.text_input(
            "Where you know it from: a web address or a few words (optional)",
            key=state.WRONG_SOURCE,
            max_chars=MAX_SOURCE,
        )
        if problem:
            st.error(plain(problem))
        st.form_submit_button("Send this correction", on_click=_send, args=(clinic.id,))
    frame.fine_print(wording.CRISIS)


def _send(id: str) -> None:
    """Hand in what the form holds, and keep the answer for the dialog."""
    kind, text, source = (str(st.session_state.get(key) or "") for key in _FIELDS)
    store = resources.store()
    if store is None or not resources.takes_corrections():
        return
    try:
        hand_in(
            store,
            resources.newest().dataset,  # a preview's listings are nobody else's
            NewCorrection(id, kind, text, source),
            resources.correction_limiter(),
            str(st.context.ip_address or ""),
            resources.session_id(),
        )
    except CorrectionRefused as problem:
        st.session_state[state.WRONG_ANSWER] = str(problem)
    else:
        st.session_state[state.WRONG_ANSWER] = _SENT


def _draw_cannot_take(clinic: Clinic) -> None:
    """Say that nothing is kept here, and who can be asked instead."""
    st.markdown(
        "Corrections cannot be taken here: this copy of the directory keeps nothing that is "
        "written to it."
    )
    asked = [f"the clinic at {plain(clinic.phone)}"] if clinic.phone else []
    asked += [f"the clinic, on [its own website](<{clinic.website}>)"] if clinic.website else []
    source = plain(clinic.source or "where this listing is from")
    link = f"[{source}](<{clinic.source_url}>)" if clinic.source_url else source
    asked.append(f"the source of this listing: {link}")
    st.markdown("\n".join(["You can ask:", "", *(f"- {who}" for who in asked)]))

"""The dialog "Something wrong with this listing?": a form, a thank-you, or why it cannot be sent.

Nothing of it enters the address
bar or a log, and what is typed leaves the session's memory when the dialog closes.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from clinics.domain.language import say
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
from ui import frame, language, resources, state
from ui.components import focus_field
from ui.text import plain

_SENT = "sent"
_FIELDS = {"kind": state.WRONG_KIND, "text": state.WRONG_TEXT, "source": state.WRONG_SOURCE}
"""The fields of a correction, each with the key of its widget, in their order."""


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
    for key in (state.WRONG_ANSWER, state.WRONG_TRIES, *_FIELDS.values()):
        st.session_state.pop(key, None)


def draw_dialog() -> None:
    """Draw the dialog while a listing is being corrected; once a run, after everything else.

    It stays through runs of the whole page, so that nothing typed is lost, until it is closed.
    """
    clinic = resources.directory().dataset.find(being_corrected())
    if clinic is None:
        return
    title = say("correct.title", name=plain(clinic.name))
    st.dialog(title, on_dismiss=close_dialog)(_draw)(clinic)


def _draw(clinic: Clinic) -> None:
    language.begin()  # Streamlit draws a dialog on its own
    answer = st.session_state.get(state.WRONG_ANSWER) or {}
    if not resources.takes_corrections():
        _draw_cannot_take(clinic)
    elif _SENT in answer:
        st.success(say("correct.thanks"))
    else:
        _draw_form(clinic, answer)
        return
    if st.button(say("find.close"), key="close_wrong"):
        close_dialog()
        st.rerun()


def _draw_form(clinic: Clinic, problems: Mapping[str, str]) -> None:
    """Draw the form; what is missing is said under its field, and the first of them has focus."""
    st.markdown(say("correct.nothing_private"))
    with st.form("correction", border=False):
        st.selectbox(
            say("correct.what_is_wrong"),
            list(KINDS),
            index=None,
            format_func=KINDS.__getitem__,
            key=state.WRONG_KIND,
            placeholder=say("correct.choose_one"),
            filter_mode=None,  # and not required: that is refused without a word of ours
        )
        _draw_problem(problems, "kind")
        st.text_area(
            say("correct.what_is_right", least=MIN_TEXT, most=MAX_TEXT),
            key=state.WRONG_TEXT,
            max_chars=MAX_TEXT,
            height=120,
        )
        _draw_problem(problems, "text")
        st.text_input(
            say("correct.known_from"),
            key=state.WRONG_SOURCE,
            max_chars=MAX_SOURCE,
        )
        _draw_problem(problems, "source")
        if "" in problems:
            st.error(plain(problems[""]))
        st.form_submit_button(say("correct.send"), on_click=_send, args=(clinic.id,))
    wrong = next((key for name, key in _FIELDS.items() if name in problems), "")
    focus_field(wrong, st.session_state.get(state.WRONG_TRIES, 0))
    frame.fine_print(wording.crisis())


def _draw_problem(problems: Mapping[str, str], name: str) -> None:
    """Say under a field what it needs."""
    if name in problems:
        st.error(plain(problems[name]))


def _send(id: str) -> None:
    """Hand in what the form holds, and keep the answer for the dialog."""
    language.begin()
    kind, text, source = (str(st.session_state.get(key) or "") for key in _FIELDS.values())
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
        st.session_state[state.WRONG_TRIES] = st.session_state.get(state.WRONG_TRIES, 0) + 1
        st.session_state[state.WRONG_ANSWER] = dict(problem.fields) or {"": str(problem)}
    else:
        st.session_state[state.WRONG_ANSWER] = {_SENT: ""}


def _draw_cannot_take(clinic: Clinic) -> None:
    """Say that nothing is kept here, and who can be asked instead."""
    st.markdown(say("correct.not_taken"))
    asked = [say("correct.ask_phone", phone=plain(clinic.phone))] if clinic.phone else []
    if clinic.website:
        asked.append(say("correct.ask_website", website=f"<{clinic.website}>"))
    source = plain(clinic.source or say("correct.unknown_source"))
    link = f"[{source}](<{clinic.source_url}>)" if clinic.source_url else source
    asked.append(say("correct.ask_source", source=link))
    st.markdown("\n".join([say("correct.can_ask"), "", *(f"- {who}" for who in asked)]))

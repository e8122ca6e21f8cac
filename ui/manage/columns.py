"""Ask what the columns of a file are whose names are not ours, before the file is checked."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from clinics.domain.columns import BY_NAME, NAMES
from clinics.domain.words import counted, joined, plural
from clinics.intake.column_names import Matching, known
from clinics.intake.matching import Stranger
from clinics.publishing.candidate import Candidate
from ui import frame, keys
from ui.manage import act
from ui.text import plain

SHOWN = 12
"""So many columns have a box at once; of others only those that are chosen."""

WIDTH = 640
"""Of a box, in pixels; on a phone it is as wide as the page."""

LEAVE_OUT = "Leave it out"
_CODE_TWICE, _CODE_MISSING = "header_twice", "header_missing"


def asks(candidate: Candidate) -> bool:
    """Return True if it is to be said first what the columns are, or said anew.

    A file in which nothing looks like a column of ours is no list, and is told so.
    """
    header = candidate.checked.header
    if not header.strangers:
        return False
    again = st.session_state.get(keys.REMATCH.format(candidate.upload.sha256))
    is_list = bool(header.likely) or any(map(known, header.names))
    return bool(again) or (candidate.checked.matching is None and is_list)


def draw(candidate: Candidate) -> None:
    """Draw a box for each unknown column, what is wrong with the answers, and the one button."""
    header, sha256 = candidate.checked.header, candidate.upload.sha256
    strangers = header.strangers
    st.header("Columns", anchor=False)
    number = len(strangers)
    st.markdown(
        f"{counted(number, 'column')} {plural(number, 'has a name', 'have names')} that we do not "
        f"know for sure. Say what {plural(number, 'it holds', 'they hold')}. What is chosen now is "
        "a proposal: nothing is read so before you confirm it."
    )
    _draw_known(header.names, strangers)
    before = candidate.checked.matching
    likely, others, rest = _parted(strangers, before)
    said = {one.key: "" for one in strangers}
    said |= {one.key: _draw_box(sha256, one, before) for one in likely}
    if others:
        st.markdown("These look like nothing that we list:" if likely else "Nothing is proposed:")
    said |= {one.key: _draw_box(sha256, one, before) for one in others}
    more = _choose_more(sha256, rest)
    said |= {one.key: _draw_box(sha256, one, before) for one in more}
    faults = header.faults(Matching(tuple(said.items())))
    _draw_faults(faults)
    with st.container(horizontal=True):
        st.button(
            "Read the columns so",
            key="match",
            type="primary",
            disabled=any(code == _CODE_TWICE for code, _ in faults),
            on_click=act.match,
            args=(sha256, header.names, said),
        )
        if before is not None:
            st.button(
                "Leave it as it was",
                key="match_not",
                on_click=act.rematch,
                args=(sha256,),
                kwargs={"again": False},
            )
    frame.fine_print("What a keeper says here is kept for the next file with the same columns.")


def draw_matched(candidate: Candidate) -> None:
    """Say how columns were read that somebody said something of, and offer to change that."""
    found = [n for n in candidate.report.notices if n.code == "columns_matched"]
    for notice in found:
        st.markdown(plain(notice.message))
    if candidate.checked.header.strangers:
        st.button(
            "Change how columns are read",
            key="rematch",
            on_click=act.rematch,
            args=(candidate.upload.sha256,),
            kwargs={"again": True},
        )


def _draw_known(names: Sequence[str], strangers: Sequence[Stranger]) -> None:
    asked = {one.name for one in strangers}
    found = [f"“{name}” as {known(name)}" for name in names if known(name) and name not in asked]
    if found:
        frame.fine_print(plain(f"The others are read as usual: {joined(found, 'and')}."))


def _parted(
    strangers: Sequence[Stranger], before: Matching | None
) -> tuple[list[Stranger], list[Stranger], list[Stranger]]:
    """Return those that are likely ours, others with a box, and those left out unless wanted."""
    said = before.said if before else {}
    likely = [one for one in strangers if said.get(one.key) or one.proposal]
    others = [one for one in strangers if one not in likely]
    room = max(SHOWN - len(likely), 0)
    return likely, others[:room], others[room:]


def _choose_more(sha256: str, rest: Sequence[Stranger]) -> list[Stranger]:
    if not rest:
        return []
    return st.multiselect(
        f"{counted(len(rest), 'other column')} would be left out. Read some of them, too:",
        list(rest),
        format_func=lambda one: plain(one.name),
        key=keys.MATCH_MORE.format(sha256),
        persist_state="session",
        width=WIDTH,
    )


def _draw_box(sha256: str, one: Stranger, before: Matching | None) -> str:
    """Draw one column with its first values; return which of ours it is said to be."""
    said = before.said if before else {}
    options = ["", *NAMES]
    values = " · ".join(value[:40] for value in one.values) or "it is empty"
    chosen = st.selectbox(
        plain(f"{one.name[:80]}: {values}"),
        options,
        index=options.index(said.get(one.key, one.proposal)),
        format_func=_label,
        key=keys.MATCH_BOX.format(one.key, sha256),
        persist_state="session",
        width=WIDTH,
    )
    return str(chosen or "")


def _label(name: str) -> str:
    return f"{BY_NAME[name].meaning.partition(';')[0]} ({name})" if name else LEAVE_OUT


def _draw_faults(faults: Sequence[tuple[str, str]]) -> None:
    for code, sentence in faults:
        if code == _CODE_TWICE:
            st.error(plain(f"{sentence} Leave one of them out."))
        elif code == _CODE_MISSING:
            st.warning(plain(f"{sentence} If one of these holds it, choose it there."))
        else:
            st.warning(plain(sentence))

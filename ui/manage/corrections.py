"""The queue of corrections: what somebody wrote beside what the listing says."""

from __future__ import annotations

import streamlit as st

from clinics.domain.columns import BY_NAME
from clinics.domain.model import Clinic
from clinics.domain.ports import Correction, CorrectionStatus
from clinics.present import html as render
from clinics.publishing import corrections as rules
from clinics.publishing.access import Keeper
from ui import frame, keys, resources
from ui.manage import act, listings, words
from ui.text import plain

PAGE = 10


def draw(_: Keeper) -> None:
    """Draw the waiting corrections, oldest first, and the figures the public sees."""
    everything = resources.open_store().corrections()
    waiting = [c for c in everything if c.status is CorrectionStatus.WAITING]
    st.markdown(plain(rules.figures(everything).sentence))
    if not waiting:
        st.markdown("No correction is waiting.")
        return
    pages = -(-len(waiting) // PAGE)
    here = st.container()
    page = min(pages, st.pagination(pages, key="corrections_page") if pages > 1 else 1)
    with here:
        for correction in waiting[(page - 1) * PAGE : page * PAGE]:
            _draw_one(correction)


def _draw_one(correction: Correction) -> None:
    clinic = resources.newest().dataset.find(correction.clinic_id)
    with st.container(border=True):
        name = f"{clinic.name}, {clinic.city}" if clinic else correction.clinic_id
        st.markdown(f"**{plain(name)}**")
        frame.fine_print(
            f"{plain(rules.KINDS.get(correction.kind, correction.kind))}. "
            f"Received {words.when(correction.received)}."
        )
        st.text(correction.text)
        if correction.source:
            st.text(f"From: {correction.source}")
        if clinic is None:
            st.markdown("This listing is not in the directory any more.")
        else:
            st.markdown(_says_now(clinic, correction.kind))
        _draw_actions(correction, clinic)


def _says_now(clinic: Clinic, kind: str) -> str:
    """Say what the listing has now where the correction points."""
    dataset = resources.newest().dataset
    row = dataset.table.iloc[dataset.row_of[clinic.id]]
    columns = rules.COLUMNS_OF.get(kind, ("phone", "website", "address"))
    now = "; ".join(f"{_called(column)}: {row[column] or 'not stated'}" for column in columns)
    return f"The listing says now: {plain(now)}"


def _called(column: str) -> str:
    """Return what people call a column."""
    return (BY_NAME[column].label or column.replace("_", " ")).lower()


def _draw_actions(correction: Correction, clinic: Clinic | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if clinic is not None:
            st.button(
                "Work it into the listing",
                key=f"accept_{correction.id}",
                on_click=listings.open_form,
                args=(clinic.id, (correction.id,)),
            )
            if render.tel_link(clinic.phone):
                st.markdown(f"[{plain(clinic.phone)}]({render.tel_link(clinic.phone)})")
        st.text_input(
            "Or reject it: the reason",
            key=keys.REASON.format(correction.id),
            max_chars=300,
            persist_state="session",
        )
        st.button(
            "Reject", key=f"reject_{correction.id}", on_click=act.reject, args=(correction.id,)
        )

"""What most needs a keeper, first things first; the order is the core's."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from clinics.domain.ports import CorrectionStatus
from clinics.domain.words import counted
from clinics.publishing.access import Keeper
from clinics.publishing.worklist import Task, tasks_in_all, worklist
from ui import keys, resources
from ui.manage import act, listings
from ui.text import plain

PAGE = 10


def draw(_: Keeper) -> None:
    """Draw the tasks, a page at a time, each with what can be done about it."""
    directory = resources.newest()
    waiting = [c.clinic_id for c in resources.open_store().corrections(CorrectionStatus.WAITING)]
    today = resources.today()
    total = tasks_in_all(directory.dataset, waiting, today)
    if not total:
        st.markdown("Nothing needs you: every listing is complete and has a late date.")
        return
    st.markdown(
        f"{total:,} of {len(directory.dataset):,} listings need something. Open the clinic's "
        "website or call, then mend the listing or confirm that nothing has changed."
    )
    _draw_round([str(id) for id in directory.dataset.table["id"]])
    pages = -(-total // PAGE)
    here = st.container()
    page = min(pages, st.pagination(pages, key="worklist_page") if pages > 1 else 1)
    with here:
        offset = (page - 1) * PAGE
        for task in worklist(directory.dataset, waiting, today, PAGE, offset=offset):
            _draw_task(task)


def _draw_round(ids: Sequence[str]) -> None:
    """Draw the one button for all listings that are chosen, which makes one version of them."""
    chosen = [id for id in ids if st.session_state.get(keys.CHOSEN.format(id))]
    st.button(
        f"Checked today, nothing changed: {counted(len(chosen), 'chosen listing')}",
        key="confirm_round",
        disabled=not chosen,
        on_click=act.confirm,
        args=(chosen,),
    )


def _in_one_sentence(reasons: Sequence[str]) -> str:
    rest = [reason[:1].lower() + reason[1:] for reason in reasons[1:]]
    return "; ".join([*reasons[:1], *rest]) + "."


def _draw_task(task: Task) -> None:
    clinic = task.clinic
    with st.container(border=True):
        st.markdown(f"**{plain(clinic.name)}**, {plain(clinic.city)}, {clinic.state}")
        st.markdown(plain(_in_one_sentence(task.reasons)))
        contact = [plain(clinic.phone)] if clinic.phone else []
        if clinic.website:
            contact.append(f"[Website](<{clinic.website}>)")
        if contact:
            st.markdown(" · ".join(contact))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.checkbox(
                "Choose",
                key=keys.CHOSEN.format(clinic.id),
                persist_state="session",
                width="content",
            )
            st.button(
                "Checked today",
                key=f"confirm_{clinic.id}",
                on_click=act.confirm,
                args=([clinic.id],),
            )
            st.button(
                "Mend",
                key=f"mend_{clinic.id}",
                on_click=listings.open_form,
                args=(clinic.id,),
            )

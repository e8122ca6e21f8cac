"""Mend a file on the page: what is sure with one click, other cells in a grid; both can be undone.

The file that was uploaded stays as it is: a mended one takes its place, to be checked again.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from clinics.domain.words import counted, plural
from clinics.intake.check import OWN
from clinics.intake.mending import MendedCell, sure, to_mend
from clinics.intake.notices import Notice
from clinics.publishing.access import Keeper
from clinics.publishing.publisher import Candidate
from ui import access, frame, keys, resources
from ui.manage import act
from ui.text import plain

SHOWN = 500
"""So many mended cells are listed."""

GRID_ROWS = 100
"""So many cells are offered to type into at a time."""

INSTEAD = "Write instead"


def draw(candidate: Candidate, keeper: Keeper | None) -> None:
    """Draw what was mended in this file, and what can be."""
    before = act.mended_from(candidate.upload.sha256)
    if before:
        _draw_mended(candidate, before, keeper)
    if candidate.checked.layout != OWN:
        return
    cells = sure(candidate.report, resources.bundled().vocabulary)
    if cells:
        _draw_sure(candidate, cells)
    known = {(cell.row, cell.column) for cell in cells}
    others = [n for n in to_mend(candidate.report) if (n.row, n.column) not in known]
    if others:
        _draw_grid(candidate, others)


def _draw_mended(candidate: Candidate, before: act.Before, keeper: Keeper | None) -> None:
    number = len(before.cells)
    st.success(f"{counted(number, 'cell')} {plural(number, 'was', 'were')} mended on this page.")
    with st.expander(f"What was mended ({number:,})"):
        _draw_cells(before.cells, "Was", "Is now")

    def file() -> bytes:
        return resources.open_publisher().bytes_of(candidate.upload.sha256)

    with st.container(horizontal=True):
        st.button("Undo what was mended", key="unmend", on_click=act.unmend)
        st.download_button(
            "Your file, mended (CSV)",
            access.while_signed_in(keeper, file) if keeper else file,
            file_name=act.as_csv_name(candidate.upload.filename, act.MENDED),
            mime="text/csv",
            on_click="ignore",
        )


def _draw_sure(candidate: Candidate, cells: Sequence[MendedCell]) -> None:
    """Offer to write the cells anew; the button stands out where errors stop the file."""
    stops = candidate.report.errors > 0
    st.button(
        f"Mend what is sure ({counted(len(cells), 'cell')})",
        key="mend_sure",
        type="primary" if stops else "secondary",
        on_click=act.mend,
        args=(act.staged(), tuple(cells), candidate.checked.matching),
    )
    with st.expander(f"What that would write ({len(cells):,})"):
        frame.fine_print("Each of these can only mean one thing. Nothing else is touched.")
        _draw_cells(cells, "Found", "Will be")


def _draw_cells(cells: Sequence[MendedCell], old: str, new: str) -> None:
    shown = cells[:SHOWN]
    st.dataframe(
        {
            "Row": [cell.row for cell in shown],
            "Column": [cell.column for cell in shown],
            old: [cell.old for cell in shown],
            new: [cell.new for cell in shown],
        },
        hide_index=True,
        column_config={"Row": st.column_config.NumberColumn(width="small")},
    )
    if len(cells) > SHOWN:
        frame.fine_print(f"The first {SHOWN} of {len(cells):,}.")


def _draw_grid(candidate: Candidate, faults: Sequence[Notice]) -> None:
    """Draw the cells with problems as a grid to type into."""
    shown = faults[:GRID_ROWS]
    with st.expander(f"Mend cells here ({len(faults):,})"):
        rows = pd.DataFrame(
            {
                "Row": [n.row for n in shown],
                "Column": [n.column for n in shown],
                "Found": [n.value for n in shown],
                "Needs": [n.expected or n.fix for n in shown],
                INSTEAD: [""] * len(shown),
            }
        )
        typed = st.data_editor(
            rows,
            key=keys.MEND_GRID.format(candidate.upload.sha256),
            hide_index=True,
            disabled=["Row", "Column", "Found", "Needs"],
            column_order=["Row", "Column", "Found", INSTEAD, "Needs"],
            column_config={"Row": st.column_config.NumberColumn(width="small")},
            alt="Cells with problems, one a line; type into the column “Write instead”",
        )
        if len(faults) > GRID_ROWS:
            frame.fine_print(plain(f"The first {GRID_ROWS} of {len(faults):,}."))
        if st.button("Put these into the file and check again", key="mend_typed"):
            cells = _typed(shown, typed[INSTEAD].fillna("").astype(str).tolist())
            if not cells:
                st.warning("Nothing is typed yet.")
                return
            act.mend(act.staged(), cells, candidate.checked.matching)
            st.rerun()


def _typed(faults: Sequence[Notice], texts: Sequence[str]) -> tuple[MendedCell, ...]:
    return tuple(
        MendedCell(n.row or 0, n.column or "", n.value, text.strip())
        for n, text in zip(faults, texts, strict=True)
        if text.strip()
    )

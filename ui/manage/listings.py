"""Mend a listing without a spreadsheet: a form for one, a grid for several, a new one.

What they give goes the same way as a file: staged, checked, reviewed, published.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import pandas as pd
import streamlit as st

from clinics.domain.columns import BY_NAME, COLUMNS, GROUPS, NAMES, SEPARATOR, Column
from clinics.domain.kinds import DATE, MONTH_OR_DAY, NOTE, YES_OR_NO
from clinics.domain.model import Clinic
from clinics.domain.ports import Change
from clinics.domain.words import counted, day
from clinics.intake.notices import Notice, Severity
from clinics.publishing.access import Keeper
from clinics.publishing.publisher import NotPublishable
from clinics.search.dataset import Dataset
from ui import frame, keys, resources
from ui.manage import act
from ui.text import plain

FOUND = 20
GRID_ROWS = 100
NEW = ""
"""Stands for a listing that is not there yet, where an id is kept."""

GRID_COLUMNS = (
    "name", "phone", "website", "address", "city", "zip", "price_per_session_usd", "source_date",
    "last_checked",
)  # fmt: skip


def draw(_: Keeper) -> None:
    """Draw the form of the listing that is open, else the search for one."""
    dataset = resources.newest().dataset
    editing = st.session_state.get(keys.EDITING)
    if editing is not None:
        _draw_form(dataset, editing)
        return
    st.markdown(
        "Find a listing by its name, town or id. What you change is checked and shown to you for "
        "review, like a file, before anybody sees it."
    )
    st.button("Add a new listing", key="add_listing", on_click=open_form, args=(NEW,))
    sought = st.text_input("Name, town or id", type="search", key=keys.SOUGHT.format("listings"))
    if not sought:
        return
    rows = _matching(dataset, str(sought))
    if not rows:
        st.markdown("No listing has these words.")
        return
    for row in rows[:FOUND]:
        cells = dataset.table.iloc[row]
        st.button(
            plain(f"Mend {cells['name']}, {cells['city']}, {cells['state']}"),
            key=f"open_{cells['id']}",
            on_click=open_form,
            args=(cells["id"],),
            wrap=True,
        )
    if len(rows) > FOUND:
        frame.fine_print(f"The first {FOUND} of {len(rows):,}. Type more to narrow them down.")
    if len(rows) > 1:
        _draw_grid(dataset, rows[:GRID_ROWS], str(sought))


def open_form(id: str, settles: tuple[int, ...] = ()) -> None:
    """Open the form of a listing, `NEW` for one that is not there yet; as a click does."""
    dataset = resources.newest().dataset
    st.session_state[keys.EDITING] = id
    st.session_state[keys.BEFORE] = _cells(dataset, dataset.find(id) if id != NEW else None)
    st.session_state[keys.FORM_SETTLES] = settles
    st.session_state[keys.FORM] = st.session_state.get(keys.FORM, 0) + 1
    st.session_state.pop(keys.FORM_FAULTS, None)
    st.session_state[keys.CAME_FROM] = st.session_state.get(keys.PART)
    act.go_to("listings")


def close_form() -> None:
    """Go back to where the listing was opened from; nothing is changed."""
    _forget_form()
    act.go_back()


def _forget_form() -> None:
    for key in (keys.EDITING, keys.BEFORE, keys.FORM_SETTLES, keys.FORM_FAULTS):
        st.session_state.pop(key, None)


def _matching(dataset: Dataset, sought: str) -> list[int]:
    words = sought.casefold().split()
    text = dataset.search_text + "\n" + dataset.table["id"]
    found = pd.Series(True, index=text.index)
    for word in words:
        found &= text.str.contains(word, regex=False)
    return [int(row) for row in found.to_numpy().nonzero()[0]]


def _draw_form(dataset: Dataset, id: str) -> None:
    clinic = dataset.find(id) if id != NEW else None
    if id != NEW and clinic is None:
        close_form()
        st.warning("This listing is not in the directory any more.")
        return
    before = st.session_state[keys.BEFORE]  # as it was opened: only what is typed is changed
    st.header(plain(clinic.name) if clinic else "A new listing", anchor=False)
    _draw_reported()
    st.button("Close without a change", key="close_form", on_click=close_form)
    if clinic and clinic.website:
        st.markdown(f"[Open the clinic's website](<{clinic.website}>)")
    with st.form(key=f"listing_form_{st.session_state[keys.FORM]}", enter_to_submit=False):
        after = dict(before)
        for title in GROUPS:
            st.subheader(title, anchor=False)
            for columns in _rows(title):
                boxes = st.columns(len(columns), vertical_alignment="bottom")
                for box, column in zip(boxes, columns, strict=True):
                    with box:
                        after[column.name] = _draw_field(column, before[column.name], id)
                        _draw_fault_of(column.name)
        out = False
        if clinic:
            out = st.checkbox("Take this listing out of the directory")
        sent = st.form_submit_button("Check and review this change", type="primary")
        if sent:
            st.session_state.pop(keys.FORM_FAULTS, None)
            _stage(id, before, after, out)
        _draw_faults(st.session_state.get(keys.FORM_FAULTS, ()))


def _rows(group: str) -> list[list[Column]]:
    """Return the columns of a group of the form, those beside each other together."""
    rows: list[list[Column]] = []
    for column in COLUMNS:
        if column.group == group:
            if column.beside and rows:
                rows[-1].append(column)
            else:
                rows.append([column])
    return rows


def _draw_reported() -> None:
    """Draw the words of the correction that is being worked into the listing."""
    wanted = st.session_state.get(keys.FORM_SETTLES) or ()
    if wanted:
        for correction in resources.open_store().corrections():
            if correction.id in wanted:
                st.info(plain(f"Somebody wrote: “{correction.text}”"))


def _cells(dataset: Dataset, clinic: Clinic | None) -> dict[str, str]:
    if clinic is None:
        return dict.fromkeys(NAMES, "")
    row = dataset.table.iloc[dataset.row_of[clinic.id]]
    return {name: str(row[name]) for name in NAMES}


def _draw_field(column: Column, cell: str, id: str) -> str:
    """Draw the box of one cell and return what it holds, as a cell of a file."""
    key = keys.FIELD.format(st.session_state[keys.FORM], column.name)
    label = f"{column.meaning} ({column.name})"
    vocabulary = resources.bundled().vocabulary
    if column.options:
        options = [option.id for option in vocabulary.options(column.name)]

        def words(option: str) -> str:
            return vocabulary.label(column.name, option) if option else "not stated"

        if column.several:
            kept = [value for value in cell.split(SEPARATOR) if value in options]
            chosen = st.multiselect(
                label, options, kept, format_func=words, key=key, persist_state="session"
            )
            return SEPARATOR.join(chosen)
        return _draw_choice(label, ["", *options], cell, words, key)
    if column.kind is YES_OR_NO:
        return _draw_choice(label, ("", "yes", "no"), cell, lambda c: c or "not stated", key)
    if column.kind is NOTE:
        return str(st.text_area(label, cell, key=key, persist_state="session")).strip()
    typed = st.text_input(
        label,
        cell,
        key=key,
        placeholder=column.example,
        disabled=column.name == "id" and id != NEW,
        persist_state="session",
    )
    if column.kind in (DATE, MONTH_OR_DAY) and _draw_today(column.name):
        return resources.today().isoformat()
    return str(typed).strip()


def _draw_today(name: str) -> bool:
    """Draw a box beside a date that stands for this day."""
    key = keys.FIELD.format(st.session_state[keys.FORM], f"{name}_today")
    return st.checkbox(f"Today, {day(resources.today())}", key=key, persist_state="session")


def _draw_fault_of(column: str) -> None:
    """Say under a box what is wrong with what was typed into it."""
    for found in st.session_state.get(keys.FORM_FAULTS, ()):
        if found.column == column:
            said = f"It needs {found.expected}." if found.expected else found.message
            st.markdown(f":red[**{plain(said)} {plain(found.fix)}**]")


def _draw_choice(
    label: str, choices: Sequence[str], cell: str, words: Callable[[str], str], key: str
) -> str:
    place = choices.index(cell) if cell in choices else 0
    return str(
        st.selectbox(label, choices, place, format_func=words, key=key, persist_state="session")
        or ""
    )


def _stage(id: str, before: Mapping[str, str], after: Mapping[str, str], out: bool) -> None:
    """Stage the whole directory with this one change, to be checked like a file."""
    changed = {name: cell for name, cell in after.items() if cell != before[name]}
    if not changed and not out:
        st.warning("Nothing is changed yet.")
        return
    name = f"Change of {before['name'] or after['name']}"
    if id == NEW:
        _hand_over(name, {}, add=[after])
    elif out:
        _hand_over(name, {}, remove=[id])
    else:
        _hand_over(name, {id: changed})


def _hand_over(
    name: str,
    changes: Mapping[str, Mapping[str, str]],
    *,
    remove: Collection[str] = (),
    add: Sequence[Mapping[str, str]] = (),
) -> None:
    """Stage the directory with these changes, and go on where a file is checked and reviewed.

    A cell that cannot be taken is said here, beside what was typed, and nothing goes on.
    """
    settles = st.session_state.get(keys.FORM_SETTLES) or ()
    kind = Change.CORRECTION if settles else Change.EDIT
    live = resources.open_store().live_number()
    try:
        data = resources.open_publisher().edited(changes, remove, add, by_keeper=True)
    except NotPublishable as problem:
        st.warning(plain(str(problem)))
        return
    if act.stage(data, name, kind=kind, based_on=live, settles=settles):
        report = resources.candidate(act.staged()).report
        if not report.publishable:
            act.let_go()
            faults = [n for n in report.notices if n.severity is Severity.ERROR]
            if st.session_state.get(keys.EDITING) is None:
                _draw_faults(faults)
                return
            st.session_state[keys.FORM_FAULTS] = faults
            st.rerun()
        _forget_form()
        st.session_state[keys.GRIDS] = st.session_state.get(keys.GRIDS, 0) + 1
        st.session_state[keys.OPEN_NEXT] = "upload"
    st.rerun()


def _draw_faults(faults: Sequence[Notice]) -> None:
    """Say what keeps a change from being taken."""
    for found in faults[:FOUND]:
        st.warning(plain(f"{found.message} {found.fix}"))
    if faults:
        st.markdown("Nothing is lost and nothing was changed. Mend it above and try again.")


def _draw_grid(dataset: Dataset, rows: list[int], sought: str) -> None:
    """Draw several listings as a grid to type into."""
    st.header("Several at once", anchor=False)
    key = keys.GRID.format(f"{st.session_state.get(keys.GRIDS, 0)}_{sought}")
    shown = _grid_rows(dataset, rows, key)
    edited = st.data_editor(
        shown,
        key=key,
        column_config={
            name: st.column_config.TextColumn(name, help=BY_NAME[name].allowed)
            for name in GRID_COLUMNS
        },
        alt="Listings that were found, one row each, to type into",
    )
    if st.button("Check and review these changes", key="grid_done"):
        changes = _differences(shown, edited)
        if not changes:
            st.warning("Nothing is changed yet.")
            return
        _hand_over(f"Changes of {counted(len(changes), 'listing')}", changes)


def _grid_rows(dataset: Dataset, rows: list[int], key: str) -> pd.DataFrame:
    """Return the listings, once typing has begun as they were then: a cell goes by its place."""
    typed = dict(st.session_state.get(key) or {}).get("edited_rows")
    kept: tuple[str, pd.DataFrame] | None = st.session_state.get(keys.GRID_ROWS)
    if kept and kept[0] == key and typed:
        return kept[1]
    shown = dataset.table.iloc[rows].set_index("id")[list(GRID_COLUMNS)]
    st.session_state[keys.GRID_ROWS] = (key, shown)
    return shown


def _differences(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, dict[str, str]]:
    changes: dict[str, dict[str, str]] = {}
    for id, cells in after.fillna("").astype(str).iterrows():
        changed = {n: c.strip() for n, c in cells.items() if c.strip() != before.at[id, n]}
        if changed:
            changes[str(id)] = {str(name): cell for name, cell in changed.items()}
    return changes

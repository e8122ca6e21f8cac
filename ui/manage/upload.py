"""Upload and check: takes a file, says what is wrong in it and how to mend it."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import streamlit as st

from clinics.domain.columns import COLUMNS, SEPARATOR, Column
from clinics.domain.ports import Upload
from clinics.domain.words import counted
from clinics.intake.notices import Notice
from clinics.intake.report import Group, groups, problems_copy, report_csv, to_do
from clinics.publishing import last_link
from clinics.publishing.access import Keeper
from clinics.publishing.candidate import KEEP_UPLOADS
from clinics.publishing.merge import ADD, REPLACE
from clinics.publishing.plans import Plan
from clinics.publishing.publisher import Candidate, NoSuchUpload
from clinics.publishing.workbook import MEDIA_TYPE
from ui import access, frame, keys, preview, resources
from ui.manage import act, columns, locate, mend, review, words
from ui.text import plain

_MODES = {
    REPLACE: "It is the whole directory: what is not in it disappears",
    ADD: "It has only new and changed listings: all others stay",
}
_FEDERAL_MODES = {
    REPLACE: "It is the whole federal list of these states: other federal listings disappear",
    ADD: _MODES[ADD],
}
_WORDS = {"error": "To be mended", "warning": "To look at", "note": "Good to know"}
PATIENCE_SECONDS = 0.3
DRAFTS = 20
"""So many waiting files are listed."""

STEPS = ("Upload", "Check", "Review", "Publish")


def draw(keeper: Keeper | None) -> None:
    """Draw the way from a file to a new version, as far as this session has come."""
    act.come_back()
    if not st.session_state.get(keys.STAGED):
        _draw_steps(0)
        _draw_uploader()
        if keeper:
            _draw_link()
            _draw_drafts()
        _draw_templates()
        return
    act.name_in_address()
    try:
        candidate = _candidate()
    except NoSuchUpload as problem:
        act.let_go()
        st.warning(plain(str(problem)))
        return
    asked = columns.asks(candidate)
    _draw_steps(1 if asked or not candidate.publishable else 2)
    _draw_file(candidate)
    if asked:
        columns.draw(candidate)
        return
    if candidate.checked.layout and act.staged().based_on is None:
        _draw_modes(candidate)
    _draw_check(candidate, keeper)
    review.draw(candidate, keeper)
    if keeper:
        locate.draw(candidate)


def _draw_steps(current: int) -> None:
    """Draw where on the way this file is; the words say it too, not only the color."""
    parts = [
        f":blue-badge[**{number}\u00a0{step}**]"
        if number - 1 == current
        else f"{number}\u00a0{step}"
        for number, step in enumerate(STEPS, start=1)
    ]
    st.markdown(f"Step {current + 1} of {len(STEPS)}: " + " → ".join(parts))


def _federal() -> str:
    """Name the federal list, where the directory takes files of it."""
    federal = resources.rules().federal
    return f", or a file of the federal list ({plain(federal[1].source)})" if federal else ""


def _draw_uploader() -> None:
    """Draw the file box, with what may be put into it said before."""
    settings = resources.settings()
    st.markdown(
        "Choose the file with the listings. It is checked first, and you see what would change "
        "before anything is published."
    )
    st.markdown(
        "- A spreadsheet: Excel (.xlsx or .xls), OpenDocument (.ods), CSV or TSV, of at most "
        f"{settings.max_upload_mb:g} MB and {settings.max_rows:,} rows.\n"
        f"- In it: the directory in our own columns{_federal()}."
    )
    access.ask_for_file()
    round_ = st.session_state.get(keys.ROUND, 0)
    file = st.file_uploader(
        "Clinic file",
        key=keys.UPLOADER.format(round_),
        max_upload_size=math.ceil(settings.max_upload_mb),
    )
    if file is not None:
        if not act.stage(file.getvalue(), file.name):
            st.session_state[keys.ROUND] = round_ + 1
        st.rerun()


def _draw_link() -> None:
    """Draw the box for the link of a shared sheet, which only a keeper may have fetched."""
    with st.form(key="link_form", border=False):
        address = st.text_input(
            "Or the link of a shared sheet",
            key=keys.LINK.format(st.session_state.get(keys.ROUND, 0)),
            placeholder="https://docs.google.com/spreadsheets/d/…",
            persist_state="session",
        )
        asked = st.form_submit_button("Refresh from this link")
    frame.fine_print(
        "A Google Sheet that anyone with the link can view, a file in OneDrive for business, "
        "SharePoint or Dropbox, or a file on the web. It is checked and reviewed like an upload."
    )
    if asked and address:
        _fetch(str(address))
    _draw_last_link()


def _fetch(address: str) -> None:
    with st.spinner("Fetching the file"):
        act.fetch(address)
    st.rerun()


def _draw_last_link() -> None:
    """Offer to fetch the same link again; of the link itself only the host is shown."""
    last = last_link.last_link(resources.open_store())
    if last is None:
        return
    st.markdown(
        f"Fetched last: {plain(last.shown)} (“{plain(last.filename)}”), "
        f"{words.when(last.fetched)}, by {plain(last.who)}"
    )
    with st.container(horizontal=True):
        again = st.button("Fetch again", key="fetch_again")
        st.button("Forget this link", key="forget_link", on_click=act.forget_link)
    if again:
        _fetch(last.address)


def _draw_drafts() -> None:
    """List what is staged and not published, by this session, another, or a program."""
    drafts = resources.open_publisher().drafts()
    if not drafts:
        return
    with st.expander(f"Files that wait for somebody ({len(drafts):,})"):
        frame.fine_print(
            f"They were checked and never published; each goes after {KEEP_UPLOADS.days} days."
        )
        for upload, plan in drafts[:DRAFTS]:
            _draw_draft(upload, plan)
        if len(drafts) > DRAFTS:
            frame.fine_print(f"The latest {DRAFTS} of {len(drafts):,}.")


def _draw_draft(upload: Upload, plan: Plan) -> None:
    """Draw one waiting file, to go on with or to be forgotten; the second press forgets it."""
    sha256, name = upload.sha256, plain(upload.filename or "A file")
    if st.session_state.get(keys.FORGETTING) == sha256:
        st.warning(f"Forget “{name}”? It cannot be brought back.")
        with st.container(horizontal=True):
            st.button(
                "Yes, forget it", key=f"forget_yes_{sha256}", on_click=act.forget, args=(sha256,)
            )
            st.button("No, keep it", key="forget_no", on_click=act.ask_to_forget, args=(None,))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{name}**, {words.draft(upload, plan)}")
        st.button("Go on with it", key=f"go_on_{sha256}", on_click=act.go_on, args=(sha256,))
        st.button("Forget", key=f"forget_{sha256}", on_click=act.ask_to_forget, args=(sha256,))


def _draw_templates() -> None:
    """Offer what a keeper starts from: the directory as it is, and an empty sheet."""
    st.markdown("To begin with, download one of these and change it in your spreadsheet:")
    live = resources.newest().dataset.version.id
    with st.container(horizontal=True):
        st.download_button(
            "The directory as it is now (Excel)",
            lambda: resources.open_publisher().workbook(int(live)),
            file_name=f"clinics-version-{live}.xlsx",
            mime=MEDIA_TYPE,
            on_click="ignore",
        )
        st.download_button(
            "The directory as it is now (CSV)",
            lambda: resources.open_publisher().table(int(live)),
            file_name=f"clinics-version-{live}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        st.download_button(
            "An empty sheet with all columns (CSV)",
            ("\ufeff" + ",".join(column.name for column in COLUMNS) + "\r\n").encode(),
            file_name="clinics-empty.csv",
            mime="text/csv",
            on_click="ignore",
        )
    with st.expander("What each column holds"):
        st.dataframe(
            {
                "Column": [c.name for c in COLUMNS],
                "What it says": [c.meaning for c in COLUMNS],
                "How it is written": [_written(c) for c in COLUMNS],
                "Example": [resources.directory().vocabulary.example(c) for c in COLUMNS],
                "Needed": ["yes" if c.required else "" for c in COLUMNS],
            },
            hide_index=True,
        )
    _draw_words()


def _written(column: Column) -> str:
    """Say how a cell is written, with the words themselves in place of the file they are in."""
    if not column.is_choice:
        return column.allowed
    if not column.several:
        return "one of the allowed words below"
    return f"allowed words below, several separated by {SEPARATOR}"


def _draw_words() -> None:
    """List the words that a cell may hold, column by column, with what visitors read."""
    vocabulary = resources.bundled().vocabulary
    with st.expander("Allowed words"):
        chosen = st.selectbox(
            "Column",
            [column for column in COLUMNS if column.options],
            format_func=lambda column: f"{column.meaning} ({column.name})",
            key=keys.WORDS,
        )
        if chosen is None:
            return
        options = vocabulary.options(chosen.name)
        st.dataframe(
            {
                "Write": [option.id for option in options],
                "Visitors read": [option.label for option in options],
            },
            hide_index=True,
        )


def _candidate() -> Candidate:
    """Check the file; a bar says how far that is once it takes long enough to be read."""
    place, began = st.empty(), time.monotonic()

    def draw_bar(share: float, doing: str) -> None:
        if share < 1 and time.monotonic() - began >= PATIENCE_SECONDS:
            place.progress(share, f"{doing}: {share:.0%} done")

    with st.spinner("Checking every row"):
        found = resources.candidate(act.staged(), draw_bar)
    place.empty()
    return found


def _draw_file(candidate: Candidate) -> None:
    rows = counted(candidate.report.rows, "row")
    st.header(plain(candidate.upload.filename or "Your file"))
    layout = ", the federal layout" if candidate.checked.layout == "federal" else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{rows}{layout}.", width="content")
        st.button("Use another file", key="let_go", on_click=act.let_go)
    if candidate.checked.layout == "federal":
        states = ", ".join(sorted(candidate.checked.states))
        st.markdown(
            f"It refreshes the federal listings of {plain(states)}. All others stay as they are."
        )


def _draw_modes(candidate: Candidate) -> None:
    """Ask what the file is; nothing is chosen beforehand where it has few of the ids."""
    options = _FEDERAL_MODES if candidate.checked.layout == "federal" else _MODES
    st.radio(
        "What is this file?",
        list(options),
        index=list(options).index(candidate.mode) if candidate.mode else None,
        key=keys.MODE_BOX.format(candidate.upload.sha256),
        format_func=options.__getitem__,
        persist_state="session",
        on_change=act.choose_mode,
    )
    if candidate.is_undecided and candidate.report.publishable:
        st.warning(plain(candidate.refusal))


def _draw_check(candidate: Candidate, keeper: Keeper | None) -> None:
    """Draw what was found: what to do first, then each kind with its true number."""
    report = candidate.report
    st.header("Check", anchor=False)
    if not report.publishable:
        st.error(plain(to_do(report)))
    elif candidate.is_stopped:
        where = "say above what it is" if candidate.is_undecided else "see “Publish” below"
        st.warning(plain(f"{to_do(report)} Something else stops the file: {where}."))
    else:
        st.success(plain(to_do(report)))
    columns.draw_matched(candidate)
    mend.draw(candidate, keeper)
    _draw_sheets(candidate)
    for group in groups(report):
        if group.kind.code == "columns_matched":
            continue  # it stands above
        _draw_group(group)
    if "option_unknown" in report.totals:
        _draw_words()
    if not report.totals:
        return
    sha256, sheet = candidate.upload.sha256, candidate.checked.sheet

    def found() -> bytes:
        return report_csv(report)

    def with_problems() -> bytes:
        return problems_copy(resources.open_publisher().bytes_of(sha256), report, sheet)

    with st.container(horizontal=True):
        st.download_button(
            "Everything that was found (CSV)",
            access.while_signed_in(keeper, found) if keeper else found,
            file_name="what-was-found.csv",
            mime="text/csv",
            on_click="ignore",
        )
        st.download_button(
            "Your file with a column “problems” (CSV)",
            access.while_signed_in(keeper, with_problems) if keeper else with_problems,
            file_name="file-with-problems.csv",
            mime="text/csv",
            on_click="ignore",
        )


def _draw_sheets(candidate: Candidate) -> None:
    """Ask which sheet of a workbook is meant, where several have our columns."""
    sheets = candidate.checked.sheets
    if len(sheets) < 2:
        return
    chosen = candidate.checked.sheet
    st.radio(
        "Which sheet is meant?",
        sheets,
        index=sheets.index(chosen) if chosen in sheets else None,
        key=keys.SHEET.format(candidate.upload.sha256),
        persist_state="session",
        on_change=preview.stop,
    )


def _draw_group(group: Group) -> None:
    severity = group.kind.severity
    title = f"{_WORDS[severity]}: {group.kind.title} ({group.total:,})"
    with st.expander(plain(title), expanded=severity == "error"):
        rows = group.notices
        fixes = {n.fix for n in rows}
        if all(n.row is None for n in rows):
            for finding in rows:
                st.markdown(plain(finding.message))
        else:
            _draw_findings(rows, with_fix=len(fixes) > 1)
        if len(fixes) == 1:
            st.markdown(f"How to mend it: {plain(rows[0].fix)}")
        if group.total > len(rows):
            frame.fine_print(f"The first {len(rows)} of {group.total:,}; the download has more.")


def _draw_findings(rows: Sequence[Notice], *, with_fix: bool) -> None:
    """Draw findings as a table, without columns that would be empty or say it all again."""
    in_words = not all(n.expected and (n.column or n.expected in n.fix) for n in rows)
    columns: dict[str, Sequence[object]] = {
        "Row": [n.row for n in rows],
        "Column": [n.column or "" for n in rows],
        "Found": [n.value for n in rows],
        "Needs": [n.expected for n in rows],
        "How to mend it": [n.fix for n in rows] if with_fix else [],
        "In words": [n.message for n in rows] if in_words else [],
    }
    st.dataframe(
        {name: cells for name, cells in columns.items() if any(cells)},
        hide_index=True,
        column_config={"Row": st.column_config.NumberColumn(width="small")},
    )

"""Bytes -> the rows that can be used, and a report that says everything wrong with the others.

Bad input is a notice, never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress

import pandas as pd
import pyarrow as pa

from clinics.domain.columns import COLUMNS, NAMES, OLD_NAMES
from clinics.domain.kinds import DATE, MONTH_OR_DAY
from clinics.domain.site import Edition
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import counted
from clinics.intake.cells import Grid, Live, check_cells, grid_of
from clinics.intake.column_names import (
    MADE_FROM,
    Matched,
    Matching,
    folded,
    known,
    letters,
    places_of,
    unmatched,
)
from clinics.intake.csv_file import Sheet, taken_apart
from clinics.intake.duplicates import (
    check_ids,
    check_likeness,
    fill_ids,
    live_listings,
    match_ids,
)
from clinics.intake.federal import Codes, from_federal, is_federal, is_incomplete
from clinics.intake.forgiven import whole_address
from clinics.intake.junk import check_junk, check_what_was_typed
from clinics.intake.matching import NO_HEADER, Header, header_of
from clinics.intake.notices import Findings, Report
from clinics.intake.one_cell import take_apart_places
from clinics.intake.positions import check_positions
from clinics.intake.progress import DONE, Progress, no_progress, part_of
from clinics.intake.rules import Limits, Rules

__all__ = ["Checked", "Limits", "Rules", "check"]

OWN, FEDERAL, UNREADABLE = "own", "federal", ""
_READ, _WRITING = 0.4, 0.95
"""The shares of the whole at which the file is taken apart, and at which its table is made."""

_CELLS, _POSITIONS = 0.5, 0.7
"""The shares of the checks."""

DAYS = tuple(column.name for column in COLUMNS if column.kind in (DATE, MONTH_OR_DAY))

MATCHED = ("id", "name", "city", "address")
"""What a row without an id is known by."""

BUNDLED_LIMITS = Limits(max_bytes=200_000_000, max_rows=1_000_000)
"""What is in the data folder was put there by hand."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that can be used, as a table of canonical text, and the report on all of them.

    `layout` is `own`, `federal`, or "" for a file that cannot be read. `states` are those of the
    rows; a federal file refreshes them. `columns` are ours that the file has, or that its reader
    fills.
    `left_out` are the ids of rows with an error, where they have one: those listings are not gone.
    `numbers` are the rows of the table as the spreadsheet numbers them; `sheet` is the one of a
    workbook that was read, and `sheets` are those that could be meant. `made_from` is the version
    that the file says it was made from. `header` has the names that are not ours, and `matching` is
    what somebody said of them.
    """

    table: pd.DataFrame
    report: Report
    layout: str = UNREADABLE
    states: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()
    left_out: frozenset[str] = frozenset()
    numbers: tuple[int, ...] = ()
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    made_from: int | None = None
    header: Header = NO_HEADER
    matching: Matching | None = None


def check(
    data: bytes,
    rules: Rules,
    progress: Progress = no_progress,
    *,
    sheet: str = "",
    live: pd.DataFrame | None = None,
    matched: Matched = unmatched,
) -> Checked:
    """Check a clinic file in our own columns, or in a layout of the federal directory.

    `progress` is told the share that is done, of which the last is 1, and what comes next.
    `sheet` names the sheet of a workbook that is wanted, where several could be meant. The table
    that is `live` tells which of two days is meant. `matched` knows what somebody said of columns
    whose names are not ours.
    """
    checked = _all_of(data, rules, progress, sheet, live, matched)
    progress(1.0, DONE)
    return checked


def _all_of(
    data: bytes,
    rules: Rules,
    progress: Progress,
    page: str,
    live: pd.DataFrame | None,
    matched: Matched,
) -> Checked:
    progress(0.0, "Taking the file apart")
    findings = Findings(rules.limits.max_notices)
    sheet = taken_apart(data, rules.limits, findings, page, matched)
    header = NO_HEADER
    if sheet is None:
        return _unusable(0, findings)
    if rules.federal and is_federal(sheet.header):
        grid, layout = federal_grid(sheet, rules.federal, findings), FEDERAL
    elif rules.federal and is_incomplete(sheet.header):
        findings.add("federal_incomplete")
        return _unusable(sheet.seen, findings)
    else:
        filled = _whole_addresses(sheet)
        header = header_of(sheet.header, sheet.columns, rules.vocabulary, filled)
        places = places_of(sheet.header, findings, filled, sheet.matching, header.likely)
        if not places:
            return replace(_unusable(sheet.seen, findings), header=header, matching=sheet.matching)
        grid, layout = _own_grid(sheet, places, findings), OWN
        if live is not None and not all(grid.cells["id"]):
            match_ids(grid, _known_by(live), findings)
    made_from = _made_from(sheet)
    if layout == OWN:
        check_what_was_typed(sheet, grid, findings)
    sheet = replace(sheet, columns=())  # the grid has them now; kept twice they fill the memory
    _check(grid, rules, findings, part_of(progress, _READ, _WRITING), live_days(live))
    progress(_WRITING, "Putting the good rows together")
    found = _checked(sheet, grid, layout, rules.vocabulary, findings)
    left_out = found.left_out | _left_out_by_name(grid, live, findings)
    return replace(
        found, made_from=made_from, left_out=left_out, header=header, matching=sheet.matching
    )


def _known_by(live: pd.DataFrame) -> dict[str, list[str]]:
    return {name: live[name].tolist() for name in MATCHED}


def _left_out_by_name(grid: Grid, live: pd.DataFrame | None, findings: Findings) -> frozenset[str]:
    """Return the live listings of rows with an error that no listing has the id of."""
    if live is None or not findings.bad_rows:
        return frozenset()
    ids, bad = set(live["id"]), findings.bad_rows
    pairs = enumerate(zip(grid.numbers, grid.cells["id"], strict=True))
    rows = [row for row, (number, id) in pairs if number in bad and id not in ids]
    return frozenset(live_listings(grid, _known_by(live), rows).values() if rows else ())


def _made_from(sheet: Sheet) -> int | None:
    """Return the version that a file says it was made from; of several, the oldest."""
    columns = zip(sheet.header, sheet.columns, strict=True)
    said = next((cells for name, cells in columns if folded(name) == MADE_FROM), [])
    digits = {cell.removesuffix(".0") for cell in said if cell}
    return min((int(d) for d in digits if d.isdecimal() and len(d) < 10), default=None)


def _whole_addresses(sheet: Sheet) -> frozenset[str]:
    """Return the columns that are not missing, since whole addresses stand in one column."""
    said = sheet.matching.said if sheet.matching else None
    for name, cells in zip(sheet.header, sheet.columns, strict=True):
        if known(name, said) == "address" and any(map(whole_address, cells)):
            return frozenset(("city", "state"))
    return frozenset()


def _own_grid(sheet: Sheet, places: dict[str, int], findings: Findings) -> Grid:
    for place, (name, cells) in enumerate(zip(sheet.header, sheet.columns, strict=True)):
        if not name and any(cells):
            findings.add("header_empty", value=letters(place))
    if "last_checked" in places and "source_date" not in places:
        # Before there were two columns, this one mostly held the day of the source.
        findings.add("checked_is_source_date", value=sheet.header[places["last_checked"]])
        places = {OLD_NAMES.get(name, name): place for name, place in places.items()}
    columns = {name: sheet.columns[place] for name, place in places.items()}
    take_apart_places(columns, sheet.numbers, findings)
    return grid_of(sheet.numbers, columns)


def live_days(live: pd.DataFrame | None) -> Live:
    """Return what is live in the columns of days, by id."""
    if live is None:
        return {}
    return {name: dict(zip(live["id"], live[name], strict=True)) for name in DAYS}


def _check(grid: Grid, rules: Rules, findings: Findings, progress: Progress, live: Live) -> None:
    words, part = rules.vocabulary, part_of(progress, 0, _CELLS)
    check_cells(grid, words, rules.today, findings, part, live)
    check_junk(grid, rules.gazetteer, findings)
    progress(_CELLS, "Looking where the rows are")
    main = rules.vocabulary.main_category
    grid.cells["category"] = [category or main for category in grid.cells["category"]]
    fill_ids(grid)
    check_positions(grid, rules, findings)
    progress(_POSITIONS, "Comparing the rows with each other")
    check_ids(grid, findings)
    check_likeness(grid, findings)


def _checked(
    sheet: Sheet, grid: Grid, layout: str, vocabulary: Vocabulary, findings: Findings
) -> Checked:
    present = tuple(name for name in NAMES if name in grid.present)
    if layout == OWN and not {"name", "city", "state"} <= grid.present:
        findings.bad_rows.update(grid.numbers)  # said once, of the header
    good = [number not in findings.bad_rows for number in grid.numbers]
    table = _table({name: list(compress(cells, good)) for name, cells in grid.cells.items()})
    states = frozenset(table["state"].unique())
    if layout == FEDERAL:
        (refreshed,) = table["category"].unique()[:1] or ("",)
        say_what_it_refreshes(vocabulary.label("category", refreshed), states, findings)
    pairs = zip(grid.cells["id"], good, strict=True)
    left_out = frozenset(id for id, is_good in pairs if id and not is_good)
    numbers = tuple(compress(grid.numbers, good))
    report = Report(sheet.seen, findings.notices, len(findings.bad_rows), dict(findings.counts))
    return Checked(
        table, report, layout, states, present, left_out, numbers, sheet.page, findings.sheets
    )


def _table(columns: dict[str, list[str]]) -> pd.DataFrame:
    """Return columns as a table of text; by way of Arrow it takes half the time and memory."""
    arrays = {name: pa.array(cells, pa.large_string()) for name, cells in columns.items()}
    table: pd.DataFrame = pa.table(arrays).to_pandas()
    return table


def _unusable(rows: int, findings: Findings) -> Checked:
    empty = pd.DataFrame([], columns=list(NAMES), dtype="str")
    report = Report(rows, findings.notices, rows, dict(findings.counts))
    return Checked(empty, report, sheets=findings.sheets)


def federal_grid(sheet: Sheet, federal: tuple[Codes, Edition], findings: Findings) -> Grid:
    """Convert a federal sheet; facilities that withhold their address are left out and counted."""
    codes, edition = federal
    header = [name.lower() for name in sheet.header]
    rows = (dict(zip(header, cells, strict=True)) for cells in zip(*sheet.columns, strict=True))
    converted = from_federal(rows, codes, edition)
    withheld = [number for number, row in zip(sheet.numbers, converted, strict=True) if not row]
    if withheld:
        said = counted(len(withheld), "facility", "facilities")
        findings.add("federal_withheld", value=said, needs=str(withheld[0]))
    if not edition.date and not {"source_date", "last_checked"} & set(header):
        findings.add("federal_undated")
    kept = [row for row in converted if row]
    filled = kept[0] if kept else {}
    columns = {name: [row[name] for row in kept] for name in NAMES if name in filled}
    return grid_of(list(compress(sheet.numbers, converted)), columns)


def say_what_it_refreshes(label: str, states: frozenset[str], findings: Findings) -> None:
    """Tell the keeper that the file was recognized, and which listings it is about."""
    said = ", ".join(sorted(states)) or "no state"
    findings.add("federal_recognized", value=label, needs=said)

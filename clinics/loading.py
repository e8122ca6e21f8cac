"""Bytes -> Dataset and Report: reads a clinic file and says everything that is wrong with it.

Owns reading and checking; must not publish, store or geocode. Bad input is a notice, never an
exception.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from clinics.columns import BY_NAME, COLUMNS, NAMES, CellProblem
from clinics.dataset import Dataset, Version
from clinics.federal import Codes, Edition, from_federal, is_federal, slug
from clinics.model import Point, Precision
from clinics.notices import Notice, Report, notice
from clinics.vocabulary import Vocabulary, reason

Cells = dict[str, str]
PlaceRow = Callable[[str, str, str], tuple[Point, Precision] | None]
"""(zip, city, state) -> the centre of the ZIP, else of the town, else None."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as rows of text: the header, and (row number in the spreadsheet, cells)."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that can be used, as a table of canonical text, and the report on all of them."""

    table: pd.DataFrame
    report: Report


@dataclass(slots=True)
class _Findings:
    """Collects notices and remembers the ids seen so far."""

    notices: list[Notice] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)

    def add(
        self, code: str, row: int | None = None, column: str | None = None,
        value: str = "", needs: str = "",
    ) -> None:  # fmt: skip
        self.notices.append(notice(code, row=row, column=column, value=value, needs=needs))


def read_sheet(data: bytes) -> Sheet | Notice:
    """Split a CSV file into header and rows; blank rows are passed over but counted."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return notice("file_not_utf8")
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as problem:
        return notice("file_broken_quotes", needs=str(problem))
    filled = [
        (number, tuple(cell.strip() for cell in line))
        for number, line in enumerate(lines, start=1)
        if any(cell.strip() for cell in line)
    ]
    if len(filled) < 2:
        return notice("file_empty")
    return Sheet(tuple(name.lower() for name in filled[0][1]), tuple(filled[1:]))


def check(
    data: bytes,
    vocabulary: Vocabulary,
    place_row: PlaceRow,
    today: dt.date,
    *,
    federal: tuple[Codes, Edition] | None = None,
) -> Checked:
    """Check a clinic file in our own columns, or in the federal layout when `federal` is given."""
    sheet = read_sheet(data)
    if isinstance(sheet, Notice):
        return Checked(_table([]), Report(0, (sheet,)))
    findings = _Findings()
    rows = list(_cells_by_name(sheet, findings))
    if federal and is_federal(sheet.header):
        converted = from_federal([cells for _, cells in rows], *federal)
        rows = [(n, cells) for (n, _), cells in zip(rows, converted, strict=True) if cells]
    else:
        _check_header(sheet.header, findings)
    good = [_check_row(n, cells, vocabulary, place_row, today, findings) for n, cells in rows]
    table = _table([cells for cells in good if cells])
    return Checked(table, Report(len(sheet.rows), tuple(findings.notices)))


def _cells_by_name(sheet: Sheet, findings: _Findings) -> Iterable[tuple[int, Cells]]:
    for number, cells in sheet.rows:
        if len(cells) != len(sheet.header):
            needs = f"{len(sheet.header)}, as the header has"
            findings.add("row_cell_count", number, value=str(len(cells)), needs=needs)
            continue
        yield number, dict(zip(sheet.header, cells, strict=True))


def _check_header(header: Sequence[str], findings: _Findings) -> None:
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            findings.add("header_twice", column=name)
        if name not in BY_NAME:
            findings.add("header_unknown", column=name)
    for column in COLUMNS:
        if column.required and column.name not in header:
            findings.add("header_missing", column=column.name)


def _check_row(
    number: int,
    cells: Mapping[str, str],
    vocabulary: Vocabulary,
    place_row: PlaceRow,
    today: dt.date,
    findings: _Findings,
) -> Cells | None:
    """Return the row in canonical text, or None when anything in it is an error."""
    before = len(findings.notices)
    row = {c.name: cells.get(c.name, "") for c in COLUMNS}
    for column in COLUMNS:
        _check_cell(number, column.name, row, vocabulary, findings)
    row["category"] = row["category"] or vocabulary.categories[0].id
    row["id"] = row["id"] or "-".join(filter(None, (slug(row["name"]), row["zip"])))
    _check_id(number, row["id"], findings)
    _check_date(number, row["last_checked"], today, findings)
    if not row["source"]:
        findings.add("source_missing", number, "source")
    _check_position(number, row, place_row, findings)
    broken = any(n.severity == "error" for n in findings.notices[before:])
    return None if broken else row


def _check_cell(
    number: int, name: str, row: Cells, vocabulary: Vocabulary, findings: _Findings
) -> None:
    cell = row[name]
    if not cell:
        if BY_NAME[name].required:
            findings.add("required_missing", number, name)
        return
    try:
        row[name] = BY_NAME[name].parse(cell, vocabulary)
    except CellProblem as problem:
        findings.add(problem.code, number, name, cell, problem.needs)


def _check_id(number: int, id: str, findings: _Findings) -> None:
    if id in findings.ids:
        findings.add("id_twice", number, "id", id, str(findings.ids[id]))
    findings.ids.setdefault(id, number)


def _check_date(number: int, cell: str, today: dt.date, findings: _Findings) -> None:
    try:
        if cell and dt.date.fromisoformat(cell) > today:
            findings.add("date_in_future", number, "last_checked", cell)
    except ValueError:
        pass  # already reported as date_malformed


def _check_position(number: int, row: Cells, place_row: PlaceRow, findings: _Findings) -> None:
    """Hold a row to one usable position; a row without coordinates gets its ZIP's or town's."""
    lat, lon = row["latitude"], row["longitude"]
    if bool(lat) != bool(lon):
        findings.add("coordinates_half", number)
    elif lat and lat.strip("-0.") == "" and lon.strip("-0.") == "":
        findings.add("coordinates_zero", number)
    elif lat:
        row["location_precision"] = row["location_precision"] or Precision.STREET
    else:
        placed = place_row(row["zip"], row["city"], row["state"])
        if placed is None:
            where = ", ".join(filter(None, (row["city"], row["state"], row["zip"])))
            findings.add("not_placed", number, value=where)
            return
        point, precision = placed
        row["latitude"], row["longitude"] = f"{point.lat:.4f}", f"{point.lon:.4f}"
        row["location_precision"] = precision


def _table(rows: Sequence[Cells]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(NAMES), dtype="str")


class BrokenDataset(Exception):
    """The data cannot be served; the message is one sentence that names the file and the fault."""


def load_bundled(
    path: Path, vocabulary: Vocabulary, place_row: PlaceRow, today: dt.date
) -> Dataset:
    """Read the bundled clinic file; raises BrokenDataset rather than serve a part of it."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise BrokenDataset(
            f"The clinic file {path.name} cannot be read: {reason(problem)}."
        ) from problem
    checked = check(data, vocabulary, place_row, today)
    errors = [n for n in checked.report.notices if n.severity == "error"]
    if errors:
        others = len(errors) - 1
        more = f" There {'is' if others == 1 else 'are'} {others} more problem"
        more = f"{more}{'' if others == 1 else 's'}." if others else ""
        raise BrokenDataset(
            f"The clinic file {path.name} cannot be used. {errors[0].message}{more}"
        )
    newest = max(checked.table["last_checked"], default="")
    published = dt.date.fromisoformat(newest) if newest else None
    return Dataset(checked.table, vocabulary, Version("0", published, len(checked.table)))

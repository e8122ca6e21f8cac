"""Bytes -> rows of text, numbered as a spreadsheet shows them; what is odd becomes notices.

A workbook is read by `clinics.intake.workbook`; from its rows on, all files go one way.

Nothing here raises, and nothing here knows what a column means.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from clinics.domain.words import counted, plural
from clinics.intake import column_names
from clinics.intake.decoding import read_text
from clinics.intake.notices import Findings
from clinics.intake.rules import Limits
from clinics.intake.workbook import HEAD_ROWS, Record, is_workbook, read_page

__all__ = ["Opened", "Record", "Sheet", "layout_of", "opened", "records", "taken_apart"]

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_HEAD_CHARACTERS = 50_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as trimmed text: the header as written, its columns, the row number of each row.

    Rows that are blank, or have more or fewer cells than the header, are not in it. `seen` counts
    the rows that are not blank, those too that could not be read. `page` is its name in a workbook.
    `matching` is what somebody said of its columns.
    """

    header: tuple[str, ...]
    numbers: Sequence[int]
    columns: Sequence[list[str]]
    seen: int
    page: str = ""
    matching: column_names.Matching | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose rows can be read, more than once; `page` is the sheet of a workbook."""

    delimiter: str
    header_row: int
    records: Callable[[], Iterator[Record]]
    page: str = ""


def opened(data: bytes, limits: Limits, findings: Findings, page: str = "") -> Opened | None:
    """Find the rows and the header of a file, or return None with an error among the findings.

    `page` is the sheet of a workbook that is wanted, where several could be meant.
    """
    if is_workbook(data):
        found = read_page(data, limits.max_bytes, findings, page)
        return Opened(",", found.header[1], found.records, found.name) if found else None
    text = read_text(data, findings)
    if text is None:
        return None
    delimiter, header_row = layout_of(text)
    return Opened(delimiter, header_row, lambda: records(text, delimiter))


def taken_apart(
    data: bytes,
    limits: Limits,
    findings: Findings,
    page: str = "",
    matched: column_names.Matched = column_names.unmatched,
) -> Sheet | None:
    """Read a file into rows, or return None with an error among the findings.

    `page` is the sheet of a workbook that is wanted, where several could be meant. `matched` knows
    what somebody said of columns.
    """
    if len(data) > limits.max_bytes:
        value, needs = _sizes(len(data), limits.max_bytes)
        findings.add("file_too_large", value=value, needs=needs)
        return None
    file = opened(data, limits, findings, page)
    return _sheet_of(file, limits, findings, matched) if file else None


def _sheet_of(
    file: Opened, limits: Limits, findings: Findings, matched: column_names.Matched
) -> Sheet | None:
    if file.delimiter != ",":
        findings.add("delimiter_other", value=DELIMITERS[file.delimiter])
    header_row, found = file.header_row, file.records()
    above = list(islice(found, header_row - 1))
    if any(record.cells and not "".join(record.cells).startswith("sep=") for record in above):
        findings.add("lines_above_header", value=str(header_row))
    header = next(found, None)
    if header is None or not header.cells:
        findings.add("file_empty")
        return None
    names = _names(header.cells, findings)
    if names is None:
        return None
    matching = matched(names)
    needed = column_names.last_needed(names, matching.said if matching else None)
    rows = _Rows(names, needed, limits.max_rows, findings)
    for record in found:
        rows.take(record)
    rows.say_what_was_forgiven()
    if not _is_right_size(rows.seen, limits, findings):
        return None
    columns = [list(column) for column in zip(*rows.cells, strict=True)] or [[] for _ in names]
    return Sheet(tuple(names), rows.numbers, columns, rows.seen, file.page, matching)


def _is_right_size(rows: int, limits: Limits, findings: Findings) -> bool:
    if rows > limits.max_rows:
        findings.add("file_too_many_rows", value=f"{rows:,}", needs=f"{limits.max_rows:,}")
    elif not rows:
        findings.add("file_empty")
    return 0 < rows <= limits.max_rows


def _names(cells: Sequence[str], findings: Findings) -> list[str] | None:
    names = list(map(str.strip, cells))
    while names and not names[-1]:
        names.pop()  # a spreadsheet writes empty columns at the end of every row
    if len(names) > column_names.MAX_COLUMNS:
        findings.add("file_too_many_columns", value=f"{len(names):,}",
                     needs=str(column_names.MAX_COLUMNS))  # fmt: skip
        return None
    return names


def layout_of(text: str) -> tuple[str, int]:
    """Return the delimiter, and the number of the row that is the header.

    That is the first row with two known column names, by the delimiter that finds most; without
    one it is the first row with two cells, for a title has one, or else with anything in it.
    """
    head = text[:_HEAD_CHARACTERS]
    best = max(
        (_header_by(head, delimiter) for delimiter in DELIMITERS), key=lambda found: found[0]
    )
    if best[0] >= 2:
        return best[1], best[2]
    lines = [
        (found.number, ",".join(found.cells))
        for found in islice(records(head, ","), HEAD_ROWS)
        if found.cells and any(found.cells)
    ]
    number, words = next(
        ((n, line) for n, line in lines if any(len(line.split(d)) > 1 for d in DELIMITERS)),
        lines[0] if lines else (1, ""),
    )
    return max(DELIMITERS, key=words.count), number


def _header_by(head: str, delimiter: str) -> tuple[int, str, int]:
    rows = ((row.number, row.cells or ()) for row in islice(records(head, delimiter), HEAD_ROWS))
    found, number = column_names.header_among(rows)
    return found, delimiter, number or 1


def _sizes(size: int, most: int) -> tuple[str, str]:
    """Say two sizes in the same unit, so that the larger one is seen to be so."""
    if most < 1_000_000:
        return f"{size:,} bytes", f"{most:,} bytes"
    return f"{-(-size // 100_000) / 10:g} MB", f"{most / 1_000_000:g} MB"


csv.field_size_limit(2**30)
# A cell of megabytes is a notice on the row it is in, not an exception; the size of the whole
# file is what is limited.

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
"""A line with its end. A StringIO would split alike, and take four bytes for each character."""

_SHARED = 20_000
"""So many different cells are kept to be used again: a state or a day is there often."""


def records(text: str, delimiter: str) -> Iterator[Record]:
    """Yield every record of a text, blank ones too; a fault costs only the record it is in."""
    lines = (line[0] for line in _LINE.finditer(text))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number, began = 0, 0
    while True:
        number += 1
        try:
            yield Record(number, next(reader))
        except StopIteration:
            return
        except csv.Error as problem:
            unclosed = "end of data" in str(problem)
            yield Record(number, None, reader.line_num - began if unclosed else 0)
        began = reader.line_num


def _shifted(cells: Sequence[str]) -> str:
    """Return the two parts of a cell that a comma took apart."""
    place = next(i for i, cell in enumerate(cells) if i and cell[:1] == " " and cell.strip())
    return f"{cells[place - 1].strip()},{cells[place]}"


class _Rows:
    """Takes records one by one, forgives what it can, and says the rest.

    `cells` are those of the rows, with `numbers`, that fit the header.
    """

    def __init__(self, header: list[str], needed: int, most: int, findings: Findings) -> None:
        self.seen = 0
        self.numbers: list[int] = []
        self.cells: list[tuple[str, ...]] = []
        self._header, self._width, self._most, self._findings = header, len(header), most, findings
        self._needed = needed
        self._seen_before: dict[str, str] = {}
        self._blanks = 0
        self._first_blank = 0
        self._headers: list[int] = []
        self._short: list[int] = []

    def take(self, record: Record) -> None:
        """Take the next record."""
        if record.cells is None:
            self.seen += 1
            self._say_broken(record)
            return
        cells = list(map(str.strip, record.cells))
        if not any(cells):
            self._blanks += 1
            self._first_blank = self._first_blank or record.number
            return
        if cells[: self._width] == self._header:
            self._headers.append(record.number)
            return
        self.seen += 1
        if self.seen > self._most:
            return
        if self._is_shifted(record.cells):
            self._findings.add("row_shifted", record.number, value=_shifted(record.cells))
            return
        self._keep(record.number, cells)

    def say_what_was_forgiven(self) -> None:
        """Say once how many rows are blank, and how many end early."""
        blanks, short, headers = self._blanks, len(self._short), len(self._headers)
        if headers:
            does = plural(headers, "repeats the header, and is", "repeat the header, and are")
            said = f"{counted(headers, 'row')} {does}"
            self._findings.add("rows_header_again", value=said, needs=str(self._headers[0]))
        if blanks:
            said = f"{counted(blanks, 'row')} {plural(blanks, 'is', 'are')} blank"
            self._findings.add("rows_blank", value=said, needs=str(self._first_blank))
        if short:
            said = f"{counted(short, 'row')} {plural(short, 'ends', 'end')}"
            self._findings.add("rows_short", value=said, needs=str(self._short[0]))

    def _keep(self, number: int, cells: list[str]) -> None:
        cells = self._fitted(number, cells)
        if len(cells) != self._width:
            self._findings.add("row_cell_count", number, value=counted(len(cells), "cell"),
                               needs=str(self._width))  # fmt: skip
            return
        before = self._seen_before
        if len(before) < _SHARED:
            before.update(zip(cells, cells, strict=True))
        self.numbers.append(number)
        self.cells.append(tuple(map(before.get, cells, cells)))

    def _is_shifted(self, cells: Sequence[str]) -> bool:
        """Return True if a comma in an unquoted cell seems to have moved the cells after it.

        Then there is one cell too many, if only an empty one, and a cell begins with a blank where
        others do not.
        """
        if len(cells) <= self._width:
            return False
        after = [cell for cell in cells[1:] if cell.strip()]
        blank = [cell for cell in after if cell[0] == " " and cell[1:2] != " "]
        return 0 < len(blank) < len(after) and not any(cells[self._width :])

    def _say_broken(self, record: Record) -> None:
        if record.swallowed:
            lines = counted(record.swallowed, "line")
            self._findings.add("file_broken_quotes", record.number, value=lines)
        else:
            self._findings.add("row_broken_quotes", record.number)

    def _fitted(self, number: int, cells: list[str]) -> list[str]:
        """Return the row as long as the header if nothing is lost by it."""
        if len(cells) > self._width and not any(cells[self._width :]):
            return cells[: self._width]
        if self._needed <= len(cells) < self._width:
            self._short.append(number)
            return [*cells, *[""] * (self._width - len(cells))]
        return cells

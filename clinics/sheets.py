"""Bytes -> rows of text, numbered as a spreadsheet shows them; what is odd becomes notices.

Owns how a file is taken apart; must not know what a column means. Nothing here raises.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from clinics import headers
from clinics.file_text import read_text
from clinics.notices import Findings, Notice, Severity
from clinics.rules import Limits

csv.field_size_limit(2**30)
# A cell of megabytes is a notice on the row it is in, not an exception; the size of the whole
# file is what is limited.

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
"""A line with its end. A StringIO would split alike, and take four bytes for each character."""

_HEAD_CHARACTERS = 50_000
_SHARED = 20_000
_HEAD_ROWS = 20
"""So far down a header is looked for: downloads have some lines above it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as trimmed text: the header as written, and (row number, cells).

    Blank rows are not in it. A row with another number of cells than the header has is, so that
    whoever writes the file again loses nothing.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    delimiter: str = ","
    header_row: int = 1
    seen: int = 0
    """Rows that are not blank, those too that could not be read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record: its row number, its cells (None when a double quote is out of place).

    `swallowed` is how many lines of text a quote that is never closed took with it.
    """

    number: int
    cells: list[str] | None
    swallowed: int = 0


def read_sheet(data: bytes) -> Sheet | Notice:
    """Return a file taken apart, or the first error that keeps it from being so."""
    limits = Limits()
    findings = Findings(limits.max_notices)
    sheet = taken_apart(data, limits, findings)
    errors = (n for n in findings.notices if n.severity is Severity.ERROR)
    stops = {"file_broken_quotes", "row_broken_quotes"}
    wrong = next((n for n in errors if sheet is None or n.code in stops), None)
    if sheet is None or wrong:
        assert wrong is not None  # noqa: S101 - None comes with an error
        return wrong
    header = tuple(headers.known(cell) or cell.lower() for cell in sheet.header)
    return Sheet(header, sheet.rows, sheet.delimiter, sheet.header_row, sheet.seen)


def taken_apart(data: bytes, limits: Limits, findings: Findings) -> Sheet | None:
    """Read a file into rows, or return None with an error among the findings."""
    if len(data) > limits.max_bytes:
        value, needs = _sizes(len(data), limits.max_bytes)
        findings.add("file_too_large", value=value, needs=needs)
        return None
    text = read_text(data, findings)
    if text is None:
        return None
    delimiter, header_row = layout_of(text)
    if delimiter != ",":
        findings.add("delimiter_other", value=DELIMITERS[delimiter])
    lines = records(text, delimiter)
    above = list(islice(lines, header_row - 1))
    if any(line.cells and not "".join(line.cells).startswith("sep=") for line in above):
        findings.add("lines_above_header", value=str(header_row))
    header = next(lines, None)
    if header is None or not header.cells:
        findings.add("file_empty")
        return None
    return _rows(header, lines, delimiter, limits, findings)


def records(text: str, delimiter: str) -> Iterator[Line]:
    """Yield every record of a text, blank ones too; a fault costs only the record it is in."""
    lines = (line[0] for line in _LINE.finditer(text))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number, began = 0, 0
    while True:
        number += 1
        try:
            yield Line(number, next(reader))
        except StopIteration:
            return
        except csv.Error as problem:
            unclosed = "end of data" in str(problem)
            yield Line(number, None, reader.line_num - began if unclosed else 0)
        began = reader.line_num


def layout_of(text: str) -> tuple[str, int]:
    """Return the delimiter, and the number of the row that is the header.

    That is the first row with two known column names, by the delimiter that finds most; without
    one it is the first row with anything in it.
    """
    head = text[:_HEAD_CHARACTERS]
    best = max(
        (_header_by(head, delimiter) for delimiter in DELIMITERS), key=lambda found: found[0]
    )
    if best[0] >= 2:
        return best[1], best[2]
    first = next((line for line in records(head, ",") if line.cells and any(line.cells)), None)
    words = ",".join(first.cells or ()) if first else ""
    return max(DELIMITERS, key=words.count), first.number if first else 1


def _header_by(head: str, delimiter: str) -> tuple[int, str, int]:
    for line in islice(records(head, delimiter), _HEAD_ROWS):
        found = headers.recognised(line.cells or ())
        if found >= 2:
            return found, delimiter, line.number
    return 0, delimiter, 1


def _rows(
    header: Line, lines: Iterator[Line], delimiter: str, limits: Limits, findings: Findings
) -> Sheet | None:
    names = trimmed(header.cells or ())
    while names and not names[-1]:
        names.pop()  # a spreadsheet writes empty columns at the end of every row
    if len(names) > headers.MAX_COLUMNS:
        findings.add("file_too_many_columns", value=f"{len(names):,}",
                     needs=str(headers.MAX_COLUMNS))  # fmt: skip
        return None
    kept = _Rows(len(names), headers.last_needed(names), limits.max_rows, findings)
    for line in lines:
        kept.take(line)
    kept.say_what_was_forgiven()
    if kept.seen > limits.max_rows:
        findings.add("file_too_many_rows", value=f"{kept.seen:,}", needs=f"{limits.max_rows:,}")
        return None
    if not kept.seen:
        findings.add("file_empty")
        return None
    return Sheet(tuple(names), tuple(kept.rows), delimiter, header.number, kept.seen)


class _Rows:
    """Takes records one by one, forgives what can be forgiven, and says the rest."""

    def __init__(self, width: int, needed: int, most: int, findings: Findings) -> None:
        self.rows: list[tuple[int, tuple[str, ...]]] = []
        self.seen = 0
        self._width, self._needed, self._most, self._findings = width, needed, most, findings
        self._blank: list[int] = []
        self._seen_before: dict[str, str] = {}
        self._blanks = 0
        self._short: list[int] = []

    def take(self, line: Line) -> None:
        if line.cells is None:
            self.seen += 1
            self._say_broken(line)
            return
        cells = trimmed(line.cells)
        if not any(cells):
            self._blanks += 1
            self._blank = self._blank or [line.number]
            return
        self.seen += 1
        if self.seen <= self._most:
            cells = self._shared(self._fitted(line.number, cells))
            self.rows.append((line.number, tuple(cells)))

    def _shared(self, cells: list[str]) -> list[str]:
        """Return the row with one text for all cells alike: a state or a day is there often."""
        before = self._seen_before
        if len(before) < _SHARED:
            before.update(zip(cells, cells, strict=True))
        return [before.get(cell, cell) for cell in cells]

    def _say_broken(self, line: Line) -> None:
        if line.swallowed:
            lines = _many(line.swallowed, "line")
            self._findings.add("file_broken_quotes", line.number, value=lines)
        else:
            self._findings.add("row_broken_quotes", line.number)

    def _fitted(self, number: int, cells: list[str]) -> list[str]:
        """Return the row as long as the header if nothing is lost by it; else say so."""
        if len(cells) > self._width and not any(cells[self._width :]):
            return cells[: self._width]
        if self._needed <= len(cells) < self._width:
            self._short.append(number)
            return [*cells, *[""] * (self._width - len(cells))]
        if len(cells) != self._width:
            self._findings.add("row_cell_count", number, value=_many(len(cells), "cell"),
                               needs=str(self._width))  # fmt: skip
        return cells

    def say_what_was_forgiven(self) -> None:
        if self._blanks:
            said = f"{_many(self._blanks, 'row')} {'is' if self._blanks == 1 else 'are'} blank"
            self._findings.add("rows_blank", value=said, needs=str(self._blank[0]))
        if self._short:
            said = f"{_many(len(self._short), 'row')} {'ends' if len(self._short) == 1 else 'end'}"
            self._findings.add("rows_short", value=said, needs=str(self._short[0]))


def trimmed(cells: Sequence[str]) -> list[str]:
    """Return cells without spaces at their ends."""
    return [cell.strip() for cell in cells]


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _sizes(size: int, most: int) -> tuple[str, str]:
    """Say two sizes in the same unit, so that the larger one is seen to be so."""
    if most < 1_000_000:
        return f"{size:,} bytes", f"{most:,} bytes"
    return f"{-(-size // 100_000) / 10:g} MB", f"{most / 1_000_000:g} MB"

"""Bytes -> rows of text, numbered as a spreadsheet shows them; what is odd becomes notices.

Owns how a file is taken apart; must not know what a column means. Nothing here raises.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from clinics.intake import column_names
from clinics.intake.decoding import ascii_head, read_text
from clinics.intake.notices import Findings, Notice, Severity
from clinics.intake.rules import Limits
from clinics.intake.split import Split, split
from clinics.intake.texts import Mask, Texts

__all__ = ["Line", "Sheet", "layout_of", "read_sheet", "records", "taken_apart"]

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_HEAD_CHARACTERS = 50_000
_HEAD_ROWS = 20
"""So far down a header is looked for: downloads have some lines above it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as trimmed text: the header as written, its columns, the row number of each row.

    Blank rows are not in it. `others` are the rows with another number of cells than the header
    has, so that whoever writes the file again loses nothing.
    """

    header: tuple[str, ...]
    numbers: NDArray[np.int64]
    columns: tuple[Texts, ...]
    others: tuple[tuple[int, tuple[str, ...]], ...] = ()
    delimiter: str = ","
    header_row: int = 1
    seen: int = 0
    """Rows that are not blank, those too that could not be read."""

    @property
    def rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """All rows that could be read, as (row number, cells)."""
        cells = zip(*(column.tolist() for column in self.columns), strict=True)
        fitting = list(zip(self.numbers.tolist(), cells, strict=True))
        return sorted([*fitting, *self.others]) if self.others else fitting


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
    header = tuple(column_names.known(cell) or cell.lower() for cell in sheet.header)
    return replace(sheet, header=header)


def taken_apart(data: bytes, limits: Limits, findings: Findings) -> Sheet | None:
    """Read a file into rows, or return None with an error among the findings."""
    if len(data) > limits.max_bytes:
        value, needs = _sizes(len(data), limits.max_bytes)
        findings.add("file_too_large", value=value, needs=needs)
        return None
    text = _enough_of(data, findings)
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
    names = _names(header.cells, findings)
    if names is None:
        return None
    rows = Rows(len(names), column_names.last_needed(names), limits.max_rows, findings)
    start = _after(text, header_row)
    data = data if data.isascii() else text.encode()
    whole = split(data, start, delimiter, len(header.cells)) if start else None
    if whole is None or not rows.take_all(whole, header_row, delimiter):
        for line in islice(records(data.decode(), delimiter), header_row, None):
            rows.take(line)
    return _sheet(names, rows, delimiter, header_row, limits, findings)


def _enough_of(data: bytes, findings: Findings) -> str | None:
    """Return the text of a file; of one in ASCII only its head if the header is sure to be in it.

    A text of all of it would fill the memory, and nobody would read it.
    """
    head = ascii_head(data, _HEAD_CHARACTERS)
    if head is None:
        return read_text(data, findings)
    if len(head) < len(data):
        start = _after(head, layout_of(head)[1])
        if not 0 < start < len(head):
            return data.decode()
    return head


def _names(cells: Sequence[str], findings: Findings) -> list[str] | None:
    names = trimmed(cells)
    while names and not names[-1]:
        names.pop()  # a spreadsheet writes empty columns at the end of every row
    if len(names) > column_names.MAX_COLUMNS:
        findings.add("file_too_many_columns", value=f"{len(names):,}",
                     needs=str(column_names.MAX_COLUMNS))  # fmt: skip
        return None
    return names


def _after(text: str, records: int) -> int:
    """Return at which byte the text goes on after so many records of a line each; 0 if unclear."""
    end = 0
    for line in islice(LINE.finditer(text), records):
        if line[0].count('"') % 2:
            return 0
        end = line.end()
    return len(text[:end].encode())


def _sheet(
    names: list[str], rows: Rows, delimiter: str, header_row: int, limits: Limits,
    findings: Findings,
) -> Sheet | None:  # fmt: skip
    rows.say_what_was_forgiven()
    if rows.seen > limits.max_rows:
        findings.add("file_too_many_rows", value=f"{rows.seen:,}", needs=f"{limits.max_rows:,}")
        return None
    if not rows.seen:
        findings.add("file_empty")
        return None
    numbers, columns = rows.laid_out()
    others = tuple(rows.others)
    return Sheet(tuple(names), numbers, columns, others, delimiter, header_row, rows.seen)


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
        found = column_names.recognized(line.cells or ())
        if found >= 2:
            return found, delimiter, line.number
    return 0, delimiter, 1


def _sizes(size: int, most: int) -> tuple[str, str]:
    """Say two sizes in the same unit, so that the larger one is seen to be so."""
    if most < 1_000_000:
        return f"{size:,} bytes", f"{most:,} bytes"
    return f"{-(-size // 100_000) / 10:g} MB", f"{most / 1_000_000:g} MB"


csv.field_size_limit(2**30)
# A cell of megabytes is a notice on the row it is in, not an exception; the size of the whole
# file is what is limited.

LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
"""A line with its end. A StringIO would split alike, and take four bytes for each character."""

_SHARED = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One record: its row number, its cells (None when a double quote is out of place).

    `swallowed` is how many lines of text a quote that is never closed took with it.
    """

    number: int
    cells: list[str] | None
    swallowed: int = 0


def records(text: str, delimiter: str) -> Iterator[Line]:
    """Yield every record of a text, blank ones too; a fault costs only the record it is in."""
    lines = (line[0] for line in LINE.finditer(text))
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


class Rows:
    """Takes records one by one or all at once, forgives what it can, and says the rest.

    `others` are the rows, with their numbers, whose cells do not fit a header of `width` cells.
    """

    def __init__(self, width: int, needed: int, most: int, findings: Findings) -> None:
        self.seen = 0
        self.others: list[tuple[int, tuple[str, ...]]] = []
        self._width, self._needed, self._most, self._findings = width, needed, most, findings
        self._numbers: list[int] = []
        self._cells: list[list[str]] = []
        self._whole: tuple[NDArray[np.int64], list[Texts]] | None = None
        self._seen_before: dict[str, str] = {}
        self._blanks = 0
        self._first_blank = 0
        self._short: list[int] = []

    def take(self, line: Line) -> None:
        """Take the next record."""
        if line.cells is None:
            self.seen += 1
            self._say_broken(line)
            return
        cells = trimmed(line.cells)
        if not any(cells):
            self._skip(1, line.number)
            return
        self.seen += 1
        if self.seen <= self._most:
            self._keep(line.number, self._fitted(line.number, cells))

    def take_all(self, found: Split, header_row: int, delimiter: str) -> bool:
        """Take all records, unless they are too many, which those who take single ones say."""
        if len(found.numbers) + len(found.others) > self._most:
            return False
        numbers = found.numbers + header_row
        filled = _any_filled(found.columns[: self._width], len(numbers))
        longer = _any_filled(found.columns[self._width :], len(numbers))
        lines = [
            Line(number + header_row, next(records(text, delimiter)).cells)
            for number, text in found.others
        ]
        for row in np.flatnonzero(longer).tolist():
            lines.append(Line(int(numbers[row]), [column[row] for column in found.columns]))
        blank = ~(filled | longer)
        if blank.any():
            self._skip(int(blank.sum()), int(numbers[blank][0]))
        for line in sorted(lines, key=lambda line: line.number):
            self.take(line)
        good = filled & ~longer
        self.seen += int(good.sum())
        columns = found.columns[: self._width]
        if not good.all():
            numbers, columns = numbers[good], [column.at(good) for column in columns]
        self._whole = numbers, columns
        return True

    def laid_out(self) -> tuple[NDArray[np.int64], tuple[Texts, ...]]:
        """Return the numbers of the rows that fit the header, and its columns."""
        numbers = np.array(self._numbers, dtype=np.int64)
        if self._cells:
            columns = [Texts.of(cells) for cells in zip(*self._cells, strict=True)]
            self._cells = []
        else:
            columns = [Texts.blank(0)] * self._width
        if self._whole is None:
            return numbers, tuple(columns)
        if not len(numbers):
            return self._whole[0], tuple(self._whole[1])
        numbers = np.concatenate([self._whole[0], numbers])
        order = np.argsort(numbers)
        pairs = zip(self._whole[1], columns, strict=True)
        return numbers[order], tuple(first.and_then(second).at(order) for first, second in pairs)

    def say_what_was_forgiven(self) -> None:
        """Say once how many rows are blank, and how many end early."""
        if self._blanks:
            said = f"{_many(self._blanks, 'row')} {'is' if self._blanks == 1 else 'are'} blank"
            self._findings.add("rows_blank", value=said, needs=str(self._first_blank))
        if self._short:
            said = f"{_many(len(self._short), 'row')} {'ends' if len(self._short) == 1 else 'end'}"
            self._findings.add("rows_short", value=said, needs=str(self._short[0]))

    def _skip(self, rows: int, first: int) -> None:
        self._first_blank = min(first, self._first_blank) if self._blanks else first
        self._blanks += rows

    def _keep(self, number: int, cells: list[str]) -> None:
        if len(cells) == self._width:
            self._numbers.append(number)
            self._cells.append(self._shared(cells))
        else:
            self.others.append((number, tuple(cells)))

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


def trimmed(cells: Sequence[str]) -> list[str]:
    """Return cells without spaces at their ends."""
    return [cell.strip() for cell in cells]


def _any_filled(columns: Sequence[Texts], rows: int) -> Mask:
    """Tell which rows have anything written in some of the columns."""
    filled = np.zeros(rows, bool)
    for column in columns:
        if filled.all():
            break
        filled |= column.filled
    return filled


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

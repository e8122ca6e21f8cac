"""Records of a CSV text, and the rows that they are: what can be forgiven is, the rest is said.

Owns how single rows are fitted to the header; must not know what a column means.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clinics.intake.notices import Findings
from clinics.intake.split import Split
from clinics.intake.texts import Mask, Texts

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

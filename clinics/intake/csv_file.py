"""Bytes -> rows of text, numbered as a spreadsheet shows them; what is odd becomes notices.

Owns how a file is taken apart; must not know what a column means. Nothing here raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from clinics.intake import column_names
from clinics.intake.decoding import ascii_head, read_text
from clinics.intake.notices import Findings, Notice, Severity
from clinics.intake.rows import LINE, Line, Rows, records, trimmed
from clinics.intake.rules import Limits
from clinics.intake.split import split
from clinics.intake.texts import Texts

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
        found = column_names.recognised(line.cells or ())
        if found >= 2:
            return found, delimiter, line.number
    return 0, delimiter, 1


def _sizes(size: int, most: int) -> tuple[str, str]:
    """Say two sizes in the same unit, so that the larger one is seen to be so."""
    if most < 1_000_000:
        return f"{size:,} bytes", f"{most:,} bytes"
    return f"{-(-size // 100_000) / 10:g} MB", f"{most / 1_000_000:g} MB"

"""Rows of text -> CSV: the one writer of every file that is kept, sent or downloaded."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

Rows = Iterable[Iterable[str]]

_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?", re.ASCII)


def csv_text(rows: Rows, delimiter: str = ",") -> str:
    """Return rows as CSV (RFC 4180) that reads back as exactly the same cells."""
    text = io.StringIO(newline="")
    # With "\n" alone a lone carriage return in a cell would be written without quotes.
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def safe_csv_text(rows: Rows, delimiter: str = ",") -> str:
    """Return rows as CSV of which a spreadsheet runs no cell (CWE-1236)."""
    return csv_text((map(guarded, row) for row in rows), delimiter)


def guarded(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would calculate; a plain number is left."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell

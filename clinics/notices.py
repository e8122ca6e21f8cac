"""The catalogue of everything that can be wrong with a clinic file: code, severity, wording.

Owns the sentences; must not know how a fault is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a notice does: an error blocks publishing, a warning publishes, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding. `wording` may use {column}, {value}, {needs} and {row}."""

    code: str
    severity: Severity
    wording: str
    fix: str


def _error(code: str, wording: str, fix: str) -> Kind:
    return Kind(code, Severity.ERROR, wording, fix)


def _warning(code: str, wording: str, fix: str) -> Kind:
    return Kind(code, Severity.WARNING, wording, fix)


_CELL = "Row {row}, column “{column}”: it needs {needs}. It has “{value}” now."

_KINDS = (
    _error("file_empty", "The file has no rows. It needs a header row and at least one clinic.",
           "Save the sheet again and check that it is not blank."),
    _error("file_not_utf8", "The file is not plain text in UTF-8, so some letters cannot be read.",
           "In the spreadsheet choose Save As, then “CSV UTF-8”."),
    _error("file_broken_quotes", "The file breaks off inside a quoted cell: {needs}.",
           "Look for a cell with an odd number of double quotes."),
    _error("header_missing", "The column “{column}” is missing. It is needed.",
           "Add the column to the first row."),
    _error("header_twice", "The column “{column}” is there twice.", "Delete or rename one."),
    _warning("header_unknown", "The column “{column}” is not one we know, so it is left out.",
             "Rename it to a known column, or leave it."),
    _error("row_cell_count", "Row {row} has {value} cells. It needs {needs}.",
           "Look for a comma that is not inside quotes."),
    _error("required_missing", "Row {row}, column “{column}”: it is empty. It is needed.",
           "Fill it in."),
    _error("id_malformed", _CELL, "Use the clinic's name in small letters with hyphens."),
    _error("id_twice", "Row {row}, column “id”: “{value}” is already used in row {needs}.",
           "Give each listing its own id."),
    _error("state_unknown", _CELL, "Write the state's two-letter code."),
    _error("zip_malformed", _CELL, "Write all five digits, with a leading zero if there is one."),
    _error("phone_malformed", _CELL, "Write area code and number."),
    _error("url_malformed", _CELL, "Copy the address from the browser."),
    _error("option_unknown", _CELL, "Use an id from the list in the data dictionary."),
    _error("price_malformed", _CELL, "Write one amount; put ranges into price_note."),
    _error("yes_no_malformed", _CELL, "Write yes or no, or leave it empty."),
    _error("npi_malformed", _CELL, "Copy the number from the NPI registry."),
    _error("coordinate_malformed", _CELL, "Write degrees with a decimal point."),
    _error("coordinates_half", "Row {row}: it has only one of latitude and longitude.",
           "Fill in both, or leave both empty."),
    _error("coordinates_zero", "Row {row}: the position is 0, 0, which is in the sea off Africa.",
           "Leave both empty; the row is then placed by its ZIP or town."),
    _error("not_placed", "Row {row}: it cannot be put on the map. It needs coordinates, a known "
           "ZIP or a known town; it has “{value}” now.", "Fill in the ZIP."),
    _error("date_malformed", _CELL, "Write year, month and day with hyphens."),
    _error("date_in_future", "Row {row}, column “last_checked”: {value} has not come yet.",
           "Write the day it was really checked."),
    _warning("source_missing", "Row {row}: it says nothing of where its facts come from.",
             "Fill in source and source_url."),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {kind.code: kind for kind in _KINDS}


@dataclass(frozen=True, slots=True)
class Notice:
    """One finding. `row` is as the spreadsheet shows it (the header is row 1)."""

    code: str
    severity: Severity
    message: str
    row: int | None = None
    column: str | None = None
    value: str = ""


def notice(
    code: str,
    *,
    row: int | None = None,
    column: str | None = None,
    value: str = "",
    needs: str = "",
) -> Notice:
    """Make a notice of a catalogued kind; raises KeyError for an unknown code."""
    kind = KINDS[code]
    shown = value if len(value) <= 60 else value[:59] + "…"
    message = kind.wording.format(row=row, column=column, value=shown, needs=needs)
    return Notice(code, kind.severity, message, row, column, value[:200])


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one file of `rows` data rows."""

    rows: int
    notices: tuple[Notice, ...]

    @property
    def publishable(self) -> bool:
        """Tell whether nothing found blocks publishing."""
        return not any(n.severity is Severity.ERROR for n in self.notices)

    @property
    def totals(self) -> Mapping[str, int]:
        """Count findings by code."""
        return Counter(n.code for n in self.notices)

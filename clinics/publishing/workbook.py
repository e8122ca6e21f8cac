"""The whole directory as an Excel workbook that can be changed and uploaded again.

What a spreadsheet would change by itself (ZIPs, telephone numbers, days) has a format that keeps
it.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import pandas as pd
import xlsxwriter

from clinics.domain.columns import COLUMNS, Column
from clinics.domain.kinds import DATE, LATITUDE, LONGITUDE, PRICE, YES_OR_NO
from clinics.domain.vocabulary import Vocabulary
from clinics.intake.column_names import MADE_FROM
from clinics.publishing import snapshot

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PROPERTY = "Directory version"
"""The document's property that has the number of the version."""

_NUMBERS = (PRICE, LATITUDE, LONGITUDE)
_ROOM = 500
"""So many rows below the last take the same words: for new listings."""

_WORDS, _ABOUT = "Allowed words", "About the columns"
_WIDTHS = {"name": 36, "address": 32, "notes": 40, "id": 24, "website": 28, "source_url": 28}
_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip


def as_xlsx(table: pd.DataFrame, vocabulary: Vocabulary, version: int) -> bytes:
    """Return a table as a workbook: uploaded again it is the same table."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    book.set_properties({"title": "Clinic directory", "comments": f"Made from version {version}."})
    book.set_custom_property(PROPERTY, version, "number")
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1, "num_format": "@"}),
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        "number": book.add_format({"num_format": "General", "valign": "top"}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    sheet = book.add_worksheet(f"Clinics, version {version}")
    columns = snapshot.columns_of(table)
    _write_clinics(sheet, columns, formats, version)
    places = _write_words(book.add_worksheet(_WORDS), vocabulary, formats)
    _add_choices(sheet, places, len(table))
    _write_about(book.add_worksheet(_ABOUT), version, vocabulary, formats)
    book.close()
    return file.getvalue()


def _write_clinics(
    sheet: Any, columns: dict[str, list[str]], formats: dict[str, Any], version: int
) -> None:
    for place, column in enumerate(COLUMNS):
        shape = formats[_shape(column)]
        sheet.set_column(place, place, _WIDTHS.get(column.name, 16), shape)
        sheet.write_string(0, place, column.name, formats["head"])
        for row, cell in enumerate(columns[column.name], start=1):
            _write(sheet, row, place, cell, column, shape)
    last, rows = len(COLUMNS), len(columns["id"])
    sheet.set_column(last, last, None, None, {"hidden": True})
    sheet.write_string(0, last, MADE_FROM)
    for row in range(1, rows + 1):
        sheet.write_string(row, last, str(version))
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, rows, last - 1)


def _shape(column: Column) -> str:
    if column.kind in _NUMBERS:
        return "number"
    return "day" if column.kind is DATE else "text"


def _write(sheet: Any, row: int, place: int, cell: str, column: Column, shape: Any) -> None:
    """Write a cell as what it is; a cell that is not quite that stays text."""
    if not cell:
        return
    try:
        if column.kind in _NUMBERS:
            sheet.write_number(row, place, float(cell), shape)
            return
        if column.kind is DATE:
            sheet.write_datetime(row, place, dt.datetime.fromisoformat(cell), shape)
            return
    except ValueError:
        pass
    sheet.write_string(row, place, cell, shape)


def _write_words(
    sheet: Any, vocabulary: Vocabulary, formats: dict[str, Any]
) -> dict[str, tuple[int, int]]:
    """Write the words of each column; return where they stand, as first and last row."""
    sheet.set_column(0, 1, 28)
    sheet.set_column(2, 2, 60)
    _write_row(sheet, 0, ("Column", "Word", "What visitors read"), formats["head"])
    places, row = {}, 1
    for column in COLUMNS:
        words: Sequence[tuple[str, str]] = ()
        if column.is_choice:
            words = [(option.id, option.label) for option in vocabulary.options(column.name)]
        elif column.kind is YES_OR_NO:
            words = [("yes", "Yes"), ("no", column.no)]
        for word, label in words:
            _write_row(sheet, row, (column.name, word, label), formats["text"])
            row += 1
        if words:
            places[column.name] = (row - len(words), row - 1)
    return places


def _add_choices(sheet: Any, places: dict[str, tuple[int, int]], rows: int) -> None:
    """Offer the allowed words in a list; where a cell may hold several, others may be typed."""
    for place, column in enumerate(COLUMNS):
        if column.name not in places:
            continue
        first, last = places[column.name]
        several = "Several are separated by semicolons." if column.several else ""
        sheet.data_validation(
            1, place, rows + _ROOM, place,
            {
                "validate": "list",
                "source": f"='{_WORDS}'!$B${first + 1}:$B${last + 1}",
                "show_error": not column.several,
                "error_title": "Not one of the words",
                "error_message": f"The words are on the sheet “{_WORDS}”.",
                "input_title": column.name,
                "input_message": f"One of the words on “{_WORDS}”. {several}".strip(),
            },
        )  # fmt: skip


def _write_about(sheet: Any, version: int, vocabulary: Vocabulary, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 4, 44)
    said = (
        f"This is version {version} of the directory. Change it, save it, and upload it again.",
        "An empty cell says “not stated”. Leave the column id as it is.",
    )
    for row, sentence in enumerate(said):
        sheet.write_string(row, 0, sentence)
    head = ("Column", "What it says", "How it is written", "Example", "Needed")
    _write_row(sheet, len(said) + 1, head, formats["head"])
    for row, c in enumerate(COLUMNS, start=len(said) + 2):
        cells = (c.name, c.meaning, c.allowed, vocabulary.example(c), "yes" if c.required else "")
        _write_row(sheet, row, cells, formats["wrapped"])


def _write_row(sheet: Any, row: int, cells: Sequence[str], shape: Any) -> None:
    for place, cell in enumerate(cells):
        sheet.write_string(row, place, cell, shape)

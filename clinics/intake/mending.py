"""Cells of a file written anew: those that can only mean one thing, and those a keeper typed."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from clinics.domain.columns import BY_NAME, NAMES, OLD_NAMES, CellProblem
from clinics.domain.csv_text import safe_csv_text
from clinics.domain.vocabulary import Vocabulary
from clinics.intake.column_names import Matching, known
from clinics.intake.csv_file import Record, opened
from clinics.intake.hints import answer
from clinics.intake.notices import KEPT, Findings, Notice, Report, Severity
from clinics.intake.rules import Limits

__all__ = ["MendedCell", "mended", "sure", "to_mend"]


@dataclass(frozen=True, slots=True)
class MendedCell:
    """One cell as it is and as it will be; `row` is as the spreadsheet shows it."""

    row: int
    column: str
    old: str
    new: str


def to_mend(report: Report) -> tuple[Notice, ...]:
    """Return the errors that are about one cell each, of those that were kept."""
    return tuple(
        n
        for n in report.notices
        if n.severity is Severity.ERROR and n.row is not None and n.column in BY_NAME
    )


def sure(report: Report, vocabulary: Vocabulary) -> tuple[MendedCell, ...]:
    """Return the cells that can only mean one thing and are written otherwise, with that.

    They are of errors, warnings and notes alike.
    """
    found: dict[tuple[int, str], MendedCell] = {}
    for n in report.notices:
        for cell in _position(n) if n.code in _POSITIONS else _cell(n, vocabulary):
            found[cell.row, cell.column] = cell
    return tuple(found[place] for place in sorted(found, key=lambda p: (p[0], NAMES.index(p[1]))))


def _cell(found: Notice, vocabulary: Vocabulary) -> Iterator[MendedCell]:
    """Yield the one cell that a notice is about, where it can only mean one thing."""
    row, column = found.row, found.column or ""
    if row is None or column not in BY_NAME:
        return
    is_hidden = found.code == "cell_hidden_characters" and len(found.value) < KEPT
    new = found.value if is_hidden else _read_as(found)
    new = new or answer(found.code, found.value, partial(vocabulary.called, column))
    if new and _is_right(column, new, vocabulary):
        old = f"{found.value} (with hidden characters)" if is_hidden else found.value
        yield MendedCell(row, column, old, new)


def _read_as(found: Notice) -> str:
    """Return what a cell was read as, where it is the cell alone."""
    is_cell = found.code == "cell_read_as" and found.expected[:1] + found.expected[-1:] == "“”"
    return found.expected[1:-1] if is_cell else ""


_POSITIONS = ("coordinates_swapped", "coordinates_sign")
_POSITION = re.compile(r"latitude (-?[0-9.]+), longitude (-?[0-9.]+)")


def _position(found: Notice) -> Iterator[MendedCell]:
    """Yield latitude and longitude, of a position of which it is known what was meant."""
    was, needs = _POSITION.fullmatch(found.value), _POSITION.fullmatch(found.expected)
    if found.row is not None and was and needs:
        for place, column in enumerate(("latitude", "longitude"), start=1):
            if was[place] != needs[place]:
                yield MendedCell(found.row, column, was[place], needs[place])


def _is_right(column: str, cell: str, vocabulary: Vocabulary) -> bool:
    with suppress(CellProblem):
        BY_NAME[column].parse(cell, vocabulary)
        return True
    return False


def mended(
    data: bytes, cells: Sequence[MendedCell], sheet: str = "", matching: Matching | None = None
) -> bytes:
    """Return a file with cells written anew; rows, order, delimiter and all other cells stay.

    The encoding becomes UTF-8 with its mark, and cells that a spreadsheet would calculate begin
    with an apostrophe, which an upload takes off again. A row that cannot be taken apart, which
    no cell of it can be mended in, raises ValueError: it would be lost. Of a workbook its
    `sheet` is written, as CSV. `matching` is what somebody said of its columns.
    """
    file = opened(data, Limits(max_bytes=len(data)), Findings(0), sheet)
    if file is None:
        raise ValueError("The file cannot be read.")
    lines = file.records
    wanted: dict[int, dict[str, str]] = defaultdict(dict)
    for cell in cells:
        wanted[cell.row][cell.column] = cell.new
    header = next((line.cells or [] for line in lines() if line.number == file.header_row), [])
    places = _places(header, matching)
    rows = (_written(line, wanted.get(line.number, {}), places) for line in lines())
    return codecs.BOM_UTF8 + safe_csv_text(rows, file.delimiter).encode("utf-8", "replace")


def _places(header: Sequence[str], matching: Matching | None) -> Mapping[str, int]:
    """Return where each of our columns is, as the check takes it."""
    places: dict[str, int] = {}
    said = matching.said if matching else None
    for place, cell in enumerate(header):
        places.setdefault(known(cell.strip(), said), place)
    if "last_checked" in places and "source_date" not in places:
        places = {OLD_NAMES.get(name, name): place for name, place in places.items()}
    return places


def _written(line: Record, new: Mapping[str, str], places: Mapping[str, int]) -> Sequence[str]:
    if line.cells is None:
        raise ValueError(f"Row {line.number} has a double quote out of place.")
    if not new:
        return line.cells
    cells = list(line.cells)
    for column, cell in new.items():
        place = places.get(column)
        if place is not None:
            cells += [""] * (place + 1 - len(cells))
            cells[place] = cell
    return cells

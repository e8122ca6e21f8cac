"""The cells of a file by column, and the checks that need only one cell.

Owns the grid and what a single cell may hold; must not know of positions or other rows. Each
different cell of a column is looked at once.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from clinics.domain.columns import COLUMNS, NAMES, CellProblem, Column, Words
from clinics.domain.model import AGING_DAYS, FRESH_DAYS
from clinics.domain.vocabulary import Vocabulary
from clinics.intake.hints import hint
from clinics.intake.notices import Findings
from clinics.intake.progress import Progress, no_progress
from clinics.intake.texts import Texts

MAX_CELL = 5_000
"""Characters; the longest note of the shipped directory has about 400."""

TEXTS = tuple(column.name for column in COLUMNS if column.is_text)
"""Columns that take any words."""

_SUGGESTIONS = 200
"""So many different unknown words are compared with the known ones; more would take long."""

_HIDDEN = re.compile(
    "(?<![ÃÂâ])[\x7f-\x9f\xad]|[\x00-\x08\x0b\x0c\x0e-\x1f\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Control, zero-width, direction and tag characters, and what is none: they hide or turn text.

Some of them after these letters are the second half of a damaged letter, and are left for that.
"""

_MARKUP = re.compile(r"<[a-zA-Z/!?][^<>]*>?")
_UNPLAIN = r"[^ -~]"
_FIRST_PRINTED, _LAST_PRINTED = 0x20, 0x7E
"""All others may be hidden, or damaged, or just letters that English has not."""

_GUARDED = ("=", "+", "-", "@")
_FORMULA_SIGNS = "".join(_GUARDED)
_NO_FORMULA = re.compile(r"[+-]?[\d\s().,-]*(?:(?:x|ext\.?)\s*\d+)?|-[\s-]*", re.IGNORECASE)
"""Numbers, telephone numbers and lone dashes."""

_DAMAGED = re.compile("\ufffd|[ÃÂ][\u0080-\u00bf]|â(?:€|\u0080)")
"""The sign for a lost letter, and UTF-8 that was read as Windows-1252."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Every column, one text for each row; `numbers` are the spreadsheet's rows.

    `present` are the columns the file has; the others are empty.
    """

    numbers: NDArray[np.int64]
    cells: dict[str, Texts]
    present: frozenset[str]

    def number(self, row: int) -> int:
        """Return the spreadsheet's number of a row."""
        return int(self.numbers[row])


def grid_of(numbers: NDArray[np.int64], columns: Mapping[str, Texts]) -> Grid:
    """Lay columns out; an apostrophe that guards against a formula is taken off."""
    blank = Texts.blank(len(numbers))
    cells = {name: _unguarded(columns.get(name, blank)) for name in NAMES}
    return Grid(numbers, cells, frozenset(columns))


def _unguarded(texts: Texts) -> Texts:
    guarded = texts.begins("'")
    if not guarded.any():
        return texts
    found = texts.different(guarded)
    return texts.rewritten(found, [c[1:] if c[1:2] in _GUARDED else c for c in found.texts])


class _Hasty:
    """The vocabulary with an end to how many unknown words are compared with all known ones."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._nearest: dict[tuple[str, str], str | None] = {}

    def ids(self, column: str) -> frozenset[str]:
        return self._vocabulary.ids(column)

    def nearest(self, column: str, word: str) -> str | None:
        key = column, word
        if key not in self._nearest:
            if len(self._nearest) >= _SUGGESTIONS:
                return None
            self._nearest[key] = self._vocabulary.nearest(column, word)
        return self._nearest[key]


def check_cells(
    grid: Grid,
    vocabulary: Vocabulary,
    today: dt.date,
    findings: Findings,
    progress: Progress = no_progress,
) -> None:
    """Write every cell one way, and report those that cannot be; they stay as they were."""
    _take_out_hidden(grid, findings)
    words = _Hasty(vocabulary)
    for place, column in enumerate(COLUMNS):
        progress(place / len(COLUMNS), f"Checking the column {column.name}")
        if column.required and column.name in grid.present:
            _say_blank(grid, column.name, "required_missing", findings)
        if column.name in TEXTS:
            _check_text(grid, column.name, findings)
        elif column.name in grid.present:
            _parse(grid, column, words, findings)
    if "source" in grid.present:
        _say_blank(grid, "source", "source_missing", findings)
    _check_dates(grid, today, findings)


def _take_out_hidden(grid: Grid, findings: Findings) -> None:
    for name, texts in grid.cells.items():
        raw = texts.raw
        if not len(raw) or (raw.min() >= _FIRST_PRINTED and raw.max() <= _LAST_PRINTED):
            continue
        found = texts.different(texts.like(_UNPLAIN))
        hidden = {cell: _HIDDEN.sub("", cell).strip() for cell in found.texts}
        for row, cell in found.where(_HIDDEN.search):
            names = ", ".join(dict.fromkeys(map(_name_of, _HIDDEN.findall(cell)[:3])))
            findings.add("cell_hidden_characters", grid.number(row), name, hidden[cell], names)
        clean = [hidden[cell] if _HIDDEN.search(cell) else cell for cell in found.texts]
        grid.cells[name] = texts.rewritten(found, clean)


def _name_of(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}").lower()


def _say_blank(grid: Grid, column: str, code: str, findings: Findings) -> None:
    for row in np.flatnonzero(~grid.cells[column].filled).tolist():
        findings.add(code, grid.number(row), column)


def _check_text(grid: Grid, column: str, findings: Findings) -> None:
    texts = grid.cells[column]
    raw = texts.raw
    if not len(raw):
        return
    for row, cell in texts.different(texts.sizes > MAX_CELL).where(lambda c: len(c) > MAX_CELL):
        length = f"{len(cell):,} characters"
        findings.add("cell_too_long", grid.number(row), column, length, f"{MAX_CELL:,}")
    for row, cell in texts.different(texts.begins(_FORMULA_SIGNS)).where(_is_formula):
        findings.add("cell_formula", grid.number(row), column, cell, cell[0])
    if (raw == ord("<")).any():
        for row, cell in texts.different(texts.like("<")).where(_MARKUP.search):
            findings.add("cell_markup", grid.number(row), column, cell)
    if raw.max() > _LAST_PRINTED:
        for row, cell in texts.different(texts.like(_UNPLAIN)).where(_DAMAGED.search):
            findings.add("cell_damaged_letters", grid.number(row), column, cell)


def _is_formula(cell: str) -> bool:
    return cell[0] in _FORMULA_SIGNS and _NO_FORMULA.fullmatch(cell) is None


def _parse(grid: Grid, column: Column, words: Words, findings: Findings) -> None:
    """Write the cells of a column, but for those that one look tells are as they should be."""
    texts = grid.cells[column.name]
    if texts.is_blank:
        return
    rows = texts.filled
    plain = column.kind.plain
    if plain:
        rows &= ~(texts.like(plain.pattern) & (texts.sizes <= plain.longest))
    found = texts.different(rows)
    written: list[str] = []
    problems: dict[str, CellProblem] = {}
    for cell in found.texts:
        try:
            written.append(column.parse(cell, words))
        except CellProblem as problem:
            written.append(cell)
            problems[cell] = problem
    for row, cell in found.where(problems.__contains__):
        _say(problems[cell], grid.number(row), column.name, cell, words, findings)
    grid.cells[column.name] = texts.rewritten(found, written)


def _say(
    problem: CellProblem, number: int, name: str, cell: str, words: Words, findings: Findings
) -> None:
    fix = ""
    if name == _FIXED:
        fix = f"Write {problem.needs}."
    elif findings.wants(problem.code):
        allowed = words.ids(name) if problem.code == "option_unknown" else ()
        fix = hint(problem.code, cell, allowed, partial(words.nearest, name))
    findings.add(problem.code, number, name, cell, problem.needs, fix)


_FIXED = "location_precision"
"""Its options are not in the vocabulary."""


def _check_dates(grid: Grid, today: dt.date, findings: Findings) -> None:
    column = "last_checked"
    dates = grid.cells[column].different()
    said = {cell: _said_of_day(cell, today) for cell in dates.texts}
    for row, cell in dates.where(said.get):
        found = said[cell]
        if found:
            findings.add(found[0], grid.number(row), column, cell, found[1])


def _said_of_day(cell: str, today: dt.date) -> tuple[str, str] | None:
    """Return the notice that a day is worth, and what it says, or None."""
    day = _day(cell)
    age = (today - day).days if day else 0
    if age < 0:
        return "date_in_future", today.isoformat()
    if age > AGING_DAYS:
        return "checked_over_180_days", f"{age} days"
    return ("checked_over_90_days", f"{age} days") if age > FRESH_DAYS else None


def _day(cell: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cell) if len(cell) == 10 else None
    except ValueError:
        return None

"""The cells of a file by column, and the checks that need only one cell.

Owns the grid and what a single cell may hold; must not know of positions or other rows. Each
different cell of a column is looked at once.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from clinics.columns import BY_NAME, COLUMNS, NAMES, CellProblem, Words
from clinics.hints import hint
from clinics.model import AGEING_DAYS, FRESH_DAYS
from clinics.notices import Findings
from clinics.vocabulary import Vocabulary

MAX_CELL = 5_000
"""Characters; the longest note of the shipped directory has about 400."""

TEXTS = ("name", "address", "city", "insurance_note", "price_note", "hours", "source", "notes")
"""Columns that take any words."""

_SUGGESTIONS = 200
"""So many different unknown words are compared with the known ones; more would take long."""

_HIDDEN = re.compile(
    "(?<![ÃÂâ])[\x7f-\x9f\xad]|[\x00-\x08\x0b\x0c\x0e-\x1f\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Control, zero-width and direction characters: they hide text or turn it round.

Some of them after these letters are the second half of a damaged letter, and are left for that.
"""

_MARKUP = re.compile(r"<[a-zA-Z/!?][^<>]*>?")
_FORMULA_SIGNS = "=+@-"
_NO_FORMULA = re.compile(r"[+-]?[\d\s().,-]*(?:(?:x|ext\.?)\s*\d+)?|-[\s-]*", re.IGNORECASE)
"""Numbers, telephone numbers and lone dashes."""

_DAMAGED = re.compile("\ufffd|[ÃÂ][\u0080-\u00bf]|â(?:€|\u0080)")
"""The sign for a lost letter, and UTF-8 that was read as Windows-1252."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Every column as a list of texts, one for each row; `numbers` are the spreadsheet's rows.

    `present` are the columns the file has; the others are empty.
    """

    numbers: Sequence[int]
    cells: dict[str, list[str]]
    present: frozenset[str]


def grid_of(
    numbers: Sequence[int], rows: Sequence[Sequence[str]], places: Mapping[str, int]
) -> Grid:
    """Lay rows out by column; an apostrophe that guards against a formula is taken off."""
    columns = list(zip(*rows, strict=True))
    cells = {
        name: list(columns[places[name]]) if name in places and rows else [""] * len(rows)
        for name in NAMES
    }
    for column in cells.values():
        if "\n'" in _lines(column):
            column[:] = [_unguarded(cell) for cell in column]
    return Grid(numbers, cells, frozenset(places))


def _lines(cells: Iterable[str]) -> str:
    """Return a column as one text, each cell after a line's end.

    Searching it once tells quickly that a whole column has nothing to be looked at cell by cell.
    """
    return "\n" + "\n".join(cells)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


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


def check_cells(grid: Grid, vocabulary: Vocabulary, today: dt.date, findings: Findings) -> None:
    """Write every cell one way, and report those that cannot be; they stay as they were."""
    _take_out_hidden(grid, findings)
    words = _Hasty(vocabulary)
    for column in COLUMNS:
        if column.required and column.name in grid.present:
            _require(grid, column.name, findings)
        if column.name in TEXTS:
            _check_text(grid, column.name, findings)
        elif column.name in grid.present:
            _parse(grid, column.name, words, findings)
    if "source" in grid.present:
        for number, cell in zip(grid.numbers, grid.cells["source"], strict=True):
            if not cell:
                findings.add("source_missing", number, "source")
    _check_dates(grid, today, findings)


def _each(grid: Grid, column: str, look: Callable[[str], object]) -> list[tuple[int, str]]:
    """Return (row number, cell) wherever `look` sees something; it looks at each text once."""
    cells = grid.cells[column]
    found = {cell for cell in dict.fromkeys(cells) if cell and look(cell)}
    if not found:
        return []
    return [(n, cell) for n, cell in zip(grid.numbers, cells, strict=True) if cell in found]


def _take_out_hidden(grid: Grid, findings: Findings) -> None:
    for name, cells in grid.cells.items():
        if " ".join(cells).isprintable():
            continue  # every hidden character is one that Python cannot print
        found = _each(grid, name, _HIDDEN.search)
        if not found:
            continue
        clean = {cell: _HIDDEN.sub("", cell).strip() for _, cell in found}
        for number, cell in found:
            names = ", ".join(dict.fromkeys(map(_name_of, _HIDDEN.findall(cell)[:3])))
            findings.add("cell_hidden_characters", number, name, clean[cell], names)
        cells[:] = [clean.get(cell, cell) for cell in cells]


def _name_of(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}").lower()


def _require(grid: Grid, column: str, findings: Findings) -> None:
    for number, cell in zip(grid.numbers, grid.cells[column], strict=True):
        if not cell:
            findings.add("required_missing", number, column)


def _check_text(grid: Grid, column: str, findings: Findings) -> None:
    lines = _lines(dict.fromkeys(grid.cells[column]))
    if max(map(len, grid.cells[column]), default=0) > MAX_CELL:
        for number, cell in _each(grid, column, lambda cell: len(cell) > MAX_CELL):
            length = f"{len(cell):,} characters"
            findings.add("cell_too_long", number, column, length, f"{MAX_CELL:,}")
    if any(f"\n{sign}" in lines for sign in _FORMULA_SIGNS):
        for number, cell in _each(grid, column, _is_formula):
            findings.add("cell_formula", number, column, cell, cell[0])
    if "<" in lines:
        for number, cell in _each(grid, column, _MARKUP.search):
            findings.add("cell_markup", number, column, cell)
    if not lines.isascii():
        for number, cell in _each(grid, column, _DAMAGED.search):
            findings.add("cell_damaged_letters", number, column, cell)


def _is_formula(cell: str) -> bool:
    return cell[0] in _FORMULA_SIGNS and _NO_FORMULA.fullmatch(cell) is None


def _parse(grid: Grid, name: str, words: Words, findings: Findings) -> None:
    parse, cells = BY_NAME[name].parse, grid.cells[name]
    written: dict[str, str] = {"": ""}
    problems: dict[str, CellProblem] = {}
    for cell in dict.fromkeys(cells):
        if not cell:
            continue
        try:
            written[cell] = parse(cell, words)
        except CellProblem as problem:
            written[cell], problems[cell] = cell, problem
    if problems:
        for number, cell in zip(grid.numbers, cells, strict=True):
            if cell in problems:
                _say(problems[cell], number, name, cell, words, findings)
    cells[:] = [written[cell] for cell in cells]


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
    days = {cell: _day(cell) for cell in dict.fromkeys(grid.cells[column])}
    for number, cell in zip(grid.numbers, grid.cells[column], strict=True):
        day = days[cell]
        if day is None:
            continue
        age = (today - day).days
        if age < 0:
            findings.add("date_in_future", number, column, cell, today.isoformat())
        elif age > AGEING_DAYS:
            findings.add("checked_over_180_days", number, column, cell, f"{age} days")
        elif age > FRESH_DAYS:
            findings.add("checked_over_90_days", number, column, cell, f"{age} days")


def _day(cell: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cell) if len(cell) == 10 else None
    except ValueError:
        return None

"""The cells of a file by column, and the checks that need only one cell.

Each different cell of a column is looked at once.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from clinics.domain import field_sources
from clinics.domain.columns import COLUMNS, NAMES, CellProblem, Column, Words
from clinics.domain.kinds import DATE, MONTH_OR_DAY, TEXT, first_day
from clinics.domain.model import AGING_DAYS, FRESH_DAYS
from clinics.domain.vocabulary import Vocabulary
from clinics.intake.days import exchanged, settled
from clinics.intake.forgiven import NOTHING, reading
from clinics.intake.hints import hint
from clinics.intake.notices import Findings
from clinics.intake.progress import Progress, no_progress

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
_FORMULA_SIGNS = ("=", "+", "-", "@")
_GUARDED = tuple(f"'{sign}" for sign in _FORMULA_SIGNS)
_NO_FORMULA = re.compile(r"[+-]?[\d\s().,-]*(?:(?:x|ext\.?)\s*\d+)?|-[\s-]*", re.IGNORECASE)
"""Numbers, telephone numbers and lone dashes."""

_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_SPACES = re.compile("[ \t]*[\u00a0\u2007\u202f][ \t\u00a0\u2007\u202f]*")
"""Spaces that do not break: web pages have them, and nobody sees the difference."""

_WIDE = re.compile("[\uff01-\uff5e\u3000\ufb00-\ufb06]+")
"""Letters as wide as Chinese ones, and those that a PDF joins, such as ffi."""

Live = Mapping[str, Mapping[str, str]]
"""What is live, by column and id."""

_DAMAGED = re.compile(
    "\ufffd|[ÃÂ][\u0080-\u00bf]|â(?:€|\u0080)|(?<=[a-z])[ŽÕÐÒÓ‡‹•](?=[a-z])|[a-z]Õs?(?![a-zà-ÿ])"
    r"|(?<![^\s(])[A-Za-z]+\?[a-z]+(?![^\s,.;)])|\?{3,}"
)
"""The sign for a lost letter or a question mark, and UTF-8 or Mac Roman read as Windows-1252."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Every column, one text for each row; `numbers` are the spreadsheet's rows.

    `present` are the columns the file has; the others are empty.
    """

    numbers: Sequence[int]
    cells: dict[str, list[str]]
    present: frozenset[str]


def grid_of(numbers: Sequence[int], columns: Mapping[str, list[str]]) -> Grid:
    """Lay columns out."""
    blank = [""] * len(numbers)
    return Grid(numbers, {name: columns.get(name, blank) for name in NAMES}, frozenset(columns))


class _Hasty:
    """The vocabulary with an end to how many unknown words are compared with all known ones."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._nearest: dict[tuple[str, str], str | None] = {}
        self.called = vocabulary.called

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
    live: Live | None = None,
) -> None:
    """Write every cell one way, and report those that cannot be; they stay as they were.

    What is written otherwise and can only mean one thing is read so. Of days that could be two,
    `live` tells which.
    """
    _tidy(grid, findings)
    _settle_days(grid, live or {}, today, findings)
    words = _Hasty(vocabulary)
    for place, column in enumerate(COLUMNS):
        progress(place / len(COLUMNS), f"Checking the column {column.name}")
        nothing = dict.fromkeys(NOTHING.intersection(grid.cells[column.name]), "")
        _read_as(grid, column.name, nothing, findings)
        if column.required and column.name in grid.present:
            _say_blank(grid, column.name, "required_missing", findings)
        if column.kind is TEXT:
            _read_as(
                grid, column.name, _on_one_line(column.name, grid.cells[column.name]), findings
            )
        if column.name in TEXTS:
            _check_text(grid, column.name, column.longest, findings)
        elif column.name in grid.present:
            _parse(grid, column, words, findings)
    if "source" in grid.present:
        _say_blank(grid, "source", "source_missing", findings)
    _check_dates(grid, today, findings)
    _check_field_sources(grid, vocabulary, today, findings)


def _where(cells: Sequence[str], chosen: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield, row by row, the cells that are among the chosen ones."""
    return ((row, cell) for row, cell in enumerate(cells) if cell in chosen) if chosen else iter(())


def _tidy(grid: Grid, findings: Findings) -> None:
    """Take off apostrophes that guard against a formula, and take out what nobody sees."""
    for name, cells in grid.cells.items():
        whole = "".join(cells)
        if whole.isascii() and whole.isprintable() and "'" not in whole and "&" not in whole:
            continue
        cells = _read_as(grid, name, dict(_as_people_see(set(cells))), findings)
        guarded = {cell for cell in set(cells) if cell.startswith(_GUARDED)}
        hidden = {cell for cell in set(cells) if _HIDDEN.search(cell)}
        tidy = {cell: cell[cell in guarded :] for cell in guarded | hidden}
        tidy |= {cell: _HIDDEN.sub("", tidy[cell]).strip() for cell in hidden}
        for row, cell in _where(cells, hidden):
            names = ", ".join(dict.fromkeys(map(_name_of, _HIDDEN.findall(cell)[:3])))
            findings.add("cell_hidden_characters", grid.numbers[row], name, tidy[cell], names)
        grid.cells[name] = [tidy.get(cell, cell) for cell in cells]


def _as_people_see(cells: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the cells that a web page wrote, with what people see there."""
    for cell in cells:
        if "&" not in cell and cell.isascii():
            continue
        plain = _SPACES.sub(" ", _ENTITY.sub(lambda found: html.unescape(found[0]), cell)).strip()
        plain = _WIDE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), plain)
        if plain != cell:
            yield cell, plain


def _on_one_line(name: str, cells: Sequence[str]) -> dict[str, str]:
    """Return the cells with line breaks or several spaces in a row, as they are without."""
    between = ", " if name in _LISTED else " "
    found = {}
    for cell in {cell for cell in set(cells) if "  " in cell or not cell.isprintable()}:
        lines = (" ".join(line.split()) for line in cell.splitlines())
        line = between.join(line.rstrip(between) for line in lines if line)
        if line != cell:
            found[cell] = line
    return found


def _read_as(grid: Grid, name: str, read: Mapping[str, str], findings: Findings) -> list[str]:
    """Put what was understood in the place of the cells of a column, and say so."""
    cells = grid.cells[name]
    for row, cell in _where(cells, read):
        say_read_as(grid.numbers[row], name, cell, read[cell], findings)
    if read:
        grid.cells[name] = [read.get(cell, cell) for cell in cells]
    return grid.cells[name]


def say_read_as(number: int, name: str, cell: str, read: str, findings: Findings) -> None:
    """Say what a cell was read as."""
    needs = f"“{read}”" if read else "empty"
    if _SPACES.sub(" ", cell).strip() == read:
        needs = f"{needs}, with ordinary spaces"
    findings.add("cell_read_as", number, name, cell, needs)


def _settle_days(grid: Grid, live: Live, today: dt.date, findings: Findings) -> None:
    """Read days as spreadsheets write them."""
    for column in COLUMNS:
        cells = grid.cells[column.name]
        if column.kind not in (DATE, MONTH_OR_DAY) or column.name not in grid.present:
            continue
        there = live.get(column.name, {})
        now = [there.get(id, "") for id in grid.cells["id"]]
        days = settled(cells, now, today, months=column.kind is MONTH_OR_DAY)
        for row, day in sorted(days.items()):
            say_read_as(grid.numbers[row], column.name, cells[row], day, findings)
        for row, day in exchanged(cells, now).items():
            findings.add("day_of_other_order", grid.numbers[row], column.name, cells[row], day)
        grid.cells[column.name] = [days.get(row, cell) for row, cell in enumerate(cells)]


def _name_of(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}").lower()


def _say_blank(grid: Grid, column: str, code: str, findings: Findings) -> None:
    for row, _ in _where(grid.cells[column], {""}):
        findings.add(code, grid.numbers[row], column)


def _check_text(grid: Grid, column: str, longest: int, findings: Findings) -> None:
    cells, numbers = grid.cells[column], grid.numbers
    odd = {cell for cell in set(cells) if _may_be_odd(cell, longest)}
    for row, cell in _where(cells, {cell for cell in odd if len(cell) > longest}):
        length = f"{len(cell):,} characters"
        findings.add("cell_too_long", numbers[row], column, length, f"{longest:,}")
    for row, cell in _where(cells, set(filter(_is_formula, odd))):
        findings.add("cell_formula", numbers[row], column, cell, cell[0])
    for row, cell in _where(cells, set(filter(_MARKUP.search, odd))):
        findings.add("cell_markup", numbers[row], column, cell)
    for row, cell in _where(cells, set(filter(_DAMAGED.search, odd))):
        findings.add("cell_damaged_letters", numbers[row], column, cell)


def _may_be_odd(cell: str, longest: int) -> bool:
    """Return False for most cells, so that only some need a close look."""
    return (
        not cell.isascii()
        or "<" in cell
        or "?" in cell
        or cell[:1] in _FORMULA_SIGNS
        or len(cell) > longest
    )


def _is_formula(cell: str) -> bool:
    return cell.startswith(_FORMULA_SIGNS) and _NO_FORMULA.fullmatch(cell) is None


def _parse(grid: Grid, column: Column, words: _Hasty, findings: Findings) -> None:
    """Write the cells of a column one way; each different one is parsed once."""
    cells = grid.cells[column.name]
    written = {"": ""}
    problems: dict[str, CellProblem] = {}
    meant: dict[str, str] = {}
    called = partial(words.called, column.name) if column.is_choice else _no_word
    for cell in dict.fromkeys(filter(None, cells)):
        try:
            written[cell] = column.parse(cell, words)
        except CellProblem as problem:
            written[cell] = cell
            found = reading(column, cell, words, called)
            if found is None:
                problems[cell] = problem
            else:
                written[cell] = meant[cell] = found
    for row, cell in _where(cells, meant):
        say_read_as(grid.numbers[row], column.name, cell, meant[cell], findings)
    for row, cell in _where(cells, problems):
        _say(problems[cell], grid.numbers[row], column.name, cell, words, findings)
    grid.cells[column.name] = [written[cell] for cell in cells]


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


def _no_word(_: str) -> None:
    """Know no word."""


_LISTED = ("address", "hours")
"""Columns of which a line break stands for a comma."""

_FIRST_YEAR = 1990
"""Before it no directory was made from the sources there are: 1900 and 1904 are empty cells."""

_FIXED = "location_precision"
"""Its options are not in the vocabulary."""


def _check_dates(grid: Grid, today: dt.date, findings: Findings) -> None:
    for column in ("source_date", "last_checked"):
        cells = grid.cells[column]
        ages = column == "last_checked"  # how old a source is, nobody can mend
        said = {cell: found for cell in set(cells) if (found := _said_of_day(cell, today, ages))}
        for row, cell in _where(cells, said):
            code, needs = said[cell]
            findings.add(code, grid.numbers[row], column, cell, needs)


def _said_of_day(cell: str, today: dt.date, ages: bool) -> tuple[str, str] | None:
    """Return the notice that a date is worth, and what it says, or None."""
    day = first_day(cell)
    age = (today - day).days if day else 0
    if age < 0:
        return "date_in_future", today.isoformat()
    if day and day.year < _FIRST_YEAR:
        return "date_too_old", str(_FIRST_YEAR)
    if not ages:
        return None
    if age > AGING_DAYS:
        return "checked_over_180_days", f"{age} days"
    return ("checked_over_90_days", f"{age} days") if age > FRESH_DAYS else None


def _check_field_sources(
    grid: Grid, vocabulary: Vocabulary, today: dt.date, findings: Findings
) -> None:
    """Hold who says single fields to the columns, the table of sources and the day."""
    name = field_sources.COLUMN
    cells, known = grid.cells[name], vocabulary.fact_sources
    for row, cell in _where(cells, set(filter(None, cells))):
        number = grid.numbers[row]
        for field in field_sources.faults(cell):
            needs = "names of columns with facts; an address is one with its town, and so is"
            needs = f"{needs} a position (latitude)"
            findings.add("field_sources_malformed", number, name, field, needs)
        for said in dict.fromkeys(field_sources.read(cell).values()):
            if said.day > today:
                findings.add("date_in_future", number, name, f"{said.day}", today.isoformat())
            if said.source not in known:
                ids = ", ".join(known) or "none, since there is no such table"
                findings.add("field_source_unknown", number, name, said.source, ids)

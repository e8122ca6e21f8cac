"""Column names as people write them -> our names: case and spacing forgiven, others recognized."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from clinics.domain.columns import BY_NAME, COLUMNS, NAMES
from clinics.domain.words import counted, day, joined
from clinics.intake.federal import CODE_COLUMN, IDENTITY
from clinics.intake.notices import Findings

PROBLEMS = "problems"
"""The column that a copy of a file with its problems has; passed over when it comes back."""

MADE_FROM = "made_from_version"
"""The column of a download that says which version it is; nothing else is in it."""

MAX_COLUMNS = 500
"""The federal download has about 190."""

_LISTED = 8
"""So many columns that were left out are named in a sentence."""

ALIASES: Mapping[str, str] = {
    other: column.name for column in COLUMNS for other in column.other_names.split()
}
"""Other names that columns often have -> ours; words are joined by one underscore."""

_NEEDED = frozenset(column.name for column in COLUMNS if column.required)
_FEDERAL = IDENTITY | {CODE_COLUMN, "name2", "street2", "kit"}

Said = Mapping[str, str]
"""What a person said of column names, as `folded` writes them: ours, or "" to leave one out."""


@dataclass(frozen=True, slots=True)
class Matching:
    """What a person said of the columns of a file, and on which day if it was kept."""

    columns: tuple[tuple[str, str], ...] = ()
    day: dt.date | None = None

    @property
    def said(self) -> Said:
        """Return it as a mapping; of a column that we do not have any more nothing is said."""
        return {name: column for name, column in self.columns if column in ("", *NAMES)}


Matched = Callable[[Sequence[str]], Matching | None]
"""The header of a file -> what somebody said of its columns, None if nobody did."""


def unmatched(_: Sequence[str]) -> None:
    """Know of nobody who said anything of the columns."""


def names_in(header: Sequence[str]) -> tuple[str, ...]:
    """Return what tells one layout from another: its column names, sorted, but those we add."""
    names = {folded(cell) for cell in header}
    return tuple(sorted(names - {"", PROBLEMS, MADE_FROM}))


def folded(cell: str) -> str:
    """Return a column name in small letters, its words joined by single underscores."""
    return re.sub(r"[\W_]+", "_", cell.casefold()).strip("_")


def known(cell: str, said: Said | None = None) -> str:
    """Return our name of a column, or ""; what was `said` of it comes first."""
    name = folded(cell)
    if said and name in said:
        return said[name]
    return name if name in BY_NAME else ALIASES.get(name, "")


def recognized(cells: Sequence[str]) -> int:
    """Count the different column names of either layout in a line: a header has several."""
    names = {known(cell) or folded(cell) for cell in cells[:MAX_COLUMNS] if len(cell) < 60}
    return len(names & (BY_NAME.keys() | _FEDERAL))


def header_among(rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[int, int]:
    """Return how many column names the header has, and its number; 0 and 0 without one.

    It is the first row that has several, or the one after it, where that has more: then the first
    names groups of columns.
    """
    most, header = 0, 0
    for number, cells in rows:
        found = recognized(cells)
        if most and any(cells):
            return (found, number) if found > most else (most, header)
        if found >= 2:
            most, header = found, number
    return most, header


def last_needed(cells: Sequence[str], said: Said | None = None) -> int:
    """Return how many cells a row needs at least, so that no required cell is missing."""
    names = [known(cell, said) or folded(cell) for cell in cells]
    needed = IDENTITY if set(names) >= IDENTITY else _NEEDED
    return max((place for place, name in enumerate(names, start=1) if name in needed), default=1)


def places_of(
    header: Sequence[str],
    findings: Findings,
    filled: frozenset[str] = frozenset(),
    matching: Matching | None = None,
    likely: Said | None = None,
) -> dict[str, int]:
    """Return where each of our columns stands in the header, and say what is odd about it.

    Those that are `filled` from another column are not missing. Where a `matching` says what a
    column is, it is that; `likely` proposes it for others that are unknown.
    """
    said = matching.said if matching else {}
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = known(cell, said)
        if not name:
            continue
        if name in places:
            both = f"“{header[places[name]]}” in column {letters(places[name])} and “{cell}” in "
            findings.add("header_twice", column=name, value=f"{both}column {letters(place)}")
            continue
        places[name] = place
        if folded(cell) != name and folded(cell) not in said:
            findings.add("header_renamed", column=name, value=cell)
    if not places:
        findings.add("header_unreadable", value=header[0] if header else "")
        return places
    if matching:
        _say_matched(header, matching, findings)
    _say_unknown([cell for cell in header if folded(cell) not in said], likely or {}, findings)
    for name in sorted(_NEEDED - places.keys() - filled, key=NAMES.index):
        findings.add("header_missing", column=name)
    if "source" not in places:
        findings.add("header_source_missing", column="source")
    return places


def is_unknown(cell: str) -> bool:
    """Return True for a column name that is neither ours, nor another name of ours."""
    return bool(cell) and not known(cell) and folded(cell) not in (PROBLEMS, MADE_FROM)


def _say_matched(header: Sequence[str], matching: Matching, findings: Findings) -> None:
    said = matching.said
    here = {cell: said[folded(cell)] for cell in header if folded(cell) in said}
    parts = [f"“{_short(cell)}” as {name}" for cell, name in here.items() if name]
    out = [f"“{_short(cell)}”" for cell, name in here.items() if not name]
    if len(out) > _LISTED:
        out = [*out[:_LISTED], counted(len(out) - _LISTED, "other column")]
    out = [f"left out: {joined(out, 'and')}"] if out else []
    if parts or out:
        on = f" on {day(matching.day)}" if matching.day else ""
        findings.add(
            "columns_matched", value=on, needs="; ".join(filter(None, [", ".join(parts), *out]))
        )


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else f"{cell[:39]}…"


def _say_unknown(header: Sequence[str], likely: Said, findings: Findings) -> None:
    for cell in dict.fromkeys(filter(is_unknown, header)):
        name = likely.get(cell, "")
        fix = f"If it is “{name}”, rename it so; else leave it." if name else ""
        findings.add("header_unknown", column=cell, fix=fix)


def letters(place: int) -> str:
    """Return the letters over a column of a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name

"""Column names as people write them -> our names: case and spacing forgiven, others recognized."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from clinics.domain.columns import BY_NAME, COLUMNS, NAMES
from clinics.intake.federal import CODE_COLUMN, IDENTITY
from clinics.intake.notices import Findings

PROBLEMS = "problems"
"""The column that a copy of a file with its problems has; passed over when it comes back."""

MADE_FROM = "made_from_version"
"""The column of a download that says which version it is; nothing else is in it."""

MAX_COLUMNS = 500
"""The federal download has about 190."""

_SUGGESTIONS = 50
"""So many unknown names are compared with the known ones; more would take long and help nobody."""

ALIASES: Mapping[str, str] = {
    other: column.name for column in COLUMNS for other in column.other_names.split()
}
"""Other names that columns often have -> ours; words are joined by one underscore."""

_NEEDED = frozenset(column.name for column in COLUMNS if column.required)
_FEDERAL = IDENTITY | {CODE_COLUMN, "name2", "street2", "kit"}


def folded(cell: str) -> str:
    """Return a column name in small letters, its words joined by single underscores."""
    return re.sub(r"[\W_]+", "_", cell.casefold()).strip("_")


def known(cell: str) -> str:
    """Return our name of a column, or ""."""
    name = folded(cell)
    return name if name in BY_NAME else ALIASES.get(name, "")


def recognized(cells: Sequence[str]) -> int:
    """Count the different column names of either layout in a line: a header has several."""
    names = {known(cell) or folded(cell) for cell in cells[:MAX_COLUMNS] if len(cell) < 60}
    return len(names & (BY_NAME.keys() | _FEDERAL))


def last_needed(cells: Sequence[str]) -> int:
    """Return how many cells a row needs at least, so that no required cell is missing."""
    names = [known(cell) or folded(cell) for cell in cells]
    needed = IDENTITY if set(names) >= IDENTITY else _NEEDED
    return max((place for place, name in enumerate(names, start=1) if name in needed), default=1)


def places_of(
    header: Sequence[str], findings: Findings, filled: frozenset[str] = frozenset()
) -> dict[str, int]:
    """Return where each of our columns stands in the header, and say what is odd about it.

    Those that are `filled` from another column are not missing.
    """
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = known(cell)
        if not name:
            continue
        if name in places:
            both = f"“{header[places[name]]}” in column {letters(places[name])} and “{cell}” in "
            findings.add("header_twice", column=name, value=f"{both}column {letters(place)}")
            continue
        places[name] = place
        if folded(cell) != name:
            findings.add("header_renamed", column=name, value=cell)
    if not places:
        findings.add("header_unreadable", value=header[0] if header else "")
        return places
    _say_unknown(header, findings)
    for name in sorted(_NEEDED - places.keys() - filled, key=NAMES.index):
        findings.add("header_missing", column=name)
    if "source" not in places:
        findings.add("header_source_missing", column="source")
    return places


def _say_unknown(header: Sequence[str], findings: Findings) -> None:
    ours = (PROBLEMS, MADE_FROM)
    unknown = (cell for cell in header if cell and not known(cell) and folded(cell) not in ours)
    for number, cell in enumerate(dict.fromkeys(unknown)):
        likely = _likely(cell) if number < _SUGGESTIONS else ""
        fix = f"If it is “{likely}”, rename it so; else leave it." if likely else ""
        findings.add("header_unknown", column=cell, fix=fix)


def _likely(cell: str) -> str:
    close = difflib.get_close_matches(folded(cell)[:40], [*NAMES, *ALIASES], n=1, cutoff=0.8)
    return (close[0] if close[0] in BY_NAME else ALIASES[close[0]]) if close else ""


def letters(place: int) -> str:
    """Return the letters over a column of a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name

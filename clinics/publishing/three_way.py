"""A file that was made from an older version, put into what is live now.

Only what the file changed since then counts; what was changed live meanwhile stays. Where both
changed one cell, a keeper chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from clinics.domain.columns import NAMES

LIVE, FILE = "live", "file"
"""What is taken where both changed a cell."""

LISTING = "listing"
"""Stands for the column where one took the listing out and the other changed it."""

GONE = "(taken out)"
_POSITION = ("latitude", "longitude", "location_precision")
_GROUPS = (*((name,) for name in NAMES if name not in ("id", *_POSITION)), _POSITION)
"""What is taken as one: half of one position and half of another is no place."""

_FILENAME = re.compile(r"clinics-v(?:ersion-)?([0-9]{1,9})(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that both changed since version `base`; `choice` is LIVE, FILE or not made yet."""

    id: str
    name: str
    column: str
    base: str
    live: str
    file: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A cell that was changed live meanwhile, and not in the file, so it stays as it is live."""

    id: str
    name: str
    column: str
    file: str
    live: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What a keeper chose by id and column, and what holds for all others; "" is no choice."""

    cells: Mapping[tuple[str, str], str] = field(default_factory=dict)
    otherwise: str = ""

    def of(self, id: str, column: str) -> str:
        """Return what was chosen for one cell."""
        return self.cells.get((id, column), self.otherwise)


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """The directory as it would be, the conflicts, and what was changed live meanwhile."""

    table: pd.DataFrame
    conflicts: tuple[Conflict, ...]
    kept: tuple[Kept, ...]


def version_in_name(filename: str) -> int | None:
    """Return the version that a download's name says: "clinics-v12.csv"; None without one."""
    found = _FILENAME.search(filename)
    return int(found[1]) if found else None


def combined(
    base: pd.DataFrame, live: pd.DataFrame, wanted: pd.DataFrame, choices: Choices | None = None
) -> Combined:
    """Put what differs between `base` and `wanted` into what is live; ids are unique in each.

    A conflict that nobody chose for stays as it is live.
    """
    made = _Combining(_by_id(base), _by_id(live), _by_id(wanted), choices or Choices())
    rows = [row for row in map(made.row, made.ids()) if row is not None]
    return Combined(
        pd.DataFrame(rows, columns=list(NAMES), dtype="str"),
        tuple(made.conflicts),
        tuple(made.kept),
    )


def _by_id(table: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    rows = table[list(NAMES)].itertuples(index=False, name=None)
    return {row[0]: row for row in rows}


Rows = Mapping[str, tuple[str, ...]]
_PLACE = {name: place for place, name in enumerate(NAMES)}
_NAME = _PLACE["name"]


class _Combining:
    """Goes through the listings one by one; most are the same in all three tables."""

    def __init__(self, base: Rows, live: Rows, wanted: Rows, choices: Choices) -> None:
        self._base, self._live, self._wanted, self._choices = base, live, wanted, choices
        self.conflicts: list[Conflict] = []
        self.kept: list[Kept] = []

    def ids(self) -> Iterator[str]:
        """Yield every id: those that are live in their order, then the others of the file."""
        yield from self._live
        yield from (id for id in self._wanted if id not in self._live)

    def row(self, id: str) -> tuple[str, ...] | None:
        """Return the row of a listing as it would be, or None if it would not be there."""
        base, live, wanted = self._base.get(id), self._live.get(id), self._wanted.get(id)
        if live == wanted or wanted == base:
            if live is not None and wanted is not None and live != wanted:
                self._cells(id, wanted, live, wanted)
            return live
        if live == base:
            return wanted
        if live is None or wanted is None:
            return self._whole(id, base or (), live, wanted)
        return self._cells(id, base or ("",) * len(NAMES), live, wanted)

    def _whole(
        self,
        id: str,
        base: tuple[str, ...],
        live: tuple[str, ...] | None,
        wanted: tuple[str, ...] | None,
    ) -> tuple[str, ...] | None:
        """Let a keeper choose between a listing that was changed and that it was taken out."""
        name = (live or wanted or base)[_NAME]
        said = [GONE if row is None else _changes(base, row) for row in (live, wanted)]
        choice = self._choices.of(id, LISTING)
        self.conflicts.append(Conflict(id, name, LISTING, "", said[0], said[1], choice))
        return wanted if choice == FILE else live

    def _cells(
        self, id: str, base: tuple[str, ...], live: tuple[str, ...], wanted: tuple[str, ...]
    ) -> tuple[str, ...]:
        row = list(live)
        for group in _GROUPS:
            was, now, new = (_of(group, cells) for cells in (base, live, wanted))
            if new == now:
                continue
            if new == was:
                self.kept.append(Kept(id, live[_NAME], group[0], _said(new), _said(now)))
                continue
            choice = FILE if now == was else self._choices.of(id, group[0])
            if now != was:
                said = (_said(was), _said(now), _said(new))
                self.conflicts.append(Conflict(id, live[_NAME], group[0], *said, choice))
            if choice == FILE:
                for column, cell in zip(group, new, strict=True):
                    row[_PLACE[column]] = cell
        return tuple(row)


def _of(group: tuple[str, ...], cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cells[_PLACE[column]] for column in group)


def _said(cells: tuple[str, ...]) -> str:
    return ", ".join(filter(None, cells))


def _changes(base: tuple[str, ...], row: tuple[str, ...]) -> str:
    pairs = zip(NAMES, base, row, strict=False)
    return "; ".join(f"{name}: {now or '(empty)'}" for name, was, now in pairs if was != now)

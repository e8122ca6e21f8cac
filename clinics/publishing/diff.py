"""What a file would change: the directory as it would be, compared with the one that is live.

Also when a change is so large that somebody must say the number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clinics.domain.columns import NAMES
from clinics.domain.model import MILES_PER_KM, Point
from clinics.places.distance import Floats, miles_between
from clinics.publishing.brakes import CLOSED, Brake

MOVED_MILES = 0.02 * MILES_PER_KM
"""A position that differs by less than 20 m is the same place, drawn by another hand."""

LARGE_PERCENT = 30
"""Over this share of the live clinics gone, or with another telephone or position, is large."""

SMALL, FEW = 50, 3
"""In a directory, or a list of it, of less than SMALL listings so many gone stop it already, if
they are over SMALL_PERCENT."""

SMALL_PERCENT = 10

GONE, REACHED = "gone", "phone-or-position"
"""What a large change is about, as it is allowed by name."""

_POSITION = ("latitude", "longitude")

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One cell, before and after."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ClinicChange:
    """A listing that stays, with every cell that differs."""

    id: str
    name: str
    city: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A listing whose position moves by 20 m or more; `miles` are geodesic."""

    id: str
    name: str
    before: Point
    after: Point
    miles: float


@dataclass(frozen=True, slots=True)
class Review:
    """What would change. `added` and `gone` are ids; `left_out` counts rows that are not used.

    `breaker` is a sentence when the change is large, and `number_to_type` the number that a
    keeper must then type; "" and 0 otherwise; `large` names what it is about. `reached_otherwise`
    counts the listings that stay with another telephone or position. `closed` are ids that stay
    but would be closed, which counts as gone. `brakes` stop it column by column.
    """

    added: tuple[str, ...] = ()
    changed: tuple[ClinicChange, ...] = ()
    unchanged: int = 0
    gone: tuple[str, ...] = ()
    left_out: int = 0
    moves: tuple[Move, ...] = ()
    breaker: str = ""
    number_to_type: int = 0
    reached_otherwise: int = 0
    closed: tuple[str, ...] = ()
    large: tuple[str, ...] = ()
    brakes: tuple[Brake, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return True if nothing would change."""
        return not (self.added or self.changed or self.gone)

    @property
    def to_allow(self) -> tuple[str, ...]:
        """Name all that stops it, as a keeper allows it: columns, GONE and REACHED."""
        return (*self.large, *(brake.column for brake in self.brakes))


def compare(before: pd.DataFrame, after: pd.DataFrame, left_out: int = 0) -> Review:
    """Compare two tables of canonical text by id; ids are unique in each.

    Positions are compared as numbers: 39 and 39.0 are one latitude. 50,000 rows take less than
    a second.
    """
    place = _place_of(before["id"], after["id"])
    gone = np.ones(len(before), dtype=np.bool_)
    gone[place[place >= 0]] = False
    was, new = before.iloc[place[place >= 0]], after[place >= 0]
    differs = _differences(was, new)
    changed = _changes(was, new, differs)
    moves, moved = _moves(was, new, differs)
    other = int((differs[:, NAMES.index("phone")] | moved).sum())
    closes = (_cells(was, "status") != CLOSED) & (_cells(new, "status") == CLOSED)
    breaker, number, large = _breaker(before, gone, tuple(was["id"][closes]), other)
    return Review(
        added=tuple(after["id"][place < 0]),
        changed=changed,
        unchanged=len(new) - len(changed),
        gone=tuple(before["id"][gone]),
        left_out=left_out,
        moves=moves,
        breaker=breaker,
        number_to_type=number,
        reached_otherwise=other,
        closed=tuple(was["id"][closes]),
        large=large,
    )


def _place_of(ids: pd.Series[str], wanted: pd.Series[str]) -> NDArray[np.intp]:
    """Return for each wanted id its place among the ids, or -1."""
    known = pd.Index(ids.to_numpy(dtype=object))
    return np.asarray(known.get_indexer(wanted.to_numpy(dtype=object)), dtype=np.intp)


def _differences(was: pd.DataFrame, new: pd.DataFrame) -> Flags:
    """Return for each cell whether it differs, shape (rows, columns of NAMES)."""
    differs = np.zeros((len(new), len(NAMES)), dtype=np.bool_)
    for place, column in enumerate(NAMES):
        differs[:, place] = _cells(was, column) != _cells(new, column)
        if column in _POSITION and differs[:, place].any():
            differs[:, place] &= _degrees(was, column) != _degrees(new, column)
    return differs


def _cells(table: pd.DataFrame, column: str) -> NDArray[np.object_]:
    return table[column].to_numpy(dtype=object)


def _degrees(table: pd.DataFrame, column: str) -> Floats:
    return pd.to_numeric(table[column], errors="coerce").to_numpy(np.float64)


def _changes(was: pd.DataFrame, new: pd.DataFrame, differs: Flags) -> tuple[ClinicChange, ...]:
    fields: dict[int, list[FieldChange]] = {}
    for place in np.flatnonzero(differs.any(axis=0)):
        column = NAMES[place]
        rows = np.flatnonzero(differs[:, place])
        cells = zip(_cells(was, column)[rows], _cells(new, column)[rows], strict=True)
        for row, (old, now) in zip(rows.tolist(), cells, strict=True):
            fields.setdefault(row, []).append(FieldChange(column, old, now))
    ids, names, towns = (_cells(new, column) for column in ("id", "name", "city"))
    return tuple(
        ClinicChange(ids[row], names[row], towns[row], tuple(fields[row])) for row in sorted(fields)
    )


def _moves(was: pd.DataFrame, new: pd.DataFrame, differs: Flags) -> tuple[tuple[Move, ...], Flags]:
    rows = np.flatnonzero(differs[:, [NAMES.index(column) for column in _POSITION]].any(axis=1))
    was, new = was.iloc[rows], new.iloc[rows]
    old_lat, old_lon = (_degrees(was, column) for column in _POSITION)
    new_lat, new_lon = (_degrees(new, column) for column in _POSITION)
    miles = miles_between(old_lat, old_lon, new_lat, new_lon)
    far = np.flatnonzero(miles >= MOVED_MILES)
    ids, names = _cells(new, "id"), _cells(new, "name")
    moves = tuple(
        Move(
            ids[i],
            names[i],
            Point(float(old_lat[i]), float(old_lon[i])),
            Point(float(new_lat[i]), float(new_lon[i])),
            float(miles[i]),
        )
        for i in far
    )
    moved = np.zeros(len(differs), dtype=np.bool_)
    moved[rows[far]] = True
    return moves, moved


def _breaker(
    before: pd.DataFrame, gone: Flags, closed: tuple[str, ...], other: int
) -> tuple[str, int, tuple[str, ...]]:
    """Return the sentence, the number to type, and what it is about.

    The live number is the measure of both.
    """
    live, number_gone = len(before), int(gone.sum())
    lost = gone | before["id"].isin(closed).to_numpy(dtype=np.bool_)
    parts = []
    if _is_large_loss(before["category"], lost):
        if number_gone:
            parts.append((number_gone, "would disappear", GONE))
        if closed:
            parts.append((len(closed), "would be closed", GONE))
    number = sum(count for count, *_ in parts)
    if is_over(LARGE_PERCENT, other, live):
        parts.append((other, "would change telephone or position", REACHED))
        number = number or other
    if not parts:
        return "", 0, ()
    said = ", and ".join(f"{count} {what}" for count, what, _ in parts)
    large = tuple(dict.fromkeys(name for *_, name in parts))
    return f"Of the {live} clinics that are live now, {said}.", number, large


def _is_large_loss(categories: pd.Series[str], lost: Flags) -> bool:
    """Return True if much of the directory, or of one of its lists, would not be shown any more."""
    lists = [categories.eq(category).to_numpy() for category in categories[lost].unique()]
    parts = [
        (int(lost.sum()), len(lost)),
        *((int(lost[rows].sum()), int(rows.sum())) for rows in lists),
    ]
    (all_lost, live), *_ = parts
    return is_over(LARGE_PERCENT, all_lost, live) or any(
        part >= FEW and is_over(SMALL_PERCENT if whole < SMALL else LARGE_PERCENT, part, whole)
        for part, whole in parts
    )


def is_over(percent: int, part: int, whole: int) -> bool:
    """Return True if a part is more than so many hundredths of the whole."""
    return part * 100 > whole * percent

"""What stops a file column by column: too much of it changed, and most likely why.

Each brake names its column, so that a keeper allows that one and no other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from clinics.domain.columns import BY_NAME, NAMES
from clinics.domain.words import counted

__all__ = ["BRAKES", "Brake", "Thresholds", "brakes"]

CLOSED = "closed"
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a column stops a file, in percent of the live cells that the file speaks of.

    Below `rows` such cells only what is a pattern stops it. `run` rows in which one number goes up
    or down by the same step are a series, `same` cells that get one value were dragged down.
    """

    rows: int = 10
    changed: int = 50
    emptied: int = 30
    closed: int = 20
    dragged: int = 20
    emptied_rows: int = 3
    closed_rows: int = 3
    run: int = 5
    same: int = 5
    may_change: frozenset[str] = frozenset({"source", "source_url", "source_date", "last_checked"})
    """A round of checks or a new edition changes all of these, often to one value."""


BRAKES = Thresholds()


@dataclass(frozen=True, slots=True)
class Brake:
    """Why one column stops a file: `count` cells of `total`, in `sentence` with its `reason`."""

    column: str
    count: int
    total: int
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Column:
    """The cells of a column before and after, in the order of the file."""

    name: str
    was: Sequence[str]
    now: Sequence[str]

    def where(self, holds: Callable[[str, str], bool]) -> list[int]:
        return [i for i, pair in enumerate(zip(self.was, self.now, strict=True)) if holds(*pair)]


def brakes(
    live: pd.DataFrame,
    after: pd.DataFrame,
    ids: Collection[str] | None = None,
    limits: Thresholds = BRAKES,
    passed_over: Collection[str] = (),
) -> tuple[Brake, ...]:
    """Return what stops a file that changes the live table so, at most one brake a column.

    `ids` are the listings that the file speaks of; without them it is all that are in both
    tables. The order is that of `ids`, as a series goes down a sheet. Columns that are
    `passed_over` stop nothing.
    """
    both = pd.Index(live["id"]).intersection(pd.Index(after["id"]), sort=False)
    order = both if ids is None else pd.Index(list(ids)).intersection(both, sort=False)
    was = live.set_index("id").reindex(order)
    now = after.set_index("id").reindex(order)
    found = []
    for name in NAMES:
        if name in ("id", *passed_over) or was[name].equals(now[name]):
            continue
        column = _Column(name, was[name].tolist(), now[name].tolist())
        first = next(_of_column(column, limits), None)
        if first:
            found.append(first)
    return tuple(found)


def _of_column(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    if column.name == "status":
        yield from _closed(column, limits)
    yield from _emptied(column, limits)
    yield from _sorted_alone(column, limits)
    yield from _series(column, limits)
    if column.name not in limits.may_change:
        yield from _dragged(column, limits)
        yield from _changed(column, limits)


def _closed(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    open_ones = column.where(lambda was, _: was != CLOSED)
    closed = column.where(lambda was, now: was != CLOSED and now == CLOSED)
    if len(closed) >= limits.closed_rows and _is_over(limits.closed, closed, open_ones):
        yield _brake(
            column, closed, open_ones, "would be closed, and not be shown any more",
            "The cell “closed” may have been dragged down.",
        )  # fmt: skip


def _emptied(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    filled = column.where(lambda was, _: was != "")
    emptied = column.where(lambda was, now: was != "" and now == "")
    if len(emptied) >= limits.emptied_rows and _is_over(limits.emptied, emptied, filled):
        yield _brake(
            column, emptied, filled, "would be empty",
            "The cells of this column may have been deleted, or moved to another one.",
        )  # fmt: skip


def _sorted_alone(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    """Stop where the same cells stand in another order."""
    differ = column.where(lambda was, now: was != now)
    alike = Counter(column.was[i] for i in differ) & Counter(column.now[i] for i in differ)
    if len(differ) >= limits.run and alike.total() >= 0.9 * len(differ):
        yield _brake(
            column, differ, column.was, "would have the cell of another row",
            "The column may have been sorted alone, or have slipped by some rows.",
        )  # fmt: skip


_LAST_NUMBER = re.compile(r"(.*?)(\d{1,12})(\D*)", re.DOTALL)


def _series(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    """Stop where in changed cells, row after row, a number goes on by the same step."""
    if BY_NAME[column.name].is_choice:
        return
    differ = set(column.where(lambda was, now: was != now))
    runs, run, step = list[list[int]](), list[int](), 0
    before: tuple[str, int, str] | None = None
    for i in range(len(column.now)):
        parts = _parts(column.now[i]) if i in differ else None
        by = parts[1] - before[1] if parts and before and parts[::2] == before[::2] else 0
        if by and abs(by) <= 10 and (by == step or len(run) < 2):
            run.append(i)
        elif parts:
            run = [i - 1, i] if by and abs(by) <= 10 else [i]
            runs.append(run)
        step, before = by, parts
    found = [i for one in runs if len(one) >= limits.run for i in one]
    if found:
        down = _parts(column.now[found[1]])[1] < _parts(column.now[found[0]])[1]  # type: ignore[index]
        yield _brake(
            column, found, column.was, f"would go {'down' if down else 'up'} from row to row",
            f"The cell “{column.now[found[0]][:_SHOWN]}” may have been dragged down as a series.",
        )  # fmt: skip


def _parts(cell: str) -> tuple[str, int, str] | None:
    found = _LAST_NUMBER.fullmatch(cell)
    return (found[1], int(found[2]), found[3]) if found else None


def _dragged(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    differ = column.where(lambda was, now: was != now and now != "")
    values = Counter(column.now[i] for i in differ)
    value, number = values.most_common(1)[0] if values else ("", 0)
    if number >= limits.same and _is_over(limits.dragged, [*range(number)], column.was):
        same = [i for i in differ if column.now[i] == value]
        yield _brake(
            column, same, column.was, f"would all be “{value[:_SHOWN]}”",
            "One cell may have been dragged down over the others.",
        )  # fmt: skip


def _changed(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    filled = column.where(lambda was, _: was != "")
    changed = column.where(lambda was, now: was not in ("", now))
    if len(filled) >= limits.rows and _is_over(limits.changed, changed, filled):
        yield _brake(
            column, changed, filled, "would change",
            "The column may have slipped, or hold what belongs into another one.",
        )  # fmt: skip


def _is_over(percent: int, part: Sequence[object], whole: Sequence[object]) -> bool:
    return len(part) * 100 > len(whole) * percent


def _brake(
    column: _Column, part: Sequence[int], whole: Sequence[object], what: str, reason: str
) -> Brake:
    of = counted(len(whole), "cell")
    sentence = f"Column “{column.name}”: of {of}, {len(part):,} {what}. {reason}"
    return Brake(column.name, len(part), len(whole), sentence, reason)

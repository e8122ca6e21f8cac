"""What stops a file column by column: too much of it changed, and most likely why.

Each brake names its column, so that a keeper allows that one and no other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clinics.domain.columns import BY_NAME, NAMES, SEPARATOR
from clinics.domain.kinds import DATE, MONTH_OR_DAY, YES_OR_NO
from clinics.domain.words import counted

__all__ = ["BRAKES", "Brake", "Thresholds", "brakes"]

CLOSED = "closed"
_EXCHANGED = "The column may have been sorted alone, or have slipped by some rows."
_DELETED = "The cells of this column may have been deleted, or moved to another one."
_IDS_EXCHANGED = (
    "The column id may have been sorted alone, or the other columns have slipped beside it."
)
_SHOWN = 40
_SAID_ALIKE = ("status", "known_by", "facility_type", "setting", "ages")
"""Columns of few words, in which neighbors are often the same."""

_OURS = ("location_precision",)
"""Comes of a look-up of many addresses, and is right whenever the position is."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a column stops a file, in percent of the live cells that the file speaks of.

    Below `rows` such cells only what is a pattern stops it. `run` rows in which one number goes up
    or down by the same step are a series, `same` cells that get one value were dragged down, and
    so were `same` rows one after the other, or a `long_run` of empty cells or short words. `alike`
    cells, if they are over `alike_percent`, that change in the same way are a find-and-replace.
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
    long_run: int = 10
    alike: int = 10
    alike_percent: int = 2
    cut: int = 3
    exchanged: int = 4
    may_change: frozenset[str] = frozenset(
        {"source", "source_url", "source_date", "last_checked", "field_sources"}
    )
    """A round of checks or a new edition changes all of these, often to one value."""


BRAKES = Thresholds()

Cells = NDArray[np.object_]


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
    # How exactly a listing is placed follows from its address.
    moved = (was["address"] != now["address"]).to_numpy()
    now["location_precision"] = now["location_precision"].mask(moved, was["location_precision"])
    found = []
    before = {name: was[name].to_numpy(dtype=object) for name in NAMES if name != "id"}
    for name in NAMES:
        if name in ("id", *passed_over) or was[name].equals(now[name]):
            continue
        column = _Column(name, was[name].tolist(), now[name].tolist())
        first = _moved(column, before, limits) or next(_of_column(column, limits), None)
        if first:
            found.append(first)
    return _of_ids(found, len(order), limits)


def _of_ids(found: list[Brake], total: int, limits: Thresholds) -> tuple[Brake, ...]:
    """Put one brake on the ids where most columns have the cells of other rows."""
    exchanged = [brake for brake in found if brake.reason == _EXCHANGED]
    if len(exchanged) < limits.exchanged or "name" not in {brake.column for brake in exchanged}:
        return tuple(found)
    count = max(brake.count for brake in exchanged)
    sentence = (
        f"Column “id”: of {counted(total, 'listing')}, {count:,} would have the cells of another. "
        f"{_IDS_EXCHANGED}"
    )
    return Brake("id", count, total, sentence, _IDS_EXCHANGED), *(
        brake for brake in found if brake not in exchanged
    )


def _moved(column: _Column, before: Mapping[str, Cells], limits: Thresholds) -> Brake | None:
    """Stop where a column has the cells that another one had."""
    differ = column.where(lambda was, now: now not in ("", was))
    if len(differ) < limits.cut:
        return None
    now = np.array([column.now[i] for i in differ], object)
    for other in (name for name in before if name != column.name):
        alike = now == before[other][differ]
        if alike.sum() >= max(limits.cut, 0.9 * len(differ)):
            same = [i for i, is_alike in zip(differ, alike, strict=True) if is_alike]
            return _brake(
                column, same, column.was, f"would have the cell of the column “{other}”",
                "Two columns may have been exchanged, or only their names.",
            )  # fmt: skip
    return None


def _of_column(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    if column.name == "status":
        yield from _closed(column, limits)
    yield from _sorted_alone(column, limits)
    yield from _emptied(column, limits)
    yield from _series(column, limits)
    yield from _back(column, limits)
    yield from _dragged(column, limits)
    if BY_NAME[column.name].kind is not DATE and column.name not in _OURS:
        yield from _run_of_one(column, limits)
    if column.name not in limits.may_change:
        yield from _cut(column, limits)
        yield from _replaced(column, limits)
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
            column, emptied, filled, "would be empty", _DELETED,
        )  # fmt: skip


def _sorted_alone(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    """Stop where the same cells stand in another order."""
    differ = column.where(lambda was, now: was != now)
    alike = Counter(column.was[i] for i in differ) & Counter(column.now[i] for i in differ)
    if len(differ) >= limits.run and alike.total() >= 0.9 * len(differ):
        yield _brake(
            column, differ, column.was, "would have the cell of another row", _EXCHANGED,
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
    """Stop where many cells get one value; of a source, where it takes the place of several."""
    differ = column.where(lambda was, now: was != now and now != "")
    values = Counter(column.now[i] for i in differ)
    value, number = values.most_common(1)[0] if values else ("", 0)
    if number < limits.same or not _is_over(limits.dragged, [*range(number)], column.was):
        return
    same = [i for i in differ if column.now[i] == value]
    if column.name in limits.may_change:
        replaced = {column.was[i] for i in same}
        if BY_NAME[column.name].kind is DATE or len(replaced) < limits.same:
            return
    yield _one_value(column, same, value)


def _one_value(column: _Column, same: Sequence[int], value: str) -> Brake:
    if not value:
        return _brake(column, same, column.was, "would be empty", _DELETED)
    return _brake(
        column, same, column.was, f"would all be “{value[:_SHOWN]}”",
        "One cell may have been dragged down over the others.",
    )  # fmt: skip


def _run_of_one(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    """Stop where cells that stand one under the other get one value.

    A source may be that of many; it was dragged if the cell above them had it before.
    """
    is_source = column.name in limits.may_change
    is_short = column.name in _SAID_ALIKE or BY_NAME[column.name].kind is YES_OR_NO
    for value, group in groupby(range(len(column.now)), key=column.now.__getitem__):
        cells = list(group)
        run = [i for i in cells if column.was[i] != value]
        least = limits.same if value and not is_short and not is_source else limits.long_run
        if len(run) >= least and not (is_source and run[0] == cells[0]):
            yield _one_value(column, run, value)


def _replaced(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    """Stop where the same words of many cells become the same others, or only their capitals do."""
    if BY_NAME[column.name].kind is YES_OR_NO:
        return
    filled = column.where(lambda was, _: was != "")
    split = _ids if BY_NAME[column.name].several else _WORD.findall
    ways: dict[tuple[str, str], list[int]] = {}
    for i in column.where(lambda was, now: was not in ("", now) and now != ""):
        ways.setdefault(_way(column.was[i], column.now[i], split), []).append(i)
    (gone, come), cells = max(ways.items(), key=lambda way: len(way[1]), default=(("", ""), []))
    if (
        (gone or come)
        and len(cells) >= limits.alike
        and _is_over(limits.alike_percent, cells, filled)
    ):
        instead = f"have “{come}” instead of “{gone}”" if gone and come else f"lose “{gone}”"
        what = instead if gone else f"have “{come}” too"
        yield _brake(
            column, cells, filled, "would change only their capitals" if gone == come else
            f"would {what}", "It may have been changed in the whole column at once.",
        )  # fmt: skip


_WORD = re.compile(r"\w[\w-]*|[^\w\s]")


def _ids(cell: str) -> list[str]:
    return cell.split(SEPARATOR)


def _way(was: str, now: str, split: Callable[[str], list[str]]) -> tuple[str, str]:
    """Return the words that go and those that come; both are "Aa" where only capitals change."""
    if was.casefold() == now.casefold():
        return "Aa", "Aa"
    before, after = split(was), split(now)
    gone = " ".join(dict.fromkeys(word for word in before if word not in after))
    come = " ".join(dict.fromkeys(word for word in after if word not in before))
    return gone[:_SHOWN], come[:_SHOWN]


def _cut(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    """Stop where many cells lose their end, or some break off after as many characters."""
    filled = column.where(lambda was, _: was != "")
    shorter = column.where(lambda was, now: len(was) > len(now) > 0 and was.startswith(now))
    lengths = Counter(len(column.now[i]) for i in shorter)
    length, number = lengths.most_common(1)[0] if lengths else (0, 0)
    what = ""
    if len(shorter) >= limits.alike and _is_over(limits.alike_percent, shorter, filled):
        what = "would lose their end"
    elif number >= limits.cut and length >= _SHOWN:
        what = f"would break off after {length:,} characters"
        shorter = [i for i in shorter if len(column.now[i]) == length]
    if what:
        reason = "A program may have cut off what was longer."
        yield _brake(column, shorter, filled, what, reason)


def _back(column: _Column, limits: Thresholds) -> Iterator[Brake]:
    """Stop where many days become earlier ones: a listing is confirmed later, not earlier."""
    if BY_NAME[column.name].kind not in (DATE, MONTH_OR_DAY):
        return
    dated = column.where(lambda was, _: was != "")
    back = column.where(lambda was, now: "" < now < was[: len(now)])
    if len(back) >= limits.run and _is_over(limits.alike_percent, back, dated):
        yield _brake(
            column, back, dated, "would go back to an earlier day",
            "Day and month may have been exchanged, or be counted from another year.",
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

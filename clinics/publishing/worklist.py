"""What most needs a keeper, and how complete and how fresh a directory is. Counts, no drawing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from clinics.domain.columns import COLUMNS, NAMES
from clinics.domain.language import named, say
from clinics.domain.model import AGING_DAYS, FRESH_DAYS, Clinic, Freshness, Precision
from clinics.domain.words import as_dated, day
from clinics.search.dataset import NEVER, Dataset, clinic_from_cells

URGENCY: Mapping[str, int] = MappingProxyType(
    {
        "correction": 1000,
        "phone": 400,
        "address": 200,
        "approximate": 100,
        "not dated": 60,
        "old": 40,
        "aging": 20,
    }
)
"""How much each need adds. Each is more than all that can come after it together, so that the
order of needs is the order of the list: a listing has only one of the last three."""

NEEDS = {
    "phone": "No telephone",
    "address": "No street address",
    "approximate": "Only an approximate position",
    "not dated": "Never confirmed by us, and its source has no date",
}

COUNTED = {column.name: column.label for column in COLUMNS if column.counted}
"""The columns a visitor cares about, and what they are called in figures."""


@dataclass(frozen=True, slots=True)
class Task:
    """A listing that needs a keeper, why in words, and how much: the sum of its URGENCY."""

    clinic: Clinic
    reasons: tuple[str, ...]
    urgency: int


def worklist(
    dataset: Dataset,
    waiting: Iterable[str],
    today: dt.date,
    limit: int | None = None,
    *,
    offset: int = 0,
) -> tuple[Task, ...]:
    """Return the listings that need a keeper, the most needing first, at most `limit`.

    `waiting` holds the clinic of each waiting correction. Of the same urgency the one with the
    oldest date comes first, then by name. A closed listing is only here for a correction.
    """
    corrections = _corrections(dataset, waiting)
    needs = _needs(dataset, corrections, today)
    urgency = _urgency(needs)
    order = np.lexsort((dataset.name_rank, _newest(dataset), -urgency))
    rows = order[: int((urgency > 0).sum())][offset:][:limit]
    cells = dataset.table.iloc[rows].to_numpy().tolist()
    return tuple(
        _task(texts, corrections, {n for n in needs if needs[n][row]}, int(urgency[row]))
        for row, texts in zip(rows.tolist(), cells, strict=True)
    )


def tasks_in_all(dataset: Dataset, waiting: Iterable[str], today: dt.date) -> int:
    """Return how many listings the whole worklist has."""
    needs = _needs(dataset, _corrections(dataset, waiting), today)
    return int((_urgency(needs) > 0).sum())


def _corrections(dataset: Dataset, waiting: Iterable[str]) -> Counter[str]:
    return Counter(id for id in waiting if id in dataset.row_of)


def _urgency(needs: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.int64]:
    return np.asarray(sum(URGENCY[need] * has.astype(np.int64) for need, has in needs.items()))


def _task(texts: list[str], corrections: Counter[str], needs: set[str], urgency: int) -> Task:
    clinic = clinic_from_cells(dict(zip(NAMES, texts, strict=True)))
    return Task(clinic, _reasons(clinic, corrections[clinic.id], needs), urgency)


def _needs(
    dataset: Dataset, corrections: Mapping[str, int], today: dt.date
) -> dict[str, NDArray[np.bool_]]:
    """Tell for each need which rows have it."""
    table = dataset.table
    corrected = np.zeros(len(dataset), dtype=bool)
    corrected[[dataset.row_of[id] for id in corrections]] = True
    checked = freshness(_newest(dataset), today)
    needs = {
        "phone": (table["phone"] == "").to_numpy(bool),
        "address": (table["address"] == "").to_numpy(bool),
        "approximate": _approximate(dataset),
        "not dated": checked[Freshness.NOT_DATED],
        "old": checked[Freshness.OLD],
        "aging": checked[Freshness.AGING],
    }
    shown = (table["status"] != "closed").to_numpy(bool) | corrected
    return {"correction": corrected, **{need: has & shown for need, has in needs.items()}}


def _reasons(clinic: Clinic, corrections: int, needs: set[str]) -> tuple[str, ...]:
    reasons = [words for need, words in NEEDS.items() if need in needs]
    if corrections:
        several = f"{corrections} corrections are waiting"
        reasons.insert(0, several if corrections > 1 else "A correction is waiting")
    if needs & {"old", "aging"}:
        ago = f"more than {AGING_DAYS if 'old' in needs else FRESH_DAYS} days ago"
        reasons.append(f"{_last_known(clinic)}, {ago}")
    return tuple(reasons)


def _last_known(clinic: Clinic) -> str:
    if clinic.last_checked:
        return f"Last confirmed by us on {day(clinic.last_checked)}"
    return f"Never confirmed by us; its source is of {as_dated(clinic.source_date)}"


def _newest(dataset: Dataset) -> NDArray[np.int32]:
    """Return the later of the day of our check and that of the source; NEVER without either."""
    return np.maximum(dataset.checked, dataset.sourced)


def freshness(dates: NDArray[np.int32], today: dt.date) -> dict[Freshness, NDArray[np.bool_]]:
    """Tell for each freshness which days have it, by the rule of `Clinic.freshness`."""
    dated = dates != NEVER
    days = (today - dt.date(1970, 1, 1)).days - np.where(dated, dates, 0)
    return {
        Freshness.FRESH: dated & (days <= FRESH_DAYS),
        Freshness.AGING: dated & (days > FRESH_DAYS) & (days <= AGING_DAYS),
        Freshness.OLD: dated & (days > AGING_DAYS),
        Freshness.NOT_DATED: ~dated,
    }


def _approximate(dataset: Dataset) -> NDArray[np.bool_]:
    return (dataset.table["location_precision"] != Precision.STREET.value).to_numpy(bool)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of figures: what is counted, and how many of each list have it, in their order."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete and how fresh a directory is, by list (category) in the vocabulary's order.

    `totals` are the listings of each list; each row of figures has one count a list.
    """

    lists: tuple[str, ...]
    totals: tuple[int, ...]
    stated: tuple[Row, ...]
    checked: tuple[Row, ...]
    positions: tuple[Row, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """Name each list with its listings: "Other mental health care: 204"."""
        pairs = zip(self.lists, self.totals, strict=True)
        return tuple(f"{label}: {total:,}" for label, total in pairs)

    def words(self, row: Row) -> tuple[str, ...]:
        """Say a row's counts, each as a share of its list: "25 (96%)"."""
        return tuple(share(n, total) for n, total in zip(row.counts, self.totals, strict=True))


def share(count: int, total: int) -> str:
    """Say a part of a whole: "25 (96%)"; "100%" and "0%" only where that is exactly so."""
    percent = round(100 * count / total)
    if 0 < count < total:
        percent = min(max(percent, 1), 99)
    return f"{count:,} ({percent}%)"


def completeness(dataset: Dataset, today: dt.date) -> Completeness:
    """Count, for each list that has listings, what they state, how fresh and how exact they are."""
    category = dataset.table["category"].to_numpy()
    lists = {c.label: category == c.id for c in dataset.vocabulary.categories}
    lists = {label: rows for label, rows in lists.items() if rows.any()}

    def row(label: str, has: NDArray[np.bool_]) -> Row:
        return Row(label, tuple(int((has & rows).sum()) for rows in lists.values()))

    table, vague = dataset.table, _approximate(dataset)
    fresh = freshness(dataset.checked, today)
    return Completeness(
        lists=tuple(lists),
        totals=tuple(int(rows.sum()) for rows in lists.values()),
        stated=tuple(
            row(named(f"columns.{c}", label), (table[c] != "").to_numpy(bool))
            for c, label in COUNTED.items()
        ),
        checked=tuple(row(words, fresh[age]) for age, words in freshness_words().items()),
        positions=(row(say("about.at_street"), ~vague), row(say("about.approximate"), vague)),
    )


def freshness_words() -> Mapping[Freshness, str]:
    """Return what each freshness is called in figures."""
    return {
        Freshness.FRESH: say("about.fresh", days=FRESH_DAYS),
        Freshness.AGING: say("about.aging", from_days=FRESH_DAYS + 1, to_days=AGING_DAYS),
        Freshness.OLD: say("about.old"),
        Freshness.NOT_DATED: say("about.not_dated"),
    }

"""Counting every option of every filter, against pandas that counts the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from clinics.domain.columns import SEPARATOR
from clinics.domain.model import Place
from clinics.search.dataset import Dataset
from clinics.search.query import COLUMN_OF, Query
from clinics.search.search import count_facets
from lab.benchmarks.made_up_clinics import dataset_of, made_up, places, words
from lab.benchmarks.measure import Json, rounds

TARGET_MS = 5.0
QUERIES = {
    "nothing chosen": Query(),
    "a condition and a payment": Query(condition=("ptsd",), payment=("medicaid",)),
}
Counts = Mapping[str, Mapping[str, int]]


def ours(dataset: Dataset, query: Query, place: Place | None) -> Counts:
    """Count by our own code."""
    return count_facets(dataset, query, place)


def _chosen(query: Query, parameter: str) -> tuple[str, ...]:
    value = getattr(query, parameter)
    if parameter == "category":
        return query.categories(words())
    return value if isinstance(value, tuple) else tuple(filter(None, (value,)))


def by_explode(table: pd.DataFrame) -> Callable[[Query], Counts]:
    """Make the usual way: split the cells, explode, and let value_counts count."""

    def states_any(frame: pd.DataFrame, parameter: str, ids: tuple[str, ...]) -> pd.Series:
        cells = frame[COLUMN_OF[parameter]]
        return cells.str.contains(r"\b(?:" + "|".join(ids) + r")(?![\w-])", regex=True)

    def count(query: Query) -> Counts:
        counts = {}
        for parameter, column in COLUMN_OF.items():
            frame = table[table["status"] != "closed"]
            for other in COLUMN_OF:
                ids = _chosen(query, other)
                if other != parameter and ids:
                    frame = frame[states_any(frame, other, ids)]
            found = frame[column].str.split(SEPARATOR).explode().value_counts()
            ids_of = [option.id for option in words().options(column)]
            counts[parameter] = {id: int(found.get(id, 0)) for id in ids_of}
            if parameter in ("category", "setting"):
                counts[parameter][""] = len(frame)
        return counts

    return count


def by_dummies(table: pd.DataFrame) -> Callable[[Query], Counts]:
    """Make the prepared way: a column of yes and no for each option, made once, and sums."""
    made = {
        parameter: table[column].str.get_dummies(SEPARATOR).astype(bool).reindex(
            columns=[option.id for option in words().options(column)], fill_value=False
        )
        for parameter, column in COLUMN_OF.items()
    }  # fmt: skip
    is_open = table["status"] != "closed"

    def count(query: Query) -> Counts:
        counts = {}
        for parameter, options in made.items():
            keep = is_open.copy()
            for other, theirs in made.items():
                ids = _chosen(query, other)
                if other != parameter and ids:
                    keep &= theirs[list(ids)].any(axis=1)
            counts[parameter] = {id: int(number) for id, number in options[keep].sum().items()}
            if parameter in ("category", "setting"):
                counts[parameter][""] = int(keep.sum())
        return counts

    return count


def of_options(counts: Counts) -> Counts:
    """Return the counts that the peers make too: those of options of a column."""
    return {name: each for name, each in counts.items() if name in COLUMN_OF}


def run(number: int, times: int, budget_s: float, *, with_peers: bool = True) -> list[Json]:
    """Measure at one size: over the whole directory, and around a dense place."""
    clinics = made_up(number, "clustered")
    dataset = dataset_of(clinics)
    makers = {"pandas explode": by_explode, "pandas get_dummies": by_dummies} if with_peers else {}
    peers = {name: make(clinics.table) for name, make in makers.items()}
    where = places(clinics, times + 1, "dense")
    results: list[Json] = []
    for label, query in QUERIES.items():

        def look(_turn: int, answers: Mapping[str, object], label: str = label) -> None:
            counts: Counts = answers.get("ours", {})  # type: ignore[assignment]
            for name in peers.keys() & answers.keys() if counts else ():
                if answers[name] != of_options(counts):
                    raise AssertionError(f"{name} counts otherwise with {label}.")

        contenders: dict[str, Callable[[int], object]] = {
            "ours": lambda _turn, query=query: ours(dataset, query, None),
            **{name: lambda _turn, c=c, query=query: c(query) for name, c in peers.items()},
            "ours, around a place": lambda turn, query=query: ours(dataset, query, where[turn]),
        }
        measured = rounds(contenders, times, budget_s, look)
        figures = {name: each.as_json() for name, each in measured.items()}
        results.append({"clinics": number, "query": label, "times": figures})
    return results

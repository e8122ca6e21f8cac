"""What every version changed, cell by cell with its source, and how complete each version is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from clinics.domain import field_sources
from clinics.domain.columns import NAMES
from clinics.domain.csv_text import safe_csv_text
from clinics.domain.model import Precision
from clinics.domain.ports import Damaged, Store, VersionRecord
from clinics.domain.sources import Proposal
from clinics.domain.vocabulary import Vocabulary
from clinics.publishing.diff import FieldChange, compare
from clinics.publishing.proposals import body_of

HEADER = (
    "id", "clinic_id", "field", "previous_value", "replacement_value", "source", "source_url",
    "source_date", "decided_by", "decided_at",
)  # fmt: skip
"""The columns of the file, after the table `metadata` of the Human Services Data Specification."""

WHO = "keeper"
"""Who decided: nobody's name is public, and the file may be passed on."""

LISTING = "id"
"""The field of a change that adds a listing or takes one out."""

MOST_PUBLIC = 20
"""So many of the newest versions are told of to visitors."""

TableOf = Callable[[int], pd.DataFrame | None]
Row = tuple[str, ...]


def versions_of(
    store: Store, table_of: TableOf, most: int = 0
) -> Iterator[tuple[VersionRecord, pd.DataFrame]]:
    """Yield versions with their tables, the oldest first; one that is damaged is left out.

    With `most` they are only so many of the newest.
    """
    records: list[VersionRecord] = []
    page = store.versions()
    while page and not (most and len(records) >= most):
        records += page
        page = store.versions(before=page[-1].number)
    for record in reversed(records[: most or None]):
        table = table_of(record.number)
        if table is not None:
            yield record, table


def changes_csv(store: Store, table_of: TableOf, vocabulary: Vocabulary) -> str:
    """Return every change of every version as CSV, the oldest first; no cell of it is run."""
    return safe_csv_text([HEADER, *_rows(store, table_of, vocabulary)])


def public_changes_csv(
    store: Store, table_of: TableOf, vocabulary: Vocabulary, shown: pd.DataFrame
) -> str:
    """Return the changes of the newest versions for visitors.

    What a listing does not state any more, or one that is gone, was taken out for a reason: that
    it was is told, and not what it was.
    """
    now = _by_id(shown)
    rows = _rows(store, table_of, vocabulary, MOST_PUBLIC)
    return safe_csv_text([HEADER, *(_without_withdrawn(row, now) for row in rows)])


def _without_withdrawn(row: Row, now: Mapping[str, Mapping[str, str]]) -> Row:
    key, id, field, *_ = row
    if field == LISTING or (id in now and now[id][field]):
        return row
    return (key, id, field, "", "", *row[5:])


def empty_csv() -> str:
    """Return the file of a service that keeps no versions."""
    return safe_csv_text([HEADER])


def _rows(store: Store, table_of: TableOf, vocabulary: Vocabulary, most: int = 0) -> Iterator[Row]:
    pages = _pages(store.proposals())
    before: pd.DataFrame | None = None
    for record, table in versions_of(store, table_of, most):
        if before is not None:
            made = _Made(record, pages, vocabulary)
            yield from made.rows(before, table)
        before = table


def _pages(proposals: Sequence[Proposal]) -> Mapping[tuple[str, str, str], str]:
    """Return the page of what sources proposed, by listing, field and source."""
    pages = {}
    for one in proposals:
        try:
            pages[(one.clinic_id, one.field, one.source)] = body_of(one).url
        except Damaged:  # all else can be told
            continue
    return pages


@dataclass(frozen=True, slots=True)
class _Made:
    """What one version changed."""

    record: VersionRecord
    pages: Mapping[tuple[str, str, str], str]
    vocabulary: Vocabulary

    def rows(self, before: pd.DataFrame, after: pd.DataFrame) -> Iterator[Row]:
        review = compare(before, after)
        told = {*review.added, *(change.id for change in review.changed)}
        now = _by_id(after[after["id"].isin(told)]) if told else {}
        for id in review.added:
            yield self._row(id, FieldChange(LISTING, "", id), now[id])
        for change in review.changed:
            for field in change.fields:
                if field.column != field_sources.COLUMN:
                    yield self._row(change.id, field, now[change.id])
        for id in review.gone:
            yield self._row(id, FieldChange(LISTING, id, ""), None)

    def _row(self, id: str, change: FieldChange, listing: Mapping[str, str] | None) -> Row:
        at = self.record.published.astimezone(dt.UTC)
        said = self._source(id, change.column, listing) if listing else (WHO, "", f"{at.date()}")
        return (
            f"{self.record.number}-{id}-{change.column}", id, change.column, change.old, change.new,
            *said, WHO, at.isoformat(timespec="seconds"),
        )  # fmt: skip

    def _source(self, id: str, column: str, listing: Mapping[str, str]) -> Row:
        """Return who says a cell, where and when; else what the whole listing says of that."""
        fields = field_sources.fields_of([column])
        said = field_sources.read(listing[field_sources.COLUMN])
        for field in fields & said.keys():
            source, day = said[field].source, said[field].day.isoformat()
            known = self.vocabulary.fact_sources.get(source)
            usual = known.page(listing["npi"]) if known else ""
            return source, self.pages.get((id, field, source)) or usual, day
        return listing["source"], listing["source_url"], listing["source_date"]


def _by_id(table: pd.DataFrame) -> dict[str, dict[str, str]]:
    rows = table[list(NAMES)].itertuples(index=False, name=None)
    return {row[0]: dict(zip(NAMES, row, strict=True)) for row in rows}


@dataclass(frozen=True, slots=True)
class Complete:
    """How many listings of a version that are not closed have a fact, by what is counted."""

    number: int
    published: dt.datetime
    listings: int
    counts: Mapping[str, int]


COUNTED = ("A telephone", "A street address", "A position at its street", "A date of its source",
           "Confirmed by us")  # fmt: skip
"""What is counted over time, in order."""


def completeness_over_time(store: Store, table_of: TableOf, most: int) -> tuple[Complete, ...]:
    """Return how complete the newest versions are, at most so many, the newest first."""
    found = [_complete(record, table) for record, table in versions_of(store, table_of, most)]
    return tuple(reversed(found))


def _complete(record: VersionRecord, table: pd.DataFrame) -> Complete:
    shown = table[table["status"] != "closed"]
    has = (
        shown["phone"] != "",
        shown["address"] != "",
        shown["location_precision"] == Precision.STREET.value,
        shown["source_date"] != "",
        shown["last_checked"] != "",
    )
    counts = {words: int(flags.sum()) for words, flags in zip(COUNTED, has, strict=True)}
    return Complete(record.number, record.published, len(shown), counts)

"""A long answer in pages: how many there are, and which one has a clinic."""

from __future__ import annotations

from dataclasses import dataclass

from clinics.domain.model import Place
from clinics.search.dataset import Dataset
from clinics.search.query import Query
from clinics.search.search import Results, rank_of, search

PAGE_SIZE = 25
"""Clinics on a page."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer; `number` counts from 1 and is at most `pages`."""

    results: Results
    number: int
    pages: int

    @property
    def first(self) -> int:
        """The number of its first clinic, from 1."""
        return (self.number - 1) * PAGE_SIZE + 1


def page_of(
    dataset: Dataset, query: Query, place: Place | None, number: int, *, facets: bool = False
) -> Page:
    """Answer a query with the page of this number, from 1, or the last one if it has fewer."""
    offset = (number - 1) * PAGE_SIZE
    results = search(dataset, query, place, limit=PAGE_SIZE, offset=offset, facets=facets)
    pages = max(1, -(-results.listed // PAGE_SIZE))
    if number > pages:
        return page_of(dataset, query, place, pages, facets=facets)
    return Page(results, number, pages)


def page_with_chosen(dataset: Dataset, query: Query, place: Place | None) -> int | None:
    """Return the number of the page that the chosen clinic is on; None when it is on none."""
    rank = rank_of(dataset, query, place, query.clinic)
    return None if rank is None else 1 + rank // PAGE_SIZE

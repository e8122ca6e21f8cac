"""Finding clinics: (Dataset, Query, Place) -> Results.

Every step works
on whole arrays; only the clinics that are shown become objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from clinics.domain.model import Clinic, Place
from clinics.places.distance import Flags, Floats
from clinics.places.index import EDGE_MILES, Rows
from clinics.search.dataset import Dataset
from clinics.search.filters import Reach, count_facets, passes, silent, total
from clinics.search.query import BANDS, Query

__all__ = ["Hit", "NextStep", "Results", "count_facets", "rank_of", "search"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A clinic in an answer. `matches` is whether it states the chosen conditions.

    `listing` is the clinic, or its row in `dataset`: it is read when somebody first looks at it.
    """

    listing: Clinic | int
    distance_miles: float | None
    matches: str = "stated"
    dataset: Dataset | None = field(default=None, repr=False)

    @property
    def clinic(self) -> Clinic:
        """Return the clinic."""
        if self.dataset is None or isinstance(self.listing, Clinic):
            return cast(Clinic, self.listing)
        return self.dataset.clinic(self.listing)


@dataclass(frozen=True, slots=True)
class NextStep:
    """A search that finds something, for one click: the query and how many it shows."""

    query: Query
    total: int


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query.

    `hits` is the requested page of the `total` clinics that match; `unstated` are clinics within
    reach that do not say what they treat (only filled when the query includes them), and
    `unstated_total` is always their number. `facets` gives, for each option of each filter, how
    many clinics a click on it would show. With nothing in reach, `nearest_beyond` is the nearest
    that matches and `wider` the next radius that has any; `other_care` is how much of the other
    category is within reach.
    """

    query: Query
    categories: tuple[str, ...]
    place: Place | None
    total: int
    hits: tuple[Hit, ...]
    unstated_total: int
    unstated: tuple[Hit, ...]
    nearest_beyond: Hit | None
    wider: NextStep | None
    other_care: NextStep | None
    facets: Mapping[str, Mapping[str, int]]

    @property
    def shown(self) -> tuple[Hit, ...]:
        """Every clinic of this page, in the order it is listed and numbered."""
        return self.hits + self.unstated


@dataclass(frozen=True, slots=True)
class _Listed:
    """Rows in the order they are listed, and their miles (None without a place)."""

    rows: Rows
    miles: Floats | None


def search(
    dataset: Dataset,
    query: Query,
    place: Place | None = None,
    *,
    limit: int | None = None,
    offset: int = 0,
    facets: bool = True,
) -> Results:
    """Answer a query; distances are geodesic miles from `place`, exact to a meter.

    Without a place every distance is None and `within` does not apply. `limit` and `offset` page
    through the hits, then the unstated; counts are always of the whole answer.
    """
    reach = Reach(dataset, place, query.within)
    matching, unstated = passes(query, reach), silent(query, reach)
    count, unstated_count = int(np.count_nonzero(matching)), int(np.count_nonzero(unstated))
    end = None if limit is None else offset + limit
    rest = max(0, offset - count), None if end is None else max(0, end - count)
    nearest = None if count else _nearest_beyond(dataset, query, place)
    with_unstated = query.unstated == "include"
    return Results(
        query=query,
        categories=query.categories(dataset.vocabulary),
        place=place,
        total=count,
        hits=_hits(query, reach, matching, (offset, end), "stated"),
        unstated_total=unstated_count,
        unstated=_hits(query, reach, unstated, rest, "not stated") if with_unstated else (),
        nearest_beyond=nearest,
        wider=_wider(dataset, query, place, nearest),
        other_care=_other_care(query, reach),
        facets=count_facets(dataset, query, place, reach) if facets else {},
    )


def _hits(
    query: Query, reach: Reach, keep: Flags, page: tuple[int, int | None], matches: str
) -> tuple[Hit, ...]:
    start, end = page
    found = _ordered(query, reach, keep, end)
    rows = found.rows[start:end].tolist()
    miles = [None] * len(rows) if found.miles is None else found.miles[start:end].tolist()
    return tuple(map(Hit, rows, miles, repeat(matches), repeat(reach.dataset)))


def _ordered(query: Query, reach: Reach, keep: Flags, end: int | None = None) -> _Listed:
    """Sort by the query's order; ties by distance, then name, then place in the file.

    With an `end`, only so many are sure to be in it.
    """
    places = _leading(query, reach, np.flatnonzero(keep), end)
    rows = reach.near.rows(places)
    exact = reach.near.miles(places) if reach.near.origin else None
    miles = np.zeros(len(rows)) if exact is None else np.round(exact, 6)
    names = reach.dataset.name_rank[rows]
    keys: dict[str, tuple[NDArray[Any], ...]] = {
        "distance": (names, miles),
        "name": (miles, names),
        "checked": (names, miles, -reach.dataset.checked[rows].astype(np.float64)),
    }
    order = np.lexsort((rows, *keys[query.sort]))
    return _Listed(rows[order], None if exact is None else exact[order])


def _leading(query: Query, reach: Reach, places: Rows, end: int | None) -> Rows:
    """Return the places that can be among the first `end` in the query's order."""
    if end is None or end >= len(places):
        return places
    if end <= 0:
        return places[:0]
    if query.sort == "distance" and reach.near.origin:
        return reach.near.nearest(places, end)
    by_name = query.sort != "checked"
    keys = reach.dataset.name_rank if by_name else -reach.dataset.checked.astype(np.float64)
    ranks = keys[reach.near.rows(places)]
    return np.asarray(places[ranks <= np.partition(ranks, end - 1)[end - 1]])


def _nearest_beyond(dataset: Dataset, query: Query, place: Place | None) -> Hit | None:
    """Return the nearest clinic that passes every filter but distance."""
    if place is None or query.within is None:
        return None
    by_distance = replace(query, sort="distance")
    for radius in dataset.index.radii(query.within):
        reach = Reach(dataset, place, radius)
        hits = _hits(by_distance, reach, passes(query, reach), (0, 1), "stated")
        if hits:
            return hits[0]
    return None


def rank_of(dataset: Dataset, query: Query, place: Place | None, id: str) -> int | None:
    """Return the position of a clinic in the answer, from 0; None when it is not in it."""
    row = dataset.row_of.get(id)
    reach = Reach(dataset, place, query.within)
    rows = _ordered(query, reach, passes(query, reach)).rows
    if query.unstated == "include":
        rows = np.append(rows, _ordered(query, reach, silent(query, reach)).rows)
    places = [] if row is None else np.flatnonzero(rows == row).tolist()
    return int(places[0]) if places else None


def _wider(
    dataset: Dataset, query: Query, place: Place | None, nearest: Hit | None
) -> NextStep | None:
    """Return the next distance on offer that shows something: the first that has the nearest."""
    if nearest is None or nearest.distance_miles is None or query.within is None:
        return None
    least = nearest.distance_miles - EDGE_MILES  # so near to a distance only counting is sure
    for band in BANDS:
        if band is None or (band > query.within and band >= least):
            count = total(dataset, replace(query, within=band), place)
            if count:
                return NextStep(replace(query, within=band, clinic=""), count)
    return None


def _other_care(query: Query, reach: Reach) -> NextStep | None:
    """Return the search for all care of the categories not asked for, within the same reach."""
    dataset = reach.dataset
    asked = query.categories(dataset.vocabulary)
    others = tuple(id for id in dataset.bits["category"] if id not in asked)
    if not others:
        return None
    main = (dataset.vocabulary.main_category,)
    category = () if others == main else others
    plain = Query(near=query.near, within=query.within, category=category)
    count = int(np.count_nonzero(passes(plain, reach)))
    return NextStep(plain, count) if count else None

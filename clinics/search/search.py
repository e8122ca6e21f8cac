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

from clinics.domain.model import Clinic, Place, Point
from clinics.places.distance import MOST_VAGUE_MILES, Flags, Floats, order_miles
from clinics.places.index import EDGE_MILES, Rows
from clinics.search.dataset import VAGUENESS, Dataset
from clinics.search.filters import (
    Reach,
    count_facets,
    counted_sets,
    emptied_by,
    judged,
    listed,
    of_kind,
    passes,
    total,
    unstated,
)
from clinics.search.query import BANDS, COLUMN_OF, Query

__all__ = ["Hit", "NextStep", "Results", "count_facets", "rank_of", "search"]


MOST_LIFTS = 2
"""At most so many searches without some filter are offered."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A clinic in an answer. `matches` is whether it states everything that was asked for.

    `listing` is the clinic, or its row in `dataset`: it is read when somebody first looks at it.
    `asked` has the filters that it may state nothing for, `origin` is where its distance is from.
    """

    listing: Clinic | int
    distance_miles: float | None
    matches: str = "stated"
    dataset: Dataset | None = field(default=None, repr=False)
    asked: tuple[str, ...] = ()
    origin: Point | None = field(default=None, repr=False)

    @property
    def clinic(self) -> Clinic:
        """Return the clinic."""
        if self.dataset is None or isinstance(self.listing, Clinic):
            return cast(Clinic, self.listing)
        return self.dataset.clinic(self.listing)

    @property
    def not_stated(self) -> tuple[str, ...]:
        """Return the filters in use that it states nothing for."""
        return tuple(name for name in self.asked if not self.clinic.value(COLUMN_OF[name]))

    @property
    def across(self) -> str:
        """Return what to say of the water that the straight line crosses; "" without any."""
        if self.dataset is None or self.origin is None:
            return ""
        return self.dataset.across(self.origin, self.clinic.point)


@dataclass(frozen=True, slots=True)
class NextStep:
    """A search that finds something, for one click: the query and how many it shows.

    `lifted` are the filters it goes without; `unstated` of the clinics state nothing there.
    """

    query: Query
    total: int
    lifted: tuple[str, ...] = ()
    unstated: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a query.

    `hits` is the requested page of the `total` clinics that match; `unstated` are clinics within
    reach that fit but state nothing for some filter (only filled when the query includes them),
    `unstated_total` is always their number, and `silent_on` how many of them state nothing for the
    same filters. Of all that are listed, `phones` state a telephone number. `facets` gives, for
    each option of each filter, how many clinics have it and pass the other filters.

    `other_care` is the same question in the categories not asked for. With nothing that matches,
    `lifts` are the same without the fewest filters that leave nothing, `nearest_beyond` is the
    nearest that matches, `wider` the next radius that has any, `any_care` all of the other
    categories, and `fresh` all of the category asked for.
    """

    query: Query
    categories: tuple[str, ...]
    place: Place | None
    total: int
    hits: tuple[Hit, ...]
    unstated_total: int
    unstated: tuple[Hit, ...]
    silent_on: Mapping[tuple[str, ...], int]
    phones: int
    nearest_beyond: Hit | None
    other_care: NextStep | None
    lifts: tuple[NextStep, ...]
    wider: NextStep | None
    any_care: NextStep | None
    fresh: NextStep | None
    facets: Mapping[str, Mapping[str, int]]

    @property
    def shown(self) -> tuple[Hit, ...]:
        """Every clinic of this page, in the order it is listed and numbered."""
        return self.hits + self.unstated

    @property
    def listed(self) -> int:
        """How many clinics all pages of the answer list."""
        return self.total + (self.unstated_total if self.query.unstated == "include" else 0)


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
    found = judged(query, reach)
    matching, silent = found.matching, found.silent
    count, silent_count = _count(matching), _count(silent)
    end = None if limit is None else offset + limit
    rest = max(0, offset - count), None if end is None else max(0, end - count)
    asked = query.may_be_unstated
    with_silent = query.unstated == "include"
    steps = _steps_from_nothing(dataset, query, place, reach, silent) if not count else _NO_STEPS
    return Results(
        query=query,
        categories=query.categories(dataset.vocabulary),
        place=place,
        total=count,
        hits=_hits(query, reach, matching, (offset, end), "stated"),
        unstated_total=silent_count,
        unstated=_hits(query, reach, silent, rest, "not stated", asked) if with_silent else (),
        silent_on=_silent_on(reach, silent, asked),
        phones=_count((matching | silent if with_silent else matching) & reach.filled("phone")),
        other_care=_other_care(query, reach, found.elsewhere),
        facets=count_facets(dataset, query, place, reach) if facets else {},
        **steps,
    )


def _hits(
    query: Query,
    reach: Reach,
    keep: Flags,
    page: tuple[int, int | None],
    matches: str,
    asked: tuple[str, ...] = (),
) -> tuple[Hit, ...]:
    start, end = page
    found = _ordered(query, reach, keep, end)
    rows = found.rows[start:end].tolist()
    miles = [None] * len(rows) if found.miles is None else found.miles[start:end].tolist()
    same = repeat(matches), repeat(reach.dataset), repeat(asked), repeat(reach.near.origin)
    return tuple(map(Hit, rows, miles, *same))


def _ordered(query: Query, reach: Reach, keep: Flags, end: int | None = None) -> _Listed:
    """Sort by the query's order; ties by distance, then name, then place in the file.

    A distance counts as the farthest that its words can mean, so that of two that are said to be
    as far the one known better comes first. With an `end`, only so many are sure to be in it.
    """
    places = _leading(query, reach, np.flatnonzero(keep), end)
    rows = reach.near.rows(places)
    exact = reach.near.miles(places) if reach.near.origin else None
    near: tuple[NDArray[Any], ...] = ()
    if exact is not None:
        vagueness, miles = reach.dataset.vagueness[rows], np.round(exact, 6)
        near = miles, vagueness, order_miles(miles, vagueness)
    names = reach.dataset.name_rank[rows]
    keys: dict[str, tuple[NDArray[Any], ...]] = {
        "distance": (names, *near),
        "name": (*near, names),
        "checked": (names, *near, ~reach.dataset.recency[rows]),
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
        return reach.near.nearest(places, end, MOST_VAGUE_MILES)
    by_name = query.sort != "checked"
    keys = reach.dataset.name_rank if by_name else ~reach.dataset.recency
    ranks = keys[reach.near.rows(places)]
    return np.asarray(places[ranks <= np.partition(ranks, end - 1)[end - 1]])


def _nearest_beyond(dataset: Dataset, query: Query, place: Place | None) -> Hit | None:
    """Return the first clinic beyond the distance that passes every other filter."""
    if place is None or query.within is None:
        return None
    by_distance = replace(query, sort="distance")
    for radius in dataset.index.radii(query.within):
        reach = Reach(dataset, place, radius)
        hits = _hits(by_distance, reach, passes(query, reach), (0, 1), "stated")
        if hits and (radius is None or _order_miles(hits[0]) <= radius):
            return hits[0]
    return None


def _order_miles(hit: Hit) -> float:
    vagueness = np.array([VAGUENESS[hit.clinic.location_precision]], dtype=np.int8)
    return float(order_miles(np.array([hit.distance_miles]), vagueness)[0])


def rank_of(dataset: Dataset, query: Query, place: Place | None, id: str) -> int | None:
    """Return the position of a clinic in the answer, from 0; None when it is not in it."""
    row = dataset.row_of.get(id)
    reach = Reach(dataset, place, query.within)
    found = judged(query, reach)
    rows = _ordered(query, reach, found.matching).rows
    if query.unstated == "include":
        rows = np.append(rows, _ordered(query, reach, found.silent).rows)
    places = [] if row is None else np.flatnonzero(rows == row).tolist()
    return int(places[0]) if places else None


def _wider(
    dataset: Dataset, query: Query, place: Place | None, nearest: Hit | None
) -> NextStep | None:
    """Return the next distance on offer that shows something: the first that has the nearest."""
    if nearest is None or nearest.distance_miles is None or query.within is None:
        return None
    # One after it in the list may be nearer, and right at a distance only counting is sure.
    least = nearest.distance_miles - MOST_VAGUE_MILES - EDGE_MILES
    for band in BANDS:
        if band is None or (band > query.within and band >= least):
            count = total(dataset, replace(query, within=band), place)
            if count:
                return NextStep(replace(query, within=band, clinic=""), count)
    return None


def _other_care(query: Query, reach: Reach, elsewhere: Flags) -> NextStep | None:
    """Return the same search in the categories not asked for, if it finds something there."""
    dataset = reach.dataset
    asked = query.categories(dataset.vocabulary)
    others = tuple(id for id in dataset.bits["category"] if id not in asked)
    main = (dataset.vocabulary.main_category,)
    same = replace(query, category=() if others == main else others, clinic="")
    return _step(same, elsewhere)


def _steps_from_nothing(
    dataset: Dataset, query: Query, place: Place | None, reach: Reach, silent: Flags
) -> dict[str, Any]:
    """Return where to go on from a search that finds nothing."""
    nearest = _nearest_beyond(dataset, query, place)
    plain = query.without(*query.filters)
    kind = of_kind(plain, reach)
    fresh = _step(plain, kind)
    if query.filters and not fresh:
        fresh = _wider(dataset, plain, place, _nearest_beyond(dataset, plain, place))
    return {
        "nearest_beyond": nearest,
        "lifts": _lifts(query, reach, silent),
        "wider": _wider(dataset, query, place, nearest),
        "any_care": _other_care(plain, reach, listed(reach) & ~kind),
        "fresh": fresh if query.filters else None,
    }


_NO_STEPS: dict[str, Any] = {
    "nearest_beyond": None, "lifts": (), "wider": None, "any_care": None, "fresh": None,
}  # fmt: skip


def _lifts(query: Query, reach: Reach, silent: Flags) -> tuple[NextStep, ...]:
    """Return the searches without the fewest filters that leave nothing.

    Where all that one would show only state nothing there, it is left out: those are the unstated.
    """
    steps = []
    for lifted, found in emptied_by(query, reach):
        count, unstated_count = _count(found), _count(found & silent)
        if lifted and count > unstated_count:
            steps.append(NextStep(query.without(*lifted), count, lifted, unstated_count))
    return tuple(steps[:MOST_LIFTS])


def _silent_on(
    reach: Reach, silent: Flags, asked: tuple[str, ...]
) -> Mapping[tuple[str, ...], int]:
    """Count the unstated by the filters they state nothing for, most first."""
    places = np.flatnonzero(silent)
    codes = np.zeros(len(places), dtype=np.int64)
    for bit, name in enumerate(asked):
        codes += unstated(reach, name)[places] * np.int64(1 << bit)
    return counted_sets(codes, asked)


def _step(query: Query, found: Flags) -> NextStep | None:
    count = _count(found)
    return NextStep(query, count) if count else None


def _count(flags: Flags) -> int:
    return int(np.count_nonzero(flags))

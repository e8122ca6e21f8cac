"""Finding clinics: (Dataset, Query, Place) -> Results.

Owns filtering, order, counts and the next step when there is nothing; must not know who asks.
Every step works on whole arrays; only the clinics that are shown become objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clinics.dataset import WIDENING, Dataset
from clinics.geo import Floats, Rows
from clinics.model import Clinic, Place
from clinics.query import BANDS, COLUMN_OF, Query

Flags = NDArray[np.bool_]
FACETED = ("category", "condition", "treatment", "payment", "language", "setting")


@dataclass(frozen=True, slots=True)
class Hit:
    """A clinic in an answer. `matches` is whether it states the chosen conditions."""

    clinic: Clinic
    distance_miles: float | None
    matches: str = "stated"


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
class _Reach:
    """Rows the distance lets through and their miles (None without a place)."""

    rows: Rows
    miles: Floats | None

    def where(self, keep: Flags) -> _Reach:
        return _Reach(self.rows[keep], None if self.miles is None else self.miles[keep])


def search(
    dataset: Dataset,
    query: Query,
    place: Place | None = None,
    *,
    limit: int | None = None,
    offset: int = 0,
    facets: bool = True,
) -> Results:
    """Answer a query; distances are geodesic miles from `place`, exact to a metre.

    Without a place every distance is None and `within` does not apply. `limit` and `offset` page
    through the hits, then the unstated; counts are always of the whole answer.
    """
    reach = _reach(dataset, query.within, place)
    matching = reach.where(_passes(dataset, query, reach.rows))
    silent = _silent(dataset, query, reach)
    ordered = _ordered(dataset, query, matching)
    last = _ordered(dataset, query, silent) if query.unstated == "include" else _Reach(_NONE, None)
    end = None if limit is None else offset + limit
    rest = (
        max(0, offset - len(ordered.rows)),
        None if end is None else max(0, end - len(ordered.rows)),
    )
    return Results(
        query=query,
        categories=query.categories(dataset.vocabulary),
        place=place,
        total=len(matching.rows),
        hits=_hits(dataset, ordered, slice(offset, end), "stated"),
        unstated_total=len(silent.rows),
        unstated=_hits(dataset, last, slice(*rest), "not stated"),
        nearest_beyond=None if len(matching.rows) else _nearest_beyond(dataset, query, place),
        wider=None if len(matching.rows) else _wider(dataset, query, place),
        other_care=_other_care(dataset, query, reach),
        facets=count_facets(dataset, query, place, reach) if facets else {},
    )


_NONE: Rows = np.empty(0, dtype=np.int64)


def _reach(dataset: Dataset, within: float | None, place: Place | None) -> _Reach:
    if place is None:
        return _Reach(np.arange(len(dataset), dtype=np.int64), None)
    return _Reach(*dataset.index.within(place.point, within))


def _chosen(dataset: Dataset, query: Query, parameter: str) -> np.uint64:
    """Return the bits of the ids a parameter holds; an id unknown to the data adds none."""
    value = getattr(query, parameter)
    ids: Sequence[str] = value if isinstance(value, tuple) else (value,)
    if parameter == "category":
        ids = query.categories(dataset.vocabulary)
    bits = dataset.bits[COLUMN_OF[parameter]]
    return np.uint64(sum(int(bits[id]) for id in set(ids) if id in bits))


def _flags(dataset: Dataset, query: Query, parameter: str, rows: Rows) -> Flags:
    """Tell which rows pass one parameter."""
    chosen = _chosen(dataset, query, parameter)
    return _match(dataset, query, parameter, rows, chosen)


def _match(dataset: Dataset, query: Query, parameter: str, rows: Rows, chosen: np.uint64) -> Flags:
    stated = dataset.masks[COLUMN_OF[parameter]][rows] & chosen
    if parameter == "condition" and query.match == "all":
        return np.asarray(stated == chosen)
    return np.asarray(stated != 0)


def _passes(dataset: Dataset, query: Query, rows: Rows, *, skip: str = "") -> Flags:
    """Tell which rows pass every filter but distance (and but `skip`)."""
    keep = (dataset.masks["status"][rows] & dataset.bits["status"]["closed"]) == 0
    for parameter in FACETED:
        if parameter != skip and (parameter == "category" or getattr(query, parameter)):
            keep &= _flags(dataset, query, parameter, rows)
    if query.q:
        keep &= _mentions(dataset, query.q, rows)
    return np.asarray(keep)


def _mentions(dataset: Dataset, text: str, rows: Rows) -> Flags:
    found = dataset.search_text.iloc[rows].str.contains(text.casefold(), regex=False)
    return np.asarray(found, dtype=np.bool_)


def _silent(dataset: Dataset, query: Query, reach: _Reach) -> _Reach:
    """Return the rows within reach that pass all else but do not say what they treat."""
    if not query.condition:
        return _Reach(_NONE, None if reach.miles is None else np.empty(0))
    says_nothing = dataset.masks["conditions"][reach.rows] == 0
    return reach.where(says_nothing & _passes(dataset, query, reach.rows, skip="condition"))


def _ordered(dataset: Dataset, query: Query, found: _Reach) -> _Reach:
    """Sort by the query's order; ties by distance, then name, then place in the file."""
    rows = found.rows
    miles = np.zeros(len(rows)) if found.miles is None else np.round(found.miles, 6)
    names = dataset.name_rank[rows]
    keys = {
        "distance": (names, miles),
        "name": (miles, names),
        "checked": (names, miles, -dataset.checked[rows].astype(np.float64)),
    }
    order = np.lexsort((rows, *keys[query.sort]))
    return _Reach(rows[order], None if found.miles is None else found.miles[order])


def _hits(dataset: Dataset, found: _Reach, page: slice, matches: str) -> tuple[Hit, ...]:
    miles = found.miles
    return tuple(
        Hit(dataset.clinic(int(row)), None if miles is None else float(miles[i]), matches)
        for i, row in zip(range(len(found.rows))[page], found.rows[page], strict=True)
    )


def _nearest_beyond(dataset: Dataset, query: Query, place: Place | None) -> Hit | None:
    """Return the nearest clinic that passes every filter but distance."""
    if place is None or query.within is None:
        return None
    wider = [r for r in WIDENING if r > query.within]
    for radius in (*wider, None):
        reach = _reach(dataset, radius, place)
        found = reach.where(_passes(dataset, query, reach.rows))
        if len(found.rows):
            by_distance = _ordered(dataset, replace(query, sort="distance"), found)
            return _hits(dataset, by_distance, slice(0, 1), "stated")[0]
    return None


def rank_of(dataset: Dataset, query: Query, place: Place | None, id: str) -> int | None:
    """Return the position of a clinic in the answer, from 0; None when it is not in it."""
    row = dataset.row_of.get(id)
    reach = _reach(dataset, query.within, place)
    rows = _ordered(dataset, query, reach.where(_passes(dataset, query, reach.rows))).rows
    if query.unstated == "include":
        rows = np.append(rows, _ordered(dataset, query, _silent(dataset, query, reach)).rows)
    places = [] if row is None else np.flatnonzero(rows == row).tolist()
    return int(places[0]) if places else None


def _wider(dataset: Dataset, query: Query, place: Place | None) -> NextStep | None:
    """Return the next distance on offer that shows something."""
    if place is None or query.within is None:
        return None
    for band in BANDS:
        if band is None or band > query.within:
            total = _total(dataset, replace(query, within=band), place)
            if total:
                return NextStep(replace(query, within=band, clinic=""), total)
    return None


def _total(dataset: Dataset, query: Query, place: Place | None) -> int:
    reach = _reach(dataset, query.within, place)
    return int(np.count_nonzero(_passes(dataset, query, reach.rows)))


def _other_care(dataset: Dataset, query: Query, reach: _Reach) -> NextStep | None:
    """Return the search for all care of the categories not asked for, within the same reach."""
    asked = query.categories(dataset.vocabulary)
    others = tuple(id for id in dataset.bits["category"] if id not in asked)
    if not others:
        return None
    main = (dataset.vocabulary.main_category,)
    category = () if others == main else others
    plain = Query(near=query.near, within=query.within, category=category)
    total = int(np.count_nonzero(_passes(dataset, plain, reach.rows)))
    return NextStep(plain, total) if total else None


def count_facets(
    dataset: Dataset, query: Query, place: Place | None, reach: _Reach | None = None
) -> Mapping[str, Mapping[str, int]]:
    """Count, for every option of every filter, what a click on it would show.

    Choosing adds to what is chosen in the same filter; category, setting and distance replace it;
    for an option already chosen the count is the present total. The id "" is "no restriction".
    """
    here = reach or _reach(dataset, query.within, place)
    counts = {p: _count_options(dataset, query, p, here.rows) for p in FACETED}
    counts["within"] = _count_bands(dataset, query, place)
    return counts


def _count_options(dataset: Dataset, query: Query, parameter: str, rows: Rows) -> Mapping[str, int]:
    rows = rows[_passes(dataset, query, rows, skip=parameter)]
    adds = parameter not in ("category", "setting")
    chosen = _chosen(dataset, query, parameter) if adds else np.uint64(0)
    counts = {
        id: int(np.count_nonzero(_match(dataset, query, parameter, rows, chosen | bit)))
        for id, bit in dataset.bits[COLUMN_OF[parameter]].items()
    }
    return counts if adds else {**counts, "": len(rows)}


def _count_bands(dataset: Dataset, query: Query, place: Place | None) -> Mapping[str, int]:
    """Count what each distance on offer would show; every band alike without a place."""
    everywhere = _total(dataset, replace(query, within=None), None)
    names = {band: "any" if band is None else f"{band:g}" for band in BANDS}
    if place is None:
        return dict.fromkeys(names.values(), everywhere)
    edges = [band for band in BANDS if band is not None]
    widest = _Reach(*dataset.index.within(place.point, max(edges), edges))
    matching = widest.where(_passes(dataset, query, widest.rows))
    miles = np.sort(matching.miles) if matching.miles is not None else np.empty(0)
    return {
        name: everywhere if band is None else int(np.searchsorted(miles, band, side="right"))
        for band, name in names.items()
    }

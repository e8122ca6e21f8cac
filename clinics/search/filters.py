"""Which clinics pass the filters of a query, within its reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from clinics.domain.model import Place
from clinics.places.distance import Flags
from clinics.places.index import Rows
from clinics.search.dataset import Bit, Bits, Dataset
from clinics.search.query import BANDS, COLUMN_OF, REPEATABLE, Query


class Reach:
    """The clinics that a search looks at: all of them, or those that can be so near a place.

    `inside` says which of them are within the distance. Flags, and the places of `near`, are of
    these clinics, and each column is read once.
    """

    def __init__(self, dataset: Dataset, place: Place | None, within: float | None) -> None:
        self.dataset = dataset
        self.near = dataset.index.near(place.point if place else None, within)
        self.inside: Flags = self.near.within(within)
        self._columns: dict[str, Bits] = {}

    def stated(self, column: str) -> Bits:
        """Return the options that each clinic states in a column, as bits."""
        found = self._columns.get(column)
        if found is None:
            found = self._columns[column] = self.near.read(self.dataset.masks[column])
        return found


def chosen(dataset: Dataset, query: Query, parameter: str) -> Bit:
    """Return the bits of the ids a parameter holds; an id unknown to the data adds none."""
    value = getattr(query, parameter)
    ids: Sequence[str] = value if isinstance(value, tuple) else (value,)
    if parameter == "category":
        ids = query.categories(dataset.vocabulary)
    column = COLUMN_OF[parameter]
    bits = dataset.bits[column]
    total = sum(int(bits[id]) for id in set(ids) if id in bits)
    return dataset.masks[column].dtype.type(total)


def match(query: Query, parameter: str, stated: Bits, wanted: Bit) -> Flags:
    """Tell which of these stated options pass one parameter."""
    if parameter == "condition" and query.match == "all":
        return np.asarray((stated & wanted) == wanted)
    return np.asarray((stated & wanted) != 0)


def listed(reach: Reach) -> Flags:
    """Tell which clinics are within the distance and not closed."""
    closed = reach.dataset.bits["status"]["closed"]
    return np.asarray(reach.inside & ((reach.stated("status") & closed) == 0))


def passes(query: Query, reach: Reach, *, skip: str = "") -> Flags:
    """Tell which clinics are within the distance and pass every filter (but `skip`)."""
    keep = listed(reach)
    for parameter in COLUMN_OF:
        if parameter != skip and (parameter == "category" or getattr(query, parameter)):
            wanted = chosen(reach.dataset, query, parameter)
            keep &= match(query, parameter, reach.stated(COLUMN_OF[parameter]), wanted)
    if query.q:
        found = np.flatnonzero(keep)
        keep[found] = _mentions(reach.dataset, query.q, reach.near.rows(found))
    return keep


def _mentions(dataset: Dataset, text: str, rows: Rows) -> Flags:
    found = dataset.search_text.iloc[rows].str.contains(text.casefold(), regex=False)
    return np.asarray(found, dtype=np.bool_)


def silent(query: Query, reach: Reach) -> Flags:
    """Tell which clinics pass all else but do not say what they treat; none without a condition."""
    if not query.condition:
        return np.zeros(len(reach.inside), dtype=np.bool_)
    return np.asarray((reach.stated("conditions") == 0) & passes(query, reach, skip="condition"))


def total(dataset: Dataset, query: Query, place: Place | None) -> int:
    """Count the clinics that match a query."""
    return int(np.count_nonzero(passes(query, Reach(dataset, place, query.within))))


def count_facets(
    dataset: Dataset, query: Query, place: Place | None, reach: Reach | None = None
) -> Mapping[str, Mapping[str, int]]:
    """Count, for every option of every filter, what a click on it would show.

    Choosing adds to what is chosen in the same filter; category, setting and distance replace it;
    for an option already chosen the count is the present total. The id "" is "no restriction".
    """
    here = reach or Reach(dataset, place, query.within)
    counts = {parameter: _count_options(query, parameter, here) for parameter in COLUMN_OF}
    counts["within"] = _count_bands(dataset, query, place)
    return counts


def _count_options(query: Query, parameter: str, reach: Reach) -> Mapping[str, int]:
    column = COLUMN_OF[parameter]
    stated = reach.stated(column)[passes(query, reach, skip=parameter)]
    adds = parameter in REPEATABLE and parameter != "category"
    before = chosen(reach.dataset, query, parameter)
    counts = {
        id: int(np.count_nonzero(match(query, parameter, stated, before | bit if adds else bit)))
        for id, bit in reach.dataset.bits[column].items()
    }
    return counts if adds else {**counts, "": len(stated)}


def _count_bands(dataset: Dataset, query: Query, place: Place | None) -> Mapping[str, int]:
    """Count what each distance on offer would show; every band alike without a place."""
    everywhere = total(dataset, replace(query, within=None), None)
    names = {band: "any" if band is None else f"{band:g}" for band in BANDS}
    if place is None:
        return dict.fromkeys(names.values(), everywhere)
    widest = Reach(dataset, place, max(band for band in BANDS if band is not None))
    matching = passes(query, widest)

    def count(band: float) -> int:
        return int(np.count_nonzero(matching & widest.near.within(band)))

    return {name: everywhere if band is None else count(band) for band, name in names.items()}

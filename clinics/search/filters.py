"""Which clinics pass the filters of a query, within its reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from clinics.domain.model import Place
from clinics.places.distance import Flags
from clinics.places.index import Rows
from clinics.search.dataset import Bit, Bits, Dataset
from clinics.search.query import BANDS, COLUMN_OF, MAY_BE_UNSTATED, NEEDS, REPEATABLE, Query


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

    def filled(self, column: str) -> Flags:
        """Return which clinics state a column of text at all."""
        return self.near.read(self.dataset.filled[column])


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


def of_kind(query: Query, reach: Reach) -> Flags:
    """Tell which clinics are within the distance, not closed, and of the kind asked for."""
    return np.asarray(listed(reach) & fits(query, reach, "category"))


def fits(query: Query, reach: Reach, parameter: str) -> Flags:
    """Tell which clinics pass one parameter that has a column."""
    wanted = chosen(reach.dataset, query, parameter)
    return match(query, parameter, reach.stated(COLUMN_OF[parameter]), wanted)


def passes(query: Query, reach: Reach, *, skip: str = "") -> Flags:
    """Tell which clinics are within the distance and pass every filter (but `skip`)."""
    keep = listed(reach) if skip == "category" else of_kind(query, reach)
    for parameter in query.filters:
        if parameter not in (skip, "q"):
            keep &= _passing(query, reach, parameter)
    return _with_text(query, reach, keep) if skip != "q" else keep


@dataclass(frozen=True, slots=True)
class Judged:
    """Which clinics match, which fit but state nothing for some filter, and which match elsewhere.

    Elsewhere is in the categories that are not asked for.
    """

    matching: Flags
    silent: Flags
    elsewhere: Flags


def judged(query: Query, reach: Reach) -> Judged:
    """Judge every clinic of the reach by every filter, in one go."""
    sure = possible = listed(reach)
    for parameter in query.filters:
        if parameter == "q":
            continue
        passing = _passing(query, reach, parameter)
        sure = sure & passing
        silent = parameter in MAY_BE_UNSTATED
        possible = possible & (passing | unstated(reach, parameter) if silent else passing)
    possible = _with_text(query, reach, possible)
    sure, kind = sure & possible, fits(query, reach, "category")
    return Judged(sure & kind, (possible ^ sure) & kind, sure & ~kind)


def _passing(query: Query, reach: Reach, parameter: str) -> Flags:
    needed = NEEDS.get(parameter)
    return reach.filled(needed) if needed else fits(query, reach, parameter)


def _with_text(query: Query, reach: Reach, keep: Flags) -> Flags:
    """Leave only those that have the text of the query in name or town."""
    if query.q:
        places = np.flatnonzero(keep)
        keep = np.zeros(len(keep), dtype=np.bool_)
        keep[places] = mentions(reach, query.q, places)
    return keep


def mentions(reach: Reach, text: str, places: Rows) -> Flags:
    """Tell which of the clinics at some places have a text in name or town."""
    rows = reach.near.rows(places)
    found = reach.dataset.search_text.iloc[rows].str.contains(text.casefold(), regex=False)
    return np.asarray(found, dtype=np.bool_)


def unstated(reach: Reach, parameter: str) -> Flags:
    """Tell which clinics state nothing in the column of a parameter."""
    return np.asarray(reach.stated(COLUMN_OF[parameter]) == 0)


@dataclass(frozen=True, slots=True)
class Stating:
    """How many clinics there are, how many state an option, and how many state nothing there."""

    total: int
    stated: int
    silent: int


def stating(dataset: Dataset, query: Query, parameter: str, id: str) -> Stating:
    """Count who states an option, of all clinics of the kind that a query asks for."""
    reach = Reach(dataset, None, None)
    column = COLUMN_OF[parameter]
    stated = reach.stated(column)[of_kind(query, reach)]
    has = (stated & dataset.bits[column][id]) != 0
    return Stating(len(stated), int(np.count_nonzero(has)), int(np.count_nonzero(stated == 0)))


def emptied_by(query: Query, reach: Reach) -> Sequence[tuple[tuple[str, ...], Flags]]:
    """Return the fewest filters without which something is found, and the clinics of each.

    Of filters that leave nothing, a clinic fails some: those that fail the fewest are found when
    just these are lifted. The flags are of all clinics of the reach; most clinics first.
    """
    names = query.filters
    places = np.flatnonzero(of_kind(query, reach))
    failed = np.zeros(len(places), dtype=np.int64)
    for bit, name in enumerate(names):
        at_places = (
            mentions(reach, query.q, places)
            if name == "q"
            else _passing(query, reach, name)[places]
        )
        failed += ~at_places * np.int64(1 << bit)
    sets = counted_sets(failed, names)
    fewest = min(map(len, sets), default=0)
    found = []
    for lifted in (each for each in sets if len(each) == fewest):
        those = np.zeros(len(reach.inside), dtype=np.bool_)
        those[places[failed == sum(1 << names.index(name) for name in lifted)]] = True
        found.append((lifted, those))
    return found


def counted_sets(codes: Rows, names: Sequence[str]) -> Mapping[tuple[str, ...], int]:
    """Count sets of names that are given as bits, the most common first."""
    counts = np.bincount(codes)
    found = sorted(np.flatnonzero(counts).tolist(), key=lambda code: (-int(counts[code]), code))
    return {
        tuple(name for bit, name in enumerate(names) if code >> bit & 1): int(counts[code])
        for code in found
    }


def total(dataset: Dataset, query: Query, place: Place | None) -> int:
    """Count the clinics that match a query."""
    return int(np.count_nonzero(passes(query, Reach(dataset, place, query.within))))


def count_facets(
    dataset: Dataset, query: Query, place: Place | None, reach: Reach | None = None
) -> Mapping[str, Mapping[str, int]]:
    """Count, for every option of every filter, the clinics that have it and pass the other filters.

    With `match=all` they have the other conditions chosen, too. The id "" is "no restriction", of
    filters with one choice.
    """
    here = reach or Reach(dataset, place, query.within)
    counts = {parameter: _count_options(query, parameter, here) for parameter in COLUMN_OF}
    for parameter, column in NEEDS.items():
        others = passes(query, here, skip=parameter)
        counts[parameter] = {"yes": int(np.count_nonzero(others & here.filled(column)))}
    counts["within"] = _count_bands(dataset, query, place)
    return counts


def _count_options(query: Query, parameter: str, reach: Reach) -> Mapping[str, int]:
    column = COLUMN_OF[parameter]
    stated = reach.stated(column)[passes(query, reach, skip=parameter)]
    if parameter == "condition" and query.match == "all":
        before = chosen(reach.dataset, query, parameter)
        stated = stated[(stated & before) == before]
    counts = {
        id: int(np.count_nonzero(stated & bit)) for id, bit in reach.dataset.bits[column].items()
    }
    several = parameter in REPEATABLE and parameter != "category"
    return counts if several else {**counts, "": len(stated)}


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

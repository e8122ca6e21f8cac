"""Every town, county and ZIP code of the United States, known without a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from statistics import fmean, median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from clinics.domain.data_files import DataFileError
from clinics.domain.model import Place, PlaceKind, Point, Town
from clinics.domain.site import ServiceArea
from clinics.places.area import AreaNames, Known, Rank
from clinics.places.distance import EARTH_MILES, sphere_miles, vectors
from clinics.places.named import NamedPlace, NameKind
from clinics.places.zips import ZipRow, fold, words_of, written, zip_table

NEIGHBOR_MILES = 150
"""Towns this near to the directory's own are offered before those farther away."""

MILES_FROM_TOWN = 30.0
"""How far from its towns a directory reaches that does not say so."""

PLACEHOLDER_MILES = 5.0
"""Farther from its town, the point of a ZIP without mail carriers is not believed."""

MAX_TOWNS = 8
"""At most so many towns are offered of a county."""

SAME_MILES = 3.0
"""Two things of one name that are no farther apart are one."""


_folded = cache(fold)
"""For names that come again and again."""


class Nearest(NamedTuple):
    """The directory's town that is nearest to a point, and the miles."""

    town: Town
    miles: float


class Gazetteer:
    """Look up ZIP codes, towns and counties, and whatever has a name in the service area.

    The directory's own towns come first and keep their centers. Without an `area` it is the states
    of these towns.
    """

    def __init__(
        self,
        towns: Sequence[Town],
        places: Sequence[NamedPlace] = (),
        area: ServiceArea | None = None,
    ) -> None:
        self._own = tuple(towns)
        self._towns: dict[tuple[str, str], Town] = {}
        for town in towns:
            self._towns.setdefault((fold(town.name), town.state), town)
        self._labels = {town.label: town for town in towns}
        states = tuple(dict.fromkeys(town.state for town in towns))
        self._area = area or ServiceArea(states, MILES_FROM_TOWN)
        self._sites = frozenset(place.zip for place in places)
        self._mended = {p.zip: p.point for p in places if p.kind is NameKind.ZIP and p.point}
        lat, lon = (np.array([getattr(t.point, name) for t in towns]) for name in ("lat", "lon"))
        self._own_vectors = vectors(lat, lon).T
        self._table = zip_table()
        self._delivered, self._vectors = _delivered(self._table.rows)
        self._home = {c: r for c, r in self._table.rows.items() if r.state in self._area.states}
        self.names = AreaNames(self._names_of(places), self._own_zips())

    def zip(self, text: str) -> Place | None:
        """Return the place of a five-digit ZIP code, or None if there is none with a position.

        Of post-office boxes and single sites the table often has only the county's middle; then
        it is the town's center.
        """
        row = self._table.rows.get(text)
        if row is None:
            return None
        point = self._mended.get(text) or Point(row.lat, row.lon)
        if not row.delivers and row.state in self._area.states and text not in self._sites:
            town = self._town(fold(row.city), row.state)
            if sphere_miles(point, town.point) > PLACEHOLDER_MILES:
                return Place(f"ZIP {text}", town.point, PlaceKind.ZIP, text, town.name)
        return Place(f"ZIP {text}", point, PlaceKind.ZIP, text)

    def town_of_zip(self, text: str) -> str:
        """Return the town that a known ZIP code belongs to, "Takoma Park, MD"."""
        row = self._table.rows[text]
        return f"{written(row.city)}, {row.state}"

    def is_main(self, place: Place) -> bool:
        """Return True if a town goes before others of the directory with its name."""
        town = self._labels.get(place.param)
        return town is not None and town.main

    def is_own(self, place: Place) -> bool:
        """Return True if a town is one of the directory's own."""
        name, _, state = place.param.rpartition(", ")
        return (fold(name), state) in self._towns

    def is_inside(self, place: Place) -> bool:
        """Return True if a place with a state or a ZIP in its name lies in the service area."""
        row = self._table.rows.get(place.param)
        state = row.state if row else place.param[-2:]
        return state in self._area.states and self.nearest_town_miles(place.point) <= self._reach

    def nearest_town(self, point: Point) -> Nearest | None:
        """Return which of the directory's towns is nearest, and its distance."""
        if not self._own:
            return None
        nearest = int(np.argmax(self._own_vectors @ vectors(point.lat, point.lon)))
        return Nearest(self._own[nearest], sphere_miles(point, self._own[nearest].point))

    def nearest_town_miles(self, point: Point) -> float:
        """Return the miles to the nearest of the directory's towns; infinite without any."""
        nearest = self.nearest_town(point)
        return nearest.miles if nearest else float("inf")

    def towns_named(
        self, name: str, state: str | None = None, limit: int | None = None
    ) -> tuple[Place, ...]:
        """Return the towns of that name: the directory's, its neighbors nearest first, others.

        The others are in the order of their states; over `limit`, the smallest of them go.
        """
        key = fold(name)
        found = self._table.cities.get(key, {})
        states = set(found) | {s for k, s in self._towns if k == key}
        towns = [self._town(key, s) for s in states if state in (None, s)]
        ranks = {town: self._rank(town) for town in towns}
        ranked = sorted(towns, key=lambda town: (ranks[town], town.param))
        if limit is None or len(ranked) <= limit:
            return tuple(ranked)
        near = [town for town in ranked if ranks[town][0] < 2][:limit]
        far = [town for town in ranked if ranks[town][0] == 2]
        far.sort(key=lambda town: -len(found[town.param[-2:]][1]))
        kept = {*near, *far[: limit - len(near)]}
        return tuple(town for town in ranked if town in kept)

    def counties_named(self, name: str, state: str = "") -> tuple[Place, ...]:
        """Return the counties of that name, "Montgomery County", the nearest first."""
        key = _county_key(name)
        if not key:
            return ()
        found: dict[tuple[str, str], list[ZipRow]] = {}
        for row in self._table.rows.values():
            if state in ("", row.state) and row.county and _folded(row.county) == key:
                found.setdefault((_folded(row.county), row.state), []).append(row)
        places = [_county(rows) for rows in found.values()]
        return tuple(sorted(places, key=lambda place: self.nearest_town_miles(place.point)))

    def towns_in_county(self, county: Place) -> tuple[Place, ...]:
        """Return the directory's towns in a county; without any, its towns with the most ZIPs."""
        name, _, state = county.param.rpartition(", ")
        own = [t for t in self._own if t.state == state and fold(t.county) == fold(name)]
        if own:
            own.sort(key=lambda town: (not town.main, -len(town.zips), town.name))
            return tuple(self._town(fold(town.name), state) for town in own[:MAX_TOWNS])
        rows = (row for row in self._table.rows.values() if row.state == state)
        cities = Counter(row.city for row in rows if _folded(row.county) == fold(name))
        return tuple(self._town(fold(city), state) for city, _ in cities.most_common(MAX_TOWNS))

    def nearest_zip(self, point: Point) -> str:
        """Return the ZIP code, of those that mail is carried to, whose center is nearest."""
        return self._delivered[int(np.argmax(self._vectors @ vectors(point.lat, point.lon)))]

    def offered(self) -> dict[str, tuple[str, ...]]:
        """Return what is suggested while a place is typed, our own towns first, and other names.

        Each is understood when it is given as a place; of "20912 Takoma Park" the digits are.
        """
        return self.names.offered(self.likeliest())

    def likeliest(self) -> list[str]:
        """Return the labels of the directory's own towns, the likeliest first."""
        return likeliest(self._own)

    @property
    def _reach(self) -> float:
        return self._area.miles_from_town

    def _town(self, key: str, state: str) -> Place:
        own = self._towns.get((key, state))
        if own is not None:
            return Place(own.label, own.point, PlaceKind.TOWN, own.label)
        name, zips = self._table.cities[key][state]
        label = f"{written(name)}, {state}"
        return Place(label, self._center(zips), PlaceKind.TOWN, label)

    def _center(self, zips: Iterable[str]) -> Point:
        """Return the median of the ZIP centers: one far PO box does not move it."""
        rows = [self._table.rows[code] for code in zips]
        rows = [row for row in rows if row.delivers] or rows
        lat, lon = median(row.lat for row in rows), median(row.lon for row in rows)
        return Point(round(lat, 4), round(lon, 4))

    def _rank(self, place: Place) -> tuple[int, float]:
        if self.is_own(place):
            return 0, 0.0
        miles = self.nearest_town_miles(place.point)
        return (1, miles) if miles <= NEIGHBOR_MILES else (2, 0.0)

    def _own_zips(self) -> tuple[str, ...]:
        """Return the ZIPs of the area that mail is carried to, those of the own towns first."""
        own = [code for town in self._own for code in town.zips if code in self._home]
        near = sorted(code for code, row in self._home.items() if row.delivers)
        inside = self._within([Point(self._home[c].lat, self._home[c].lon) for c in near])
        own += [code for code, is_in in zip(near, inside, strict=True) if is_in]
        return tuple(
            f"{code} {written(self._table.rows[code].city)}" for code in dict.fromkeys(own)
        )

    def _within(self, points: Sequence[Point]) -> list[bool]:
        """Tell of each point whether it is near enough to one of the directory's towns."""
        if not (points and self._own):
            return [False] * len(points)
        lat, lon = np.array([(point.lat, point.lon) for point in points]).T
        closest = (self._own_vectors @ vectors(lat, lon)).max(axis=0)
        within: list[bool] = (closest >= np.cos(self._reach / EARTH_MILES)).tolist()
        return within

    def _names_of(self, places: Sequence[NamedPlace]) -> list[Known]:
        towns = list(self._towns_of_area())
        counties = list(self._counties_of_area())
        targets = {one.place.param: one.place for one in [*counties, *towns]}
        named = [one for place in places for one in self._known_as(place, targets)]
        at = {(fold(one.name), one.state): one.place.point for one in named}
        towns = [t for t in towns if not _is_same(t, at.get((fold(t.name), t.state)))]
        return [*towns, *named, *counties]

    def _towns_of_area(self) -> Iterator[Known]:
        for town in self._own:
            place = self._town(fold(town.name), town.state)
            yield Known(town.name, place, Rank.MAIN_TOWN if town.main else Rank.OWN_TOWN)
        home = frozenset(self._area.states)
        others = [
            self._town(key, state)
            for key, by_state in self._table.cities.items()
            if not home.isdisjoint(by_state)
            for state in home.intersection(by_state)
            if (key, state) not in self._towns and self._is_settled(key, by_state[state][1])
        ]
        inside = self._within([place.point for place in others])
        for place, is_in in zip(others, inside, strict=True):
            if is_in:
                name, _, state = place.name.rpartition(", ")
                yield Known(name, place, self._rank_of_name(fold(name), state))

    def _rank_of_name(self, key: str, state: str) -> Rank:
        rows = [self._table.rows[code] for code in self._table.cities[key][state][1]]
        is_town = any(row.delivers and _folded(row.city) == key for row in rows)
        return Rank.TOWN if is_town else Rank.ALSO_TOWN

    def _is_settled(self, key: str, zips: Iterable[str]) -> bool:
        """Return False for names that are only an office's or a firm's, with ZIPs of their own."""
        rows = [self._table.rows[code] for code in zips]
        return any(row.delivers or _folded(row.city) == key for row in rows)

    def _counties_of_area(self) -> Iterator[Known]:
        found: dict[tuple[str, str], list[ZipRow]] = {}
        for row in self._home.values():
            if row.county:
                found.setdefault((_folded(row.county), row.state), []).append(row)
        counties = [(state, _county(rows)) for (_, state), rows in found.items()]
        inside = self._within([place.point for _, place in counties])
        for (state, place), is_in in zip(counties, inside, strict=True):
            name = place.name.rpartition(", ")[0]
            bare, _, word = name.rpartition(" ")
            town = self._towns.get((fold(bare), state))
            if not is_in or not bare or name == "District of Columbia":
                continue
            if word.casefold() == "city":  # an independent city is a town of that name
                is_town = town or state in self._table.cities.get(fold(bare), {})
                target = self._town(fold(bare), state) if is_town else place
                rank = Rank.OWN_TOWN if town else Rank.TOWN
                yield Known(name, target, rank)
                yield Known(f"City of {bare}", target, rank)
                continue
            yield Known(name, place, Rank.COUNTY)
            yield Known(f"County of {bare}", place, Rank.COUNTY)
            for short in ("Co", "Cnty", "Cty"):
                yield Known(f"{bare} {short}", place, Rank.BARE_COUNTY)
            if state not in self._table.cities.get(fold(bare), {}):
                yield Known(bare, place, Rank.BARE_COUNTY)

    def _known_as(self, named: NamedPlace, targets: Mapping[str, Place]) -> Iterator[Known]:
        if named.kind is NameKind.ZIP:
            return
        target = targets.get(named.town)
        if target is None:
            raise DataFileError(f"places.csv: “{named.label}” needs a town of the area.")
        if named.zip and named.zip not in self._table.rows:
            raise DataFileError(f"places.csv: “{named.label}” needs a ZIP that is known.")
        if named.kind is NameKind.NICKNAME:
            rank = Rank.OWN_TOWN if target.param in self._labels else Rank.NAMED
            rank = Rank.MAIN_TOWN if self.is_main(target) else rank
            for name in (named.name, *named.also):
                yield Known(name, target, rank)
            return
        town = named.town.rpartition(", ")[0]
        place = self._place_of(named, target)
        for name in (named.name, *named.also):
            yield Known(name, place, Rank.NAMED)
            yield Known(f"{name} {town}", place, Rank.NAMED)

    def _place_of(self, named: NamedPlace, town: Place) -> Place:
        if named.point is not None:
            return Place(named.label, named.point, PlaceKind.SITE, named.label)
        by_zip = self.zip(named.zip) if named.zip else None
        if by_zip is not None:
            return Place(named.label, by_zip.point, PlaceKind.ZIP, named.label, by_zip.name)
        return Place(named.label, town.point, PlaceKind.TOWN, named.label, town.name)


def likeliest(towns: Sequence[Town]) -> list[str]:
    """Return the labels of these towns, main ones first, then those with the most ZIPs."""
    ordered = sorted(towns, key=lambda town: (not town.main, -len(town.zips), town.label))
    return [town.label for town in ordered]


def _is_same(town: Known, named: Point | None) -> bool:
    """Return True if a town of the table of ZIPs is what `places.csv` says more of."""
    is_own = town.rank <= Rank.OWN_TOWN
    return not is_own and named is not None and sphere_miles(town.place.point, named) <= SAME_MILES


def _county_key(name: str) -> str:
    """Return how a county's name is folded, whichever way the word is written; "" without it."""
    words = words_of(name)
    if words[:2] == ["county", "of"]:
        words = [*words[2:], "county"]
    is_county = len(words) > 1 and words[-1] in ("county", "co", "cnty", "cty")
    return "".join([*words[:-1], "county"]) if is_county else ""


def _county(rows: Sequence[ZipRow]) -> Place:
    """Return a county at the mean of its ZIPs' centers, of those that mail is carried to."""
    rows = [row for row in rows if row.delivers] or list(rows)
    point = Point(round(fmean(r.lat for r in rows), 4), round(fmean(r.lon for r in rows), 4))
    name = max((row.county for row in rows), key=len)
    label = f"{name}, {rows[0].state}"
    return Place(label, point, PlaceKind.COUNTY, label)


def _delivered(rows: dict[str, ZipRow]) -> tuple[list[str], NDArray[np.float64]]:
    codes = sorted(code for code, row in rows.items() if row.delivers)
    lat = np.array([rows[code].lat for code in codes])
    lon = np.array([rows[code].lon for code in codes])
    return codes, np.ascontiguousarray(vectors(lat, lon).T)

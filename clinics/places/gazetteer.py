"""Every town and ZIP code of the United States, known without a network."""

from __future__ import annotations

import difflib
import gc
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

import numpy as np
import zipcodes
from numpy.typing import NDArray

from clinics.domain.model import Place, PlaceKind, Point, Town
from clinics.places.distance import exact_miles, vectors

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "PR": "Puerto Rico", "VI": "Virgin Islands", "GU": "Guam", "AS": "American Samoa",
    "MP": "Northern Mariana Islands",
}  # fmt: skip
"""States, the district and the territories by postal code; military addresses have no place."""

_BOXES = (  # south, north, west, east
    (24.3, 49.5, -125.0, -66.8),  # the contiguous states
    (51.0, 71.6, -180.0, -129.0), (51.0, 71.6, 172.0, 180.0),  # Alaska, either side of 180
    (18.5, 28.6, -178.5, -154.5),  # Hawaii
    (17.5, 18.7, -68.0, -64.4),  # Puerto Rico, Virgin Islands
    (13.0, 20.7, 144.0, 146.3), (-14.8, -10.9, -171.3, -168.0),  # Guam, Marianas; Samoa
)  # fmt: skip

NEIGHBOR_MILES = 150
"""Towns this near to the directory's own are offered before those farther away."""

_MC = re.compile(r"\bMc ?(\w)")
"""The source writes both "Mc Lean" and "Mclean"."""

_SHORT_FORMS = {"st": "saint", "mt": "mount", "ft": "fort"}


class ZipRow(NamedTuple):
    """One ZIP code: its center, town, and whether mail carriers deliver to it (no PO boxes)."""

    lat: float
    lon: float
    city: str
    state: str
    county: str
    delivers: bool


class ZipTable(NamedTuple):
    """ZIP codes by their five digits, and town names with their ZIPs by folded name and state."""

    rows: dict[str, ZipRow]
    cities: dict[str, dict[str, tuple[str, tuple[str, ...]]]]


def fold(name: str) -> str:
    """Reduce a name to what spellings share: "St. Mary's" and "saint  marys" are one."""
    plain = name.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    words = re.findall(r"[^\W_]+", re.sub(r"['’‘`.]", "", plain))
    return "".join(_SHORT_FORMS.get(word, word) for word in words)


_STATE_OF = {fold(name): code for code, name in STATES.items()} | {fold(c): c for c in STATES}


def state_code(text: str) -> str:
    """Return the postal code of a state written either way, or "" if it is none."""
    return _STATE_OF.get(fold(text), "")


def split_state(text: str) -> tuple[str, str]:
    """Take the state off the end, written either way: ("silver spring", "MD"), or (text, "")."""
    name, comma, last = text.rpartition(",")
    if comma and state_code(last):
        return name.strip(" ,"), state_code(last)
    words = text.split(" ")
    for size in (3, 2, 1):  # "West Virginia" before "Virginia"
        state = state_code(" ".join(words[-size:]))
        if state and len(words) > size:
            return " ".join(words[:-size]).strip(" ,"), state
    return text, ""


def in_united_states(point: Point) -> bool:
    """Return True if a point is in a box round the states and territories; the edge is generous."""
    return any(s <= point.lat <= n and w <= point.lon <= e for s, n, w, e in _BOXES)


def in_country(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell of many points which are in these boxes; NaN is not."""
    inside = np.zeros(len(lat), bool)
    for south, north, west, east in _BOXES:
        inside |= (south <= lat) & (lat <= north) & (west <= lon) & (lon <= east)
    return inside


@cache
def zip_table() -> ZipTable:
    """Load the bundled ZIP codes once, without those that have no position (0, 0).

    Read state by state, because the package keeps a whole-country list in memory for ever; and
    without the collector, which would look through the growing table again and again.
    """
    with _uncollected():
        return _read_zips()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Stop the collector of cycles for a while: what is made here has none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_zips() -> ZipTable:
    rows: dict[str, ZipRow] = {}
    names: dict[tuple[str, str], tuple[str, list[str]]] = {}
    also: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for state in STATES:
        for record in zipcodes.filter_by(state=state):  # type: ignore[no-untyped-call]
            row = _zip_row(record)
            if not in_united_states(Point(row.lat, row.lon)):
                continue
            code = str(record["zip_code"])
            rows[code] = row
            _note_name(names, row.city, state, code)
            for other in record["acceptable_cities"]:
                _note_name(also, other, state, code)
    cities: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}
    for (key, state), (label, zips) in (also | names).items():
        cities.setdefault(key, {})[state] = (label, tuple(zips))
    return ZipTable(rows, cities)


def _zip_row(record: dict[str, str]) -> ZipRow:
    return ZipRow(
        float(record["lat"]),
        float(record["long"]),
        sys.intern(_MC.sub(lambda m: "Mc" + m[1].upper(), record["city"])),
        sys.intern(record["state"]),
        sys.intern(record["county"]),
        record["zip_code_type"] == "STANDARD" and bool(record["active"]),
    )


def _note_name(
    names: dict[tuple[str, str], tuple[str, list[str]]], name: str, state: str, code: str
) -> None:
    names.setdefault((fold(name), state), (name, []))[1].append(code)


class Gazetteer:
    """Look up ZIP codes and towns; the directory's own towns come first and keep their centers."""

    def __init__(self, towns: Sequence[Town]) -> None:
        self._towns: dict[tuple[str, str], Town] = {}
        for town in towns:
            self._towns.setdefault((fold(town.name), town.state), town)
        self._main = frozenset(town.label for town in towns if town.main)
        self._own_lat = np.array([town.point.lat for town in towns])
        self._own_lon = np.array([town.point.lon for town in towns])
        self._table = zip_table()
        self._delivered, self._vectors = _delivered(self._table.rows)
        self._home_labels = self._labels_at_home()

    def zip(self, text: str) -> Place | None:
        """Return the place of a five-digit ZIP code, or None if there is none with a position."""
        row = self._table.rows.get(text)
        if row is None:
            return None
        return Place(f"ZIP {text}", Point(row.lat, row.lon), PlaceKind.ZIP, text)

    def town_of_zip(self, text: str) -> str:
        """Return the town that a known ZIP code belongs to, "Takoma Park, MD"."""
        row = self._table.rows[text]
        return f"{row.city}, {row.state}"

    def is_main(self, place: Place) -> bool:
        """Return True if a town is one of those that need no state to be understood."""
        return place.param in self._main

    def is_own(self, place: Place) -> bool:
        """Return True if a town is one of the directory's own."""
        name, _, state = place.param.rpartition(", ")
        return (fold(name), state) in self._towns

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

    def nearest_zip(self, point: Point) -> str:
        """Return the ZIP code, of those that mail is carried to, whose center is nearest."""
        return self._delivered[int(np.argmax(self._vectors @ vectors(point.lat, point.lon)))]

    def suggest(self, text: str) -> tuple[str, ...]:
        """Return at most three towns of the directory and its states that are spelled nearly so."""
        close = difflib.get_close_matches(fold(text), self._home_labels, n=3, cutoff=0.75)
        return tuple(self._home_labels[key] for key in close)

    def _town(self, key: str, state: str) -> Place:
        own = self._towns.get((key, state))
        if own is not None:
            return Place(own.label, own.point, PlaceKind.TOWN, own.label)
        name, zips = self._table.cities[key][state]
        label = f"{name}, {state}"
        return Place(label, self._center(zips), PlaceKind.TOWN, label)

    def _center(self, zips: Iterable[str]) -> Point:
        """Return the median of the ZIP centers: one far PO box does not move it."""
        rows = [self._table.rows[code] for code in zips]
        rows = [row for row in rows if row.delivers] or rows
        lat, lon = np.median([(row.lat, row.lon) for row in rows], axis=0)
        return Point(round(float(lat), 4), round(float(lon), 4))

    def _rank(self, place: Place) -> tuple[int, float]:
        if self.is_own(place):
            return 0, 0.0
        miles = self._miles_from_home(place.point)
        return (1, miles) if miles <= NEIGHBOR_MILES else (2, 0.0)

    def _miles_from_home(self, point: Point) -> float:
        if not self._towns:
            return float("inf")
        closeness = vectors(self._own_lat, self._own_lon).T @ vectors(point.lat, point.lon)
        nearest = int(np.argmax(closeness))
        return exact_miles(point, self._own_lat[nearest], self._own_lon[nearest])

    def _labels_at_home(self) -> dict[str, str]:
        home = {state for _, state in self._towns}
        labels = {
            key: f"{by_state[state][0]}, {state}"
            for key, by_state in self._table.cities.items()
            for state in by_state
            if state in home
        }
        return labels | {key: town.label for (key, _), town in self._towns.items()}


def _delivered(rows: dict[str, ZipRow]) -> tuple[list[str], NDArray[np.float64]]:
    codes = sorted(code for code, row in rows.items() if row.delivers)
    lat = np.array([rows[code].lat for code in codes])
    lon = np.array([rows[code].lon for code in codes])
    return codes, np.ascontiguousarray(vectors(lat, lon).T)

"""The same search, written a second time in the plainest Python: one clinic after another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from geopy.distance import geodesic

from clinics.domain.model import Clinic, Place
from clinics.search.dataset import Dataset
from clinics.search.query import COLUMN_OF, Query

MAIN_CATEGORY = "ketamine"


@dataclass(frozen=True)
class Found:
    """One clinic of the answer, and how far away it is."""

    clinic: Clinic
    miles: float | None


@lru_cache(maxsize=100_000)
def miles_between(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """Return the geodesic miles between two points, by geopy."""
    return float(geodesic((a_lat, a_lon), (b_lat, b_lon)).miles)


def miles_to(place: Place, clinic: Clinic) -> float:
    """Return the geodesic miles from a place to a clinic."""
    return miles_between(place.point.lat, place.point.lon, clinic.point.lat, clinic.point.lon)


@lru_cache(maxsize=8)
def clinics_of(dataset: Dataset) -> tuple[Clinic, ...]:
    """List every clinic, in the order of the file."""
    return tuple(dataset.clinic(row) for row in range(len(dataset)))


def everything(dataset: Dataset, place: Place | None) -> list[Found]:
    """List every clinic with its distance, in the order of the file."""
    return [Found(c, miles_to(place, c) if place else None) for c in clinics_of(dataset)]


def is_near(found: Found, query: Query) -> bool:
    """Return True if a clinic is within the distance; without a place all are."""
    return found.miles is None or query.within is None or found.miles <= query.within


STATABLE = ("condition", "treatment", "payment", "language", "setting")


def is_candidate(clinic: Clinic, query: Query) -> bool:
    """Return True if a clinic is open, of the kind asked for, and has the text and telephone."""
    if clinic.status == "closed" or clinic.category not in (query.category or (MAIN_CATEGORY,)):
        return False
    if query.phone == "yes" and not clinic.phone:
        return False
    typed = query.q.casefold()
    return typed in clinic.name.casefold() or typed in clinic.city.casefold()


def says(clinic: Clinic, query: Query, name: str) -> bool | None:
    """Return what a clinic says to one filter: yes, otherwise (False), or nothing (None)."""
    value = getattr(query, name)
    wanted = value if isinstance(value, tuple) else tuple(filter(None, [value]))
    stated = clinic.value(COLUMN_OF[name])
    assert isinstance(stated, tuple)
    if not wanted:
        return True
    if not stated:
        return None
    said = [id in stated for id in wanted]
    return all(said) if name == "condition" and query.match == "all" else any(said)


def answers(clinic: Clinic, query: Query) -> list[bool | None]:
    """Return what a clinic says to every filter that it may state nothing for."""
    return [says(clinic, query, name) for name in STATABLE]


def matching(dataset: Dataset, query: Query, place: Place | None) -> list[Found]:
    """List the clinics that match, in the order asked for."""
    found = [
        f
        for f in everything(dataset, place)
        if is_near(f, query) and is_candidate(f.clinic, query) and all(answers(f.clinic, query))
    ]
    return ordered(found, query.sort)


def silent(dataset: Dataset, query: Query, place: Place | None) -> list[Found]:
    """List the clinics within reach that say no to nothing, and nothing to something."""
    found = [
        f
        for f in everything(dataset, place)
        if is_near(f, query)
        and is_candidate(f.clinic, query)
        and None in answers(f.clinic, query)
        and False not in answers(f.clinic, query)
    ]
    return ordered(found, query.sort)


def farthest_meant(miles: float, vague: int) -> float:
    """Return the farthest that the distance as it is said can mean."""
    if vague == 0:
        return miles
    step = 0.5 if vague == 1 and miles < 10 else 1.0
    said = int(miles / step + 0.5) * step
    return said + step / 2


def ordered(found: list[Found], sort: str) -> list[Found]:
    """Sort: what was asked for first; ties by distance, then name, then place in the file."""

    def key(f: Found) -> tuple[object, ...]:
        miles = round(f.miles or 0.0, 6)
        vague = ["street", "zip", "town"].index(f.clinic.location_precision)
        near = () if f.miles is None else (farthest_meant(miles, vague), vague, miles)
        name = f.clinic.name.casefold()
        checked = f.clinic.last_checked.toordinal() if f.clinic.last_checked else 0
        source = tuple(-int(part) for part in f.clinic.source_date.split("-") if part)
        source = (*source, -1, -1)[:3] if source else (0, 0, 0)
        return {
            "distance": (*near, name),
            "name": (name, *near),
            "checked": (-checked, source, *near, name),
        }[sort]

    return sorted(found, key=key)

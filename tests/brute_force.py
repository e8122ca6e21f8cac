"""The same search, written a second time in the plainest Python: one clinic after another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from geopy.distance import geodesic

from clinics.domain.model import Clinic, Place
from clinics.search.dataset import Dataset
from clinics.search.query import COLUMN_OF, LEGENDS, Query

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


def fits(clinic: Clinic, query: Query) -> bool:
    """Return True if a clinic passes everything but distance and condition."""
    if clinic.status == "closed":
        return False
    if clinic.category not in (query.category or (MAIN_CATEGORY,)):
        return False
    for name in LEGENDS:
        wanted, stated = getattr(query, name), clinic.value(COLUMN_OF[name])
        assert isinstance(stated, tuple)
        if wanted and not any(id in stated for id in wanted):
            return False
    if query.setting and query.setting not in clinic.setting:
        return False
    typed = query.q.casefold()
    return typed in clinic.name.casefold() or typed in clinic.city.casefold()


def treats(clinic: Clinic, query: Query) -> bool:
    """Return True if a clinic says it treats what was asked for."""
    if not query.condition:
        return True
    said = [id in clinic.conditions for id in query.condition]
    return all(said) if query.match == "all" else any(said)


def matching(dataset: Dataset, query: Query, place: Place | None) -> list[Found]:
    """List the clinics that match, in the order asked for."""
    found = [
        f
        for f in everything(dataset, place)
        if is_near(f, query) and fits(f.clinic, query) and treats(f.clinic, query)
    ]
    return ordered(found, query.sort)


def silent(dataset: Dataset, query: Query, place: Place | None) -> list[Found]:
    """List the clinics within reach that fit but do not say what they treat."""
    if not query.condition:
        return []
    found = [
        f
        for f in everything(dataset, place)
        if is_near(f, query) and fits(f.clinic, query) and not f.clinic.conditions
    ]
    return ordered(found, query.sort)


def ordered(found: list[Found], sort: str) -> list[Found]:
    """Sort: what was asked for first; ties by distance, then name, then place in the file."""

    def key(f: Found) -> tuple[object, ...]:
        miles = round(f.miles or 0.0, 6)
        name = f.clinic.name.casefold()
        checked = f.clinic.last_checked.toordinal() if f.clinic.last_checked else 0
        return {
            "distance": (miles, name),
            "name": (name, miles),
            "checked": (-checked, miles, name),
        }[sort]

    return sorted(found, key=key)

"""The core search: a condition, 25 miles, the 50 nearest, at every size."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geopy.distance import geodesic

from clinics.domain.model import Place
from clinics.search.dataset import Dataset
from clinics.search.query import Query
from clinics.search.search import Results, search
from lab.benchmarks.made_up_clinics import MadeUp, dataset_of, made_up, places
from lab.benchmarks.measure import Json, rounds
from lab.benchmarks.search_peers import (
    CATEGORY,
    CONDITION,
    DATABASES,
    NEAREST,
    PEERS,
    RADIUS,
    SPHERE_ERROR,
    Answer,
)

QUERY = Query(condition=(CONDITION,), category=(CATEGORY,), within=RADIUS)
OURS, READ = "ours", "ours, and the listings read"
METER_MILES = 1 / 1609.344
TARGET_MS, TARGET_TIMES = 0.5, 5.0
DENSITIES = ("dense", "sparse")


def find(dataset: Dataset, place: Place) -> Results:
    """Ask our own search."""
    return search(dataset, QUERY, place, limit=NEAREST, facets=False)


def read(dataset: Dataset, place: Place) -> Results:
    """Ask our own search, and make every listing of the answer an object."""
    results = find(dataset, place)
    for hit in results.hits:
        _ = hit.clinic
    return results


def check_distances(results: Results, place: Place) -> float:
    """Return by how many meters a distance of ours is off geopy's geodesic at most."""
    here = (place.point.lat, place.point.lon)
    worst = 0.0
    for hit in results.hits:
        point = hit.clinic.point
        exact = geodesic(here, (point.lat, point.lon)).miles
        worst = max(worst, abs(exact - (hit.distance_miles or 0.0)) / METER_MILES)
    if worst > 1:
        raise AssertionError(f"A distance of ours is {worst:.1f} m off the geodesic.")
    return worst


def check_answer(name: str, ours: Results, answer: Answer, place: Place, dataset: Dataset) -> int:
    """Return in how many ids an answer differs; raises AssertionError for any that matters.

    The great circle is up to 0.56% off, so a clinic that near to the radius, or to the distance of
    the last of the 50, may be in one answer and not in the other.
    """
    total, ids = answer
    mine = {hit.clinic.id for hit in ours.hits}
    differing = mine ^ set(ids)
    last = max((hit.distance_miles or 0.0 for hit in ours.hits), default=0.0)
    edges = [RADIUS] if ours.total < NEAREST else [RADIUS, last]
    here = (place.point.lat, place.point.lon)
    for id in differing:
        found = dataset.find(id)
        assert found is not None
        miles = geodesic(here, (found.point.lat, found.point.lon)).miles
        if not any(abs(miles - edge) <= SPHERE_ERROR * edge for edge in edges):
            raise AssertionError(f"{name} has another answer at {here}: {id}, {miles:.3f} miles.")
    if abs(total - ours.total) > 2 + 0.05 * ours.total:
        raise AssertionError(f"{name} counts {total} at {here}, and we {ours.total}.")
    return len(differing)


def scenario(
    clinics: MadeUp, dataset: Dataset, peers: Mapping[str, Callable[..., Answer]], density: str,
    number: int, budget_s: float,
) -> Json:  # fmt: skip
    """Measure one size, spread and density; every question is from another place."""
    where = places(clinics, number + 1, density)
    found, off, differing = [], [0.0], dict.fromkeys(peers, 0)

    def look(turn: int, answers: Mapping[str, object]) -> None:
        ours = answers.get(OURS)
        if not isinstance(ours, Results):
            return  # out of time
        found.append(ours.total)
        off.append(check_distances(ours, where[turn]))
        for name in peers.keys() & answers.keys():
            answer: Answer = answers[name]  # type: ignore[assignment]
            differing[name] += check_answer(name, ours, answer, where[turn], dataset)

    contenders: dict[str, Callable[[int], object]] = {
        OURS: lambda turn: find(dataset, where[turn]),
        **{name: lambda turn, ask=ask: ask(where[turn].point) for name, ask in peers.items()},
    }
    times = rounds(contenders, number, budget_s, look)
    unread = places(clinics, 3 * number + 1, density)[number:]
    times |= rounds({READ: lambda turn: read(dataset, unread[turn])}, number, budget_s)
    found.sort()
    return {
        "clinics": len(dataset), "shape": clinics.shape, "density": density,
        "matching_p50": found[len(found) // 2], "worst_meters": max(off),
        "differing_ids": differing,
        "times": {name: each.as_json() for name, each in times.items()},
    }  # fmt: skip


def run(
    sizes: Mapping[int, int], shapes: tuple[str, ...], budget_s: float, *, with_peers: bool = True
) -> list[Json]:
    """Measure every size (with its number of rounds) and spread."""
    results = []
    for size, number in sizes.items():
        for shape in shapes:
            clinics = made_up(size, shape)
            dataset = dataset_of(clinics)
            makers = PEERS if with_peers else {}
            peers = {name: make(clinics.table) for name, make in makers.items()}
            results += [
                scenario(clinics, dataset, peers, density, number, budget_s)
                for density in DENSITIES
            ]
    return results


def best_database(times: Mapping[str, Mapping[str, float]]) -> float:
    """Return the p50 of the quicker database in milliseconds."""
    return min(times[name]["p50_ms"] for name in DATABASES)

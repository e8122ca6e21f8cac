"""Clinics that do not exist, in any number: clustered like towns, or spread evenly. Seeded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clinics.domain.columns import NAMES, SEPARATOR
from clinics.domain.kinds import STATES
from clinics.domain.model import Place, PlaceKind, Point
from clinics.domain.vocabulary import Vocabulary, load_vocabulary
from clinics.places.distance import Floats
from clinics.places.zips import zip_table
from clinics.search.dataset import Dataset, Version
from tests.folders import DATA

TODAY = dt.date(2026, 11, 22)
SHAPES = ("clustered", "uniform")
SEED = 20912

_BOX = (30.0, 48.0, -120.0, -75.0)
"""South, north, west, east of the even spread; all land or near it."""

_TOWN_SPREAD_DEGREES = 0.03
"""Two miles: a town's clinics lie about its ZIP code's center."""

_COMBINATIONS = 400
"""So many different cells a column of options has: the real directory has about 100."""

_SHARES = {
    "conditions": (0.25, 5), "treatments": (0.1, 4), "payment": (0.2, 4),
    "languages": (0.6, 3), "setting": (0.1, 2), "ages": (0.3, 3), "status": (0.9, 1),
}  # fmt: skip
"""By column: the share of empty cells, and at most how many options stand in one."""

_WORDS = "Alder Aspen Birch Cedar Elm Fir Hazel Juniper Laurel Linden Maple Oak Pine Rowan Willow"


@dataclass(frozen=True)
class MadeUp:
    """A made-up directory: the table as a CSV of our own would give it."""

    table: pd.DataFrame
    shape: str

    @property
    def lat(self) -> Floats:
        """Return latitudes in degrees, shape (n,)."""
        return self.table["latitude"].to_numpy(np.float64)

    @property
    def lon(self) -> Floats:
        """Return longitudes in degrees, shape (n,)."""
        return self.table["longitude"].to_numpy(np.float64)


@cache
def words() -> Vocabulary:
    """Return the words of the directory as it is shipped."""
    return load_vocabulary(DATA)


def made_up(number: int, shape: str, states: Collection[str] = STATES) -> MadeUp:
    """Return so many clinics; the same number and shape give the same clinics always.

    Clustered ones may be kept to the towns of some states, as a directory of one region has them.
    """
    random = np.random.default_rng([SEED, number, SHAPES.index(shape)])
    towns = [row for row in _towns() if row[1] in states]
    town = random.choice(len(towns), number, p=_weights(len(towns)))
    lat, lon = _positions(random, towns, town, shape)
    tree = np.array(_WORDS.split())[random.integers(0, 15, (2, number))]
    cells = {name: [""] * number for name in NAMES}
    cells |= {
        "id": [f"made-up-{n}" for n in range(number)],
        "name": [f"Made-up {a} {b} {n}" for n, (a, b) in enumerate(tree.T.tolist())],
        "address": [f"{n % 9000 + 1} Made-up {a} Road" for n, a in enumerate(tree[0].tolist())],
        "phone": [f"(301) {n // 10_000 % 800 + 200}-{n % 10_000:04d}" for n in range(number)],
        "category": random.choice(list(words().ids("category")), number).tolist(),
        "website": [f"https://made-up.example/{n}" for n in range(number)],
        "latitude": [f"{degrees:.6f}" for degrees in lat.tolist()],
        "longitude": [f"{degrees:.6f}" for degrees in lon.tolist()],
        "location_precision": ["street"] * number,
        "source": ["Made up for a benchmark"] * number,
        "last_checked": _days(random, number),
    }
    for place, name in enumerate(("city", "state", "zip")):
        values = np.array([row[place] for row in towns], dtype=object)
        cells[name] = values[town].tolist()
    cells |= {column: _options(random, column, number) for column in _SHARES}
    return MadeUp(pd.DataFrame(cells, columns=list(NAMES), dtype="str"), shape)


def dataset_of(clinics: MadeUp) -> Dataset:
    """Return the dataset as the site would search it."""
    table = clinics.table
    return Dataset(table, words(), Version("made-up", TODAY, len(table)))


def places(clinics: MadeUp, number: int, density: str) -> list[Place]:
    """Return places to search from: at random clinics where most, or where fewest, are around.

    "dense" takes them from the tenth of all clinics that have most others in their square of half
    a degree, "sparse" from the tenth that has fewest.
    """
    random = np.random.default_rng([SEED, number])
    lat, lon = clinics.lat, clinics.lon
    squares = np.floor(lat * 2).astype(np.int64) * 1000 + np.floor(lon * 2).astype(np.int64)
    _, where, counts = np.unique(squares, return_inverse=True, return_counts=True)
    by_density = np.argsort(counts[where], kind="stable")
    tenth = max(1, len(lat) // 10)
    pool = by_density[-tenth:] if density == "dense" else by_density[:tenth]
    chosen = random.choice(pool, number)
    shift = random.normal(0, 0.02, (2, number))
    points = [Point(*degrees) for degrees in (np.array([lat, lon])[:, chosen] + shift).T.tolist()]
    return [Place(f"{p.lat}, {p.lon}", p, PlaceKind.COORDINATES, "") for p in points]


def _towns() -> list[tuple[str, str, str, float, float]]:
    """List city, state, ZIP and center of the ZIP codes of the contiguous states."""
    rows = zip_table().rows.items()
    south, north, west, east = 24.5, 49.4, -124.8, -66.9
    return [
        (row.city, row.state, code, row.lat, row.lon)
        for code, row in rows
        if row.state in STATES and south < row.lat < north and west < row.lon < east
    ]


def _weights(towns: int) -> Floats:
    """Return the share of each ZIP code: a few have many clinics, most have few."""
    weights = np.random.default_rng(SEED).lognormal(0, 1, towns)
    return np.asarray(weights / weights.sum())


def _positions(
    random: np.random.Generator,
    towns: list[tuple[str, str, str, float, float]],
    town: NDArray[np.int64],
    shape: str,
) -> tuple[Floats, Floats]:
    number = len(town)
    if shape == "uniform":
        south, north, west, east = _BOX
        return random.uniform(south, north, number), random.uniform(west, east, number)
    centers = np.array([row[3:] for row in towns])[town]
    lat, lon = (centers + random.normal(0, _TOWN_SPREAD_DEGREES, (number, 2))).T
    return lat, lon


def _days(random: np.random.Generator, number: int) -> list[str]:
    days = [(TODAY - dt.timedelta(days=ago)).isoformat() for ago in range(89)]
    return np.array(days, dtype=object)[random.integers(0, len(days), number)].tolist()


def _options(random: np.random.Generator, column: str, number: int) -> list[str]:
    empty, most = _SHARES[column]
    ids = [option.id for option in words().options(column)]
    cells = [
        SEPARATOR.join(random.choice(ids, random.integers(1, most + 1), replace=False).tolist())
        for _ in range(_COMBINATIONS)
    ]
    drawn = np.array(cells, dtype=object)[random.integers(0, len(cells), number)]
    drawn[random.random(number) < empty] = ""
    return drawn.tolist()

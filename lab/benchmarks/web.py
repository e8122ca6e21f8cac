"""The API and the plain pages of the running service, against Datasette and a constant answer."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np

from clinics.domain.model import Point
from clinics.places.distance import exact_miles
from clinics.places.zips import ZipRow, zip_table
from lab.benchmarks import load, web_peers
from lab.benchmarks.made_up_clinics import DATA, SEED, words
from lab.benchmarks.measure import Json

OURS, DATASETTE, CONSTANT = "ours", "datasette", "constant"
API, PAGE = "API", "page"
AGAIN, ANOTHER = "the same again", "another each time"
TARGETS = {API: {DATASETTE: 3.0, CONSTANT: 1 / 3}, PAGE: {DATASETTE: 2.0}}
"""By what is asked for, how many times a peer's answers a second ours should be at least."""

RADIUS = 25.0
SURELY = RADIUS * 0.994
"""Clinics nearer than this are within the radius by every way of measuring."""

HOME, CONDITION, TOWN = "20912", "ptsd", "/near/takoma-park-md"
API_PATH = "/api/v1/clinics"
NEAREST, PAGE_SIZE, MOST = 5, 25, 100
"""So many clinics a guide to a town shows, a page of a search, and an answer of the API."""

COMPARED = 30
TYPES = {API: "application/json", PAGE: "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Question:
    """A ZIP code, where it is, and a condition; "" for any."""

    zip: str
    row: ZipRow
    condition: str

    def to_us(self, path: str) -> str:
        """Return our address of it."""
        return f"{path}?{urlencode({'near': self.zip, 'condition': self.condition})}"

    def to_datasette(self, format: str, most: int) -> str:
        """Return Datasette's address of it."""
        values = {"lat": self.row.lat, "lon": self.row.lon, "radius": RADIUS, "most": most}
        shape = {"_shape": "array"} if format else {}
        return f"/clinics/near{format}?{urlencode(values | {'condition': self.condition} | shape)}"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that is measured: who is asked, and for which paths of theirs in turn."""

    kind: str
    how: str
    who: str
    url: str
    paths: list[str]


def questions() -> list[Question]:
    """Return every condition at every ZIP code around, in an order of chance that stays."""
    table = zip_table().rows
    home = Point(table[HOME].lat, table[HOME].lon)
    around = [
        (zip, row) for zip, row in sorted(table.items())
        if row.delivers and exact_miles(home, row.lat, row.lon) < RADIUS
    ]  # fmt: skip
    conditions = [condition.id for condition in words().conditions]
    found = [Question(zip, row, condition) for zip, row in around for condition in conditions]
    order = np.random.default_rng(SEED).permutation(len(found))
    return [found[i] for i in order.tolist()]


def firsts() -> Mapping[str, str]:
    """Return what is asked again and again, of us."""
    return {API: Question(HOME, zip_table().rows[HOME], CONDITION).to_us(API_PATH), PAGE: TOWN}


def cases(urls: Mapping[str, str], asked: list[Question]) -> list[Case]:
    """Return everything that is measured, in the order of a round."""
    row = zip_table().rows[HOME]
    first, anything = Question(HOME, row, CONDITION), Question(HOME, row, "")
    ours, theirs = urls[OURS], urls[DATASETTE]
    return [
        Case(API, AGAIN, OURS, ours, [firsts()[API]]),
        Case(API, AGAIN, DATASETTE, theirs, [first.to_datasette(".json", MOST)]),
        Case(API, ANOTHER, OURS, ours, [q.to_us(API_PATH) for q in asked]),
        Case(API, ANOTHER, DATASETTE, theirs, [q.to_datasette(".json", MOST) for q in asked]),
        Case(API, AGAIN, CONSTANT, urls[CONSTANT + API], ["/"]),
        Case(PAGE, AGAIN, OURS, ours, [TOWN]),
        Case(PAGE, AGAIN, DATASETTE, theirs, [anything.to_datasette("", NEAREST)]),
        Case(PAGE, ANOTHER, OURS, ours, [q.to_us("/plain") for q in asked]),
        Case(PAGE, ANOTHER, DATASETTE, theirs, [q.to_datasette("", PAGE_SIZE) for q in asked]),
        Case(PAGE, AGAIN, CONSTANT, urls[CONSTANT + PAGE], ["/"]),
    ]


def compare(ours: list[Json], theirs: list[Json]) -> None:
    """Raise AssertionError where the two found other clinics, but for those at the very edge."""
    mine, other = _near(ours, "distance_miles"), _near(theirs, "miles")
    if mine != other:
        raise AssertionError(f"Datasette finds other clinics: {sorted(mine ^ other)[:3]} differ.")


def _near(clinics: list[Json], miles: str) -> set[str]:
    return {str(each["id"]) for each in clinics if float(str(each[miles])) < SURELY}


def run(seconds: float, rounds: int) -> list[Json]:
    """Measure everything in turn, `rounds` times so many seconds; nothing where wrk is missing.

    Of the rounds of each the one in the middle counts.
    """
    if not load.is_here():
        print(load.MISSING)
        return []
    asked = questions()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        all_cases = cases(_started(stack, folder, asked[:COMPARED]), asked)
        taken: dict[int, list[load.Load]] = {i: [] for i in range(len(all_cases))}
        for _ in range(rounds):
            for i, case in enumerate(all_cases):
                taken[i].append(load.ask(case.url, case.paths, seconds, folder))
    return [_figures(case, taken[i]) for i, case in enumerate(all_cases)]


def _started(stack: ExitStack, folder: Path, asked: list[Question]) -> Mapping[str, str]:
    """Start all servers, compare their answers, and return their addresses."""
    told = web_peers.write_database(DATA / "clinics.csv", folder)
    ours = stack.enter_context(web_peers.ours(folder))
    theirs = stack.enter_context(web_peers.datasette(told, folder))
    for question in asked:
        answers = ours + question.to_us(API_PATH), theirs + question.to_datasette(".json", MOST)
        compare(*(web_peers.clinics(web_peers.get(url)) for url in answers))
    urls = {OURS: ours, DATASETTE: theirs}
    for kind, path in firsts().items():
        size = len(web_peers.get(ours + path))
        urls[CONSTANT + kind] = stack.enter_context(web_peers.constant(size, TYPES[kind], folder))
    return urls


def _figures(case: Case, taken: list[load.Load]) -> Json:
    middle = sorted(taken, key=lambda each: each.a_second)[len(taken) // 2]
    return {
        "kind": case.kind,
        "how": case.how,
        "who": case.who,
        "bytes_each": middle.bytes / middle.requests,
        "a_second": middle.a_second,
        "p50_ms": middle.p50_ms,
        "p99_ms": middle.p99_ms,
        "rounds": [each.a_second for each in taken],
    }


def ratios(results: list[dict[str, Any]]) -> list[tuple[str, str, str, float, float]]:
    """Return kind, how, peer, how many times its answers a second ours gave, and the aim."""
    speed = {(each["kind"], each["how"], each["who"]): each["a_second"] for each in results}
    return [
        (kind, how, peer, speed[kind, how, OURS] / speed[kind, _asked(peer, how), peer], aim)
        for kind, aims in TARGETS.items()
        for peer, aim in aims.items()
        for how in (AGAIN, ANOTHER)
        if (kind, how, OURS) in speed
    ]


def _asked(peer: str, how: str) -> str:
    return AGAIN if peer == CONSTANT else how

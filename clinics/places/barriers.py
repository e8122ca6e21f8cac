"""Water that a straight line crosses and a road goes around: `data/barriers.csv`, if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from clinics.domain.data_files import in_order, read_items, several
from clinics.domain.model import Point
from clinics.places.distance import exact_miles

MUCH = 1.5
"""Over this many times the straight line, the way by a bridge is much farther."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """A line on the map, and the bridges over it or roads around it.

    `words` are said of a straight line that crosses it, `far_words` where even the nearest
    bridge, reached in straight lines, makes the way MUCH longer.
    """

    label: str
    words: str
    far_words: str
    line: tuple[Point, ...]
    bridges: tuple[Point, ...]

    def said(self, start: Point, end: Point) -> str:
        """Return what to say of the straight way between two points; "" where it does not cross."""
        if not any(_cross(start, end, a, b) for a, b in pairwise(self.line)):
            return ""
        around = (_miles(start, bridge) + _miles(bridge, end) for bridge in self.bridges)
        is_far = min(around, default=0.0) > MUCH * _miles(start, end)
        return self.far_words if is_far else self.words


def load_barriers(folder: Path) -> tuple[Barrier, ...]:
    """Read `barriers.csv` of `folder`, none without it; raises DataFileError with one sentence."""
    path = folder / "barriers.csv"
    return read_items(path, _barrier) if path.exists() else ()


def across(barriers: Sequence[Barrier], start: Point, end: Point) -> str:
    """Return what to say of the first barrier between two points; "" without one."""
    return next(filter(None, (barrier.said(start, end) for barrier in barriers)), "")


def _barrier(row: dict[str, str]) -> Barrier:
    line, bridges = _points(row["line"]), _points(row["bridges"])
    if len(line) < 2:
        raise ValueError("a line needs two points or more.")
    return Barrier(row["label"], row["words"], row["far_words"], line, bridges)


def _points(cell: str) -> tuple[Point, ...]:
    """Read points, each latitude and longitude with a space between, parted by semicolons."""
    return tuple(map(_point, several(cell)))


def _point(text: str) -> Point:
    try:
        lat, lon = map(float, text.split())
    except ValueError as problem:
        needs = "a point needs latitude and longitude, such as 38.99 -76.38"
        raise ValueError(f"{needs}; it is “{text}”.") from problem
    return in_order(lat, lon)


def _miles(start: Point, end: Point) -> float:
    return exact_miles(start, end.lat, end.lon)


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Return True if the lines ab and cd cross, in degrees, as on a plane."""
    return _side(a, b, c) != _side(a, b, d) and _side(c, d, a) != _side(c, d, b)


def _side(a: Point, b: Point, point: Point) -> bool:
    east, north = b.lon - a.lon, b.lat - a.lat
    return east * (point.lat - a.lat) > north * (point.lon - a.lon)

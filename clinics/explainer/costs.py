"""What a course of treatment may cost: plain sums over what a visitor enters."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

LIMITS = {
    "sessions": (1, 60),
    "price_low": (0, 10_000),
    "price_high": (0, 10_000),
    "consultation": (0, 10_000),
    "later_sessions": (0, 60),
    "miles_each_way": (0, 1_000),
    "dollars_a_mile": (0, 10),
}
"""The least and the most that each number may be."""

NAMES = {
    "sessions": "The number of sessions",
    "price_low": "The lowest price of a session",
    "price_high": "The highest price of a session",
    "consultation": "The price of the first consultation",
    "later_sessions": "The number of later sessions",
    "miles_each_way": "The distance",
    "dollars_a_mile": "The cost of a mile",
}
WHOLE = ("sessions", "later_sessions")


@dataclass(frozen=True, slots=True)
class Course:
    """What a visitor enters: numbers of sessions, dollars, miles. Raises ValueError as prose."""

    sessions: float = 1
    price_low: float = 0
    price_high: float = 0
    consultation: float = 0
    later_sessions: float = 0
    miles_each_way: float = 0
    dollars_a_mile: float = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            _check(field.name, getattr(self, field.name))
        if self.price_high < self.price_low:
            raise ValueError(
                f"The highest price (${self.price_high:,g}) is below the lowest "
                f"(${self.price_low:,g}). Swap them, or make them the same."
            )


def _check(name: str, value: object) -> None:
    """Raise ValueError, with a sentence, for what is not a number or out of its limits."""
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{NAMES[name]} needs a number.")
    if name in WHOLE and value != int(value):
        raise ValueError(f"{NAMES[name]} needs a whole number; it is {value:g}.")
    least, most = LIMITS[name]
    if not least <= value <= most:
        raise ValueError(f"{NAMES[name]} can be from {least:,} to {most:,}; it is {value:,.10g}.")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum: what, how it is worked out, and dollars from low to high."""

    label: str
    working: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The lines of the sum, their total in dollars, and the miles traveled."""

    lines: tuple[Line, ...]
    miles: float

    @property
    def low(self) -> float:
        """Return the lowest total in dollars."""
        return sum(line.low for line in self.lines)

    @property
    def high(self) -> float:
        """Return the highest total in dollars."""
        return sum(line.high for line in self.lines)


def estimate(course: Course) -> Estimate:
    """Add up a course of treatment; every line says how it is worked out.

    The first series always has its line; others only where they cost something. A consultation
    that costs something counts as a visit to travel to.
    """
    first = _sessions("First series", course.sessions, course)
    later = _sessions("Later sessions", course.later_sessions, course)
    consultation = Line("First consultation", "once", course.consultation, course.consultation)
    others = (consultation, later, _travel(course))
    return Estimate((first, *(line for line in others if line.high)), _miles(course))


def _sessions(label: str, number: float, course: Course) -> Line:
    price = dollars(course.price_low, course.price_high)
    working = f"{_counted(number, 'session')} × {price}"
    return Line(label, working, number * course.price_low, number * course.price_high)


def _travel(course: Course) -> Line:
    cost = _miles(course) * course.dollars_a_mile
    way = f"2 × {_counted(course.miles_each_way, 'mile')}"
    working = f"{_counted(_visits(course), 'visit')} × {way} × ${course.dollars_a_mile:,.2f} a mile"
    return Line("Travel", working, cost, cost)


def _visits(course: Course) -> float:
    return course.sessions + course.later_sessions + (1 if course.consultation else 0)


def _miles(course: Course) -> float:
    return 2 * course.miles_each_way * _visits(course)


def _counted(number: float, one: str) -> str:
    return f"{number:,g} {one}{'' if number == 1 else 's'}"


def dollars(low: float, high: float) -> str:
    """Write an amount or a range in whole dollars: "$400", "$400 to $800"."""
    least, most = f"${low:,.0f}", f"${high:,.0f}"
    return least if least == most else f"{least} to {most}"

"""What a course of treatment may cost: plain sums over what a visitor enters."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from clinics.domain.language import Sentences, say

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

NAMES = Sentences({name: f"cost.{name}" for name in LIMITS})
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
            raise ValueError(say("cost.swap", high=self.price_high, low=self.price_low))


def _check(name: str, value: object) -> None:
    """Raise ValueError, with a sentence, for what is not a number or out of its limits."""
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(say("cost.needs_number", name=NAMES[name]))
    if name in WHOLE and value != int(value):
        raise ValueError(say("cost.needs_whole", name=NAMES[name], value=value))
    least, most = LIMITS[name]
    if not least <= value <= most:
        limits = {"least": least, "most": most}
        raise ValueError(say("cost.out_of_limits", name=NAMES[name], value=value, **limits))


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
    first = _sessions(say("cost.first_series"), course.sessions, course)
    later = _sessions(say("cost.later"), course.later_sessions, course)
    visit = course.consultation
    consultation = Line(say("cost.first_consultation"), say("cost.once"), visit, visit)
    others = (consultation, later, _travel(course))
    return Estimate((first, *(line for line in others if line.high)), _miles(course))


def _sessions(label: str, number: float, course: Course) -> Line:
    price = dollars(course.price_low, course.price_high)
    working = f"{say('cost.of_sessions', n=number)} × {price}"
    return Line(label, working, number * course.price_low, number * course.price_high)


def _travel(course: Course) -> Line:
    cost = _miles(course) * course.dollars_a_mile
    visits = say("cost.of_visits", n=_visits(course))
    miles = say("cost.of_miles", n=course.miles_each_way)
    working = f"{visits} × 2 × {miles} × {say('cost.a_mile', dollars=course.dollars_a_mile)}"
    return Line(say("cost.travel"), working, cost, cost)


def _visits(course: Course) -> float:
    return course.sessions + course.later_sessions + (1 if course.consultation else 0)


def _miles(course: Course) -> float:
    return 2 * course.miles_each_way * _visits(course)


def dollars(low: float, high: float) -> str:
    """Write an amount or a range in whole dollars: "$400", "$400 to $800"."""
    least, most = f"${low:,.0f}", f"${high:,.0f}"
    return least if least == most else say("cost.range", least=least, most=most)

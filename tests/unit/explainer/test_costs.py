"""The sum of a course is right to the dollar, says how it is made, and refuses bad numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.explainer.costs import LIMITS, NAMES, Course, Line, dollars, estimate


def test_a_whole_course_is_added_up_with_its_working() -> None:
    result = estimate(Course(6, 400, 800, 250, 4, 12.5, 0.7))
    assert result.lines == (
        Line("First series", "6 sessions × $400 to $800", 2400, 4800),
        Line("First consultation", "once", 250, 250),
        Line("Later sessions", "4 sessions × $400 to $800", 1600, 3200),
        Line("Travel", "11 visits × 2 × 12.5 miles × $0.70 a mile", 192.5, 192.5),
    )
    assert (result.low, result.high, result.miles) == (4442.5, 8442.5, 275)


def test_what_costs_nothing_has_no_line_but_the_series_always_has() -> None:
    result = estimate(Course(sessions=1))
    assert result.lines == (Line("First series", "1 session × $0", 0, 0),)
    assert (result.low, result.high, result.miles) == (0, 0, 0)


def test_miles_are_counted_even_where_a_mile_costs_nothing() -> None:
    result = estimate(Course(2, 500, 500, miles_each_way=10))
    assert result.miles == 40
    assert [line.label for line in result.lines] == ["First series"]


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        ({"sessions": 0}, "The number of sessions can be from 1 to 60; it is 0."),
        ({"sessions": 61}, "The number of sessions can be from 1 to 60; it is 61."),
        ({"sessions": 2.5}, "The number of sessions needs a whole number; it is 2.5."),
        ({"later_sessions": -1}, "The number of later sessions can be from 0 to 60; it is -1."),
        ({"price_low": -5}, "The lowest price of a session can be from 0 to 10,000; it is -5."),
        (
            {"price_high": 1234567},
            "The highest price of a session can be from 0 to 10,000; it is 1,234,567.",
        ),
        ({"consultation": math.inf}, "The price of the first consultation needs a number."),
        ({"miles_each_way": math.nan}, "The distance needs a number."),
        ({"dollars_a_mile": "1"}, "The cost of a mile needs a number."),
        (
            {"price_low": 800, "price_high": 400},
            "The highest price ($400) is below the lowest ($800). "
            "Swap them, or make them the same.",
        ),
    ],
)
def test_a_bad_number_gets_a_sentence(given_: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        Course(**given_)
    assert str(caught.value) == sentence


def test_every_number_has_limits_and_a_name() -> None:
    assert list(LIMITS) == list(NAMES) == list(Course.__dataclass_fields__)


@given(st.integers(1, 60), st.floats(0, 5000), st.floats(0, 5000), st.integers(0, 60))
def test_the_range_is_never_upside_down(n: int, low: float, more: float, later: int) -> None:
    result = estimate(Course(n, low, low + more, later_sessions=later))
    assert result.low <= result.high


def test_an_amount_is_written_in_whole_dollars_and_a_range_only_where_there_is_one() -> None:
    assert dollars(400, 800) == "$400 to $800"
    assert dollars(1400, 1400) == "$1,400"
    assert dollars(99.6, 100.4) == "$100"

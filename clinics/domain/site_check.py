"""What `site.toml` may hold: each name with the kind of value it needs, and what is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from clinics.domain.data_files import in_order
from clinics.domain.kinds import STATES

Kind = tuple[Callable[[Any], bool], str]
"""A test of a value, and what it needs, as a sentence ends."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


def _is_zone(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (OSError, ValueError, KeyError):
        return False


def _is_day(value: object) -> bool:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: re.fullmatch(pattern, str(value)) is not None


_TEXT: Kind = (lambda value: isinstance(value, str) and bool(value.strip()), "a text in quotes")
_ANY_TEXT: Kind = (lambda value: isinstance(value, str), "a text in quotes")
_TEXTS: Kind = (_is_texts, 'a list such as ["one", "two"]')
_POINT: Kind = (
    lambda value: isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)),
    "two numbers, latitude and longitude, such as [39.05, -77.0]",
)
_KINDS: Mapping[str, Kind] = {
    "short_title": _ANY_TEXT,
    "time_zone": (_is_zone, 'the name of a time zone, such as "America/New_York"'),
    "approvals_as_of": (_is_day, "a day without quotes, such as 2026-11-20"),
    "map_center": _POINT,
    "[service_area] states": (
        lambda value: _is_texts(value) and bool(value) and {*map(str.upper, value)} <= {*STATES},
        'a list of postal codes, such as ["MD", "DC"]',
    ),
    "[service_area] miles_from_town": (
        lambda value: _is_number(value) and 0 < value < 10_000,
        "a number of miles above 0",
    ),
    "[federal_upload] source": _ANY_TEXT,
    "[federal_upload] category": _ANY_TEXT,
    "[federal_upload] source_url": (_matches(r"(https?://\S+)?"), "an http or https address"),
    "[federal_upload] date": (_matches(r"(\d{4}(-\d\d){0,2})?"), "a day such as 2024-07-03"),
    "[federal_upload] survey": (_matches(r"(\d{4})?"), "a year such as 2023"),
    "[approval_words] therapy": _TEXTS,
    "[approval_words] related": _TEXTS,
    "[approval_words] not_the_therapy": _TEXTS,
}


def odd_values(values: Mapping[str, Any]) -> Iterator[str]:
    """Say, without a full stop, which values are not of the kind that their name needs."""
    for name, value in _named(values):
        is_right, needs = _KINDS.get(name, _TEXT)
        if not is_right(value):
            yield f"“{name}” needs {needs}; it is “{value}”"
        elif name == "map_center":
            try:
                in_order(*value)
            except ValueError as problem:
                yield str(problem).rstrip(".")
    area = values.get("service_area")
    for name in ("states", "miles_from_town"):
        if isinstance(area, dict) and name not in area:
            yield f"[service_area] needs “{name}”"


def _named(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each value with its name, in a section after the section's."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from ((f"[{name}] {key}", inner) for key, inner in value.items())
        else:
            yield name, value

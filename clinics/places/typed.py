"""Takes apart what was typed for a place: "a 10 millas de Olney", "condado de Howard"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from clinics.domain.typed_words import NUMBER, any_of, meanings, miles_of, number, pattern
from clinics.places.zips import split_state

_HAS_DISTANCE = re.compile(r"[0-9] ?[km]", re.IGNORECASE)
"""Every unit begins so; what has none is not looked through."""


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of('before_place')})\s+", re.IGNORECASE)


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf",? (?:{any_of('after_place')})$", re.IGNORECASE)


@cache
def _distances() -> tuple[re.Pattern[str], ...]:
    """Return how a distance stands before a place, and after it."""
    said = (
        rf"(?:(?:{any_of('before_distance')}) ){{0,2}}(?P<n>{NUMBER}) ?(?P<unit>{any_of('miles')})"
    )
    before = rf"{said},? (?:{any_of('after_distance')}) (?P<place>.+)"
    after = rf"(?P<place>.*[^0-9 ,-]|[0-9]{{5}})(?:, ?| ){said}"
    return re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE)


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(pattern(typed).replace(r"\{\}", "(.+)"), re.IGNORECASE), meant)
        for typed, meant in meanings("forms").items()
    )


def without_filler(text: str) -> str:
    """Return a text without words such as "near", "cerca de" and "downtown" before it."""
    while match := _before().match(text):
        text = text[match.end() :]
    return text


def without_ending(text: str) -> str:
    """Return a text without words such as "area" after it."""
    return _after().sub("", text)


def readings(text: str) -> Iterator[str]:
    """Yield the text, what it is without words that name no place, and as the tables have it."""
    shorter = without_ending(without_filler(text)) or text
    yield from dict.fromkeys((text, shorter, *as_in_tables(shorter)))


def as_in_tables(text: str) -> Iterator[str]:
    """Yield "Howard county, MD" for "condado de Howard, Maryland"."""
    name, state = split_state(text)
    for part, rest in dict.fromkeys([(text, ""), (name, f", {state}" if state else "")]):
        for typed, meant in _forms():
            found = typed.fullmatch(part)
            if found:
                yield meant.format(*found.groups()) + rest


def distance_in(text: str) -> tuple[float | None, str]:
    """Return the miles that stand with a place, None without any, and the place."""
    for said in _distances() if _HAS_DISTANCE.search(text) else ():
        found = said.fullmatch(text)
        if found:
            return number(found["n"]) * miles_of(found["unit"]), found["place"].strip(" ,")
    return None, text

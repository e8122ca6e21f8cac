"""Words that every part says alike: numbers with their nouns, lists, days, and text as an id."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache

from clinics.domain.language import named, say, spoken


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: "1 clinic", "2,400 clinics", "3 facilities"."""
    return f"{number:,} {plural(number, one, many)}"


def plural(number: float, one: str, many: str = "") -> str:
    """Return the form of a noun or a verb that goes with a number; `many` is `one` with an s."""
    return one if number == 1 else many or f"{one}s"


def joined(words: Sequence[str], joiner: str) -> str:
    """Join words as a sentence does: "a, b or c"; "" where there are none.

    `joiner` is "and" or "or", in whatever language is spoken.
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {_joiner(joiner, words[-1])} {words[-1]}"


def _joiner(joiner: str, word: str) -> str:
    """Return the joiner before a word: Spanish has "e" and "u" before the sound of "y" and "o"."""
    said = say(f"words.{joiner}")
    if re.match(r"h?[ií](?![aeo])", word, re.IGNORECASE):
        return named("words.and_before_i", said) if joiner == "and" else said
    if re.match(r"h?[oó]", word, re.IGNORECASE):
        return named("words.or_before_o", said) if joiner == "or" else said
    return said


def capital(text: str) -> str:
    """Return text with a capital letter to begin with, and its others as they are."""
    return f"{text[:1].upper()}{text[1:]}"


def seen(text: str) -> str:
    """Return text on one line with a space for what nobody can see: controls, half characters."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def slug(text: str) -> str:
    """Return text as small letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def county(name: str) -> str:
    """Write the name of a county inside a sentence: "Montgomery County"."""
    bare = name.removesuffix(" County")
    return name if bare == name else say("words.county", name=bare)


def month(date: dt.date) -> str:
    """Write the month of a day: November 2026."""
    return _month(spoken(), date.year, date.month)


@lru_cache(maxsize=500)
def _month(language: str, year: int, number: int) -> str:  # noqa: ARG001 - part of the key
    return say("words.month", month=say("words.months").split()[number - 1], year=year)


def day(date: dt.date) -> str:
    """Write a day without ambiguity: 14 Mar 2026."""
    name = say("words.short_months").split()[date.month - 1]
    return say("words.day", day=date.day, month=name, year=date.year)


def as_dated(date: str) -> str:
    """Write a year, month or day (as YYYY-MM-DD, cut where it ends) as month and year: July 2024.

    For the date of a source: it says no more than matters, and never more than is known.
    """
    year, _, rest = date.partition("-")
    return _month(spoken(), int(year), int(rest[:2])) if rest else year

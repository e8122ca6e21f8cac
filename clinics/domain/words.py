"""Words that every part says alike: numbers with their nouns, lists, days, and text as an id."""

from __future__ import annotations

import datetime as dt
import re
from calendar import month_name
from collections.abc import Sequence


def counted(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: "1 clinic", "2,400 clinics", "3 facilities"."""
    return f"{number:,} {plural(number, one, many)}"


def plural(number: float, one: str, many: str = "") -> str:
    """Return the form of a noun or a verb that goes with a number; `many` is `one` with an s."""
    return one if number == 1 else many or f"{one}s"


def joined(words: Sequence[str], joiner: str) -> str:
    """Join words as a sentence does: "a, b or c"; "" where there are none."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joiner} {words[-1]}"


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


def month(date: dt.date) -> str:
    """Write the month of a day: November 2026."""
    return f"{date:%B %Y}"


def day(date: dt.date) -> str:
    """Write a day without ambiguity: 14 Mar 2026."""
    return f"{date.day} {date:%b %Y}"


def as_dated(date: str) -> str:
    """Write a year, month or day (as YYYY-MM-DD, cut where it ends) as month and year: July 2024.

    For the date of a source: it says no more than matters, and never more than is known.
    """
    year, _, rest = date.partition("-")
    return f"{month_name[int(rest[:2])]} {year}" if rest else year

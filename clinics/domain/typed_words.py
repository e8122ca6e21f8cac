"""The words that people type around what they mean, whatever language a page is in.

They stand in `typed/`, a file for each language; English and Spanish are understood on all pages.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

TYPED = Path(__file__).parent / "typed"

NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:[.,][0-9]+)?"
"""A number as people write it: 1,500 or 2.5, and 2,5 as in much of the world."""


def bare(text: str) -> str:
    """Return a text without accents: "depresión" is "depresion"."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize(
        "NFC", "".join(c for c in apart if unicodedata.category(c) != "Mn")
    )


@cache
def words(kind: str) -> tuple[str, ...]:
    """Return the words of a kind in all languages, such as "here"; the longest first."""
    found = dict.fromkeys(word for table in _tables() for word in table.get(kind, ()))
    return tuple(sorted(found, key=len, reverse=True))


@cache
def bare_words(kind: str) -> frozenset[str]:
    """Return the words of a kind without accents."""
    return frozenset(map(bare, words(kind)))


@cache
def meanings(kind: str) -> Mapping[str, Any]:
    """Return what the words of a kind mean, such as "states": {"Pensilvania": "PA"}."""
    return {word: meant for table in _tables() for word, meant in table.get(kind, {}).items()}


@cache
def any_of(kind: str) -> str:
    """Return a pattern for any word of a kind, with accents and dots or without."""
    known = words(kind) if kind not in ("miles", "states") else tuple(meanings(kind))
    return "|".join(map(pattern, sorted(known, key=len, reverse=True)))


def pattern(word: str) -> str:
    """Return a pattern for a word, with its accents and dots or without."""
    return "".join(_letter(c) for c in word)


def number(text: str) -> float:
    """Return the number that a text of the form NUMBER is."""
    if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+", text):
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def miles_in(text: str) -> float | None:
    """Return the miles of "10 millas" or "10 miles", or None for anything else."""
    found = re.fullmatch(rf"({NUMBER}) ?({any_of('miles')})", text.strip(), re.IGNORECASE)
    return number(found[1]) * miles_of(found[2]) if found else None


def miles_of(unit: str) -> float:
    """Return how many miles there are in a unit that people write."""
    return {bare(word): float(miles) for word, miles in meanings("miles").items()}[
        bare(unit.casefold())
    ]


@cache
def _tables() -> tuple[Mapping[str, Any], ...]:
    return tuple(
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(TYPED.glob("*.toml"))
    )


def _letter(c: str) -> str:
    if c == ".":
        return r"\.?"
    return re.escape(c) if bare(c) == c else f"[{bare(c)}{c}]"

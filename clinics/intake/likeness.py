"""How much two names of a place have in common, spelling, legal form and shortened words aside.

For names as registries write them: `ALDER HOUSE HLTH SVCS LLC`. It ranks what a keeper is asked,
and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from functools import lru_cache

SAME_WORD = 0.88
"""So alike two words are one, as "center" and "centers"."""

TRADE = 0.35
"""What a word of the trade weighs, of 1 of a word that is a name's own."""

ONLY_TRADE = 0.59
"""The most that names are alike without a word of their own in common."""

SAME_TRADE = 0.85
"""How alike names are that have the same words, and none of their own."""

_PART = 0.9
"""How alike a name is to one that it is a part of."""

_READ = 300
_LEGAL = frozenset(
    "a and at co corp corporation dba do dr for in inc incorporated llc llp lp ltd md of on pa pc "
    "phd pllc the".split()
)
_SHORT = {
    "assoc": "associates", "assocs": "associates", "assn": "association", "behav": "behavioral",
    "cntr": "center", "comm": "community", "cmty": "community", "ctr": "center", "ctrs": "center",
    "dept": "department", "grp": "group", "hlth": "health", "hosp": "hospital",
    "inst": "institute", "med": "medical", "mgmt": "management", "psych": "psychiatry",
    "rehab": "rehabilitation", "svc": "services", "svcs": "services", "trmt": "treatment",
    "tx": "treatment", "univ": "university",
}  # fmt: skip
_TRADE = frozenset(
    "associates association behavioral care center clinic clinical clinics columbia community "
    "counseling county department district delaware group health healthcare healing hospital "
    "infusion infusions institute interventional ketamine management maryland medical medicine "
    "mental mind mood network neuropsychiatric northern outpatient pennsylvania practice program "
    "programs psychiatric psychiatry psychological psychology recovery rehabilitation residential "
    "service services solutions southern spravato state system systems therapies therapy tms "
    "treatment university virginia washington wellness west".split()
)


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in their order, once each, in full and without its legal form."""
    return _words(name[:_READ])


@lru_cache(maxsize=65_536)
def _words(name: str) -> tuple[str, ...]:
    plain = re.sub(r"['’.]", "", name.casefold()).replace("&", " and ")
    found = (_SHORT.get(word, word) for word in re.findall(r"[a-z0-9]+", plain))
    return tuple(dict.fromkeys(word for word in found if word not in _LEGAL))


def own_words(name: str) -> tuple[str, ...]:
    """Return the words of a name that are not of the trade."""
    return tuple(word for word in words(name) if word not in _TRADE)


def same_name(name: str, other: str) -> bool:
    """Return True if two names have the same words."""
    return bool(words(name)) and set(words(name)) == set(words(other))


def likeness(name: str, other: str, towns: Iterable[str] = ()) -> float:
    """Return 0 to 1; words of the `towns` weigh no more than those of the trade."""
    here, there = words(name), words(other)
    if not here or not there:
        return 0.0
    light = _light(tuple(towns))
    is_strong = any(word not in light for word in here)
    if set(here) == set(there):
        return 1.0 if is_strong else SAME_TRADE
    agreeing = [(word, _like(word, there)) for word in here]
    shared = [(word, like) for word, like in agreeing if like]
    both = sum(min(_weight(word, light), _weight(like, light)) for word, like in shared)
    first, second = (sum(_weight(word, light) for word in all) for all in (here, there))
    score = min(1.0, max(2 * both / (first + second), _PART * both / min(first, second)))
    if any(word not in light and like not in light for word, like in shared):
        return score
    return min(score, ONLY_TRADE)


@lru_cache(maxsize=4096)
def _light(towns: tuple[str, ...]) -> frozenset[str]:
    return _TRADE.union(*(words(town) for town in towns))


def _weight(word: str, light: Collection[str]) -> float:
    return TRADE if word in light else 1.0


def _like(word: str, others: Collection[str]) -> str:
    """Return the one of the other words that is this one; "" for none."""
    if word in others:
        return word
    for other in others:
        lengths = sorted((len(word), len(other)))
        if 2 * lengths[0] < SAME_WORD * sum(lengths) or word[0] != other[0]:
            continue
        if SequenceMatcher(None, word, other, autojunk=False).ratio() >= SAME_WORD:
            return other
    return ""

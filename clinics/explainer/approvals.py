"""Finds what may not be said of approvals: one of ketamine, or a "not" without its month."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"(?<=[.?!])[)”\"*]*\s+")
_APPROVAL = re.compile(r"approv", re.IGNORECASE)
_NAME = re.compile(r"\b(?:(?P<related>spravato|esketamine)|ketamine)\b", re.IGNORECASE)
_OF_THE_RELATED = re.compile(r"\bketamine molecule\b|\brelated to ketamine\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|no|none|never|neither|nor|without|unapproved|outside)\b|n[’']t\b", re.IGNORECASE
)
_NOT_APPROVED = re.compile(
    r"\b(?:not|never|no)(?:\s+[\w’'-]+){0,3}?\s+(?:FDA-)?approv"
    r"|\bnone(?:\s+[\w’'-]+){0,4}?\s+approv"
    r"|\bunapproved\b|\bketamine(?: itself)? is not(?=[.,;:])",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\bas of (?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December) \d{4}\b",
    re.IGNORECASE,
)


def without_not(text: str) -> Iterator[str]:
    """Yield each sentence on ketamine that speaks of approval without a "not"; questions may.

    A sentence that names neither ketamine nor Spravato is about what was named first in the last
    one that did.
    """
    about_ketamine = False
    for sentence in _SENTENCE.split(text):
        names = list(_NAME.finditer(_OF_THE_RELATED.sub("", sentence)))
        if names:
            about_ketamine = any(not name["related"] for name in names)
        claims = _APPROVAL.search(sentence) and not sentence.rstrip().endswith("?")
        if about_ketamine and claims and not _NOT.search(sentence):
            yield sentence.strip()
        if names:
            about_ketamine = not names[0]["related"]


def undated(text: str) -> Iterator[str]:
    """Yield the first sentence on what is not approved, in a text without the month of it."""
    said = (s.strip() for s in _SENTENCE.split(text) if _NOT_APPROVED.search(s))
    sentence = "" if is_dated(text) else next(said, "")
    if sentence:
        yield sentence


def is_dated(text: str) -> bool:
    """Return True if a text says as of which month something holds."""
    return bool(_MONTH.search(text))

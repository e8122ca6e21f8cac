"""Finds what may not be said of approvals: one of the therapy, or a "not" without its month."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from clinics.domain.site import ApprovalWords

_SENTENCE = re.compile(r"(?<=[.?!])[)”\"*]*\s+")
_APPROVAL = re.compile(r"approv", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|no|none|never|neither|nor|without|unapproved|outside)\b|n[’']t\b", re.IGNORECASE
)
_NOT_APPROVED = re.compile(
    r"\b(?:not|never|no)(?:\s+[\w’'-]+){0,3}?\s+(?:FDA-)?approv"
    r"|\bnone(?:\s+[\w’'-]+){0,4}?\s+approv"
    r"|\bunapproved\b",
    re.IGNORECASE,
)
_NEEDS_NONE = re.compile(r"\bneeds? no (?:FDA )?approval\b", re.IGNORECASE)
_MONTH = re.compile(
    r"\bas of (?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December) \d{4}\b",
    re.IGNORECASE,
)


def without_not(text: str, words: ApprovalWords) -> Iterator[str]:
    """Yield each sentence on the therapy that speaks of approval without a "not"; questions may.

    A sentence that names neither it nor what is related is about what was named first in the last
    one that did.
    """
    about_therapy = False
    therapy, related, other = map(_any_of, (words.therapy, words.related, words.not_the_therapy))
    for sentence in _SENTENCE.split(text):
        own = other.sub("", sentence)
        first, of_related = therapy.search(own), related.search(own)
        if first or of_related:
            about_therapy = first is not None
        claims = _APPROVAL.search(sentence) and not sentence.rstrip().endswith("?")
        if about_therapy and claims and not _NOT.search(sentence):
            yield sentence.strip()
        if first and of_related:
            about_therapy = first.start() < of_related.start()


def denies(text: str) -> bool:
    """Return True if a text says that something is not approved."""
    return _NOT_APPROVED.search(text) is not None


@cache
def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of these names as whole words; nothing where there are none."""
    said = "|".join(map(re.escape, names))
    return re.compile(rf"\b(?:{said})\b" if said else r"(?!)", re.IGNORECASE)


def undated(text: str, words: ApprovalWords) -> Iterator[str]:
    """Yield the first sentence on what is not approved, in a text without the month of it."""
    bare = re.compile(rf"(?:{_any_of(words.therapy).pattern})(?: itself)? is not(?=[.,;:])", re.I)
    sentences = (_NEEDS_NONE.sub("", sentence) for sentence in _SENTENCE.split(text))
    said = (s.strip() for s in sentences if _NOT_APPROVED.search(s) or bare.search(s))
    sentence = "" if is_dated(text) else next(said, "")
    if sentence:
        yield sentence


def is_dated(text: str) -> bool:
    """Return True if a text says as of which month something holds."""
    return bool(_MONTH.search(text))

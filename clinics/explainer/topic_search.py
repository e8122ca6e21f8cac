"""Find topics by the words people type: (topics, vocabulary, text) -> topics, the closest first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple

from clinics.domain.vocabulary import Vocabulary
from clinics.explainer.model import CITATION, Topic

LONGEST = 100
"""Characters; what is typed beyond them is not read."""

_LIKENESS = 0.75
"""Of difflib's ratio: two letters of four may have changed places, or one of four be another."""

_WORD = re.compile(r"\w+")
_LITTLE = frozenset(
    "a about an and any are as at be by can could do does for from get has have how if in is it "
    "me my of on or should so that the there they this to was we what when where which who why "
    "will with would you your".split()
)
"""Words of a question that say nothing of its subject."""


def topics_about(topics: Sequence[Topic], vocabulary: Vocabulary, sought: str) -> tuple[Topic, ...]:
    """Return the topics that have every word sought, those named by them first.

    A word is found in any that begins with it, be it one or several of a thing; one of two
    letters ("IV") only as a whole. Without a word to look for, every topic is returned.
    """
    words = _wanted(sought)
    ranked = [(_rank(topic, vocabulary, words), topic) for topic in topics]
    found = [(rank, topic) for rank, topic in ranked if rank is not None]
    return tuple(topic for _, topic in sorted(found, key=lambda pair: pair[0]))


def topics_with_some(
    topics: Sequence[Topic], vocabulary: Vocabulary, sought: str
) -> tuple[Topic, ...]:
    """Return the topics that have at least one of the words sought, those with most first."""
    found: dict[str, int] = {}
    for word in _wanted(sought):
        for topic in topics_about(topics, vocabulary, word):
            found[topic.id] = found.get(topic.id, 0) + 1
    some = [topic for topic in topics if topic.id in found]
    return tuple(sorted(some, key=lambda topic: -found[topic.id]))


def as_spelled(topics: Sequence[Topic], vocabulary: Vocabulary, sought: str) -> str:
    """Return what is sought with each word that no topic has as the nearest that one has.

    Empty where a word of three letters or fewer, or one that is like no other, stands in no topic.
    """
    texts = [" ".join(words) for topic in topics for words in _texts(topic, vocabulary)]
    known = set(_words(" ".join(texts)))
    spelled = []
    for word in _wanted(sought):
        near = [word] if _is_in(word, known) else _like(word, known)
        if not near:
            return ""
        spelled.append(near[0])
    return " ".join(spelled)


def _like(word: str, known: Iterable[str]) -> list[str]:
    """Return the words spelled nearly so, those of the same letters first, then the nearest."""
    near = difflib.get_close_matches(word, known, 5, _LIKENESS) if len(word) > 3 else []
    return sorted(near, key=lambda other: sorted(other) != sorted(word))


def _wanted(sought: str) -> list[str]:
    words = [word for word in _words(sought[:LONGEST]) if len(word) > 1]
    return [word for word in words if word not in _LITTLE] or words


def _rank(topic: Topic, vocabulary: Vocabulary, words: list[str]) -> int | None:
    """Return how far from the topic's name the words stand, 0 for in it; None without one."""
    places = [set(_words(" ".join(texts))) for texts in _texts(topic, vocabulary)]
    ranks = [next((n for n, place in enumerate(places) if _is_in(w, place)), None) for w in words]
    known = [rank for rank in ranks if rank is not None]
    return sum(known) if len(known) == len(ranks) else None


def _texts(topic: Topic, vocabulary: Vocabulary) -> tuple[Iterable[str], ...]:
    """Return what a topic is called, by us and by others, then what it says, closest first."""
    conditions = [c for c in vocabulary.conditions if c.id in topic.conditions]
    treatments = [t for t in vocabulary.treatments if t.id in topic.treatments]
    names = [name for c in conditions for name in (c.label, *c.synonyms)]
    names += [treatment.label for treatment in treatments]
    block = astuple(topic.block) if topic.block else ()
    return (
        (topic.title, *topic.words, *names),
        (topic.summary, *(c.gloss for c in conditions)),
        (CITATION.sub("", text) for text in (*block, topic.body)),
    )


def _is_in(word: str, place: set[str]) -> bool:
    if len(word) == 2:
        return word in place
    one = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    return any(other.startswith(one) for other in place)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())

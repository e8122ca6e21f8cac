"""Find topics and towns by the words people type: (topics, vocabulary, text) -> topics."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass

from clinics.domain import typed_words
from clinics.domain.kinds import STATES
from clinics.domain.language import say
from clinics.domain.model import Town
from clinics.domain.vocabulary import Vocabulary
from clinics.explainer.model import CITATION, Topic

LONGEST = 100
"""Characters; what is typed beyond them is not read."""

_LIKENESS = 0.8
"""Of difflib's ratio: one letter of five may be another."""

_WORD = re.compile(r"\w+")
_LITTLE = frozenset(typed_words.words("little"))
"""Words of a question that say nothing of its subject."""

_AROUND = frozenset(typed_words.words("around_town"))
"""Words that stand beside the name of a town and ask for nothing more; so do those of its state."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the words lead to, the closest first; `note` says so where it is not what was typed."""

    topics: tuple[Topic, ...]
    towns: tuple[Town, ...] = ()
    note: str = ""


def look_up(
    topics: Sequence[Topic], vocabulary: Vocabulary, towns: Sequence[Town], sought: str
) -> Found:
    """Return topics and towns by their words, else by words spelled nearly so, else by some."""
    here, rest = towns_named(towns, sought)
    if here and not rest:
        return Found((), here)
    found = topics_about(topics, vocabulary, rest) or topics_elsewhere(topics, vocabulary, rest)
    if found:
        return Found(found, here)
    spelled = as_spelled(topics, vocabulary, towns, rest)
    there, others = towns_named(towns, spelled)
    found = topics_about(topics, vocabulary, others) if others else ()
    if there or found:
        note = say("learn.spelled", typed=rest.strip()[:40], spelled=spelled)
        return Found(found, tuple(dict.fromkeys((*here, *there))), note)
    some = topics_with_some(topics, vocabulary, spelled or rest)
    if some:
        return Found(some, here, say("learn.some"))
    return Found((), here, say("learn.none", word=vocabulary.conditions[0].label))


def towns_named(towns: Sequence[Town], sought: str) -> tuple[tuple[Town, ...], str]:
    """Return the towns that a text names, by name or ZIP, and what else it asks for."""
    words = _words(sought[:LONGEST])
    whole, rest = " ".join(words), f" {' '.join(words)} "
    found = []
    for town in sorted(towns, key=lambda town: -len(town.name)):
        name = " ".join(_words(town.name))
        begun = len(whole) > 3 and name.startswith(whole)
        if begun or f" {name} " in rest or any(f" {zip} " in rest for zip in town.zips):
            found.append(town)
            said = [whole] if begun else [name, *town.zips]
            for part in said:
                rest = rest.replace(f" {part} ", " ")
    if not found:
        return (), sought
    states = {town.state for town in towns}
    states |= {STATES.get(state, "") for state in states}
    beside = _AROUND | _LITTLE | frozenset(_words(" ".join(states)))
    more = [word for word in rest.split() if word not in beside]
    return tuple(sorted(found, key=lambda town: not town.main)), " ".join(more)


def topics_about(topics: Sequence[Topic], vocabulary: Vocabulary, sought: str) -> tuple[Topic, ...]:
    """Return the topics that have every word sought, those named by them first.

    A word is found in any that begins with it, be it one or several of a thing; one of two
    letters ("IV") only as a whole. Without a word to look for, every topic is returned.
    """
    return tuple(topic for _, topic in _ranked(topics, vocabulary, sought))


def topics_named(topics: Sequence[Topic], vocabulary: Vocabulary, sought: str) -> tuple[Topic, ...]:
    """Return the topics that have every word sought in what they are called, in any language."""
    ranked = _ranked(topics, vocabulary, sought) if _wanted(sought) else []
    called = tuple(topic for rank, topic in ranked if rank == 0)
    return called or topics_elsewhere(topics, vocabulary, sought)


def topics_elsewhere(
    topics: Sequence[Topic], vocabulary: Vocabulary, sought: str
) -> tuple[Topic, ...]:
    """Return the topics that are called so in another language, the most alike first."""
    wanted, phrase = _wanted(sought), " ".join(_words(sought[:LONGEST]))
    found = []
    for topic in topics:
        names = [" ".join(_words(name)) for name in _names_elsewhere(topic, vocabulary)]
        if wanted and _rank([names], wanted) == 0:
            found.append((phrase not in names, topic))
    return tuple(topic for _, topic in sorted(found, key=lambda one: one[0]))


def _names_elsewhere(topic: Topic, vocabulary: Vocabulary) -> Iterator[str]:
    yield from topic.elsewhere
    for column in ("conditions", "treatments"):
        for id in getattr(topic, column):
            yield from vocabulary.elsewhere.get((column, id), ())


def _ranked(
    topics: Sequence[Topic], vocabulary: Vocabulary, sought: str
) -> list[tuple[int, Topic]]:
    """Return topics with their rank, the lowest first, then those with the phrase as a name."""
    words = _wanted(sought)
    phrase = " ".join(_words(sought[:LONGEST])) if words else "?"
    found = []
    for topic in topics:
        texts = _texts(topic, vocabulary)
        rank = _rank(texts, words)
        if rank is not None:
            named = any(f" {phrase} " in f" {' '.join(_words(name))} " for name in texts[0])
            found.append((rank, not named, topic))
    return [(rank, topic) for rank, _, topic in sorted(found, key=lambda one: one[:2])]


def topics_with_some(
    topics: Sequence[Topic], vocabulary: Vocabulary, sought: str
) -> tuple[Topic, ...]:
    """Return the topics that have at least one of the words sought, those with most first.

    Of those with as many, the ones that are called so come first.
    """
    ranks: dict[str, list[int]] = {}
    for word in _wanted(sought):
        for rank, topic in _ranked(topics, vocabulary, word):
            ranks.setdefault(topic.id, []).append(rank)
    some = [topic for topic in topics if topic.id in ranks]
    return tuple(sorted(some, key=lambda topic: (-len(ranks[topic.id]), sum(ranks[topic.id]))))


def as_spelled(
    topics: Sequence[Topic], vocabulary: Vocabulary, towns: Sequence[Town], sought: str
) -> str:
    """Return what is sought with each word that no topic has as the nearest name that one has.

    A word is corrected to what a topic or a town is called, never to a word that a text happens
    to have: else "grief" would become "brief". Empty where a word is like no name.
    """
    texts = [_texts(topic, vocabulary) for topic in topics]
    names = set(_words(" ".join(name for called, *_ in texts for name in called)))
    names |= set(_words(" ".join(town.name for town in towns)))
    known = names | set(_words(" ".join(t for places in texts for place in places for t in place)))
    spelled = []
    for word in _wanted(sought):
        near = [word] if _is_in(word, known) else _like(word, names - _LITTLE)
        if not near:
            return ""
        spelled.append(near[0])
    return " ".join(spelled)


def _like(word: str, names: Iterable[str]) -> list[str]:
    """Return the names spelled nearly so, those of the same letters first, then the nearest.

    People rarely miss the first letter; a word of four letters needs all of them.
    """
    same = [name for name in names if len(word) > 3 and sorted(name) == sorted(word)]
    if len(word) < 5:
        return sorted(same)
    near = difflib.get_close_matches(word, names, 5, _LIKENESS)
    return sorted(same) + [name for name in near if name[0] == word[0] and name not in same]


def _wanted(sought: str) -> list[str]:
    words = [word for word in _words(sought[:LONGEST]) if len(word) > 1]
    return [word for word in words if word not in _LITTLE] or words


def _rank(texts: Iterable[Sequence[str]], words: list[str]) -> int | None:
    """Return how far from the topic's name the words stand, 0 for in it; None without one."""
    places = [set(_words(" ".join(place))) for place in texts]
    ranks = [next((n for n, place in enumerate(places) if _is_in(w, place)), None) for w in words]
    known = [rank for rank in ranks if rank is not None]
    return sum(known) if len(known) == len(ranks) else None


def _texts(topic: Topic, vocabulary: Vocabulary) -> tuple[Sequence[str], ...]:
    """Return what a topic is called, by us and by others, then what it says, closest first."""
    conditions = [c for c in vocabulary.conditions if c.id in topic.conditions]
    treatments = [t for t in vocabulary.treatments if t.id in topic.treatments]
    names = [name for c in conditions for name in (c.label, *c.synonyms)]
    names += [treatment.label for treatment in treatments]
    block = astuple(topic.block) if topic.block else ()
    return (
        (topic.title, *topic.words, *names),
        (topic.summary, *(c.gloss for c in conditions)),
        tuple(CITATION.sub("", text) for text in (*block, topic.body)),
    )


def _is_in(word: str, place: set[str]) -> bool:
    if len(word) == 2:
        return word in place
    one = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    return any(other.startswith(one) for other in place)


def _words(text: str) -> list[str]:
    return _WORD.findall(typed_words.bare(text.casefold()))

"""Holds each translation to its English twin: the same numbers, citations, grades, and as plain.

What cannot be compared by a program, that no sentence is stronger than its twin, is for a reader.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from clinics.domain.vocabulary import Vocabulary
from clinics.explainer import approvals, reading
from clinics.explainer.check import Finding
from clinics.explainer.model import CITATION, Explainer, Topic, cited

LEAST_EASE = 65.0
"""The middle of what Fernández Huerta calls normal, for readers of 13 or 14, as the English is."""

_SAME = ("group", "conditions", "treatments", "grade", "approval", "order", "tool", "facts")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SYLLABLES = re.compile(r"[aeiouáéíóúü]+", re.IGNORECASE)
_TWO = re.compile(r"[aeoáéó](?=[aeoáéó])|[íú](?=[aeoáéó])|[aeoáéó](?=[íú])", re.IGNORECASE)
"""Strong vowels beside each other, and an accented weak one, are two syllables."""

_NO = re.compile(
    r"\b(?:no|ning[uú]n\w*|nunca|sin|ni|fuera)\b(?:\s+[\w’'-]+){0,5}?\s+\w*aprob|desaprob",
    re.IGNORECASE,
)
"""How Spanish says what is not approved."""

_PROMOTES = re.compile(
    r"\b(milagr\w+|revolucionari\w+|curas?|curar\w*|curó|transforma\w*|avance|potentes?|poderos\w+|"
    r"increíbles?|asombros\w+|garantiza\w*|innovador\w*)\b",
    re.IGNORECASE,
)

_CLAIMS, _QUESTIONS = "data/claims", "data/questions"

Texts = Mapping[str, str]
"""What the tables of an explainer and a vocabulary say, by file and row."""


def check_translation(
    language: str, own: tuple[Explainer, Vocabulary], english: tuple[Explainer, Vocabulary]
) -> tuple[Finding, ...]:
    """Return everything in which a translation differs from its English twin."""
    (explainer, _), (twins, _) = own, english
    found = [
        _error("data/explainer", sentence)
        for sentence in explainer.left_out
        if sentence.startswith(f"{language}/")
    ]
    for topic in explainer.topics:
        twin = twins.topic(topic.id)
        if twin and topic.language == language:
            found += _topic(topic, twin)
    there = _texts(language, *english)
    here = {w: text for w, text in _texts(language, *own).items() if text != there[w]}
    for where, text in here.items():
        found += _same(where, text, there[where], promotes=where.startswith(_CLAIMS))
    for table in (_CLAIMS, _QUESTIONS):  # altogether, since one short answer is no measure
        said = (text for where, text in here.items() if where.startswith(table))
        found += _ease(f"{table}.{language}.csv", language, said)
    return tuple(found)


def _error(where: str, message: str) -> Finding:
    return Finding(is_error=True, where=where, message=message)


def _texts(language: str, explainer: Explainer, vocabulary: Vocabulary) -> Texts:
    """Return every text with facts in it that the tables hold, by the file of its translation."""
    tables = {
        "claims": {str(c.number): f"{c.claim} {c.answer}" for c in explainer.claims},
        "questions": {q.id: f"{q.question} {q.why}" for q in explainer.questions},
        "schedule": {f"{n}": f"{p.label} {p.note}" for n, p in enumerate(explainer.schedule)},
        "prices": {p.item: f"{p.note} {p.remark}" for p in explainer.prices},
        "references": {r.number: r.read_in for r in explainer.references.values()},
        "crisis_lines": {f"{c.where}, {c.name}": c.note for c in explainer.crisis_lines},
        "conditions": {
            f"{c.id} {name}": getattr(c, name)
            for c in vocabulary.conditions
            for name in ("approval_therapy", "approval_related", "approval_note", "evidence_note")
        },
        "treatments": {
            f"{t.id} {name}": getattr(t, name)
            for t in vocabulary.treatments
            for name in ("approval_short", "approval_note")
        },
    }
    return {
        f"data/{table}.{language}.csv, “{row}”": text
        for table, rows in tables.items()
        for row, text in rows.items()
    }


def _topic(topic: Topic, twin: Topic) -> Iterator[Finding]:
    where = f"data/explainer/{topic.language}/{topic.id}.md"
    for name in _SAME:
        here, there = getattr(topic, name), getattr(twin, name)
        if here != there:
            yield _error(where, f"Its {name} is “{here}”; the English says “{there}”.")
    if topic.recheck > twin.recheck:
        yield _error(where, f"Its recheck is {topic.recheck}, after the English {twin.recheck}.")
    yield from _age(where, topic, twin)
    here, there = list(reading.passages(topic)), list(reading.passages(twin))
    if len(here) != len(there):
        yield _error(where, f"It has {len(here)} passages; the English has {len(there)}.")
    for own, other in [(topic.summary, twin.summary), *zip(here, there, strict=False)]:
        yield from _same(where, own, other)
    yield from _ease(where, topic.language, [reading.prose(topic)])


def _ease(where: str, language: str, texts: Iterable[str]) -> Iterator[Finding]:
    ease = fernandez_huerta("\n\n".join(texts))
    if language == "es" and ease < LEAST_EASE:
        yield _error(where, f"Its reading ease is {ease:.0f}; it needs {LEAST_EASE:g} or more.")


def _age(where: str, topic: Topic, twin: Topic) -> Iterator[Finding]:
    if topic.translated_from is None:
        yield _error(where, "It needs “translated_from”: the “reviewed” of the English version.")
    elif topic.translated_from != twin.reviewed:
        told = f"from the version of {topic.translated_from}; the English is of {twin.reviewed}"
        yield Finding(is_error=False, where=where, message=f"It is translated {told}.")


def _same(where: str, own: str, twin: str, *, promotes: bool = False) -> Iterator[Finding]:
    """Compare one passage with its twin: citations, numbers in digits, what is not approved.

    A claim of an advertisement `promotes`, and may.
    """
    start = f"“{own if len(own) <= 60 else f'{own[:59]}…'}”"
    if cited(own) != cited(twin):
        said = f"[{', '.join(cited(own))}], the English [{', '.join(cited(twin))}]"
        yield _error(where, f"It cites {said}: {start}.")
    mine, theirs = (Counter(_NUMBER.findall(CITATION.sub("", text))) for text in (own, twin))
    if mine != theirs:
        differ = ", ".join(sorted((mine - theirs) + (theirs - mine)))
        yield _error(where, f"It and the English differ in {differ}: {start}.")
    if approvals.denies(twin) and not _NO.search(own):
        yield _error(where, f"The English says that something is not approved: {start}.")
    for word in () if promotes else _PROMOTES.findall(own):
        yield _error(where, f"The word “{word}” promotes; say what is known instead.")


def fernandez_huerta(text: str) -> float:
    """Return the reading ease of a Spanish text, 100 for the easiest.

    Fernández Huerta 1959, as corrected by Gwillim Law 2011: 206.84 - 60 syllables a word - 1.02
    words a sentence. Decimal points and those of thousands are taken out first.
    """
    text = re.sub(r"(\d)[.,](\d)", r"\1\2", text)
    words = re.findall(r"[^\W\d_]+|\d+", text)
    ends = max(1, len(re.findall(r"[.!?:;](?=\s|$)|\n\s*\n", text)))
    syllables = sum(map(_syllables, words))
    return 206.84 - 60 * syllables / max(1, len(words)) - 1.02 * len(words) / ends


def _syllables(word: str) -> int:
    """Count the syllables of a Spanish word: groups of vowels, two where they do not join."""
    silent = re.sub(r"(?<=[qQ])u|(?<=[gG])u(?=[eiéí])", "", word)
    return max(1, len(_SYLLABLES.findall(silent)) + len(_TWO.findall(silent)))

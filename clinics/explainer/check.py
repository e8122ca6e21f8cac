"""Holds the explainer to its promises: cited, graded alike everywhere, plain, never promotional."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit

from clinics.domain.model import Approval, Condition, Treatment
from clinics.domain.site import ApprovalWords
from clinics.domain.vocabulary import Vocabulary
from clinics.explainer import approvals, reading
from clinics.explainer.model import CITATION, Explainer, Reference, Topic, cited

BANNED = re.compile(
    r"\b(breakthroughs?|miracles?|miraculous|revolutionary|cures?|cured|curing|transform\w*|"
    r"life-changing|game-changer|cutting-edge|state-of-the-art|powerful|amazing|guarantee[ds]?)\b",
    re.IGNORECASE,
)
"""Words of advertising; only the table of claims may hold them."""

FIGURE = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty|"
    r"hundred|thousand|million|per cent|half|third of|quarter|twice|double[ds]?|tripled?)\b",
    re.IGNORECASE,
)
"""Digits, and number words that stand for a finding."""

_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_ADDRESS = re.compile(r"https?://[^\s/.]+\.\S+|tel:\+?\d{3,15}")
_FACT = re.compile(r"V\d+")

RECHECK_DAYS = 92
"""Days, three months, after which what is said of approvals needs checking again (V176)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the content: an error fails the check, a note is for keepers."""

    is_error: bool
    where: str
    message: str

    @property
    def severity(self) -> str:
        """Return the word for it: "error" or "note"."""
        return "error" if self.is_error else "note"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of a table that cites: where it is, what it says, and the numbers it cites."""

    where: str
    text: str
    references: tuple[str, ...]
    facts: tuple[str, ...] = ()
    promotes_nothing: bool = True


def check_content(
    explainer: Explainer,
    vocabulary: Vocabulary,
    today: dt.date,
    approvals_as_of: dt.date | None = None,
) -> tuple[Finding, ...]:
    """Return everything found, errors first; without errors the content may be published.

    `approvals_as_of` is the day of `site.toml`.

    Raises reading.CannotMeasure where the package that measures texts is missing.
    """
    findings = chain(
        (_error(f"data/explainer/{where}", what) for where, what in _left_out(explainer)),
        _reference_findings(explainer),
        _coverage_findings(explainer, vocabulary),
        chain.from_iterable(_topic_findings(t, explainer, vocabulary) for t in explainer.topics),
        chain.from_iterable(_entry_findings(e, explainer) for e in _entries(explainer)),
        chain.from_iterable(_said_findings(o, explainer) for o in vocabulary.conditions),
        chain.from_iterable(_said_findings(o, explainer) for o in vocabulary.treatments),
        _plainness("data/claims.csv", (claim.answer for claim in explainer.claims)),
        _plainness("data/questions.csv", (f"{q.question} {q.why}" for q in explainer.questions)),
        _recheck_notes(explainer, today),
        _approvals_note(approvals_as_of, today),
    )
    return tuple(sorted(findings, key=lambda finding: not finding.is_error))


def _error(where: str, message: str) -> Finding:
    return Finding(is_error=True, where=where, message=message)


def _file(topic: Topic) -> str:
    return f"data/explainer/{topic.id}.md"


def _left_out(explainer: Explainer) -> Iterator[tuple[str, str]]:
    for sentence in explainer.left_out:
        where, _, what = sentence.partition(": ")
        yield where, what


def _entries(explainer: Explainer) -> Iterator[_Entry]:
    """Yield the rows of the tables, all of which cite."""
    for c in explainer.claims:
        where = f"data/claims.csv, claim {c.number}"
        yield _Entry(where, c.answer, c.references, c.facts, promotes_nothing=False)
    for q in explainer.questions:
        text = f"{q.question} {q.why}"
        yield _Entry(f"data/questions.csv, “{q.id}”", text, q.references)
    for p in explainer.schedule:
        where = f"data/schedule.csv, “{p.product}”, “{p.label}”"
        yield _Entry(where, f"{p.label} {p.note}", p.references)
    for price in explainer.prices:
        text = f"{price.note} {price.remark}"
        yield _Entry(f"data/prices.csv, “{price.item}”", text, price.references)
    for line in explainer.crisis_lines:
        where = f"data/crisis_lines.csv, “{line.name}”"
        yield _Entry(where, f"{line.name} {line.note}", line.references)


# References


def _reference_findings(explainer: Explainer) -> Iterator[Finding]:
    texts = (text for topic in explainer.topics for text in reading.passages(topic))
    used = dict.fromkeys(number for text in texts for number in cited(text))
    used |= dict.fromkeys(number for e in _entries(explainer) for number in e.references)
    where = "data/references.csv"
    for number in (number for number in used if number not in explainer.references):
        yield _error(where, f"Reference {number} is cited but not listed.")
    for number in (number for number in explainer.references if number not in used):
        yield _error(where, f"Reference {number} is listed but never cited.")
    for number, reference in explainer.references.items():
        parts = urlsplit(reference.address)
        if parts.scheme not in ("http", "https") or "." not in parts.netloc:
            message = f"Reference {number} needs a web address; it has “{reference.address}”."
            yield _error(where, message)


def _rests_on_c_alone(numbers: Iterable[str], references: Mapping[str, Reference]) -> bool:
    return {references[n].grade for n in numbers if n in references} == {"C"}


def _entry_findings(entry: _Entry, explainer: Explainer) -> Iterator[Finding]:
    if not entry.references:
        yield _error(entry.where, "It needs a reference; it has none.")
    yield from _fact_findings(entry.where, entry.facts, explainer)
    yield from _approval_findings(entry.where, entry.text, explainer.approval_words)
    yield from _undated(entry.where, entry.text, explainer.approval_words)
    if _rests_on_c_alone(entry.references, explainer.references):
        yield _error(entry.where, _c_alone(entry.references))
    if entry.promotes_nothing:
        yield from _promotion(entry.where, entry.text)


def _c_alone(numbers: Iterable[str]) -> str:
    return f"It rests on sources of grade C alone ({', '.join(numbers)}); it needs a better one."


def _promotion(where: str, text: str) -> Iterator[Finding]:
    for word in BANNED.findall(text):
        yield _error(where, f"The word “{word}” promotes; say what is known instead.")


# Approvals


def _approval_findings(where: str, text: str, words: ApprovalWords) -> Iterator[Finding]:
    for sentence in approvals.without_not(text, words):
        needs = f"Near {words.therapy[0]} an approval needs its “not”"
        yield _error(where, f"{needs}; this has none: “{_start(sentence)}”.")


def _undated(where: str, text: str, words: ApprovalWords) -> Iterator[Finding]:
    for sentence in approvals.undated(text, words):
        needs = "“Not approved” needs its month, written {as_of}"
        yield _error(where, f"{needs}; this has none: “{_start(sentence)}”.")


def _said_findings(option: Condition | Treatment, explainer: Explainer) -> Iterator[Finding]:
    """Check what the tables of conditions and treatments say, with and without what is related."""
    if isinstance(option, Condition):
        where, shorts = "data/conditions.csv", [option.approval_therapy, option.approval_summary]
        notes = [option.approval_note, option.evidence_note]
    else:
        where, shorts = "data/treatments.csv", [option.approval_short]
        notes = [option.approval_note]
    where = f"{where}, “{option.id}”"
    for short in shorts:
        yield from _undated(where, short, explainer.approval_words)
    for note in notes:
        # What a note adds stands beside the short form and is as of its month.
        yield from _undated(where, f"{shorts[-1]} {note}", explainer.approval_words)
    for text in (*shorts, *notes):
        yield from _approval_findings(where, text, explainer.approval_words)
        yield from _promotion(where, text)
    yield from _fact_findings(where, option.facts, explainer)


# Every condition and every treatment has its topic


def _coverage_findings(explainer: Explainer, vocabulary: Vocabulary) -> Iterator[Finding]:
    for condition in vocabulary.conditions:
        topics = [t for t in explainer.topics if condition.id in t.conditions]
        yield from _one_topic("data/conditions.csv", condition.label, topics)
        yield from chain.from_iterable(_agreement(topic, condition) for topic in topics)
    for treatment in vocabulary.treatments:
        if treatment.approval is not Approval.OTHER:
            topics = [t for t in explainer.topics if treatment.id in t.treatments]
            yield from _one_topic("data/treatments.csv", treatment.label, topics)


def _one_topic(where: str, label: str, topics: list[Topic]) -> Iterator[Finding]:
    if len(topics) != 1:
        have = ", ".join(f"{topic.id}.md" for topic in topics) or "none"
        yield _error(where, f"“{label}” needs one topic that explains it; it has {have}.")


def _agreement(topic: Topic, condition: Condition) -> Iterator[Finding]:
    for name, here, there in (
        ("grade", topic.grade, condition.grade),
        ("approval", topic.approval, condition.approval),
    ):
        if here != there and (here or there is not Approval.OTHER):
            said = f"Its {name} is “{here or 'empty'}”; data/conditions.csv says “{there}”."
            yield _error(_file(topic), said)
    if topic.block is None:
        yield _error(_file(topic), "A topic on a condition needs a [block]; it has none.")


# One topic


def _topic_findings(
    topic: Topic, explainer: Explainer, vocabulary: Vocabulary
) -> Iterator[Finding]:
    where = _file(topic)
    for passage in reading.passages(topic):
        yield from _passage_findings(where, passage, explainer)
    for section in reading.sections(topic):
        yield from _undated(where, CITATION.sub("", section), explainer.approval_words)
    for heading in reading.headings(topic):
        if FIGURE.search(heading):
            yield _error(where, f"A figure needs a reference, not a heading: “{heading}”.")
        yield from _approval_findings(where, heading, explainer.approval_words)
    yield from _approval_findings(where, topic.summary, explainer.approval_words)
    yield from _head_findings(topic, vocabulary)
    yield from _fact_findings(where, topic.facts, explainer)
    yield from _recheck_findings(topic)
    prose = reading.prose(topic)
    yield from _promotion(where, f"{topic.title} {prose}")
    yield from _plainness(where, [prose])


def _plainness(where: str, texts: Iterable[str]) -> Iterator[Finding]:
    grade = reading.grade("\n\n".join(texts))
    if grade > reading.MAX_GRADE:
        needs = f"it needs {reading.MAX_GRADE:g} or less"
        yield _error(where, f"Its reading grade is {grade:.1f}; {needs}.")


def _passage_findings(where: str, passage: str, explainer: Explainer) -> Iterator[Finding]:
    numbers, start = cited(passage), f"“{_start(passage)}”"
    text = CITATION.sub("", passage)
    if FIGURE.search(_LINK.sub(r"\1", text)) and not numbers:
        yield _error(where, f"A figure needs a reference; this has none: {start}.")
    for mark in CITATION.finditer(passage):
        if _rests_on_c_alone(cited(mark[0]), explainer.references):
            yield _error(where, f"{_c_alone(cited(mark[0]))} {start}")
    yield from _approval_findings(where, text, explainer.approval_words)
    if "[@" in text:
        yield _error(where, f"A citation needs the form [@3; @4]; see {start}.")
    if "](" in _LINK.sub("", text):
        yield _error(where, f"A link needs the form [words](address); see {start}.")
    for _, address in _LINK.findall(text):
        if not _ADDRESS.fullmatch(address):
            needs = "a web address, or tel: with digits"
            yield _error(where, f"A link needs {needs}; it has “{address}”.")


def _head_findings(topic: Topic, vocabulary: Vocabulary) -> Iterator[Finding]:
    where = _file(topic)
    for column in ("conditions", "treatments"):
        for id in sorted(set(getattr(topic, column)) - vocabulary.ids(column)):
            yield _error(where, f"There is no “{id}” in data/{column}.csv.")
    if not topic.facts:
        yield _error(where, "It needs the facts it rests on; it has none.")
    if "[@" in f"{topic.title} {topic.summary}":
        yield _error(where, "Title and summary cannot cite; the text under them can.")


def _fact_findings(where: str, facts: Iterable[str], explainer: Explainer) -> Iterator[Finding]:
    for fact in facts:
        if not _FACT.fullmatch(fact):
            yield _error(where, f"A fact needs a V-number; this is “{fact}”.")
        if fact in explainer.weak_facts:
            yield _error(where, f"Fact {fact} rests on sources of grade C alone; leave it out.")


def _recheck_findings(topic: Topic) -> Iterator[Finding]:
    """Find a topic that says what is not approved and is not checked again within three months."""
    last = topic.reviewed + dt.timedelta(days=RECHECK_DAYS)
    dated = any(map(approvals.is_dated, reading.sections(topic)))
    if (dated or topic.approval) and topic.recheck > last:
        needs = f"What is not approved needs checking again by {last}"
        yield _error(_file(topic), f"{needs}; “recheck” is {topic.recheck}.")


def _recheck_notes(explainer: Explainer, today: dt.date) -> Iterator[Finding]:
    for topic in explainer.topics:
        if topic.recheck < today:
            message = f"It was to be checked again by {topic.recheck}."
            yield Finding(is_error=False, where=_file(topic), message=message)


def _approvals_note(as_of: dt.date | None, today: dt.date) -> Iterator[Finding]:
    if as_of and as_of + dt.timedelta(days=RECHECK_DAYS) < today:
        message = f"What is approved was last looked up on {as_of}; look again."
        yield Finding(is_error=False, where="data/site.toml", message=message)


def _start(passage: str) -> str:
    return passage if len(passage) <= 60 else f"{passage[:59]}…"

"""What is known about the therapy, topic by topic, with its references, as frozen dataclasses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from clinics.domain.language import ENGLISH, Sentences, say
from clinics.domain.model import Approval, Grade
from clinics.domain.site import NO_WORDS, ApprovalWords

GROUPS = Sentences(
    {
        "start": "topic.group_start",
        "conditions": "topic.group_conditions",
        "process": "topic.group_process",
        "safety": "topic.group_safety",
        "practical": "topic.group_practical",
    }
)
"""The groups of topics, in the order people read them."""

TOOLS = ("", "timeline", "estimate", "questions", "claims")
"""What may stand with a topic besides its text; empty for nothing."""

PHASES = ("consultation", "series", "follow-up")
"""The parts of a course of treatment."""

VERDICTS = ("supported", "overstated", "not supported", "contradicted")
"""What the evidence makes of a claim, from the best to the worst."""

VERDICT_WORDS = Sentences({each: f"learn.verdict_{each.replace(' ', '_')}" for each in VERDICTS})

SOURCE_GRADES = ("A", "B", "C")
"""By what was read. A: the official or original text; B: a sound report or a copy of one that says
where it is from; C: self-interested, undated, or a copy that does not."""

CITATION = re.compile(r"\s*\[@([0-9a-z]+(?:\s*;\s*@[0-9a-z]+)*)\]")
"""One or several references, with the space before them: [@36] or [@36; @37]."""


def cited(text: str) -> tuple[str, ...]:
    """Return the numbers of the references that a text cites, in order, with repeats."""
    return tuple(
        number.strip().lstrip("@")
        for marks in CITATION.findall(text)
        for number in marks.split(";")
    )


@dataclass(frozen=True, slots=True)
class Reference:
    """One source; `grade` is one of SOURCE_GRADES.

    `address` leads to the source itself, or to the copy that was read where the address of the
    source is not certain; `read_in` says where it was read, if not at the source.
    """

    number: str
    title: str
    organization: str
    year: str
    address: str
    grade: str
    read_in: str = ""

    @property
    def small_print(self) -> str:
        """Return where the source was read, as a sentence; empty if at its own address."""
        return say("topic.read_in", where=self.read_in) if self.read_in else ""

    @property
    def line(self) -> str:
        """Return the source as one line of a list of references, with its year said once."""
        parts = (self.organization, self.title)
        said = self.year in re.split(r"[\s,;:()]+", " ".join(parts))
        return ", ".join(filter(None, (*parts, "" if said else self.year)))


@dataclass(frozen=True, slots=True)
class Block:
    """The five sentences that every condition opens with, citations and all."""

    approval: str
    evidence: str
    lasts: str
    guidelines: str
    risk: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: what its head says about it, and its text in Markdown with citations.

    `grade`, `approval` and `block` are None where the topic is not about a condition. `facts`
    names the verified facts (V-numbers) it rests on. `tool` is one of TOOLS. `words` are what
    people call its subject, where neither its title nor its condition says so; `elsewhere` is what
    it is called in the other languages.

    A translation names the day of the version it was `translated_from` (`reviewed` of the English
    file), and the day on which a clinician read it, if one has.
    """

    id: str
    title: str
    summary: str
    group: str
    conditions: tuple[str, ...]
    treatments: tuple[str, ...]
    grade: Grade | None
    approval: Approval | None
    reviewed: dt.date
    recheck: dt.date
    order: int
    facts: tuple[str, ...]
    block: Block | None
    body: str
    tool: str = ""
    shortcut: str = ""
    words: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    language: str = ENGLISH
    translated_from: dt.date | None = None
    read_by_clinician: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of advertisements, what the evidence makes of it, and what can honestly be said."""

    number: int
    claim: str
    verdict: str
    answer: str
    references: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question to take to a clinic, and why it matters."""

    id: str
    question: str
    why: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of a course of treatment, in weeks; `end_week` is None where no end is set.

    Week 1 is the week of the first session, week 0 what comes before it. `product` is the id of
    a treatment.
    """

    product: str
    phase: str
    label: str
    start_week: float
    end_week: float | None
    sessions: int | None
    note: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """A price range in dollars, the day of its source, and what it does not say.

    `product` is the id of the treatment a session of which it is the price of; `remark` is what
    must be said with every sum that starts from it.
    """

    item: str
    low_usd: float
    high_usd: float
    as_of: dt.date
    note: str
    references: tuple[str, ...]
    product: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """A county's own crisis line; `county` and `state` are spelled as in `towns.csv`."""

    county: str
    state: str
    name: str
    phone: str
    note: str
    references: tuple[str, ...]

    @property
    def where(self) -> str:
        """Return the county with its state, since other states have a county of that name."""
        return f"{self.county}, {self.state}"

    @property
    def tel(self) -> str:
        """The number as a link (RFC 3966)."""
        return f"tel:+1{''.join(c for c in self.phone if c.isdigit())}"


@dataclass(frozen=True)
class Explainer:
    """Everything the explainer says, topics in reading order.

    `left_out` has a sentence for each topic that could not be read, with its file and line.
    `weak_facts` are those that rest on sources of grade C alone.
    """

    topics: tuple[Topic, ...]
    references: Mapping[str, Reference]
    claims: tuple[Claim, ...]
    questions: tuple[Question, ...]
    schedule: tuple[Phase, ...]
    prices: tuple[Price, ...]
    crisis_lines: tuple[CrisisLine, ...]
    left_out: tuple[str, ...] = ()
    weak_facts: frozenset[str] = frozenset()
    approval_words: ApprovalWords = NO_WORDS

    def topic(self, id: str) -> Topic | None:
        """Return one topic, or None."""
        return next((t for t in self.topics if t.id == id), None)

    def named_in(self, topic: Topic) -> tuple[Topic, ...]:
        """Return the other topics that a topic's text names by their titles, in quotes."""
        return tuple(t for t in self.topics if t is not topic and f'"{t.title}"' in topic.body)

    def about_condition(self, id: str) -> Topic | None:
        """Return the topic that explains a condition, or None."""
        return next((t for t in self.topics if id in t.conditions), None)

    def about_treatment(self, id: str) -> Topic | None:
        """Return the topic that explains a treatment, or None."""
        return next((t for t in self.topics if id in t.treatments), None)

    def first_series(self, product: str) -> int:
        """Return the sessions of the first series; 1 where the schedule does not say."""
        series = (p for p in self.schedule if p.product == product and p.phase == "series")
        return next((phase.sessions for phase in series if phase.sessions), 1)

    def crisis_lines_in(self, county: str, state: str) -> tuple[CrisisLine, ...]:
        """Return the crisis lines of a county, the first to call first; empty without any."""
        here = (county, state)
        return tuple(line for line in self.crisis_lines if (line.county, line.state) == here)

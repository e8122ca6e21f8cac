"""Takes a topic apart into what a reader reads, and measures how plain it is."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import fields

from clinics.explainer.model import CITATION, Topic

MAX_GRADE = 8.0
"""Highest Flesch-Kincaid grade of a topic: what most people of thirteen or fourteen can read."""

_BEGINS = re.compile(r"[-*] |\d{1,2}\. |\||#")  # a list item, a row of a table, a heading
_MARKER = re.compile(r"\A([-*]|\d{1,2}\.) +")
_RULE = re.compile(r"[-:| ]+")
_SENTENCE = re.compile(r"(?<=[.?\]])\s+(?=[A-Z])")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


class CannotMeasure(Exception):
    """The package that measures texts is not installed."""


def passages(topic: Topic) -> Iterator[str]:
    """Yield what is cited on its own: sentences of the block, paragraphs, list items, rows."""
    if topic.block:
        for field in fields(topic.block):
            yield from _SENTENCE.split(getattr(topic.block, field.name))
    lines: list[str] = []
    for line in [*map(str.strip, topic.body.splitlines()), ""]:
        if lines and (not line or _BEGINS.match(line)):
            yield " ".join(lines)
            lines = []
        if line and not line.startswith("#") and not _RULE.fullmatch(line):
            lines.append(line if lines else _MARKER.sub("", line))


def sections(topic: Topic) -> Iterator[str]:
    """Yield what is read on its own: summary, answers of the block, text under each heading."""
    yield topic.summary
    if topic.block:
        yield from (getattr(topic.block, field.name) for field in fields(topic.block))
    yield from re.split(r"(?m)^#.*$", topic.body)


def headings(topic: Topic) -> Iterator[str]:
    """Yield the headings of a topic's text."""
    yield from (line.lstrip("# ") for line in topic.body.splitlines() if line.startswith("#"))


def prose(topic: Topic) -> str:
    """Return the summary and every passage as plain sentences, without marks and citations."""
    text = "\n\n".join([topic.summary, *passages(topic)])
    return re.sub(r"[*|]", " ", _LINK.sub(r"\1", CITATION.sub("", text)))


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of a text; raises CannotMeasure without its package.

    Kincaid, Fishburne, Rogers and Chissom 1975: 0.39 words a sentence + 11.8 syllables a word
    - 15.59. Decimal points are taken out first, because they would pass for ends of sentences.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns of its own way of finding its files
        try:
            import textstat
        except ImportError as problem:
            raise CannotMeasure(
                "Checking how plain the content is needs the packages of requirements-dev.txt."
            ) from problem
    return float(textstat.flesch_kincaid_grade(re.sub(r"(\d)[.,](\d)", r"\1\2", text)))

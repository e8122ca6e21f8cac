"""What no file of the data folder shows alone: names in one that another does not have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from clinics.domain.columns import BY_NAME, COLUMNS
from clinics.domain.kinds import STATES
from clinics.domain.model import Town
from clinics.domain.site import Site
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import counted, plural
from clinics.explainer.model import Explainer
from clinics.intake.federal import Codes
from clinics.places.zips import fold, in_state

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_OPTIONS = 64
_TABLES = {
    "timeline": "schedule",
    "estimate": "prices",
    "questions": "questions",
    "claims": "claims",
}
"""Which table a tool that stands with a topic is drawn from; each is named as in Explainer."""


def across_files(
    site: Site | None, vocabulary: Vocabulary, explainer: Explainer | None, codes: Codes
) -> Iterator[str]:
    """Yield a sentence, with file and row where it has one, for everything that does not fit.

    What cannot be read is None, and nothing is said of it here.
    """
    yield from _options(vocabulary)
    yield from _synonyms(vocabulary)
    if explainer:
        yield from _topics(explainer, vocabulary)
        yield from _products(explainer, vocabulary)
    if site and codes:
        yield from _federal(site, vocabulary, codes)


def _options(vocabulary: Vocabulary) -> Iterator[str]:
    for column in COLUMNS:
        if not isinstance(column.options, str) or not column.options:
            continue
        options = vocabulary.options(column.name)
        if len(options) > _MOST_OPTIONS:
            yield f"{column.options} has {len(options)} rows; it can have {_MOST_OPTIONS}."
        for row, option in enumerate(options, start=2):
            if not _ID.fullmatch(option.id):
                needs = "an id needs small letters, digits and hyphens"
                yield f"{column.options}, row {row}: {needs}; it is “{option.id}”."
            if not option.label:
                yield f"{column.options}, row {row}: “{option.id}” needs a label."


def _synonyms(vocabulary: Vocabulary) -> Iterator[str]:
    for row, (column, id) in enumerate(vocabulary.other_words, start=2):
        known = column in BY_NAME and BY_NAME[column].is_choice
        if not known or id not in vocabulary.ids(column):
            yield f"synonyms.csv, row {row}: there is no “{id}” in “{column}”."


def _topics(explainer: Explainer, vocabulary: Vocabulary) -> Iterator[str]:
    for topic in explainer.topics:
        for column in ("conditions", "treatments"):
            for id in sorted(set(getattr(topic, column)) - vocabulary.ids(column)):
                yield f"explainer/{topic.id}.md: there is no “{id}” in {column}.csv."
        table = _TABLES.get(topic.tool)
        if table and not getattr(explainer, table):
            yield f"{table}.csv needs a row: explainer/{topic.id}.md has the tool “{topic.tool}”."


def _products(explainer: Explainer, vocabulary: Vocabulary) -> Iterator[str]:
    known = vocabulary.ids("treatments")
    for name in ("schedule", "prices"):
        for row, one in enumerate(getattr(explainer, name), start=2):
            if one.product not in known and (one.product or name == "schedule"):
                yield f"{name}.csv, row {row}: there is no “{one.product}” in treatments.csv."


def _federal(site: Site, vocabulary: Vocabulary, codes: Codes) -> Iterator[str]:
    category = site.federal_edition.category
    if category not in vocabulary.ids("category"):
        yield (
            "site.toml: [federal_upload] needs “category”, an id of categories.csv, because there "
            f"is a federal_codes.csv; it is “{category}”."
        )
    unknown: dict[tuple[str, str], list[str]] = {}
    for code, meanings in codes.items():
        for meaning in meanings:
            column = BY_NAME[meaning.column]
            if column.is_choice and meaning.value not in vocabulary.ids(column.name):
                unknown.setdefault((column.name, meaning.value), []).append(code)
    for (name, value), of in unknown.items():
        more = f" and {counted(len(of) - 1, 'other')}" if len(of) > 1 else ""
        yield f"federal_codes.csv, code {of[0]}{more}: there is no “{value}” in “{name}”."


def odd_words(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield a sentence for each word that two options of a column have, of which one is found."""
    for name in (column.name for column in COLUMNS if column.options):
        for option in vocabulary.options(name):
            for word in vocabulary.words(name, option):
                if (other := vocabulary.called(name, word)) != option.id:
                    yield f"“{word}” stands for both “{other}” and “{option.id}” in “{name}”."


def without_a_page(towns: Sequence[Town], listed: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a sentence for each town of the listings, by name and state, that towns.csv lacks."""
    known = {(fold(town.name), town.state) for town in towns}
    for (name, state), number in Counter(listed).items():
        if (fold(name), state) not in known:
            listings = f"{counted(number, 'listing')} {plural(number, 'is', 'are')}"
            yield f"towns.csv has no {name}, {state}, where {listings}."


def odd(site: Site, towns: Sequence[Town], explainer: Explainer) -> Iterator[str]:
    """Yield a sentence for what works, and is most likely not meant."""
    if not any(town.main for town in towns):
        yield "towns.csv: no town is “main”, so each needs its state."
    if not any(town.zips for town in towns):
        yield "towns.csv: no town has ZIP codes, so none is suggested by its ZIP."
    inside = site.service_area.states if site.service_area else ()
    for state in sorted(set(inside) - {town.state for town in towns}):
        yield f"site.toml: {state} is in the service area; towns.csv has no town of it."
    for town in towns:
        if inside and town.state not in inside:
            yield f"towns.csv: {town.label} is not in the service area of site.toml."
        if not in_state(town.point, town.state):
            yield f"towns.csv: the position of {town.label} is not in {STATES[town.state]}."
    if not explainer.topics:
        yield "explainer: it has no topic, so there is nothing to read about any condition."
    counties = {(town.county, town.state) for town in towns}
    for line in explainer.crisis_lines:
        if (line.county, line.state) not in counties:
            yield f"crisis_lines.csv: no town is in {line.where}, so “{line.name}” is never shown."

"""The words of the directory: conditions, treatments and other options, read from `data/*.csv`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from clinics.domain.columns import COLUMNS, SEPARATOR, Column
from clinics.domain.data_files import (
    DataFileError,
    Faults,
    one_of,
    point,
    read_items,
    read_table,
    several,
)
from clinics.domain.field_sources import FactSource
from clinics.domain.kinds import STATES
from clinics.domain.language import ENGLISH, LANGUAGES, named, speaking, spoken
from clinics.domain.model import (
    Approval,
    Category,
    Clinic,
    Condition,
    Grade,
    Option,
    SourceWords,
    Town,
    Treatment,
)
from clinics.domain.site import Dated, dated
from clinics.domain.translations import file_of
from clinics.domain.typed_words import bare
from clinics.domain.words import slug

T = TypeVar("T")
Labeled = Option | Category | Condition | Treatment


@dataclass(frozen=True)
class Vocabulary:
    """Every option of every column, in the order people see them; `others` are by column.

    A label that begins with one of the `names` keeps its capital letter inside a sentence.
    `sources` are the words for sources, each known by what its name begins with.
    """

    categories: tuple[Category, ...]
    conditions: tuple[Condition, ...]
    treatments: tuple[Treatment, ...]
    others: Mapping[str, tuple[Option, ...]]
    names: frozenset[str] = frozenset()
    sources: tuple[SourceWords, ...] = ()
    other_words: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """Words people use for an option, by (column, id), besides those of conditions."""

    elsewhere: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """What an option is called in the other languages, by (column, id)."""

    fact_sources: Mapping[str, FactSource] = field(default_factory=dict)
    """Who may say single facts of a listing, by id."""

    @property
    def main_category(self) -> str:
        """Return the id of the list that is searched when none is named: the first."""
        return self.categories[0].id

    def category(self, id: str) -> Category:
        """Return one category; raises KeyError when there is none of that id."""
        return {c.id: c for c in self.categories}[id]

    def options(self, column: str) -> tuple[Labeled, ...]:
        """Return the options allowed in a CSV column such as `conditions` or `payment`."""
        return self._by_column[column]

    def ids(self, column: str) -> frozenset[str]:
        """Return the ids allowed in a CSV column."""
        return self._ids[column]

    def label(self, column: str, id: str) -> str:
        """Return what people read for an id; an unknown id is shown as it is."""
        return self._labels[column].get(id, id)

    def example(self, column: Column) -> str:
        """Return a cell of a column as it may be; ids are the first of those there are."""
        ids = [option.id for option in self.options(column.name)] if column.is_choice else []
        return column.example or SEPARATOR.join(ids[: 2 if column.several else 1])

    def is_by_state(self, column: str, id: str) -> bool:
        """Return True if each state has its own of what an id stands for, such as Medicaid."""
        return any(getattr(o, "by_state", False) for o in self.options(column) if o.id == id)

    def condition(self, id: str) -> Condition:
        """Return one condition; raises KeyError when there is none of that id."""
        return {c.id: c for c in self.conditions}[id]

    def treatment(self, id: str) -> Treatment | None:
        """Return one treatment, or None."""
        return next((t for t in self.treatments if t.id == id), None)

    def offers_therapy(self, clinic: Clinic) -> bool:
        """Return True for a clinic of the main list, or with a treatment of the therapy."""
        main = clinic.category == self.main_category
        return main or any(t.approval is not Approval.OTHER for t in self._offered(clinic))

    def offers_approved(self, clinic: Clinic) -> bool:
        """Return True for a clinic with the treatment that has an approval."""
        return any(t.approval is Approval.APPROVED for t in self._offered(clinic))

    def _offered(self, clinic: Clinic) -> tuple[Treatment, ...]:
        return tuple(t for t in self.treatments if t.id in clinic.treatments)

    def source_words(self, source: str) -> SourceWords:
        """Return what a source is called in a sentence; its own name where nothing is given."""
        known = [words for words in self.sources if source.startswith(words.id)]
        if known:
            return max(known, key=lambda words: len(words.id))
        article, space, rest = source.partition(" ")
        lowered = article.lower() if article in ("A", "An", "The") else article
        return SourceWords(source, named("words.other_source", f"{lowered}{space}{rest}"))

    def nearest(self, column: str, word: str) -> str | None:
        """Return the id people most likely meant by `word`, by label, synonym or spelling."""
        understood = self.understood(column, word)
        if understood:
            return understood
        for spellings in (self._spellings[column], self._spellings_elsewhere[column]):
            close = difflib.get_close_matches(_fold(word)[:60], spellings, n=1, cutoff=0.75)
            if close:
                return spellings[close[0]]
        return None

    def called(self, column: str, word: str) -> str | None:
        """Return the id whose id, label or synonym this is, in the language that is spoken.

        Capitals and accents make no difference. None for a word that is none of them.
        """
        return self._spellings[column].get(_fold(word))

    def understood(self, column: str, word: str) -> str | None:
        """Return the id that a word calls in this language, or else in another."""
        return self.called(column, word) or self._spellings_elsewhere[column].get(_fold(word))

    @cached_property
    def _by_column(self) -> Mapping[str, tuple[Labeled, ...]]:
        return {
            "category": self.categories,
            "conditions": self.conditions,
            "treatments": self.treatments,
            **self.others,
        }

    @cached_property
    def _ids(self) -> Mapping[str, frozenset[str]]:
        return {column: frozenset(o.id for o in all_) for column, all_ in self._by_column.items()}

    @cached_property
    def _labels(self) -> Mapping[str, Mapping[str, str]]:
        return {c: {o.id: o.label for o in options} for c, options in self._by_column.items()}

    @cached_property
    def _spellings(self) -> Mapping[str, Mapping[str, str]]:
        return {column: self._spelled(column) for column in self._by_column}

    @cached_property
    def _spellings_elsewhere(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = {column: {} for column in self._by_column}
        for (column, id), words in self.elsewhere.items():
            for word in words if id in self._ids.get(column, ()) else ():
                found[column].setdefault(_fold(word), id)
        return found

    def _spelled(self, column: str) -> Mapping[str, str]:
        """Map each spelling to its id; an id is surer than a label, and that than a synonym."""
        options = tuple(reversed(self._by_column[column]))
        pairs = [(word, o.id) for o in options for word in self.synonyms(column, o)]
        pairs += [(o.label, o.id) for o in options]
        pairs += [(o.id, o.id) for o in options]
        return {_fold(word): id for word, id in pairs}

    def words(self, column: str, option: Labeled) -> tuple[str, ...]:
        """Return what an option is called: its label, and the other words for it."""
        return (option.label, *self.synonyms(column, option))

    def synonyms(self, column: str, option: Labeled) -> tuple[str, ...]:
        """Return the other words for an option."""
        own: tuple[str, ...] = getattr(option, "synonyms", ())
        return (*own, *self.other_words.get((column, option.id), ()))


def _fold(word: str) -> str:
    return " ".join(bare(word.casefold()).replace("-", " ").replace("_", " ").split())


def load_vocabulary(folder: Path) -> Vocabulary:
    """Read the option tables of `folder`; raises DataFileError naming file and row."""
    faults = Faults()
    date = faults.read(lambda: dated(folder)) or Dated("")

    def items(name: str, parse: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
        return faults.read(lambda: read_items(folder / name, parse)) or ()

    vocabulary = Vocabulary(
        categories=items("categories.csv", _category),
        conditions=items("conditions.csv", partial(_condition, date)),
        treatments=items("treatments.csv", partial(_treatment, date)),
        others={
            column.name: items(column.options, _option)
            if isinstance(column.options, str)
            else _own_options(column)
            for column in COLUMNS
            if column.options and column.name not in _RICHER
        },
        names=faults.read(lambda: _names(folder / "names.csv")) or frozenset(),
        sources=faults.read(lambda: _sources(folder / "source_words.csv")) or (),
        other_words=faults.read(lambda: _other_words(folder / "synonyms.csv")) or {},
        elsewhere=faults.read(lambda: _elsewhere(folder)) or {},
        fact_sources=faults.read(lambda: _fact_sources(folder / "sources.csv")) or {},
    )
    faults.end()
    return vocabulary


_TABLES = {c.name: c.options for c in COLUMNS if c.options and isinstance(c.options, str)}


def _elsewhere(folder: Path) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Read what options are called in the languages that are not spoken now."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for language in LANGUAGES:
        if language != spoken():
            with speaking(language):
                for key, words in _called(folder):
                    found[key] = (*found.get(key, ()), *words)
    return found


def _called(folder: Path) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Yield what options are called in the language that is spoken, as far as it has words."""
    for column, name in _TABLES.items():
        if _speaks(folder / name):
            for _, row in read_table(folder / name):
                called = (row.get("label", ""), *several(row.get("synonyms", "")))
                yield (column, row.get("id", "")), called
    if _speaks(folder / "synonyms.csv"):
        yield from _other_words(folder / "synonyms.csv").items()


def _speaks(path: Path) -> bool:
    return path.is_file() and (spoken() == ENGLISH or file_of(path, spoken()).is_file())


def _own_options(column: Column) -> tuple[Option, ...]:
    """Return the options that stand in the code, in the language that is spoken."""
    return tuple(
        replace(option, label=named(f"options.{column.name}_{option.id}", option.label))
        for option in column.options
        if isinstance(option, Option)
    )


def _sources(path: Path) -> tuple[SourceWords, ...]:
    """Read what sources are called in a sentence; a directory may do without."""
    if not path.exists():
        return ()
    return read_items(path, lambda row: SourceWords(row["begins"], row["words"], row["remark"]))


def _fact_sources(path: Path) -> Mapping[str, FactSource]:
    """Read who may say single facts; a directory may do without."""
    return {one.id: one for one in read_items(path, _fact_source)} if path.exists() else {}


def _fact_source(row: dict[str, str]) -> FactSource:
    if not row["weight"].isdecimal():
        raise ValueError(f"“weight” needs a whole number; it is “{row['weight']}”.")
    if row["url"].replace("{npi}", "").count("{") or "}" in row["url"].replace("{npi}", ""):
        raise ValueError(f"“url” may have {{npi}} in it, and no other; it is “{row['url']}”.")
    return FactSource(
        row["id"], row["label"], row["url"], row["license"], row["attribution"], int(row["weight"])
    )


_RICHER = ("category", "conditions", "treatments")


def _names(path: Path) -> frozenset[str]:
    """Return the words of a file that a directory need not have."""
    return (
        frozenset(row.get("name", "") for _, row in read_table(path))
        if path.is_file()
        else frozenset()
    )


def _other_words(path: Path) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Read what people call the options of columns without synonyms of their own."""
    try:
        rows = [row for _, row in read_table(path)] if path.exists() else []
        return {(row["column"], row["id"]): several(row["synonyms"]) for row in rows}
    except KeyError as problem:
        raise DataFileError(f"{path.name} needs a column {problem}.") from problem


def load_towns(folder: Path) -> tuple[Town, ...]:
    """Read `towns.csv` of `folder`; raises DataFileError naming file and row."""
    return read_items(folder / "towns.csv", _town, slug)  # each has a page of that name


def _option(row: dict[str, str]) -> Option:
    return Option(
        id=row["id"],
        label=row["label"],
        gloss=row.get("gloss", ""),
        by_state=row.get("by_state") == "yes",
        schema_type=row.get("schema_type", ""),
    )


def _category(row: dict[str, str]) -> Category:
    return Category(row["id"], row["label"], row["one"], row["many"], row["gloss"])


def _condition(date: Dated, raw: dict[str, str]) -> Condition:
    row = date.row(raw)
    return Condition(
        id=row["id"],
        label=row["label"],
        gloss=row["gloss"],
        synonyms=several(row["synonyms"]),
        approval=Approval(one_of(row, "approval", [*Approval])),
        approval_therapy=row["approval_therapy"],
        approval_related=row["approval_related"],
        approval_note=row["approval_note"],
        grade=Grade(one_of(row, "grade", [*Grade])),
        evidence_note=row["evidence_note"],
        facts=several(row["facts"]),
    )


def _treatment(date: Dated, raw: dict[str, str]) -> Treatment:
    row = date.row(raw)
    return Treatment(
        id=row["id"],
        label=row["label"],
        gloss=row["gloss"],
        approval=Approval(one_of(row, "approval", [*Approval])),
        approval_short=row["approval_short"],
        approval_note=row["approval_note"],
        facts=several(row["facts"]),
        as_of=date.as_of if row["approval_short"] else "",
    )


def _town(row: dict[str, str]) -> Town:
    zips = several(row["zips"])
    if row["state"] not in STATES:
        raise ValueError(f"“state” needs a postal code such as MD; it is “{row['state']}”.")
    for zip in zips:
        if not re.fullmatch(r"\d{5}", zip):
            raise ValueError(f"a ZIP has five digits; one is “{zip}”.")
    return Town(
        name=row["name"],
        state=row["state"],
        county=row["county"],
        point=point(row),
        zips=zips,
        main=row["main"] == "yes",
    )

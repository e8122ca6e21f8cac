"""What `data/site.toml` says: the site's own words, where its map opens, and its service area."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from clinics.domain.data_files import DataFileError, in_order, reason
from clinics.domain.language import ENGLISH, say, speaking, spoken
from clinics.domain.model import Point
from clinics.domain.site_check import odd_values
from clinics.domain.translations import AS_OF, AS_OF_ENGLISH, SITE_WORDS, file_of
from clinics.domain.words import joined, month


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """States by postal code, and miles from the nearest town of `towns.csv`."""

    states: tuple[str, ...]
    miles_from_town: float

    @property
    def in_words(self) -> str:
        """Say what the area is: "MD, DC or VA, at most 30 miles from one of its towns"."""
        states = joined(self.states, "or")
        return f"{states}, at most {self.miles_from_town:g} miles from one of its towns"


@dataclass(frozen=True, slots=True)
class Edition:
    """What an uploaded file of the federal directory is called: its name, address and day.

    `survey` is the year of the survey it was compiled from, `category` the list it refreshes.
    """

    source: str
    source_url: str
    date: str
    survey: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalWords:
    """What the check of texts knows the therapy by, and what is approved and related to it.

    What is `not_the_therapy` holds a name of it, and speaks of what is related.
    """

    therapy: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    not_the_therapy: tuple[str, ...] = ()


NO_WORDS = ApprovalWords()


@dataclass(frozen=True, slots=True)
class Site:
    """What this directory is about: its words, its area, its day and where its map opens.

    Without a `service_area` no clinic is outside it. `approvals_as_of` is the day on which a keeper
    last looked up what the regulator has approved.
    """

    title: str
    heading: str
    tagline: str
    area: str
    therapy: str
    time_zone: str
    approvals_as_of: dt.date
    map_center: Point
    short_title: str = ""
    service_area: ServiceArea | None = None
    federal_edition: Edition = Edition("", "", "")
    approval_words: ApprovalWords = NO_WORDS


def load_site(folder: Path) -> Site:
    """Read `site.toml` of `folder`, in the words of the language that is spoken.

    Raises DataFileError with a sentence for each fault.
    """
    path = folder / "site.toml"
    values = _values(path) | _words(file_of(path, spoken()))
    odd = tuple(_odd(values))
    if odd:
        raise DataFileError(*(f"{path.name} cannot be used: {fault}." for fault in odd))
    return Site(
        service_area=_service_area(values.pop("service_area", None)),
        federal_edition=_edition(values.pop("federal_upload", {})),
        approval_words=_approval_words(values.pop("approval_words", {})),
        map_center=in_order(*map(float, values.pop("map_center"))),
        **values,
    )


def _values(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise DataFileError(f"{path.name} cannot be used: {reason(problem)}.") from problem


def _words(path: Path) -> dict[str, Any]:
    """Read the site's words in a language, as far as it has them."""
    if spoken() == ENGLISH or not path.is_file():
        return {}
    words = _values(path)
    for name, text in words.items():
        if name not in SITE_WORDS or not isinstance(text, str):
            raise DataFileError(f"{path.name} can have {joined(SITE_WORDS, 'and')}, not “{name}”.")
    return words


_SECTIONS = {
    "service_area": ServiceArea,
    "federal_upload": Edition,
    "approval_words": ApprovalWords,
}


def _odd(values: Mapping[str, Any]) -> Iterator[str]:
    """Say which names are missing, not known, or no section where one belongs."""
    own = {f.name: f for f in fields(Site) if f.name not in (*_SECTIONS, "federal_edition")}
    for name in own:
        if name not in values and own[name].default is MISSING:
            yield f"it needs “{name}”"
    for name, value in values.items():
        if name in _SECTIONS:
            known = {field.name for field in fields(_SECTIONS[name])}
            unknown = sorted(value.keys() - known) if isinstance(value, dict) else ["="]
            for key in unknown:
                yield f"[{name}] can have {joined(sorted(known), 'and')}, not “{key}”"
        elif isinstance(value, dict):
            yield f"it can have the sections {joined(tuple(_SECTIONS), 'and')}, not [{name}]"
        elif name not in own:
            yield f"it has “{name}”, which means nothing"
    yield from odd_values({n: v for n, v in values.items() if n in own or n in _SECTIONS})


@dataclass(frozen=True, slots=True)
class Dated:
    """Writes the month of `approvals_as_of` where the texts of a folder leave room for it."""

    as_of: str
    english: str = ""

    def text(self, text: str) -> str:
        """Return a text with that month in it."""
        return text.replace(AS_OF, self.as_of).replace(AS_OF_ENGLISH, self.english)

    def row(self, row: Mapping[str, str]) -> dict[str, str]:
        """Return a row of a table with that month in its cells."""
        return {column: self.text(cell) for column, cell in row.items()}


def dated(folder: Path) -> Dated:
    """Return what writes the month of a data folder; raises DataFileError with one sentence."""
    date = load_site(folder).approvals_as_of
    with speaking(ENGLISH):
        english = _as_of(date)
    return Dated(_as_of(date), english)


def _as_of(date: dt.date) -> str:
    return say("words.as_of", month=month(date))


def _service_area(found: dict[str, Any] | None) -> ServiceArea | None:
    if found is None:
        return None
    states = tuple(state.upper() for state in found["states"])
    return ServiceArea(states, float(found["miles_from_town"]))


def _approval_words(found: dict[str, Any]) -> ApprovalWords:
    return ApprovalWords(**{name: tuple(map(str, words)) for name, words in found.items()})


def _edition(found: dict[str, Any]) -> Edition:
    """Read what an uploaded federal file is called. No date is made up."""
    return Edition(**{field.name: str(found.get(field.name, "")) for field in fields(Edition)})

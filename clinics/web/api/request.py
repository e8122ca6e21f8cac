"""What a request asks, read strictly: whatever cannot be used is named, all of it at once."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes, urlencode

from starlette.requests import Request

from clinics.domain.model import Place
from clinics.domain.ports import PlaceError
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import joined
from clinics.places.find import PlaceAnswer
from clinics.search.query import (
    CHOICES,
    COLUMN_OF,
    MAX_NEAR,
    PARAMETERS,
    REPEATABLE,
    ParameterProblem,
    Query,
    reach_of,
)
from clinics.search.query import parse_query as parse
from clinics.web.language import PARAMETER
from clinics.web.refusals import UNUSABLE, Fault, Refused
from clinics.web.service import Service

SEARCH = tuple(name for name in PARAMETERS if name != "clinic")
"""The search parameters; the selected clinic is only for the page."""

LENGTHS = {name: one.longest for name, one in PARAMETERS.items() if one.longest}
MAX_VALUE = 100
MAX_VALUES = 100
MAX_FAULTS = 20
DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET = 100, 1_000, 1_000_000
FORMATS = ("json", "geojson", "csv")


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as the API was asked for it: `query.near` is the place in its own spelling."""

    query: Query
    place: Place | None
    notes: tuple[str, ...]
    format: str
    limit: int
    offset: int

    def around_offset(self, path: str) -> tuple[str, str]:
        """Return path and query of this search in two parts; a number goes between them."""
        pairs = [*self.query.to_params(), ("limit", str(self.limit))]
        after = f"&format={self.format}" if self.format != FORMATS[0] else ""
        return f"{path}?{urlencode(pairs)}&offset=", after


class Reader:
    """Reads the parameters of one request, and remembers what in them cannot be used."""

    def __init__(
        self, request: Request, allowed: Sequence[str], lengths: Mapping[str, int] = LENGTHS
    ) -> None:
        self._allowed = tuple(allowed)
        self._lengths = lengths
        self._values: dict[str, list[str]] = {}
        self.faults: list[Fault] = []
        for part in request.scope["query_string"].split(b"&"):
            if part:
                self._add(*_taken_apart(part))
        for name, values in self._values.items():
            self._check_count(name, values)

    def values(self) -> Mapping[str, list[str]]:
        """Return the values that can be read, by name."""
        return self._values

    def fault(self, name: str, detail: str, **more: tuple[str, ...]) -> None:
        """Remember that a parameter cannot be used, and why."""
        self.faults.append(Fault(name, detail, **more))

    def end(self) -> None:
        """Raise Refused when anything cannot be used."""
        if self.faults:
            raise Refused(UNUSABLE, self.faults[:MAX_FAULTS])

    def one_of(self, name: str, allowed: Sequence[str]) -> str:
        """Take a parameter that is one of these; the first of them when it is not given."""
        value = self._taken(name)
        if value is None or value in allowed:
            return allowed[0] if value is None else value
        near = tuple(difflib.get_close_matches(value.casefold(), allowed, n=1))
        detail = f"“{name}” can be {joined(allowed, 'or')}, not “{_short(value)}”."
        self.fault(name, detail, allowed=tuple(allowed), did_you_mean=near)
        return allowed[0]

    def whole(self, name: str, least: int, most: int, default: int) -> int:
        """Take a whole number from `least` to `most`."""
        value = self._taken(name)
        if value is None:
            return default
        if (
            value.isascii()
            and value.isdecimal()
            and len(value) < 10
            and least <= int(value) <= most
        ):
            return int(value)
        detail = f"“{name}” is a whole number from {least:,} to {most:,}, not “{_short(value)}”."
        self.fault(name, detail)
        return default

    def text(self, name: str) -> str:
        """Take a text that has to be given."""
        value = self._taken(name)
        if value is None and not any(fault.parameter == name for fault in self.faults):
            self.fault(name, f"“{name}” is needed, and is not given.")
        return value or ""

    def _taken(self, name: str) -> str | None:
        values = self._values.pop(name, None)
        return values[0] if values else None

    def _add(self, name: bytes, value: bytes) -> None:
        shown = _short(name.decode("utf-8", "replace"))
        if shown not in self._allowed:
            near = tuple(difflib.get_close_matches(shown.casefold(), self._allowed, n=1))
            hint = f" Did you mean “{near[0]}”?" if near else ""
            detail = f"There is no parameter called “{shown}” here.{hint}"
            self.fault(shown, detail, allowed=self._allowed, did_you_mean=near)
            return
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            self.fault(shown, f"“{shown}” needs text in UTF-8; it has bytes that are none.")
            return
        trouble = self._trouble(shown, text)
        if trouble:
            self.fault(shown, f"“{shown}” {trouble}")
        else:
            self._values.setdefault(shown, []).append(text)

    def _trouble(self, name: str, text: str) -> str:
        most = self._lengths.get(name, MAX_VALUE)
        if any(unicodedata.category(c) == "Cc" for c in text):
            return "needs text on one line; it has control characters in it."
        if not any(c.isprintable() and not c.isspace() for c in text):
            return "needs a value; it is empty. Leave it out to search without it."
        if len(text) > most:
            return f"can have at most {most} characters; it has {len(text):,}."
        return ""

    def _check_count(self, name: str, values: list[str]) -> None:
        if name not in REPEATABLE and len(values) > 1:
            self.fault(name, f"“{name}” can be given once; it is given {len(values)} times.")
        elif len(values) > MAX_VALUES:
            self.fault(
                name,
                f"“{name}” can be given {MAX_VALUES} times; it is given {len(values):,} times.",
            )


def read_search(request: Request, service: Service) -> Asked:
    """Read a search; raises Refused with everything in it that cannot be used."""
    vocabulary = service.directory().vocabulary
    reader = Reader(request, (*SEARCH, "format", "limit", "offset", PARAMETER))
    format = reader.one_of("format", FORMATS)
    limit = reader.whole("limit", 1, MAX_LIMIT, DEFAULT_LIMIT)
    offset = reader.whole("offset", 0, MAX_OFFSET, 0)
    reader.one_of(PARAMETER, service.directory().languages)
    query, found = parse(reader.values(), vocabulary, bands_only=False)
    for problem in found:
        reader.faults.append(_fault(problem, vocabulary))
    answer = _answer(query.near, service, reader)
    reader.end()
    place = answer.place if answer else None
    query = replace(query, near=place.param if place else "")
    if answer and answer.within and "within" not in reader.values():
        query = replace(query, within=reach_of(answer.within))
    notes = (answer.note,) if answer and answer.note else ()
    return Asked(query, place, notes, format, limit, offset)


def _answer(near: str, service: Service, reader: Reader) -> PlaceAnswer | None:
    if not near or len(near) > MAX_NEAR:
        return None
    try:
        answer = service.find(near)
    except PlaceError as problem:
        suggestions: tuple[str, ...] = getattr(problem, "suggestions", ())
        reader.fault("near", str(problem), did_you_mean=suggestions)
        return None
    if answer.place is None:
        reader.fault("near", answer.note, did_you_mean=tuple(c.param for c in answer.choices))
    return answer


def _fault(problem: ParameterProblem, vocabulary: Vocabulary) -> Fault:
    name = problem.parameter
    if name in CHOICES:
        return Fault(name, problem.message, CHOICES[name])
    if name not in COLUMN_OF:
        return Fault(name, problem.message)
    column = COLUMN_OF[name]
    allowed = tuple(option.id for option in vocabulary.options(column))
    near = vocabulary.nearest(column, problem.value)
    return Fault(name, problem.message, allowed, (near,) if near else ())


def _taken_apart(part: bytes) -> tuple[bytes, bytes]:
    name, _, value = part.replace(b"+", b" ").partition(b"=")
    return unquote_to_bytes(name), unquote_to_bytes(value)


def _short(text: str) -> str:
    shown = " ".join("".join(c if c.isprintable() else " " for c in text[:200]).split())
    return shown if len(shown) <= 40 else f"{shown[:39]}…"

"""The national provider registry (NPPES): asked by number, else by name.

Every error of it comes with status 200, and at times a page does. A number that is unknown to it
is not found, and no sign that a clinic is closed; one that is out of service is a reason to call.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

from clinics.adapters.polite_web import PoliteWeb
from clinics.domain.ports import LinkRefused
from clinics.domain.sources import Hint, Listing, Record, Said, SourceRefused, Tell, Trouble, shape
from clinics.domain.words import counted

ADDRESS = "https://npiregistry.cms.hhs.gov/api/"
NAME = "NPI Registry"
LABEL = "the national provider registry (NPPES)"
VERSION = "2.1"
PAGE_SIZE = 200
LAST_SKIP = 1000
"""A question has six pages at most; who needs more has to ask for less."""

FAILURES = 2
"""So many in a row end the round."""

DEACTIVATED = "15"
OUT_OF_SERVICE = "Call first: its NPI is out of service."
KEYS = frozenset(
    "number enumeration_type created_epoch last_updated_epoch basic addresses practiceLocations "
    "taxonomies identifiers other_names endpoints".split()
)
READ = KEYS | frozenset(
    "basic.organization_name basic.last_updated addresses.address_purpose addresses.address_1 "
    "addresses.city addresses.state addresses.postal_code addresses.telephone_number "
    "other_names.organization_name".split()
)
"""What a record has, and what is read in the tables of it."""

PROBED = "1174270805"
"""An organization whose answer is known from May 2026."""

NOT_FOUND = "The registry does not have this NPI, which says nothing of the clinic"
ELSEWHERE = "The registry has this NPI for no place in this town, or without a date"
TOO_MANY = "The registry has more than 1,200 records of such a name, so none was read"

Row = Mapping[str, Any]
Question = Mapping[str, str]


class Deactivated(Exception):
    """The number that was asked for is out of service."""


class Failed(Exception):
    """An answer that cannot be used, in a sentence; after one that `is_final` no more is asked."""

    def __init__(self, says: str, *, is_final: bool = False) -> None:
        super().__init__(says)
        self.is_final = is_final


class NotUnderstood(Exception):
    """The registry refused a question; the message is its own."""


class TooMany(Exception):
    """There are more rows than may be asked for."""


class Reading(Protocol):
    """Turns rows into records; `intake.npi_rows` does."""

    @property
    def today(self) -> dt.date:
        """Return the day of the look."""
        ...

    def by_number(self, row: Row, listing: Listing) -> Record | None:
        """Return what a row says of the listing that names its number; None for nothing."""
        ...

    def by_name(self, rows: Sequence[Row], states: Collection[str]) -> Iterable[Record]:
        """Return a record for each place that a row has in the states."""
        ...


class Registry:
    """Asks the registry and believes no answer that is not of its shape."""

    def __init__(self, address: str, web: PoliteWeb) -> None:
        self._address = address
        self._web = web

    def rows(self, question: Question) -> list[Row]:
        """Return every row of a question; raises Deactivated, Failed, NotUnderstood, TooMany."""
        found: list[Row] = []
        for skip in range(0, LAST_SKIP + 1, PAGE_SIZE):
            page = {"limit": str(PAGE_SIZE)} | ({"skip": str(skip)} if skip else {})
            rows = self.page({**question, **page})
            found += rows
            if len(rows) < PAGE_SIZE:
                return found
        raise TooMany

    def page(self, question: Question) -> list[Row]:
        """Return the rows of one answer."""
        asked = urlencode({"version": VERSION, **question}, safe="*")
        answer = self._answer(f"{self._address}?{asked}")
        try:
            found = json.loads(answer)
        except (ValueError, RecursionError):
            raise Failed("It gave something that is no answer of the registry.") from None
        errors = found.get("Errors") if isinstance(found, dict) else None
        if errors:
            raise _error(errors)
        rows = found.get("results") if isinstance(found, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Failed("It gave an answer without results.")
        if found.get("result_count") != len(rows) or len(rows) > PAGE_SIZE:
            raise Failed("It gave another number of results than it counts.")
        return rows

    def _answer(self, url: str) -> bytes:
        try:
            return self._web.get_again(url).data
        except LinkRefused as refused:
            raise Failed(refused.what, is_final=refused.status == 429) from refused


def _error(errors: object) -> Exception:
    """Return what an answer of errors means: by its number, or by words that are stable."""
    listed = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    for one in listed:
        text = str(one.get("description") or "")
        if str(one.get("number")) == DEACTIVATED or "deactivated npi" in text.casefold():
            return Deactivated()
    words = " ".join(str(listed[0].get("description") or "").split())[:120] if listed else ""
    return NotUnderstood(words)


class Nppes:
    """A Source of listings that have an NPI, and of those of the category `asks_for` by name."""

    id = "npi"
    label = LABEL
    is_list = False
    page = "https://npiregistry.cms.hhs.gov/"
    lists: frozenset[str] = frozenset()

    def __init__(
        self,
        address: str,
        web: Callable[[], PoliteWeb],
        asks_for: str,
        questions: Callable[[Listing], Iterable[Question]],
        reading: Callable[[], Reading],
    ) -> None:
        self._address = address
        self._web = web
        self._asks_for = asks_for
        self._questions = questions
        self._reading = reading

    @property
    def sends(self) -> str:
        """Say what is sent where."""
        return (
            f"It asks {self._address} for clinics by their NPI, or by the first words of their "
            "name with their state, and their town where many have such a name. Nothing of "
            "visitors is sent."
        )

    def look(self, listings: Sequence[Listing], progress: Tell) -> Iterator[Said]:
        """Yield what it says listing by listing; raises SourceRefused after two failures."""
        asked = [one for one in listings if self._is_asked_for(one)]
        registry, reading = Registry(self._address, self._web()), self._reading()
        failures = 0
        for number, listing in enumerate(asked):
            progress(number / len(asked), f"{NAME}: {number + 1} of {len(asked)}")
            try:
                yield from self._said(registry, reading, listing)
                failures = 0
            except Failed as failed:
                failures += 1
                if failures == FAILURES or failed.is_final:
                    raise SourceRefused(f"{NAME}: {failed} Nothing more was asked.") from failed
                yield Trouble(listing["id"], f"{NAME}: {failed}".rstrip("."))
        progress(1.0, NAME)

    def probe(self) -> str:
        """Ask for one organization, and say how its shape differs from the one expected."""
        try:
            rows = Registry(self._address, self._web()).page({"number": PROBED})
        except (Deactivated, Failed, NotUnderstood) as problem:
            raise SourceRefused(f"{NAME}: {problem or 'NPI out of service.'}") from problem
        said = shape(rows[0] if rows else {}, READ)
        return f"{counted(len(rows), 'record')} of {PROBED}. {said}"

    def _is_asked_for(self, listing: Listing) -> bool:
        is_open = listing["status"] != "closed"
        return is_open and bool(listing["npi"] or listing["category"] == self._asks_for)

    def _said(self, registry: Registry, reading: Reading, listing: Listing) -> Iterator[Said]:
        id = listing["id"]
        try:
            if listing["npi"]:
                rows = registry.page({"number": listing["npi"]})
                ours = [row for row in rows if row.get("number") == listing["npi"]]
                record = reading.by_number(ours[0], listing) if ours else None
                yield record or Trouble(id, ELSEWHERE if ours else NOT_FOUND)
            else:
                for question in self._questions(listing):
                    rows = _in_state(registry, question, listing)
                    yield from reading.by_name(rows, (listing["state"],))
        except Deactivated:
            says = f"The registry says that the NPI {listing['npi']} is deactivated."
            yield Hint(id, OUT_OF_SERVICE, self.page, reading.today, says)
        except NotUnderstood as problem:
            yield Trouble(id, f"{NAME}: it did not understand the question: “{problem}”")
        except TooMany:
            yield Trouble(id, TOO_MANY)


def _in_state(registry: Registry, question: Question, listing: Listing) -> list[Row]:
    """Return the rows of a name in a state; where these are too many, of its town."""
    asked = {**question, "state": listing["state"]}
    try:
        return registry.rows(asked)
    except TooMany:
        return registry.rows({**asked, "city": listing["city"]})

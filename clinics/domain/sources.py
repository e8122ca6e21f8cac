"""What public sources say of clinics, and what a keeper makes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

Listing = Mapping[str, str]
"""The cells of a listing by column."""

Tell = Callable[[float, str], None]
"""Takes the share that is done, 0 to 1, and what is done next, in words."""


class SourceRefused(Exception):
    """A source gives nothing that can be trusted; the message is one sentence for a keeper."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a source says of one place: the cells it fills, and where it says so, on what day.

    With `adds_only` its lists of values are known to be incomplete. One that is worth a listing of
    its own has `as_new`, cells for that. One `withheld` is there, and its cells are not public.
    `about` is the id of the listing it was asked for, where `why` makes that sure, in words.
    `also` are other names of the place. Of one `of_people` the name is theirs: whoever is at their
    door is asked about. With `says` it proposes these columns only; the others tell where it is.
    """

    id: str
    cells: Listing
    url: str
    date: dt.date
    evidence: str = ""
    adds_only: bool = False
    as_new: Listing = field(default_factory=dict)
    withheld: bool = False
    about: str = ""
    why: str = ""
    also: tuple[str, ...] = ()
    of_people: bool = False
    says: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WholeList:
    """A source has said all it has of a state: who is not in it is not in its list."""

    state: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Hint:
    """Why to call a listing first: a note to call is proposed, never that it is closed.

    `says` is the note, and without what changes from look to look: the same words are the same
    hint. It is shown to a keeper once it was seen in two looks `wait_days` apart.
    """

    clinic_id: str
    says: str
    url: str
    date: dt.date
    evidence: str = ""
    wait_days: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """What kept a source from saying something of one listing; it goes on with the others.

    `says` holds for every listing it comes with, whose names follow it: no full stop. The
    listing is not asked for again before `until`, unless for it alone.
    """

    clinic_id: str
    says: str
    until: dt.date | None = None


Said = Record | WholeList | Hint | Trouble


def keys_of(row: object) -> frozenset[str]:
    """Return the keys of an answer and, with a dot, of the tables in it: `basic.last_updated`."""
    found: set[str] = set()
    for name, value in row.items() if isinstance(row, dict) else ():
        found.add(name)
        for one in value if isinstance(value, list) else [value]:
            found |= {f"{name}.{key}" for key in one} if isinstance(one, dict) else set()
    return frozenset(found)


def shape(row: object, needed: Collection[str]) -> str:
    """Say what of `needed` a row lacks, and what is new beside it; of tables only what it lacks."""
    has = keys_of(row)
    plain = {key for key in has if "." not in key}
    missing, new = ", ".join(sorted({*needed} - has)), ", ".join(sorted(plain - {*needed}))
    return f"Missing: {missing or 'nothing'}. New: {new or 'nothing'}."


def is_of_list(listing: Listing, lists: frozenset[str], state: str) -> bool:
    """Return True for a listing of a state that came with the list of such a source."""
    is_theirs = listing["category"] in lists and not listing["known_by"]
    return is_theirs and listing["state"] == state and listing["status"] != "closed"


class Probed(Protocol):
    """What can be asked one small question."""

    label: str

    def probe(self) -> str:
        """Say how an answer differs from the expected shape; raises SourceRefused."""
        ...


class Source(Protocol):
    """A public source of facts on clinics. Only ever asked by a keeper or on the command line."""

    id: str
    label: str
    is_list: bool
    """Whether it gives lists: then its records count once the WholeList of a state has come.

    Of any other each record counts at once, and is `about` a listing that it was asked for.
    """

    lists: frozenset[str]
    """The categories that its list is the list of."""

    page: str
    """Where people find it."""

    @property
    def sends(self) -> str:
        """Say what is sent where when it is asked, in one sentence."""
        ...

    def look(self, listings: Sequence[Listing], progress: Tell) -> Iterator[Said]:
        """Yield what it says, a state or a listing at a time.

        Raises SourceRefused where nothing more of it can be trusted.

        What was yielded before stays good.
        """
        ...

    def probe(self) -> str:
        """Ask one small question, and say how the answer differs from the expected shape."""
        ...


class Decision(StrEnum):
    """What became of a proposal."""

    PENDING = "pending"
    LATER = "later"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Proposed:
    """One thing that a source proposes; two with the same `key` are the same.

    `body` is JSON: what is proposed, from where, and why.
    """

    key: str
    source: str
    clinic_id: str
    field: str
    body: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal that is kept, with what became of it; times are UTC."""

    key: str
    source: str
    clinic_id: str
    field: str
    body: str
    first_seen: dt.datetime
    last_seen: dt.datetime
    decision: Decision
    handled: dt.datetime | None = None
    who: str = ""
    reason: str = ""

"""One look at a public source: its records are matched, and what differs is kept as proposals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from clinics.domain.columns import NAMES
from clinics.domain.ports import Store
from clinics.domain.sources import (
    Decision,
    Listing,
    Proposal,
    Proposed,
    Record,
    Source,
    SourceRefused,
    Tell,
    WholeList,
    is_of_list,
)
from clinics.domain.words import counted
from clinics.publishing import proposals as rules
from clinics.publishing.same_place import Candidate, match

WAITING = (Decision.PENDING, Decision.ACCEPTED)
_LAST = "last look {}"


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look: what is proposed, how many were new to us, and what stopped it."""

    label: str
    records: int
    found: tuple[Proposed, ...]
    fresh: int
    trouble: str = ""
    remarks: tuple[str, ...] = ()
    matched: int = 0

    @property
    def sentence(self) -> str:
        """Say it in one sentence or two."""
        said = (
            f"{self.label}: {counted(self.records, 'place')} read, {self.matched:,} of them "
            f"listed here; {counted(len(self.found), 'proposal')}, {self.fresh:,} of them new."
        )
        if self.trouble:
            return f"{self.trouble} {said if self.records else ''}".strip()
        return said


@dataclass(slots=True)
class _Read:
    records: list[Record] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    trouble: str = ""


def listings_of(table: pd.DataFrame) -> list[Listing]:
    """Return the rows of a table as listings."""
    rows = table.loc[:, list(NAMES)].itertuples(index=False, name=None)
    return [dict(zip(NAMES, row, strict=True)) for row in rows]


def look(
    source: Source,
    store: Store,
    listings: Sequence[Listing],
    today: dt.date,
    progress: Tell,
    *,
    only: str = "",
    is_dry: bool = False,
) -> Looked:
    """Ask a source once, and keep what it proposes unless `is_dry`; `only` is one listing's id.

    What could be read before something stopped it counts. Raises StoreUnavailable.
    """
    read, part = _Read(), list[Record]()
    try:
        for one in source.look(listings, progress):
            if isinstance(one, WholeList):
                read.records += part
                read.states.append(one.state)
                read.remarks.append(one.remark)
                part = []
            else:
                part.append(one)
    except SourceRefused as refused:
        read.trouble = str(refused)
    finally:  # also where a keeper stops it, which ends the page's run
        found = _kept(source, store, listings, read, today, only=only, is_dry=is_dry)
    return found


def _kept(
    source: Source,
    store: Store,
    listings: Sequence[Listing],
    read: _Read,
    today: dt.date,
    *,
    only: str,
    is_dry: bool,
) -> Looked:
    """Keep what a source proposes, and return what came of it."""
    kept = store.proposals(source.id)
    found, matched = _found(source, read, listings, kept, today)
    found = [one for one in found if not only or one.clinic_id == only]
    refused = {one.key for one in kept if one.decision is Decision.REJECTED}
    found = [one for one in found if one.key not in refused]
    known = {one.key for one in kept}
    fresh = sum(one.key not in known for one in found)
    if not is_dry:
        store.propose(found)
        settle(store, listings, unseen=_unseen(kept, found, read, listings, only))
        if read.states and not read.trouble:
            store.remember(_LAST.format(source.id), today.isoformat())
    remarks = tuple(dict.fromkeys(filter(None, read.remarks)))
    return Looked(
        source.label, len(read.records), tuple(found), fresh, read.trouble, remarks, matched
    )


def last_look(store: Store, source: Source) -> dt.date | None:
    """Return the day a source was last read to its end, or None."""
    try:
        return dt.date.fromisoformat(store.remembered(_LAST.format(source.id)))
    except ValueError:
        return None


def settle(store: Store, listings: Sequence[Listing], *, unseen: Iterable[str] = ()) -> None:
    """Put aside what the directory says by now, and what a source does not say any more."""
    live = {listing["id"]: listing for listing in listings}
    done = [
        one.key
        for one in store.proposals()
        if one.decision in (*WAITING, Decision.LATER)
        and rules.is_settled(one, rules.body_of(one), live)
    ]
    store.decide([*done, *unseen], Decision.DONE)


def _found(
    source: Source,
    read: _Read,
    listings: Sequence[Listing],
    kept: Sequence[Proposal],
    today: dt.date,
) -> tuple[list[Proposed], int]:
    """Return everything that a source proposes, and how many of its records are listed."""
    live = {listing["id"]: listing for listing in listings}
    said, denied = _told(kept)
    found: dict[str, Proposed] = {}
    there: set[str] = set()
    matched = 0
    for one in match(read.records, listings, said, denied):
        record, sure = one.record, one.sure
        there |= {candidate.clinic_id for candidate in one.candidates}
        matched += bool(sure)
        if record.withheld:
            continue
        if sure:
            new = [*rules.about(source.id, record, live[sure.clinic_id], sure)]
        elif one.candidates:
            new = [
                rules.same_place(source.id, record, live[c.clinic_id], c) for c in one.candidates
            ]
        else:
            new = [rules.new_listing(source.id, source.label, record)] if record.as_new else []
        found |= {proposed.key: proposed for proposed in new}
    for state in read.states:
        for listing in listings:
            missing = listing["id"] not in there and not listing["caveat"]
            if missing and is_of_list(listing, source.lists, state):
                one_gone = rules.gone(source.id, source.label, source.page, listing, today)
                found[one_gone.key] = one_gone
    return list(found.values()), matched


def _told(kept: Sequence[Proposal]) -> tuple[Mapping[str, str], set[tuple[str, str]]]:
    """Return which listing a keeper said a record is, and which pairs were refused."""
    same = [one for one in kept if one.field == rules.SAME]
    said, denied = {}, set()
    for one in same:
        record = rules.body_of(one).record
        if one.decision is Decision.ACCEPTED:
            said[record] = one.clinic_id
        elif one.decision is Decision.REJECTED:
            denied.add((record, one.clinic_id))
    return said, denied


def _unseen(
    kept: Sequence[Proposal],
    found: Sequence[Proposed],
    read: _Read,
    listings: Sequence[Listing],
    only: str,
) -> list[str]:
    """Return what waits and a whole list does not say any more."""
    states = {listing["id"]: listing["state"] for listing in listings}
    seen = {one.key for one in found}
    return [
        one.key
        for one in kept
        if one.decision in (Decision.PENDING, Decision.LATER)
        and one.key not in seen
        and (not only or one.clinic_id == only)
        and (states.get(one.clinic_id) or _state_of(one)) in read.states
    ]


def _state_of(proposal: Proposal) -> str:
    return rules.body_of(proposal).cells.get("state", "")


def say_same(store: Store, proposal: Proposal, listing: Listing, who: str) -> int:
    """Note that a record is of a listing, and propose at once what it says otherwise.

    Returns how many proposals that makes. Other listings the record might be are not asked again.
    """
    body = rules.body_of(proposal)
    told = Candidate(proposal.clinic_id, ("a keeper said so",), True)
    date = dt.date.fromisoformat(body.date)
    record = Record(body.record, body.cells, body.url, date, body.evidence, adds_only=True)
    new = [*rules.about(proposal.source, record, listing, told)]
    others = [
        one.key
        for one in store.proposals(proposal.source)
        if one.field == rules.SAME
        and one.key != proposal.key
        and one.decision is Decision.PENDING
        and rules.body_of(one).record == body.record
    ]
    store.propose(new)
    store.decide([proposal.key], Decision.ACCEPTED, who)
    store.decide(others, Decision.DONE)
    return len(new)

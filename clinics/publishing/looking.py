"""One look at a public source: its records are matched, and what differs is kept as proposals."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from clinics.domain.columns import NAMES
from clinics.domain.ports import Store
from clinics.domain.sources import (
    Decision,
    Hint,
    Listing,
    Proposal,
    Proposed,
    Record,
    Said,
    Source,
    SourceRefused,
    Tell,
    Trouble,
    WholeList,
    is_of_list,
)
from clinics.domain.words import capital, counted, seen
from clinics.publishing import proposals as rules
from clinics.publishing import rivals
from clinics.publishing.same_place import Candidate, match

WAITING = (Decision.PENDING, Decision.ACCEPTED)
_LAST = "last look {}"
_NOT_BEFORE = "not before {}"
_MOST_NAMES = 5
_SAID_SO = "a keeper said so"
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""How a reader fails at an answer of a shape that nobody thought of."""


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
    is_list: bool = True

    @property
    def sentence(self) -> str:
        """Say it in one sentence or two."""
        read = f"{counted(self.records, 'place')} read, {self.matched:,} of them listed here"
        if not self.is_list:
            read = f"read for {counted(self.matched, 'listing')}"
        said = (
            f"{capital(self.label)}: {read}; {counted(len(self.found), 'proposal')}, "
            f"{self.fresh:,} of them new."
        )
        if self.trouble:
            return f"{self.trouble} {said if self.records else ''}".strip()
        return said


@dataclass(slots=True)
class _Read:
    records: list[Record] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    trouble: str = ""
    is_whole: bool = False


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
    asked = listings if source.is_list else _to_ask(source, store, listings, today, only)
    try:
        for one in map(_in_plain_text, source.look(asked, progress)):
            if isinstance(one, WholeList):
                read.records += part
                read.states.append(one.state)
                read.remarks.append(one.remark)
                part = []
            elif isinstance(one, Hint):
                read.hints.append(one)
            elif isinstance(one, Trouble):
                read.troubles.append(one)
            else:
                (part if source.is_list else read.records).append(one)
        read.is_whole = not only or source.is_list
    except SourceRefused as refused:
        read.trouble = seen(str(refused))
    except _UNREADABLE:  # what a reader stumbled over may hold anything: nothing of it is said
        read.trouble = (
            f"{capital(source.label)} gave something that cannot be read. Nothing more of it is "
            "proposed."
        )
    finally:  # also where a keeper stops it, which ends the page's run
        found = _kept(source, store, listings, read, today, only=only, is_dry=is_dry)
    return found


def _in_plain_text(said: Said) -> Said:
    """Return what a source says without what cannot be seen, wherever it stands."""
    if isinstance(said, WholeList):
        return replace(said, remark=seen(said.remark))
    if isinstance(said, Trouble):
        return replace(said, says=seen(said.says))
    if isinstance(said, Hint):
        return replace(said, says=seen(said.says), url=seen(said.url), evidence=seen(said.evidence))
    cells, new = ({name: seen(text) for name, text in some.items()}
                  for some in (said.cells, said.as_new))  # fmt: skip
    return replace(
        said, id=seen(said.id), cells=cells, url=seen(said.url), evidence=seen(said.evidence),
        as_new=new, why=seen(said.why), also=tuple(map(seen, said.also)),
    )  # fmt: skip


def _to_ask(
    source: Source, store: Store, listings: Sequence[Listing], today: dt.date, only: str
) -> list[Listing]:
    """Return the listings to ask for: one of them, or all that may be asked for again by now."""
    if only:
        return [listing for listing in listings if listing["id"] == only]
    waits = _waits(source, store)
    return [one for one in listings if waits.get(one["id"], "") <= today.isoformat()]


def _waits(source: Source, store: Store) -> dict[str, str]:
    """Return by listing the day before which it is not asked for again."""
    try:
        return dict(json.loads(store.remembered(_NOT_BEFORE.format(source.id)) or "{}"))
    except ValueError:
        return {}


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
        settle(store, listings)  # before what was accepted is proposed as of today
        store.propose(found)
        settle(store, listings, unseen=_unseen(kept, found, read, listings, only))
        _remember(source, store, read, today)
    remarks = tuple(dict.fromkeys(filter(None, [*read.remarks, *_said(read.troubles, listings)])))
    return Looked(
        source.label, len(read.records), tuple(found), fresh, read.trouble, remarks, matched,
        source.is_list,
    )  # fmt: skip


def _remember(source: Source, store: Store, read: _Read, today: dt.date) -> None:
    """Note the day of a look that came to its end, and what is not to be asked for soon."""
    if read.is_whole and (read.states or not source.is_list):
        store.remember(_LAST.format(source.id), today.isoformat())
    until = {one.clinic_id: one.until.isoformat() for one in read.troubles if one.until}
    if until:
        waits = {id: day for id, day in _waits(source, store).items() if day > today.isoformat()}
        store.remember(_NOT_BEFORE.format(source.id), json.dumps(waits | until))


def _said(troubles: Sequence[Trouble], listings: Sequence[Listing]) -> Iterator[str]:
    """Yield each kind of trouble once, with the names of the listings it came with."""
    named = {listing["id"]: f"{listing['name']}, {listing['city']}" for listing in listings}
    of: dict[str, list[str]] = {}
    for one in troubles:
        of.setdefault(one.says, []).append(named.get(one.clinic_id, one.clinic_id))
    for says, names in of.items():
        more = f"; and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
        yield f"{says} ({len(names):,}): {'; '.join(names[:_MOST_NAMES])}{more}."


def last_look(store: Store, source: str) -> dt.date | None:
    """Return the day a source, by its id, was last read to its end, or None."""
    try:
        return dt.date.fromisoformat(store.remembered(_LAST.format(source)))
    except ValueError:
        return None


def settle(store: Store, listings: Sequence[Listing], *, unseen: Iterable[str] = ()) -> None:
    """Put aside what the directory says by now, and what a source does not say any more.

    What was accepted in place of a value that others changed since waits again.
    """
    live = {listing["id"]: listing for listing in listings}
    waiting = [one for one in store.proposals() if one.decision in (*WAITING, Decision.LATER)]
    is_new = any(one.field == rules.NEW for one in waiting)
    there = frozenset(map(rules.identity, listings) if is_new else ())
    done = [one.key for one in waiting if rules.is_settled(one, rules.body_of(one), live, there)]
    store.decide([*done, *unseen], Decision.DONE)
    again = [
        one.key
        for one in waiting
        if one.decision is Decision.ACCEPTED
        and one.key not in done
        and rules.is_overtaken(one, rules.body_of(one), live)
    ]
    store.decide(again, Decision.PENDING)


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
    for hint in read.hints:
        if hint.clinic_id in live:
            new = [*rules.call_first(source.id, live[hint.clinic_id], hint)]
            found |= {proposed.key: proposed for proposed in new}
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
    """Return what waits and a whole list, or what was asked of a listing, does not say now."""
    states = {listing["id"]: listing["state"] for listing in listings}
    seen = {one.key for one in found}
    asked = {record.about for record in read.records if record.about}
    return [
        one.key
        for one in kept
        if one.decision in (Decision.PENDING, Decision.LATER)
        and one.key not in seen
        and (not only or one.clinic_id == only)
        and (one.clinic_id in asked or (states.get(one.clinic_id) or _state_of(one)) in read.states)
    ]


def _state_of(proposal: Proposal) -> str:
    return rules.body_of(proposal).cells.get("state", "")


def say_same(store: Store, proposal: Proposal, listing: Listing, who: str) -> int:
    """Note that a record is of a listing, and propose at once what it says otherwise.

    Returns how many proposals that makes. Other listings the record might be are not asked again.
    """
    body = rules.body_of(proposal)
    told = Candidate(proposal.clinic_id, (_SAID_SO,), True)
    date = dt.date.fromisoformat(body.date)
    record = Record(body.record, body.cells, body.url, date, body.evidence, adds_only=True)
    new = [*rules.about(proposal.source, record, listing, told)]
    others = _of_record(store, proposal, Decision.PENDING)
    store.propose(new)
    store.decide([proposal.key], Decision.ACCEPTED, who)
    store.decide(others, Decision.DONE)
    return len(new)


def take_back(store: Store, proposal: Proposal, who: str) -> None:
    """Let a proposal wait again, whatever was decided of it, with what came of that decision."""
    if proposal.field != rules.SAME or proposal.decision is not Decision.ACCEPTED:
        rivals.take_back(store, proposal.key, who)
        return
    record = rules.body_of(proposal).record
    made = [
        one.key
        for one in store.proposals(proposal.source)
        if one.clinic_id == proposal.clinic_id
        and one.decision in (*WAITING, Decision.LATER)
        and _SAID_SO in rules.body_of(one).reasons
        and rules.body_of(one).record == record
    ]
    store.decide(made, Decision.DONE, who)
    store.decide([proposal.key, *_of_record(store, proposal, Decision.DONE)], Decision.PENDING, who)


def _of_record(store: Store, proposal: Proposal, decision: Decision) -> list[str]:
    """Return the keys of what else was asked of the same record."""
    record = rules.body_of(proposal).record
    return [
        one.key
        for one in store.proposals(proposal.source)
        if one.field == rules.SAME
        and one.key != proposal.key
        and one.decision is decision
        and rules.body_of(one).record == record
    ]

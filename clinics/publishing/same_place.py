"""Which listing a record of a public source is about, with reasons in words. Never by a score.

A name alone decides nothing, nor does a telephone or an address: many listings share one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from clinics.domain.sources import Listing, Record
from clinics.domain.words import slug
from clinics.intake.duplicates import are_alike, door
from clinics.intake.likeness import likeness, own_words, same_name, words

MOST_CANDIDATES = 5
LIKE = 0.6
"""Names so alike are asked about where a number or a door is the same."""

LIKELY = 0.75
"""Names so alike are asked about where only the town or the ZIP code is the same."""

_MOST = 50
"""So many listings of one name, number or door are looked at."""

_MOST_BY_WORD = 10
"""So many of one word in a town or ZIP code."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listing that a record may be about, and what speaks for it; `is_sure` is enough to fill."""

    clinic_id: str
    reasons: tuple[str, ...]
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A record and the listings it may be about; one that is sure stands alone."""

    record: Record
    candidates: tuple[Candidate, ...]

    @property
    def sure(self) -> Candidate | None:
        """Return the one listing that it is about, or None."""
        one = self.candidates[0] if len(self.candidates) == 1 else None
        return one if one and one.is_sure else None


def match(
    records: Sequence[Record],
    listings: Sequence[Listing],
    said: Mapping[str, str],
    denied: Collection[tuple[str, str]],
) -> list[Match]:
    """Return the candidates of each record; a listing surely of one is no candidate of another.

    A keeper has `said` of which listing a record is, by its id, and of which it is not (`denied`).
    """
    by_id = {listing["id"]: listing for listing in listings}
    index = _Index(listings)
    found = [_candidates(record, by_id, index, said, denied) for record in records]
    asked_for = {record.about for record in records} & set(by_id)
    sure = [_sure(candidates) for candidates in found]
    sure = [  # what was asked for stands before what only looks like it
        one if one and (record.about or one.clinic_id not in asked_for) else None
        for record, one in zip(records, sure, strict=True)
    ]
    times: dict[str, int] = {}
    for id in [one.clinic_id for one in sure if one]:
        times[id] = times.get(id, 0) + 1
    matches = []
    for record, candidates, one in zip(records, found, sure, strict=True):
        if one and times[one.clinic_id] == 1:
            matches.append(Match(record, (one,)))
        else:
            left = [c for c in candidates if times.get(c.clinic_id) != 1]
            matches.append(Match(record, tuple(map(_unsure, left[:MOST_CANDIDATES]))))
    return matches


def same_website(one: str, other: str) -> bool:
    """Return True for two addresses of one page: scheme, www. and a last slash aside."""
    return bool(one) and website_key(one) == website_key(other)


def website_key(address: str) -> str:
    """Return what an address of a page is compared by."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' if parts.query else ''}{parts.query}"


def digits(phone: str) -> str:
    """Return the ten digits of a telephone number, without its extension."""
    return re.sub(r"\D", "", phone.partition("ext")[0])[-10:]


class _Index:
    """Where to look for a listing: by name, by telephone, by the door."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self._by: dict[tuple[str, str], list[str]] = {}
        for listing in listings:
            for key in (*_keys(listing), *_words(listing["name"], listing)):
                self._by.setdefault(key, []).append(listing["id"])

    def near(self, keys: Iterable[tuple[str, str]], most: int = _MOST) -> dict[str, None]:
        """Return the ids of the listings that share one of the keys, in their order."""
        return {id: None for key in keys for id in self._by.get(key, ())[:most]}


def _keys(cells: Listing) -> Iterable[tuple[str, str]]:
    yield "name", f"{slug(cells['name'])} {cells['state']}"
    for column in ("phone", "main_phone"):
        if number := digits(cells.get(column, "")):
            yield "phone", number
    if where := _door(cells):
        yield "door", where


def _words(name: str, cells: Listing) -> Iterable[tuple[str, str]]:
    for word in own_words(name)[:2] or words(name)[:1]:
        yield "word", f"{word} {slug(cells['city'])} {cells['state']}"
        if cells.get("zip"):
            yield "word", f"{word} {cells['zip']}"


def _door(cells: Listing) -> str:
    return door(cells.get("address", ""), cells.get("zip", "")) if cells.get("zip") else ""


def _candidates(
    record: Record,
    by_id: Mapping[str, Listing],
    index: _Index,
    said: Mapping[str, str],
    denied: Collection[tuple[str, str]],
) -> list[Candidate]:
    told = said.get(record.id, "")
    if told in by_id:
        return [Candidate(told, ("a keeper said so",), True)]
    if record.about:
        is_known = record.about in by_id and (record.id, record.about) not in denied
        return [Candidate(record.about, (record.why,), True)] if is_known else []
    cells, names = record.cells, (record.cells["name"], *record.also)
    closely = (key for name in names for key in _keys({**cells, "name": name}))
    found = [*_among(index.near(closely), record, by_id, denied)]
    if not found:  # a word of the name in the same town is asked about only then
        by_word = (key for name in names for key in _words(name, cells))
        found = [*_among(index.near(by_word, _MOST_BY_WORD), record, by_id, denied)]
    return sorted(found, key=lambda one: (not one.is_sure, -len(one.reasons), one.clinic_id))


def _among(
    ids: Iterable[str],
    record: Record,
    by_id: Mapping[str, Listing],
    denied: Collection[tuple[str, str]],
) -> Iterable[Candidate]:
    for id in ids:
        listing = by_id[id]
        if (record.id, id) in denied or listing["state"] != record.cells["state"]:
            continue
        candidate = _compared(record, listing)
        if candidate:
            yield candidate


def _compared(record: Record, listing: Listing) -> Candidate | None:
    """Say what two have in common; None where that is not enough to ask about."""
    cells = record.cells
    numbers = {digits(cells.get(c, "")) for c in ("phone", "main_phone")} - {""}
    phone = bool(numbers & {digits(listing[c]) for c in ("phone", "main_phone")})
    at_door = bool(_door(cells)) and _door(cells) == _door(listing)
    here = bool(cells.get("zip")) and cells.get("zip") == listing["zip"]
    town = slug(cells["city"]) == slug(listing["city"])
    near = phone or at_door or here or town
    name, said, like = _named(record, listing) if near else (False, "", 0.0)
    if not (
        (record.of_people and at_door)
        or (like >= LIKE and (phone or at_door))
        or ((name or like >= LIKELY) and near)
    ):
        return None
    reasons = [said]
    reasons += ["the same telephone"] if phone else []
    reasons += ["the same street address"] if at_door else []
    reasons += ["the same ZIP code"] if here else ["the same town"] if town else []
    if same_website(cells.get("website", ""), listing["website"]):
        reasons.append("the same website")
    is_sure = name and not record.of_people and (phone or at_door)
    return Candidate(listing["id"], tuple(reasons), is_sure)


def _named(record: Record, listing: Listing) -> tuple[bool, str, float]:
    """Return whether a record has a listing's name, what is said of that, and how alike they are.

    Of several names of a record it is the one that is most alike.
    """
    names, ours = (record.cells["name"], *record.also), listing["name"]
    for name in names:
        if same_name(name, ours):
            is_first = name == names[0]
            return True, "the same name" if is_first else f"it is also called “{name[:80]}”", 1.0
    towns = (record.cells["city"], listing["city"])
    best = max(names, key=lambda name: likeness(name, ours, towns))
    like = likeness(best, ours, towns)
    if like < LIKE and are_alike(best, ours):
        like = LIKE
    is_like = "a like name" if like >= LIKE else "another name"
    return False, f"{is_like}, “{best[:80]}”", like


def _sure(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the only one that is sure; of several none is."""
    sure = [one for one in candidates if one.is_sure]
    if len(sure) > 1:  # namesakes of one building: who has most in common, if that is one
        most = len(sure[0].reasons)
        sure = [one for one in sure if len(one.reasons) == most]
    return sure[0] if len(sure) == 1 else None


def _unsure(candidate: Candidate) -> Candidate:
    return Candidate(candidate.clinic_id, candidate.reasons, False)

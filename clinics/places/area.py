"""The names of the service area, and which of them a text is: exactly, loosely or nearly."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import takewhile
from operator import itemgetter

from clinics.domain.model import Place
from clinics.places.spelling import Spellings, most_slips
from clinics.places.zips import fold, loose, words_of

MAX_NEAR = 3
"""At most so many names are offered for one that is spelled nearly so."""


class Rank(IntEnum):
    """Which of several things of one name goes first."""

    MAIN_TOWN = 0
    OWN_TOWN = 1
    NAMED = 2
    TOWN = 3
    ALSO_TOWN = 4
    """A name that the post office takes for a town, too."""
    COUNTY = 5
    BARE_COUNTY = 6
    """A county without the word, or with a short one: "Howard", "Howard Co"."""


@dataclass(frozen=True, slots=True)
class Known:
    """A place of the area by one of its names."""

    name: str
    place: Place
    rank: Rank

    @property
    def state(self) -> str:
        """The postal code of its state."""
        return self.place.param[-2:]


class AreaNames:
    """Every name of the area; a text that is none of them can be near to some.

    `zips` are its ZIP codes as they are suggested: "20912 Takoma Park".
    """

    def __init__(self, known: Iterable[Known], zips: Sequence[str]) -> None:
        self._zips = zips
        self._known = sorted(known, key=lambda one: (one.rank, one.place.param))
        self._exact: dict[str, list[Known]] = {}
        for one in self._known:
            self._exact.setdefault(fold(one.name), []).append(one)

    def exact(self, name: str, state: str = "") -> tuple[Known, ...]:
        """Return what has this name, the likeliest first; with a state only what is in it."""
        return _distinct(self._exact.get(fold(name), ()), state)

    def loosely(self, name: str, state: str = "") -> tuple[Known, ...]:
        """Return what has this name but for an s or an e at the end of a word."""
        return _distinct(self._loose.get(loose(name), ()), state)

    def near(self, name: str, state: str = "", more: int = 0) -> tuple[Known, ...]:
        """Return at most three that are equally few slips away: one or two, or `more`.

        "Tacoma" is near to Takoma Park, too: it is nearly its first word.
        """
        key = fold(name)
        most = most_slips(key)
        found = [
            (count, one)
            for count, near in self._spellings.near(key, most + more if most else 0)
            for one in self._exact[near]
            if one.rank is not Rank.BARE_COUNTY
        ]
        if most:
            leads = [(0, key)] * (key in self._leads) + self._lead_spellings.near(key, 1)
            found += [(count, one) for count, near in leads for one in self._leads[near]]
        found = [pair for pair in found if state in ("", pair[1].state)]
        fewest = min((count for count, _ in found), default=0)
        nearest = [one for count, one in found if count == fewest]
        nearest.sort(key=lambda one: (one.rank, one.place.param))
        return _distinct(nearest, "")[:MAX_NEAR]

    def suggestions(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return labels of what begins so, or has a word that does: our own towns first."""
        key = fold(prefix)
        codes = [code for code in self._zips if code.startswith(key)]
        if key.isdigit() and codes:
            return tuple(codes[:limit])
        first = bisect_left(self._starts, key, key=itemgetter(0))
        begin_so = takewhile(lambda each: each[0].startswith(key), self._starts[first:])
        found = [(later, one.rank, one.place.param) for _, later, one in begin_so]
        labels = dict.fromkeys(label for _, _, label in sorted(found))
        near = () if labels else (one.place.param for one in self.near(prefix))
        return (*labels, *near, *codes)[:limit]

    @cached_property
    def _loose(self) -> dict[str, list[Known]]:
        found: dict[str, list[Known]] = {}
        for one in self._known:
            if one.rank is not Rank.BARE_COUNTY:
                found.setdefault(loose(one.name), []).append(one)
        return found

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(self._exact)

    @cached_property
    def _leads(self) -> dict[str, list[Known]]:
        """The first words of the directory's own towns: "Takoma" of Takoma Park."""
        found: dict[str, list[Known]] = {}
        for one in self._known:
            lead = "".join(words_of(one.name)[:-1])
            if one.rank <= Rank.OWN_TOWN and len(lead) >= 5:
                found.setdefault(lead, []).append(one)
        return found

    @cached_property
    def _lead_spellings(self) -> Spellings:
        return Spellings(self._leads)

    @cached_property
    def _starts(self) -> list[tuple[str, bool, Known]]:
        starts = [
            ("".join(words[at:]), at > 0, one)
            for one in self._known
            if one.rank is not Rank.BARE_COUNTY
            for words in [words_of(one.name)]
            for at in range(len(words))
        ]
        return sorted(starts, key=itemgetter(0))


def _distinct(known: Iterable[Known], state: str) -> tuple[Known, ...]:
    """Leave out other states, and a place that comes again under another name."""
    found: dict[str, Known] = {}
    for one in known:
        if not state or one.state == state:
            found.setdefault(one.place.param, one)
    return tuple(found.values())

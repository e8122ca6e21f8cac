"""The names of the service area, and which of them a text is: exactly, loosely or nearly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

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

    def offered(self, first: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return every label that can be suggested, the `first` ahead, and other names for it."""
        found: dict[str, list[str]] = {label: [] for label in first}
        for one in self._known:
            if one.rank is not Rank.BARE_COUNTY:
                found.setdefault(one.place.param, []).append(one.name)
        named = {label: _others(label, names) for label, names in found.items()}
        return named | dict.fromkeys(self._zips, ())

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


def _others(label: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that lead elsewhere than the label and the names before them do."""
    others: list[str] = []
    seen: list[str] = []
    for name in names:
        key = fold(name)
        if not any(map(key.startswith, seen)) and not fold(label).startswith(key):
            others.append(name)
        seen.append(key)
    return tuple(others)


def _distinct(known: Iterable[Known], state: str) -> tuple[Known, ...]:
    """Leave out other states, and a place that comes again under another name."""
    found: dict[str, Known] = {}
    for one in known:
        if not state or one.state == state:
            found.setdefault(one.place.param, one)
    return tuple(found.values())

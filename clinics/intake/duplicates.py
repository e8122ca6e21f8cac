"""Rows compared with each other: ids that are there twice, clinics that may be the same.

Owns what makes two rows alike; must not know of single cells. No row is compared with more than a
few others, however many there are.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from itertools import chain

import numpy as np

from clinics.domain.columns import NAMES
from clinics.domain.words import slug
from clinics.intake.cells import Grid
from clinics.intake.notices import Findings
from clinics.intake.texts import Texts, repeated

_COMPARED = 8
"""A row is compared with so many earlier ones of the same number or address."""

_READ = 100
"""Characters of an address that are looked at."""

_SLUG = bytes(
    0 if code == 0 else ord(slug(chr(code)) or "-") if code < 128 else ord("-")
    for code in range(256)
)
"""What each byte is in a slug; the zero byte parts one from the next."""

_PHONE = re.compile(r"\([0-9]{3}\) ")
"""How a number begins that could be read; two that could not be are not the same number."""

_COMMON = frozenset(
    "a an and at for in inc llc of pa pc pllc the center centers center clinic clinics group "
    "health mental services service wellness care md dc".split()
)
"""Words that two clinics may share without being alike."""

_NO_IDS = (
    "The file has no column id, so it was made from name and ZIP. If these are two clinics, add "
    "the column and give each its own id; if they are one, take a row out."
)

_DIRECTIONS = frozenset("n s e w ne nw se sw north south east west".split())
_LIKE = 0.5
"""Share of the shorter name's own words that the other name has too."""


def fill_ids(grid: Grid) -> None:
    """Give every row without an id one made from its name and ZIP.

    A name without a Latin letter or digit stands in it as its CRC-32.
    """
    without = ~grid.cells["id"].filled & grid.cells["name"].filled
    names, codes = (grid.cells[column].at(without).tolist() for column in ("name", "zip"))
    made = [_made_id(name, code) for name, code in zip(names, codes, strict=True)]
    grid.cells["id"] = grid.cells["id"].written(without, made)


def _made_id(name: str, code: str) -> str:
    plain = slug(name)[:90].rstrip("-") or f"{zlib.crc32(name.encode()):08x}"
    return "-".join(filter(None, (plain, slug(code))))


def check_ids(grid: Grid, findings: Findings) -> None:
    """Report an id that an earlier row has."""
    fix = "" if "id" in grid.present else _NO_IDS
    ids = grid.cells["id"]
    twice = ids.different(repeated(ids.codes) & ids.filled)
    seen: dict[str, int] = {}
    for row, id in twice.where(bool):
        if id in seen:
            findings.add("id_twice", grid.number(row), "id", id, str(seen[id]), fix)
        else:
            seen[id] = grid.number(row)


def check_likeness(grid: Grid, findings: Findings) -> None:
    """Report rows that may be the same clinic: same telephone number, or address and like name.

    Rows whose id is there twice are left to that error.
    """
    rows = _Rows(grid)
    said = set(rows.doubles)
    for i, other in rows.pairs(rows.phones()):
        if i in said:
            continue
        said.add(i)
        row, phone = grid.number(i), grid.cells["phone"][i]
        if rows.same_place(i, other):
            _say_like(grid, i, other, findings)
        elif rows.alike(i, other):
            findings.add("phone_of_branch", row, "phone", phone, rows.named(other))
        else:
            findings.add("phone_of_another", row, "phone", phone, rows.named(other))
    for i, other in rows.pairs(rows.addresses(), rows.alike):
        if i not in said:
            said.add(i)
            _say_like(grid, i, other, findings)
    for i, other in rows.pairs(rows.names(), rows.same_place):
        if i not in said:
            _say_like(grid, i, other, findings)


def twins(new: Mapping[str, list[str]], live: Mapping[str, list[str]]) -> dict[int, int]:
    """Return which rows of a file may be clinics that are live, as places in the two tables."""
    cells = {name: Texts.of([*live[name], *new[name]]) for name in NAMES}
    first = len(live["id"])
    rows = _Rows(Grid(np.arange(len(cells["id"])), cells, frozenset(NAMES)))

    def at_one_place(i: int, other: int) -> bool:
        return other < first <= i and rows.same_place(i, other)

    def of_like_name(i: int, other: int) -> bool:
        return other < first <= i and rows.alike(i, other)

    pairs = chain(
        rows.pairs(rows.phones(), at_one_place),
        rows.pairs(rows.addresses(), of_like_name),
        rows.pairs(rows.names(), at_one_place),
    )
    found: dict[int, int] = {}
    for i, other in pairs:
        found.setdefault(i - first, other)
    return found


def _say_like(grid: Grid, i: int, other: int, findings: Findings) -> None:
    needs = f"{grid.number(other)}, “{grid.cells['name'][other][:60]}”"
    findings.add("clinic_like_another", grid.number(i), None, grid.cells["name"][i], needs)


class _Rows:
    """What rows are compared by; only of those that may be alike it is worked out one by one."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._slugs = _slugs(grid.cells["name"])
        self._areas = _areas(grid)
        self._addresses: dict[int, str] = {}

    @property
    def doubles(self) -> set[int]:
        """The rows whose id an earlier row has."""
        ids = self._grid.cells["id"].codes  # numbered as they come first
        newest = np.maximum.accumulate(ids)
        return set(np.flatnonzero(np.diff(newest, prepend=-1) == 0).tolist())

    def phones(self) -> Iterable[tuple[int, str]]:
        """Yield the rows of a telephone number that another row has too."""
        phones = self._grid.cells["phone"]
        return phones.different(repeated(phones.codes)).where(_PHONE.match)

    def names(self) -> Iterable[tuple[int, str]]:
        """Yield the rows of a name that another row has too."""
        return self._slugs.different(repeated(self._slugs.codes)).where(bool)

    def addresses(self) -> Iterable[tuple[int, str]]:
        """Yield the rows of an address that another row may have too.

        Such rows share an area, and the first word of the address unless it is a direction.
        """
        slugs = _slugs(self._grid.cells["address"])
        firsts = slugs.first_words()
        codes = firsts.codes.astype(np.int64) + self._areas.codes.astype(np.int64) * len(firsts)
        free = np.array([w in _DIRECTIONS or len(w) >= _READ for w in firsts.words.tolist()], bool)
        may_be = slugs.filled & (repeated(codes) | free[firsts.codes])
        for row in np.flatnonzero(may_be).tolist():
            address = self.address(row)
            if address:
                yield row, address

    def address(self, i: int) -> str:
        """Return by what the address of a row is compared, or "" where there is too little."""
        if i not in self._addresses:
            self._addresses[i] = _address(self._grid.cells["address"][i], self._areas[i])
        return self._addresses[i]

    def pairs(
        self,
        keys: Iterable[tuple[int, str]],
        agree: Callable[[int, int], bool] = lambda i, other: True,  # noqa: ARG005 - all agree
    ) -> Iterable[tuple[int, int]]:
        """Yield each row with one of the few earlier ones of its key that it agrees with.

        One at the same place comes before the others.
        """
        groups: dict[str, list[int]] = {}
        for i, key in keys:
            earlier = groups.setdefault(key, [])
            agreeing = [other for other in earlier if agree(i, other)]
            if agreeing:
                near = (other for other in agreeing if self.same_place(i, other))
                yield i, next(near, agreeing[0])
            if len(earlier) < _COMPARED:
                earlier.append(i)

    def same_place(self, i: int, other: int) -> bool:
        """Tell whether two rows have the same address, or one has none and they share the area."""
        here, there = self.address(i), self.address(other)
        if here and there:
            return here == there
        return self._areas[i] == self._areas[other]

    def alike(self, i: int, other: int) -> bool:
        """Tell whether the names begin alike, or share half of the words that are their own."""
        first, second = self._slugs[i].split("-"), self._slugs[other].split("-")
        if first[:2] == second[:2]:
            return True
        here, there = frozenset(first) - _COMMON, frozenset(second) - _COMMON
        shorter = min(len(here), len(there))
        return shorter > 0 and len(here & there) / shorter >= _LIKE

    def named(self, i: int) -> str:
        return f"row {self._grid.number(i)}, “{self._grid.cells['name'][i][:60]}”"


def _areas(grid: Grid) -> Texts:
    """Return the ZIP of each row, or its town where it has none."""
    codes = grid.cells["zip"]
    without = ~codes.filled
    if not without.any():
        return codes
    cities, states = (grid.cells[column].at(without).tolist() for column in ("city", "state"))
    towns = zip(cities, states, strict=True)
    return codes.written(without, [slug(f"{city} {state}") for city, state in towns])


def _slugs(texts: Texts) -> Texts:
    """Return the slug of each text, as `federal.slug` writes it, all in a few steps."""
    if texts.is_blank:
        return texts
    letters = texts.joined()
    if letters.count(0) != len(texts) - 1:  # a text has the mark in it
        return Texts.of([slug(text) for text in texts.tolist()])
    if not letters.isascii():
        letters = letters.decode().lower().encode()  # the small letter of some is an English one
    letters = letters.translate(_SLUG)
    while b"--" in letters:
        letters = letters.replace(b"--", b"-")
    return Texts.parted(letters.replace(b"-\0", b"\0").replace(b"\0-", b"\0").strip(b"-"))


def _address(address: str, area: str) -> str:
    """Reduce an address to house number, first word of the street, and ZIP or town."""
    words = slug(address[:_READ].partition(",")[0]).split("-")
    words = [word for word in words if word not in _DIRECTIONS][:2]
    return f"{' '.join(words)} {area}" if len(words) == 2 else ""

"""Find ids that are there twice, and rows that are likely duplicates of one clinic.

No row is compared with more than a few others, however many there are.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from clinics.domain.columns import NAMES
from clinics.domain.kinds import STATES
from clinics.domain.words import counted, slug
from clinics.intake.cells import Grid
from clinics.intake.notices import Findings

_COMPARED = 8
"""A row is compared with so many earlier ones of the same number or address."""

_READ = 300
"""Characters of a name or an address that are looked at; a name is taken apart for each pair."""

_PHONE = re.compile(r"\([0-9]{3}\) ")
"""How a number begins that could be read; two that could not be are not the same number."""

_COMMON = frozenset(
    "a an and at for in inc llc of pa pc pllc the center centers center clinic clinics group "
    "health mental services service wellness care".split()
) | {code.lower() for code in STATES}
"""Words that two clinics may share without being alike, the codes of states among them."""

_NO_IDS = (
    "The file has no column id, so it was made from name and ZIP. If these are two clinics, add "
    "the column and give each its own id; if they are one, take a row out."
)

COMPARED = ("name", "address", "city", "state", "zip", "phone")
"""What rows are compared by: where none of it has changed, they are alike as they were."""

_DIRECTIONS = frozenset("n s e w ne nw se sw north south east west".split())
_LIKE = 0.5
"""Share of the shorter name's own words that the other name has too."""


def fill_ids(grid: Grid) -> None:
    """Give every row without an id one made from its name and ZIP.

    A name without a Latin letter or digit stands in it as its CRC-32.
    """
    columns = (grid.cells[column] for column in ("id", "name", "zip"))
    grid.cells["id"] = [
        _made_id(name, code) if name and not id else id
        for id, name, code in zip(*columns, strict=True)
    ]


def _made_id(name: str, code: str) -> str:
    plain = slug(name)[:90].rstrip("-") or f"{zlib.crc32(name.encode()):08x}"
    return "-".join(filter(None, (plain, slug(code))))


def match_ids(grid: Grid, live: Mapping[str, Sequence[str]], findings: Findings) -> None:
    """Give rows without an id that of the live listing of the same name, town and address.

    Where there is not exactly one, or two rows have the same, none is given.
    """
    nameless = [row for row, id in enumerate(grid.cells["id"]) if not id]
    found = live_listings(grid, live, nameless)
    if found:
        grid.cells["id"] = [found.get(row, id) for row, id in enumerate(grid.cells["id"])]
        findings.add("ids_matched", value=counted(len(found), "row"))


def live_listings(
    grid: Grid, live: Mapping[str, Sequence[str]], rows: Sequence[int]
) -> dict[int, str]:
    """Return the id of the one live listing of the same name, town and address, by row."""
    there: dict[tuple[str, str], list[int]] = {}
    for i, key in enumerate(_named_in_town(live)):
        there.setdefault(key, []).append(i)
    taken = set(grid.cells["id"])
    names = ("name", "city", "address")
    cells = {name: [grid.cells[name][row] for row in rows] for name in names}
    found: dict[int, str] = {}
    for row, key, address in zip(rows, _named_in_town(cells), cells["address"], strict=True):
        like = [i for i in there.get(key, ()) if _same_door(address, live["address"][i])]
        if all(key) and len(like) == 1 and (match := live["id"][like[0]]) not in taken:
            found[row] = match
    twice = {id for id, number in Counter(found.values()).items() if number > 1}
    return {row: id for row, id in found.items() if id not in twice}


def _named_in_town(cells: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    pairs = zip(cells["name"], cells["city"], strict=True)
    return [(slug(name[:_READ]), slug(city[:_READ])) for name, city in pairs]


def _same_door(here: str, there: str) -> bool:
    return not here or not there or door(here, "") == door(there, "")


def check_ids(grid: Grid, findings: Findings) -> None:
    """Report an id that an earlier row has."""
    fix = "" if "id" in grid.present else _NO_IDS
    seen: dict[str, int] = {}
    for number, id in zip(grid.numbers, grid.cells["id"], strict=True):
        if id in seen:
            findings.add("id_twice", number, "id", id, str(seen[id]), fix)
        elif id:
            seen[id] = number


def check_likeness(grid: Grid, findings: Findings) -> None:
    """Report rows that may be the same clinic: same telephone number, or address and like name.

    Rows whose id is there twice are left to that error.
    """
    rows = _Likeness(grid)
    said = rows.with_id_of_earlier()
    for i, other in rows.pairs(rows.phones):
        if i in said:
            continue
        said.add(i)
        row, phone = grid.numbers[i], grid.cells["phone"][i]
        if rows.same_place(i, other):
            _say_like(grid, i, other, findings)
        else:
            code = "phone_of_branch" if rows.alike(i, other) else "phone_of_another"
            there = grid.numbers[other]
            findings.add(code, row, "phone", phone, rows.named(other), other=there)
    for i, other in rows.pairs(rows.addresses, rows.alike):
        if i not in said:
            said.add(i)
            _say_like(grid, i, other, findings)
    for i, other in rows.pairs(rows.slugs, rows.same_place):
        if i not in said:
            _say_like(grid, i, other, findings)


def twins(new: Mapping[str, list[str]], live: Mapping[str, list[str]]) -> dict[int, int]:
    """Return which rows of a file may be clinics that are live, as places in the two tables."""
    cells = {name: [*live[name], *new[name]] for name in NAMES}
    first = len(live["id"])
    rows = _Likeness(Grid(range(len(cells["id"])), cells, frozenset(NAMES)))

    def at_one_place(i: int, other: int) -> bool:
        return other < first <= i and rows.same_place(i, other)

    def of_like_name(i: int, other: int) -> bool:
        return other < first <= i and rows.alike(i, other)

    pairs = chain(
        rows.pairs(rows.phones, at_one_place),
        rows.pairs(rows.addresses, of_like_name),
        rows.pairs(rows.slugs, at_one_place),
    )
    found: dict[int, int] = {}
    for i, other in pairs:
        found.setdefault(i - first, other)
    return found


def _say_like(grid: Grid, i: int, other: int, findings: Findings) -> None:
    there, name = grid.numbers[other], grid.cells["name"][i]
    needs = f"{there}, “{grid.cells['name'][other][:60]}”"
    findings.add("clinic_like_another", grid.numbers[i], None, name, needs, other=there)


class _Likeness:
    """What rows are compared by: telephone number, address and name, "" where there is none."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        cells = grid.cells
        places = zip(cells["zip"], cells["city"], cells["state"], strict=True)
        self._areas = [code or slug(f"{city} {state}") for code, city, state in places]
        self.phones = [phone if _PHONE.match(phone) else "" for phone in cells["phone"]]
        self.slugs = [slug(name[:_READ]) for name in cells["name"]]
        self.addresses = list(map(door, cells["address"], self._areas))

    def with_id_of_earlier(self) -> set[int]:
        """Return the rows whose id an earlier row has."""
        first: dict[str, int] = {}
        return {i for i, id in enumerate(self._grid.cells["id"]) if first.setdefault(id, i) < i}

    def pairs(
        self,
        keys: Sequence[str],
        agree: Callable[[int, int], bool] = lambda i, other: True,  # noqa: ARG005 - all agree
    ) -> Iterator[tuple[int, int]]:
        """Yield each row with one of the few earlier ones of its key that it agrees with.

        One at the same place comes before the others.
        """
        groups: dict[str, list[int]] = {
            key: [] for key, n in Counter(keys).items() if n > 1 and key
        }
        for i, key in enumerate(keys):
            if key not in groups:
                continue
            earlier = groups[key]
            agreeing = [other for other in earlier if agree(i, other)]
            if agreeing:
                near = (other for other in agreeing if self.same_place(i, other))
                yield i, next(near, agreeing[0])
            if len(earlier) < _COMPARED:
                earlier.append(i)

    def same_place(self, i: int, other: int) -> bool:
        """Return True if the addresses are the same, or one is blank and the areas are the same."""
        here, there = self.addresses[i], self.addresses[other]
        if here and there:
            return here == there
        return self._areas[i] == self._areas[other]

    def alike(self, i: int, other: int) -> bool:
        """Return True if two rows have like names."""
        return _alike(self.slugs[i], self.slugs[other])

    def named(self, i: int) -> str:
        return f"row {self._grid.numbers[i]}, “{self._grid.cells['name'][i][:60]}”"


class Who(NamedTuple):
    """What tells a listing from others."""

    name: str
    phone: str
    address: str


def is_another(was: Who, now: Who) -> bool:
    """Return True if a listing gets both another name and another telephone number or address."""
    if are_alike(was.name, now.name):
        return False
    rung = was.phone and now.phone and was.phone != now.phone
    return bool(rung) or not _same_door(was.address, now.address)


def are_alike(name: str, other: str) -> bool:
    """Return True if two names begin alike, or share half of the words that are their own."""
    return _alike(slug(name[:_READ]), slug(other[:_READ]))


def _alike(name: str, other: str) -> bool:
    first, second = name.split("-"), other.split("-")
    if first[:2] == second[:2]:
        return True
    here, there = frozenset(first) - _COMMON, frozenset(second) - _COMMON
    shorter = min(len(here), len(there))
    return shorter > 0 and len(here & there) / shorter >= _LIKE


def door(address: str, area: str) -> str:
    """Reduce an address to house number, first word of the street, and ZIP or town."""
    words = slug(address[:_READ].partition(",")[0]).split("-")
    words = [word for word in words if word not in _DIRECTIONS][:2]
    return f"{' '.join(words)} {area}" if len(words) == 2 else ""

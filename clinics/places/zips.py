"""The table of ZIP codes of the United States, and how names of towns and states are compared."""

from __future__ import annotations

import gc
import math
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

import numpy as np
import zipcodes
from numpy.typing import NDArray

from clinics.domain.kinds import STATES
from clinics.domain.model import Point
from clinics.domain.typed_words import meanings

_BOXES = (  # south, north, west, east
    (24.3, 49.5, -125.0, -66.8),  # the contiguous states
    (51.0, 71.6, -180.0, -129.0), (51.0, 71.6, 172.0, 180.0),  # Alaska, either side of 180
    (18.5, 28.6, -178.5, -154.5),  # Hawaii
    (17.5, 18.7, -68.0, -64.4),  # Puerto Rico, Virgin Islands
    (13.0, 20.7, 144.0, 146.3), (-14.8, -10.9, -171.3, -168.0),  # Guam, Marianas; Samoa
)  # fmt: skip

_STATE_EDGE = 0.3
"""Degrees that a state may reach beyond the centers of its ZIP codes; swapped ones are in none."""

_MC = re.compile(r"\bMc ?(\w)")
"""The source writes both "Mc Lean" and "Mclean"."""

_SHORT_FORMS = {
    "st": "saint", "mt": "mount", "mnt": "mount", "mtn": "mountain", "ft": "fort", "upr": "upper",
    "uppr": "upper", "hvre": "havre", "hts": "heights", "hgts": "heights", "hgt": "heights",
    "bch": "beach", "pk": "park", "pt": "point", "spg": "spring", "spgs": "springs",
    "jct": "junction", "vlg": "village", "chs": "chase", "cpe": "cape", "hls": "hills",
    "rvr": "river", "vly": "valley", "grv": "grove", "mnr": "manor", "lk": "lake",
    "cv": "cove", "lndg": "landing", "frst": "forest", "clearwatr": "clearwater",
    "chesapeak": "chesapeake", "montgomry": "montgomery", "univ": "university",
    "hosp": "hospital", "ctr": "center", "cntr": "center",
}  # fmt: skip
"""How the post office and people in a hurry write a word -> the word."""

_DIRECTIONS = {"n": "north", "s": "south", "e": "east", "w": "west"}

_SMALL = {"Of": "of", "De": "de", "And": "and", "Or": "or", "The": "the"}


class ZipRow(NamedTuple):
    """One ZIP code: its center, town, and whether mail carriers deliver to it (no PO boxes)."""

    lat: float
    lon: float
    city: str
    state: str
    county: str
    delivers: bool


class ZipTable(NamedTuple):
    """ZIP codes by their five digits, and town names with their ZIPs by folded name and state."""

    rows: dict[str, ZipRow]
    cities: dict[str, dict[str, tuple[str, tuple[str, ...]]]]


def words_of(name: str) -> list[str]:
    """Return the words of a name as they are compared: without accents, "St." as "saint"."""
    plain = name.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    words: list[str] = re.findall(r"[^\W_]+", re.sub(r"['’‘`.]", "", plain))
    if len(words) > 1 and words[0] in _DIRECTIONS:
        words[0] = _DIRECTIONS[words[0]]
    return [_SHORT_FORMS.get(word, word) for word in words]


def fold(name: str) -> str:
    """Reduce a name to what spellings share: "St. Mary's" and "saint  marys" are one."""
    return "".join(words_of(name))


def loose(name: str) -> str:
    """Reduce a name to what it shares with itself plus or minus an s or an e at a word's end."""
    return "".join(_without_ending(word) for word in words_of(name))


def _without_ending(word: str) -> str:
    for ending in ("es", "s", "e"):
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return word[: -len(ending)]
    return word


def written(name: str) -> str:
    """Write the words of a name in full: "Upr Marlboro" is "Upper Marlboro"."""
    words = name.split(" ")
    if len(words) > 1 and words[0].casefold() in _DIRECTIONS:
        words[0] = _DIRECTIONS[words[0].casefold()].title()
    full = (_full_word(word) for word in words[1:])
    return " ".join([_full_word(words[0]), *(_SMALL.get(word, word) for word in full)])


def _full_word(word: str) -> str:
    if word == "St":  # is read as Saint, and written as people write it
        return word
    full = _SHORT_FORMS.get(word.casefold())
    return full.title() if full else word


_STATE_OF: dict[str, str] = {
    **{fold(name): code for name, code in meanings("states").items()},
    **{fold(name): code for code, name in STATES.items()},
    **{fold(code): code for code in STATES},
}


def state_code(text: str) -> str:
    """Return the postal code of a state written either way, or "" if it is none."""
    return _STATE_OF.get(fold(text), "")


def split_state(text: str) -> tuple[str, str]:
    """Take the state off the end, written either way: ("silver spring", "MD"), or (text, "")."""
    name, comma, last = text.rpartition(",")
    if comma and state_code(last):
        return name.strip(" ,"), state_code(last)
    words = text.split(" ")
    for size in (3, 2, 1):  # "West Virginia" before "Virginia"
        state = state_code(" ".join(words[-size:]))
        if state and len(words) > size:
            return " ".join(words[:-size]).strip(" ,"), state
    return text, ""


def in_united_states(point: Point) -> bool:
    """Return True if a point is in a box round the states and territories; the edge is generous."""
    return any(s <= point.lat <= n and w <= point.lon <= e for s, n, w, e in _BOXES)


def in_state(point: Point, state: str) -> bool:
    """Return True if a point is in the box round a state's ZIP codes; the edge is generous."""
    south, north, west, east = _box_of(state)
    return (
        south - _STATE_EDGE <= point.lat <= north + _STATE_EDGE
        and west - _STATE_EDGE <= point.lon <= east + _STATE_EDGE
    )


@cache
def _box_of(state: str) -> tuple[float, float, float, float]:
    rows = [row for row in zip_table().rows.values() if row.state == state]
    lat, lon = ([row.lat for row in rows] or [math.nan], [row.lon for row in rows] or [math.nan])
    return min(lat), max(lat), min(lon), max(lon)


def in_country(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell of many points which are in these boxes; NaN is not."""
    inside = np.zeros(len(lat), bool)
    for south, north, west, east in _BOXES:
        inside |= (south <= lat) & (lat <= north) & (west <= lon) & (lon <= east)
    return inside


@cache
def zip_table() -> ZipTable:
    """Load the bundled ZIP codes once, without those that have no position (0, 0).

    Read state by state, because the package keeps a whole-country list in memory for ever; and
    without the collector, which would look through the growing table again and again.
    """
    with _uncollected():
        return _read_zips()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Stop the collector of cycles for a while: what is made here has none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_zips() -> ZipTable:
    rows: dict[str, ZipRow] = {}
    names: dict[tuple[str, str], tuple[str, list[str]]] = {}
    also: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for state in STATES:
        for record in zipcodes.filter_by(state=state):  # type: ignore[no-untyped-call]
            row = _zip_row(record)
            if not in_united_states(Point(row.lat, row.lon)):
                continue
            code = str(record["zip_code"])
            rows[code] = row
            _note_name(names, row.city, state, code)
            for other in record["acceptable_cities"]:
                _note_name(also, other, state, code)
    cities: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}
    for (key, state), (label, zips) in (also | names).items():
        cities.setdefault(key, {})[state] = (label, tuple(dict.fromkeys(zips)))
    return ZipTable(rows, cities)


def _zip_row(record: dict[str, str]) -> ZipRow:
    return ZipRow(
        float(record["lat"]),
        float(record["long"]),
        sys.intern(_MC.sub(lambda m: "Mc" + m[1].upper(), record["city"])),
        sys.intern(record["state"]),
        sys.intern(record["county"]),
        record["zip_code_type"] == "STANDARD" and bool(record["active"]),
    )


def _note_name(
    names: dict[tuple[str, str], tuple[str, list[str]]], name: str, state: str, code: str
) -> None:
    names.setdefault((fold(name), state), (name, []))[1].append(code)

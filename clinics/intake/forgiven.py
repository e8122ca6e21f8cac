"""What a person would understand of a cell that is written otherwise: read so, and said as a note.

Nothing is guessed: where two readings are equally likely there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from clinics.domain.columns import SEPARATOR, CellProblem, Column, Words
from clinics.domain.kinds import (
    ID,
    LATITUDE,
    LONGITUDE,
    NPI,
    PHONE,
    PRICE,
    STATE,
    STATES,
    URL,
    ZIP,
    CellKind,
)
from clinics.places.zips import state_code

Called = Callable[[str], str | None]
"""A word -> the id whose id, label or synonym it is, or None."""

_LONGEST = 300
_NOTHING = frozenset(
    "n/a,na,n.a.,none,tbd,tba,t.b.d.,unknown,null,nil,?,not known,not available,"
    "not applicable,not stated,to be determined,nan,nat,<na>,undefined,(blank),(empty)".split(",")
)
_DASHES = re.compile("[\u002d\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
"""Hyphens and dashes as spreadsheets and web pages have them."""


NOTHING = (
    frozenset(
        written
        for word in _NOTHING
        for written in (word, word.upper(), word.title(), word.capitalize())
    )
    | frozenset(dash * n for dash in "-\u2010\u2011\u2012\u2013\u2014\u2212" for n in (1, 2, 3))
    | {"- -", "- - -", "NaN", "NaT"}
)
"""N/A, none, TBD, unknown and lone dashes, as they are written: an empty cell in words."""


def reading(column: Column, cell: str, words: Words, called: Called) -> str | None:
    """Return what a cell that cannot be used as it is was meant to be, or None."""
    if len(cell) > _LONGEST:
        return None
    if column.is_choice:
        return _choices(cell, called, several=column.several)
    mend = _BY_KIND.get(column.kind)
    mended = mend(cell) if mend else ""
    if not mended:
        return None
    try:
        return column.parse(mended, words)
    except CellProblem:
        return None


def _choices(cell: str, called: Called, *, several: bool) -> str | None:
    """Read labels and synonyms, and commas or line breaks between them; all of them or none."""
    whole = called(cell)
    if whole or not several:
        return whole
    ids: list[str] = []
    for part in filter(None, map(str.strip, re.split(r"[;\n|]", cell))):
        id = called(part)
        found = [id] if id else [called(word) for word in _words(part)]
        if not found or None in found:
            return None
        ids += filter(None, found)
    return SEPARATOR.join(dict.fromkeys(ids)) or None


def _words(part: str) -> list[str]:
    split = re.split(r",(?:\s*and\b)?|/|&|\band\b", part)
    return [word.strip() for word in split if word.strip()]


def _state(cell: str) -> str:
    short = re.sub(r"[.\s]", "", cell).upper()
    return short if len(short) == 2 else state_code(" ".join(cell.rstrip(".").split())) or ""


def _whole_number(cell: str) -> str:
    found = re.fullmatch(r"([0-9]+)\.0+", cell)
    return found[1] if found else ""


def _zip(cell: str) -> str:
    found = re.fullmatch(
        r"(?:[A-Za-z]{2}[\s.,]+)?([0-9]{5})(?:[\s-]+[0-9]{4})?", _DASHES.sub("-", cell)
    )
    return found[1] if found else _whole_number(cell)


def _phone(cell: str) -> str:
    cell = _whole_number(cell) or _DASHES.sub("-", cell)
    cell = re.sub(r"^(?:tel|phone|ph|telephone|t)\b[.:]*\s*|[.,;]+$", "", cell, flags=re.I)
    cell = re.sub(r"\s*[,;]\s*(?=(?:x|ext)\b|extension|ext\.)", " ", cell, flags=re.I)
    cell = re.sub(r"(ext|extension)[.:#]+\s*#?\s*(?=[0-9])", r"\1 ", cell, flags=re.I)
    return re.sub(r"(?<=[0-9)])\s*/\s*(?=[0-9])", "-", cell)


def _url(cell: str) -> str:
    bare = re.fullmatch(r"www\.[\w-]+(\.[\w-]+)+(/[^\s\"'<>]*)?", cell, re.ASCII | re.IGNORECASE)
    return f"https://{cell}" if bare else ""


def _price(cell: str) -> str:
    found = re.fullmatch(
        r"(?:US|USD)?\s*\$?\s*([0-9][0-9,.]*)\s*(?:USD|US dollars|dollars)?", cell, re.IGNORECASE
    )
    if found and re.fullmatch(r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+),[0-9]{2}", found[1]):
        return found[1].replace(".", "").replace(",", ".")  # as Europe writes cents
    return found[1] if found else ""


def _degrees(cell: str) -> str:
    """Read a decimal comma, and a letter for the hemisphere."""
    found = re.fullmatch(r"([-\u2212]?)([0-9]{1,3})[.,]([0-9]+)\s*°?\s*([NSEW]?)", cell, re.I)
    if not found:
        return ""
    sign, whole, part, side = found.groups()
    minus = "-" if sign or (side.upper() in ("S", "W") and side) else ""
    return f"{minus}{whole}.{part}"


_BY_KIND: Mapping[CellKind, Callable[[str], str]] = {
    ID: str.casefold,
    STATE: _state,
    ZIP: _zip,
    NPI: _whole_number,
    PHONE: _phone,
    URL: _url,
    PRICE: _price,
    LATITUDE: _degrees,
    LONGITUDE: _degrees,
}

_PAIR = re.compile(r"\(?\s*(-?[0-9]{1,2}\.[0-9]+)°?\s*[,; ]\s*(-?[0-9]{1,3}\.[0-9]+)°?\s*\)?")


def position_pair(cell: str) -> tuple[str, str] | None:
    """Return latitude and longitude of a cell that holds both, "39.29, -76.62"."""
    found = _PAIR.fullmatch(cell) if len(cell) < 60 else None
    return (found[1], found[2]) if found else None


class WholeAddress(NamedTuple):
    """The parts of an address that was in one cell."""

    address: str
    city: str
    state: str
    zip: str


_WHOLE = re.compile(
    r"(?:(?P<address>.*\S)\s*,\s*)?(?P<city>[^,0-9]{2,60})\s*,\s*"
    r"(?P<state>[A-Za-z][A-Za-z. ]{1,20}?)\s*,?\s+(?P<zip>[0-9]{5})(?:-[0-9]{4})?"
    r"(?:\s*,?\s*(?:USA?|U\.S\.A?\.|United States(?: of America)?))?\.?"
)


def whole_address(cell: str) -> WholeAddress | None:
    """Return the parts of "1 Street, Town, MD 20912", or None where it is not all of that."""
    if len(cell) > _LONGEST or "," not in cell:
        return None
    line = ", ".join(part.strip().rstrip(",") for part in cell.splitlines() if part.strip())
    found = _WHOLE.fullmatch(line)
    if not found:
        return None
    state = _state(found["state"])
    if state not in STATES:
        return None
    return WholeAddress(found["address"] or "", found["city"].strip(), state, found["zip"])

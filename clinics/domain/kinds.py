"""What the cells of a column may be: how each kind is said, read, written one way, and typed."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from clinics.domain.language import named
from clinics.domain.model import Precision, Value

SEPARATOR = ";"
YES_NO = {"yes": True, "no": False, "true": True, "false": False, "y": True, "n": False}
STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "PR": "Puerto Rico", "VI": "Virgin Islands", "GU": "Guam", "AS": "American Samoa",
    "MP": "Northern Mariana Islands",
}  # fmt: skip
"""States, the district and the territories by postal code; military addresses have no place."""


def state_name(code: str, unknown: str | None = None) -> str:
    """Return what the language calls a state, or what stands for a code that is `unknown`."""
    known = STATES.get(code)
    return named(f"states.{code}", known) if known else code if unknown is None else unknown


class Words(Protocol):
    """What a cell needs to know of the vocabulary."""

    def ids(self, column: str) -> frozenset[str]:
        """Return the ids allowed in a column."""
        ...

    def nearest(self, column: str, word: str) -> str | None:
        """Return the id that was most likely meant, or None."""
        ...


class CellProblem(Exception):
    """A cell that cannot be used: the notice code and what to put into its sentence."""

    def __init__(self, code: str, needs: str) -> None:
        super().__init__(needs)
        self.code = code
        self.needs = needs


Parser = Callable[[str, Words, str], str]
"""Cell text (trimmed, not empty), words, name of the column -> canonical cell text; raises
CellProblem."""


@dataclass(frozen=True, slots=True, eq=False)
class CellKind:
    """What the cells of a column hold.

    `parse` writes a filled cell one way, `value` makes of that what a Clinic has. `type` and
    `pattern` are those of a Table Schema; `most` is the limit of degrees.
    """

    allowed: str
    parse: Parser
    value: Callable[[str], Value] = str
    type: str = "string"
    pattern: str = ""
    most: int = 0


def _text(cell: str, *_: object) -> str:
    return cell


def _slug(cell: str, *_: object) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cell) or len(cell) > 100:
        raise CellProblem("id_malformed", "small letters, digits and single hyphens, at most 100")
    return cell


def _state(cell: str, *_: object) -> str:
    if cell.upper() not in STATES:
        raise CellProblem("state_unknown", "the two-letter code of a US state, such as MD")
    return cell.upper()


def _zip(cell: str, *_: object) -> str:
    found = re.fullmatch(r"([0-9]{5})(-?[0-9]{4})?", cell)
    if not found:
        raise CellProblem("zip_malformed", "five digits, such as 62701")
    return found.group(1)


def phone_number(cell: str, *_: object) -> str:
    """Return a US telephone number as it is written here; raises CellProblem."""
    found = re.fullmatch(
        r"\+?1?[\s.-]*\(?([2-9][0-9]{2})\)?[\s.-]*([2-9][0-9]{2})[\s.-]*([0-9]{4})"
        r"(?:\s*(?:x|ext\.?|extension)\s*([0-9]{1,6}))?",
        cell,
        flags=re.IGNORECASE,
    )
    if not found:
        raise CellProblem("phone_malformed", "ten digits, such as (301) 555-0123")
    area, exchange, line, extension = found.groups()
    return f"({area}) {exchange}-{line}" + (f" ext. {extension}" if extension else "")


_USUAL_URL = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9/_.~-]*)?")


def _url(cell: str, *_: object) -> str:
    if len(cell) <= 500 and _USUAL_URL.fullmatch(cell):
        return cell  # most are so, and taking an address apart is slow
    needs = "a web address that begins with http:// or https://"
    if re.search(r"[\s<>\"'`\\{}|^]", cell) or len(cell) > 500:
        raise CellProblem("url_malformed", needs)
    try:
        parts = urlsplit(cell)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise CellProblem("url_malformed", needs) from None
    if parts.scheme.lower() not in ("http", "https") or "." not in host or parts.username:
        raise CellProblem("url_malformed", needs)
    return cell


def _ids(cell: str, words: Words, column: str) -> str:
    allowed = words.ids(column)
    ids = dict.fromkeys(part.strip().lower() for part in cell.split(SEPARATOR) if part.strip())
    unknown = [id for id in ids if id not in allowed]
    if unknown:
        raise CellProblem("option_unknown", _needed(column, unknown, ids, words))
    return SEPARATOR.join(ids)


def _needed(column: str, unknown: Sequence[str], ids: Collection[str], words: Words) -> str:
    """Say which ids are allowed, and for each unknown one (at most three) what may be meant."""
    said = []
    for id in unknown[:3]:
        nearest = None if "," in id else words.nearest(column, id)  # one word, not several
        hint = f"did you mean {nearest}?" if nearest else ""
        name = f"“{id[:40]}” is not one" if len(ids) > 1 else ""
        said.append("; ".join(filter(None, (name, hint))))
    hints = f" ({', '.join(said)})" if any(said) else ""
    return f"ids from the list of {column}{hints}"


def _one_id(cell: str, words: Words, column: str) -> str:
    if SEPARATOR in cell:
        raise CellProblem("option_unknown", f"one id from the list of {column}")
    return _ids(cell, words, column)


def _price(cell: str, *_: object) -> str:
    found = re.fullmatch(r"\$?((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})(?:\.[0-9]{1,2})?)", cell)
    text = found[1].replace(",", "") if found else "0"
    if not 0 < float(text) < 1_000_000:
        raise CellProblem("price_malformed", "one amount in dollars, such as 450")
    return f"{float(text):.2f}".removesuffix(".00")


def _yes_no(cell: str, *_: object) -> str:
    if cell.casefold() not in YES_NO:
        raise CellProblem("yes_no_malformed", "yes or no")
    return "yes" if YES_NO[cell.casefold()] else "no"


def _npi(cell: str, *_: object) -> str:
    if not re.fullmatch(r"[12][0-9]{9}", cell) or not _luhn("80840" + cell):
        raise CellProblem("npi_malformed", "ten digits whose check digit is right")
    return cell


def _luhn(digits: str) -> bool:
    """Check a Luhn digit (ISO/IEC 7812-1; the prefix 80840 is CMS's rule for an NPI)."""
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _degrees(limit: int) -> Parser:
    def parse(cell: str, *_: object) -> str:
        try:
            degrees = float(cell)
        except ValueError:
            degrees = math.nan
        if not cell.isascii() or "_" in cell or not -limit <= degrees <= limit:
            raise CellProblem("coordinate_malformed", f"degrees from -{limit} to {limit}")
        return f"{degrees:.6f}".rstrip("0").rstrip(".")

    return parse


def _precision(cell: str, *_: object) -> str:
    if cell.lower() not in tuple(Precision):
        raise CellProblem("option_unknown", "street, zip or town")
    return cell.lower()


def _date(cell: str, *_: object) -> str:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
            raise ValueError
        return dt.date.fromisoformat(cell).isoformat()
    except ValueError:
        raise CellProblem("date_malformed", "a day written like 2026-03-14") from None


def _month_or_day(cell: str, *_: object) -> str:
    if first_day(cell) is None:
        needs = "a year, month or day written like 2026, 2026-03 or 2026-03-14"
        raise CellProblem("date_malformed", needs)
    return cell


def first_day(cell: str) -> dt.date | None:
    """Return the first day of a year, month or day; None where the cell is none of these."""
    try:
        if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", cell):
            return None
        return dt.date.fromisoformat(f"{cell}-01-01"[:10])
    except ValueError:
        return None


_ENTRY = re.compile(r"\s*([a-z0-9_]+)\s*=\s*([a-z0-9-]+)\s*@\s*([0-9]{4}-[0-9]{2}-[0-9]{2})\s*")


def entry_of(part: str) -> tuple[str, str, dt.date] | None:
    """Return column, source and day of "phone=site@2026-11-20"; None for what is not so."""
    found = _ENTRY.fullmatch(part)
    try:
        return (found[1], found[2], dt.date.fromisoformat(found[3])) if found else None
    except ValueError:
        return None


def _field_sources(cell: str, *_: object) -> str:
    entries = [entry_of(part) for part in cell.split(SEPARATOR) if part.strip()]
    found = {entry[0]: entry for entry in entries if entry}
    if len(found) != len(entries) or not entries or len(cell) > 2_000:
        needs = "column=source@day for each, such as phone=site@2026-11-20, separated by ;"
        raise CellProblem("field_sources_malformed", needs)
    return SEPARATOR.join(f"{name}={source}@{day}" for name, source, day in found.values())


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


_ZIP, _MONTH, _ID = "[0-9]{5}", "[0-9]{4}(-[0-9]{2}){0,2}", "[a-z0-9]+(-[a-z0-9]+)*"

_ENTRY_PATTERN = "[a-z0-9_]+=[a-z0-9-]+@[0-9]{4}-[0-9]{2}-[0-9]{2}"

TEXT = CellKind("text", _text)
NOTE = CellKind("text", _text)
"""Whole sentences: a keeper gets a larger box for them."""

CHOICE = CellKind("", _one_id)
CHOICES = CellKind("", _ids, lambda cell: tuple(filter(None, cell.split(SEPARATOR))))
YES_OR_NO = CellKind("yes or no", _yes_no, lambda cell: cell == "yes" if cell else None, "boolean")
PRICE = CellKind("dollars", _price, _number, "number")
DATE = CellKind(
    "a day as YYYY-MM-DD",
    _date,
    lambda cell: dt.date.fromisoformat(cell) if cell else None,
    "date",
)
MONTH_OR_DAY = CellKind("YYYY, YYYY-MM or YYYY-MM-DD", _month_or_day, pattern=_MONTH)
"""The date of a source, as exactly as the source gives it; its text sorts by time."""

URL = CellKind("http:// or https:// address", _url)
PHONE = CellKind("US number, extension allowed", phone_number)
ID = CellKind("small letters, digits, hyphens", _slug, pattern=_ID)
STATE = CellKind("two-letter code", _state, pattern="[A-Z]{2}")
ZIP = CellKind("five digits", _zip, pattern=_ZIP)
NPI = CellKind("ten digits with a right check digit", _npi, pattern="[12][0-9]{9}")
LATITUDE = CellKind("decimal degrees, WGS-84", _degrees(90), _number, "number", most=90)
LONGITUDE = CellKind("decimal degrees, WGS-84", _degrees(180), _number, "number", most=180)
FIELD_SOURCES = CellKind(
    "`column=source@YYYY-MM-DD` with the id of a known source, several separated by `;`",
    _field_sources,
    lambda cell: tuple(filter(None, cell.split(SEPARATOR))),
    pattern=f"{_ENTRY_PATTERN}(;{_ENTRY_PATTERN})*",
)
PRECISION = CellKind("`street`, `zip` or `town`", _precision, Precision)

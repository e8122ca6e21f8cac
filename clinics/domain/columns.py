"""The one description of the clinic CSV: each column's name, meaning, rule and example.

Owns how a cell becomes a value and back; must not know about files, rows or other clinics.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from clinics.domain.model import Precision

SEPARATOR = ";"
YES_NO = {"yes": True, "no": False, "true": True, "false": False, "y": True, "n": False}
STATE_CODES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI".split()
)


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


Parser = Callable[[str, Words], str]
"""Cell text (trimmed, not empty) -> canonical cell text; raises CellProblem."""


class Plain(NamedTuple):
    """What cells are that `parse` would leave as they are: a regular expression, and bytes.

    It need not find all of them, but nearly all of a tidy file: looking is quicker than parsing.
    It is read by RE2, so it has no look-around.
    """

    pattern: str
    longest: int = 500


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `parse` turns a filled cell into its canonical text or raises CellProblem.

    `plain` tells of columns in which cells are rarely alike which need not be parsed.
    """

    name: str
    meaning: str
    allowed: str
    example: str
    parse: Parser
    required: bool = False
    several: bool = False
    plain: Plain | None = None


def _text(cell: str, _: Words) -> str:
    return cell


def _slug(cell: str, _: Words) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cell) or len(cell) > 100:
        raise CellProblem("id_malformed", "small letters, digits and single hyphens, at most 100")
    return cell


def _state(cell: str, _: Words) -> str:
    if cell.upper() not in STATE_CODES:
        raise CellProblem("state_unknown", "the two-letter code of a US state, such as MD")
    return cell.upper()


def _zip(cell: str, _: Words) -> str:
    found = re.fullmatch(r"([0-9]{5})(-?[0-9]{4})?", cell)
    if not found:
        raise CellProblem("zip_malformed", "five digits, such as 20912")
    return found.group(1)


def _phone(cell: str, _: Words) -> str:
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


def _url(cell: str, _: Words) -> str:
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


def _ids(column: str) -> Parser:
    def parse(cell: str, vocabulary: Words) -> str:
        allowed = vocabulary.ids(column)
        ids = dict.fromkeys(part.strip().lower() for part in cell.split(SEPARATOR) if part.strip())
        unknown = [id for id in ids if id not in allowed]
        if unknown:
            raise CellProblem("option_unknown", _needed(column, unknown, ids, vocabulary))
        return SEPARATOR.join(ids)

    return parse


def _needed(column: str, unknown: Sequence[str], ids: Collection[str], vocabulary: Words) -> str:
    """Say which ids are allowed, and for each unknown one (at most three) what may be meant."""
    said = []
    for id in unknown[:3]:
        nearest = None if "," in id else vocabulary.nearest(column, id)  # one word, not several
        hint = f"did you mean {nearest}?" if nearest else ""
        name = f"“{id[:40]}” is not one" if len(ids) > 1 else ""
        said.append("; ".join(filter(None, (name, hint))))
    hints = f" ({', '.join(said)})" if any(said) else ""
    return f"ids from the list of {column}{hints}"


def _one_id(column: str) -> Parser:
    many = _ids(column)

    def parse(cell: str, vocabulary: Words) -> str:
        if SEPARATOR in cell:
            raise CellProblem("option_unknown", f"one id from the list of {column}")
        return many(cell, vocabulary)

    return parse


def _price(cell: str, _: Words) -> str:
    text = cell.removeprefix("$").replace(",", "")
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", text) or not float(text) > 0:
        raise CellProblem("price_malformed", "one amount in dollars, such as 450")
    return f"{float(text):.2f}".removesuffix(".00")


def _yes_no(cell: str, _: Words) -> str:
    if cell.casefold() not in YES_NO:
        raise CellProblem("yes_no_malformed", "yes or no")
    return "yes" if YES_NO[cell.casefold()] else "no"


def _npi(cell: str, _: Words) -> str:
    if not re.fullmatch(r"[12][0-9]{9}", cell) or not _luhn("80840" + cell):
        raise CellProblem("npi_malformed", "ten digits whose check digit is right")
    return cell


def _luhn(digits: str) -> bool:
    """Check a Luhn digit (ISO/IEC 7812-1; the prefix 80840 is CMS's rule for an NPI)."""
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _degrees(limit: int) -> Parser:
    def parse(cell: str, _: Words) -> str:
        try:
            degrees = float(cell)
        except ValueError:
            degrees = math.nan
        if not cell.isascii() or not -limit <= degrees <= limit:
            raise CellProblem("coordinate_malformed", f"degrees from -{limit} to {limit}")
        return f"{degrees:.6f}".rstrip("0").rstrip(".")

    return parse


def _precision(cell: str, _: Words) -> str:
    if cell.lower() not in tuple(Precision):
        raise CellProblem("option_unknown", "street, zip or town")
    return cell.lower()


def _date(cell: str, _: Words) -> str:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
            raise ValueError
        return dt.date.fromisoformat(cell).isoformat()
    except ValueError:
        raise CellProblem("date_malformed", "a day written like 2026-03-14") from None


_URL = Plain(r"\Ahttps?://[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9/_.~-]*)?\z")
_DECIMALS = r"(\.[0-9]{0,5}[1-9])?\z"
_PLAIN = {
    "id": Plain(r"\A[a-z0-9]+(-[a-z0-9]+)*\z", 100),
    "zip": Plain(r"\A[0-9]{5}\z"),
    "phone": Plain(r"\A\([2-9][0-9]{2}\) [2-9][0-9]{2}-[0-9]{4}\z"),
    "website": _URL,
    "source_url": _URL,
    "latitude": Plain(r"\A-?[1-8]?[0-9]" + _DECIMALS),
    "longitude": Plain(r"\A-?(1[0-7]|[1-9])?[0-9]" + _DECIMALS),
}


def _c(name: str, meaning: str, allowed: str, example: str, parse: Parser = _text) -> Column:
    required = name in ("name", "city", "state")
    several = SEPARATOR in allowed
    return Column(name, meaning, allowed, example, parse, required, several, _PLAIN.get(name))


_LIST = "ids from `{}`, several separated by `;`"

COLUMNS: tuple[Column, ...] = (
    _c("id", "The listing's own name in links; made from name and ZIP when empty",
       "small letters, digits, hyphens", "grassroots-crisis-21045", _slug),
    _c("category", "Which list it belongs to; `ketamine` when empty",
       "an id from `data/categories.csv`", "ketamine", _one_id("category")),
    _c("name", "The name people look for", "text", "The Mood Center"),
    _c("address", "Street address; empty when not known", "text", "9470 Annapolis Road, Suite 101"),
    _c("city", "Town", "text", "Takoma Park"),
    _c("state", "State", "two-letter code", "MD", _state),
    _c("zip", "ZIP code", "five digits", "20912", _zip),
    _c("phone", "Telephone for new patients", "US number, extension allowed", "(301) 555-0123",
       _phone),
    _c("website", "The clinic's own page", "http:// or https:// address",
       "https://example.org/ketamine", _url),
    _c("conditions", "What the clinic says it treats", _LIST.format("data/conditions.csv"),
       "depression;ptsd", _ids("conditions")),
    _c("treatments", "What it offers", _LIST.format("data/treatments.csv"),
       "iv-ketamine;esketamine", _ids("treatments")),
    _c("setting", "How you meet", "`in-person`, `telehealth`, several separated by `;`",
       "in-person", _ids("setting")),
    _c("payment", "What it says it accepts", _LIST.format("data/payments.csv"),
       "medicare;self-pay", _ids("payment")),
    _c("insurance_note", "What it says about insurance, in one sentence", "text",
       "No insurance; gives a receipt for claims."),
    _c("price_per_session_usd", "Published price of one session", "dollars", "480", _price),
    _c("price_note", "What the price covers, or why it is uncertain", "text",
       "About 480 dollars an infusion by its own page."),
    _c("accepting_new_patients", "Whether it takes new patients", "yes or no", "yes", _yes_no),
    _c("ages", "Ages it sees", _LIST.format("data/ages.csv"), "adults;seniors", _ids("ages")),
    _c("languages", "Languages spoken with patients", _LIST.format("data/languages.csv"),
       "es;ase", _ids("languages")),
    _c("hours", "Opening hours as the clinic gives them", "text", "Mon-Fri 9am-6pm"),
    _c("npi", "National Provider Identifier", "ten digits with a right check digit", "1234567893",
       _npi),
    _c("latitude", "North-south position", "decimal degrees, WGS-84", "38.9832", _degrees(90)),
    _c("longitude", "East-west position", "decimal degrees, WGS-84", "-77.0007", _degrees(180)),
    _c("location_precision", "How exact the position is: the street address, or only the center "
       "of its ZIP or town (then shown as approximate)", "`street`, `zip` or `town`", "street",
       _precision),
    _c("status", "Whether it works now; a closed clinic is kept but not shown",
       "`open`, `temporarily-closed`, `moved`, `closed`", "open", _one_id("status")),
    _c("source", "Who says so", "text", "The clinic's own website"),
    _c("source_url", "Where they say it", "http:// or https:// address",
       "https://example.org/about", _url),
    _c("last_checked", "The day these facts were last confirmed, by us or by the named source",
       "a day as YYYY-MM-DD", "2026-03-14", _date),
    _c("notes", "What a visitor should know about this listing", "text",
       "Two of its pages give different towns."),
)  # fmt: skip
"""Every column, in the order of the file. DESIGN.md section 3 is the contract."""

BY_NAME = {column.name: column for column in COLUMNS}
NAMES = tuple(column.name for column in COLUMNS)

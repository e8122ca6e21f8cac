"""Places in the data that a page holds for machines: JSON-LD with the words of schema.org.

What is broken, or is not what its name says, gives nothing and no error.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from clinics.adapters.web_page import plain
from clinics.domain.kinds import STATES, CellProblem, phone_number
from clinics.domain.words import slug

TYPES = frozenset(
    "localbusiness medicalbusiness medicalclinic medicalorganization physician "
    "individualphysician physiciansoffice psychiatric healthandbeautybusiness professionalservice "
    "organization place hospital diagnosticlab communityhealth emergencyservice".split()
)
_MOST_NODES = 20_000
_MOST_PLACES = 200
_COUNTRIES = frozenset(("", "us", "usa", "u-s-a", "united-states", "united-states-of-america"))
_BY_NAME = {slug(name): code for code, name in STATES.items()}
_PARTS = ("streetAddress", "addressLocality", "addressRegion", "postalCode")
_TOWN = re.compile(r"[A-Za-z][A-Za-z .'-]{1,39}")
_STREET = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,#'&/()-]{3,99}")
_LONG_NUMBER = re.compile(r"\d{3}[^0-9A-Za-z]{0,3}\d{3}[^0-9A-Za-z]{0,3}\d{4}")
_ZIP = re.compile(r"([0-9]{5})(?:-?[0-9]{4})?")
_IN_ONE = re.compile(
    r"(.{4,100}?), *([A-Za-z][A-Za-z .'-]{1,39}), *([A-Za-z][A-Za-z ]{1,19}),? +([0-9-]{5,10})"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = {day[:size].casefold(): n for n, day in enumerate(_DAYS) for size in (2, 3)} | {
    name: n
    for n, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?\s?([ap]\.?m\.?)?", re.IGNORECASE)
_OPENING = re.compile(r"([A-Za-z, -]{2,40}) (\d{1,2}:\d{2}) ?- ?(\d{1,2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in the United States; `street` and `zip` may be ""."""

    street: str
    city: str
    state: str
    zip: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what two are compared by: how they are written aside."""
        return slug(self.street), squeezed(self.city), self.zip


@dataclass(frozen=True, slots=True)
class PlaceOf:
    """What a page says of one place. Telephones are only those that can be ones."""

    name: str
    phones: tuple[str, ...]
    faxes: tuple[str, ...]
    addresses: tuple[Address, ...]
    hours: str
    said: str


def squeezed(text: str) -> str:
    """Return the letters and digits of text: Mc Lean is McLean."""
    return slug(text).replace("-", "")


def places_of(blocks: Sequence[str]) -> list[PlaceOf]:
    """Return the places that blocks of JSON-LD are about, in their order."""
    found: list[PlaceOf] = []
    for block in blocks:
        for node in _nodes(_loaded(block)):
            if _types(node) & TYPES and len(found) < _MOST_PLACES:
                found += _place(node)
    return found


def _loaded(block: str) -> object:
    text = re.sub(
        r"<!--|-->|/[/*]\s{0,9}<!\[CDATA\[|/[/*]\s{0,9}\]\]>|<!\[CDATA\[|\]\]>", "", block
    )
    text = text.strip().removeprefix("*/").strip().rstrip("/* \r\n\t;,")
    for attempt in (text, re.sub(r",\s{0,99}([}\]])", r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(loaded: object) -> Iterator[Mapping[str, Any]]:
    waiting, count = deque([loaded]), 0
    while waiting and count < _MOST_NODES:
        one, count = waiting.popleft(), count + 1
        if isinstance(one, dict):
            yield one
            waiting.extend(value for value in one.values() if isinstance(value, dict | list))
        elif isinstance(one, list):
            waiting.extend(one[:_MOST_NODES])


def _types(node: Mapping[str, Any]) -> set[str]:
    return {
        re.split(r"[/:#]", text)[-1].casefold()
        for text in _listed(node.get("@type"))
        if isinstance(text, str)
    }


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value[:50] if isinstance(value, list) else [value]


def _place(node: Mapping[str, Any]) -> Iterator[PlaceOf]:
    """Yield the place of a node; no more than its fax where an address is not what it should be."""
    addresses = [_address(one) for one in _listed(node.get("address")) if not _is_blank(one)]
    good = tuple({one.key: one for one in addresses if one}.values())
    phones = tuple(dict.fromkeys(filter(None, map(number, _listed(node.get("telephone"))))))
    faxes = tuple(filter(None, map(number, _listed(node.get("faxNumber")))))
    if None in addresses:
        yield PlaceOf("", (), faxes, (), "", "")
        return
    hours = _hours(node) if len(good) <= 1 else ""
    if phones or faxes or good:
        yield PlaceOf(
            _text(node.get("name")), phones, faxes, good, hours, _said(node, good, phones)
        )


def _is_blank(address: object) -> bool:
    """Return True for an address that somebody left empty."""
    if isinstance(address, dict):
        return not any(_text(value) for name, value in address.items() if name in _PARTS)
    return not address


def _said(node: Mapping[str, Any], addresses: Sequence[Address], phones: Sequence[str]) -> str:
    streets = [f"{one.street}, {one.city}".strip(", ") for one in addresses]
    return ", ".join(filter(None, [_text(node.get("name"))[:80], *phones, *streets]))[:200]


def _text(value: object) -> str:
    return plain(str(value))[:200] if isinstance(value, str | int) else ""


def number(value: object) -> str:
    """Return a telephone number as it is written here, or "" for what can be none."""
    text = _text(value)[:60]
    text = re.sub(r"(?i)^(tel|phone|call)?[:.\s]+", "", text).replace("\N{EN DASH}", "-")
    text = text.replace("\N{HYPHEN}", "-").replace("\N{NON-BREAKING HYPHEN}", "-").replace("/", "-")
    try:
        found = phone_number(text)
    except CellProblem:
        return ""
    digits = re.sub(r"\D", "", found)
    is_placeholder = len(set(digits[:10])) <= 2 or digits[:3] in ("555", "900")
    return "" if is_placeholder or digits[1:3] == "11" or digits[4:6] == "11" else found


def _address(value: object) -> Address | None:
    """Return an address, or None for what is none of the United States."""
    if isinstance(value, str):
        found = _IN_ONE.fullmatch(re.sub(r",? *(USA?|United States)\.?$", "", _text(value)))
        if not found:
            return None
        street, city, region, code = found.groups()
        country = ""
    elif isinstance(value, dict):
        street, city, region, code = (_text(value.get(name)) for name in _PARTS)
        named = value.get("addressCountry")
        country = _text(named.get("name") if isinstance(named, dict) else named)
    else:
        return None
    return _checked(street, city, region, code, country)


def _checked(street: str, city: str, region: str, code: str, country: str) -> Address | None:
    state = region.upper() if region.upper() in STATES else _BY_NAME.get(slug(region), "")
    zip_code = _ZIP.fullmatch(code) if code else None
    if slug(country) not in _COUNTRIES or not state or not _TOWN.fullmatch(city):
        return None
    if code and not zip_code:
        return None
    if street and not _is_street(street):
        return None
    return Address(street, city, state, zip_code[1] if zip_code else "")


def _is_street(text: str) -> bool:
    """Return True for what can be a street with its number, and nothing more."""
    return bool(
        _STREET.fullmatch(text)
        and re.search(r"[A-Za-z]{2}", text)
        and re.match(r"\d|one |two |three |four |five |p\.? ?o\.? box", text, re.IGNORECASE)
        and not _LONG_NUMBER.search(text)
        and not re.search(r"www\.|\.com|\.net|\.org|\.cc", text, re.IGNORECASE)
    )


def _hours(node: Mapping[str, Any]) -> str:
    """Return opening hours as the directory writes them, or "" where one of them is unclear."""
    week: dict[int, set[tuple[int, int]]] = {}
    try:
        for one in _listed(node.get("openingHoursSpecification")):
            if not (one.get("validFrom") or one.get("validThrough")):
                _add(week, _days(one["dayOfWeek"]), one["opens"], one["closes"])
        for text in _listed(node.get("openingHours")) if not week else ():
            found = _OPENING.fullmatch(plain(text))
            if not found:
                return ""
            _add(week, _ranges(found[1]), found[2], found[3])
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""
    return _written(week)


def _add(week: dict[int, set[tuple[int, int]]], days: list[int], opens: Any, closes: Any) -> None:
    span = _minutes(opens), _minutes(closes)
    if span == (0, 0):  # how schema.org says that a day is closed
        return
    if span[0] >= span[1] or span[1] - span[0] > 18 * 60 or not days:
        raise ValueError
    for day in days:
        week.setdefault(day, set()).add(span)


def _days(value: object) -> list[int]:
    return [_DAY[re.split(r"[/:#]", plain(str(one)))[-1].casefold()] for one in _listed(value)]


def _ranges(text: str) -> list[int]:
    days: list[int] = []
    for part in filter(None, re.split(r"[, ]+", re.sub(r"\s*-\s*", "-", text.casefold()))):
        first, _, last = part.partition("-")
        start, end = _DAY[first], _DAY[last or first]
        if end < start:
            raise ValueError
        days += range(start, end + 1)
    return days


def _minutes(value: Any) -> int:
    found = _TIME.fullmatch(plain(value))
    if not found:
        raise ValueError
    hour, minute = int(found[1]), int(found[2])
    half = (found[3] or "").casefold()[:1]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59:
        raise ValueError
    return hour * 60 + minute


def _written(week: Mapping[int, set[tuple[int, int]]]) -> str:
    runs: list[tuple[int, int, list[tuple[int, int]]]] = []
    for day in sorted(week):
        spans = sorted(week[day])
        if any(first[1] > then[0] for first, then in pairwise(spans)):
            return ""
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    return ", ".join(
        f"{_DAYS[first]}{f'-{_DAYS[last]}' if last > first else ''} "
        + " and ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in spans)
        for first, last, spans in runs
    )


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    half = "am" if hour % 24 < 12 else "pm"
    return f"{(hour - 1) % 12 + 1}{f':{minute:02d}' if minute else ''}{half}"

"""How to mend one particular cell, where more can be said than of its kind of fault."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection

from clinics.domain.columns import SEPARATOR
from clinics.places.zips import state_code

_NUMBERS = re.compile(r"([0-9]{1,4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2}|[0-9]{4})")
_IN_WORDS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%d-%b-%Y",
             "%d-%b-%y")  # fmt: skip
_TIME = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[AP]M)?$", re.IGNORECASE)
_SERIAL_ZERO = dt.date(1899, 12, 30)
"""The day that a spreadsheet counts days from."""

_FEW = 14
"""At most so many ids are listed in a sentence."""

_LONGEST = 200
"""Longer cells are not guessed at."""


def _no_guess(_: str) -> None:
    """Guess at no word."""


def hint(
    code: str,
    cell: str,
    allowed: Collection[str] = (),
    nearest: Callable[[str], str | None] = _no_guess,
) -> str:
    """Say how to mend this cell, or return "".

    `allowed` are the ids an option may be; `nearest` gives the one that a word most likely means.
    """
    if len(cell) > _LONGEST:
        return ""
    if code == "option_unknown":
        return _options(cell, allowed, nearest)
    return _BY_CODE[code](cell) if code in _BY_CODE else ""


def answer(code: str, cell: str, called: Callable[[str], str | None] = _no_guess) -> str:
    """Return the one way to write this cell, or "" where there is none or more than one.

    `called` gives the id that has this word as its label or synonym; none is guessed at by its
    spelling.
    """
    if len(cell) > _LONGEST:
        return ""
    if code == "option_unknown":
        meant = [called(word) for word in _words(cell)]
        return SEPARATOR.join(dict.fromkeys(filter(None, meant))) if meant and all(meant) else ""
    return _ANSWERS[code](cell) if code in _ANSWERS else ""


def readings(cell: str) -> tuple[dt.date, ...]:
    """Return the days that a cell which is not YYYY-MM-DD may mean, the American reading first."""
    cell = _TIME.sub("", cell)
    numbers = _NUMBERS.fullmatch(cell)
    if numbers:
        first, second, third = map(int, numbers.groups())
        year = third + 2000 if third < 100 else third
        if len(numbers[1]) == 4:
            found = [_day(first, second, third)]
        elif len(numbers[1]) == 3 or len(numbers[3]) == 1:
            found = []
        else:
            found = [_day(year, first, second), _day(year, second, first)]
        return tuple(dict.fromkeys(day for day in found if day))
    if re.fullmatch(r"[345][0-9]{4}", cell):
        return (_SERIAL_ZERO + dt.timedelta(days=int(cell)),)
    day = _in_words(cell)
    return (day,) if day else ()


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _in_words(cell: str) -> dt.date | None:
    text = re.sub(r"(?<=[0-9])(st|nd|rd|th)\b", "", " ".join(cell.split()))
    for shape in _IN_WORDS:
        try:
            return dt.datetime.strptime(text, shape).date()
        except ValueError:
            continue
    return None


def _date(cell: str) -> str:
    said = [f"{day.day} {day:%B %Y}: write {day.isoformat()}" for day in readings(cell)]
    return f"“{cell}” could be {'; or '.join(said)}." if said else ""


def _only_date(cell: str) -> str:
    found = readings(cell)
    return found[0].isoformat() if len(found) == 1 else ""


def _only_state(cell: str) -> str:
    return state_code(cell) or ""


def _state(cell: str) -> str:
    code = _only_state(cell)
    return f"Write {code}." if code else ""


def _only_zip(cell: str) -> str:
    found = re.fullmatch(r"([0-9]{5})\.0+", cell)
    return found[1] if found else ""


def _zip(cell: str) -> str:
    if re.fullmatch(r"[0-9]{3,4}", cell):
        zeros = cell.zfill(5)
        return f"If the spreadsheet took a leading zero away, write {zeros}; else all five digits."
    found = _only_zip(cell)
    return f"Write {found}." if found else ""


_PHONE = re.compile(
    r"(?:(?:tele)?phone|tel|ph|p|t)?[.:\s]*\+?1?\W*([2-9][0-9]{2})\W*([2-9][0-9]{2})\W*([0-9]{4})"
    r"(?:\.0+)?",
    re.IGNORECASE,
)
"""One telephone number with its parts in order, and with nothing but a word for it around."""


def _only_phone(cell: str) -> str:
    found = _PHONE.fullmatch(cell)
    return f"({found[1]}) {found[2]}-{found[3]}" if found else ""


def _phone(cell: str) -> str:
    digits = re.sub(r"\D", "", re.sub(r"\.0+$", "", cell))
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", cell, re.IGNORECASE):
        return "The spreadsheet cut it short: make the column text, and type all ten digits again."
    number = re.fullmatch(r"1?([2-9][0-9]{2})([2-9][0-9]{2})([0-9]{4})", digits)
    if number:
        return f"If that is all of it, write ({number[1]}) {number[2]}-{number[3]}."
    if len(digits) == 7:
        return "Add the area code."
    return "Write one number; put another into notes." if len(digits) >= 20 else ""


def _only_url(cell: str) -> str:
    bare = re.fullmatch(r"(?:www\.)?[\w-]+(\.[\w-]+)+(/[^\s\"'<>]*)?", cell, re.ASCII)
    return f"https://{cell}" if bare else ""


def _url(cell: str) -> str:
    found = _only_url(cell)
    return f"Write {found} if it opens in the browser." if found else ""


def _price(cell: str) -> str:
    amounts = re.findall(r"[0-9][0-9,]*", cell)
    return "Write one amount; put the range into price_note." if len(amounts) > 1 else ""


def _only_degrees(cell: str) -> str:
    return cell.replace(",", ".") if re.fullmatch(r"-?[0-9]{1,3},[0-9]+", cell) else ""


def _degrees(cell: str) -> str:
    found = _only_degrees(cell)
    if found:
        return f"Write {found}."
    if re.search(r"[°'′NSEW]", cell):
        return "Copy the position from a map as two numbers, such as 38.9832 and -77.0007."
    return ""


def _only_npi(cell: str) -> str:
    found = re.fullmatch(r"([12][0-9]{9})\.0+", cell)
    return found[1] if found else ""


def _npi(cell: str) -> str:
    found = _only_npi(cell)
    return f"Write {found} if that is the number in the NPI registry." if found else ""


def _words(cell: str) -> list[str]:
    words = [word.strip().casefold() for word in re.split(r"[;,/|\n]|\band\b", cell)]
    return [word for word in words if word]


def _options(cell: str, allowed: Collection[str], nearest: Callable[[str], str | None]) -> str:
    """Write several words as ids: as they are, or each as what it most likely means."""
    words = _words(cell)
    meant = [word if word in allowed else nearest(word) for word in words]
    if len(meant) > 1 and all(meant):
        ids = SEPARATOR.join(dict.fromkeys(filter(None, meant)))
        return f"Write {ids}." if meant == words else f"If that is what is meant, write {ids}."
    few = 0 < len(allowed) <= _FEW
    return f"It can be {', '.join(sorted(allowed))}." if few else ""


_BY_CODE = {
    "date_malformed": _date,
    "state_unknown": _state,
    "zip_malformed": _zip,
    "phone_malformed": _phone,
    "url_malformed": _url,
    "npi_malformed": _npi,
    "price_malformed": _price,
    "coordinate_malformed": _degrees,
}

_ANSWERS = {
    "date_malformed": _only_date,
    "state_unknown": _only_state,
    "zip_malformed": _only_zip,
    "phone_malformed": _only_phone,
    "url_malformed": _only_url,
    "npi_malformed": _only_npi,
    "coordinate_malformed": _only_degrees,
}

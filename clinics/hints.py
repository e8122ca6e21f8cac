"""How to mend one particular cell, where more can be said than of its kind of fault.

Owns guesses, worded as such; must not change a cell.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection

from clinics.columns import SEPARATOR
from clinics.gazetteer import state_code

_NUMBERS = re.compile(r"([0-9]{1,4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2}|[0-9]{4})")
_IN_WORDS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%d-%b-%Y",
             "%d-%b-%y")  # fmt: skip
_SERIAL_ZERO = dt.date(1899, 12, 30)
"""The day that a spreadsheet counts days from."""

_FEW = 14
"""At most so many ids are listed in a sentence."""

_LONGEST = 200
"""Longer cells are not guessed at."""


def hint(code: str, cell: str, allowed: Collection[str] = ()) -> str:
    """Say how to mend this cell, or return "". `allowed` are the ids an option may be."""
    if len(cell) > _LONGEST:
        return ""
    if code == "option_unknown":
        return _separated(cell, allowed)
    return _BY_CODE[code](cell) if code in _BY_CODE else ""


def readings(cell: str) -> tuple[dt.date, ...]:
    """Return the days that a cell which is not YYYY-MM-DD may mean, the American reading first."""
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


def _state(cell: str) -> str:
    code = state_code(cell)
    return f"Write {code}." if code else ""


def _zip(cell: str) -> str:
    if re.fullmatch(r"[0-9]{3,4}", cell):
        zeros = cell.zfill(5)
        return f"If the spreadsheet took a leading zero away, write {zeros}; else all five digits."
    found = re.fullmatch(r"([0-9]{5})\.0+", cell)
    return f"Write {found[1]}." if found else ""


def _phone(cell: str) -> str:
    digits = re.sub(r"\D", "", cell)
    if len(digits) == 7:
        return "Add the area code."
    return "Write one number; put another into notes." if len(digits) >= 20 else ""


def _url(cell: str) -> str:
    bare = re.fullmatch(r"(?:www\.)?[\w-]+(\.[\w-]+)+(/[^\s\"'<>]*)?", cell, re.ASCII)
    return f"Write https://{cell} if it opens in the browser." if bare else ""


def _price(cell: str) -> str:
    amounts = re.findall(r"[0-9][0-9,]*", cell)
    return "Write one amount; put the range into price_note." if len(amounts) > 1 else ""


def _degrees(cell: str) -> str:
    if re.fullmatch(r"-?[0-9]{1,3},[0-9]+", cell):
        return f"Write {cell.replace(',', '.')}."
    if re.search(r"[°'′NSEW]", cell):
        return "Copy the position from a map as two numbers, such as 38.9832 and -77.0007."
    return ""


def _separated(cell: str, allowed: Collection[str]) -> str:
    words = [word.strip().casefold() for word in re.split(r"[,/|]|\band\b", cell)]
    if len(words) > 1 and all(word in allowed for word in words):
        return f"Write {SEPARATOR.join(words)}."
    few = 0 < len(allowed) <= _FEW
    return f"It can be {', '.join(sorted(allowed))}." if few else ""


_BY_CODE = {
    "date_malformed": _date,
    "state_unknown": _state,
    "zip_malformed": _zip,
    "phone_malformed": _phone,
    "url_malformed": _url,
    "price_malformed": _price,
    "coordinate_malformed": _degrees,
}

"""Days as spreadsheets write them (7/3/2024, 3/14/26, 45476, Jul-24), read by what settles them.

That is the live value if one reading equals it, else the order that the column's other days have,
else month first as in the United States. Where nothing settles it there is no reading.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from clinics.domain.kinds import first_day
from clinics.intake.hints import readings

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH_YEAR = re.compile(r"([A-Za-z]{3,9})\.?[-/ ,]+'?([0-9]{2}|[0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{2}|[0-9]{4})[-/ ]([A-Za-z]{3,9})")
_NUMBERS = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_CANONICAL = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")

_DAY_FIRST = re.compile(r"(?:1[3-9]|2[0-9]|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:[0-9]{2}){1,2}")

MONTH_FIRST, DAY_FIRST = 0, 1


def settled(
    cells: Sequence[str],
    live: Sequence[str],
    today: dt.date,
    *,
    months: bool,
) -> dict[int, str]:
    """Return by row what the cells mean that are not as they should be, where that is settled.

    `live` has the cell that is live for each row, "" without one; `months` tells whether a month
    or a year is enough.
    """
    options = {cell: _options(cell, months) for cell in set(cells) if cell}
    by_live = _by_live(cells, live, options) if any(live) else {}
    odd = [cell for cell in options if not _CANONICAL.fullmatch(cell)]
    if not odd:
        return by_live
    order = _order(cells, options, by_live)
    chosen = {cell: _chosen(cell, options[cell], order, today) for cell in odd}
    by_order = {row: day for row, cell in enumerate(cells) if (day := chosen.get(cell))}
    return by_order | by_live


def exchanged(cells: Sequence[str], live: Sequence[str]) -> dict[int, str]:
    """Return by row the days that may have day and month exchanged, written the other way.

    A spreadsheet of the United States takes 3/4/2026 for a day in March whoever typed it, and
    leaves 14/3/2026 as it is: where that stands, the others may have been meant so too.
    """
    if not any(_DAY_FIRST.match(cell) for cell in set(cells)):
        return {}
    found = {}
    for row, (cell, there) in enumerate(zip(cells, live, strict=True)):
        parts = cell.split("-")
        if cell == there or len(parts) != 3 or not _CANONICAL.fullmatch(cell):
            continue
        year, month, day = parts
        if day <= "12" and day != month:
            found[row] = f"{year}-{day}-{month}"
    return found


def _by_live(
    cells: Sequence[str], live: Sequence[str], options: Mapping[str, Sequence[str]]
) -> dict[int, str]:
    """Return the live value of the rows of which one reading is that."""
    found: dict[int, str] = {}
    for row, (cell, there) in enumerate(zip(cells, live, strict=True)):
        if cell and there and cell != there and any(_same(o, there) for o in options[cell]):
            found[row] = there
    return found


def _same(day: str, there: str) -> bool:
    """Return True for the same day; a spreadsheet makes the first day of a month of a month."""
    return day == there or (len(there) < len(day) and first_day(there) == first_day(day))


def _order(
    cells: Sequence[str], options: Mapping[str, Sequence[str]], by_live: Mapping[int, str]
) -> set[int]:
    """Return which orders the days have that can be read in one way only."""
    found = set()
    for row, cell in enumerate(cells):
        days = options.get(cell, ())
        if len(days) == 2 and row in by_live:
            found |= {place for place, day in enumerate(days) if _same(day, by_live[row])}
        elif len(days) == 1 and (numbers := re.match(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]", cell)):
            first, second = int(numbers[1]), int(numbers[2])
            if max(first, second) > 12:
                found.add(DAY_FIRST if first > 12 else MONTH_FIRST)
    return found


def _chosen(cell: str, days: Sequence[str], order: set[int], today: dt.date) -> str:
    if len(days) < 2:
        return days[0] if days and not _YEAR_MONTH.fullmatch(cell) else ""
    if len(days) > 2 or len(order) > 1:
        return ""
    if order:
        return days[next(iter(order))]
    later = [day > today.isoformat() for day in days]
    return "" if later[MONTH_FIRST] and not later[DAY_FIRST] else days[MONTH_FIRST]


def _options(cell: str, months: bool) -> tuple[str, ...]:
    """Return the days, or months, that a cell may mean, the American reading first."""
    if _CANONICAL.fullmatch(cell):
        return (cell,)
    if len(cell) > 60:
        return ()
    found = tuple(day.isoformat() for day in readings(cell))
    return found or (_months(cell) if months else ())


def _months(cell: str) -> tuple[str, ...]:
    if numbers := _NUMBERS.fullmatch(cell):
        return _month(numbers[1], numbers[2])
    if words := _MONTH_YEAR.fullmatch(cell):
        return _month(words[1], words[2])
    if words := _YEAR_MONTH.fullmatch(cell):
        return _month(words[2], words[1])
    return ()


def _month(name: str, year: str) -> tuple[str, ...]:
    lowered = name[:3].casefold()
    month = (
        int(name) if name.isdecimal() else _MONTHS.index(lowered) + 1 if lowered in _MONTHS else 0
    )
    full = f"20{year}" if len(year) == 2 else year
    return (f"{full}-{month:02}",) if 1 <= month <= 12 else ()

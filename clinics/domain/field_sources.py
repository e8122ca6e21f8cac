"""Which source says which field of a listing, and on what day: the column `field_sources`.

What it does not name is said by the source of the whole listing. No row needs it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from clinics.domain.columns import BY_NAME, COLUMNS, NAMES, ORIGIN
from clinics.domain.kinds import SEPARATOR, entry_of
from clinics.domain.language import named
from clinics.domain.words import capital

COLUMN = "field_sources"
KEEPER = "keeper"
"""The source of what a keeper of the directory wrote."""

_BESIDE = {
    "city": "address", "state": "address", "zip": "address",
    "longitude": "latitude", "location_precision": "latitude",
}  # fmt: skip
_FACTS = tuple(
    column.name
    for column in COLUMNS
    if column.group != ORIGIN and (column.label or column.noun or column.name in _BESIDE)
)
FIELDS = tuple(name for name in _FACTS if name not in _BESIDE)
"""The fields that may have a source of their own, in the order of the file: those with words for
people. An address is one with its town, a position is one."""

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FactSource:
    """Somebody who says single facts: how people read it, and where it is.

    `url` may have `{npi}` in it. Of two sources that disagree the one of more `weight` goes first.
    """

    id: str
    label: str
    url: str
    license: str
    attribution: str
    weight: int

    def page(self, npi: str) -> str:
        """Return where the source says it of a provider; "" where nobody can know."""
        return self.url.format(npi=npi) if npi or "{npi}" not in self.url else ""


@dataclass(frozen=True, slots=True)
class Said:
    """Which source says a field, and the day for which it vouches."""

    source: str
    day: dt.date


def read(cell: str) -> dict[str, Said]:
    """Return what a canonical cell says by field; what cannot be read is left out."""
    said = {}
    for part in filter(None, cell.split(SEPARATOR)):
        found = entry_of(part)
        if found:
            name, source, day = found
            said[name] = Said(source, day)
    return said


def written(said: Mapping[str, Said]) -> str:
    """Return the cell that says this, in the order of the columns."""
    order = sorted(said, key=lambda name: NAMES.index(name) if name in NAMES else len(NAMES))
    return SEPARATOR.join(f"{n}={said[n].source}@{said[n].day.isoformat()}" for n in order)


def changed(before: Cells, after: Cells) -> frozenset[str]:
    """Return the fields of which a cell differs."""
    return fields_of([name for name in _FACTS if before[name] != after[name]])


def fields_of(columns: Collection[str]) -> frozenset[str]:
    """Return the fields that these columns are of."""
    return frozenset(_BESIDE.get(name, name) for name in columns if name in _FACTS)


def is_whole(cell: str) -> bool:
    """Return True if all of a cell can be read."""
    return len(read(cell)) == len([part for part in cell.split(SEPARATOR) if part.strip()])


def with_said(cell: str, fields: Collection[str], source: str, day: dt.date) -> str:
    """Return a cell that also says that a source vouches for these fields."""
    if not fields:
        return cell
    return written({**read(cell), **dict.fromkeys(fields, Said(source, day))})


def without(cell: str, field: str) -> str:
    """Return a cell that does not say who says a field."""
    said = read(cell)
    if said.pop(field, None) is None:
        return cell
    return written(said)


def without_stale(before: Cells, after: Cells) -> str:
    """Return what a row says of its sources, without those of fields that others changed since.

    An entry that is new or changed too was written for the new cell, and stays.
    """
    if not after[COLUMN] or not before[COLUMN]:
        return after[COLUMN]
    was, now = read(before[COLUMN]), read(after[COLUMN])
    stale = {name for name in changed(before, after) if name in now and now[name] == was.get(name)}
    if not stale:
        return after[COLUMN]
    return written({name: said for name, said in now.items() if name not in stale})


def label_of(field: str) -> str:
    """Return what people read for a field."""
    if field == "latitude":
        return named("columns.position", "Position")
    column = BY_NAME[field]
    english = column.label or capital(column.noun.partition("|")[0])
    return named(f"columns.{field}", english)


def faults(cell: str) -> Iterator[str]:
    """Yield the names in a cell that are no field which may have a source of its own."""
    yield from (name for name in read(cell) if name not in FIELDS)

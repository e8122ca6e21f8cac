"""A published set of clinics, laid out for searching: a table and the arrays beside it.

Immutable once built, so sessions may share it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clinics.domain.columns import COLUMNS, NAMES, SEPARATOR
from clinics.domain.kinds import first_day
from clinics.domain.model import Clinic, Point, Precision
from clinics.domain.vocabulary import Vocabulary
from clinics.places.barriers import Barrier, across
from clinics.places.distance import Flags, Floats, Ints
from clinics.places.index import SpatialIndex
from clinics.search.query import NEEDS

Bit = np.unsignedinteger[Any]
Bits = NDArray[Bit]
MASKED = tuple(column.name for column in COLUMNS if column.is_choice)
MOST_KEPT = 5_000
"""So many clinics are kept as objects, about 10 MB; a larger directory makes the others anew."""

NEVER = np.iinfo(np.int32).min
_WIDTHS = (np.uint8, np.uint16, np.uint32, np.uint64)


@dataclass(frozen=True, slots=True)
class Version:
    """Which data this is: an id, the day it was published, and how many listings.

    The data that came with the software was published on no day.
    """

    id: str
    published: dt.date | None
    clinics: int


class Dataset:
    """Clinics in a pandas table of canonical text, with arrays for searching.

    `table` has one row a clinic and the columns of `clinics.domain.columns`, all text; latitude and
    longitude must be filled. At most 64 options a column can be searched for. `masks` has the
    options of each listing as bits, and `filled` which state a column at all, both laid out for the
    index. `checked` and `sourced` are the days of our last check and of the source, `recency` sorts
    by both, the first before the second; `vagueness` is 0 for an exact position, 1 and 2 for the
    centers of a ZIP and of a town.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        vocabulary: Vocabulary,
        version: Version,
        barriers: tuple[Barrier, ...] = (),
    ) -> None:
        self.table = table.loc[:, list(NAMES)].reset_index(drop=True)
        self.vocabulary = vocabulary
        self.version = version
        self.barriers = barriers
        self.lat: Floats = self.table["latitude"].to_numpy(np.float64)
        self.lon: Floats = self.table["longitude"].to_numpy(np.float64)
        self.index = SpatialIndex(self.lat, self.lon)
        self.bits: Mapping[str, Mapping[str, Bit]] = {c: self._bits_of(c) for c in MASKED}
        self.masks: Mapping[str, Bits] = {column: self._mask_of(column) for column in MASKED}
        self.filled: Mapping[str, Flags] = {
            column: self._filled(column) for column in NEEDS.values()
        }
        names = self.table["name"].str.casefold()
        self.name_rank = names.rank(method="dense").to_numpy().astype(np.int32)
        self.checked = self._days("last_checked")
        self.sourced = self._days("source_date")
        self.recency = (self.checked.astype(np.int64) << 32) + (self.sourced - np.int64(NEVER))
        self.vagueness = self._vagueness()
        self._columns = [self.table[name].array for name in NAMES]
        self._clinics: dict[int, Clinic] = {}
        self._caveats: Mapping[str, str] = {}
        self.search_text = names + "\n" + self.table["city"].str.casefold()

    def __len__(self) -> int:
        return len(self.table)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Map each clinic id to its row."""
        return {id: row for row, id in enumerate(self.table["id"])}

    @cached_property
    def stated(self) -> Mapping[str, frozenset[str]]:
        """Map each searchable column to the ids that at least one clinic states."""
        seen = {column: np.bitwise_or.reduce(mask) for column, mask in self.masks.items()}
        return {
            column: frozenset(id for id, bit in bits.items() if seen[column] & bit)
            for column, bits in self.bits.items()
        }

    @cached_property
    def newest_source(self) -> str:
        """Return the date of the newest source, as exactly as it is known; "" without any."""
        return str(max(self.table["source_date"], default=""))

    def in_words(
        self,
        vocabulary: Vocabulary,
        barriers: tuple[Barrier, ...],
        caveats: Mapping[str, str] = MappingProxyType({}),
    ) -> Dataset:
        """Return the same listings with words of another language; nothing is built anew.

        `caveats` has what a keeper warns of, by how it stands in the file of clinics.
        """
        other = copy(self)
        other.vocabulary, other.barriers = vocabulary, barriers
        other._caveats, other._clinics = caveats, {}
        return other

    def across(self, start: Point, end: Point) -> str:
        """Return what to say of the water between two points; "" without any."""
        return across(self.barriers, start, end)

    def find(self, id: str) -> Clinic | None:
        """Return the clinic of this id, or None."""
        row = self.row_of.get(id)
        return None if row is None else self.clinic(row)

    def clinic(self, row: int) -> Clinic:
        """Return one row as a Clinic; the first ones asked for are kept for the next."""
        kept = self._clinics.get(row)
        if kept is None:
            cells = [column[row] for column in self._columns]  # half the time of `iloc`
            kept = clinic_from_cells(dict(zip(NAMES, cells, strict=True)))
            if said := self._caveats.get(kept.caveat):
                kept = replace(kept, caveat_said=said)
            if len(self._clinics) < MOST_KEPT:
                self._clinics[row] = kept
        return kept

    def _bits_of(self, column: str) -> Mapping[str, Bit]:
        options = self.vocabulary.options(column)
        if len(options) > 64:
            raise ValueError(f"At most 64 {column} can be searched; there are {len(options)}.")
        # As narrow as the options allow: a search is bound by how much it reads.
        kind = next(k for k in _WIDTHS if len(options) <= np.iinfo(k).bits)
        return {option.id: kind(1 << place) for place, option in enumerate(options)}

    def _mask_of(self, column: str) -> Bits:
        codes, cells = pd.factorize(self.table[column])
        bits = self.bits[column]
        masks = np.zeros(len(cells), dtype=next(iter(bits.values())).dtype)
        for place, cell in enumerate(cells):
            for id in filter(None, cell.split(SEPARATOR)):
                masks[place] |= bits[id]
        return self.index.laid_out(np.asarray(masks[codes]))

    def _filled(self, column: str) -> Flags:
        return self.index.laid_out((self.table[column] != "").to_numpy(np.bool_))

    def _vagueness(self) -> Ints:
        codes, cells = pd.factorize(self.table["location_precision"])
        steps = np.array([VAGUENESS.get(cell, 2) for cell in cells], dtype=np.int8)
        return steps[codes] if len(steps) else np.zeros(len(codes), np.int8)

    def _days(self, column: str) -> NDArray[np.int32]:
        """Return days since 1970 for a column of dates; the smallest integer where not stated.

        Of a year or month it is the first day.
        """
        codes, cells = pd.factorize(self.table[column])
        days = np.array([_day(cell) for cell in cells], dtype=np.int32)
        return days[codes] if len(days) else np.full(len(codes), NEVER, np.int32)


VAGUENESS = {Precision.STREET.value: 0, Precision.ZIP.value: 1, Precision.TOWN.value: 2}


def _day(cell: str) -> int:
    day = first_day(cell)
    return (day - dt.date(1970, 1, 1)).days if day else int(NEVER)


def clinic_from_cells(cells: Mapping[str, str]) -> Clinic:
    """Make a Clinic from canonical cell texts by column name."""
    values: dict[str, Any] = {column.name: column.value(cells[column.name]) for column in COLUMNS}
    point = Point(values.pop("latitude"), values.pop("longitude"))
    more = tuple((name, values.pop(name)) for name in _MORE)
    return Clinic(point=point, more=more, **values)


_FIELDS = {"latitude", "longitude", *(field.name for field in fields(Clinic))}
_MORE = tuple(name for name in NAMES if name not in _FIELDS)
"""The columns for which a Clinic has no field."""

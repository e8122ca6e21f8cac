"""A clinic file whose positions can be filled while everything else stays as its keeper wrote it.

Owns how the file is taken apart and put together again; must not know where positions come from.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable

import pandas as pd

from clinics.intake.csv_file import read_sheet, taken_apart
from clinics.intake.federal import is_federal
from clinics.intake.notices import Findings, Notice
from clinics.intake.rules import Limits
from clinics.places.lookup import COLUMNS

FILLED = ("latitude", "longitude", "location_precision")


class CannotFill(Exception):
    """The file has no rows that could be filled; the message is one sentence or two."""


class PositionSheet:
    """A file as `table` (the columns of a look-up, all text) and as it will be written.

    `numbers` has each row of the table as the spreadsheet counts it. Order, unknown columns and
    cells other than the position stay; so do rows with too many or too few cells, which are in
    `problems` and not in the table. Raises CannotFill, also when one of the columns `needed` is
    missing.
    """

    def __init__(self, data: bytes, needed: Iterable[str] = ("city", "state")) -> None:
        sheet = read_sheet(data)
        if isinstance(sheet, Notice):
            raise CannotFill(sheet.message)
        as_written = taken_apart(data, Limits(), Findings(1)) or sheet
        _check(as_written.header, sheet.header, needed)
        self._marked = data.startswith(codecs.BOM_UTF8)
        self._delimiter = sheet.delimiter
        self._ending = "\r\n" if b"\r\n" in data else "\n"
        self._header, self._rows = as_written.header, dict(sheet.rows)
        self._names = sheet.header
        self.numbers = [n for n, cells in sheet.rows if len(cells) == len(sheet.header)]
        self.table = self._looked_at()

    @property
    def problems(self) -> tuple[str, ...]:
        """Say which rows are left as they are because their cells do not fit the header."""
        return tuple(
            f"Row {number} has {len(cells)} cells. It needs {len(self._header)}. It is left as "
            "it is."
            for number, cells in self._rows.items()
            if len(cells) != len(self._header)
        )

    def written(self) -> bytes:
        """Return the file with the positions of the table, and new columns for them at its end."""
        new = [name for name in FILLED if name not in self._names]
        places = [(*self._names, *new).index(name) for name in FILLED]
        rows = {number: list(cells) for number, cells in self._rows.items()}
        filled = zip(*(self.table[name] for name in FILLED), strict=True)
        for number, cells in zip(self.numbers, filled, strict=True):
            rows[number] += [""] * len(new)
            for place, cell in zip(places, cells, strict=True):
                rows[number][place] = cell
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self._delimiter, lineterminator=self._ending)
        writer.writerows([[*self._header, *new], *rows.values()])
        return (codecs.BOM_UTF8 if self._marked else b"") + text.getvalue().encode()

    def _looked_at(self) -> pd.DataFrame:
        empty = [""] * len(self.numbers)
        columns = {
            name: [self._rows[n][self._names.index(name)] for n in self.numbers]
            if name in self._names
            else empty
            for name in COLUMNS
        }
        return pd.DataFrame(columns, dtype="str")


def _check(written: tuple[str, ...], header: tuple[str, ...], needed: Iterable[str]) -> None:
    if is_federal(written):
        raise CannotFill(
            "This is a file of the federal directory. Upload it as it is; to look up exact "
            "addresses, export the directory afterwards and use that file."
        )
    for name in needed:
        if name not in header:
            raise CannotFill(f"The column “{name}” is missing. It is needed.")
    for name in COLUMNS:
        if header.count(name) > 1:
            raise CannotFill(f"The column “{name}” is there twice. Delete or rename one.")

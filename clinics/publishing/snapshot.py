"""The whole directory as a table of text and as a CSV file in our own columns, there and back.

Files from outside are not
read here: they go through `clinics.intake.check`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from itertools import chain, repeat

import numpy as np
import pandas as pd

from clinics.domain.columns import COLUMNS, NAMES, OLD_NAMES, SEPARATOR, Column
from clinics.domain.csv_text import csv_text
from clinics.domain.kinds import DATE, MONTH_OR_DAY, PRICE, first_day
from clinics.domain.model import Precision
from clinics.domain.vocabulary import Vocabulary
from clinics.intake.column_names import MADE_FROM

_SHOWN = 60


def as_csv(table: pd.DataFrame, made_from: int | None = None) -> bytes:
    """Return a table as CSV, UTF-8, exactly: uploaded again it is the same table.

    Cells that a spreadsheet would run are left as they are; the file is data, not a report. With
    `made_from` a last column says which version it is.
    """
    rows = rows_of(table)
    if made_from is not None:
        last = chain([MADE_FROM], repeat(str(made_from)))
        rows = ((*row, cell) for row, cell in zip(rows, last, strict=False))
    return csv_text(rows).encode()


def rows_of(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Yield the names of the columns and then the cells of each row."""
    yield NAMES
    yield from zip(*columns_of(table).values(), strict=True)


def from_csv(data: bytes) -> pd.DataFrame:
    """Return the table of a CSV that `as_csv` wrote, by this or an older release.

    A column that the file has not is empty, one that is not known any more is dropped, and one of
    OLD_NAMES has its name of now. Raises
    ValueError, as prose, when the bytes are no such file.
    """
    try:
        header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError) as problem:
        raise ValueError("The file is not a table in our own columns.") from problem
    if not {"id", "name", "latitude", "longitude"} <= set(header):
        raise ValueError("The file is not a table in our own columns.")
    if any(len(row) != len(header) for row in rows):
        raise ValueError("A row has more or fewer cells than the header.")
    table = pd.DataFrame(rows, columns=header, dtype="str")
    if "source_date" not in header:
        table = table.rename(columns=OLD_NAMES)
    return table.reindex(columns=list(NAMES), fill_value="")


def columns_of(table: pd.DataFrame) -> dict[str, list[str]]:
    """Return every column of a table as a list of texts."""
    return {name: table[name].tolist() for name in NAMES}


def untouched_rows(data: bytes, live: pd.DataFrame) -> frozenset[int]:
    """Return the rows of a file, as a spreadsheet numbers them, that are in the table as they are.

    None of a file that is not a table in our own columns.
    """
    try:
        table = from_csv(data)
    except ValueError:
        return frozenset()
    known = set(live.loc[:, list(NAMES)].itertuples(index=False, name=None))
    rows = enumerate(table.itertuples(index=False, name=None), start=2)
    return frozenset(number for number, row in rows if row in known)


def fault(table: pd.DataFrame, vocabulary: Vocabulary) -> str:
    """Say in one sentence why a table cannot be shown with today's words; "" when it can be."""
    return next(_faults(table, vocabulary), "")


def _faults(table: pd.DataFrame, vocabulary: Vocabulary) -> Iterator[str]:
    if not table["id"].is_unique:
        yield "Two of its listings have the same id."
    for column in COLUMNS:
        yield from _wrong_cells(column, table[column.name], vocabulary)
    for cell in set(table["location_precision"]) - set(Precision):
        yield _needs("location_precision", cell, "which is none of street, zip and town")


def _wrong_cells(column: Column, cells: pd.Series[str], vocabulary: Vocabulary) -> Iterator[str]:
    if column.is_choice:
        for cell in cells.unique():
            for id in filter(None, cell.split(SEPARATOR)):
                if id not in vocabulary.ids(column.name):
                    yield _needs(column.name, id, "which is not in the data folder any more")
    elif column.kind.most:
        limit = column.kind.most
        degrees = pd.to_numeric(cells, errors="coerce").to_numpy(np.float64)
        for cell in cells[~(np.abs(degrees) <= limit)]:
            yield _needs(column.name, cell, f"which is not degrees from -{limit} to {limit}")
    elif column.kind is DATE:
        for cell in filter(None, cells.unique()):
            if not _is_day(cell):
                yield _needs(column.name, cell, "which is not a day")
    elif column.kind is MONTH_OR_DAY:
        for cell in filter(None, cells.unique()):
            if first_day(cell) is None:
                yield _needs(column.name, cell, "which is no year, month or day")
    elif column.kind is PRICE:
        for cell in cells[(cells != "") & pd.to_numeric(cells, errors="coerce").isna()]:
            yield _needs(column.name, cell, "which is not an amount")


def _needs(column: str, cell: str, reason: str) -> str:
    return f"Its column “{column}” has “{cell[:_SHOWN]}”, {reason}."


def _is_day(cell: str) -> bool:
    try:
        dt.date.fromisoformat(cell)
    except ValueError:
        return False
    return True

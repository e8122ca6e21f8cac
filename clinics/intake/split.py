"""The rows of a CSV text -> columns, all at once, where the text leaves no doubt how to read it.

Owns when that is so; any other text is read record by record by `clinics.intake.csv_file`.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from clinics.intake.texts import KIND, Texts

_QUOTE = ord('"')
_BLOCK = 1 << 20
"""Bytes that are read at a time; a longer row is left to the slower reader."""


@dataclass(frozen=True, slots=True)
class Split:
    """Trimmed columns, the row number of each of their rows (from 1), and the other rows.

    Those have more or fewer cells, and are given as they stand in the text.
    """

    columns: list[Texts]
    numbers: NDArray[np.int64]
    others: list[tuple[int, str]]


def split(data: bytes, start: int, delimiter: str, width: int) -> Split | None:
    """Take rows of `width` cells apart (UTF-8, from a place on); None for a doubtful text."""
    if start >= len(data) or b"\0" in data or data.startswith(codecs.BOM_UTF8, start):
        return None  # a mark so late is not one, but text that nobody sees
    if not _quotes_are_plain(data, start, delimiter):
        return None
    others: list[tuple[int, str]] = []

    def put_aside(row: pyarrow.csv.InvalidRow) -> str:
        others.append((row.number, row.text))
        return "skip"

    names = [str(place) for place in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(pa.py_buffer(data).slice(start)),
            pyarrow.csv.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=names),
            pyarrow.csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=put_aside,
            ),
            pyarrow.csv.ConvertOptions(check_utf8=False, column_types=dict.fromkeys(names, KIND)),
        )
    except pa.ArrowInvalid:
        return None
    blank = Texts.blank(table.num_rows)
    columns = []
    for name in names:
        parts = table[name]
        is_blank = all(Texts(part).is_blank for part in parts.chunks)
        columns.append(blank if is_blank else Texts(parts.combine_chunks()).trimmed())
        table = table.drop_columns(name)  # kept twice they would fill the memory
    rows = len(columns[0]) + len(others)
    numbers = np.delete(np.arange(1, rows + 1), [number - 1 for number, _ in others])
    return Split(columns, numbers, others)


def _quotes_are_plain(text: bytes, start: int, delimiter: str) -> bool:
    """Tell whether every quote opens or closes a cell, or is one of two inside of it.

    Then the odd ones open and the even ones close, wherever they stand.
    """
    if b'"' not in text:
        return True
    data = np.frombuffer(text, np.uint8)[start:]
    quotes = np.flatnonzero(data == _QUOTE)
    if len(quotes) % 2:
        return False
    if not len(quotes):
        return True
    opening, closing = quotes[::2], quotes[1::2]
    ends = np.zeros(256, bool)
    ends[[ord(delimiter), ord("\n"), ord("\r")]] = True
    twice = opening[1:] == closing[:-1] + 1
    opens = ends[data[opening - 1]] | (opening == 0)
    closes = ends[data[np.minimum(closing + 1, len(data) - 1)]] | (closing == len(data) - 1)
    opens[1:] |= twice
    closes[:-1] |= twice
    return bool(opens.all() and closes.all())

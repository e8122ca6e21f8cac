"""The texts of one column in one run of memory, so that a look at all of them is one step.

Owns the layout and the ways to look at it; must not know what a column means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
KIND = pa.large_string()
"""As the tables of a directory have it, so that nothing is copied to make one."""

Places = NDArray[np.int64]
"""Rows of a column, counted from 0, in their order."""


@dataclass(frozen=True, slots=True)
class Different:
    """The different texts of some rows of a column, in the order in which they come first.

    `rows` are those rows, and `codes` says of each which of the `texts` it has.
    """

    rows: Places
    codes: NDArray[np.int32]
    texts: list[str]

    def where(self, chosen: Callable[[str], object]) -> Iterator[tuple[int, str]]:
        """Yield row by row those with a text that is chosen; each text is asked of once."""
        picked = np.fromiter((bool(chosen(text)) for text in self.texts), bool, len(self.texts))
        if picked.any():
            at = np.flatnonzero(picked[self.codes])
            for row, code in zip(self.rows[at].tolist(), self.codes[at].tolist(), strict=True):
                yield row, self.texts[code]


class Texts:
    """The texts of the rows of one column. It never changes; `written` gives another one."""

    def __init__(self, array: Any) -> None:
        self._array = array

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """Lay texts out."""
        return cls(pa.array(texts, KIND))

    @classmethod
    def blank(cls, rows: int) -> Texts:
        """Return a column in which nothing is written."""
        offsets, nothing = pa.py_buffer(bytes(8 * (rows + 1))), pa.py_buffer(b"")
        return cls(pa.LargeStringArray.from_buffers(rows, offsets, nothing))

    @classmethod
    def parted(cls, whole: bytes) -> Texts:
        """Lay out the texts (UTF-8) that a zero byte parts from each other."""
        parts = pc.split_pattern(pa.array([whole], KIND), "\0")
        return cls(pc.list_flatten(parts).cast(KIND))

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, row: int) -> str:
        return str(self._array[row].as_py())

    def tolist(self) -> list[str]:
        """Return the texts of all rows."""
        return list(self._array.to_pylist())

    def joined(self) -> bytes:
        """Return all texts in one (UTF-8), a zero byte between two."""
        between = self._offsets[1:-1] - self._offsets[:1]
        return np.insert(self.raw, between, 0).tobytes()

    def at(self, rows: Mask | Places) -> Texts:
        """Return only some rows."""
        if self.is_blank:
            return Texts.blank(len(np.arange(len(self))[rows]))
        if rows.dtype == np.bool_:
            return Texts(self._array.filter(pa.array(rows)))
        return Texts(self._array.take(pa.array(rows)))

    def and_then(self, other: Texts) -> Texts:
        """Return the rows of this column and then those of another one."""
        return Texts(pa.concat_arrays([self._array, other._array]))

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """How many bytes each row has."""
        return np.diff(self._offsets)

    @property
    def filled(self) -> Mask:
        """Which rows have anything written."""
        return self.sizes > 0

    @property
    def is_blank(self) -> bool:
        """Whether no row has anything written."""
        return len(self) == 0 or bool(self._offsets[0] == self._offsets[-1])

    @property
    def raw(self) -> NDArray[np.uint8]:
        """All bytes of the column (UTF-8), one row after the other."""
        if self.is_blank:
            return np.empty(0, np.uint8)
        whole = np.frombuffer(self._array.buffers()[2], np.uint8)
        return whole[self._offsets[0] : self._offsets[-1]]

    def begins(self, signs: str) -> Mask:
        """Tell which rows begin with one of some ASCII signs."""
        firsts, begins = self._ends()[0], np.zeros(len(self), bool)
        for sign in signs.encode():
            begins |= firsts == sign
        return begins & self.filled

    def like(self, pattern: str) -> Mask:
        """Tell which rows a regular expression finds something in (RE2: no look-around)."""
        return np.asarray(pc.match_substring_regex(self._array, pattern), dtype=np.bool_)

    def same_as(self, text: str) -> Mask:
        """Tell which rows are exactly this text."""
        return np.asarray(pc.equal(self._array, text), dtype=np.bool_)

    def trimmed(self) -> Texts:
        """Return the column without spaces at the ends of its texts."""
        filled = self.filled
        for ends in self._ends():
            if (((ends <= ord(" ")) | (ends > ord("~"))) & filled).any():
                return Texts(pc.utf8_trim_whitespace(self._array))
        return self

    def first_words(self) -> Texts:
        """Return of each text what stands before its first hyphen."""
        parts = pc.split_pattern(self._array, "-", max_splits=1)
        return Texts(pc.list_element(parts, 0)) if len(self) else self

    def numbers(self, rows: Mask) -> NDArray[np.float64]:
        """Return the numbers of those rows, which must be such; NaN for the others."""
        found = np.full(len(self), np.nan)
        found[rows] = np.asarray(self._array.filter(pa.array(rows)).cast(pa.float64()))
        return found

    def different(self, rows: Mask | None = None) -> Different:
        """Return the different texts of some rows, or of all."""
        if rows is None:
            return Different(np.arange(len(self)), self.codes, self.words.tolist())
        some = self.at(rows)
        return Different(np.flatnonzero(rows), some.codes, some.words.tolist())

    @property
    def codes(self) -> NDArray[np.int32]:
        """Which of `words` each row has."""
        return np.asarray(self._encoded.indices)

    @cached_property
    def words(self) -> Texts:
        """The different texts, in the order in which they come first."""
        return Texts(self._encoded.dictionary)

    def written(self, rows: Mask | Places, texts: Sequence[str]) -> Texts:
        """Return the column with other texts in some rows, given in their order."""
        return self._with(rows, pa.array(texts, KIND))

    def rewritten(self, before: Different, after: Sequence[str]) -> Texts:
        """Return the column with another text for each of the different ones."""
        if after == before.texts:
            return self
        return self._with(before.rows, pa.array(after, KIND).take(pa.array(before.codes)))

    def filled_with(self, text: str, rows: Mask) -> Texts:
        """Return the column with one text in some rows."""
        if not rows.any():
            return self
        return Texts(pc.if_else(pa.array(rows), text, self._array))

    def _ends(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return the first and the last byte of each row; of one without any, some other row's."""
        raw, starts = self.raw, self._offsets - self._offsets[:1]
        if not len(raw):
            return np.zeros(len(self), np.uint8), np.zeros(len(self), np.uint8)
        return raw[np.minimum(starts[:-1], len(raw) - 1)], raw[starts[1:] - 1]

    def _with(self, rows: Mask | Places, texts: Any) -> Texts:
        if not len(texts):
            return self
        if len(texts) == len(self):
            return Texts(texts)
        mask = rows if rows.dtype == np.bool_ else _mask(rows, len(self))
        return Texts(pc.replace_with_mask(self._array, pa.array(mask), texts))

    @cached_property
    def _encoded(self) -> Any:
        return self._array.dictionary_encode()

    @property
    def _offsets(self) -> NDArray[np.int64]:
        offsets = np.frombuffer(self._array.buffers()[1], np.int64)
        return offsets[self._array.offset : self._array.offset + len(self) + 1]


def _mask(rows: NDArray[Any], length: int) -> Mask:
    mask = np.zeros(length, bool)
    mask[rows] = True
    return mask


def repeated(codes: NDArray[np.signedinteger[Any]]) -> Mask:
    """Tell which rows have a code that another row has too."""
    order = np.argsort(codes, kind="stable")
    alike = np.diff(codes[order]) == 0
    found = np.zeros(len(codes), bool)
    found[order[1:][alike]] = True
    found[order[:-1][alike]] = True
    return found


def table_of(columns: Mapping[str, Texts]) -> pd.DataFrame:
    """Return columns as a table of text."""
    arrays = [texts._array for texts in columns.values()]
    table: pd.DataFrame = pa.Table.from_arrays(arrays, names=list(columns)).to_pandas()
    return table

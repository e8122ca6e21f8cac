"""The files under `data/`: reading a table, and one sentence for each way it can be unusable."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from clinics.domain.language import ENGLISH, spoken
from clinics.domain.model import Point
from clinics.domain.translations import (
    CAVEAT,
    CAVEATS,
    TEXTS,
    Key,
    Row,
    Texts,
    file_of,
    read_words,
    translated,
)

T = TypeVar("T")

FARTHEST_ISLANDS = 140
"""Degrees east of Greenwich where the first islands of the country are."""


class DataFileError(Exception):
    """Files under `data/` cannot be used; each of `faults` says which, where and what it needs."""

    def __init__(self, *faults: str) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__(" ".join(self.faults))


class Faults:
    """Keeps the faults of several files or rows, so that all of them are said at once."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def read(self, read: Callable[[], T]) -> T | None:
        """Return what is read, or None where it is at fault."""
        try:
            return read()
        except DataFileError as problem:
            self.found += problem.faults
            return None

    def end(self) -> None:
        """Raise DataFileError if there was a fault."""
        if self.found:
            raise DataFileError(*self.found)


def read_table(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    """Yield (row number as a spreadsheet shows it, cells by column) of a bundled CSV file.

    Its texts are in the language that is spoken, as far as they are translated. Raises
    DataFileError at the end for rows with more cells than there are columns: a comma stands in a
    cell without quotes, and moves all that follows it.
    """
    texts = TEXTS.get(path.stem)
    if spoken() == ENGLISH or texts is None:
        yield from _read_table(path)
    else:
        yield from translated(_read_table(path), _own_words(path, texts), texts)


def load_caveats(folder: Path) -> Mapping[str, str]:
    """Read what the keeper warns of in the language that is spoken, by how the listings say it."""
    words = _own_words(folder / f"{CAVEATS}.csv", CAVEAT)
    return {caveat: row["words"] for (caveat,), row in words.items() if row["words"]}


def _own_words(path: Path, texts: Texts) -> Mapping[Key, Row]:
    """Read the words that stand beside a table in the language that is spoken, as far as it has."""
    own = file_of(path, spoken())
    try:
        return read_words(own, texts) if own.is_file() else {}
    except (OSError, ValueError, csv.Error) as problem:
        raise DataFileError(f"The file {own.name} cannot be used: {reason(problem)}.") from problem


def _read_table(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    faults = Faults()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not reader.fieldnames:
                raise DataFileError(f"{path.name} is empty; its first row needs to name columns.")
            for number, row in enumerate(reader, start=2):
                if any(row.get(None, ())):
                    needs = "it has more cells than columns; a cell with a comma needs quotes"
                    faults.found.append(f"{path.name}, row {number}: {needs}.")
                yield number, {key: (value or "").strip() for key, value in row.items() if key}
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DataFileError(f"The file {path.name} cannot be read: {reason(problem)}.") from problem
    faults.end()


def reason(problem: Exception) -> str:
    """Say what is wrong with a file, without the folders of the machine it is on."""
    if isinstance(problem, UnicodeDecodeError):
        return "it needs to be saved in UTF-8"
    if isinstance(problem, OSError):
        return (problem.strerror or "it cannot be opened").lower()
    return str(problem)


def read_rows(path: Path, parse: Callable[[dict[str, str]], T]) -> Iterator[tuple[int, T]]:
    """Yield each row with its number; raises DataFileError for all that are at fault, at the end.

    `parse` raises ValueError with what is wrong, as a sentence.
    """
    faults, rows = Faults(), iter(read_table(path))
    while (found := faults.read(lambda: next(rows, None))) is not None:
        number, row = found
        try:
            yield number, parse(row)
        except KeyError as problem:
            raise DataFileError(f"{path.name} needs a column {problem}.") from problem
        except ValueError as problem:
            faults.found.append(f"{path.name}, row {number}: {problem}")
    faults.end()


def read_items(
    path: Path, parse: Callable[[dict[str, str]], T], same: Callable[[str], str] = str
) -> tuple[T, ...]:
    """Read a table of things with an id or a label; raises DataFileError naming file and row.

    Two names are one where `same` makes one of them.
    """
    items: dict[str, T] = {}
    faults = Faults()

    def take() -> None:
        for number, item in read_rows(path, parse):
            key = str(item.id if hasattr(item, "id") else getattr(item, "label", ""))
            if not key or same(key) in items:
                twice = f"the name “{key}” is missing or twice"
                faults.found.append(f"{path.name}, row {number}: {twice}.")
            items[same(key)] = item

    faults.read(take)
    faults.end()
    if not items:
        raise DataFileError(f"{path.name} has no rows; it needs at least one.")
    return tuple(items.values())


def one_of(row: Mapping[str, str], column: str, allowed: Iterable[str]) -> str:
    """Return a cell that holds one of several words; raises ValueError with a sentence."""
    if row[column] not in allowed:
        raise ValueError(f"“{column}” can be {', '.join(allowed)}; it is “{row[column]}”.")
    return row[column]


def point(row: Mapping[str, str]) -> Point:
    """Return the position that a row says; raises ValueError with a sentence."""
    degrees = []
    for column in ("latitude", "longitude"):
        try:
            degrees.append(float(row[column]))
        except ValueError as problem:
            needs = "needs decimal degrees such as 38.9832"
            raise ValueError(f"“{column}” {needs}; it is “{row[column]}”.") from problem
    return in_order(*degrees)


def in_order(lat: float, lon: float) -> Point:
    """Return the point of two degrees; raises ValueError where the other order is meant.

    All of the United States but American Samoa lies north of the equator and, but for its farthest
    islands, west of Greenwich.
    """
    if lon > 0 > lat:
        raise ValueError(f"latitude comes first, then longitude; {lat:g} and {lon:g} are swapped.")
    if 0 < lon < FARTHEST_ISLANDS:
        raise ValueError(f"a longitude here begins with a minus; it is {lon:g}.")
    return Point(lat, lon)


def several(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that may hold several, parted by semicolons."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())

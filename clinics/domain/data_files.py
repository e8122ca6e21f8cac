"""The files under `data/`: reading a table, and one sentence for each way it can be unusable."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class DataFileError(Exception):
    """A file under `data/` cannot be used; the message says which, where and what it needs."""


def read_table(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    """Yield (row number as a spreadsheet shows it, cells by column) of a bundled CSV file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not reader.fieldnames:
                raise DataFileError(f"{path.name} is empty; its first row needs to name columns.")
            for number, row in enumerate(reader, start=2):
                yield number, {key: (value or "").strip() for key, value in row.items() if key}
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise DataFileError(f"The file {path.name} cannot be read: {reason(problem)}.") from problem


def reason(problem: Exception) -> str:
    """Say what is wrong with a file, without the folders of the machine it is on."""
    if isinstance(problem, OSError):
        return (problem.strerror or "it cannot be opened").lower()
    return str(problem)


def read_items(path: Path, parse: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
    """Read a table of things with an id or a label; raises DataFileError naming file and row."""
    items: dict[str, T] = {}
    for number, row in read_table(path):
        try:
            item = parse(row)
        except KeyError as problem:
            raise DataFileError(f"{path.name} needs a column {problem}.") from problem
        except ValueError as problem:
            raise DataFileError(f"{path.name}, row {number}: {problem}") from problem
        key = str(item.id if hasattr(item, "id") else getattr(item, "label", ""))
        if not key or key in items:
            raise DataFileError(f"{path.name}, row {number}: the name “{key}” is missing or twice.")
        items[key] = item
    if not items:
        raise DataFileError(f"{path.name} has no rows; it needs at least one.")
    return tuple(items.values())


def several(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that may hold several, parted by semicolons."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())

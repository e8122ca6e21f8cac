"""A sheet of the federal directory -> the rows of our own columns, and what is said of it.

Owns what a keeper is told about such a file; its codes and layouts are `clinics.intake.federal`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clinics.domain.columns import NAMES
from clinics.intake.cells import Grid, grid_of
from clinics.intake.csv_file import Sheet
from clinics.intake.federal import CATEGORY, Codes, Edition, from_federal
from clinics.intake.notices import Findings
from clinics.intake.texts import Texts

NEEDED = {"name": "name1", "city": "city", "state": "state"}


def federal_grid(sheet: Sheet, federal: tuple[Codes, Edition], findings: Findings) -> Grid:
    """Convert a federal sheet; facilities that withhold their address are left out and counted."""
    codes, edition = federal
    header = [name.lower() for name in sheet.header]
    numbers = sheet.numbers.tolist()
    converted = from_federal(_as_mappings(sheet, header), codes, edition)
    kept, rows = [], []
    for number, row in zip(numbers, converted, strict=True):
        if row:
            kept.append(number)
            rows.append({name: row.get(name, "") for name in NAMES})
    withheld = len(numbers) - len(kept)
    if withheld:
        said = "1 facility" if withheld == 1 else f"{withheld:,} facilities"
        first = next(n for n, row in zip(numbers, converted, strict=True) if not row)
        findings.add("federal_withheld", value=said, needs=str(first))
    if not edition.date and "last_checked" not in header:
        findings.add("federal_undated")
    columns = {name: Texts.of([row[name] for row in rows]) for name in NAMES}
    return grid_of(np.array(kept, dtype=np.int64), columns)


def say_what_it_refreshes(label: str, states: frozenset[str], findings: Findings) -> None:
    """Tell the keeper that the file was recognised, and which listings it is about."""
    said = ", ".join(sorted(states)) or "no state"
    findings.add("federal_recognised", value=label or CATEGORY, needs=said)


def _as_mappings(sheet: Sheet, header: list[str]) -> Iterator[dict[str, str]]:
    rows = zip(*(column.tolist() for column in sheet.columns), strict=True)
    return (dict(zip(header, cells, strict=True)) for cells in rows)

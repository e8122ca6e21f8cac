"""Several columns in one cell: a whole address, or latitude and longitude."""

from __future__ import annotations

from collections.abc import Sequence

from clinics.intake.forgiven import position_pair, whole_address
from clinics.intake.notices import Findings

_PARTS = ("city", "state", "zip")


def take_apart_places(
    columns: dict[str, list[str]], numbers: Sequence[int], findings: Findings
) -> None:
    """Put what stands in one cell into the columns it belongs to, where those are empty."""
    _take_apart_positions(columns, numbers, findings)
    _take_apart_addresses(columns, numbers, findings)


def _take_apart_positions(
    columns: dict[str, list[str]], numbers: Sequence[int], findings: Findings
) -> None:
    for name, other in (("latitude", "longitude"), ("longitude", "latitude")):
        cells = columns.get(name)
        if cells is None:
            continue
        there = columns.get(other) or [""] * len(cells)
        for row, cell in enumerate(cells):
            pair = position_pair(cell) if "." in cell and there[row] in ("", cell) else None
            if pair is None:
                continue
            cells[row], there[row] = pair if name == "latitude" else pair[::-1]
            needs = f"latitude {pair[0]} and longitude {pair[1]}"
            findings.add("cell_read_as", numbers[row], name, cell, needs)
            columns[other] = there


def _take_apart_addresses(
    columns: dict[str, list[str]], numbers: Sequence[int], findings: Findings
) -> None:
    cells = columns.get("address")
    if cells is None:
        return
    others = {part: columns.get(part) or [""] * len(cells) for part in _PARTS}
    for row, cell in enumerate(cells):
        if others["city"][row] or others["state"][row]:
            continue
        found = whole_address(cell)
        if found is None or others["zip"][row][:5] not in ("", found.zip):
            continue
        cells[row] = found.address
        for part in _PARTS:
            others[part][row] = getattr(found, part)
        town = f"{found.city}, {found.state} {found.zip}"
        needs = f"“{found.address}” in {town}" if found.address else town
        findings.add("cell_read_as", numbers[row], "address", cell, needs)
        columns.update(others)

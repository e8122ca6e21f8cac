"""What is suggested while a place is typed: towns of the area, what else has a name, and ZIPs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from clinics.domain.data_files import read_table, several
from clinics.domain.model import MILES_PER_KM, Town
from clinics.domain.site import ServiceArea
from clinics.places.distance import vectors
from clinics.places.zips import ZipRow, zip_table

_EARTH_MILES = 6371.0 * MILES_PER_KM


def suggested(
    towns: Sequence[Town], area: ServiceArea | None, folder: Path
) -> dict[str, tuple[str, ...]]:
    """Return what can be suggested, the likeliest first, each with other names that lead to it.

    "Takoma Park, MD" is a place as it can be typed; of "20912 Takoma Park" the five digits are
    what is asked for. Names come from `places.csv` of the folder, if it is there.
    """
    inside = dict(_inside(towns, area))
    others = sorted({f"{row.city}, {row.state}" for row in inside.values()})
    found: dict[str, tuple[str, ...]] = dict.fromkeys([*own_towns(towns), *others], ())
    for label, also in _named(folder / "places.csv"):
        found[label] = (*found.get(label, ()), *also)
    return found | {f"{code} {row.city}": () for code, row in sorted(inside.items())}


def _named(file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return each place of a file and its other names; a nickname is one of its town."""
    for _, row in read_table(file) if file.exists() else ():
        name, town, also = row["name"], row["town"], several(row["also"])
        place, _, state = town.rpartition(", ")
        if row["kind"] == "nickname":
            yield town, (name, *also)
        elif row["kind"] != "zip":
            yield f"{name}, {state if place in name else town}", also


def own_towns(towns: Sequence[Town]) -> list[str]:
    """Return the labels of these towns, main ones first, then those with the most ZIPs."""
    likeliest = sorted(towns, key=lambda town: (not town.main, -len(town.zips), town.label))
    return [town.label for town in likeliest]


def _inside(towns: Sequence[Town], area: ServiceArea | None) -> Iterator[tuple[str, ZipRow]]:
    """Return the ZIP codes of the area that mail is carried to; without one those of the towns."""
    rows = {code: row for code, row in zip_table().rows.items() if row.delivers}
    if area is None:
        yield from ((code, rows[code]) for town in towns for code in town.zips if code in rows)
        return
    there = {code: row for code, row in rows.items() if row.state in area.states}
    lat, lon = np.array([(row.lat, row.lon) for row in there.values()]).T
    home = np.array([(town.point.lat, town.point.lon) for town in towns]).T
    nearness = (vectors(lat, lon).T @ vectors(home[0], home[1])).max(axis=1)
    is_near = nearness >= np.cos(area.miles_from_town / _EARTH_MILES)
    yield from (pair for pair, near in zip(there.items(), is_near, strict=True) if near)

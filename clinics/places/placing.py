"""Which rows of a clinic table have an exact position, and filling in those that have not.

Owns the three columns of a position as they are filled; must not know who finds an address.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from clinics.domain.model import Place, Point, Precision
from clinics.places.gazetteer import Gazetteer, state_code

Positions = Mapping[int, tuple[Point, Precision]]
"""By a row's place in the table, from 0."""


def waiting(table: pd.DataFrame) -> list[int]:
    """Return the places, from 0, of rows with a street address but no exact position."""
    empty = (table["latitude"] == "") & (table["longitude"] == "")
    areas = [precision.value for precision in Precision if precision.is_approximate]
    rough = table["location_precision"].str.casefold().isin(areas)
    needed = (table["address"].str.strip() != "") & (empty | rough)
    return [place for place, needs in enumerate(needed.tolist()) if needs]


def placed_by_area(table: pd.DataFrame, gazetteer: Gazetteer) -> tuple[pd.DataFrame, list[int]]:
    """Fill empty positions with the centre of the ZIP, or else of the town, and say so.

    Also return the places, from 0, of rows whose ZIP and town are both unknown.
    """
    empty = (table["latitude"] == "") & (table["longitude"] == "")
    points: dict[int, tuple[Point, Precision]] = {}
    unplaced = []
    for row in (place for place, is_empty in enumerate(empty.tolist()) if is_empty):
        cells = {name: str(table[name].iloc[row]) for name in ("zip", "city", "state")}
        area = next(iter(centres(cells, gazetteer)), None)
        if area is None:
            unplaced.append(row)
            continue
        points[row] = area.point, Precision(area.kind.value)
    return with_positions(table, points, decimals=4), unplaced


def centres(cells: Mapping[str, str], gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Return the centres of a row's ZIP and of its town, as far as they are known."""
    by_zip = gazetteer.zip(cells["zip"].partition("-")[0])
    towns = gazetteer.towns_named(cells["city"], state_code(cells["state"]))
    return tuple(place for place in (by_zip, towns[0] if len(towns) == 1 else None) if place)


def with_positions(table: pd.DataFrame, points: Positions, decimals: int = 6) -> pd.DataFrame:
    """Return a copy of the table with these positions; the others stay as they are."""
    new = table.copy()
    lat, lon = table["latitude"].tolist(), table["longitude"].tolist()
    precisions = table["location_precision"].tolist()
    for row, (point, precision) in points.items():
        lat[row], lon[row] = _degrees(point.lat, decimals), _degrees(point.lon, decimals)
        precisions[row] = precision.value
    new["latitude"], new["longitude"], new["location_precision"] = lat, lon, precisions
    return new


def _degrees(degrees: float, decimals: int) -> str:
    text = f"{degrees:.{decimals}f}"
    return text.rstrip("0").rstrip(".")

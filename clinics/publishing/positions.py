"""The positions of addresses that a keeper accepted: they go into the same version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from clinics.domain.columns import NAMES
from clinics.domain.field_sources import COLUMN, with_said
from clinics.domain.ports import Geocoder
from clinics.domain.sources import Listing
from clinics.domain.words import counted
from clinics.intake.duplicates import door
from clinics.places.gazetteer import Gazetteer
from clinics.places.lookup import COLUMNS, KeptAnswers, Lookup, Progress
from clinics.publishing.proposals import POSITION, Edits

CENSUS, OTHER = "census", "osm"
"""Who says a position, by the ids of `data/sources.csv`."""


def with_positions(
    edits: Edits,
    live: Mapping[str, Listing],
    gazetteer: Gazetteer,
    geocoder: Geocoder,
    kept: KeptAnswers,
    today: dt.date,
    tell: Callable[[Progress], None],
) -> tuple[Edits, str]:
    """Return changes with the positions of new addresses, and what is said of those without.

    An address of which the service gives two positions or none is changed all the same, and is
    placed by its ZIP code or town. Earlier answers are not asked for again.
    """
    moved = {id: cells for id, cells in edits.changes.items() if _needs(cells, live[id])}
    rows = [
        {**dict.fromkeys(POSITION, ""), **_without(live[id], cells)} for id, cells in moved.items()
    ]
    if not rows:
        return edits, ""
    lookup = Lookup(
        pd.DataFrame(rows, columns=list(COLUMNS), dtype="str"), gazetteer, geocoder, kept
    )
    for progress in lookup:
        tell(progress)
    located = lookup.located()
    changes = {id: dict(cells) for id, cells in edits.changes.items()}
    by = CENSUS if "Census" in getattr(geocoder, "label", "") else OTHER
    for answer in located.found:
        position = located.table.iloc[answer.row]
        cells = changes[answer.id]
        cells |= {name: str(position[name]) for name in POSITION}
        before = cells.get(COLUMN, live[answer.id][COLUMN])
        cells[COLUMN] = with_said(before, ["latitude"], by, today)
    left = lookup.total - len(located.found)
    return replace(edits, changes=changes), _said(left, lookup.trouble)


def _needs(cells: Listing, listing: Listing) -> bool:
    """Return True for an address that came without its position, unless its house is placed."""
    if not cells.get("address") or "latitude" in cells:
        return False
    here, there = (door(one["address"], one["zip"]) for one in (cells, listing))
    return here != there or listing["location_precision"] != "street"


def _without(listing: Listing, cells: Listing) -> dict[str, str]:
    return {
        name: cells.get(name, listing[name])
        for name in NAMES
        if name in COLUMNS and name not in POSITION
    }


def _said(left: int, trouble: str) -> str:
    if not left:
        return ""
    said = f"{counted(left, 'accepted address', 'accepted addresses')} without an exact position."
    return f"{said} {trouble}".strip()

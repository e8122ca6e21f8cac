"""Changes to single listings: cells, whole listings, the day of a check; table in, table out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from clinics.domain import field_sources
from clinics.domain.columns import NAMES
from clinics.publishing.candidate import NotPublishable

_PLACE = ("address", "city", "state", "zip")
_POSITION = ("latitude", "longitude", "location_precision")


def edited_table(
    live: pd.DataFrame,
    changes: Mapping[str, Mapping[str, str]],
    remove: Collection[str] = (),
    add: Sequence[Mapping[str, str]] = (),
    *,
    keeper_on: dt.date | None = None,
) -> pd.DataFrame:
    """Return a table with cells changed, listings taken out and others added at the end.

    With `keeper_on` a keeper says on that day what is changed; else the changes themselves say
    who does, and of a field of which they do not nobody does any more. A listing whose address
    changes without a new position loses the old one: the check then places it by its ZIP or town.
    Raises NotPublishable for an id that is not there, and KeyError for a column that does not
    exist.
    """
    _hold_to_ids(live, {*changes, *remove})
    table = live[~live["id"].isin(list(remove))].reset_index(drop=True)
    place_of = {id: place for place, id in enumerate(table["id"])}
    for id, cells in changes.items():
        if id in place_of:
            row = dict(zip(NAMES, table.iloc[place_of[id]][list(NAMES)].tolist(), strict=True))
            table.loc[place_of[id], list(NAMES)] = list(_edited_row(row, cells, keeper_on).values())
    empty = dict.fromkeys(NAMES, "")
    new = [_with_cells(empty, cells) for cells in add]
    return pd.concat([table, pd.DataFrame(new, columns=list(NAMES), dtype="str")])


def checked_on(live: pd.DataFrame, ids: Collection[str], day: dt.date) -> pd.DataFrame:
    """Return a table in which a keeper confirmed these listings on this day.

    Raises NotPublishable for an id that is not there.
    """
    _hold_to_ids(live, ids)
    checked = live["id"].isin(list(ids))
    return live.assign(last_checked=live["last_checked"].where(~checked, day.isoformat()))


def _hold_to_ids(live: pd.DataFrame, ids: Collection[str]) -> None:
    for id in sorted(set(ids) - set(live["id"])):
        raise NotPublishable(
            f"The listing “{id}” is not in the directory any more.", "Look at the list again."
        )


def _edited_row(
    row: Mapping[str, str], cells: Mapping[str, str], keeper_on: dt.date | None
) -> dict[str, str]:
    new = _with_cells(row, cells)
    new[field_sources.COLUMN] = _sources_of_fields(row, new, cells, keeper_on)
    if _where(new) != _where(row) and not any(column in cells for column in _POSITION):
        new |= dict.fromkeys(_POSITION, "")
        new[field_sources.COLUMN] = field_sources.without(new[field_sources.COLUMN], "latitude")
    return new


def _sources_of_fields(
    row: Mapping[str, str],
    new: Mapping[str, str],
    cells: Mapping[str, str],
    keeper_on: dt.date | None,
) -> str:
    """Return who says the single fields of a listing once its cells are changed."""
    column = field_sources.COLUMN
    if not field_sources.is_whole(new[column]):
        return new[column]  # the check says what is wrong with it
    if keeper_on is None:
        return new[column] if column in cells else field_sources.without_stale(row, new)
    was, said = field_sources.read(row[column]), field_sources.read(new[column])
    typed = {name for name in said if said[name] != was.get(name)}
    own = field_sources.changed(row, new) - typed
    return field_sources.with_said(new[column], own, field_sources.KEEPER, keeper_on)


def _with_cells(row: Mapping[str, str], cells: Mapping[str, str]) -> dict[str, str]:
    for column in cells:
        if column not in row:
            raise KeyError(column)
    return {**row, **cells}


def _where(row: Mapping[str, str]) -> list[str]:
    """Return what says where a listing is, without the suite: another suite moves no pin."""
    return [row[column].partition(",")[0].strip().casefold() for column in _PLACE]

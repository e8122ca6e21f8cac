"""The usable rows of a file put into the live table: the whole directory as it would be."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clinics.domain import field_sources
from clinics.domain.columns import NAMES
from clinics.domain.model import Precision
from clinics.intake.check import FEDERAL, Checked
from clinics.publishing.three_way import Kept

REPLACE, ADD = "replace", "add"
ASK = ""
"""Nobody has said yet which of the two a file is."""

_FACTS = tuple(
    name
    for name in NAMES
    if name not in ("id", "source", "source_url", "source_date", "last_checked", "field_sources")
)
"""What a keeper confirms; the other columns may change without a fact changing."""

_PLACED = ("latitude", "longitude", "location_precision")


def merged(live: pd.DataFrame, checked: Checked, mode: str) -> pd.DataFrame:
    """Return the whole directory as it would be with the usable rows of a file put in.

    Mode "replace": the file is the whole directory. Mode "add": its rows are added or take the
    place of those of the same id, and nothing disappears. A federal file is the whole of its
    category in its states, but takes the place of no listing that says how well it is known: that
    one came from elsewhere, and a listing that a keeper confirmed keeps its cells. What a file has
    no column for stays as it is, and so does a live listing whose row in the file cannot be used.
    """
    new = checked.table.reset_index(drop=True)
    if new.empty:
        return live
    silent = [name for name in NAMES if name not in checked.columns]
    if checked.layout == FEDERAL:
        covered = spoken_of(live, checked)
        kept = live if mode == ADD else live[~covered | live["id"].isin(checked.left_out)]
        new = _as_confirmed(live, _federal(live, checked))
    else:
        new = _as_before_where_silent(live, new, silent)
        kept = live if mode == ADD else live[live["id"].isin(checked.left_out)]
    kept = kept[~kept["id"].isin(new["id"])]
    whole = pd.concat([kept, new], ignore_index=True)
    return whole if mode == REPLACE and kept.empty else _in_live_order(live, whole)


def without_stale_sources(live: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which no source is said to say a cell that changed without it."""
    column = field_sources.COLUMN
    had = live[live[column].ne("") & live["id"].isin(table["id"])].set_index("id", drop=False)
    if had.empty:
        return table
    cells = table[column].tolist()
    for row in np.flatnonzero(table["id"].isin(had["id"]) & table[column].ne("")):
        now = dict(zip(NAMES, table.iloc[row][list(NAMES)], strict=True))
        was = dict(zip(NAMES, had.loc[now["id"], list(NAMES)], strict=True))
        cells[row] = field_sources.without_stale(was, now)
    return table.assign(**{column: pd.Series(cells, index=table.index, dtype="str")})


def spoken_of(live: pd.DataFrame, checked: Checked) -> pd.Series[bool]:
    """Return which live listings a file is about, where it is the whole of what it is about."""
    if checked.layout != FEDERAL:
        return live["id"].notna()
    covered = live["category"].isin(checked.table["category"])
    return covered & live["state"].isin(checked.states) & live["known_by"].eq("")


def mode_of(live: pd.DataFrame, checked: Checked) -> str:
    """Return what a file is when nobody says it: REPLACE if it has half of the ids, else ASK."""
    about = live["id"][spoken_of(live, checked)]
    known = int(about.isin({*checked.table["id"], *checked.left_out}).sum())
    return REPLACE if 2 * known >= len(about) else ASK


def _as_before_where_silent(
    live: pd.DataFrame, table: pd.DataFrame, silent: Collection[str]
) -> pd.DataFrame:
    """Keep the live cells of known listings in the columns that a file is silent about.

    A street address is kept where the town is the same, and an exact position where the address
    is too and the file could only give the center of an area.
    """
    new = table.copy()
    known = new["id"].isin(live["id"]).to_numpy()
    was = live.set_index("id").reindex(new["id"]).reset_index(drop=True)
    for column in silent:
        if column not in ("id", "address", *_PLACED):
            new[column] = new[column].where(~known, was[column])
    stays = known & _same(was, new, ("city", "state", "zip"))
    if "address" in silent:
        new["address"] = new["address"].where(~stays, was["address"])
    if "latitude" in silent:
        approximate = new["location_precision"].ne(Precision.STREET).to_numpy(dtype=np.bool_)
        stays &= approximate & _same(was, new, ("address",))
        for column in _PLACED:
            new[column] = new[column].where(~stays, was[column])
    return new


def kept_by_hand(live: pd.DataFrame, checked: Checked) -> tuple[Kept, ...]:
    """Return the cells that a keeper confirmed and of which a federal file says something else."""
    if checked.layout != FEDERAL or checked.table.empty:
        return ()
    new = _federal(live, checked)
    was = live.set_index("id").reindex(new["id"]).reset_index(names="id")
    kept = []
    for i in np.flatnonzero(_confirmed_otherwise(was, new)):
        for column in _FACTS:
            old, said = was[column].iloc[i], new[column].iloc[i]
            if old != said:
                kept.append(Kept(new["id"].iloc[i], was["name"].iloc[i], column, said, old))
    return tuple(kept)


def _federal(live: pd.DataFrame, checked: Checked) -> pd.DataFrame:
    """Return the rows of a federal file with what is live where it says nothing."""
    silent = [name for name in NAMES if name not in checked.columns]
    covered = spoken_of(live, checked)
    new = _with_ids_apart(checked.table.reset_index(drop=True), live[~covered])
    # One of its two layouts has positions; they are exact, and used.
    return _as_before_where_silent(live, new, [*silent, "latitude"])


def _as_confirmed(live: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Keep the listings that a keeper confirmed otherwise, and a date that the file has not.

    An edition without its date, of which a listing is the same as before, leaves that its date.
    """
    was = live.set_index("id").reindex(table["id"]).reset_index(names="id")
    keep = _confirmed_otherwise(was, table)
    undated = table["source_date"].eq("").to_numpy() & _same(was, table, _FACTS)
    new = table.copy()
    for column in NAMES:
        if column != "id":
            stays = keep | undated if column == "source_date" else keep
            new[column] = new[column].where(~stays, was[column])
    return new


def _confirmed_otherwise(was: pd.DataFrame, new: pd.DataFrame) -> NDArray[np.bool_]:
    confirmed = was["last_checked"].fillna("").ne("").to_numpy(dtype=np.bool_)
    return np.asarray(confirmed & ~_same(was, new, _FACTS), dtype=np.bool_)


def _same(was: pd.DataFrame, new: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.bool_]:
    names = list(columns)
    same: NDArray[np.bool_] = (
        was[names].to_numpy(dtype=object) == new[names].to_numpy(dtype=object)
    ).all(axis=1)
    return same


def _with_ids_apart(new: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """Give a federal row another id, the same each time, where a listing that stays has its own."""
    taken = new["id"].isin(kept["id"])
    return new.assign(id=new["id"].where(~taken, new["id"] + "-" + new["category"]))


def _in_live_order(live: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Sort listings as they are live, new ones after them in the order of the file."""
    places = dict(zip(live["id"], range(len(live)), strict=True))
    place = table["id"].map(places).fillna(len(live))
    return table.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)

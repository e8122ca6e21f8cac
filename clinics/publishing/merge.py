"""The usable rows of a file put into the live table: the whole directory as it would be."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clinics.domain.columns import NAMES
from clinics.domain.model import Precision
from clinics.intake.check import FEDERAL, Checked

REPLACE, ADD = "replace", "add"
_NOT_CONFIRMED = ("source", "source_url", "source_date")
"""What may change without a fact about the clinic changing."""

_PLACED = ("latitude", "longitude", "location_precision")


def merged(live: pd.DataFrame, checked: Checked, mode: str) -> pd.DataFrame:
    """Return the whole directory as it would be with the usable rows of a file put in.

    Mode "replace": the file is the whole directory. Mode "add": its rows are added or take the
    place of those of the same id, and nothing disappears. A federal file, in either mode, takes
    the place of its category in its states, but of no listing that says how well it is known: that
    one came from elsewhere. What a file has no column for stays as it is, and so does a live
    listing whose row in the file cannot be used.
    """
    new = checked.table.reset_index(drop=True)
    if new.empty:
        return live
    silent = [name for name in NAMES if name not in checked.columns]
    if checked.layout == FEDERAL:
        covered = live["category"].isin(new["category"]) & live["state"].isin(checked.states)
        covered &= live["known_by"].eq("")
        kept = live[~covered | live["id"].isin(checked.left_out)]
        new = _with_ids_apart(new, live[~covered])
        # One of its two layouts has positions; they are exact, and used.
        new = _as_before_where_silent(live, new, [*silent, "latitude"])
        new = _confirmed_where_the_same(live, new)
    else:
        new = _as_before_where_silent(live, new, silent)
        kept = live if mode == ADD else live[live["id"].isin(checked.left_out)]
    kept = kept[~kept["id"].isin(new["id"])]
    whole = pd.concat([kept, new], ignore_index=True)
    return whole if mode == REPLACE and kept.empty else _in_live_order(live, whole)


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


def _confirmed_where_the_same(live: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Take our confirmation off listings of which the file says something else than before."""
    was = live.set_index("id").reindex(table["id"]).reset_index(names="id")
    same = _same(was, table, [name for name in NAMES if name not in _NOT_CONFIRMED])
    return table.assign(last_checked=table["last_checked"].where(same, ""))


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

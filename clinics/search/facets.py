"""How many clinics a click on each option of each filter would show.

Owns these counts; must not know how an answer is ordered or drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from clinics.domain.model import Place
from clinics.search.dataset import Dataset
from clinics.search.filters import FACETED, Reach, chosen, match, passes, total
from clinics.search.query import BANDS, COLUMN_OF, Query


def count_facets(
    dataset: Dataset, query: Query, place: Place | None, reach: Reach | None = None
) -> Mapping[str, Mapping[str, int]]:
    """Count, for every option of every filter, what a click on it would show.

    Choosing adds to what is chosen in the same filter; category, setting and distance replace it;
    for an option already chosen the count is the present total. The id "" is "no restriction".
    """
    here = reach or Reach(dataset, place, query.within)
    counts = {parameter: _count_options(query, parameter, here) for parameter in FACETED}
    counts["within"] = _count_bands(dataset, query, place)
    return counts


def _count_options(query: Query, parameter: str, reach: Reach) -> Mapping[str, int]:
    column = COLUMN_OF[parameter]
    stated = reach.stated(column)[passes(query, reach, skip=parameter)]
    adds = parameter not in ("category", "setting")
    before = chosen(reach.dataset, query, parameter)
    counts = {
        id: int(np.count_nonzero(match(query, parameter, stated, before | bit if adds else bit)))
        for id, bit in reach.dataset.bits[column].items()
    }
    return counts if adds else {**counts, "": len(stated)}


def _count_bands(dataset: Dataset, query: Query, place: Place | None) -> Mapping[str, int]:
    """Count what each distance on offer would show; every band alike without a place."""
    everywhere = total(dataset, replace(query, within=None), None)
    names = {band: "any" if band is None else f"{band:g}" for band in BANDS}
    if place is None:
        return dict.fromkeys(names.values(), everywhere)
    widest = Reach(dataset, place, max(band for band in BANDS if band is not None))
    matching = passes(query, widest)
    return {
        name: everywhere if band is None else widest.count_within(matching, band)
        for band, name in names.items()
    }

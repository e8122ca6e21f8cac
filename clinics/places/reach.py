"""How far from its center a ZIP code can reach: farther in a desert than in a town."""

from __future__ import annotations

from functools import cache

import numpy as np

from clinics.places.distance import EARTH_MILES, Floats, vectors
from clinics.places.zips import zip_table

USUAL_MILES = 15.0
"""Farther from its center than nearly all ZIPs reach; deserts and forests apart."""

_NEIGHBORS = 3


@cache
def zip_reach(code: str) -> float:
    """Return the miles from its center that a ZIP may reach: those to its third neighbor, or 15."""
    row = zip_table().rows.get(code)
    if row is None:
        return USUAL_MILES
    near = vectors(row.lat, row.lon) @ _delivering()
    third = np.partition(near, -_NEIGHBORS - 1)[-_NEIGHBORS - 1]
    return max(USUAL_MILES, float(np.ceil(EARTH_MILES * np.arccos(np.clip(third, -1.0, 1.0)))))


@cache
def _delivering() -> Floats:
    rows = [row for row in zip_table().rows.values() if row.delivers]
    return vectors(np.array([row.lat for row in rows]), np.array([row.lon for row in rows]))

"""A ZIP of the desert reaches farther than one of the town; none is less than fifteen miles."""

from __future__ import annotations

import pytest

from clinics.places.reach import USUAL_MILES, zip_reach
from clinics.places.zips import zip_table


@pytest.mark.parametrize("code", ["20912", "21201", "97201", "00000", "", "x"])
def test_in_a_town_or_unknown_it_is_what_nearly_all_reach(code: str) -> None:
    assert zip_reach(code) == USUAL_MILES


@pytest.mark.parametrize("code", ["97910", "89311"])
def test_in_the_desert_it_is_as_far_as_its_neighbors(code: str) -> None:
    assert 40 < zip_reach(code) < 100


def test_where_towns_are_near_each_other_nothing_changes() -> None:
    farther = {
        code
        for code, row in zip_table().rows.items()
        if row.state in ("MD", "DC", "VA") and row.delivers and zip_reach(code) > USUAL_MILES
    }
    assert farther == {"21824"}  # an island

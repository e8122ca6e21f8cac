"""What is suggested while a place is typed."""

from __future__ import annotations

import pytest

from clinics.directory import Directory
from clinics.domain.model import Point, Town
from clinics.domain.site import ServiceArea
from clinics.places.find import find_place
from clinics.places.gazetteer import Gazetteer
from clinics.places.named import NamedPlace, NameKind

HERE = Town("Takoma Park", "MD", "Montgomery", Point(38.9779, -77.0075), ("20912",), main=True)
LARGE = Town("Bethesda", "MD", "Montgomery", Point(38.9847, -77.0947), ("20814", "20816"))
SMALL = Town("Berlin", "MD", "Worcester", Point(38.3226, -75.2177), ("21811",))


@pytest.fixture(scope="module")
def offered(directory: Directory) -> dict[str, tuple[str, ...]]:
    return directory.gazetteer.offered()


def test_main_towns_come_first_then_those_with_the_most_zip_codes() -> None:
    area = ServiceArea(("MD",), 1.0)
    found = list(Gazetteer([SMALL, LARGE, HERE], (), area).offered())
    assert tuple(found[:3]) == ("Takoma Park, MD", "Bethesda, MD", "Berlin, MD")
    assert "20912 Takoma Park" in found
    assert not [label for label in found if label.startswith("20001")]


def test_named_places_are_offered_too_and_nicknames_lead_to_their_town() -> None:
    there = "Bethesda, MD"
    places = (
        NamedPlace(
            "Made-up Heights", NameKind.NEIGHBORHOOD, there, "x", ("The Heights", "Up There")
        ),
        NamedPlace("Downtown Bethesda", NameKind.NEIGHBORHOOD, there, "x"),
        NamedPlace("B-Town", NameKind.NICKNAME, there, "x", ("Bee Town",)),
    )
    found = Gazetteer([LARGE], places).offered()
    assert found["Made-up Heights, Bethesda, MD"] == ("The Heights", "Up There")
    assert found["Downtown Bethesda, MD"] == ()
    assert {"B-Town", "Bee Town"} <= set(found["Bethesda, MD"])


def test_everything_that_is_offered_is_understood(
    offered: dict[str, tuple[str, ...]], directory: Directory
) -> None:
    assert len(offered) > 1_000
    lost = []
    for label in offered:
        asked = label[:5] if label[:5].isdigit() else label
        if find_place(asked, directory.gazetteer, None).place is None:
            lost.append(label)
    assert lost == []


def test_every_own_town_is_offered_first(
    offered: dict[str, tuple[str, ...]], directory: Directory
) -> None:
    first = list(offered)[: len(directory.towns)]
    assert set(first) == {town.label for town in directory.towns}

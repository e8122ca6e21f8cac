"""What is suggested while a place is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinics.directory import Directory
from clinics.domain.model import Point, Town
from clinics.domain.site import ServiceArea
from clinics.places.find import find_place
from clinics.places.suggested import suggested

HERE = Town("Takoma Park", "MD", "Montgomery", Point(38.9779, -77.0075), ("20912",), main=True)
LARGE = Town("Bethesda", "MD", "Montgomery", Point(38.9847, -77.0947), ("20814", "20816"))
SMALL = Town("Berlin", "MD", "Worcester", Point(38.3226, -75.2177), ("21811",))


@pytest.fixture(scope="module")
def offered(directory: Directory) -> dict[str, tuple[str, ...]]:
    from clinics.settings import Settings

    return suggested(directory.towns, directory.site.service_area, Settings().data_dir)


def test_main_towns_come_first_then_those_with_the_most_zip_codes(tmp_path: Path) -> None:
    area = ServiceArea(("MD",), 1.0)
    found = list(suggested([SMALL, LARGE, HERE], area, tmp_path))
    assert tuple(found[:3]) == ("Takoma Park, MD", "Bethesda, MD", "Berlin, MD")
    assert "20912 Takoma Park" in found
    assert not [label for label in found if label.startswith("20001")]


def test_without_an_area_only_the_towns_own_zip_codes_are_offered(tmp_path: Path) -> None:
    labels = ["Bethesda, MD", "20814 Bethesda", "20816 Bethesda"]
    assert list(suggested([LARGE], None, tmp_path)) == labels


def test_named_places_of_a_file_are_offered_too(tmp_path: Path) -> None:
    rows = (
        "name,kind,town,also",
        'Made-up Heights,neighborhood,"Bethesda, MD",The Heights;Up There',
        'Downtown Bethesda,neighborhood,"Bethesda, MD",',
        'B-Town,nickname,"Bethesda, MD",Bee Town',
        '20889 Navy,zip,"Bethesda, MD",',
    )
    (tmp_path / "places.csv").write_text("\n".join(rows))
    found = suggested([LARGE], None, tmp_path)
    assert found["Made-up Heights, Bethesda, MD"] == ("The Heights", "Up There")
    assert found["Downtown Bethesda, MD"] == ()
    assert found["Bethesda, MD"] == ("B-Town", "Bee Town")
    assert not [label for label in found if "Navy" in label]


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

"""Positions of accepted addresses, in the same version; two or none are no reason to wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from clinics.adapters.address_service import Turns
from clinics.adapters.census import CensusGeocoder
from clinics.adapters.memory import MemoryStore
from clinics.directory import Directory
from clinics.publishing.positions import with_positions
from clinics.publishing.proposals import Edits
from scripts.demo_registries import CENSUS_PATH
from scripts.demo_sources import StandIn, stand_in
from tests.made_up import made_up_clinic
from tests.sources import TODAY

LISTING = made_up_clinic(
    1,
    address="1 Old Street",
    city="Rockville",
    zip="20850",
    location_precision="zip",
    source="A page",
)
ID = LISTING["id"]


@pytest.fixture
def stand() -> Iterator[StandIn]:
    with stand_in([], {}) as made:
        yield made


def placed(
    stand: StandIn, directory: Directory, store: MemoryStore | None = None, **cells: str
) -> tuple[Mapping[str, str], str]:
    turns = Turns(sleep=lambda _: None)
    geocoder = CensusGeocoder(f"{stand.origin}{CENSUS_PATH}", "made-up/1.0", turns=turns)
    place = {"city": "Rockville", "state": "MD", "zip": "20850"}
    edits = Edits({ID: {**place, **cells}}, (), "1 change")
    found, said = with_positions(
        edits, {ID: LISTING}, directory.gazetteer, geocoder, store or MemoryStore(), TODAY,
        lambda _: None,
    )  # fmt: skip
    return found.changes[ID], said


def test_an_accepted_address_gets_its_position_and_says_from_whom(
    stand: StandIn, directory: Directory
) -> None:
    cells, said = placed(stand, directory, address="12 Made Up Street, Suite 200")
    assert said == ""
    assert (cells["latitude"], cells["longitude"]) == ("39.084", "-77.1528")
    assert cells["location_precision"] == "street"
    assert cells["field_sources"].endswith("latitude=census@2026-11-28")
    assert "12+made+up+street" in stand.asked[-1]
    assert "suite" not in stand.asked[-1]


@pytest.mark.parametrize("street", ["3 Twice Street", "3 Nowhere Street"])
def test_with_two_positions_or_none_it_is_accepted_without(
    stand: StandIn, directory: Directory, street: str
) -> None:
    cells, said = placed(stand, directory, address=street)
    assert cells == {"address": street, "city": "Rockville", "state": "MD", "zip": "20850"}
    assert said == "1 accepted address without an exact position."


@pytest.mark.parametrize("fault", ["html", "truncated", "429", "500", "a list", "deep"])
def test_a_bad_answer_is_a_sentence_and_kept_as_nothing(
    stand: StandIn, directory: Directory, fault: str
) -> None:
    stand.fault, store = fault, MemoryStore()
    cells, said = placed(stand, directory, store, address="12 Made Up Street")
    assert "latitude" not in cells
    assert said.startswith("1 accepted address without an exact position. ")
    stand.fault = ""
    assert placed(stand, directory, store, address="12 Made Up Street")[0]["latitude"]
    asked = len(stand.asked)
    assert placed(stand, directory, store, address="12 Made Up Street")[0]["latitude"]
    assert len(stand.asked) == asked


def test_a_match_in_another_state_or_far_away_is_not_taken(
    stand: StandIn, directory: Directory
) -> None:
    good = placed(stand, directory, address="12 Made Up Street")[0]
    assert good["latitude"]
    assert "latitude" not in placed(
        stand, directory, address="12 Made Up Street", city="Ocean City", zip="21842"
    )[0]  # fmt: skip


def test_only_a_new_house_is_asked_for(stand: StandIn, directory: Directory) -> None:
    for cells in (
        {"phone": "(301) 555-0101"},
        {"address": "9 New Road", "latitude": "39.1", "longitude": "-77.1"},
    ):
        assert placed(stand, directory, **cells)[1] == ""
    assert [path for path in stand.asked if path.startswith(CENSUS_PATH)] == []

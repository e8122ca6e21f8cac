"""A straight line over the Bay is said to be farther by road; one that stays ashore is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinics.directory import Directory
from clinics.domain.data_files import DataFileError
from clinics.domain.model import Place, PlaceKind, Point
from clinics.places.barriers import across, load_barriers
from clinics.search.query import Query
from clinics.search.search import search
from tests.folders import DATA

FAR, FARTHER, NOTHING = (
    "across the Bay: much farther by road",
    "across the Bay: farther by road",
    "",
)
TOWNS = {
    "Aberdeen": (39.5096, -76.1641), "Annapolis": (38.9784, -76.4922),
    "Baltimore": (39.2904, -76.6122), "Betterton": (39.3662, -76.0622),
    "Cambridge": (38.5632, -76.0788), "Cape Charles": (37.2679, -76.0158),
    "Chestertown": (39.2090, -76.0666), "Crisfield": (37.9835, -75.8538),
    "Easton": (38.7743, -76.0763), "Edgewood": (39.4187, -76.2944), "Elkton": (39.6068, -75.8333),
    "Havre de Grace": (39.5493, -76.0916), "Lexington Park": (38.2668, -76.4538),
    "Lusby": (38.4107, -76.4552), "Norfolk": (36.8508, -76.2859), "North East": (39.6001, -75.9413),
    "Ocean City": (38.3365, -75.0849), "Perryville": (39.5601, -76.0714),
    "Pocomoke City": (38.0757, -75.5680), "Rock Hall": (39.1382, -76.2350),
    "Salisbury": (38.3607, -75.5994), "Silver Spring": (38.9907, -77.0261),
    "Stevensville": (38.9807, -76.3144), "Towson": (39.4015, -76.6019),
}  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("Lusby", "Cambridge", FAR),
        ("Lexington Park", "Crisfield", FAR),
        ("Edgewood", "Chestertown", FAR),
        ("Havre de Grace", "Betterton", FAR),
        ("Baltimore", "Rock Hall", FAR),
        # By the bridge the way is not much longer than the straight line.
        ("Annapolis", "Stevensville", FARTHER),
        ("Annapolis", "Easton", FARTHER),
        ("Silver Spring", "Salisbury", FARTHER),
        ("Baltimore", "Easton", FARTHER),
        ("Norfolk", "Cape Charles", FARTHER),
        ("Baltimore", "Towson", NOTHING),
        ("Baltimore", "Annapolis", NOTHING),
        ("Havre de Grace", "Elkton", NOTHING),
        ("Baltimore", "Elkton", NOTHING),
        ("Silver Spring", "Elkton", NOTHING),
        ("Havre de Grace", "Perryville", NOTHING),
        ("Aberdeen", "North East", NOTHING),
        ("Ocean City", "Salisbury", NOTHING),
        ("Salisbury", "Cambridge", NOTHING),
        ("Easton", "Pocomoke City", NOTHING),
        ("Stevensville", "Chestertown", NOTHING),
        ("Lusby", "Lexington Park", NOTHING),
        ("Annapolis", "Annapolis", NOTHING),
    ],
)
def test_a_straight_line_is_held_against_the_bay(start: str, end: str, said: str) -> None:
    barriers = load_barriers(DATA)
    here, there = Point(*TOWNS[start]), Point(*TOWNS[end])
    assert across(barriers, here, there) == said
    assert across(barriers, there, here) == said


def test_every_town_is_on_its_own_shore(directory: Directory) -> None:
    """From inland on its own shore nothing is crossed, and from the other shore the Bay is."""
    shore = ("Kent", "Queen Anne's", "Talbot", "Caroline", "Dorchester", "Wicomico", "Worcester")
    counties = {f"{name} County" for name in (*shore, "Somerset")}
    east, west = Point(38.75, -75.75), Point(39.0, -77.2)
    barriers = load_barriers(DATA)
    for town in directory.towns:
        assert (across(barriers, west, town.point) != "") == (town.county in counties), town.name
        if town.county != "Cecil County" and town.state == "MD":  # at the head, on either
            assert (across(barriers, east, town.point) == "") == (town.county in counties)


def test_hits_across_the_bay_say_so_in_a_real_search(directory: Directory) -> None:
    lusby = Place("ZIP 20657", Point(*TOWNS["Lusby"]), PlaceKind.ZIP, "20657")
    query = Query(within=25.0, category=("mental-health",))
    hits = search(directory.dataset, query, lusby).hits
    by_town = {hit.clinic.city: hit.across for hit in hits}
    assert by_town["Cambridge"] == FAR
    assert by_town["Prince Frederick"] == NOTHING
    assert {hit.across for hit in search(directory.dataset, query).hits} == {NOTHING}


def test_a_directory_without_such_water_needs_no_file(tmp_path: Path) -> None:
    assert load_barriers(tmp_path) == ()


@pytest.mark.parametrize("line", ["39 -76", "39;38", "39 -76;north", "139 -76;38 -76", ""])
def test_a_faulty_line_is_said_with_its_row(tmp_path: Path, line: str) -> None:
    head = "label,words,far_words,line,bridges"
    (tmp_path / "barriers.csv").write_text(f"{head}\nBay,across,far,{line},39 -76\n")
    with pytest.raises(DataFileError, match=r"^barriers\.csv, row 2: "):
        load_barriers(tmp_path)

"""The number beside an option is of the clinics that have it and pass the other filters."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.directory import Directory
from clinics.domain.model import Place
from clinics.search.dataset import Dataset
from clinics.search.query import COLUMN_OF, Query
from clinics.search.search import count_facets, search
from tests.brute_force import miles_between
from tests.made_up import CENTER, dataset_of, ids, made_up_clinic, made_up_clinics, queries

REPLACING = ("category", "setting")
EVERY_CATEGORY = tuple(ids("category"))


def with_this(query: Query, parameter: str, id: str) -> Query:
    """The search for what one option has with the rest of the question."""
    if parameter == "within":
        return replace(query, within=None if id == "any" else float(id))
    if parameter == "category":
        return replace(query, category=(id,) if id else EVERY_CATEGORY)
    if parameter in ("setting", "phone"):
        return replace(query, **{parameter: id})
    if parameter == "condition" and query.match == "all":
        return replace(query, condition=tuple(dict.fromkeys((*query.condition, id))))
    return replace(query, **{parameter: (id,)})


def check_every_count(dataset: Dataset, query: Query, place: Place | None) -> None:
    results = search(dataset, query, place)
    for parameter, counts in results.facets.items():
        for id, count in counts.items():
            asked = with_this(query, parameter, id)
            found = search(dataset, asked, place, limit=0, facets=False).total
            assert count == found, f"{parameter}={id or 'no restriction'}"


REAL_QUERIES = [
    Query(),
    Query(within=5.0),
    Query(within=None, category=EVERY_CATEGORY),
    Query(category=("mental-health",), payment=("medicaid", "medicare"), language=("es",)),
    Query(condition=("ptsd",), match="all", within=50.0),
    Query(condition=("ptsd", "depression"), match="all", category=EVERY_CATEGORY),
    Query(condition=("ptsd", "depression"), unstated="include", within=10.0),
    Query(treatment=("esketamine",), setting="in-person", within=100.0),
    Query(setting="telehealth", category=("mental-health",), q="center", sort="name"),
    Query(condition=("fibromyalgia",), within=5.0, clinic="no-such-clinic"),
    Query(payment=("medicaid", "military"), phone="yes", category=EVERY_CATEGORY),
]


@pytest.mark.parametrize("query", REAL_QUERIES, ids=lambda query: query.to_url() or "plain")
@pytest.mark.parametrize("town", ["Takoma Park", "Ellicott City", ""])
def test_every_count_on_the_real_page_is_what_the_option_has(
    directory: Directory, query: Query, town: str
) -> None:
    place = directory.gazetteer.towns_named(town, "MD")[0] if town else None
    check_every_count(directory.dataset, query, place)


@given(made_up_clinics(), queries(), st.sampled_from([CENTER, CENTER, None]))
@settings(max_examples=25)
def test_every_count_of_any_search_is_what_the_option_has(
    clinics: list[dict[str, str]], query: Query, place: Place | None
) -> None:
    check_every_count(dataset_of(clinics), query, place)


def test_every_option_of_every_filter_has_a_count() -> None:
    facets = count_facets(dataset_of([]), Query(), CENTER)
    assert set(facets) == {*COLUMN_OF, "phone", "within"}
    for parameter, column in COLUMN_OF.items():
        wanted = ids(column) + ([""] if parameter in REPLACING else [])
        assert list(facets[parameter]) == wanted
    assert list(facets["phone"]) == ["yes"]
    assert list(facets["within"]) == ["5", "10", "25", "50", "100", "any"]


def test_an_option_counts_its_own_and_never_those_of_the_others_chosen() -> None:
    dataset = dataset_of(
        [
            made_up_clinic(1, payment="medicaid"),
            made_up_clinic(2, payment="medicaid;medicare"),
            made_up_clinic(3, payment="medicaid"),
        ]
    )
    for chosen in ((), ("medicaid",), ("medicaid", "medicare")):
        counts = count_facets(dataset, Query(payment=chosen), CENTER)["payment"]
        assert (counts["medicaid"], counts["medicare"], counts["military"]) == (3, 1, 0)


def test_with_match_all_an_option_is_counted_with_the_others_chosen() -> None:
    dataset = dataset_of(
        [
            made_up_clinic(1, conditions="ptsd"),
            made_up_clinic(2, conditions="ptsd;ocd"),
            made_up_clinic(3, conditions="ocd"),
        ]
    )
    any_ = count_facets(dataset, Query(condition=("ptsd",)), CENTER)["condition"]
    all_ = count_facets(dataset, Query(condition=("ptsd",), match="all"), CENTER)["condition"]
    assert (any_["ptsd"], any_["ocd"]) == (2, 2)
    assert (all_["ptsd"], all_["ocd"]) == (2, 1)


def test_category_and_setting_replace_and_their_empty_id_lifts_the_restriction() -> None:
    dataset = dataset_of(
        [
            made_up_clinic(1, setting="in-person"),
            made_up_clinic(2, setting="telehealth"),
            made_up_clinic(3),
            made_up_clinic(4, category="mental-health", setting="in-person"),
        ]
    )
    facets = count_facets(dataset, Query(setting="in-person"), CENTER)
    assert facets["setting"] == {"in-person": 1, "telehealth": 1, "": 3}
    assert facets["category"] == {"ketamine": 1, "mental-health": 1, "": 2}


def test_the_distances_on_offer_count_what_is_within_them() -> None:
    north = [made_up_clinic(n, latitude=f"{39 + n * 0.1:g}") for n in range(10)]
    facets = count_facets(dataset_of(north), Query(), CENTER)
    assert facets["within"] == {"5": 1, "10": 2, "25": 4, "50": 8, "100": 10, "any": 10}


def just_within(miles: float, lon: float) -> float:
    """Return the northernmost latitude at this longitude that is at most so many miles away."""
    inside, outside = CENTER.point.lat, CENTER.point.lat + 2
    while (middle := (inside + outside) / 2) not in (inside, outside):
        is_within = miles_between(CENTER.point.lat, CENTER.point.lon, middle, lon) <= miles
        inside, outside = (middle, outside) if is_within else (inside, middle)
    return inside


@pytest.mark.parametrize("miles", [5.0, 10.0, 25.0, 50.0, 100.0])
def test_a_clinic_on_the_very_edge_of_a_distance_is_counted_as_a_click_shows(miles: float) -> None:
    clinics = []
    for number in range(20):
        lon = -77 + number * miles / 2000
        edge = just_within(miles, lon)
        for hair, lat in enumerate((edge, math.nextafter(edge, 90))):
            at = {"latitude": repr(lat), "longitude": repr(lon)}
            clinics.append(made_up_clinic(2 * number + hair, **at))
    dataset = dataset_of(clinics)
    shown = search(dataset, Query(within=miles), CENTER).total
    assert shown == 20
    assert count_facets(dataset, Query(), CENTER)["within"][f"{miles:g}"] == shown


def test_without_a_place_every_distance_shows_the_same() -> None:
    facets = count_facets(dataset_of([made_up_clinic(1)]), Query(within=5.0), None)
    assert set(facets["within"].values()) == {1}

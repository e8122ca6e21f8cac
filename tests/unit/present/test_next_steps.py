"""No search is a dead end: what is offered next leads to what it promises."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings

from clinics.directory import Directory
from clinics.domain.model import Place, Point
from clinics.present.export import as_table
from clinics.present.next_steps import nothing_found
from clinics.present.wording import as_text
from clinics.search.dataset import Dataset
from clinics.search.query import BANDS, Query
from clinics.search.search import search
from tests import brute_force
from tests.made_up import CENTER, dataset_of, made_up_clinic, made_up_clinics, queries

TOWNS = ("Takoma Park", "Germantown", "Ellicott City")
MAIN = (*TOWNS, "Silver Spring", "Baltimore")


def place_of(directory: Directory, town: str) -> Place:
    return directory.gazetteer.towns_named(town, "MD")[0]


def check_next_steps(dataset: Dataset, query: Query, place: Place | None) -> None:
    results = search(dataset, query, place)
    beyond = brute_force.matching(dataset, replace(query, within=None, sort="distance"), place)
    if results.total or place is None or query.within is None or not beyond:
        assert (results.nearest_beyond, results.wider) == (None, None)
    else:
        assert results.nearest_beyond is not None
        assert results.nearest_beyond.clinic.id == beyond[0].clinic.id
        assert results.nearest_beyond.distance_miles == pytest.approx(beyond[0].miles, abs=1e-6)
        assert results.nearest_beyond.distance_miles > query.within
        check_wider(dataset, query, place)
    check_other_care(dataset, query, place)


def check_wider(dataset: Dataset, query: Query, place: Place) -> None:
    """The step is the first larger distance on offer that shows anything."""
    wider = search(dataset, query, place).wider
    assert wider is not None
    larger = [band for band in BANDS if band is None or band > (query.within or 0)]
    totals = [search(dataset, replace(query, within=band), place).total for band in larger]
    first = next(i for i, total in enumerate(totals) if total)
    assert wider.query == replace(query, within=larger[first], clinic="")
    assert wider.total == totals[first]


def check_other_care(dataset: Dataset, query: Query, place: Place | None) -> None:
    """The step is everything of the categories not asked for, within the same distance."""
    results = search(dataset, query, place)
    others = {"ketamine", "mental-health"} - set(query.category or ("ketamine",))
    every = [
        f
        for f in brute_force.everything(dataset, place)
        if brute_force.is_near(f, query)
        and f.clinic.category in others
        and f.clinic.status != "closed"
    ]
    assert (results.other_care is None) == (not every)
    if results.other_care:
        assert results.other_care.total == len(every)
        assert search(dataset, results.other_care.query, place).total == len(every)


@pytest.mark.parametrize("town", MAIN)
def test_from_every_main_town_each_condition_leads_somewhere(
    directory: Directory, town: str
) -> None:
    place = place_of(directory, town)
    conditions = [c.id for c in directory.vocabulary.conditions]
    for condition, within in itertools.product(conditions, (5.0, 10.0)):
        check_next_steps(directory.dataset, Query(condition=(condition,), within=within), place)


@pytest.mark.parametrize("town", TOWNS)
def test_a_mile_around_town_there_is_no_ptsd_clinic_but_a_nearest_and_a_next_radius(
    directory: Directory, town: str
) -> None:
    query = Query(condition=("ptsd",), within=1.0)
    results = search(directory.dataset, query, place_of(directory, town))
    assert results.total == 0
    assert results.nearest_beyond is not None
    assert "ptsd" in results.nearest_beyond.clinic.conditions
    assert results.wider is not None
    assert results.wider.total > 0


@given(made_up_clinics(), queries())
@settings(max_examples=60)
def test_the_next_steps_of_any_search_keep_their_promise(
    clinics: list[dict[str, str]], query: Query
) -> None:
    dataset = dataset_of(clinics)
    check_next_steps(dataset, query, CENTER)
    check_next_steps(dataset, query, None)


def test_the_nearest_is_found_on_the_other_side_of_the_earth() -> None:
    antipode = made_up_clinic(1, latitude="-39", longitude="103")
    results = search(dataset_of([antipode]), Query(within=100.0), CENTER)
    assert results.nearest_beyond is not None
    assert results.nearest_beyond.distance_miles == pytest.approx(12_430, abs=10)
    assert results.wider is not None
    assert (results.wider.query.within, results.wider.total) == (None, 1)


def test_the_nearest_beyond_is_the_nearest_whatever_the_order_of_the_list() -> None:
    near = made_up_clinic(1, name="Made-up Z", latitude="39.5", last_checked="2026-01-01")
    far = made_up_clinic(2, name="Made-up A", latitude="39.6", last_checked="2026-11-01")
    for sort in ("distance", "name", "checked"):
        results = search(dataset_of([far, near]), Query(within=5.0, sort=sort), CENTER)
        assert results.nearest_beyond is not None
        assert results.nearest_beyond.clinic.name == "Made-up Z"


def test_a_selected_clinic_is_let_go_by_the_next_step() -> None:
    query = Query(within=5.0, clinic="made-up-clinic-1")
    results = search(dataset_of([made_up_clinic(1, latitude="39.5")]), query, CENTER)
    assert results.wider is not None
    assert results.wider.query.clinic == ""


def test_other_care_never_carries_the_filters_over() -> None:
    other = made_up_clinic(1, category="mental-health")
    query = Query(condition=("ptsd",), payment=("medicaid",), q="zzz", sort="name")
    results = search(dataset_of([other]), query, CENTER)
    assert results.other_care is not None
    assert results.other_care.query == Query(category=("mental-health",))


def test_from_other_care_the_way_back_is_the_plain_search() -> None:
    query = Query(category=("mental-health",), within=10.0)
    results = search(dataset_of([made_up_clinic(1)]), query, CENTER)
    assert results.other_care is not None
    assert results.other_care.query == Query(within=10.0)


def test_the_miles_to_the_nearest_listing_of_any_kind() -> None:
    far = made_up_clinic(1, category="mental-health", latitude="40", longitude="-77")
    miles = dataset_of([far]).index.nearest_miles(CENTER.point)
    assert miles == pytest.approx(brute_force.miles_between(39, -77, 40, -77), abs=1e-6)
    assert dataset_of([]).index.nearest_miles(Point(0, 0)) == float("inf")


def test_the_nearest_is_named_with_its_town_and_its_distance() -> None:
    dataset = dataset_of([made_up_clinic(1, latitude="39.5", location_precision="street")])
    results = search(dataset, Query(within=5.0), CENTER)
    sentence = "The nearest is Made-up Clinic 1 in Made-up Town, MD, 34.5 miles away."
    assert as_text(nothing_found(results)) == sentence


def test_only_an_answer_without_any_clinic_says_that_nothing_matches() -> None:
    dataset, nothing = dataset_of([made_up_clinic(1)]), "Nothing in this directory matches"
    assert as_text(nothing_found(search(dataset, Query(q="zzz")))).startswith(nothing)
    assert nothing_found(search(dataset, Query())) == ()
    assert nothing_found(search(dataset_of([]), Query())) == ()
    silent = Query(condition=("ptsd",), unstated="include")
    assert nothing_found(search(dataset, silent, CENTER)) == ()


def test_a_terminal_is_told_the_nearest_and_the_searches_to_go_on_with() -> None:
    dataset = dataset_of([made_up_clinic(1, latitude="39.5")])
    silent = Query(near="A, MD", within=50.0, condition=("ptsd",))
    said = as_table(search(dataset, silent, CENTER), dataset.vocabulary).splitlines()
    assert said[1:] == [
        "Nothing in this directory matches all of these choices.",
        "Also show 1 that does not say what it treats: "
        "search '--near=A, MD' --within=50 --condition=ptsd --unstated=include",
        "Start again with any condition and no filters: search '--near=A, MD' --within=50",
        "Need help now? Call or text 988. In danger: call 911.",
    ]
    plain = as_table(search(dataset, Query(near="A", within=5.0), CENTER), dataset.vocabulary)
    assert plain.splitlines()[1].startswith("The nearest is Made-up Clinic 1 in Made-up Town, MD, ")
    assert plain.splitlines()[2].endswith("within 50 miles: search --near=A --within=50")

"""No search is a dead end: what is offered next leads to what it promises."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings

from clinics.directory import Directory
from clinics.domain.model import Place, Point
from clinics.present import wording
from clinics.present.export import as_table
from clinics.present.next_steps import next_steps, nothing_found
from clinics.present.wording import as_text
from clinics.search.dataset import Dataset
from clinics.search.query import BANDS, Query
from clinics.search.search import NextStep, search
from tests import brute_force
from tests.made_up import (
    CENTER,
    TODAY,
    dataset_of,
    made_up_clinic,
    made_up_clinics,
    queries,
    words,
)

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
    check_lifts(dataset, query, place)
    check_promises(dataset, query, place)


def check_promises(dataset: Dataset, query: Query, place: Place | None) -> None:
    """Every step lists something, shows as many as it counts, and is not where one is already."""
    results = search(dataset, query, place)
    fixed = (results.other_care, *results.lifts, results.wider, results.any_care, results.fresh)
    for step in filter(None, fixed):
        assert search(dataset, step.query, place).total == step.total > 0
    for label, after in next_steps(results, dataset.vocabulary):
        assert search(dataset, after, place).listed > 0, label
        assert after != query, label
    after_each = [after for _, after in next_steps(results, dataset.vocabulary)]
    assert len(set(after_each)) == len(after_each)


def check_lifts(dataset: Dataset, query: Query, place: Place | None) -> None:
    """Without just these filters something is found, and without fewer nothing is."""
    results = search(dataset, query, place)
    if results.total:
        assert results.lifts == ()
    for step in results.lifts:
        for number in range(len(step.lifted)):
            for fewer in itertools.combinations(query.filters, number):
                assert search(dataset, query.without(*fewer), place, limit=0).total == 0


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
    """The step is the same question in the categories not asked for."""
    step = search(dataset, query, place).other_care
    others = tuple({"ketamine", "mental-health"} - set(query.category or ("ketamine",)))
    same = replace(query, category=others) if others else None
    found = brute_force.matching(dataset, same, place) if same else []
    assert (step is None) == (not found)
    if step:
        assert step.total == len(found)


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


def test_other_care_is_the_same_question_with_every_filter() -> None:
    fits = made_up_clinic(1, category="mental-health", conditions="ptsd", payment="military")
    other = made_up_clinic(2, category="mental-health", conditions="ptsd")
    query = Query(condition=("ptsd",), payment=("military",), sort="name", clinic="x")
    results = search(dataset_of([fits, other]), query, CENTER)
    assert results.other_care == NextStep(replace(query, category=("mental-health",), clinic=""), 1)
    label, after = next_steps(results, words())[0]
    assert label == (
        "Show 1 other mental health place within 25 miles listed as treating PTSD and taking "
        "military insurance"
    )
    assert after == results.other_care.query


def test_only_where_the_same_question_finds_none_is_other_care_for_anything_offered() -> None:
    other = made_up_clinic(1, category="mental-health")
    results = search(dataset_of([other]), Query(condition=("ptsd",), q="zzz"), CENTER)
    assert results.other_care is None
    assert [label for label, _ in next_steps(results, words())] == [
        "Show 1 other mental health place within 25 miles"
    ]


def test_near_baltimore_the_payment_that_hides_two_is_named(directory: Directory) -> None:
    """The question of a veteran with PTSD; 13 places of the other list answer it."""
    query = Query("Baltimore, MD", 10.0, condition=("ptsd",), payment=("military",))
    results = search(directory.dataset, query, place_of(directory, "Baltimore"))
    asked = "listed as treating PTSD and taking military insurance"
    assert wording.headline(results, words()) == (
        f"No ketamine or Spravato clinic within 10 miles of Baltimore, MD {asked}"
    )
    steps = next_steps(results, words())
    assert [label for label, _ in steps][:2] == [
        f"Show 13 other mental health places within 10 miles {asked}",
        "Also show 2 that are listed as treating PTSD but do not say what they take, and 1 that "
        "does not say what it treats or what it takes",
    ]
    assert [after for _, after in steps][:2] == [
        replace(query, category=("mental-health",)),
        replace(query, unstated="include"),
    ]
    assert steps[-1][0].startswith("Start again with no filters: ")


def test_just_the_filter_that_leaves_nothing_is_lifted_and_no_other() -> None:
    clinics = [
        made_up_clinic(1, conditions="ptsd", payment="medicaid", languages="es"),
        made_up_clinic(2, conditions="ptsd", languages="es"),
        made_up_clinic(3, conditions="ocd", payment="military"),
    ]
    query = Query(condition=("ptsd",), payment=("military",), language=("es",))
    results = search(dataset_of(clinics), query, CENTER)
    assert results.lifts == (NextStep(replace(query, payment=()), 2, ("payment",), 1),)
    assert [label for label, _ in next_steps(results, words())] == [
        "Also show 1 that is listed as treating PTSD and speaking Spanish but does not say what it "
        "takes",
        "Show 2 ketamine and Spravato clinics within 25 miles listed as treating PTSD and speaking "
        "Spanish, with any way to pay (1 of them does not say)",
        "Start again with no filters: 3 ketamine and Spravato clinics within 25 miles",
    ]


def test_a_filter_is_not_lifted_for_those_alone_that_state_nothing_there() -> None:
    query = Query(condition=("ptsd",), payment=("military",))
    results = search(dataset_of([made_up_clinic(1, conditions="ptsd")]), query, CENTER)
    assert (results.lifts, results.unstated_total) == ((), 1)


def test_where_nothing_at_all_is_near_one_starts_again_farther_away() -> None:
    far = made_up_clinic(1, latitude="39.5")
    results = search(dataset_of([far]), Query(within=5.0, q="zzz"), CENTER)
    assert results.fresh == NextStep(Query(within=50.0), 1)


def test_no_two_steps_lead_to_the_same_search() -> None:
    results = search(dataset_of([made_up_clinic(1)]), Query(q="zzz"), CENTER)
    assert next_steps(results, words()) == [
        ("Show 1 ketamine or Spravato clinic within 25 miles, with any name", Query())
    ]


def test_those_with_a_telephone_number_are_one_step_away() -> None:
    clinics = [made_up_clinic(1, phone="(301) 555-0123"), made_up_clinic(2)]
    results = search(dataset_of(clinics), Query(), CENTER)
    assert next_steps(results, words()) == [
        ("Show only the one with a telephone number", Query(phone="yes"))
    ]
    assert next_steps(search(dataset_of(clinics[:1]), Query(), CENTER), words()) == []


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
    assert as_text(nothing_found(results, words())) == sentence


@pytest.mark.parametrize(
    ("precision", "said"),
    [
        (
            "town",
            "The nearest may be Made-up Clinic 1, somewhere in Made-up Town, MD (its center is "
            "about 34 miles away). Only its town is known.",
        ),
        (
            "zip",
            "The nearest may be Made-up Clinic 1, in Made-up Town, MD, about 34 miles away. Only "
            "its ZIP is known.",
        ),
    ],
)
def test_of_a_position_that_is_not_known_nobody_says_that_it_is_the_nearest(
    precision: str, said: str
) -> None:
    dataset = dataset_of([made_up_clinic(1, latitude="39.5", location_precision=precision)])
    assert as_text(nothing_found(search(dataset, Query(within=5.0), CENTER), words())) == said


def test_only_an_answer_without_any_clinic_says_that_nothing_matches() -> None:
    dataset = dataset_of([made_up_clinic(1)])

    def said(query: Query, place: Place | None = None, within: Dataset = dataset) -> str:
        return as_text(nothing_found(search(within, query, place), words()))

    assert said(Query(q="zzz")) == (
        "This directory has no ketamine or Spravato clinic with “zzz” in the name or town."
    )
    assert said(Query()) == said(Query(), None, dataset_of([])) == ""
    assert said(Query(condition=("ptsd",), unstated="include"), CENTER) == ""
    assert said(Query(condition=("ptsd",), category=("mental-health",)), CENTER) == (
        "This directory has no other mental health place listed as treating PTSD."
    )


def test_a_terminal_is_told_the_nearest_and_the_searches_to_go_on_with() -> None:
    dataset = dataset_of([made_up_clinic(1, latitude="39.5")])
    silent = Query(near="A, MD", within=50.0, condition=("ptsd",))
    said = as_table(search(dataset, silent, CENTER), dataset.vocabulary, TODAY).splitlines()
    assert said == [
        "No ketamine or Spravato clinic within 50 miles of Made-up Town, MD listed as treating "
        "PTSD",
        "This directory has no ketamine or Spravato clinic listed as treating PTSD.",
        "Also show 1 that does not say what it treats: "
        "search '--near=A, MD' --within=50 --condition=ptsd --unstated=include",
        "Start again with no filters: 1 ketamine or Spravato clinic within 50 miles: "
        "search '--near=A, MD' --within=50",
        "Need help now? Call or text 988 (en español: press 2). In danger: call 911.",
    ]
    silent = replace(silent, unstated="include")
    shown = as_table(search(dataset, silent, CENTER), dataset.vocabulary, TODAY).splitlines()
    assert shown[0].endswith(" listed as treating PTSD, and 1 that does not say")
    assert shown[1] == "It gives no telephone number."
    assert shown[2].startswith("This was not confirmed by us in the last 90 days")
    assert shown[3].endswith(
        " · No telephone number and no website listed · Does not say what it treats"
    )
    near = search(dataset, Query(near="A", within=5.0), CENTER)
    plain = as_table(near, dataset.vocabulary, TODAY)
    assert plain.splitlines()[1].startswith("The nearest is Made-up Clinic 1 in Made-up Town, MD, ")
    assert plain.splitlines()[2].endswith("within 50 miles: search --near=A --within=50")

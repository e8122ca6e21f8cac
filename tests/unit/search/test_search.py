"""A search finds what going through every clinic by hand finds, in the same order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.directory import Directory
from clinics.search.query import BANDS, Query
from clinics.search.search import Results, search
from tests import brute_force
from tests.made_up import CENTER, dataset_of, made_up_clinic, made_up_clinics, queries

A_MILLIMETER = 1e-3 / 1609.344
places = st.sampled_from([CENTER, None])


def names(results: Results) -> list[str]:
    return [hit.clinic.name for hit in results.shown]


def found(*clinics: dict[str, str], **query: object) -> list[str]:
    asked = Query(**query)  # type: ignore[arg-type]
    return names(search(dataset_of(clinics), asked, CENTER))


@given(made_up_clinics(), queries(), places)
@settings(max_examples=60)
def test_a_search_of_made_up_clinics_is_what_a_plain_loop_finds(
    clinics: list[dict[str, str]], query: Query, place: object
) -> None:
    _agrees(dataset_of(clinics), query, place)


@given(queries(most=20), st.sampled_from(["Takoma Park", "Germantown", "Ellicott City", ""]))
@settings(max_examples=60)
def test_a_search_of_the_real_clinics_is_what_a_plain_loop_finds(
    directory: Directory, query: Query, town: str
) -> None:
    place = directory.gazetteer.towns_named(town, "MD")[0] if town else None
    _agrees(directory.dataset, query, place)


def _agrees(dataset, query, place) -> None:  # type: ignore[no-untyped-def]
    results = search(dataset, query, place)
    expected = brute_force.matching(dataset, query, place)
    silent = brute_force.silent(dataset, query, place)
    assert [hit.clinic.id for hit in results.hits] == [f.clinic.id for f in expected]
    assert (results.total, results.unstated_total) == (len(expected), len(silent))
    assert sum(results.silent_on.values()) == len(silent)
    shown_silent = silent if query.unstated == "include" else []
    assert [hit.clinic.id for hit in results.unstated] == [f.clinic.id for f in shown_silent]
    assert results.phones == sum(bool(f.clinic.phone) for f in expected + shown_silent)
    assert results.listed == len(expected + shown_silent)
    for hit, by_hand in zip(results.shown, expected + shown_silent, strict=True):
        if place is None:
            assert hit.distance_miles is None
        else:
            assert hit.distance_miles == pytest.approx(by_hand.miles, abs=A_MILLIMETER)


@given(made_up_clinics(), queries())
@settings(max_examples=40)
def test_a_larger_radius_never_loses_a_clinic(clinics: list[dict[str, str]], query: Query) -> None:
    dataset = dataset_of(clinics)
    before: set[str] = set()
    for band in BANDS:
        results = search(dataset, replace(query, within=band), CENTER, facets=False)
        now = {hit.clinic.id for hit in results.shown}
        assert before <= now
        before = now


@pytest.mark.slow
@given(made_up_clinics(), queries(), places, st.integers(1, 5))
@settings(max_examples=60)
def test_the_pages_of_an_answer_join_to_the_whole(
    clinics: list[dict[str, str]], query: Query, place: object, size: int
) -> None:
    dataset = dataset_of(clinics)
    whole = search(dataset, query, place)  # type: ignore[arg-type]
    pages = [
        search(dataset, query, place, limit=size, offset=start)  # type: ignore[arg-type]
        for start in range(0, len(whole.shown) + size, size)
    ]
    assert tuple(hit for page in pages for hit in page.shown) == whole.shown
    assert {(page.total, page.unstated_total) for page in pages} == {
        (whole.total, whole.unstated_total)
    }
    assert all(len(page.shown) <= size for page in pages)


@pytest.mark.slow
@given(made_up_clinics(), queries(), places)
def test_a_clinic_that_does_not_say_what_was_asked_never_stands_among_those_that_do(
    clinics: list[dict[str, str]], query: Query, place: object
) -> None:
    results = search(dataset_of(clinics), query, place)  # type: ignore[arg-type]
    assert all(hit.matches == "stated" for hit in results.hits)
    assert all(hit.matches == "not stated" for hit in results.unstated)
    for hit in results.hits:
        assert hit.not_stated == ()
    for hit in results.unstated:
        says = dict(zip(brute_force.STATABLE, brute_force.answers(hit.clinic, query), strict=True))
        assert hit.not_stated == tuple(name for name, said in says.items() if said is None)
    assert results.shown == results.hits + results.unstated


def test_the_silent_come_last_even_when_they_are_nearer() -> None:
    near = made_up_clinic(1)
    far = made_up_clinic(2, latitude="39.2", conditions="ptsd")
    other = made_up_clinic(3, conditions="ocd")
    chosen = {"condition": ("ptsd",)}
    assert found(near, far, other, **chosen) == ["Made-up Clinic 2"]
    assert found(near, far, other, **chosen, unstated="include") == [
        "Made-up Clinic 2",
        "Made-up Clinic 1",
    ]
    silent = search(dataset_of([near, far, other]), Query(**chosen), CENTER)  # type: ignore[arg-type]
    assert silent.unstated_total == 1


def test_unstated_means_every_filter_and_never_those_that_say_otherwise() -> None:
    clinics = [
        made_up_clinic(1, conditions="ptsd", payment="military"),
        made_up_clinic(2, conditions="ptsd"),
        made_up_clinic(3, payment="military"),
        made_up_clinic(4),
        made_up_clinic(5, conditions="ptsd", payment="medicaid"),
        made_up_clinic(6, conditions="ocd"),
    ]
    query = Query(condition=("ptsd",), payment=("military",), unstated="include")
    results = search(dataset_of(clinics), query, CENTER)
    assert names(results) == [f"Made-up Clinic {n}" for n in (1, 2, 3, 4)]
    assert (results.total, results.unstated_total, results.listed) == (1, 3, 4)
    assert [hit.not_stated for hit in results.shown] == [
        (), ("payment",), ("condition",), ("condition", "payment"),
    ]  # fmt: skip
    assert dict(results.silent_on) == {
        ("condition",): 1, ("payment",): 1, ("condition", "payment"): 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("treatment", ("tms",)), ("payment", ("medicaid",)), ("language", ("es",)),
        ("setting", "telehealth"), ("condition", ("ptsd",)),
    ],
)  # fmt: skip
def test_what_a_filter_looks_for_may_be_unstated(name: str, value: object) -> None:
    query = Query(**{name: value})  # type: ignore[arg-type]
    results = search(dataset_of([made_up_clinic(1)]), query, CENTER)
    assert (results.total, results.unstated_total) == (0, 1)
    assert dict(results.silent_on) == {(name,): 1}


def test_clinics_with_a_telephone_number_are_found_alone() -> None:
    clinics = [made_up_clinic(1, phone="(301) 555-0123"), made_up_clinic(2)]
    assert found(*clinics, phone="yes") == ["Made-up Clinic 1"]
    assert found(*clinics) == ["Made-up Clinic 1", "Made-up Clinic 2"]
    assert search(dataset_of(clinics), Query(phone="yes"), CENTER).unstated_total == 0


def test_several_conditions_combine_as_any_or_as_all() -> None:
    one = made_up_clinic(1, conditions="ptsd")
    both = made_up_clinic(2, conditions="ocd;ptsd")
    wanted = ("ptsd", "ocd")
    assert found(one, both, condition=wanted) == ["Made-up Clinic 1", "Made-up Clinic 2"]
    assert found(one, both, condition=wanted, match="all") == ["Made-up Clinic 2"]


def test_a_closed_clinic_is_never_shown() -> None:
    states = {1: "", 2: "open", 3: "temporarily-closed", 4: "moved", 5: "closed"}
    clinics = [made_up_clinic(n, status=status, conditions="ptsd") for n, status in states.items()]
    assert len(found(*clinics)) == 4
    assert "Made-up Clinic 5" not in found(*clinics, condition=("ptsd",), unstated="include")
    assert search(dataset_of(clinics[4:]), Query(), CENTER).nearest_beyond is None


def test_without_a_place_everything_is_listed_and_nothing_has_a_distance() -> None:
    clinics = [made_up_clinic(1), made_up_clinic(2, latitude="-45", longitude="170")]
    results = search(dataset_of(clinics), Query(within=5.0))
    assert names(results) == ["Made-up Clinic 1", "Made-up Clinic 2"]
    assert [hit.distance_miles for hit in results.hits] == [None, None]
    assert (results.nearest_beyond, results.wider) == (None, None)


def test_nearest_first_and_ties_by_name_and_then_by_place_in_the_file() -> None:
    clinics = [
        made_up_clinic(1, name="Made-up Zebra", latitude="39.1"),
        made_up_clinic(2, name="Made-up beta"),
        made_up_clinic(3, name="Made-up Alpha"),
        made_up_clinic(4, name="Made-up ALPHA"),
    ]
    assert found(*clinics) == ["Made-up Alpha", "Made-up ALPHA", "Made-up beta", "Made-up Zebra"]


def test_of_clinics_that_are_said_to_be_as_far_the_one_known_better_comes_first() -> None:
    """A fiftieth of a degree is about 1.4 miles: about 1.5 of a ZIP, about 1 of a town."""
    clinics = [
        made_up_clinic(1, latitude="39.02", location_precision="town"),
        made_up_clinic(2, latitude="39.02", location_precision="zip"),
        made_up_clinic(3, latitude="39.02", location_precision="street"),
        made_up_clinic(4, latitude="39.0205", location_precision="street"),
        made_up_clinic(5, latitude="39.04", location_precision="street"),
        made_up_clinic(6, latitude="39.005", location_precision="town"),
    ]
    order = [6, 3, 4, 1, 2, 5]
    assert found(*clinics) == [f"Made-up Clinic {n}" for n in order]
    for end in range(1, 7):  # a page of the list is the beginning of the whole
        page = search(dataset_of(clinics), Query(), CENTER, limit=end)
        assert names(page) == [f"Made-up Clinic {n}" for n in order[:end]]


def test_without_a_place_how_exact_a_position_is_orders_nothing() -> None:
    rough, exact = made_up_clinic(1, location_precision="town"), made_up_clinic(2)
    assert names(search(dataset_of([exact, rough]), Query())) == [rough["name"], exact["name"]]


def test_what_we_confirmed_comes_before_what_only_a_newer_source_says() -> None:
    clinics = [
        made_up_clinic(1),
        made_up_clinic(2, source_date="2026-11"),
        made_up_clinic(3, source_date="2024-07-03"),
        made_up_clinic(4, last_checked="2025-01-01", source_date="2024"),
        made_up_clinic(5, last_checked="2025-01-01", source_date="2024-07"),
    ]
    order = [5, 4, 2, 3, 1]
    assert found(*clinics, sort="checked") == [f"Made-up Clinic {n}" for n in order]
    page = search(dataset_of(clinics), Query(sort="checked"), limit=3)
    assert names(page) == [f"Made-up Clinic {n}" for n in order[:3]]


def test_by_name_ties_are_broken_by_distance() -> None:
    clinics = [
        made_up_clinic(1, name="Made-up B"),
        made_up_clinic(2, name="Made-up a", latitude="39.2", hours="far"),
        made_up_clinic(3, name="Made-up A", latitude="39.1", hours="near"),
    ]
    results = search(dataset_of(clinics), Query(sort="name"), CENTER)
    assert [hit.clinic.hours for hit in results.hits] == ["near", "far", ""]


def test_last_checked_first_and_the_undated_last() -> None:
    clinics = [
        made_up_clinic(1),
        made_up_clinic(2, last_checked="2026-01-01"),
        made_up_clinic(3, last_checked="2026-11-01", latitude="39.2"),
        made_up_clinic(4, last_checked="2026-11-01", latitude="39.1"),
    ]
    assert found(*clinics, sort="checked") == [f"Made-up Clinic {n}" for n in (4, 3, 2, 1)]


def test_text_is_looked_for_in_name_and_town_whatever_its_case_and_as_it_stands() -> None:
    clinics = [
        made_up_clinic(1, name="Made-up (Straße) Clinic", city="Rockville"),
        made_up_clinic(2, city="Bethesda"),
    ]
    assert found(*clinics, q="ROCK") == ["Made-up (Straße) Clinic"]
    assert found(*clinics, q="strasse)") == ["Made-up (Straße) Clinic"]
    assert found(*clinics, q=".*") == []
    assert found(*clinics, q="clinic rock") == []


def test_an_id_that_the_data_does_not_know_finds_nothing_and_breaks_nothing() -> None:
    assert found(made_up_clinic(1, conditions="ptsd"), condition=("no-such-id",)) == []
    assert found(made_up_clinic(1), category=("no-such-id",)) == []


def test_an_empty_directory_is_searched_without_complaint() -> None:
    results = search(dataset_of([]), Query(condition=("ptsd",), unstated="include"), CENTER)
    assert (results.total, results.shown, results.wider) == (0, (), None)
    assert results.nearest_beyond is None

"""The worklist puts what most needs a keeper first; the figures count what is there."""

import datetime as dt
import time

import pandas as pd
import pytest

from clinics.domain.model import Freshness
from clinics.publishing.worklist import (
    COUNTED,
    URGENCY,
    completeness,
    freshness,
    share,
    tasks_in_all,
    worklist,
)
from clinics.search.dataset import Dataset, Version
from tests.made_up import dataset_of, made_up_clinic, words

TODAY = dt.date(2026, 11, 22)
GOOD = {"phone": "(301) 555-0123", "address": "1 Made-up Road", "last_checked": "2026-11-01"}


def clinic(number: int, **cells: str) -> dict[str, str]:
    return made_up_clinic(number, **{**GOOD, **cells})


def listed(*clinics, waiting=(), limit=None, offset=0):
    found = worklist(dataset_of(clinics), waiting, TODAY, limit, offset=offset)
    return {task.clinic.id.removeprefix("made-up-clinic-"): task.reasons for task in found}


def test_what_most_needs_a_keeper_comes_first():
    found = listed(
        clinic(1),
        clinic(2, last_checked="2026-08-01"),
        clinic(3, last_checked="2026-01-31"),
        clinic(4, last_checked=""),
        clinic(5, location_precision="zip"),
        clinic(6, address=""),
        clinic(7, phone=""),
        clinic(8),
        waiting=["made-up-clinic-8"],
    )
    assert found == {
        "8": ("A correction is waiting",),
        "7": ("No telephone",),
        "6": ("No street address",),
        "5": ("Only an approximate position",),
        "4": ("Never confirmed by us, and its source has no date",),
        "3": ("Last confirmed by us on 31 Jan 2026, more than 180 days ago",),
        "2": ("Last confirmed by us on 1 Aug 2026, more than 90 days ago",),
    }
    assert list(found) == ["8", "7", "6", "5", "4", "3", "2"]


def test_age_is_that_of_the_newer_date_and_a_confirmation_by_us_is_asked_for():
    found = listed(
        clinic(1, last_checked="", source_date="2026-10"),
        clinic(2, last_checked="", source_date="2024-07-03"),
        clinic(3, last_checked="2026-11-01", source_date="2024-07-03"),
        clinic(4, last_checked="2025-11-01", source_date="2026-07-30"),
    )
    assert found == {
        "2": ("Never confirmed by us; its source is of July 2024, more than 180 days ago",),
        "4": ("Last confirmed by us on 1 Nov 2025, more than 90 days ago",),
    }


def test_a_need_outweighs_everything_after_it():
    weights = list(URGENCY.values())
    *needs, _not_dated, _old, _aging = weights
    assert weights == sorted(weights, reverse=True)
    for place, weight in enumerate(needs):
        after = needs[place + 1 :]
        assert weight > sum(after) + URGENCY["not dated"]


def test_the_urgency_is_the_sum_of_the_needs():
    (task,) = worklist(dataset_of([clinic(1, phone="", last_checked="")]), [], TODAY)
    assert task.urgency == URGENCY["phone"] + URGENCY["not dated"] == 460
    assert task.reasons == ("No telephone", "Never confirmed by us, and its source has no date")


def test_of_two_alike_the_one_checked_longer_ago_comes_first_and_then_the_name_decides():
    found = listed(
        clinic(1, name="B", last_checked="2025-02-02"),
        clinic(2, name="A", last_checked="2025-02-02"),
        clinic(3, name="C", last_checked="2024-02-02"),
    )
    assert list(found) == ["3", "2", "1"]


def test_corrections_are_counted_and_those_of_listings_that_are_gone_are_not_here():
    waiting = ["made-up-clinic-1", "gone", "made-up-clinic-1"]
    assert listed(clinic(1), clinic(2), waiting=waiting) == {"1": ("2 corrections are waiting",)}


def test_a_closed_clinic_needs_a_keeper_only_for_a_correction():
    closed = clinic(1, status="closed", phone="")
    assert listed(closed) == {}
    assert listed(closed, waiting=["made-up-clinic-1"]) == {
        "1": ("A correction is waiting", "No telephone")
    }


def test_a_page_of_the_worklist_can_be_asked_for():
    clinics = [clinic(n, phone="", name=f"Clinic {n}") for n in range(1, 8)]
    assert list(listed(*clinics, limit=2)) == ["1", "2"]
    assert list(listed(*clinics, limit=2, offset=6)) == ["7"]
    assert tasks_in_all(dataset_of(clinics), [], TODAY) == 7


def test_nothing_to_do_is_an_empty_list():
    assert listed(clinic(1)) == {}
    assert listed() == {}


def test_every_listing_as_shipped_has_reasons_and_the_order_never_rises(directory):
    tasks = worklist(directory.dataset, [], TODAY)
    assert all(task.reasons for task in tasks)
    assert [t.urgency for t in tasks] == sorted((t.urgency for t in tasks), reverse=True)
    assert len(tasks) == tasks_in_all(directory.dataset, [], TODAY)


def test_freshness_is_that_of_each_clinic():
    days = ("", "2024-07-03", "2024-07-02", "2024-04-04", "2024-04-03", "2024-01-05", "2023-12-01")
    dataset = dataset_of([clinic(n, last_checked=day) for n, day in enumerate(days)])
    for today in (TODAY, dt.date(2024, 7, 3), dt.date(2024, 10, 1), dt.date(2024, 12, 30)):
        found = freshness(dataset.checked, today)
        for row in range(len(dataset)):
            (age,) = [age for age in Freshness if found[age][row]]
            assert age is dataset.clinic(row).freshness(today)


@pytest.fixture(scope="module")
def large(directory):
    table = pd.concat([directory.dataset.table] * 218, ignore_index=True)
    table["id"] = [f"made-up-{number}" for number in range(len(table))]
    dataset = Dataset(table, words(), Version("made-up", None, len(table)))
    assert len(dataset) > 50_000
    assert len(dataset.row_of) == len(dataset)
    return dataset


def test_a_page_of_the_worklist_and_the_figures_of_50000_listings_take_under_a_second(large):
    begun = time.perf_counter()
    tasks = worklist(large, ["made-up-77", *(f"made-up-{n}" for n in range(500))], TODAY, 100)
    assert time.perf_counter() - begun < 1
    assert len(tasks) == 100
    begun = time.perf_counter()
    completeness(large, TODAY)
    assert time.perf_counter() - begun < 1


def test_figures_count_what_each_list_states():
    figures = completeness(
        dataset_of(
            [
                clinic(1, website="https://made-up.example", location_precision="zip"),
                clinic(2, phone="", last_checked=""),
                clinic(3, category="mental-health", last_checked="2020-01-01"),
            ]
        ),
        TODAY,
    )
    assert figures.totals == (2, 1)
    stated = {row.label: row.counts for row in figures.stated}
    assert list(stated) == list(COUNTED.values())
    assert stated["Telephone"] == (1, 1)
    assert stated["Website"] == (1, 0)
    assert stated["Opening hours"] == (0, 0)
    assert {row.label: row.counts for row in figures.checked} == {
        "Confirmed by us in the last 90 days": (1, 0),
        "Confirmed by us 91 to 180 days ago": (0, 0),
        "Confirmed by us longer ago": (0, 1),
        "Not confirmed by us": (1, 0),
    }
    assert [row.counts for row in figures.positions] == [(1, 1), (1, 0)]
    assert figures.words(figures.stated[1]) == ("1 (50%)", "1 (100%)")
    assert figures.headings[1] == "Other mental health care: 1"


def test_ages_and_positions_add_up_to_all_listings(directory):
    figures = completeness(directory.dataset, TODAY)
    assert sum(figures.totals) == len(directory.dataset)
    for rows in (figures.checked, figures.positions):
        assert tuple(map(sum, zip(*(row.counts for row in rows), strict=True))) == figures.totals


def test_a_list_without_listings_is_left_out():
    assert completeness(dataset_of([clinic(1)]), TODAY).totals == (1,)
    assert completeness(dataset_of([]), TODAY).lists == ()


@pytest.mark.parametrize(
    ("count", "total", "said"),
    [
        (0, 26, "0 (0%)"),
        (25, 26, "25 (96%)"),
        (1, 1000, "1 (1%)"),
        (49_999, 50_000, "49,999 (99%)"),
        (26, 26, "26 (100%)"),
    ],
)
def test_a_share_never_rounds_to_all_or_none(count, total, said):
    assert share(count, total) == said

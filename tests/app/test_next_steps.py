"""No dead ends: what the buttons under an empty or short answer promise, and that they keep it."""

import re

import pytest


def promised(label):
    return int(re.search(r"[\d,]+", label)[0].replace(",", ""))


def test_migraine_near_takoma_park_names_the_nearest_beyond(visit):
    page = visit(near="Takoma Park, MD", within="5", condition="migraine")
    assert page.headline.startswith("No ketamine or Spravato clinic within 5 miles")
    assert "The nearest may be **Avesta Ketamine and Wellness**, somewhere in" in page.text
    assert "its center is just over 5 miles away" in page.text
    assert page.cards == ""


def test_an_empty_answer_has_the_crisis_line_once(visit):
    page = visit(near="Takoma Park, MD", within="5", condition="migraine")
    assert "988" in page.crisis
    assert page.text.count("[988]") == 1


@pytest.mark.parametrize(
    ("search", "label"),
    [
        (
            {"near": "Takoma Park, MD", "within": "5", "condition": "migraine"},
            "Show 3 ketamine and Spravato clinics within 10 miles listed as treating migraine",
        ),
        (
            {"near": "Germantown, MD", "within": "5"},
            "Show 2 ketamine and Spravato clinics within 10 miles",
        ),
        ({"near": "90210"}, "Show 27 ketamine and Spravato clinics at any distance"),
    ],
)
def test_the_wider_search_shows_exactly_as_many_as_its_button_says(visit, search, label):
    page = visit(**search)
    assert label in page.buttons
    page.click(label)
    assert page.total == promised(label)
    assert page.warnings == []


@pytest.mark.parametrize(
    "search",
    [
        {"near": "Takoma Park, MD"},
        {"near": "Takoma Park, MD", "condition": "ptsd"},
        {"near": "Baltimore, MD", "within": "10", "condition": "ptsd", "payment": "military"},
        {"near": "Takoma Park, MD", "within": "5", "condition": "migraine"},
        {"near": "Germantown, MD", "within": "5"},
        {"near": "Baltimore, MD", "category": "mental-health"},
    ],
)
def test_the_other_kind_of_care_shows_exactly_as_many_as_its_button_says(visit, search):
    page = visit(**search)
    other = "ketamine" if "category" in search else "other mental health"
    label = next(b for b in page.buttons if b.startswith("Show") and other in b)
    page.click(label)
    assert page.total == promised(label)


def test_germantown_within_5_names_bright_horizons(visit):
    page = visit(near="Germantown, MD", within="5")
    assert page.total == 0
    assert "**Bright Horizons Psychiatry**, somewhere in Rockville, MD (its center is " in page.text


def test_a_search_that_matches_nothing_anywhere_can_be_started_again(visit):
    page = visit(near="20912", within="any", q="no clinic is called so")
    assert page.total == 0
    said = "This directory has no ketamine or Spravato clinic with “no clinic is called so” in the"
    assert said in page.text
    page.click("Show 27 ketamine and Spravato clinics at any distance, with any name")
    assert page.url == {"near": "20912", "within": "any"}
    assert page.total == 27


@pytest.mark.parametrize("place", ["90210", "Germantown, MD", "Takoma Park, MD"])
def test_every_empty_answer_has_a_button_that_finds_something(visit, place):
    page = visit(near=place, within="5", condition="postpartum-depression", q="zzz")
    assert page.total == 0
    start = [b for b in page.buttons if b.startswith(("Show", "Start again"))]
    assert start


def test_25_cards_stand_on_a_page_and_the_next_goes_on_counting(visit):
    page = visit(category="mental-health", within="any")
    assert page.total > 50
    assert page.numbers == list(range(1, 26))
    first = page.ids
    page.go_to_page(2)
    assert page.numbers == list(range(26, 51))
    assert not set(first) & set(page.ids)


def test_a_new_search_begins_on_its_first_page(visit):
    page = visit(category="mental-health", within="any").go_to_page(3)
    page.type_place("20912")
    assert page.numbers[0] == 1


def test_all_pages_together_are_the_whole_answer(visit):
    page = visit(category="mental-health", near="20912")
    seen = list(page.ids)
    for number in range(2, -(-page.total // 25) + 1):
        seen += page.go_to_page(number).ids
    assert len(seen) == len(set(seen)) == page.total


def test_going_back_to_a_shorter_list_shows_its_first_page(visit):
    page = visit(category="mental-health", within="any").go_to_page(3)
    page.app.query_params.clear()
    page.app.query_params["near"] = "20912"
    page._run()
    assert page.numbers[0] == 1
    assert page.total == 21

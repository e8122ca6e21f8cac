"""What a first visitor sees, and what stands on every page."""

import re

from clinics.domain.language import say
from ui import resources


def test_the_first_page_lists_every_ketamine_clinic_without_a_place(app):
    assert app.headline == "27 ketamine and Spravato clinics"
    assert app.measured_from.startswith("7 of these 27 give a telephone number. None was")
    assert "straight lines" not in app.measured_from
    assert app.distances == []
    assert app.url == {}


def test_the_first_page_shows_the_first_25_of_27(app):
    assert app.numbers == list(range(1, 26))
    assert len(set(app.ids)) == 25


def test_nobody_is_selected_and_nothing_is_warned_of_at_first(app):
    assert app.selected == []
    assert app.warnings == []


def test_what_is_known_of_the_therapy_stands_there_before_anything_is_chosen(app, directory):
    start = directory.explainer.topics[:2]
    assert "What is known about ketamine therapy" in app.known
    for topic in start:
        assert topic.summary in app.known
        assert app.links[f"Read more: {topic.title}"] == f"./learn?topic={topic.id}"


def test_the_three_controls_are_there_at_once(app):
    assert app.place_box == ""
    assert app.counts("condition")["ptsd"] == 11
    assert app.controls == ["What for: any condition", "How far: 25 miles", "Filters"]


def test_every_condition_of_the_vocabulary_is_offered_with_a_count(app):
    counts = app.counts("condition")
    assert len(counts) == 13
    assert all(0 <= count <= 27 for count in counts.values())


def test_the_crisis_line_stands_on_the_search_page(app):
    assert "988" in app.crisis
    assert "911" in app.crisis


def test_the_crisis_line_stands_on_the_about_page(app):
    app.go_to("about.py")
    assert app.app.title[0].value == "About this directory"
    assert "988" in app.crisis
    assert "911" in app.crisis


def test_the_crisis_line_says_what_the_command_line_says(app):
    assert re.sub(r"\*\*|\[|\]\(tel:\d+\)", "", app.crisis) == say("shell.crisis")


def test_the_about_page_counts_the_listings_and_says_where_they_are_from(app):
    app.go_to("about.py")
    assert f"There are {len(resources.directory().dataset)} listings." in app.text
    assert "The clinic's own pages" in app.text


def test_the_about_page_promises_that_no_address_is_kept(app):
    app.go_to("about.py")
    assert "a street address never is" in app.text


def test_every_page_says_that_it_is_information_and_not_advice(app):
    assert "not medical advice" in app.text
    assert "not medical advice" in app.go_to("about.py").text

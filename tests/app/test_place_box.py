"""Typing into "Where": towns, ZIPs, towns of one name, and street addresses."""

import re

import pytest

from tests.app.conftest import ADDRESS


def test_a_town_is_found_and_distances_are_from_it(app):
    app.type_place("takoma park")
    assert app.url == {"near": "Takoma Park, MD"}
    assert app.headline == "21 ketamine and Spravato clinics within 25 miles of Takoma Park, MD"
    assert app.measured_from.startswith("6 of these 21 give a telephone number. ")
    assert "Distances are straight lines from the center of Takoma Park, MD." in app.measured_from
    assert len(app.distances) == 21
    assert app.distances[0] == "Somewhere in Silver Spring (its center is about 2 miles away)"


def test_distances_are_in_order(app):
    app.type_place("takoma park")
    found = (re.search(r"([\d.]+) miles?", distance) for distance in app.distances)
    miles = [round(float(number[1])) for number in found if number]
    assert len(miles) > 15
    assert miles == sorted(miles)


def test_a_zip_code_is_found(app):
    app.type_place(" 20912 ")
    assert app.url == {"near": "20912"}
    assert app.headline.endswith("within 25 miles of ZIP 20912")
    assert app.warnings == []


def test_the_box_keeps_what_was_typed_and_a_link_shows_the_full_name(app, visit):
    assert app.type_place("takoma park").place_box == "takoma park"
    assert visit(**app.url).place_box == "Takoma Park, MD"


def test_emptying_the_box_measures_from_nowhere(app):
    app.type_place("20912").type_place("")
    assert app.url == {}
    assert app.headline == "27 ketamine and Spravato clinics"


def test_several_towns_of_one_name_are_asked_about(app):
    app.type_place("Philadelphia")
    assert "Which one do you mean?" in app.text
    assert {"Philadelphia, PA", "Philadelphia, TN"} <= set(app.buttons)
    assert app.headline == "27 ketamine and Spravato clinics"
    assert app.distances == []


def test_a_click_says_which_town_was_meant(app):
    app.type_place("Philadelphia").click("Philadelphia, PA")
    assert app.url == {"near": "Philadelphia, PA"}
    assert app.headline.endswith("of Philadelphia, PA")
    assert "Which one do you mean?" not in app.text
    assert app.place_box == "Philadelphia, PA"


def test_a_shared_link_with_such_a_name_asks_too(visit):
    shared = visit(near="Philadelphia")
    assert "Which one do you mean?" in shared.text
    assert shared.click("Philadelphia, PA").url == {"near": "Philadelphia, PA"}


def test_a_town_of_ours_wins_and_the_others_are_offered(app):
    app.type_place("Germantown")
    assert app.headline.endswith("of Germantown, MD")
    assert "Not this Germantown?" in app.text
    assert "Which one do you mean?" not in app.text
    assert "Tennessee" in app.buttons
    assert app.click("Tennessee").url == {"near": "Germantown, TN"}


def test_a_near_miss_is_answered_with_buttons(app):
    app.type_place("Takoma Prk")
    assert app.warnings == ['We know no place called "Takoma Prk".']
    assert "Did you mean:" in app.text
    assert app.place_box == "Takoma Prk"
    app.click("Takoma Park, MD")
    assert app.url == {"near": "Takoma Park, MD"}
    assert (app.warnings, app.place_box) == ([], "Takoma Park, MD")
    assert "Did you mean" not in app.text


def test_a_near_miss_in_a_link_is_answered_with_buttons_too(visit):
    shared = visit(near="Takoma Prk", condition="ptsd")
    assert shared.warnings == ['We know no place called "Takoma Prk".']
    shared.click("Takoma Park, MD")
    assert shared.url == {"near": "Takoma Park, MD", "condition": "ptsd"}
    assert shared.warnings == []


def test_coordinates_can_be_typed(app):
    app.type_place("38.98, -77.00")
    assert app.url == {"near": "38.9800,-77.0000"}
    assert app.warnings == []


def test_a_street_address_gives_distances_from_it(app, geocoder):
    app.type_place(ADDRESS)
    assert "Distances are straight lines from" in app.measured_from
    assert "address" in app.measured_from
    assert "of an address in ZIP 20912" in app.headline
    assert geocoder.calls == 1


def test_distances_from_an_address_are_not_those_from_its_zip(app, visit, geocoder):
    from_address = app.type_place(ADDRESS).choose_order("By name").distances
    from_zip = visit(near="20912", sort="name").distances
    assert len(from_address) == len(from_zip)
    assert from_address != from_zip


def test_the_link_holds_the_zip_and_nothing_of_the_address(app, geocoder):
    app.type_place(ADDRESS)
    assert app.url == {"near": "20912"}
    assert "Maple" not in str(app.url)
    assert "7500" not in str(app.url)


def test_the_address_stays_in_the_box_and_is_asked_for_once(app, geocoder):
    app.type_place(ADDRESS).change_link(within="50").choose_order("By name")
    assert app.place_box == ADDRESS
    assert "an address in ZIP 20912" in app.headline
    assert app.url == {"near": "20912", "within": "50", "sort": "name"}
    assert geocoder.calls == 1


def test_whoever_opens_the_link_of_an_address_gets_its_zip(app, visit, geocoder):
    other = visit(**app.type_place(ADDRESS).url)
    assert other.headline.endswith("of ZIP 20912")
    assert other.place_box == "20912"
    assert geocoder.calls == 1


def test_with_the_address_service_down_the_zip_of_the_address_is_used(app, geocoder):
    geocoder.fail = True
    app.type_place(ADDRESS)
    assert app.url == {"near": "20912"}
    assert any(
        note == "The address service is not answering, so distances are from the center of "
        "ZIP 20912."
        for note in app.notes
    )
    assert app.total == 21


def test_with_the_address_service_down_an_address_without_a_place_gets_one_sentence(app, geocoder):
    geocoder.fail = True
    app.type_place("12 Nowhere Lane")
    assert app.warnings == [
        "The address service is not answering. Give a town or a ZIP code instead, or try again "
        "in a minute."
    ]
    assert app.url == {}
    assert app.total == 27


def test_an_address_that_is_not_found_is_said_so(app, geocoder):
    app.type_place("12 Nowhere Lane")
    assert app.warnings == [
        "We could not find that address. Check it, or give a town or a ZIP code instead."
    ]
    assert "Nowhere" not in str(app.url)


def test_without_an_address_service_the_visitor_is_told_what_works(app):
    app.type_place("12 Nowhere Lane")
    assert app.warnings == [
        "Street addresses are not looked up here. Give a town or a ZIP code instead."
    ]


def test_an_address_in_a_link_is_never_sent_anywhere(visit, geocoder):
    shared = visit(near="12 Nowhere Lane")
    assert geocoder.calls == 0
    assert "A link can hold a town or a ZIP, not a street address." in shared.warnings[0]


@pytest.mark.parametrize("place", ["90210", "Anchorage, AK"])
def test_a_place_far_from_every_listing_is_told_so(app, place):
    app.type_place(place)
    assert any(
        note.startswith("This directory lists places in Maryland") and "than about" in note
        for note in app.notes
    )
    assert app.total == 0


def test_90210_is_told_how_far_the_nearest_listing_is(app):
    app.type_place("90210")
    assert any(note.endswith("nearer to ZIP 90210 than about 2,179 miles.") for note in app.notes)

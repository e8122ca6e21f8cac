"""Where a name is not enough: choices, suggestions, and what stands in for a street address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinics.adapters.memory import DictGeocoder
from clinics.domain.model import Place, PlaceKind, Point, Town
from clinics.domain.ports import GeocodedAddress, GeocodingUnavailable, PlaceError, PlaceNotFound
from clinics.places.distance import exact_miles
from clinics.places.find import Gazetteer, PlaceAnswer, find_place
from tests.typed_places import GAZETTEER, TOWNS, answer, place, refusal

ADDRESS = "7500 Carroll Ave, Takoma Park"
HOUSE = Point(38.9776, -77.0078)
PERU = Point(-12.0464, -77.0428)


def test_of_towns_of_one_name_ours_is_taken_and_the_others_are_one_quiet_line() -> None:
    found = answer("columbia")
    assert found.place == place("Columbia, MD")
    assert found.note == ""
    assert found.question == "Not this Columbia?"
    assert [other.name for other in found.alternatives] == [
        "Columbia, PA", "Columbia, VA", "Columbia, NJ",
        "Columbia, AL", "Columbia, MO", "Columbia, SC", "Columbia, TN",
    ]  # fmt: skip


def test_of_towns_elsewhere_of_one_name_it_is_asked_which_one_nearest_first() -> None:
    found = answer("philadelphia")
    assert found.place is None
    assert [choice.name for choice in found.choices] == [
        "Philadelphia, PA", "Philadelphia, MO", "Philadelphia, MS", "Philadelphia, NY",
        "Philadelphia, TN",
    ]  # fmt: skip
    assert found.note == "There is more than one Philadelphia: choose one, or add the state."
    assert found.question == "Which one do you mean?"


def test_of_two_of_our_own_towns_of_one_name_the_main_one_wins_and_else_it_is_asked() -> None:
    bristol = Town("Bristol", "VA", "Bristol", Point(38.9, -77.1), ())
    other = Town("Bristol", "MD", "Anne Arundel", Point(38.8, -76.7), ())
    both = find_place("bristol", Gazetteer((bristol, other)), None)
    assert both.place is None
    assert [choice.name for choice in both.choices[:2]] == ["Bristol, MD", "Bristol, VA"]
    main = find_place("bristol", Gazetteer((replace(bristol, main=True), other)), None)
    assert main.place is not None
    assert main.place.name == "Bristol, VA"
    assert main.alternatives[0].name == "Bristol, MD"


@pytest.mark.parametrize("town", [town for town in TOWNS if town.main], ids=lambda t: t.name)
def test_a_main_town_needs_no_state_and_names_the_others(town: Town) -> None:
    found = answer(town.name)
    assert found.place == Place(town.label, town.point, PlaceKind.TOWN, town.label)
    assert found.choices == ()
    assert all(other.name.startswith(town.name) for other in found.alternatives)
    assert town.label not in [other.name for other in found.alternatives]


def test_the_other_germantowns_are_offered() -> None:
    assert "Germantown, TN" in [other.name for other in answer("Germantown").alternatives]


@pytest.mark.parametrize("town", TOWNS, ids=lambda t: t.label)
def test_every_label_of_the_directory_means_its_own_town(town: Town) -> None:
    assert place(town.label).point == town.point


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Takoma Prk", "Did you mean Takoma Park, MD?"),
        ("Ellicot Cty, MD", "Did you mean Ellicott City, MD?"),
        ("Takoma Park, VA", "Did you mean Takoma Park, MD?"),
        ("Carroll Avenue, Takoma Park", "Did you mean Takoma Park, MD?"),
    ],
)
def test_an_unknown_town_gets_suggestions_and_no_request(text: str, hint: str) -> None:
    geocoder = DictGeocoder()
    message = refusal(text, PlaceNotFound, geocoder)
    assert message.startswith(f'We know no place called "{text}". {hint}')
    assert geocoder.calls == 0


def test_suggestions_are_also_given_as_data() -> None:
    with pytest.raises(PlaceNotFound) as caught:
        answer("Takoma Prk")
    assert caught.value.suggestions == ("Takoma Park, MD",)


@pytest.mark.parametrize("text", ["Paris, France", "'; DROP TABLE clinics; --", "<b>x</b>"])
def test_a_town_like_no_other_is_not_found_and_not_looked_up(text: str) -> None:
    geocoder = DictGeocoder()
    assert refusal(text, PlaceNotFound, geocoder) == (
        f'We know no place called "{text}". Give a town with its state, or a five-digit ZIP code.'
    )
    assert geocoder.calls == 0


@pytest.mark.parametrize(
    ("text", "found", "code"),
    [
        (ADDRESS, GeocodedAddress(HOUSE, zip="20913"), "20913"),
        (ADDRESS, GeocodedAddress(HOUSE, zip="20912-4321"), "20912"),
        (ADDRESS, GeocodedAddress(HOUSE, zip="99999"), "20912"),
        (ADDRESS, GeocodedAddress(HOUSE), "20912"),
        ("7500 Carroll Ave, Takoma Park, MD 20910", GeocodedAddress(HOUSE, zip="20912"), "20910"),
    ],
)
def test_an_address_is_shown_only_by_its_zip_code(
    text: str, found: GeocodedAddress, code: str
) -> None:
    assert answer(text, DictGeocoder({text: found})) == PlaceAnswer(
        Place(f"an address in ZIP {code}", HOUSE, PlaceKind.ADDRESS, code)
    )


@pytest.mark.parametrize(
    ("text", "center"),
    [
        ("7500 Carroll Ave, Takoma Park, MD 20912", "ZIP 20912"),
        ("7500 Carroll Ave Takoma Park MD 20912-1234, USA", "ZIP 20912"),
        ("20912 Main St, Baltimore, MD", "Baltimore, MD"),
        ("7500 Carroll Ave, Takoma Park", "Takoma Park, MD"),
        ("7500 Carroll Ave Takoma Park Maryland", "Takoma Park, MD"),
        ("7500 carroll ave takoma park", "Takoma Park, MD"),
        ("1 Main St, Columbia, SC", "Columbia, SC"),
        ("1 Main St, Takoma Park, MD 99999", "Takoma Park, MD"),
    ],
)
def test_without_a_point_the_zip_or_town_of_the_address_serves(text: str, center: str) -> None:
    so = f"so distances are from the center of {center}."
    fail, none, peru = (
        answer(text, DictGeocoder(fail=True)),
        answer(text, DictGeocoder()),
        answer(text, DictGeocoder({text.removesuffix(", USA"): GeocodedAddress(PERU)})),
    )
    assert fail.place is not None
    assert fail.place.name == center
    assert fail.place == none.place == peru.place == answer(text).place
    assert fail.note == f"The address service is not answering, {so}"
    assert none.note == f"We could not find that address, {so}"
    assert peru.note == f"The address service gave a point that does not fit, {so}"
    assert answer(text).note == f"Street addresses are not looked up here, {so}"


def test_a_point_more_than_fifty_miles_from_the_town_is_not_believed() -> None:
    center = place("Takoma Park").point
    near, far = Point(center.lat + 0.70, center.lon), Point(center.lat + 0.75, center.lon)
    assert exact_miles(center, near.lat, near.lon) < 50 < exact_miles(center, far.lat, far.lon)
    believed = answer(ADDRESS, DictGeocoder({ADDRESS: GeocodedAddress(near)})).place
    doubted = answer(ADDRESS, DictGeocoder({ADDRESS: GeocodedAddress(far)})).place
    assert believed is not None
    assert believed.point == near
    assert doubted == place("Takoma Park")


STREET = "12 Undisclosed Lane"


@pytest.mark.parametrize(
    ("geocoder", "kind", "message"),
    [
        (
            DictGeocoder(fail=True),
            GeocodingUnavailable,
            "The address service is not answering. "
            "Give a town or a ZIP code instead, or try again in a minute.",
        ),
        (
            None,
            GeocodingUnavailable,
            "Street addresses are not looked up here. Give a town or a ZIP code instead.",
        ),
        (
            DictGeocoder(),
            PlaceNotFound,
            "We could not find that address. Check it, or give a town or a ZIP code instead.",
        ),
        (
            DictGeocoder({STREET: GeocodedAddress(PERU)}),
            PlaceNotFound,
            "The address service gave a point that does not fit. "
            "Check it, or give a town or a ZIP code instead.",
        ),
        (
            DictGeocoder({STREET: GeocodedAddress(Point(0, 0))}),
            PlaceNotFound,
            "The address service gave a point that does not fit. "
            "Check it, or give a town or a ZIP code instead.",
        ),
    ],
)
def test_with_nothing_to_fall_back_on_outage_and_not_found_differ(
    geocoder: DictGeocoder | None, kind: type[PlaceError], message: str
) -> None:
    assert refusal(STREET, kind, geocoder) == message


def test_an_error_carries_no_trace_of_the_address() -> None:
    for geocoder in (None, DictGeocoder(), DictGeocoder(fail=True)):
        with pytest.raises(PlaceError) as caught:
            find_place(STREET, GAZETTEER, geocoder)
        assert "ndisclosed" not in str(caught.value)
        assert caught.value.suggestions == ()
        assert caught.value.__context__ is None


def test_towns_zip_codes_and_coordinates_never_reach_the_geocoder() -> None:
    geocoder = DictGeocoder(fail=True)
    for text in ("Takoma Park", "20912", "Columbia", "38.98,-77.00", "Takoma Park, MD 20912"):
        answer(text, geocoder)
    assert geocoder.calls == 0

"""What may be typed as "where from": towns, ZIP codes, coordinates, and what is none of these."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.adapters.memory import DictGeocoder
from clinics.domain.kinds import STATES
from clinics.domain.model import Place, PlaceKind, Point
from clinics.domain.ports import (
    GeocodedAddress,
    GeocodingUnavailable,
    PlaceError,
    PlaceNotFound,
    PlaceNotUnderstood,
)
from clinics.places.find import Gazetteer, PlaceAnswer, find_place
from clinics.places.zips import fold, in_united_states, split_state, zip_table
from tests.typed_places import GAZETTEER, answer, place, refusal


@pytest.mark.parametrize(
    "text",
    [
        "Takoma Park",
        "takoma park md",
        "TAKOMA  PARK,MD",
        "takoma-park, maryland",
        "Takoma Park, MD, USA",
        "Takoma Park Maryland United States of America",
        "Ｔａｋｏｍａ　Ｐａｒｋ",
        "Tákoma Pärk, Md.",
        "takomapark",
        "Takoma\x00 Park\t,\nMD",
    ],
)
def test_a_town_is_understood_however_it_is_written(text: str) -> None:
    assert answer(text).place == Place(
        "Takoma Park, MD", Point(38.9779, -77.0075), PlaceKind.TOWN, "Takoma Park, MD"
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("silver spring, maryland", "Silver Spring, MD"),
        ("St. Michaels, MD", "Saint Michaels, MD"),
        ("saint michaels maryland", "Saint Michaels, MD"),
        ("Mt Rainier", "Mount Rainier, MD"),
        ("mount airy md", "Mount Airy, MD"),
        ("Ft. Washington, Maryland", "Fort Washington, MD"),
        ("winston-salem nc", "Winston Salem, NC"),
        ("mclean, virginia", "McLean, VA"),
        ("Martinsburg West Virginia", "Martinsburg, WV"),
        ("California Maryland", "California, MD"),
        ("Cañon City, CO", "Canon City, CO"),
        ("Washington, D.C.", "Washington, DC"),
        ("d.c.", "Washington, DC"),
        ("District of Columbia", "Washington, DC"),
        ("New York", "New York, NY"),
        ("Newton IA", "Newton, IA"),
        ("Newtonia", "Newtonia, MO"),
        ("Aspen Hill", "Aspen Hill, MD"),
    ],
)
def test_other_towns_and_spellings_are_known_too(text: str, name: str) -> None:
    assert place(text).name == name
    assert place(text).param == name
    assert place(text).measured_from == f"the center of {name}"


def test_a_town_outside_the_directory_is_the_median_of_its_zip_codes() -> None:
    assert place("Columbia, PA").point == Point(40.0391, -76.4862)  # one ZIP
    assert place("Bowie, MD").point == Point(38.9530, -76.7653)  # four; its three PO boxes not


@pytest.mark.parametrize(
    "text",
    [
        "20912",
        " 20912 ",
        "20912-1234",
        "20912 1234",
        "20912–1234",
        "zip 20912",
        "ZIP: 20912",
        "Zip Code 20912",
        "MD 20912",
        "Maryland, 20912",
        "Takoma Park, MD 20912",
        "Takoma Park 20912-1234",
        "takoma park, maryland, zip 20912",
        "20912, USA",
        "２０９１２",
        "٢٠٩١٢",
    ],
)
def test_a_zip_code_is_understood_however_it_is_written(text: str) -> None:
    assert answer(text) == PlaceAnswer(
        Place("ZIP 20912", Point(38.9832, -77.0007), PlaceKind.ZIP, "20912")
    )


def test_a_zip_code_wins_over_another_state_written_before_it_and_says_where_it_is() -> None:
    assert answer("VA 20912").note == "ZIP 20912 is in Takoma Park, MD."
    assert answer("Arlington, VA 20912").note == "ZIP 20912 is in Takoma Park, MD."


def test_an_unknown_zip_code_leaves_the_town_written_before_it() -> None:
    found = answer("Takoma Park, MD 99999")
    assert found.place == place("Takoma Park")
    assert found.note == (
        "We know no ZIP code 99999, so distances are from the center of Takoma Park, MD."
    )


@pytest.mark.parametrize("code", ["99999", "00000", "20588", "09001", "zip 99999", "MD 99999"])
def test_a_zip_code_without_a_place_is_not_found(code: str) -> None:
    number = code[-5:]
    assert refusal(code, PlaceNotFound) == (
        f"We know no ZIP code {number}. Check its five digits, or give a town instead."
    )


@pytest.mark.parametrize(
    ("text", "digits"), [("2091", 4), ("209123", 6), ("zip 2091", 4), ("MD 2091", 4), ("7", 1)]
)
def test_a_zip_code_of_another_length_is_refused(text: str, digits: int) -> None:
    assert refusal(text, PlaceNotUnderstood).startswith(
        f"A ZIP code has five digits, or five and four; this has {digits}."
    )


@pytest.mark.parametrize(
    "text",
    [
        "38.983,-77.0007",
        "38.983 -77.0007",
        "38.98300001; -77.00070001",
        "(38.983, −77.0007)",
        "38.983° N, 77.0007° W",
        "38.983n 77.0007w",
    ],
)
def test_coordinates_are_understood(text: str) -> None:
    assert answer(text) == PlaceAnswer(
        Place(
            "38.9830, -77.0007",
            Point(38.983, -77.0007),
            PlaceKind.COORDINATES,
            "38.9830,-77.0007",
        )
    )


def test_a_place_in_another_country_may_be_given_as_coordinates() -> None:
    assert answer("48.8566, 2.3522").note == ""
    assert place("-0.00001, 100").param == "0.0000,100.0000"


def test_a_missing_minus_is_pointed_out() -> None:
    assert answer("38.98, 77.00").note == (
        "That point is outside the United States; a western longitude has a minus: "
        "38.9800,-77.0000."
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("91,0", "Latitude runs from -90 to 90 degrees, not 91.0."),
        ("-90.1 20", "Latitude runs from -90 to 90 degrees, not -90.1."),
        ("38, -181", "Longitude runs from -180 to 180 degrees, not -181.0."),
        ("nan, -77", "Coordinates need two numbers, latitude first"),
        ("38,inf", "Coordinates need two numbers, latitude first"),
        ("1e400,0", "Coordinates need two numbers, latitude first"),
        ("0,0", "0,0 is in the Atlantic Ocean"),
        ("-0.00001,0.00001", "0,0 is in the Atlantic Ocean"),
        ("", "No place was given."),
        (" \t\n\x00 ,", "No place was given."),
        ("!!! ???", "That has no letters and no digits in it."),
        ("\N{HOUSE BUILDING}", "That has no letters and no digits in it."),
        ("a" * 201, "That is too long for a place: it has 201 characters"),
        ("20912" * 2000, "That is too long for a place: it has 10,000 characters"),
        ("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 20, "That is too long for a place"),
        ("38,98 -77,00", "That does not look like a place."),
        ("<script>alert(1)</script>", "That does not look like a place."),
        ("1'; DROP TABLE clinics; --", "That does not look like a place."),
        ("Maryland", "Maryland is a whole state, too wide to measure from."),
        ("md", "Maryland is a whole state, too wide to measure from."),
    ],
)
def test_what_is_no_place_gets_one_sentence_and_a_next_step(text: str, sentence: str) -> None:
    geocoder = DictGeocoder()
    message = refusal(text, PlaceNotUnderstood, geocoder)
    assert message.startswith(sentence)
    assert message.endswith("Give a town with its state, or a five-digit ZIP code.")
    assert geocoder.calls == 0


def test_two_hundred_characters_are_not_too_long() -> None:
    assert refusal("a" * 200, PlaceNotFound).startswith(f'We know no place called "{"a" * 37}...".')


def test_the_nearest_zip_code_is_one_that_mail_is_carried_to() -> None:
    assert GAZETTEER.nearest_zip(Point(38.9779, -77.0075)) == "20912"  # center of 20913, PO boxes
    assert GAZETTEER.nearest_zip(Point(39.2908, -76.6108)) == "21202"
    assert GAZETTEER.nearest_zip(Point(52.0, -179.9)) == GAZETTEER.nearest_zip(
        Point(52.0, 179.9)
    )  # both sides of the date line


def test_a_gazetteer_without_towns_still_knows_the_country() -> None:
    empty = Gazetteer(())
    assert empty.towns_named("Takoma Park")[0].name == "Takoma Park, MD"
    assert empty.offered() == {}
    assert find_place("Takoma Park", empty, None).place == empty.towns_named("Takoma Park")[0]


def test_no_bundled_zip_code_is_at_zero_or_outside_the_states() -> None:
    rows = zip_table().rows
    assert len(rows) == 41912
    assert {row.state for row in rows.values()} == set(STATES)
    assert all(in_united_states(Point(row.lat, row.lon)) for row in rows.values())
    assert not in_united_states(Point(0, 0))


def test_names_are_folded_and_states_split_off() -> None:
    assert fold("St. Mary’s-City") == fold("saint  marys city") == "saintmaryscity"
    assert split_state("Fort Washington, Md.") == ("Fort Washington", "MD")
    assert split_state("Martinsburg West Virginia") == ("Martinsburg", "WV")
    assert split_state("Maryland") == ("Maryland", "")


near_misses = st.text(
    alphabet=st.sampled_from(list("0123456789.,-+ eENSW°nainfzip#'\";<>MDTakomPrk２٣−½\x00\u202e")),
    max_size=60,
)
points = st.builds(
    Point,
    st.floats(-90, 90, allow_nan=False),
    st.floats(-180, 180, allow_nan=False),
)


@settings(max_examples=400, deadline=None)
@given(
    text=st.text(max_size=300) | near_misses,
    found=st.none() | st.builds(GeocodedAddress, points, st.text(), st.text()),
    fail=st.booleans(),
)
def test_any_text_gives_an_answer_or_a_sentence(
    text: str, found: GeocodedAddress | None, fail: bool
) -> None:
    class Anything:
        def locate(self, address: str) -> GeocodedAddress | None:
            if fail:
                raise GeocodingUnavailable
            return found

    with contextlib.suppress(PlaceError):
        given_answer = find_place(text, GAZETTEER, Anything())
        assert (given_answer.place is None) == bool(given_answer.choices)
        assert len(given_answer.choices) <= 8
        for each in (given_answer.place, *given_answer.choices, *given_answer.alternatives):
            assert each is None or each.point != Point(0, 0)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(zip_table().rows)), points)
def test_what_goes_into_the_address_bar_gives_the_same_place_again(code: str, at: Point) -> None:
    row = zip_table().rows[code]
    texts = [code, f"{row.city}, {row.state}"]
    if not (math.isclose(at.lat, 0, abs_tol=1e-4) and math.isclose(at.lon, 0, abs_tol=1e-4)):
        texts.append(f"{at.lat:.6f},{at.lon:.6f}")
    for text in texts:
        assert place(place(text).param) == place(text)

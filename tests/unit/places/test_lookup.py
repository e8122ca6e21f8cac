"""Exact positions for listings: who is looked up, what is believed, what a keeper is told."""

from __future__ import annotations

import logging
from itertools import islice

import pandas as pd
import pytest

from clinics.adapters.memory import DictGeocoder
from clinics.directory import Directory
from clinics.domain.columns import NAMES
from clinics.domain.model import Point
from clinics.domain.ports import (
    FoundAddress,
    GeocodedAddress,
    GeocodingUnavailable,
    PlaceNotUnderstood,
    StoreUnavailable,
)
from clinics.intake.check import check
from clinics.places.gazetteer import Gazetteer
from clinics.places.lookup import (
    Answer,
    Located,
    Lookup,
    Outcome,
    Progress,
    address_key,
    street_line,
    waiting,
)
from clinics.publishing import snapshot
from tests.made_up import made_up_clinic, made_up_rules

HOUSE = Point(38.977612, -77.00785)
FOUND = GeocodedAddress(HOUSE, "Takoma Park, Maryland", "20912")
UNKNOWN = "The address service does not know this house in its state."
NO_STREET = "It has no street that a map would know, such as a post-office box."


class Kept:
    """Answers in memory, as any Store keeps them."""

    def __init__(self) -> None:
        self.answers: dict[str, FoundAddress] = {}

    def address(self, key: str) -> FoundAddress | None:
        return self.answers.get(key)

    def remember_address(self, key: str, found: FoundAddress) -> None:
        self.answers[key] = found


class Stubborn(DictGeocoder):
    """A geocoder that does not answer some of its calls, counted from 1."""

    def __init__(self, mapping: dict[str, GeocodedAddress | None], silent: set[int]) -> None:
        super().__init__(mapping)
        self.silent = silent

    def locate(self, address: str) -> GeocodedAddress | None:
        found = super().locate(address)
        if self.calls in self.silent:
            raise GeocodingUnavailable
        return found


@pytest.fixture(scope="module")
def gazetteer(directory: Directory) -> Gazetteer:
    return directory.gazetteer


def row(number: int, **cells: str) -> dict[str, str]:
    rough = {
        "address": f"{number} Made-up Avenue",
        "city": "Takoma Park",
        "zip": "20912",
        "latitude": "38.9832",
        "longitude": "-77.0007",
        "location_precision": "zip",
    }
    return made_up_clinic(number, **{**rough, **cells})


def table_of(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(NAMES), dtype="str")


def line(number: int) -> str:
    return f"{number} Made-up Avenue, Takoma Park, MD 20912"


def knows(*numbers: int) -> dict[str, GeocodedAddress | None]:
    return {line(number): FOUND for number in numbers}


def position(table: pd.DataFrame, place: int) -> list[str]:
    return table.loc[:, ["latitude", "longitude", "location_precision"]].iloc[place].tolist()


def looked_up(
    gazetteer: Gazetteer, answer: GeocodedAddress | None, **cells: str
) -> tuple[Located, DictGeocoder]:
    """Look up one row, whose address has this answer, twice: the second time from what is kept."""
    table, kept = table_of(row(1, **cells)), Kept()
    geocoder = DictGeocoder({street_line(dict(table.iloc[0])): answer})
    first = Lookup(table, gazetteer, geocoder, kept)
    again = Lookup(table, gazetteer, DictGeocoder(fail=True), kept)
    for lookup in (first, again):
        list(lookup)
    one, two = first.located(), again.located()
    assert (one.found, one.missing, one.refused) == (two.found, two.missing, two.refused)
    assert again.trouble == ""
    return one, geocoder


# Who is looked up


def test_rows_with_a_street_and_no_exact_position_are_looked_up():
    table = table_of(
        row(0),
        row(1, location_precision="street"),
        row(2, address=""),
        row(3, location_precision="town"),
        row(4, latitude="", longitude="", location_precision=""),
        row(5, location_precision=""),  # coordinates of the keeper's own, so exact
        row(6, address="", latitude="", longitude=""),
    )
    assert waiting(table) == [0, 3, 4]


def test_a_table_without_such_rows_asks_nothing(gazetteer: Gazetteer):
    geocoder = DictGeocoder()
    lookup = Lookup(table_of(row(1, location_precision="street")), gazetteer, geocoder, Kept())
    assert list(lookup) == [Progress(0, 0, 0, 0, 0)]
    assert geocoder.calls == 0
    assert lookup.located().summary == (
        "Every listing with a street address has an exact position already."
    )


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("1 Made-up Avenue, Suite 101", "1 Made-up Avenue"),
        ("1 Made-up Avenue, Suites 115 and 117", "1 Made-up Avenue"),
        ("1 Made-up Avenue Ste. A-204", "1 Made-up Avenue"),
        ("1 Made-up Avenue, Suite BT-116-MH", "1 Made-up Avenue"),
        ("1 Made-up Avenue, 5th Floor", "1 Made-up Avenue"),
        ("1 Made-up Avenue, Floor 5-R", "1 Made-up Avenue"),
        ("1 Made-up Avenue #5", "1 Made-up Avenue"),
        ("1 Made-up Avenue, South Building, Suite B-31", "1 Made-up Avenue"),
        ("Made-up Business Park, 1 Made-up Avenue", "1 Made-up Avenue"),
        ("PO Box 7, 1 Made-up Avenue", "1 Made-up Avenue"),
        ("1 Mushroom Road", "1 Mushroom Road"),
        ("1 Building Road", "1 Building Road"),
        ("1 Rooms Lane", "1 Rooms Lane"),
        ("Avenue A, Building 22-H", "Avenue A"),
        ("1\tMade\u2013up\nAvenue", "1 Made-up Avenue"),
    ],
)
def test_an_address_is_asked_for_without_its_suite_or_floor(address: str, asked: str):
    cells = {"address": address, "city": "Takoma Park", "state": "MD", "zip": "20912"}
    assert street_line(cells) == f"{asked}, Takoma Park, MD 20912"


def test_an_address_without_a_zip_has_its_town_and_state():
    cells = {"address": "1 Made-up Avenue", "city": "Takoma Park", "state": "MD", "zip": ""}
    assert street_line(cells) == "1 Made-up Avenue, Takoma Park, MD"


@pytest.mark.parametrize("address", ["P.O. Box 7", "po box 7", "Suite 5", "x" * 200, ", ,"])
def test_what_is_no_street_is_not_asked_for(gazetteer: Gazetteer, address: str):
    located, geocoder = looked_up(gazetteer, FOUND, address=address)
    assert geocoder.calls == 0
    assert [answer.sentence for answer in located.missing] == [NO_STREET]


def test_an_answer_is_kept_under_a_hash_that_ignores_case_and_spacing():
    assert address_key(line(1)) == address_key(f" {line(1).upper()}  ")
    assert address_key("1 a st") == (
        "3064f0baa0733fe46fda5c6c8d84612ba7635e93def12eccd15c99f4762c5775"
    )


# What is believed


def test_an_address_that_is_found_gives_an_exact_position(gazetteer: Gazetteer):
    located, geocoder = looked_up(gazetteer, FOUND)
    assert position(located.table, 0) == ["38.977612", "-77.00785", "street"]
    assert located.found == (
        Answer(0, "made-up-clinic-1", "Made-up Clinic 1", Outcome.FOUND, HOUSE),
    )
    assert located.summary == "1 of 1 address found."
    assert geocoder.calls == 1


def test_the_given_table_and_every_other_cell_stay_as_they_are(gazetteer: Gazetteer):
    table = table_of(row(1, notes="Ring twice."), row(2, location_precision="street"))
    before = table.copy()
    lookup = Lookup(table, gazetteer, DictGeocoder(knows(1)), Kept())
    list(lookup)
    pd.testing.assert_frame_equal(table, before)
    changed = lookup.located().table.compare(before)
    assert list(changed.index) == [0]
    assert set(changed.columns.get_level_values(0)) == {
        "latitude",
        "longitude",
        "location_precision",
    }


def test_an_address_nobody_knows_stays_approximate(gazetteer: Gazetteer):
    located, _ = looked_up(gazetteer, None)
    assert position(located.table, 0) == ["38.9832", "-77.0007", "zip"]
    assert [answer.sentence for answer in located.missing] == [UNKNOWN]
    assert located.summary == "0 of 1 address found; 1 not known to the address service."


def test_a_street_without_the_house_is_not_an_exact_position(gazetteer: Gazetteer):
    located, _ = looked_up(gazetteer, GeocodedAddress(HOUSE, FOUND.label, FOUND.zip, exact=False))
    assert [answer.sentence for answer in located.missing] == [UNKNOWN]


@pytest.mark.parametrize(
    ("point", "sentence"),
    [
        (
            Point(39.2904, -76.6122),
            "The address service put it 30 miles from ZIP 20912. It needs to be within 15 miles.",
        ),
        (Point(0, 0), "The address service put it outside the United States."),
        (Point(-12.05, -77.04), "The address service put it outside the United States."),
    ],
)
def test_an_answer_too_far_away_is_refused(gazetteer: Gazetteer, point: Point, sentence: str):
    located, _ = looked_up(gazetteer, GeocodedAddress(point, "Baltimore, Maryland"))
    assert position(located.table, 0) == ["38.9832", "-77.0007", "zip"]
    assert [answer.sentence for answer in located.refused] == [sentence]
    assert located.summary == "0 of 1 address found; 1 found too far away."


@pytest.mark.parametrize(("north", "outcome"), [(0.217, "found"), (0.219, "refused")])
def test_fifteen_miles_from_the_zip_is_the_limit(gazetteer: Gazetteer, north: float, outcome: str):
    center = gazetteer.zip("20912")
    assert center is not None
    point = Point(center.point.lat + north, center.point.lon)  # 14.97 and 15.1 miles
    located, _ = looked_up(gazetteer, GeocodedAddress(point, "Takoma Park, Maryland"))
    assert len(getattr(located, outcome)) == 1


def test_a_mistyped_zip_does_not_refuse_what_is_near_the_town(gazetteer: Gazetteer):
    located, _ = looked_up(gazetteer, FOUND, zip="21740")
    assert len(located.found) == 1


@pytest.mark.parametrize(
    ("label", "zip_code", "outcome"),
    [
        ("Washington, District of Columbia", "20012", "missing"),
        ("", "20012", "missing"),
        ("Takoma Park, Maryland", "20012", "found"),  # the label is what was found, a ZIP spans
        ("", "20912", "found"),
        ("", "", "found"),
        ("Junk, <b>Nowhere</b>", "99999", "found"),
    ],
)
def test_an_answer_next_door_in_another_state_is_not_taken(
    gazetteer: Gazetteer, label: str, zip_code: str, outcome: str
):
    located, _ = looked_up(gazetteer, GeocodedAddress(HOUSE, label, zip_code))
    assert len(getattr(located, outcome)) == 1


@pytest.mark.parametrize(("label", "outcome"), [("Elsewhere, Maryland", "found"), ("", "missing")])
def test_with_neither_zip_nor_town_known_the_state_must_be_named(
    gazetteer: Gazetteer, label: str, outcome: str
):
    located, _ = looked_up(
        gazetteer, GeocodedAddress(HOUSE, label), city="Made-up Town", zip="00000"
    )
    assert len(getattr(located, outcome)) == 1


def test_text_that_the_service_does_not_take_for_an_address_is_not_found(gazetteer: Gazetteer):
    class Fussy(DictGeocoder):
        def locate(self, address: str) -> GeocodedAddress | None:
            raise PlaceNotUnderstood

    lookup = Lookup(table_of(row(1)), gazetteer, Fussy(), Kept())
    list(lookup)
    assert [answer.sentence for answer in lookup.located().missing] == [UNKNOWN]


# How it goes


def test_progress_names_the_clinic_whose_turn_it_is(gazetteer: Gazetteer):
    far = GeocodedAddress(Point(39.2904, -76.6122), "Baltimore, Maryland")
    geocoder = DictGeocoder({**knows(1), line(3): far})
    lookup = Lookup(table_of(row(1), row(2), row(3)), gazetteer, geocoder, Kept())
    assert lookup.total == 3
    assert list(lookup) == [
        Progress(0, 3, 0, 0, 0, "Made-up Clinic 1"),
        Progress(1, 3, 1, 0, 0, "Made-up Clinic 2"),
        Progress(2, 3, 1, 1, 0, "Made-up Clinic 3"),
        Progress(3, 3, 1, 1, 1),
    ]
    assert lookup.located().summary == (
        "1 of 3 addresses found; 1 not known to the address service; 1 found too far away."
    )


def test_two_listings_at_one_address_are_one_question(gazetteer: Gazetteer):
    geocoder = DictGeocoder(knows(1))
    both = table_of(row(1), row(2, address="1 MADE-UP avenue, Suite 9"))
    lookup = Lookup(both, gazetteer, geocoder, Kept())
    list(lookup)
    assert len(lookup.located().found) == 2
    assert geocoder.calls == 1


def test_a_second_look_up_asks_nothing_again(gazetteer: Gazetteer):
    table, kept, geocoder = table_of(row(1), row(2)), Kept(), DictGeocoder(knows(1))
    first = Lookup(table, gazetteer, geocoder, kept)
    list(first)
    second = Lookup(table, gazetteer, geocoder, kept)
    list(second)
    assert geocoder.calls == 2
    assert kept.answers == {
        address_key(line(1)): FoundAddress(HOUSE),
        address_key(line(2)): FoundAddress(None),
    }
    assert (first.located().found, first.located().missing) == (
        second.located().found,
        second.located().missing,
    )
    pd.testing.assert_frame_equal(first.located().table, second.located().table)


def test_whoever_stops_in_the_middle_has_what_was_found_and_can_go_on(gazetteer: Gazetteer):
    geocoder = DictGeocoder(knows(1, 2, 3))
    lookup = Lookup(table_of(row(1), row(2), row(3)), gazetteer, geocoder, Kept())
    assert [progress.done for progress in islice(lookup, 2)] == [0, 1]
    located = lookup.located()
    assert (len(located.found), located.left, located.trouble) == (1, 2, "")
    assert located.summary == "1 of 3 addresses found; 2 not looked up yet."
    assert [position(located.table, place)[2] for place in range(3)] == ["street", "zip", "zip"]
    assert [progress.done for progress in lookup] == [1, 2, 3]
    assert geocoder.calls == 3


def test_one_lost_answer_is_asked_for_once_more(gazetteer: Gazetteer):
    geocoder = Stubborn(knows(1, 2), silent={2})
    lookup = Lookup(table_of(row(1), row(2)), gazetteer, geocoder, Kept())
    list(lookup)
    assert (lookup.trouble, len(lookup.located().found), geocoder.calls) == ("", 2, 3)


def test_a_service_that_stops_answering_stops_the_look_up_until_later(gazetteer: Gazetteer):
    geocoder = Stubborn(knows(1, 2, 3), silent={2, 3})
    lookup = Lookup(table_of(row(1), row(2), row(3)), gazetteer, geocoder, Kept())
    assert [progress.done for progress in lookup] == [0, 1, 1]
    assert lookup.trouble == (
        "The address service is not answering. 1 of 3 addresses are done. "
        "What was found is kept, and the look-up can go on from there later."
    )
    assert lookup.located().trouble == lookup.trouble
    assert lookup.located().left == 2
    assert [progress.done for progress in lookup] == [1, 2, 3]
    assert lookup.trouble == ""
    assert len(lookup.located().found) == 3


def test_without_an_address_service_it_says_so(gazetteer: Gazetteer):
    lookup = Lookup(table_of(row(1)), gazetteer, None, Kept())
    list(lookup)
    assert lookup.trouble.startswith("Street addresses are not looked up here. 0 of 1 addresses")


def test_a_store_that_does_not_answer_stops_it_too(gazetteer: Gazetteer):
    class Down(Kept):
        def remember_address(self, key: str, found: FoundAddress) -> None:
            raise StoreUnavailable("The store is down.")

    lookup = Lookup(table_of(row(1)), gazetteer, DictGeocoder(knows(1)), Down())
    assert [progress.done for progress in lookup] == [0, 0]
    assert lookup.trouble.startswith("The store is down. 0 of 1 addresses are done.")


def test_no_address_gets_into_a_sentence_or_a_log(
    gazetteer: Gazetteer, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    geocoder = Stubborn({line(2): GeocodedAddress(Point(0, 0))}, silent={3, 4})
    lookup = Lookup(table_of(row(1), row(2), row(3)), gazetteer, geocoder, Kept())
    said = repr(list(lookup)) + lookup.trouble + repr(lookup.located().missing)
    said += repr(lookup.located().refused) + lookup.located().summary + caplog.text
    assert "Avenue" not in said


# The file that comes of it


def test_the_result_is_a_clinic_file_in_our_own_columns(gazetteer: Gazetteer):
    lookup = Lookup(table_of(row(1, notes='"Hm", she said')), gazetteer, None, Kept())
    lines = snapshot.as_csv(lookup.located().table).decode().splitlines()
    assert lines[0] == ",".join(NAMES)
    assert lines[1].startswith("made-up-clinic-1,ketamine,Made-up Clinic 1,1 Made-up Avenue,")
    assert ',"""Hm"", she said"' in lines[1]


def test_a_lone_carriage_return_in_a_note_comes_through(directory: Directory):
    listing = row(1, notes="Ring twice\rAsk for Ann")
    geocoder = DictGeocoder({line(1): FOUND})
    lookup = Lookup(table_of(listing), directory.gazetteer, geocoder, Kept())
    assert len(list(lookup)) == 2
    checked = check(snapshot.as_csv(lookup.located().table), made_up_rules(directory))
    assert checked.report.publishable
    assert checked.table["notes"].tolist() == ["Ring twice\rAsk for Ann"]
    assert checked.table["location_precision"].tolist() == ["street"]

"""Cells, positions and rows together: each fault is found where it is, and nothing else is."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from clinics.directory import Directory
from clinics.intake.check import Checked, check
from clinics.intake.hints import hint, readings
from tests.made_up import made_up_clinic, made_up_csv, made_up_rules, words

Codes = list[str]


@pytest.fixture
def read(directory: Directory):
    """Check rows of made-up clinics near Takoma Park against the shipped directory."""

    def read_rows(*rows: dict[str, str]) -> Checked:
        near = {"city": "Takoma Park", "zip": "20912", "latitude": "38.98", "longitude": "-77.01"}
        clinics = [made_up_clinic(n, **(near | row)) for n, row in enumerate(rows, start=1)]
        return check(made_up_csv(clinics), made_up_rules(directory))

    return read_rows


def codes(result: Checked) -> Codes:
    return [n.code for n in result.report.notices]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({}, []),
        ({"latitude": "-77.01", "longitude": "38.98"}, ["coordinates_swapped"]),
        ({"latitude": "77.01", "longitude": "38.98"}, ["coordinates_swapped"]),
        ({"longitude": "77.01"}, ["coordinates_sign"]),
        ({"latitude": "-38.98"}, ["coordinates_sign"]),
        ({"latitude": "0", "longitude": "0"}, ["coordinates_zero"]),
        ({"latitude": ""}, ["coordinates_half"]),
        ({"latitude": "91"}, ["coordinate_malformed"]),
        ({"latitude": "39.25"}, ["far_from_zip"]),
        ({"latitude": "39.1"}, []),
        ({"latitude": "51.5", "longitude": "-0.1"}, ["far_from_zip", "outside_area"]),
        ({"state": "VA"}, ["zip_state_disagree"]),
        ({"zip": "20999"}, ["zip_unknown"]),
        ({"latitude": "", "longitude": "", "zip": "20912"}, []),
        ({"latitude": "", "longitude": "", "zip": "", "city": "Nowhere"}, ["not_placed"]),
        ({"zip": "", "state": "PA"}, ["outside_area"]),
    ],
)
def test_a_position_has_the_faults_it_has(read, cells: dict[str, str], found: Codes) -> None:
    assert codes(read(cells)) == found


def test_a_position_far_out_in_the_desert_may_be_in_its_zip(read) -> None:
    desert = {"city": "Jordan Valley", "state": "OR", "zip": "97910", "longitude": "-117.05"}
    assert codes(read(desert | {"latitude": "42.5"})) == ["outside_area"]
    assert codes(read(desert | {"latitude": "45.5"})) == ["far_from_zip", "outside_area"]


def test_the_other_side_of_the_world_is_not_a_missing_minus_where_it_is_american(read) -> None:
    guam = {"city": "Hagatna", "state": "GU", "zip": "96910", "latitude": "13.48"}
    assert codes(read(guam | {"longitude": "144.75"})) == ["outside_area"]


def test_a_distance_is_said_in_miles_and_what_it_should_be(read) -> None:
    (found,) = read({"latitude": "39.29", "longitude": "-76.61"}).report.notices
    assert found.message == (
        "Row 2: the position is 30 miles from the center of ZIP 20912. It needs to be within "
        "15 miles."
    )
    assert found.expected == "15 miles"


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"notes": "=1+1"}, ["cell_formula"]),
        ({"notes": "@SUM(A1)"}, ["cell_formula"]),
        ({"name": "+cmd|' /C calc'!A0"}, ["cell_formula"]),
        ({"notes": "- free parking"}, ["cell_formula"]),
        ({"notes": "'=1+1"}, ["cell_formula"]),
        ({"notes": "+1 (301) 555-0123 ext. 4"}, []),
        ({"phone": "+1 301 555 0123"}, []),
        ({"notes": "-"}, ["cell_read_as"]),
        ({"address": "- - -"}, ["cell_read_as"]),
        ({"notes": "-77.01"}, []),
        ({"notes": "a = b"}, []),
        ({"name": "<script>alert(1)</script>"}, ["cell_markup"]),
        ({"notes": "<img src=x"}, ["cell_markup"]),
        ({"notes": "less than < 2 weeks, 3 > 2"}, []),
        ({"name": "Made\u200bup"}, ["cell_hidden_characters"]),
        ({"name": "\u202eMade-up"}, ["cell_hidden_characters"]),
        ({"zip": "20912\u200b"}, ["cell_hidden_characters"]),
        ({"name": "Made-up \U000e0041"}, ["cell_hidden_characters"]),
        ({"name": "Made-up \uffff"}, ["cell_hidden_characters"]),
        ({"notes": "Made\x00up"}, ["cell_hidden_characters"]),
        ({"notes": "two\nlines\tand a tab"}, []),
        ({"name": "Clinique MontrÃ©al"}, ["cell_damaged_letters"]),
        ({"notes": "the clinicâ€™s page"}, ["cell_damaged_letters"]),
        ({"notes": "a lost letter: \ufffd"}, ["cell_damaged_letters"]),
        ({"name": "São Paulo, Ângela, Montréal"}, []),
        ({"notes": "x" * 5_001}, ["cell_too_long"]),
        ({"notes": "x" * 5_000}, []),
    ],
)
def test_a_text_has_the_faults_it_has(read, cells: dict[str, str], found: Codes) -> None:
    assert codes(read(cells)) == found


def test_hidden_characters_are_taken_out_and_named(read) -> None:
    result = read({"name": "Made\u200b-up\u202e Clinic"})
    assert list(result.table["name"]) == ["Made-up Clinic"]
    assert "(zero width space, right-to-left override)" in result.report.notices[0].message


def test_a_guarded_telephone_number_of_a_copy_is_read_again(read) -> None:
    result = read({"phone": "'+1 301-555-0123", "longitude": "'-77.01"})
    assert codes(result) == []
    assert list(result.table["phone"]) == ["(301) 555-0123"]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-11-22", []),
        ("2026-11-23", ["date_in_future"]),
        ("2026-08-24", []),
        ("2026-08-23", ["checked_over_90_days"]),
        ("2026-05-26", ["checked_over_90_days"]),
        ("2026-05-25", ["checked_over_180_days"]),
        ("03/04/2026", ["checked_over_180_days", "cell_read_as"]),
        ("early in March", ["date_malformed"]),
        ("", []),
    ],
)
def test_a_day_of_checking_is_not_in_the_future_and_its_age_is_said(
    read, day: str, found: Codes
) -> None:
    assert codes(read({"last_checked": day})) == found


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("03/04/2026", [(2026, 3, 4), (2026, 4, 3)]),
        ("3/14/26", [(2026, 3, 14)]),
        ("14.3.2026", [(2026, 3, 14)]),
        ("5/5/2026", [(2026, 5, 5)]),
        ("2026/3/4", [(2026, 3, 4)]),
        ("14 March 2026", [(2026, 3, 14)]),
        ("March 14th, 2026", [(2026, 3, 14)]),
        ("14-Mar-26", [(2026, 3, 14)]),
        ("46095", [(2026, 3, 14)]),
        ("3/14/2026 12:00:00 AM", [(2026, 3, 14)]),
        ("2026-03-14 00:00:00", [(2026, 3, 14)]),
        ("2026-03-14T09:30", [(2026, 3, 14)]),
        ("13/13/2026", []),
        ("99/99/9999", []),
        ("tomorrow", []),
    ],
)
def test_a_date_that_is_written_otherwise_is_offered_as_it_may_be_meant(
    cell: str, days: list[tuple[int, int, int]]
) -> None:
    assert list(readings(cell)) == [dt.date(*day) for day in days]


@pytest.mark.parametrize(
    ("code", "cell", "fix"),
    [
        ("date_malformed", "03/04/2026",
         "“03/04/2026” could be 4 March 2026: write 2026-03-04; or 3 April 2026: write "
         "2026-04-03."),
        ("state_unknown", "maryland", "Write MD."),
        ("state_unknown", "Ontario", ""),
        ("zip_malformed", "2134",
         "If the spreadsheet took a leading zero away, write 02134; else all five digits."),
        ("zip_malformed", "20912.0", "Write 20912."),
        ("phone_malformed", "555-0123", "Add the area code."),
        ("phone_malformed", "301-555-0123 / 301-555-0199",
         "Write one number; put another into notes."),
        ("phone_malformed", "3015550123.0", "If that is all of it, write (301) 555-0123."),
        ("phone_malformed", "tel: 301–555–0123", "If that is all of it, write (301) 555-0123."),
        ("phone_malformed", "101-555-0123", ""),
        ("phone_malformed", "3.01556E+09",
         "The spreadsheet cut it short: make the column text, and type all ten digits again."),
        ("npi_malformed", "1234567893.0",
         "Write 1234567893 if that is the number in the NPI registry."),
        ("url_malformed", "www.made-up.example/a",
         "Write https://www.made-up.example/a if it opens in the browser."),
        ("url_malformed", "javascript:alert(1)", ""),
        ("price_malformed", "400-600", "Write one amount; put the range into price_note."),
        ("coordinate_malformed", "38,98", "Write 38.98."),
        ("option_unknown", "ptsd, OCD", "Write ptsd;ocd."),
        ("npi_malformed", "1", ""),
        ("date_malformed", "9" * 9_000, ""),
    ],
)  # fmt: skip
def test_how_to_mend_a_cell_is_said_where_it_can_be(code: str, cell: str, fix: str) -> None:
    assert hint(code, cell, words().ids("conditions")) == fix


@pytest.mark.parametrize(
    ("column", "cell", "fix"),
    [
        ("conditions", "Depresion, PTSD", "If that is what is meant, write depression;ptsd."),
        ("conditions", "depresion and chronic pain",
         "If that is what is meant, write depression;chronic-pain."),
        ("languages", "Spanisch;Amharic", "If that is what is meant, write es;am."),
    ],
)  # fmt: skip
def test_several_words_are_offered_as_ids(read, column: str, cell: str, fix: str) -> None:
    (found,) = read({column: cell}).report.notices
    assert found.fix == fix
    assert "Depression, PTSD" not in cell or "did you mean" not in found.message


def test_ids_that_were_made_twice_are_said_to_be_made(directory: Directory) -> None:
    line = "Made-up Clinic,{},Takoma Park,MD,20912,Made up\n"
    text = "name,address,city,state,zip,source\n" + line.format("1 A St") + line.format("2 B St")
    report = check(text.encode(), made_up_rules(directory)).report
    (twice,) = (n for n in report.notices if n.code == "id_twice")
    assert twice.fix.startswith("The file has no column id, so it was made from name and ZIP.")


def test_every_unknown_word_of_a_cell_is_named_with_the_nearest_known(read) -> None:
    (found,) = read({"conditions": "ptsd;depresion;anxiet"}).report.notices
    assert "“depresion” is not one; did you mean depression?" in found.message
    assert "“anxiet” is not one; did you mean anxiety?" in found.message


ROAD = {"address": "9 Made-up Road", "phone": "301-555-0123"}


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, []),
        ({"name": "Made-up Clinic 1"}, ["clinic_like_another"]),
        ({**ROAD, "address": ""}, ["clinic_like_another"]),
        ({**ROAD, "name": "Another Place"}, ["clinic_like_another"]),
        ({"address": "9 Made-up Rd., Suite 4"}, ["clinic_like_another"]),
        ({"address": "9 N. Made-up Road"}, ["clinic_like_another"]),
        ({"address": "9 Made-up Road", "name": "Another Place"}, []),
        ({"address": "10 Made-up Road"}, []),
        ({**ROAD, "address": "10 Other Street"}, ["phone_of_branch"]),
        ({**ROAD, "address": "10 Other Street", "name": "Another Place"}, ["phone_of_another"]),
        ({"id": "made-up-clinic-1", **ROAD}, ["id_twice"]),
    ],
)
def test_two_rows_are_alike_by_telephone_or_by_address_and_name(
    read, other: dict[str, str], found: Codes
) -> None:
    assert codes(read(ROAD, other)) == found


def test_names_without_an_end_take_no_more_time_than_others(read) -> None:
    began = time.monotonic()
    endless = [ROAD | {"name": f"Made-up {n} {'ab ' * 50_000}"} for n in range(8)]
    result = read(*endless, *[ROAD | {"name": f"Other {n}"} for n in range(400)])
    assert result.report.totals["cell_too_long"] == 8
    assert time.monotonic() - began < 5  # with all of each name it is half a minute


def test_two_numbers_that_cannot_be_read_are_not_the_same_number(read) -> None:
    call = {"phone": "call us"}
    assert codes(read(call, call)) == ["phone_malformed"] * 2


def test_a_row_that_may_be_another_names_it(read) -> None:
    (found,) = read(ROAD, ROAD | {"name": "Made-up Clinic One"}).report.notices
    assert found.message == (
        "Row 3: “Made-up Clinic One” may be the same clinic as row 2, “Made-up Clinic 1”."
    )


def test_a_row_without_an_id_gets_one_that_can_stand_in_a_link(read) -> None:
    result = read({"id": ""}, {"id": "", "name": "Выдуманная", "zip": ""})
    assert list(result.table["id"]) == ["made-up-clinic-1-20912", "8b633876"]

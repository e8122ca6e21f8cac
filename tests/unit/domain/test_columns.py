"""Every column takes what it should, writes it one way, and says what it needs instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.columns import BY_NAME, COLUMNS, NAMES, CellProblem, Column
from tests.made_up import words

GOOD = [
    ("id", "made-up-clinic-7", "made-up-clinic-7"),
    ("category", "Mental-Health", "mental-health"),
    ("name", "Made-up “Clinic” <7>", "Made-up “Clinic” <7>"),
    ("address", "9 Made-up Road", "9 Made-up Road"),
    ("city", "Takoma Park", "Takoma Park"),
    ("state", "md", "MD"),
    ("zip", "20912", "20912"),
    ("zip", "20912-1234", "20912"),
    ("zip", "209121234", "20912"),
    ("zip", "02134", "02134"),
    ("phone", "301-555-0123", "(301) 555-0123"),
    ("phone", "+1 (301) 555 0123", "(301) 555-0123"),
    ("phone", "1.301.555.0123 ext. 45", "(301) 555-0123 ext. 45"),
    ("phone", "3015550123x7", "(301) 555-0123 ext. 7"),
    ("website", "HTTPS://made-up.example/a?b=c#d", "HTTPS://made-up.example/a?b=c#d"),
    ("website", "http://made-up.example:8080", "http://made-up.example:8080"),
    ("conditions", " PTSD ; ocd;ptsd; ", "ptsd;ocd"),
    ("treatments", "iv-ketamine", "iv-ketamine"),
    ("setting", "in-person;telehealth", "in-person;telehealth"),
    ("payment", "medicaid", "medicaid"),
    ("insurance_note", "No insurance.", "No insurance."),
    ("price_per_session_usd", "$1,450.50", "1450.50"),
    ("price_per_session_usd", "450.00", "450"),
    ("price_per_session_usd", "0.5", "0.50"),
    ("price_note", "Made up", "Made up"),
    ("accepting_new_patients", "TRUE", "yes"),
    ("accepting_new_patients", "n", "no"),
    ("ages", "adults", "adults"),
    ("languages", "es;am", "es;am"),
    ("hours", "Mon 9-5", "Mon 9-5"),
    ("npi", "1234567893", "1234567893"),
    ("latitude", "38.98320", "38.9832"),
    ("latitude", "-90", "-90"),
    ("latitude", "100e-1", "10"),
    ("longitude", "-77.00071234", "-77.000712"),
    ("longitude", "180", "180"),
    ("location_precision", "ZIP", "zip"),
    ("status", "closed", "closed"),
    ("source", "Made up", "Made up"),
    ("source_url", "https://made-up.example", "https://made-up.example"),
    ("last_checked", "2024-02-29", "2024-02-29"),
    ("notes", "Made up", "Made up"),
]

BAD = [
    ("id", "Made Up", "id_malformed"),
    ("id", "-made", "id_malformed"),
    ("id", "made--up", "id_malformed"),
    ("id", "m" * 101, "id_malformed"),
    ("category", "ketamine;mental-health", "option_unknown"),
    ("category", "spa", "option_unknown"),
    ("state", "Maryland", "state_unknown"),
    ("state", "XX", "state_unknown"),
    ("zip", "2091", "zip_malformed"),
    ("zip", "209120", "zip_malformed"),
    ("zip", "２０９１２", "zip_malformed"),
    ("phone", "555-0123", "phone_malformed"),
    ("phone", "(101) 555-0123", "phone_malformed"),
    ("phone", "301-555-0123 ask for Made-up", "phone_malformed"),
    ("phone", "٣٠١-555-0123", "phone_malformed"),
    ("website", "made-up.example", "url_malformed"),
    ("website", "javascript:alert(1)//made-up.example", "url_malformed"),
    ("website", "JaVaScRiPt://made-up.example/%0aalert(1)", "url_malformed"),
    ("website", "data:text/html,made.up", "url_malformed"),
    ("website", "https://clinic@made-up.example", "url_malformed"),
    ("website", "https://made-up.example/a b", "url_malformed"),
    ("website", 'https://made-up.example/"onclick=alert(1)', "url_malformed"),
    ("website", "https://made-up.example/<b>", "url_malformed"),
    ("website", "https://localhost", "url_malformed"),
    ("website", "https://[made.up", "url_malformed"),
    ("website", "https://made-up.example:port", "url_malformed"),
    ("website", "https://made-up.example/" + "x" * 500, "url_malformed"),
    ("conditions", "ptsd, ocd", "option_unknown"),
    ("treatments", "crystals", "option_unknown"),
    ("setting", "online", "option_unknown"),
    ("payment", "gold", "option_unknown"),
    ("price_per_session_usd", "450-600", "price_malformed"),
    ("price_per_session_usd", "0", "price_malformed"),
    ("price_per_session_usd", "-5", "price_malformed"),
    ("price_per_session_usd", "1234567", "price_malformed"),
    ("price_per_session_usd", "nan", "price_malformed"),
    ("accepting_new_patients", "maybe", "yes_no_malformed"),
    ("ages", "everyone", "option_unknown"),
    ("languages", "klingon", "option_unknown"),
    ("npi", "1234567890", "npi_malformed"),
    ("npi", "3234567893", "npi_malformed"),
    ("npi", "123456789", "npi_malformed"),
    ("latitude", "90.1", "coordinate_malformed"),
    ("latitude", "nan", "coordinate_malformed"),
    ("latitude", "38° 58' N", "coordinate_malformed"),
    ("latitude", "٣٨", "coordinate_malformed"),
    ("longitude", "-180.01", "coordinate_malformed"),
    ("longitude", "inf", "coordinate_malformed"),
    ("location_precision", "exact", "option_unknown"),
    ("status", "open;closed", "option_unknown"),
    ("source_url", "ftp://made-up.example", "url_malformed"),
    ("last_checked", "14 Mar 2026", "date_malformed"),
    ("last_checked", "2026-02-30", "date_malformed"),
    ("last_checked", "20260314", "date_malformed"),
    ("last_checked", "2026-W11-6", "date_malformed"),
]

CONTRACT = tuple(
    "id category name address city state zip phone website conditions treatments setting "
    "payment insurance_note price_per_session_usd price_note accepting_new_patients ages "
    "languages hours npi latitude longitude location_precision status source source_url "
    "last_checked notes".split()
)
"""The columns that others rely on, in order; more may come."""

FREE_TEXT = {
    *("name", "address", "city", "insurance_note", "price_note", "hours", "source", "notes"),
}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_the_example_of_a_column_is_written_as_the_column_writes_it(column: Column) -> None:
    assert column.parse(column.example, words()) == column.example


@pytest.mark.parametrize(("name", "cell", "canonical"), GOOD)
def test_a_good_cell_is_written_one_way(name: str, cell: str, canonical: str) -> None:
    assert BY_NAME[name].parse(cell, words()) == canonical
    assert BY_NAME[name].parse(canonical, words()) == canonical


@pytest.mark.parametrize(("name", "cell", "code"), BAD)
def test_a_bad_cell_says_what_it_needs(name: str, cell: str, code: str) -> None:
    with pytest.raises(CellProblem) as caught:
        BY_NAME[name].parse(cell, words())
    assert caught.value.code == code
    assert caught.value.needs


def test_every_column_has_a_good_example_and_all_but_free_text_a_bad_one() -> None:
    assert {name for name, _, _ in GOOD} == set(CONTRACT)
    assert {name for name, _, _ in BAD} == set(CONTRACT) - FREE_TEXT


@given(st.sampled_from(COLUMNS), st.text(min_size=1, max_size=40))
def test_any_cell_is_either_written_one_way_or_a_problem(column: Column, cell: str) -> None:
    try:
        canonical = column.parse(cell, words())
    except CellProblem:
        return
    if canonical:
        assert column.parse(canonical, words()) == canonical


def test_an_option_that_is_nearly_right_gets_a_hint() -> None:
    with pytest.raises(CellProblem, match=r"did you mean depression\?\)$"):
        BY_NAME["conditions"].parse("ptsd;depresion", words())


def test_the_columns_are_the_public_contract() -> None:
    assert tuple(name for name in NAMES if name in CONTRACT) == CONTRACT
    assert {column.name for column in COLUMNS if column.required} == {"name", "city", "state"}


def test_the_columns_that_hold_several_values_say_so() -> None:
    assert {name for name in CONTRACT if BY_NAME[name].several} == {
        *("conditions", "treatments", "setting", "payment", "ages", "languages"),
    }

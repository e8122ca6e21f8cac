"""What is mended by itself, what never is, and that all other cells of the file stay."""

from __future__ import annotations

import pytest

from clinics.directory import Directory
from clinics.intake.check import check
from clinics.intake.hints import answer
from clinics.intake.mending import MendedCell, mended, sure
from tests.made_up import made_up_clinic, made_up_csv, made_up_rules


@pytest.mark.parametrize(
    ("code", "cell", "new"),
    [
        ("date_malformed", "3/14/2026", "2026-03-14"),
        ("date_malformed", "14 March 2026", "2026-03-14"),
        ("date_malformed", "45000", "2023-03-15"),
        ("date_malformed", "7/3/2024", ""),
        ("date_malformed", "3/3/2024", "2024-03-03"),
        ("state_unknown", "Maryland", "MD"),
        ("state_unknown", "Marylan", ""),
        ("zip_malformed", "20912.0", "20912"),
        ("zip_malformed", "912", ""),
        ("phone_malformed", "3015550106.0", "(301) 555-0106"),
        ("phone_malformed", "Tel: 301/555-0106", "(301) 555-0106"),
        ("phone_malformed", "301–555–0106", "(301) 555-0106"),
        ("phone_malformed", "555-0106", ""),
        ("phone_malformed", "555-0106, area 301", ""),
        ("phone_malformed", "(301) 555-0104 or 301 555 0105", ""),
        ("url_malformed", "www.made-up.example", "https://www.made-up.example"),
        ("url_malformed", "javascript:alert(1)", ""),
        ("coordinate_malformed", "38,98", "38.98"),
        ("npi_malformed", "1234567893.0", "1234567893"),
        ("price_malformed", "400-600", ""),
        ("name_missing", "x", ""),
        ("date_malformed", "9" * 9_000, ""),
    ],
)  # fmt: skip
def test_a_cell_is_mended_where_it_can_only_mean_one_thing(code: str, cell: str, new: str) -> None:
    assert answer(code, cell) == new


def test_words_become_ids_by_label_or_synonym_and_never_by_their_spelling(
    directory: Directory,
) -> None:
    words = directory.vocabulary

    def conditions(cell: str) -> str:
        return answer("option_unknown", cell, lambda word: words.called("conditions", word))

    assert conditions("Depression, PTSD") == "depression;ptsd"
    assert conditions("Depression\nPTSD") == "depression;ptsd"
    assert conditions("Depression, depresion") == ""
    assert conditions("depresion") == ""
    assert conditions(",") == ""


def test_the_file_stays_as_it_is_but_for_the_mended_cells(directory: Directory) -> None:
    text = (
        "Made by Ana\nName;state;Phone;zip;town;source;of our own\n\n"
        "A Made-up Clinic;Maryland;3015550106.0;20912;Takoma Park;made up;=1+1\n"
        "Another;MD;555;20912;Takoma Park;made up;\n"
    )
    rules = made_up_rules(directory)
    report = check(text.encode(), rules).report
    cells = sure(report, rules.vocabulary)
    assert cells == (
        MendedCell(4, "state", "Maryland", "MD"),
        MendedCell(4, "phone", "3015550106.0", "(301) 555-0106"),
    )
    again = mended(text.encode(), cells)
    assert again.decode("utf-8-sig").split("\r\n") == [
        "Made by Ana", "Name;state;Phone;zip;town;source;of our own", "",
        "A Made-up Clinic;MD;(301) 555-0106;20912;Takoma Park;made up;'=1+1",
        "Another;MD;555;20912;Takoma Park;made up;", "",
    ]  # fmt: skip
    assert [n.value for n in check(again, rules).report.notices if n.column == "phone"] == ["555"]


def test_what_is_mended_is_right_by_the_check_itself(directory: Directory) -> None:
    data = made_up_csv([made_up_clinic(1, state="Maryland", npi="1234567890.0", zip="20912.0")])
    rules = made_up_rules(directory)
    cells = sure(check(data, rules).report, rules.vocabulary)
    assert [(cell.column, cell.new) for cell in cells] == [("state", "MD"), ("zip", "20912")]


def test_a_row_that_ends_early_gets_the_cell_at_its_place() -> None:
    data = b"name,city,state,zip,source,phone\nA,B,MD,20912,made up\n"
    again = mended(data, [MendedCell(2, "phone", "", "(301) 555-0106")])
    assert again.decode("utf-8-sig").splitlines()[1] == "A,B,MD,20912,made up,(301) 555-0106"


def test_a_file_of_which_a_row_would_be_lost_is_not_written_anew() -> None:
    data = b'name,city,state,zip,source\nA,B,Maryland,20912,x\n"C"x,D,MD,20912,x\n'
    with pytest.raises(ValueError, match="Row 3"):
        mended(data, [MendedCell(2, "state", "Maryland", "MD")])


def test_the_old_name_of_the_date_is_found(directory: Directory) -> None:
    text = "name,city,state,zip,source,last_checked\nA,B,MD,20912,made up,3/14/2026\n"
    rules = made_up_rules(directory)
    cells = sure(check(text.encode(), rules).report, rules.vocabulary)
    assert [cell.column for cell in cells] == ["source_date"]
    assert b"2026-03-14" in mended(text.encode(), cells)


def test_warnings_and_notes_with_one_answer_are_mended_like_errors(directory: Directory) -> None:
    odd = {"city": "TAKOMA PARK", "notes": "Ring\u200b twice", "phone": "301/555-0105"}
    data = made_up_csv([made_up_clinic(1, **odd), made_up_clinic(2)])
    rules = made_up_rules(directory)
    report = check(data, rules).report
    assert report.publishable
    cells = sure(report, rules.vocabulary)
    assert [(cell.row, cell.column, cell.new) for cell in cells] == [
        (2, "city", "Takoma Park"),
        (2, "phone", "(301) 555-0105"),
        (2, "notes", "Ring twice"),
    ]
    again = check(mended(data, cells), rules)
    assert sure(again.report, rules.vocabulary) == ()
    assert "cell_hidden_characters" not in again.report.totals


def test_a_swapped_position_is_mended_in_both_its_cells(directory: Directory) -> None:
    swapped = {"latitude": "-77.012346", "longitude": "38.9832"}
    signed = {"latitude": "38.9832", "longitude": "77.012346"}
    data = made_up_csv([made_up_clinic(1, **swapped), made_up_clinic(2, **signed)])
    rules = made_up_rules(directory)
    cells = sure(check(data, rules).report, rules.vocabulary)
    assert [(cell.row, cell.column, cell.new) for cell in cells] == [
        (2, "latitude", "38.9832"), (2, "longitude", "-77.012346"),
        (3, "longitude", "-77.012346"),
    ]  # fmt: skip
    assert check(mended(data, cells), rules).report.publishable

"""The one writer of CSV: exact for programs, harmless for spreadsheets."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.csv_text import csv_text, safe_csv_text

ROWS = st.lists(st.lists(st.text(st.characters(exclude_categories=("Cs",))), min_size=2))


def read(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


@given(ROWS, st.sampled_from(",;\t"))
def test_every_cell_comes_back_as_it_was(rows: list[list[str]], delimiter: str):
    assert read(csv_text(rows, delimiter), delimiter) == rows


@pytest.mark.parametrize("cell", ["a\rb", "a\nb", "a\r\nb", "\r", 'a"b', "a,b"])
def test_a_cell_that_would_end_a_row_or_a_cell_is_quoted(cell: str):
    doubled = cell.replace('"', '""')
    assert csv_text([["1", cell]]) == f'1,"{doubled}"\r\n'


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1 301", "-x", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n-1+1"]
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str):
    assert read(safe_csv_text([["1", cell]])) == [["1", f"'{cell}"]]


@pytest.mark.parametrize("cell", ["-77.00785", "-77", "-1e-05", "38.98", "a=b", "", "'=1"])
def test_plain_numbers_and_words_are_left_alone(cell: str):
    assert read(safe_csv_text([["1", cell]])) == [["1", cell]]

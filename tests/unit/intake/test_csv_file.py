"""A file is taken apart whatever wrote it; rows keep the numbers the spreadsheet shows."""

from __future__ import annotations

import codecs
import time

import pytest

from clinics.intake.check import Limits
from clinics.intake.column_names import known, letters, places_of
from clinics.intake.csv_file import Sheet, layout_of, taken_apart
from clinics.intake.decoding import other_kind, read_text
from clinics.intake.notices import Findings

HEADER = "name,city,state,zip,source"
ROW = "Made-up Clinic,Takoma Park,MD,20912,Made up"


def apart(data: bytes | str, **limits: int) -> tuple[Sheet | None, list[tuple[str, int | None]]]:
    findings = Findings(1_000)
    given = data.encode() if isinstance(data, str) else data
    sheet = taken_apart(given, Limits(**limits), findings)
    return sheet, [(n.code, n.row) for n in findings.notices]


def numbers(sheet: Sheet | None) -> list[int]:
    assert sheet
    return list(sheet.numbers)


def row(sheet: Sheet | None, place: int) -> list[str]:
    assert sheet
    return [column[place] for column in sheet.columns]


@pytest.mark.parametrize(
    ("begins", "kind"),
    [
        (b"PK\x03\x04...Index/Document.iwa", "a Numbers spreadsheet"),
        (b'{"url": "https://docs.google.com/spreadsheets/d/x", "doc_id": "x"}',
         "a shortcut to a Google Sheet"),
        (b"PK\x03\x04...other", "a ZIP archive"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"\0\0\0\x18ftypheic", "a picture, a film or a recording"),
        (b"RIFF\0\x10\0\0WEBP", "a picture, a film or a recording"),
        (b"\xef\xbb\xbf <!DOCTYPE HTML>", "a web page"),
        (b'{"clinics": []}', "a JSON file"),
        (b"name,city", ""),
        (b"", ""),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_known_by_its_bytes(begins: bytes, kind: str) -> None:
    assert other_kind(begins) == kind


@pytest.mark.parametrize(
    ("data", "text", "codes"),
    [
        ("Clínic".encode(), "Clínic", []),
        (codecs.BOM_UTF8 + "Clínic".encode(), "Clínic", []),
        ("Clínic".encode("utf-16"), "Clínic", ["encoding_utf_16"]),
        (codecs.BOM_UTF16_BE + "Clínic".encode("utf-16-be"), "Clínic", ["encoding_utf_16"]),
        ("Clínic “x”".encode("cp1252"), "Clínic “x”", ["encoding_windows_1252"]),
        ("Clinic".encode("utf-16-le"), None, ["file_not_utf8"]),
        ("Clinic".encode("utf-32"), None, ["file_not_utf8"]),
        (codecs.BOM_UTF16_LE + b"\x00\xd8x", None, ["file_not_utf8"]),
        (codecs.BOM_UTF8 + b"Cl\xednic", None, ["file_not_utf8"]),
        (b"Cl\xednic\x81", None, ["file_not_utf8"]),
        (b"Cl\xednic\x02", None, ["file_not_utf8"]),
    ],
)
def test_an_encoding_is_recognized_or_refused(
    data: bytes, text: str | None, codes: list[str]
) -> None:
    findings = Findings(10)
    assert read_text(data, findings) == text
    assert [n.code for n in findings.notices] == codes


def test_the_first_word_that_windows_1252_may_have_wrong_is_named() -> None:
    findings = Findings(10)
    read_text("Made-up Clínica, Montréal".encode("cp1252"), findings)
    assert findings.notices[0].value == "Clínica"


def test_that_word_is_found_at_once_behind_one_without_an_end() -> None:
    findings, began = Findings(10), time.monotonic()
    read_text(f"{'a' * 1_000_000} Clínica".encode("cp1252"), findings)
    assert findings.notices[0].value == "Clínica"
    assert time.monotonic() - began < 5  # place by place it takes hours


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        (f"{HEADER}\n{ROW}", (",", 1)),
        ("name;city;state\na;b;c", (";", 1)),
        ("Name\tCity\tState\na\tb\tc", ("\t", 1)),
        ('"Notes, if any";name;city\nx;y;z', (";", 1)),
        (f"A list of clinics\n\n{HEADER}\n{ROW}", (",", 3)),
        ("sep=;\nname;city;state\na;b;c", (";", 2)),
        ("name1,street1,city\nx,y,z", (",", 1)),
        ("\n\nname\nMade-up", (",", 3)),
        ("nonsense;more\n1;2", (";", 1)),
        ("", (",", 1)),
    ],
)
def test_delimiter_and_header_are_found_by_known_names(text: str, layout: tuple[str, int]) -> None:
    assert layout_of(text) == layout


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_ending_is_a_line_ending(newline: str) -> None:
    sheet, codes = apart(newline.join([HEADER, ROW, ROW]))
    assert (numbers(sheet), codes) == ([2, 3], [])


def test_mixed_line_endings_are_read_and_a_cell_may_have_lines() -> None:
    sheet, codes = apart(f'{HEADER}\r\n{ROW}\r"Made\nup",Takoma Park,MD,20912,x\n{ROW}')
    assert (numbers(sheet), codes) == ([2, 3, 4], [])
    assert row(sheet, 1)[0] == "Made\nup"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("cell", ["two\rlines", "two\r\rlines", "two\r\nlines", 'a ""b""\rc, d'])
def test_a_carriage_return_inside_quotes_is_part_of_its_cell(cell: str, newline: str) -> None:
    rows = [HEADER, f'"{cell}",Takoma Park,MD,20912,x', f'Made-up,Takoma Park,MD,20912,"{cell}"']
    sheet, codes = apart(newline.join(rows))
    assert (numbers(sheet), codes) == ([2, 3], [])
    read = cell.replace('""', '"')
    assert (row(sheet, 0)[0], row(sheet, 1)[4]) == (read, read)


def test_blank_rows_are_said_once_and_count() -> None:
    sheet, codes = apart(f"{HEADER}\n\n,,,,\n{ROW}\n,,,,\n")
    assert (numbers(sheet), codes) == ([4], [("rows_blank", None)])


def test_empty_cells_too_many_are_forgiven_and_filled_ones_are_not() -> None:
    sheet, codes = apart(f"{HEADER},,\n{ROW},,,,\n{ROW},x\n")
    assert sheet
    assert sheet.header == tuple(HEADER.split(","))
    assert codes == [("row_cell_count", 3)]
    assert (numbers(sheet), len(row(sheet, 0))) == ([2], 5)


def test_a_row_may_end_before_optional_columns_but_not_before_needed_ones() -> None:
    sheet, codes = apart(f"{HEADER}\nMade-up,Takoma Park,MD\nMade-up,Takoma Park\n")
    assert codes == [("rows_short", None), ("row_cell_count", 3)]
    assert row(sheet, 0) == ["Made-up", "Takoma Park", "MD", "", ""]


def test_a_quote_inside_a_cell_costs_only_its_row() -> None:
    sheet, codes = apart(f'{HEADER}\n"Made"up,Takoma Park,MD,20912,x\n{ROW}\n')
    assert (numbers(sheet), codes) == ([3], [("row_broken_quotes", 2)])
    assert sheet
    assert sheet.seen == 2


def test_a_quote_that_is_never_closed_says_how_much_it_takes() -> None:
    findings = Findings(10)
    taken_apart(f'{HEADER}\n{ROW}\n"{ROW}\n{ROW}\n'.encode(), Limits(), findings)
    assert [n.message for n in findings.notices] == [
        "Row 3: a cell begins with a double quote that is never closed, so all that follows "
        "(2 lines) cannot be read."
    ]


def test_a_cell_of_megabytes_is_read() -> None:
    sheet, codes = apart(f'{HEADER}\n"{"x" * 3_000_000}",Takoma Park,MD,20912,x\n')
    assert (numbers(sheet), codes) == ([2], [])


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (f"{HEADER}\n{ROW}\n" * 9, {"max_bytes": 100}, "file_too_large"),
        (f"{HEADER}\n" + f"{ROW}\n" * 9, {"max_rows": 8}, "file_too_many_rows"),
        ("x," * 600 + "\n", {}, "file_too_many_columns"),
        ("", {}, "file_empty"),
        (HEADER, {}, "file_empty"),
        ("\n" * 100_000, {}, "file_empty"),
        ("\x00" * 100, {}, "file_not_utf8"),
    ],
)
def test_what_cannot_be_read_is_one_error(data: str, limits: dict[str, int], code: str) -> None:
    sheet, codes = apart(data.removesuffix(",\n") + "y\n" if "x,x" in data else data, **limits)
    assert sheet is None
    assert code in [found for found, _ in codes]


def test_sizes_are_said_so_that_the_larger_is_seen_to_be_so() -> None:
    findings = Findings(10)
    taken_apart(b"x" * 5_000_001, Limits(), findings)
    assert findings.notices[0].message == "The file has 5.1 MB. It needs to be at most 5 MB."


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ZIP", "zip"),
        (" Zip Code ", "zip"),
        ("zip_code", "zip"),
        ("Last-Checked", "last_checked"),
        ("Price per session (USD)", "price_per_session_usd"),
        ("Phone #", "phone"),
        ("TELEPHONE", "phone"),
        ("Lng", "longitude"),
        ("favorite color", ""),
        ("", ""),
    ],
)
def test_a_column_is_known_by_other_spellings(written: str, name: str) -> None:
    assert known(written) == name


def test_an_unknown_column_is_told_the_name_it_may_be() -> None:
    findings = Findings(100)
    header = ("name", "city", "state", "source", "longitud", "color", "problems")
    places_of(header, findings, likely={"longitud": "longitude"})
    assert [(n.column, n.fix) for n in findings.notices] == [
        ("longitud", "If it is “longitude”, rename it so; else leave it."),
        ("color", "Rename it to a known column, or leave it."),
    ]


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [letters(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"),
    ]

"""Files as keepers have them are understood, asked about or refused with a sentence."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from clinics.directory import Directory
from clinics.intake import workbook_reader
from clinics.intake.check import Checked, Limits, check
from clinics.intake.report import problems_copy, to_do
from clinics.publishing.workbook import as_xlsx
from tests.made_up import made_up_rules

KEEPER = Path(__file__).parents[2] / "golden" / "keeper"
HEADER = ("name", "city", "state", "zip", "source")
ROW = ("Made-up Birch Clinic", "Takoma Park", "MD", "20912", "made up")


def book(*sheets: tuple[str, Sequence[Sequence[object]]], hidden: int = 0) -> bytes:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    day = made.add_format({"num_format": "m/d/yyyy"})
    for name, rows in sheets:
        sheet = made.add_worksheet(name)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(place, column, cell, *([day] if isinstance(cell, dt.date) else []))
        if hidden:
            sheet.set_row(hidden, None, None, {"hidden": True})
    made.close()
    return file.getvalue()


def read(directory: Directory, data: bytes, sheet: str = "", **limits: int) -> Checked:
    return check(data, made_up_rules(directory, limits=Limits(**limits)), sheet=sheet)


def one(directory: Directory, column: str, cell: object) -> Checked:
    return read(directory, book(("Sheet1", [(*HEADER, column), (*ROW, cell)])))


def test_the_sheet_with_our_columns_is_taken_and_said(directory: Directory) -> None:
    data = book(("Read me", [["About this file"]]), ("Clinics", [["Our list"], [], HEADER, ROW]))
    checked = read(directory, data)
    assert (checked.sheet, len(checked.table)) == ("Clinics", 1)
    assert checked.report.totals["sheet_taken"] == 1
    assert checked.numbers == (4,)


def test_which_of_two_sheets_is_meant_is_asked_and_can_be_answered(directory: Directory) -> None:
    other = ("Made-up Elm Clinic", *ROW[1:])
    data = book(("Maryland", [HEADER, ROW]), ("DC", [HEADER, other]))
    asked = read(directory, data)
    assert asked.sheets == ("Maryland", "DC")
    assert to_do(asked.report) == "You need to choose one sheet."
    answered = read(directory, data, sheet="DC")
    assert answered.table["name"].tolist() == ["Made-up Elm Clinic"]
    assert answered.sheets == ("Maryland", "DC")


def test_a_merged_cell_counts_for_every_row_it_covers(directory: Directory) -> None:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    for row in (1, 2, 3):
        sheet.write_row(row, 0, [f"Made-up Clinic {row}", "", "MD", "20912", "made up"])
    sheet.merge_range(1, 1, 3, 1, "Takoma Park")
    made.close()
    assert read(directory, file.getvalue()).table["city"].tolist() == ["Takoma Park"] * 3


def test_the_copy_with_problems_of_a_workbook_is_csv(directory: Directory) -> None:
    data = book(("S", [(*HEADER, "phone"), (*ROW, "555"), (*ROW, "301-555-0101")]))
    copy = problems_copy(data, read(directory, data).report).decode("utf-8-sig")
    header, first, *_ = copy.splitlines()
    assert header == "name,city,state,zip,source,phone,problems"
    assert first.startswith("Made-up Birch Clinic,Takoma Park,MD,20912,made up,555,")


def bomb(member: str, content: bytes, times: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open(member, "w") as stream:
            for _ in range(times):
                stream.write(content)
    return file.getvalue()


def far_cell() -> bytes:
    """A workbook with one cell more, in the last row of the last column."""
    data = io.BytesIO()
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    old = zipfile.ZipFile(io.BytesIO(book(("S", [HEADER, ROW]))))
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", far))
    return data.getvalue()


def endless_ods() -> bytes:
    """An OpenDocument sheet that says its one cell is there 17 billion times."""
    data = io.BytesIO()
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    row = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), mime)
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{row}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bomb("xl/worksheets/sheet1.xml", b" " * 1_000_000, 110), "workbook_too_much"),
        (far_cell(), "workbook_unreadable"),
        (endless_ods(), "workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
         "workbook_unreadable"),
        (book(("S", [])), "file_empty"),
        (book(("S", [HEADER])), "file_empty"),
        (book(("S", [["a", "b"], ["c", "d"]])), "header_unreadable"),
        (b'{"url": "https://docs.google.com/open?id=x", "doc_id": "x"}', "file_other_kind"),
        (b"%PDF-1.7\n", "file_other_kind"),
        (b"PK\x03\x04..Index/Document.iwa", "file_other_kind"),
    ],
    ids=["bomb", "far", "endless", "old", "locked", "blank", "header", "other", "shortcut", "pdf",
         "numbers"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(
    directory: Directory, data: bytes, code: str
) -> None:
    report = read(directory, data).report
    assert code in report.totals
    assert not report.publishable
    assert all(n.fix.endswith(".") for n in report.notices)


def test_the_limits_are_those_of_any_file(directory: Directory) -> None:
    rows = [(f"Made-up Clinic {n}", *ROW[1:]) for n in range(30)]
    data = book(("S", [HEADER, *rows]))
    assert "file_too_many_rows" in read(directory, data, max_rows=20).report.totals
    assert "file_too_large" in read(directory, data, max_bytes=1_000).report.totals


def test_our_own_workbook_is_not_taken_for_several_sheets(directory: Directory) -> None:
    data = as_xlsx(directory.dataset.table, directory.vocabulary, 3)
    assert not read(directory, data).sheets


# What is hidden, in every kind of workbook


@pytest.mark.parametrize(
    ("name", "last"),
    [("hidden.xlsx", 5), ("hidden.xls", 5), ("hidden.ods", 5), ("hidden-long.xls", 301)],
)
def test_hidden_rows_columns_and_sheets_are_said_of_every_workbook(
    directory: Directory, name: str, last: int
) -> None:
    checked = read(directory, (KEEPER / name).read_bytes())
    said = {n.code: n.message for n in checked.report.notices}
    assert said["rows_hidden"] == (
        "2 rows are hidden in the spreadsheet, and read like the others. The first is row 3."
    )
    assert said["columns_hidden"] == (
        "1 column is hidden in the spreadsheet, and read like the others: F."
    )
    assert said["sheet_taken"].endswith("The others were passed over: “Old” (hidden).")
    assert len(checked.table) == last - 1, "they are read like the others"


@pytest.mark.parametrize("name", ["hidden.xls", "hidden-long.xls"])
def test_of_an_odd_workbook_nothing_is_said_and_nothing_breaks(name: str) -> None:
    data = bytearray((KEEPER / name).read_bytes())
    chance = random.Random(name)
    for _ in range(300):
        odd = bytearray(data)
        for _ in range(4):
            odd[chance.randrange(24, len(odd))] = chance.randrange(256)
        list(workbook_reader._of_xls(bytes(odd[: chance.randrange(500, len(odd))])))
        list(workbook_reader._of_xls(bytes(odd)))


def test_of_many_hidden_columns_some_are_named_and_blank_ones_are_not(directory: Directory) -> None:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet("S")
    header = [*HEADER, *(f"note {n}" for n in range(8))]
    sheet.write_row(0, 0, header)
    sheet.write_row(1, 0, [*ROW, *"abcdefgh"])
    sheet.set_column(5, 40, None, None, {"hidden": True})
    made.close()
    said = read(directory, file.getvalue()).report.notices
    (found,) = [n.message for n in said if n.code == "columns_hidden"]
    assert found == (
        "8 columns are hidden in the spreadsheet, and read like the others: F, G, H, I, J and "
        "3 more."
    )

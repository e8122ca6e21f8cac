"""The directory as a workbook comes back from a spreadsheet as it went."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import python_calamine

from clinics.directory import Directory
from clinics.domain.columns import NAMES
from clinics.domain.ports import Upload
from clinics.intake.check import Checked, check
from clinics.publishing.candidate import make_candidate
from clinics.publishing.workbook import as_xlsx
from tests.made_up import made_up_rules

OFFICE = shutil.which("soffice")
FULL = {
    "last_checked": "2026-07-03",
    "source_date": "2024-07",
    "price_per_session_usd": "450.50",
    "accepting_new_patients": "yes",
    "phone": "(301) 555-0123 ext. 4",
    "zip": "02093",
    "npi": "1234567893",
    "hours": "9-5",
    "notes": "=1+1 is no formula\nand this is a second line; “quoted”, é",
    "status": "open",
}


def directory_of(directory: Directory) -> pd.DataFrame:
    table = directory.dataset.table.copy()
    for column, cell in FULL.items():
        table.loc[table.index[0], column] = cell
    return table


def read(directory: Directory, data: bytes, live: pd.DataFrame) -> Checked:
    return check(data, made_up_rules(directory), live=live)


def test_a_workbook_that_comes_back_as_it_is_is_the_same_table(directory: Directory) -> None:
    table = directory_of(directory)
    checked = read(directory, as_xlsx(table, directory.vocabulary, 12), table)
    assert checked.sheet == "Clinics, version 12"
    assert checked.report.publishable
    assert not checked.report.totals.get("cell_read_as")
    assert not checked.report.totals.get("header_unknown")
    pd.testing.assert_frame_equal(checked.table, table[list(NAMES)].reset_index(drop=True))


def test_it_has_formats_words_and_the_version(directory: Directory) -> None:
    data = as_xlsx(directory_of(directory), directory.vocabulary, 12)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
        about = archive.read("docProps/custom.xml").decode()
    assert 'state="frozen"' in sheet
    assert "'Allowed words'!$B$" in sheet
    assert re.search('numFmtId="49"|formatCode="@"', styles)
    assert "yyyy-mm-dd" in styles
    assert re.search(r'name="Directory version".*?>12<', about)
    book = python_calamine.load_workbook(io.BytesIO(data))
    words = book.get_sheet_by_name("Allowed words").to_python()
    assert ["conditions", "ptsd"] in [row[:2] for row in words]
    assert len(book.get_sheet_by_name("About the columns").to_python()) > len(NAMES)


def through_office(data: bytes, kind: str, folder: Path) -> bytes:
    """Open a workbook in LibreOffice and save it."""
    (folder / "clinics.xlsx").write_bytes(data)
    out = folder / "out"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [str(OFFICE), profile, "--headless", "--convert-to", kind, "--outdir", str(out)]
    subprocess.run(
        [*command, str(folder / "clinics.xlsx")], check=True, capture_output=True, timeout=120
    )
    (made,) = out.iterdir()
    return made.read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls", "csv"])
def test_saved_by_a_spreadsheet_it_is_the_same_table(
    directory: Directory, tmp_path: Path, kind: str
) -> None:
    table = directory_of(directory)
    data = through_office(as_xlsx(table, directory.vocabulary, 12), kind, tmp_path)
    checked = read(directory, data, table)
    assert checked.report.publishable
    pd.testing.assert_frame_equal(checked.table, table[list(NAMES)].reset_index(drop=True))


def test_a_csv_file_that_a_spreadsheet_rewrote_is_the_same_table(directory: Directory) -> None:
    """The documented way before there was a workbook: days come back as 07/03/2026."""
    table = directory_of(directory)
    keep = table[list(NAMES)].copy()
    keep["last_checked"] = keep["last_checked"].where(keep["last_checked"] == "", "7/3/2026")
    keep["source_date"] = keep["source_date"].replace(
        {"2024-07": "24-Jul", "2025-05-20": "5/20/25"}
    )
    checked = read(directory, keep.to_csv(index=False).encode(), table)
    assert checked.report.publishable
    pd.testing.assert_frame_equal(checked.table, table[list(NAMES)].reset_index(drop=True))


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_three_cells_that_were_changed_in_a_spreadsheet_are_three_changes(
    directory: Directory, tmp_path: Path
) -> None:
    live = directory_of(directory)
    table = live.copy()
    changes = {"phone": "301-555-0199", "hours": "Mon-Fri 9am-5pm", "city": "Rockville"}
    for row, (column, cell) in enumerate(changes.items()):
        table.loc[table.index[row], column] = cell
    data = through_office(as_xlsx(table, directory.vocabulary, 0), "xlsx", tmp_path)
    upload = Upload("0" * 64, "clinics.xlsx", dt.datetime.now(dt.UTC), len(data))
    found = make_candidate(upload, data, made_up_rules(directory), (0, live))
    assert found.publishable
    assert [len(found.review.added), len(found.review.gone)] == [0, 0]
    assert len(found.review.changed) == 3

"""A clinic file is read whole, and everything wrong with it is said once, where it is."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.directory import BrokenDataset, Directory, load_bundled, load_directory
from clinics.domain.columns import NAMES
from clinics.domain.site import load_site
from clinics.intake.check import Checked, Limits, Rules, check
from clinics.intake.column_names import known
from clinics.intake.notices import KINDS, Severity, Stage
from clinics.intake.report import problems_copy, report_csv, report_json, to_do
from clinics.places.gazetteer import Gazetteer
from tests.folders import DATA
from tests.made_up import made_up_clinic, made_up_csv, made_up_rules, matched_of, words

FOLDERS = sorted((Path(__file__).parents[2] / "golden" / "files").iterdir())
FAULTS = [folder for folder in FOLDERS if folder.name in KINDS]
TODAY = dt.date(2026, 11, 22)
RULES = Rules(words(), Gazetteer(()), (), replace(load_site(DATA), service_area=None), TODAY)

canonical_rows = st.lists(
    st.builds(made_up_clinic, st.integers(1, 3), city=st.text(max_size=5), zip=st.text(max_size=6)),
    max_size=4,
)


def checked(folder: Path, name: str, directory: Directory) -> Checked:
    limits = folder / "limits.json"
    given = Limits(**json.loads(limits.read_text())) if limits.exists() else Limits()
    (file,) = folder.glob(f"{Path(name).stem}.*")  # a workbook, where the notice is of one
    rules = made_up_rules(directory, limits=given)
    return check(file.read_bytes(), rules, matched=matched_of(folder))


def read(data: bytes) -> Checked:
    return check(data, RULES)


def codes(result: Checked) -> list[tuple[str, int | None]]:
    return [(n.code, n.row) for n in result.report.notices]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_file_gives_the_notices_beside_it(folder: Path, directory: Directory) -> None:
    report = checked(folder, "input.csv", directory).report
    found = [{"code": n.code, "row": n.row, "column": n.column} for n in report.notices]
    assert found == json.loads((folder / "expected.json").read_text())


def test_every_code_of_a_file_has_a_folder_with_that_fault() -> None:
    assert {folder.name for folder in FAULTS} == {
        code for code, kind in KINDS.items() if kind.stage is not Stage.LIVE
    }
    for folder in FAULTS:
        expected = json.loads((folder / "expected.json").read_text())
        assert folder.name in {found["code"] for found in expected}


@pytest.mark.parametrize("folder", FAULTS, ids=lambda folder: folder.name)
def test_the_file_without_the_fault_does_not_have_the_notice(
    folder: Path, directory: Directory
) -> None:
    report = checked(folder, "good.csv", directory).report
    assert folder.name not in report.totals
    assert report.publishable


@pytest.mark.parametrize("folder", FAULTS, ids=lambda folder: folder.name)
def test_a_notice_is_a_sentence_that_says_where(folder: Path, directory: Directory) -> None:
    report = checked(folder, "input.csv", directory).report
    for found in report.notices:
        assert found.message.endswith(".")
        assert "{" not in found.message
        assert "None" not in found.message
        assert found.row is None or f"Row {found.row}" in found.message
        assert found.fix.endswith(".")
        assert found.expected in found.message
        assert found.severity == KINDS[found.code].severity
    errors = [n for n in report.notices if n.severity is Severity.ERROR]
    assert report.publishable == (not errors)


def test_a_good_file_is_kept_in_canonical_words(directory: Directory) -> None:
    folder = next(f for f in FOLDERS if f.name == "good")
    result = checked(folder, "input.csv", directory)
    first, second, third = result.table.to_dict("records")
    assert result.report.rows == 3
    assert result.report.publishable
    assert list(result.table.columns) == list(NAMES)
    assert first["name"] == 'Made-up "Clinic" 1'
    assert (first["zip"], first["phone"]) == ("20912", "(301) 555-0123 ext. 4")
    assert (first["conditions"], first["price_per_session_usd"]) == ("ptsd;ocd", "1450")
    assert first["notes"] == "Two lines:\none and two."
    assert (second["id"], second["location_precision"]) == ("made-up-clinic-2-20912", "zip")
    assert (third["id"], third["location_precision"]) == ("made-up-clinic-3", "town")
    assert {row["category"] for row in (first, second, third)} == {"ketamine"}
    header = (folder / "input.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert (result.layout, result.states) == ("own", {"MD"})
    assert set(result.columns) == set(header.replace(" Name ", "name").split(","))


def test_a_row_with_a_fault_is_left_out_and_the_others_kept(directory: Directory) -> None:
    result = checked(next(f for f in FOLDERS if f.name == "several_faults"), "input.csv", directory)
    assert list(result.table["id"]) == ["made-up-clinic-1"]
    assert not result.report.publishable
    assert (result.report.rows, result.report.left_out) == (4, 3)
    assert result.report.totals["row_cell_count"] == 1


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("Clinic name", "name"), ("Clinic Address", "address"), ("City/Town", "city"),
        ("State/Province", "state"), ("Zip/Postal Code", "zip"), ("Office Phone", "phone"),
        ("Phone #", "phone"), ("Date checked", "last_checked"),
    ],
)  # fmt: skip
def test_names_that_spreadsheets_often_give_a_column_are_known(written: str, column: str) -> None:
    assert known(written) == column


def test_row_numbers_are_those_of_the_spreadsheet() -> None:
    result = read(
        b'name,city,state,source\n\n,,,\n"Made\nup",Takoma Park,MD,x\n,Takoma Park,MD,x\n'
    )
    assert codes(result) == [("rows_blank", None), ("cell_read_as", 4), ("required_missing", 5)]
    assert result.report.rows == 2


def test_a_sentence_says_what_is_needed_and_what_is_there() -> None:
    report = read(made_up_csv([made_up_clinic(1, conditions="depresion")])).report
    assert [n.message for n in report.notices] == [
        "Row 2, column “conditions”: it needs ids from the list of conditions (did you mean "
        "depression?). It has “depresion” now."
    ]


def test_braces_in_a_cell_are_only_text() -> None:
    report = read(made_up_csv([made_up_clinic(1, zip="{row}")])).report
    assert report.notices[0].message.endswith("It has “{row}” now.")


def test_null_island_is_refused_but_a_place_on_the_equator_is_not() -> None:
    rows = [
        made_up_clinic(1, latitude="0", longitude="-0.000"),
        made_up_clinic(2, latitude="0", longitude="10"),
    ]
    assert codes(read(made_up_csv(rows))) == [("coordinates_zero", 2)]


def everything(data: bytes) -> Checked:
    """Check a file and make every report of it; the numbers in it have to agree."""
    result = check(data, replace(RULES, limits=Limits(max_notices=80)))
    report = result.report
    assert len(report.notices) <= 80
    assert len(result.table) <= report.rows
    assert len(report.notices) <= sum(report.totals.values())
    assert report.publishable == (report.errors == 0)
    assert to_do(report).endswith(".")
    assert json.loads(report_json(report))["rows"] == report.rows
    assert report_csv(report).startswith(b"\xef\xbb\xbf")
    assert problems_copy(data, report).startswith(b"\xef\xbb\xbf")
    return result


@given(st.binary(max_size=300))
def test_no_bytes_whatever_raise(data: bytes) -> None:
    everything(data)


@given(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), st.text(max_size=200))
def test_no_text_whatever_raises(encoding: str, text: str) -> None:
    everything(text.encode(encoding, "ignore"))


@given(st.text(st.sampled_from('a1,;"\n\r\t\x00\ufeff é=-@<\u202e'), max_size=120))
@settings(max_examples=200)
def test_no_text_under_a_right_header_raises(text: str) -> None:
    everything(b"name,city,state,zip,conditions,latitude,longitude\n" + text.encode())


@given(st.data())
@settings(max_examples=150)
def test_no_good_file_with_some_bytes_changed_raises(data: st.DataObject) -> None:
    good = bytearray((DATA / "clinics.csv").read_bytes()[:6000])
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(good) - 1))
        good[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    everything(bytes(good))


@given(canonical_rows)
def test_what_is_kept_is_read_again_the_same(rows: list[dict[str, str]]) -> None:
    first = read(made_up_csv(rows))
    again = read(made_up_csv(first.table.to_dict("records")))
    if len(first.table):
        assert again.report.publishable
        assert again.table.equals(first.table)


def test_the_bundled_file_with_a_fault_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "clinics.csv"
    path.write_bytes(made_up_csv([made_up_clinic(1, zip="1"), made_up_clinic(2, state="M")]))
    with pytest.raises(BrokenDataset) as caught:
        load_bundled(path, RULES)
    assert str(caught.value) == (
        "The clinic file clinics.csv cannot be used. Row 2, column “zip”: it needs five digits, "
        "such as 62701. It has “1” now. There is 1 more problem."
    )


def test_a_missing_bundled_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(BrokenDataset, match=r"^The clinic file clinics\.csv cannot be read: "):
        load_bundled(tmp_path / "clinics.csv", RULES)


def test_a_warning_does_not_keep_the_bundled_file_from_being_served(tmp_path: Path) -> None:
    path = tmp_path / "clinics.csv"
    path.write_bytes(made_up_csv([made_up_clinic(1, source="", last_checked="2026-10-01")]))
    dataset = load_bundled(path, RULES)
    assert (len(dataset), dataset.version.clinics) == (1, 1)
    assert dataset.version.published is None  # it came with the software


def test_a_folder_without_its_option_tables_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BrokenDataset):
        load_directory(tmp_path, TODAY)


def test_a_header_that_lacks_a_column_is_said_once_and_no_row_is_used() -> None:
    result = read(b"name,state,zip,source\nMade-up,MD,20912,x\nMade-up 2,MD,20912,x\n")
    assert codes(result) == [("header_missing", None)]
    assert (len(result.table), result.report.left_out) == (0, 2)


def test_a_file_without_a_source_column_is_told_so_once() -> None:
    result = read(b"name,city,state,zip\nMade-up,Takoma Park,MD,20912\n")
    assert codes(result) == [("header_source_missing", None)]
    assert result.report.publishable


def test_a_federal_file_is_our_own_kind_of_fault_where_it_is_not_expected() -> None:
    data = b"name1,street1,city,state,zip,phone,kit\nMade-up,1 Road,Bethesda,MD,20814,,1\n"
    assert read(data).layout == "own"


def test_an_uploaded_federal_file_says_no_date_and_the_source_of_the_data(
    directory: Directory,
) -> None:
    data = b"name1,street1,city,state,zip,phone,kit\nMade-up,1 Road,Bethesda,MD,20814,,1\n"
    row = check(data, made_up_rules(directory)).table.iloc[0]
    assert (row["category"], row["source_date"], row["last_checked"]) == ("mental-health", "", "")
    assert row["source"] == "SAMHSA, federal directory of mental health treatment facilities"
    assert (row["location_precision"], row["id"]) == ("zip", "made-up-20814")


def test_what_a_federal_file_says_of_its_own_source_and_day_counts(directory: Directory) -> None:
    data = (
        b"name1,street1,city,state,zip,phone,kit,last_checked,source\n"
        b"Made-up,1 Road,Bethesda,MD,20814,,1,2026-10-01,Made-up edition\n"
    )
    result = check(data, made_up_rules(directory))
    assert codes(result) == [("federal_recognized", None)]
    assert list(result.table["source_date"]) == ["2026-10-01"]
    assert list(result.table["last_checked"]) == [""]
    assert list(result.table["source"]) == ["Made-up edition"]


def test_a_file_from_before_the_two_dates_claims_the_weaker_of_them() -> None:
    rows = (f"Made-up {n},Takoma Park,MD,x,2026-10-0{n}\n" for n in (1, 2))
    result = read(f"name,city,state,source,last_checked\n{''.join(rows)}".encode())
    assert codes(result) == [("checked_is_source_date", None)]
    assert list(result.table["source_date"]) == ["2026-10-01", "2026-10-02"]
    assert set(result.table["last_checked"]) == {""}
    assert ("source_date" in result.columns, "last_checked" in result.columns) == (True, False)


@pytest.mark.parametrize("date", ["2024", "2024-07", "2024-07-03", ""])
def test_the_date_of_a_source_is_as_exact_as_the_source(date: str) -> None:
    result = read(made_up_csv([made_up_clinic(1, source_date=date)]))
    assert codes(result) == []
    assert list(result.table["source_date"]) == [date]


@pytest.mark.parametrize("date", ["24", "2024-7", "2024-13", "2024-02-30", "summer 2024", "2024-"])
def test_what_is_no_date_of_a_source_is_refused(date: str) -> None:
    result = read(made_up_csv([made_up_clinic(1, source_date=date)]))
    assert codes(result) == [("date_malformed", 2)]


def test_an_old_source_is_no_warning_but_a_source_of_the_future_is_an_error() -> None:
    rows = [made_up_clinic(1, source_date="2001"), made_up_clinic(2, source_date="2026-12")]
    assert codes(read(made_up_csv(rows))) == [("date_in_future", 3)]


def test_a_caveat_is_short_enough_to_be_shown_whole() -> None:
    fits, long = made_up_clinic(1, caveat="a" * 160), made_up_clinic(2, caveat="a" * 161)
    result = read(made_up_csv([fits, long]))
    assert codes(result) == [("cell_too_long", 3)]
    assert "It can have at most 160." in result.report.notices[0].message

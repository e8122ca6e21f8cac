"""A clinic file is read whole, and everything wrong with it is said once, where it is."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.columns import NAMES
from clinics.directory import Directory, load_directory, row_placer
from clinics.loading import BrokenDataset, Checked, check, load_bundled
from clinics.model import Point, Precision
from clinics.notices import KINDS, Severity, notice
from tests.made_up import made_up_clinic, made_up_csv, words

FOLDERS = sorted((Path(__file__).parents[1] / "golden" / "files").iterdir())
FAULTS = [folder for folder in FOLDERS if folder.name in KINDS]
TODAY = dt.date(2026, 11, 22)
NOWHERE = (Point(39, -77), Precision.TOWN)

canonical_rows = st.lists(
    st.builds(made_up_clinic, st.integers(1, 3), city=st.text(max_size=5), zip=st.text(max_size=6)),
    max_size=4,
)


def checked(data: bytes, directory: Directory) -> Checked:
    return check(data, directory.vocabulary, row_placer(directory.gazetteer), TODAY)


def read(data: bytes) -> Checked:
    return check(data, words(), lambda *_: NOWHERE, TODAY)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_file_gives_the_notices_beside_it(folder: Path, directory: Directory) -> None:
    report = checked((folder / "input.csv").read_bytes(), directory).report
    found = [{"code": n.code, "row": n.row, "column": n.column} for n in report.notices]
    assert found == json.loads((folder / "expected.json").read_text())


def test_every_code_has_a_file_with_that_fault() -> None:
    assert {folder.name for folder in FAULTS} == set(KINDS)
    for folder in FAULTS:
        expected = json.loads((folder / "expected.json").read_text())
        assert folder.name in {found["code"] for found in expected}


@pytest.mark.parametrize("folder", FAULTS, ids=lambda folder: folder.name)
def test_a_notice_is_a_sentence_that_says_where(folder: Path, directory: Directory) -> None:
    report = checked((folder / "input.csv").read_bytes(), directory).report
    for found in report.notices:
        assert found.message.endswith(".")
        assert "{" not in found.message
        assert "None" not in found.message
        assert found.row is None or f"Row {found.row}" in found.message
        assert found.severity == KINDS[found.code].severity
    errors = [n for n in report.notices if n.severity is Severity.ERROR]
    assert report.publishable == (not errors)


def test_a_good_file_is_kept_in_canonical_words(directory: Directory) -> None:
    data = next(f for f in FOLDERS if f.name == "good").joinpath("input.csv").read_bytes()
    result = checked(data, directory)
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


def test_a_row_with_a_fault_is_left_out_and_the_others_kept(directory: Directory) -> None:
    data = next(f for f in FOLDERS if f.name == "several_faults").joinpath("input.csv")
    result = checked(data.read_bytes(), directory)
    assert list(result.table["id"]) == ["made-up-clinic-1"]
    assert not result.report.publishable
    assert result.report.rows == 4
    assert result.report.totals["row_cell_count"] == 1


def test_row_numbers_are_those_of_the_spreadsheet() -> None:
    data = b"name,city,state,source\n\n,,,\nMade-up,Town,MD,x\n,Town,MD,x\n"
    report = read(data).report
    assert [(n.code, n.row) for n in report.notices] == [("required_missing", 5)]
    assert report.rows == 2


def test_a_sentence_says_what_is_needed_and_what_is_there() -> None:
    report = read(made_up_csv([made_up_clinic(1, conditions="depresion")])).report
    assert [n.message for n in report.notices] == [
        "Row 2, column “conditions”: it needs ids from the list of conditions (did you mean "
        "depression?). It has “depresion” now."
    ]


def test_a_very_long_cell_is_cut_in_the_notice() -> None:
    long = notice("zip_malformed", row=2, column="zip", value="9" * 5000, needs="five digits")
    assert len(long.message) < 150
    assert "9" * 59 + "…" in long.message
    assert len(long.value) == 200


def test_braces_in_a_cell_are_only_text() -> None:
    report = read(made_up_csv([made_up_clinic(1, zip="{row}")])).report
    assert report.notices[0].message.endswith("It has “{row}” now.")


def test_null_island_is_refused_but_a_place_on_the_equator_is_not() -> None:
    rows = [
        made_up_clinic(1, latitude="0", longitude="-0.000"),
        made_up_clinic(2, latitude="0", longitude="10"),
    ]
    assert list(read(made_up_csv(rows)).report.totals) == ["coordinates_zero"]


@given(st.binary(max_size=300))
def test_no_bytes_whatever_raise(data: bytes) -> None:
    result = read(data)
    assert len(result.table) <= result.report.rows


@given(st.text(st.sampled_from('a1,;"\n\r\t\x00\ufeff é'), max_size=120))
@settings(max_examples=200)
def test_no_text_under_a_right_header_raises(text: str) -> None:
    result = read(b"name,city,state,zip,conditions,latitude,longitude\n" + text.encode())
    assert len(result.table) <= result.report.rows


@given(canonical_rows)
def test_what_is_kept_is_read_again_the_same(rows: list[dict[str, str]]) -> None:
    first = read(made_up_csv(rows))
    again = read(made_up_csv(first.table.to_dict("records")))
    if len(first.table):
        assert again.report.notices == ()
        assert again.table.equals(first.table)


def test_the_bundled_file_with_a_fault_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "clinics.csv"
    path.write_bytes(made_up_csv([made_up_clinic(1, zip="1"), made_up_clinic(2, state="M")]))
    with pytest.raises(BrokenDataset) as caught:
        load_bundled(path, words(), lambda *_: NOWHERE, TODAY)
    assert str(caught.value) == (
        "The clinic file clinics.csv cannot be used. Row 2, column “zip”: it needs five digits, "
        "such as 20912. It has “1” now. There is 1 more problem."
    )


def test_a_missing_bundled_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(BrokenDataset, match=r"^The clinic file clinics\.csv cannot be read: "):
        load_bundled(tmp_path / "clinics.csv", words(), lambda *_: NOWHERE, TODAY)


def test_a_warning_does_not_keep_the_bundled_file_from_being_served(tmp_path: Path) -> None:
    path = tmp_path / "clinics.csv"
    path.write_bytes(made_up_csv([made_up_clinic(1, source="", last_checked="2026-10-01")]))
    dataset = load_bundled(path, words(), lambda *_: NOWHERE, TODAY)
    assert (len(dataset), dataset.version.clinics) == (1, 1)
    assert dataset.version.published == dt.date(2026, 10, 1)


def test_a_folder_without_its_option_tables_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BrokenDataset):
        load_directory(tmp_path, TODAY)

"""Large files like those keepers have: true totals, a bounded report, mended files come back."""

from __future__ import annotations

import csv
import io
import time
import tracemalloc

from clinics.directory import Directory
from clinics.intake.check import Limits, check
from clinics.intake.federal import load_codes
from clinics.intake.report import groups, problems_copy, to_do
from tests.folders import DATA
from tests.made_up import made_up_clinic, made_up_csv, made_up_rules
from tests.made_up_files import ROWS, federal_download, spreadsheet


def test_a_keepers_spreadsheet_is_told_everything_with_true_totals(directory: Directory) -> None:
    data, totals = spreadsheet()
    report = check(data, made_up_rules(directory)).report
    assert report.totals == totals
    assert report.rows == ROWS
    assert to_do(report) == (
        "You need to fix 28 telephone numbers, 7 websites, 5 conditions, 4 prices, 1 NPI number, "
        "6 dates and 3 positions, and add 3 towns."
    )


def test_at_most_fifty_of_a_kind_are_shown_with_the_true_total(directory: Directory) -> None:
    rows = [made_up_clinic(n, phone="x", name=f"Made-up {n}") for n in range(120)]
    report = check(made_up_csv(rows), made_up_rules(directory)).report
    (phones, *_) = groups(report)
    assert (phones.kind.code, phones.total, len(phones.notices)) == ("phone_malformed", 120, 50)


def test_the_copy_of_a_large_file_is_the_same_file_with_its_problems(directory: Directory) -> None:
    data, totals = spreadsheet()
    rules = made_up_rules(directory)
    report = check(data, rules).report
    copy = problems_copy(data, report)
    again = check(copy, rules).report
    kept = {code: n for code, n in totals.items() if code != "encoding_windows_1252"}
    assert again.totals == kept
    lines = list(csv.reader(io.StringIO(copy.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lines[0][-1] == "problems"
    said = [line for line in lines[1:] if line and line[-1].startswith("Error")]
    assert len(said) == report.left_out


def test_a_federal_download_is_read_whole(directory: Directory) -> None:
    data, facilities, withheld = federal_download(list(load_codes(DATA)))
    result = check(data, made_up_rules(directory))
    assert result.layout == "federal"
    assert len(result.table) == facilities - withheld
    assert result.states == {"MD", "DC", "VA"}
    assert set(result.table["category"]) == {"mental-health"}
    assert result.report.totals == {
        "federal_recognized": 1,
        "federal_undated": 1,
        "federal_withheld": 1,
        "lines_above_header": 1,
    }


def test_a_file_with_faults_in_every_row_is_checked_in_bounded_memory(directory: Directory) -> None:
    bad = {"phone": "x", "zip": "1", "state": "?", "longitude": "77", "last_checked": "soon"}
    rows = [made_up_clinic(n, conditions=f"sadness{n}", **bad) for n in range(5_000)]
    data = made_up_csv(rows)
    rules = made_up_rules(directory, limits=Limits(max_notices=1_000))
    began = time.process_time()
    tracemalloc.start()
    report = check(data, rules).report
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(report.notices) <= 1_000
    assert report.totals["phone_malformed"] == report.totals["option_unknown"] == 5_000
    assert {n.code for n in report.notices} == set(report.totals)
    assert report.left_out == 5_000
    assert peak < 40_000_000
    assert time.process_time() - began < 20


def test_many_rows_of_one_telephone_number_are_not_compared_with_each_other(
    directory: Directory,
) -> None:
    rows = [
        made_up_clinic(n, phone="(301) 555-0123", address="9 Made-up Road", name="Made-up")
        for n in range(5_000)
    ]
    began = time.process_time()
    report = check(made_up_csv(rows), made_up_rules(directory)).report
    assert report.totals["clinic_like_another"] == 4_999
    assert time.process_time() - began < 10

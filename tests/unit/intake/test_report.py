"""A report says what to do, keeps true totals, and is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json

from clinics.intake.notices import KINDS, Findings, Report, Severity, Stage, notice
from clinics.intake.report import groups, problems_copy, report_csv, report_json, to_do


def report_of(*findings: tuple[str, int | None, str | None], rows: int = 9) -> Report:
    found = tuple(notice(c, row=r, column=k, value="x", needs="y") for c, r, k in findings)
    return Report(rows, found)


def lines(data: bytes, delimiter: str = ",") -> list[list[str]]:
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_the_to_do_sentence_counts_what_is_to_be_mended() -> None:
    phones = [("phone_malformed", n, "phone") for n in (2, 3, 4)]
    report = report_of(*phones, ("required_missing", 5, "city"), ("source_missing", 6, "source"))
    assert to_do(report) == "You need to fix 3 telephone numbers and add 1 town."


def test_the_to_do_sentence_stays_readable_with_many_kinds() -> None:
    report = report_of(
        ("header_missing", None, "state"), ("phone_malformed", 2, "phone"),
        ("option_unknown", 2, "payment"), ("option_unknown", 3, "payment"),
        ("required_missing", 4, "name"), ("row_cell_count", 5, None),
    )  # fmt: skip
    assert to_do(report) == (
        "You need to add 1 column and 1 name, fix 1 telephone number and 2 ways to pay, and fix "
        "the number of cells in 1 row."
    )


def test_the_to_do_sentence_says_several_of_a_noun_as_people_do() -> None:
    found = [("option_unknown", row, column) for column in ("category", "status") for row in (2, 3)]
    assert to_do(report_of(*found)) == "You need to fix 2 categories and 2 statuses."


def test_a_file_that_cannot_be_read_says_what_to_do_with_it() -> None:
    assert to_do(report_of(("file_other_kind", None, None))) == (
        "You need to save the file as a spreadsheet."
    )


def test_nothing_to_be_fixed_says_so_with_the_warnings() -> None:
    assert to_do(Report(3)) == "Nothing needs to be fixed."
    assert to_do(report_of(("source_missing", 2, "source"))) == (
        "Nothing needs to be fixed. There is 1 warning to look at."
    )
    warnings = [("source_missing", n, "source") for n in (2, 3)]
    assert to_do(report_of(*warnings, ("rows_blank", None, None))) == (
        "Nothing needs to be fixed. There are 2 warnings to look at."
    )


def test_every_error_has_its_words_for_the_to_do_sentence() -> None:
    for code, kind in KINDS.items():
        assert kind.title
        if kind.severity is Severity.ERROR:
            column = "zip" if kind.noun == "*" else None
            sentence = to_do(report_of((code, 2, column)))
            assert sentence.startswith("You need to "), code
            assert "  " not in sentence, code


def test_groups_are_errors_first_in_the_order_of_looking() -> None:
    report = report_of(
        ("checked_over_90_days", 2, "last_checked"), ("id_twice", 3, "id"),
        ("source_missing", 3, "source"), ("phone_malformed", 4, "phone"),
        ("header_missing", None, "city"), ("phone_malformed", 5, "phone"),
    )  # fmt: skip
    assert [(g.kind.code, g.total, len(g.notices)) for g in groups(report, shown=1)] == [
        ("header_missing", 1, 1),
        ("phone_malformed", 2, 1),
        ("id_twice", 1, 1),
        ("source_missing", 1, 1),
        ("checked_over_90_days", 1, 1),
    ]


def test_the_json_is_the_contract() -> None:
    report = Report(2, (notice("zip_malformed", row=3, column="zip", value="1", needs="five"),), 1)
    assert json.loads(report_json(report)) == {
        "publishable": False,
        "rows": 2,
        "left_out": 1,
        "to_do": "You need to fix 1 ZIP code.",
        "notices": [
            {
                "code": "zip_malformed",
                "severity": "error",
                "row": 3,
                "column": "zip",
                "value": "1",
                "message": "Row 3, column “zip”: it needs five. It has “1” now.",
                "expected": "five",
                "fix": "Write all five digits, with a leading zero if there is one.",
            }
        ],
        "totals": {"zip_malformed": 1},
    }


def test_totals_are_true_and_notices_are_bounded_with_a_share_for_each_kind() -> None:
    findings = Findings(400)
    for row in range(2, 5_002):
        findings.add("phone_malformed", row, "phone", "x", "y")
    findings.add("zip_malformed", 9, "zip", "x", "y")
    report = Report(5_000, findings.notices, len(findings.bad_rows), findings.counts)
    assert len(report.notices) <= 400
    assert report.totals == {"phone_malformed": 5_000, "zip_malformed": 1}
    assert report.left_out == 5_000
    assert "zip_malformed" in {n.code for n in report.notices}
    assert lines(report_csv(report))[-1][3] == (
        f"{5_000 - len(report.notices) + 1:,} more like these are not listed; there are 5,000."
    )


def test_more_notices_count_too() -> None:
    more = notice("clinics_disappear", value="12 listings", needs="5%")
    report = Report(9).with_more([more])
    assert report.totals == {"clinics_disappear": 1}
    assert report.notices == (more,)
    assert report.publishable
    assert KINDS["clinics_disappear"].stage is Stage.LIVE
    both = report_of(("source_missing", 2, "source")).with_more([more])
    assert both.totals == {"clinics_disappear": 1, "source_missing": 1}


def test_no_cell_of_the_csv_report_is_a_formula() -> None:
    found = notice("cell_formula", row=2, column="notes", value="=1+1", needs="=")
    assert lines(report_csv(Report(1, (found,))))[1][4] == "'=1+1"


def test_the_copy_has_the_problems_of_each_row_and_no_formula() -> None:
    data = 'Liste;;\n"Name";city;longitude\n=cmd;Bethesda;-77.1\n\nMade-up;Rockville;-77\n'
    found = notice("cell_formula", row=3, column="name", value="=cmd", needs="=")
    copy = lines(problems_copy(data.encode("cp1252"), Report(2, (found,))), ";")
    assert copy == [
        ["Liste", "", "", ""],
        ["Name", "city", "longitude", "problems"],
        ["'=cmd", "Bethesda", "-77.1", f"Warning: {found.message} {found.fix}"],
        [],
        ["Made-up", "Rockville", "-77", ""],
    ]


def test_a_copy_of_a_copy_has_one_column_of_problems() -> None:
    data = b"name,city,problems,state\nMade-up,Bethesda,old,MD\n"
    copy = lines(problems_copy(data, Report(1)))
    assert copy == [["name", "city", "state", "problems"], ["Made-up", "Bethesda", "MD", ""]]


def test_of_a_file_that_cannot_be_read_the_copy_is_the_report() -> None:
    report = report_of(("file_other_kind", None, None))
    report = Report(0, report.notices)
    assert problems_copy(b"%PDF", report) == problems_copy(b"name\n", report) == report_csv(report)


def test_a_very_long_cell_is_cut_in_the_notice() -> None:
    long = notice("zip_malformed", row=2, column="zip", value="9" * 5000, needs="five digits")
    assert len(long.message) < 150
    assert "9" * 59 + "…" in long.message
    assert len(long.value) == 200


def test_one_wide_row_does_not_make_the_copy_many_times_as_wide() -> None:
    wide = ",".join(["x"] * 100_000)
    data = f"name,city\n{wide}\n{'a,b' + chr(10)}".encode() + b"a,b\n" * 2_000
    copy = problems_copy(data, report_of(("row_cell_count", 2, None), ("phone_malformed", 3, None)))
    header, first, second, *others = lines(copy)
    assert (header[-1], len(first), len(second)) == ("problems", 100_001, len(header))
    assert first[-1].startswith("Error")
    assert second[-1].startswith("Error")
    assert len(others) == 2_000
    assert len(copy) < 10 * len(data)

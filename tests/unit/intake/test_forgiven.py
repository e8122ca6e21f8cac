"""What a person would understand is read so and said; what could be two things is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd
import pytest

from clinics.directory import Directory
from clinics.domain.columns import NAMES
from clinics.intake.check import Checked, check
from clinics.intake.days import settled
from clinics.intake.forgiven import NOTHING, position_pair, whole_address
from tests.made_up import made_up_clinic, made_up_csv, made_up_rules

TODAY = dt.date(2026, 11, 22)


def read(directory: Directory, live: pd.DataFrame | None = None, **cells: str) -> Checked:
    data = made_up_csv([made_up_clinic(1, **cells)])
    return check(data, made_up_rules(directory), live=live)


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        ("phone", "(301) 555–0101", "(301) 555-0101"),
        ("phone", "301\u2011555\u20110102", "(301) 555-0102"),
        ("phone", "410\u2212555\u22120103", "(410) 555-0103"),
        ("phone", "(301) 555-0104, ext. 12", "(301) 555-0104 ext. 12"),
        ("phone", "301-555-0104; Extension: 12", "(301) 555-0104 ext. 12"),
        ("phone", "301/555-0105", "(301) 555-0105"),
        ("phone", "3015550106.0", "(301) 555-0106"),
        ("phone", "Tel: 301 555 0106", "(301) 555-0106"),
        ("phone", "(301)\u00a0555-0101", "(301) 555-0101"),
        ("state", "Maryland", "MD"),
        ("state", "MD.", "MD"),
        ("state", "D.C.", "DC"),
        ("state", "maryland", "MD"),
        ("zip", "20912.0", "20912"),
        ("website", "www.example.org/ketamine", "https://www.example.org/ketamine"),
        ("conditions", "Depression, PTSD", "depression;ptsd"),
        ("conditions", "Depression, PTSD, and Anxiety", "depression;ptsd;anxiety"),
        ("conditions", "Depression\nPTSD", "depression;ptsd"),
        ("conditions", "Chronic pain", "chronic-pain"),
        ("conditions", "depression / PTSD", "depression;ptsd"),
        ("treatments", "IV ketamine (infusion);Spravato", "iv-ketamine;esketamine"),
        ("treatments", "Spravato", "esketamine"),
        ("payment", "Private insurance", "private-insurance"),
        ("payment", "Cash", "self-pay"),
        ("languages", "Spanish", "es"),
        ("ages", "Adults (26 to 64), Older adults (65 or older)", "adults;seniors"),
        ("category", "Ketamine and Spravato clinics", "ketamine"),
        ("price_per_session_usd", "450 dollars", "450"),
        ("price_per_session_usd", "USD 1,200", "1200"),
        ("name", "Body &amp; Mind", "Body & Mind"),
        ("name", "Made-up\u00a0Clinic", "Made-up Clinic"),
        ("hours", "N/A", ""),
        ("notes", "TBD", ""),
        ("phone", "-", ""),
        ("website", "n/a", ""),
        ("payment", "none", ""),
        ("accepting_new_patients", "Unknown", ""),
        ("last_checked", "11/14/2026", "2026-11-14"),
        ("last_checked", "11/14/26", "2026-11-14"),
        ("last_checked", "46340", "2026-11-14"),
        ("last_checked", "November 14, 2026", "2026-11-14"),
        ("last_checked", "2026-11-14 00:00:00", "2026-11-14"),
        ("last_checked", "7/3/2026", "2026-07-03"),
        ("source_date", "Jul-24", "2024-07"),
        ("source_date", "7/2024", "2024-07"),
    ],
)
def test_what_can_only_mean_one_thing_is_read_so_and_said(
    directory: Directory, column: str, written: str, meant: str
) -> None:
    checked = read(directory, **{column: written})
    assert checked.report.publishable
    assert list(checked.table[column]) == [meant]
    assert [n.column for n in checked.report.notices if n.code == "cell_read_as"] == [column]


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("38,98", "-77,0007"),
        ("38.98, -77.0007", ""),
        ("38.98° N", "77.0007° W"),
        ("", "(38.98, -77.0007)"),
    ],
)
def test_positions_as_people_copy_them_are_read(
    directory: Directory, latitude: str, longitude: str
) -> None:
    checked = read(directory, latitude=latitude, longitude=longitude)
    assert list(checked.table["latitude"] + " " + checked.table["longitude"]) == ["38.98 -77.0007"]


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        ("phone", "(410) 555-0107, option 6", "phone_malformed"),
        ("phone", "(410) 555-0108 or (410) 555-0109", "phone_malformed"),
        ("phone", "410-555-010999", "phone_malformed"),
        ("conditions", "depression, tiredness", "option_unknown"),
        ("conditions", "depresion", "option_unknown"),
        ("state", "Mary", "state_unknown"),
        ("zip", "2091", "zip_malformed"),
        ("price_per_session_usd", "400-600", "price_malformed"),
        ("website", "see Facebook", "url_malformed"),
        ("last_checked", "12/11/2026", "date_malformed"),
        ("last_checked", "Jul-24", "date_malformed"),
        ("last_checked", "last summer", "date_malformed"),
        ("source_date", "24-Jul", "date_malformed"),
        ("name", "N/A", "required_missing"),
    ],
)
def test_what_could_be_two_things_is_asked(
    directory: Directory, column: str, written: str, code: str
) -> None:
    report = read(directory, **{column: written}).report
    assert not report.publishable
    assert code in report.totals


def live_of(id: str, **cells: str) -> pd.DataFrame:
    return pd.DataFrame([{**dict.fromkeys(NAMES, ""), "id": id, **cells}], dtype="str")


@pytest.mark.parametrize(
    ("column", "there", "written"),
    [
        ("last_checked", "2026-03-07", "7/3/2026"),
        ("last_checked", "2026-07-03", "7/3/2026"),
        ("source_date", "2024-07", "24-Jul"),
        ("source_date", "2024-07", "Jul-24"),
        ("source_date", "2024-07", "2024-07-01"),
        ("source_date", "2024-07", "7/1/2024"),
        ("source_date", "2024", "1/1/2024"),
    ],
)
def test_the_live_value_settles_which_day_is_meant(
    directory: Directory, column: str, there: str, written: str
) -> None:
    row = made_up_clinic(1, **{column: written})
    live = live_of(row["id"], **{column: there})
    checked = check(made_up_csv([row]), made_up_rules(directory), live=live)
    assert list(checked.table[column]) == [there]
    assert checked.report.publishable


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["3/14/2026", "7/3/2026"], {0: "2026-03-14", 1: "2026-07-03"}),
        (["14/3/2026", "7/3/2026"], {0: "2026-03-14", 1: "2026-03-07"}),
        (["14/3/2026", "3/15/2026", "7/3/2026"], {0: "2026-03-14", 1: "2026-03-15"}),
        (["5/5/2026"], {0: "2026-05-05"}),
        (["2026-03-14"], {}),
        (["", "soon"], {}),
    ],
)
def test_the_other_days_of_a_column_settle_the_order(
    cells: list[str], days: Mapping[int, str]
) -> None:
    assert settled(cells, [""] * len(cells), TODAY, months=False) == days


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("1 Made-up Street, Takoma Park, MD 20912", ("1 Made-up Street", "Takoma Park", "MD")),
        ("1 Made-up St, Suite 5, Takoma Park, Maryland 20912-1234, USA",
         ("1 Made-up St, Suite 5", "Takoma Park", "MD")),
        ("1 Made-up Street\nTakoma Park, MD 20912", ("1 Made-up Street", "Takoma Park", "MD")),
        ("Takoma Park, MD 20912", ("", "Takoma Park", "MD")),
    ],
)  # fmt: skip
def test_a_whole_address_is_taken_apart(cell: str, parts: tuple[str, str, str]) -> None:
    assert whole_address(cell) == (*parts, "20912")


@pytest.mark.parametrize("cell", ["1 Made-up Street, Suite 5", "1 Street, Town, XX 20912", "", ","])
def test_what_is_no_whole_address_is_left(cell: str) -> None:
    assert whole_address(cell) is None


def test_a_file_with_one_column_for_the_address_can_be_used(directory: Directory) -> None:
    data = (
        "Clinic Name,Full Address,Phone,Source\n"
        'Made-up Birch Clinic,"1 Made-up Street, Takoma Park, MD 20912",(301) 555-0101,made up\n'
    )
    checked = check(data.encode(), made_up_rules(directory))
    assert checked.report.publishable
    assert list(checked.table.loc[0, ["address", "city", "state", "zip"]]) == [
        "1 Made-up Street", "Takoma Park", "MD", "20912"
    ]  # fmt: skip


def test_a_pair_of_degrees_is_two_numbers_with_points() -> None:
    assert position_pair("39.29, -76.62") == ("39.29", "-76.62")
    assert position_pair("39.29") is None
    assert position_pair("38,98") is None


@pytest.mark.parametrize("cell", ["no", "0", "Nanjing", "N", "None of these", "closed"])
def test_words_that_say_something_are_kept(cell: str) -> None:
    assert cell not in NOTHING

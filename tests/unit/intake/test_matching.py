"""Columns under names that are not ours: what is proposed, what never is, and what is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from clinics.directory import Directory
from clinics.intake.check import Checked, check
from clinics.intake.column_names import Matching, known, names_in
from clinics.intake.matching import NO_HEADER, Header, header_of
from clinics.intake.mending import MendedCell, mended
from tests.made_up import made_up_rules, words

PHONES = ["301-555-0101", "(301) 555-0102", "301/555-0103"]
RUN_TOGETHER = ["3015550101", "4105550102"]
ZIPS = ["20912", "20910", "21201-1234"]
TOWNS = ["Takoma Park", "Silver Spring", "Baltimore"]
DAYS = ["3/14/2026", "2026-03-15", "14 March 2026"]


def proposed(name: str, values: Sequence[str]) -> str:
    (stranger,) = header_of([name], [list(values)], words()).strangers
    return stranger.proposal


@pytest.mark.parametrize(
    ("name", "values", "column"),
    [
        # by the name, where the cells do not speak against it
        ("Call us", PHONES, "phone"),
        ("ClinicPhone", [], "phone"),
        ("Tel. no", ["301/555-0101"], "phone"),
        ("phonenumbr", PHONES, "phone"),
        ("Teléfono", PHONES, "phone"),
        ("Phone (new patients)", RUN_TOGETHER, "phone"),
        ("Homepage address", ["https://made-up.example"], "website"),
        ("Post code", ZIPS, "zip"),
        ("ZIP+4", ["20912-1234"], "zip"),
        ("Town / City", TOWNS, "city"),
        ("State Name", ["Maryland", "D.C."], "state"),
        ("Street address of site", ["1 Main St"], "address"),
        ("Name of the clinic", ["Made-up Clinic"], "name"),
        ("Center Name", ["Made-up Center"], "name"),
        ("FQHC Site NPI Number", ["1234567893"], "npi"),
        ("Longitud", ["-77.01"], "longitude"),
        ("GPS position", ["39.29, -76.62"], "latitude"),
        ("Opening times", ["Mon-Fri 9am-5pm"], "hours"),
        ("Languages we speak", ["English, Spanish"], "languages"),
        ("Ages we see", ["Adults (26 to 64)"], "ages"),
        ("What we treat", ["Depression", "PTSD"], "conditions"),
        ("Services we offer", ["IV ketamine"], "treatments"),
        ("Insurance accepted", ["Medicare, Self-pay"], "payment"),
        ("Insurances taken", ["Most major plans"], "insurance_note"),
        ("Session fee", ["$450"], "price_per_session_usd"),
        ("Taking new patients?", ["Yes", "No"], "accepting_new_patients"),
        ("Type of clinic", ["outpatient"], "facility_type"),
        ("Data as of", ["2026-03"], "source_date"),
        ("We verified on this day", DAYS, "last_checked"),
        ("Link to source", ["https://made-up.example/a"], "source_url"),
        ("Notes for visitors", ["Ring the bell"], "notes"),
        # by the cells alone
        ("Ring", PHONES, "phone"),
        ("Online", ["www.made-up.example"], "website"),
        ("Where it is", ["1 Made-up Street"], "address"),
        ("Whole thing", ["1 Made-up Street, Takoma Park, MD 20912"], "address"),
        ("Community", TOWNS, "city"),
        ("Abbrev", ["MD", "DC"], "state"),
        ("Digits", ZIPS, "zip"),
        ("Northing", ["38.9832", "39.2904"], "latitude"),
        ("Easting", ["-77.0007", "-76.6122"], "longitude"),
        ("Point", ["39.29, -76.62"], "latitude"),
        # what is about something else
        ("Fax", PHONES, ""),
        ("Mobile", PHONES, ""),
        ("Emergency phone", PHONES, ""),
        ("After-hours telephone", PHONES, ""),
        ("Authorized Official Telephone Number", RUN_TOGETHER, ""),
        ("Provider Business Mailing Address City Name", TOWNS, ""),
        ("Provider First Line Business Mailing Address", ["1 Main St"], ""),
        ("Client name", ["Jane Roe"], ""),
        ("Contact person", ["Jane Roe"], ""),
        ("Owner", ["Jane Roe"], ""),
        ("Last name", ["Jackson", "Salisbury"], ""),
        ("Email", ["desk@made-up.example"], ""),
        ("Facebook page", ["https://facebook.example/x"], ""),
        ("County", ["Montgomery", "Baltimore"], ""),
        ("License state", ["MD"], ""),
        ("State FIPS Code", ["24"], ""),
        ("Phone Type", [], ""),
        ("Site Status Description", ["Active"], ""),
        ("Date opened", DAYS, ""),
        ("Last updated", DAYS, ""),
        ("Favorite color", ["blue"], ""),
        # what the cells speak against, or could be anything
        ("Phone", ["ask at the desk"], None),
        ("Phone us?", ["Yes", "No"], ""),
        ("Site Status", ["Active", "Inactive"], ""),
        ("Operating Hours per Week", ["40", "55"], ""),
        ("Population", ZIPS, ""),
        ("Number of patients", ZIPS, ""),
        ("Account", RUN_TOGETHER, ""),
        ("Rating", ["4.5", "39.25"], ""),
        ("Closed", ["Yes", "No"], ""),
    ],
)
def test_what_is_proposed_for_a_column(
    name: str, values: Sequence[str], column: str | None
) -> None:
    if column is None:  # its name is known: it is read as always, and said to be wrong cell by cell
        assert known(name)
        assert header_of([name], [list(values)], words()).strangers == ()
    else:
        assert proposed(name, values) == column


def test_a_header_that_is_a_row_is_proposed_nothing() -> None:
    assert proposed("(301) 555-0101", PHONES) == ""
    assert proposed("20912", ZIPS) == ""


def test_each_of_our_columns_is_proposed_once_and_none_that_is_known() -> None:
    names = ["name", "Tel", "Call us", "Where", "Online", "Web link"]
    sites = ["www.made-up.example"]
    columns = [["A"], PHONES, PHONES, ["1 Main St"], sites, sites]
    found = header_of(names, columns, words())
    assert {one.name: one.proposal for one in found.strangers} == {
        "Call us": "", "Where": "address", "Online": "", "Web link": "website",
    }  # fmt: skip


def test_two_known_names_of_one_column_are_asked_about_where_others_are() -> None:
    names = ["name", "Site Address", "Mailing Address", "Color"]
    columns = [["A"], ["1 Main St"], ["PO Box 1"], ["blue"]]
    found = header_of(names, columns, words())
    assert [(one.name, one.proposal) for one in found.strangers] == [
        ("Site Address", "address"), ("Mailing Address", ""), ("Color", ""),
    ]  # fmt: skip
    assert header_of(names[:3], columns[:3], words()).strangers == ()


def test_the_first_values_that_differ_are_shown() -> None:
    found = header_of(["Color"], [["", "n/a", "red", "red", "blue", "green", "gray"]], words())
    assert found.strangers[0].values == ("red", "blue", "green")


def test_columns_that_we_add_ourselves_and_names_of_signs_are_no_strangers() -> None:
    names = ["name", "problems", "made_from_version", "", "#"]
    assert header_of(names, [["x"]] * 5, words()).strangers == ()


def test_what_a_matching_leaves_wrong_is_said_in_sentences() -> None:
    names = ["name", "Call us", "Ring us", "Where"]
    columns = [["A"], PHONES, PHONES, ["1 Made-up Street, Takoma Park, MD 20912"]]
    found = header_of(names, columns, words())
    both = Matching((("call_us", "phone"), ("ring_us", "phone"), ("where", "")))
    assert found.faults(both) == (
        ("header_missing", "The column “city” is missing. It is needed."),
        ("header_missing", "The column “state” is missing. It is needed."),
        ("header_twice", "The column “phone” is there twice: as “Call us” in column B and "
         "“Ring us” in column C."),
    )  # fmt: skip
    whole = Matching((("call_us", "phone"), ("ring_us", ""), ("where", "address")))
    assert found.faults(whole) == ()


def test_a_header_is_the_same_in_any_order_and_case_and_with_what_we_add() -> None:
    assert names_in(["Call Us", "NAME"]) == names_in(["name", "call-us", "problems", "", "Name"])
    assert names_in(["call us"]) != names_in(["call us", "fax"])


FILE = (
    "Which,Lat/Long,Community,State,Call us,Fax,Source\n"
    'Made-up Clinic,"38.98, -77.01",Takoma Park,MD,301-555-0101,301-555-0102,made up\n'
)
SAID = Matching(
    (("which", "name"), ("community", "city"), ("call_us", "phone"), ("fax", "")),
    dt.date(2026, 3, 14),
)


def read(directory: Directory, matching: Matching | None, text: str = FILE) -> Checked:
    return check(text.encode(), made_up_rules(directory), matched=lambda _: matching)


def test_nothing_is_read_as_it_is_proposed(directory: Directory) -> None:
    checked = read(directory, None)
    assert {one.name: one.proposal for one in checked.header.strangers} == {
        "Which": "", "Community": "", "Call us": "phone", "Fax": "",
    }  # fmt: skip
    assert checked.table.empty
    unknown = {n.column: n.fix for n in checked.report.notices if n.code == "header_unknown"}
    assert list(unknown) == ["Which", "Community", "Call us", "Fax"]
    assert unknown["Call us"] == "If it is “phone”, rename it so; else leave it."


def test_a_file_is_read_as_somebody_said_and_that_is_noted(directory: Directory) -> None:
    checked = read(directory, SAID)
    (row,) = checked.table.to_dict("records")
    assert (row["name"], row["city"], row["phone"]) == (
        "Made-up Clinic", "Takoma Park", "(301) 555-0101",
    )  # fmt: skip
    assert (row["latitude"], row["longitude"]) == ("38.98", "-77.01")
    assert checked.report.publishable
    assert "header_unknown" not in checked.report.totals
    (said,) = [n.message for n in checked.report.notices if n.code == "columns_matched"]
    assert said == (
        "Columns were read as you said on 14 Mar 2026: “Which” as name, “Community” as city, "
        "“Call us” as phone; left out: “Fax”."
    )


def test_many_columns_that_are_left_out_are_counted(directory: Directory) -> None:
    names = [f"x{n}" for n in range(40)]
    text = f"name,city,state,source,{','.join(names)}\nA,Takoma Park,MD,m{',' * 40}\n"
    checked = read(directory, Matching(tuple((name, "") for name in names)), text)
    (said,) = [n.message for n in checked.report.notices if n.code == "columns_matched"]
    assert said.endswith("“x7” and 32 other columns.")


def test_what_is_said_comes_before_what_a_name_means_elsewhere(directory: Directory) -> None:
    text = "name,city,state,source,phone,fax\nA,Takoma Park,MD,m,301-555-0101,301-555-0102\n"
    swapped = Matching((("phone", "main_phone"), ("fax", "phone")))
    (row,) = read(directory, swapped, text).table.to_dict("records")
    assert (row["phone"], row["main_phone"]) == ("(301) 555-0102", "(301) 555-0101")


def test_a_row_that_ends_after_the_columns_that_are_needed_is_kept(directory: Directory) -> None:
    text = "Which,city,state,Color\nMade-up Clinic,Takoma Park,MD\n"
    assert len(read(directory, Matching((("which", "name"), ("color", ""))), text).table) == 1
    assert read(directory, None, text).table.empty


def test_cells_are_mended_in_the_columns_that_somebody_said(directory: Directory) -> None:
    text = FILE.replace("301-555-0101", "555")
    again = mended(text.encode(), [MendedCell(2, "phone", "555", "301-555-0199")], "", SAID)
    assert b"Takoma Park,MD,301-555-0199,301-555-0102" in again
    assert read(directory, SAID, again.decode("utf-8-sig")).report.publishable


@pytest.mark.parametrize(
    "text",
    ["name,city,state,source\nA,Takoma Park,MD,m\n", "Clinic,Town,St,Tel\nA,Takoma Park,MD,\n", ""],
)
def test_a_file_whose_names_are_known_has_no_strangers(directory: Directory, text: str) -> None:
    header = read(directory, None, text).header
    assert header.strangers == ()
    assert header == (Header(tuple(text.splitlines()[0].split(","))) if text else NO_HEADER)


def test_the_header_is_found_below_a_title_though_no_name_is_known(directory: Directory) -> None:
    text = f"Our clinics\n\n{FILE.replace('Source', 'Who says so')}".replace(",State,", ",In,")
    checked = read(directory, None, text)
    assert checked.header.names[0] == "Which"
    assert "lines_above_header" in checked.report.totals

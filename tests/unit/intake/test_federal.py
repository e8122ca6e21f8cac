"""Both layouts of the federal directory become the same rows in our own columns."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from clinics.directory import Directory
from clinics.domain.columns import NAMES
from clinics.domain.site import Edition
from clinics.domain.words import slug
from clinics.intake.check import check
from clinics.intake.federal import INTAKE, Codes, from_federal, is_federal, load_codes
from tests.folders import DATA
from tests.made_up import made_up_csv, made_up_rules

EDITION = Edition(
    "Made-up edition", "https://made-up.example/edition", "2024-07-03", "2023", "mental-health"
)
IDENTITY = (
    *("name1", "name2", "street1", "street2", "city", "state", "zip", "phone", "website"),
    *INTAKE,
)


@pytest.fixture(scope="module")
def codes() -> Codes:
    return load_codes(DATA)


def facility(services: str = "MH OP", **cells: str) -> dict[str, str]:
    """One row of the printed directory, where the services are one text of codes."""
    return {
        **dict.fromkeys(IDENTITY, ""),
        "name1": "Made-up Facility",
        "street1": "9 Made-up Road",
        "city": "Takoma Park",
        "state": "MD",
        "zip": "20912",
        "phone": "301-555-0123",
        "service_code_info": services,
        **cells,
    }


def as_flags(row: Mapping[str, str], codes: Codes) -> dict[str, str]:
    """The same row as the locator's download has it: one column for each code, 1 where true."""
    given = row["service_code_info"].split()
    flags = {code.lower(): "1" if code in given else "" for code in (*codes, "MH")}
    return {**flags, **{name: value for name, value in row.items() if name in IDENTITY}}


def one(row: Mapping[str, str], codes: Codes) -> dict[str, str]:
    (cells,) = from_federal([row], codes, EDITION)
    assert cells is not None
    return cells


SERVICES = "SA MH * OP TELE * CBT TMS KIT * MD MC PI * PTSD VET * CHLD ADLT * AH SP * SPS"


def test_services_become_our_columns(codes: Codes) -> None:
    cells = one(facility(SERVICES), codes)
    assert cells["category"] == "mental-health"
    assert cells["conditions"] == "substance-use;ptsd"
    assert cells["treatments"] == "psychotherapy;tms"
    assert cells["setting"] == "in-person;telehealth"
    assert cells["payment"] == "medicaid;medicare;private-insurance"
    assert cells["ages"] == "children;adults"
    assert cells["languages"] == "ase;es"
    assert (cells["source"], cells["source_url"], cells["source_date"]) == (
        "Made-up edition",
        "https://made-up.example/edition",
        "2024-07-03",
    )


def test_both_layouts_say_the_same_but_for_medicaid(codes: Codes) -> None:
    printed = one(facility(SERVICES.replace("MD ", "")), codes)
    flags = one(as_flags(facility(SERVICES.replace("MD ", "")), codes), codes)
    several = ("conditions", "treatments", "setting", "payment", "ages", "languages")
    for column in several:
        assert set(flags[column].split(";")) == set(printed[column].split(";")), column
    for column in set(printed) - {*several, "notes"}:
        assert flags[column] == printed[column], column


def test_medicaid_is_a_flag_of_its_own_in_the_download(codes: Codes) -> None:
    assert one(as_flags(facility("MH MD"), codes), codes)["payment"] == "medicaid"
    assert one(as_flags(facility("MH"), codes), codes)["payment"] == ""


@pytest.mark.parametrize("state", ["MD", "PA", "MI"])
def test_the_state_is_never_taken_for_a_way_to_pay(codes: Codes, state: str) -> None:
    row = facility("MH OP", state=state)
    assert one(row, codes)["payment"] == ""
    assert one(as_flags(row, codes), codes)["payment"] == ""
    assert one(row, codes)["state"] == state


def test_only_whole_codes_count(codes: Codes) -> None:
    assert one(facility("XMD MDX md OPX"), codes)["payment"] == ""
    assert one(facility("MD"), codes)["payment"] == "medicaid"


def test_a_facility_that_withholds_its_address_is_left_out(codes: Codes) -> None:
    rows = [facility(), facility(street1="- - -"), facility(name1="Made-up Other")]
    found = from_federal(rows, codes, EDITION)
    assert [cells and cells["name"] for cells in found] == [
        "Made-up Facility",
        None,
        "Made-up Other",
    ]


def test_a_code_for_ketamine_is_only_a_remark_and_never_a_treatment(codes: Codes) -> None:
    cells = one(facility("MH OP KIT"), codes)
    assert cells["treatments"] == ""
    assert cells["category"] == "mental-health"
    assert cells["notes"] == (
        "The federal list codes this facility for ketamine infusion; confirm with the facility."
    )


def test_groups_and_services_become_sentences(codes: Codes) -> None:
    assert one(facility("VET DV HI SPS"), codes)["notes"] == (
        "Says it has programs for veterans and people who have lived through partner or domestic "
        "violence. Also says it offers overnight hospital care and suicide prevention services."
    )
    assert one(facility("OP"), codes)["notes"] == ""


@pytest.mark.parametrize("code", ["CIT", "PEON", "PEOFF", "WI"])
def test_help_in_a_crisis_comes_after_988_and_says_the_year(codes: Codes, code: str) -> None:
    before, named = one(facility(f"MH OP {code}"), codes)["notes"].split(" In a 2023 survey ")
    assert before == "In a crisis, call or text 988."
    assert named.startswith("this place named ")
    assert named.endswith("; that may have changed since.")


def test_help_in_a_crisis_of_a_survey_of_no_known_year_claims_no_year(codes: Codes) -> None:
    (cells,) = from_federal(
        [facility("MH WI")], codes, Edition("", "", "", category="mental-health")
    )
    assert cells
    assert cells["notes"] == (
        "In a crisis, call or text 988. In the survey behind this list this place named walk-in "
        "emergency care; that may have changed since."
    )


def test_substance_use_comes_from_treatment_and_not_from_a_program_alone(codes: Codes) -> None:
    program = one(facility("MH OP * CBT * CO"), codes)
    assert program["conditions"] == ""
    assert "people with both a mental health and a substance use condition" in program["notes"]
    assert one(facility("SA MH OP * CBT * CO"), codes)["conditions"] == "substance-use"


@pytest.mark.parametrize("layout", ["printed", "download"])
@pytest.mark.parametrize(
    ("services", "kind"),
    [
        ("MH OP OMH CBT", "outpatient"),
        ("MH OP VAHC CBT", "va"),
        ("MH RES RTCC CBT", "live-in-children"),
        ("MH HI IPSY CBT", "hospital-unit"),
        ("MH OP CBT", "outpatient"),
        ("MH PHDT RES CBT", "live-in"),
        ("MH OP CMHC CBT SEMP PRS", "community-center"),
        ("MH OP CMHC PRS SEMP VRS", "job-support"),
        ("MH OP OMH PRS CM", "daily-living"),
        ("MH", ""),
    ],
)
def test_a_facility_says_what_kind_of_place_it_is(
    codes: Codes, layout: str, services: str, kind: str
) -> None:
    row = facility(services) if layout == "printed" else as_flags(facility(services), codes)
    assert one(row, codes)["facility_type"] == kind


@pytest.mark.parametrize("layout", ["printed", "download"])
@pytest.mark.parametrize(
    ("intake", "phone", "main"),
    [
        ({}, "301-555-0123", ""),
        ({"intake1": "301-555-0155"}, "(301) 555-0155", "301-555-0123"),
        ({"intake2": "301-555-0155 x12"}, "(301) 555-0155 ext. 12", "301-555-0123"),
        (
            {"intake1": "301-555-0123 x7", "intake2": "301-555-0155"},
            "(301) 555-0123 ext. 7",
            "301-555-0123",
        ),
        ({"intake1": "(301) 555 0123"}, "301-555-0123", ""),
        ({"intake1": "888-888-8888"}, "301-555-0123", ""),
        ({"intake1": "ask us", "intake2": "301-555-0155"}, "(301) 555-0155", "301-555-0123"),
        ({"intake1a": "301-555-0155"}, "(301) 555-0155", "301-555-0123"),
    ],
)
def test_the_number_for_new_patients_goes_first_and_the_main_line_is_kept(
    codes: Codes, layout: str, intake: dict[str, str], phone: str, main: str
) -> None:
    row = facility(**{**dict.fromkeys(INTAKE, ""), **intake})
    cells = one(row if layout == "printed" else as_flags(row, codes), codes)
    assert (cells["phone"], cells["main_phone"]) == (phone, main)


def test_the_id_of_a_facility_hangs_on_its_main_line(codes: Codes) -> None:
    rows = [facility(), facility(intake1="301-555-0155")]
    found = [cells["id"] for cells in from_federal(rows, codes, EDITION) if cells]
    assert found == ["made-up-facility-20912", "made-up-facility-20912-0123"]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("Made-up Center", "", "Made-up Center"),
        ("Made-up Center", "North Clinic", "Made-up Center, North Clinic"),
        ("Made-up Psychotherapy and", "Addictions", "Made-up Psychotherapy and Addictions"),
        ("Made-up House of", "Hope", "Made-up House of Hope"),
        ("Made-up House,", "Hope", "Made-up House Hope"),
        ("Made-up Band", "Clinic", "Made-up Band, Clinic"),
        ("  Made-up  ", " Clinic ", "Made-up, Clinic"),
    ],
)
def test_the_two_lines_of_a_name_are_joined(
    codes: Codes, first: str, second: str, joined: str
) -> None:
    assert one(facility(name1=first, name2=second), codes)["name"] == joined


def test_ids_come_from_name_and_zip_and_stay_the_same(codes: Codes) -> None:
    assert one(facility(zip="20912-1234"), codes)["id"] == "made-up-facility-20912"
    rows = [facility(), facility(name1="Made-up Other"), facility(phone="301-555-0199")]
    before = [cells["id"] for cells in from_federal(rows, codes, EDITION) if cells]
    assert before == [
        "made-up-facility-20912",
        "made-up-other-20912",
        "made-up-facility-20912-0199",
    ]
    moved = [facility("MH TELE", website="https://made-up.example"), *rows[1:]]
    assert [cells["id"] for cells in from_federal(moved, codes, EDITION) if cells] == before


def test_two_facilities_of_one_name_zip_and_telephone_differ_by_their_street(codes: Codes) -> None:
    rows = [facility(), facility(), facility(street1="10 Made-up Road")]
    found = [cells["id"] for cells in from_federal(rows, codes, EDITION) if cells]
    assert found == [
        "made-up-facility-20912",
        "made-up-facility-20912-0123",
        "made-up-facility-20912-10-made-up-road",
    ]


def test_coordinates_are_the_streets_and_without_them_nothing_is_claimed(codes: Codes) -> None:
    placed = one(facility(latitude="38.98", longitude="-77.01"), codes)
    assert (placed["latitude"], placed["location_precision"]) == ("38.98", "street")
    assert one(facility(), codes)["location_precision"] == ""


def test_a_layout_is_known_by_its_header() -> None:
    identity = ["Name1", "Street1", "City", "State", "Zip", "Phone"]
    assert is_federal([*identity, "service_code_info"])
    assert is_federal([*identity, "SA", "MH", "OP", "TELE", "KIT"])
    assert not is_federal(identity)
    assert not is_federal(NAMES)


@pytest.mark.parametrize("layout", ["printed", "download"])
def test_a_whole_federal_file_is_checked_like_our_own(
    directory: Directory, codes: Codes, layout: str
) -> None:
    rows = [
        facility("MH OP MD PTSD"),
        facility(street1="- - -"),
        facility(zip="1", name1="Bad", phone=""),
    ]
    if layout == "download":
        rows = [as_flags(row, codes) for row in rows]
    result = check(
        made_up_csv(rows, list(rows[0])), made_up_rules(directory, federal=(codes, EDITION))
    )
    assert [(n.code, n.row) for n in result.report.notices] == [
        ("federal_recognized", None),
        ("federal_withheld", None),
        ("zip_malformed", 4),
    ]
    assert (result.layout, result.states) == ("federal", {"MD"})
    assert set(result.columns) == {
        "id", "category", "name", "address", "city", "state", "zip", "phone", "main_phone",
        "website", "facility_type",
        "conditions", "treatments", "setting", "payment", "ages", "languages", "latitude",
        "longitude", "location_precision", "source", "source_url", "source_date", "notes",
    }  # fmt: skip
    assert list(result.table["payment"]) == ["medicaid"]
    assert list(result.table["location_precision"]) == ["zip"]


def test_a_slug_is_small_letters_digits_and_single_hyphens() -> None:
    assert slug("  Made-up & Co., No. 7! ") == "made-up-co-no-7"
    assert slug("¡!") == ""

"""Rows of the provider registry: upper case, old shapes, missing fields, hostile text."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.sources import Listing
from clinics.intake.npi_rows import NpiReader, names_of, questions, titled
from scripts.demo_registries import number, organization
from tests.made_up import made_up_clinic, words
from tests.sources import TODAY

ORGS = json.loads(
    (Path(__file__).parents[1] / "adapters/registries/nppes_orgs.json").read_text(encoding="utf-8")
)["results"]
NPI = number(5)
READER = NpiReader(words(), TODAY)


def row(**more: Any) -> dict[str, Any]:
    where = ("1 MADE UP ST", "ROCKVILLE", "MD", "208501234", "301-555-0111")
    return organization(NPI, "MADE UP CLINIC LLC", *where, **more)


def cells_of(**more: Any) -> list[Listing]:
    return [one.cells for one in READER.by_name([row(**more)], ("MD",))]


LISTING = made_up_clinic(npi=NPI, city="Rockville", zip="20850")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("1414 WALNUT ST", "1414 Walnut St"),
        ("4325 49TH ST NW STE 4A", "4325 49th St NW Ste 4A"),
        ("PEACH STATE MEDICAL PRACTICE, PC", "Peach State Medical Practice, PC"),
        (
            "EXAMPLE KETAMINE CENTERS OF MARYLAND, PLLC",
            "Example Ketamine Centers of Maryland, PLLC",
        ),
        ("O'NEILL AND MCLEAN MD, LLC", "O'Neill and McLean MD, LLC"),
        ("LUTHERVILLE-TIMONIUM", "Lutherville-Timonium"),
        ("THE MADE-UP GROUP II P.C.", "The Made-Up Group II P.C."),
        ("CAFÉ PEÑA", "Café Peña"),
        ("PO BOX 7 SE", "PO Box 7 SE"),
        ("J EXAMPLE M.D.", "J Example M.D."),
        ("1 Made Up Street Ste 200", "1 Made Up Street Ste 200"),
        ("MindPeace  Clinics", "MindPeace Clinics"),
        ("", ""),
    ],
)
def test_upper_case_is_shown_as_people_write_it(given: str, shown: str) -> None:
    assert titled(given) == shown


@given(st.text(max_size=60))
def test_case_is_all_that_changes(text: str) -> None:
    plain = " ".join(text.split())
    assert titled(text).casefold() == plain.casefold() or titled(text).upper() == plain


@pytest.mark.parametrize(
    ("name", "city", "organization_name"),
    [
        ("Freedom Ketamine Centers", "Rockville", "Freedom*"),
        ("Inner Path Wellness", "Baltimore", "Inner Path*"),
        ("The Mood Center", "Columbia", "Mood Center*"),
        ("Baltimore Ketamine Clinic", "Baltimore", "Baltimore Ketamine*"),
        (
            "NOVA Health Recovery (Northern Virginia Ketamine Infusion Center)",
            "Alexandria",
            "NOVA*",
        ),
        ("Blue Sky Mental Health", "Silver Spring", "Blue Sky*"),
        ("Adam O\u2019Neill & Associates", "Fairfax", "Adam O'Neill*"),
        ("LLC", "Fairfax", None),
        ("X", "Fairfax", None),
        ("*** <b>?</b>", "Fairfax", None),
    ],
)
def test_what_a_name_is_asked_by(name: str, city: str, organization_name: str | None) -> None:
    asked = [*questions({"name": name, "city": city})]
    assert [one.get("organization_name") for one in asked][:1] == [organization_name][: len(asked)]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Dr. Matthew Example", ("Matthew", "Example")),
        ("Adam O'Neill & Associates", ("Adam", "O'Neill")),
        ("Ann B. Specimen, M.D.", ("Ann", "Specimen")),
        ("Freedom Centers", None),
        ("Calliope Health", None),
    ],
)
def test_a_person_is_one_with_a_title_a_degree_or_associates(
    name: str, person: tuple[str, str] | None
) -> None:
    asked = [one for one in questions({"name": name, "city": ""}) if "last_name" in one]
    assert [(one["first_name"], one["last_name"]) for one in asked] == ([person] if person else [])


def test_a_name_that_begins_with_the_is_asked_for_both_ways() -> None:
    asked = [*questions({"name": "The Mood Center", "city": "Columbia"})]
    assert [one["organization_name"] for one in asked] == ["Mood Center*", "The Mood Center*"]


@given(st.text(max_size=400), st.text(max_size=20))
def test_no_name_asks_a_wildcard_of_less_than_two_letters(name: str, city: str) -> None:
    for one in questions({"name": name, "city": city}):
        assert all(len(value) > 2 or "*" not in value for value in one.values())


def test_the_recorded_records_of_a_state() -> None:
    found = {one.id: one for one in READER.by_name(ORGS, ("MD",))}
    assert list(found) == [
        "1234567000|1 made 20850", "1234567018|77 invented 20814", "1234567026|12 sample 21204",
        "1234567034|3 specimen 20874",
    ]  # fmt: skip
    assert found["1234567018|77 invented 20814"].date == dt.date(2012, 1, 9)
    assert found["1234567034|3 specimen 20874"].cells["phone"] == ""
    assert [*READER.by_name(ORGS, ("VA",))] == []


def test_old_shapes_are_read_by_what_they_share() -> None:
    """2018: epochs are seconds, empty cells are texts, a place has a day and no purpose."""
    old = row(
        created_epoch=1551657600, last_updated_epoch=1537623600,
        practiceLocations=[{
            "address_1": "9 SAMPLE RD", "address_2": "", "city": "TOWSON", "state": "MD",
            "postal_code": "21204", "telephone_number": "", "update_date": "2018-09-22 17:09",
        }],
    )  # fmt: skip
    old["basic"]["last_updated"] = "2018-09-22"
    found = [*READER.by_name([old], ("MD",))]
    assert [one.cells["address"] for one in found] == ["1 Made Up St", "9 Sample Rd"]
    assert found[1].cells["phone"] == ""
    assert found[0].date == dt.date(2018, 9, 22)


@pytest.mark.parametrize("last_updated", [None, "", "soon", 1551657600, "2030-01-01", "--"])
def test_a_record_without_a_day_proposes_nothing(last_updated: object) -> None:
    bad = row(basic={"organization_name": "MADE UP CLINIC", "last_updated": last_updated})
    assert [*READER.by_name([bad], ("MD",))] == []
    assert READER.by_number(bad, LISTING) is None


def test_of_two_places_in_one_town_neither_is_chosen_without_a_door() -> None:
    second = {**row()["addresses"][0], "address_purpose": "LOCATION", "address_1": "2 OTHER ST",
              "city": "ROCKVILLE", "state": "MD", "postal_code": "208501111"}  # fmt: skip
    two = row(practiceLocations=[second])
    assert READER.by_number(two, LISTING) is None
    found = READER.by_number(two, {**LISTING, "address": "2 Other Street, Suite 9"})
    assert found is not None
    assert found.cells["address"] == "2 Other St"


def test_the_only_place_of_a_number_in_another_town_is_not_the_listing() -> None:
    assert READER.by_number(row(), {**LISTING, "city": "Towson", "zip": "21204"}) is None
    assert READER.by_number(row(), {**LISTING, "state": "VA"}) is None


@pytest.mark.parametrize(
    ("cell", "value", "read"),
    [
        ("telephone_number", "999-999-9999", ""),
        ("telephone_number", "5550111", ""),
        ("telephone_number", None, ""),
        ("telephone_number", "<script>", ""),
        ("telephone_number", "301-555-0111 ext 5", "(301) 555-0111 ext. 5"),
        ("postal_code", "2085", ""),
        ("postal_code", 20850, ""),
        ("address_2", None, "1 Made Up St"),
        ("address_2", "STE 9", "1 Made Up St, Ste 9"),
    ],
)
def test_a_cell_that_cannot_be_is_left_out(cell: str, value: object, read: str) -> None:
    name = {"telephone_number": "phone", "postal_code": "zip", "address_2": "address"}[cell]
    place = {**next(one for one in row()["addresses"] if one["address_purpose"] == "LOCATION")}
    (found,) = cells_of(addresses=[{**place, cell: value}])
    assert found[name] == read


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.just("2026-01-01"),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["address_purpose", "state", "city", "organization_name", "last_updated",
                         "telephone_number", "address_1", "first_name"]), inner, max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["number", "basic", "addresses", "practiceLocations", "other_names",
                         "enumeration_type"]), json_like,
    )
)  # fmt: skip
def test_no_shape_breaks_the_reading(strange: dict[str, Any]) -> None:
    for one in READER.by_name([{**row(), **strange}, strange], ("MD",)):
        assert one.cells["state"] == "MD"
        assert len(one.evidence) <= 400
    READER.by_number({**row(), **strange}, LISTING)
    names_of(strange)

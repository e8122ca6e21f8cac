"""The provider registry: by number, else by name; every error comes as 200."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clinics.adapters.nppes import NOT_FOUND, TOO_MANY, Nppes
from clinics.domain.sources import Hint, Listing, Record, Said, SourceRefused, Trouble
from clinics.intake.npi_rows import NpiReader, questions
from scripts.demo_registries import DEACTIVATED, NPI_PATH, number, organization
from scripts.demo_sources import FAULTS, StandIn, stand_in
from tests.made_up import made_up_clinic, words
from tests.sources import TODAY, nobody, polite

ANSWERS = Path(__file__).parent / "registries"
MOOD, KETAMINE, THERE = "1234567000", "1234567018", "1234567026"


def recorded(name: str) -> Any:
    return json.loads((ANSWERS / name).read_text(encoding="utf-8"))


@pytest.fixture
def stand() -> Iterator[StandIn]:
    with stand_in([], {}) as made:
        made.stock.npi = [
            *recorded("nppes_orgs.json")["results"], *recorded("nppes_person.json")["results"]
        ]  # fmt: skip
        yield made


def nppes(stand: StandIn, **more: Any) -> Nppes:
    return Nppes(
        f"{stand.origin}{NPI_PATH}",
        lambda: polite(stand, **more),
        "ketamine",
        questions,
        lambda: NpiReader(words(), TODAY),
    )


def looked(stand: StandIn, *listings: Listing, **more: Any) -> tuple[list[Said], str]:
    """What was yielded before something stopped it, and the sentence of that."""
    found: list[Said] = []
    try:
        for one in nppes(stand, **more).look(listings, nobody):
            found.append(one)
    except SourceRefused as refused:
        return found, str(refused)
    return found, ""


def asked(stand: StandIn) -> list[str]:
    return [path.partition("?")[2] for path in stand.asked if path.startswith(NPI_PATH)]


def clinic(n: int = 1, **cells: str) -> dict[str, str]:
    usual = {"city": "Rockville", "zip": "20850", "npi": "", "address": ""}
    return made_up_clinic(n, **{**usual, **cells})


def test_by_number_the_place_in_the_state_is_read_with_the_day_of_the_record(
    stand: StandIn,
) -> None:
    listing = clinic(npi=MOOD)
    (one,), trouble = looked(stand, listing)
    assert trouble == ""
    assert isinstance(one, Record)
    assert (one.about, one.id, one.date) == (listing["id"], MOOD, dt.date(2026, 8, 5))
    assert one.cells == {
        "name": "Example Mood Center LLC", "address": "1 Made Up Street, Suite 200",
        "city": "Rockville", "state": "MD", "zip": "20850", "phone": "(301) 555-0111",
    }  # fmt: skip
    assert one.url == f"https://npiregistry.cms.hhs.gov/provider-view/{MOOD}"
    assert one.evidence == (
        "The registry names Example Mood Center LLC, NPI 1234567000, last changed 5 Aug 2026. "
        "Its number is often that of a billing office, and an NPI is no sign of a license."
    )
    assert asked(stand) == [f"version=2.1&number={MOOD}"]


def test_a_further_place_in_the_state_is_taken_and_no_mailing_address(stand: StandIn) -> None:
    (one,), _ = looked(stand, clinic(npi=THERE, city="Towson", zip="21204"))
    assert isinstance(one, Record)
    assert (one.cells["address"], one.cells["phone"]) == ("12 Sample Ln", "(410) 555-0133")
    (other,), _ = looked(stand, clinic(npi=THERE, city="Baltimore", zip="21201"))
    assert isinstance(other, Trouble)


def test_out_of_service_is_a_note_to_call_and_an_unknown_number_says_nothing(
    stand: StandIn,
) -> None:
    gone, unknown = clinic(1, npi=DEACTIVATED), clinic(2, npi=number(77))
    found, trouble = looked(stand, gone, unknown)
    assert trouble == ""
    hint, missing = found
    assert isinstance(hint, Hint)
    assert (hint.clinic_id, hint.says) == (gone["id"], "Call first: its NPI is out of service.")
    assert missing == Trouble(unknown["id"], NOT_FOUND)
    assert "closed" not in f"{hint}{missing}"


def test_nothing_found_is_nothing_said(stand: StandIn) -> None:
    stand.fixed = recorded("nppes_none.json")
    assert looked(stand, clinic(name="Alder House")) == ([], "")
    assert looked(stand, clinic(npi=MOOD))[0] == [Trouble(clinic()["id"], NOT_FOUND)]


def test_by_name_the_first_own_words_are_asked_for_and_no_taxonomy(stand: StandIn) -> None:
    found, _ = looked(stand, clinic(name="Example Ketamine Wellness", city="Bethesda"))
    assert asked(stand) == [
        "version=2.1&enumeration_type=NPI-2&organization_name=Example*&state=MD&limit=200"
    ]
    ids = {one.id.partition("|")[0]: one for one in found if isinstance(one, Record)}
    assert set(ids) == {MOOD, KETAMINE, THERE}
    assert ids[KETAMINE].also == ("Example Ketamine Wellness",)
    assert ids[KETAMINE].cells["name"] == "J Example MD PC"
    assert ids[KETAMINE].cells["npi"] == KETAMINE
    assert ids[THERE].cells["city"] == "Towson"
    assert not any(one.about for one in ids.values())


def test_a_practice_named_after_a_person_is_asked_for_as_one(stand: StandIn) -> None:
    found, _ = looked(stand, clinic(name="Dr. John Example"))
    assert "enumeration_type=NPI-1&last_name=Example&first_name=John&state=MD" in asked(stand)[-1]
    person = next(one for one in found if isinstance(one, Record) and "npi" not in one.cells)
    assert person.cells["name"] == "John Example"


def test_only_listings_that_are_open_and_of_the_kind_or_with_a_number_are_asked_for(
    stand: StandIn,
) -> None:
    looked(
        stand, clinic(1, category="mental-health"), clinic(2, status="closed", npi=MOOD),
        clinic(3, category="mental-health", npi=MOOD),
    )  # fmt: skip
    assert asked(stand) == [f"version=2.1&number={MOOD}"]


def rows(count: int, **more: Any) -> list[dict[str, Any]]:
    return [
        organization(number(n), f"MADE UP CLINIC {n}", f"{n + 1} MADE UP ST", "ROCKVILLE", "MD",
                     "20850", **more) for n in range(count)
    ]  # fmt: skip


def test_pages_are_read_to_the_end_and_no_further_than_can_be_asked(stand: StandIn) -> None:
    stand.stock.npi = rows(450)
    found, _ = looked(stand, clinic(name="Made Up Clinic"))
    assert len(found) == 450
    assert [query.partition("skip=")[2] for query in asked(stand)] == ["", "200", "400"]


def test_more_than_can_be_asked_for_is_asked_by_town_and_else_left(stand: StandIn) -> None:
    stand.stock.npi = rows(1300)
    listing = clinic(name="Made Up Clinic")
    assert looked(stand, listing)[0] == [Trouble(listing["id"], TOO_MANY)]
    assert len(asked(stand)) == 12
    elsewhere = clinic(name="Made Up Clinic", city="Laurel")
    assert looked(stand, elsewhere) == ([], "")
    assert "city=Laurel" in asked(stand)[-1]


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"drip", "silence", "empty"}))
def test_no_bad_answer_gives_a_record_and_two_end_the_round(stand: StandIn, fault: str) -> None:
    stand.fault = fault
    found, trouble = looked(stand, clinic(1, npi=MOOD), clinic(2, npi=MOOD), clinic(3, npi=MOOD))
    assert not [one for one in found if not isinstance(one, Trouble)]
    assert trouble.startswith("NPI Registry: ")
    assert trouble.endswith("Nothing more was asked.")
    again = 2 if fault in ("500", "503") else 1
    assert len(asked(stand)) == (1 if fault == "429" else 2 * again)


@pytest.mark.parametrize("fault", ["drip", "silence"])
def test_what_takes_forever_is_left(stand: StandIn, fault: str) -> None:
    stand.fault = fault
    found, trouble = looked(stand, clinic(1, npi=MOOD), clinic(2, npi=MOOD), longest_seconds=0.3)
    assert trouble == ("NPI Registry: 127.0.0.1 takes too long to answer. Nothing more was asked.")
    assert len(found) == 1


def test_one_failure_is_of_one_listing_and_what_was_found_stays(stand: StandIn) -> None:
    listings = [clinic(n, npi=MOOD) for n in range(3)]
    found: list[Said] = []
    for one in nppes(stand).look(listings, nobody):
        found.append(one)
        stand.fault = "" if stand.fault else "html"
    assert [type(one) for one in found] == [Record, Trouble, Record]


@pytest.mark.parametrize(
    "name",
    ["nppes_error_04_no_criteria", "nppes_error_07_state_alone", "nppes_error_09_type_alone"],
)
def test_a_question_that_is_not_understood_is_said_in_its_words(stand: StandIn, name: str) -> None:
    refused = recorded(f"{name}.json")
    listing = clinic(npi=MOOD)
    stand.fixed = refused
    found, trouble = looked(stand, listing)
    assert trouble == ""
    (one,) = found
    assert isinstance(one, Trouble)
    assert refused["Errors"][0]["description"] in one.says


@pytest.mark.parametrize(
    "errors",
    [recorded("nppes_error_15_deactivated.json")["Errors"],
     [{"description": "cms DEACTIVATED NPI 1.", "number": 99}], [{"number": "15"}]],
)  # fmt: skip
def test_out_of_service_is_known_by_its_number_or_its_words(
    stand: StandIn, errors: list[Any]
) -> None:
    stand.fixed = {"Errors": errors}
    (one,), _ = looked(stand, clinic(npi=MOOD))
    assert isinstance(one, Hint)


@pytest.mark.parametrize("errors", ["gone", [], ["15"], [None], {"number": "15"}, [{}], 15])
def test_errors_of_another_shape_are_no_sign_of_anything(stand: StandIn, errors: object) -> None:
    stand.fixed = {"Errors": errors, "results": None}
    (one,), _ = looked(stand, clinic(npi=MOOD))
    assert isinstance(one, Trouble)


def test_a_number_of_results_that_is_not_theirs_is_not_believed(stand: StandIn) -> None:
    stand.fixed = {"result_count": 3, "results": recorded("nppes_person.json")["results"]}
    (one,), _ = looked(stand, clinic(npi=MOOD))
    assert one == Trouble(
        clinic()["id"], "NPI Registry: It gave another number of results than it counts"
    )


def test_the_record_of_another_number_is_not_of_the_listing(stand: StandIn) -> None:
    stand.fixed = {**recorded("nppes_person.json"), "result_count": 1}
    assert looked(stand, clinic(npi=MOOD))[0] == [Trouble(clinic()["id"], NOT_FOUND)]


def test_the_probe_compares_the_shape_of_one_record(stand: StandIn) -> None:
    rows = recorded("nppes_orgs.json")["results"]
    shape = next(row for row in rows if row["other_names"])
    stand.fixed = {"result_count": 1, "results": [{**shape, "extra": 1}]}
    assert nppes(stand).probe() == "1 record of 1174270805. Missing: nothing. New: extra."
    del shape["basic"]["last_updated"]
    stand.fixed = {"result_count": 1, "results": [{**shape, "addresses": []}]}
    assert "Missing: addresses.address_1, addresses.address_purpose" in nppes(stand).probe()
    assert "basic.last_updated" in nppes(stand).probe(), "what is read in the tables of it counts"
    stand.fixed = None
    stand.fault = "html"
    with pytest.raises(SourceRefused, match="NPI Registry: It gave something that is no answer"):
        nppes(stand).probe()

"""Medicare's data: who gives Spravato, door by door; absence says nothing, counts stay inside."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clinics.adapters.cms import DATASET, YEAR, Cms
from clinics.adapters.memory import MemoryStore
from clinics.adapters.nppes import Registry
from clinics.domain.sources import Decision, Listing, Record, Said, SourceRefused, WholeList
from clinics.intake.medicare_rows import MedicareReader
from clinics.intake.npi_rows import NpiReader
from clinics.publishing.looking import look, say_same
from clinics.publishing.proposals import SAME, body_of, edits_of
from scripts.demo_registries import CMS_PATH, NPI_PATH, biller, number, organization
from scripts.demo_sources import FAULTS, StandIn, stand_in
from tests.made_up import made_up_clinic, words
from tests.sources import TODAY, nobody, polite

ANSWERS = Path(__file__).parent / "registries"
G2083 = json.loads((ANSWERS / "cms_g2083_md.json").read_text(encoding="utf-8"))


@pytest.fixture
def stand() -> Iterator[StandIn]:
    with stand_in([], {}) as made:
        made.stock.cms = [dict(row) for row in G2083]
        yield made


def cms(stand: StandIn, *, registry: bool = False, states: tuple[str, ...] = ("MD",)) -> Cms:
    def asks_registry() -> tuple[Registry, NpiReader]:
        asking = Registry(f"{stand.origin}{NPI_PATH}", polite(stand))
        return asking, NpiReader(words(), TODAY)

    return Cms(
        f"{stand.origin}{CMS_PATH}",
        lambda: polite(stand),
        states,
        MedicareReader(words(), YEAR).read,
        asks_registry if registry else None,
    )


def looked(source: Cms, *listings: Listing) -> tuple[list[Said], str]:
    found: list[Said] = []
    try:
        for one in source.look(listings, nobody):
            found.append(one)
    except SourceRefused as refused:
        return found, str(refused)
    return found, ""


def records(said: list[Said]) -> list[Record]:
    return [one for one in said if isinstance(one, Record)]


def clinic(n: int = 1, **cells: str) -> dict[str, str]:
    usual = {"city": "Rockville", "zip": "20850", "address": "1 Made Up Street, Suite 200"}
    return made_up_clinic(n, **{**usual, **cells})


ROCKVILLE = clinic(name="Alder Wellness", treatments="iv-ketamine")
BALTIMORE = clinic(2, city="Baltimore", zip="21201", address="3 Other Road", name="Elm Psychiatry")


def test_both_services_of_each_state_are_asked_for(stand: StandIn) -> None:
    looked(cms(stand, states=("MD", "VA")))
    asked = [path for path in stand.asked if path.startswith(CMS_PATH)]
    assert asked == [
        f"{CMS_PATH}/{DATASET}/data?filter[HCPCS_Cd]={code}"
        f"&filter[Rndrng_Prvdr_State_Abrvtn]={state}&size=5000&offset=0"
        for state in ("MD", "VA") for code in ("G2082", "G2083")
    ]  # fmt: skip


def test_who_is_at_the_door_of_a_listing_is_asked_about_in_words(stand: StandIn) -> None:
    store = MemoryStore()
    found = look(cms(stand), store, [ROCKVILLE, BALTIMORE], TODAY, nobody)
    assert found.trouble == ""
    by_id = {one.clinic_id: one for one in store.proposals()}
    assert set(by_id) == {ROCKVILLE["id"], BALTIMORE["id"]}
    assert {one.field for one in by_id.values()} == {SAME}
    body = body_of(by_id[ROCKVILLE["id"]])
    assert body.value == "John Example, 1 Made Up Street Ste 200, Rockville"
    assert body.date == "2024-12-31"
    assert body.evidence == (
        "Medicare 2024: 14 patients, 210 visits with Spravato, billed by John Example at 1 Made Up "
        "Street Ste 200, Rockville."
    )
    assert body.reasons == (
        "another name, “John Example”", "the same street address", "the same ZIP code",
    )  # fmt: skip
    assert set(body.cells) == {"name", "city", "state", "treatments"}


def test_the_same_place_proposes_the_treatment_and_no_address(stand: StandIn) -> None:
    store = MemoryStore()
    look(cms(stand), store, [ROCKVILLE], TODAY, nobody)
    (asked,) = store.proposals()
    assert say_same(store, asked, ROCKVILLE, "Ana") == 1
    (new,) = [one for one in store.proposals() if one.decision is Decision.PENDING]
    assert body_of(new).cells == {"treatments": "iv-ketamine;esketamine"}
    found = look(cms(stand), store, [ROCKVILLE], TODAY, nobody)
    assert [one.field for one in found.found] == ["treatments"]


def test_an_npi_at_its_door_is_sure_and_proposes_the_treatment_alone(stand: StandIn) -> None:
    listing = {**ROCKVILLE, "npi": G2083[0]["Rndrng_NPI"]}
    store = MemoryStore()
    look(cms(stand), store, [listing], TODAY, nobody)
    (one,) = store.proposals()
    assert (one.field, body_of(one).cells) == (
        "treatments",
        {"treatments": "iv-ketamine;esketamine"},
    )
    assert body_of(one).reasons == ("its NPI and its street address",)
    elsewhere = {**listing, "address": "9 Elsewhere Road", "zip": "20852"}
    assert records(looked(cms(stand), elsewhere)[0]) == []


def test_counts_are_never_published(stand: StandIn) -> None:
    listing = {**ROCKVILLE, "npi": G2083[0]["Rndrng_NPI"]}
    store = MemoryStore()
    look(cms(stand), store, [listing], TODAY, nobody)
    store.decide([one.key for one in store.proposals()], Decision.ACCEPTED)
    edits = edits_of(store.proposals(), {listing["id"]: listing}, {})
    written = f"{edits}"
    assert "cms-g2083@2024-12-31" in written
    assert not any(count in written for count in ("14", "210", "1500", "1100.5", "patients"))


def test_a_listing_that_says_so_is_not_asked_and_no_listing_loses_by_absence(
    stand: StandIn,
) -> None:
    says = {**ROCKVILLE, "treatments": "esketamine"}
    beside = clinic(3, name="Another in the house")
    absent = clinic(4, address="99 Nowhere", zip="21409", treatments="esketamine")
    found = look(cms(stand), MemoryStore(), [says, beside, absent, BALTIMORE], TODAY, nobody)
    assert [one.clinic_id for one in found.found] == [BALTIMORE["id"]]


def test_several_at_one_door_are_one_question(stand: StandIn) -> None:
    door = ("1 Made Up St", "Rockville", "MD", "20850")
    stand.stock.cms = [
        biller(number(n), *door, HCPCS_Cd=code, Rndrng_Prvdr_First_Name=first, Tot_Benes="12")
        for n, first in enumerate(("Ann", "Bea", "Cy", "Di")) for code in ("G2082", "G2083")
    ]  # fmt: skip
    (one,) = records(looked(cms(stand), ROCKVILLE)[0])
    assert one.cells["name"] == "Ann Example, Bea Example and 2 others"
    assert one.evidence.startswith(
        "Medicare 2024: at least 12 patients, 1,680 visits with Spravato"
    )


def test_who_is_not_listed_is_said_and_named_by_the_registry_alone(stand: StandIn) -> None:
    said, _ = looked(cms(stand), ROCKVILLE)
    whole = said[-1]
    assert isinstance(whole, WholeList)
    assert whole.remark == (
        "Medicare data: at 1 address in MD where Spravato was billed in 2024 nobody is listed, and "
        "the practice there is not known."
    )
    where = ("3 OTHER RD STE 2", "BALTIMORE", "MD", "212019999", "410-555-0199")
    stand.stock.npi = [organization(number(1), "A SPECIMEN PC", *where, "ELM HOUSE")]
    said, _ = looked(cms(stand, registry=True), ROCKVILLE)
    assert said[-1] == WholeList("MD", "")
    new = records(said)[-1]
    assert new.as_new == {"category": "ketamine"}
    assert new.cells == {
        "name": "Elm House", "address": "3 Other Rd Ste 2", "city": "Baltimore", "state": "MD",
        "zip": "21201", "phone": "(410) 555-0199", "npi": number(1), "treatments": "esketamine",
    }  # fmt: skip
    assert new.date == dt.date(2024, 12, 31)


@pytest.mark.parametrize(("codes", "named"), [(("207L00000X", "1223G0001X"), True),
                                              (("207L00000X", "2084P0800X"), False),
                                              (("1223G0001X", "1223G0001X"), False)])  # fmt: skip
def test_of_several_practices_at_a_door_one_of_the_field_is_named(
    stand: StandIn, codes: tuple[str, ...], named: bool
) -> None:
    where = ("3 OTHER RD", "BALTIMORE", "MD", "21201")
    stand.stock.npi = [
        organization(number(n), f"PRACTICE {n} LLC", *where, taxonomies=[{"code": code}])
        for n, code in enumerate(codes)
    ]
    found = records(looked(cms(stand, registry=True), ROCKVILLE)[0])
    assert bool([one for one in found if one.as_new]) is named


def test_a_registry_that_fails_leaves_what_medicare_says(stand: StandIn) -> None:
    stand.stock.npi = [{"broken": True}]
    said, trouble = looked(cms(stand, registry=True), ROCKVILLE)
    assert trouble == ""
    assert len(records(said)) == 1
    assert isinstance(said[-1], WholeList)
    assert "NPI Registry: " in said[-1].remark


@pytest.mark.parametrize(
    ("cells", "gave"),
    [
        ({"Rndrng_Prvdr_State_Abrvtn": "GA"}, "rows that are not of MD and G2082"),
        ({"HCPCS_Cd": "99213"}, "rows that are not of MD and G2082"),
        ({"Rndrng_Prvdr_Zip5": None}, "rows without Rndrng_Prvdr_Zip5"),
        ({"Tot_Benes": 14}, "rows without Tot_Benes"),
    ],
)
def test_rows_of_another_question_or_shape_stop_it(
    stand: StandIn, cells: dict[str, Any], gave: str
) -> None:
    good = {**G2083[0], "HCPCS_Cd": "G2082"}
    stand.fixed = [good, {**good, **cells}]
    said, trouble = looked(cms(stand), ROCKVILLE)
    assert said == []
    assert trouble == f"Medicare data: it gave {gave}. Nothing of it is proposed."


@pytest.mark.parametrize("strange", [{"Rndrng_NPI": "1234567000"[::-1]}, {"Rndrng_Prvdr_St1": ""},
                                     {"Rndrng_Prvdr_Zip5": "x"}, {"Rndrng_Prvdr_City": ""},
                                     {"Tot_Benes": "<b>", "Tot_Srvcs": "9" * 99}])  # fmt: skip
def test_a_row_without_a_place_or_a_number_is_left_out(
    stand: StandIn, strange: dict[str, str]
) -> None:
    stand.stock.cms = [{**G2083[0], **strange}]
    found = records(looked(cms(stand), ROCKVILLE)[0])
    assert all("0 patients, 0 visits" in one.evidence for one in found)


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"drip", "silence", "empty"}))
def test_no_bad_answer_gives_a_record(stand: StandIn, fault: str) -> None:
    stand.fault = fault
    said, trouble = looked(cms(stand), ROCKVILLE)
    if fault == "a list":  # an empty one is the end of the rows
        assert (records(said), trouble) == ([], "")
    else:
        assert said == []
        assert trouble.startswith("Medicare data: ")


def test_more_rows_than_there_can_be_are_not_read(stand: StandIn) -> None:
    stand.fixed = [{**G2083[0], "HCPCS_Cd": "G2082"}] * 1
    source = cms(stand)
    source._page = lambda *_: [{**G2083[0], "HCPCS_Cd": "G2082"}] * 5000  # type: ignore[method-assign]
    assert "more rows than there can be" in looked(source, ROCKVILLE)[1]


def test_the_probe_compares_the_shape_of_one_row(stand: StandIn) -> None:
    assert cms(stand).probe() == "1 row of G2083 in MD, 2024. Missing: nothing. New: nothing."
    stand.fixed = [{**G2083[0], "extra": ""}]
    assert cms(stand).probe().endswith("New: extra.")

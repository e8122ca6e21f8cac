"""Kind of place, telephone numbers, source and Medicaid's state, the same wherever they stand."""

from __future__ import annotations

import html
import json
import re

import pytest

from clinics.directory import Directory
from clinics.present import export
from clinics.present.html import results_html
from clinics.search.query import Query
from clinics.search.search import search
from tests.integration import api
from tests.integration.plain_site import site_of, with_clinics
from tests.made_up import TODAY, made_up_clinic, words

KEPT = made_up_clinic(
    1,
    facility_type="job-support",
    known_by="one-list",
    phone="(301) 555-0155",
    main_phone="(301) 555-0100",
    payment="medicaid;medicare",
    source="A made-up list",
    source_url="",
)
SAID = (
    "Job support: no talk therapy or medicine listed · Known from one list only",
    "(301) 555-0155",
    "Main line",
    "(301) 555-0100",
)


@pytest.fixture(scope="module")
def kept(directory: Directory) -> Directory:
    return with_clinics(directory, KEPT, made_up_clinic(2, state="DC", payment="medicaid"))


def text(page: str) -> str:
    page = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    said = html.unescape(re.sub(r"<[^>]+>", " ", page))
    return " ".join(said.split())


def stands_in_order(page: str) -> None:
    at = [page.index(words) for words in SAID]
    assert at == sorted(at), "the number for new patients comes before the main line"


@pytest.mark.parametrize("path", ["/plain?within=any", "/clinics/made-up-clinic-1", "/embed"])
def test_plain_pages_say_it(kept: Directory, path: str) -> None:
    page = site_of(kept)(path).text
    stands_in_order(text(page))
    assert page.index("tel:+13015550155") < page.index("tel:+13015550100")


def test_a_card_of_the_app_says_it(kept: Directory) -> None:
    page = text(results_html(search(kept.dataset, Query()), words(), TODAY))
    kind, *numbers = SAID
    said = [kind.partition(" · ")[0], *numbers, "Known from one list only, no date"]
    at = [page.index(words) for words in said]
    assert at == sorted(at)


def test_a_clinics_page_explains_how_well_it_is_known(kept: Directory) -> None:
    page = text(site_of(kept)("/clinics/made-up-clinic-1").text)
    assert (
        "Known from one list only. The clinic's own page was not read, or does not name this town."
        in page
    )


def test_the_command_line_says_it(kept: Directory) -> None:
    lines = export.as_table(search(kept.dataset, Query()), words(), TODAY).splitlines()
    assert next(line for line in lines if line.startswith("  1. ")) == (
        "  1. Made-up Clinic 1: Made-up Town, MD · Job support: no talk therapy or medicine listed "
        "· Known from one list only · (301) 555-0155 · main line (301) 555-0100"
    )


def test_the_api_has_a_field_for_each(kept: Directory) -> None:
    answer = api.get(api.made_up(kept, kept.dataset), "/clinics/made-up-clinic-1")
    clinic = json.loads(answer.body)["clinic"]
    named = {name: clinic[name] for name in ("facility_type", "known_by", "phone", "main_phone")}
    assert named == {name: KEPT[name] for name in named}
    assert clinic["source_url"] is None


def test_medicaid_is_that_of_the_clinics_own_state_wherever_it_is_said(kept: Directory) -> None:
    ask = site_of(kept)
    for page in (
        ask("/clinics/made-up-clinic-1").text,
        ask("/plain?within=any").text,
        results_html(search(kept.dataset, Query()), words(), TODAY),
    ):
        assert "Medicaid (Maryland), Medicare" in page
    assert "Medicaid (District of Columbia)" in ask("/clinics/made-up-clinic-2").text
    assert (
        '"paymentAccepted":"Medicaid (Maryland), Medicare"' in ask("/clinics/made-up-clinic-1").text
    )


def test_search_engines_are_told_of_no_clinic_where_there_is_none(kept: Directory) -> None:
    page = site_of(kept)("/clinics/made-up-clinic-1").text
    assert '"@type":"LocalBusiness"' in page
    assert '"description":"Job support: no talk therapy or medicine listed"' in page
    assert '"@type":"MedicalClinic"' in site_of(kept)("/clinics/made-up-clinic-2").text


def test_a_filter_speaks_of_medicaid_without_a_state_and_explains_it() -> None:
    (medicaid,) = (option for option in words().options("payment") if option.id == "medicaid")
    assert medicaid.label == "Medicaid"
    assert "the Medicaid of the state it is in" in medicaid.gloss


def test_what_is_not_said_of_a_place_takes_no_room(directory: Directory) -> None:
    page = site_of(with_clinics(directory, made_up_clinic(3)))("/clinics/made-up-clinic-3").text
    assert "Known from" not in page
    assert "Main line" not in page


def test_no_plain_page_of_a_listing_links_to_program_code(directory: Directory) -> None:
    ask = site_of(directory)
    for id in directory.dataset.row_of:
        assert "github.com" not in ask(f"/clinics/{id}").text, id

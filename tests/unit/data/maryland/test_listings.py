"""The listings as they are shipped: complete, sourced, and made by their script."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from clinics.across_files import without_a_page
from clinics.directory import Directory
from clinics.domain.columns import SEPARATOR
from clinics.domain.csv_text import csv_text
from clinics.domain.vocabulary import load_towns
from clinics.intake.check import check
from clinics.present.wording import origin
from scripts import build_clinics
from scripts.federal_differences import differences
from scripts.sources import load_sources
from tests.folders import SHOWN
from tests.made_up import made_up_rules

SOURCES = load_sources(SHOWN)

Rows = list[dict[str, str]]


def rows_of(name: str) -> Rows:
    with (SHOWN / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def listings() -> Rows:
    return rows_of("clinics.csv")


@pytest.fixture(scope="module")
def ketamine(listings: Rows) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in listings if row["category"] == "ketamine"}


@pytest.fixture(scope="module")
def practices() -> Rows:
    return rows_of("sources/ketamine_listings.csv")


@pytest.fixture(scope="module")
def new_facts() -> Rows:
    return rows_of("sources/new_facts.csv")


@pytest.fixture(scope="module")
def facilities() -> Rows:
    return rows_of("sources/samhsa_2024_md_dc.csv")


def test_every_listing_is_in_a_town_with_a_page(listings: Rows) -> None:
    towns = load_towns(SHOWN)
    assert [*without_a_page(towns, ((row["city"], row["state"]) for row in listings))] == []


def test_the_file_is_read_without_an_error_and_with_these_other_notices(
    directory: Directory,
) -> None:
    report = check((SHOWN / "clinics.csv").read_bytes(), made_up_rules(directory)).report
    assert (report.errors, report.left_out) == (0, 0)
    assert report.totals == {
        "clinic_like_another": 5,
        "phone_of_branch": 23,
    }


def test_there_are_27_ketamine_practices_and_208_other_places(
    listings: Rows, directory: Directory
) -> None:
    assert Counter(row["category"] for row in listings) == {"ketamine": 27, "mental-health": 208}
    assert len(directory.dataset) == directory.dataset.version.clinics == 235


def test_every_listing_says_where_its_facts_come_from(listings: Rows) -> None:
    for row in listings:
        assert row["source"], row["id"]
        is_list = row["source"].startswith(tuple(SOURCES.practice("lists").values()))
        assert is_list or re.match(r"https?://", row["source_url"]), row["id"]


def test_no_visitor_is_sent_to_a_file_of_program_code(listings: Rows) -> None:
    for row in listings:
        assert "github" not in row["source_url"] + row["website"] + row["notes"], row["id"]
    federal = {row["source_url"] for row in listings if not row["known_by"]}
    assert [urlsplit(address).hostname for address in federal] == ["www.samhsa.gov"]


def test_a_keeper_finds_the_exact_page_of_what_has_no_link(
    listings: Rows, practices: Rows, new_facts: Rows
) -> None:
    found = {row["id"]: row["source_url"] for row in (*new_facts, *practices)}
    for row in listings:
        if not row["source_url"]:
            assert found[row["id"]].startswith("https://github.com/"), row["id"]


def test_every_listing_but_the_federal_ones_says_how_well_it_is_known(listings: Rows) -> None:
    for row in listings:
        is_federal = row["source"] == SOURCES.edition.source
        assert bool(row["known_by"]) is not is_federal, row["id"]
        if row["source"].startswith("List of ketamine providers by the Elevated States Project"):
            assert row["known_by"] in ("one-list", "two-sources"), row["id"]


def test_every_fact_found_later_is_used_or_says_why_not(new_facts: Rows, listings: Rows) -> None:
    known = {row["id"]: row for row in listings}
    for fact in new_facts:
        sure = fact["confidence"].split(":")[0].split()[0].strip(",;")
        assert fact["use"] == ("no" if fact["why_not"] else "yes"), fact
        if fact["use"] == "yes":
            assert fact["field"] == "hours" or sure in ("medium", "high"), fact
            assert set(fact["id"].split(";")) <= set(known), fact
        else:
            assert fact["why_not"].startswith(("low", "very low", "medium, but")), fact


def test_what_was_not_seen_on_the_clinics_own_page_is_said_with_the_listing(
    new_facts: Rows, listings: Rows
) -> None:
    known = {row["id"]: row["notes"] for row in listings}
    for fact in new_facts:
        if fact["use"] == "yes" and fact["confidence"].startswith("medium: "):
            for id in fact["id"].split(";"):
                assert re.search(r"have not seen|confirm that|Ask which", known[id]), id
                assert "not confirm" not in known[id], id  # nobody looked, so nobody can say so


def test_a_fact_found_later_stands_in_its_cell(new_facts: Rows, listings: Rows) -> None:
    known = {row["id"]: row for row in listings}
    for fact in new_facts:
        if fact["use"] == "yes" and fact["cells"] != build_clinics.IN_NOTES:
            for pair in fact["cells"].split("|"):
                name, _, value = pair.partition("=")
                assert value.removeprefix("+") in known[fact["id"]][name], fact


def test_what_a_clinic_asks_that_may_harm_stands_beside_what_to_do(
    ketamine: dict[str, dict[str, str]],
) -> None:
    for town in ("bethesda", "washington", "mclean"):
        notes = ketamine[f"avesta-ketamine-and-wellness-{town}"]["notes"]
        assert "Skip a medicine only if the person who prescribes it agrees: its FAQ asks" in notes
    assert '"Common claims, checked"' in ketamine["nova-health-recovery-alexandria"]["notes"]
    disagree = ketamine["inner-path-wellness-baltimore"]["notes"]
    assert "lozenges" in disagree
    assert "an injection" in disagree


def test_a_place_without_therapy_or_medicine_says_so_first(listings: Rows) -> None:
    without = [
        row
        for row in listings
        if not row["known_by"]
        and not {"psychotherapy", "medication"} & set(row["treatments"].split(";"))
    ]
    kinds = Counter(row["facility_type"] for row in without)
    assert kinds == {"job-support": 4, "daily-living": 2}
    assert not {"job-support", "daily-living"} & {
        row["facility_type"] for row in listings if row not in without
    }


def test_no_place_treats_substance_use_by_a_program_alone(listings: Rows, facilities: Rows) -> None:
    treat = sum("SA" in row["service_code_info"].split() for row in facilities)
    federal = [row for row in listings if not row["known_by"]]
    assert treat - sum("substance-use" in row["conditions"] for row in federal) in range(5)
    counted = {row[0]: row[-1] for row in differences()}
    assert counted["`conditions`"] == "39"


def test_every_id_is_there_once(listings: Rows) -> None:
    assert len({row["id"] for row in listings}) == len(listings)


@pytest.mark.parametrize(
    "column", ["category", "conditions", "treatments", "payment", "setting", "ages", "languages"]
)
def test_every_option_is_one_we_know(listings: Rows, directory: Directory, column: str) -> None:
    used = {id for row in listings for id in row[column].split(SEPARATOR) if id}
    assert used
    assert used <= directory.vocabulary.ids(column)


def test_every_practice_that_may_be_listed_is_and_no_other(
    practices: Rows, ketamine: dict[str, dict[str, str]]
) -> None:
    assert {row["use"] for row in practices} == {"yes", "no"}
    listed = {row["id"] for row in practices if row["use"] == "yes"}
    assert set(ketamine) == {*listed, "serenity-mental-health-centers-alexandria"}


def test_a_practice_that_may_not_be_listed_says_why_and_is_nowhere(
    practices: Rows, listings: Rows
) -> None:
    refused = [row for row in practices if row["use"] == "no"]
    assert refused
    assert all(row["why_not"] for row in refused)
    assert not {row["id"] for row in refused} & {row["id"] for row in listings}


def test_a_practice_has_the_date_of_the_source_that_it_names(
    practices: Rows, ketamine: dict[str, dict[str, str]]
) -> None:
    for row in practices:
        if row["use"] == "yes":
            whole = re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["source_date"])
            listed = ketamine[row["id"]]
            is_list = listed["source"].startswith(SOURCES.practice("lists")["Elevated-States"])
            assert listed["source_date"] == (row["source_date"] if whole or is_list else "")


def test_no_listing_is_said_to_be_confirmed_by_us(listings: Rows) -> None:
    assert {row["last_checked"] for row in listings} == {""}


def test_a_caveat_begins_with_its_order(listings: Rows) -> None:
    caveats = [row for row in listings if row["caveat"]]
    assert caveats
    for row in caveats:
        order = "Call first" if row["phone"] else "Ask first"
        assert row["caveat"].startswith((order, "Skip a medicine only if")), row["id"]


def test_the_words_for_sources_are_those_of_the_list(directory: Directory, listings: Rows) -> None:
    words = directory.vocabulary
    federal = [
        clinic
        for clinic in map(directory.dataset.find, (r["id"] for r in listings))
        if clinic and clinic.source.startswith("SAMHSA")
    ]
    assert {origin(clinic, words) for clinic in federal} == {
        "From a federal list of July 2024 (a 2023 survey)"
    }


def test_a_practice_claims_no_more_than_its_source_says(
    practices: Rows, new_facts: Rows, ketamine: dict[str, dict[str, str]]
) -> None:
    later = {(fact["id"], pair) for fact in new_facts for pair in fact["cells"].split("|")}
    for row in practices:
        if row["use"] == "yes":
            listed = ketamine[row["id"]]
            said = row["conditions"].replace("suicidal-ideation", "suicidal-thoughts")
            assert set(listed["conditions"].split(";")) <= set(said.split(";")), row["id"]
            added = set(listed["treatments"].split(";")) - set(row["treatments"].split(";"))
            added -= {id for id in added if (row["id"], f"treatments=+{id}") in later}
            assert all(id in row["notes"].lower() for id in added), row["id"]
            for column in ("name", "address", "phone", "website"):
                if (row["id"], f"{column}={listed[column]}") not in later:
                    assert listed[column] == row[column], (row["id"], column)
            assert listed["source_url"] in ("", row["source_url"]), row["id"]


def test_what_an_article_only_calls_research_is_not_listed_as_treated(
    ketamine: dict[str, dict[str, str]],
) -> None:
    assert ketamine["inner-path-wellness-baltimore"]["conditions"] == "ptsd"


def test_no_facility_that_withholds_its_address_is_listed(facilities: Rows, listings: Rows) -> None:
    withheld = [row for row in facilities if row["street1"].strip() == "- - -"]
    assert len(withheld) == 5
    assert len(facilities) - len(withheld) == 204
    others = [row for row in listings if row["category"] == "mental-health"]
    for row in withheld:
        lines = (row["name1"].strip(), row["name2"].strip())
        for listed in others:
            is_it = all(line in listed["name"] for line in lines) and listed["zip"] == row["zip"]
            assert not is_it, listed["id"]
    federal = [row for row in others if not row["known_by"]]
    assert all(row["address"] and "- -" not in row["address"] for row in federal)


def test_every_facility_is_of_the_same_dated_edition(listings: Rows) -> None:
    others = [row for row in listings if not row["known_by"]]
    assert {row["source_date"] for row in others} == {"2024-07-03"}
    assert len({(row["source"], row["source_url"]) for row in others}) == 1


def test_no_facility_of_the_federal_list_is_said_to_offer_ketamine(listings: Rows) -> None:
    for row in listings:
        if row["category"] == "mental-health":
            offered = set(row["treatments"].split(SEPARATOR))
            assert not {id for id in offered if "ketamine" in id}, row["id"]


def test_a_position_is_called_exact_only_with_a_street_address(listings: Rows) -> None:
    for row in listings:
        assert row["location_precision"] != "street" or row["address"], row["id"]


def test_every_listing_is_in_or_around_maryland(listings: Rows) -> None:
    assert {row["state"] for row in listings} == {"MD", "DC", "VA"}
    for row in listings:
        assert 37.9 < float(row["latitude"]) < 39.8, row["id"]
        assert -79.5 < float(row["longitude"]) < -75.0, row["id"]


def test_the_script_makes_the_very_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(SHOWN, folder, ignore=shutil.ignore_patterns("explainer", "clinics.csv"))
    build_clinics.main(folder)
    assert (folder / "clinics.csv").read_bytes() == (SHOWN / "clinics.csv").read_bytes()
    assert capsys.readouterr().out.startswith("clinics.csv: ")


def test_the_script_keeps_what_sources_said_of_single_fields(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(SHOWN, folder, ignore=shutil.ignore_patterns("explainer"))
    file = folder / "clinics.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    header = next(csv.reader([lines[0]]))
    listed = [dict(zip(header, next(csv.reader([line])), strict=True)) for line in lines]
    place, row = next((n, row) for n, row in enumerate(listed) if not row["website"])
    said = {"website": "https://a.example", "field_sources": "website=site@2026-11-20"}
    lines[place] = csv_text([[{**row, **said}[name] for name in header]]).strip()
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    before = file.read_bytes()
    build_clinics.main(folder)
    assert file.read_bytes() == before

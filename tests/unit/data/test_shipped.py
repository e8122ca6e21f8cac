"""The listings as they are shipped: complete, sourced, and made by their script."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from clinics.directory import Directory
from clinics.domain.columns import SEPARATOR
from clinics.intake.check import check
from scripts import build_clinics
from tests.conftest import DATA
from tests.made_up import made_up_rules

Rows = list[dict[str, str]]


def rows_of(name: str) -> Rows:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
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
def facilities() -> Rows:
    return rows_of("sources/samhsa_2024_md_dc.csv")


def test_the_file_is_read_without_an_error_and_with_these_other_notices(
    directory: Directory,
) -> None:
    report = check((DATA / "clinics.csv").read_bytes(), made_up_rules(directory)).report
    assert (report.errors, report.left_out) == (0, 0)
    assert report.totals == {
        "checked_over_180_days": 205,
        "clinic_like_another": 5,
        "phone_of_branch": 24,
    }


def test_there_are_26_ketamine_practices_and_204_other_places(
    listings: Rows, directory: Directory
) -> None:
    assert Counter(row["category"] for row in listings) == {"ketamine": 26, "mental-health": 204}
    assert len(directory.dataset) == directory.dataset.version.clinics == 230


def test_every_listing_says_where_its_facts_come_from(listings: Rows) -> None:
    for row in listings:
        assert row["source"], row["id"]
        assert re.match(r"https?://", row["source_url"]), row["id"]


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
    assert set(ketamine) == {row["id"] for row in practices if row["use"] == "yes"}


def test_a_practice_that_may_not_be_listed_says_why_and_is_nowhere(
    practices: Rows, listings: Rows
) -> None:
    refused = [row for row in practices if row["use"] == "no"]
    assert refused
    assert all(row["why_not"] for row in refused)
    assert not {row["id"] for row in refused} & {row["id"] for row in listings}


def test_a_practice_is_dated_only_where_its_source_has_a_whole_date(
    practices: Rows, ketamine: dict[str, dict[str, str]]
) -> None:
    for row in practices:
        if row["use"] == "yes":
            whole = re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["source_date"])
            dated = ketamine[row["id"]]["last_checked"]
            assert dated == (row["source_date"] if whole else ""), row["id"]


def test_a_practice_claims_no_more_than_its_source_says(
    practices: Rows, ketamine: dict[str, dict[str, str]]
) -> None:
    for row in practices:
        if row["use"] == "yes":
            listed = ketamine[row["id"]]
            said = row["conditions"].replace("suicidal-ideation", "suicidal-thoughts")
            assert set(listed["conditions"].split(";")) <= set(said.split(";")), row["id"]
            added = set(listed["treatments"].split(";")) - set(row["treatments"].split(";"))
            assert all(id in row["notes"].lower() for id in added), row["id"]
            for column in ("name", "address", "phone", "website", "source_url"):
                assert listed[column] == row[column], (row["id"], column)


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
    assert all(row["address"] and "- -" not in row["address"] for row in others)


def test_every_facility_is_of_the_same_dated_edition(listings: Rows) -> None:
    others = [row for row in listings if row["category"] == "mental-health"]
    assert {row["last_checked"] for row in others} == {"2024-07-03"}
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
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (*DATA.glob("*.csv"), DATA / "site.toml"):
        if path.name != "clinics.csv":
            shutil.copy(path, tmp_path)
    monkeypatch.setattr(build_clinics, "DATA", tmp_path)
    build_clinics.main()
    assert (tmp_path / "clinics.csv").read_bytes() == (DATA / "clinics.csv").read_bytes()
    assert capsys.readouterr().out.startswith("clinics.csv: 230 listings")

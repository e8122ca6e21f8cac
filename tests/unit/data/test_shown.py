"""What every directory must hold: its files fit together, and every page and answer is given."""

from __future__ import annotations

import csv
import json
import re

import pytest
from starlette.applications import Starlette

from clinics.cli.main import main
from clinics.directory import Directory
from clinics.explainer.check import check_content
from clinics.web.app import routes
from clinics.web.first_screen import Asker, first_screen
from tests.folders import SHOWN
from tests.integration.asking import asked
from tests.integration.plain_site import BASE, checked
from tests.unit.data.conftest import NOW
from ui.look import look
from ui.site import in_bar


@pytest.fixture(scope="module")
def app(directory: Directory) -> Starlette:
    return Starlette(routes=routes(lambda: directory, SHOWN, base_url=BASE))


def test_the_check_of_the_folder_finds_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-site", str(SHOWN)]) == 0, capsys.readouterr().out
    assert capsys.readouterr().out.splitlines()[-1].startswith("0 errors, ")


def test_the_check_of_the_texts_finds_no_error(directory: Directory) -> None:
    found = check_content(directory.explainer, directory.vocabulary, NOW)
    assert [str(finding) for finding in found if finding.severity == "error"] == []


def test_nothing_is_said_twice_in_a_topic(directory: Directory) -> None:
    for topic in directory.explainer.topics:
        lines = [line for line in topic.body.splitlines() if len(line) > 30]
        assert len(lines) == len(set(lines)), topic.id


def test_a_condition_is_called_the_same_in_its_topic_and_in_the_search(
    directory: Directory,
) -> None:
    for condition in directory.vocabulary.conditions:
        if topic := directory.explainer.about_condition(condition.id):
            assert topic.title == condition.label


def test_every_listing_has_an_id_of_its_own_and_says_where_its_facts_come_from() -> None:
    with (SHOWN / "clinics.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row["source"] for row in rows)


def test_a_main_town_is_found_at_its_own_page(app: Starlette, directory: Directory) -> None:
    main_towns = [town for town in directory.towns if town.main]
    assert main_towns
    for town in main_towns:
        answer = asked(app, f"/plain?near={town.name}, {town.state}".replace(" ", "+"))
        assert answer.status == 200
        assert town.name in answer.text


def test_every_page_of_the_map_for_search_engines_is_answered(app: Starlette) -> None:
    addresses = re.findall(r"<loc>(.*?)</loc>", asked(app, "/sitemap.xml").text)
    assert addresses
    of_clinics = [address for address in addresses if "/clinic/" in address]
    for address in [*(set(addresses) - set(of_clinics)), *of_clinics[:20]]:
        answer = asked(app, address.removeprefix(BASE).rstrip("/") or "/plain")
        assert answer.status == 200, address
        if "<html" in answer.text:
            checked(answer.text)
            assert "988" in answer.text, address


def test_each_condition_and_treatment_can_be_looked_for(
    app: Starlette, directory: Directory
) -> None:
    for name in ("condition", "treatment"):
        for option in directory.vocabulary.options(f"{name}s"):
            answer = asked(app, f"/plain?within=any&{name}={option.id}")
            assert answer.status == 200, option.id
            assert option.label.split(" (")[0] in answer.text, option.id


def test_every_answer_of_the_api_is_given_as_it_is_described(app: Starlette) -> None:
    described = json.loads(asked(app, "/api/v1/openapi.json").body)
    for path in described["paths"].values():
        for example in path["get"].get("x-examples", ()):
            assert asked(app, example["request"]).status == example["status"], example
    for address in ("/data/clinics.csv", "/data/datapackage.json", "/assets/basemap.geojson"):
        assert asked(app, address).status == 200


@pytest.mark.parametrize("page", ["", "learn", "towns"])
def test_there_is_a_first_screen_of_each_page(directory: Directory, page: str) -> None:
    assert first_screen(page, {}, Asker("plain", False), directory, look(), in_bar())

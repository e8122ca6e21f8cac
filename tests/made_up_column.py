"""A column and a filter that somebody added by one entry each, seen in all that reads them.

`tests/unit/domain/test_one_description.py` runs this in a copy of the project.
"""

from __future__ import annotations

import json

import pytest

from clinics.cli.main import main
from clinics.directory import Directory
from clinics.domain.columns import NAMES
from clinics.domain.site import Edition
from clinics.intake.check import check
from clinics.intake.federal import load_codes
from clinics.intake.report import to_do
from clinics.present.export import as_table
from clinics.present.html import results_html
from clinics.present.wording import headline
from clinics.publishing import corrections
from clinics.publishing.diff import compare
from clinics.publishing.merge import ADD, merged
from clinics.publishing.worklist import completeness
from clinics.search.query import Query, parse_query
from clinics.search.search import search
from clinics.web.api.data_package import table_schema
from clinics.web.api.openapi import document
from tests.app.keeper import Desk
from tests.app.visit import Visit
from tests.folders import DATA
from tests.integration import api
from tests.integration.plain_site import posted, site_of, with_clinics
from tests.made_up import TODAY, made_up_clinic, made_up_csv, made_up_rules

ID = "made-up-clinic-1"
WITH = made_up_clinic(1, parking="garage;on-street", category="ketamine")
WITHOUT = made_up_clinic(2, category="ketamine")


@pytest.fixture
def parked(directory: Directory) -> Directory:
    """The directory with one listing that says where to park, and one that does not."""
    return with_clinics(directory, WITH, WITHOUT)


def test_a_file_is_checked_by_it(directory: Directory) -> None:
    rows = [
        made_up_clinic(1, parking="Garage; on-street"),
        made_up_clinic(2, parking="street side"),
        made_up_clinic(3, parking="a garage"),
    ]
    file = made_up_csv(rows, NAMES).replace(b"parking", b"park", 1)
    found = check(file, made_up_rules(directory))
    assert found.table["parking"].tolist() == ["garage;on-street"]
    assert [n.row for n in found.report.notices if n.code == "option_unknown"] == [3, 4]
    assert found.report.counts[("header_renamed", "parking")] == 1
    assert "2 parking places" in to_do(found.report)


def test_a_federal_refresh_leaves_it_alone(directory: Directory) -> None:
    facility = {
        "name1": "Made-up", "street1": "1 Made-up Street", "city": "Takoma Park", "state": "MD",
        "zip": "20912", "phone": "301-555-0100", "service_code_info": "MH",
    }  # fmt: skip
    edition = Edition(
        "A made-up edition", "https://made-up.example", "2026-11-01", category="mental-health"
    )
    rules = made_up_rules(directory, federal=(load_codes(DATA), edition))
    refresh = check(made_up_csv([facility], list(facility)), rules)
    live = refresh.table.assign(parking="garage", hours="Mon-Fri")
    after = merged(live, refresh, ADD)
    assert after["parking"].tolist() == ["garage"]
    assert compare(live, after).is_empty


def test_the_keepers_form_and_a_correction_have_it(store: object) -> None:
    desk = Desk().mend("made-up-clinic-3").fill(parking=["garage"])
    assert desk.table("Will be")["Column"].to_list() == ["parking", "field_sources"]
    desk.publish()
    assert corrections.KINDS["parking"] == "Parking"
    assert corrections.COLUMNS_OF["parking"] == ("parking",)


def test_the_card_the_clinics_page_and_the_figures_show_it(parked: Directory) -> None:
    results = search(parked.dataset, Query(within=None, sort="name"))
    html = results_html(results, parked.vocabulary, TODAY)
    assert "<dt>Parking</dt><dd>In a garage, On the street</dd>" in html
    assert "<dt>Parking</dt><dd>Not stated</dd>" in html
    page = site_of(parked)(f"/clinics/{ID}").text
    assert "<dt>Parking\n<dd>In a garage, On the street" in page
    assert '"amenityFeature":"In a garage, On the street"' in page
    stated = {row.label: row.counts for row in completeness(parked.dataset, TODAY).stated}
    assert stated["Parking"] == (1,)


def test_the_page_and_the_plain_form_filter_by_it(parked: Directory, store: object) -> None:
    assert Visit({"parking": "garage"}).url == {"parking": "garage"}
    desk = Desk().mend("made-up-clinic-3").fill(parking=["garage"])
    desk.publish()
    page = Visit({"within": "any"})
    assert page.counts("parking") == {"garage": 1}
    assert page.change_link(parking="garage").total == 1
    ask = site_of(parked)
    assert 'name=parking value="garage"' in ask("/plain").text
    sent = posted(ask, parking="garage")
    assert sent.headers["location"].endswith("?parking=garage")
    assert WITHOUT["name"] not in ask("/plain?parking=garage").text


def test_an_address_with_it_reads_back_as_it_was(parked: Directory) -> None:
    query = Query(parking=("garage", "on-street"))  # type: ignore[call-arg]
    assert query.to_url() == "parking=garage&parking=on-street"
    assert parse_query({"parking": ["garage", "on-street"]}, parked.vocabulary) == (query, ())
    (problem,) = parse_query({"parking": ["garag"]}, parked.vocabulary)[1]
    assert problem.message == "We know no parking called “garag”. Did you mean “In a garage”?"


def test_the_headline_the_steps_and_those_that_do_not_say_name_it(parked: Directory) -> None:
    query = Query(parking=("garage",), within=None)  # type: ignore[call-arg]
    results = search(parked.dataset, query)
    (says,) = (
        s for s in as_table(results, parked.vocabulary, TODAY).splitlines() if "Also show" in s
    )
    assert "with in a garage under “Parking”" in headline(results, parked.vocabulary)
    assert "that do not say anything on parking" in says or "that does not say" in says


def test_the_api_filters_by_it_and_describes_it(parked: Directory) -> None:
    app = api.made_up(parked, parked.dataset)
    answer = json.loads(api.get(app, "/clinics?parking=garage").text)
    assert [(c["id"], c["parking"]) for c in answer["clinics"]] == [(ID, ["garage", "on-street"])]
    assert answer["query"]["parking"] == ["garage"]
    assert ",parking," in api.get(app, "/clinics?format=csv").text.splitlines()[0]
    assert api.get(app, "/clinics?parking=valet").status == 400
    described = json.dumps(document(parked))
    assert described.count('"enum": ["garage", "on-street"]') == 1, "of the parameter alone"
    assert '"parking": {"type": "array", "items": {"type": "string"}' in described
    (field,) = (f for f in table_schema(parked.vocabulary)["fields"] if f["name"] == "parking")  # type: ignore[attr-defined]
    assert field["constraints"] == {"pattern": "(garage|on-street)(;(garage|on-street))*"}


def test_the_command_line_filters_by_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "--parking", "garage", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["query"]["parking"] == ["garage"]
    assert main(["search", "--parking", "valet"]) == 2

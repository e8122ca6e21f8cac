"""What the API answers: the same clinics as the page, in every form it can be asked for."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp

from clinics.directory import Directory
from clinics.domain.columns import NAMES
from clinics.present import export
from clinics.search.query import Query, parse_query
from clinics.search.search import search
from tests.made_up import CENTER, dataset_of, made_up_clinic, made_up_clinics, queries, words

from .api import get, made_up, shipped

NEXT = re.compile(r'<([^>]+)>; rel="(\w+)"')
ODD = made_up_clinic(1, name='=HYPERLINK("x")', notes="a\u2028b </script>", phone="")


@pytest.fixture(scope="module")
def app(directory: Directory) -> ASGIApp:
    return shipped(directory)


def data(app: ASGIApp, target: str) -> dict[str, Any]:
    answer = get(app, target)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = json.loads(answer.body)
    return found


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def links(header: str) -> dict[str, str]:
    return {rel: url.partition("/api/v1")[2] for url, rel in NEXT.findall(header)}


# The same clinics in the same order as on the page


@settings(max_examples=60)
@given(made_up_clinics(), queries(), st.integers(1, 5))
def test_the_api_answers_with_the_clinics_of_the_page_in_their_order(
    directory: Directory, clinics: list[dict[str, str]], query: Query, limit: int
) -> None:
    dataset = dataset_of(clinics)
    params: dict[str, list[str]] = {}
    for name, value in query.to_params():
        params.setdefault(name, []).append(value)
    on_page, problems = parse_query(params, words())  # as ui/state.py reads the address bar
    assert not problems
    page = search(dataset, on_page, CENTER, limit=25)  # as ui/find/answer.py searches
    expected = [
        (hit.clinic.id, hit.matches, round(hit.distance_miles or 0, 2)) for hit in page.shown
    ]
    app = made_up(directory, dataset)
    found, target = [], f"/clinics?{query.to_url()}&limit={limit}"
    while target:
        answer = get(app, target)
        said = json.loads(answer.body)
        found += [(c["id"], c["matches"], c["distance_miles"]) for c in said["clinics"]]
        assert (said["total"], said["unstated_total"]) == (page.total, page.unstated_total)
        target = links(answer.headers["link"]).get("next", "")
    assert found == expected


@settings(max_examples=25)
@given(made_up_clinics(), queries())
def test_every_form_of_an_answer_has_the_same_clinics(
    directory: Directory, clinics: list[dict[str, str]], query: Query
) -> None:
    app = made_up(directory, dataset_of(clinics))
    target = f"/clinics?{query.to_url()}"
    ids = [clinic["id"] for clinic in data(app, target)["clinics"]]
    features = data(app, f"{target}&format=geojson")["features"]
    assert [feature["id"] for feature in features] == ids
    assert [row["id"] for row in rows(get(app, f"{target}&format=csv").text)] == ids


def test_json_is_what_the_command_line_prints_and_notes(app: ASGIApp, directory: Directory) -> None:
    place = directory.gazetteer.zip("20912")
    query = Query(near="20912", condition=("ptsd",), within=12.5)
    results = search(directory.dataset, query, place, limit=2, facets=False)
    answer = export.as_json(results, directory.dataset.version, directory.vocabulary)
    expected = json.loads(export.dumps(answer))
    found = data(app, "/clinics?near=20912&condition=ptsd&within=12.5&limit=2")
    assert found == {**expected, "notes": []}


def test_an_answer_says_what_was_found_and_where_to_go_on(app: ASGIApp) -> None:
    asked = "near=Baltimore,+MD&within=10&condition=ptsd&payment=military"
    found = data(app, f"/clinics?{asked}")
    assert found["summary"] == (
        "No ketamine or Spravato clinic within 10 miles of Baltimore, MD listed as treating PTSD "
        "and taking military insurance"
    )
    assert (found["total"], found["unstated_total"], found["telephone_total"]) == (0, 3, 0)
    other = found["next_steps"][0]
    assert other["says"].startswith("Show 13 other mental health places within 10 miles listed")
    assert data(app, f"/clinics?{other['query']}")["total"] == 13
    silent = data(app, f"/clinics?{asked}&unstated=include")
    assert [(c["matches"], c["not_stated"]) for c in silent["clinics"]] == [
        ("not stated", ["payment"]),
        ("not stated", ["condition", "payment"]),
        ("not stated", ["payment"]),
    ]
    assert silent["telephone_total"] == 1
    assert [c["id"] for c in data(app, f"/clinics?{asked}&unstated=include&phone=yes")["clinics"]]


def test_a_place_is_answered_in_its_own_spelling(app: ASGIApp) -> None:
    found = data(app, "/clinics?near=takoma+park&limit=1")
    assert found["place"]["name"] == found["query"]["near"] == "Takoma Park, MD"


def test_what_a_visitor_should_know_of_a_place_is_a_note(app: ASGIApp) -> None:
    (note,) = data(app, "/clinics?near=38.9,77.0&within=any&limit=1")["notes"]
    assert note.startswith("That point is outside the United States")


def test_with_nothing_in_reach_the_nearest_beyond_is_named(app: ASGIApp) -> None:
    found = data(app, "/clinics?near=Ocean+City,+MD&within=5")
    assert (found["total"], found["clinics"]) == (0, [])
    assert found["nearest_beyond"]["distance_miles"] > 5


# Forms


def test_geojson_is_as_rfc_7946_says(app: ASGIApp) -> None:
    answer = get(app, "/clinics?near=20912&format=geojson&limit=3")
    assert answer.headers["content-type"] == "application/geo+json"
    found = json.loads(answer.body)
    assert found["type"] == "FeatureCollection"
    for feature in found["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        assert -80 < lon < -74
        assert 37 < lat < 40
        assert {"lat", "lon"}.isdisjoint(feature["properties"])


def test_no_cell_of_a_csv_is_run_by_a_spreadsheet(directory: Directory) -> None:
    app = made_up(directory, dataset_of([ODD]))
    for target in ("/clinics?format=csv", "/clinics/made-up-clinic-1?format=csv"):
        answer = get(app, target)
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        (row,) = rows(answer.text)
        assert row["name"] == "'" + ODD["name"]
        assert row["longitude"] == "-77.0"


def test_one_clinic_is_answered_in_every_form(directory: Directory) -> None:
    app = made_up(directory, dataset_of([ODD]))
    target = f"/clinics/{ODD['id']}"
    clinic = data(app, target)["clinic"]
    assert (clinic["name"], clinic["phone"], clinic["conditions"]) == (ODD["name"], None, [])
    feature = data(app, f"{target}?format=geojson")
    assert feature["geometry"] == {"type": "Point", "coordinates": [-77.0, 39.0]}
    assert list(rows(get(app, f"{target}?format=csv").text)[0]) == list(NAMES)


# Words and places


@pytest.mark.parametrize(
    ("name", "column"),
    [("conditions", "conditions"), ("treatments", "treatments"), ("categories", "category")],
)
def test_words_are_answered_in_the_order_people_see_them(
    app: ASGIApp, directory: Directory, name: str, column: str
) -> None:
    found = data(app, f"/{name}")
    options = directory.vocabulary.options(column)
    assert [word["id"] for word in found[name]] == [option.id for option in options]
    assert "facts" not in found[name][0]


def test_words_are_counted_over_all_lists_without_closed_clinics(directory: Directory) -> None:
    app = made_up(
        directory,
        dataset_of(
            [
                made_up_clinic(1, conditions="ptsd"),
                made_up_clinic(2, conditions="ptsd;ocd", category="mental-health"),
                made_up_clinic(3, conditions="ptsd", status="closed"),
            ]
        ),
    )
    counts = {word["id"]: word["clinics"] for word in data(app, "/conditions")["conditions"]}
    assert (counts["ptsd"], counts["ocd"], counts["anxiety"]) == (2, 1, 0)


def test_a_name_of_many_towns_gives_them_all_as_places_to_search_with(app: ASGIApp) -> None:
    found = data(app, "/places?q=philadelphia")
    assert found["places"][0]["near"] == "Philadelphia, PA"
    assert len(found["places"]) > 1
    assert found["notes"] == ["There is more than one Philadelphia: choose one, or add the state."]
    for place in found["places"]:
        again = data(app, f"/places?q={place['near'].replace(' ', '+')}")
        assert again["places"][0] == place


def test_a_zip_is_one_place(app: ASGIApp) -> None:
    (place,) = data(app, "/places?q=20912")["places"]
    assert (place["near"], place["precision"]) == ("20912", "zip")


# Pages


def test_links_lead_through_the_pages(app: ASGIApp) -> None:
    target = "/clinics?category=mental-health&sort=name&limit=50"
    total = data(app, target)["total"]
    middle = links(get(app, f"{target}&offset=50").headers["link"])
    assert {rel: int(url.rpartition("offset=")[2]) for rel, url in middle.items()} == {
        "first": 0,
        "prev": 0,
        "next": 100,
        "last": (total - 1) // 50 * 50,
    }
    assert "next" not in links(get(app, middle["last"]).headers["link"])
    assert "prev" not in links(get(app, middle["first"]).headers["link"])


def test_links_keep_the_form_and_name_the_host_that_was_asked(app: ASGIApp) -> None:
    answer = get(app, "/clinics?near=20912&within=any&format=csv&limit=1")
    assert answer.headers["link"].startswith(
        "<http://made-up.example/api/v1/clinics?near=20912&within=any&limit=1&offset=0&format=csv>"
    )


@pytest.mark.parametrize("host", ["", "evil.example/x", "a b", '">', "[v1.x]", "x:y"])
def test_a_host_that_is_none_is_not_written_into_links(app: ASGIApp, host: str) -> None:
    answer = get(app, "/clinics?limit=1", headers=[("host", host)])
    assert answer.headers["link"].startswith("</api/v1/clinics?limit=1&offset=0>")


def test_a_host_that_only_looks_like_one_does_no_harm(app: ASGIApp) -> None:
    assert get(app, "/clinics?limit=1", headers=[("host", "[::::]")]).status == 200


def test_beyond_the_last_page_there_are_no_clinics_and_a_way_back(app: ASGIApp) -> None:
    answer = get(app, "/clinics?offset=999999&limit=10")
    total = json.loads(answer.body)["total"]
    assert json.loads(answer.body)["clinics"] == []
    found = links(answer.headers["link"])
    assert found["prev"] == found["last"] == f"/clinics?limit=10&offset={(total - 1) // 10 * 10}"


def test_a_word_for_an_option_is_understood_and_answered_by_its_id(app: ASGIApp) -> None:
    answer = json.loads(get(app, "/clinics?condition=PTSD&language=Spanish").text)
    assert (answer["query"]["condition"], answer["query"]["language"]) == (["ptsd"], ["es"])
    same = json.loads(get(app, "/clinics?condition=ptsd&language=es").text)
    assert answer["clinics"] == same["clinics"]

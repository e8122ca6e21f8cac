"""The files behind the suggestions: one list of places and one script, kept by the browser."""

from __future__ import annotations

import gzip
import json

import pytest
from starlette.applications import Starlette

from clinics.directory import Directory
from clinics.present.assets import where_script, where_script_name
from clinics.web import suggestions
from clinics.web.service import service_of
from tests.integration.asking import asked

ZIPPED = ("accept-encoding", "gzip")


@pytest.fixture(scope="module")
def app(directory: Directory) -> Starlette:
    service = service_of(lambda: directory)
    return Starlette(routes=suggestions.routes(service))


def test_the_places_are_one_list_that_a_browser_keeps(app: Starlette) -> None:
    answer = asked(app, "/assets/places.json", headers=(ZIPPED,))
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=86400"
    places = json.loads(gzip.decompress(answer.body))
    labels = {place if isinstance(place, str) else place[0] for place in places}
    assert {"Takoma Park, MD", "20912 Takoma Park"} <= labels
    assert len(answer.body) < 15_000
    known = (ZIPPED, ("if-none-match", answer.headers["etag"]))
    assert asked(app, "/assets/places.json", headers=known).status == 304


def test_the_script_is_kept_for_ever_under_its_name(app: Starlette) -> None:
    answer = asked(app, f"/assets/{where_script_name()}")
    assert answer.body == where_script()
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    older = asked(app, "/assets/where.0123456789.js")
    assert (older.body, older.headers["cache-control"]) == (where_script(), "no-cache")


def test_the_script_makes_no_html_of_a_name_and_asks_for_one_file() -> None:
    script = where_script().decode()
    assert "innerHTML" not in script
    assert script.count("fetch(") == 1
    assert "assets/places.json" in script

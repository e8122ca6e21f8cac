"""The API described: OpenAPI 3.1 for programs, a page and docs/api.md for people, examples run."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.types import ASGIApp

from clinics.directory import Directory
from clinics.search.query import Query
from clinics.settings import ROOT
from clinics.web.api import v1
from clinics.web.api.examples import examples
from clinics.web.refusals import KINDS
from clinics.web.service import service_of
from tests.made_up import dataset_of

from .api import get, made_up, shipped
from .asking import asked

DOCS = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def app(directory: Directory) -> ASGIApp:
    return shipped(directory)


@pytest.fixture(scope="module")
def document(app: ASGIApp) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(get(app, "/openapi.json").body)
    return found


def parameters(document: dict[str, Any], path: str) -> dict[str, Any]:
    return {p["name"]: p for p in document["paths"][path]["get"]["parameters"]}


def check(document: dict[str, Any], answer: Any, path: str, status: int, media: str) -> None:
    """Check an answer against the schema that the description has for it."""
    content = document["paths"][path]["get"]["responses"][str(status)]["content"]
    schema = content[media]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(answer)


def test_every_search_parameter_is_described_with_its_values(
    document: dict[str, Any], directory: Directory
) -> None:
    found = parameters(document, "/api/v1/clinics")
    assert list(found) == [
        *(name for name in Query.__dataclass_fields__ if name != "clinic"),
        "format",
        "limit",
        "offset",
        "lang",
    ]
    assert found["lang"]["schema"] == {"enum": ["en", "es"]}
    ids = [condition.id for condition in directory.vocabulary.conditions]
    assert found["condition"]["schema"]["items"]["enum"] == ids
    assert found["within"]["schema"]["default"] == Query().within
    assert found["limit"]["schema"] == {
        "type": "integer", "minimum": 1, "maximum": 1000, "default": 100,
    }  # fmt: skip


def test_an_answer_may_have_an_id_that_the_description_did_not_know(
    document: dict[str, Any], directory: Directory
) -> None:
    clinic = document["components"]["schemas"]["Clinic"]
    known = {"conditions": ["a-condition-of-tomorrow"], "category": "another", "payment": ["new"]}
    for name, value in known.items():
        Draft202012Validator(clinic["properties"][name]).validate(value)
    ids = {option.id for option in directory.vocabulary.options("conditions")}
    assert not [id for id in ids if f'"{id}"' in json.dumps(document["components"])]


def test_every_address_of_the_api_is_described(document: dict[str, Any], app: ASGIApp) -> None:
    def never() -> Directory:
        raise AssertionError

    paths = {route.path for route in v1.routes(service_of(never))}
    assert set(document["paths"]) == paths - {"/api/{path:path}"}


def test_every_schema_is_one(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_example_is_answered_as_it_says_and_as_it_is_described(
    app: ASGIApp, directory: Directory, document: dict[str, Any]
) -> None:
    for example in examples(directory):
        answer = asked(app, example.request)
        assert answer.status == example.status, example.request
        media = answer.headers["content-type"].partition(";")[0]
        if "json" in media:
            check(document, json.loads(answer.body), example.path, example.status, media)


def test_an_answer_has_no_member_that_is_not_described(
    app: ASGIApp, document: dict[str, Any]
) -> None:
    schemas = document["components"]["schemas"]
    answer = json.loads(get(app, "/clinics?near=20912&limit=1").body)
    assert list(answer) == list(schemas["SearchAnswer"]["properties"])
    (clinic,) = answer["clinics"]
    hit = schemas["Hit"]["allOf"][1]["properties"]
    assert list(clinic) == [*schemas["Clinic"]["properties"], *hit]
    (condition, *_) = json.loads(get(app, "/conditions").body)["conditions"]
    described = schemas["ConditionList"]["properties"]["conditions"]["items"]
    assert list(condition) == list(described["properties"])


def test_every_clinic_is_as_it_is_described(app: ASGIApp, document: dict[str, Any]) -> None:
    for category in ("ketamine", "mental-health"):
        answer = json.loads(get(app, f"/clinics?category={category}&limit=1000").body)
        check(document, answer, "/api/v1/clinics", 200, "application/json")


def test_every_operation_has_examples_that_work(document: dict[str, Any], app: ASGIApp) -> None:
    shown = [
        example
        for methods in document["paths"].values()
        for example in methods["get"].get("x-examples", [])
    ]
    assert len(shown) > 8
    for example in shown:
        assert asked(app, example["request"]).status == example["status"]


def test_an_example_of_a_parameter_works_by_itself(document: dict[str, Any], app: ASGIApp) -> None:
    found = 0
    for path, methods in document["paths"].items():
        for parameter in methods["get"]["parameters"]:
            if "example" in parameter:
                found += 1
                value = parameter["example"]
                in_path = parameter["in"] == "path"
                target = (
                    path.replace("{id}", value)
                    if in_path
                    else f"{path}?{parameter['name']}={value}"
                )
                assert asked(app, target).status == 200
    assert found == 3


def test_a_directory_without_clinics_is_described_too(directory: Directory) -> None:
    app = made_up(directory, dataset_of([]))
    assert get(app, "/openapi.json").status == 200
    assert asked(app, "/api").status == 200
    assert asked(app, "/data/datapackage.json").status == 200


# For people


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        assert "style" not in values
        assert not [name for name in values if name.startswith("on")]
        self.links += [v for n, v in attrs if n in ("href", "src") and v and tag != "link"]
        self.ids |= {values["id"] or ""} if "id" in values else set()


def test_the_page_shows_every_example_and_parameter_and_the_crisis_line(
    app: ASGIApp, directory: Directory, document: dict[str, Any]
) -> None:
    html = asked(app, "/api").text
    page = Page(html)
    assert {"script", "style", "iframe", "img"}.isdisjoint(page.tags)
    for example in examples(directory):
        assert example.request in page.links
    for name in parameters(document, "/api/v1/clinics"):
        assert f"<code>{name}</code>" in html
    assert "tel:988" in page.links
    assert not [link for link in page.links if "//" in link]


def test_the_page_has_a_place_for_every_kind_of_problem(app: ASGIApp) -> None:
    ids = Page(asked(app, "/api").text).ids
    assert [kind.type for kind in KINDS if kind.type.partition("#")[2] not in ids] == []


def test_the_page_has_a_style_of_its_own(app: ASGIApp) -> None:
    assert 'href="/assets/api.css"' in asked(app, "/api").text
    assert asked(app, "/assets/api.css").headers["content-type"] == "text/css; charset=utf-8"


def test_docs_api_md_has_exactly_these_examples(directory: Directory) -> None:
    documented = re.findall(r"^    (/(?:api|data)\S*)$", DOCS, re.MULTILINE)
    assert documented == [example.request for example in examples(directory)]
    for example in examples(directory):
        assert example.about in DOCS


def test_docs_api_md_names_every_address_parameter_and_problem(
    document: dict[str, Any],
) -> None:
    for path in document["paths"]:
        assert f"`{path}`" in DOCS
    for name in ("format", "limit", "offset"):
        assert f"`{name}`" in DOCS
    for kind in KINDS:
        assert f"`{kind.type}`" in DOCS

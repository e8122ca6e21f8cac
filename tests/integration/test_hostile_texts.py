"""Text of a file in every column, at every place that shows it: it stays the text it was."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import pytest
from justhtml import JustHTML
from pypdf import PdfReader
from starlette.types import ASGIApp

from clinics.directory import Directory
from clinics.present import html as render
from clinics.present.map import layer_script
from clinics.present.question_sheet import sheet_pdf, sheet_text
from clinics.search.dataset import Dataset
from clinics.search.query import Query
from clinics.search.search import Results, search
from tests.hostile_texts import FORMULAS, TEXTS
from tests.integration.api import get, made_up
from tests.integration.plain_site import checked, site_of, with_clinics
from tests.made_up import CENTER, TODAY, dataset_of, made_up_clinic, words
from tests.unit.present.test_map import search_of

COLUMNS = (
    *("name", "city", "address", "insurance_note", "price_note", "hours", "source", "notes"),
)
LINKED = ("website", "source_url", "phone")
HARMLESS = "Made-up words"


def clinic(number: int, text: str) -> dict[str, str]:
    cells = dict.fromkeys((*COLUMNS, *LINKED), text)
    return made_up_clinic(number, **cells, latitude=f"{39 + number / 1000:.3f}", conditions="ptsd")


CLINICS = [clinic(number, text) for number, text in enumerate(TEXTS)]
IDS = [cells["id"] for cells in CLINICS]
PAIRS = list(zip(IDS, TEXTS, strict=True))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return dataset_of([*CLINICS, clinic(999, HARMLESS)])


@pytest.fixture(scope="module")
def found(dataset: Dataset) -> Results:
    return search(dataset, Query(within=None), CENTER)


@pytest.fixture(scope="module")
def api(directory: Directory, dataset: Dataset) -> ASGIApp:
    return made_up(directory, dataset)


def words_of(text: str) -> str:
    return " ".join(text.split())


def elements(page: JustHTML) -> list[tuple[str, list[str]]]:
    """Return each element with the names of its attributes, and links with where they lead."""
    found = []
    for element in page.query("body *"):
        attributes = dict(element.attrs or {})
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        scheme = re.match(r"\s*([A-Za-z.+-]+):", attributes.get("href") or "")
        assert scheme is None or scheme[1] in ("https", "http", "tel", "mailto", "sms")
        found.append((element.name, sorted(attributes)))
    return found


def test_the_list_is_long_and_names_no_text_twice() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= 70


def test_no_text_adds_an_element_to_the_list_of_results(found: Results) -> None:
    hits = {hit.clinic.id: hit for hit in found.hits}
    for id, text in PAIRS:
        one = Results(**{**as_dict(found), "hits": (hits[id],), "total": 1})
        page = JustHTML(render.results_html(one, words(), TODAY), sanitize=False)
        names = {name for name, _ in elements(page)}
        assert names <= {
            *("ol", "li", "h3", "h4", "p", "span", "strong", "a", "button", "dl", "div", "dt"),
            *("dd", "ul", "details", "summary"),
        }, text
        assert words_of(text) in words_of(page.to_text(separator="", strip=False)), text


def as_dict(results: Results) -> dict[str, object]:
    return {name: getattr(results, name) for name in results.__dataclass_fields__}


def test_no_text_adds_an_element_to_the_page_of_its_clinic(
    directory: Directory, dataset: Dataset
) -> None:
    ask = site_of(with_clinics(directory, *CLINICS))
    for id, text in PAIRS:
        answer = ask(f"/clinics/{id}")
        page = checked(answer.text)
        assert answer.status == 200
        names = [name for name, _ in elements(page)]
        assert not {"script", "img", "svg", "iframe", "style", "form", "object"} & set(names), text
        assert words_of(text) in words_of(page.to_text(separator="", strip=False)), text
        (data,) = page.query("script")
        assert json.loads(data.to_text())["name"] == text


def test_every_text_comes_back_from_json_and_geojson_as_it_was(api: ASGIApp) -> None:
    asked = "/clinics?near=x&within=any&limit=500"
    plain = {c["id"]: c for c in json.loads(get(api, asked).body)["clinics"]}
    placed = json.loads(get(api, f"{asked}&format=geojson").body)["features"]
    mapped = {feature["properties"]["id"]: feature["properties"] for feature in placed}
    for id, text in PAIRS:
        for column in COLUMNS:
            assert plain[id][column] == text
            assert mapped[id][column] == text


def test_no_cell_of_a_list_for_a_spreadsheet_is_a_formula_and_all_come_back(api: ASGIApp) -> None:
    body = get(api, "/clinics?near=x&within=any&limit=500&format=csv").text
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(body, newline=""))}
    for id, text in PAIRS:
        for column in COLUMNS:
            assert rows[id][column] in ([f"'{text}"] if text in FORMULAS else [text, f"'{text}"])


def test_no_text_ends_the_script_that_the_map_is_made_of(found: Results) -> None:
    lines = []
    for start in range(0, len(found.hits), 40):
        script = layer_script(found.hits[start : start + 40], CENTER, 25.0)
        lines += [line for pin in search_of(script)["pins"] for line in pin["lines"]]
    assert len(lines) > len(TEXTS)
    assert not re.search("[<>`{}$\\\\\"']", " ".join(lines))
    for text in TEXTS:
        assert any(text in html.unescape(line) for line in lines), text


def test_the_questions_to_take_along_name_every_clinic_and_hold_nothing_that_runs(
    directory: Directory, dataset: Dataset
) -> None:
    questions = directory.explainer.questions
    for id, text in PAIRS:
        listing = dataset.find(id)
        assert listing
        assert words_of(text) in words_of(sheet_text(questions, listing))
        pdf = sheet_pdf(questions, listing)
        assert not re.search(rb"/JavaScript|/JS|/URI|/Launch|/EmbeddedFile", pdf)
        (page,) = PdfReader(io.BytesIO(pdf)).pages
        assert letters_of(text) in letters_of(page.extract_text())


def letters_of(text: str) -> str:
    """Return a text without spaces: where its lines break is the paper's business."""
    return "".join(text.split())

"""The API's labels in the language that is asked for; ids and the clinics' own words in none."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from starlette.types import ASGIApp

from clinics.directory import Directory
from clinics.web.service import service_of
from tests.made_up import TODAY

from .api import app_of, get, problem, shipped
from .asking import Answer

SPANISH = [("accept-language", "es-SV,es;q=0.9,en;q=0.5")]
WORDS = ("/conditions", "/treatments", "/categories")
_SAID = {"label", "gloss", "synonyms", "approval_therapy", "approval_related", "approval_note",
         "approval_summary", "approval_short", "evidence_note", "one", "many", "as_of"}  # fmt: skip


@pytest.fixture(scope="module")
def app(directory: Directory) -> ASGIApp:
    return shipped(directory)


def words(answer: Answer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = list(json.loads(answer.body).values())[1]
    return found


@pytest.mark.parametrize("path", WORDS)
def test_labels_are_in_the_language_named_or_preferred_and_ids_in_none(
    app: ASGIApp, path: str
) -> None:
    english, named = get(app, path), get(app, f"{path}?lang=es")
    preferred = get(app, path, headers=SPANISH)
    assert preferred.body == named.body != english.body
    assert get(app, f"{path}?lang=en", headers=SPANISH).body == english.body
    ours, theirs = words(english), words(named)
    assert [each["label"] for each in ours] != [each["label"] for each in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert one.keys() == other.keys()
        same = one.keys() - _SAID
        assert {name: one[name] for name in same} == {name: other[name] for name in same}


def test_a_label_is_said(app: ASGIApp) -> None:
    labels = {each["id"]: each["label"] for each in words(get(app, "/conditions?lang=es"))}
    assert labels["anxiety"] == "Ansiedad"
    notes = [each["approval_therapy"] for each in words(get(app, "/conditions?lang=es"))]
    assert all("no aprobada" in note and "a noviembre de 2026" in note for note in notes)


@pytest.mark.parametrize("path", [*WORDS, "/clinics?near=20912", "/places?q=20912"])
def test_who_keeps_answers_keeps_one_for_each_language(app: ASGIApp, path: str) -> None:
    joiner = "&" if "?" in path else "?"
    english, spanish = get(app, path), get(app, path, headers=SPANISH)
    named = get(app, f"{path}{joiner}lang=es", headers=SPANISH)
    assert english.headers["vary"] == "Accept-Encoding, Accept-Language"
    assert spanish.headers["vary"] == "Accept-Encoding, Accept-Language"
    assert named.headers["vary"] == "Accept-Encoding"
    languages = [each.headers["content-language"] for each in (english, spanish, named)]
    assert languages == ["en", "es", "es"]
    assert spanish.headers["etag"] == named.headers["etag"]
    tag = ("if-none-match", english.headers["etag"])
    assert get(app, path, headers=[tag]).status == 304
    known = get(app, path, headers=[*SPANISH, tag])
    assert known.status == (304 if spanish.body == english.body else 200)


def test_a_clinic_says_the_same_in_every_language(app: ASGIApp) -> None:
    path = "/clinics/rock-creek-therapy-washington"
    assert get(app, f"{path}?lang=es").body == get(app, path).body
    search = "/clinics?near=20912&condition=anxiety&category=mental-health"
    ours, theirs = (json.loads(get(app, f"{search}{lang}").body) for lang in ("", "&lang=es"))
    assert theirs["query"] == ours["query"]
    facts = [{**each, "across": None} for each in theirs["clinics"]]
    assert facts == [{**each, "across": None} for each in ours["clinics"]]


def test_the_links_to_other_pages_of_an_answer_keep_the_language(app: ASGIApp) -> None:
    link = get(app, "/clinics?limit=2&lang=es").headers["link"]
    assert link.count("lang=es") == link.count("rel=")
    assert "lang=" not in get(app, "/clinics?limit=2", headers=SPANISH).headers["link"]


def test_words_of_either_language_are_understood(app: ASGIApp) -> None:
    path = "/clinics?near=a+10+millas+de+Silver+Spring&condition=ansiedad"
    said = json.loads(get(app, path).body)["query"]
    assert (said["near"], said["within"]) == ("Silver Spring, MD", 10)
    assert said["condition"] == ["anxiety"]
    said = json.loads(get(app, f"{path}&within=5").body)["query"]
    assert said["within"] == 5


def test_a_language_that_there_is_not_is_refused(app: ASGIApp) -> None:
    said = problem(app, "/conditions?lang=fr")
    assert (said["parameter"], said["allowed"]) == ("lang", ["en", "es"])


def test_a_directory_in_one_language_varies_with_none(directory: Directory) -> None:
    alone = replace(directory, translations={})
    answer = get(app_of(service_of(lambda: alone, today=lambda: TODAY)), "/conditions")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "content-language" not in answer.headers

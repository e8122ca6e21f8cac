"""A translation says what its English twin says: numbers, citations, grades, and as plainly."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from clinics.directory import Directory
from clinics.domain.language import speaking
from clinics.domain.translations import TEXTS, missing_words
from clinics.explainer.files import load_explainer
from clinics.explainer.model import Explainer, Topic
from clinics.explainer.twins import check_translation, fernandez_huerta
from tests.made_up import DATA


@pytest.fixture(scope="module")
def english(directory: Directory) -> Explainer:
    return directory.explainer


@pytest.fixture(scope="module")
def spanish() -> Explainer:
    with speaking("es"):
        return load_explainer(DATA)


@pytest.fixture
def found(
    directory: Directory, english: Explainer, spanish: Explainer
) -> Callable[[Callable[[Topic], Topic]], list[str]]:
    """Return what is found when the topic on suicidal thoughts is changed."""

    def look(change: Callable[[Topic], Topic]) -> list[str]:
        topics = tuple(change(t) if t.id == "suicidal-thoughts" else t for t in spanish.topics)
        words = directory.vocabulary
        own = (replace(spanish, topics=topics), words)
        return [each.message for each in check_translation("es", own, (english, words))]

    return look


def body(was: str, now: str) -> Callable[[Topic], Topic]:
    return lambda topic: replace(topic, body=topic.body.replace(was, now, 1))


def longer(words: str) -> Callable[[Topic], Topic]:
    return lambda topic: replace(topic, body=topic.body + words)


def test_the_shipped_translations_are_like_their_twins(directory: Directory) -> None:
    words = directory.translations["es"]
    own = (words.explainer, words.vocabulary)
    assert check_translation("es", own, (directory.explainer, directory.vocabulary)) == ()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (body("63%", "64%"), "differ in 63, 64"),
        (body("[@54]", "[@53]"), "the English [54]"),
        (body("La ketamina misma no está", "La ketamina está"), "not approved"),
        (body("Los pensamientos", "Milagro: los pensamientos"), "promotes"),
        (longer("\n\nAlgo más."), "passages; the English has"),
        (longer(" desproporcionadísimamente" * 900), "reading ease"),
        (lambda topic: replace(topic, grade=None), "Its grade is"),
        (lambda topic: replace(topic, translated_from=None), "It needs “translated_from”"),
        (lambda topic: replace(topic, recheck=dt.date(2030, 1, 1)), "after the English"),
        (lambda topic: replace(topic, translated_from=dt.date(2020, 1, 1)), "It is translated"),
    ],
)
def test_a_translation_that_says_something_else_is_found(
    found: Callable[[Callable[[Topic], Topic]], list[str]],
    change: Callable[[Topic], Topic],
    says: str,
) -> None:
    assert [message for message in found(change) if says in message]


def test_reading_ease_is_that_of_the_formula() -> None:
    # 4 words, 6 syllables, 1 sentence: 206.84 - 60 * 1.5 - 1.02 * 4
    assert fernandez_huerta("La casa es azul.") == pytest.approx(206.84 - 90 - 4.08)


@pytest.mark.parametrize(
    ("table", "row", "says"),
    [
        ("claims", {"answer": "Respondió el 54%."}, "differ in"),
        ("claims", {"answer": "Está aprobada."}, "not approved"),
        ("claims", {"answer": "desproporcionadísimamente " * 2000}, "Its reading ease"),
        ("questions", {"why": "Es un milagro."}, "The word “milagro” promotes"),
        ("questions", {"why": "desproporcionadísimamente " * 2000}, "Its reading ease"),
        ("schedule", {"note": "Hasta 7 infusiones."}, "differ in 7"),
        ("prices", {"note": "De $400 a $900."}, "differ in"),
    ],
)
def test_a_row_of_a_table_that_says_something_else_is_found(
    directory: Directory, english: Explainer, table: str, row: dict[str, str], says: str
) -> None:
    words = directory.translations["es"]
    rows = getattr(words.explainer, table)
    third = min(2, len(rows) - 1)  # the claim on what is not approved, among others
    changed = (*rows[:third], replace(rows[third], **row), *rows[third + 1 :])
    own = (replace(words.explainer, **{table: changed}), words.vocabulary)
    found = check_translation("es", own, (english, directory.vocabulary))
    assert [f for f in found if says in f.message and f.where.startswith(f"data/{table}.es.csv")]


def test_every_table_with_words_is_translated_whole() -> None:
    tables = [f"{name}.es.csv" for name in TEXTS]
    assert [said for said in missing_words(DATA, "es") if said.startswith(tuple(tables))] == []


def test_phases_of_one_name_keep_their_own_words(directory: Directory) -> None:
    schedule = directory.translations["es"].explainer.schedule
    later = [p.label for p in schedule if (p.product, p.phase) == ("esketamine", "follow-up")]
    assert later == ["Una vez por semana", "Una vez por semana o cada dos semanas"]

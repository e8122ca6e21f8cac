"""The sentences of every language: each id is known, said, and means the same with its values."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from clinics.domain.language import (
    ENGLISH,
    HTML,
    LANGUAGES,
    Forms,
    Message,
    Sentences,
    missing,
    named,
    read,
    say,
    say_html,
    speaking,
)
from clinics.domain.words import as_dated, joined

ROOT = Path(__file__).resolve().parents[3]
OTHERS = LANGUAGES[1:]
SUBJECTS = "|".join(sorted({id.partition(".")[0] for id in read(ENGLISH)}))
_ID = re.compile(rf"""["']((?:{SUBJECTS})\.[\w-]+)["']""")
_BEGINS = re.compile(rf"""f["']((?:{SUBJECTS})\.\w*)\{{""")


def sources() -> Iterator[str]:
    for folder in ("clinics", "ui"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".html", ".svg"):
                yield path.read_text(encoding="utf-8")


def forms(message: Message) -> tuple[str, ...]:
    return (message.one, message.other) if isinstance(message, Forms) else (message,)


def values(message: Message) -> set[str]:
    parsed = (part for text in forms(message) for part in Formatter().parse(text))
    return {name for _, name, _, _ in parsed if name}


def test_every_sentence_is_said_somewhere_and_every_id_is_known() -> None:
    text = "\n".join(sources())
    said, begun = set(_ID.findall(text)), tuple(_BEGINS.findall(text))
    apart = {  # English has no such words
        "words.and_before_i",
        "words.or_before_o",
        "words.other_source",
    }
    files = {id for id in said if id.endswith((".html", ".py"))}
    assert said - read(ENGLISH).keys() - files == apart
    unsaid = [id for id in read(ENGLISH) if id not in said and not id.startswith(begun)]
    assert unsaid == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_nothing_that_english_does_not_and_lacks_nothing(language: str) -> None:
    apart = ("options.", "columns.", "filters.", "states.", "words.")
    assert [
        id for id in read(language) if id not in read(ENGLISH) and not id.startswith(apart)
    ] == []
    assert missing(language) == ()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_values_of_its_english_twin_and_no_others(language: str) -> None:
    may_differ = {
        "card.none_found",  # by the one noun or the plural one
        "town.none_here",
        "step.nowhere",
        "correct.source_needs",  # what a cell needs is said in English only
    }
    for id, message in read(language).items():
        if id in read(ENGLISH) and id not in may_differ:
            assert values(message) == values(read(ENGLISH)[id]), id


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_is_for_pages_alone_has_tags(language: str) -> None:
    for id, message in read(language).items():
        assert id.endswith(HTML) or not re.search("[<>&]", "".join(forms(message))), id


def test_a_value_is_escaped_on_a_page_and_the_sentence_is_not() -> None:
    shown = say_html("shell.no_more_html", twin='"><script>')
    assert '<a href="&#34;&gt;&lt;script&gt;">' in shown


def test_a_number_chooses_the_form() -> None:
    assert say("card.within", n=1, miles="1") == "within 1 mile"
    assert say("card.within", n=25, miles="25") == "within 25 miles"
    with speaking("es"):
        assert say("card.within", n=25, miles="25") == "a menos de 25 millas"


def test_what_a_language_lacks_is_said_in_english() -> None:
    with speaking("xx"):
        assert say("shell.towns") == "Towns"
        assert named("options.setting_telehealth", "By phone") == "By phone"


def test_a_table_of_sentences_speaks_the_language_of_whoever_looks() -> None:
    table = Sentences({"a": "shell.towns", "b": ""})
    assert dict(table) == {"a": "Towns", "b": ""}
    with speaking("es"):
        assert table["a"] == "Ciudades"


def test_days_and_lists_are_written_as_the_language_writes_them() -> None:
    assert as_dated("2024-07") == "July 2024"
    with speaking("es"):
        assert as_dated("2024-07") == "julio de 2024"
        assert joined(["ansiedad", "depresión"], "and") == "ansiedad y depresión"
        assert joined(["ansiedad", "insomnio"], "and") == "ansiedad e insomnio"
        assert joined(["agua", "hielo"], "and") == "agua y hielo"
        assert joined(["uno", "otro"], "or") == "uno u otro"
    assert joined(["one", "ice"], "and") == "one and ice"

"""The app in Spanish: no English sentence of ours in anything that is sent to the browser."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf.message import Message  # type: ignore[import-untyped]

from clinics.adapters.memory import MemoryStore
from tests.app.visit import Visit
from tests.integration.test_spanish_pages import english
from ui import resources

Open = Callable[[Callable[..., Visit]], Visit]

STARTED: Mapping[str, str | list[str]] = {"lang": "es", "near": "20912", "condition": "ptsd"}


def page_at(file: str, **params: str) -> Open:
    """Open a page of the app by its file, at an address."""

    def open_page(visit: Callable[..., Visit]) -> Visit:
        page = visit(lang="es").go_to(file)
        return page.change_link(**params)

    return open_page


def filters(visit: Callable[..., Visit]) -> Visit:
    return visit(**{**STARTED, "condition": ["ptsd", "ocd"]}).open_filters()


PAGES: dict[str, Open] = {
    "first page": lambda visit: visit(lang="es"),
    "results": lambda visit: visit(**STARTED, unstated="include"),
    "list": lambda visit: visit(**STARTED, view="list"),
    "map": lambda visit: visit(**STARTED, view="map"),
    "filters": filters,
    "empty": lambda visit: visit(
        lang="es", near="Takoma Park, MD", within="5", condition="migraine"
    ),
    "odd link": lambda visit: visit(lang="es", near="Maple Avenue 7500", condition="nothing"),
    "no such place": lambda visit: visit(lang="es", near="Nowhere, XX"),
    "correction": lambda visit: visit(lang="es", correct="nova-health-recovery-alexandria"),
    "topics": page_at("learn.py"),
    "topic": page_at("learn.py", topic="risks"),
    "cost": page_at("learn.py", topic="cost"),
    "no such topic": page_at("learn.py", topic="coste"),
    "sessions": page_at("learn.py", topic="sessions"),
    "questions": page_at("learn.py", topic="choosing-a-clinic"),
    "claims": page_at("learn.py", topic="common-claims"),
    "towns": page_at("towns.py"),
    "town": page_at("towns.py", town="rockville-md"),
    "no such town": page_at("towns.py", town="nowhere"),
    "about": page_at("about.py"),
    "empty visitor's list": page_at("shortlist.py"),
    "visitor's list": page_at("shortlist.py", list="nova-health-recovery-alexandria", near="20912"),
}

_NOT_READ = ("id", "url", "key", "element_id", "form_id", "page_script_hash", "language", "name")
_LINK = re.compile(r"\]\([^)]*\)|`[^`]*`|<https?:[^>]*>")


def shown(page: Visit) -> str:
    """Everything that this page sends for people to read, as one HTML text."""
    parts: list[str] = []
    for element in page.app._tree:
        if getattr(element, "type", "") == "code":
            continue
        proto = getattr(element, "proto", None)
        if isinstance(proto, Message):
            parts += _texts(proto)
    return "\n".join(parts)


def _texts(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.name in _NOT_READ or field.name.endswith(("_content", "_id", "_url", "_hash")):
            continue
        values = value if not isinstance(value, (str, bytes)) and _is_list(value) else [value]
        for each in values:
            if isinstance(each, Message):
                yield from _texts(each)
            elif isinstance(each, str):
                yield from _of_text(field.name, each)


def _is_list(value: Any) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, Message)


def _of_text(name: str, text: str) -> Iterator[str]:
    """What of a text is read: in JSON its texts, in HTML all but tags, in Markdown no address."""
    if name in ("json", "json_args", "spec"):
        yield from _of_json(json.loads(text or "null"))
    elif name in ("body", "html") and text.lstrip().startswith("<"):
        yield text
    else:
        yield f"<p>{html.escape(_LINK.sub(']', text.replace(chr(92), '')))}</p>"


def _of_json(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in ("id", "script", "header", "link", "paper", "pdf", "search", "name"):
                yield from _of_json(each)
    elif isinstance(value, list):
        for each in value:
            yield from _of_json(each)
    elif isinstance(value, str):
        yield value if value.lstrip().startswith("<") else f"<p>{html.escape(value)}</p>"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_english_sentence_stands_on_a_page_in_spanish(
    visit: Callable[..., Visit], name: str
) -> None:
    assert english(shown(PAGES[name](visit))) == []


def test_a_view_is_chosen_by_its_id(visit: Callable[..., Visit]) -> None:
    page = visit(**STARTED)
    views = next(each for each in page.app.button_group if each.key == "view")
    assert [option.content for option in views.proto.options] == ["Lista y mapa", "Lista", "Mapa"]
    views.set_value("list")
    page.change_link()
    assert page.url["view"] in ("list", ["list"])
    assert page.url["lang"] in ("es", ["es"])


def test_what_is_wrong_with_a_correction_is_said_in_spanish(
    visit: Callable[..., Visit], store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "takes_corrections", lambda: True)
    page = visit(lang="es")
    page.change_link(correct=page.ids[0])
    assert page.app.selectbox(key="wrong_kind").placeholder == "Elija una opción"
    page.click("Enviar esta corrección")
    errors = [each.value for each in page.app.error]
    assert errors[0] == "Elija de la lista qué está mal."
    assert errors[1].startswith("Escriba lo correcto, en al menos 5 caracteres")


def test_a_topic_that_is_not_translated_is_marked_as_english(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = resources.bundled()
    words = replace(directory.translations["es"], explainer=directory.explainer)
    untranslated = replace(directory, translations={"es": words})
    monkeypatch.setattr(resources, "bundled", lambda: untranslated)
    page = visit(lang="es").go_to("learn.py").change_link(topic="risks")
    assert page.part("tongue") == {"language": "en", "keys": ["topic_head", "topic_text"]}
    assert "solo en inglés" in page.text
    page.change_link(topic=None)
    assert '<span lang="en">Risks and side effects</span>' in str(page.part("topics_safety"))

"""The language that a run speaks, and its sentences: `say("town.title", town="Olney, MD")`.

The sentences are under `locale/`, a folder for each language and a file for each subject;
an id is the name of its file, a dot and its name there. What a language lacks is said in English.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from markupsafe import Markup, escape

LOCALE = Path(__file__).parent / "locale"
ENGLISH = "en"
LANGUAGES = (ENGLISH, *sorted({folder.name for folder in LOCALE.iterdir()} - {ENGLISH}))
"""Every language that has a folder, English first."""

HTML = "_html"
"""The ids of sentences with tags in them end so; only templates say these."""

K = TypeVar("K")
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)
_log = logging.getLogger("clinics")


@dataclass(frozen=True, slots=True)
class Forms:
    """A sentence in two forms, for one and for any other number `n`.

    English and Spanish need no more (CLDR, cardinal); a language with other rules needs its own.
    """

    one: str
    other: str


Message = str | Forms


def spoken() -> str:
    """Return the language of this run, such as "es"."""
    return _spoken.get()


def speak(language: str) -> None:
    """Speak a language for the rest of this run."""
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language inside a `with`."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def say(id: str, /, **values: object) -> str:
    """Return the sentence of an id as text; `n` among the values chooses its form."""
    message = _sentences(_spoken.get())[id]
    if isinstance(message, Forms):
        message = message.one if values["n"] == 1 else message.other
    return message.format_map(values) if values else message


def say_html(id: str, /, **values: object) -> Markup:
    """Return the sentence of an id for a page: its own tags stay, every value is escaped."""
    if not values:
        return _on_pages(_spoken.get())[id]
    safe = {name: v if isinstance(v, (int, float)) else escape(v) for name, v in values.items()}
    return Markup(say(id, **safe))  # noqa: S704 - the sentences are ours, the values escaped


def named(id: str, english: str) -> str:
    """Return what a table in the code calls something, where the language has a name for it."""
    language = _spoken.get()
    if language == ENGLISH:
        return english
    message = read(language).get(id, english)
    return message if isinstance(message, str) else english


class Sentences(Mapping[K, str]):
    """Sentences by key, such as the words of each grade, in the language of whoever looks.

    Where the id is "" nothing is said.
    """

    def __init__(self, ids: Mapping[K, str]) -> None:
        self._ids = ids

    def __getitem__(self, key: K) -> str:
        id = self._ids[key]
        return say(id) if id else ""

    def __iter__(self) -> Iterator[K]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def missing(language: str) -> tuple[str, ...]:
    """Return the ids that a language has no sentence for, which are said in English."""
    return tuple(id for id in read(ENGLISH) if id not in read(language))


@cache
def _sentences(language: str) -> Mapping[str, Message]:
    lacks = missing(language)
    if lacks:
        _log.warning(
            "The language “%s” lacks %d sentences: %s", language, len(lacks), ", ".join(lacks)
        )
    return {**read(ENGLISH), **read(language)}


@cache
def _on_pages(language: str) -> Mapping[str, Markup]:
    """Return the sentences without a number as they stand on a page."""
    known = _sentences(language)
    return {id: Markup(text) for id, text in known.items() if isinstance(text, str)}  # noqa: S704


@cache
def read(language: str) -> Mapping[str, Message]:
    """Return every sentence that a language has of its own, by id."""
    found: dict[str, Message] = {}
    for path in sorted((LOCALE / language).glob("*.toml")):
        for name, value in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found[f"{path.stem}.{name}"] = Forms(**value) if isinstance(value, dict) else value
    return found

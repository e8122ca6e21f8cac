"""American English, for visitors, keepers and engineers alike."""

import re

import pytest

from clinics.settings import ROOT

BRITISH = re.compile(
    r"centre(?!ville)|neighbour|colour|licence|programmes?\b|behaviour|organis(?!m)|anaesth"
    r"|talking.therap|labelled(?!by)|recognis|\bgrey|\bspelt\b|metres?\b|favour|catalogue"
    r"|\bageing\b|cancelled(?!error)|\bwhilst\b|\blearnt\b",
    re.IGNORECASE,
)
PLACES = ("data", "ui", "clinics", "pages", "docs", "README.md", "CONTRIBUTING.md")
TEXTS = {".md", ".py", ".csv", ".toml", ".html", ".js", ".css"}
QUOTED = ("data/sources/", "data/clinics.csv", "data/references.csv")
"""Words of others, kept as they wrote them."""


def our_texts() -> dict[str, str]:
    """Every text we write, by the name of its file."""
    places = [ROOT / name for name in PLACES]
    found = [path for place in places for path in (place, *place.rglob("*"))]
    texts = {path.relative_to(ROOT).as_posix(): path for path in found if path.suffix in TEXTS}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in texts.items()
        if path.is_file() and not name.startswith(QUOTED)
    }


def test_spelling_is_american() -> None:
    texts = our_texts()
    assert {"README.md", "docs/api.md", "data/conditions.csv", "ui/state.py"} <= set(texts)
    assert {name: words for name, text in texts.items() if (words := BRITISH.findall(text))} == {}


@pytest.mark.parametrize("word", ["Centreville", "aria-labelledby", "CancelledError", "programmer"])
def test_words_that_only_look_british_are_left_alone(word: str) -> None:
    assert not BRITISH.search(word)


@pytest.mark.parametrize("word", ["Centre", "two metres", "labelled", "a grey pin", "organisation"])
def test_british_words_are_found(word: str) -> None:
    assert BRITISH.search(word)

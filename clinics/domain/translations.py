"""Which words of the data folder are translated, and which are missing in a language.

The words of `conditions.csv` in Spanish stand in `conditions.es.csv`: its key columns and the
columns of text, no others. A cell that is empty or not there is said in English.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple


class Texts(NamedTuple):
    """The columns of a table that tell its rows apart, and those that hold text for visitors."""

    keys: tuple[str, ...]
    words: tuple[str, ...]


_BY_ID = ("id",)
_LABEL = Texts(_BY_ID, ("label",))
_OPTION = Texts(_BY_ID, ("label", "gloss"))
_APPROVALS = ("approval_therapy", "approval_related", "approval_note", "evidence_note")
TEXTS: Mapping[str, Texts] = {
    "ages": _LABEL,
    "barriers": Texts(("label",), ("words", "far_words")),
    "categories": Texts(_BY_ID, ("label", "one", "many", "gloss")),
    "claims": Texts(("number",), ("claim", "answer")),
    "conditions": Texts(_BY_ID, ("label", "gloss", "synonyms", *_APPROVALS)),
    "crisis_lines": Texts(("county", "state", "name"), ("note",)),
    "facility_types": _OPTION,
    "known_by": _OPTION,
    "languages": _LABEL,
    "payments": _OPTION,
    "prices": Texts(("item", "product"), ("note", "remark")),
    "questions": Texts(_BY_ID, ("question", "why")),
    "references": Texts(("number",), ("read_in",)),
    "schedule": Texts(("product", "phase", "start_week"), ("label", "note")),
    "source_words": Texts(("begins",), ("words", "remark")),
    "sources": _LABEL,
    "synonyms": Texts(("column", "id"), ("synonyms",)),
    "treatments": Texts(_BY_ID, ("label", "gloss", "approval_short", "approval_note")),
}
"""The tables of `data/` with words for visitors, by name."""

CAVEATS, CAVEAT = "caveats", Texts(("caveat",), ("words",))
"""What a keeper warns of in `clinics.csv`; there is a file of it for each other language alone."""

SITE_WORDS = ("title", "short_title", "heading", "tagline", "area", "therapy")
"""The words of `site.toml`; `site.es.toml` has them, and says that a folder speaks Spanish."""

SYNONYMS = "synonyms"
"""What people type: a translation adds to it, and takes nothing away."""

AS_OF, AS_OF_ENGLISH = "{as_of}", "{as_of:en}"
"""Stands in texts of the data folder for the month of `approvals_as_of`: "as of November 2026".
In a cell that is said in English, so is the month."""

Row = dict[str, str]
Key = tuple[str, ...]


def file_of(path: Path, language: str) -> Path:
    """Return the file beside another with its words in a language: `site.es.toml`."""
    return path.with_name(f"{path.stem}.{language}{path.suffix}")


def read_words(path: Path, texts: Texts) -> Mapping[Key, Row]:
    """Read a file of translated words by key; raises ValueError with what is wrong in it."""
    found: dict[Key, Row] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        odd = set(reader.fieldnames or ()) ^ {*texts.keys, *texts.words}
        if odd - set(texts.words):
            raise ValueError(f"it needs {', '.join(texts.keys)}, and of {', '.join(texts.words)}")
        for row in reader:
            key = tuple((row[name] or "").strip() for name in texts.keys)
            if key in found:
                raise ValueError(f"“{', '.join(key)}” is there twice")
            found[key] = {name: (row.get(name) or "").strip() for name in texts.words}
    return found


def translated(
    rows: Iterable[tuple[int, Row]], words: Mapping[Key, Row], texts: Texts
) -> Iterator[tuple[int, Row]]:
    """Yield rows in their translation, cell by cell; words of a row that is gone do nothing."""
    for number, row in rows:
        own = words.get(tuple(row.get(name, "") for name in texts.keys), {})
        more = {
            name: own.get(name) or row[name].replace(AS_OF, AS_OF_ENGLISH)
            for name in texts.words
            if row.get(name)
        }
        if SYNONYMS in texts.words:
            typed = (own.get(SYNONYMS, ""), row.get("label", ""), row[SYNONYMS])
            more[SYNONYMS] = ";".join(filter(None, typed))
        yield number, row | more


def missing_words(folder: Path, language: str) -> Iterator[str]:
    """Say which words of a data folder have no translation, a sentence for each table."""
    for name, texts in TEXTS.items():
        path = folder / f"{name}.csv"
        if not path.is_file():
            continue
        own = file_of(path, language)
        words = read_words(own, texts) if own.is_file() else {}
        with path.open(encoding="utf-8-sig", newline="") as file:
            lacks = [
                f"{'/'.join(row[key] for key in texts.keys)} {column}"
                for row in csv.DictReader(file)
                for column in texts.words
                if row.get(column)
                and not words.get(tuple(row[key].strip() for key in texts.keys), {}).get(column)
            ]
        if lacks:
            rest = f" and {len(lacks) - 3} more" if len(lacks) > 3 else ""
            yield f"{own.name} lacks {', '.join(lacks[:3])}{rest}."
    yield from _missing_caveats(folder, language)
    topics = sorted(path.name for path in (folder / "explainer").glob("*.md"))
    lacks = [name for name in topics if not (folder / "explainer" / language / name).is_file()]
    if lacks:
        yield f"explainer/{language} lacks {', '.join(lacks)}."


def _missing_caveats(folder: Path, language: str) -> Iterator[str]:
    path, own = folder / "clinics.csv", file_of(folder / f"{CAVEATS}.csv", language)
    if not path.is_file():
        return
    words = read_words(own, CAVEAT) if own.is_file() else {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        caveats = {(row.get("caveat") or "").strip() for row in csv.DictReader(file)} - {""}
    lacks = sorted(caveat for caveat in caveats if not words.get((caveat,), {}).get("words"))
    if lacks:
        rest = f" and {len(lacks) - 1} more" if len(lacks) > 1 else ""
        yield f"{own.name} lacks “{lacks[0]}”{rest}."

"""Clinics that do not exist, for tests; every name says so."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from clinics.directory import Directory, rules_of
from clinics.domain.columns import NAMES, SEPARATOR
from clinics.domain.model import Place, PlaceKind, Point
from clinics.domain.vocabulary import Vocabulary, load_vocabulary
from clinics.intake.check import Rules
from clinics.intake.column_names import Matched, Matching
from clinics.search.dataset import Dataset, Version
from clinics.search.query import BANDS, CHOICES, COLUMN_OF, Query
from tests.folders import DATA

Cells = Mapping[str, str]
TODAY = dt.date(2026, 11, 22)
CENTER = Place("Made-up Town, MD", Point(39.0, -77.0), PlaceKind.TOWN, "Made-up Town, MD")


@cache
def words() -> Vocabulary:
    """Return the words of the directory that tests read."""
    return load_vocabulary(DATA)


def made_up_clinic(number: int = 7, **cells: str) -> dict[str, str]:
    """Return the canonical cells of a clinic that does not exist; every cell can be given."""
    return {
        **dict.fromkeys(NAMES, ""),
        "id": f"made-up-clinic-{number}",
        "category": "ketamine",
        "name": f"Made-up Clinic {number}",
        "city": "Made-up Town",
        "state": "MD",
        "latitude": "39",
        "longitude": "-77",
        "location_precision": "street",
        "source": "Made up for a test",
        "source_url": "https://made-up.example/about",
        **cells,
    }


def dataset_of(clinics: Iterable[Cells]) -> Dataset:
    """Return a dataset of these clinics, in this order."""
    table = pd.DataFrame(list(clinics), columns=list(NAMES), dtype="str")
    return Dataset(table, words(), Version("made-up", dt.date(2026, 11, 1), len(table)))


def made_up_csv(rows: Sequence[Cells], columns: Sequence[str] = NAMES) -> bytes:
    """Return a clinic file with these rows."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def matched_of(folder: Path) -> Matched:
    """Return what is said of the columns of a file in a folder of golden files."""
    said = folder / "columns.json"
    columns = json.loads(said.read_text()) if said.exists() else {}
    return lambda _: Matching(tuple(columns.items())) if columns else None


def made_up_rules(directory: Directory, **changes: Any) -> Rules:
    """Return what an upload is checked against on the day of every test."""
    return replace(rules_of(directory, DATA, TODAY), **changes)


def ids(column: str) -> list[str]:
    """Return the ids of a column in the order people see them."""
    return [option.id for option in words().options(column)]


def _cell(column: str, most: int) -> st.SearchStrategy[str]:
    """Draw a cell with some of the first ids, few enough that clinics often share them."""
    return st.lists(st.sampled_from(ids(column)[:most]), unique=True, max_size=3).map(
        SEPARATOR.join
    )


@st.composite
def made_up_clinics(draw: st.DrawFn, most: int = 12) -> list[dict[str, str]]:
    """Draw clinics near the made-up town, several of them at one point or of one name."""
    return [
        made_up_clinic(
            number,
            name=f"Made-up Clinic {draw(st.integers(1, 5))}",
            city=draw(st.sampled_from(["Made-up Town", "Made-up City"])),
            category=draw(st.sampled_from(ids("category"))),
            conditions=draw(_cell("conditions", 4)),
            treatments=draw(_cell("treatments", 3)),
            payment=draw(_cell("payment", 3)),
            languages=draw(_cell("languages", 2)),
            setting=draw(_cell("setting", 2)),
            phone=draw(st.sampled_from(["", "(301) 555-0123"])),
            status=draw(st.sampled_from(["", "", "open", "moved", "closed"])),
            latitude=draw(st.sampled_from(["39", "39.05", "39.2", "39.61", "40.5"])),
            longitude=draw(st.sampled_from(["-77", "-77.09", "-76.7", "-75"])),
            location_precision=draw(st.sampled_from(["street", "street", "zip", "town"])),
            last_checked=draw(st.sampled_from(["", "2026-05-01", "2026-11-01"])),
            source_date=draw(st.sampled_from(["", "2024", "2024-07", "2024-07-03"])),
        )
        for number in range(draw(st.integers(0, most)))
    ]


def _some(column: str, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(ids(column)[:most]), unique=True, max_size=2).map(tuple)


def queries(most: int = 4) -> st.SearchStrategy[Query]:
    """Draw searches for any of the first `most` ids of each filter."""
    return st.builds(
        Query,
        near=st.just("Made-up Town, MD"),
        within=st.sampled_from(BANDS),
        condition=_some("conditions", most),
        match=st.sampled_from(CHOICES["match"]),
        unstated=st.sampled_from(CHOICES["unstated"]),
        sort=st.sampled_from(CHOICES["sort"]),
        setting=st.sampled_from(["", *ids("setting")]),
        phone=st.sampled_from(["any", "any", "yes"]),
        q=st.sampled_from(["", "", "made-up city", "CLINIC 1", "nowhere"]),
        **{
            parameter: _some(COLUMN_OF[parameter], most)
            for parameter in ("category", "treatment", "payment", "language")
        },
    )

"""The page on the data says what the files are: their columns, and how much there is of each."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from clinics.settings import ROOT
from scripts import build_docs
from tests.folders import SHOWN
from tests.unit.test_docs import read, table


def test_the_data_dictionary_names_every_file_of_the_data_folder() -> None:
    words = read(SHOWN / "README.md")
    files = [path for path in SHOWN.rglob("*") if path.is_file() and path.suffix != ".md"]
    assert files
    assert [path.name for path in files if f"{path.name}`" not in words] == []


@pytest.mark.parametrize("path", sorted(SHOWN.glob("*.csv")), ids=lambda path: path.name)
def test_the_data_dictionary_names_every_column_of_every_table(path: Path) -> None:
    words = read(SHOWN / "README.md")
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert [name for name in header if f"`{name}`" not in words] == []


def test_the_data_dictionary_counts_the_sources_as_they_are() -> None:
    words = read(SHOWN / "README.md")
    with (SHOWN / "sources" / "ketamine_listings.csv").open(encoding="utf-8", newline="") as file:
        practices = list(csv.DictReader(file))
    with (SHOWN / "sources" / "samhsa_2024_md_dc.csv").open(encoding="utf-8", newline="") as file:
        federal = list(csv.DictReader(file))
    used = sum(row["use"] == "yes" for row in practices)
    withheld = sum(row["street1"].strip() == "- - -" for row in federal)
    placed = sum(bool(row["latitude"]) for row in federal)
    assert f"({len(practices)} practices, with `use`" in words
    assert f"| {used + 1} practices and 4 places for magnetic stimulation" in words
    assert len(table(SHOWN / "README.md", "practice")) == len(practices) - used
    assert f"{withheld} of the {len(federal)} federal facilities" in words
    assert f"{len(federal) - withheld} facilities in Maryland and Washington, DC" in words
    assert f"coordinates of {placed} facilities" in words


def test_its_generated_tables_are_as_the_data_has_them() -> None:
    page = SHOWN / "README.md"
    assert build_docs.renewed(read(page)) == read(page), "run `python -m scripts.build_docs`"


def test_every_file_of_the_data_that_a_page_names_is_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    named = {name for path in pages for name in re.findall(r"`data/([\w./-]+)`", read(path))}
    assert [name for name in sorted(named) if not (SHOWN / name).exists()] == []

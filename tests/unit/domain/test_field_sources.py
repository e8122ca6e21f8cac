"""Who says a single field, and when: how the cell is read, written, and kept true."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from clinics.domain import field_sources
from clinics.domain.columns import BY_NAME, CellProblem
from clinics.domain.data_files import DataFileError
from clinics.domain.field_sources import Said, label_of, read, with_said, without_stale, written
from clinics.domain.vocabulary import _fact_sources
from clinics.publishing.proposals import FIELDS
from clinics.settings import ROOT
from tests.folders import DATA
from tests.made_up import made_up_clinic, words

CELL = (
    "phone=site@2026-11-20;address=npi@2026-08-05;latitude=census@2026-11-28;"
    "hours=keeper@2026-11-25"
)
DAY = dt.date(2026, 11, 28)


def test_a_cell_is_read_and_written_in_the_order_of_the_columns() -> None:
    assert read(CELL)["address"] == Said("npi", dt.date(2026, 8, 5))
    assert list(read(written(read(CELL)))) == ["address", "phone", "hours", "latitude"]
    assert with_said("", ["zip"], "npi", DAY) == "zip=npi@2026-11-28"
    assert with_said(CELL, [], "npi", DAY) == CELL


def test_a_filled_cell_is_written_one_way() -> None:
    column = BY_NAME["field_sources"]
    assert column.parse(" phone = site @ 2026-11-20 ; ", words()) == "phone=site@2026-11-20"
    assert column.parse(CELL, words()) == CELL


@pytest.mark.parametrize(
    "cell",
    [
        "site", "phone=site", "phone=site@20 Nov 2026", "phone=site@2026-13-01", ";",
        "phone=site@2026-11-20;phone=npi@2026-11-20", "phone=<b>@2026-11-20",
        "phone=site@2026-11-20," * 3, ";".join(["phone=site@2026-11-20"] * 200),
    ],
)  # fmt: skip
def test_what_says_no_source_and_day_is_a_problem(cell: str) -> None:
    with pytest.raises(CellProblem) as caught:
        BY_NAME["field_sources"].parse(cell, words())
    assert caught.value.code == "field_sources_malformed"


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({}, ["phone", "address", "latitude", "hours"]),
        ({"notes": "Another"}, ["phone", "address", "latitude", "hours"]),
        ({"phone": "(301) 555-0199"}, ["address", "latitude", "hours"]),
        ({"zip": "20901"}, ["phone", "latitude", "hours"]),
        ({"longitude": "-77.5"}, ["phone", "address", "hours"]),
        ({"phone": "", "hours": "Sat"}, ["address", "latitude"]),
    ],
)
def test_an_entry_goes_when_another_road_changes_its_field(
    changes: dict[str, str], left: list[str]
) -> None:
    before = made_up_clinic(1, phone="(301) 555-0101", field_sources=CELL)
    after = {**before, **changes}
    assert sorted(read(without_stale(before, after))) == sorted(left)


def test_an_entry_that_comes_with_the_new_cell_stays() -> None:
    before = made_up_clinic(1, phone="(301) 555-0101", field_sources=CELL)
    new = CELL.replace("site@2026-11-20", "npi@2026-11-21")
    after = {**before, "phone": "(301) 555-0199", "field_sources": new}
    assert without_stale(before, after) == new


def test_every_source_has_words_and_an_order_of_trust() -> None:
    known = words().fact_sources
    assert known["site"].label == "the clinic's own page"
    trust = sorted(known, key=lambda id: -known[id].weight)
    order = [id for id in trust if id in ("keeper", "site", "findtreatment", "npi", "cms-g2083")]
    assert order == ["keeper", "site", "findtreatment", "npi", "cms-g2083"]
    assert "verified" not in " ".join(one.label for one in known.values())
    page = "https://npiregistry.cms.hhs.gov/provider-view/1234567893"
    assert known["npi"].page("1234567893") == page
    assert known["npi"].page("") == ""


def test_a_new_site_begins_with_the_same_sources() -> None:
    new = Path("clinics/cli/new_site_files/sources.csv")
    assert (ROOT / new).read_bytes() == (DATA / "sources.csv").read_bytes()


@pytest.mark.parametrize(
    "row", ["site,Its page,,,,much", "site,Its page,https://x.example/{id},,,1"]
)
def test_a_broken_table_of_sources_is_said_with_its_row(tmp_path: Path, row: str) -> None:
    path = tmp_path / "sources.csv"
    path.write_text(f"id,label,url,license,attribution,weight\n{row}\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"sources\.csv, row 2: “(weight|url)”"):
        _fact_sources(path)


def test_every_field_has_words_of_its_own_and_notes_are_none() -> None:
    labels = list(filter(None, map(label_of, field_sources.FIELDS)))
    assert len(labels) == len(field_sources.FIELDS)
    assert len(set(labels)) == len(labels)
    assert {"Position", "Telephone", "Street address", "Name"} < set(labels)
    none = {"city", "longitude", "source", "last_checked", "id", "notes", "caveat"}
    assert not none & set(field_sources.FIELDS)
    assert set(FIELDS) <= set(field_sources.FIELDS), "what a source may propose"

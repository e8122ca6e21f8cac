"""Rows of FindTreatment.gov, read by the reader of the federal directory."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from clinics.domain.sources import Record
from clinics.domain.vocabulary import load_vocabulary
from clinics.intake.locator import Reader, load_reader
from tests.folders import DATA
from tests.hostile_texts import ATTRIBUTES, HTML

FOLDER = Path(__file__).parent / "findtreatment"
TODAY = dt.date(2026, 11, 28)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(DATA, load_vocabulary(DATA))


def rows(page: int = 1) -> list[dict[str, Any]]:
    text = (FOLDER / f"findtreatment_page{page}.json").read_text(encoding="utf-8")
    return list(json.loads(text)["rows"])


def read(reader: Reader, *given: dict[str, Any]) -> list[Record]:
    return reader.read(given, TODAY)[0]


def test_a_row_becomes_cells_as_the_directory_writes_them(reader: Reader) -> None:
    first = read(reader, *rows())[0]
    assert first.id == "example-county-lighthouse|18-made-up-street|20850"
    cells = first.cells
    assert cells["name"] == "Example County Lighthouse, Safe Harbor"
    assert (cells["phone"], cells["main_phone"]) == ("(301) 555-0142", "(301) 555-0141")
    assert cells["website"] == "http://www.example.org"
    assert {"medicaid", "medicare", "self-pay"} <= set(cells["payment"].split(";"))
    assert (cells["latitude"], cells["location_precision"]) == ("39.084", "street")
    assert "New patients call (301) 555-0142; the main line is (301) 555-0141." in first.evidence


def test_who_says_ketamine_by_its_code_is_worth_a_listing(reader: Reader) -> None:
    first, _, third = read(reader, *rows())
    assert first.as_new["category"] == "ketamine"
    assert "iv-ketamine" in first.as_new["treatments"]
    assert not third.as_new


def test_a_withheld_address_is_there_and_publishes_nothing(reader: Reader) -> None:
    second = read(reader, *rows())[1]
    assert second.withheld
    assert set(second.cells) == {"name", "city", "state", "zip", "phone"}


def test_odd_websites_and_placeholders_are_none(reader: Reader) -> None:
    third = read(reader, *rows())[2]
    assert third.cells["website"] == "http://www.example.net"
    odd = {**rows()[0], "website": "http://", "phone": "(999) 999-9999", "intake1": None}
    cells = read(reader, odd)[0].cells
    assert (cells["website"], cells["phone"]) == ("", "")


def test_without_services_nothing_is_said_of_what_it_offers(reader: Reader) -> None:
    cells = read(reader, {**rows()[0], "services": None})[0].cells
    assert not {"conditions", "treatments", "payment", "ages"} & set(cells)
    assert cells["phone"]


def test_words_that_are_unknown_are_said_and_drop_no_row(reader: Reader) -> None:
    records, remark = reader.read(rows(), TODAY)
    assert len(records) == 3
    assert records[0].adds_only
    assert not records[2].adds_only
    assert remark.startswith("1 word of the list is unknown to us")
    assert "“A label nobody knows yet”" in remark


def test_words_are_read_whatever_their_case_and_signs(reader: Reader) -> None:
    services = [{"f2": "SG", "f3": "clients with  Alzheimer’s or dementia; VETERANS"}]
    _, remark = reader.read([{**rows()[0], "services": services}], TODAY)
    assert remark == ""


def test_the_same_words_mean_another_thing_in_another_group(reader: Reader) -> None:
    young = {"f2": "AGE", "f3": "Young adults"}
    cells = read(reader, {**rows()[0], "services": [young]})[0].cells
    assert cells["ages"] == "young-adults"


@pytest.mark.parametrize("text", [*HTML, *ATTRIBUTES])
def test_hostile_text_in_any_field_ends_in_plain_cells(reader: Reader, text: str) -> None:
    row = {name: text if name != "state" else "MD" for name in rows()[0]}
    for services in (text, [text], [{"f2": text, "f3": text}], [{}], {}):
        (record,) = read(reader, {**row, "services": services})
        assert record.cells["phone"] == ""
        assert record.cells["latitude"] == ""
        assert len(record.evidence) <= 300


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}, ["a"], "x" * 10_000])
def test_a_value_of_any_kind_is_read(reader: Reader, value: object) -> None:
    (record,) = read(reader, dict.fromkeys(rows()[0], value))
    assert all(len(cell) <= 700 for cell in record.cells.values())

"""Every change as a row with its source, and how complete versions are over time."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from clinics.directory import Directory
from clinics.domain.sources import Proposed
from clinics.publishing.change_log import COUNTED, HEADER, completeness_over_time
from tests.unit.publishing.test_publisher import ANNA, Desk, clinic, ten

ID = "made-up-clinic-3"


@pytest.fixture
def desk(directory: Directory) -> Desk:
    made = Desk(directory)
    made.publish(ten())
    return made


def rows(desk: Desk) -> list[dict[str, str]]:
    """The changes after version 1, which replaces all that came with the service."""
    text = desk.publisher.changes().decode("utf-8-sig")
    found = [*csv.DictReader(io.StringIO(text, newline=""))]
    return [row for row in found if not row["id"].startswith("1-")]


def edit(desk: Desk, **cells: str) -> None:
    data = desk.publisher.edited({ID: cells}, by_keeper="field_sources" not in cells)
    upload = desk.publisher.stage(data, "edit.csv")
    found = desk.publisher.candidate(upload.sha256, based_on=desk.store.live_number())
    desk.publisher.publish(found, ANNA, acknowledged=True, typed=found.review.number_to_type)


def test_the_columns_are_those_of_the_human_services_data_specification(desk: Desk) -> None:
    assert ",".join(HEADER) == (
        "id,clinic_id,field,previous_value,replacement_value,source,source_url,source_date,"
        "decided_by,decided_at"
    )
    assert rows(desk) == []


def test_a_change_says_who_says_it_where_and_when_and_names_no_keeper(desk: Desk) -> None:
    body = (
        '{"cells": {}, "now": "", "value": "", "url": "https://clinic.example/contact", '
        '"date": "2026-11-20", "record": "r"}'
    )
    desk.store.propose(
        [Proposed("k", "site", ID, "phone", body), Proposed("x", "npi", ID, "hours", "?")]
    )
    edit(desk, phone="(301) 555-0199", field_sources="phone=site@2026-11-20")
    (row,) = rows(desk)
    assert row == {
        "id": f"2-{ID}-phone", "clinic_id": ID, "field": "phone",
        "previous_value": "(301) 555-0103", "replacement_value": "(301) 555-0199",
        "source": "site", "source_url": "https://clinic.example/contact",
        "source_date": "2026-11-20", "decided_by": "keeper",
        "decided_at": "2026-11-22T12:00:00+00:00",
    }  # fmt: skip
    assert b"Anna" not in desk.publisher.changes()


def test_visitors_are_not_told_what_was_taken_out(desk: Desk) -> None:
    """A number that a clinic wants to have gone must not stay public in the list of changes."""
    edit(desk, phone="(301) 555-0199", hours="Mon-Fri")
    edit(desk, phone="")
    text = desk.publisher.public_changes().decode()
    found = [*csv.DictReader(io.StringIO(text, newline=""))]
    told = {
        row["id"]: (row["previous_value"], row["replacement_value"])
        for row in found
        if row["clinic_id"] == ID and not row["id"].startswith("1-")
    }
    assert told[f"2-{ID}-hours"][1] == "Mon-Fri"
    assert told[f"2-{ID}-phone"] == told[f"3-{ID}-phone"] == ("", "")
    assert "0199" not in text
    assert "0199" in desk.publisher.changes().decode("utf-8-sig")
    assert "Anna" not in text


def test_a_registry_has_its_page_a_keeper_none_and_a_note_that_of_the_listing(desk: Desk) -> None:
    edit(desk, npi="1234567893", field_sources="npi=npi@2026-08-05")
    edit(desk, hours="Mon-Fri", notes="Ring twice")
    said = {
        row["field"]: (row["source"], row["source_url"], row["source_date"]) for row in rows(desk)
    }
    assert said == {
        "npi": ("npi", "https://npiregistry.cms.hhs.gov/provider-view/1234567893", "2026-08-05"),
        "hours": ("keeper", "", "2026-11-22"),
        "notes": ("Made up for a test", "https://made-up.example/about", ""),
    }


def test_listings_that_come_and_go_are_changes_too(desk: Desk) -> None:
    desk.publish([*ten()[1:], clinic(11)])
    found = [(r["clinic_id"], r["field"], r["previous_value"], r["replacement_value"], r["source"])
             for r in rows(desk)]  # fmt: skip
    assert found == [
        ("made-up-clinic-11", "id", "", "made-up-clinic-11", "Made up for a test"),
        ("made-up-clinic-1", "id", "made-up-clinic-1", "", "keeper"),
    ]


def test_no_cell_of_it_is_run_by_a_spreadsheet(desk: Desk) -> None:
    edit(desk, notes="=HYPERLINK(1)")
    (row,) = rows(desk)
    assert row["replacement_value"] == "'=HYPERLINK(1)"


def test_a_version_that_is_damaged_is_passed_over(desk: Desk) -> None:
    edit(desk, notes="Ring twice")
    edit(desk, notes="Ring once")
    whole = desk.publisher.table_or_none
    found = completeness_over_time(desk.store, lambda n: None if n == 2 else whole(n), 9)
    assert [one.number for one in found] == [3, 1, 0]


def test_how_complete_versions_are_the_newest_first(desk: Desk) -> None:
    edit(desk, phone="", last_checked="2026-11-20")
    desk.publish([*ten(source_date="2024-07")[:9], clinic(10, status="closed")])
    newest, edited = desk.publisher.completeness(2)
    assert (newest.number, newest.listings, edited.listings) == (3, 9, 10)
    assert [newest.counts[words] for words in COUNTED] == [9, 9, 9, 9, 0]
    assert [edited.counts[words] for words in COUNTED] == [9, 10, 10, 0, 1]
    assert newest.published == dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)

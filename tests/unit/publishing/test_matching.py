"""What a keeper says of columns is kept for files with the same header, and for the file itself."""

from __future__ import annotations

import datetime as dt

import pytest

from clinics.directory import Directory
from clinics.intake.column_names import Matching
from clinics.publishing.candidate import NoSuchUpload, NotPublishable
from clinics.publishing.plans import A_FILE, Plan, as_text, from_text, matching_text
from clinics.publishing.publisher import layout_of
from tests.unit.publishing.test_publisher import ANNA, STRANGER, Desk

HEADER = ("Who", "city", "state", "source", "Call us")
LINE = "Made-up Clinic,Takoma Park,MD,made up,301-555-0101\n"
FILE = f"{','.join(HEADER)}\n{LINE}".encode()
COLUMNS = {"who": "name", "call_us": "phone"}


@pytest.fixture
def desk(directory: Directory) -> Desk:
    return Desk(directory)


def keep(desk: Desk, columns: dict[str, str]) -> None:
    """Put what another keeper said into the store."""
    desk.store.remember(layout_of(HEADER), matching_text(Matching(tuple(columns.items()))))


def phones(desk: Desk, data: bytes, **options: object) -> list[str]:
    return desk.candidate(data, **options).checked.table["phone"].tolist()


def test_what_is_said_of_one_file_holds_for_the_next_of_the_same_columns(desk: Desk) -> None:
    assert phones(desk, FILE) == []
    upload = desk.publisher.stage(FILE, "first.csv")
    said = desk.publisher.match(upload.sha256, HEADER, COLUMNS, ANNA)
    assert said == Matching((("call_us", "phone"), ("who", "name")), dt.date(2026, 11, 22))
    assert phones(desk, FILE) == ["(301) 555-0101"]
    turned = b"Call_Us,WHO,city,state,source\n301-555-0102,Made-up Clinic,Takoma Park,MD,made up\n"
    assert phones(desk, turned) == ["(301) 555-0102"]
    assert phones(desk, FILE.replace(b"Call us", b"Ring us")) == []


def test_the_day_is_that_of_the_clinics(desk: Desk) -> None:
    desk.moment = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
    upload = desk.publisher.stage(FILE, "first.csv")
    said = desk.publisher.match(upload.sha256, HEADER, COLUMNS, ANNA)
    assert said.day == dt.date(2026, 11, 22)


def test_what_is_given_by_hand_comes_first_and_is_not_kept(desk: Desk) -> None:
    keep(desk, COLUMNS)
    given = Matching((("who", "name"), ("call_us", "")))
    assert phones(desk, FILE, matching=given) == [""]
    assert phones(desk, FILE) == ["(301) 555-0101"]


def test_a_file_keeps_what_was_said_of_it_when_another_is_said_of_the_next(desk: Desk) -> None:
    upload = desk.publisher.stage(FILE, "first.csv", Plan(settles=(3,)))
    desk.publisher.match(upload.sha256, HEADER, COLUMNS, ANNA)
    keep(desk, COLUMNS | {"call_us": ""})
    found = desk.publisher.candidate(upload.sha256)
    assert found.checked.table["phone"].tolist() == ["(301) 555-0101"]
    other = LINE.replace("Clinic", "Other").encode()
    assert phones(desk, FILE + other) == ["", ""]
    kept = desk.store.upload(upload.sha256)
    assert kept is not None
    assert from_text(kept.plan).settles == (3,), "the rest of its plan stays"


def test_only_a_keeper_who_is_signed_in_says_it_of_a_file_that_is_there(desk: Desk) -> None:
    upload = desk.publisher.stage(FILE, "first.csv")
    with pytest.raises(NotPublishable):
        desk.publisher.match(upload.sha256, HEADER, COLUMNS, STRANGER)
    with pytest.raises(NoSuchUpload):
        desk.publisher.match("0" * 64, HEADER, COLUMNS, ANNA)
    assert desk.publisher.remembered(HEADER) is None


@pytest.mark.parametrize("text", ["", "null", "{", "[1]", '{"columns": 1, "day": null}'])
def test_what_is_damaged_in_the_store_is_asked_again(desk: Desk, text: str) -> None:
    desk.store.remember(layout_of(HEADER), text)
    assert desk.publisher.remembered(HEADER) is None
    assert phones(desk, FILE) == []


def test_of_a_column_that_we_do_not_have_any_more_nothing_is_said() -> None:
    assert Matching((("call_us", "gone"), ("fax", ""), ("who", "name"))).said == {
        "fax": "", "who": "name",
    }  # fmt: skip


@pytest.mark.parametrize(
    "matching",
    [None, Matching((("téléfax", ""), ("a\0\ud800", "notes")), dt.date(2026, 3, 14)), Matching()],
)
def test_a_plan_comes_back_from_its_text(matching: Matching | None) -> None:
    plan = Plan(matching=matching)
    assert from_text(as_text(plan)) == plan


@pytest.mark.parametrize(
    "text",
    ['{"matching": 1}', '{"kind": "publish", "based_on": null, "settles": [], "by_keeper": true, '
     '"matching": {"columns": [1], "day": 3}}'],
)  # fmt: skip
def test_a_plan_that_cannot_be_read_is_that_of_a_file(text: str) -> None:
    assert from_text(text) == A_FILE

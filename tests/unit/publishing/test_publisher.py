"""Stage, check, review, publish, restore: what becomes a version, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinics.adapters.memory import MemoryStore
from clinics.directory import Directory, rules_of
from clinics.domain.columns import NAMES
from clinics.domain.ports import (
    Change,
    CorrectionStatus,
    LiveMoved,
    NewCorrection,
    StoreUnavailable,
)
from clinics.intake.notices import Severity
from clinics.intake.rules import Limits, Rules
from clinics.publishing import snapshot
from clinics.publishing.access import Keeper
from clinics.publishing.candidate import SAME, Candidate, NoSuchUpload, NotPublishable
from clinics.publishing.live import LiveDirectory
from clinics.publishing.merge import ADD, ASK, REPLACE
from clinics.publishing.plans import Plan
from clinics.publishing.publisher import Publisher
from clinics.publishing.three_way import Choices
from tests.conftest import TODAY
from tests.folders import DATA
from tests.made_up import Cells, made_up_clinic, made_up_clinics, made_up_csv

ANNA = Keeper("Anna", "token", "pass of Anna")
STRANGER = Keeper("Stranger", "token", "no pass")
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


class Desk:
    """A publisher over a store in memory, with a clock that tests move."""

    def __init__(self, directory: Directory, store: MemoryStore | None = None) -> None:
        self.moment = NOON
        self.store = store or MemoryStore(now=lambda: self.moment)
        self.bundled = directory
        self.live = LiveDirectory(directory, self.store, look_every=0)
        limits = Limits(max_bytes=100_000)
        self.rules: Rules = rules_of(directory, DATA, TODAY, limits)
        self.publisher = Publisher(
            self.store,
            self.live.current,
            directory,
            lambda: self.rules,
            lambda keeper: keeper == ANNA,
            now=lambda: self.moment,
        )

    def candidate(self, data: bytes, **options: object) -> Candidate:
        upload = self.publisher.stage(data, "clinics.csv")
        return self.publisher.candidate(upload.sha256, **options)  # type: ignore[arg-type]

    def publish(self, clinics: Sequence[Cells], **options: object) -> int:
        """Publish a whole directory, whatever is asked."""
        found = self.candidate(made_up_csv(clinics))
        answers: dict[str, object] = {
            "typed": found.review.number_to_type,
            "acknowledged": True,
            "allowed": found.review.to_allow,
            **options,
        }
        return self.publisher.publish(found, ANNA, "", **answers)  # type: ignore[arg-type]

    def refusal(self, found: Candidate, keeper: Keeper = ANNA, **answers: object) -> str:
        """Return why a candidate is not published, having seen that nothing was changed."""
        before = self.store.versions()
        with pytest.raises(NotPublishable) as caught:
            self.publisher.publish(found, keeper, **answers)  # type: ignore[arg-type]
        assert self.store.versions() == before
        return str(caught.value)


@pytest.fixture
def desk(directory: Directory) -> Desk:
    return Desk(directory)


def clinic(number: int, **cells: str) -> dict[str, str]:
    """A clinic in which nothing is found, on whatever day."""
    return made_up_clinic(
        number,
        **{
            "name": f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number % 26] * 5} Clinic",
            "address": f"{number} Made-up Street",
            "city": "Takoma Park",
            "zip": "20912",
            "phone": f"(301) 555-01{number:02d}",
            "latitude": "38.98",
            "longitude": "-77.01",
            **cells,
        },
    )


def ten(**cells: str) -> list[dict[str, str]]:
    return [clinic(number, **cells) for number in range(1, 11)]


# Brakes


def test_each_column_that_stops_a_file_is_allowed_by_its_name(desk: Desk) -> None:
    desk.publish(ten())
    names = [f"{letter * 5} Other" for letter in "KLMNOPQRST"]
    rows = [{**c, "name": name, "hours": "9-5"} for c, name in zip(ten(), names, strict=True)]
    found = desk.candidate(made_up_csv(rows))
    assert found.review.to_allow == ("name", "hours")
    said = "Column “name”: of 10 cells, 10 would change."
    assert desk.refusal(found).startswith(said)
    assert desk.refusal(found).endswith("If that is right, allow the column “name”.")
    assert desk.refusal(found, allowed=["name"]).startswith("Column “hours”: of 10 cells, 10")
    assert desk.publisher.publish(found, ANNA, allowed=["name", "hours"]) == 2


# Staging


def test_a_staged_file_is_kept_byte_for_byte_under_its_hash(desk: Desk) -> None:
    upload = desk.publisher.stage(b"name\r\nx", "list.csv")
    assert desk.publisher.bytes_of(upload.sha256) == b"name\r\nx"
    assert (upload.filename, upload.size) == ("list.csv", 7)


def test_what_nobody_publishes_does_not_fill_the_store(desk: Desk) -> None:
    for number in range(20):
        data = bytes([number]) * 100_000
        desk.publisher.stage(data, "flood.csv", Plan(by_keeper=False))
    with pytest.raises(NotPublishable, match="Many files were checked here lately"):
        desk.publisher.stage(b"x", "one more.csv", Plan(by_keeper=False))
    assert desk.publisher.stage(b"x", "one more.csv").size == 1
    desk.moment += dt.timedelta(days=15)
    assert desk.publisher.stage(b"y", "later.csv", Plan(by_keeper=False)).size == 1


@pytest.mark.parametrize(
    ("filename", "kept"),
    [
        ("/home/anna/list.csv", "list.csv"),
        ("C:\\Users\\Anna\\list.csv", "list.csv"),
        ("", "file.csv"),
        ("li\x00st\x1b.csv", "list.csv"),
        ("a" * 300 + ".csv", "a" * 96 + ".csv"),
    ],
)
def test_of_a_file_name_only_what_is_needed_is_kept(desk: Desk, filename: str, kept: str) -> None:
    assert desk.publisher.stage(b"x", filename).filename == kept


def test_a_file_over_the_limit_is_not_kept(desk: Desk) -> None:
    with pytest.raises(NotPublishable) as caught:
        desk.publisher.stage(b"x" * 250_000, "large.csv")
    assert str(caught.value) == (
        "The file has 0.3 MB; at most 0.1 MB can be taken. Split it by state, and add the parts "
        "one after the other."
    )


def test_an_upload_of_long_ago_that_was_never_published_is_forgotten(desk: Desk) -> None:
    old = desk.publisher.stage(made_up_csv(ten()), "old.csv")
    published = desk.publish(ten()[:9])
    assert published == 1
    desk.moment += dt.timedelta(days=15)
    desk.publisher.stage(b"new", "new.csv")
    with pytest.raises(NoSuchUpload) as caught:
        desk.publisher.candidate(old.sha256)
    assert str(caught.value) == (
        "This file is not kept any more: uploads that are not published go after 14 days. "
        "Upload it again."
    )
    record = desk.store.version(1)
    assert record
    assert desk.publisher.bytes_of(record.upload_sha256) == made_up_csv(ten()[:9])


def test_a_keeper_forgets_a_waiting_file_and_nobody_one_of_a_version(desk: Desk) -> None:
    assert desk.publish(ten()[:9]) == 1
    record = desk.store.version(1)
    assert record
    waiting = desk.publisher.stage(b"name", "waiting.csv")
    with pytest.raises(NotPublishable, match="not signed in"):
        desk.publisher.forget(waiting.sha256, Keeper("Eve", "token", "made up"))
    assert desk.publisher.forget(waiting.sha256, ANNA).filename == "waiting.csv"
    with pytest.raises(NoSuchUpload):
        desk.publisher.forget(waiting.sha256, ANNA)
    with pytest.raises(NotPublishable, match="so it is kept"):
        desk.publisher.forget(record.upload_sha256, ANNA)


def test_of_the_same_bytes_the_last_plan_of_a_keeper_counts(desk: Desk) -> None:
    anybody, add = Plan(by_keeper=False), Plan(mode="add")
    first = desk.publisher.stage(b"name", "list.csv", anybody)
    assert desk.publisher.drafts() == ()
    assert desk.publisher.stage(b"name", "mine.csv", add).sha256 == first.sha256
    assert [(one.filename, plan) for one, plan in desk.publisher.drafts()] == [("mine.csv", add)]
    desk.publisher.stage(b"name", "list.csv", anybody)
    assert [plan for _, plan in desk.publisher.drafts()] == [add]


# What a candidate is


def test_a_candidate_is_the_whole_directory_as_it_would_be(desk: Desk) -> None:
    found = desk.candidate(made_up_csv(ten()), mode=ADD)
    assert (found.live, found.publishable, found.refusal) == (0, True, "")
    assert len(found.table) == len(desk.bundled.dataset) + 10
    assert len(found.review.added) == 10
    assert (found.review.gone, found.review.changed) == ((), ())


def test_the_same_file_against_the_same_version_is_the_same_candidate(desk: Desk) -> None:
    one, two = desk.candidate(made_up_csv(ten())), desk.candidate(made_up_csv(ten()))
    assert one.table.equals(two.table)
    assert (one.review, one.report, one.refusal) == (two.review, two.report, two.refusal)


def test_the_bundled_file_itself_is_the_same_as_what_is_live(desk: Desk) -> None:
    desk.rules = rules_of(desk.bundled, DATA, TODAY, Limits())
    found = desk.candidate((DATA / "clinics.csv").read_bytes())
    assert found.review.unchanged == len(desk.bundled.dataset)
    assert found.is_same_as_live
    assert desk.refusal(found, acknowledged=True) == SAME


def test_many_that_disappear_are_a_warning_in_the_report(desk: Desk) -> None:
    desk.publish(ten())
    one_gone, two_gone = (desk.candidate(made_up_csv(ten()[n:])) for n in (1, 2))
    assert "clinics_disappear" not in one_gone.report.totals
    assert not one_gone.has_warnings
    assert two_gone.report.totals["clinics_disappear"] == 1
    assert two_gone.warnings == 1
    assert two_gone.report.notices[-1].message == (
        "2 listings that are live now would disappear: 20% of all."
    )


@pytest.mark.parametrize("mode", ["add", "replace"])
def test_a_new_row_that_may_be_a_live_listing_is_a_warning_that_names_it(
    desk: Desk, mode: str
) -> None:
    desk.publish(ten())
    twin = clinic(3, id="another-id")
    kept = ten() if mode == "add" else [c for c in ten() if c["id"] != "made-up-clinic-3"]
    found = desk.candidate(made_up_csv([*kept[:2], twin, *kept[3:]]), mode=mode)
    (said,) = (n for n in found.report.notices if n.code == "clinic_like_live")
    assert (said.row, said.severity) == (4, Severity.WARNING)
    assert said.message == (
        "Row 4: “DDDDD Clinic” is new, and may be the same clinic as “DDDDD Clinic”, which is live "
        "under another id."
    )
    assert "write made-up-clinic-3 into the column id" in said.fix


def test_a_branch_or_another_clinic_is_no_listing_that_is_live(desk: Desk) -> None:
    desk.publish(ten())
    branch = clinic(11, name="DDDDD Clinic", phone="(301) 555-0103")
    other = clinic(12, address="3 Made-up Street")
    assert not desk.candidate(made_up_csv([branch, other]), mode="add").has_warnings


def test_twins_of_live_listings_are_counted_beyond_what_is_kept(desk: Desk) -> None:
    desk.publish(ten())
    desk.rules = rules_of(desk.bundled, DATA, TODAY, Limits(max_notices=3))
    twins = [{**cells, "id": f"other-{cells['id']}"} for cells in ten()]
    report = desk.candidate(made_up_csv(twins), mode="add").report
    assert report.totals == {"clinic_like_live": 10}
    assert len(report.notices) == 3


# Publishing


def test_the_first_publish_keeps_the_bundled_file_as_version_0(desk: Desk) -> None:
    assert desk.publish(ten()) == 1
    newest, base = desk.store.versions()
    assert (base.number, base.kind, base.clinics) == (0, Change.BUNDLED, len(desk.bundled.dataset))
    assert desk.store.table(0) == snapshot.as_csv(desk.bundled.dataset.table)
    assert (newest.number, newest.kind, newest.who, newest.clinics) == (
        1,
        Change.PUBLISH,
        "Anna",
        10,
    )
    assert (newest.added, newest.changed, newest.removed) == (10, 0, len(desk.bundled.dataset))


def test_a_version_carries_its_note_its_report_and_its_upload(desk: Desk) -> None:
    desk.publish(ten())
    data = made_up_csv([*ten(), clinic(11, source="")])
    found = desk.candidate(data)
    number = desk.publisher.publish(found, ANNA, "  New in\n town ", acknowledged=True)
    record = desk.store.version(number)
    assert record
    assert (record.note, record.added, record.changed, record.removed) == ("New in town", 1, 0, 0)
    assert desk.publisher.bytes_of(record.upload_sha256) == data
    report = json.loads(desk.store.report(number))
    assert (report["publishable"], report["rows"]) == (True, 11)
    assert report["totals"] == {"source_missing": 1}


def test_what_is_published_is_live_at_once(desk: Desk) -> None:
    desk.publish(ten())
    live = desk.live.current().dataset
    assert (live.version.id, len(live)) == ("1", 10)


def test_a_second_click_makes_no_second_version(desk: Desk) -> None:
    found = desk.candidate(made_up_csv(ten()))
    typed = found.review.number_to_type
    numbers = [
        desk.publisher.publish(found, ANNA, typed=typed, acknowledged=True) for _ in range(3)
    ]
    assert numbers == [1, 1, 1]
    assert [record.number for record in desk.store.versions()] == [1, 0]


def test_the_same_table_may_be_published_again_later(desk: Desk) -> None:
    assert [desk.publish(ten()), desk.publish(ten()[:9]), desk.publish(ten())] == [1, 2, 3]


def test_of_two_keepers_the_second_is_told_that_the_live_version_moved(desk: Desk) -> None:
    desk.publish(ten())
    mine, theirs = (desk.candidate(made_up_csv([*ten(), clinic(number)])) for number in (11, 12))
    assert desk.publisher.publish(theirs, ANNA) == 2
    with pytest.raises(LiveMoved) as caught:
        desk.publisher.publish(mine, ANNA)
    assert caught.value.live == 2
    again = desk.publisher.candidate(mine.upload.sha256)
    assert again.live == 2
    assert again.review.gone == ("made-up-clinic-12",)


def test_of_many_publishing_at_once_exactly_one_succeeds(desk: Desk) -> None:
    desk.publish(ten())
    candidates = [desk.candidate(made_up_csv([*ten(), clinic(n)])) for n in range(11, 19)]
    outcomes: list[object] = []
    together = threading.Barrier(len(candidates))

    def publish(found: Candidate) -> None:
        together.wait()
        try:
            outcomes.append(desk.publisher.publish(found, ANNA))
        except LiveMoved as moved:
            outcomes.append(type(moved))

    threads = [threading.Thread(target=publish, args=(found,)) for found in candidates]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == sorted(["2", *[str(LiveMoved)] * 7])
    assert desk.store.live_number() == 2


def test_a_publish_settles_the_corrections_that_it_accepts(desk: Desk) -> None:
    desk.publish(ten())
    id = desk.store.add_correction(NewCorrection("made-up-clinic-1", "phone", "It is 0199"))
    data = desk.publisher.edited({"made-up-clinic-1": {"phone": "(301) 555-0199"}})
    number = desk.publisher.publish(
        desk.candidate(data), ANNA, kind=Change.CORRECTION, settles=[id]
    )
    (correction,) = desk.store.corrections()
    assert (correction.status, correction.version) == (CorrectionStatus.ACCEPTED, number)


# Refusals: each leaves everything as it was


def test_who_is_not_signed_in_publishes_nothing(desk: Desk) -> None:
    sentence = "You are not signed in any more. Sign in, and try again."
    found = desk.candidate(made_up_csv(ten()), mode=ADD)
    assert desk.refusal(found, STRANGER) == sentence
    for attempt in (
        lambda: desk.publisher.restore(0, STRANGER, expected_live=0),
        lambda: desk.publisher.confirm([], STRANGER, TODAY),
    ):
        with pytest.raises(NotPublishable, match=r"You are not signed in any more\."):
            attempt()


def test_a_file_with_an_error_is_refused_whole(desk: Desk) -> None:
    found = desk.candidate(made_up_csv([*ten(), clinic(11, zip="209")]), mode=ADD)
    assert not found.publishable
    assert desk.refusal(found, acknowledged=True) == (
        "The file has 1 error, so nothing of it is published. Mend it and upload it again, or "
        "choose to publish the good rows only."
    )


def test_the_good_rows_alone_can_be_published_and_what_is_left_out_is_named(desk: Desk) -> None:
    data = made_up_csv([*ten(), clinic(11, zip="209"), clinic(12), clinic(13, state="Q")])
    found = desk.candidate(data, mode=ADD, good_rows_only=True)
    assert found.publishable
    assert (found.rows_left_out, found.review.left_out) == ((12, 14), 2)
    assert len(found.review.added) == 11
    assert desk.publisher.publish(found, ANNA, acknowledged=True) == 1
    assert len(desk.live.current().dataset) == len(desk.bundled.dataset) + 11


def test_a_listing_whose_row_is_left_out_stays_as_it_is(desk: Desk) -> None:
    desk.publish(ten())
    rows = [*ten()[:2], clinic(3, phone="555", hours="Mon-Fri"), *ten()[3:]]
    found = desk.candidate(made_up_csv(rows), good_rows_only=True)
    assert (found.review.gone, found.review.unchanged, found.review.left_out) == ((), 10, 1)
    assert found.is_same_as_live


def test_a_missing_column_cannot_be_passed_over(desk: Desk) -> None:
    columns = [name for name in made_up_clinic() if name != "city"]
    rows = [{name: row[name] for name in columns} for row in ten()]
    found = desk.candidate(made_up_csv(rows, columns), mode=ADD, good_rows_only=True)
    assert desk.refusal(found, acknowledged=True) == (
        "The column “city” is missing. It is needed. This is about the whole file, so nothing of "
        "it can be published."
    )


@pytest.mark.parametrize("data", [b"", b"\x00\xff\xfe\x00", b"name,city,state\n", b"PK\x03\x04"])
def test_a_file_that_cannot_be_read_is_refused_and_would_change_nothing(
    desk: Desk, data: bytes
) -> None:
    found = desk.candidate(data, good_rows_only=True)
    assert found.review.is_empty
    assert not found.is_same_as_live
    assert desk.refusal(found, acknowledged=True).endswith("nothing of it can be published.")


def test_when_every_row_is_bad_there_is_nothing_to_publish(desk: Desk) -> None:
    found = desk.candidate(made_up_csv(ten(zip="209")), good_rows_only=True)
    assert desk.refusal(found) == (
        "No row of the file can be used, so there is nothing to publish."
    )


def test_warnings_must_have_been_looked_at(desk: Desk) -> None:
    found = desk.candidate(made_up_csv([clinic(1, source="")]), mode=ADD)
    assert desk.refusal(found) == (
        "The file has 1 warning that nobody has looked at. Look at it, and say that you have."
    )
    assert desk.publisher.publish(found, ANNA, acknowledged=True) == 1


@pytest.mark.parametrize(
    ("typed", "has"), [(None, "nothing was typed"), (3, "3 was typed"), (0, "0 was typed")]
)
def test_a_large_change_needs_the_right_number(desk: Desk, typed: int | None, has: str) -> None:
    desk.publish(ten())
    found = desk.candidate(made_up_csv(ten()[4:]))
    assert found.publishable
    assert desk.refusal(found, typed=typed, acknowledged=True) == (
        f"Of the 10 clinics that are live now, 4 would disappear. If that is right, type 4; {has}."
    )
    assert desk.publisher.publish(found, ANNA, typed=4, acknowledged=True) == 2


def test_a_note_has_at_most_300_characters(desk: Desk) -> None:
    found = desk.candidate(made_up_csv(ten()), mode=ADD)
    assert desk.refusal(found, note="x" * 301) == (
        "The note has 301 characters; at most 300 are kept. Shorten it."
    )
    assert desk.publisher.publish(found, ANNA, "x" * 300) == 1


def test_a_store_that_is_down_publishes_nothing_and_says_so(desk: Desk) -> None:
    found = desk.candidate(made_up_csv(ten()), mode=ADD)
    desk.store.fail = True
    with pytest.raises(StoreUnavailable):
        desk.publisher.publish(found, ANNA)
    desk.store.fail = False
    assert desk.store.versions() == ()


# Restoring


def test_restoring_makes_a_new_version_with_the_old_table(desk: Desk) -> None:
    desk.publish(ten())
    desk.publish(ten()[:8])
    assert desk.publisher.restore(1, ANNA, expected_live=2, note="Two were gone") == 3
    record = desk.store.version(3)
    assert record
    assert (record.kind, record.restored_from, record.note) == (Change.RESTORE, 1, "Two were gone")
    assert (record.clinics, record.added, record.removed) == (10, 2, 0)
    assert desk.store.table(3) == desk.store.table(1)
    assert desk.store.report(3) == desk.store.report(1)


def test_version_0_can_be_restored(desk: Desk) -> None:
    desk.publish(ten())
    desk.publisher.restore(0, ANNA, expected_live=1)
    live = desk.live.current().dataset
    assert live.version.id == "2"
    assert live.table.equals(desk.bundled.dataset.table)


def test_a_restore_can_itself_be_undone(desk: Desk) -> None:
    desk.publish(ten())
    desk.publisher.restore(0, ANNA, expected_live=1)
    assert desk.publisher.restore(1, ANNA, expected_live=2) == 3
    assert desk.store.table(3) == desk.store.table(1)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (7, "There is no version 7. Choose one from the history."),
        (-1, "There is no version -1. Choose one from the history."),
        (1, "Version 1 is the same as what is live. There is nothing to restore."),
    ],
)
def test_what_cannot_be_restored(desk: Desk, number: int, sentence: str) -> None:
    desk.publish(ten())
    with pytest.raises(NotPublishable) as caught:
        desk.publisher.restore(number, ANNA, expected_live=1)
    assert str(caught.value) == sentence


def test_a_restore_is_refused_when_the_live_version_moved(desk: Desk) -> None:
    desk.publish(ten())
    desk.publish(ten()[:9])
    with pytest.raises(LiveMoved):
        desk.publisher.restore(0, ANNA, expected_live=1)
    assert desk.store.live_number() == 2


# Single listings


def test_an_edit_is_a_file_that_changes_those_cells_and_nothing_else(desk: Desk) -> None:
    desk.publish(ten())
    data = desk.publisher.edited(
        {"made-up-clinic-3": {"hours": "Mon-Fri"}},
        remove=["made-up-clinic-5"],
        add=[{"name": "Another Clinic", "city": "Takoma Park", "state": "MD", "zip": "20912"}],
    )
    review = desk.candidate(data).review
    assert review.added == ("another-clinic-20912",)
    assert review.gone == ("made-up-clinic-5",)
    (changed,) = review.changed
    (field,) = changed.fields
    assert (changed.id, field.column, field.new) == ("made-up-clinic-3", "hours", "Mon-Fri")


def test_an_edit_of_nothing_is_what_is_live(desk: Desk) -> None:
    desk.publish(ten())
    assert desk.candidate(desk.publisher.edited({})).is_same_as_live


def test_an_edit_of_the_bundled_directory_changes_one_listing(desk: Desk) -> None:
    desk.rules = rules_of(desk.bundled, DATA, TODAY, Limits())
    id = desk.bundled.dataset.table["id"][0]
    review = desk.candidate(desk.publisher.edited({id: {"notes": "Ring twice"}})).review
    assert [change.id for change in review.changed] == [id]
    assert [field.column for field in review.changed[0].fields] == ["notes"]


def test_a_new_street_without_a_position_is_placed_by_its_zip(desk: Desk) -> None:
    desk.publish(ten())
    data = desk.publisher.edited({"made-up-clinic-3": {"address": "99 Other Street"}})
    row = desk.candidate(data).table.set_index("id").loc["made-up-clinic-3"]
    assert (row["address"], row["location_precision"]) == ("99 Other Street", "zip")


@pytest.mark.parametrize(
    "cells",
    [
        {"address": "3 Made-up Street, Suite 4"},
        {"address": "9 Other Street", "latitude": "38.98", "longitude": "-77.01"},
        {"phone": "(301) 555-0188"},
    ],
)
def test_a_position_stays_with_another_suite_or_when_it_is_given(
    desk: Desk, cells: dict[str, str]
) -> None:
    desk.publish(ten())
    found = desk.candidate(desk.publisher.edited({"made-up-clinic-3": cells}))
    assert found.review.moves == ()


SAID = "phone=site@2026-11-20;address=npi@2026-08-05;latitude=census@2026-11-20"


def said_of(found: Candidate, number: int = 3) -> str:
    """Who says the single fields of a listing, if a candidate is published."""
    table = found.table.set_index("id")
    return str(table.loc[f"made-up-clinic-{number}", "field_sources"])


def test_what_a_keeper_writes_is_said_by_a_keeper_on_that_day(desk: Desk) -> None:
    desk.publish(ten(field_sources=SAID))
    id = "made-up-clinic-3"
    edit = desk.publisher.edited({id: {"phone": "301-555-0199"}}, by_keeper=True)
    today = TODAY.isoformat()
    assert said_of(desk.candidate(edit, based_on=1)) == (
        f"address=npi@2026-08-05;phone=keeper@{today};latitude=census@2026-11-20"
    )
    moved = desk.publisher.edited({id: {"address": "99 Other Street"}}, by_keeper=True)
    found = desk.candidate(moved, based_on=1)
    assert said_of(found) == f"address=keeper@{today};phone=site@2026-11-20", "no position of it"
    assert said_of(found, 4) == SAID
    told = {"phone": "(301) 555-0199", "field_sources": "phone=site@2026-11-21"}
    edit = desk.publisher.edited({id: told}, by_keeper=True)
    assert said_of(desk.candidate(edit, based_on=1)) == "phone=site@2026-11-21"
    bad = desk.publisher.edited({id: {**told, "field_sources": "the site"}}, by_keeper=True)
    assert desk.candidate(bad, based_on=1).report.totals["field_sources_malformed"] == 1


def test_what_a_program_writes_says_its_source_or_none(desk: Desk) -> None:
    desk.publish(ten(field_sources=SAID))
    edit = desk.publisher.edited({"made-up-clinic-3": {"phone": "(301) 555-0199"}})
    left = "address=npi@2026-08-05;latitude=census@2026-11-20"
    assert said_of(desk.candidate(edit, based_on=1)) == left


@pytest.mark.parametrize("columns", [NAMES, tuple(n for n in NAMES if n != "field_sources")])
def test_a_file_that_changes_a_cell_drops_who_said_it(desk: Desk, columns: Sequence[str]) -> None:
    desk.publish(ten(field_sources=SAID))
    rows = ten(field_sources=SAID)
    rows[2]["phone"] = "(301) 555-0199"
    rows[3]["notes"] = "Ring twice"
    found = desk.candidate(made_up_csv([{c: row[c] for c in columns} for row in rows], columns))
    assert said_of(found) == "address=npi@2026-08-05;latitude=census@2026-11-20"
    assert said_of(found, 4) == SAID
    new = [{**row, "field_sources": SAID.replace("2026-11-20", "2026-11-21")} for row in rows]
    assert said_of(desk.candidate(made_up_csv(new))) == new[0]["field_sources"]


def test_a_source_that_nobody_knows_is_a_finding_and_no_more(desk: Desk) -> None:
    found = desk.candidate(made_up_csv(ten(field_sources="phone=gossip@2026-11-20")), mode=ADD)
    assert found.report.totals["field_source_unknown"] == 10
    assert found.publishable
    late = desk.candidate(made_up_csv(ten(field_sources="phone=site@2027-01-01")), mode=ADD)
    assert late.report.totals["date_in_future"] == 10
    odd = desk.candidate(made_up_csv(ten(field_sources="zip=npi@2026-11-20")), mode=ADD)
    assert odd.report.totals["field_sources_malformed"] == 10


def test_an_edit_of_a_listing_that_is_gone_is_refused(desk: Desk) -> None:
    for attempt in (
        lambda: desk.publisher.edited({"nowhere": {"phone": ""}}),
        lambda: desk.publisher.edited({}, remove=["nowhere"]),
        lambda: desk.publisher.confirm(["nowhere"], ANNA, TODAY),
    ):
        with pytest.raises(NotPublishable) as caught:
            attempt()
        assert str(caught.value) == (
            "The listing “nowhere” is not in the directory any more. Look at the list again."
        )


def test_an_edit_that_would_undo_what_was_published_since_is_refused(desk: Desk) -> None:
    desk.publish(ten())
    edit = desk.publisher.edited({"made-up-clinic-3": {"hours": "Mon-Fri"}})
    desk.publish(ten(notes="Published meanwhile"))
    upload = desk.publisher.stage(edit, "edit.csv")
    found = desk.publisher.candidate(upload.sha256, based_on=1)
    assert desk.refusal(found, acknowledged=True) == (
        "Version 2 was published after you began, and this would undo it. Begin again with what "
        "is live now."
    )
    assert desk.publisher.candidate(upload.sha256, based_on=2).publishable


def test_confirming_sets_the_day_of_the_check_and_nothing_else(desk: Desk) -> None:
    desk.publish(ten())
    ids = ["made-up-clinic-2", "made-up-clinic-4"]
    assert desk.publisher.confirm(ids, ANNA, TODAY) == 2
    record = desk.store.version(2)
    assert record
    assert (record.kind, record.changed, record.added, record.removed) == (Change.EDIT, 2, 0, 0)
    assert (record.who, record.note) == ("Anna", "Checked, nothing changed: 2 listings.")
    changed = desk.publisher.difference(1, 2).changed
    assert [change.id for change in changed] == ids
    for change in changed:
        (field,) = change.fields
        assert (field.column, field.old, field.new) == ("last_checked", "", "2026-11-22")


def test_confirming_twice_on_one_day_makes_one_version(desk: Desk) -> None:
    desk.publish(ten())
    assert [desk.publisher.confirm(["made-up-clinic-2"], ANNA, TODAY) for _ in range(2)] == [2, 2]


def test_two_keepers_who_confirm_at_once_both_succeed(desk: Desk) -> None:
    desk.publish(ten())
    together = threading.Barrier(2)

    def confirm(id: str) -> None:
        together.wait()
        desk.publisher.confirm([id], ANNA, TODAY)

    threads = [threading.Thread(target=confirm, args=(f"made-up-clinic-{n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [change.id for change in desk.publisher.difference(1, 3).changed] == [
        "made-up-clinic-1",
        "made-up-clinic-2",
    ]


# Looking back


def test_any_two_versions_can_be_compared(desk: Desk) -> None:
    desk.publish(ten())
    desk.publish([*ten()[1:], clinic(11)])
    there, back = desk.publisher.difference(1, 2), desk.publisher.difference(2, 1)
    assert (there.added, there.gone) == (("made-up-clinic-11",), ("made-up-clinic-1",))
    assert (back.added, back.gone) == (there.gone, there.added)


def test_a_version_that_is_downloaded_and_uploaded_again_is_the_same(desk: Desk) -> None:
    desk.publish([*ten(), clinic(11, notes='=1+1, "quoted"; and Zoë')])
    data = desk.publisher.table(1)
    assert data.startswith(b"\xef\xbb\xbfid,category,name")
    assert desk.candidate(data).is_same_as_live


def test_version_0_can_be_downloaded_before_anything_was_published(desk: Desk) -> None:
    data = desk.publisher.table(0)
    assert snapshot.from_csv(data).equals(desk.bundled.dataset.table)


def test_a_version_that_does_not_exist_cannot_be_downloaded(desk: Desk) -> None:
    with pytest.raises(NotPublishable, match="There is no version 5"):
        desk.publisher.table(5)


@settings(max_examples=10)  # each is a small history of publishing
@given(st.lists(made_up_clinics(6).filter(bool), min_size=1, max_size=4), st.data())
def test_whatever_was_published_every_version_can_be_had_back(
    directory: Directory, files: list[list[dict[str, str]]], data: st.DataObject
) -> None:
    desk, was = Desk(directory), {0: directory.dataset.table}
    for clinics in files:
        found = desk.candidate(made_up_csv(clinics))
        if found.is_same_as_live:
            continue
        number = desk.publish(clinics)
        was[number] = desk.live.current().dataset.table
        assert was[number].equals(found.table)
    assert sorted(was) == list(range(len(was)))
    number = data.draw(st.sampled_from(sorted(was)))
    if not desk.publisher.difference(len(was) - 1, number).is_empty:
        desk.publisher.restore(number, ANNA, expected_live=len(was) - 1)
    assert desk.publisher.difference(number, desk.store.live_number()).is_empty
    assert all(snapshot.from_csv(desk.publisher.table(n)).equals(table) for n, table in was.items())


def test_of_an_edit_only_the_rows_that_were_edited_are_spoken_of(desk: Desk) -> None:
    desk.publish([clinic(1, source=""), clinic(2, source=""), clinic(3)])
    edited = desk.publisher.edited({"made-up-clinic-2": {"phone": "(301) 555-0177"}})
    upload = desk.publisher.stage(edited, "edit")
    as_an_edit = desk.publisher.candidate(upload.sha256, based_on=1)
    as_a_file = desk.publisher.candidate(upload.sha256)
    assert as_a_file.report.totals["source_missing"] == 0, "it was live before"
    assert [n.row for n in as_an_edit.report.notices if n.code == "source_missing"] == [3]
    assert as_an_edit.report.totals["source_missing"] == 1


def test_what_was_live_before_is_not_said_again(desk: Desk) -> None:
    old = {"last_checked": "2025-01-01"}
    desk.publish(ten(**old))
    rows = [*ten(**old), clinic(11, **old)]
    rows[1] = {**rows[1], "last_checked": "2025-01-02"}
    rows[2] = {**rows[2], "hours": "9-5"}
    found = desk.candidate(made_up_csv(rows)).report
    assert [n.row for n in found.notices if n.code == "checked_over_180_days"] == [3, 12]
    assert found.totals["checked_over_180_days"] == 2


# What a file is


@pytest.mark.parametrize("has_ids", [True, False])
def test_three_new_clinics_are_not_taken_for_the_whole_directory(desk: Desk, has_ids: bool) -> None:
    desk.publish(ten())
    columns = [name for name in NAMES if has_ids or name != "id"]
    data = made_up_csv([{k: clinic(n)[k] for k in columns} for n in (11, 12, 13)], columns)
    found = desk.candidate(data, mode=ASK)
    assert found.is_undecided
    assert found.review.gone == ()
    assert desk.refusal(found, acknowledged=True) == (
        "Say first what this file is: of its 3 listings none is live now. As the whole directory "
        "it would make 10 others disappear; if it has only new and changed listings, all others "
        "stay."
    )
    assert desk.publisher.publish(desk.candidate(data, mode=ADD), ANNA) == 2


@pytest.mark.parametrize(("known", "asks"), [(4, True), (5, False)])
def test_a_file_with_half_of_the_ids_is_the_whole_directory(
    desk: Desk, known: int, asks: bool
) -> None:
    desk.publish(ten())
    found = desk.candidate(made_up_csv(ten()[:known]), mode=ASK)
    assert found.is_undecided is asks
    assert found.review.gone == (() if asks else tuple(c["id"] for c in ten()[known:]))
    assert found.is_stopped


def test_an_error_of_an_edit_is_always_spoken_of(desk: Desk) -> None:
    desk.publish([clinic(1), clinic(2)])
    edited = desk.publisher.edited({"made-up-clinic-2": {"phone": "12"}})
    upload = desk.publisher.stage(edited, "edit")
    found = desk.publisher.candidate(upload.sha256, based_on=1)
    assert [n.code for n in found.report.notices if n.row == 3] == ["phone_malformed"]
    assert not found.publishable


# The log


def test_the_log_says_what_was_published_restored_and_refused(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "clinics.publishing")
    desk.publish(ten())
    desk.publish(ten()[:9])
    desk.publisher.restore(1, ANNA, expected_live=2)
    desk.refusal(desk.candidate(b"name"))
    said = [record.getMessage() for record in caplog.records]
    assert said[1:3] == [
        "Anna made version 2 live by publish: 9 clinics, 0 new, 0 changed, 1 gone.",
        "Anna made version 3 live by restore of version 1: 10 clinics, 1 new, 0 changed, 0 gone.",
    ]
    assert said[0].startswith("Anna made version 1 live by publish: 10 clinics, 10 new,")
    assert said[3].startswith("What Anna wanted to publish was refused: ")
    assert len(said) == 4


# Made from an older version


def changed(number: int, **cells: str) -> list[dict[str, str]]:
    """The ten clinics, of which one is changed."""
    return [{**c, **(cells if n == number else {})} for n, c in enumerate(ten(), start=1)]


def from_version(desk: Desk, rows: Sequence[Cells], filename: str, **options: object) -> Candidate:
    upload = desk.publisher.stage(made_up_csv(rows), filename)
    return desk.publisher.candidate(upload.sha256, **options)  # type: ignore[arg-type]


def test_an_older_download_does_not_undo_what_was_published_since(desk: Desk) -> None:
    desk.publish(ten())
    desk.publish([*changed(3, phone="(301) 555-0177"), clinic(11)])
    mine = changed(4, hours="Mon-Fri 9am-5pm")
    unnamed = desk.candidate(made_up_csv(mine) + b"\n")
    assert len(unnamed.review.changed) == 2, "nobody said its version"
    found = from_version(desk, mine, "clinics-version-1 (2).csv")
    assert found.made_from == 1
    assert [(c.id, [f.column for f in c.fields]) for c in found.review.changed] == [
        ("made-up-clinic-4", ["hours"])
    ]
    assert (found.review.gone, found.review.added) == ((), ())
    (said,) = [n.message for n in found.report.notices if n.code == "changed_meanwhile"]
    assert said == (
        "Column “phone” of “DDDDD Clinic”: it was changed live since the file was made, and not "
        "in the file. It stays as it is live: “(301) 555-0177”."
    )
    assert desk.publisher.publish(found, ANNA) == 3


def test_a_download_knows_its_version_whatever_it_is_called(desk: Desk) -> None:
    desk.publish(ten())
    old = desk.publisher.table(1)
    desk.publish(changed(3, phone="(301) 555-0177"))
    found = desk.candidate(old.replace(b"9 Made-up Street", b"19 Made-up Street"))
    assert (found.made_from, len(found.review.changed)) == (1, 1)
    assert desk.candidate(old).is_same_as_live
    assert not [n for n in found.report.notices if n.code == "header_unknown"]


def test_a_conflict_blocks_until_it_is_chosen(desk: Desk) -> None:
    desk.publish(ten())
    desk.publish(changed(3, phone="(301) 555-0177"))
    mine = changed(3, phone="(301) 555-0188", hours="9-5")
    found = from_version(desk, mine, "clinics-v1.csv")
    assert desk.refusal(found, acknowledged=True) == (
        "1 cell was changed in the file, and otherwise live since version 1. Choose what is right "
        "for each."
    )
    choices = Choices({("made-up-clinic-3", "phone"): "file"})
    found = from_version(desk, mine, "clinics-v1.csv", choices=choices)
    (change,) = found.review.changed
    assert [(f.column, f.new) for f in change.fields] == [
        ("phone", "(301) 555-0188"), ("hours", "9-5")
    ]  # fmt: skip
    assert desk.publisher.publish(found, ANNA) == 3


def test_a_version_that_is_not_known_is_said(desk: Desk) -> None:
    desk.publish(ten())
    found = from_version(desk, changed(3, hours="9-5"), "clinics-v99.csv")
    assert found.made_from is None
    (said,) = [n.message for n in found.report.notices]
    assert "made from version 99, which is not in the history" in said


@given(made_up_clinics(most=4), made_up_clinics(most=4), made_up_clinics(most=4), st.data())
@settings(max_examples=40)
def test_nothing_is_published_that_the_review_did_not_show(
    directory: Directory,
    base: list[dict[str, str]],
    live: list[dict[str, str]],
    file: list[dict[str, str]],
    data: st.DataObject,
) -> None:
    desk = Desk(directory)
    for clinics in (base, live):
        found = desk.candidate(made_up_csv(clinics))
        if found.publishable:
            desk.publish(clinics)
    _, before = desk.publisher._live()
    found = from_version(
        desk, file, data.draw(st.sampled_from(["list.csv", "clinics-v1.csv"])),
        mode=data.draw(st.sampled_from([REPLACE, ADD])),
        choices=Choices(otherwise=data.draw(st.sampled_from(["", "file", "live"]))),
    )  # fmt: skip
    if not found.publishable:
        return
    made = desk.publisher.publish(
        found, ANNA, typed=found.review.number_to_type, acknowledged=True,
        allowed=found.review.to_allow,
    )  # fmt: skip
    after = desk.publisher._table(made).set_index("id").to_dict("index")
    shown = before.set_index("id").to_dict("index")
    for id in found.review.gone:
        del shown[id]
    for change in found.review.changed:
        for cell in change.fields:
            assert shown[change.id][cell.column] == cell.old
            shown[change.id][cell.column] = cell.new
    for id in found.review.added:
        shown[id] = after[id]
    assert shown == after


# The federal directory


def facilities(*phones: str, date: str = "") -> bytes:
    """A federal file with one facility for each telephone number."""
    rows = [
        {
            "name1": f"{'ABCDE'[n] * 5} Facility", "name2": "", "street1": f"{n} Made-up Road",
            "city": "Takoma Park", "state": "MD", "zip": "20912", "phone": phone,
            "service_code_info": "MH OP", **({"source_date": date} if date else {}),
        }
        for n, phone in enumerate(phones)
    ]  # fmt: skip
    return made_up_csv(rows, list(rows[0]))


def test_the_day_of_an_edition_is_asked_once_and_the_same_again_changes_nothing(
    desk: Desk,
) -> None:
    data = facilities("301-555-0101", "301-555-0102")
    found = desk.candidate(data, mode=ADD)
    assert found.asks_day
    assert desk.refusal(found).startswith("The file does not say of which day this edition")
    found = desk.candidate(data, mode=ADD, edition="2026-03")
    assert set(found.table["source_date"]) >= {"2026-03"}
    desk.publisher.publish(found, ANNA, acknowledged=True)
    again = desk.candidate(data, mode=ADD)
    assert (again.is_same_as_live, again.asks_day) == (True, False)
    other = desk.candidate(facilities("301-555-0101", "301-555-0199"), edition="", mode=ADD)
    assert other.publishable


def test_a_federal_file_of_few_facilities_is_asked_what_it_is(desk: Desk) -> None:
    whole = facilities(*(f"301-555-010{n}" for n in range(5)), date="2026-03")
    desk.publisher.publish(desk.candidate(whole, mode=ADD), ANNA, acknowledged=True)
    part = facilities("301-555-0100", "301-555-0199", date="2026-04")
    assert desk.candidate(part, mode=ASK).is_undecided
    assert desk.candidate(part, mode=ADD).review.gone == ()
    assert len(desk.candidate(part, mode=REPLACE).review.gone) >= 3


def test_what_a_keeper_confirmed_is_kept_and_listed(desk: Desk) -> None:
    first = facilities("301-555-0101", "301-555-0102", date="2026-03")
    found = desk.candidate(first, mode=ADD)
    desk.publisher.publish(found, ANNA, acknowledged=True)
    id = next(id for id in found.review.added if id.startswith("bbbbb"))
    desk.publisher.confirm([id], ANNA, TODAY)
    found = desk.candidate(facilities("301-555-0101", "301-555-0177", date="2026-09"), mode=ADD)
    (said,) = [n for n in found.report.notices if n.code == "confirmed_kept"]
    assert said.message.startswith(
        "Column “phone” of “BBBBB Facility”: a keeper confirmed “(301) 555-0102”"
    )
    assert said.fix.startswith("The federal file has “(301) 555-0177”.")
    assert id not in {change.id for change in found.review.changed}


# Rows that are alike


def test_rows_that_are_alike_and_live_already_are_not_said_again(desk: Desk) -> None:
    alike = clinic(2, id="alike", name="Another Name", phone=ten()[0]["phone"])
    rows = [*ten(), alike]
    desk.publish(rows)
    changed = desk.candidate(made_up_csv([*rows[:2], rows[2] | {"notes": "New"}, *rows[3:]]))
    assert not changed.report.totals.get("phone_of_another")
    assert not changed.report.totals.get("clinic_like_another")
    assert not changed.has_warnings


def test_a_row_that_becomes_like_a_live_one_is_said(desk: Desk) -> None:
    desk.publish(ten())
    first, second, *others = ten()
    later = desk.candidate(made_up_csv([first, second | {"phone": first["phone"]}, *others]))
    earlier = desk.candidate(made_up_csv([first | {"phone": second["phone"]}, second, *others]))
    new = desk.candidate(made_up_csv([*ten(), clinic(11, phone=first["phone"])]), mode=ADD)
    for found in (later, earlier, new):
        assert found.report.totals.get("phone_of_another") == 1

"""What every store promises: the same tests in memory, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import datetime as dt
import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from clinics.domain.model import Point
from clinics.domain.ports import (
    Change,
    Correction,
    CorrectionStatus,
    FoundAddress,
    LiveMoved,
    NewCorrection,
    Store,
    StoreUnavailable,
    Upload,
    VersionRecord,
)
from clinics.domain.sources import Decision, Proposal, Proposed
from clinics.intake.column_names import Matching
from clinics.publishing.plans import matching_of, matching_text
from clinics.publishing.publisher import layout_of
from tests.integration.conftest import FIRST_MOMENT
from tests.integration.publishers import BASE, KEEPER, draft

MINUTE = dt.timedelta(minutes=1)
NEVER = "0" * 64
HUGE = 10**30
NEW = NewCorrection("c1", "phone", "The number ends in 0199", "https://made-up.example")


def test_a_new_store_is_empty(store: Store) -> None:
    assert store.live_number() == 0
    assert store.versions() == ()
    assert store.version(0) is None
    assert store.table(0) is None
    assert store.report(0) == ""
    assert store.corrections() == ()
    assert store.upload(NEVER) is None
    assert store.upload_bytes(NEVER) is None
    assert store.address("1 Made-up Street") is None


# --- uploads


@pytest.mark.parametrize(
    "data",
    [b"", b"\0", b"\0\xff\xfe a \0\0", b"id;name\r\n1;\xe9\r\n", bytes(range(256)) * 5000],
    ids=["nothing", "one NUL", "NULs", "not UTF-8", "large"],
)
def test_an_upload_comes_out_byte_for_byte_as_it_went_in(store: Store, data: bytes) -> None:
    upload = store.stage(data, "made up.csv")
    sha256 = hashlib.sha256(data).hexdigest()
    assert upload == Upload(sha256, "made up.csv", FIRST_MOMENT, len(data))
    assert upload.received.utcoffset() == dt.timedelta(0)
    assert store.upload(sha256) == upload
    assert store.upload_bytes(sha256) == data
    assert type(store.upload_bytes(sha256)) is bytes


def test_the_same_bytes_twice_are_the_first_upload(store: Store) -> None:
    first = store.stage(b"the same", "first.csv")
    assert store.stage(b"the same", "second.csv") == first
    assert store.stage(b"others", "second.csv").sha256 != first.sha256


def test_the_same_bytes_at_the_same_moment_are_one_upload(store: Store) -> None:
    together = Barrier(6)

    def stage(number: int) -> Upload:
        together.wait()
        return store.stage(b"the same", f"{number}.csv")

    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(stage, range(6)))) == 1


def test_old_uploads_are_forgotten_unless_a_version_was_made_from_them(store: Store) -> None:
    published = store.stage(b"published", "published.csv")
    left = store.stage(b"left", "left.csv")
    late = store.stage(b"late", "late.csv")
    store.publish(draft("a", upload_sha256=published.sha256), expected_live=0)
    assert store.forget_uploads(late.received) == 1
    assert store.forget_uploads(late.received) == 0
    assert store.upload(left.sha256) is None
    assert store.upload_bytes(left.sha256) is None
    assert store.upload(late.sha256) == late
    assert store.upload_bytes(published.sha256) == b"published"


def test_one_upload_is_forgotten_unless_a_version_was_made_from_it(store: Store) -> None:
    published = store.stage(b"published", "published.csv")
    left, other = store.stage(b"left", "left.csv"), store.stage(b"other", "other.csv")
    store.publish(draft("a", upload_sha256=published.sha256), expected_live=0)
    assert store.forget_upload(left.sha256)
    assert not store.forget_upload(left.sha256)
    assert not store.forget_upload(published.sha256)
    assert not store.forget_upload("\0")
    assert store.upload(left.sha256) is None
    assert store.unpublished() == (other,)
    assert store.upload_bytes(published.sha256) == b"published"


def test_unpublished_uploads_are_counted_in_bytes(store: Store) -> None:
    assert store.unpublished_bytes() == 0
    published = store.stage(b"published", "list.csv")
    store.stage(b"left", "left.csv")
    store.stage(b"left", "again.csv")
    assert store.unpublished_bytes() == 13
    store.publish(draft("a", upload_sha256=published.sha256), expected_live=0)
    assert store.unpublished_bytes() == 4


def test_unpublished_uploads_are_listed_with_their_plan_the_latest_first(store: Store) -> None:
    assert store.unpublished() == ()
    published = store.stage(b"published", "list.csv")
    first = store.stage(b"first", "first.csv", "a plan")
    second = store.stage(b"second", "second.csv")
    assert store.stage(b"first", "again.csv", "another plan").plan == "a plan"
    store.publish(draft("a", upload_sha256=published.sha256), expected_live=0)
    assert set(store.unpublished()) == {first, second}
    times = [upload.received for upload in store.unpublished()]
    assert times == sorted(times, reverse=True)


def test_when_to_forget_may_be_said_in_any_time_zone(store: Store) -> None:
    upload = store.stage(b"left", "left.csv")
    west = dt.timezone(dt.timedelta(hours=-8))
    assert store.forget_uploads(upload.received.astimezone(west)) == 0
    assert store.forget_uploads((upload.received + MINUTE).astimezone(west)) == 1


# --- versions


def test_the_first_publish_keeps_the_bundled_file_as_version_0(store: Store) -> None:
    assert store.publish(draft("a"), expected_live=0, base=BASE) == 1
    assert store.live_number() == 1
    assert store.table(0) == BASE.table
    assert store.version(0) == VersionRecord(
        number=0,
        published=FIRST_MOMENT,
        kind=Change.BUNDLED,
        who="",
        note="",
        clinics=1,
        added=0,
        changed=0,
        removed=0,
    )


def test_a_later_publish_leaves_version_0_as_it_is(store: Store) -> None:
    store.publish(draft("a"), expected_live=0, base=BASE)
    newer = draft("newer bundled", table=b"another file")
    assert store.publish(draft("b"), expected_live=1, base=newer) == 2
    assert store.table(0) == BASE.table
    assert [one.number for one in store.versions()] == [2, 1, 0]


def test_a_version_holds_everything_that_was_said_of_it(store: Store) -> None:
    upload = store.stage(b"file", "file.csv")
    table = "id,name\nc1,Clínica “Ñ” \U0001f33f\n".encode()
    store.publish(
        draft(
            "a",
            note="Telephones — mended",
            table=table,
            clinics=201,
            added=3,
            changed=2,
            removed=1,
            upload_sha256=upload.sha256,
            report='{"rows": 201, "é": "“"}',
        ),
        expected_live=0,
    )
    assert store.version(1) == VersionRecord(
        number=1,
        published=FIRST_MOMENT + MINUTE,
        kind=Change.PUBLISH,
        who=KEEPER,
        note="Telephones — mended",
        clinics=201,
        added=3,
        changed=2,
        removed=1,
        upload_sha256=upload.sha256,
    )
    assert store.table(1) == table
    assert store.report(1) == '{"rows": 201, "é": "“"}'


def test_a_restored_version_names_the_one_it_restores(store: Store) -> None:
    store.publish(draft("a"), expected_live=0, base=BASE)
    back = draft("b", kind=Change.RESTORE, restored_from=0, table=BASE.table)
    store.publish(back, expected_live=1)
    record = store.version(2)
    assert record is not None
    assert (record.kind, record.restored_from) == (Change.RESTORE, 0)


@pytest.mark.parametrize("kind", Change)
def test_every_kind_of_change_can_be_kept(store: Store, kind: Change) -> None:
    store.publish(draft("a", kind=kind), expected_live=0)
    record = store.version(1)
    assert record is not None
    assert record.kind is kind


def test_the_same_key_again_returns_its_number_and_changes_nothing(store: Store) -> None:
    store.publish(draft("a"), expected_live=0, base=BASE)
    store.publish(draft("b"), expected_live=1)
    before = store.versions()
    assert store.publish(draft("a", table=b"another"), expected_live=0) == 1
    assert store.publish(draft("b"), expected_live=2) == 2
    assert store.publish(BASE, expected_live=2) == 0
    assert store.versions() == before


@pytest.mark.parametrize("expected", [0, 2, 7, -1])
def test_publishing_over_another_version_than_the_live_one_is_refused(
    store: Store, expected: int
) -> None:
    store.publish(draft("a"), expected_live=0, base=BASE)
    with pytest.raises(LiveMoved, match=r"^Version 1 was published while you were") as moved:
        store.publish(draft("b"), expected_live=expected)
    assert moved.value.live == 1
    assert store.live_number() == 1


def test_a_refused_version_settles_nothing_and_keeps_no_base(store: Store) -> None:
    told = store.add_correction(NEW)
    with pytest.raises(LiveMoved):
        store.publish(draft("a", settles=(told,)), expected_live=1, base=BASE)
    assert store.versions() == ()
    assert store.corrections()[0].status is CorrectionStatus.WAITING


def test_a_version_of_a_file_that_was_forgotten_is_refused_with_a_sentence(store: Store) -> None:
    told = store.add_correction(NEW)
    lost = draft("a", upload_sha256=NEVER, settles=(told,))
    with pytest.raises(StoreUnavailable, match=r"is not in the store any more.*Upload the file"):
        store.publish(lost, expected_live=0, base=BASE)
    assert store.versions() == ()
    assert store.corrections(CorrectionStatus.WAITING) != ()


def test_versions_come_newest_first_and_in_pages(store: Store) -> None:
    for number in range(5):
        store.publish(draft(f"v{number}"), expected_live=number, base=BASE)
    assert [one.number for one in store.versions()] == [5, 4, 3, 2, 1, 0]
    assert [one.number for one in store.versions(limit=2)] == [5, 4]
    assert [one.number for one in store.versions(limit=2, before=4)] == [3, 2]
    assert [one.number for one in store.versions(before=1)] == [0]
    assert store.versions(before=0) == ()
    assert store.versions(limit=0) == ()


@pytest.mark.parametrize("number", [-1, 2, 2**31, HUGE, -HUGE])
def test_there_is_no_version_of_another_number(store: Store, number: int) -> None:
    store.publish(draft("a"), expected_live=0, base=BASE)
    assert store.version(number) is None
    assert store.table(number) is None
    assert store.report(number) == ""
    assert len(store.versions(before=number)) == (2 if number > 1 else 0)
    assert store.reject_correction(number, KEEPER, "no") is False


def test_of_many_who_publish_at_once_exactly_one_wins(store: Store) -> None:
    together = Barrier(8)

    def publish(name: str) -> str:
        together.wait()
        try:
            return f"published {store.publish(draft(name), expected_live=0, base=BASE)}"
        except LiveMoved as moved:
            return f"moved to {moved.live}"

    with ThreadPoolExecutor(8) as threads:
        answers = sorted(threads.map(publish, "abcdefgh"))
    assert answers == ["moved to 1"] * 7 + ["published 1"]
    assert [one.number for one in store.versions()] == [1, 0]


def test_a_double_click_makes_one_version(store: Store) -> None:
    together = Barrier(8)

    def publish(_: int) -> int:
        together.wait()
        return store.publish(draft("a"), expected_live=0, base=BASE)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(publish, range(8))) == [1] * 8
    assert [one.number for one in store.versions()] == [1, 0]


# --- corrections


def test_a_correction_waits_with_what_was_said_and_nothing_else(store: Store) -> None:
    told = store.add_correction(NEW)
    assert store.corrections() == (
        Correction(
            id=told,
            clinic_id="c1",
            kind="phone",
            text="The number ends in 0199",
            source="https://made-up.example",
            received=FIRST_MOMENT,
            status=CorrectionStatus.WAITING,
        ),
    )


def test_corrections_come_oldest_first_of_a_status_or_a_clinic(store: Store) -> None:
    ids = [store.add_correction(NewCorrection(f"c{n % 2}", "other", str(n))) for n in range(4)]
    store.reject_correction(ids[1], KEEPER, "It is right as it is")
    waiting, rejected = CorrectionStatus.WAITING, CorrectionStatus.REJECTED
    assert ids == sorted(ids)
    assert [one.id for one in store.corrections()] == ids
    assert [one.id for one in store.corrections(waiting)] == [ids[0], ids[2], ids[3]]
    assert [one.id for one in store.corrections(rejected)] == [ids[1]]
    assert [one.id for one in store.corrections(clinic_id="c1")] == [ids[1], ids[3]]
    assert [one.id for one in store.corrections(waiting, "c1")] == [ids[3]]
    assert store.corrections(CorrectionStatus.ACCEPTED) == ()
    assert store.corrections(clinic_id="c9") == ()


def test_a_rejected_correction_keeps_who_when_and_why(store: Store) -> None:
    told = store.add_correction(NEW)
    assert store.reject_correction(told, KEEPER, "The website says otherwise") is True
    kept = store.corrections()[0]
    assert (kept.status, kept.who) == (CorrectionStatus.REJECTED, KEEPER)
    assert kept.reason == "The website says otherwise"
    assert kept.handled == FIRST_MOMENT + MINUTE
    assert kept.version is None


def test_a_correction_is_rejected_once(store: Store) -> None:
    told = store.add_correction(NEW)
    store.reject_correction(told, KEEPER, "first")
    assert store.reject_correction(told, "Another keeper", "second") is False
    assert store.reject_correction(told + 1, KEEPER, "there is none") is False
    assert (store.corrections()[0].who, store.corrections()[0].reason) == (KEEPER, "first")


def test_a_version_accepts_the_corrections_it_settles(store: Store) -> None:
    settled, other = store.add_correction(NEW), store.add_correction(NEW)
    number = store.publish(draft("a", settles=(settled,)), expected_live=0, base=BASE)
    kept = store.corrections(CorrectionStatus.ACCEPTED)[0]
    assert (kept.id, kept.who, kept.version) == (settled, KEEPER, number)
    assert kept.handled == FIRST_MOMENT + 2 * MINUTE
    assert [one.id for one in store.corrections(CorrectionStatus.WAITING)] == [other]
    assert store.reject_correction(settled, KEEPER, "too late") is False


def test_a_version_leaves_corrections_alone_that_were_handled_before(store: Store) -> None:
    told = store.add_correction(NEW)
    store.reject_correction(told, KEEPER, "first")
    handled = store.corrections()
    store.publish(draft("a", settles=(told, told + 1, HUGE)), expected_live=0)
    assert store.corrections() == handled


def test_a_repeated_publish_settles_nothing_more(store: Store) -> None:
    store.publish(draft("a"), expected_live=0)
    told = store.add_correction(NEW)
    store.publish(draft("a", settles=(told,)), expected_live=0)
    assert store.corrections()[0].status is CorrectionStatus.WAITING


# --- addresses, and text


@pytest.mark.parametrize(
    "point", [Point(38.99067123456789, -77.02609987654321), Point(0.1 + 0.2, -0.0), None]
)
def test_an_address_is_remembered_exactly_and_so_is_that_there_is_none(
    store: Store, point: Point | None
) -> None:
    store.remember_address("1 Made-up Street, Nowhere, MD", FoundAddress(point))
    assert store.address("1 Made-up Street, Nowhere, MD") == FoundAddress(point)
    assert store.address("2 Made-up Street, Nowhere, MD") is None


def test_a_later_look_up_replaces_an_earlier_one(store: Store) -> None:
    for found in (FoundAddress(None), FoundAddress(Point(39.0, -77.0)), FoundAddress(None)):
        store.remember_address("key", found)
        assert store.address("key") == found


def test_a_text_is_remembered_replaced_and_forgotten(store: Store) -> None:
    assert store.remembered("link") == ""
    store.remember("link", "https://made-up.example/first")
    store.remember("link", "https://made-up.example/second?a=%s")
    store.remember("other", "kept")
    assert store.remembered("link") == "https://made-up.example/second?a=%s"
    store.remember("link", "")
    store.remember("link", "")
    assert (store.remembered("link"), store.remembered("other")) == ("", "kept")


def test_text_that_no_database_takes_is_kept_without_its_few_bad_characters(store: Store) -> None:
    upload = store.stage(b"data", "a\0b\ud800.csv")
    assert store.upload(upload.sha256) is not None
    assert store.upload(upload.sha256).filename == "a\ufffdb\ufffd.csv"
    store.publish(draft("k\0", note="\0", report="\udfff"), expected_live=0)
    assert store.publish(draft("k\0"), expected_live=1) == 1
    assert store.version(1).note == "\ufffd"
    assert store.report(1) == "\ufffd"
    store.add_correction(NewCorrection("c\0", "other", "\0", "\0"))
    assert store.corrections(clinic_id="c\0")[0].text == "\ufffd"
    store.remember_address("\0", FoundAddress(None))
    assert store.address("\0") == FoundAddress(None)
    assert store.upload("\0") is None
    assert store.upload_bytes("\0") is None


@pytest.mark.parametrize("text", ["'; DROP TABLE versions; --", "%s %(a)s :a", "\\", "“é” 漢字"])
def test_text_is_never_more_than_text(store: Store, text: str) -> None:
    store.publish(draft(text, note=text, who=text), expected_live=0)
    record = store.version(1)
    assert record is not None
    assert (record.note, record.who) == (text, text)
    store.add_correction(NewCorrection(text, text, text, text))
    assert [one.text for one in store.corrections(clinic_id=text)] == [text]


def test_what_was_said_of_columns_is_kept_as_it_was_said(store: Store) -> None:
    columns = (("call_us", "phone"), ("téléfax", ""), ("a\0b\ud800", "notes"))
    said = Matching(columns, dt.date(2026, 3, 14))
    key = layout_of(["Call us", "Téléfax", *(f"Column {n}" for n in range(500))])
    assert matching_of(store.remembered(key)) is None
    for matching in (Matching((("call_us", ""),)), said):
        store.remember(key, matching_text(matching))
        assert matching_of(store.remembered(key)) == matching
    assert store.remembered(layout_of(["Call us"])) == ""


# --- proposals


def proposed(key: str, body: str = "{}", source: str = "made-up") -> Proposed:
    return Proposed(key, source, "c1", "phone", body)


def test_a_proposal_is_kept_with_what_became_of_it(store: Store) -> None:
    store.propose([proposed("a"), proposed("b", source="other")])
    (one,) = store.proposals("made-up")
    assert one == Proposal(
        "a", "made-up", "c1", "phone", "{}", FIRST_MOMENT, FIRST_MOMENT, Decision.PENDING
    )
    assert [kept.key for kept in store.proposals()] == ["a", "b"]
    assert store.decide(["a", "nobody's"], Decision.REJECTED, "Ana", "It is old") == 1
    assert store.decide(["a"], Decision.REJECTED, "Bo") == 0
    assert store.decide([], Decision.REJECTED) == 0
    (one,) = store.proposals("made-up")
    assert (one.decision, one.who, one.reason) == (Decision.REJECTED, "Ana", "It is old")
    assert one.handled is not None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Decision.PENDING, Decision.PENDING),
        (Decision.LATER, Decision.PENDING),
        (Decision.DONE, Decision.PENDING),
        (Decision.ACCEPTED, Decision.ACCEPTED),
        (Decision.REJECTED, Decision.REJECTED),
    ],
)
def test_what_is_proposed_again_waits_again_unless_it_was_decided(
    store: Store, before: Decision, after: Decision
) -> None:
    store.propose([proposed("a")])
    store.decide(["a"], before, "Ana")
    store.propose([proposed("a", '{"evidence": "newer"}')])
    (one,) = store.proposals()
    assert one.decision is after
    assert one.body == '{"evidence": "newer"}'
    assert one.last_seen > FIRST_MOMENT
    assert (one.first_seen > FIRST_MOMENT) is (before is Decision.DONE)


def test_thousands_of_proposals_go_in_and_are_decided_at_once(store: Store) -> None:
    store.propose([])
    store.propose([proposed(f"{n:04d}", "\0hostile \ud800") for n in range(2_000)])
    kept = store.proposals()
    assert len(kept) == 2_000
    assert "\0" not in kept[0].body
    assert store.decide([one.key for one in kept], Decision.ACCEPTED) == 2_000

"""Faults of a store seen from a whole site: a visitor, a keeper, a start in the middle, afterwards.

What the store itself says of each is in test_store_faults and test_store_schema. The long trial
does the same on PostgreSQL.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from clinics.adapters import database
from clinics.adapters import sqlite_file as of_sqlite
from clinics.adapters.sql_store import SqlStore
from clinics.directory import Directory
from clinics.domain.ports import CorrectionStatus, Damaged, NewCorrection, StoreUnavailable
from clinics.search.dataset import Dataset, Version
from clinics.settings import database_address
from lab.torture import store_faults
from lab.torture.kills import KEEPER
from lab.torture.site import DAY, Fault, Site, broken_promises, endure
from tests.integration.publishers import BASE, draft
from tests.integration.unprivileged import as_nobody, open_folder
from tests.made_up import dataset_of, made_up_clinic


@pytest.fixture(scope="module")
def bundled(directory: Directory) -> Directory:
    """The directory with a few listings, so that a publish takes no time."""
    clinics = [
        made_up_clinic(
            number,
            name=f"{'ABCDEFGHIJ'[number] * 5} Clinic",
            address=f"{number} Made-up Street",
            city="Takoma Park",
            zip="20912",
            phone=f"(301) 555-01{number:02d}",
            latitude="38.98",
            longitude="-77.01",
        )
        for number in range(10)
    ]
    table = dataset_of(clinics).table
    dataset = Dataset(table, directory.vocabulary, Version("0", None, len(table)))
    return replace(directory, dataset=dataset)


@pytest.fixture
def address(sqlite_file: Path) -> str:
    return f"sqlite:///{sqlite_file}"


def outlived(fault: Fault, site: Site) -> None:
    seen = endure(fault, site)
    assert broken_promises(fault, seen) == [], str(seen)


@pytest.mark.parametrize("fault", store_faults.OF_A_FILE, ids=lambda fault: fault.name)
def test_visitors_and_keepers_outlive_what_happens_to_the_file(
    fault: Fault, address: str, bundled: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.05)
    outlived(fault, Site(address, bundled))


@pytest.mark.parametrize("fault", store_faults.OF_ANY_STORE, ids=lambda fault: fault.name)
def test_visitors_and_keepers_outlive_what_happens_in_the_store(
    fault: Fault, address: str, bundled: Directory
) -> None:
    outlived(fault, Site(address, bundled))


def test_in_a_folder_that_may_only_be_read_a_start_finds_the_last_version(
    bundled: Directory,
) -> None:
    with open_folder() as folder, as_nobody():
        outlived(store_faults.READ_ONLY, Site(f"sqlite:///{folder}/directory.db", bundled))


def test_on_a_full_disk_a_start_finds_the_last_version(bundled: Directory) -> None:
    with store_faults.small_disk() as disk:
        if disk is None:
            pytest.skip("No file system may be mounted here.")
        outlived(store_faults.FULL, Site(f"sqlite:///{disk}/directory.db", bundled))


def test_a_store_that_may_not_grow_says_that_there_is_no_room_and_goes_on_afterwards(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlStore(address)
    store.publish(draft("a"), expected_live=0, base=BASE)
    begun = of_sqlite._begun

    def cramped(*options: object) -> sqlite3.Connection:
        connection = begun(*options)
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the pages that there are
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(of_sqlite, "_begun", cramped)
        with pytest.raises(StoreUnavailable, match="no room left on the disk"):
            store.stage(os.urandom(100_000), "file.csv")
        assert store.live_number() == 1
    assert store.stage(b"data", "file.csv").size == 4
    assert store.publish(draft("b"), expected_live=1) == 2


def test_an_older_store_put_in_the_place_of_the_one_in_use_is_brought_up_to_date(
    address: str, bundled: Directory
) -> None:
    site = Site(address, bundled)
    assert site.keep() == "version 1"
    store_faults.put_older_store(site)
    with pytest.raises(StoreUnavailable):  # it notices, and looks at the store again
        site.store.corrections()
    assert site.store.add_correction(NewCorrection("c1", "phone", "text")) == 1
    assert site.keep() == "version 1"
    assert site.visit() == "version 1"


def test_a_program_that_runs_does_not_write_to_a_store_that_became_newer(address: str) -> None:
    store = SqlStore(address)
    store.publish(draft("a"), expected_live=0, base=BASE)
    engine = create_engine(database_address(address))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9001'"))
        connection.execute(text("ALTER TABLE uploads ADD COLUMN later INTEGER NOT NULL DEFAULT 1"))
    with pytest.raises(StoreUnavailable, match="made by a newer version"):
        store.stage(b"data", "file.csv")
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM uploads")).scalar() == 0
    engine.dispose()


# --- damage in single rows, each named


def change(address: str, statement: str) -> None:
    engine = create_engine(database_address(address))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.parametrize(
    "cell", ["kind = 'x'", "published = 'noon'", "clinics = 'many'", "published = 7"]
)
def test_a_damaged_record_is_left_out_of_the_history_and_named(
    cell: str, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqlStore(address)
    for number in range(3):
        store.publish(draft(f"key {number}"), expected_live=number, base=BASE)
    change(address, f"UPDATE versions SET {cell} WHERE number = 2")
    for _ in range(2):
        assert [one.number for one in store.versions()] == [3, 1, 0]
    assert [one.message.partition(" and ")[0] for one in caplog.records] == [
        "Version 2 is damaged in the store"
    ]
    with pytest.raises(Damaged, match=r"^Version 2 is damaged"):
        store.version(2)
    assert store.table(2) == draft("key 1").table


def test_a_damaged_correction_is_left_out_of_the_queue_and_named(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqlStore(address)
    ids = [store.add_correction(NewCorrection("c1", "phone", str(n))) for n in range(3)]
    change(address, f"UPDATE corrections SET status = 'x' WHERE id = {ids[1]}")
    assert [one.id for one in store.corrections()] == [ids[0], ids[2]]
    assert [one.id for one in store.corrections(CorrectionStatus.WAITING)] == [ids[0], ids[2]]
    assert f"Correction {ids[1]} is damaged in the store" in caplog.text


def test_text_that_was_damaged_on_the_disk_hides_nothing_else(address: str) -> None:
    store = SqlStore(address)
    store.publish(draft("a", note="Frederick"), expected_live=0, base=BASE)
    change(address, "UPDATE versions SET note = CAST(x'46ff46' AS TEXT) WHERE number = 1")
    assert [one.note for one in store.versions()] == ["F\N{REPLACEMENT CHARACTER}F", ""]


def test_a_damaged_upload_or_report_is_named(address: str) -> None:
    store = SqlStore(address)
    upload = store.stage(b"data", "file.csv")
    store.publish(draft("a", upload_sha256=upload.sha256, report="{}"), expected_live=0)
    change(address, "UPDATE uploads SET data = x'00'")
    change(address, "UPDATE versions SET report = x'00'")
    with pytest.raises(Damaged, match=r"^An uploaded file is damaged"):
        store.upload_bytes(upload.sha256)
    with pytest.raises(Damaged, match=r"^The report of version 1 is damaged"):
        store.report(1)
    assert store.table(1) == draft("a").table


def test_when_the_newest_version_is_damaged_the_one_before_can_be_restored(
    address: str, bundled: Directory
) -> None:
    site = Site(address, bundled)
    assert site.keep() == "version 1"
    with store_faults.damaged_version(site):
        assert site.visit() == "version 1"
        assert site.live.trouble.startswith(store_faults.DAMAGED)
        assert site.publisher.restore(1, KEEPER, expected_live=2) == 3
        assert (site.visit(), site.live.trouble) == ("version 3", "")
        assert site.store.table(3) == site.store.table(1)


def test_nothing_is_confirmed_on_top_of_a_damaged_version(address: str, bundled: Directory) -> None:
    site = Site(address, bundled)
    assert site.keep() == "version 1"
    clinic = str(bundled.dataset.table["id"].iloc[0])
    with store_faults.damaged_version(site):
        site.visit()
        with pytest.raises(Damaged, match=r"^Version 2 is damaged"):
            site.publisher.confirm([clinic], KEEPER, DAY)
        assert site.store.live_number() == 2


def test_many_who_wait_for_a_store_that_hangs_wait_side_by_side(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = threading.Event()

    def hanging(*_: object, **__: object) -> bool:
        hangs.wait(5)
        raise OSError("made-up trouble")

    monkeypatch.setattr(database, "make_ready", hanging)
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.05)
    store = SqlStore(address)
    with ThreadPoolExecutor(8) as callers:
        asked = [callers.submit(store.live_number) for _ in range(8)]
        try:
            refused = list(islice(as_completed(asked, timeout=4), 7))
        finally:
            hangs.set()
    assert len(refused) == 7
    assert all(isinstance(one.exception(), StoreUnavailable) for one in asked)


def test_a_damaged_version_whose_row_is_mended_is_seen_without_a_start(
    address: str, sqlite_file: Path, bundled: Directory
) -> None:
    site = Site(address, bundled)
    site.keep()
    site.keep()
    good = sqlite_file.read_bytes()
    with sqlite3.connect(sqlite_file) as connection:
        connection.execute('UPDATE versions SET "table" = zeroblob(9) WHERE number = 2')
    connection.close()
    site.restart()
    assert site.visit() == "version 1"
    sqlite_file.write_bytes(good)
    assert (site.visit(), site.live.trouble) == ("version 2", "")

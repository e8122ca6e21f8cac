"""What becomes of the store when something fails: files, servers, processes that are killed."""

from __future__ import annotations

import logging
import random
import sqlite3
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from clinics.adapters import database
from clinics.adapters.sql_store import SqlStore
from clinics.bootstrap import chosen_store
from clinics.domain.ports import CorrectionStatus, StoreUnavailable
from clinics.settings import Settings, SettingsError
from tests.integration.publishers import (
    BASE,
    draft,
    large_table,
    process,
    publish_once,
    publish_without_end,
)
from tests.integration.unprivileged import as_nobody, open_folder
from tests.postgres import PASSWORD, PostgresServer

NOT_ANSWERING = "The store of versions is not answering."
MEANWHILE = "Visitors go on with the last good version."
SECRET = "open-sesame"


@pytest.fixture
def sqlite_store(sqlite_file: Path) -> SqlStore:
    """A store in a file, with one version published."""
    store = SqlStore(f"sqlite:///{sqlite_file}")
    store.publish(draft("a"), expected_live=0, base=BASE)
    return store


@contextmanager
def said(beginning: str) -> Iterator[None]:
    """Expect one trouble in words for a keeper, and nothing of what is behind it."""
    with pytest.raises(StoreUnavailable) as trouble:
        yield
    sentence = str(trouble.value)
    assert sentence.startswith(beginning), sentence
    assert "isitors go on with the last good version" in sentence
    assert "sql" not in sentence.casefold()
    assert trouble.value.__cause__ is not None


# --- two at once


@pytest.mark.parametrize("_round", range(3))
def test_of_processes_that_start_and_publish_at_once_exactly_one_wins(
    address: str, _round: int
) -> None:
    with ExitStack() as stack:
        publishers = [
            stack.enter_context(process(publish_once, address, key)) for key in ("a", "b", "c")
        ]
        for one in publishers:
            assert one.line.recv() == "ready"
        for one in publishers:
            one.line.send("go")
        answers = sorted(str(one.line.recv()) for one in publishers)
    assert answers == ["1", "moved to 1", "moved to 1"]


def test_processes_that_publish_the_same_at_once_all_get_its_number(address: str) -> None:
    with ExitStack() as stack:
        publishers = [stack.enter_context(process(publish_once, address, "a")) for _ in range(4)]
        for one in publishers:
            assert one.line.recv() == "ready"
        for one in publishers:
            one.line.send("go")
        assert [one.line.recv() for one in publishers] == [1] * 4
    assert [one.number for one in SqlStore(address).versions()] == [1, 0]


# --- killed


def killed_while_publishing(address: str, times: int) -> None:
    store = SqlStore(address)
    moments = random.Random(times)
    for _ in range(times):
        with process(publish_without_end, address) as publisher:
            for _ in range(moments.randint(2, 6)):
                began = time.monotonic()
                publisher.line.recv()
            one_publish_seconds = time.monotonic() - began
            time.sleep(moments.uniform(0, one_publish_seconds))
            publisher.kill()
            publisher.join()
        assert_whole(store)
    live = store.live_number()
    assert live >= times
    assert store.publish(draft("afterwards"), expected_live=live, base=BASE) == live + 1
    assert SqlStore(address).live_number() == live + 1


def assert_whole(store: SqlStore) -> None:
    """Every version is there whole, and a correction is accepted if and only if its version is."""
    records = store.versions(limit=100_000)
    live = store.live_number()
    if not records:
        assert live == 0
        assert store.corrections(CorrectionStatus.ACCEPTED) == ()
        return
    assert [one.number for one in records] == list(range(live, -1, -1))
    assert store.table(0) == BASE.table
    for number in range(max(1, live - 3), live + 1):
        assert store.table(number) == large_table(number)
    accepted = store.corrections(CorrectionStatus.ACCEPTED)
    assert [one.version for one in accepted] == list(range(1, live + 1))
    assert all(one.text == str(one.version) for one in accepted)


def test_killed_while_publishing_sqlite_has_the_old_or_the_new_version(sqlite_file: Path) -> None:
    killed_while_publishing(f"sqlite:///{sqlite_file}", 8)
    with sqlite3.connect(sqlite_file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_killed_while_publishing_postgresql_has_the_old_or_the_new_version(
    postgres_server: PostgresServer,
) -> None:
    killed_while_publishing(postgres_server.new_database(), 4)


# --- the file


def test_a_file_that_is_gone_is_a_sentence_and_back_in_place_it_answers(
    sqlite_store: SqlStore, sqlite_file: Path
) -> None:
    kept = sqlite_file.rename(sqlite_file.with_name("elsewhere"))
    with said(f"The store's file cannot be opened. {MEANWHILE}"):
        sqlite_store.live_number()
    with said("The store's file cannot be opened."):
        sqlite_store.stage(b"data", "file.csv")
    assert not sqlite_file.exists(), (
        "an empty store must not take the place of the one that is gone"
    )
    kept.rename(sqlite_file)
    assert sqlite_store.live_number() == 1


def test_a_file_that_is_no_store_is_a_sentence(sqlite_file: Path) -> None:
    sqlite_file.parent.mkdir()
    sqlite_file.write_bytes(b"id,name\nc1,This is a spreadsheet, not a store\n" * 100)
    with said(f"The store's file is damaged, or is not a store. {MEANWHILE}"):
        SqlStore(f"sqlite:///{sqlite_file}").live_number()
    assert sqlite_file.read_bytes().startswith(b"id,name"), "and nobody's file is overwritten"


def test_a_damaged_file_is_a_sentence_until_a_good_copy_takes_its_place(
    sqlite_store: SqlStore, sqlite_file: Path
) -> None:
    good = sqlite_file.read_bytes()
    sqlite_file.write_bytes(good[:100] + b"\xff" * (len(good) - 100))
    with said(f"The store's file is damaged. {MEANWHILE}"):
        sqlite_store.live_number()
    sqlite_file.write_bytes(good)
    assert sqlite_store.live_number() == 1


def test_a_damaged_table_is_a_sentence_and_the_rest_goes_on(
    sqlite_store: SqlStore, sqlite_file: Path
) -> None:
    with sqlite3.connect(sqlite_file) as connection:
        connection.execute('UPDATE versions SET "table" = substr("table", 1, 20) WHERE number = 1')
    with said(f"Version 1 is damaged in the store and cannot be read. {MEANWHILE}"):
        sqlite_store.table(1)
    assert sqlite_store.table(0) == BASE.table


def test_a_damaged_table_on_a_server_is_named_too(postgres_server: PostgresServer) -> None:
    address = postgres_server.new_database()
    store = SqlStore(address)
    store.publish(draft("a"), expected_live=0, base=BASE)
    with psycopg.connect(address) as connection:
        connection.execute('UPDATE versions SET "table" = substr("table", 1, 20) WHERE number = 1')
    with said(f"Version 1 is damaged in the store and cannot be read. {MEANWHILE}"):
        store.table(1)
    assert store.table(0) == BASE.table


def test_a_file_that_may_only_be_read_is_read_and_not_written() -> None:
    with open_folder() as folder, as_nobody():
        file = folder / "directory.db"
        store = SqlStore(f"sqlite:///{file}")
        store.publish(draft("a"), expected_live=0, base=BASE)
        file.chmod(0o444)
        assert store.live_number() == 1
        with said(f"The store's file cannot be written to. {MEANWHILE}"):
            store.stage(b"data", "file.csv")
        for one in folder.iterdir():
            one.chmod(0o644)
        assert store.stage(b"data", "file.csv").size == 4


def test_a_folder_that_cannot_be_made_or_written_is_a_sentence() -> None:
    with open_folder() as folder, as_nobody():
        (folder / "file").write_bytes(b"not a folder")
        with said(f"The store's file cannot be opened. {MEANWHILE}"):
            SqlStore(f"sqlite:///{folder}/file/directory.db").live_number()
        folder.chmod(0o555)
        with said("The store's file cannot be opened."):
            SqlStore(f"sqlite:///{folder}/var/directory.db").live_number()
        folder.chmod(0o755)


def test_a_writer_that_holds_the_file_too_long_is_a_sentence_and_readers_go_on(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.1)
    store = SqlStore(f"sqlite:///{sqlite_file}")
    store.publish(draft("a"), expected_live=0)
    writer = sqlite3.connect(sqlite_file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with said(NOT_ANSWERING):
        store.publish(draft("b"), expected_live=1)
    assert store.table(1) == draft("a").table
    writer.execute("ROLLBACK")
    assert store.publish(draft("b"), expected_live=1) == 2
    writer.close()


# --- the server


def test_a_server_that_is_gone_is_a_sentence_and_once_back_the_same_store_answers(
    postgres_server: PostgresServer,
) -> None:
    store = SqlStore(postgres_server.new_database())
    assert store.publish(draft("a"), expected_live=0, base=BASE) == 1
    postgres_server.stop()
    try:
        for _ in range(2):
            with said(NOT_ANSWERING):
                store.live_number()
            with said(NOT_ANSWERING):
                store.publish(draft("b"), expected_live=1)
    finally:
        postgres_server.start()
    assert store.publish(draft("b"), expected_live=1) == 2
    assert store.table(1) == draft("a").table


def test_a_server_that_was_away_between_two_questions_is_not_noticed(
    postgres_server: PostgresServer,
) -> None:
    store = SqlStore(postgres_server.new_database())
    store.publish(draft("a"), expected_live=0)
    postgres_server.stop()
    postgres_server.start()
    assert store.live_number() == 1


def test_a_store_may_be_made_before_its_server_runs(postgres_server: PostgresServer) -> None:
    address = postgres_server.new_database()
    postgres_server.stop()
    try:
        store = SqlStore(address)
        with said(NOT_ANSWERING):
            store.live_number()
    finally:
        postgres_server.start()
    assert store.live_number() == 0


def test_a_wrong_password_is_a_sentence_and_no_password_is_ever_told(
    postgres_server: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    address = postgres_server.new_database().replace(PASSWORD, SECRET)
    store = SqlStore(address)
    with pytest.raises(StoreUnavailable) as trouble:
        store.live_number()
    told = "".join(traceback.format_exception(trouble.value)) + caplog.text + repr(vars(store))
    assert "password authentication failed" in caplog.text
    assert SECRET not in told


def test_a_server_that_can_only_be_read_is_a_sentence(postgres_server: PostgresServer) -> None:
    address = postgres_server.new_database()
    store = SqlStore(address)
    store.publish(draft("a"), expected_live=0, base=BASE)
    name = address.rpartition("/")[2]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        store.close()
        with pytest.raises(StoreUnavailable, match="server can only be read at the moment"):
            store.stage(b"data", "file.csv")
        assert store.live_number() == 1
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    store.close()
    assert store.stage(b"data", "file.csv").size == 4


def test_a_server_without_room_says_so() -> None:
    assert database._sentence(psycopg.errors.DiskFull()).startswith("There is no room left")


def test_details_are_logged_once_and_so_is_the_end_of_the_trouble(
    sqlite_store: SqlStore, sqlite_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = sqlite_file.rename(sqlite_file.with_name("elsewhere"))
    for _ in range(3):
        with suppress(StoreUnavailable):
            sqlite_store.live_number()
    kept.rename(sqlite_file)
    for _ in range(3):
        sqlite_store.live_number()
    assert [(one.name, one.levelno, one.message) for one in caplog.records] == [
        (
            "clinics.store",
            logging.ERROR,
            "The store is not answering. OperationalError: unable to open database file",
        ),
        ("clinics.store", logging.WARNING, "The store answers again."),
    ]


# --- the setting


def test_none_chooses_no_store_and_an_address_the_store_at_it(sqlite_file: Path) -> None:
    assert chosen_store(Settings(database_url="none")) is None
    store = chosen_store(Settings(database_url=f"sqlite:///{sqlite_file}"))
    assert isinstance(store, SqlStore)
    assert not sqlite_file.exists(), "nothing is opened before the first question"
    assert store.live_number() == 0
    assert sqlite_file.exists()


@pytest.mark.parametrize(
    "address",
    [
        f"mysql://me:{SECRET}@server/it",
        f"postgresql://me:{SECRET}@server",
        f"postgresql://me:{SECRET}@server:port/it",
        SECRET,
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_another_address_is_refused_in_one_sentence_without_its_password(address: str) -> None:
    with pytest.raises(SettingsError) as refused:
        SqlStore(address)
    assert str(refused.value).startswith("CLINICS_DATABASE_URL needs ")
    assert SECRET not in "".join(traceback.format_exception(refused.value))

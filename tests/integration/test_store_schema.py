"""The tables of the store: made once, brought up to date, refused when newer."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from clinics.adapters import upgrade
from clinics.adapters.schema import metadata
from clinics.adapters.sql_store import SqlStore
from clinics.adapters.upgrade import bring_up_to_date
from clinics.domain.model import Point
from clinics.domain.ports import FoundAddress, NewCorrection, StoreUnavailable
from clinics.settings import database_address
from tests.integration.publishers import BASE, draft, look, process

TABLES = {
    "uploads",
    "versions",
    "corrections",
    "addresses",
    "texts",
    "proposals",
    "alembic_version",
}
NEWER = "The store was made by a newer version of this program"


@pytest.fixture
def engine(address: str, sqlite_file: Path) -> Iterator[Engine]:
    """Plain connections to the same database, past the store."""
    sqlite_file.parent.mkdir()
    made = create_engine(database_address(address))
    yield made
    made.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def revision(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


def newest() -> str:
    return str(ScriptDirectory.from_config(upgrade._config()).get_current_head())


def test_the_steps_end_in_the_tables_that_the_program_uses(
    sql_store: SqlStore, engine: Engine
) -> None:
    assert sql_store.live_number() == 0
    assert tables(engine) == TABLES
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_store_of_the_first_step_is_brought_up_to_date_with_everything_in_it(
    address: str, engine: Engine
) -> None:
    bring_up_to_date(engine, "0001")
    assert tables(engine) == {"uploads", "versions", "alembic_version"}
    old = SqlStore(address)
    old._database._is_open = True  # as the program was then: it never heard of a second step
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO uploads VALUES ('a', 'file.csv', '2026-11-01 12:00:00', 4, :data)"),
            {"data": zlib.compress(b"file")},
        )
    old.publish(draft("a", upload_sha256="a"), expected_live=0, base=BASE)
    before = (old.versions(), old.table(1), old.upload_bytes("a"))

    new = SqlStore(address)
    assert (new.versions(), new.table(1), new.upload_bytes("a")) == before
    upload = new.upload("a")
    assert upload is not None
    assert (upload.filename, upload.size, upload.plan) == ("file.csv", 4, "")
    assert revision(engine) == newest() != "0001"
    told = new.add_correction(NewCorrection("c1", "phone", "text"))
    assert new.publish(draft("b", settles=(told,)), expected_live=1) == 2
    assert new.corrections()[0].version == 2
    new.remember_address("key", FoundAddress(Point(39.0, -77.0)))
    assert new.address("key") == FoundAddress(Point(39.0, -77.0))


def test_opening_a_store_again_changes_nothing(address: str, engine: Engine) -> None:
    SqlStore(address).publish(draft("a"), expected_live=0)
    assert SqlStore(address).live_number() == 1
    assert revision(engine) == newest()


def test_a_newer_store_is_refused_with_a_sentence_and_left_alone(
    address: str, engine: Engine
) -> None:
    SqlStore(address).publish(draft("a"), expected_live=0)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9001'"))
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match=NEWER):
            SqlStore(address).publish(draft("b"), expected_live=1)
    assert revision(engine) == "9001"
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM versions")).scalar() == 1


def test_a_step_that_fails_leaves_the_store_as_it_was_and_the_next_try_succeeds(
    address: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = upgrade.command.upgrade

    def breaks_half_way(config: Any, _revision: str) -> None:
        real(config, "0001")
        raise OSError("made up")

    store = SqlStore(address)
    with monkeypatch.context() as patch:
        patch.setattr(upgrade.command, "upgrade", breaks_half_way)
        with pytest.raises(StoreUnavailable):
            store.live_number()
    assert tables(engine) == set()
    assert store.live_number() == 0
    assert tables(engine) == TABLES


@pytest.mark.parametrize("_round", range(3))
def test_processes_that_open_a_new_store_at_once_do_not_clash(address: str, _round: int) -> None:
    with ExitStack() as stack:
        openers = [stack.enter_context(process(look, address)) for _ in range(4)]
        for one in openers:
            assert one.line.recv() == "ready"
        for one in openers:
            one.line.send("go")
        assert [one.line.recv() for one in openers] == [0] * 4


def test_steps_are_not_written_to_the_log_nor_printed(
    sql_store: SqlStore, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level("INFO"):
        sql_store.live_number()
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")

"""Stores of every kind, each fresh for its test; PostgreSQL is a real server on loopback."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinics.adapters.memory import MemoryStore
from clinics.adapters.sql_store import SqlStore
from clinics.domain.ports import Store
from tests.postgres import PostgresServer, running_server

FIRST_MOMENT = dt.datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=dt.UTC)


class Ticks:
    """A clock that is a minute later each time it is read; `times` counts the readings."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dt.datetime:
        self.times += 1
        return FIRST_MOMENT + dt.timedelta(minutes=self.times - 1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "directory.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, sqlite_file: Path) -> str:
    """The address of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{sqlite_file}"
    return request.getfixturevalue("postgres_server").new_database()


@pytest.fixture
def sql_store(address: str) -> Iterator[SqlStore]:
    store = SqlStore(address)
    yield store
    store.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, sqlite_file: Path) -> Iterator[Store]:
    """A store with nothing in it, whose clock ticks in minutes from FIRST_MOMENT."""
    if request.param == "memory":
        yield MemoryStore(now=Ticks())
        return
    address = f"sqlite:///{sqlite_file}"
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres_server").new_database()
    made = SqlStore(address, now=Ticks())
    yield made
    made.close()

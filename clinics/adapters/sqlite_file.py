"""The file of a store in SQLite: how it is made, opened, and read where it cannot be written."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from clinics.domain.ports import StoreUnavailable

_CANNOT_WRITE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR_SHM")

C = TypeVar("C", bound=sqlite3.Connection)


class _ForReading(sqlite3.Connection):
    """A connection that can only read; `why` is what kept it from more."""

    why: sqlite3.OperationalError


def engine_of(file: Path, lock_seconds: float) -> Engine:
    """Open the file anew for each transaction, so that a file put in its place is seen."""

    def connect() -> sqlite3.Connection:
        connection = _connected(file, lock_seconds)
        connection.execute("PRAGMA foreign_keys = ON")
        # Text that was damaged on the disk is shown with U+FFFD; it must not hide all else.
        connection.text_factory = _text
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes the lock at once: one that reads first and then writes can be refused.
        writes = connection.get_execution_options().get("writes")
        opened = connection.connection.dbapi_connection
        if writes and isinstance(opened, _ForReading):
            raise opened.why
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def make_ready(file: Path, lock_seconds: float, *, create: bool) -> bool:
    """Let readers and a writer work at once; return False where the file can only be read.

    With `create` a file that is not there is made. Raises OSError, sqlite3.Error, and
    StoreUnavailable when another process holds the file for too long.
    """
    if create:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch()
    last_try = time.monotonic() + lock_seconds
    try:
        while not _uses_wal(file, lock_seconds):
            if time.monotonic() > last_try:
                raise StoreUnavailable
            time.sleep(0.02)
    except sqlite3.OperationalError as problem:
        if not _can_only_be_read(problem, file):
            raise
        return False
    return True


def _uses_wal(file: Path, lock_seconds: float) -> bool:
    """Turn the write-ahead log on; False while another process holds the file.

    SQLite answers at once, without the usual wait, when two processes ask for this together.
    """
    connection = sqlite3.connect(_uri(file, "mode=rw"), uri=True, timeout=lock_seconds)
    try:
        return bool(connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",))
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorname.startswith("SQLITE_BUSY"):
            return False
        raise
    finally:
        connection.close()


def _connected(file: Path, lock_seconds: float) -> sqlite3.Connection:
    """Open the file; where a log cannot be made beside it, only for reading.

    Even to read, SQLite makes the log's files anew. In a folder that may not be written to, or on
    a full disk, the versions could not be read either, and a start would show the bundled file.
    Nobody writes to such a file; should somebody else begin to, their log is seen the next time.
    """
    connection = _begun(_uri(file, "mode=rw"), lock_seconds, sqlite3.Connection)
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError as problem:
        connection.close()
        if not _can_only_be_read(problem, file):
            raise
        found = _begun(_uri(file, "mode=ro&immutable=1"), lock_seconds, _ForReading)
        found.why = problem
        return found
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begun(uri: str, lock_seconds: float, factory: type[C]) -> C:
    return sqlite3.connect(
        uri, uri=True, timeout=lock_seconds, isolation_level=None, factory=factory
    )


def _can_only_be_read(problem: sqlite3.OperationalError, file: Path) -> bool:
    """Return True if the file is whole without a log, and only the log cannot be made."""
    log = file.with_name(f"{file.name}-wal")
    try:
        is_whole = file.stat().st_size > 0 and not (log.exists() and log.stat().st_size)
    except OSError:
        return False
    return is_whole and problem.sqlite_errorname.startswith(_CANNOT_WRITE)


def _uri(file: Path, options: str) -> str:
    return f"file:{quote(str(file))}?{options}"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")

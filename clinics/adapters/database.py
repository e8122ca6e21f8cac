"""Connections to the database of the store: how they are made, begun, and how they fail."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from clinics.adapters.sqlite_file import engine_of, make_ready
from clinics.adapters.upgrade import bring_up_to_date, refuse_newer
from clinics.domain.ports import StoreUnavailable
from clinics.settings import database_address

log = logging.getLogger("clinics.store")

LOCK_SECONDS = 5
CONNECT_SECONDS = 5
STATEMENT_SECONDS = 15

_MEANWHILE = "Visitors go on with the last good version."
_FILE_TROUBLE = {
    "SQLITE_NOTADB": f"The store's file is damaged, or is not a store. {_MEANWHILE} "
    "Put a good copy of the file in its place.",
    "SQLITE_CORRUPT": f"The store's file is damaged. {_MEANWHILE} "
    "Put a good copy of the file in its place.",
    "SQLITE_READONLY": f"The store's file cannot be written to. {_MEANWHILE} "
    "Allow this program to write to the file, to those of its name beside it and to its folder.",
    "SQLITE_CANTOPEN": f"The store's file cannot be opened. {_MEANWHILE} "
    "See that the file is in its place, and that this program may read and write it.",
    "SQLITE_FULL": f"There is no room left on the disk for the store. {_MEANWHILE} "
    "Make room and try again.",
}
_FILE_TROUBLE["SQLITE_IOERR_SHMSIZE"] = _FILE_TROUBLE["SQLITE_FULL"]
NO_FOLDER = _FILE_TROUBLE["SQLITE_CANTOPEN"]
_SERVER_TROUBLE = {  # by the codes of PostgreSQL's manual, appendix A
    "25006": f"The store's server can only be read at the moment. {_MEANWHILE} "
    "Nothing was changed; see that the address is that of the server one may write to.",
    "53100": _FILE_TROUBLE["SQLITE_FULL"],
}


class Clash(StoreUnavailable):
    """What was written contradicts what somebody else wrote meanwhile."""


class Database:
    """One database, opened and brought up to date at first use; safe for many threads.

    Raises SettingsError for an address that cannot be used; afterwards every failure of the
    database is a StoreUnavailable, with the details in the log `clinics.store`.
    """

    def __init__(self, address: str) -> None:
        url = make_url(database_address(address))
        self._file = Path(str(url.database)) if url.drivername == "sqlite" else None
        self._engine = engine_of(self._file, LOCK_SECONDS) if self._file else _postgresql(url)
        self._password = str(url.password or "")
        self._opening = threading.Lock()
        self._is_open = False
        self._was_open = False
        self._trouble = ""

    @property
    def kind(self) -> str:
        """Return "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    def close(self) -> None:
        """Let go of connections that wait to be used again."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction that only reads."""
        with self._transaction(writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that writes, whole or not at all; raises Clash besides."""
        with self._transaction(writes=True) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give a transaction that only reads, in which nobody else's changes appear."""
        with self._transaction(writes=False) as connection:
            if self.kind == "postgresql":  # in SQLite each transaction is one
                isolation = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
                connection.exec_driver_sql(isolation)
            yield connection

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        with self._trouble_in_words():
            self._open()
            with self._engine.connect() as connection:
                connection.execution_options(writes=writes)
                with connection.begin():
                    if writes:
                        refuse_newer(connection)
                    yield connection
        self._answers_again()

    def _open(self) -> None:
        """Bring the store up to date, again after each trouble: another may stand in its place.

        A store that was there before is never made anew: it is gone, or was emptied.
        """
        if self._is_open:
            return
        # Whoever waits for another's attempt longer than for one of their own asks in vain.
        if not self._opening.acquire(timeout=LOCK_SECONDS):
            raise StoreUnavailable
        try:
            if self._is_open:
                return
            is_new = not self._was_open
            can_write = not self._file or make_ready(self._file, LOCK_SECONDS, create=is_new)
            bring_up_to_date(self._engine, may_be_new=is_new)
            self._is_open, self._was_open = can_write, True
        finally:
            self._opening.release()

    @contextmanager
    def _trouble_in_words(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as problem:
            raise Clash from problem
        except (SQLAlchemyError, sqlite3.Error, OSError) as problem:
            self._is_open = False
            self._log(problem)
            raise StoreUnavailable(_sentence(problem)) from problem

    def _log(self, problem: Exception) -> None:
        """Write the details down once, however often they are met before an answer comes.

        Only the first line: further ones may repeat what somebody wrote.
        """
        cause = problem.orig if isinstance(problem, DBAPIError) else problem
        details = f"{type(cause).__name__}: {str(cause).partition(chr(10))[0]}"
        if self._password:
            details = details.replace(self._password, "***")
        if details != self._trouble:
            self._trouble = details
            log.error("The store is not answering. %s", details)

    def _answers_again(self) -> None:
        if self._trouble:
            self._trouble = ""
            log.warning("The store answers again.")


def _postgresql(url: URL) -> Engine:
    """Connect over a network that may fail; works behind a pooler such as PgBouncer, too.

    A pooler refuses time limits in the connection's options and mixes up prepared statements: so
    the limits are set in each transaction, and nothing is prepared.
    """
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=4,
        pool_timeout=LOCK_SECONDS,
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": STATEMENT_SECONDS * 1000,
            "keepalives_idle": 30,
            "prepare_threshold": None,
        },
    )
    limits = (
        f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'; "
        f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(limits)

    return engine


def _sentence(problem: Exception) -> str:
    cause = problem.orig if isinstance(problem, DBAPIError) else problem
    if isinstance(cause, OSError):
        return NO_FOLDER
    code = getattr(cause, "sqlstate", None) or ""
    if code in _SERVER_TROUBLE:
        return _SERVER_TROUBLE[code]
    name = getattr(cause, "sqlite_errorname", "")  # also SQLITE_READONLY_DBMOVED and its like
    return next((said for code, said in _FILE_TROUBLE.items() if name.startswith(code)), "")

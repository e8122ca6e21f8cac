"""Bring the tables of a store up to date, once, whoever else starts at the same moment."""

from __future__ import annotations

import logging
import threading
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from clinics.domain.ports import StoreUnavailable

NEWER = (
    "The store was made by a newer version of this program, and this version cannot use it. "
    "Start the newer version again; until then visitors go on with the last good version."
)
EMPTIED = (
    "The store is empty, though it was not before. Visitors go on with the last good version. "
    "Put a good copy of the store in its place, or start the service again to begin with a new one."
)
NEWEST = "head"
LOCK = 4_207_411_923_005
"""The number of PostgreSQL's advisory lock that whoever upgrades must hold; any number would do."""

_one_at_a_time = threading.Lock()


def bring_up_to_date(engine: Engine, revision: str = NEWEST, *, may_be_new: bool = True) -> None:
    """Take the steps a store still needs, in one transaction.

    Raises StoreUnavailable if it is newer, and unless it `may_be_new` if it is empty.
    """
    config = _config()
    script = ScriptDirectory.from_config(config)
    with engine.begin() as connection:
        if not may_be_new and _revision(connection) is None:
            raise StoreUnavailable(EMPTIED)
        if _steps_needed(connection, script, revision) == 0:
            return
    # Alembic keeps the running upgrade in module globals, so threads take turns as well.
    with _one_at_a_time, engine.connect() as connection:
        connection.execution_options(writes=True)
        with connection.begin():
            _lock_out_other_processes(connection)
            if _steps_needed(connection, script, revision):
                config.attributes["connection"] = connection
                command.upgrade(config, revision)


def refuse_newer(connection: Connection) -> None:
    """Raise StoreUnavailable if a newer program has brought the store up to date meanwhile."""
    has = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if has is not None and has not in known_revisions():
        raise StoreUnavailable(NEWER)


@cache
def known_revisions() -> frozenset[str]:
    """Return every revision of the tables that this program knows."""
    script = ScriptDirectory.from_config(_config())
    return frozenset(step.revision for step in script.walk_revisions())


def newest_revision() -> str:
    """Return the revision that this program brings a store to."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    logging.getLogger("alembic").setLevel(logging.WARNING)  # each start would else log its steps
    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _steps_needed(connection: Connection, script: ScriptDirectory, revision: str) -> int:
    has = _revision(connection)
    steps = [step.revision for step in script.walk_revisions("base", revision)]  # newest first
    if has is None:
        return len(steps)
    if has not in known_revisions():
        raise StoreUnavailable(NEWER)
    return steps.index(has) if has in steps else 0


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _lock_out_other_processes(connection: Connection) -> None:
    """Wait for any other upgrade; in SQLite the transaction itself has done so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})

"""Write the whole store to one file, and read such a file back into an empty store.

The file depends on no database: gzip, then lines of JSON. The first names the format, the schema's
revision, the time and how many rows follow of each table; each other line is a table's name and
one row, with bytes in base64 and times in ISO 8601.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import gzip
import json
import os
import tempfile
import zlib
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Table, func, insert, select, text

from clinics.adapters import stored_rows
from clinics.adapters.database import Clash, Database
from clinics.adapters.schema import Packed, UtcTime, corrections, metadata
from clinics.adapters.upgrade import known_revisions, newest_revision
from clinics.domain.ports import BackupRefused

FORMAT = "clinic-directory-backup"
FORMAT_VERSION = 1
_TABLES = {table.name: table for table in metadata.sorted_tables}  # parents before children
_NOTHING = (
    "There is nothing in the store, so no backup was written. See that CLINICS_DATABASE_URL names "
    "the database that the service uses."
)
_NOT_EMPTY = (
    "The store is not empty, so nothing was restored. Name an empty database in "
    "CLINICS_DATABASE_URL, then run the command again."
)

_DAMAGE = (
    EOFError,
    zlib.error,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,  # brackets within brackets without an end
)

_MOST_BITS = 63
"""Of a whole number that either database can keep."""

_Row = tuple[Table, dict[str, Any]]


class Backups:
    """Backups of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, file: Path) -> Mapping[str, int]:
        """Write everything to a file, whole or not at all; return the number of rows by table.

        What was committed at one moment is in it. Raises BackupRefused, StoreUnavailable, Damaged
        for a row that cannot be read, and OSError for the file.
        """
        with contextlib.closing(self._lines()) as lines:
            first = next(lines)
            found: Mapping[str, int] = json.loads(first)["rows"]
            if not any(found.values()):
                raise BackupRefused(_NOTHING)
            with (
                _whole_or_nothing(file) as beside,
                gzip.open(beside, "wt", encoding="ascii") as out,
            ):
                for line in chain([first], lines):
                    out.write(f"{line}\n")
        return found

    def _lines(self) -> Generator[str, None, None]:
        """Yield the lines; a generator, so that trouble with the file is none of the store's."""
        with self._database.snapshot() as connection:
            yield json.dumps(
                {
                    "format": FORMAT,
                    "version": FORMAT_VERSION,
                    "schema": newest_revision(),
                    "made": dt.datetime.now(dt.UTC).isoformat(),
                    "rows": {name: _count(connection, table) for name, table in _TABLES.items()},
                }
            )
            for name, table in _TABLES.items():
                for row in _rows_of(connection, table):
                    yield json.dumps({name: row}, default=_plain)

    def restore(self, file: Path) -> Mapping[str, int]:
        """Fill the store, which must be empty, from a backup; return the number of rows by table.

        The whole file is checked before the store is opened, and written in one transaction.
        Raises BackupRefused, StoreUnavailable, and OSError for the file.
        """
        found = Counter(table.name for table, _ in _checked(file))
        try:
            with self._database.writing() as connection:
                _take(connection)
                for table, row in _checked(file):
                    connection.execute(insert(table).values(row))
                _go_on_counting(connection)
        except Clash as clash:  # rows that contradict each other
            raise BackupRefused(_damaged(file)) from clash
        return {name: found[name] for name in _TABLES}


@contextlib.contextmanager
def _whole_or_nothing(file: Path) -> Iterator[Path]:
    """Give a new file, for this user only, that takes the place of `file` once it is on disk."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    beside = Path(name)
    try:
        yield beside
        os.fsync(handle)
        beside.replace(file)
    finally:
        os.close(handle)
        beside.unlink(missing_ok=True)


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _rows_of(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """Yield rows one by one: a version can be large, and a damaged one is named."""
    [key] = table.primary_key.columns
    for [id] in connection.execute(select(key).order_by(key)).all():
        with stored_rows.reading_back(f"Row {id} of the table “{table.name}”"):
            row = connection.execute(select(table).where(key == id)).one()
        yield dict(row._mapping)


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(type(value).__name__)


def _checked(file: Path) -> Iterator[_Row]:
    """Yield table and values of each row; raises BackupRefused for what is not a whole backup."""
    try:
        with gzip.open(file, "rt", encoding="ascii") as lines:
            expected = _expected(file, next(lines, ""))
            found: Counter[str] = Counter()
            for line in lines:
                [(name, row)] = json.loads(line).items()
                found[name] += 1
                yield _TABLES[name], _values(_TABLES[name], row)
            if found != Counter(expected):
                raise ValueError
    except gzip.BadGzipFile as problem:
        raise BackupRefused(_foreign(file)) from problem
    except _DAMAGE as problem:
        raise BackupRefused(_damaged(file)) from problem


def _expected(file: Path, first: str) -> dict[str, int]:
    """Return how many rows follow by table; raises BackupRefused for another program's file."""
    try:
        head = json.loads(first)
        is_ours = head["format"] == FORMAT
    except (ValueError, TypeError, LookupError):
        is_ours = False
    if not is_ours:
        raise BackupRefused(_foreign(file))
    if head["version"] > FORMAT_VERSION or head["schema"] not in known_revisions():
        raise BackupRefused(
            f"{file.name} was made by a newer version of this program, so nothing was restored. "
            "Restore it with that version."
        )
    return dict(head["rows"])


def _foreign(file: Path) -> str:
    return f"{file.name} is not a backup of the clinic directory, so nothing was restored."


def _damaged(file: Path) -> str:
    return f"{file.name} is cut short or damaged, so nothing was restored. Use another backup."


def _values(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row's columns take; raises KeyError for one that is unknown or missing.

    A column that was added since the backup was made must have a default.
    """
    missing = {c.name for c in table.c if not (c.nullable or c.default or c.name in row)}
    if missing:
        raise KeyError(missing)
    return {name: _read(table.c[name], value) for name, value in row.items()}


def _read(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UtcTime):
        return dt.datetime.fromisoformat(value)
    if isinstance(column.type, Packed):
        return base64.b64decode(value, validate=True)
    is_large = isinstance(value, int) and value.bit_length() > _MOST_BITS
    if is_large or not isinstance(value, (str, int, float)):
        raise ValueError(column.name)
    return value


def _take(connection: Connection) -> None:
    """Keep others from writing, and raise BackupRefused unless the store is empty."""
    if connection.dialect.name == "postgresql":  # SQLite lets one write at a time anyway
        names = ", ".join(_TABLES)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
    if any(_count(connection, table) for table in _TABLES.values()):
        raise BackupRefused(_NOT_EMPTY)


def _go_on_counting(connection: Connection) -> None:
    """Let the next correction have a number of its own; SQLite sees to that itself."""
    last = connection.execute(select(func.max(corrections.c.id))).scalar()
    if last and connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(corrections.name, "id")
        connection.execute(select(func.setval(sequence, last)))

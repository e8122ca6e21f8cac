"""The tables of the store as they are now, and how values are kept in them.

How an older store comes to
these tables is in the migrations, and a test holds both to the same shape.
"""

from __future__ import annotations

import datetime as dt
import zlib

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

from clinics.adapters.stored_text import storable


class UtcTime(TypeDecorator[dt.datetime]):
    """A moment: kept and given in UTC, also by a database that knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: dt.datetime | None, _dialect: Dialect
    ) -> dt.datetime | None:
        """Turn a moment into UTC."""
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, _dialect: Dialect
    ) -> dt.datetime | None:
        """Give a moment in UTC; what comes without a zone was kept in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Words(TypeDecorator[str]):
    """Text for people, without the few characters that no database takes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Replace what cannot be kept."""
        return None if value is None else storable(value)


class Packed(TypeDecorator[bytes]):
    """Bytes, kept compressed and given back exactly; raises zlib.error if they were damaged."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, _dialect: Dialect) -> bytes | None:
        """Compress."""
        return None if value is None else zlib.compress(value)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> bytes | None:
        """Decompress; zlib's own checksum tells damage."""
        return None if value is None else zlib.decompress(value)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

uploads = Table(
    "uploads",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("filename", Words, nullable=False),
    Column("received", UtcTime, nullable=False),
    Column("size", Integer, nullable=False),
    Column("data", Packed, nullable=False),
    Column("plan", Words, nullable=False, default="", server_default=""),
)

# `number` is one more than the version that was live, so that of two publishers who saw the same
# live version the database itself lets one through. The large columns stand last: SQLite reads a
# row from its beginning, and a list of versions never gets as far as the tables.
versions = Table(
    "versions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", Words, nullable=False, unique=True),
    Column("published", UtcTime, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("who", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("clinics", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
    Column("upload_sha256", String(64), ForeignKey("uploads.sha256"), index=True),
    Column("restored_from", Integer),
    Column("report", Packed, nullable=False),
    Column("table", Packed, nullable=False),
    CheckConstraint("number >= 0", name="number_counts_up"),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("clinic_id", Words, nullable=False, index=True),
    Column("kind", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("received", UtcTime, nullable=False),
    Column("status", String(20), nullable=False),
    Column("handled", UtcTime),
    Column("who", Words, nullable=False, default=""),
    Column("reason", Words, nullable=False, default=""),
    Column("version", Integer, ForeignKey("versions.number")),
    Index("ix_corrections_status", "status"),
    sqlite_autoincrement=True,
)

addresses = Table(
    "addresses",
    metadata,
    Column("key", Words, primary_key=True),
    Column("found", UtcTime, nullable=False),
    Column("lat", Double),
    Column("lon", Double),
)

# A few texts that serve all keepers, such as the link that was used last.
texts = Table(
    "texts",
    metadata,
    Column("key", Words, primary_key=True),
    Column("changed", UtcTime, nullable=False),
    Column("value", Words, nullable=False),
)

# What public sources say otherwise. What was rejected stays, so that it never comes back.
proposals = Table(
    "proposals",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("source", Words, nullable=False, index=True),
    Column("clinic_id", Words, nullable=False),
    Column("field", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),
    Column("decision", String(20), nullable=False),
    Column("handled", UtcTime),
    Column("who", Words, nullable=False, default=""),
    Column("reason", Words, nullable=False, default=""),
)

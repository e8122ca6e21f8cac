"""The store of versions and all that goes with them, in SQLite or PostgreSQL."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from clinics.adapters import stored_rows
from clinics.adapters.database import Clash, Database
from clinics.adapters.schema import addresses, corrections, proposals, texts, uploads, versions
from clinics.adapters.stored_text import FILE_GONE, storable
from clinics.domain.model import Point
from clinics.domain.ports import (
    Correction,
    CorrectionStatus,
    Damaged,
    Draft,
    FoundAddress,
    LiveMoved,
    NewCorrection,
    StoreUnavailable,
    Upload,
    VersionRecord,
)
from clinics.domain.sources import Decision, Proposal, Proposed

_log = logging.getLogger("clinics.store")

T = TypeVar("T")
_Made = Callable[[Row[Any]], T]

_AT_ONCE = 500
"""So many keys go into one question."""

_UPLOAD = (uploads.c.sha256, uploads.c.filename, uploads.c.received, uploads.c.size, uploads.c.plan)
_UNUSED = uploads.c.sha256.not_in(
    select(versions.c.upload_sha256).where(versions.c.upload_sha256.is_not(None))
)
_VERSION = tuple(column for column in versions.c if column.name not in ("key", "report", "table"))


def utc_now() -> dt.datetime:
    """Return the present moment in UTC."""
    return dt.datetime.now(dt.UTC)


class SqlStore:
    """A Store in a database; `address` is as in the setting CLINICS_DATABASE_URL.

    Raises SettingsError for an address that cannot be used.
    """

    def __init__(self, address: str, now: Callable[[], dt.datetime] = utc_now) -> None:
        self._database = Database(address)
        self._now = now
        self._left_out: set[str] = set()
        # Both databases know ON CONFLICT; the package has a word for it in each one's dialect.
        is_sqlite = self._database.kind == "sqlite"
        self._insert: Callable[[Table], sqlite.Insert | postgresql.Insert] = (
            sqlite.insert if is_sqlite else postgresql.insert
        )

    def close(self) -> None:
        """Let go of open connections; the store can still be used."""
        self._database.close()

    def live_number(self) -> int:
        """Return the number of the newest version; 0 when nothing was ever published."""
        row = self._row(select(func.max(versions.c.number)))
        return int(row[0]) if row and row[0] is not None else 0

    def stage(self, data: bytes, filename: str, plan: str = "") -> Upload:
        """Keep the bytes of an upload; the same bytes twice are one upload, the first."""
        sha256 = hashlib.sha256(data).hexdigest()
        kept = self.upload(sha256)
        if kept:
            return kept
        row = {"sha256": sha256, "filename": filename, "received": self._now(), "size": len(data)}
        row["plan"] = plan
        with self._database.writing() as connection:
            connection.execute(
                self._insert(uploads).values(**row, data=data).on_conflict_do_nothing()
            )
            found = connection.execute(select(*_UPLOAD).where(uploads.c.sha256 == sha256)).one()
        return Upload(**found._mapping)

    def upload(self, sha256: str) -> Upload | None:
        """Return what is known of an upload, or None."""
        with stored_rows.reading_back("What is known of an uploaded file"):
            row = self._row(select(*_UPLOAD).where(uploads.c.sha256 == storable(sha256)))
        return Upload(**row._mapping) if row else None

    def upload_bytes(self, sha256: str) -> bytes | None:
        """Return the bytes of an upload exactly as received, or None."""
        query = select(uploads.c.data).where(uploads.c.sha256 == storable(sha256))
        return self._bytes(query, "An uploaded file")

    def forget_uploads(self, received_before: dt.datetime) -> int:
        """Drop uploads older than this that no version was made from; return how many."""
        return self._drop(uploads.c.received < received_before)

    def forget_upload(self, sha256: str) -> bool:
        """Drop one upload that no version was made from; return False where there is none."""
        return self._drop(uploads.c.sha256 == storable(sha256)) == 1

    def _drop(self, which: ColumnElement[bool]) -> int:
        try:
            with self._database.writing() as connection:
                return connection.execute(delete(uploads).where(which, _UNUSED)).rowcount
        except Clash:
            return 0  # one of them is being published at this moment; the next call drops the rest

    def unpublished_bytes(self) -> int:
        """Return how many bytes all uploads have that no version was made from."""
        row = self._row(select(func.sum(uploads.c.size)).where(_UNUSED))
        return int(row[0] or 0) if row else 0

    def unpublished(self) -> tuple[Upload, ...]:
        """Return the uploads that no version was made from, the latest first."""
        order = (uploads.c.received.desc(), uploads.c.sha256)
        with (
            stored_rows.reading_back("The list of uploaded files"),
            self._database.reading() as connection,
        ):
            rows = connection.execute(select(*_UPLOAD).where(_UNUSED).order_by(*order)).all()
        return tuple(Upload(**row._mapping) for row in rows)

    def publish(self, draft: Draft, *, expected_live: int, base: Draft | None = None) -> int:
        """Make a draft the next version in one transaction, and return its number.

        The same `key` again returns the number it already has. `base` is kept as version 0 when
        nothing was published before. Raises LiveMoved when `expected_live` is not live any more.
        Corrections it settles that are not waiting any more stay as they are.
        """
        try:
            with self._database.writing() as connection:
                number = _number_or_moved(connection, draft, expected_live)
                if number is None:
                    number = self._add(connection, draft, expected_live, base)
                return number
        except Clash as clash:  # somebody else took the number, or the key, a moment before
            with self._database.reading() as connection:
                number = _number_or_moved(connection, draft, expected_live)
            if number is None:
                raise StoreUnavailable(FILE_GONE) from clash
            return number

    def _add(self, connection: Connection, draft: Draft, live: int, base: Draft | None) -> int:
        moment, number = self._now(), live + 1
        is_first = connection.execute(select(func.count()).select_from(versions)).scalar() == 0
        if base and is_first:
            connection.execute(insert(versions).values(stored_rows.version_values(base, 0, moment)))
        connection.execute(
            insert(versions).values(stored_rows.version_values(draft, number, moment))
        )
        if draft.settles:
            accepted = {"who": draft.who, "handled": moment, "version": number}
            connection.execute(
                update(corrections)
                .where(
                    corrections.c.id.in_([id for id in draft.settles if stored_rows.fits(id)]),
                    corrections.c.status == CorrectionStatus.WAITING.value,
                )
                .values(status=CorrectionStatus.ACCEPTED.value, **accepted)
            )
        return number

    def versions(self, *, limit: int = 50, before: int | None = None) -> tuple[VersionRecord, ...]:
        """Return versions, newest first; with `before` only those of a smaller number."""
        query = select(*_VERSION).order_by(versions.c.number.desc()).limit(max(limit, 0))
        if before is not None:
            query = query.where(versions.c.number < max(0, min(before, stored_rows.LARGEST_NUMBER)))
        return self._list(query, versions.c.number, stored_rows.version_of, "Version")

    def version(self, number: int) -> VersionRecord | None:
        """Return one version, or None."""
        if not stored_rows.fits(number):
            return None
        with stored_rows.reading_back(f"Version {number}"):
            row = self._row(select(*_VERSION).where(versions.c.number == number))
            return stored_rows.version_of(row) if row else None

    def table(self, number: int) -> bytes | None:
        """Return the whole directory of a version as CSV in our own columns, or None."""
        if not stored_rows.fits(number):
            return None
        query = select(versions.c.table).where(versions.c.number == number)
        return self._bytes(query, f"Version {number}")

    def report(self, number: int) -> str:
        """Return the report a version was published with, as JSON; "" without one."""
        if not stored_rows.fits(number):
            return ""
        query = select(versions.c.report).where(versions.c.number == number)
        kept = self._bytes(query, f"The report of version {number}")
        return (kept or b"").decode("utf-8")

    def add_correction(self, new: NewCorrection) -> int:
        """Keep a correction as waiting, and return its id."""
        row = {
            "clinic_id": new.clinic_id,
            "kind": new.kind,
            "text": new.text,
            "source": new.source,
            "received": self._now(),
            "status": CorrectionStatus.WAITING.value,
        }
        with self._database.writing() as connection:
            done = connection.execute(insert(corrections).values(**row).returning(corrections.c.id))
            return int(done.scalar_one())

    def corrections(
        self, status: CorrectionStatus | None = None, clinic_id: str = ""
    ) -> tuple[Correction, ...]:
        """Return corrections, oldest first, of one status or clinic if given."""
        query = select(corrections).order_by(corrections.c.id)
        if status is not None:
            query = query.where(corrections.c.status == status.value)
        if clinic_id:
            query = query.where(corrections.c.clinic_id == clinic_id)
        return self._list(query, corrections.c.id, stored_rows.correction_of, "Correction")

    def reject_correction(self, id: int, who: str, reason: str) -> bool:
        """Reject a waiting correction; return False when it is not waiting any more."""
        if not stored_rows.fits(id):
            return False
        waiting = (corrections.c.id == id, corrections.c.status == CorrectionStatus.WAITING.value)
        change = {"who": who, "reason": reason, "handled": self._now()}
        with self._database.writing() as connection:
            done = connection.execute(
                update(corrections)
                .where(*waiting)
                .values(status=CorrectionStatus.REJECTED.value, **change)
            )
            return done.rowcount == 1

    def address(self, key: str) -> FoundAddress | None:
        """Return what an earlier look-up of a listing's address gave, or None."""
        row = self._row(select(addresses.c.lat, addresses.c.lon).where(addresses.c.key == key))
        if row is None:
            return None
        return FoundAddress(None if row.lat is None else Point(row.lat, row.lon))

    def remember_address(self, key: str, found: FoundAddress) -> None:
        """Keep what a look-up of a listing's address gave."""
        lat, lon = (found.point.lat, found.point.lon) if found.point else (None, None)
        values = {"found": self._now(), "lat": lat, "lon": lon}
        statement = self._insert(addresses).values(key=key, **values)
        with self._database.writing() as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=[addresses.c.key], set_=values)
            )

    def proposals(self, source: str = "") -> tuple[Proposal, ...]:
        """Return everything that sources ever proposed, or one of them, the oldest first."""
        query = select(proposals).order_by(proposals.c.first_seen, proposals.c.key)
        if source:
            query = query.where(proposals.c.source == source)
        return self._list(query, proposals.c.key, stored_rows.proposal_of, "Proposal")

    def propose(self, found: Sequence[Proposed]) -> None:
        """Keep what a source proposes now; what was rejected or accepted stays so."""
        if not found:
            return
        now = self._now()
        begun = {"first_seen": now, "last_seen": now, "decision": Decision.PENDING.value}
        rows = [{**asdict(one), **begun, "who": "", "reason": ""} for one in found]
        statement = self._insert(proposals)
        was, new = proposals.c, statement.excluded
        rejected, accepted = Decision.REJECTED.value, Decision.ACCEPTED.value
        stays = (was.decision == rejected) | (was.decision == accepted)
        statement = statement.on_conflict_do_update(
            index_elements=[was.key],
            set_={
                "body": new.body,
                "last_seen": new.last_seen,
                "decision": case((stays, was.decision), else_=new.decision),
                "first_seen": case(
                    (was.decision == Decision.DONE.value, new.first_seen), else_=was.first_seen
                ),
            },
        )
        with self._database.writing() as connection:
            connection.execute(statement, rows)

    def decide(
        self, keys: Sequence[str], decision: Decision, who: str = "", reason: str = ""
    ) -> int:
        """Say what becomes of proposals; return of how many that differs from before."""
        if not keys:
            return 0
        values = {"decision": decision.value, "who": who, "reason": reason, "handled": self._now()}
        with self._database.writing() as connection:
            return sum(
                connection.execute(
                    update(proposals)
                    .where(
                        proposals.c.key.in_(keys[first : first + _AT_ONCE]),
                        proposals.c.decision != decision.value,
                    )
                    .values(**values)
                ).rowcount
                for first in range(0, len(keys), _AT_ONCE)
            )

    def remembered(self, key: str) -> str:
        """Return what is kept under a key for keepers, "" where nothing is."""
        row = self._row(select(texts.c.value).where(texts.c.key == key))
        return str(row.value) if row else ""

    def remember(self, key: str, value: str) -> None:
        """Keep a text under a key in place of what was there; "" forgets it."""
        values = {"changed": self._now(), "value": value}
        with self._database.writing() as connection:
            if not value:
                connection.execute(delete(texts).where(texts.c.key == key))
                return
            connection.execute(
                self._insert(texts)
                .values(key=key, **values)
                .on_conflict_do_update(index_elements=[texts.c.key], set_=values)
            )

    def _list(
        self, query: Select[Any], key: Column[Any], made: _Made[T], what: str
    ) -> tuple[T, ...]:
        """Return what rows hold, without those that are damaged; each of these is logged once."""
        try:
            with stored_rows.reading_back(what):
                return tuple(made(row) for row in self._rows(query))
        except Damaged:  # the rows came together; one by one they tell which it is
            numbers = [row[0] for row in self._rows(query.with_only_columns(key))]
            found = (self._one(query.where(key == n), made, f"{what} {n}") for n in numbers)
            return tuple(one for one in found if one is not None)

    def _one(self, query: Select[Any], made: _Made[T], what: str) -> T | None:
        try:
            with stored_rows.reading_back(what):
                row = self._row(query)
                return made(row) if row else None
        except Damaged as problem:
            if what not in self._left_out:
                self._left_out.add(what)
                _log.error("%s", problem)
            return None

    def _rows(self, query: Select[Any]) -> list[Row[Any]]:
        with self._database.reading() as connection:
            return list(connection.execute(query).all())

    def _row(self, query: Select[Any]) -> Row[Any] | None:
        with self._database.reading() as connection:
            return connection.execute(query).one_or_none()

    def _bytes(self, query: Select[Any], what: str) -> bytes | None:
        with stored_rows.reading_back(what):
            row = self._row(query)
        return bytes(row[0]) if row else None


def _number_or_moved(connection: Connection, draft: Draft, expected_live: int) -> int | None:
    """Return the number a draft has already, or None; raises LiveMoved."""
    # In this order: what is committed between the two questions must not hide our own key.
    live = connection.execute(select(func.max(versions.c.number))).scalar() or 0
    known = select(versions.c.number).where(versions.c.key == draft.key)
    number = connection.execute(known).scalar_one_or_none()
    if number is not None:
        return int(number)
    if live != expected_live:
        raise LiveMoved(live)
    return None

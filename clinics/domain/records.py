"""What the store keeps: uploads, versions, corrections, addresses found. Frozen.

Owns the shapes; must not know how or where they are stored.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from clinics.domain.model import Point


class Change(StrEnum):
    """How a version came to be."""

    BUNDLED = "bundled"
    PUBLISH = "publish"
    EDIT = "edit"
    CORRECTION = "correction"
    RESTORE = "restore"


class CorrectionStatus(StrEnum):
    """What became of a correction."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was received: its bytes are kept under their SHA-256 and never change."""

    sha256: str
    filename: str
    received: dt.datetime
    size: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A version before it has a number: the whole directory, and what is said of it.

    `table` is the whole directory as CSV in our own columns (UTF-8). Two drafts with the same
    `key` are the same version. `report` is JSON in the shape of `validate --format json`.
    `settles` are the corrections that this version accepts.
    """

    key: str
    kind: Change
    who: str
    note: str
    table: bytes
    clinics: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    upload_sha256: str = ""
    report: str = ""
    restored_from: int | None = None
    settles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """One published version, without its table; `published` is UTC."""

    number: int
    published: dt.datetime
    kind: Change
    who: str
    note: str
    clinics: int
    added: int
    changed: int
    removed: int
    upload_sha256: str = ""
    restored_from: int | None = None


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """What somebody says is wrong with a listing. Nothing about who says it."""

    clinic_id: str
    kind: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction in the queue, or handled; times are UTC."""

    id: int
    clinic_id: str
    kind: str
    text: str
    source: str
    received: dt.datetime
    status: CorrectionStatus
    handled: dt.datetime | None = None
    who: str = ""
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """What a look-up of a listing's address gave; no point means that there is no such address."""

    point: Point | None

"""Rows of the store's tables and the records they hold, there and back."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Row

from clinics.adapters.stored_text import storable
from clinics.domain.ports import Change, Correction, CorrectionStatus, Damaged, Draft, VersionRecord
from clinics.domain.sources import Decision, Proposal

LARGEST_NUMBER = 2**31 - 1
"""The largest number a column of the store holds; no version or correction has a larger one."""


def fits(number: int) -> bool:
    """Return True if a version or a correction can have this number."""
    return 0 <= number <= LARGEST_NUMBER


@contextmanager
def reading_back(what: str) -> Iterator[None]:
    """Raise Damaged, which names `what` is read, where it is not what was once written."""
    try:
        yield
    except (ValueError, TypeError, zlib.error) as problem:
        raise Damaged(what) from problem


def version_values(draft: Draft, number: int, published: dt.datetime) -> dict[str, object]:
    """Return the row that a draft becomes as a version."""
    values: dict[str, object] = {
        name: getattr(draft, name) for name in Draft.__dataclass_fields__ if name != "settles"
    }
    return values | {
        "number": number,
        "published": published,
        "kind": draft.kind.value,
        "upload_sha256": draft.upload_sha256 or None,
        "report": storable(draft.report).encode("utf-8"),
    }


def version_of(row: Row[Any]) -> VersionRecord:
    """Return the record of a version's row; raises ValueError or TypeError for a damaged one."""
    values = dict(row._mapping)
    values["kind"] = Change(values["kind"])
    values["upload_sha256"] = values["upload_sha256"] or ""
    for name in ("clinics", "added", "changed", "removed"):
        values[name] = _count(values[name])
    return VersionRecord(**values)


def correction_of(row: Row[Any]) -> Correction:
    """Return the correction of a row; raises ValueError for a damaged one."""
    return Correction(**{**row._mapping, "status": CorrectionStatus(row.status)})


def proposal_of(row: Row[Any]) -> Proposal:
    """Return the proposal of a row; raises ValueError for a damaged one."""
    return Proposal(**{**row._mapping, "decision": Decision(row.decision)})


def _count(value: object) -> int:
    """Return a count: SQLite keeps anything in a column of numbers."""
    if isinstance(value, int):
        return value
    raise TypeError(f"A count is a whole number; it is {type(value).__name__}.")

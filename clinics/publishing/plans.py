"""What a staged file is for: how it came, the version it was made from, what it settles."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import Any

from clinics.domain.ports import Change
from clinics.intake.column_names import Matching
from clinics.publishing.merge import ADD, REPLACE


@dataclass(frozen=True, slots=True)
class Plan:
    """What a staged file is for, so that whoever comes back to it goes on as it was begun.

    `based_on` is the version that a change was made from. What was not staged `by_keeper` is not
    listed among the drafts. `mode` is what the file was said to be, "" where nobody has said it,
    `sheet` which one of a workbook is meant, and `matching` what was said of its columns.
    """

    kind: Change = Change.PUBLISH
    based_on: int | None = None
    settles: tuple[int, ...] = ()
    by_keeper: bool = True
    mode: str = ""
    sheet: str = ""
    matching: Matching | None = None


MODES = {REPLACE: "the whole directory", ADD: "only new and changed listings"}
"""What a file may be said to be, in words."""

A_FILE = Plan()
"""A file that a keeper has chosen."""


def as_text(plan: Plan) -> str:
    """Return a plan as the store keeps it."""
    return json.dumps(asdict(plan), default=str)


def from_text(text: str) -> Plan:
    """Return what the store kept; a file that was staged without a plan is a file as any other."""
    try:
        found = json.loads(text)
        based_on = found["based_on"]
        return Plan(
            Change(found["kind"]),
            None if based_on is None else int(based_on),
            tuple(map(int, found["settles"])),
            bool(found["by_keeper"]),
            str(found.get("mode", "")),
            str(found.get("sheet", "")),
            _matching(found.get("matching")),
        )
    except (ValueError, TypeError, LookupError):
        return A_FILE


def matching_text(matching: Matching) -> str:
    """Return what was said of columns as the store keeps it."""
    return json.dumps(asdict(matching), default=str)


def matching_of(text: str) -> Matching | None:
    """Return what the store kept of columns; None for nothing, or what cannot be read any more."""
    try:
        return _matching(json.loads(text))
    except (ValueError, TypeError, LookupError):
        return None


def _matching(found: dict[str, Any] | None) -> Matching | None:
    if not found:
        return None
    day = found["day"]
    columns = tuple((str(name), str(column)) for name, column in found["columns"])
    return Matching(columns, dt.date.fromisoformat(day) if day else None)

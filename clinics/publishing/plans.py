"""What a staged file is for: how it came, the version it was made from, what it settles."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from clinics.domain.ports import Change
from clinics.publishing.merge import ADD, REPLACE


@dataclass(frozen=True, slots=True)
class Plan:
    """What a staged file is for, so that whoever comes back to it goes on as it was begun.

    `based_on` is the version that a change was made from. What was not staged `by_keeper` is not
    listed among the drafts. `mode` is what the file was said to be, "" where nobody has said it,
    and `sheet` which one of a workbook is meant.
    """

    kind: Change = Change.PUBLISH
    based_on: int | None = None
    settles: tuple[int, ...] = ()
    by_keeper: bool = True
    mode: str = ""
    sheet: str = ""


MODES = {REPLACE: "the whole directory", ADD: "only new and changed listings"}
"""What a file may be said to be, in words."""

A_FILE = Plan()
"""A file that a keeper has chosen."""


def as_text(plan: Plan) -> str:
    """Return a plan as the store keeps it."""
    return json.dumps(asdict(plan))


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
        )
    except (ValueError, TypeError, LookupError):
        return A_FILE

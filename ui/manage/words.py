"""The words of the keeper's pages that more than one of them uses."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from clinics.domain.language import say
from clinics.domain.ports import Change, Upload, VersionRecord
from clinics.domain.words import day
from clinics.publishing.diff import Review
from clinics.publishing.plans import MODES, Plan
from ui import resources

KINDS = {
    Change.BUNDLED: "came with the service",
    Change.PUBLISH: "a file",
    Change.EDIT: "listings mended",
    Change.CORRECTION: "a correction",
    Change.RESTORE: "an old version restored",
}


def changes(review: Review) -> str:
    """Say in a few words what a review found: "3 new, 1 changed, 2 taken out"."""
    return changed(len(review.added), len(review.changed), len(review.gone))


def changed(added: int, changed: int, removed: int) -> str:
    """Say in a few words how many listings are new, changed and taken out."""
    counts = {
        "about.changed_new": added,
        "about.changed_changed": changed,
        "about.changed_removed": removed,
    }
    found = [say(id, n=count) for id, count in counts.items() if count]
    return ", ".join(found) or say("about.changed_none")


def when(moment: dt.datetime) -> str:
    """Say a moment by the clock of the directory's area: "23 November 2026, 14:05"."""
    here = moment.astimezone(ZoneInfo(resources.bundled().site.time_zone))
    return f"{day(here.date())}, {here:%H:%M}"


def draft(upload: Upload, plan: Plan) -> str:
    """Say of a waiting file what it is for and since when it waits."""
    said = [KINDS[plan.kind], MODES.get(plan.mode, ""), when(upload.received)]
    return ", ".join(filter(None, said))


def version(record: VersionRecord) -> str:
    """Name a version in one line."""
    what = KINDS[record.kind]
    if record.restored_from is not None:
        what = f"version {record.restored_from} restored"
    return f"Version {record.number}: {when(record.published)}, {what}"

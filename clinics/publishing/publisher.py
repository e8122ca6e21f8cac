"""Stage, check, review, publish, restore: what keepers do with the directory as a whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from zoneinfo import ZoneInfo

import pandas as pd

from clinics.directory import Directory
from clinics.domain.ports import Change, Damaged, Draft, LiveMoved, Store, StoreUnavailable, Upload
from clinics.domain.words import counted
from clinics.intake.column_names import Matching, names_in
from clinics.intake.progress import Progress, no_progress
from clinics.intake.report import report_json
from clinics.intake.rules import Rules
from clinics.publishing import plans, snapshot
from clinics.publishing.access import Keeper
from clinics.publishing.candidate import (
    KEEP_UPLOADS,
    Candidate,
    NoSuchUpload,
    NotPublishable,
    hold_to_answers,
    make_candidate,
)
from clinics.publishing.change_log import (
    Complete,
    changes_csv,
    completeness_over_time,
    public_changes_csv,
)
from clinics.publishing.diff import Review, compare
from clinics.publishing.edits import checked_on, edited_table
from clinics.publishing.merge import REPLACE
from clinics.publishing.plans import A_FILE, Plan
from clinics.publishing.three_way import Choices
from clinics.publishing.workbook import as_xlsx
from clinics.search.dataset import Dataset

_log = logging.getLogger("clinics.publishing")

__all__ = ["Candidate", "NoSuchUpload", "NotPublishable", "Publisher"]

NOTE_LIMIT = 300
FILENAME_LIMIT = 100
FILES_OF_ANYBODY = 20
"""So many files of the largest size are kept unpublished before only a keeper may add to them."""

_TRIES = 5


class Publisher:
    """Makes versions out of uploads, edits and older versions. Safe to use from many threads.

    `directory` gives what is live, `bundled` is the directory as it is shipped (version 0),
    `rules` what files are checked against, and `is_valid` tells whether a keeper may publish.
    Every method raises StoreUnavailable when the store does not answer.
    """

    def __init__(
        self,
        store: Store,
        directory: Callable[[], Directory],
        bundled: Directory,
        rules: Callable[[], Rules],
        is_valid: Callable[[Keeper], bool],
        *,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._store = store
        self._directory = directory
        self._bundled = bundled
        self._rules = rules
        self._is_valid = is_valid
        self._now = now

    def stage(self, data: bytes, filename: str, plan: Plan = A_FILE) -> Upload:
        """Keep a file as it is, and forget uploads of long ago that were never published.

        `plan` says what it is for; of the same bytes again a keeper's last plan counts. Raises
        NotPublishable when it is larger than the limit, and when it is not by a keeper and as much
        is kept already as anybody may fill the store with.
        """
        most = self._rules().limits.max_bytes
        if len(data) > most:
            size = math.ceil(len(data) / 1e5) / 10  # rounded up: it is never the limit itself
            raise NotPublishable(
                f"The file has {size} MB; at most {most / 1e6:g} MB can be taken.",
                "Split it by state, and add the parts one after the other.",
            )
        # In this order: bytes that are offered again keep the day they first came.
        self._store.forget_uploads(self._now() - KEEP_UPLOADS)
        kept = 0 if plan.by_keeper else self._store.unpublished_bytes()
        if not plan.by_keeper and kept + len(data) > FILES_OF_ANYBODY * most:
            raise NotPublishable(
                "Many files were checked here lately, and no more can be kept.",
                "Sign in, or try again in some days.",
            )
        name, said = _plain_filename(filename), plans.as_text(plan)
        upload = self._store.stage(data, name, said)
        is_otherwise = plan.by_keeper and upload.plan != said
        if is_otherwise and self._store.forget_upload(upload.sha256):
            return self._store.stage(data, name, said)
        return upload

    def drafts(self) -> tuple[tuple[Upload, Plan], ...]:
        """Return what keepers, or programs in their place, staged and nobody has published."""
        self._store.forget_uploads(self._now() - KEEP_UPLOADS)
        found = ((upload, plans.from_text(upload.plan)) for upload in self._store.unpublished())
        return tuple((upload, plan) for upload, plan in found if upload.plan and plan.by_keeper)

    def forget(self, sha256: str, keeper: Keeper) -> Upload:
        """Drop a file that was never published, and return what it was.

        Raises NoSuchUpload, and NotPublishable for who is no keeper or a file of a version.
        """
        self._admit(keeper)
        upload = self._store.upload(sha256)
        if upload is None:
            raise NoSuchUpload
        if not self._store.forget_upload(sha256):
            raise NotPublishable("A version was made from this file, so it is kept.")
        _log.info("%s had a file forgotten that was not published.", keeper.name)
        return upload

    def bytes_of(self, sha256: str) -> bytes:
        """Return an upload exactly as it was received; raises NoSuchUpload."""
        data = self._store.upload_bytes(sha256)
        if data is None:
            raise NoSuchUpload
        return data

    def candidate(
        self,
        sha256: str,
        *,
        mode: str = REPLACE,
        good_rows_only: bool = False,
        based_on: int | None = None,
        sheet: str = "",
        edition: str | None = None,
        made_from: int | None = None,
        choices: Choices | None = None,
        matching: Matching | None = None,
        progress: Progress = no_progress,
    ) -> Candidate:
        """Check a staged file against the rules and what is live now; raises NoSuchUpload.

        `based_on` is the version that an edit was made from: one that holds an older version's
        cells would undo what was published since, so it is refused. `made_from` is that of a file,
        of which only what it changes counts; `choices` settle its conflicts. `edition` is the date
        of a federal file, "" where it is not known. `sheet` is the one of a workbook that is
        wanted. `matching` says what its columns are; else it is what was said of this file, or of
        one with the same header.
        """
        upload, data = self._store.upload(sha256), self.bytes_of(sha256)
        if upload is None:
            raise NoSuchUpload
        said = matching or plans.from_text(upload.plan).matching
        found = make_candidate(
            upload, data, self._rules(), self._live(), mode=mode, good_rows_only=good_rows_only,
            is_edit=based_on is not None, made_from=made_from, older=self.table_or_none,
            choices=choices, edition=edition, sheet=sheet, progress=progress,
            matched=lambda header: said or self.remembered(header),
        )  # fmt: skip
        if based_on is None or based_on == found.live:
            return found
        return replace(
            found,
            refusal=f"Version {found.live} was published after you began, and this would undo it. "
            "Begin again with what is live now.",
        )

    def remembered(self, header: Sequence[str]) -> Matching | None:
        """Return what a keeper said of the columns of a file with the same header, or None."""
        return plans.matching_of(self._store.remembered(layout_of(header)))

    def match(
        self, sha256: str, header: Sequence[str], columns: Mapping[str, str], keeper: Keeper
    ) -> Matching:
        """Keep what a keeper says of a file's columns, for it and all with the same header.

        Raises NotPublishable for a keeper who is not signed in, and NoSuchUpload.
        """
        self._admit(keeper)
        upload, data = self._store.upload(sha256), self.bytes_of(sha256)
        if upload is None:
            raise NoSuchUpload
        here = self._now().astimezone(ZoneInfo(self._bundled.site.time_zone))
        found = Matching(tuple(sorted(columns.items())), here.date())
        self._store.remember(layout_of(header), plans.matching_text(found))
        plan = replace(plans.from_text(upload.plan), matching=found, by_keeper=True)
        self.stage(data, upload.filename, plan)
        return found

    def publish(
        self,
        candidate: Candidate,
        keeper: Keeper,
        note: str = "",
        *,
        typed: int | None = None,
        acknowledged: bool = False,
        allowed: Collection[str] = (),
        kind: Change = Change.PUBLISH,
        settles: Sequence[int] = (),
    ) -> int:
        """Publish what was reviewed, in one transaction, and return the version's number.

        The same candidate again returns the same number. Raises NotPublishable, and LiveMoved
        when another version is live than the one it was compared with.
        """
        with _refusals_logged(keeper):
            self._admit(keeper)
            note = _checked_note(note)
            hold_to_answers(candidate, typed, acknowledged, allowed)
            draft = draft_of(kind, candidate.live, keeper, note, candidate.table, candidate.review)
            draft = replace(
                draft,
                upload_sha256=candidate.upload.sha256,
                report=report_json(candidate.report),
                settles=tuple(settles),
            )
            return self._publish(draft, candidate.live)

    def restore(self, number: int, keeper: Keeper, *, expected_live: int, note: str = "") -> int:
        """Make an older version's table the newest version, and return its number.

        Raises NotPublishable, and LiveMoved when another version is live than expected.
        """
        with _refusals_logged(keeper):
            self._admit(keeper)
            note = _checked_note(note)
            live, before = self._live()
            if live != expected_live:
                raise LiveMoved(live)
            table = self._table(number)
            self._hold_to_words(number, table)
            review = compare(before, table)
            if review.is_empty and not self._is_damaged(live):
                raise NotPublishable(
                    f"Version {number} is the same as what is live. There is nothing to restore."
                )
            record = self._store.version(number)
            draft = replace(
                draft_of(Change.RESTORE, live, keeper, note, table, review),
                restored_from=number,
                upload_sha256=record.upload_sha256 if record else "",
                report=self._store.report(number),
            )
            return self._publish(draft, live)

    def edited(
        self,
        changes: Mapping[str, Mapping[str, str]],
        remove: Collection[str] = (),
        add: Sequence[Mapping[str, str]] = (),
        *,
        by_keeper: bool = False,
    ) -> bytes:
        """Return the live table with cells changed, as a file to be staged like any other.

        `changes` has new cells by id and column; those `by_keeper` are said by a keeper today. A
        listing whose address changes without a new position is placed by its ZIP or town again.
        Raises NotPublishable for an id that is gone.
        """
        _, live = self._live()
        today = self._rules().today if by_keeper else None
        return snapshot.as_csv(edited_table(live, changes, remove, add, keeper_on=today))

    def confirm(self, ids: Collection[str], keeper: Keeper, today: dt.date) -> int:
        """Note that these listings were checked today and nothing changed; return the version.

        It is published at once. When all of them have that date already, nothing is made and
        the number is that of the live version. Raises NotPublishable for an id that is gone, and
        Damaged where the live version is: what it changed would be gone without a review.
        """
        self._admit(keeper)
        for _ in range(_TRIES):
            live, before = self._live(whole=True)
            table = checked_on(before, ids, today)
            review = compare(before, table)
            if review.is_empty:
                return live
            note = f"Checked, nothing changed: {counted(len(review.changed), 'listing')}."
            try:
                return self._publish(draft_of(Change.EDIT, live, keeper, note, table, review), live)
            except LiveMoved as moved:  # dates go onto whatever is live; nothing to review again
                last = moved
        raise last

    def difference(self, older: int, newer: int) -> Review:
        """Compare two versions; raises NotPublishable when there is no such version."""
        return compare(self._table(older), self._table(newer))

    def table(self, number: int) -> bytes:
        """Return a version as a file that can be uploaded again unchanged, and says its number.

        It begins with a byte order mark, without which Excel takes UTF-8 for something else.
        Raises NotPublishable when there is no such version.
        """
        return b"\xef\xbb\xbf" + snapshot.as_csv(self._table(number), made_from=number)

    def table_or_none(self, number: int) -> pd.DataFrame | None:
        """Return the table of a version, or None where it cannot be had."""
        try:
            return self._table(number)
        except (NotPublishable, Damaged):
            return None

    def changes(self) -> bytes:
        """Return what every version changed, as CSV, with its source and when it was decided."""
        text = changes_csv(self._store, self.table_or_none, self._bundled.vocabulary)
        return b"\xef\xbb\xbf" + text.encode()

    def public_changes(self) -> bytes:
        """Return what the newest versions changed for visitors, without what was taken out."""
        shown = self._directory().dataset.table
        found = public_changes_csv(self._store, self.table_or_none, self._bundled.vocabulary, shown)
        return found.encode()

    def completeness(self, most: int) -> tuple[Complete, ...]:
        """Return how complete the newest versions are, at most so many, the newest first."""
        return completeness_over_time(self._store, self.table_or_none, most)

    def workbook(self, number: int) -> bytes:
        """Return a version as an Excel workbook that can be uploaded again unchanged.

        Raises NotPublishable when there is no such version.
        """
        return as_xlsx(self._table(number), self._bundled.vocabulary, number)

    def _live(self, *, whole: bool = False) -> tuple[int, pd.DataFrame]:
        """Return the number and the table of the newest version, as the store has it now.

        Of one that is damaged the table is what visitors go on with, so that a next version can be
        made without mending the store by hand; or with `whole` it raises Damaged.
        """
        number, shown = self._store.live_number(), self._directory().dataset
        if shown.version.id == str(number):
            return number, shown.table
        try:
            return number, self._table(number)
        except Damaged:
            if whole:
                raise
            return number, shown.table

    def _is_damaged(self, number: int) -> bool:
        try:
            self._table(number)
        except Damaged:
            return True
        return False

    def _table(self, number: int) -> pd.DataFrame:
        data = self._store.table(number)
        if data is None and number == 0:
            return self._bundled.dataset.table
        if data is None:
            raise NotPublishable(f"There is no version {number}.", "Choose one from the history.")
        try:
            return snapshot.from_csv(data)
        except ValueError as problem:
            raise NotPublishable(f"Version {number} cannot be read. {problem}") from problem

    def _admit(self, keeper: Keeper) -> None:
        if not self._is_valid(keeper):
            raise NotPublishable("You are not signed in any more.", "Sign in, and try again.")

    def _hold_to_words(self, number: int, table: pd.DataFrame) -> None:
        fault = snapshot.fault(table, self._bundled.vocabulary)
        if fault:
            raise NotPublishable(
                f"Version {number} cannot be shown. {fault}",
                "Download it, mend it and upload it as a file.",
            )

    def _publish(self, draft: Draft, expected_live: int) -> int:
        base = None if expected_live else bundled_draft(self._bundled.dataset)
        number = self._store.publish(draft, expected_live=expected_live, base=base)
        if number == expected_live + 1:  # else it was published before
            _log.info(
                "%s made version %d live by %s: %d clinics, %d new, %d changed, %d gone.",
                draft.who, number, _how(draft), draft.clinics, draft.added, draft.changed,
                draft.removed,
            )  # fmt: skip
        return number


def layout_of(header: Sequence[str]) -> str:
    """Return the key of all headers with these column names, in whatever order and case."""
    return (
        "columns "
        + hashlib.sha256("\n".join(names_in(header)).encode("utf-8", "replace")).hexdigest()
    )


@contextmanager
def _refusals_logged(keeper: Keeper) -> Iterator[None]:
    try:
        yield
    except (NotPublishable, LiveMoved, StoreUnavailable) as problem:
        _log.info("What %s wanted to publish was refused: %s", keeper.name, problem)
        raise


def _how(draft: Draft) -> str:
    of = "" if draft.restored_from is None else f" of version {draft.restored_from}"
    return f"{draft.kind}{of}"


def _checked_note(note: str) -> str:
    note = " ".join(note.split())
    if len(note) > NOTE_LIMIT:
        raise NotPublishable(
            f"The note has {len(note)} characters; at most {NOTE_LIMIT} are kept.", "Shorten it."
        )
    return note


def _plain_filename(filename: str) -> str:
    """Return the last part of a file's name, without folders and control characters."""
    name = "".join(c for c in re.split(r"[/\\]", filename)[-1] if c.isprintable())
    return name.strip()[-FILENAME_LIMIT:] or "file.csv"


def draft_of(
    kind: Change, live: int, keeper: Keeper, note: str, table: pd.DataFrame, review: Review
) -> Draft:
    """Return a keeper's next version, made from what was live under the number `live`."""
    data = snapshot.as_csv(table)
    return Draft(
        key=_key(live, kind, data),
        kind=kind,
        who=keeper.name,
        note=note,
        table=data,
        clinics=len(table),
        added=len(review.added),
        changed=len(review.changed),
        removed=len(review.gone),
    )


def bundled_draft(dataset: Dataset) -> Draft:
    """Return version 0: the file that came with the service."""
    table = snapshot.as_csv(dataset.table)
    note = "The file that came with the service."
    return Draft(_key(0, Change.BUNDLED, table), Change.BUNDLED, "", note, table, len(dataset))


def _key(live: int, kind: Change, table: bytes) -> str:
    """Return what makes a second click the same version as the first."""
    return hashlib.sha256(f"{live}\n{kind}\n".encode() + table).hexdigest()

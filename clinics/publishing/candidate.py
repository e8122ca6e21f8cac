"""What a staged file would be as the next version, and what stands in its way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from clinics.domain.ports import Upload
from clinics.domain.words import counted, plural
from clinics.intake.check import OWN, Checked, check
from clinics.intake.duplicates import twins
from clinics.intake.notices import KINDS, Findings, Notice, Report, Severity, Stage
from clinics.intake.progress import DONE, Progress, no_progress, part_of
from clinics.intake.rules import Rules
from clinics.publishing import snapshot
from clinics.publishing.diff import Review, compare, is_over
from clinics.publishing.merge import REPLACE, merged

KEEP_UPLOADS = dt.timedelta(days=14)
"""How long an upload is kept that no version was made from."""

MANY_PERCENT = 10
"""Over this share of the live listings gone, or reached otherwise, is worth a warning."""

_CHECKED = 0.8
"""The share of the whole at which the file itself is checked."""

SAME = "This file is the same as what is live, so there is nothing to publish."


class NoSuchUpload(Exception):
    """The upload is not kept (any more); `str()` of it is a sentence with the next step."""

    def __init__(self) -> None:
        days = KEEP_UPLOADS.days
        super().__init__(
            f"This file is not kept any more: uploads that are not published go after {days} days. "
            "Upload it again."
        )


class NotPublishable(Exception):
    """Nothing was changed: `what` says why and `next_step` what to do; `str()` is both."""

    def __init__(self, what: str, next_step: str = "") -> None:
        self.what = what
        self.next_step = next_step
        super().__init__(f"{what} {next_step}".strip())


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A staged file compared with version `live`; `table` is the whole directory as it would be.

    `report` has what was found in the file and against the live data. `refusal` says why it
    cannot be published whatever the keeper answers, or is empty.
    """

    upload: Upload
    checked: Checked
    mode: str
    good_rows_only: bool
    live: int
    table: pd.DataFrame
    review: Review
    report: Report
    refusal: str

    @property
    def publishable(self) -> bool:
        """Return True if it can be published once the keeper has answered all questions."""
        return not self.refusal

    @property
    def warnings(self) -> int:
        """Count the warnings, which a keeper must have looked at."""
        return self.report.number_of(Severity.WARNING)

    @property
    def has_warnings(self) -> bool:
        """Return True if there is any warning."""
        return self.warnings > 0

    @property
    def is_same_as_live(self) -> bool:
        """Return True if only that nothing differs keeps it from being published."""
        return self.refusal == SAME

    @property
    def rows_left_out(self) -> tuple[int, ...]:
        """Return the rows that are left out, as the spreadsheet shows them.

        They come from the notices that were kept, so of a very bad file it is the first ones.
        """
        return tuple(sorted({n.row for n in _errors(self.report) if n.row is not None}))


def make_candidate(
    upload: Upload,
    data: bytes,
    rules: Rules,
    live: tuple[int, pd.DataFrame],
    *,
    mode: str = REPLACE,
    good_rows_only: bool = False,
    is_edit: bool = False,
    sheet: str = "",
    progress: Progress = no_progress,
) -> Candidate:
    """Check a file and compare it with the live version, given as its number and table.

    The answer depends on nothing else. A row with an error changes nothing: a listing of its id
    stays as it is live. Of an edit of the live table only the rows that were edited are spoken
    of, but for what is found across rows. `sheet` is the one of a workbook that is wanted.
    """
    number, before = live
    checked = check(data, rules, part_of(progress, 0, _CHECKED), sheet=sheet, live=before)
    progress(_CHECKED, "Comparing with what is live")
    table = merged(before, checked, mode)
    review = compare(before, table, left_out=checked.report.left_out)
    found = checked.report
    if is_edit:
        found = found.without(snapshot.untouched_rows(data, before), Stage.ROW)
    against_live = Findings(rules.limits.max_notices)
    _say_large_changes(review, len(before), against_live)
    if checked.layout == OWN:
        _say_like_live(checked, before, review, against_live)
    report = found.with_more(against_live.notices, against_live.counts)
    refusal = _refusal(report, checked, review, good_rows_only)
    progress(1.0, DONE)
    return Candidate(upload, checked, mode, good_rows_only, number, table, review, report, refusal)


def hold_to_answers(candidate: Candidate, typed: int | None, acknowledged: bool) -> None:
    """Raise NotPublishable unless a keeper has answered all that there is to answer."""
    if candidate.refusal:
        raise NotPublishable(candidate.refusal)
    if candidate.warnings and not acknowledged:
        raise NotPublishable(
            f"The file has {counted(candidate.warnings, 'warning')} that nobody has looked at.",
            f"Look at {plural(candidate.warnings, 'it', 'them')}, and say that you have.",
        )
    review = candidate.review
    if review.breaker and typed != review.number_to_type:
        has = "nothing was typed" if typed is None else f"{typed} was typed"
        raise NotPublishable(
            review.breaker, f"If that is right, type {review.number_to_type}; {has}."
        )


def _errors(report: Report) -> Iterator[Notice]:
    return (n for n in report.notices if n.severity is Severity.ERROR)


def _say_large_changes(review: Review, live: int, findings: Findings) -> None:
    found = {"clinics_disappear": len(review.gone), "many_change": review.reached_otherwise}
    for code, number in found.items():
        if is_over(MANY_PERCENT, number, live):
            findings.add(
                code, value=counted(number, "listing"), needs=f"{100 * number / live:.0f}%"
            )


def _say_like_live(
    checked: Checked, before: pd.DataFrame, review: Review, findings: Findings
) -> None:
    """Report new rows that may be live listings to which the file gives no row."""
    ids = checked.table["id"]
    is_new = ids.isin(review.added).to_numpy()
    new, live = checked.table[is_new], before[~before["id"].isin(ids)]
    rows = [row for row, kept in zip(checked.numbers, is_new, strict=True) if kept]
    for i, other in twins(snapshot.columns_of(new), snapshot.columns_of(live)).items():
        name, id = live["name"].iloc[other], live["id"].iloc[other]
        fix = f"If it is the same, write {id} into the column id, so that the row changes it."
        findings.add("clinic_like_live", rows[i], None, new["name"].iloc[i], f"“{name[:60]}”", fix)


def _refusal(report: Report, checked: Checked, review: Review, good_rows_only: bool) -> str:
    whole = next((n for n in _errors(report) if KINDS[n.code].stage < Stage.ROW), None)
    if whole:
        return f"{whole.message} This is about the whole file, so nothing of it can be published."
    if checked.table.empty:
        return "No row of the file can be used, so there is nothing to publish."
    errors = report.errors
    if errors and not good_rows_only:
        return (
            f"The file has {counted(errors, 'error')}, so nothing of it is published. "
            "Mend it and upload it again, or choose to publish the good rows only."
        )
    if review.is_empty:
        return SAME
    return ""

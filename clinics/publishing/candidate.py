"""What a staged file would be as the next version, and what stands in its way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from clinics.domain.ports import Upload
from clinics.domain.words import counted, plural
from clinics.intake.check import OWN, Checked, check
from clinics.intake.column_names import Matched, unmatched
from clinics.intake.duplicates import COMPARED, Who, is_another, twins
from clinics.intake.notices import KINDS, Findings, Notice, Report, Severity, Stage
from clinics.intake.progress import DONE, Progress, no_progress, part_of
from clinics.intake.rules import Rules
from clinics.publishing import snapshot
from clinics.publishing.brakes import brakes
from clinics.publishing.diff import FEW, Flags, Review, compare, is_over
from clinics.publishing.merge import (
    ADD,
    ASK,
    REPLACE,
    kept_by_hand,
    merged,
    mode_of,
    spoken_of,
    without_stale_sources,
)
from clinics.publishing.three_way import Choices, Conflict, combined, version_in_name

KEEP_UPLOADS = dt.timedelta(days=14)
"""How long an upload is kept that no version was made from."""

MANY_PERCENT, GONE_PERCENT = 10, 2
"""Over this share of the live listings gone, or reached otherwise, is worth a warning; of those
that go, if they are a FEW, over the smaller one."""

_CHECKED = 0.8
"""The share of the whole at which the file itself is checked."""

WHICH_DAY = (
    "The file does not say of which day this edition of the federal directory is. Say its year, "
    "month or day, or that it is not known."
)

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
    cannot be published whatever the keeper answers, or is empty. Where the mode is ASK nobody has
    said what the file is, and the table is that of ADD meanwhile. `made_from` is the version that
    the file was made from, where that is an older one; `conflicts` are the cells that were changed
    in the file and live since then.
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
    made_from: int | None = None
    conflicts: tuple[Conflict, ...] = ()

    @property
    def publishable(self) -> bool:
        """Return True if it can be published once the keeper has answered all questions."""
        return not self.refusal

    @property
    def is_undecided(self) -> bool:
        """Return True if it must be said first whether the file is the whole directory."""
        return self.mode == ASK and not self.checked.table.empty

    @property
    def is_stopped(self) -> bool:
        """Return True if a keeper must answer more than that the warnings were looked at."""
        open_ones = any(not conflict.choice for conflict in self.conflicts)
        return self.is_undecided or open_ones or self.asks_day or bool(self.review.to_allow)

    @property
    def asks_day(self) -> bool:
        """Return True if it must be said of which day a federal file is."""
        return self.refusal == WHICH_DAY

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
    edition: str | None = None,
    made_from: int | None = None,
    older: Callable[[int], pd.DataFrame | None] = lambda _: None,
    choices: Choices | None = None,
    matched: Matched = unmatched,
    progress: Progress = no_progress,
) -> Candidate:
    """Check a file and compare it with the live version, given as its number and table.

    The answer depends on nothing else. A row with an error changes nothing: a listing of its id
    stays as it is live. Of cells that are live already nothing is said again, and of an edit of
    the live table nothing of rows that were not edited, but for what is found across rows. With
    the mode ASK a file that has few of the ids is not published before it is said what it is.
    `made_from` is the version that the file was made from, else what it or its name says; `older`
    gives that version's table, and only what the file changes of it counts. `edition` is the date
    of a federal file, `sheet` that of a workbook, and `matched` knows what was said of columns.
    """
    number, before = live
    rules, part = _of_edition(rules, edition), part_of(progress, 0, _CHECKED)
    checked = check(data, rules, part, sheet=sheet, live=before, matched=matched)
    progress(_CHECKED, "Comparing with what is live")
    against_live = Findings(rules.limits.max_notices)
    said = (made_from, checked.made_from, version_in_name(upload.filename))
    since, base = _base(None if is_edit else checked, said, live, older, against_live)
    mode = mode or mode_of(base, checked)
    table = merged(base, checked, mode or ADD)
    table, conflicts = _combined(since, base, before, table, choices, against_live)
    table = table if is_edit else without_stale_sources(before, table)
    review = _reviewed(before, table, checked)
    found = _brought(checked, before, snapshot.untouched_rows(data, before) if is_edit else None)
    _say_against_live(checked, before, review, against_live)
    report = found.with_more(against_live.notices, against_live.counts)
    asked = _question(before, checked, review) if mode == ASK else ""
    undated = edition is None and report.totals.get("federal_undated")
    refusal = _first_said(
        _refusal(report, checked, review, good_rows_only), asked or _unsettled(conflicts, since)
    ) or (WHICH_DAY if undated else "")
    progress(1.0, DONE)
    return Candidate(upload, checked, mode, good_rows_only, number, table, review, report, refusal,
                     since, conflicts)  # fmt: skip


def _reviewed(before: pd.DataFrame, table: pd.DataFrame, checked: Checked) -> Review:
    review = compare(before, table, left_out=checked.report.left_out)
    return replace(review, brakes=brakes(before, table, checked.table["id"]))


def _first_said(refusal: str, to_choose: str) -> str:
    """Return what stops a file; a choice comes before that it changes nothing."""
    return (to_choose or refusal) if refusal in ("", SAME) else refusal


def _say_against_live(
    checked: Checked, before: pd.DataFrame, review: Review, findings: Findings
) -> None:
    """Report what is found only where a file is held against what is live."""
    _say_by_hand(before, checked, findings)
    is_whole = not any(checked.report.totals.get(code) for code in _UNREAD)
    _say_large_changes(review, len(before), findings, is_whole=is_whole)
    if checked.layout == OWN:
        _say_others(checked, before, review, findings)
        _say_like_live(checked, before, review, findings)


def _unsettled(conflicts: Sequence[Conflict], since: int | None) -> str:
    number = sum(not conflict.choice for conflict in conflicts)
    if not number:
        return ""
    return (
        f"{counted(number, 'cell')} {plural(number, 'was', 'were')} changed in the file, and "
        f"otherwise live since version {since}. Choose what is right for each."
    )


def unsettled(found: Candidate) -> str:
    """Say how many conflicts nobody has chosen for; "" without one."""
    return _unsettled(found.conflicts, found.made_from)


def hold_to_answers(
    candidate: Candidate, typed: int | None, acknowledged: bool, allowed: Collection[str] = ()
) -> None:
    """Raise NotPublishable unless a keeper has answered all that there is to answer.

    `allowed` names the columns that may change as much as they do.
    """
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
    for brake in review.brakes:
        if brake.column not in allowed:
            raise NotPublishable(
                brake.sentence, f"If that is right, allow the column “{brake.column}”."
            )


def _of_edition(rules: Rules, date: str | None) -> Rules:
    """Return the rules with the date that a keeper gave the edition; it is not asked again."""
    if not (date and rules.federal):
        return rules
    codes, edition = rules.federal
    return replace(rules, federal=(codes, replace(edition, date=date)))


def _base(
    checked: Checked | None,
    named: Sequence[int | None],
    live: tuple[int, pd.DataFrame],
    older: Callable[[int], pd.DataFrame | None],
    findings: Findings,
) -> tuple[int | None, pd.DataFrame]:
    """Return the older version that a file was made from, or None and what is live."""
    number, before = live
    said = [n for n in named if n is not None]
    if checked is None or checked.layout != OWN or not said or said[0] == number:
        return None, before
    base = older(said[0]) if said[0] < number else None
    if base is None:
        findings.add("version_unknown", value=str(said[0]), needs=str(number))
        return None, before
    return said[0], base


def _combined(
    since: int | None,
    base: pd.DataFrame,
    before: pd.DataFrame,
    table: pd.DataFrame,
    choices: Choices | None,
    findings: Findings,
) -> tuple[pd.DataFrame, tuple[Conflict, ...]]:
    """Put only what the file changed into what is live, and say what others changed meanwhile."""
    if since is None:
        return table, ()
    three = combined(base, before, table, choices)
    for kept in three.kept:
        fix = f"If “{kept.file[:60]}” is right, change it once more."
        findings.add("changed_meanwhile", None, kept.column, kept.live, f"“{kept.name[:60]}”", fix)
    return three.table, three.conflicts


def _say_by_hand(before: pd.DataFrame, checked: Checked, findings: Findings) -> None:
    for kept in kept_by_hand(before, checked):
        fix = f"The federal file has “{kept.file[:60]}”. If that is right, mend the listing."
        findings.add("confirmed_kept", None, kept.column, kept.live, f"“{kept.name[:60]}”", fix)


def _question(before: pd.DataFrame, checked: Checked, review: Review) -> str:
    rows, gone = len(checked.table), int(spoken_of(before, checked).sum())
    gone -= rows - len(review.added)
    known = rows - len(review.added)
    live = f"{known:,} {plural(known, 'is', 'are')}" if known else "none is"
    return (
        f"Say first what this file is: of its {counted(rows, 'listing')} {live} live now. As the "
        f"whole directory it would make {counted(gone, 'other')} disappear; if it has only new and "
        "changed listings, all others stay."
    )


_OF_THE_FILE = ("cell_read_as", "closed_elsewhere")
"""What is about how the file says a cell, and not about the cell as it would be."""

_PLACE = ("address", "city", "state", "zip", "latitude", "longitude", "location_precision")
_HELD_AGAINST = {
    "clinic_like_another": COMPARED,
    "phone_of_another": COMPARED,
    "phone_of_branch": COMPARED,
    "zip_state_disagree": _PLACE,
    "zip_town_disagree": _PLACE,
    "far_from_town": _PLACE,
    "position_rough": _PLACE,
    "name_says_closed": ("name", "status"),
}
"""What is about one column, and may come of a change in another."""

_UNREAD = ("row_broken_quotes", "row_cell_count", "row_shifted")
"""Rows that could not be taken apart: nobody knows which listings they are."""


def _brought(checked: Checked, before: pd.DataFrame, untouched: Collection[int] | None) -> Report:
    """Leave out the warnings of what is live already: they are on the worklist.

    Of an edit that is what is found in the rows that are `untouched`, of a file in each cell that
    it has. Two rows that are held against each other are both as they were.
    """
    report = checked.report
    if untouched is not None:
        stay = {None, *untouched}
        return report.without_standing(lambda n: n.row in untouched and n.other in stay)
    if checked.layout != OWN:
        return report
    was = before.set_index("id").reindex(checked.table["id"])
    same: dict[str, Flags] = {
        name: checked.table[name].to_numpy(dtype=object) == was[name].to_numpy(dtype=object)
        for name in checked.columns
        if name != "id"
    }
    known: Flags = was["name"].notna().to_numpy()
    place = {number: i for i, number in enumerate(checked.numbers)}

    @cache
    def as_before(columns: tuple[str, ...]) -> Flags:
        flags: Flags = np.logical_and.reduce([known, *(same[c] for c in columns if c in same)])
        return flags

    def is_standing(found: Notice) -> bool:
        if found.code in _OF_THE_FILE:
            return False
        both = [place.get(number) for number in (found.row, found.other) if number]
        own = (found.column,) if found.column in same else tuple(same)
        flags = as_before(_HELD_AGAINST.get(found.code, own))
        return bool(both) and all(i is not None and flags[i] for i in both)

    return report.without_standing(is_standing)


def _errors(report: Report) -> Iterator[Notice]:
    return (n for n in report.notices if n.severity is Severity.ERROR)


def _say_large_changes(review: Review, live: int, findings: Findings, *, is_whole: bool) -> None:
    found = {"clinics_disappear": len(review.gone), "many_change": review.reached_otherwise}
    for code, number in found.items():
        percent = MANY_PERCENT
        if code == "clinics_disappear" and (number >= FEW or not is_whole):
            percent = GONE_PERCENT if is_whole else 0
        if is_over(percent, number, live):
            findings.add(
                code, value=counted(number, "listing"), needs=f"{100 * number / live:.0f}%"
            )


def _say_others(checked: Checked, before: pd.DataFrame, review: Review, findings: Findings) -> None:
    """Report rows that would make another clinic of a listing, as when rows have slipped."""
    renamed = [c for c in review.changed if any(f.column == "name" for f in c.fields)]
    was, now = (dict(zip(t["id"], _who(t), strict=True)) for t in (before, checked.table))
    whose = {who: id for id, who in was.items()} if renamed else {}
    row_of = dict(zip(checked.table["id"], checked.numbers, strict=True))
    for id in (change.id for change in renamed if change.id in now):
        if is_another(was[id], now[id]) or whose.get(now[id], id) != id:
            findings.add("listing_of_another", row_of[id], "name", now[id].name,
                         f"“{was[id].name[:60]}”")  # fmt: skip


def _who(table: pd.DataFrame) -> Iterator[Who]:
    columns = (table[name].tolist() for name in Who._fields)
    return (Who(*cells) for cells in zip(*columns, strict=True))


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

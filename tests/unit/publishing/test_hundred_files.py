"""Every file of the table is understood, asked about or refused, and nothing is silently wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd
import pytest

from clinics.directory import Directory
from clinics.domain.columns import NAMES
from clinics.domain.ports import Upload
from clinics.intake.check import check
from clinics.intake.notices import Severity
from clinics.intake.rules import Rules
from clinics.publishing.candidate import Candidate, make_candidate
from tests.hundred_files import CASES
from tests.keeper_files import AS_BEFORE, ASKED, ONE, REFUSED, UNDERSTOOD, Case, live_rows, table_of
from tests.made_up import made_up_csv, made_up_rules

pytestmark = pytest.mark.slow
LIVE = 3


@pytest.fixture(scope="module")
def rules(directory: Directory) -> Rules:
    return made_up_rules(directory)


@pytest.fixture(scope="module")
def live(rules: Rules) -> pd.DataFrame:
    return check(made_up_csv(live_rows()), rules).table


def older(number: int) -> pd.DataFrame | None:
    """Return version 2, in which two cells of the made-up listing were others."""
    rows = live_rows()
    rows[0] |= AS_BEFORE
    return table_of(rows) if number == LIVE - 1 else None


def candidate(rules: Rules, live: pd.DataFrame, case: Case) -> Candidate:
    """Take a file the way that any upload goes: read, checked, merged, braked and compared."""
    data = case.make()
    upload = Upload("0" * 64, case.filename, dt.datetime.now(dt.UTC), len(data))
    return make_candidate(
        upload, data, rules, (LIVE, live.head(case.live)), mode=case.mode, older=older,
    )  # fmt: skip


def outcome(found: Candidate) -> str:
    if found.checked.sheets:
        return ASKED
    if found.report.errors or not (found.publishable or found.is_same_as_live or found.is_stopped):
        return REFUSED
    return ASKED if found.is_stopped or found.warnings else UNDERSTOOD


def named(found: Candidate) -> set[str]:
    """Return all that is said: notices with their column, brakes, and what is asked."""
    said = {f"{n.code} {n.column or ''}".strip() for n in found.report.notices}
    said |= {f"brake {brake.column}" for brake in found.review.brakes}
    said |= {"gone"} if found.review.breaker else set()
    said |= {f"conflict {conflict.column}" for conflict in found.conflicts}
    return said | ({"ask"} if found.is_undecided else set())


def silent(found: Candidate, case: Case) -> list[tuple[str, str, str]]:
    """Return the cells that would be published otherwise than was meant, and are not named."""
    row_of = dict(zip(found.checked.table["id"], found.checked.numbers, strict=True))
    braked = {brake.column for brake in found.review.brakes}
    cells = {(n.row, n.column) for n in found.report.notices}
    cells |= {(n.row, "longitude") for n in found.report.notices if n.column == "latitude"}
    return [
        (change.id, cell.column, cell.new)
        for change in found.review.changed
        for cell in change.fields
        if case.changes.get((change.id, cell.column)) != cell.new
        and not braked & {cell.column, "id"}
        and not cells & {(row_of.get(change.id), cell.column), (row_of.get(change.id), None)}
        and (row_of.get(change.id), "name") not in cells & names_another(found)
    ]


def names_another(found: Candidate) -> Collection[tuple[int | None, str | None]]:
    """Return the places of the rows that are said to be another clinic, with all their cells."""
    notices = found.report.notices
    return {(n.row, n.column) for n in notices if n.code == "listing_of_another"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_understood_asked_about_or_refused(
    rules: Rules, live: pd.DataFrame, case: Case
) -> None:
    found = candidate(rules, live, case)
    assert case.says <= named(found), named(found)
    assert outcome(found) == case.outcome, named(found)
    if case.outcome == UNDERSTOOD:
        changes = {(c.id, f.column): f.new for c in found.review.changed for f in c.fields}
        assert changes == dict(case.changes)
    # The review is of the good rows alone, as it would be published on a keeper's word.
    assert not silent(found, case)
    assert len(found.review.added) <= case.added or "clinic_like_live" in named(found)
    assert not found.review.gone or "clinics_disappear" in named(found) or found.review.breaker
    can_be_acted_on(found)


def can_be_acted_on(found: Candidate) -> None:
    """Hold every sentence to say where it is about and what to do."""
    for notice in found.report.notices:
        if notice.severity is not Severity.NOTE:
            assert notice.fix.endswith("."), notice
            assert notice.row is None or f"ow {notice.row}" in notice.message
    for brake in found.review.brakes:
        assert f"“{brake.column}”" in brake.sentence
        assert brake.reason.endswith(".")
    assert not found.refusal or found.refusal.endswith(".")


def test_there_are_more_than_a_hundred_of_all_kinds() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names)) > 100
    for kind in (UNDERSTOOD, ASKED, REFUSED):
        assert sum(case.outcome == kind for case in CASES) > 30


def test_the_listing_that_most_files_change_has_every_cell() -> None:
    assert all(ONE[name] for name in NAMES)

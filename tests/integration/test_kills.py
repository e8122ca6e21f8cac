"""Publishers that are killed half way through a file, by the code of the long trial, on SQLite.

The long trial does the same 200 times, and on PostgreSQL; test_store_faults kills what only writes.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clinics.adapters.sql_store import SqlStore
from clinics.directory import Directory
from clinics.domain.ports import Change
from lab.torture import kills
from tests.integration.publishers import draft


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder with a dozen clinics, so that a publish takes no time."""
    made = tmp_path / "data"
    shutil.copytree(kills.DATA, made)
    lines = (made / "clinics.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (made / "clinics.csv").write_text("".join(lines[:13]), encoding="utf-8")
    return made


def test_a_killed_publisher_leaves_the_old_or_the_new_version_and_the_next_one_succeeds(
    tmp_path: Path, data: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    tally = kills.publish_and_kill(kills.new_files(tmp_path / "stores"), 6, scratch, data=data)
    assert tally.broken == []
    assert tally.where.total() == tally.live.total() == 6
    assert tally.whole == 1
    assert tally.largest_log < 5_000_000


def test_moments_are_spread_over_all_of_a_publish_and_over_its_writing() -> None:
    usual = {"began": 100.0, "checked": 101.0, "done": 101.1}  # seconds
    moments = kills.moments_of(200, usual, seed=1)
    assert sorted(moments) == sorted(kills.moments_of(200, usual, seed=1))
    for after, seconds in (("began", 1.32), ("checked", 0.2)):
        delays = sorted(delay for step, delay in moments if step == after)
        assert len(delays) == 100
        assert all(
            i <= delay * 100 / seconds + 1e-6 <= i + 1 + 2e-6 for i, delay in enumerate(delays)
        )


def test_the_trial_sees_what_is_half_done(tmp_path: Path, directory: Directory) -> None:
    """A promise that is broken on purpose is noticed; otherwise the trial would prove nothing."""
    ledger = kills.Ledger(f"sqlite:///{tmp_path}/directory.db")
    store = SqlStore(ledger.address)
    base = draft("bundled", kind=Change.BUNDLED, table=b"id,name\n")
    store.publish(draft("other", table=b"half a table"), expected_live=0, base=base)
    found = list(kills.faults_of(ledger, 1, directory))
    assert "version 1 does not hold what was published" in found
    assert "version 0 does not hold what was published" in found
    assert "corrections and versions disagree" in found
    assert any(fault.startswith("visitors see version 0") for fault in found)


@pytest.mark.parametrize(
    ("steps", "where"),
    [
        (["began"], "opening, staging"),
        (["began", "staged"], "checking"),
        (["began", "staged", "checked"], "writing"),
        (["began", "staged", "checked", "published 3"], "after it was done"),
    ],
)
def test_where_a_kill_fell_is_told_by_the_last_step(steps: list[str], where: str) -> None:
    assert kills.where_of(dict.fromkeys(steps, 1.0)) == where

"""No file, however hostile, is anything but a report of bounded size; and the commands say so."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinics import bootstrap
from clinics.adapters.memory import MemoryStore
from clinics.cli import main as command_line
from clinics.directory import Directory
from clinics.intake.check import check
from clinics.intake.report import groups, problems_copy, report_csv, report_json, to_do
from tests.hostile_files import hostile_files
from tests.made_up import made_up_rules

FILES = hostile_files()
LARGE = [name for name, data in FILES.items() if len(data) > 900_000]
UNUSABLE = (
    "empty", "zip", "zip bomb", "xlsx", "png", "jpeg", "pdf", "program", "database", "gzip bomb",
    "html", "json", "xml that grows", "nothing but nuls", "a million quotes", "no header",
    "noise of 1000000 bytes", "10,000 columns", "a cell of 10 MB", "more rows than may be",
)  # fmt: skip


def test_there_are_enough_of_them_and_they_are_always_the_same() -> None:
    assert len(FILES) >= 200
    assert hostile_files.__wrapped__() == FILES


@pytest.mark.parametrize("name", FILES)
def test_every_file_gets_a_report_that_can_be_shown_whole(directory: Directory, name: str) -> None:
    report = check(FILES[name], made_up_rules(directory)).report
    assert to_do(report)
    assert json.loads(report_json(report))
    assert report_csv(report).startswith(b"\xef\xbb\xbf")
    for group in groups(report):
        assert group.total >= len(group.notices) > 0
        assert len(group.notices) <= 50
    assert isinstance(problems_copy(FILES[name], report), bytes)


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_is_no_table_is_an_error_and_gives_no_listing(directory: Directory, name: str) -> None:
    found = check(FILES[name], made_up_rules(directory))
    assert found.report.errors
    assert len(found.table) == 0


@pytest.mark.parametrize("name", LARGE)
def test_a_large_one_takes_no_more_than_a_few_times_its_size(
    directory: Directory, name: str
) -> None:
    rules = made_up_rules(directory)
    tracemalloc.start()
    try:
        check(FILES[name], rules)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 60_000_000 + 8 * len(FILES[name])


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryStore]:
    kept = MemoryStore()
    monkeypatch.setattr(bootstrap, "chosen_store", lambda _: kept)
    yield kept
    assert kept.versions() == ()


@pytest.mark.usefixtures("store", "read_once")
@pytest.mark.parametrize("name", list(FILES)[::6])
def test_the_command_says_what_it_found_and_publishes_nothing(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], name: str
) -> None:
    path = tmp_path / "clinics.csv"
    path.write_bytes(FILES[name])
    code = command_line.main(["validate", str(path)])
    printed = capsysbinary.readouterr()
    assert code in (0, 1)
    assert printed.out.decode().strip()
    assert b"Traceback" not in printed.out + printed.err
    assert b"\x1b" not in printed.out

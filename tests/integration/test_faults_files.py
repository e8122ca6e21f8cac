"""Broken files of the data folder and a wrong clock at the start; the long trial breaks all."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinics import directory as directories
from clinics.directory import BrokenDataset, load_directory
from lab.torture import file_faults
from lab.torture.file_faults import HARMS, Harm, data_files, does_no_harm, may_be_missing

FILES = [file for file in data_files() if file.parent == Path()]
TOPIC = Path("explainer") / "ptsd.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("broken") / "data"
    shutil.copytree(file_faults.DATA, made)
    return made


def harms_of(number: int, file: Path) -> Iterator[Harm]:
    """Of tables one harm each in turn, so that every harm is done to several, and an empty file."""
    if may_be_missing(file):
        yield file_faults.noise
        return
    harms = (HARMS[number % len(HARMS)], file_faults.empty, file_faults.noise)
    yield from [harm for harm in dict.fromkeys(harms) if not does_no_harm(harm, file)][:2]


@pytest.mark.parametrize(
    ("file", "harm"),
    [
        (file, harm)
        for number, file in enumerate([*FILES, TOPIC])
        for harm in harms_of(number, file)
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)
def test_a_file_that_is_broken_is_named(folder: Path, file: Path, harm: Harm) -> None:
    starts, said = file_faults.names_what_is_broken(folder, file, harm)
    assert file.name in said
    assert str(folder) not in said
    assert starts == may_be_missing(file), "only what no search needs may be left out"


def test_every_file_of_the_data_folder_is_broken_by_the_trial() -> None:
    assert {"clinics.csv", "site.toml", "crisis_lines.csv"} <= {str(file) for file in FILES}
    assert TOPIC in data_files()


def test_a_clock_that_fell_back_keeps_nobody_from_the_clinics(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directories, "today_at", lambda _: dt.date(1970, 1, 1))
    assert len(load_directory(folder).dataset) > 200


def test_a_day_that_has_not_come_when_the_file_was_written_is_still_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file's own day only counts where the clock is behind it."""
    file = folder / "clinics.csv"
    whole = file.stat()
    os.utime(file, (0, 0))
    monkeypatch.setattr(directories, "today_at", lambda _: dt.date(2001, 1, 1))
    with pytest.raises(BrokenDataset, match="has not come yet"):
        load_directory(folder)
    os.utime(file, (whole.st_atime, whole.st_mtime))

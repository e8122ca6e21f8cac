"""The data folder is read once for all commands, as a process reads it once for itself."""

from __future__ import annotations

import pytest

from clinics.cli import desk
from clinics.directory import Directory, load_directory
from tests.conftest import DATA


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch, directory_today: Directory) -> None:
    monkeypatch.setattr(desk, "load_directory", lambda _: directory_today)


@pytest.fixture(scope="session")
def directory_today() -> Directory:
    """The directory as it is shipped, of the day on which the tests run."""
    return load_directory(DATA)

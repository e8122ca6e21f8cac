"""Tests of the directory that is shown: `data/`, or the folder that CLINICS_DATA_DIR names."""

from __future__ import annotations

import datetime as dt

import pytest

from clinics.directory import Directory, load_directory
from tests.conftest import TODAY
from tests.folders import SHOWN

NOW = max(TODAY, dt.datetime.now(dt.UTC).date())
"""The day for which the texts must hold."""


@pytest.fixture(scope="session")
def directory() -> Directory:
    """The directory that is shown."""
    return load_directory(SHOWN, NOW)

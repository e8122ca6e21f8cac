"""The data folder is read once for all commands; that each process reads it is tested apart."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def every_command(read_once: None) -> None:
    """Have every test here share it."""

"""Hostile files on the keeper's page: a report each time, and the live list stays as it was."""

from __future__ import annotations

import pytest

from clinics.adapters.memory import MemoryStore
from tests.app.keeper import Desk
from tests.hostile_files import hostile_files

FILES = hostile_files()
SHOWN = (
    "empty", "zip bomb", "png", "html", "nothing but nuls", "every byte there is",
    "a million quotes", "10,000 columns", "headers that are markup", "headers from right to left",
    "a quote that never ends", "a formula in every cell", "name: '<script>alert(1)</script>'",
    "noise of 1000000 bytes",
)  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_a_hostile_file_is_told_what_is_wrong_and_changes_nothing(
    store: MemoryStore, name: str
) -> None:
    before = store.versions()
    desk = Desk().upload(FILES[name])
    assert not desk.app.exception
    if any(button.key == "match" for button in desk.app.button):  # first it is asked
        desk.press("match")
    assert desk.groups
    assert "988" in desk.crisis
    assert store.versions() == before

"""The change log on the about page: what changed on which day, and never who did it or why."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from clinics.adapters.memory import MemoryStore
from clinics.domain.ports import Change, StoreUnavailable, VersionRecord
from tests.app.keeper import Desk, sheet
from tests.app.visit import Visit
from ui import resources

FIRST = VersionRecord(
    1, dt.datetime(2026, 3, 1, 18, tzinfo=dt.UTC), Change.PUBLISH, "Ana", "Why", 10, 1, 2, 3
)


def about() -> Visit:
    page = Visit({})
    page.go_to("about.py")
    return page


def show(monkeypatch: pytest.MonkeyPatch, *versions: VersionRecord) -> str:
    monkeypatch.setattr(resources, "latest_versions", lambda: versions)
    return about().text.split("What changed, and when")[1]


def test_without_a_store_it_says_that_nothing_has_changed() -> None:
    assert "Nothing has changed yet: the " in about().text
    assert "For keepers" not in about().text


def test_what_is_published_is_counted_and_nobody_is_named(store: MemoryStore) -> None:
    assert "Nothing has changed yet: the 10 listings are those that came" in about().text
    Desk("Ana").upload(sheet(b={"phone": "(301) 555-0199"})).note("A private word").publish()
    resources.latest_versions.clear()
    text = about().text
    assert ": 1 changed.\n- Before that: 10 listings that came with the service." in text
    assert "They were last changed on " in text
    assert "Ana" not in text
    assert "A private word" not in text


def test_the_versions_of_a_day_are_one_line_by_the_clock_of_the_area(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = replace(FIRST, number=2, published=dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC))
    text = show(monkeypatch, late, FIRST)
    assert "- 1 Mar 2026: 2 new, 4 changed, 6 taken out.\n" in f"{text}\n"
    assert "2 Mar" not in text


def test_at_most_ten_days_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [
        replace(FIRST, number=n, published=dt.datetime(2026, 3, n, 18, tzinfo=dt.UTC))
        for n in range(12, 0, -1)
    ]
    text = show(monkeypatch, *days)
    assert text.count(" Mar 2026:") == 10
    assert "- 3 Mar 2026:" in text
    assert "- 2 Mar 2026:" not in text
    assert "Before that" not in text


def test_while_the_store_is_down_it_stays_calm(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*, limit: int) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(store, "versions", down)
    page = about()
    assert "This list cannot be shown at the moment. The listings are not affected." in page.text
    assert page.app.error == []

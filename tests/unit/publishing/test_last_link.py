"""The link that was used last: kept, shown by its host only, forgotten."""

from __future__ import annotations

import datetime as dt

from clinics.adapters.memory import MemoryStore
from clinics.publishing import last_link
from clinics.publishing.last_link import LastLink

NOW = dt.datetime(2026, 11, 28, 18, 5, tzinfo=dt.UTC)
LINK = LastLink("https://docs.google.com/spreadsheets/d/a-secret/edit#gid=0", "x.csv", "Ana", NOW)


def test_it_is_kept_until_another_takes_its_place_or_it_is_forgotten() -> None:
    store = MemoryStore()
    assert last_link.last_link(store) is None
    last_link.remember(store, LINK)
    assert last_link.last_link(store) == LINK
    other = LastLink("https://made-up.example/a.csv", "a.csv", "Bo", NOW)
    last_link.remember(store, other)
    assert last_link.last_link(store) == other
    last_link.forget(store)
    assert last_link.last_link(store) is None


def test_neither_what_is_shown_nor_its_repr_has_the_link() -> None:
    assert LINK.shown == "docs.google.com/…"
    assert "secret" not in repr(LINK)


def test_what_another_program_wrote_there_is_no_link() -> None:
    store = MemoryStore()
    for text in ("broken", "[]", '["a"]', "3", '["a", "b", "c", "never"]'):
        store.remember("last link", text)
        assert last_link.last_link(store) is None

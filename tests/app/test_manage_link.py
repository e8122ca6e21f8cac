"""Refresh from a link: a shared sheet is fetched on a click, and goes the way of a file."""

from __future__ import annotations

from typing import Any

import pytest

from clinics.adapters.memory import MemoryStore
from tests.app.keeper import Desk, sheet
from tests.linked_site import linked_site
from ui import resources

NEW_PHONE = {"phone": "(301) 555-0199"}


def refresh(desk: Desk, link: str) -> Desk:
    box(desk).set_value(link)
    desk.click("Refresh from this link")
    return desk


def box(desk: Desk) -> Any:
    return desk._by_label(desk.app.text_input, "Or the link")


def test_a_shared_sheet_is_checked_reviewed_and_published(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with linked_site(sheet(b=NEW_PHONE)) as site:
        monkeypatch.setattr(resources, "links", site.links)
        desk = refresh(Desk(), site.url("/list.csv?key=secret"))
        assert "list.csv" in desk.text
        assert desk.metrics["Changed"] == "1"
        assert store.versions() == (), "nothing is published by itself"
        desk.publish()
    assert desk.outcome == ["Version 1 is live: 1 changed."]


def test_a_link_that_gives_no_file_is_a_sentence_and_stays_in_the_box(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with linked_site(b"") as site:
        monkeypatch.setattr(resources, "links", site.links)
        link = site.url("/status/404")
        desk = refresh(Desk(), link)
    assert desk.outcome == [
        "made-up.example has no file at this address. Check the link: it may be old or cut short."
    ]
    assert box(desk).value == link
    assert "Fetch again" not in desk.buttons, "what gave no file is not remembered"


def test_only_a_keeper_may_have_an_address_fetched(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINICS_OPEN_CHECKING", "yes")
    resources.settings.clear()
    desk = Desk(name="")
    assert desk.app.file_uploader
    assert "Refresh from this link" not in desk.buttons
    desk = Desk()
    monkeypatch.setattr(resources.door(), "is_valid", lambda _: False)
    box(desk).set_value("https://made-up.example/a.csv")
    desk.click("Refresh from this link")
    assert "Refresh from this link" not in desk.buttons


def test_the_last_link_is_fetched_again_with_one_click_by_any_keeper(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with linked_site(sheet(b=NEW_PHONE)) as site:
        monkeypatch.setattr(resources, "links", site.links)
        desk = refresh(Desk(), site.url("/list.csv?key=a-secret"))
        desk.click("Use another file")
        assert box(desk).value == "", "the link is not left in the box"
        site.sheet = sheet(b=NEW_PHONE, c=NEW_PHONE)
        bo = Desk("Bo")
        said = "Fetched last: made-up.example/… (“list.csv”), "
        line = next(text for text in bo.text.splitlines() if text.startswith(said))
        assert line.endswith("by Ana")
        bo.click("Fetch again")
    assert bo.metrics["Changed"] == "2"
    assert "secret" not in desk.text + bo.text + caplog.text


def test_the_last_link_can_be_forgotten(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with linked_site(sheet(b=NEW_PHONE)) as site:
        monkeypatch.setattr(resources, "links", site.links)
        desk = refresh(Desk(), site.url("/list.csv?key=a-secret")).click("Use another file")
    desk.click("Forget this link")
    assert desk.outcome == ["The link is forgotten."]
    assert "Fetch again" not in desk.buttons
    assert "secret" not in repr(store._remembered)

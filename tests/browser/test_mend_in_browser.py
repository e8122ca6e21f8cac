"""What spares a keeper steps, in a real browser: cells read as they are meant, undo."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keeper import SETTINGS, Keeper, file_of, rows_of
from tests.browser.service import Service, running
from tests.browser.test_manage_in_browser import hold_for_a_phone


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("mending")
    url = f"sqlite:///{folder / 'store.db'}"
    settings = SETTINGS | {"CLINICS_DATABASE_URL": url}
    with running(folder / "service.txt", settings=settings) as service:
        yield service


def live(site: Service) -> int:
    return int(json.loads(site.get("/healthz")[1])["version"]["id"])


def test_what_a_spreadsheet_turned_is_read_published_and_undone(
    site: Service, new_page: Callable[..., Page]
) -> None:
    keeper = Keeper(site.url, new_page(width=390, height=844)).sign_in()
    rows = rows_of(keeper.download("The directory as it is now (CSV)"))
    rows[0] |= {"last_checked": "11/14/2026", "state": "Maryland", "phone": "Tel. 202/555-0117"}
    keeper.upload_and_check(file_of(rows), "turned.csv").says("Nothing needs to be fixed.")
    keeper.says("Cells read as what they mean").settled()
    hold_for_a_phone(keeper)
    keeper.acknowledge()
    before = live(site)
    keeper.button("Publish: 1 changed").click()
    keeper.says(f"Version {before + 1} is live: 1 changed.")

    keeper.button(f"Undo version {before + 1}").click()
    keeper.says(f"Go back to version {before}?").settled()
    assert live(site) == before + 1
    hold_for_a_phone(keeper)
    keeper.button(f"Yes, restore version {before}").click()
    keeper.says(f"Version {before + 2} is live. It is the same as version {before}.")
    expect(keeper.button(f"Undo version {before + 2}")).to_be_visible()

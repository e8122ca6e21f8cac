"""What spares a keeper steps, in a real browser: sure cells mended with one click, undo, drafts."""

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


def test_three_sure_cells_are_mended_with_one_click_published_and_undone(
    site: Service, new_page: Callable[..., Page]
) -> None:
    keeper = Keeper(site.url, new_page(width=390, height=844)).sign_in()
    rows = rows_of(keeper.download("The directory as it is now (CSV)"))
    rows[0] |= {"last_checked": "11/14/2026", "state": "Maryland", "phone": "Tel. 202/555-0117"}
    keeper.upload_and_check(file_of(rows), "turned.csv").says("Nothing needs to be fixed.")
    hold_for_a_phone(keeper)

    keeper.button(r"Mend what is sure \(3 cells\)").click()
    keeper.says("3 cells were mended on this page.")
    expect(keeper.page.get_by_role("heading", name="turned-mended.csv")).to_be_visible()
    keeper.page.get_by_text("What was mended (3)").click()
    keeper.settled()
    hold_for_a_phone(keeper)
    mended = rows_of(keeper.download("Your file, mended (CSV)"))[0]
    assert [mended[column] for column in ("last_checked", "state", "phone")] == [
        "2026-11-14", "MD", "(202) 555-0117"
    ]  # fmt: skip
    expect(keeper.page.get_by_text("Good to know: Cells read as")).to_have_count(0)
    keeper.button("Undo what was mended").click()
    expect(keeper.page.get_by_role("heading", name="turned.csv", exact=True)).to_be_visible()
    keeper.settled()
    keeper.button("Mend what is sure").click()
    keeper.says("3 cells were mended on this page.").settled()

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


def test_a_waiting_file_survives_a_reload_and_is_forgotten_with_a_second_press(
    site: Service, new_page: Callable[..., Page]
) -> None:
    keeper = Keeper(site.url, new_page(width=390, height=844)).sign_in()
    rows = rows_of(keeper.download("The directory as it is now (CSV)"))
    rows[1]["phone"] = "(202) 555-0118"
    keeper.upload_and_check(file_of(rows), "left.csv")
    keeper.page.reload()
    expect(keeper.page.get_by_text("The file you had uploaded is still there")).to_be_visible()
    keeper.sign_in()
    expect(keeper.page.get_by_role("heading", name="left.csv")).to_be_visible()
    keeper.button("Use another file").click()
    keeper.page.get_by_text("Files that wait for somebody").click()
    keeper.settled()
    hold_for_a_phone(keeper)
    waiting = keeper.page.get_by_text("left.csv")
    expect(waiting).to_be_visible()
    keeper.button("Forget$").first.click()
    keeper.says("It cannot be brought back.").settled()
    hold_for_a_phone(keeper)
    keeper.button("Yes, forget it").click()
    keeper.says("“left.csv” is forgotten.")

"""Looking for changes in a real browser, on a phone, against a stand-in for the public source."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from scripts.demo_sources import StandIn, stand_in
from tests.browser.keeper import SETTINGS, Keeper
from tests.browser.service import Service, running
from tests.browser.test_manage_in_browser import hold_for_a_phone


@pytest.fixture(scope="module")
def stand() -> Iterator[StandIn]:
    with stand_in() as made:
        yield made


@pytest.fixture(scope="module")
def site(stand: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("sources")
    settings = SETTINGS | {
        "CLINICS_DATABASE_URL": f"sqlite:///{folder / 'store.db'}",
        "CLINICS_FINDTREATMENT_URL": stand.address,
    }
    with running(folder / "service.txt", settings=settings) as service:
        yield service


def picture(keeper: Keeper, name: str) -> None:
    """Keep a picture where somebody wants to look."""
    if folder := os.environ.get("PICTURES"):
        keeper.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_keeper_looks_accepts_a_page_and_publishes_one_version(
    site: Service, stand: StandIn, new_page: Callable[..., Page]
) -> None:
    keeper = Keeper(site.url, new_page(width=390, height=844)).sign_in()
    keeper.errors.clear()  # of the first load, which asks beside the page for what is at the root
    keeper.part("Look for changes")
    keeper.says("Nothing of this directory or its visitors is sent.")
    hold_for_a_phone(keeper)
    assert stand.asked == []
    keeper.button("Look for changes").click()
    expect(keeper.page.get_by_text("210 places read, 204 of them listed here")).to_be_visible(
        timeout=20_000
    )
    keeper.settled()
    picture(keeper, "gaps")
    hold_for_a_phone(keeper)
    keeper.button(r"Accept all on this page \(").click()
    keeper.says("accepted: review and publish").settled()
    keeper.page.get_by_role("tab", name="Differs").click()
    picture(keeper, "differs")
    hold_for_a_phone(keeper)
    differs = keeper.page.get_by_role("tab", name="Differs")
    for _ in range(2):  # one by one, and where one is stays open
        left = number_in(differs)
        keeper.page.get_by_role("tabpanel").get_by_role("button", name="Accept").first.click()
        expect(differs).to_have_text(f"Differs ({left - 1})")
        expect(differs).to_have_attribute("aria-selected", "true")
        keeper.settled()
    keeper.page.get_by_role("tab", name="Maybe the same place").click()
    keeper.page.get_by_text("Made-up Ketamine Center").first.scroll_into_view_if_needed()
    picture(keeper, "new")
    keeper.button("Add it").click()
    keeper.settled()
    keeper.button(r"\d+ accepted: review and publish").click()
    keeper.says("Step 3 of 4").settled()
    picture(keeper, "review")
    keeper.acknowledge()
    keeper.button("Publish: 1 new").click()
    keeper.says("Version 1 is live: 1 new, 12 changed.")
    assert json.loads(site.get("/healthz")[1])["version"]["id"] == "1"
    assert "Made-up Ketamine Center" in site.get("/near/rockville-md")[1].decode()
    assert keeper.errors == []


@pytest.fixture(scope="module")
def pages_site(stand: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("pages")
    settings = SETTINGS | {
        "CLINICS_DATABASE_URL": f"sqlite:///{folder / 'store.db'}",
        "CLINICS_WEBSITES": stand.origin,
    }
    with running(folder / "service.txt", settings=settings) as service:
        yield service


def number_in(shown: Locator) -> int:
    """The number that is in brackets at the end of what is shown."""
    return int(shown.inner_text().rpartition("(")[2].rstrip(")"))


def with_telephone(site: Service) -> int:
    listed = json.loads(site.get("/api/v1/clinics?category=ketamine&limit=100")[1])["clinics"]
    return sum(bool(one["phone"]) for one in listed)


def test_one_look_at_clinics_own_pages_fills_their_telephones(
    pages_site: Service, new_page: Callable[..., Page]
) -> None:
    keeper = Keeper(pages_site.url, new_page(width=390, height=844)).sign_in()
    keeper.errors.clear()
    keeper.part("Look for changes")
    keeper.says("nothing of visitors is sent.")
    assert with_telephone(pages_site) <= 7
    keeper.button("Look for changes").click()
    expect(keeper.page.get_by_text("The clinic's own page: read for")).to_be_visible(
        timeout=120_000  # a second a site and question, as it is on the web
    )
    keeper.settled()
    keeper.says("do not want to be read by programs, so open them yourself")
    picture(keeper, "pages")
    keeper.page.get_by_text("Its own page on").first.scroll_into_view_if_needed()
    picture(keeper, "pages-gaps")
    hold_for_a_phone(keeper)
    began = time.monotonic()
    accept = keeper.button(r"Accept all on this page \(")
    gaps = keeper.page.get_by_role("tab", name="Fills a gap")
    while left := number_in(gaps):
        accept.click()
        expect(gaps).not_to_have_text(f"Fills a gap ({left})")
        keeper.settled()
    keeper.button(r"\d+ accepted: review and publish").click()
    keeper.says("Step 3 of 4").settled()
    picture(keeper, "pages-review")
    keeper.button("Publish: ").click()
    keeper.says("Version 1 is live")
    assert time.monotonic() - began < 60
    assert with_telephone(pages_site) >= 20
    assert keeper.errors == []

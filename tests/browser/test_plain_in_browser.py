"""The plain pages in Chromium: a whole search with JavaScript off, axe, sizes and paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from .service import AddressService, Service
from .test_accessibility import findings

PAGES = {
    "results": "plain?near=20912&condition=ptsd&unstated=include&payment=self-pay",
    "trouble": "plain?near=Nowhereville&conditon=ptsd",
    "which": "plain?near=Philadelphia",
    "clinic": "clinics/nova-health-recovery-alexandria",
    "town": "near/rockville-md",
    "towns": "near",
    "condition": "conditions/depression",
    "conditions": "conditions",
    "topic": "topics/emergency-at-home",
    "claims": "topics/common-claims",
    "topics": "topics",
    "not here": "clinics/nothing-like-it",
    "embed": "embed?near=20912",
}
IN_THE_DARK = ("results", "trouble", "clinic", "condition", "topic")
SMALL = """() => [...document.querySelectorAll('a, button, input, select, summary, label')]
  .filter(e => !e.closest('p, footer p, dd, li:not(.cards li)') || e.matches('button, .do a'))
  .filter(e => e.checkVisibility() && !e.matches('.skip, .three label, .more > fieldset > label'))
  .filter(e => e.type !== 'checkbox')
  .map(e => [e.textContent.trim().slice(0, 40), e.getBoundingClientRect().height])
  .filter(([, height]) => height < 43.5)"""


@pytest.fixture
def scriptless(new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a page of somebody whose browser runs no script."""

    def open_page(**options: object) -> Page:
        return new_page(java_script_enabled=False, **options)

    return open_page


def test_a_whole_search_without_javascript(
    scriptless: Callable[..., Page], service: Service, address_service: AddressService
) -> None:
    page, asked = scriptless(width=390), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{service.url}/plain")
    page.get_by_label("What for").select_option("ptsd")
    page.get_by_label("Where").fill("7500 Maple Avenue, Takoma Park, MD 20912")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(f"{service.url}/plain?near=20912&condition=ptsd")
    headline = page.get_by_role("heading", level=2).first
    expect(headline).to_contain_text("within 25 miles of ZIP 20912 listed as treating PTSD")
    page.get_by_text("More filters").click()
    page.get_by_label("Self-pay").check()
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"condition=ptsd&payment=self-pay$"))
    page.get_by_label("Where").fill("Springfield")
    page.get_by_role("button", name="Search").click()
    expect(headline).to_contain_text("of Springfield, VA")
    name = page.locator(".cards h3 a").first
    title = name.inner_text()
    name.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("link", name="988").first).to_be_visible()
    assert [address for address in address_service.asked if "maple" in address.casefold()]
    assert not [address for address in asked if "Maple" in address]
    assert {address.split("/")[2] for address in asked} == {service.url.split("/")[2]}


def test_no_serious_finding_on_plain_pages(new_page: Callable[..., Page], service: Service) -> None:
    page = new_page(bypass_csp=True)
    for name, path in PAGES.items():
        page.goto(f"{service.url}/{path}")
        assert findings(page) == [], path
        if name in IN_THE_DARK:
            page.emulate_media(color_scheme="dark")
            assert findings(page) == [], f"{path} in the dark"
            page.emulate_media(color_scheme="light")


def test_a_phone_scrolls_only_down_and_a_finger_hits_what_it_means_to(
    new_page: Callable[..., Page], service: Service
) -> None:
    page = new_page(width=390, height=844, bypass_csp=True, is_mobile=True, has_touch=True)
    for path in PAGES.values():
        page.goto(f"{service.url}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.evaluate(SMALL) == [], path
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "17px"


def test_a_listing_is_one_sheet_of_paper(scriptless: Callable[..., Page], service: Service) -> None:
    page = scriptless()
    page.goto(f"{service.url}/clinics/washington-behavioral-medicine-associates-washington")
    sheets = PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages
    assert len(sheets) == 1
    text = " ".join(sheets[0].extract_text().split())
    for words in (
        "Washington Behavioral Medicine",
        "988",
        "Not stated",
        "/topics/",
        "Source:",
    ):
        assert words in text
    for words in ("Site with a map", "Something wrong", "Skip to"):
        assert words not in text

"""One service and one Chromium for all browser tests, and a page that notices what goes wrong.

The browser resolves no name: whatever is not on this machine cannot be reached, but that it was
asked for is recorded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from .service import AddressService, Service, running
from .visitor import Visitor

ColorScheme = Literal["dark", "light"] | None
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, and put it first: what takes longest should not end last."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
    items.sort(key=lambda item: here not in item.path.parents)


@pytest.fixture(scope="package")
def address_service() -> Iterator[AddressService]:
    service = AddressService()
    yield service
    service.stop()


@pytest.fixture(scope="package")
def service(
    tmp_path_factory: pytest.TempPathFactory, address_service: AddressService
) -> Iterator[Service]:
    """The service as it is shipped, with an address service of our own."""
    log = tmp_path_factory.mktemp("service") / "printed.txt"
    with running(log, geocoder_url=address_service.url) as started:
        yield started


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def profiles(browser: Browser) -> defaultdict[str, list[BrowserContext]]:
    """Browsers that have been here before, by their options: what never changes is in their cache.

    Loading all of Streamlit anew for each test was a third of the time of these tests.
    """
    return defaultdict(list)


@pytest.fixture
def new_page(
    browser: Browser, profiles: dict[str, list[BrowserContext]]
) -> Iterator[Callable[..., Page]]:
    """Open a page of a visitor of its own; whatever it raises fails the test at its end.

    Each gets a profile that other tests have used, without cookies and without anything stored;
    two of one test never have the same. A page has its size and its colors for itself.
    """
    raised: list[str] = []
    taken: list[BrowserContext] = []
    with ExitStack() as stack:

        def open_page(
            width: int = 1280, height: int = 900, color_scheme: ColorScheme = None, **options: Any
        ) -> Page:
            known = profiles[repr(sorted(options.items()))]
            context = next((one for one in known if one not in taken), None)
            if context is None:
                context = browser.new_context(**options)
                known.append(context)
            taken.append(context)
            stack.callback(_forget, context)
            page = context.new_page()
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=color_scheme)
            page.set_default_timeout(20_000)
            page.on("pageerror", lambda error: raised.append(str(error)))
            return page

        yield open_page
    assert raised == []


def _forget(context: BrowserContext) -> None:
    """Close the pages of a profile and throw away what they left in it."""
    for page in context.pages:
        with suppress(Error):
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.close()
    context.unroute_all()
    context.clear_cookies()
    context.clear_permissions()


@pytest.fixture
def visitor(service: Service, new_page: Callable[..., Page]) -> Callable[..., Visitor]:
    """Open the service for a visitor: `visitor("?near=20912", width=390)`."""

    def arrive(path: str = "", **options: Any) -> Visitor:
        return Visitor(service.url, new_page(**options)).open(path)

    return arrive


@pytest.fixture
def phone(visitor: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """The same on a phone of 390 by 844 pixels."""

    def arrive(path: str = "", **options: Any) -> Visitor:
        return visitor(
            path,
            width=390,
            height=844,
            is_mobile=True,
            has_touch=True,
            user_agent=PHONE,
            **options,
        )

    return arrive

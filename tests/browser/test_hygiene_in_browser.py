"""Headers and frames around the real service: nothing breaks.

What stays of a visit is in tests/browser/test_privacy.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.keeper import SETTINGS
from tests.browser.service import Service, running
from tests.browser.visitor import Visitor


@pytest.fixture(scope="module")
def kept_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that has keepers."""
    log = tmp_path_factory.mktemp("kept") / "printed.txt"
    with running(log, settings=SETTINGS) as started:
        yield started


def test_pages_map_and_connection_work_under_the_headers_and_tiles_learn_the_site_alone(
    kept_site: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    told: list[str] = []

    def picture(route: Route) -> None:
        told.append(route.request.headers.get("referer", ""))
        route.fulfill(status=204)

    page.context.route("https://tile.openstreetmap.org/**", picture)
    me = Visitor(kept_site.url, page).open("?near=20912&condition=ptsd")
    expect(me.map().locator(".pin").first).to_be_visible()
    me.show_on_map(2).click()
    expect(me.selected).to_have_count(1)
    assert set(told) == {f"{kept_site.url}/"}
    twin = me.page.get_by_role("link", name="This page without JavaScript")
    expect(twin).to_have_attribute("href", re.compile(r"/plain\?near=20912&condition=ptsd$"))
    me.page.get_by_role("link", name="About").click()
    code = me.page.locator("[data-testid=stCode]")
    expect(code).to_contain_text(f"{kept_site.url}/embed?near=20912&amp;condition=ptsd")
    assert me.errors == []


@pytest.fixture
def other_site(kept_site: Service) -> Iterator[str]:
    """A site of another origin that frames ours, each path of the query in a frame."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            framed = f'<iframe src="{kept_site.url}{self.path}" width=600 height=600></iframe>'
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>x</title>{framed}".encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_another_site_can_frame_the_embed_and_nothing_else(
    other_site: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if m.type == "error" else None)
    page.goto(f"{other_site}/embed?near=20912&condition=ptsd")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading").first).to_be_visible()
    assert frame.locator("body").evaluate("b => getComputedStyle(b).fontFamily") != "serif"
    assert refused == []
    for path in ("/plain?near=20912", "/near/takoma-park-md", "/", "/manage", "/api/v1/conditions"):
        page.goto(other_site + path)
        page.wait_for_timeout(150)
        assert any("frame-ancestors" in text for text in refused), path
        refused.clear()


def test_without_javascript_the_first_page_leads_to_the_same_search_on_a_plain_page(
    kept_site: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{kept_site.url}/?near=20912&condition=ptsd")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("9 ketamine")
    expect(page.locator("#first .card").first).to_be_visible()
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator("[data-keep]").first).to_be_hidden()  # it would do nothing
    expect(page.get_by_role("link", name="988")).to_be_visible()
    page.get_by_role("link", name="Go on with the plain pages").click()
    expect(page).to_have_url(f"{kept_site.url}/plain?near=20912&condition=ptsd")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("9 ketamine")

"""Headers, frames and logs around the real service: nothing breaks, and nothing of a visit stays.

The service says everything it can, so that what is not in its log is in none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.keeper import SETTINGS, Keeper
from tests.browser.service import AddressService, Service, running
from tests.browser.visitor import Visitor
from tests.integration.telltale import SEARCH, STREET, traces, visit_without_a_browser


@pytest.fixture(scope="module")
def talkative(
    tmp_path_factory: pytest.TempPathFactory, address_service: AddressService
) -> Iterator[Service]:
    log = tmp_path_factory.mktemp("talkative") / "printed.txt"
    settings = SETTINGS | {"STREAMLIT_LOGGER_LEVEL": "debug"}
    with running(log, geocoder_url=address_service.url, settings=settings) as started:
        yield started


def test_a_visit_that_begins_with_a_deep_link_leaves_no_trace_in_the_most_talkative_log(
    talkative: Service, new_page: Callable[..., Page]
) -> None:
    """The topic is the first page that this service ever shows."""
    me = Visitor(talkative.url, new_page()).open("learn?topic=fibromyalgia")
    expect(me.page.get_by_role("heading", name="Fibromyalgia", level=1)).to_be_visible()
    expect(me.page.get_by_role("heading", name="Sources")).to_be_attached()
    visit_without_a_browser(talkative)
    me.open(f"?{urlencode(SEARCH)}")
    expect(me.headline).to_contain_text("Havre de Grace")
    me.type_place(STREET)
    expect(me.headline).not_to_contain_text("Havre de Grace")
    me.open("towns?town=havre-de-grace-md")
    assert "Running script" in talkative.printed
    assert traces(talkative) == []


def test_pages_map_and_connection_work_under_the_headers_and_tiles_learn_the_site_alone(
    talkative: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    told: list[str] = []

    def picture(route: Route) -> None:
        told.append(route.request.headers.get("referer", ""))
        route.fulfill(status=204)

    page.context.route("https://tile.openstreetmap.org/**", picture)
    me = Visitor(talkative.url, page).open("?near=20912&condition=ptsd")
    expect(me.map().locator(".pin").first).to_be_visible()
    me.show_on_map(2).click()
    expect(me.selected).to_have_count(1)
    assert set(told) == {f"{talkative.url}/"}
    twin = me.page.get_by_role("link", name="This page without JavaScript")
    expect(twin).to_have_attribute("href", re.compile(r"/plain\?near=20912&condition=ptsd$"))
    me.page.get_by_role("link", name="About").click()
    code = me.page.locator("[data-testid=stCode]")
    expect(code).to_contain_text(f"{talkative.url}/embed?near=20912&amp;condition=ptsd")
    assert me.errors == []


def test_an_upload_works_under_the_headers(
    talkative: Service, new_page: Callable[..., Page]
) -> None:
    keeper = Keeper(talkative.url, new_page()).sign_in()
    file = b"name,city,state,phone\nA Made-up Clinic,Takoma Park,MD,(301) 555-0142\n"
    keeper.upload_and_check(file, "made-up.csv")
    # Streamlit looks for its server below the page first, and does not find it there.
    assert [text for text in keeper.errors if "404 (Not Found)" not in text] == []


@pytest.fixture
def other_site(talkative: Service) -> Iterator[str]:
    """A site of another origin that frames ours, each path of the query in a frame."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            framed = f'<iframe src="{talkative.url}{self.path}" width=600 height=600></iframe>'
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
    talkative: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{talkative.url}/?near=20912&condition=ptsd")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("This page needs JavaScript, and your browser does not run it")
    expect(page.get_by_role("link", name="988")).to_be_visible()
    page.get_by_role("link", name="Go on with the plain pages").click()
    expect(page).to_have_url(f"{talkative.url}/plain?near=20912&condition=ptsd")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("9 ketamine")

"""A whole visit in Chromium: whom it asked, and what of it is left anywhere. It should be nothing.

Chromium's own record of its network is read,
which also has what a page does not tell: handshakes, workers, and what Chromium asks for itself.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_plus, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ARGUMENTS
from tests.browser.service import AddressService, Service, running
from tests.browser.visitor import Visitor
from tests.integration.telltale import SEARCH, STREET, traces, visit_without_a_browser

TOKEN = "telltale-token"
SETTINGS = {
    "CLINICS_PUBLISH_TOKEN_SHA256": hashlib.sha256(TOKEN.encode()).hexdigest(),
    "STREAMLIT_LOGGER_LEVEL": "debug",
}
CLOUD = {
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "true",
    "STREAMLIT_CLIENT_SHOW_ERROR_DETAILS": "false",
    "STREAMLIT_RUNNER_FAST_RERUNS": "true",
    "STREAMLIT_SERVER_RUN_ON_SAVE": "true",
    "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "true",
}
"""What Streamlit Community Cloud sets for every app, over the app's own settings."""

TILES = "tile.openstreetmap.org"
CORRECTION = "It closed in May."
KEEPER = "Ada Keeper"
SIGNED_IN = f"Signed in as {KEEPER}."
SECRET = re.compile("telltale", re.IGNORECASE)
"""A word of the street address and of the token; neither may be in any address."""

PICTURE = re.compile(rf"https://{re.escape(TILES)}/\d+/\d+/\d+\.png")

Rows = dict[str, list[tuple[object, ...]]]


class Visit(NamedTuple):
    """What there is to look through after a visit."""

    service: Service
    requests: list[tuple[str, str]]
    """Address and referrer of each request that a page made."""

    network: str
    """Chromium's own record, whole."""

    shown: list[str]
    """What the address bar held, one after the other, and what the plain form led to."""

    cookies: set[str]
    listed: set[str]
    """The cookies of the browser, and those that the about page lists."""

    stored: dict[str, object]
    added: Rows
    """The rows that the store has more than before."""


@pytest.fixture(scope="module", params=[{}, CLOUD], ids=["as it is shipped", "on the Cloud"])
def visit(
    request: pytest.FixtureRequest,
    browser: Browser,
    chromium: str,
    address_service: AddressService,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Visit]:
    """Make the visit, in a browser that was never anywhere."""
    folder = tmp_path_factory.mktemp("private")
    record, log = folder / "network.json", folder / "printed.txt"
    recording = [f"--log-net-log={record}", "--net-log-capture-mode=IncludeSensitive"]
    with running(
        log, geocoder_url=address_service.url, settings=SETTINGS | request.param
    ) as service:
        launched = browser.browser_type.launch(
            executable_path=chromium, args=[*ARGUMENTS, *recording]
        )
        context = launched.new_context()
        requests: list[tuple[str, str]] = []
        context.on("request", lambda r: requests.append((r.url, r.headers.get("referer", ""))))
        me, shown = Visitor(service.url, context.new_page()), []
        me.page.set_default_timeout(10_000)
        me.page.on("framenavigated", lambda frame: shown.append(frame.url))
        read_and_search(me)
        before = rows_of(log.with_suffix(".db"))
        correct(me)
        listed = read_about_this_site(me)
        try_to_keep(me)
        search_without_javascript(me)
        cookies = {str(cookie["name"]) for cookie in context.cookies()}
        stored = me.page.evaluate(STORED)
        # Streamlit looks for its server below the page first, and does not find it there.
        assert [text for text in me.errors if "404 (Not Found)" not in text] == []
        launched.close()
        visit_without_a_browser(service)
        added = more_than(before, rows_of(log.with_suffix(".db")))
        network = record.read_text(encoding="utf-8")
        yield Visit(service, requests, network, shown, cookies, set(listed), stored, added)


STORED = """async () => ({
  local: {...localStorage},
  session: {...sessionStorage},
  databases: await indexedDB.databases(),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


def read_and_search(me: Visitor) -> None:
    """Begin at a topic, which is the first page that this service ever shows; then search."""
    me.open("learn?topic=fibromyalgia")
    expect(me.page.get_by_role("heading", name="Fibromyalgia", level=1)).to_be_visible()
    expect(me.page.get_by_role("heading", name="Sources")).to_be_attached()
    me.open(f"?{urlencode(SEARCH)}")
    expect(me.headline).to_contain_text("Havre de Grace")
    me.type_place(STREET)
    expect(me.headline).to_contain_text("address in ZIP 20912")
    me.choose_distance("any").settled()
    me.choose_condition("fibromyalgia").settled()  # which was chosen, and now is not
    expect(me.page).not_to_have_url(re.compile("condition="))
    me.open_filters().option("category", "mental-health").click()
    expect(me.page).to_have_url(re.compile("category=mental-health"))
    me.settled().close_filters()
    pages = me.settled().page.get_by_test_id("stPagination")
    pages.get_by_role("button", name="2").first.click()
    expect(me.cards.first.locator(".number")).to_have_text("26")
    me.cards.first.locator("summary").first.click()
    me.show_on_map(2).click()
    expect(me.selected).to_have_count(1)
    me.map().locator(".pin", has_text=re.compile(r"^\d+$")).last.press("Enter")
    expect(me.selected.locator(".number")).not_to_have_text("27")
    me.settled()
    me.page.go_back()
    me.settled()
    expect(me.where).to_have_value(STREET)


def correct(me: Visitor) -> None:
    """Say what is wrong with a listing."""
    me.cards.first.locator("[data-wrong]").click()
    dialog = me.page.get_by_role("dialog")
    dialog.get_by_role("combobox").click()
    me.page.get_by_role("option", name="It has closed or moved away").click()
    dialog.get_by_role("textbox", name=re.compile("What is right")).fill(CORRECTION)
    dialog.get_by_role("button", name="Send this correction").click()
    expect(dialog.get_by_text("Thank you.")).to_be_visible()
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(dialog).to_have_count(0)


def read_about_this_site(me: Visitor) -> list[str]:
    """Take the questions along, look at a town, and return the cookies that are listed."""
    me.page.get_by_role("link", name="Understand").click()
    me.page.get_by_role("link", name=re.compile("choose a clinic", re.IGNORECASE)).first.click()
    with me.page.expect_download():
        me.page.get_by_role("link", name="Download as PDF, one page").click()
    me.page.get_by_role("link", name="Towns").click()
    me.page.get_by_role("link", name="Havre de Grace, MD").first.click()
    expect(me.page.get_by_role("heading", name="Clinics near Havre de Grace, MD")).to_be_visible()
    me.settled().page.get_by_role("link", name="About").click()
    expect(me.page.get_by_role("heading", name="Cookies")).to_be_visible()
    return me.settled().page.locator("li > code").all_inner_texts()


def try_to_keep(me: Visitor) -> None:
    """Try to sign in with a wrong token, sign in, and sign out."""
    me.page.get_by_role("link", name="For keepers of this directory").click()
    for token, answer in ((f"not-{TOKEN}", "This is not the publishing token"), (TOKEN, SIGNED_IN)):
        me.page.get_by_role("textbox", name="Your name").fill(KEEPER)
        me.page.get_by_role("textbox", name="Publishing token").fill(token)
        me.page.get_by_role("button", name="Sign in").click()
        expect(me.page.get_by_text(answer)).to_be_visible()
    with me.page.expect_download():
        me.settled().page.get_by_role("button", name="The directory as it is now (CSV)").click()
    me.page.get_by_role("button", name="Sign out").click()
    expect(me.page.get_by_role("textbox", name="Publishing token")).to_be_visible()


def search_without_javascript(me: Visitor) -> None:
    """Search on the plain pages with the street address, and open what was found."""
    me.page.goto(f"{me.base}/plain")
    me.page.get_by_label("Where").fill(STREET)
    me.page.get_by_role("button", name="Search").click()
    expect(me.page).to_have_url(f"{me.base}/plain?near=20912")
    me.page.locator(".cards a[href*='clinics/']").first.click()
    expect(me.page).to_have_url(re.compile("/clinics/"))
    me.page.goto(f"{me.base}/embed?{urlencode(SEARCH)}")


def rows_of(database: Path) -> Rows:
    """Read every row of every table."""
    with sqlite3.connect(database) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()
            for (name,) in names.fetchall()
        }


def more_than(before: Rows, after: Rows) -> Rows:
    """Return the rows that are new, of the tables that have some."""
    new = {
        table: [row for row in rows if row not in before[table]] for table, rows in after.items()
    }
    return {table: rows for table, rows in new.items() if rows}


def test_chromium_asked_nobody_but_this_site_and_the_host_of_the_maps_pictures(
    visit: Visit,
) -> None:
    asked = set(re.findall(r'"((?:https?|wss?)://[^"\\ ]+)', visit.network))
    hosts = {urlsplit(url).hostname for url in asked} - {"~notfound"}  # for names not resolved
    assert {urlsplit(url).scheme for url in asked} >= {"http", "ws", "https"}
    assert hosts == {"127.0.0.1", TILES}
    requests = [urlsplit(url) for url, _ in visit.requests]
    on_the_way = [url for url in requests if url.scheme not in ("data", "blob")]
    assert {url.hostname for url in on_the_way} == {"127.0.0.1", TILES}


def test_neither_street_nor_token_was_in_an_address_or_told_as_where_somebody_came_from(
    visit: Visit,
) -> None:
    addresses = [*visit.shown, *(text for request in visit.requests for text in request)]
    assert any("havre" in address.casefold() for address in addresses)
    assert [address for address in addresses if SECRET.search(unquote_plus(address))] == []
    to_tiles = [request for request in visit.requests if urlsplit(request[0]).hostname == TILES]
    assert {referrer for _, referrer in to_tiles} == {f"{visit.service.url}/"}
    assert [url for url, _ in to_tiles if not PICTURE.fullmatch(url)] == []


def test_the_browser_keeps_the_cookies_that_the_about_page_lists_and_the_colors(
    visit: Visit,
) -> None:
    assert visit.cookies == visit.listed == {"_streamlit_xsrf"}
    local = visit.stored.pop("local")
    assert {re.sub("-/.*", "", name) for name in local} == {"stActiveTheme"}
    assert set(local.values()) == {'"System"'}
    assert not any(visit.stored.values())


def test_the_store_has_the_correction_and_nothing_of_who_sent_it(visit: Visit) -> None:
    assert set(visit.added) == {"corrections", "sqlite_sequence"}
    (row,) = visit.added["corrections"]
    listing, received = row[1], dt.datetime.fromisoformat(str(row[5]))
    assert row == (1, listing, "closed", CORRECTION, "", row[5], "waiting", None, "", "", None)
    assert f"/clinics/{listing}".encode() in visit.service.get("/sitemap.xml")[1]
    assert abs((received - dt.datetime.now()).days) <= 1


def test_the_most_talkative_log_has_nothing_of_it(visit: Visit) -> None:
    assert "Running script" in visit.service.printed
    assert traces(visit.service) == []
    for word in (CORRECTION, "Chrome", "_streamlit_xsrf"):
        assert word not in visit.service.printed
    # A keeper is no visitor: who signs in is one line, and is named nowhere else.
    named = [line for line in visit.service.printed.splitlines() if KEEPER in line]
    assert [line.partition(": ")[2] for line in named] == [f"{KEEPER} signed in by token."]

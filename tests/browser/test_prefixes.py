"""The whole service under a prefix: a base path of its own, and a host that cuts one off."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from .front import PREFIX, front_of
from .service import Service, running
from .visitor import Visitor

BASE = "find-a-clinic"
_LINK = re.compile(r'(?:href|src|action)="([^"#]+)')
_STARTS = (
    "plain?near=20912&condition=ptsd",
    "near",
    "conditions",
    "api",
    "embed?near=20912",
    "learn",
)


@pytest.fixture(scope="module")
def based(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    log = tmp_path_factory.mktemp("based") / "printed.txt"
    with running(log, base=BASE) as started:
        yield started


@pytest.fixture(scope="module")
def front(service: Service) -> Iterator[str]:
    with front_of(int(service.url.rpartition(":")[2])) as address:
        yield address


def fetched(url: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            about = answer.headers.get_content_type()
            text = answer.read().decode("utf-8", "replace") if "html" in about else ""
            return answer.status, answer.url, text
    except urllib.error.HTTPError as answer:
        return answer.code, url, ""


def dead_links(root: str) -> list[str]:
    """Walk from every kind of page, three links of each kind from each; name what leads nowhere."""
    host, inside = urlsplit(root).netloc, urlsplit(root).path
    waiting, seen, kinds, dead = [urljoin(root, start) for start in _STARTS], set(), Counter(), []
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        status, landed, text = fetched(url)
        if status != 200 or not urlsplit(landed).path.startswith(inside):
            dead.append(f"{status} {url}")
        for link in dict.fromkeys(_LINK.findall(text)):
            to = urljoin(landed, link.replace("&amp;", "&"))
            parts = urlsplit(to)
            if parts.scheme not in ("http", "https") or parts.netloc != host:
                continue
            kind = (urlsplit(landed).path[:40], parts.path.removeprefix(inside).split("/")[0])
            kinds[kind] += 1
            if kinds[kind] <= 3:
                waiting.append(to)
    assert len(seen) > 40
    return dead


def test_every_link_of_every_plain_page_works_under_each_prefix(
    service: Service, based: Service, front: str
) -> None:
    for root in (f"{service.url}/", f"{based.url}/{BASE}/", f"{front}{PREFIX}/"):
        assert dead_links(root) == []


def test_under_a_base_path_the_app_its_map_and_its_pages_work(
    based: Service, new_page: Callable[..., Page]
) -> None:
    me = Visitor(f"{based.url}/{BASE}", new_page()).open("?near=20912")
    me.map()
    me.type_place("Towson")
    expect(me.page).to_have_url(re.compile(f"/{BASE}/.*near=Towson"))
    with me.page.expect_popup() as opened:
        me.page.get_by_role("link", name="This page without JavaScript").click()
    plain = opened.value
    expect(plain).to_have_url(re.compile(f"/{BASE}/plain"))
    plain.locator("form[role=search] input[name=near]").fill("21201")
    plain.keyboard.press("Enter")
    expect(plain).to_have_url(re.compile(f"/{BASE}/plain.*near=21201"))
    assert me.errors == []


def test_a_base_path_says_where_the_service_is(based: Service) -> None:
    assert based.get("/healthz")[0] == 200
    assert based.get(f"/{BASE}/healthz")[0] == 200
    status, body = based.get("/plain")
    assert status == 404
    assert f"/{BASE}/".encode() in body
    assert b"988" in body


def test_in_the_frame_of_a_host_everything_stays_inside(
    front: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(f"{front}/?near=20912&condition=ptsd")
    app: FrameLocator = page.frame_locator("iframe[title=app]")
    expect(app.locator(".card").first).to_be_visible()
    expect(app.frame_locator("iframe[title*=folium]").locator(".pin").first).to_be_visible()
    with page.expect_popup() as opened:
        app.get_by_role("link", name="This page without JavaScript").click()
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{front}/plain?near=20912")
    expect(app.get_by_role("heading", level=1)).to_be_visible()
    app.get_by_role("link", name="Towns", exact=True).click()
    app.get_by_role("link", name=re.compile("^Takoma Park")).first.click()
    expect(app.get_by_role("heading", name=re.compile("Takoma Park")).first).to_be_visible()
    app.get_by_role("link", name="Find a clinic", exact=True).click()
    app.locator("form[role=search] input[name=near]").fill("20912")
    app.locator("form[role=search] button").first.click()
    expect(app.locator("h1, h2").filter(has_text="20912").first).to_be_visible()
    app.get_by_role("link", name="Site with a map").click()
    expect(app.locator(".card").first).to_be_visible()


def test_a_base_path_that_is_one_of_our_sections_is_refused_in_one_sentence(
    tmp_path: Path,
) -> None:
    with pytest.raises(RuntimeError, match=r"server\.baseUrlPath cannot begin with “clinics”"):  # noqa: SIM117
        with running(tmp_path / "printed.txt", base="clinics"):
            pass

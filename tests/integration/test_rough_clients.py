"""Clients that are slow, silent or senseless: everybody else is served as if they were not there.

One real server for all of it; the same clients in number, and for long, are `lab.torture.load`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from lab.benchmarks.streamlit_client import Tab, open_tab
from lab.torture import load_rough as rough
from tests.browser.service import Service, running
from tests.integration.wire import Browser

FEW_FILES = (
    "import resource\n"
    "hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
    "resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))"
)
"""As most systems start a service."""

SOON = 0.5
MOST_UNPACKED = 25_000_000
HEALTH = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

Send = Callable[[int, bytes, float], Awaitable[bytes]]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    log = tmp_path_factory.mktemp("rough") / "log"
    with running(log, before=FEW_FILES) as started:
        yield started


@pytest.fixture(scope="module")
def port(service: Service) -> int:
    return urlsplit(service.url).port or 0


@contextmanager
def nothing_goes_wrong(service: Service) -> Iterator[None]:
    """What the server writes meanwhile has no bug of ours in it."""
    before = len(service.printed)
    yield
    assert "clinics.errors" not in service.printed[before:]


def headline(tab: Tab) -> str:
    assert not tab.page.of_kind("exception")
    return str(tab.page.component("headline"))


async def visit_beside(port: int, rough_ones: list[Awaitable[bytes]]) -> list[bytes]:
    """Run a visitor's page again and again while all of these go on; return what they got."""
    tab, _, _ = await open_tab(port, "near=20912")
    shown = headline(tab)
    tasks = [asyncio.ensure_future(each) for each in rough_ones]
    while not all(task.done() for task in tasks):
        await tab.run()
        assert headline(tab) == shown
    await tab.run()
    assert headline(tab) == shown
    await tab.close()
    fresh, _, _ = await open_tab(port, "near=20912")
    assert headline(fresh) == shown
    await fresh.close()
    return [task.result() for task in tasks]


def sent(port: int, table: dict[str, bytes], send: Send) -> dict[str, bytes]:
    """Send all of these at once, beside a visitor; return what each got."""
    ones = [send(port, data, SOON) for data in table.values()]
    return dict(zip(table, asyncio.run(visit_beside(port, ones)), strict=True))


def test_senseless_requests_stop_nobody(service: Service, port: int) -> None:
    with nothing_goes_wrong(service):
        got = sent(port, rough.greetings(), rough.told)
    opened = {name for name, answer in got.items() if b" 101 " in answer[:20]}
    assert opened == {
        "an unknown kind of talk", "a thousand kinds of talk", "a session of nobody",
        "unknown packing", "packing that cannot be",
    }  # fmt: skip


def test_senseless_frames_stop_nobody(service: Service, port: int) -> None:
    with nothing_goes_wrong(service):
        got = sent(port, rough.frames(), rough.told_on_websocket)
    assert all(b"Traceback" not in answer for answer in got.values())


def test_senseless_messages_stop_nobody(service: Service, port: int) -> None:
    with nothing_goes_wrong(service):
        sent(port, rough.messages(), rough.told_on_websocket)


def test_what_is_packed_small_is_not_unpacked_large(port: int) -> None:
    asked = rough.told_on_websocket(port, rough.frame(0x2, rough.bomb(100), packed=True), 2.0)
    refused = re.search(rb"exceeds limit of ([0-9]+) bytes", asyncio.run(asked))
    assert refused, "a bomb of 100 MB was unpacked whole"
    assert int(refused[1]) <= MOST_UNPACKED


def test_no_visitor_empties_what_all_share(service: Service, port: int) -> None:
    """Everything kept for all would be made anew: another token, and nobody is slowed down."""
    asyncio.run(rough.told_on_websocket(port, rough.messages()["only clear_cache"], SOON))
    (token,) = re.findall("sign in with this token: ([0-9a-f]+)", service.printed)
    with Browser(service).tab("manage") as tab:
        assert tab.sign_in(token).has("Sign out")


def test_another_sites_page_makes_this_server_ask_nobody(service: Service, port: int) -> None:
    asyncio.run(rough.told(port, rough.greetings()["another site's page"], SOON))
    assert "external IP" not in service.printed


def test_a_thousand_silent_connections_and_slow_ones_stop_nobody(
    service: Service, port: int
) -> None:
    silent = rough.room_for(1_000)

    async def visit() -> list[bytes]:
        slow = [asyncio.ensure_future(make()) for _, make in rough.slow_ways(port)]
        async with rough.idle(port, silent):
            got = await visit_beside(port, [rough.told(port, HEALTH, 5.0) for _ in range(5)])
        for task in slow:
            task.cancel()
        return got

    with nothing_goes_wrong(service):
        answers = asyncio.run(visit())
    assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)

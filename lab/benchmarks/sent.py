"""Bytes sent for the first page and for a change of a filter, with few clinics and with many.

Over the websocket as they go over the wire; in a browser, also every file that the page asks for.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from lab.benchmarks.browser import browser
from lab.benchmarks.measure import Json
from lab.benchmarks.servers import Server, data_folder, running
from lab.benchmarks.streamlit_client import open_tab
from lab.benchmarks.visits import Visit, everyone

TARGET_FIRST, TARGET_CHANGE, TARGET_GROWTH = 150_000, 30_000, 2.0
CHANGES = 6
_MAP = ("/component/", "/assets/leaflet/", "/assets/map.")


def run(sizes: list[int], *, with_files: bool = True) -> list[Json]:
    """Count for each app and number of clinics; `with_files` also what a browser asks for."""
    rows: list[Json] = []
    for number in sizes:
        with data_folder(number) as folder:
            visits = everyone(folder)
            sent = {who: _sent(folder, visit, with_files) for who, visit in visits.items()}
        rows.append({"clinics": number, "sent": sent})
    return rows


def _sent(folder: Path, visit: Visit, with_files: bool) -> Json:
    with running(visit.who, folder) as server:
        first, change = asyncio.run(_over_the_websocket(visit, server))
        files = _files(server, visit.query_string) if with_files else {}
    return {"first_page": first, "change": change, **files}


async def _over_the_websocket(visit: Visit, server: Server) -> tuple[int, float]:
    tab, _, first = await open_tab(server.port, visit.query_string)
    sizes = [(await visit.change(tab, turn))[1] for turn in range(CHANGES)]
    await tab.close()
    return first, median(sizes)


def kind_of(path: str) -> str:
    """Tell whose file a path is: Streamlit's own, the map's, or of this app alone."""
    if path == "/" or path.startswith(("/static/", "/_stcore/", "/vendor/")):
        return "streamlit_files"
    return "map_files" if path.startswith(_MAP) else "own_files"


def _files(server: Server, query_string: str) -> Json:
    """Return the bytes of all files that a browser asks this server for, headers and all."""
    sums = dict.fromkeys(("streamlit_files", "map_files", "own_files"), 0)
    with browser() as opened:
        if opened is None:
            return {}
        page = opened.new_page()
        asked: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")

        def began(event: dict[str, Any]) -> None:
            asked[event["requestId"]] = event["request"]["url"]

        def ended(event: dict[str, Any]) -> None:
            address = urlsplit(asked.get(event["requestId"], ""))
            if address.port == server.port:
                sums[kind_of(address.path)] += int(event["encodedDataLength"])

        session.on("Network.requestWillBeSent", began)
        session.on("Network.loadingFinished", ended)
        page.goto(f"{server.url}/?{query_string}")
        page.wait_for_timeout(6000)
    return dict(sums)

"""What more clinics cost, and what a second process gives, on one machine.

Two processes stand for a proxy with sticky sessions that costs nothing itself: every second
visitor speaks to the second process, and stays there.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from lab.benchmarks.measure import Json, Times
from lab.benchmarks.servers import OURS, Server, data_folder, running
from lab.benchmarks.sessions import crowd_of, keep_changing
from lab.benchmarks.streamlit_client import open_tab
from lab.benchmarks.visits import Visit, visit_to

SIZES = (230, 10_000, 100_000)
VISITORS = 50


def run(sizes: tuple[int, ...], times: int, seconds: float) -> list[Json]:
    """Measure one process for each number of clinics, and two for the smallest."""
    found: list[Json] = []
    for number in sizes:
        with data_folder(number) as folder:
            found.append({"clinics": number, "processes": 1, **_one(folder, times, seconds)})
            if number == min(sizes):
                found.append({"clinics": number, "processes": 2, **_two(folder, seconds)})
    return found


def _one(folder: Path, times: int, seconds: float) -> Json:
    visit = visit_to(OURS, folder)
    with running(OURS, folder, waits=False) as server:
        start = server.wait()
        first = asyncio.run(_first_page(server, visit, times))
        alone = asyncio.run(_alone(server, visit, times))
        figures = asyncio.run(crowd_of(visit, [server], seconds, VISITORS))
        return {
            "start_s": start,
            "first_page": first.as_json(),
            "rerun": alone.as_json(),
            **figures,
        }


def _two(folder: Path, seconds: float) -> Json:
    visit = visit_to(OURS, folder)
    with running(OURS, folder) as one, running(OURS, folder) as other:
        return asyncio.run(crowd_of(visit, [one, other], seconds, VISITORS))


async def _first_page(server: Server, visit: Visit, times: int) -> Times:
    """Open the page as a new visitor so often, after one who is not counted."""
    taken = Times()
    for turn in range(-1, times):
        began = time.perf_counter()
        tab, _, _ = await open_tab(server.port, visit.query_string)
        if turn >= 0:
            taken.milliseconds.append((time.perf_counter() - began) * 1000)
        await tab.close()
    return taken


async def _alone(server: Server, visit: Visit, times: int) -> Times:
    taken = Times()
    tab, _, _ = await open_tab(server.port, visit.query_string)
    await keep_changing(visit, tab, 0, 0.0, Times())
    for turn in range(1, times + 1):
        took, _ = await visit.change(tab, turn)
        taken.milliseconds.append(took)
    await tab.close()
    return taken

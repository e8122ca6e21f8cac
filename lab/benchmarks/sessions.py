"""Runs of the search page on the server: one visitor, and fifty who change filters at once.

Against the least a Streamlit app can do, and against a directory as tutorials build one.
`python -m lab.benchmarks.sessions --minutes 20` keeps fifty visitors busy and watches the memory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Sequence

from lab.benchmarks.measure import Json, Times, write
from lab.benchmarks.servers import HELLO, OURS, TUTORIAL, Server, data_folder, running
from lab.benchmarks.streamlit_client import Tab, open_tab
from lab.benchmarks.visits import Visit, everyone

TARGET_RERUN, TARGET_SHARE, TARGET_P95_MS, TARGET_TIMES = 1.5, 0.5, 400.0, 10.0
VISITORS = 50
WARM_UP = 3


def rerun(number: int, times: int) -> Json:
    """Time a change of a filter for one visitor alone, all apps in turn."""
    with data_folder(number) as folder:
        visits = everyone(folder)
        with (
            running(OURS, folder) as ours,
            running(HELLO, folder) as hello,
            running(TUTORIAL, folder) as tutorial,
        ):
            servers = {each.who: each for each in (ours, hello, tutorial)}
            taken = asyncio.run(_in_turn(visits, servers, times))
    return {"clinics": number, "times": {who: each.as_json() for who, each in taken.items()}}


async def _in_turn(
    visits: dict[str, Visit], servers: dict[str, Server], times: int
) -> dict[str, Times]:
    taken = {who: Times() for who in visits}
    tabs: dict[str, Tab] = {}
    for who, visit in visits.items():
        tabs[who], _, _ = await open_tab(servers[who].port, visit.query_string)
    for turn in range(-WARM_UP, times):
        for who, visit in visits.items():
            took, _ = await visit.change(tabs[who], turn)
            if turn >= 0:
                taken[who].milliseconds.append(took)
    for tab in tabs.values():
        await tab.close()
    return taken


def crowd(number: int, seconds: float, visitors: int = VISITORS) -> Json:
    """Let many visitors change filters as quickly as they are answered, one app after the other."""
    with data_folder(number) as folder:
        found: dict[str, Json] = {}
        for who, visit in everyone(folder).items():
            with running(who, folder) as server:
                found[who] = asyncio.run(crowd_of(visit, [server], seconds, visitors))
    return {"clinics": number, "visitors": visitors, "seconds": seconds, "crowds": found}


async def crowd_of(visit: Visit, servers: Sequence[Server], seconds: float, visitors: int) -> Json:
    """Return reruns a second, p50, p95 and the memory before the first visitor and at the end.

    Of several servers each has its own share of the visitors; memory is that of all together.
    """
    at_start = sum(each.resident for each in servers)
    ports = [servers[n % len(servers)].port for n in range(visitors)]
    tabs = [(await open_tab(port, visit.query_string))[0] for port in ports]
    with_everyone = sum(each.resident for each in servers)
    times, began = Times(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for turn, tab in enumerate(tabs):
            group.create_task(keep_changing(visit, tab, turn, began + seconds, times))
    took = time.perf_counter() - began
    at_end = sum(each.resident for each in servers)
    for tab in tabs:
        await tab.close()
    return {
        **times.as_json(),
        "reruns_a_second": len(times.milliseconds) / took,
        "start_mb": at_start / 1e6,
        "opened_mb": with_everyone / 1e6,
        "end_mb": at_end / 1e6,
    }


async def keep_changing(visit: Visit, tab: Tab, turn: int, until: float, times: Times) -> None:
    """Change filters as quickly as they are answered, at least once, until a moment."""
    while time.perf_counter() < until or not times.milliseconds:
        took, _ = await visit.change(tab, turn)
        times.milliseconds.append(took)
        turn += 1


def memory(minutes: float, number: int = 100, visitors: int = VISITORS) -> list[Json]:
    """Keep visitors busy for so long, and note the memory and the speed once a minute."""
    rows: list[Json] = []
    with data_folder(number) as folder, running(OURS, folder) as server:
        visit = everyone(folder)[OURS]
        for minute in range(max(1, round(minutes))):
            figures = asyncio.run(crowd_of(visit, [server], 60 * min(1.0, minutes), visitors))
            rows.append({"minute": minute + 1, **figures})
            print(json.dumps(rows[-1]), flush=True)
    return rows


def run(sizes: dict[int, tuple[int, float, int]]) -> list[Json]:
    """Measure, by number of clinics, so many reruns alone, and so many seconds of so many visitors.

    The tutorial way needs more than a second for each page of 10,000 clinics: few must do there.
    """
    return [
        {**rerun(number, times), **crowd(number, seconds, visitors)}
        for number, (times, seconds, visitors) in sizes.items()
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m lab.benchmarks.sessions", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--clinics", type=int, default=100)
    chosen = parser.parse_args()
    write("memory", {"results": memory(chosen.minutes, chosen.clinics)})

"""Two hundred visitors for ten minutes, while a keeper publishes and rough clients do their worst.

`python -m lab.torture.load --minutes 1` is a short one.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from lab.benchmarks.measure import resident_bytes
from lab.benchmarks.servers import NEAR, ROOT
from lab.benchmarks.streamlit_client import Tab, clicked, open_tab
from lab.torture import load_rough as rough
from lab.torture.load_editions import Editions
from lab.torture.trial import Outcome
from tests.browser.service import Service, running
from tests.integration import wire

TOKEN = "a made-up token of a trial"
PUBLISH_EVERY_S = 20.0
THINKS_S = (1.0, 5.0)
LEAVES = 0.03
"""The share of turns after which a visitor closes the page and comes again."""

PATIENCE_S = 120.0
"""Seconds that the keeper waits for a page which 200 visitors want at once."""

ALONE = 60
MOST_GROWTH, MOST_SLOWER = 1.05, 1.5
JUDGED_FROM_MINUTES = 5.0
"""A shorter trial ends before the memory could level off."""


@dataclass
class Seen:
    """What all visitors and the keeper saw, and the server's memory by the second, in MB."""

    took: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    editions: set[int] = field(default_factory=set)


@dataclass
class Trial:
    """One server under load until a moment of the clock."""

    service: Service
    editions: Editions
    folder: Path
    until: float
    seen: Seen = field(default_factory=Seen)

    @property
    def port(self) -> int:
        """Return where the server listens."""
        return urlsplit(self.service.url).port or 0

    @property
    def goes_on(self) -> bool:
        """Return True if there is time left."""
        return time.monotonic() < self.until

    async def visitor(self, number: int) -> None:
        """Change the condition again and again, with time to think; now and then come anew."""
        chance = random.Random(number)
        while self.goes_on:
            tab, _, _ = await open_tab(self.port, f"near={NEAR}")
            newest, stays = 0, True
            while self.goes_on and stays:
                await asyncio.sleep(chance.uniform(*THINKS_S))
                condition = chance.choice(self.editions.conditions)
                self.seen.took.append(await choose(tab, condition))
                newest, fault = self.editions.fault_of(tab.page, condition, newest)
                self.seen.editions.add(newest)
                self._note(fault)
                stays = chance.random() > LEAVES
            await tab.close()

    def _note(self, fault: str) -> None:
        if fault:
            self.seen.faults[fault] += 1

    async def keeper(self) -> None:
        """Publish an edition every so often, each third one through the page."""
        edition = 0
        while self.goes_on:
            edition += 1
            began = time.monotonic()
            by_page = edition % 3 == 0
            publish = self._publish_by_page if by_page else self._publish_by_command
            try:
                await publish(edition)
                self.seen.counts["by the page" if by_page else "by the command"] += 1
            except (OSError, LookupError, AssertionError, RuntimeError) as problem:
                self._note(f"edition {edition} was not published: {str(problem)[:200]}")
            left = PUBLISH_EVERY_S - (time.monotonic() - began)
            await asyncio.sleep(max(0.0, min(left, self.until - time.monotonic())))

    async def _publish_by_command(self, edition: int) -> None:
        file = self.folder / "edition.csv"
        file.write_bytes(self.editions.csv(edition))
        command = ["-m", "clinics", "publish", str(file), "--note", f"Edition {edition}"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CLINICS_")}
        done = await asyncio.create_subprocess_exec(
            sys.executable, *command, cwd=ROOT, env=environment | settings_of(self.folder),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        printed, _ = await done.communicate()
        if done.returncode:
            raise RuntimeError(printed.decode(errors="replace")[-200:])

    async def _publish_by_page(self, edition: int) -> None:
        await asyncio.to_thread(publish_by_page, self.service, self.editions.csv(edition))

    async def watcher(self) -> None:
        """Note the memory of the server every second."""
        while self.goes_on:
            self.seen.memory.append(resident_bytes(process=self.service.pid) / 1e6)
            await asyncio.sleep(1)

    async def vandal(self) -> None:
        """Send one senseless thing after the other."""
        sends = [
            *((rough.told, data) for data in rough.greetings().values()),
            *((rough.told_on_websocket, data) for data in rough.frames(large=4).values()),
            *((rough.told_on_websocket, data) for data in rough.messages().values()),
        ]
        random.Random(0).shuffle(sends)
        while self.goes_on:
            send, data = sends[self.seen.counts["senseless"] % len(sends)]
            with suppress(OSError, asyncio.IncompleteReadError):
                await send(self.port, data, 1.0)
            self.seen.counts["senseless"] += 1
            await asyncio.sleep(1)

    async def crowd(self, visitors: int, silent: int) -> None:
        """Let all of them loose, and wait for the end."""
        slow = [asyncio.ensure_future(make()) for _, make in rough.slow_ways(self.port)]
        async with rough.idle(self.port, silent):
            others = (self.keeper(), self.watcher(), self.vandal())
            everyone = [*(self.visitor(number) for number in range(visitors)), *others]
            await asyncio.gather(*map(self._survives, everyone))
        for task in slow:
            task.cancel()

    async def _survives(self, one: Awaitable[None]) -> None:
        """Note what ends somebody's visit, so that the others go on."""
        try:
            await one
        except Exception as problem:
            self._note(f"somebody was not answered: {type(problem).__name__} {problem}"[:200])


async def choose(tab: Tab, condition: str) -> float:
    """Choose a condition, and return the milliseconds until the page is there."""
    box = tab.page.component("filter_condition")
    took, _ = await tab.run(clicked(box, "choose", [{"filter": "condition", "ids": [condition]}]))
    return took


def publish_by_page(service: Service, data: bytes) -> None:
    """Sign in, upload, say that all was looked at, and publish, as a keeper does in a browser."""
    wire.WAIT_S = PATIENCE_S  # a test waits less
    with wire.Browser(service).tab("manage") as tab:
        tab.sign_in(TOKEN)
        tab.upload(data)
        if tab.has("I have looked at"):
            tab.tick("I have looked at")
        tab.press("Publish:")
        if tab.has("Publish:"):
            raise RuntimeError("the button is still there")


def settings_of(folder: Path) -> dict[str, str]:
    """Return the settings that the server and the commands share."""
    return {
        "CLINICS_DATABASE_URL": f"sqlite:///{folder / 'store.db'}",
        "CLINICS_DATA_DIR": str(folder / "data"),
        "CLINICS_PUBLISH_TOKEN_SHA256": hashlib.sha256(TOKEN.encode()).hexdigest(),
        "CLINICS_TILES": "none",
        "CLINICS_GEOCODER_URL": "none",
    }


async def alone(port: int, conditions: tuple[str, ...]) -> float:
    """Return the median milliseconds of a change when nobody else is there; the best of three.

    What else this machine does meanwhile is no fault of the server's.
    """
    tab, _, _ = await open_tab(port, f"near={NEAR}")
    medians = []
    for _ in range(3):
        took = [await choose(tab, conditions[turn % len(conditions)]) for turn in range(ALONE)]
        medians.append(float(np.median(took)))
    await tab.close()
    return min(medians)


def loaded(minutes: float, visitors: int = 200, silent: int = 1_000) -> Outcome:
    """Put a server under load for so long."""
    silent = rough.room_for(silent)
    with tempfile.TemporaryDirectory() as name:
        folder, editions = Path(name), Editions()
        editions.data_folder(folder / "data")
        with running(folder / "log", settings=settings_of(folder)) as service:
            trial = Trial(service, editions, folder, 0.0)
            before = asyncio.run(alone(trial.port, editions.conditions))
            trial.until = time.monotonic() + 60 * minutes
            asyncio.run(trial.crowd(visitors, silent))
            time.sleep(5)  # what the last ones began comes to its end
            after = asyncio.run(alone(trial.port, editions.conditions))
            bugs = service.printed.count("clinics.errors")
    return outcome(trial.seen, minutes, before, after, bugs, visitors, silent)


def outcome(
    seen: Seen, minutes: float, before: float, after: float, bugs: int, visitors: int, silent: int
) -> Outcome:
    """Judge what was seen."""
    third = max(1, len(seen.memory) // 3)
    middle, last = (
        float(np.mean(part)) for part in (seen.memory[third:-third], seen.memory[-third:])
    )
    broken = [f"{times} times: {fault}" for fault, times in seen.faults.most_common(20)]
    if bugs:
        broken.append(f"the server's log has {bugs} bugs")
    if minutes >= JUDGED_FROM_MINUTES and last > MOST_GROWTH * middle:
        broken.append(f"the memory grew from {middle:.0f} to {last:.0f} MB")
    if after > MOST_SLOWER * before:
        broken.append(f"alone afterwards a change takes {after:.0f} ms, before {before:.0f} ms")
    p50, p95, p99 = np.percentile(seen.took, (50, 95, 99))
    figures = {
        "visitors, each with 1 to 5 s between two changes": f"{visitors}",
        "minutes": f"{minutes:g}",
        "changes answered": f"{len(seen.took):,}",
        "time to an answer: median, 95 of 100, 99 of 100": (
            f"{p50 / 1000:.2f} s, {p95 / 1000:.2f} s, {p99 / 1000:.2f} s"
        ),
        "versions published by the command, by the page": (
            f"{seen.counts['by the command']}, {seen.counts['by the page']}"
        ),
        "versions that visitors saw": f"{len(seen.editions)}",
        "silent connections meanwhile": f"{silent:,}",
        "senseless requests, frames and messages": f"{seen.counts['senseless']:,}",
        "memory at first, in the middle third, in the last third": (
            f"{seen.memory[0]:.0f}, {middle:.0f}, {last:.0f} MB"
        ),
        "a change alone, before and after": f"{before:.0f} ms, {after:.0f} ms",
    }
    return Outcome("load", figures, tuple(broken))


def run() -> Outcome:
    """Load a server for ten minutes."""
    return loaded(10.0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m lab.torture.load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--visitors", type=int, default=200)
    parser.add_argument("--silent", type=int, default=1_000)
    chosen = parser.parse_args()
    found = loaded(chosen.minutes, chosen.visitors, chosen.silent)
    print(json.dumps({"figures": found.figures, "broken": found.broken}, indent=1))

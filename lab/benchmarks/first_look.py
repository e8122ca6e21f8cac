"""From nothing to the first clinic, on a slow phone and at a desk, as a real browser does it.

Our search, the least that Streamlit can do, and our own plain page, in turn, each with an empty
cache. The phone is Chromium's: 1.6 Mbit/s down and 0.75 up, 150 ms for every request, and a
processor four times slower than this one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from lab.benchmarks.browser import MISSING, browser
from lab.benchmarks.measure import Json
from lab.benchmarks.servers import DATA, HELLO, NEAR, OURS, Server, running

PLAIN = "our plain page"
PHONE, DESK = "phone", "desk"
TARGET_NAME = {PHONE: 0.10, DESK: 0.55}
"""Of the time that hello-world's first word takes."""
TARGET_ANSWER = 0.55
"""Of the time that hello-world's first answer takes, on a phone."""
TARGET_BYTES, TARGET_SHIFT = 700_000, {PHONE: 0.02, DESK: 0.05}

_AGENT = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
SCREENS: dict[str, dict[str, Any]] = {
    PHONE: {
        "viewport": {"width": 390, "height": 844}, "device_scale_factor": 3,
        "is_mobile": True, "has_touch": True, "user_agent": _AGENT,
    },
    DESK: {"viewport": {"width": 1280, "height": 800}},
}  # fmt: skip
LINE = {
    "offline": False, "latency": 150,
    "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8,
}  # fmt: skip
SLOWER = 4
_SETTLES_MS = 4_000
"""So long the page is watched after its first answer, for what is still loaded."""
_JUST_AFTER_MS = 100
"""Later than this, what moves is what was opened."""

_WATCH = """(wanted) => {
  window.seen = { moves: [] };
  const found = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.matches(wanted)) {
        const box = e.getBoundingClientRect(), style = getComputedStyle(e);
        if (box.height > 2 && style.visibility === 'visible') return true;
      }
      if (e.shadowRoot && found(e.shadowRoot)) return true;
    }
    return false;
  };
  new PerformanceObserver((list) => {
    for (const e of list.getEntries())
      if (!e.hadRecentInput) window.seen.moves.push([e.startTime, e.value]);
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) window.seen.largest = e.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  // A word whose letters have not come is not there to be read.
  const look = () => {
    if (document.body && document.fonts.status === 'loaded' && found(document))
      window.seen.read = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""

Answer = Callable[[Any], None]
"""Does the first thing that a visitor can do on a page, and waits until it is answered."""


def _open_filters(page: Any) -> None:
    page.locator("#root .st-key-filters_open button").first.click()
    page.locator(".st-key-drawer input").first.wait_for()


def _say_name(page: Any) -> None:
    page.locator("#root input").first.fill("Ada")
    page.locator("#root input").first.press("Enter")
    page.get_by_text("Hello, Ada.").wait_for()


def _follow_a_name(page: Any) -> None:
    page.locator("main h3 a").first.click()
    page.locator("main h1").wait_for()


@dataclass(frozen=True)
class Contender:
    """One page: its address, its first word that counts, and the first thing to do on it.

    `control` is what that is done with.
    """

    who: str
    path: str
    wanted: str
    control: str
    answer: Answer


_SEARCH = f"?near={NEAR}&condition=depression"
CONTENDERS = (
    Contender(
        OURS, f"/{_SEARCH}", ".card .name a", "#root .st-key-filters_open button", _open_filters
    ),
    Contender(PLAIN, f"/plain{_SEARCH}", "main h3 a", "main h3 a", _follow_a_name),
    Contender(HELLO, "/", "[data-testid=stMarkdown] p", "#root input", _say_name),
)


@dataclass
class Looks:
    """What was measured of one page on one screen."""

    read: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    largest: list[float] = field(default_factory=list)
    shift: list[float] = field(default_factory=list)
    bytes: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)

    def as_json(self) -> Json:
        """Return the median of each: milliseconds, shares of the screen, bytes, a number."""
        return {"n": len(self.read), **{name: median(each) for name, each in vars(self).items()}}


def run(times: int) -> list[Json]:
    """Open each page so many times; in one sentence why not, without a browser."""
    with browser() as opened:
        if opened is None:
            return [{"missing": MISSING}]
        with running(OURS, DATA) as ours, running(HELLO, DATA) as hello:
            servers = {OURS: ours, PLAIN: ours, HELLO: hello}
            return [_screen(opened, servers, screen, times) for screen in SCREENS]


def _screen(opened: Any, servers: dict[str, Server], screen: str, times: int) -> Json:
    found = {each.who: Looks() for each in CONTENDERS}
    began, idle = time.perf_counter(), _idle_seconds()
    for turn in range(-1, times):
        for each in CONTENDERS:
            look = _look(opened, servers[each.who].url, each, screen)
            if turn >= 0:
                for name, value in look.items():
                    getattr(found[each.who], name).append(value)
    took = time.perf_counter() - began
    share = (_idle_seconds() - idle) / took
    return {
        "screen": screen,
        "idle_processors": share,
        "looks": {who: looks.as_json() for who, looks in found.items()},
    }


def _look(opened: Any, base: str, each: Contender, screen: str) -> dict[str, float]:
    """Open a page with an empty cache; return when it could be read and did its first thing."""
    context = opened.new_context(**SCREENS[screen])
    page = context.new_page()
    page.set_default_timeout(90_000)
    tools = context.new_cdp_session(page)
    counted = {"bytes": 0.0, "requests": 0.0}

    def loaded(event: Any) -> None:
        counted["bytes"] += event["encodedDataLength"]
        counted["requests"] += 1

    tools.send("Network.enable")
    tools.on("Network.loadingFinished", loaded)
    if screen == PHONE:
        tools.send("Network.emulateNetworkConditions", LINE)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(f"({_WATCH})({json.dumps(each.wanted)})")
    page.goto(base + each.path, wait_until="commit")
    _until(page, "window.seen?.read")
    page.locator(each.control).first.wait_for()
    usable = page.evaluate("performance.now()")
    clicked = time.perf_counter()
    if each.who == PLAIN:  # its first thing leads to another page
        seen = page.evaluate("window.seen")
        each.answer(page)
    else:
        each.answer(page)
    answered = usable + (time.perf_counter() - clicked) * 1000
    if each.who != PLAIN:
        page.wait_for_timeout(_SETTLES_MS)
        seen = page.evaluate("window.seen")
    context.close()
    moved = sum(value for when, value in seen["moves"] if when < usable + _JUST_AFTER_MS)
    timed = {"read": seen["read"], "largest": seen.get("largest", 0), "answered": answered}
    return {**timed, "shift": moved, **counted}


def _until(page: Any, expression: str) -> None:
    """Wait until something is true in a page, without the `eval` that our own pages forbid."""
    for _ in range(1_800):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise TimeoutError(f"Not within 90 seconds: {expression}")


def _idle_seconds() -> float:
    """Return how long the processors have been idle, in processor seconds (Linux)."""
    try:
        return float(Path("/proc/uptime").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0

"""In a browser: from a click on a condition to the new list and map; from nothing to a list."""

from __future__ import annotations

from typing import Any

from lab.benchmarks.browser import MISSING, browser
from lab.benchmarks.measure import Json, Times
from lab.benchmarks.servers import HELLO, NEAR, OURS, Server, data_folder, running
from lab.benchmarks.visits import counts

TARGET_CLICK_MS, TARGET_COLD = 300.0, 1.3

_SEEN = """() => {
  window.found = (selector, root = document) => {
    const here = root.querySelector(selector);
    if (here) return here;
    for (const e of root.querySelectorAll('*')) {
      const inside = e.shadowRoot && window.found(selector, e.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };
  window.headline = () => window.found('.count:not(:empty)');
  window.list = () => window.found('.list:not([hidden])');
  window.pins = () => [...document.querySelector('iframe[title*=folium]').contentDocument
    .querySelectorAll('.pin')].map((p) => p.outerHTML).join();
}"""

_CLICK = """([id, total]) => new Promise((done, failed) => {
  const count = window.headline(), list = window.list(), map = window.pins();
  const cards = list.innerHTML, began = performance.now();
  window.found(`[data-id="${id}"] input`).click();
  const look = () => {
    const took = performance.now() - began;
    const shown = count.textContent.split(' ')[0] === total;
    if (shown && list.innerHTML !== cards && window.pins() !== map) done(took);
    else if (took > 20000) failed(new Error(`${id}: ${count.textContent}`));
    else requestAnimationFrame(look);
  };
  look();
})"""


def run(number: int, times: int) -> list[Json]:
    """Time so many clicks and so many cold starts; in one sentence why not, without a browser."""
    with browser() as opened:
        if opened is None:
            return [{"clinics": number, "missing": MISSING}]
        with (
            data_folder(number) as folder,
            running(OURS, folder) as ours,
            running(HELLO, folder) as hello,
        ):
            clicks = _clicks(opened, ours, counts(folder), times)
            cold = _cold(opened, ours, hello, max(2, times // 2))
    return [
        {
            "clinics": number,
            "click": clicks.as_json(),
            "cold": {who: each.as_json() for who, each in cold.items()},
        }
    ]


def _clicks(opened: Any, server: Server, answers: dict[str, int], times: int) -> Times:
    """Click on one condition after the other; each shows another number than the one before."""
    page = opened.new_page(viewport={"width": 1280, "height": 900})
    taken = Times()
    for turn in range(-1, times):
        id = list(answers)[turn % len(answers)]
        page.goto(f"{server.url}/?near={NEAR}")
        page.locator(".card").first.wait_for()
        page.frame_locator("iframe[title*=folium]").locator(".pin >> visible=true").first.wait_for()
        page.get_by_role("button", name="What for").click()
        page.locator(f".st-key-filter_condition [data-id='{id}']").wait_for()
        page.wait_for_timeout(600)
        page.evaluate(_SEEN)
        took = float(page.evaluate(_CLICK, [id, f"{answers[id]:,}"]))
        if turn >= 0:
            taken.milliseconds.append(took)
    page.close()
    return taken


def _cold(opened: Any, ours: Server, hello: Server, times: int) -> dict[str, Times]:
    """Open the first page with nothing kept from before, in turn."""
    taken = {OURS: Times(), HELLO: Times()}
    for turn in range(-1, times):
        for server, address, seen in (
            (ours, f"?near={NEAR}", ".card .name"),
            (hello, "", "text=Hello, world."),
        ):
            context = opened.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.goto(f"{server.url}/{address}", wait_until="commit")
            page.locator(seen).first.wait_for(timeout=30_000)
            took = float(page.evaluate("performance.now()"))
            context.close()
            if turn >= 0:
                taken[server.who].milliseconds.append(took)
    return taken

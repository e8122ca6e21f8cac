"""In a browser: from a click to the new list and map; from nothing to a list.

A filter, a card and a pin are clicked with a processor four times slower than this one, and the
filter on a phone with a slow line, too.
"""

from __future__ import annotations

from statistics import median
from typing import Any

from lab.benchmarks.browser import MISSING, browser
from lab.benchmarks.first_look import LINE, PHONE, SCREENS, SLOWER
from lab.benchmarks.measure import Json, Times
from lab.benchmarks.servers import HELLO, NEAR, OURS, Server, data_folder, running
from lab.benchmarks.visits import counts

TARGET_CLICK_MS, TARGET_COLD = 300.0, 1.3
TARGET_CHOICE_MS, TARGET_PHONE_MS = 120.0, 400.0

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

_CHOOSE = """([by, place]) => new Promise((done, failed) => {
  const frame = document.querySelector('iframe[title*=folium]').contentDocument;
  const cards = [...window.list().querySelectorAll('[data-card]')];
  const pins = [...frame.querySelectorAll('.pin')];
  const of = (pin) => cards.find((c) => c.dataset.card === pin.clinics[0]);
  const pin = pins.filter((p) => p.clinics.length === 1 && of(p))[place];
  const card = by === 'pin' ? of(pin) : cards[place];
  const began = performance.now();
  (by === 'pin' ? pin : card.querySelector('[data-show]')).click();
  const look = () => {
    const took = performance.now() - began;
    if (card.classList.contains('selected') && frame.querySelector('.pin-selected')) done(took);
    else if (took > 20000) failed(new Error(`${by} ${place}`));
    else requestAnimationFrame(look);
  };
  look();
})"""

_SECOND = 1
"""Which card and which pin is chosen: not the first, which an address may have chosen."""

_CLICK_ON_PHONE = """([id, total]) => new Promise((done, failed) => {
  const count = window.headline(), list = window.list();
  const cards = list.innerHTML, began = performance.now();
  window.found(`[data-id="${id}"] input`).click();
  const look = () => {
    const took = performance.now() - began;
    if (count.textContent.split(' ')[0] === total && list.innerHTML !== cards) done(took);
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
            slow = _slowly(opened, ours, counts(folder), times)
            cold = _cold(opened, ours, hello, max(2, times // 2))
    return [
        {
            "clinics": number,
            "click": clicks.as_json(),
            "slow": slow,
            "cold": {who: each.as_json() for who, each in cold.items()},
        }
    ]


def _clicks(opened: Any, server: Server, answers: dict[str, int], times: int) -> Times:
    """Click on one condition after the other; each shows another number than the one before."""
    page = opened.new_page(viewport={"width": 1280, "height": 900})
    taken = Times()
    for turn in range(-1, times):
        id = list(answers)[turn % len(answers)]
        _open_conditions(page, server, id)
        took = float(page.evaluate(_CLICK, [id, f"{answers[id]:,}"]))
        if turn >= 0:
            taken.milliseconds.append(took)
    page.close()
    return taken


def _open_conditions(page: Any, server: Server, id: str, *, has_map: bool = True) -> None:
    page.goto(f"{server.url}/?near={NEAR}")
    page.locator("#root .card").first.wait_for()
    if has_map:
        page.frame_locator("iframe[title*=folium]").locator(".pin >> visible=true").first.wait_for()
    page.get_by_role("button", name="What for").click()
    page.locator(f".st-key-filter_condition [data-id='{id}']").wait_for()
    page.wait_for_timeout(600)
    page.evaluate(_SEEN)


def _slowly(opened: Any, server: Server, answers: dict[str, int], times: int) -> Json:
    """Choose by a filter, a card and a pin with a slow processor, and by a filter on a phone."""
    taken = {name: Times() for name in ("filter", "card", "pin", "phone")}
    page = opened.new_page(viewport={"width": 1280, "height": 900})
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    several = [id for id, total in answers.items() if total > _SECOND] or list(answers)
    for turn in range(-1, times):
        id = several[turn % len(several)]
        _open_conditions(page, server, id)
        took = {"filter": page.evaluate(_CLICK, [id, f"{answers[id]:,}"])}
        page.keyboard.press("Escape")
        for by in ("card", "pin"):
            page.wait_for_timeout(2_500)
            took[by] = page.evaluate(_CHOOSE, [by, _SECOND])
        for name, value in took.items():
            if turn >= 0:
                taken[name].milliseconds.append(float(value))
    page.close()
    sizes = _on_a_phone(opened, server, answers, times, taken["phone"])
    return {**{name: each.as_json() for name, each in taken.items()}, "phone_bytes": median(sizes)}


def _on_a_phone(
    opened: Any, server: Server, answers: dict[str, int], times: int, taken: Times
) -> list[int]:
    """Click on conditions on a slow phone; return how much is answered, before it is compressed."""
    context = opened.new_context(**SCREENS[PHONE])
    page = context.new_page()
    page.set_default_timeout(90_000)
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda f: frames.append(len(f))))
    sizes = []
    for turn in range(-1, times):
        id = list(answers)[turn % len(answers)]
        _open_conditions(page, server, id, has_map=False)
        page.wait_for_timeout(2_000)
        frames.clear()
        took = float(page.evaluate(_CLICK_ON_PHONE, [id, f"{answers[id]:,}"]))
        page.wait_for_timeout(2_000)
        if turn >= 0:
            taken.milliseconds.append(took)
            sizes.append(sum(frames))
    context.close()
    return sizes


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

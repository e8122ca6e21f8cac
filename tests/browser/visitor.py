"""A visitor in a browser: what is on the page, in the words of a test."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import ConsoleMessage, Dialog, Frame, Locator, Page, WebSocket, expect

_AT_REST = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  let elements = 0, waiting = 0;
  const count = (root) => {
    for (const e of root.querySelectorAll('*')) {
      elements += 1;
      if (e.dataset && e.dataset.testid === 'stSkeleton') waiting += 1;
      if (e.shadowRoot) count(e.shadowRoot);
    }
  };
  count(document);
  const now = `${elements} ${app && app.dataset.testScriptState} ${location.href}`;
  const before = window.lastSeen;
  window.lastSeen = now;
  const begun = document.getElementById('first');
  const rests = app && app.dataset.testScriptState === 'notRunning';
  return before === now && !waiting && !begun && rests;
}"""
"""Whether nothing was added, taken away or still being loaded since this was last asked."""

_COLORS_STAND = """() => {
  const fading = (root) => root.getAnimations().some(a => a instanceof CSSTransition)
    || [...root.querySelectorAll('*')].some(e => e.shadowRoot && fading(e.shadowRoot));
  return !fading(document);
}"""

DARK = "rgb(17, 26, 28)"
"""The background of every page in the dark."""


class Visitor:
    """One tab. `hosts` is every host it asked, `errors` what its console called an error."""

    def __init__(self, base: str, page: Page) -> None:
        self.base = base
        self.page = page
        self.hosts: set[str] = set()
        self.urls: list[str] = []
        self.errors: list[str] = []
        self.answers = 0
        self._unanswered = False
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", self._connected)
        page.on("console", lambda message: self._said(message))
        page.on("dialog", self._interrupted)

    def _interrupted(self, dialog: Dialog) -> None:
        self.errors.append("dialog")
        dialog.dismiss()

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss"):
            self.urls.append(url)
            self.hosts.add(parts.hostname or "")

    def _said(self, message: ConsoleMessage) -> None:
        """Note an error; that map pictures cannot be reached from here is none of the page's."""
        if message.type == "error" and "ERR_NAME_NOT_RESOLVED" not in message.text:
            self.errors.append(message.text)

    def _connected(self, socket: WebSocket) -> None:
        self._asked(socket.url)
        socket.on("framesent", lambda _: self._sent())
        socket.on("framereceived", lambda _: self._received())

    def _sent(self) -> None:
        self._unanswered = True

    def _received(self) -> None:
        self._unanswered = False
        self.answers += 1

    def open(self, path: str = "", *, until: str = "Information, not medical advice") -> Visitor:
        """Go to a page and wait until its foot is drawn, which is the last thing drawn."""
        self.page.goto(f"{self.base}/{path}")
        expect(self.page.get_by_text(until).first).to_be_attached(timeout=20_000)
        return self.settled()

    def settled(self) -> Visitor:
        """Wait until no run is under way or asked for, every part is there and no more come."""
        for _ in range(100):
            self.page.wait_for_function(_AT_REST, polling=60)
            if not self._unanswered:
                return self
        raise AssertionError("The service does not answer what the page asked of it.")

    def faded(self) -> Visitor:
        """Wait until no color is on its way to another: Streamlit fades them in."""
        self.page.wait_for_function(_COLORS_STAND, polling=60)
        return self

    def turn_dark(self) -> Visitor:
        """Have the open page in the dark from now on."""
        self.page.emulate_media(color_scheme="dark")
        expect(self.page.get_by_test_id("stApp")).to_have_css("background-color", DARK)
        return self.settled().faded()

    def type_place(self, text: str) -> Visitor:
        self.where.fill(text)
        self.where.press("Enter")
        return self

    @property
    def filters(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("^Filters"))

    def open_filters(self) -> Visitor:
        """Open the drawer of filters and wait for what is in it."""
        self.filters.click()
        expect(self.page.locator(".st-key-drawer .filters fieldset").first).to_be_visible()
        return self.settled()

    def close_filters(self) -> Visitor:
        """Close the drawer by the button that says what it shows."""
        self.page.locator(".st-key-drawer_end").get_by_role("button").first.click()
        expect(self.page.locator(".st-key-drawer")).to_have_count(0)
        return self.settled()

    def choose_condition(self, id: str) -> Visitor:
        self.what_for.click()
        self.option("condition", id).click()
        self.page.keyboard.press("Escape")
        return self

    def choose_distance(self, id: str) -> Visitor:
        self.page.get_by_role("button", name=re.compile("^How far")).click()
        self.option("within", id).click()
        return self

    def choose(self, label: str, start: str) -> Visitor:
        """Choose an entry of one of Streamlit's own lists by how it begins."""
        box = self.page.get_by_role("combobox", name=re.compile(label))
        option = self.page.get_by_role("option", name=re.compile(rf"^{start}\b"))
        for _ in range(3):  # an open list closes when the page moves under it
            box.click()
            with suppress(AssertionError):
                expect(option).to_be_visible(timeout=1500)
                break
        option.click()
        return self

    def wait_for_total(self, total: int) -> Visitor:
        expect(self.headline).to_have_text(re.compile(rf"^{total:,} " if total else r"^No "))
        return self

    @property
    def where(self) -> Locator:
        return self.page.get_by_role("combobox", name="Where")

    @property
    def what_for(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile("^What for"))

    def option(self, parameter: str, id: str) -> Locator:
        return self.page.locator(f"[data-filter='{parameter}'] [data-id='{id}']")

    @property
    def headline(self) -> Locator:
        return self.page.locator(".count:not(:empty)")

    @property
    def total(self) -> int:
        first = self.headline.inner_text().split()[0]
        return 0 if first == "No" else int(first.replace(",", ""))

    @property
    def cards(self) -> Locator:
        return self.page.locator(".card")

    @property
    def ids(self) -> list[str]:
        return [str(id) for id in self.cards.evaluate_all("es => es.map(e => e.dataset.card)")]

    @property
    def selected(self) -> Locator:
        return self.page.locator(".card.selected")

    @property
    def selected_id(self) -> str:
        return str(self.selected.get_attribute("data-card"))

    def show_on_map(self, number: int) -> Locator:
        """The button "Show on map" of a card, counted from 1; on a phone in what unfolds."""
        return self.cards.nth(number - 1).locator("[data-show]:visible")

    @property
    def params(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.page.url).query)

    @property
    def map_element(self) -> Locator:
        return self.page.locator("iframe[title*=folium]")

    def map(self) -> Frame:
        """The map's own page, once its pins are drawn."""
        handle = self.map_element.element_handle()
        frame = handle.content_frame() if handle else None
        assert frame is not None
        expect(frame.locator(".pin").first).to_be_visible()
        return frame

    def scrolls_sideways(self) -> list[str]:
        """Name what is wider than the window: the document, or the part that scrolls."""
        return list(
            self.page.evaluate(
                """() => ['html', '[data-testid=stMain]', '[data-testid=stAppViewContainer]']
                .filter(s => { const e = document.querySelector(s);
                               return e && e.scrollWidth > e.clientWidth + 1; })"""
            )
        )

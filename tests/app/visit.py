"""A visitor of the pages without a browser: what is shown, in the words of a test."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).resolve().parents[2] / "pages" / "main.py"
CRISIS = "988"


class Visit:
    """One session. Every action runs the page again, and fails if the page raised."""

    def __init__(self, params: dict[str, str | list[str]] | None = None) -> None:
        self.app = AppTest.from_file(str(MAIN), default_timeout=20)
        for name, value in (params or {}).items():
            self.app.query_params[name] = value
        self._run()

    def _run(self) -> Visit:
        self.app.run()
        assert not self.app.exception, self.app.exception
        return self

    def go_to(self, page: str) -> Visit:
        self.app.switch_page(page)
        return self._run()

    def type_place(self, text: str) -> Visit:
        self.app.text_input(key="near_text").set_value(text)
        return self._run()

    def type_name(self, text: str) -> Visit:
        self.open_filters()
        self.app.text_input(key="q_text").set_value(text)
        return self._run()

    def change_link(self, **params: str | None) -> Visit:
        """Edit the address bar, as "back" does; None takes a setting out of it."""
        for name, value in params.items():
            if value is None:
                del self.app.query_params[name]
            else:
                self.app.query_params[name] = value
        return self._run()

    def choose_order(self, label: str) -> Visit:
        self.app.selectbox(key="sort_choice").select(label)
        return self._run()

    def choose_match(self, value: str) -> Visit:
        self.app.radio(key="match_choice").set_value(value)
        return self._run()

    def click(self, start: str) -> Visit:
        """Click the one button whose label begins so."""
        found = [b for b in self.app.button if _plain(b.label).startswith(start)]
        assert len(found) == 1, f"{start!r} among {self.buttons}"
        found[0].click()
        return self._run()

    def go_to_page(self, number: int) -> Visit:
        pages = self._found("pagination")
        assert pages, "there is only one page"
        pages[0].set_value(number)
        return self._run()

    @property
    def url(self) -> dict[str, Any]:
        """The search settings in the address bar."""
        return dict(self.app.query_params)

    @property
    def place_box(self) -> str:
        return str(self.app.text_input(key="near_text").value)

    @property
    def buttons(self) -> list[str]:
        return [_plain(button.label) for button in self.app.button]

    @property
    def warnings(self) -> list[str]:
        return [_plain(w.value) for w in self.app.warning]

    @property
    def controls(self) -> list[str]:
        """What the controls say that open: what for, how far, filters."""
        words = [m.value.replace("**", "") for m in self.app.markdown]
        names = [p.proto.popover.label for p in self._found("popover")]
        return [next(w for w in words if w.startswith(name)) for name in names]

    @property
    def crisis(self) -> str:
        """The line on top of every page."""
        return next((m.value for m in self.app.markdown if "Need help now?" in m.value), "")

    @property
    def notes(self) -> list[str]:
        return [_plain(i.value) for i in self.app.info]

    @property
    def text(self) -> str:
        """Everything the page says in Markdown, alerts and headings."""
        kinds = ("title", "header", "markdown", "info", "warning", "error", "caption")
        return "\n".join(_plain(e.value) for kind in kinds for e in self._found(kind))

    def _found(self, kind: str) -> Sequence[Any]:
        """The elements of a kind, any of which may be a block for all the types say."""
        return self.app.get(kind)

    def part(self, key: str) -> dict[str, Any] | None:
        """What was sent to one of our own components: headline, known, results_list."""
        for element in self.app.get("bidi_component"):
            if element.proto.id.endswith(f"-{key}"):
                return _given(element)
        return None

    def open_filters(self) -> Visit:
        """Open all that opens; it is filled only while it is open."""
        for control in ("what_for", "how_far", "filters_open"):
            self.app.session_state[control] = True
        return self._run()

    def _filter(self, parameter: str) -> dict[str, Any]:
        found = self._filters()
        if parameter not in found:
            found = self.open_filters()._filters()
        return found[parameter]

    def _filters(self) -> dict[str, dict[str, Any]]:
        sent = (_given(element) for element in self.app.get("bidi_component"))
        return {each["name"]: dict(each) for given in sent for each in given.get("filters", [])}

    @property
    def filters_drawn(self) -> list[str]:
        """The filters of the open drawer, from top to bottom."""
        return [name for name in self._filters() if name not in ("condition", "within")]

    def counts(self, parameter: str) -> dict[str, int]:
        """How many clinics have each option of a filter, as it says."""
        return {option["id"]: option["count"] for option in self._filter(parameter)["options"]}

    def counted(self, parameter: str) -> str:
        """What is said after the numbers of a filter."""
        return str(self._filter(parameter)["counted"])

    def chosen(self, parameter: str) -> list[str]:
        return list(self._filter(parameter)["chosen"])

    @property
    def headline(self) -> str:
        return str((self.part("headline") or {})["count"])

    @property
    def measured_from(self) -> str:
        """What is said around the list: from where, how many can be called, of when it is."""
        lines = re.findall(r'class="quiet-line[^"]*">(.*?)</p>', self.cards)
        private = str((self.part("headline") or {})["from"])
        return html.unescape(" ".join(filter(None, [private, *lines])))

    @property
    def total(self) -> int:
        """The number that the headline begins with."""
        first = self.headline.split()[0]
        return 0 if first == "No" else int(first.replace(",", ""))

    @property
    def cards(self) -> str:
        """The HTML of the list; "" where nothing is listed."""
        return str((self.part("results_list") or {}).get("html", ""))

    @property
    def ids(self) -> list[str]:
        return re.findall(r'data-card="([^"]+)"', self.cards)

    @property
    def numbers(self) -> list[int]:
        return [int(n) for n in re.findall(r'class="number"[^>]*>(\d+)<', self.cards)]

    @property
    def distances(self) -> list[str]:
        return re.findall(r"<strong>(.*?)</strong>", self.cards)

    @property
    def selected(self) -> list[str]:
        """The chosen card, when it is in the list."""
        chosen = str((self.part("results_list") or {}).get("selected", ""))
        return [chosen] if chosen in self.ids else []

    @property
    def links(self) -> dict[str, str]:
        """Every link to a page of ours: its words -> its address."""
        found: dict[str, str] = {}
        for element in self.app.get("bidi_component"):
            shown = str(_given(element).get("known", ""))
            for address, label in re.findall(r'<a href="([^"]+)" data-go="\d+">([^<]*)</a>', shown):
                found[html.unescape(label)] = html.unescape(address)
        return found

    @property
    def known(self) -> str:
        """The panel "What is known"."""
        return html.unescape(str((self.part("known") or {}).get("known", "")))


def _given(element: Any) -> dict[str, Any]:
    """What one of our own components was sent."""
    given: dict[str, Any] = next(iter(json.loads(element.proto.json)), {})
    return given


def _plain(markdown: str) -> str:
    """Return what somebody reads; the word joiner in an address is not seen."""
    return re.sub(r"\\(.)", r"\1", markdown).replace("\u2060", "")

"""A keeper of the directory without a browser: the page Manage, in the words of a test."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

from tests.app.visit import MAIN, Visit, _plain
from tests.made_up import Cells, made_up_clinic, made_up_csv
from ui import keys, resources

TOKEN = "a made-up token"
SHA256 = hashlib.sha256(TOKEN.encode()).hexdigest()
HOSTILE = "*x* <b>y</b> :material/home: :red[z] [click](https://made-up.example) $5$"


def clinic(number: int, **cells: str) -> dict[str, str]:
    """A clinic in Takoma Park in which nothing is found, on whatever day."""
    return made_up_clinic(
        number,
        **{
            "name": f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number % 26] * 5} Clinic",
            "address": f"{number} Made-up Street",
            "city": "Takoma Park",
            "zip": "20912",
            "phone": f"(301) 555-01{number:02d}",
            "latitude": "38.98",
            "longitude": "-77.01",
            **cells,
        },
    )


def ten(**changes: Cells) -> list[dict[str, str]]:
    """The ten clinics that every test begins with; `b={...}` changes cells of the second."""
    return [clinic(n, **changes.get("abcdefghij"[n - 1], {})) for n in range(1, 11)]


def sheet(**changes: Cells) -> bytes:
    """The file of the ten clinics, some changed."""
    return made_up_csv(ten(**changes))


def publish_elsewhere(**changes: Cells) -> int:
    """Publish the ten clinics, some changed, as another process does: nobody here is told."""
    publisher = resources.open_publisher()
    found = publisher.candidate(publisher.stage(sheet(**changes), "elsewhere.csv").sha256)
    bo = resources.door().enter_with_token(TOKEN, "Bo", "")
    typed = found.review.number_to_type
    return publisher.publish(
        found, bo, "Elsewhere", typed=typed, acknowledged=True, allowed=found.review.to_allow
    )


class Desk(Visit):
    """One session on the page Manage; signed in unless `name` is empty."""

    def __init__(self, name: str = "Ana", part: str = "upload") -> None:
        self.app = AppTest.from_file(str(MAIN), default_timeout=20)
        self.app.query_params["part"] = part
        self.go_to("manage.py")
        if name:
            self.sign_in(name)

    def sign_in(self, name: str = "Ana", token: str = TOKEN) -> Desk:
        self.app.text_input(key=keys.SIGN_IN_NAME).set_value(name)
        self.app.text_input(key=keys.SIGN_IN_TOKEN).set_value(token)
        self.click("Sign in")
        return self

    def upload(self, data: bytes, name: str = "clinics.csv") -> Desk:
        self.app.file_uploader[0].set_value((name, data, "text/csv"))
        self._run()
        return self

    def open(self, part: str) -> Desk:
        self.app.button_group(key=keys.PART).set_value(part)
        self._run()
        return self

    def note(self, text: str) -> Desk:
        self._by_label(self.app.text_input, "A note").set_value(text)
        return self

    def tick(self, start: str) -> Desk:
        self._by_label(self.app.checkbox, start).check()
        self._run()
        return self

    def type_number(self, number: int) -> Desk:
        self.app.number_input[0].set_value(number)
        self._run()
        return self

    def preview(self) -> Desk:
        """Begin a preview, and go where it sends a browser."""
        self.click("Preview: browse")
        self.go_to("find.py")
        return self

    def publish(self) -> Desk:
        self.click("Publish:")
        return self

    def mend(self, id: str) -> Desk:
        """Open the form of a listing, by way of the search."""
        self.open("listings")
        self._by_label(self.app.text_input, "Name, town or id").set_value(id)
        self._run()
        self.app.button(key=f"open_{id}").click()
        self._run()
        return self

    def field(self, column: str) -> Any:
        """The box of one cell in the form that is open."""
        boxes = (
            *self.app.text_input, *self.app.text_area, *self.app.selectbox, *self.app.multiselect
        )  # fmt: skip
        found = [b for b in boxes if b.label.endswith(f"({column})")]
        assert len(found) == 1, column
        return found[0]

    def fill(self, **cells: Any) -> Desk:
        """Type into the form that is open, and send it."""
        for column, value in cells.items():
            self.field(column).set_value(value)
        self.click("Check and review this change")
        return self

    def press(self, key: str) -> Desk:
        self.app.button(key=key).click()
        self._run()
        return self

    def _by_label(self, widgets: Iterable[Any], start: str) -> Any:
        found = [w for w in widgets if w.label.startswith(start)]
        assert len(found) == 1, [w.label for w in widgets]
        return found[0]

    @property
    def outcome(self) -> list[str]:
        """Every sentence in a colored box, errors first."""
        boxes = (*self.app.error, *self.app.success, *self.app.warning)
        return [_plain(box.value) for box in boxes]

    @property
    def part_open(self) -> str:
        """The part that the address bar names."""
        named = self.url.get("part", "")
        return str(named if isinstance(named, str) else named[-1])

    @property
    def metrics(self) -> dict[str, str]:
        """The numbers of the review."""
        return {metric.label: metric.value for metric in self.app.metric}

    @property
    def groups(self) -> list[str]:
        """The headings of what was found."""
        return [_plain(expander.label) for expander in self.app.expander]

    @property
    def downloads(self) -> list[str]:
        return [button.label for button in self._found("download_button")]

    def table(self, column: str) -> pd.DataFrame:
        """The one table that has this column."""
        static = [table.value.map(_plain) for table in self.app.table]
        tables = [*(d.value for d in self.app.dataframe), *static]
        found = [table for table in tables if column in table.columns]
        assert len(found) == 1, [list(table.columns) for table in tables]
        return found[0]

    def is_drawn(self, markup: str) -> bool:
        """Return True if Markdown anywhere on the page has this unescaped, so that it acts."""
        kinds = ("title", "header", "subheader", "markdown", "success", "info", "warning", "error",
                 "button", "checkbox", "expander", "download_button")  # fmt: skip
        shown = (
            str(getattr(element, "label", "") or getattr(element, "value", ""))
            for kind in kinds
            for element in self.app.get(kind)
        )
        return any(markup in re.sub(r"\\.", "", text) for text in shown)

"""A keeper of the directory in a browser: the page Manage, in the words of a test."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.visitor import Visitor

TOKEN = "made-up-token-for-the-browser"
SETTINGS = {
    "CLINICS_PUBLISH_TOKEN_SHA256": hashlib.sha256(TOKEN.encode()).hexdigest(),
    "CLINICS_MAX_UPLOAD_MB": "0.9",
}
CSV = "text/csv"

Rows = list[dict[str, str]]


def rows_of(data: bytes) -> Rows:
    """The rows of a clinic file."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def file_of(rows: Sequence[dict[str, str]]) -> bytes:
    """A clinic file with these rows."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def csv_file(name: str, data: bytes, kind: str = CSV) -> FilePayload:
    """A file to be chosen in the browser, which says of what kind it is."""
    return {"name": name, "mimeType": kind, "buffer": data}


class Keeper(Visitor):
    """One tab in which somebody keeps the directory."""

    def __init__(self, base: str, page: Page) -> None:
        super().__init__(base, page)
        self.open("manage")

    def sign_in(self, name: str = "Ada Keeper") -> Keeper:
        self.page.get_by_role("textbox", name="Your name").fill(name)
        self.page.get_by_role("textbox", name="Publishing token").fill(TOKEN)
        self.button("Sign in").click()
        expect(self.page.get_by_text(f"Signed in as {name}.")).to_be_visible()
        return self

    def upload(self, data: bytes, name: str = "clinics.csv", kind: str = CSV) -> Keeper:
        boxes = self.page.locator("input[type=file]")
        expect(boxes).to_have_count(1)  # while the page changes the old one may still be there
        boxes.set_input_files([csv_file(name, data, kind)])
        return self

    def upload_and_check(self, data: bytes, name: str = "clinics.csv", kind: str = CSV) -> Keeper:
        self.upload(data, name, kind)
        expect(self.page.get_by_role("heading", name=name)).to_be_visible()
        self.settled()
        return self

    def part(self, label: str) -> Keeper:
        self.page.get_by_role("radio", name=label).click()
        self.settled()
        return self

    def acknowledge(self) -> Keeper:
        self.page.get_by_text("I have looked at everything").click()
        expect(self.page.get_by_role("checkbox", name="I have looked")).to_be_checked()
        self.settled()
        return self

    def download(self, name: str | re.Pattern[str]) -> bytes:
        """Click a download and return what arrives."""
        with self.page.expect_download() as arriving:
            self.page.get_by_role("button", name=name).click()
        return Path(arriving.value.path()).read_bytes()

    def button(self, start: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"^{start}"))

    def says(self, sentence: str | re.Pattern[str]) -> Keeper:
        expect(self.page.get_by_text(sentence).first).to_be_visible()
        return self

    def tab_to(self, target: Locator, most: int = 80) -> Keeper:
        """Press Tab until the keyboard is on this element."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if target.evaluate("e => e === document.activeElement"):
                return self
        raise AssertionError(f"{target} is not reached with {most} presses of Tab")

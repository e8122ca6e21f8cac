"""Make the pictures of the README from the running service: `python scripts/screenshots.py`.

Needs Chromium.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, FilePayload, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.ensure_browser import MISSING, find_browser  # noqa: E402 - after the path to it

IMAGES = ROOT / "docs" / "images"
SEARCH = "/?near=Takoma+Park,+MD&condition=ptsd"
FOOT = "Information, not medical advice"
START_SECONDS = 30
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
    "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148",
}
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
KEPT = "avesta-ketamine-and-wellness-bethesda,mindpeace-clinics-arlington,the-mood-center-columbia"
PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "search-desktop.png": (SEARCH, WIDE),
    "search-dark.png": (SEARCH, WIDE | {"color_scheme": "dark"}),
    "search-phone.png": (SEARCH, PHONE),
    "map-phone.png": (f"{SEARCH}&view=map", PHONE | {"color_scheme": "dark"}),
    "nothing-near.png": ("/?near=Baltimore,+MD&within=10&condition=ptsd&payment=military", WIDE),
    "list.png": (f"/shortlist?list={KEPT}&near=20912", WIDE),
    "topic.png": ("/learn?topic=ptsd", WIDE),
}
"""Each picture by its file: the address it is of, and the window it is seen in."""

TOKEN = "a token for pictures"
CHECKING = "manage-check.png"
FAULTS = {"phone": "555-01", "website": "example.org", "last_checked": "31/12/2025"}
"""What is wrong in the file that the picture of a check shows, one fault a row."""


def main() -> None:
    """Write every picture; where the tiles cannot be reached, the map shows county outlines."""
    chromium = find_browser()
    if not chromium:
        sys.exit(MISSING)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with _service() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (path, options) in PICTURES.items():
            _take(browser, url + path, IMAGES / name, options)
            print(f"Wrote {(IMAGES / name).relative_to(ROOT)}")
        _take_checking(browser, url, IMAGES / CHECKING)
        print(f"Wrote {(IMAGES / CHECKING).relative_to(ROOT)}")
        browser.close()


def _take(browser: Browser, address: str, file: Path, options: dict[str, Any]) -> None:
    page = browser.new_page(**options)
    page.goto(address)
    page.get_by_text(FOOT).wait_for(state="attached")
    page.wait_for_timeout(2500)  # the map and its pictures come after everything else
    page.screenshot(path=file)
    page.close()


def _take_checking(browser: Browser, url: str, file: Path) -> None:
    """Picture what a keeper is told of a file with faults."""
    page = browser.new_page(viewport={"width": 1280, "height": 1360})
    page.goto(f"{url}/manage")
    page.get_by_role("textbox", name="Your name").fill("Ana")
    page.get_by_role("textbox", name="Publishing token").fill(TOKEN)
    page.get_by_role("button", name="Sign in").click()
    file_payload: FilePayload = {
        "name": "clinics.csv",
        "mimeType": "text/csv",
        "buffer": _faulty_file(),
    }
    page.locator("input[type=file]").set_input_files(file_payload)
    page.get_by_text("You need to fix").wait_for()
    page.wait_for_timeout(2500)
    page.screenshot(path=file)
    page.close()


def _faulty_file() -> bytes:
    """Return the clinic file with one fault in each of its first rows."""
    with (ROOT / "data" / "clinics.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row, (column, cell) in zip(rows, FAULTS.items(), strict=False):
        row[column] = cell
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@contextmanager
def _service() -> Iterator[str]:
    """Run the service on a free port with a database of its own; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with TemporaryDirectory() as folder:
        settings = {
            "CLINICS_GEOCODER_URL": "none",
            "CLINICS_DATABASE_URL": f"sqlite:///{folder}/directory.db",
            "CLINICS_PUBLISH_TOKEN_SHA256": hashlib.sha256(TOKEN.encode()).hexdigest(),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *options],
            cwd=ROOT,
            env=os.environ | settings,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/healthz")
            yield url
        finally:
            process.terminate()
            process.wait()


def _wait_for(address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    main()

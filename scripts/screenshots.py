"""Make the pictures of the README from the running service: `python -m scripts.screenshots`.

They are of the folder that CLINICS_DATA_DIR names, and near its first main town and for its first
condition unless others are given. Needs Chromium.
"""

from __future__ import annotations

import argparse
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
from urllib.parse import urlencode

from playwright.sync_api import Browser, FilePayload, sync_playwright

from clinics.directory import load_directory
from clinics.domain.columns import NAMES
from clinics.places.find import find_place
from clinics.search.query import Query
from clinics.search.search import search
from clinics.settings import ROOT
from scripts.ensure_browser import MISSING, find_browser
from scripts.sources import shown

IMAGES = ROOT / "docs" / "images"
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
KEPT = 3
"""How many clinics the picture of a list has."""

TOKEN = "a token for pictures"
CHECKING = "manage-check.png"
FAULTS = {"phone": "555-01", "website": "example.org", "last_checked": "31/12/2025"}
"""What is wrong in the file that the picture of a check shows, one fault a row."""


def main() -> None:
    """Write every picture; where the tiles cannot be reached, the map shows the outlines alone."""
    parser = argparse.ArgumentParser(description="Make the pictures of the README.")
    parser.add_argument("--near", default="", help="a place, such as a town with its state")
    parser.add_argument("--condition", default="", help="an id of conditions.csv")
    parser.add_argument("--to", type=Path, default=IMAGES, help="the folder of the pictures")
    options = parser.parse_args()
    images: Path = options.to
    pictures = pictures_of(shown(), options.near, options.condition)
    chromium = find_browser()
    if not chromium:
        sys.exit(MISSING)
    images.mkdir(parents=True, exist_ok=True)
    with _service() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (path, window) in pictures.items():
            _take(browser, url + path, images / name, window)
            print(f"Wrote {images / name}")
        _take_checking(browser, url, images / CHECKING)
        print(f"Wrote {images / CHECKING}")
        browser.close()


def pictures_of(folder: Path, near: str, condition: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return each picture by its file: the address it is of, and the window it is seen in."""
    directory = load_directory(folder)
    words, towns = directory.vocabulary, directory.towns
    near = near or next((town for town in towns if town.main), towns[0]).label
    condition = condition or words.conditions[0].id
    place = find_place(near, directory.gazetteer, None).place
    kept = search(directory.dataset, Query(within=None), place).hits[:KEPT]
    payment = words.options("payment")[-1].id
    topic = directory.explainer.about_condition(condition) or directory.explainer.topics[0]
    found = "/?" + urlencode({"near": near, "condition": condition})
    listed = urlencode({"list": ",".join(hit.clinic.id for hit in kept), "near": near})
    return {
        "search-desktop.png": (found, WIDE),
        "search-dark.png": (found, WIDE | {"color_scheme": "dark"}),
        "search-phone.png": (found, PHONE),
        "map-phone.png": (f"{found}&view=map", PHONE | {"color_scheme": "dark"}),
        "nothing-near.png": (f"{found}&within=5&payment={payment}", WIDE),
        "list.png": (f"/shortlist?{listed}", WIDE),
        "topic.png": (f"/learn?topic={topic.id}", WIDE),
    }


def _take(browser: Browser, address: str, file: Path, options: dict[str, Any]) -> None:
    page = browser.new_page(**options)
    page.goto(address)
    page.get_by_test_id("stMain").get_by_text(FOOT).wait_for(state="attached")
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
    with (shown() / "clinics.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row, (column, cell) in zip(rows, FAULTS.items(), strict=False):
        row[column] = cell
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, NAMES, restval="")
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

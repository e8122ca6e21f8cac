"""A real Chromium for the rows that need one, where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from scripts.ensure_browser import find_browser

MISSING = (
    "Not measured: this needs Chromium and the package playwright, and one of them is missing."
)
_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


@contextmanager
def browser() -> Iterator[Any]:
    """Start a browser that reaches this machine alone; None where there is none."""
    path = find_browser()
    if path is None or find_spec("playwright") is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=_OPTIONS)
        try:
            yield opened
        finally:
            opened.close()

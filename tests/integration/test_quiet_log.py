"""The log of the real service holds nothing of a visit, at any of Streamlit's levels.

At the most talkative one a browser visits too: tests/browser/test_privacy.py.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from clinics.web import log
from tests.browser.service import Service, running
from tests.integration.telltale import traces, visit_without_a_browser

LEVELS = ("error", "warning", "info")


def test_a_visit_leaves_no_trace_in_the_log_of_any_other_level(tmp_path: Path) -> None:
    with ExitStack() as stack, ThreadPoolExecutor() as all_of_them:

        def start(level: str) -> Service:
            settings = {"STREAMLIT_LOGGER_LEVEL": level}
            return stack.enter_context(running(tmp_path / f"{level}.txt", settings=settings))

        for service in all_of_them.map(start, LEVELS):
            visit_without_a_browser(service)
            assert traces(service) == []


def test_the_web_servers_own_lines_lose_the_text_of_errors_and_its_access_log_says_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log.keep_searches_out()
    caplog.set_level(logging.DEBUG)
    try:
        raise ValueError("near=Telltale")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    logging.getLogger("uvicorn.access").info("GET /plain?near=Telltale")
    assert "Exception in ASGI application" in caplog.text
    assert "Telltale" not in caplog.text

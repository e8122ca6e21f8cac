"""The log of the real service holds nothing of a visit, at any of Streamlit's levels.

At the most talkative one a browser visits too: tests/browser/test_privacy.py.
"""

from __future__ import annotations

import json
import logging
import re
import sys
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
    said = '%s - "WebSocket %s" [accepted]'
    logging.getLogger("uvicorn.error").info(said, "192.0.2.1:5", "/_stcore/stream?near=Telltale")
    assert "192.0.2.1" not in caplog.text
    assert "Exception in ASGI application" in caplog.text
    assert "Telltale" not in caplog.text


def test_every_line_has_time_level_and_logger_in_either_format(tmp_path: Path) -> None:
    settings = {"CLINICS_LOG_FORMAT": "json", "STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE": "true"}
    with running(tmp_path / "json.txt", settings=settings) as service:
        visit_without_a_browser(service)
        assert traces(service) == []
    lines = [json.loads(line) for line in service.printed.splitlines()]
    assert {"clinics", "uvicorn.error"} <= {line["logger"] for line in lines}
    assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)
    hidden = {"STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE": "true"}
    with running(tmp_path / "text.txt", settings=hidden) as service:
        pass
    text = service.printed.splitlines()
    assert len(text) > 3
    assert [line for line in text if not re.match(r"[0-9T:.-]+Z [A-Z]+ [a-z._]+: ", line)] == []


def test_a_message_is_one_line_and_a_fault_is_shown_with_it() -> None:
    record = logging.LogRecord("clinics", logging.ERROR, "", 1, "One\ntwo \u00e9", None, None)
    record.created = 0.0
    assert log.TextLines().format(record) == (
        "1970-01-01T00:00:00.000Z ERROR clinics: One\\ntwo \u00e9"
    )
    try:
        raise ValueError("made up")
    except ValueError:
        record.exc_info = sys.exc_info()
    assert log.TextLines().format(record).endswith("\nValueError: made up")
    said = json.loads(log.JsonLines().format(record))
    assert (said["time"], said["level"], said["logger"]) == (
        "1970-01-01T00:00:00.000Z", "ERROR", "clinics",
    )  # fmt: skip
    assert said["message"] == "One\ntwo \u00e9"
    assert said["traceback"].endswith("ValueError: made up")


def test_who_opens_a_websocket_is_not_written_down(caplog: pytest.LogCaptureFixture) -> None:
    log.keep_searches_out()
    server = logging.getLogger("uvicorn.error")
    with caplog.at_level(logging.INFO, "uvicorn.error"):
        server.info('%s - "WebSocket %s" [accepted]', "192.0.2.7:4711", "/base/_stcore/stream")
        server.info("connection open")
        server.info("Application startup complete.")
    assert [record.getMessage() for record in caplog.records] == ["Application startup complete."]

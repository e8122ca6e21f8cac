"""What a log may say of a visit, and how a line of it looks.

It says that something failed and where, never what was searched for.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import secrets

_log = logging.getLogger("clinics.errors")


class TextLines(logging.Formatter):
    """One line for each record: time (UTC), level, logger, message; below it a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, however many the message has."""
        said = "\\n".join(record.getMessage().splitlines())
        line = f"{_time(record)} {record.levelname} {record.name}: {said}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """One line of JSON for each record, a traceback in it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said)


LINES = {"text": TextLines, "json": JsonLines}


def _time(record: logging.LogRecord) -> str:
    moment = dt.datetime.fromtimestamp(record.created, dt.UTC)
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def handler(shape: str) -> logging.Handler:
    """Return what writes all lines to the error stream; `shape` is one of LINES."""
    made = logging.StreamHandler()
    made.setFormatter(LINES[shape]())
    return made


def keep_searches_out() -> None:
    """Take the text of errors, and whole access logs, out of what other packages write.

    An error's text, and its traceback, may hold what a visitor searched for; so does every line
    of the web server's access log. Filters stay where levels and handlers are set again.
    """
    rules = (
        ("streamlit.error_util", _without_error),
        ("streamlit.runtime.app_session", _without_error),
        ("streamlit.runtime.backend_operation_handler", _without_error),
        ("uvicorn.error", _without_error),
        ("uvicorn.error", _without_connections),
        ("uvicorn.access", _nothing),
    )
    for name, rule in rules:
        log = logging.getLogger(name)
        if rule not in log.filters:
            log.addFilter(rule)


def note(problem: BaseException) -> str:
    """Log a bug by its kind and place, and return the id that finds it in the log."""
    id = secrets.token_hex(4)
    _log.error("Error %s: %s", id, where(problem))
    return id


def where(problem: BaseException) -> str:
    """Say the kind of error and the line it came from; its text may hold what was searched."""
    trace, last = problem.__traceback__, ""
    while trace:
        last = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(problem).__name__} at {last}"


def _nothing(_: logging.LogRecord) -> bool:
    return False


def _without_connections(record: logging.LogRecord) -> bool:
    """Leave out who connects: uvicorn names the address of each visitor that opens a websocket."""
    said = record.getMessage()
    return not (said.startswith("connection ") or "WebSocket /" in said)


def _without_error(record: logging.LogRecord) -> bool:
    record.exc_info = record.exc_text = None
    return True

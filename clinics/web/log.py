"""What a log may say of a visit: that something failed and where, never what was searched for."""

from __future__ import annotations

import logging
import secrets

_log = logging.getLogger("clinics.errors")


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


def _without_error(record: logging.LogRecord) -> bool:
    record.exc_info = record.exc_text = None
    return True

"""What every page shares: the crisis line on top, who we are at the bottom, and polite errors.

Owns the frame; must not know what a page shows.
"""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

import streamlit as st

from ui.text import plain

ICON = str(Path(__file__).parent / "assets" / "icon.png")
"""A file of ours: a Material symbol would be fetched from another host."""

_STYLE = Path(__file__).parent / "assets" / "frame.css"

_CRISIS = "**Need help now?** Call or text [988](tel:988). In danger: call [911](tel:911)."
_FOOTER = (
    "Information, not medical advice. No clinic is endorsed and nobody pays to be listed. "
    "We keep no record of what you search for."
)

_log = logging.getLogger("clinics.errors")


def style() -> None:
    """Mend what Streamlit's theme cannot say: contrast in the dark, targets for a finger."""
    st.html(_STYLE)


def crisis_line() -> None:
    """Draw the crisis line, as on every page, every empty answer and every error."""
    st.info(_CRISIS)


def footer() -> None:
    """Draw the last line of every page."""
    fine_print(_FOOTER)


def fine_print(markdown: str) -> None:
    """Draw a quiet line; `st.caption` is too pale to read (contrast below 4.5)."""
    st.markdown(f":small[:gray[{markdown}]]")


def show_error(problem: BaseException) -> bool:
    """Show one polite sentence for a bug, and log it under an id without what was searched."""
    id = secrets.token_hex(4)
    _log.error("Error %s: %s", id, _where(problem))
    st.error(
        f"Something went wrong on our side (error {id}). Reload the page to try again. "
        "If you need help now, call or text 988."
    )
    return True


def keep_searches_out_of_the_log() -> None:
    """Take the text of an error out of Streamlit's own log line; `show_error` writes ours.

    An error's text, and its traceback, may hold what a visitor searched for; so does every line
    of the web server's access log. Filters stay where levels and handlers are set again.
    """
    for name, rule in (("streamlit.error_util", _without_error), ("uvicorn.access", _nothing)):
        log = logging.getLogger(name)
        if rule not in log.filters:
            log.addFilter(rule)


def _nothing(_: logging.LogRecord) -> bool:
    return False


def _without_error(record: logging.LogRecord) -> bool:
    record.exc_info = record.exc_text = None
    return True


def _where(problem: BaseException) -> str:
    """Say the kind of error and the line it came from; its text may hold what was searched."""
    trace, last = problem.__traceback__, ""
    while trace:
        last = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(problem).__name__} at {last}"


def refuse(sentence: str) -> None:
    """Say in one sentence why nothing can be served, with the crisis line, and end the page."""
    st.title("The directory cannot be shown at the moment")
    st.markdown(plain(sentence))
    crisis_line()
    st.stop()

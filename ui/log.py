"""Every line of the log in one format, whichever package writes it."""

from __future__ import annotations

import logging

from streamlit import logger as streamlit_logger

from clinics.web.log import handler


def write_lines(shape: str) -> None:
    """Write the lines of all loggers as `shape`: the setting CLINICS_LOG_FORMAT.

    Streamlit gives each of its loggers, and the web server's, a handler of its own, also later.
    """
    ours = handler(shape)
    logging.getLogger().addHandler(ours)
    logging.getLogger("clinics").setLevel(logging.INFO)

    def setup_formatter(logger: logging.Logger) -> None:
        logger.handlers = [ours]

    streamlit_logger.setup_formatter = setup_formatter
    streamlit_logger.update_formatter()

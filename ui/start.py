"""What happens once, between the start of the process and its first visitor."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from streamlit import net_util

from clinics.directory import BrokenDataset
from clinics.web.guard.sockets import allow_many, send_at_once
from ui import resources


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Read the data before the first visitor comes; a fault in it is logged in one sentence."""
    send_at_once()
    allow_many()
    try:
        resources.newest()
    except BrokenDataset as problem:
        logging.getLogger("clinics").error("No search can be answered. %s", problem)
    yield


def ask_nobody() -> None:
    """Keep Streamlit from asking a web service for this machine's address.

    It does so whenever a page of another site tries to open a session, and everybody waits for
    the answer meanwhile; at start it does so unless `browser.serverAddress` is set.
    `server.corsAllowedOrigins` is looked at as before.
    """
    net_util.get_external_ip = lambda: None

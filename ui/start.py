"""What happens once, between the start of the process and its first visitor."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from clinics.loading import BrokenDataset
from clinics.web.no_delay import send_at_once
from ui import resources


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Read the data before the first visitor comes; a fault in it is logged in one sentence."""
    send_at_once()
    try:
        resources.newest()
    except BrokenDataset as problem:
        logging.getLogger("clinics").error("No search can be answered. %s", problem)
    yield

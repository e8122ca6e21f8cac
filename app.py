"""The service. `streamlit run app.py` starts pages and routes in one process."""

import logging
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from clinics.api import routes
from clinics.loading import BrokenDataset
from clinics.settings import SettingsError
from ui import frame, resources

frame.keep_searches_out_of_the_log()
try:
    settings = resources.settings()
    resources.geocoder()
    resources.door()
except SettingsError as problem:
    sys.exit(f"The service cannot start. {problem}")


@asynccontextmanager
async def lifespan(_: st.App):
    """Read the data before the first visitor comes; a fault in it is logged in one sentence."""
    try:
        resources.newest()
    except BrokenDataset as problem:
        logging.getLogger("clinics").error("No search can be answered. %s", problem)
    yield


app = st.App(
    Path(__file__).parent / "pages" / "main.py",
    routes=routes(resources.newest, settings.data_dir),
    lifespan=lifespan,
    on_script_error=frame.show_error,
)

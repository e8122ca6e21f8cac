"""The service. `streamlit run app.py` starts pages and routes in one process."""

from pathlib import Path

import streamlit as st

from clinics.settings import SettingsError
from clinics.web import app as api
from clinics.web import log
from ui import frame, resources, start
from ui.log import write_lines

log.keep_searches_out()
start.hold_settings()
try:
    settings = resources.settings()
    write_lines(settings.log_format)
    resources.geocoder()
    resources.listings_geocoder()
    resources.door()
except SettingsError as problem:
    raise SystemExit(f"The service cannot start. {problem}") from None

own = api.routes(
    resources.newest,
    settings.data_dir,
    base_url=settings.base_url,
    geocoder=resources.geocoder,
    store=resources.store_state,
    served=resources.served,
    changes=resources.public_changes,
)
app = st.App(
    Path(__file__).parent / "pages" / "main.py",
    routes=own,
    middleware=start.middleware(own),
    lifespan=start.lifespan,
    on_script_error=frame.show_error,
)

"""What happens once, between the start of the process and its first visitor."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache, wraps
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit import config, net_util
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from clinics.directory import BrokenDataset
from clinics.web import app as api
from clinics.web.guard.base_path import refusal_of
from clinics.web.guard.fonts import SmallFonts
from clinics.web.guard.ours import OwnRoutes
from clinics.web.guard.sockets import allow_many, send_at_once
from ui import checkout, look, resources, resume, site

_fonts = SmallFonts(Path(st.__file__).parent)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Read the data before the first visitor comes; a fault in it is logged in one sentence."""
    send_at_once()
    allow_many()
    try:
        resources.newest()
    except BrokenDataset as problem:
        for fault in problem.faults:
            logging.getLogger("clinics").error("No search can be answered. %s", fault)
    tasks = [asyncio.create_task(asyncio.to_thread(_fonts.make))]
    tasks += [asyncio.create_task(say_when_changed())]
    yield
    for task in tasks:
        task.cancel()


async def say_when_changed(every_seconds: float = 60.0) -> None:
    """Log once that the files have changed since the start, and that they wait for another."""
    while not await asyncio.to_thread(checkout.has_changed):
        await asyncio.sleep(every_seconds)
    logging.getLogger("clinics").warning(checkout.NOTICE)


def middleware(own: Sequence[BaseRoute]) -> list[Middleware]:
    """Return what stands around all answers, outermost first; `own` are our routes."""
    base = str(config.get_option("server.baseUrlPath") or "")
    refusal = refusal_of(base, OwnRoutes(own).sections | site.PAGES.keys() - {""})
    if refusal:
        sys.exit(f"The service cannot start. {refusal}")
    settings = resources.settings()
    around = api.middleware(
        own,
        settings.data_dir,
        resources.uploads(),
        base,
        site.in_bar(),
        look.look(),
        resources.served,
        settings.base_url,
        _fonts,
    )
    return [*around, Middleware(resume.DrawFirst)]


FIXED = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "server.runOnSave": False,
    "server.fileWatcherType": "none",
    "server.enableAgentApi": False,
}
"""Settings of Streamlit that no host may change: promises to visitors, and modules kept whole."""


def hold_settings() -> None:
    """Set what is promised to visitors, whatever the environment says.

    Streamlit Community Cloud sets some of these otherwise for every app: the browser would then
    send each address with its ZIP and condition to a statistics host. The environment is set as
    well, because Streamlit reads all settings again whenever a file of them changes.
    """
    for name, value in FIXED.items():
        config.set_option(name, value, "the clinic directory")
        section, _, rest = name.partition(".")
        words = re.sub(r"([A-Z])", r"_\1", rest).upper()
        os.environ[f"STREAMLIT_{section.upper()}_{words}"] = str(value).lower()
    ask_nobody()
    read_theme_once()


def ask_nobody() -> None:
    """Keep Streamlit from asking a web service for this machine's address.

    It does so whenever a page of another site tries to open a session, and everybody waits for
    the answer meanwhile; at start it does so unless `browser.serverAddress` is set.
    `server.corsAllowedOrigins` is looked at as before.
    """
    net_util.get_external_ip = lambda: None


def read_theme_once() -> None:
    """Have Streamlit read its theme at the start, and not its 300 settings again for every run.

    A theme does not change while the service runs; reading it was a tenth of a run's work.
    """
    read = getattr(app_session, "_populate_theme_msg", None)
    if read is None or hasattr(read, "__wrapped__"):
        return  # another Streamlit, which does it its own way; or done already

    @cache
    def section_of(name: str) -> CustomThemeConfig:
        made = CustomThemeConfig()
        read(made, name)
        return made

    @wraps(read)
    def populate(message: CustomThemeConfig, section: str = "theme") -> None:
        made = section_of(section)
        if made.ByteSize():  # an empty part is left out of a message, not put in as empty
            message.MergeFrom(made)

    app_session._populate_theme_msg = populate  # type: ignore[assignment]

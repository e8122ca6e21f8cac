"""What all sessions share: settings, the directory, the geocoder. Real adapters are chosen here.

The only module that caches. Everything cached is immutable, or guards itself with a lock.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping

import streamlit as st

from clinics.adapters.nominatim import chosen_geocoder
from clinics.directory import Directory, load_directory, today_at
from clinics.ports import Geocoder
from clinics.settings import Settings, read_settings


def today() -> dt.date:
    """Return the date where the clinics are."""
    return today_at(directory().site)


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def settings() -> Settings:
    """Read the settings once; raises SettingsError with one sentence."""
    return read_settings(os.environ, _secrets())


def _secrets() -> Mapping[str, object]:
    try:
        found = st.secrets.get("clinics", {})
    except FileNotFoundError:
        return {}
    return dict(found)


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def directory() -> Directory:
    """Read the data folder once; raises BrokenDataset with one sentence."""
    return load_directory(settings().data_dir)


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def geocoder() -> Geocoder | None:
    """Return the one geocoder of this process, so that its rate limit holds for all sessions.

    Raises SettingsError with one sentence.
    """
    return chosen_geocoder(settings())

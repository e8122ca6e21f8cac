"""Streamlit's secrets, as this service uses them."""

from __future__ import annotations

from collections.abc import Mapping
from tomllib import TOMLDecodeError

import streamlit as st

from clinics.settings import SettingsError


def own() -> Mapping[str, object]:
    """Return `[clinics]`, and the address in `[connections.directory]` as the database's."""
    kept = section("connections").get("directory", {})
    url = kept.get("url") if isinstance(kept, Mapping) else None
    return ({"database_url": url} if url else {}) | dict(section("clinics"))


def section(name: str) -> Mapping[str, object]:
    """Return a section of Streamlit's secrets; raises SettingsError when they cannot be read."""
    try:
        found = st.secrets.get(name, {})
    except FileNotFoundError as problem:
        if isinstance(problem.__cause__, (TOMLDecodeError, TypeError)):
            raise SettingsError(
                f"The secrets need to be TOML; there is a fault in them: {problem.__cause__}."
            ) from problem
        return {}
    return dict(found) if isinstance(found, Mapping) else {}

"""Settings -> running parts: the one place that chooses adapters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from clinics.directory import Directory, rules_of, today_at
from clinics.domain.ports import Geocoder, Store
from clinics.intake.rules import Limits, Rules
from clinics.publishing.access import Keeper
from clinics.publishing.publisher import Publisher
from clinics.settings import NONE, Settings, SettingsError


def chosen_geocoder(settings: Settings) -> Geocoder | None:
    """Return the geocoder that the settings ask for, or None; raises SettingsError."""
    if settings.geocoder_url == NONE:
        return None
    from clinics.adapters.nominatim import NominatimGeocoder  # takes a tenth of a second to read

    try:
        return NominatimGeocoder(settings.geocoder_url, settings.user_agent)
    except ValueError as problem:
        raise SettingsError(str(problem)) from problem


def chosen_store(settings: Settings) -> Store | None:
    """Return the store that is configured, or None for none; raises SettingsError.

    Nothing is opened yet: the first question to the store does that.
    """
    address = settings.database_url
    if address.casefold() == NONE:
        return None
    from clinics.adapters.sql_store import SqlStore  # takes a quarter of a second to read

    return SqlStore(address)


def rules(bundled: Directory, settings: Settings, today: dt.date | None = None) -> Rules:
    """Return what a file is checked against; raises BrokenDataset."""
    limits = Limits(round(settings.max_upload_mb * 1_000_000), settings.max_rows)
    return rules_of(bundled, settings.data_dir, today or today_at(bundled.site), limits)


def publisher(
    store: Store,
    live: Callable[[], Directory],
    bundled: Directory,
    settings: Settings,
    is_valid: Callable[[Keeper], bool],
) -> Publisher:
    """Return who checks, reviews and publishes files; `is_valid` says who may publish."""
    return Publisher(store, live, bundled, lambda: rules(bundled, settings), is_valid)

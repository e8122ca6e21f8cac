"""Settings -> running parts: the one place that chooses adapters."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from clinics.directory import Directory, rules_of, today_at
from clinics.domain.model import Point
from clinics.domain.ports import Geocoder, Links, Store
from clinics.domain.sources import Probed, Source
from clinics.intake.rules import Limits, Rules
from clinics.publishing.access import Keeper
from clinics.publishing.publisher import Publisher
from clinics.settings import (
    CENSUS,
    HERE,
    NONE,
    ON,
    ROOT,
    Settings,
    SettingsError,
    database_address,
    service_named,
)

if TYPE_CHECKING:
    from clinics.adapters.backup import Backups
    from clinics.adapters.polite_web import PoliteWeb

SOURCE_BYTES = 2_000_000
SOURCE_SECONDS = 10.0
"""What one answer of a public source may have, unpacked, and how long it may take in all."""

_JSON = "application/json, text/html;q=0.5"
_PAGES = "text/html, application/xhtml+xml"

CLOUD = Path("/mount/src")
"""Where Streamlit Community Cloud puts a repository, on a disk that each restart makes anew."""

_INSTEAD = (
    "set CLINICS_DATABASE_URL to a PostgreSQL database, or change data/clinics.csv in the "
    "repository instead of publishing here."
)


def chosen_geocoder(settings: Settings) -> Geocoder | None:
    """Return what finds the addresses of visitors, or None; raises SettingsError."""
    return _geocoder(settings.geocoder_url, settings.user_agent)


def chosen_listings_geocoder(settings: Settings) -> Geocoder | None:
    """Return what finds the addresses of listings, or None; raises SettingsError.

    Where nothing is said of it, it asks nobody if visitors' addresses are not looked up either.
    """
    usual = NONE if settings.geocoder_url == NONE else CENSUS
    return _geocoder(settings.listings_geocoder_url or usual, settings.user_agent)


def probed_geocoder(settings: Settings) -> Probed | None:
    """Return the geocoder of listings if a setting names one whose shape can be compared."""
    from clinics.adapters.census import CensusGeocoder

    found = chosen_listings_geocoder(settings) if settings.listings_geocoder_url else None
    return found if isinstance(found, CensusGeocoder) else None


def _geocoder(value: str, user_agent: str) -> Geocoder | None:
    if value == NONE:
        return None
    is_census, address = service_named(value)
    try:
        if is_census:
            from clinics.adapters.census import CensusGeocoder

            return CensusGeocoder(address, user_agent)
        from clinics.adapters.nominatim import NominatimGeocoder  # takes a tenth of a second

        return NominatimGeocoder(address, user_agent)
    except ValueError as problem:
        raise SettingsError(str(problem)) from problem


def chosen_links(settings: Settings) -> Links:
    """Return what fetches files that are shared by a link."""
    from clinics.adapters.linked_file import LinkedFiles

    return LinkedFiles(settings.user_agent, round(settings.max_upload_mb * 1_000_000))


def chosen_sources(
    settings: Settings, bundled: Directory, live: Callable[[], Directory]
) -> tuple[Source, ...]:
    """Return the public sources that are switched on; none is before somebody says so."""
    made = (
        (settings.findtreatment_url, _find_treatment),
        (settings.websites, _websites),
        (settings.npi_url, _npi),
        (settings.cms_url, _cms),
    )
    return tuple(make(settings, bundled, live) for value, make in made if value != NONE)


def _websites(settings: Settings, bundled: Directory, live: Callable[[], Directory]) -> Source:
    from clinics.adapters.websites import Websites

    def pages() -> dict[str, str]:
        table = live().dataset.table
        return dict(zip(table["id"], table["website"], strict=True))

    def asked_as(url: str) -> str:
        """Return where a page is asked for: of a stand-in, at its port, by the name of its host."""
        if settings.websites == ON:
            return url
        parts, stand_in = urlsplit(url), urlsplit(settings.websites)
        return parts._replace(scheme="http", netloc=f"{parts.hostname}:{stand_in.port}").geturl()

    return Websites(
        lambda: _polite_web(settings, settings.websites, _PAGES, every_host=True),
        lambda: today_at(bundled.site),
        pages,
        asked_as,
    )


def _find_treatment(
    settings: Settings, bundled: Directory, _live: Callable[[], Directory]
) -> Source:
    from clinics.adapters.find_treatment import ADDRESS, FindTreatment
    from clinics.intake.locator import load_reader, load_state_numbers
    from clinics.places.zips import in_state

    value = settings.findtreatment_url
    address = ADDRESS if value == ON else value
    area = bundled.site.service_area

    def is_near(point: Point) -> bool:
        return not area or bundled.gazetteer.nearest_town_miles(point) <= area.miles_from_town

    return FindTreatment(
        address,
        lambda: _polite_web(settings, address),
        _states(bundled),
        load_state_numbers(settings.data_dir),
        frozenset(filter(None, [bundled.site.federal_edition.category])),
        bundled.site.map_center,
        is_near,
        in_state,
        load_reader(settings.data_dir, bundled.vocabulary).read,
        lambda: today_at(bundled.site),
    )


def _states(bundled: Directory) -> Sequence[str]:
    area = bundled.site.service_area
    return area.states if area else sorted({town.state for town in bundled.towns})


def _npi(settings: Settings, bundled: Directory, _live: Callable[[], Directory]) -> Source:
    from clinics.adapters.nppes import Nppes
    from clinics.intake.npi_rows import NpiReader, questions

    address = _npi_address(settings)
    vocabulary = bundled.vocabulary
    return Nppes(
        address,
        lambda: _polite_web(settings, address),
        vocabulary.main_category,
        questions,
        lambda: NpiReader(vocabulary, today_at(bundled.site)),
    )


def _npi_address(settings: Settings) -> str:
    from clinics.adapters.nppes import ADDRESS

    return ADDRESS if settings.npi_url == ON else settings.npi_url


def _cms(settings: Settings, bundled: Directory, _live: Callable[[], Directory]) -> Source:
    from clinics.adapters.cms import ADDRESS, YEAR, Cms
    from clinics.adapters.nppes import Registry
    from clinics.intake.medicare_rows import MedicareReader
    from clinics.intake.npi_rows import NpiReader

    address = ADDRESS if settings.cms_url == ON else settings.cms_url
    registry = _npi_address(settings)

    def ask_registry() -> tuple[Registry, NpiReader]:
        reader = NpiReader(bundled.vocabulary, today_at(bundled.site))
        return Registry(registry, _polite_web(settings, registry)), reader

    return Cms(
        address,
        lambda: _polite_web(settings, address),
        _states(bundled),
        MedicareReader(bundled.vocabulary, YEAR).read,
        ask_registry if registry != NONE else None,
    )


def _polite_web(
    settings: Settings, address: str, accept: str = _JSON, *, every_host: bool = False
) -> PoliteWeb:
    """Return what asks a source. No setting opens the inside of a network.

    One whose address is that of this machine itself asks that very port and nothing else; it
    stands in for `every_host` of a source that asks many.
    """
    from clinics.adapters.polite_web import AGENT, PoliteWeb
    from clinics.adapters.public_web import PublicWeb, is_public, is_web_port, resolved

    parts = urlsplit(address)
    is_here = parts.scheme == "http" and parts.hostname == HERE
    web = PublicWeb(
        settings.user_agent,
        SOURCE_BYTES,
        accept=accept,
        unpacks=True,
        resolve=(lambda *_: (HERE,)) if is_here and every_host else resolved,
        may_ask=(lambda ip: ip == HERE) if is_here else is_public,
        may_use_port=(lambda port: port == parts.port) if is_here else is_web_port,
        longest_seconds=SOURCE_SECONDS,
    )
    return PoliteWeb(web, AGENT)


def chosen_store(settings: Settings) -> Store | None:
    """Return the store that is configured, or None for none; raises SettingsError.

    Nothing is opened yet: the first question to the store does that.
    """
    address = settings.database_url
    if address.casefold() == NONE:
        return None
    from clinics.adapters.sql_store import SqlStore  # takes a quarter of a second to read

    return SqlStore(address)


def passing_store() -> Store:
    """Return a store that keeps what it is given for as long as this program runs."""
    from clinics.adapters.memory import MemoryStore

    return MemoryStore()


def chosen_backups(settings: Settings) -> Backups:
    """Return what backs up the store that is configured; raises SettingsError."""
    from clinics.adapters.backup import Backups
    from clinics.adapters.database import Database

    return Backups(Database(settings.database_url))


@dataclass(frozen=True, slots=True)
class StoreTrouble:
    """Why the store does not keep what is written to it, for keepers and the log."""

    sentence: str
    can_publish: bool


_IS_LOST = StoreTrouble(
    "What is published or reported here is lost at the next restart: it is kept in a file on a "
    f"disk that does not last. To keep it, {_INSTEAD}",
    can_publish=True,
)
_CANNOT_WRITE = StoreTrouble(
    "Nothing can be published here: the store is a file in a folder that this program cannot "
    f"write to. Let it write to that folder, or {_INSTEAD}",
    can_publish=False,
)


def on_cloud() -> bool:
    """Return True if this program stands where Streamlit Community Cloud puts it."""
    return ROOT.is_relative_to(CLOUD)


def store_trouble(settings: Settings) -> StoreTrouble | None:
    """Return what keeps the store's file from lasting, or None; a server is taken to last."""
    scheme, _, file = database_address(settings.database_url).partition(":///")
    if scheme != "sqlite":
        return None
    if not _can_write(Path(file)):
        return _CANNOT_WRITE
    lasts = settings.store_lasts == "yes" or (settings.store_lasts == "auto" and not on_cloud())
    return None if lasts else _IS_LOST


def _can_write(file: Path) -> bool:
    """Return True if the file can be written to, with a log beside it, or made."""
    there = next(folder for folder in file.parents if os.access(folder, os.F_OK))
    can_make = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    return can_make and (os.access(file, os.W_OK) or not os.access(file, os.F_OK))


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

"""What all sessions share: settings, the live directory, the store. Real adapters are chosen here.

The only module that caches. Everything cached is immutable, or guards itself with a lock.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Mapping
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from clinics import bootstrap
from clinics.bootstrap import StoreTrouble
from clinics.directory import Directory, load_directory, today_at
from clinics.domain.language import spoken
from clinics.domain.model import Point
from clinics.domain.ports import Geocoder, Links, LiveMoved, Store, StoreUnavailable, VersionRecord
from clinics.domain.sources import Source
from clinics.intake.check import Rules
from clinics.intake.column_names import Matching
from clinics.intake.progress import Progress, no_progress
from clinics.present import map as maps
from clinics.publishing import snapshot
from clinics.publishing.access import Door, is_unconfigured, one_time_token
from clinics.publishing.change_log import Complete, empty_csv
from clinics.publishing.corrections import CorrectionFigures, Limiter, figures
from clinics.publishing.diff import Review
from clinics.publishing.live import LiveDirectory
from clinics.publishing.looking import last_look
from clinics.publishing.publisher import Candidate, Publisher
from clinics.publishing.three_way import Choices
from clinics.search.dataset import Version
from clinics.settings import NONE, Settings, read_settings, tiles_from
from clinics.settings import openid_providers as providers_of
from clinics.web.guard.uploads import Uploads
from clinics.web.health import StoreState
from ui import checkout, keys, secrets

if TYPE_CHECKING:
    from ui.find.map_frame import MapFrame

LATEST_VERSIONS = 200
"""So many versions make the public change log, which counts them by day."""

VERSIONS_COUNTED = 12
"""Of so many versions keepers see how complete they are."""

_log = logging.getLogger("clinics")


def today() -> dt.date:
    """Return the date where the clinics are."""
    return today_at(bundled().site)


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def settings() -> Settings:
    """Read the settings once; raises SettingsError with one sentence."""
    return read_settings(os.environ, secrets.own())


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def openid_providers() -> tuple[str, ...]:
    """Return the names of the identity providers keepers can use; raises SettingsError."""
    return providers_of(settings(), secrets.section("auth"))


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def door() -> Door:
    """Return the one door of this process, so that its slow-down holds for all sessions.

    Where nobody is named who may publish, it makes a token and writes it to the log, once.
    Raises SettingsError where keepers are named who have no way to sign in.
    """
    found = settings()
    openid_providers()
    if not is_unconfigured(found):
        return Door(found.publish_token_sha256, found.keepers)
    token, sha256 = one_time_token()
    if found.database_url != NONE:
        _log.warning("To publish data, open /manage and sign in with this token: %s", token)
    return Door(sha256, ())


@st.cache_resource(max_entries=1, ttl=30, show_spinner=False)
def update_waits() -> bool:
    """Return True if the files of this service have changed since its start; asked seldom."""
    return checkout.has_changed()


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def uploads() -> Uploads:
    """Return who may send a file to this process."""
    return Uploads()


def session_id() -> str:
    """Return the id that Streamlit has given this session; "" outside of a run."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def bundled() -> Directory:
    """Read the data folder once; raises BrokenDataset with one sentence."""
    return load_directory(settings().data_dir)


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def live() -> LiveDirectory:
    """Return what serves the newest version to all sessions; raises BrokenDataset."""
    return LiveDirectory(bundled(), store())


def newest() -> Directory:
    """Return the directory of the newest version, whoever asks; raises BrokenDataset."""
    return live().current()


def served() -> Directory:
    """Return what `newest` returned last, without waiting for the store; raises BrokenDataset."""
    return live().served


def store_state() -> StoreState:
    """Say how the store was when it was last asked; raises BrokenDataset."""
    if store() is None:
        return StoreState.NONE
    return StoreState.DOWN if live().store_is_down else StoreState.ANSWERS


def directory() -> Directory:
    """Return the directory that this run draws, in its language; raises BrokenDataset.

    It is one and the same from the first line of a run to its last, whatever is published
    meanwhile; `ui.preview` settles which.
    """
    if get_script_run_ctx(suppress_warning=True) is not None:
        pinned: Directory | None = st.session_state.get(keys.PINNED)
        if pinned is not None:
            return pinned.spoken()
    return newest().spoken()


def map_frame(home: Point) -> MapFrame:
    """Return the map that all searches are drawn on; it opens at `home`."""
    return _map_frame(home, spoken())


@st.cache_resource(max_entries=8, ttl=None, show_spinner=False)
def _map_frame(home: Point, language: str) -> MapFrame:  # noqa: ARG001 - its script has words
    # Its component is only known to a server that runs already, and this file is read before.
    from ui.find.map_frame import frame_of

    chosen = settings()
    return frame_of(maps.base_map(tiles_from(chosen.tiles, chosen.tiles_attribution), home))


def rules() -> Rules:
    """Return what a file is checked against today."""
    return bootstrap.rules(bundled(), settings(), today())


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def geocoder() -> Geocoder | None:
    """Return what finds visitors' addresses, one a process: its answers serve all sessions.

    Raises SettingsError with one sentence.
    """
    return bootstrap.chosen_geocoder(settings())


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def listings_geocoder() -> Geocoder | None:
    """Return what finds the addresses of listings, for keepers; raises SettingsError."""
    return bootstrap.chosen_listings_geocoder(settings())


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def links() -> Links:
    """Return what fetches files by a link, so that its limit of fetches holds for all sessions."""
    return bootstrap.chosen_links(settings())


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def sources() -> tuple[Source, ...]:
    """Return the public sources that are switched on; asked for a keeper only."""
    return bootstrap.chosen_sources(settings(), bundled(), newest)


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def store() -> Store | None:
    """Return the store of versions and corrections, or None where nothing can be kept."""
    trouble = store_trouble()
    if trouble:
        _log.warning("%s", trouble.sentence)
    return bootstrap.chosen_store(settings())


def store_trouble() -> StoreTrouble | None:
    """Return why the store does not keep what is written to it, or None."""
    return bootstrap.store_trouble(settings())


def takes_corrections() -> bool:
    """Return True if a correction would still be there when a keeper comes to read it."""
    return store() is not None and store_trouble() is None


def refuse_unwritable() -> None:
    """Raise StoreUnavailable where nothing can be published."""
    trouble = store_trouble()
    if trouble and not trouble.can_publish:
        raise StoreUnavailable(trouble.sentence)


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def correction_limiter() -> Limiter:
    """Return the one limiter of this process, so that it holds for all sessions."""
    return Limiter()


@st.cache_resource(max_entries=1, ttl=60, show_spinner=False)
def correction_figures() -> CorrectionFigures | None:
    """Count the corrections, at most once a minute; None where none can be had."""
    kept = store()
    try:
        return figures(kept.corrections()) if kept and takes_corrections() else None
    except StoreUnavailable:
        return None


@st.cache_resource(max_entries=1, ttl=60, show_spinner=False)
def latest_versions() -> tuple[VersionRecord, ...]:
    """Return the latest versions, newest first, at most once a minute.

    Raises StoreUnavailable where the store does not answer; without a store there are none.
    """
    kept = store()
    return kept.versions(limit=LATEST_VERSIONS) if kept else ()


@st.cache_resource(max_entries=1, ttl=60, show_spinner=False)
def last_looks() -> Mapping[str, dt.date]:
    """Return by the id of each source the day it was last read whole, at most once a minute.

    No source is asked for it. Where the store does not answer there are none.
    """
    kept = store()
    known = bundled().vocabulary.fact_sources.values()
    try:
        found = {one.id: last_look(kept, one.id) for one in known} if kept else {}
    except StoreUnavailable:
        return {}
    return {id: date for id, date in found.items() if date}


@st.cache_resource(max_entries=1, ttl=None, show_spinner=False)
def completeness_until(number: int) -> tuple[Complete, ...]:  # noqa: ARG001 - what it is kept by
    """Return how complete the newest versions are, until this one; raises StoreUnavailable."""
    return open_publisher().completeness(VERSIONS_COUNTED)


def public_changes() -> bytes:
    """Return `changes.csv` for visitors; raises StoreUnavailable."""
    return open_publisher().public_changes() if store() else empty_csv().encode()


def open_store() -> Store:
    """Return the store; raises StoreUnavailable where this service keeps no versions."""
    found = store()
    if found is None:
        raise StoreUnavailable("This service keeps no versions, so nothing can be published here.")
    return found


def open_publisher() -> Publisher:
    """Return who checks, reviews and publishes files; raises StoreUnavailable without a store."""
    return bootstrap.publisher(open_store(), newest, bundled(), settings(), door().is_valid)


@dataclass(frozen=True, slots=True)
class Staged:
    """A staged file and how it is to be used; `based_on` is the version it was made from.

    `choices` settle its conflicts by id and column, `otherwise` all the others. `edition`
    is the date of a federal file, "" where it is not known. `sheet` is the one of a workbook that
    is wanted, and `matching` is what was said of its columns here.
    """

    sha256: str
    mode: str = "replace"
    good_rows_only: bool = False
    based_on: int | None = None
    choices: tuple[tuple[str, str, str], ...] = ()
    otherwise: str = ""
    edition: str | None = None
    sheet: str = ""
    matching: Matching | None = None


@st.cache_resource(max_entries=3, ttl=1800, show_spinner=False)
def _candidate(
    staged: Staged,
    live_version: str,  # noqa: ARG001
    day: dt.date,  # noqa: ARG001
    _progress: Progress = no_progress,
) -> Candidate:
    # What it is compared with and the day are part of the key: with another the answer differs.
    return open_publisher().candidate(
        staged.sha256,
        mode=staged.mode,
        good_rows_only=staged.good_rows_only,
        based_on=staged.based_on,
        choices=Choices({(id, column): c for id, column, c in staged.choices}, staged.otherwise),
        edition=staged.edition,
        sheet=staged.sheet,
        matching=staged.matching,
        progress=_progress,
    )


def candidate(staged: Staged, progress: Progress = no_progress) -> Candidate:
    """Check a staged file and compare it with what is live; the same file is checked once a day.

    `progress` is told how far it is, where it is not checked yet. Raises NoSuchUpload and
    StoreUnavailable.
    """
    # What is drawn meanwhile is not part of the answer, or it would be drawn again with it.
    outside = copy_context()
    return _candidate(
        staged,
        newest().dataset.version.id,
        today(),
        _progress=lambda share, doing: outside.run(progress, share, doing),
    )


def forget_candidates() -> None:
    """Check staged files anew: what was said of the columns of one may hold for others."""
    _candidate.clear()


def reviewed(staged: Staged, live: int) -> Candidate:
    """Return a staged file compared with version `live`, as a keeper has seen it.

    Raises LiveMoved when it would have to be compared with another version, and as `candidate`.
    """
    found = _candidate(staged, str(live), today())
    if found.live != live:
        raise LiveMoved(found.live)
    return found


@st.cache_resource(max_entries=2, ttl=1800, show_spinner=False)
def _previewed(staged: Staged, live_version: str, day: dt.date) -> Directory:
    found = _candidate(staged, live_version, day)
    return live().with_table(found.table, Version("preview", None, len(found.table)))


def previewed(staged: Staged) -> Directory:
    """Return the directory as it would be with a staged file; raises as `candidate` does."""
    return _previewed(staged, newest().dataset.version.id, today())


@dataclass(frozen=True)
class Difference:
    """What differs between two versions, and what the clinics of both are called by id."""

    review: Review
    names: Mapping[str, str]


@st.cache_resource(max_entries=4, ttl=1800, show_spinner=False)
def difference(older: int, newer: int) -> Difference:
    """Compare two versions, which never change; raises NotPublishable and StoreUnavailable."""
    publisher = open_publisher()
    both = [snapshot.from_csv(publisher.table(number)) for number in (older, newer)]
    names = {
        id: f"{name}, {city}"
        for table in both
        for id, name, city in zip(table["id"], table["name"], table["city"], strict=True)
    }
    return Difference(publisher.difference(older, newer), names)

"""Runs the pages without a browser; nothing here may ask a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from clinics.adapters.memory import DictGeocoder, MemoryStore
from clinics.domain.model import Point
from clinics.domain.ports import GeocodedAddress
from clinics.search.dataset import Version
from tests.app.keeper import SHA256, ten
from tests.app.visit import Visit
from tests.made_up import dataset_of
from ui import resources

ADDRESS = "7500 Maple Avenue, Takoma Park, MD 20912"


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """Look once, not for each session of a page, what components the installed packages bring."""
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        yield


@pytest.fixture(autouse=True)
def no_outside_services(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings are read anew for each test; the directory, a second's work, is kept."""
    monkeypatch.setenv("CLINICS_TILES", "none")
    monkeypatch.setenv("CLINICS_GEOCODER_URL", "none")
    monkeypatch.setenv("CLINICS_DATABASE_URL", "none")
    cached = (
        resources.settings,
        resources.geocoder,
        resources.listings_geocoder,
        resources.door,
        resources.openid_providers,
        resources.store,
        resources.sources,
        resources.correction_limiter,
        resources.correction_figures,
        resources.latest_versions,
        resources.live,
        resources._candidate,
        resources._previewed,
        resources.difference,
    )
    for function in cached:
        function.clear()
    yield
    for function in cached:
        function.clear()


@pytest.fixture
def visit() -> Callable[..., Visit]:
    """Open a page as a new visitor: `visit()`, `visit(near="20912", condition=["ptsd"])`."""

    def open_page(**params: str | list[str]) -> Visit:
        return Visit(params)

    return open_page


@pytest.fixture
def app(visit: Callable[..., Visit]) -> Visit:
    """The search page as a first visitor sees it."""
    return visit()


@pytest.fixture
def geocoder(monkeypatch: pytest.MonkeyPatch) -> DictGeocoder:
    """An address service that knows one address, 0.4 miles from the middle of its ZIP."""
    known = GeocodedAddress(Point(38.9772, -77.0085), "Takoma Park, Maryland", "20912")
    fake = DictGeocoder({ADDRESS: known})
    monkeypatch.setattr(resources, "geocoder", lambda: fake)
    return fake


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """A directory of ten clinics, a store for its versions, and a token for its keepers."""
    kept, dataset = MemoryStore(), dataset_of(ten())
    dataset.version = Version("0", None, len(dataset))
    directory = replace(resources.bundled(), dataset=dataset)
    monkeypatch.setattr(resources, "bundled", lambda: directory)
    monkeypatch.setattr(resources, "store", lambda: kept)
    monkeypatch.setenv("CLINICS_PUBLISH_TOKEN_SHA256", SHA256)
    resources.settings.clear()
    return kept


@pytest.fixture
def fresh_directory() -> Iterator[None]:
    """Read the data folder anew in this test, and again in the next one."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()

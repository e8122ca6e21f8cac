"""Which address service is asked, and whether what is written to the store will last."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clinics import bootstrap
from clinics.adapters.address_service import AddressService
from clinics.bootstrap import store_trouble
from clinics.domain.ports import Geocoder
from clinics.settings import ROOT, Settings, SettingsError


def kept_in(file: object, lasts: str = "auto") -> Settings:
    return Settings(database_url=f"sqlite:///{file}", store_lasts=lasts)


def can_publish(settings: Settings) -> bool | None:
    """Return what the trouble says of publishing; None without any."""
    trouble = store_trouble(settings)
    return trouble.can_publish if trouble else None


@pytest.fixture
def on_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "CLOUD", ROOT.parent)


def test_a_file_on_a_disk_of_ones_own_lasts(tmp_path: Path) -> None:
    for file in (tmp_path / "x.db", tmp_path / "new" / "folders" / "x.db"):
        assert store_trouble(kept_in(file)) is None
        assert not (tmp_path / "new").exists()


def test_on_streamlit_community_cloud_a_file_is_lost(tmp_path: Path, on_cloud: None) -> None:
    assert bootstrap.on_cloud()
    trouble = store_trouble(kept_in(tmp_path / "x.db"))
    assert trouble
    assert trouble.can_publish
    assert "lost at the next restart" in trouble.sentence
    assert "CLINICS_DATABASE_URL" in trouble.sentence
    assert "data/clinics.csv" in trouble.sentence


def test_the_setting_has_the_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_publish(kept_in(tmp_path / "x.db", "no")) is True
    monkeypatch.setattr(bootstrap, "CLOUD", ROOT.parent)
    assert store_trouble(kept_in(tmp_path / "x.db", "yes")) is None


@pytest.mark.parametrize("lasts", ["yes", "no", "auto"])
def test_a_server_lasts_and_without_a_store_there_is_nothing_to_lose(
    on_cloud: None, lasts: str
) -> None:
    for url in ("none", "postgresql+psycopg://user:password@server/name"):
        assert store_trouble(Settings(database_url=url, store_lasts=lasts)) is None


@pytest.mark.parametrize("lasts", ["yes", "no", "auto"])
def test_where_no_folder_can_be_nothing_can_be_published(tmp_path: Path, lasts: str) -> None:
    (tmp_path / "file").touch()
    for file in (tmp_path / "file" / "x.db", tmp_path / "file" / "folder" / "x.db"):
        assert can_publish(kept_in(file, lasts)) is False


@pytest.mark.parametrize("closed", ["", "folder", "folder/x.db"])
def test_what_cannot_be_written_to_cannot_be_published_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    (tmp_path / "folder").mkdir()
    file = tmp_path / "folder" / "x.db"
    file.touch()
    may = {tmp_path, file.parent, file} - {tmp_path / closed}

    def access(path: Path, mode: int) -> bool:
        return path.exists() if mode == os.F_OK else path in may

    monkeypatch.setattr(os, "access", access)
    assert can_publish(kept_in(file)) is (None if closed == "" else False)
    assert can_publish(kept_in(tmp_path / "new.db")) is (False if closed == "" else None)


def service_of(geocoder: Geocoder | None) -> tuple[str, str]:
    """Return the kind of an address service and where it is asked; nothing is asked."""
    if geocoder is None:
        return "", ""
    assert isinstance(geocoder, AddressService)
    return type(geocoder).__name__, geocoder.endpoint.geturl()


OSM = ("NominatimGeocoder", "https://nominatim.openstreetmap.org")
BUREAU = ("CensusGeocoder", "https://geocoding.geo.census.gov/geocoder")
OTHER = ("CensusGeocoder", "http://made-up.example/geocoder")


@pytest.mark.parametrize(
    ("visitors", "listings", "chosen"),
    [
        ("", "", (OSM, BUREAU)),
        ("none", "", (("", ""), ("", ""))),
        ("none", "census", (("", ""), BUREAU)),
        ("census", "", (BUREAU, BUREAU)),
        ("", "none", (OSM, ("", ""))),
        ("", "https://nominatim.openstreetmap.org", (OSM, OSM)),
        ("", "census+http://made-up.example/geocoder", (OSM, OTHER)),
    ],
)
def test_listings_are_looked_up_at_the_census_and_visitors_addresses_at_nominatim(
    visitors: str, listings: str, chosen: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    said = {"geocoder_url": visitors} if visitors else {}
    settings = Settings(**said, listings_geocoder_url=listings)  # type: ignore[arg-type]
    found = bootstrap.chosen_geocoder(settings), bootstrap.chosen_listings_geocoder(settings)
    assert (service_of(found[0]), service_of(found[1])) == chosen


def test_a_service_that_cannot_be_asked_is_a_setting_to_mend() -> None:
    for choose in (bootstrap.chosen_geocoder, bootstrap.chosen_listings_geocoder):
        with pytest.raises(SettingsError, match="needs a user agent"):
            choose(Settings(user_agent=" "))

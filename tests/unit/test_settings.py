"""Settings are read once, the environment wins, and a wrong one is said in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinics.settings import ROOT, Settings, SettingsError, read_settings

TILES = "https://tiles.made-up.example/{z}/{x}/{y}.png"


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(environ)
    return str(caught.value)


def test_without_any_settings_everything_has_a_default() -> None:
    assert read_settings({}) == Settings()
    assert Settings().data_dir == ROOT / "data"
    assert Settings().tiles == "osm"


def test_the_environment_wins_over_the_secrets() -> None:
    secrets = {"tiles": "osm", "clinics_user_agent": "from secrets"}
    found = read_settings({"CLINICS_TILES": " none ", "PATH": "/bin"}, secrets)
    assert (found.tiles, found.user_agent) == ("none", "from secrets")


def test_an_empty_setting_is_as_good_as_none() -> None:
    assert read_settings({"CLINICS_TILES": "", "CLINICS_GEOCODER_URL": "  "}) == Settings()


def test_a_setting_that_does_not_exist_is_named_with_those_that_do() -> None:
    message = refusal({"CLINICS_TILE": "none"})
    assert message.startswith("There is no setting CLINICS_TILE; the settings are ")
    for name in Settings.__dataclass_fields__:
        assert f"CLINICS_{name.upper()}" in message


@pytest.mark.parametrize("bad", ["made-up.example", "ftp://made-up.example", "https://", "off"])
def test_the_geocoder_needs_an_address(bad: str) -> None:
    assert refusal({"CLINICS_GEOCODER_URL": bad}) == (
        f"CLINICS_GEOCODER_URL needs an address that begins with https://; it is “{bad}”."
    )


def test_the_geocoder_can_be_another_and_can_be_turned_off() -> None:
    for url in ("none", "https://geocoder.made-up.example"):
        assert read_settings({"CLINICS_GEOCODER_URL": url}).geocoder_url == url


@pytest.mark.parametrize("bad", ["mapbox", "https://tiles.made-up.example", TILES[8:], "{z}{x}{y}"])
def test_tiles_need_one_of_three_forms(bad: str) -> None:
    assert refusal({"CLINICS_TILES": bad, "CLINICS_TILES_ATTRIBUTION": "Made up"}) == (
        "CLINICS_TILES cannot be used. Map tiles need osm, none, or an address that begins with "
        f"https:// and holds {{z}}, {{x}} and {{y}}; the value is “{bad}”."
    )


def test_tiles_of_a_provider_need_its_attribution() -> None:
    message = refusal({"CLINICS_TILES": TILES})
    assert message.endswith("need the credit that the provider asks for; it is empty.")
    found = read_settings({"CLINICS_TILES": TILES, "CLINICS_TILES_ATTRIBUTION": "Made up"})
    assert (found.tiles, found.tiles_attribution) == (TILES, "Made up")


def test_a_data_folder_needs_a_clinic_file(tmp_path: Path) -> None:
    assert refusal({"CLINICS_DATA_DIR": str(tmp_path)}) == (
        f"CLINICS_DATA_DIR needs a folder with clinics.csv; {tmp_path} has none."
    )
    (tmp_path / "clinics.csv").touch()
    assert read_settings({"CLINICS_DATA_DIR": str(tmp_path)}).data_dir == tmp_path


def test_a_relative_data_folder_is_one_of_the_project() -> None:
    assert read_settings({"CLINICS_DATA_DIR": "data"}).data_dir == ROOT / "data"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Settings().tiles = "none"  # type: ignore[misc]

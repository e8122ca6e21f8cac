"""Settings are read once, the environment wins, and a wrong one is said in one sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clinics.settings import (
    ROOT,
    Settings,
    SettingsError,
    database_address,
    openid_providers,
    read_settings,
)

ANA = "ana@made-up.example"
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


@pytest.mark.parametrize(
    "bad", ["made-up.example", "ftp://made-up.example", "https://", "off", "census+", "census+none"]
)
@pytest.mark.parametrize("name", ["CLINICS_GEOCODER_URL", "CLINICS_LISTINGS_GEOCODER_URL"])
def test_a_geocoder_needs_an_address(name: str, bad: str) -> None:
    assert refusal({name: bad}) == (
        f"{name} needs census, none, or an address that begins with https://; it is “{bad}”."
    )


@pytest.mark.parametrize(
    "value",
    ["none", "census", "https://geocoder.made-up.example", "census+https://made-up.example/g"],
)
def test_a_geocoder_can_be_another_and_can_be_turned_off(value: str) -> None:
    assert read_settings({"CLINICS_GEOCODER_URL": value}).geocoder_url == value
    read = read_settings({"CLINICS_LISTINGS_GEOCODER_URL": value})
    assert read.listings_geocoder_url == value


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


# The store


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("none", "none"),
        ("postgres://u:p@h:5433/d?sslmode=require", "u:p@h:5433/d?sslmode=require"),
        ("postgresql://u:p%40@h/d", "u:p%40@h/d"),
        ("postgresql+psycopg://h/d", "h/d"),
        ("postgres://u:p/?@my_db:6543/d", "u:p/?@my_db:6543/d"),
        ("postgresql://u@[::1]:5433/d", "u@[::1]:5433/d"),
    ],
)
def test_the_driver_of_a_postgresql_address_is_named(given: str, used: str) -> None:
    url = read_settings({"CLINICS_DATABASE_URL": given}).database_url
    assert url == (used if used == "none" else f"postgresql+psycopg://{used}")


def test_a_relative_database_file_is_one_of_the_project(tmp_path: Path) -> None:
    def url(given: str) -> str:
        return read_settings({"CLINICS_DATABASE_URL": given}).database_url

    assert url("sqlite:///var/other.db") == f"sqlite:///{ROOT / 'var' / 'other.db'}"
    assert url(f"sqlite:///{tmp_path}/other.db") == f"sqlite:///{tmp_path}/other.db"
    assert database_address("") == url("sqlite:///var/directory.db")


def test_each_data_folder_keeps_what_it_publishes_apart(tmp_path: Path) -> None:
    def url(folder: Path | str, **more: str) -> str:
        return read_settings({"CLINICS_DATA_DIR": str(folder), **more}).database_url

    for state in ("one/data", "two/data", "Año Nuevo"):
        (tmp_path / state).mkdir(parents=True)
        (tmp_path / state / "clinics.csv").touch()
    one, two, third = map(
        url, (tmp_path / "one/data", tmp_path / "two/data", tmp_path / "Año Nuevo")
    )
    own = read_settings({}).database_url or database_address("")
    assert len({one, two, third, own}) == 4
    assert re.fullmatch(rf"sqlite:///{ROOT}/var/data-[0-9a-f]{{8}}\.db", one)
    assert url(tmp_path / "two/../one/data") == one
    assert url("data") == url(ROOT / "data") == ""
    given = "sqlite:///var/mine.db"
    assert url(tmp_path / "one/data", CLINICS_DATABASE_URL=given) == database_address(given)


@pytest.mark.parametrize(
    "bad",
    [
        "postgresql://u:hunter2@",
        "postgresql://u:hunter2@h",
        "postgresql://u:hunter2@h/?sslmode=require",
        "u:hunter2@h/d",
        "hunter2://u@h/d",
        "mysql://u:hunter2@h/d",
        "postgresql+asyncpg://u:hunter2@h/d",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "postgresql://u:hunter2@h:port/d",
        "directory.db",
    ],
)
def test_a_database_address_is_refused_without_its_password(bad: str) -> None:
    message = refusal({"CLINICS_DATABASE_URL": bad})
    assert message.startswith("CLINICS_DATABASE_URL needs ")
    assert "hunter2" not in message


def test_settings_do_not_show_the_password_when_they_are_written_out() -> None:
    found = read_settings(
        {
            "CLINICS_DATABASE_URL": "postgres://u:hunter2@h/d",
            "CLINICS_PUBLISH_TOKEN_SHA256": "ab" * 32,
        }
    )
    assert "hunter2" not in repr(found)
    assert "abab" not in repr(found)


# Who may publish, and how much at once


def test_the_hash_of_a_token_is_64_digits_in_any_case() -> None:
    found = read_settings({"CLINICS_PUBLISH_TOKEN_SHA256": "AB" * 32})
    assert found.publish_token_sha256 == "ab" * 32


@pytest.mark.parametrize("bad", ["correct-horse-battery", "ab" * 31, "xy" * 32])
def test_a_token_in_place_of_its_hash_is_told_how_to_get_one_and_not_shown(bad: str) -> None:
    message = refusal({"CLINICS_PUBLISH_TOKEN_SHA256": bad})
    assert message == (
        "CLINICS_PUBLISH_TOKEN_SHA256 needs the SHA-256 of a token, which is 64 digits from 0 to "
        f"f; it has {len(bad)} characters, or others than these (to make a token and its SHA-256, "
        "run python -m clinics new-token)."
    )


def test_keepers_are_addresses_in_small_letters_each_once() -> None:
    wanted = ("ana@made-up.example", "bo@made-up.example")
    text = "Ana@Made-Up.example; bo@made-up.example ;ana@made-up.example;"
    assert read_settings({"CLINICS_KEEPERS": text}).keepers == wanted
    assert read_settings({}, {"keepers": list(wanted)}).keepers == wanted


@pytest.mark.parametrize("bad", ["ana", "@made-up.example", "a@b, c@d", "a@b c@d", "*"])
def test_keepers_need_addresses_with_semicolons_between(bad: str) -> None:
    assert refusal({"CLINICS_KEEPERS": f"{ANA}; {bad}"}) == (
        f"CLINICS_KEEPERS needs e-mail addresses with a semicolon between them; “{bad}” is not one."
    )


def test_checking_can_be_opened_and_closed() -> None:
    assert read_settings({"CLINICS_OPEN_CHECKING": "YES"}).open_checking == "yes"
    assert read_settings({}, {"open_checking": False}).open_checking == "no"
    assert refusal({"CLINICS_OPEN_CHECKING": "maybe"}) == (
        "CLINICS_OPEN_CHECKING needs yes or no; it is “maybe”."
    )


def test_whether_the_store_lasts_can_be_said() -> None:
    assert read_settings({}).store_lasts == "auto"
    assert read_settings({"CLINICS_STORE_LASTS": "No"}).store_lasts == "no"
    assert read_settings({}, {"store_lasts": True}).store_lasts == "yes"
    assert refusal({"CLINICS_STORE_LASTS": "perhaps"}) == (
        "CLINICS_STORE_LASTS needs yes or no or auto; it is “perhaps”."
    )


def test_limits_are_numbers_within_reason() -> None:
    found = read_settings({"CLINICS_MAX_UPLOAD_MB": "2.5"}, {"max_rows": 100})
    assert (found.max_upload_mb, found.max_rows) == (2.5, 100)


@pytest.mark.parametrize("bad", ["0", "-1", "101", "nan", "inf", "5 MB"])
def test_the_size_of_a_file_is_a_number_of_megabytes(bad: str) -> None:
    assert refusal({"CLINICS_MAX_UPLOAD_MB": bad}) == (
        f"CLINICS_MAX_UPLOAD_MB needs a number above 0 and up to 100; it is “{bad}”."
    )


@pytest.mark.parametrize("bad", ["0", "-1", "1.5", "1000001", "٣", "9" * 5000])
def test_the_rows_of_a_file_are_a_whole_number(bad: str) -> None:
    assert refusal({"CLINICS_MAX_ROWS": bad}) == (
        f"CLINICS_MAX_ROWS needs a whole number from 1 to 1000000; it is “{bad}”."
    )


# Where the site is


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://clinics.made-up.example", "https://clinics.made-up.example"),
        ("https://made-up.example/clinics/", "https://made-up.example/clinics"),
        ("http://127.0.0.1:8501/", "http://127.0.0.1:8501"),
        ("https://[::1]:8501", "https://[::1]:8501"),
    ],
)
def test_the_address_of_the_site_has_no_slash_at_its_end(given: str, used: str) -> None:
    assert read_settings({"CLINICS_BASE_URL": given}).base_url == used


@pytest.mark.parametrize(
    "bad",
    [
        "made-up.example",
        "ftp://made-up.example",
        "https://",
        "https:///clinics",
        "https://made-up.example/?a=b",
        "https://made-up.example?",
        "https://made-up.example/#a",
        "https://user:word@made-up.example",
        'https://made-up.example"><script>',
        'https://made-up.example/"><script>',
        "https://made up.example",
        "javascript:alert(1)",
    ],
)
def test_the_site_needs_an_address_without_a_query(bad: str) -> None:
    assert refusal({"CLINICS_BASE_URL": bad}) == (
        "CLINICS_BASE_URL needs the address of this site, which begins with https:// and has no ? "
        f"or # in it, such as https://clinics.example.org; it is “{bad}”."
    )


# Identity providers


KEEPERS = Settings(keepers=(ANA,))
PROVIDER = {
    "client_id": "clinics",
    "client_secret": "made up",
    "server_metadata_url": "https://id.made-up.example/.well-known/openid-configuration",
}
AUTH = {"redirect_uri": "https://made-up.example/oauth2callback", "cookie_secret": "x" * 32}


def test_identity_providers_are_those_that_are_complete() -> None:
    assert openid_providers(KEEPERS, AUTH | PROVIDER) == ("",)
    named = AUTH | {"one": PROVIDER, "two": PROVIDER, "three": {"client_id": "x"}}
    assert openid_providers(KEEPERS, named) == ("one", "two")


def test_without_keepers_nobody_signs_in_by_an_account() -> None:
    assert openid_providers(Settings(), AUTH | PROVIDER) == ()


@pytest.mark.parametrize(
    ("auth", "start"),
    [
        ({}, "CLINICS_KEEPERS needs a section [auth] in Streamlit's secrets with client_id, "),
        (AUTH, "CLINICS_KEEPERS needs a section [auth] "),
        (AUTH | PROVIDER | {"redirect_uri": ""}, "The redirect_uri in [auth] needs this site's "),
        (AUTH | PROVIDER | {"cookie_secret": "xxx"}, "The cookie_secret in [auth] needs 32 "),
    ],
)
def test_keepers_without_a_safe_way_to_sign_in_are_refused(
    auth: dict[str, object], start: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        openid_providers(KEEPERS, auth)
    assert str(caught.value).startswith(start)
    assert "xxx" not in str(caught.value)


def test_the_log_is_text_or_json():
    assert read_settings({}).log_format == "text"
    assert read_settings({"CLINICS_LOG_FORMAT": "JSON"}).log_format == "json"
    assert refusal({"CLINICS_LOG_FORMAT": "xml"}) == (
        "CLINICS_LOG_FORMAT needs text or json; it is “xml”."
    )

"""One frozen Settings, read and checked once at start.

Owns names, defaults and rules of the settings; must not know who reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from clinics.tiles import tiles_from

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "CLINICS_"
NONE = "none"


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a deployment can change; docs/settings.md explains each.

    `tiles` is `osm`, `none` or a URL template with {z}, {x} and {y}; `geocoder_url` is `none` or
    the address of a Nominatim server.
    """

    data_dir: Path = ROOT / "data"
    tiles: str = "osm"
    tiles_attribution: str = ""
    geocoder_url: str = "https://nominatim.openstreetmap.org"
    user_agent: str = "clinic-directory/1.0 (public health directory; see its about page)"


def read_settings(
    environ: Mapping[str, str], secrets: Mapping[str, object] | None = None
) -> Settings:
    """Read settings from `CLINICS_*` variables, then from secrets; raises SettingsError.

    A secret may be written with or without the prefix, in lower case: `clinics_tiles` or `tiles`.
    """
    values: dict[str, str] = {}
    for name, value in (secrets or {}).items():
        values[name.lower().removeprefix(PREFIX.lower())] = str(value).strip()
    for name, value in environ.items():
        if name.startswith(PREFIX):
            values[name.removeprefix(PREFIX).lower()] = value.strip()
    return _checked({name: value for name, value in values.items() if value})


def _checked(values: dict[str, str]) -> Settings:
    known = Settings.__dataclass_fields__
    for name in values:
        if name not in known:
            raise SettingsError(
                f"There is no setting {PREFIX}{name.upper()}; the settings are "
                f"{', '.join(PREFIX + k.upper() for k in known)}."
            )
    if values.get("geocoder_url", NONE) != NONE:
        _check_url("geocoder_url", values["geocoder_url"])
    _check_tiles(values)
    if "data_dir" in values:
        return Settings(**{**values, "data_dir": _folder(values["data_dir"])})  # type: ignore[arg-type]
    return Settings(**values)  # type: ignore[arg-type]


def _folder(value: str) -> Path:
    folder = Path(value)
    folder = folder if folder.is_absolute() else ROOT / folder
    if not (folder / "clinics.csv").is_file():
        raise SettingsError(f"CLINICS_DATA_DIR needs a folder with clinics.csv; {value} has none.")
    return folder


def _check_url(name: str, value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            f"{PREFIX}{name.upper()} needs an address that begins with https://; it is “{value}”."
        )


def _check_tiles(values: Mapping[str, str]) -> None:
    try:
        tiles_from(values.get("tiles", "osm"), values.get("tiles_attribution", ""))
    except ValueError as problem:
        raise SettingsError(f"CLINICS_TILES cannot be used. {problem}") from problem

"""One frozen Settings, read and checked once at start."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "CLINICS_"
NONE = "none"
ON = "on"
HERE = "127.0.0.1"
"""The one address that a source may have without https, for a stand-in on this machine."""

CENSUS = "census"
_CENSUS_ADDRESS = "census+"
"""What stands before the address of a geocoder that answers as that of the Census Bureau."""

MAX_UPLOAD_MB = 100.0
MAX_ROWS = 1_000_000
MIN_COOKIE_SECRET = 32
_PROVIDER = {"client_id", "client_secret", "server_metadata_url"}
_DEFAULT_DATA = ROOT / "data"
_DEFAULT_DATABASE = "sqlite:///var/directory.db"
_POSTGRES = "postgresql+psycopg"
_SERVER = re.compile(
    r"(?:[^:/]*(?::[^@]*)?@)?(?:\[[^/?]+\]|[^/:?]+)(?::[0-9]*)?/[^?]+(?:\?.*)?", re.DOTALL
)
"""What may follow postgresql://, taken apart as SQLAlchemy does it."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_PATH = re.compile(r"[A-Za-z0-9/._~%-]*")
_EMAIL = re.compile(r"[^\s@;]+@[^\s@;]+")


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a deployment can change; docs/settings.md explains each.

    `tiles` is `osm`, `none` or a URL template with {z}, {x} and {y}; `geocoder_url` is `none`,
    `census`, or the address of a Nominatim server, with `census+` before it of a server that
    answers as the Census Bureau's does; `listings_geocoder_url` is the same, and "" is `census`
    unless the other is `none`. `database_url` is "" for the file under var/ that the folder `data`
    has, `none`, or an address with its driver named; `publish_token_sha256` is "" or 64 hexadecimal
    digits; `keepers` are e-mail addresses in small letters; `open_checking` is `yes`, `no` or "";
    `store_lasts` is `yes`, `no` or `auto`.
    `findtreatment_url`, `npi_url` and `cms_url` are `none`, `on`, or the address of a service that
    answers alike; `websites` is `none`, `on`, or the address of this machine that stands in for all
    of them.
    `base_url` is where this site is reached, without a slash at its end, or "".
    `log_format` is `text` or `json`.
    """

    data_dir: Path = _DEFAULT_DATA
    tiles: str = "osm"
    tiles_attribution: str = ""
    geocoder_url: str = "https://nominatim.openstreetmap.org"
    listings_geocoder_url: str = ""
    findtreatment_url: str = NONE
    websites: str = NONE
    npi_url: str = NONE
    cms_url: str = NONE
    user_agent: str = "clinic-directory/1.0 (public health directory; see its about page)"
    database_url: str = field(default="", repr=False)  # may hold a password
    store_lasts: str = "auto"
    publish_token_sha256: str = field(default="", repr=False)
    keepers: tuple[str, ...] = ()
    open_checking: str = ""
    max_upload_mb: float = 5.0
    max_rows: int = 50_000
    base_url: str = ""
    log_format: str = "text"


def read_settings(
    environ: Mapping[str, str], secrets: Mapping[str, object] | None = None
) -> Settings:
    """Read settings from `CLINICS_*` variables, then from secrets; raises SettingsError.

    A secret may be written with or without the prefix, in lower case: `clinics_tiles` or `tiles`.
    """
    values: dict[str, str] = {}
    for name, value in (secrets or {}).items():
        values[name.lower().removeprefix(PREFIX.lower())] = _as_text(value).strip()
    for name, value in environ.items():
        if name.startswith(PREFIX):
            values[name.removeprefix(PREFIX).lower()] = value.strip()
    return _checked({name: value for name, value in values.items() if value})


def openid_providers(settings: Settings, auth: Mapping[str, object]) -> tuple[str, ...]:
    """Return the identity providers of Streamlit's `[auth]` section by name; "" is the unnamed one.

    None without keepers, since nobody could come in that way. Raises SettingsError.
    """
    if not settings.keepers:
        return ()
    tables = {"": auth} | {n: t for n, t in auth.items() if isinstance(t, Mapping)}
    found = tuple(name for name, table in tables.items() if set(table) >= _PROVIDER)
    if not found:
        raise SettingsError(
            "CLINICS_KEEPERS needs a section [auth] in Streamlit's secrets with "
            f"{', '.join(sorted(_PROVIDER))}; without them nobody on the list can sign in."
        )
    if not str(auth.get("redirect_uri", "")).endswith("/oauth2callback"):
        raise SettingsError(
            "The redirect_uri in [auth] needs this site's address with /oauth2callback at its end."
        )
    if len(str(auth.get("cookie_secret", ""))) < MIN_COOKIE_SECRET:
        raise SettingsError(
            f"The cookie_secret in [auth] needs {MIN_COOKIE_SECRET} characters or more, made at "
            "random; whoever guesses it can sign in as any keeper."
        )
    return found


def _as_text(secret: object) -> str:
    """Write a secret as the environment would; a list of addresses becomes `a; b`."""
    if isinstance(secret, bool):
        return "yes" if secret else "no"
    return "; ".join(map(str, secret)) if isinstance(secret, (list, tuple)) else str(secret)


def _checked(values: dict[str, str]) -> Settings:
    known = Settings.__dataclass_fields__
    for name in values:
        if name not in known:
            raise SettingsError(
                f"There is no setting {PREFIX}{name.upper()}; the settings are "
                f"{', '.join(PREFIX + k.upper() for k in known)}."
            )
    _check_tiles(values)
    read = {
        name: _READERS[name](text) if name in _READERS else text for name, text in values.items()
    }
    settings = Settings(**read)  # type: ignore[arg-type]
    folder = settings.data_dir.resolve()
    if settings.database_url or folder == _DEFAULT_DATA.resolve():
        return settings
    return replace(settings, database_url=_database_of(folder))


def _database_of(folder: Path) -> str:
    """Return a file for one data folder: what is published of one never shows in another."""
    known = hashlib.sha256(str(folder).encode(errors="surrogateescape")).hexdigest()[:8]
    name = re.sub(r"[^A-Za-z0-9]+", "-", folder.name).strip("-") or "directory"
    return database_address(f"sqlite:///var/{name}-{known}.db")


def _folder(value: str) -> Path:
    folder = Path(value)
    folder = folder if folder.is_absolute() else ROOT / folder
    if not (folder / "clinics.csv").is_file():
        raise SettingsError(f"CLINICS_DATA_DIR needs a folder with clinics.csv; {value} has none.")
    return folder


def _geocoder(name: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        parts = urlsplit(value.removeprefix(_CENSUS_ADDRESS))
        is_web = parts.scheme in ("http", "https") and parts.hostname
        if value not in (NONE, CENSUS) and not is_web:
            raise SettingsError(
                f"{name} needs {CENSUS}, {NONE}, or an address that begins with https://; "
                f"it is “{value}”."
            )
        return value

    return read


def _source(name: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        """Take none, on, an https address, or one of this machine itself, for a stand-in."""
        if value.casefold() in (NONE, ON):
            return value.casefold()
        if not _is_source(value):
            raise SettingsError(
                f"{name} needs {NONE}, {ON}, or an address that begins with https://; it is "
                f"“{value}”."
            )
        return value

    return read


def _websites(value: str) -> str:
    """Take none, on, or an address of this machine itself that stands in for every site."""
    if value.casefold() in (NONE, ON):
        return value.casefold()
    if not (_is_source(value) and urlsplit(value).hostname == HERE and urlsplit(value).port):
        raise SettingsError(f"CLINICS_WEBSITES needs {NONE} or {ON}; it is “{value}”.")
    return value


def _is_source(value: str) -> bool:
    try:
        parts = urlsplit(value)
        is_plain = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False
    is_here = parts.scheme == "http" and parts.hostname == HERE
    return is_plain and (parts.scheme == "https" or is_here)


def service_named(value: str) -> tuple[bool, str]:
    """Return whether a geocoder is of the Census Bureau's kind, and its address."""
    if value == CENSUS:
        return True, _CENSUS_URL
    return value.startswith(_CENSUS_ADDRESS), value.removeprefix(_CENSUS_ADDRESS)


def _base(value: str) -> str:
    """Return the address without a slash at its end; a fault in it is quoted, as it is public."""
    parts = urlsplit(value)
    plain = not (parts.query or parts.fragment or "@" in parts.netloc or "?" in value)
    plain = plain and bool(_HOST.fullmatch(parts.netloc) and _PATH.fullmatch(parts.path))
    if parts.scheme not in ("http", "https") or not plain:
        raise SettingsError(
            "CLINICS_BASE_URL needs the address of this site, which begins with https:// and has "
            f"no ? or # in it, such as https://clinics.example.org; it is “{value}”."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _check_tiles(values: Mapping[str, str]) -> None:
    try:
        tiles_from(values.get("tiles", "osm"), values.get("tiles_attribution", ""))
    except ValueError as problem:
        raise SettingsError(f"CLINICS_TILES cannot be used. {problem}") from problem


def database_address(value: str) -> str:
    """Return the address of a database with its driver named and its file in full.

    "" is the default file, and a relative file is one under the project's folder. Raises
    SettingsError, of which no sentence may hold the password.
    """
    if value == NONE:
        return value
    scheme, _, rest = (value or _DEFAULT_DATABASE).partition("://")
    if scheme == "sqlite" and rest.strip("/") not in ("", ":memory:"):
        return f"sqlite:///{ROOT / rest.removeprefix('/')}"
    if scheme in ("postgres", "postgresql", _POSTGRES):
        if _SERVER.fullmatch(rest):
            return f"{_POSTGRES}://{rest}"
        raise SettingsError(
            "CLINICS_DATABASE_URL needs a server and the name of a database, as in "
            "postgresql://user:password@server/name; one of the two is missing, or the port is "
            "not a number."
        )
    raise SettingsError(
        "CLINICS_DATABASE_URL needs none, or an address that begins with postgresql:// or "
        "sqlite:/// and names a database; it has another form."
    )


def _token_hash(value: str) -> str:
    """Return the hash in small letters; what stands here may be the token itself: never say it."""
    if not _SHA256.fullmatch(value.lower()):
        raise SettingsError(
            "CLINICS_PUBLISH_TOKEN_SHA256 needs the SHA-256 of a token, which is 64 digits from 0 "
            f"to f; it has {len(value)} characters, or others than these (to make a token and its "
            "SHA-256, run python -m clinics new-token)."
        )
    return value.lower()


def _keepers(value: str) -> tuple[str, ...]:
    addresses = [part.strip().casefold() for part in value.split(";")]
    for address in filter(None, addresses):
        if not _EMAIL.fullmatch(address):
            raise SettingsError(
                "CLINICS_KEEPERS needs e-mail addresses with a semicolon between them; "
                f"“{address}” is not one."
            )
    return tuple(dict.fromkeys(filter(None, addresses)))


def _one_of(name: str, *words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in words:
            raise SettingsError(f"{name} needs {' or '.join(words)}; it is “{value}”.")
        return value.lower()

    return read


def _log_format(value: str) -> str:
    if value.lower() not in ("text", "json"):
        raise SettingsError(f"CLINICS_LOG_FORMAT needs text or json; it is “{value}”.")
    return value.lower()


def _megabytes(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number <= MAX_UPLOAD_MB:
        raise SettingsError(
            f"CLINICS_MAX_UPLOAD_MB needs a number above 0 and up to {MAX_UPLOAD_MB:g}; "
            f"it is “{value}”."
        )
    return number


def _rows(value: str) -> int:
    number = int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0
    if not 0 < number <= MAX_ROWS:
        raise SettingsError(
            f"CLINICS_MAX_ROWS needs a whole number from 1 to {MAX_ROWS}; it is “{value}”."
        )
    return number


_READERS: Mapping[str, Callable[[str], object]] = {
    "data_dir": _folder,
    "geocoder_url": _geocoder("CLINICS_GEOCODER_URL"),
    "listings_geocoder_url": _geocoder("CLINICS_LISTINGS_GEOCODER_URL"),
    "findtreatment_url": _source("CLINICS_FINDTREATMENT_URL"),
    "websites": _websites,
    "npi_url": _source("CLINICS_NPI_URL"),
    "cms_url": _source("CLINICS_CMS_URL"),
    "database_url": database_address,
    "publish_token_sha256": _token_hash,
    "keepers": _keepers,
    "open_checking": _one_of("CLINICS_OPEN_CHECKING", "yes", "no"),
    "store_lasts": _one_of("CLINICS_STORE_LASTS", "yes", "no", "auto"),
    "max_upload_mb": _megabytes,
    "max_rows": _rows,
    "base_url": _base,
    "log_format": _log_format,
}

_CENSUS_URL = "https://geocoding.geo.census.gov/geocoder"
_OSM_URL = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
_OSM_ATTRIBUTION = (
    'Map: <a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">'
    "© OpenStreetMap contributors</a>"
)


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where map pictures come from, and the credit (HTML) their provider asks for."""

    url_template: str
    attribution_html: str


def tiles_from(name_or_template: str, attribution: str) -> Tiles | None:
    """Return the tiles a setting names: `osm`, `none` (None) or a template with its credit.

    Raises ValueError, as prose, for anything else.
    """
    if name_or_template == "none":
        return None
    if name_or_template == "osm":
        return Tiles(_OSM_URL, _OSM_ATTRIBUTION)
    web = name_or_template.startswith(("http://", "https://"))
    if not web or not all(part in name_or_template for part in ("{z}", "{x}", "{y}")):
        raise ValueError(
            "Map tiles need osm, none, or an address that begins with https:// and holds {z}, {x} "
            f"and {{y}}; the value is “{name_or_template}”."
        )
    if not attribution.strip():
        raise ValueError(
            "Map tiles from a provider of your own need the credit that the provider asks for; "
            "it is empty."
        )
    return Tiles(name_or_template, attribution)

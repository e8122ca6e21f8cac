"""The address of a shared sheet, as people copy it -> the address of its file."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit

from clinics.domain.ports import LinkRefused

LONGEST = 2_000
"""Characters of an address that are looked at."""

_KEY = re.compile(r"/spreadsheets/(?:u/\d+/)?d/(?P<key>e/2PACX-[\w-]+|(?!e/)[\w-]+)", re.ASCII)
_GID = re.compile(r"gid=(\d{1,12})", re.ASCII)

_GOOGLE = "docs.google.com"
_DROPBOX = ("www.dropbox.com", "dropbox.com")
_PERSONAL_ONEDRIVE = ("1drv.ms", "onedrive.live.com")
_SIGN_IN = ("accounts.google.com", "login.microsoftonline.com", "login.live.com")
"""Where a sheet that is not shared sends whoever asks for it."""

NOT_A_FILE = "Give the address of the file itself, or download it and upload it here."
SHARE = {
    "google": "In Google Sheets choose Share, then “Anyone with the link”, then “Viewer”.",
    "sharepoint": "In OneDrive choose Share, then “Anyone with the link can view”.",
    "dropbox": "In Dropbox choose Share, and let anyone with the link view it.",
}


def download_of(address: str) -> str:
    """Return the address to fetch; raises LinkRefused for what is no address of the web.

    A gviz address of Google is never used: it empties cells of the rarer kind in a column.
    """
    address = address.strip()
    parts = parts_of(address)
    host = host_of(parts)
    if host == _GOOGLE and "/spreadsheets/" in parts.path:
        return _google(parts)
    if host in _DROPBOX:
        return _with(parts, dl="1")
    if host.endswith(".sharepoint.com"):
        return _with(parts, download="1")
    if host in _PERSONAL_ONEDRIVE:
        raise LinkRefused(
            "A file in a personal OneDrive cannot be fetched by its link.",
            "Download the file and upload it here.",
        )
    return parts._replace(fragment="").geturl()


def parts_of(address: str) -> SplitResult:
    """Take an address apart; raises LinkRefused for one that may not be asked."""
    fault = LinkRefused(
        "That is not the address of a file on the web.",
        "Copy the whole address; it begins with https://.",
    )
    if not 0 < len(address) <= LONGEST or re.search(r"[\s\x00-\x1f\x7f\\]", address):
        raise fault
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise fault from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise fault
    if "@" in parts.netloc:
        raise LinkRefused(
            "The address has a name or a password in it.", "Share the file by a link without one."
        )
    return parts


def host_of(parts: SplitResult) -> str:
    """Return the host in small letters."""
    return (parts.hostname or "").rstrip(".").casefold()


def _google(parts: SplitResult) -> str:
    found = _KEY.match(parts.path)
    if not found:
        raise LinkRefused("That address names no Google Sheet.", "Copy the address of the sheet.")
    key = found["key"]
    gid = _GID.search(parts.query) or _GID.search(parts.fragment)
    sheet = {"gid": gid[1]} if gid else {}
    if not key.startswith("e/"):
        query = {"format": "csv", **sheet}
        return f"https://{_GOOGLE}/spreadsheets/d/{key}/export?{urlencode(query)}"
    single = {**sheet, "single": "true"} if gid else {}
    return f"https://{_GOOGLE}/spreadsheets/d/{key}/pub?{urlencode({**single, 'output': 'csv'})}"


def _with(parts: SplitResult, **more: str) -> str:
    query = {name: values[-1] for name, values in parse_qs(parts.query, True).items()}
    return parts._replace(query=urlencode({**query, **more}), fragment="").geturl()


def may_send_on(first: str, then: str) -> bool:
    """Return True if a host may send on to another: Google and Dropbox to their own only."""
    for own, others in _FAMILIES:
        if own(first):
            return then.endswith(others)
    return True


def share_it(host: str) -> LinkRefused | None:
    """Return what to say where a host answers with a page instead of a file, if we know it."""
    for name, belongs in _KNOWN:
        if belongs(host):
            return LinkRefused("This sheet is not shared, so it cannot be read.", SHARE[name])
    return None


def is_sign_in(host: str) -> bool:
    """Return True if somebody would have to sign in there."""
    return host in _SIGN_IN


def _is_google(host: str) -> bool:
    return host == "google.com" or host.endswith((".google.com", ".googleusercontent.com"))


def _is_dropbox(host: str) -> bool:
    return host == "dropbox.com" or host.endswith((".dropbox.com", ".dropboxusercontent.com"))


def _is_sharepoint(host: str) -> bool:
    return host.endswith(".sharepoint.com") or host.startswith("login.")


_Belongs = Callable[[str], bool]
_KNOWN: tuple[tuple[str, _Belongs], ...] = (
    ("google", _is_google), ("dropbox", _is_dropbox), ("sharepoint", _is_sharepoint)
)  # fmt: skip
_FAMILIES: tuple[tuple[_Belongs, tuple[str, ...]], ...] = (
    (_is_google, (".google.com", ".googleusercontent.com")),
    (_is_dropbox, (".dropbox.com", ".dropboxusercontent.com")),
)

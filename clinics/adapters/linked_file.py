"""Files behind links that somebody typed, of shared sheets above all.

Must not let a link into a log: whoever has it reads the sheet.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from urllib.parse import SplitResult, unquote

from clinics.adapters.public_web import (
    LONGEST_SECONDS,
    Answer,
    PublicWeb,
    Resolve,
    is_public,
    is_web_port,
    resolved,
)
from clinics.adapters.sheet_addresses import (
    NOT_A_FILE,
    download_of,
    host_of,
    is_sign_in,
    may_send_on,
    parts_of,
    share_it,
)
from clinics.domain.ports import LinkedFile, LinkRefused

_log = logging.getLogger("clinics.publishing")


class LinkedFiles:
    """Fetches what a link leads to. The doors of the network are for tests with a stand-in."""

    def __init__(
        self,
        user_agent: str,
        most_bytes: int,
        *,
        resolve: Resolve = resolved,
        may_ask: Callable[[str], bool] = is_public,
        may_use_port: Callable[[int], bool] = is_web_port,
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        self._web = PublicWeb(
            user_agent,
            most_bytes,
            accept="text/csv, */*;q=0.5",
            resolve=resolve,
            may_ask=may_ask,
            may_use_port=may_use_port,
            longest_seconds=longest_seconds,
        )

    def fetch(self, address: str) -> LinkedFile:
        """Return the file behind a link; raises LinkRefused with a sentence and a next step."""
        url = download_of(address)
        host = host_of(parts_of(url))
        try:
            found = self._web.get(url, _hold_to_file, _hold_to_family)
            if _begins_as_page(found.data):
                raise _is_page(host_of(found.parts))
        except LinkRefused as refused:
            _log.info("A link to %s gave no file: %s", host, refused.what)
            raise
        _log.info("A link to %s gave a file of %d bytes.", host, len(found.data))
        return LinkedFile(found.data, _name(found))


def _begins_as_page(data: bytes) -> bool:
    begins = data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return begins.startswith((b"<!doctype", b"<html"))


def _hold_to_family(first: SplitResult, _: SplitResult, there: SplitResult) -> None:
    """Refuse to be sent to a sign-in, or by Google and Dropbox to others."""
    host = host_of(there)
    if is_sign_in(host):
        raise _is_page(host)
    if not may_send_on(host_of(first), host):
        raise LinkRefused(f"{host_of(first)} sends on to {host}, which is not its own.", NOT_A_FILE)


def _hold_to_file(status: int, kind: str, host: str) -> None:
    _hold_to_status(status, host)
    if "html" in kind:
        raise _is_page(host)


def _hold_to_status(status: int, host: str) -> None:
    if status in (401, 403):
        raise share_it(host) or LinkRefused(
            f"{host} does not give this file to everybody.",
            "Share it with anyone who has the link, or download it and upload it here.",
        )
    if status in (404, 410):
        raise LinkRefused(
            f"{host} has no file at this address.", "Check the link: it may be old or cut short."
        )
    if status == 429 or status >= 500:
        raise LinkRefused(f"{host} cannot give the file now.", "Try again in some minutes.")
    if status != 200:
        raise LinkRefused(f"{host} gave no file (HTTP {status}).", NOT_A_FILE)


def _is_page(host: str) -> LinkRefused:
    return share_it(host) or LinkRefused(
        f"{host} answers with a web page and not with a file.", NOT_A_FILE
    )


def _name(answer: Answer) -> str:
    """Return what the file is called, never with the query of its address."""
    said = answer.headers.get_filename() or unquote(answer.parts.path.rsplit("/", 1)[-1])
    name = re.sub(r"[\x00-\x1f/\\]", "", said).strip()
    return name[:100] if "." in name else f"Sheet from {host_of(answer.parts)}"

"""Files behind links: from public addresses only, of a limited size, in a limited time.

The only place where an address that somebody typed is fetched. Must not connect to anything but
the address it has checked, and must not let a link into a log: whoever has it reads the sheet.
"""

from __future__ import annotations

import http.client
import ipaddress
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, unquote, urljoin

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

MOST_REDIRECTS = 3
LONGEST_SECONDS = 20.0
CONNECT_SECONDS = 5.0
GRACE_SECONDS = 0.5
"""So long after its time a connection is left alone: by then nobody waits for it."""

WORKERS = 4
_CHUNK = 64 * 1024
_SENT_ON = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[[str, int], Sequence[str]]


def resolved(host: str, port: int) -> tuple[str, ...]:
    """Return the numeric addresses of a host; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(where[0]) for *_, where in found))


def is_public(address: str) -> bool:
    """Return True if a numeric address is one of the open internet."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if inside is None and ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
    return ip.is_global and not ip.is_multicast


def is_web_port(port: int) -> bool:
    """Return True for the two ports of the web: others belong to other services."""
    return port in _PORTS.values()


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
        self._user_agent = user_agent
        self._most_bytes = most_bytes
        self._resolve = resolve
        self._may_ask = may_ask
        self._may_use_port = may_use_port
        self._longest_seconds = longest_seconds
        self._workers = threading.BoundedSemaphore(WORKERS)

    def fetch(self, address: str) -> LinkedFile:
        """Return the file behind a link; raises LinkRefused with a sentence and a next step."""
        url = download_of(address)
        host = host_of(parts_of(url))
        found = self._in_time(url, host)
        if isinstance(found, LinkRefused):
            _log.info("A link to %s gave no file: %s", host, found.what)
            raise found
        _log.info("A link to %s gave a file of %d bytes.", host, len(found.data))
        return found

    def _in_time(self, url: str, host: str) -> LinkedFile | LinkRefused:
        """Fetch in a thread of its own: a socket's timeout covers neither DNS nor a slow drip."""
        if not self._workers.acquire(blocking=False):
            return LinkRefused("Other files are being fetched.", "Try again in a minute.")
        found: list[LinkedFile | LinkRefused] = []
        worker = threading.Thread(target=self._work, args=(url, host, found), daemon=True)
        worker.start()
        worker.join(self._longest_seconds)
        return found[0] if found else _too_slow(host)

    def _work(self, url: str, host: str, found: list[LinkedFile | LinkRefused]) -> None:
        # Nothing that arrives from outside may end the thread with more than a sentence, and the
        # text of an error may hold the link.
        try:
            found.append(self._followed(url))
        except LinkRefused as refused:
            found.append(refused)
        except TimeoutError:
            found.append(_too_slow(host))
        except ssl.SSLError:
            found.append(LinkRefused(f"{host} has no valid certificate.", NOT_A_FILE))
        except Exception:
            found.append(
                LinkRefused(f"{host} did not answer as expected.", "Check it, or try again later.")
            )
        finally:
            self._workers.release()

    def _followed(self, url: str) -> LinkedFile:
        ends = time.monotonic() + self._longest_seconds
        first = parts = parts_of(url)
        for _ in range(MOST_REDIRECTS + 1):
            with (
                _open_until(ends, self._connected(parts, ends)) as connection,
                self._asked(connection, parts) as answer,
            ):
                if answer.status not in _SENT_ON:
                    return self._read(answer, parts, ends)
                parts = _next(first, parts, answer.getheader("Location") or "")
        raise LinkRefused("That address sends on and on, and gives no file.", NOT_A_FILE)

    def _connected(self, parts: SplitResult, ends: float) -> http.client.HTTPConnection:
        """Open a connection to the address that was checked, so that no second look-up differs."""
        host, port = host_of(parts), parts.port or _PORTS[parts.scheme]
        if not self._may_use_port(port):
            raise LinkRefused(f"Port {port} of {host} is not one of the web.", NOT_A_FILE)
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError):
            raise LinkRefused(f"There is no site {host}.", "Check the address.") from None
        if not addresses or not all(map(self._may_ask, addresses)):
            raise LinkRefused(
                f"{host} is not on the open internet, so nothing is fetched from it.", NOT_A_FILE
            )
        left = min(CONNECT_SECONDS, _left(ends))
        connection = http.client.HTTPConnection(host, port, timeout=left)
        made: socket.socket = socket.create_connection((addresses[0], port), timeout=left)
        if parts.scheme == "https":
            try:
                made = ssl.create_default_context().wrap_socket(made, server_hostname=host)
            except Exception:
                made.close()
                raise
        connection.sock = made
        return connection

    def _asked(
        self, connection: http.client.HTTPConnection, parts: SplitResult
    ) -> http.client.HTTPResponse:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        path = re.sub(r"[^\x21-\x7e]", lambda found: _escaped(found[0]), path)
        headers = {
            "Host": parts.netloc,
            "User-Agent": self._user_agent,
            "Accept": "text/csv, */*;q=0.5",
            "Accept-Encoding": "identity",
        }
        connection.request("GET", path, headers=headers)
        return connection.getresponse()

    def _read(
        self, answer: http.client.HTTPResponse, parts: SplitResult, ends: float
    ) -> LinkedFile:
        host = host_of(parts)
        _hold_to_status(answer.status, host)
        kind = (answer.getheader("Content-Type") or "").casefold()
        if "html" in kind:
            raise _is_page(host)
        parts_read, size = [], 0
        while chunk := answer.read1(_CHUNK):
            _left(ends)
            size += len(chunk)
            if size > self._most_bytes:
                raise LinkRefused(
                    f"The file is larger than {self._most_bytes / 1e6:g} MB, the most that can be "
                    "taken.",
                    "Split it by state, and add the parts one after the other.",
                )
            parts_read.append(chunk)
        _left(ends)
        if answer.length:  # a part of a directory must not pass for the whole
            raise http.client.IncompleteRead(b"", answer.length)
        data = b"".join(parts_read)
        if data[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype", b"<html")):
            raise _is_page(host)
        return LinkedFile(data, _name(answer, parts))


@contextmanager
def _open_until(
    ends: float, connection: http.client.HTTPConnection
) -> Iterator[http.client.HTTPConnection]:
    """Close a connection at the end, and cut it soon after time is up, however slowly it drips."""
    held: socket.socket = connection.sock

    def cut() -> None:
        with suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, ends - time.monotonic()) + GRACE_SECONDS, cut)
    timer.daemon = True
    timer.start()
    try:
        yield connection
    finally:
        timer.cancel()
        connection.close()


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _too_slow(host: str) -> LinkRefused:
    return LinkRefused(f"{host} takes too long to answer.", "Try again in a minute.")


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def _next(first: SplitResult, here: SplitResult, location: str) -> SplitResult:
    """Return where an answer sends on to, looked at as if somebody had typed it."""
    there = parts_of(urljoin(here.geturl(), location.strip()))
    host = host_of(there)
    if is_sign_in(host):
        raise _is_page(host)
    if not may_send_on(host_of(first), host):
        raise LinkRefused(f"{host_of(first)} sends on to {host}, which is not its own.", NOT_A_FILE)
    if here.scheme == "https" and there.scheme == "http":
        raise LinkRefused(f"{host_of(here)} sends on to an address without https.", NOT_A_FILE)
    return there


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


def _name(answer: http.client.HTTPResponse, parts: SplitResult) -> str:
    """Return what the file is called, never with the query of its address."""
    said = answer.headers.get_filename() or unquote(parts.path.rsplit("/", 1)[-1])
    name = re.sub(r"[\x00-\x1f/\\]", "", said).strip()
    return name[:100] if "." in name else f"Sheet from {host_of(parts)}"

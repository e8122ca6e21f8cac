"""Asks addresses of the web: public ones only, of a limited size, in a limited time.

The one guard for whatever somebody typed, a file named, or an answer sent on to. Must not connect
to anything but the address it has checked, and must not let an address into a log.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from urllib.parse import SplitResult, urljoin

from clinics.adapters.sheet_addresses import NOT_A_FILE, host_of, parts_of
from clinics.domain.ports import LinkRefused

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
_REFUSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.88.99.0/24", "64:ff9b:1::/48", "2001::/32", "192.0.0.0/24", "168.63.129.16/32",
            "3fff::/20",
        ),
    )
)  # fmt: skip
"""What Python calls global and is a way into other networks, or of none: relays, NAT64 of one's
own, Teredo, what two clouds tell their machines at, and addresses of examples."""

_INSIDE = (".local", ".internal", ".localhost", ".lan", ".home.arpa", ".intranet", ".corp")
"""How names end that only a network of one's own knows."""

Resolve = Callable[[str, int], Sequence[str]]
Judge = Callable[[int, str, str], None]
"""Status, content type and host of an answer -> nothing; raises LinkRefused before it is read."""

Onward = Callable[[SplitResult, SplitResult, SplitResult], None]
"""First address, the one that answered, and where it sends on to; raises LinkRefused."""


_NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
"""What a name server says of a name that there is not; other faults may be its own."""


class NoSuchHost(LinkRefused):
    """There is no host of a name, as far as a name server that answers knows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: its headers, its bytes, and where they came from in the end."""

    headers: Message
    data: bytes
    parts: SplitResult


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
    if any(ip in network for network in _REFUSED):
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour
        if inside is None and ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
        if ip.is_site_local:
            return False
    return ip.is_global and not (
        ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_link_local
    )


def is_web_port(port: int) -> bool:
    """Return True for the two ports of the web: others belong to other services."""
    return port in _PORTS.values()


def is_outside(host: str) -> bool:
    """Return True for the name of a host that the whole internet may know."""
    return ":" in host or ("." in host and not host.endswith(_INSIDE))


class PublicWeb:
    """Asks one address at a time of a few. The doors of the network are for a stand-in."""

    def __init__(
        self,
        user_agent: str,
        most_bytes: int,
        *,
        accept: str,
        unpacks: bool = False,
        resolve: Resolve = resolved,
        may_ask: Callable[[str], bool] = is_public,
        may_use_port: Callable[[int], bool] = is_web_port,
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        self._user_agent = user_agent
        self._most_bytes = most_bytes
        self._accept = accept
        self._unpacks = unpacks
        self._resolve = resolve
        self._may_ask = may_ask
        self._may_use_port = may_use_port
        self._longest_seconds = longest_seconds
        self._workers = threading.BoundedSemaphore(WORKERS)

    def get(self, url: str, judge: Judge, onward: Onward) -> Answer:
        """Return what an address gives; raises LinkRefused with a sentence and a next step."""
        host = host_of(parts_of(url))
        # In a thread of its own: a socket's timeout covers neither DNS nor a slow drip.
        if not self._workers.acquire(blocking=False):
            raise LinkRefused("Other files are being fetched.", "Try again in a minute.")
        found: list[Answer | LinkRefused] = []
        worker = threading.Thread(
            target=self._work, args=(url, host, judge, onward, found), daemon=True
        )
        worker.start()
        worker.join(self._longest_seconds)
        given = found[0] if found else _too_slow(host)
        if isinstance(given, LinkRefused):
            raise given
        return given

    def _work(
        self,
        url: str,
        host: str,
        judge: Judge,
        onward: Onward,
        found: list[Answer | LinkRefused],
    ) -> None:
        # Nothing that arrives from outside may end the thread with more than a sentence, and the
        # text of an error may hold the link.
        try:
            found.append(self._followed(url, judge, onward))
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

    def _followed(self, url: str, judge: Judge, onward: Onward) -> Answer:
        ends = time.monotonic() + self._longest_seconds
        first = parts = parts_of(url)
        for _ in range(MOST_REDIRECTS + 1):
            with (
                _open_until(ends, self._connected(parts, ends)) as connection,
                self._asked(connection, parts) as answer,
            ):
                if answer.status not in _SENT_ON:
                    kind = (answer.getheader("Content-Type") or "").casefold()
                    judge(answer.status, kind, host_of(parts))
                    return Answer(answer.headers, self._read(answer, ends), parts)
                there = _next(parts, answer.getheader("Location") or "")
                onward(first, parts, there)
                parts = _without_downgrade(parts, there)
        raise LinkRefused("That address sends on and on, and gives no file.", NOT_A_FILE)

    def _connected(self, parts: SplitResult, ends: float) -> http.client.HTTPConnection:
        """Open a connection to the address that was checked, so that no second look-up differs."""
        host, port = host_of(parts), parts.port or _PORTS[parts.scheme]
        if not self._may_use_port(port):
            raise LinkRefused(f"Port {port} of {host} is not one of the web.", NOT_A_FILE)
        try:
            addresses = self._resolve(host, port) if is_outside(host) else ()
        except (OSError, UnicodeError) as problem:
            is_sure = isinstance(problem, socket.gaierror) and problem.errno in _NO_SUCH_NAME
            kind = NoSuchHost if is_sure else LinkRefused
            raise kind(f"There is no site {host}.", "Check the address.") from None
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
            "Host": parts.netloc.encode("idna").decode("ascii"),
            "User-Agent": self._user_agent,
            "Accept": self._accept,
            "Accept-Encoding": "gzip" if self._unpacks else "identity",
        }
        connection.request("GET", path, headers=headers)
        return connection.getresponse()

    def _read(self, answer: http.client.HTTPResponse, ends: float) -> bytes:
        """Return the bytes, unpacked where they are packed.

        The limit holds for what comes out and for what goes in: of that nothing has to come out.
        """
        packed = (answer.getheader("Content-Encoding") or "").casefold() == "gzip"
        unpacked = zlib.decompressobj(wbits=31) if packed and self._unpacks else None
        parts_read, size, packed_size = [], 0, 0
        while chunk := answer.read1(_CHUNK):
            _left(ends)
            packed_size += len(chunk)
            if unpacked:
                chunk = unpacked.decompress(chunk, self._most_bytes + 1 - size)
            size += len(chunk)
            if max(size, packed_size) > self._most_bytes:
                raise LinkRefused(
                    f"The file is larger than {self._most_bytes / 1e6:g} MB, the most that can be "
                    "taken.",
                    "Split it by state, and add the parts one after the other.",
                )
            parts_read.append(chunk)
        _left(ends)
        if answer.length or (unpacked and not unpacked.eof):
            # A part of a directory must not pass for the whole.
            raise http.client.IncompleteRead(b"", answer.length)
        return b"".join(parts_read)


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


def _next(here: SplitResult, location: str) -> SplitResult:
    """Return where an answer sends on to, looked at as if somebody had typed it."""
    return parts_of(urljoin(here.geturl(), location.strip()))


def _without_downgrade(here: SplitResult, there: SplitResult) -> SplitResult:
    if here.scheme == "https" and there.scheme == "http":
        raise LinkRefused(f"{host_of(here)} sends on to an address without https.", NOT_A_FILE)
    return there

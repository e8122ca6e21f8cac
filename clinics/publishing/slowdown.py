"""How long somebody who keeps guessing a token has to wait. Bounded memory, no address kept.

Not locked: its owner's lock holds it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

FREE_TRIES = 5
FIRST_WAIT = 5.0
LONGEST_WAIT = 300.0
FORGET_AFTER = 3600.0
"""Seconds without a try after which a source starts afresh."""

CROWD = 50
"""So many failures of all sources together within CROWD_SECONDS are taken for an attack."""
CROWD_SECONDS = 60.0
CROWD_WAIT = 10.0
"""During an attack a source is heard only this many seconds after it first knocked."""
MAX_SOURCES = 5_000


@dataclass(slots=True)
class _Source:
    last: float
    free_at: float
    failures: int = 0


class Slowdown:
    """Tells each source how long to wait.

    A source is a session in a network; without a session it is the network. After 5 failures it
    waits 5 seconds, then twice as long each time, up to 5 minutes. Whoever comes new from a
    network with so many failures has to knock and come back after as long; during an attack, which
    is 50 failures of all sources within a minute, everybody has to, after 10 seconds. Their place
    in the queue is one that others' failures cannot take, so that nobody is kept out.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._salt = secrets.token_bytes(16)
        self._sources: OrderedDict[bytes, _Source] = OrderedDict()
        self._networks: OrderedDict[bytes, _Source] = OrderedDict()
        self._failures: deque[float] = deque(maxlen=CROWD)

    def wait(self, source: str, session: str = "") -> float:
        """Return the seconds until this source is heard; 0 when it is heard now."""
        now, key = self._now(), self._key(source, session)
        _forget(self._sources, now)
        _forget(self._networks, now)
        known = self._sources.get(key)
        if known is None:
            knocking = self._knocking(source, now)
            if not knocking:
                return 0.0
            known = _keep(self._sources, key, _Source(now, now + knocking))
        return max(0.0, known.free_at - now)

    def failed(self, source: str, session: str = "") -> None:
        """Count a failure of this source."""
        now, key, network = self._now(), self._key(source, session), self._key(source)
        self._failures.append(now)
        shared = self._networks.get(network) or _Source(now, now)
        shared.failures, shared.last = shared.failures + 1, now
        _keep(self._networks, network, shared)
        known = self._sources.get(key) or _Source(now, now)
        known.failures += 1
        waits = (self._knocking(source, now), _doubled(known.failures))
        known.last, known.free_at = now, now + max(waits)
        _keep(self._sources, key, known)

    def succeeded(self, source: str, session: str = "") -> None:
        """Forget the failures of this source, and those of its network."""
        self._sources.pop(self._key(source, session), None)
        self._networks.pop(self._key(source), None)

    def _knocking(self, source: str, now: float) -> float:
        """Return the seconds that whoever comes new from there has to wait."""
        known = self._networks.get(self._key(source))
        crowd = CROWD_WAIT if self._attacked(now) else 0.0
        return max(crowd, _doubled(known.failures) if known else 0.0)

    def _attacked(self, now: float) -> bool:
        return len(self._failures) == CROWD and now - self._failures[0] < CROWD_SECONDS

    def _key(self, source: str, session: str = "") -> bytes:
        one = f"{network_of(source)} {session}".encode(errors="replace")
        return hashlib.blake2b(one, key=self._salt, digest_size=16).digest()


def _doubled(failures: int) -> float:
    """Return the wait after so many failures: none at first, then twice as long each time."""
    if failures < FREE_TRIES:
        return 0.0
    return float(min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures - FREE_TRIES, 16)))


def _keep(known: OrderedDict[bytes, _Source], key: bytes, source: _Source) -> _Source:
    known[key] = source
    known.move_to_end(key)
    while len(known) > MAX_SOURCES:
        known.popitem(last=False)
    return source


def _forget(known: OrderedDict[bytes, _Source], now: float) -> None:
    """Drop the sources that were quiet for long; the quietest stand first."""
    while known:
        key, oldest = next(iter(known.items()))
        if now - oldest.last < FORGET_AFTER:
            return
        del known[key]


def network_of(source: str) -> str:
    """Return what one person holds: a whole /64 for IPv6, else the address itself.

    A /64 is the smallest network that a site is given (RFC 6177), so its addresses are one source.
    """
    try:
        address = ipaddress.ip_address(source.partition("%")[0])
    except ValueError:
        return source
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(address), 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)

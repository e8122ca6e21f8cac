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

    After 5 failures a source waits 5 seconds, then twice as long each time, up to 5 minutes. When
    50 failures of all sources fall into a minute, every source has to knock and come back after
    10 seconds: a place in the queue that others' failures cannot take, so that nobody is kept out.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._salt = secrets.token_bytes(16)
        self._sources: OrderedDict[bytes, _Source] = OrderedDict()
        self._failures: deque[float] = deque(maxlen=CROWD)

    def wait(self, source: str) -> float:
        """Return the seconds until this source is heard; 0 when it is heard now."""
        now, key = self._now(), self._key(source)
        self._forget(now)
        known = self._sources.get(key)
        if known is None:
            if not self._attacked(now):
                return 0.0
            known = self._keep(key, _Source(now, now + CROWD_WAIT))
        return max(0.0, known.free_at - now)

    def failed(self, source: str) -> None:
        """Count a failure of this source."""
        now, key = self._now(), self._key(source)
        self._failures.append(now)
        known = self._sources.get(key) or _Source(now, now)
        known.failures += 1
        waits = [CROWD_WAIT] if self._attacked(now) else [0.0]
        if known.failures >= FREE_TRIES:
            doubled = 2.0 ** min(known.failures - FREE_TRIES, 16)
            waits.append(min(LONGEST_WAIT, FIRST_WAIT * doubled))
        known.last, known.free_at = now, now + max(waits)
        self._keep(key, known)

    def succeeded(self, source: str) -> None:
        """Forget the failures of this source."""
        self._sources.pop(self._key(source), None)

    def _attacked(self, now: float) -> bool:
        return len(self._failures) == CROWD and now - self._failures[0] < CROWD_SECONDS

    def _keep(self, key: bytes, source: _Source) -> _Source:
        self._sources[key] = source
        self._sources.move_to_end(key)
        while len(self._sources) > MAX_SOURCES:
            self._sources.popitem(last=False)
        return source

    def _forget(self, now: float) -> None:
        """Drop the sources that were quiet for long; the quietest stand first."""
        while self._sources:
            key, oldest = next(iter(self._sources.items()))
            if now - oldest.last < FORGET_AFTER:
                return
            del self._sources[key]

    def _key(self, source: str) -> bytes:
        return hashlib.blake2b(_network(source).encode(), key=self._salt, digest_size=16).digest()


def _network(source: str) -> str:
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

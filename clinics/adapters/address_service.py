"""What every address service is held to: one question at a time, one a second, 3 s each.

Must not let an address into a log, an exception, another host or (as text) into memory beyond
the call.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import ssl
import threading
import time
import urllib.request
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import SplitResult, urlsplit

from clinics.domain.ports import GeocodedAddress, GeocodingUnavailable, PlaceNotUnderstood

SECONDS_BETWEEN_REQUESTS = 1.0
"""The usage policy of the public Nominatim service, and kept with every other: one a second."""

LONGEST_WAIT_SECONDS = 3.0
"""Whoever would wait longer for a turn is told at once that the service is not answering."""

CACHE_ENTRIES = 512
ADDRESS_LIMIT = 200
ANSWER_LIMIT_BYTES = 1_000_000
WORKER_LIMIT = 4


class Turns:
    """Give the requests of the whole process their turns; clock and sleep are for tests."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        longest_wait_seconds: float = LONGEST_WAIT_SECONDS,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._longest_wait_seconds = longest_wait_seconds
        self._lock = threading.Lock()
        self._last_start = float("-inf")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the only turn; raise GeocodingUnavailable if it takes too long to come."""
        if not self._lock.acquire(timeout=self._longest_wait_seconds):
            raise GeocodingUnavailable
        try:
            yield
        finally:
            self._lock.release()

    def keep_pace(self) -> None:
        """Wait until a second has passed since the last request began; needs the turn."""
        wait = self._last_start + SECONDS_BETWEEN_REQUESTS - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._last_start = self._clock()


class AddressService(ABC):
    """Find addresses through a service; what it is asked, and how it answers, is the heir's.

    Raises ValueError, as prose, if the endpoint is not a web address or there is no user agent.
    """

    address_limit = ADDRESS_LIMIT

    def __init__(
        self, endpoint_url: str, user_agent: str, timeout_seconds: float, turns: Turns
    ) -> None:
        self.endpoint = _checked(endpoint_url)
        if not user_agent.strip():
            raise no_agent(user_agent)
        self.user_agent = user_agent
        self.timeout_seconds = timeout_seconds
        self._turns = turns
        self._workers = threading.BoundedSemaphore(WORKER_LIMIT)
        self._cache = Answered()

    @abstractmethod
    def query(self, normal: str) -> GeocodedAddress | None:
        """Return what the service says of an address; may raise anything for a failure."""

    def locate(self, address: str) -> GeocodedAddress | None:
        """Return where the address is, or None; raise GeocodingUnavailable for any failure.

        Answers, also "not found", are kept for later; failures are not.
        """
        normal = " ".join(address.casefold().split())
        if not normal or len(normal) > self.address_limit:
            raise PlaceNotUnderstood(f"An address has 1 to {self.address_limit} characters.")
        known, found = self._cache.get(normal)
        return found if known else self._locate_in_turn(normal)

    def _locate_in_turn(self, normal: str) -> GeocodedAddress | None:
        with self._turns.turn():
            known, found = self._cache.get(normal)  # somebody may just have asked the same
            if not known:
                self._turns.keep_pace()
                found = self._ask(normal)
                self._cache.put(normal, found)
        return found

    def _ask(self, normal: str) -> GeocodedAddress | None:
        """Ask in a thread of its own: a socket's timeout covers neither DNS nor a slow drip."""
        if not self._workers.acquire(blocking=False):
            raise GeocodingUnavailable
        answers: list[GeocodedAddress | None] = []
        worker = threading.Thread(target=self._work, args=(normal, answers), daemon=True)
        worker.start()
        worker.join(self.timeout_seconds)
        if not answers:  # still waiting, or failed
            raise GeocodingUnavailable
        return answers[0]

    def _work(self, normal: str, answers: list[GeocodedAddress | None]) -> None:
        # What arrives from outside can break the parser in any way, and the text of the error
        # may hold the address: nothing of it leaves this thread.
        with suppress(Exception):
            answers.append(self.query(normal))
        self._workers.release()


class Answered:
    """The last answers, by a keyed hash of the address, so that no address is kept as text."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._answers: OrderedDict[bytes, GeocodedAddress | None] = OrderedDict()
        self._lock = threading.Lock()

    def _key(self, normal: str) -> bytes:
        data = normal.encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, data, hashlib.sha256).digest()

    def get(self, normal: str) -> tuple[bool, GeocodedAddress | None]:
        """Return whether there is an answer, and the answer."""
        key = self._key(normal)
        with self._lock:
            if key not in self._answers:
                return False, None
            self._answers.move_to_end(key)
            return True, self._answers[key]

    def put(self, normal: str, found: GeocodedAddress | None) -> None:
        """Keep an answer, and forget the one longest unused beyond 512."""
        with self._lock:
            self._answers[self._key(normal)] = found
            if len(self._answers) > CACHE_ENTRIES:
                self._answers.popitem(last=False)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follow nothing: the address goes to the configured service and to no other host."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Fetcher:
    """Fetch with the standard library, which logs nothing, follows nothing, reads at most 1 MB."""

    def __init__(
        self, proxies: dict[str, str] | None = None, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler(proxies),
            urllib.request.HTTPSHandler(context=ssl_context or ssl.create_default_context()),
            _NoRedirect(),
        )

    def text(self, url: str, timeout_seconds: float, headers: dict[str, str]) -> str:
        """Return the body of a page in UTF-8; raises HTTPError for a status of 300 or more."""
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 - checked at start
        with self._opener.open(request, timeout=timeout_seconds) as page:
            body: bytes = page.read(ANSWER_LIMIT_BYTES + 1)
        if len(body) > ANSWER_LIMIT_BYTES:
            raise ValueError("The answer is too long.")
        return body.decode("utf-8")


def no_agent(user_agent: str) -> ValueError:
    """Return what is raised for a user agent that a public service would refuse."""
    return ValueError(
        "The address service needs a user agent that names this site and how to reach whoever "
        f'runs it; it has "{user_agent}".'
    )


def _checked(endpoint_url: str) -> SplitResult:
    parts = urlsplit(endpoint_url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            "The address service needs a web address that begins with https:// or http://; "
            f'it has "{endpoint_url}".'
        )
    return parts

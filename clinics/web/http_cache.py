"""Answers as bytes: a cache, compressed once, sent only when changed (RFC 9110, RFC 9111)."""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from starlette.requests import Request
from starlette.responses import Response

MIN_GZIP = 1_000
"""Bytes from which an answer is worth compressing; shorter ones fit into one packet anyway."""

MINUTE = "public, max-age=60"
_CODING = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?")


@dataclass(frozen=True)
class Answer:
    """A whole answer: its bytes, what they are, and headers that belong to it.

    `links` are paths by relation, such as the next page (RFC 8288); they become whole addresses
    when it is known which address the service was asked at.
    """

    body: bytes
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def zipped(self) -> bytes:
        """Return the bytes compressed; the same bytes give the same, so an ETag can hold."""
        return gzip.compress(self.body, compresslevel=6, mtime=0)

    @cached_property
    def digest(self) -> str:
        """Return what tells these bytes from others.

        The bytes hold the version and the query, and are other bytes after a new release too.
        """
        about = f"{self.media_type}\n".encode()
        return hashlib.sha256(about + self.body).hexdigest()[:32]


class Answers:
    """Keeps the answers asked for last, for one version of the data; safe for threads.

    Only in memory. Nothing is kept of a version that is not the newest one asked of.
    """

    def __init__(self, most: int = 500) -> None:
        self._most = most
        self._of: object = None
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, of: object, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return the answer to `key` from the data `of`; it is made where it is not kept."""
        found = self.find(of, key)
        if found is None:
            found = make()  # outside the lock: one who asks a lot must not keep others waiting
            self.keep(of, key, found)
        return found

    def find(self, of: object, key: Hashable) -> Answer | None:
        """Return the answer to `key` from the data `of`, where it is kept."""
        with self._lock:
            if self._of is not of:
                self._of = of
                self._kept.clear()
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, of: object, key: Hashable, made: Answer) -> None:
        """Keep an answer, where `of` is still the data that was asked last."""
        with self._lock:
            if self._of is of:
                self._kept[key] = made
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)


def respond(
    request: Request,
    answer: Answer,
    headers: Mapping[str, str] | None = None,
    *,
    cache_control: str = MINUTE,
    vary: str = "Accept-Encoding",
) -> Response:
    """Send an answer: compressed where asked, without a body for HEAD, as 304 where it is known."""
    zipped = len(answer.body) >= MIN_GZIP and accepts_gzip(request.headers.get("accept-encoding"))
    etag = f'"{answer.digest}{"-gzip" if zipped else ""}"'
    sent = {**answer.headers, **(headers or {})}
    sent |= {"ETag": etag, "Cache-Control": cache_control, "Vary": vary}
    if is_known(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=sent)
    body = answer.zipped if zipped else answer.body
    if zipped:
        sent["Content-Encoding"] = "gzip"
    sent |= {"Content-Type": answer.media_type, "Content-Length": str(len(body))}
    return Response(b"" if request.method == "HEAD" else body, headers=sent)


def accepts_gzip(accepted: str | None) -> bool:
    """Return True if an Accept-Encoding header asks for gzip (RFC 9110, section 12.5.3)."""
    return accepts(accepted, "gzip")


def accepts(accepted: str | None, coding: str) -> bool:
    """Return True if an Accept-Encoding header asks for a coding (RFC 9110, section 12.5.3)."""
    weights: dict[str, float] = {}
    for part in (accepted or "").split(","):
        found = _CODING.fullmatch(part)
        if found:
            weights[found[1].lower()] = _weight(found[2])
    return weights.get(coding, weights.get(f"x-{coding}", weights.get("*", 0.0))) > 0


def _weight(text: str | None) -> float:
    try:
        return float(text or "1")
    except ValueError:
        return 0.0


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Return True if whoever asks has this already (RFC 9110, section 13.1.2: weak comparison)."""
    if if_none_match is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or etag in tags

"""The app's scripts and styles, compressed once and kept: files that are part of a release.

For each visitor Streamlit would read them from the disk again, and send them whole or compress
them anew. Fonts come with the signs that are used and no others.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clinics.web.http_cache import accepts, is_known

_KEPT = re.compile(r"/(?:static|component|assets)(?:/(?!\.)[\w.-]+)+\.(?:js|css|svg|geojson|woff2)")
_FOR_ALL = "public"
_ABOUT_A_COPY = (b"accept-encoding", b"if-modified-since", b"if-none-match", b"if-range", b"range")
_SAME = ("content-type", "cache-control", "last-modified")


_BROTLI_QUALITY = 9
"""A tenth smaller than gzip in a few hundredths of a second; the best takes ten times as long."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent: compressed, with the headers it had and a tag of its own."""

    body: bytes
    headers: Mapping[str, str]

    @classmethod
    def of(cls, body: bytes, tag: str, coding: str, headers: Mapping[str, str]) -> File:
        """Return a file in a coding; it tells caches which browsers it is for."""
        about = {"ETag": f'"{tag}-{coding}"', "Vary": "Accept-Encoding", "Content-Encoding": coding}
        return cls(body, {**headers, **about})

    def response(self, headers: Headers, method: str) -> Response:
        """Answer a request that has these headers."""
        if is_known(headers.get("if-none-match"), self.headers["ETag"]):
            kept = ("ETag", "Vary", "cache-control", "last-modified")
            return Response(None, 304, {n: v for n, v in self.headers.items() if n in kept})
        sent = {**self.headers, "Content-Length": str(len(self.body))}
        return Response(b"" if method == "HEAD" else self.body, headers=sent)


class KeptStatic:
    """ASGI middleware; only where gzip is taken, no part is asked for, and by no other site.

    Chromium names the origin of the page itself when it asks for scripts and fonts.

    `fonts` are smaller fonts by their path; a font that is none of them is passed on.
    At most `most_bytes` are kept, of files of at most `largest` before they are compressed.
    """

    def __init__(
        self,
        app: ASGIApp,
        fonts: Mapping[str, bytes] = MappingProxyType({}),
        most_bytes: int = 32_000_000,
        largest: int = 8_000_000,
    ) -> None:
        self._app = app
        self._fonts = fonts
        self._most_bytes = most_bytes
        self._largest = largest
        self._files: dict[str, Mapping[str, File]] = {}
        self._bytes = 0
        self._reading: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept; pass on what is none of it."""
        if scope["type"] != "http" or not _KEPT.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        wanted = scope["method"] in ("GET", "HEAD") and "range" not in headers and is_own(headers)
        file = await self._file(scope, receive, headers) if wanted else None
        answer = file.response(headers, scope["method"]) if file else self._app
        await answer(scope, receive, send)

    async def _file(self, scope: Scope, receive: Receive, headers: Headers) -> File | None:
        path, accepted = scope["path"], headers.get("accept-encoding")
        if path.endswith(".woff2"):
            font = self._fonts.get(path)
            return _font(font) if font else None
        if not accepts(accepted, "gzip"):
            return None
        files = self._files.get(path) or await self._read(scope, receive)
        coding = "br" if accepts(accepted, "br") else "gzip"
        return files[coding] if files else None

    async def _read(self, scope: Scope, receive: Receive) -> Mapping[str, File] | None:
        """Ask for a file and keep it; None where it is not to be kept, or is just being read."""
        path = scope["path"]
        if path in self._reading or self._bytes >= self._most_bytes:
            return None
        self._reading.add(path)
        try:
            whole = _Whole(self._largest)
            await self._app(afresh(scope), receive, whole)
            files = await run_in_threadpool(_files_of, whole)
        finally:
            self._reading.discard(path)
        if files and path not in self._files:
            self._files[path] = files
            self._bytes += sum(len(file.body) for file in files.values())
        return files


def is_own(headers: Headers) -> bool:
    """Return True if a request does not come from a page of another site.

    Streamlit knows which other sites it may allow. Behind a proxy that changes `Host`, what the
    browser says of itself counts (Fetch Metadata, `Sec-Fetch-Site`).
    """
    origin = headers.get("origin")
    if origin is None or headers.get("sec-fetch-site") == "same-origin":
        return True
    return origin.partition("://")[2] == headers.get("host", "")


class _Whole:
    """Takes an answer in place of whoever asked; one that is too large is not taken."""

    def __init__(self, largest: int) -> None:
        self.status = 0
        self.headers = Headers()
        self.body = bytearray()
        self._largest = largest

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], Headers(raw=message["headers"])
        elif len(self.body) <= self._largest:
            self.body += message.get("body", b"")

    @property
    def may_be_kept(self) -> bool:
        """Return True if the file came whole and is for everybody."""
        headers = self.headers
        return (
            self.status == 200
            and headers.get("cache-control", "").startswith(_FOR_ALL)
            and not {"content-encoding", "set-cookie"} & set(headers)
            and headers.get("content-length") == str(len(self.body))
            and len(self.body) <= self._largest
        )


def _files_of(whole: _Whole) -> Mapping[str, File] | None:
    """Return the file in each coding, or None where it is not to be kept."""
    if not whole.may_be_kept:
        return None
    headers = {name: whole.headers[name] for name in _SAME if name in whole.headers}
    tag = whole.headers.get("etag", "").removeprefix("W/").strip('"')
    tag = tag or hashlib.sha256(whole.body).hexdigest()[:32]
    body = bytes(whole.body)
    bodies = {
        "gzip": gzip.compress(body, compresslevel=9, mtime=0),
        "br": brotli.compress(body, quality=_BROTLI_QUALITY),
    }
    return {coding: File.of(body, tag, coding, headers) for coding, body in bodies.items()}


@lru_cache(maxsize=4)
def _font(body: bytes) -> File:
    headers = {
        "content-type": "font/woff2",
        "cache-control": "public, max-age=86400",  # its name is that of Streamlit's whole font
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
    }
    return File(body, headers)


def afresh(scope: Scope) -> Scope:
    """Return a request for the whole file as it is, whatever of it the browser has."""
    headers = [pair for pair in scope["headers"] if pair[0].lower() not in _ABOUT_A_COPY]
    return {**scope, "method": "GET", "headers": headers}

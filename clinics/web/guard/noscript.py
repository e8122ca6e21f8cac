"""The words in the app's one HTML file: for a browser without scripts, and until they have drawn.

Owns what is put in place of Streamlit's words for that case; must not know what the twin shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clinics.present import html as render
from clinics.web.guard.ours import OwnRoutes
from clinics.web.guard.static_gzip import afresh
from clinics.web.plain import twins

_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_NAMELESS = "<title>Streamlit</title>"
_STREAMLIT = ("/_stcore/", "/component/", "/media/", "/static/")

Mender = Callable[[str, Scope], str]


class WithoutScript:
    """ASGI middleware that mends the one HTML file all pages of the app begin as.

    What Streamlit's file says of itself (length, age, tag) does not hold for the mended one.
    """

    def __init__(
        self, app: ASGIApp, own: OwnRoutes, title: str = "", conditions: Container[str] = ()
    ) -> None:
        self._app = app
        self._own = own
        self._title = title
        self._conditions = conditions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mend the answer to a request for a page of the app; pass any other on."""
        if self._is_page(scope):
            await self._app(afresh(scope), receive, _Mending(send, self._mended, scope))
        else:
            await self._app(scope, receive, send)

    def _is_page(self, scope: Scope) -> bool:
        return (
            scope["type"] == "http"
            and scope["method"] in ("GET", "HEAD")
            and not scope["path"].startswith(_STREAMLIT)
            and not self._own.claim(scope)
        )

    def _mended(self, html: str, scope: Scope) -> str:
        twin = twins.of_address(scope["path"], scope["query_string"], self._conditions)
        words = render.fill("noscript.html", twin=twin)
        if self._title:
            title = render.fill("title.html", title=self._title)
            html = html.replace(_NAMELESS, title, 1)
        first = render.fill("first_words.html", twin=twin)
        html = html.replace("</body>", f"{first}</body>", 1)
        return _NOSCRIPT.sub(lambda _: words, html, count=1)


class _Mending:
    """The way back: holds an HTML page until it is whole; the rest goes through as it is."""

    def __init__(self, send: Send, mend: Mender, scope: Scope) -> None:
        self._send = send
        self._mend = mend
        self._scope = scope
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = self._mend(self._body.decode("utf-8"), self._scope).encode("utf-8")
        headers = MutableHeaders(scope=start)
        headers["Content-Length"] = str(len(body))
        for name in ("etag", "last-modified", "accept-ranges"):
            del headers[name]
        await self._send(start)
        shown = b"" if self._scope["method"] == "HEAD" else body
        await self._send({"type": "http.response.body", "body": shown})


def _is_html(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    html = headers.get("content-type", "").startswith("text/html")
    return start["status"] == 200 and html and "content-encoding" not in headers

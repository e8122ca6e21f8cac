"""The path that the whole service stands under (`server.baseUrlPath`): taken off and put back.

Between `TakenOff`, which is outermost, and `PutBack`, which is next to Streamlit, every path begins
at the service's root. Only Streamlit itself expects the base in front of its own.
"""

from __future__ import annotations

import re
from collections.abc import Container

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clinics.domain.language import ENGLISH, say, speaking
from clinics.web.addresses import BASE, relative
from clinics.web.guard.ours import OwnRoutes
from clinics.web.language import named_in

AT_ROOT_TOO = ("/healthz", "/livez")
"""Whoever watches a container asks it directly, without the proxy that the base is for."""


def refusal_of(base: str, sections: Container[str]) -> str:
    """Return why a base path cannot be used, as one sentence; "" for one that can."""
    first = base.strip("/").partition("/")[0]
    if first not in sections:
        return ""
    return (
        f"server.baseUrlPath cannot begin with “{first}”: pages of this service are there. "
        f"Choose another word, such as “find-{first}”."
    )


class TakenOff:
    """ASGI middleware that takes the base off each path; nothing is where it does not begin so."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self._app = app
        self._base = "/" + base.strip("/") if base.strip("/") else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as if there were no base."""
        if not self._base or scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path == self._base and scope["type"] == "http":
            query = scope["query_string"].decode("latin-1")
            headers = {"Location": f"{self._base}/{'?' + query if query else ''}"}
            await PlainTextResponse("", 308, headers)(scope, receive, send)
        elif path.startswith(self._base + "/"):
            await self._app(_moved(scope, path[len(self._base) :], self._base), receive, send)
        elif path in AT_ROOT_TOO:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            with speaking(named_in(scope["query_string"]) or ENGLISH):
                said = f"{say('refusal.elsewhere', base=self._base)}\n{say('refusal.help')}\n"
            await PlainTextResponse(said, 404)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})


class PutBack:
    """ASGI middleware that puts the base back before the paths that Streamlit answers.

    What leads elsewhere on this site is written from where it stands, as all our addresses are.
    """

    def __init__(self, app: ASGIApp, own: OwnRoutes) -> None:
        self._app = app
        self._own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; our own routes stand at the root inside."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        base, path, is_ours = scope.get(BASE, ""), scope["path"], self._own.claim(scope)

        async def led(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "location" in headers:
                    to = headers["location"]
                    to = _PLACE.sub("", to) if is_ours else _without(base, to)
                    headers["location"] = relative(to, path)
            await send(message)

        if base and not is_ours:
            scope = _moved(scope, base + path, "")
        await self._app(scope, receive, led)


_PLACE = re.compile(r"^https?://[^/]*(?=/)")
"""Where a redirect of our own routes leads is always this site, whatever it is called."""


def _without(base: str, address: str) -> str:
    if base and f"{address}/".startswith(f"{base}/"):
        return address[len(base) :] or "/"
    return address


def _moved(scope: Scope, path: str, base: str) -> Scope:
    return {**scope, "path": path, "raw_path": path.encode("utf-8"), BASE: base}

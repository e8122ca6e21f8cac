"""Security headers on every answer; docs/security.md says why each is as it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clinics.web.guard.ours import OwnRoutes

FRAMED = "/embed"
"""The only path that a page of another site may show in a frame."""

COMPONENTS = "/component/"
"""Where Streamlit serves the frame that the map is drawn in; it alone asks another site."""

_NO_SCRIPT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
)
_POWERS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

EVERYWHERE = {"X-Content-Type-Options": "nosniff"}
OWN = EVERYWHERE | {
    # A host may show the whole service in a frame of its own, as Streamlit Community Cloud does.
    "Content-Security-Policy": f"{_NO_SCRIPT}; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": _POWERS,
}
EMBED = {name: value for name, value in OWN.items() if name != "X-Frame-Options"} | {
    "Content-Security-Policy": f"{_NO_SCRIPT}; frame-ancestors *"
}
APP = EVERYWHERE | {
    # Only what cannot stop a script: Streamlit's pages are made by scripts, and its map by eval.
    "Content-Security-Policy": "frame-ancestors 'self'; base-uri 'self'; object-src 'none'",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
}
MAP = APP | {
    # Providers of map pictures turn away requests that do not say which site they are for.
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


class SecurityHeaders:
    """ASGI middleware that puts the headers on; those an answer has already give way."""

    def __init__(self, app: ASGIApp, own: OwnRoutes) -> None:
        self._app = app
        self._own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                about = Headers(raw=message["headers"]).get("content-type", "")
                put = _as_sent(self._kind(scope), page=about.startswith("text/html"))
                names = {name for name, _ in put}
                kept = [pair for pair in message["headers"] if pair[0] not in names]
                message["headers"] = kept + put
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _kind(self, scope: Scope) -> str:
        if not self._own.claim(scope):
            return "map" if scope["path"].startswith(COMPONENTS) else "app"
        return "embed" if scope["path"] == FRAMED else "own"


_PAGE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FOR_ALL = {"Cross-Origin-Resource-Policy": "cross-origin"}
"""Data, files and the embed are meant for other sites too."""

_KINDS: Mapping[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "app": (APP | _PAGE, APP),
    "map": (MAP | _PAGE, MAP),
    "own": (OWN | _PAGE, OWN | _FOR_ALL),
    "embed": (EMBED | _FOR_ALL, EMBED | _FOR_ALL),
}
"""By what is answered, the headers of a page and those of anything else."""


@cache
def _as_sent(kind: str, *, page: bool) -> list[tuple[bytes, bytes]]:
    headers = _KINDS[kind][0 if page else 1]
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]

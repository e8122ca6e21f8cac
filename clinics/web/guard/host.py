"""What the app's browser side is told of its host: that no statistics are wanted."""

from __future__ import annotations

import json

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = "/_stcore/host-config"


class NoMetrics:
    """ASGI middleware that says `"metricsUrl": "off"` where Streamlit says nothing of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; change that one word of the one answer."""
        if scope["type"] != "http" or not scope["path"].endswith(PATH):
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def changed(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if not message.get("more_body", False):
                said = _without_metrics(body)
                MutableHeaders(scope=start)["Content-Length"] = str(len(said))
                await send(start)
                await send({"type": "http.response.body", "body": said})

        await self._app(scope, receive, changed)


def _without_metrics(body: bytes) -> bytes:
    try:
        return json.dumps({**json.loads(body), "metricsUrl": "off"}).encode()
    except (ValueError, TypeError):
        return body

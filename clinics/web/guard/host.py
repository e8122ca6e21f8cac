"""What the app's browser side is told of its host: no statistics, and our words for trouble."""

from __future__ import annotations

import json

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = "/_stcore/host-config"


WORDS = {"metricsUrl": "off", "blockErrorDialogs": True}
"""A dialog about the connection would cover the crisis line; `first_words.html` says it instead."""


class HostConfig:
    """ASGI middleware that puts `WORDS` into what Streamlit says of its host."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; change the one answer."""
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
                said = _with_words(body)
                MutableHeaders(scope=start)["Content-Length"] = str(len(said))
                await send(start)
                await send({"type": "http.response.body", "body": said})

        await self._app(scope, receive, changed)


def _with_words(body: bytes) -> bytes:
    try:
        return json.dumps({**json.loads(body), **WORDS}).encode()
    except (ValueError, TypeError):
        return body

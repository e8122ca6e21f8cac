"""Asking an ASGI app as the web server does, also with requests no client library would send."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from starlette.types import ASGIApp, Message, Scope

_RELATIVE = re.compile(r'(href|src|action)="(\.{1,2}/[^"]*)"')

Headers = Sequence[tuple[str, str]]


@dataclass
class Answer:
    """Status, headers by name in small letters, and the body."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    path: str = "/"

    @property
    def text(self) -> str:
        """The page, with addresses as a browser understands them where the page stands."""
        return _RELATIVE.sub(self._resolved, self.body.decode("utf-8"))

    def _resolved(self, found: re.Match[str]) -> str:
        return f'{found[1]}="{_joined(self.path, found[2])}"'


async def ask(
    app: ASGIApp,
    target: str,
    *,
    method: str = "GET",
    headers: Headers = (("host", "made-up.example"),),
    sent: Iterable[bytes] = (b"",),
    whole: bool = True,
) -> Answer:
    """Send a request and return its answer; `sent` is the body in parts, `whole` that it ends."""
    path, _, query = target.partition("?")
    scope: Scope = {
        "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": query.encode("latin-1"), "root_path": "",
        "headers": [(n.lower().encode(), v.encode("latin-1")) for n, v in headers],
        "server": ("made-up.example", 80), "client": ("192.0.2.1", 1),
    }  # fmt: skip
    parts = [{"type": "http.request", "body": part, "more_body": True} for part in sent]
    parts[-1]["more_body"] = not whole
    answer = Answer(path=path)

    async def receive() -> Message:
        if parts:
            return parts.pop(0)
        return await asyncio.Future()  # nothing more comes

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {n.decode().lower(): v.decode() for n, v in message["headers"]}
            if answer.headers.get("location", "").startswith("."):
                answer.headers["location"] = _joined(path, answer.headers["location"])
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


def asked(app: ASGIApp, target: str, **how: object) -> Answer:
    """Ask once, from a test that is no coroutine."""
    return asyncio.run(ask(app, target, **how))  # type: ignore[arg-type]


def run(test: Callable[[], object]) -> None:
    """Run a coroutine function to its end."""
    asyncio.run(test())  # type: ignore[arg-type]


def _joined(path: str, address: str) -> str:
    """Return where an address leads from a path, without the host."""
    host = "http://made-up.example"
    return urljoin(host + path, address).removeprefix(host)

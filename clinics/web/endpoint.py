"""One address of our own: its methods, the thread it is answered in, who else may read it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from clinics.web import refusals
from clinics.web.addresses import relative

Handler = Callable[[Request], Response]
Poster = Callable[[Request], Awaitable[Response]]

_PREFLIGHT = refusals.OPEN | {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class Endpoint:
    """An ASGI endpoint: GET and HEAD by `get`, POST by `post` where there is one.

    `get` runs in a thread, since asking for the newest data may take a second while a store is
    down, or right here where `at_once` says so. What it raises becomes a refusal. It takes every
    method, so that Streamlit's pages do not answer the wrong ones.
    """

    def __init__(
        self,
        get: Handler,
        *,
        post: Poster | None = None,
        at_once: Callable[[], bool] = lambda: False,
    ) -> None:
        self._get = get
        self._post = post
        self._at_once = at_once
        self._methods = ["GET", "HEAD", *(["POST"] if post else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Exception as problem:
            response = refusals.response(scope, problem)
        if "location" in response.headers:
            response.headers["location"] = relative(response.headers["location"], scope["path"])
        if request.method == "HEAD":
            response.body = b""  # the length that GET would have stays in its header
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method in ("GET", "HEAD"):
            at_once = self._at_once()
            return self._get(request) if at_once else await run_in_threadpool(self._get, request)
        if request.method == "POST" and self._post:
            response = await self._post(request)
            response.headers["Cache-Control"] = "no-store"
            return response
        raise refusals.wrong_method(self._methods)


class OpenEndpoint(Endpoint):
    """An endpoint that pages of every other site may read (the Fetch standard, CORS)."""

    def __init__(self, get: Handler, at_once: Callable[[], bool] = lambda: False) -> None:
        super().__init__(get, at_once=at_once)
        self._methods.append("OPTIONS")

    async def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        response = await super()._answer(request)
        response.headers.update(refusals.OPEN)
        return response

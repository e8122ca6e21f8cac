"""One address of the API: which methods it has, who may read it, and what comes when it fails.

Owns methods, CORS and the turning of troubles into problems; must not know what is asked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from clinics.directory import BrokenDataset
from clinics.domain.ports import StoreUnavailable
from clinics.web import log
from clinics.web.api import problems
from clinics.web.api.problems import Refused

ALLOW = "GET, HEAD, OPTIONS"
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link"}
"""Any page may read this, with no cookie (there is none) and nothing else of its visitor."""

_log = logging.getLogger("clinics")

_PREFLIGHT = {
    "Access-Control-Allow-Methods": ALLOW,
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class Resource:
    """An ASGI endpoint made of one function, which may raise Refused; it runs in a thread.

    Where `at_once` says so it runs right here.

    It takes every method, so that the wrong ones get a problem and an Allow header too.
    """

    def __init__(
        self,
        answer: Callable[[Request], Response],
        at_once: Callable[[], bool] = lambda: False,
    ) -> None:
        self._answer = answer
        self._at_once = at_once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        if request.method == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": ALLOW, **OPEN, **_PREFLIGHT})
        elif request.method not in ("GET", "HEAD"):
            response = _without_body(request, problems.response(_wrong_method(), OPEN))
        elif self._at_once():
            response = self._answered(request)
        else:
            # In a thread: while a store is down, asking for the newest data may take a second.
            response = await run_in_threadpool(self._answered, request)
        await response(scope, receive, send)

    def _answered(self, request: Request) -> Response:
        try:
            response = self._answer(request)
            response.headers.update(OPEN)
            return response
        except Refused as refused:
            problem = refused
        except BrokenDataset as fault:
            _say_once(str(fault))
            problem = problems.unavailable()
        except StoreUnavailable:
            problem = problems.unavailable()
        except Exception as fault:  # a bug: its text may hold what was asked, so only its place
            problem = problems.bug(log.note(fault))
        return _without_body(request, problems.response(problem, OPEN))


@lru_cache(maxsize=16)
def _say_once(sentence: str) -> None:
    """Name a fault of the data in the log; it holds nothing that a visitor sent."""
    _log.error("No search can be answered. %s", sentence)


def _wrong_method() -> Refused:
    return Refused(
        problems.METHOD,
        detail="This address can be read with GET, HEAD or OPTIONS, and takes nothing else.",
        headers={"Allow": ALLOW},
    )


def _without_body(request: Request, response: Response) -> Response:
    if request.method == "HEAD":
        response.body = b""  # the length that GET would have stays in its header
    return response

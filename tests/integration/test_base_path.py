"""Where answers lead to, under a base path and without one: never out of what a proxy cuts off."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from clinics.web.guard.base_path import PutBack, TakenOff
from clinics.web.guard.ours import OwnRoutes
from tests.integration.asking import asked


def app(base: str) -> ASGIApp:
    """A service with one route of our own, and a page that answers as Streamlit does."""

    def page(request: Request) -> Response:
        if "to" in request.query_params:
            return RedirectResponse(request.query_params["to"])
        return RedirectResponse(request.url.path.rstrip("/") + "?near=20912", 301)

    def plain(_: Request) -> Response:
        return PlainTextResponse("ours")

    own = [Route("/plain", plain)]
    middleware = [Middleware(TakenOff, base), Middleware(PutBack, OwnRoutes(own))]
    theirs = Route(f"{f'/{base}' if base else ''}/{{rest:path}}", page)
    return Starlette(routes=[*own, theirs], middleware=middleware)


def behind(app: ASGIApp) -> ASGIApp:
    """The same behind a proxy that cuts off "/front" and says nothing of it."""

    async def cut(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix("/front")
        await app({**scope, "path": path, "raw_path": path.encode()}, receive, send)

    return cut


def leads(base: str, target: str) -> str:
    """Where a browser goes that asks for this below the base."""
    below = f"/front/{base}".rstrip("/")
    return asked(behind(app(base)), below + target).headers["location"].replace(below, "BELOW", 1)


@pytest.mark.parametrize(
    ("target", "to"),
    [
        ("/learn/", "BELOW/learn?near=20912"),
        ("/learn/ptsd/", "BELOW/learn/ptsd?near=20912"),
        ("/plain/?near=20912", "BELOW/plain?near=20912"),
        ("/auth/login?to=https://accounts.example/", "https://accounts.example/"),
        ("/auth/login?to=//accounts.example/", "//accounts.example/"),
    ],
)
@pytest.mark.parametrize("base", ["", "find", "a/b"])
def test_what_leads_elsewhere_on_this_site_stays_below_each_prefix(
    base: str, target: str, to: str
) -> None:
    assert leads(base, target) == to


@pytest.mark.parametrize("base", ["", "find"])
def test_what_is_to_be_done_at_the_start_and_the_end_is_passed_on(base: str) -> None:
    heard = []

    async def service(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(scope["type"])

    asyncio.run(TakenOff(PutBack(service, OwnRoutes([])), base)({"type": "lifespan"}, _no, _no))
    assert heard == ["lifespan"]


async def _no(*_: object) -> Any:
    raise AssertionError


def test_the_start_of_the_site_is_reached_from_a_page_further_down() -> None:
    assert leads("a/b", "/auth/login?to=/a/b/") == "BELOW/"
    assert leads("a/b", "/auth/login?to=/a/b") == "BELOW/"
    assert leads("", "/oauth2callback?to=/") == "BELOW/"

"""Which requests are ours follows from the list of routes."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from clinics.web.guard.ours import OwnRoutes


async def answer(_: Request) -> Response:
    return PlainTextResponse("")


OURS = OwnRoutes(
    [
        Route("/healthz", answer),
        Route("/near/{town:path}", answer),
        Route("/sitemap-{part}.xml", answer),
        Route("/api/v1/clinics", answer, methods=["GET", "POST"]),
        Mount("/assets/leaflet", PlainTextResponse("")),
    ]
)


def scope(path: str, type: str = "http") -> dict[str, object]:
    return {"type": type, "method": "GET", "path": path, "root_path": "", "headers": []}


@pytest.mark.parametrize(
    "path", ["/healthz", "/near/a/b", "/near", "/sitemap-2.xml", "/api/nothing", "/assets/x.js"]
)
def test_a_section_of_ours_is_ours_whole(path: str) -> None:
    assert OURS.claim(scope(path))


@pytest.mark.parametrize(
    "path", ["/", "", "/learn", "/nearby", "/healthz2", "/sitemap-2.txt", "/_stcore/health"]
)
def test_what_is_only_called_alike_is_not(path: str) -> None:
    assert not OURS.claim(scope(path))


def test_the_connection_of_a_page_of_the_app_is_not() -> None:
    assert not OURS.claim(scope("/near/a", type="websocket"))


def test_the_methods_of_an_address_are_those_of_its_route() -> None:
    assert OURS.methods(scope("/api/v1/clinics")) == {"GET", "HEAD", "POST"}
    assert OURS.methods(scope("/api/v1/nothing")) == frozenset()
    assert "PUT" in OURS.methods(scope("/assets/leaflet/x.js"))

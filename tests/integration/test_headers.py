"""Every answer carries the headers that are meant for it, whoever made it."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from clinics.web.guard.headers import SecurityHeaders
from clinics.web.guard.ours import OwnRoutes
from tests.integration.asking import asked

NO_SCRIPT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
)
APP_POLICY = "frame-ancestors 'self'; base-uri 'self'; object-src 'none'"


async def page(_: Request) -> Response:
    return HTMLResponse("<p>page", headers={"Referrer-Policy": "unsafe-url"})


async def data(_: Request) -> Response:
    return JSONResponse({})


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    own = [
        Route("/api/v1/clinics", data),
        Route("/plain", page),
        Route("/near/{town}", page),
        Route("/embed", page),
        Route("/assets/basemap.geojson", data),
    ]
    of_streamlit = [Route("/_stcore/health", data), Route("/{rest:path}", page)]
    guarded = Middleware(SecurityHeaders, own=OwnRoutes(own))
    return Starlette(routes=[*own, *of_streamlit], middleware=[guarded])


@pytest.mark.parametrize("path", ["/plain", "/near/takoma-park-md", "/api/v1/clinics", "/api/none"])
def test_our_own_routes_run_no_script_and_cannot_be_framed(app: ASGIApp, path: str) -> None:
    headers = asked(app, path).headers
    assert headers["content-security-policy"] == f"{NO_SCRIPT}; frame-ancestors 'self'"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["permissions-policy"] == (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    )


def test_only_the_embed_can_be_framed_by_anybody_and_runs_no_script_either(app: ASGIApp) -> None:
    headers = asked(app, "/embed?near=20912").headers
    assert headers["content-security-policy"] == f"{NO_SCRIPT}; frame-ancestors *"
    assert "x-frame-options" not in headers
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "cross-origin-opener-policy" not in headers


@pytest.mark.parametrize("path", ["/embed/more", "/embedded", "/Embed"])
def test_what_is_only_called_like_the_embed_cannot_be_framed(app: ASGIApp, path: str) -> None:
    assert asked(app, path).headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["/", "/learn?topic=ptsd", "/_stcore/health", "/plainer"])
def test_the_pages_of_the_app_are_framed_by_this_site_only(app: ASGIApp, path: str) -> None:
    headers = asked(app, path).headers
    assert headers["content-security-policy"] == APP_POLICY
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"


def test_no_other_site_learns_of_a_page_and_the_map_tells_this_site_alone(app: ASGIApp) -> None:
    for path in ("/plain?near=20912", "/embed", "/", "/learn?topic=ptsd"):
        assert asked(app, path).headers["referrer-policy"] == "same-origin"
    of_map = asked(app, "/component/streamlit_folium.st_folium/index.html").headers
    assert of_map["referrer-policy"] == "strict-origin-when-cross-origin"


def test_pages_are_ours_alone_and_data_is_for_every_site(app: ASGIApp) -> None:
    for path in ("/plain", "/"):
        headers = asked(app, path).headers
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
    for path in ("/api/v1/clinics", "/assets/basemap.geojson"):
        headers = asked(app, path).headers
        assert headers["cross-origin-resource-policy"] == "cross-origin"

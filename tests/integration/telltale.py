"""A visit that is easy to find again, should anything of it be written down."""

from __future__ import annotations

import urllib.request
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from tests.browser.service import Service

SEARCH = {"near": "Havre de Grace, MD", "condition": "fibromyalgia"}
STREET = "715 Telltale Lane, Takoma Park, MD 20912"
TELLTALE = ("havre", "fibromyalgia", "telltale", "takoma", "20912", "near=", "127.0.0.1:")
"""What no log may hold; with a colon the address of who asks, and not the one in the greeting."""


def visit_without_a_browser(service: Service) -> None:
    """Ask the API, the plain pages and the app's file for something telltale."""
    query = urlencode(SEARCH)
    for path in (
        f"/api/v1/clinics?{query}", f"/api/v1/places?{urlencode({'q': SEARCH['near']})}",
        "/api/v1/clinics?near=Telltale&within=telltale", f"/plain?{query}", f"/embed?{query}",
        "/near/havre-de-grace-md", "/near/telltale", "/conditions/fibromyalgia",
        "/clinics/telltale", "/telltale", f"/?{query}", f"/learn/?{query}",
        f"/plain?near={urlencode({'': STREET})[1:]}", "/plain?near=telltale%FF%00",
        "/list?list=telltale,a&near=20912", "/list.pdf?list=telltale", "/shortlist?list=telltale",
        "/plain?" + "telltale" * 1_500, "/%2e%2e/telltale",
    ):  # fmt: skip
        assert service.get(path)[0] < 500, path
    for target in (f"/_stcore/stream?{query}", f"/telltale?{query}"):
        _open_websocket(service, target)
    form = urlencode(SEARCH | {"near": STREET}).encode()
    with urllib.request.urlopen(f"{service.url}/plain", form, timeout=10) as answer:
        assert STREET not in answer.url


def _open_websocket(service: Service, target: str) -> None:
    """Open a websocket, or be refused one, and go."""
    at = urlsplit(service.url)
    connection = HTTPConnection(at.hostname or "", at.port, timeout=10)
    headers = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
    }  # fmt: skip
    connection.request("GET", target, headers=headers)
    assert connection.getresponse().status in (101, 403)
    connection.close()


def traces(service: Service) -> list[str]:
    """Return the lines of the log that hold something of a visit, but for the greeting."""
    lines = service.printed.lower().splitlines()
    own_address = service.url.removeprefix("http://")
    lines = [line for line in lines if own_address not in line]
    return [line for line in lines if any(word in line for word in TELLTALE)]

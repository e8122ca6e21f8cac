"""Answers to requests that do not reach a route: one sentence, as data for programs or as a page.

Owns their form; must not know when a request is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from clinics.present import html as render
from clinics.present import wording
from clinics.web.plain.assets import path_of

TITLES = {
    400: "This cannot be understood",
    404: "There is nothing here",
    405: "That cannot be done here",
    408: "This did not arrive whole",
    413: "This is too much at once",
    414: "This address is too long",
    500: "Something went wrong",
    503: "Please try again in a moment",
}
DATA_SECTIONS = ("/api/", "/healthz", "/livez", "/data/")


def refusal(
    scope: Scope, status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the answer: a problem (RFC 9457) where data was asked for, else a page."""
    kept = {"Cache-Control": "no-store"} | dict(headers or {})
    title = TITLES[status]
    if wants_page(scope):
        html = render.fill("refusal.html", title=title, sentence=sentence, css=path_of("plain.css"))
        return Response(html, status, kept, media_type="text/html")
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": sentence,
    }
    problem |= {"help": wording.CRISIS}
    kept["Access-Control-Allow-Origin"] = "*"
    return JSONResponse(problem, status, kept, media_type="application/problem+json")


def wants_page(scope: Scope) -> bool:
    """Return whether a person is reading: a page was asked for, and no data."""
    if scope["path"].startswith(DATA_SECTIONS):
        return False
    accept = Request(scope).headers.get("accept", "")
    return "text/html" in accept or "json" not in accept

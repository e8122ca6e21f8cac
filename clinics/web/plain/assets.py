"""The files that plain pages need: one style sheet, an icon, a preview picture."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinics.present.assets import ASSETS

PREFIX = "/assets/plain/"
TYPES = {
    "plain.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "preview.png": "image/png",
}
PREVIEW_SIZE = (1200, 630)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a messenger shows of a link; both addresses are whole."""

    site: str
    title: str
    description: str
    url: str
    image: str
    size: tuple[int, int] = PREVIEW_SIZE


_YEAR = "public, max-age=31536000, immutable"


@cache
def path_of(name: str) -> str:
    """Return the address of one of these files, such as /assets/plain/plain.0a1b2c3d4e.css."""
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256(_content(name)).hexdigest()[:10]
    return f"{PREFIX}{stem}.{digest}.{ending}"


@cache
def _content(name: str) -> bytes:
    return (ASSETS / name).read_bytes()


def _serve(request: Request, name: str) -> Response:
    """Serve a file under its present name; a page that is still open may ask for an older one."""
    headers = {"Cache-Control": _YEAR if request.scope["path"] == path_of(name) else "no-cache"}
    return Response(_content(name), media_type=TYPES[name], headers=headers)


def routes() -> list[Route]:
    """Return the routes of these files."""
    return [
        Route(PREFIX + name.replace(".", ".{digest}."), partial(_serve, name=name))
        for name in TYPES
    ]

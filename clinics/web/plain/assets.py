"""The files that plain pages need: a style sheet, an icon, and the picture shown of a link."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinics.domain.language import speaking
from clinics.domain.site import Site
from clinics.present.assets import ASSETS
from clinics.present.preview_picture import SIZE, preview
from clinics.web.service import Service

PREFIX = "/assets/plain/"
TYPES = {
    "plain.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a messenger shows of a link; both addresses are whole."""

    site: str
    title: str
    description: str
    url: str
    image: str
    size: tuple[int, int] = SIZE


_YEAR = "public, max-age=31536000, immutable"


@cache
def path_of(name: str) -> str:
    """Return the address of one of these files, such as /assets/plain/plain.0a1b2c3d4e.css."""
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256(_content(name)).hexdigest()[:10]
    return f"{PREFIX}{stem}.{digest}.{ending}"


def preview_path(site: Site) -> str:
    """Return the address of the picture that is shown of a link: another for other words."""
    said = f"{site.title}\n{site.tagline}"
    return f"{PREFIX}preview.{hashlib.sha256(said.encode()).hexdigest()[:10]}.png"


@cache
def _content(name: str) -> bytes:
    return (ASSETS / name).read_bytes()


def _serve(request: Request, name: str) -> Response:
    """Serve a file under its present name; a page that is still open may ask for an older one."""
    headers = {"Cache-Control": _kept(request, path_of(name))}
    return Response(_content(name), media_type=TYPES[name], headers=headers)


def _serve_preview(request: Request, service: Service) -> Response:
    """Serve the picture in the language whose words its name was made of, else in English."""
    site = service.directory().site
    for language in service.directory().languages[1:]:
        with speaking(language):
            other = service.directory().site
        site = other if preview_path(other) == request.scope["path"] else site
    headers = {"Cache-Control": _kept(request, preview_path(site))}
    return Response(preview(site), media_type="image/png", headers=headers)


def _kept(request: Request, path: str) -> str:
    return _YEAR if request.scope["path"] == path else "no-cache"


def routes(service: Service) -> list[Route]:
    """Return the routes of these files."""
    files = [
        Route(PREFIX + name.replace(".", ".{digest}."), partial(_serve, name=name))
        for name in TYPES
    ]
    picture = partial(_serve_preview, service=service)
    return [*files, Route(PREFIX + "preview.{digest}.png", picture)]

"""The files behind the suggestions under the box for a place: all places once, and a script."""

from __future__ import annotations

import json
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinics.directory import Directory
from clinics.present.assets import where_script, where_script_name
from clinics.web.http_cache import Answer, Answers, respond
from clinics.web.service import Service

DAY = "public, max-age=86400"
YEAR = "public, max-age=31536000, immutable"


def routes(service: Service) -> list[Route]:
    """Return the routes; a browser asks for the places when the box is first entered."""
    kept = Answers(most=1)

    def places(request: Request) -> Response:
        directory = service.directory()
        make = partial(_places, directory)
        answer = kept.get(directory.gazetteer, "places", make)
        return respond(request, answer, cache_control=DAY)

    def script(request: Request) -> Response:
        """Serve it under its present name; a page that is still open may ask for an older one."""
        present = request.scope["path"].endswith(where_script_name())
        answer = Answer(where_script(), "text/javascript")
        return respond(request, answer, cache_control=YEAR if present else "no-cache")

    return [
        Route("/assets/places.json", places, methods=["GET"]),
        Route("/assets/where.{digest}.js", script, methods=["GET"]),
    ]


def _places(directory: Directory) -> Answer:
    offered = directory.gazetteer.offered()
    items = [[label, *also] if also else label for label, also in offered.items()]
    text = json.dumps(items, ensure_ascii=False, separators=(",", ":"))
    return Answer(text.encode(), "application/json")

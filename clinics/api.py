"""HTTP routes beside the pages: health, and the files that the map needs.

Owns status codes and headers; gets the directory from whoever starts the service.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import js_lib_leaflet
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from clinics.directory import Directory
from clinics.query import Query
from clinics.search import search

LEAFLET = Path(js_lib_leaflet.__file__).parent / "static" / "js_lib_leaflet"
DAY = "public, max-age=86400"


def routes(directory: Callable[[], Directory], data_dir: Path) -> list[BaseRoute]:
    """Return the routes; `directory` is called for each request and may raise."""

    def healthz(_: Request) -> Response:
        return health(directory)

    def basemap(_: Request) -> Response:
        headers = {"Cache-Control": DAY}
        path = data_dir / "basemap.geojson"
        return FileResponse(path, media_type="application/geo+json", headers=headers)

    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/assets/basemap.geojson", basemap, methods=["GET"]),
        Mount("/assets/leaflet", StaticFiles(directory=LEAFLET)),
    ]


def health(directory: Callable[[], Directory]) -> Response:
    """Answer 200 with the live version only when a search can be answered, else 503."""
    headers = {"Cache-Control": "no-store"}
    try:
        dataset = directory().dataset
        search(dataset, Query(), limit=1, facets=False)
    except Exception:  # whatever is wrong, the answer is the same: no search can be answered
        return JSONResponse({"status": "unavailable"}, status_code=503, headers=headers)
    version = {"id": dataset.version.id, "clinics": dataset.version.clinics}
    return JSONResponse({"status": "ok", "version": version}, headers=headers)

"""Every route beside the pages of the app, put together, and what stands around all answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import js_lib_leaflet
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from clinics.directory import BrokenDataset, Directory
from clinics.domain.data_files import DataFileError
from clinics.domain.language import LANGUAGES, speaking
from clinics.domain.ports import Geocoder
from clinics.domain.site import load_site
from clinics.domain.vocabulary import load_vocabulary
from clinics.present.assets import map_script, map_script_name
from clinics.web import health, suggestions
from clinics.web.api import data_package, page, v1
from clinics.web.api.data_package import no_changes
from clinics.web.first_screen import Look
from clinics.web.guard.at_once import AtOnce
from clinics.web.guard.base_path import PutBack, TakenOff
from clinics.web.guard.headers import SecurityHeaders
from clinics.web.guard.host import HostConfig
from clinics.web.guard.kept_static import KeptStatic
from clinics.web.guard.limits import Guard
from clinics.web.guard.ours import OwnRoutes
from clinics.web.guard.shell import Shell
from clinics.web.guard.uploads import Uploads, UploadsGuard
from clinics.web.guard.websocket import Messages
from clinics.web.health import StoreState
from clinics.web.plain import routes as plain_pages
from clinics.web.service import service_of

LEAFLET = Path(js_lib_leaflet.__file__).parent / "static" / "js_lib_leaflet"
DAY = "public, max-age=86400"
YEAR = "public, max-age=31536000, immutable"


def routes(
    directory: Callable[[], Directory],
    data_dir: Path,
    *,
    base_url: str = "",
    geocoder: Callable[[], Geocoder | None] = lambda: None,
    store: Callable[[], StoreState] = lambda: StoreState.NONE,
    served: Callable[[], Directory | None] = lambda: None,
    changes: Callable[[], bytes] = no_changes,
) -> list[BaseRoute]:
    """Return the routes; `directory` is called for each request and may raise, and may wait.

    `geocoder` finds a street address that is typed into a form; `store` says how the store of
    versions is, without asking it; `served` returns at once what `directory` returned last;
    `changes` returns what versions changed, as CSV.
    """
    at_once = AtOnce(directory, served)
    service = service_of(at_once.directory, base_url, at_once=at_once.may)
    return [
        *health.routes(service, store),
        *page.routes(service),
        *v1.routes(service),
        *data_package.routes(service, data_dir, changes),
        *plain_pages.routes(service, geocoder),
        *map_files(data_dir),
        *suggestions.routes(service),
    ]


GEOJSON = "application/geo+json"
_NO_OUTLINES = '{"type": "FeatureCollection", "features": []}'


class _Library(StaticFiles):
    """Files of a package: they change with a release only, so a browser keeps them for a day."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        response = super().file_response(*args, **options)
        response.headers["Cache-Control"] = DAY
        return response


def _script(text: bytes, kept: str) -> Response:
    return Response(text, media_type="text/javascript", headers={"Cache-Control": kept})


def map_files(data_dir: Path) -> list[BaseRoute]:
    """Return the routes of the files that the app's map needs."""

    def basemap(_: Request) -> Response:
        headers = {"Cache-Control": DAY}
        path = data_dir / "basemap.geojson"
        if not path.is_file():  # a directory may do without
            return Response(_NO_OUTLINES, media_type=GEOJSON, headers=headers)
        return FileResponse(path, media_type=GEOJSON, headers=headers)

    def script(request: Request) -> Response:
        """Serve it under its present name; a page that is still open may ask for an older one."""
        for language in LANGUAGES:
            with speaking(language):
                if request.scope["path"].endswith(map_script_name()):
                    return _script(map_script(), YEAR)
        return _script(map_script(), "no-cache")

    return [
        Route("/assets/basemap.geojson", basemap, methods=["GET"]),
        Route("/assets/map.{digest}.js", script, methods=["GET"]),
        Mount("/assets/leaflet", _Library(directory=LEAFLET)),
    ]


def middleware(
    own: Sequence[BaseRoute],
    data_dir: Path,
    uploads: Uploads | None = None,
    base: str = "",
    pages: Mapping[str, str] = MappingProxyType({"": ""}),
    look: Look = Look(),  # noqa: B008 - frozen
    served: Callable[[], Directory | None] = lambda: None,
    base_url: str = "",
    fonts: Mapping[str, bytes] = MappingProxyType({}),
) -> list[Middleware]:
    """Return what stands around all answers, outermost first; `own` are the routes above.

    `base` is the path that the whole service stands under, `pages` what the app's pages are
    called by their address, `look` what they are drawn with.
    `served` returns at once what visitors see, for the previews of shared links.

    `uploads` are the sessions that may send a file; nobody may without. `fonts` are smaller fonts
    by their path.
    """
    ours = OwnRoutes(own)
    try:
        title = load_site(data_dir).title
        conditions = frozenset(c.id for c in load_vocabulary(data_dir).conditions)
    except DataFileError:  # whoever starts the service says so
        title, conditions = "", frozenset()

    def shown() -> Directory | None:
        try:
            return served()
        except BrokenDataset:
            return None

    return [
        Middleware(TakenOff, base),
        Middleware(SecurityHeaders, ours),
        Middleware(KeptStatic, fonts),
        Middleware(Shell, ours, title, conditions, pages, look, shown, base_url),
        Middleware(Guard, ours),
        Middleware(UploadsGuard, uploads or Uploads()),
        Middleware(HostConfig),
        Middleware(Messages),
        Middleware(PutBack, ours),
    ]

"""The plain pages of a directory, asked without a network or a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from justhtml import JustHTML
from starlette.applications import Starlette

from clinics.directory import Directory
from clinics.domain.ports import Geocoder
from clinics.web.plain import routes
from clinics.web.service import service_of
from tests.integration.asking import Answer, asked
from tests.made_up import TODAY, Cells, dataset_of

Ask = Callable[..., Answer]
BASE = "https://made-up.example"


def site_of(directory: Directory, *, base_url: str = BASE, geocoder: Geocoder | None = None) -> Ask:
    """Return what asks the plain pages of a directory: `ask("/plain?near=20912")`."""
    service = service_of(lambda: directory, base_url, lambda: TODAY)
    app = Starlette(routes=routes.routes(service, lambda: geocoder))

    def ask(path: str, **options: object) -> Answer:
        return asked(app, path, **options)

    return ask


def posted(ask: Ask, **fields: str | list[str]) -> Answer:
    """Send the search form with these fields."""
    return ask("/plain", method="POST", sent=[urlencode(fields, doseq=True).encode()])


def with_clinics(directory: Directory, *clinics: Cells) -> Directory:
    """Return the directory with these made-up listings."""
    return replace(directory, dataset=dataset_of(clinics))


def checked(html: str) -> JustHTML:
    """Parse a page as a browser does; raises when the parser finds a single error in it."""
    return JustHTML(html, strict=True, sanitize=False)

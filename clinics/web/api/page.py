"""The page about the API for people who read: what can be asked, how, and what comes back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinics.directory import Directory
from clinics.present.assets import ASSETS
from clinics.present.export import Json
from clinics.search.query import REPEATABLE
from clinics.web.api import data_package, openapi
from clinics.web.api.examples import examples
from clinics.web.api.request import MAX_LIMIT
from clinics.web.endpoint import OpenEndpoint
from clinics.web.http_cache import Answer, respond
from clinics.web.plain.page import Head, page, plain
from clinics.web.refusals import KINDS
from clinics.web.service import Service

STYLE = "/assets/api.css"
_STYLE_FILE = ASSETS / "api.css"
_ABOUT = "Ask the directory from a program: JSON, GeoJSON or CSV, without a key."


@dataclass(frozen=True, slots=True)
class ParameterView:
    """A parameter in words; `values` are ids that can be chosen, `form` says what else can be."""

    name: str
    meaning: Markup
    form: str
    values: tuple[str, ...]
    default: str


def routes(service: Service) -> list[Route]:
    """Return the routes of the page and of its style."""
    return [
        Route("/api", plain(service, get)),
        Route(STYLE, OpenEndpoint(_style)),
    ]


def get(service: Service, request: Request) -> Response:
    """Answer with the page."""
    directory = service.directory()
    return page(
        service,
        request,
        "api.html",
        Head("Use the directory from a program", _ABOUT, "/api", is_translated=False),
        style=STYLE,
        examples=examples(directory),
        parameters=[parameter_view(p) for p in openapi.parameters(directory)],
        addresses=_addresses(directory),
        kinds=KINDS,
        most=MAX_LIMIT,
        list=data_package.LIST,
        package=data_package.DESCRIPTION,
    )


def parameter_view(parameter: Json) -> ParameterView:
    """Put a parameter of the description into words."""
    name, schema = str(parameter["name"]), parameter["schema"]
    assert isinstance(schema, dict)  # noqa: S101 - as openapi.py writes it
    items = schema.get("items", schema)
    values = tuple(map(str, items.get("enum", ())))
    default = schema.get("default")
    shown = ", ".join(default) if isinstance(default, list) else default
    number = f"{shown:g}" if isinstance(shown, float) else str(shown)
    return ParameterView(
        name=name,
        meaning=_with_code(str(parameter["description"])),
        form="It can be given several times." if name in REPEATABLE else _range(schema),
        values=values,
        default="none" if shown is None else number,
    )


def _with_code(text: str) -> Markup:
    """Escape a text and mark what stands between backticks as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped


def _range(schema: Json) -> str:
    if schema.get("type") != "integer":
        return ""
    return f"A whole number from {schema['minimum']:,} to {schema['maximum']:,}."


def _addresses(directory: Directory) -> list[tuple[str, str]]:
    paths = openapi.document(directory)["paths"]
    assert isinstance(paths, dict)  # noqa: S101 - as openapi.py writes it
    return [(path, methods["get"]["summary"]) for path, methods in paths.items()]


def _style(request: Request) -> Response:
    return respond(request, Answer(_STYLE_FILE.read_bytes(), "text/css; charset=utf-8"))

"""Which plain pages there are, for search engines, and which of our paths they may read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from clinics.directory import Directory
from clinics.domain.language import ENGLISH, speaking
from clinics.present.town import town_id
from clinics.search.dataset import Dataset
from clinics.web.language import with_language
from clinics.web.plain import clinic
from clinics.web.plain import condition as plain_condition
from clinics.web.plain import topic as plain_topic
from clinics.web.service import Service

MOST = 50_000
"""As many addresses as the format allows in one file (sitemaps.org); links lead to the rest."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_LINKS = ' xmlns:xhtml="http://www.w3.org/1999/xhtml"'
_LINK = '<xhtml:link rel="alternate" hreflang="{code}" href="{way}"/>'
Entry = tuple[str, dt.date | None]


def entries(directory: Directory) -> Iterator[Entry]:
    """Yield the path of each plain page, and the day its content last changed, if known."""
    dataset = directory.dataset
    published = dataset.version.published
    for path in ("/plain", "/near", "/conditions", "/topics"):
        yield path, published
    for town in directory.towns:
        yield f"/near/{town_id(town)}", published
    for condition in directory.vocabulary.conditions:
        about = directory.explainer.about_condition(condition.id)
        yield (
            plain_condition.path_of(condition.id),
            _latest(about.reviewed if about else None, published),
        )
    for topic in directory.explainer.topics:
        yield plain_topic.path_of(topic.id), topic.reviewed
    for id, day in _listings(dataset):
        yield clinic.path_of(id), _latest(day, published)


def _listings(dataset: Dataset) -> Iterator[Entry]:
    """Yield the id and the day of the last check of every clinic that is not closed."""
    table = dataset.table
    columns = (table["id"], table["status"], table["last_checked"])
    for id, status, day in zip(*columns, strict=True):
        if status != "closed":
            yield id, dt.date.fromisoformat(day) if day else None


def _latest(*days: dt.date | None) -> dt.date | None:
    return max((day for day in days if day), default=None)


def get(service: Service, request: Request) -> Response:
    """Answer with the sitemap: every page in every language, each with the way to the others."""
    languages = service.directory().languages
    namespaces = f'xmlns="{_NAMESPACE}"' + (_LINKS if len(languages) > 1 else "")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<urlset {namespaces}>"]
    for language, path, day in islice(_in_each(service), MOST):
        own = {code: escape(_address(service, request, path, code)) for code in languages}
        ways = [*own.items(), ("x-default", own[ENGLISH])] if len(languages) > 1 else []
        changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        links = "".join(map(_LINK.format_map, ({"code": c, "way": way} for c, way in ways)))
        lines.append(f"<url><loc>{own[language]}</loc>{changed}{links}</url>")
    return Response("\n".join([*lines, "</urlset>", ""]), media_type="application/xml")


def _in_each(service: Service) -> list[tuple[str, str, dt.date | None]]:
    """Return the entries in each language; where they are too many, English has its place."""
    found = []
    for language in service.directory().languages:
        with speaking(language):
            found += [(language, path, day) for path, day in entries(service.directory())]
    return found


def _address(service: Service, request: Request, path: str, language: str) -> str:
    way = path if language == ENGLISH else with_language(path, language)
    return service.url_of(request, way)


def get_robots(service: Service, request: Request) -> Response:
    """Answer with what a robot may read: every page once, no search, nothing to manage."""
    lines = [
        "User-agent: *",
        "Disallow: /manage",
        "Disallow: /api/v1/",
        "Disallow: /plain?",
        "Disallow: /embed",
        "Disallow: /print",
        "Disallow: /choose",
        "Disallow: /questions.",
        "Disallow: /list",
        "Disallow: /_stcore/",
        *(f"Allow: /plain?lang={language}$" for language in service.directory().languages[1:]),
        "Allow: /",
        "",
        f"Sitemap: {service.url_of(request, '/sitemap.xml')}",
        "",
    ]
    return PlainTextResponse("\n".join(lines))

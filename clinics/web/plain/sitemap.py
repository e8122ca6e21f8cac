"""Which plain pages there are, for search engines, and which of our paths they may read.

Owns the list and its days; every day comes from the data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from clinics.directory import Directory
from clinics.present.town import town_id
from clinics.search.dataset import Dataset
from clinics.web.plain import clinic
from clinics.web.plain import condition as plain_condition
from clinics.web.plain.page import NotHere
from clinics.web.service import Service

MOST = 40_000
"""Addresses in one file; the format allows 50,000 and 50 MB (sitemaps.org)."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
Entry = tuple[str, dt.date | None]


def entries(directory: Directory) -> Iterator[Entry]:
    """Yield the path of each plain page, and the day its content last changed, if known."""
    dataset = directory.dataset
    published = dataset.version.published
    for path in ("/plain", "/near", "/conditions"):
        yield path, published
    for town in directory.towns:
        yield f"/near/{town_id(town)}", published
    for condition in directory.vocabulary.conditions:
        topic = directory.explainer.about_condition(condition.id)
        yield (
            plain_condition.path_of(condition.id),
            _latest(topic.reviewed if topic else None, published),
        )
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
    """Answer with the sitemap; where it is too long for one file, with a list of its parts.

    A part is asked for as `?part=2`, since a sitemap may only name what is beside or below it.
    Raises NotHere for a part there is not.
    """
    found = list(entries(service.directory()))
    asked = request.query_params.get("part")
    if asked is None and len(found) > MOST:
        parts = range(1, -(-len(found) // MOST) + 1)
        urls = [_url(service, request, f"/sitemap.xml?part={number}") for number in parts]
        return _xml("sitemapindex", [f"<sitemap><loc>{url}</loc></sitemap>" for url in urls])
    number = _part(asked)
    part = found[(number - 1) * MOST : number * MOST] if number else []
    if not part:
        raise NotHere("There is no such part of the sitemap.", [("The sitemap", "/sitemap.xml")])
    return _urls(service, request, part)


def _part(asked: str | None) -> int:
    """Return the number of a part, the first where none is named, 0 for what is no number."""
    if asked is None:
        return 1
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 0


def _urls(service: Service, request: Request, found: list[Entry]) -> Response:
    lines = []
    for path, day in found:
        changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        lines.append(f"<url><loc>{_url(service, request, path)}</loc>{changed}</url>")
    return _xml("urlset", lines)


def _url(service: Service, request: Request, path: str) -> str:
    return escape(service.url_of(request, path))


def _xml(root: str, lines: list[str]) -> Response:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_NAMESPACE}">']
    text = "\n".join([*parts, *lines, f"</{root}>", ""])
    return Response(text, media_type="application/xml")


def get_robots(service: Service, request: Request) -> Response:
    """Answer with what a robot may read: every page once, no search, nothing to manage."""
    lines = [
        "User-agent: *",
        "Disallow: /manage",
        "Disallow: /api/v1/",
        "Disallow: /plain?",
        "Disallow: /embed",
        "Disallow: /_stcore/",
        "Allow: /",
        "",
        f"Sitemap: {service.url_of(request, '/sitemap.xml')}",
        "",
    ]
    return PlainTextResponse("\n".join(lines))

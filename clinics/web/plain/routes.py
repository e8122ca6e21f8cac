"""The plain pages of one clinic, town, condition and topic, and the lists that lead to them.

`routes` puts all plain pages together.
"""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinics.domain.language import say
from clinics.domain.model import Town
from clinics.domain.ports import PlaceError
from clinics.present.town import by_county, town_id, towns_called, towns_like
from clinics.search.query import Query
from clinics.web.plain import (
    assets,
    clinic,
    condition,
    embed,
    paper,
    questions,
    search,
    shortlist,
    sitemap,
    topic,
)
from clinics.web.plain.page import Getter, Head, NotHere, for_robots, page, plain, redirect
from clinics.web.plain.search import Geocoders, link
from clinics.web.plain.town import town_page
from clinics.web.service import Service


def routes(service: Service, geocoders: Geocoders = lambda: None) -> list[Route]:
    """Return the routes of the plain pages; only a sent form asks a geocoder."""
    pages: dict[str, Getter] = {
        "/near": towns,
        "/near/{town:path}": town,
        "/clinics": clinics,
        "/clinics/{id:path}": clinic.get,
        "/conditions": condition.get_all,
        "/conditions/{id:path}": condition.get,
        "/topics": topic.get_all,
        "/topics/{id:path}": topic.get,
        "/embed": embed.get,
        "/print": paper.get,
        "/choose": partial(paper.get, choose=True),
        shortlist.PATH: shortlist.get,
    }
    robots: dict[str, Getter] = {"/sitemap.xml": sitemap.get, "/robots.txt": sitemap.get_robots}
    form = plain(service, search.get, search.poster(service, geocoders))
    readable = [Route(path, plain(service, get)) for path, get in pages.items()]
    readable += [Route(path, for_robots(service, get)) for path, get in robots.items()]
    files = [*shortlist.routes(service), *questions.routes(service), *assets.routes(service)]
    return [Route("/plain", form), *readable, *files]


def clinics(service: Service, request: Request) -> Response:  # noqa: ARG001 - each has these
    """Send whoever cuts a clinic's address short to the list."""
    return redirect("/plain", 301)


def towns(service: Service, request: Request) -> Response:
    """Answer with every town that has a guide, under its county."""
    known = service.directory().towns
    counties = {county: list(map(_link, found)) for county, found in by_county(known).items()}
    head = Head(say("town.guides"), say("town.description"), "/near", "/towns")
    main = [_link(one) for one in known if one.main]
    return page(service, request, "towns.html", head, main_towns=main, counties=counties)


def _link(town: Town) -> tuple[str, str]:
    return town.label, f"/near/{town_id(town)}"


def town(service: Service, request: Request) -> Response:
    """Answer with a town's guide, or send on to its one address; raises NotHere."""
    asked = str(request.path_params["town"])
    directory = service.directory()
    found = towns_called(directory, asked)
    if not found:
        near = [_link(one) for one in towns_like(directory.towns, asked)]
        raise NotHere(say("town.none"), near or _search(service, asked))
    if len(found) > 1:
        said = say("town.several", name=found[0].name)
        raise NotHere(said, [_link(one) for one in found])
    if asked != town_id(found[0]):
        return redirect(f"/near/{town_id(found[0])}", 301)
    return town_page(service, request, found[0])


def _search(service: Service, asked: str) -> list[tuple[str, str]]:
    """Return a search around a place that has no guide of its own."""
    try:
        place = service.find(asked[:100].replace("-", " ")).place
    except PlaceError:
        return []
    return (
        [(say("town.search_around", place=place.name), link(Query(near=place.param)))]
        if place
        else []
    )

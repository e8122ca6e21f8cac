"""The plain guide to one town, in the words of the app's."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from clinics.directory import Directory
from clinics.domain.language import say
from clinics.domain.model import Town
from clinics.explainer.citations import Citations
from clinics.present import wording
from clinics.present.town import HEADINGS, RADII, TownGuide, columns, guide, town_id
from clinics.web.plain.cards import approvals, footnotes, plain_cards
from clinics.web.plain.page import Head, page
from clinics.web.plain.search import searches
from clinics.web.service import Service


def town_page(service: Service, request: Request, town: Town) -> Response:
    """Answer with the guide to a town."""
    directory = service.directory()
    found = guide(town, directory)
    cards = plain_cards(found.nearest, directory.vocabulary)
    return page(
        service,
        request,
        "town.html",
        _head(found, directory),
        guide=found,
        headings=HEADINGS,
        columns=columns(),
        cards_shown=cards,
        confirmed=wording.confirmed(found.nearest.shown, service.today()),
        searches=searches(found.searches),
        citations=Citations(directory.explainer.references),
        approvals=approvals(cards),
        footnotes=footnotes(cards),
    )


def _head(found: TownGuide, directory: Directory) -> Head:
    """Describe the guide by its figures."""
    counts = next(iter(found.counts.values()))
    vocabulary = directory.vocabulary
    within = wording.clinics_of((vocabulary.main_category,), counts[-1], vocabulary)
    radius = wording.radius(RADII[-1])
    where = say("card.within_of", within=radius, place=found.town.label)
    said = say("town.about", found=within, where=where)
    id = town_id(found.town)
    return Head(found.title, said, f"/near/{id}", f"/towns?town={id}")

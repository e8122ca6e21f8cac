"""The plain guide to one town, in the words of the app's."""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from clinics.directory import Directory
from clinics.domain.model import Town
from clinics.explainer.citations import Citations
from clinics.explainer.model import CrisisLine
from clinics.present import next_steps, wording
from clinics.present.town import NAMED, RADII, TownGuide, guide, town_id
from clinics.search.query import Query
from clinics.web.plain.cards import approvals, footnotes, plain_cards
from clinics.web.plain.page import Head, page
from clinics.web.plain.search import link
from clinics.web.service import Service


def town_page(service: Service, request: Request, town: Town) -> Response:
    """Answer with the guide to a town."""
    directory = service.directory()
    found = guide(town, directory)
    vocabulary = directory.vocabulary
    cards = plain_cards(found.nearest, vocabulary, service.today())
    return page(
        service,
        request,
        "town.html",
        _head(found, directory),
        town=town,
        place=found.place,
        here=found.here,
        here_count=wording.clinics_of((vocabulary.main_category,), len(found.here), vocabulary),
        named=NAMED,
        one=vocabulary.category(vocabulary.main_category).one,
        nearest=next_steps.nearest(found.nearest.hits[0]) if found.nearest.hits else (),
        radii=RADII,
        counts=found.counts,
        offers=found.offers if len(cards) > 1 else (),
        silent=found.silent,
        cards_shown=cards,
        searches=_searches(town, directory),
        crisis_lines=[_crisis(line, directory) for line in found.crisis_lines],
        approvals=approvals(cards),
        footnotes=footnotes(cards),
    )


def _head(found: TownGuide, directory: Directory) -> Head:
    """Describe the guide by its figures."""
    counts = next(iter(found.counts.values()))
    vocabulary = directory.vocabulary
    within = wording.clinics_of((vocabulary.main_category,), counts[-1], vocabulary)
    where = f"{wording.radius(RADII[-1])} of {found.town.label}"
    said = f"{within} {where}: the nearest, what they say they offer, and whom to call."
    id = town_id(found.town)
    return Head(f"Clinics near {found.town.label}", said, f"/near/{id}", f"/towns?town={id}")


def _searches(town: Town, directory: Directory) -> list[tuple[str, str]]:
    """Return a search around the town, and one for each condition."""
    around = Query(near=town.label)
    links = [(f"Search around {town.label} by condition and distance", link(around))]
    others = directory.vocabulary.categories[1:]
    return links + [
        (f"{category.label} near {town.label}", link(Query(town.label, category=(category.id,))))
        for category in others
    ]


def _crisis(line: CrisisLine, directory: Directory) -> dict[str, object]:
    """Return a county's crisis line with its number as a link, and its sources."""
    number = "".join(c for c in line.phone if c.isdigit())
    sources: Markup = Citations(directory.explainer.references).links(line.references)
    return {
        "name": line.name,
        "phone": line.phone,
        "tel": f"tel:+1{number}",
        "note": line.note,
        "sources": sources,
    }

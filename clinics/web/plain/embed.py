"""A few results for another site to show in a frame."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from clinics.domain.language import say
from clinics.present import html as render
from clinics.present import wording
from clinics.present.next_steps import next_steps, nothing_found
from clinics.search.search import search
from clinics.web.plain.cards import plain_cards
from clinics.web.plain.page import Head, page
from clinics.web.plain.search import link, offer_of, read_link, searches
from clinics.web.service import Service

MOST = 10


def get(service: Service, request: Request) -> Response:
    """Answer with at most ten clinics, a link to all of them, and where they come from."""
    directory = service.directory()
    asked = read_link(service, request)
    place = asked.answer.place if asked.answer else None
    note = asked.answer.note if asked.answer else ""
    sentences = [*asked.sentences, *filter(None, [asked.near_problem, note])]
    lost = bool(asked.near_problem) or bool(asked.answer and not place)
    results = search(directory.dataset, asked.query, place, limit=MOST, facets=False)
    headline = wording.headline(results, directory.vocabulary)
    full = link(asked.query)
    head = Head(headline, directory.site.tagline, full, indexed=False)
    return page(
        service,
        request,
        "embed.html",
        head,
        status=asked.status,
        headline=directory.site.heading if lost else headline,
        sentences=sentences,
        offer=offer_of(asked, "/embed"),
        telephones="" if lost else wording.telephones(results),
        place_line="" if lost else render.place_line(place),
        items=[] if lost else plain_cards(results, directory.vocabulary),
        confirmed=wording.confirmed(results.shown, service.today()),
        nothing_found=() if lost else nothing_found(results, directory.vocabulary),
        steps=[] if lost else searches(next_steps(results, directory.vocabulary)),
        full=full,
        more=say("embed.search") if lost else say("embed.all", count=f"{results.listed:,}"),
    )

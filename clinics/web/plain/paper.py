"""A whole list for paper: every clinic found with address and hours, the day, and nothing to press.

It is a plain page, so it holds for the app too, which shows a list page by page.
"""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from clinics.domain.columns import BY_NAME
from clinics.domain.words import day
from clinics.present import html as render
from clinics.present import shortlist, wording
from clinics.search.query import Query
from clinics.search.search import search
from clinics.web.language import in_spoken
from clinics.web.plain.cards import approvals, footnotes, plain_cards
from clinics.web.plain.page import Head, page, redirect
from clinics.web.plain.search import known, link, params_of_search, read_link
from clinics.web.service import Service

MOST = 300
"""So many clinics are on paper at most, about 60 sheets."""


def path_of(query: Query) -> str:
    """Return where the whole list of a search is, for paper."""
    return f"/print{params_of_search(query)}"


def get(service: Service, request: Request, *, choose: bool = False) -> Response:
    """Answer with all that a search finds; what has no list leads to the search's own page.

    With `choose` each has a box to tick, for a list to take along; on paper it is the same.
    """
    directory = service.directory()
    asked = read_link(service, request)
    place = asked.answer.place if asked.answer else None
    if asked.near_problem or (asked.answer and not place):
        return redirect(link(replace(asked.query, near=asked.near_text), kept=asked.kept))
    results = search(directory.dataset, asked.query, place, limit=MOST, facets=False)
    headline = wording.headline(results, directory.vocabulary)
    cards = plain_cards(results, directory.vocabulary, whole=True)
    app = "/" + params_of_search(asked.query)
    own = link(replace(asked.query, clinic=""), path="/choose") if choose else path_of(asked.query)
    head = Head(headline, directory.site.tagline, own, app, indexed=False)
    left_out = results.listed - len(results.shown)
    shown = {hit.clinic.id for hit in results.shown}
    return page(
        service,
        request,
        "paper.html",
        head,
        status=asked.status,
        sentences=asked.sentences,
        back=link(asked.query, kept=asked.kept),
        near=place.param if place else "",
        choose=choose,
        kept=asked.kept,
        kept_elsewhere=shortlist.as_text(id for id in asked.kept if id not in shown),
        headline=headline,
        place_line=render.place_line(place),
        today=day(service.today()),
        search=service.url_of(request, in_spoken(app)),
        left_out=left_out,
        hours_label=BY_NAME["hours"].card_label,
        stated=cards[: len(results.hits)],
        silent=cards[len(results.hits) :],
        silent_heading=wording.silent(results, directory.vocabulary) if results.unstated else "",
        known=known(asked.query, directory.vocabulary),
        approvals=approvals(cards),
        footnotes=footnotes(cards),
    )

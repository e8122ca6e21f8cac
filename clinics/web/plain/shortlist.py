"""The visitor's list of clinics as a page for paper and as a PDF, both made from the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinics.domain.columns import BY_NAME
from clinics.domain.language import say
from clinics.domain.model import Place
from clinics.domain.ports import PlaceError
from clinics.domain.words import day
from clinics.places.find import find_place
from clinics.present import html as render
from clinics.present import shortlist
from clinics.present.html import CardView
from clinics.present.list_sheet import list_pdf
from clinics.present.shortlist import Shortlist
from clinics.web.http_cache import Answer, respond
from clinics.web.language import in_spoken
from clinics.web.plain.cards import is_link
from clinics.web.plain.page import ASKED, Head, page, redirect, spoken_file
from clinics.web.service import NoAddresses, Service

PATH, PDF = "/list", "/list.pdf"
IN_APP = "/shortlist"
_LABELED = ("website", "price_per_session_usd", "treatments")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A list, the place that may stand in its address, and why a place could not be used."""

    kept: Shortlist
    near: str
    trouble: str


def routes(service: Service) -> list[Route]:
    """Return the route of the PDF."""
    return [Route(PDF, spoken_file(service, _get_pdf))]


def _read(service: Service, request: Request) -> _Asked:
    """Understand an address; a street address in it is refused and not repeated."""
    directory = service.directory()
    text = ",".join(request.query_params.getlist(shortlist.PARAMETER))
    near = request.query_params.get("near", "")
    place: Place | None = None
    trouble = ""
    try:
        if near.strip():
            no_addresses = NoAddresses(say("problem.no_addresses"), say("sheet.give_zip"))
            place = find_place(near, directory.gazetteer, no_addresses).place
            trouble = "" if place else say("sheet.which_town")
    except PlaceError as problem:
        trouble = str(problem)
    kept = shortlist.read(text, directory.dataset, place)
    return _Asked(kept, place.param if place else "", trouble)


def get(service: Service, request: Request) -> Response:
    """Answer with the list in the address; ids that are gone by now are said and left out."""
    asked, directory = _read(service, request), service.directory()
    kept, near = asked.kept, asked.near
    own = shortlist.address(PATH, kept.ids, near)
    ticked = request.query_params.getlist(shortlist.PARAMETER)
    if len(ticked) > 1 and not asked.trouble:
        # Boxes that were ticked come one by one; what is not on the list is said where it leads.
        return redirect(shortlist.address(PATH, ticked, near))
    cards = shortlist.views(kept, directory.vocabulary)
    head = Head(
        kept.heading,
        kept.named or say("sheet.empty"),
        own,
        shortlist.address(IN_APP, kept.ids, near),
        indexed=False,
    )
    return page(
        service,
        request,
        "list.html",
        head,
        status=400 if asked.trouble else 200,
        heading=kept.heading,
        sentences=[*filter(None, [asked.trouble]), *kept.sentences],
        items=_items(asked, cards),
        approvals=shortlist.approvals(cards),
        label={name: BY_NAME[name].card_label for name in _LABELED},
        place_line=render.place_line(kept.results.place),
        today=day(service.today()),
        pdf=shortlist.address(PDF, kept.ids, near),
        more=shortlist.address("/plain", kept.ids, near),
        questions=[question.question for question in directory.explainer.questions],
    )


def _items(asked: _Asked, cards: Sequence[CardView]) -> list[tuple[CardView, bool, str, str]]:
    """Return each card, may its website be a link, its offers, and the address without it."""
    kept = asked.kept
    return [
        (
            view,
            is_link(view.clinic.website),
            "; ".join(shortlist.offers(view)),
            shortlist.address(
                PATH, shortlist.changed(kept.ids, view.clinic.id, keep=False), asked.near
            ),
        )
        for view in cards
    ]


def _get_pdf(service: Service, request: Request) -> Response:
    """Answer with the list as a PDF; what cannot be used of the address is left out of it."""
    asked, directory = _read(service, request), service.directory()
    kept = asked.kept
    sheet = list_pdf(
        kept,
        shortlist.views(kept, directory.vocabulary),
        directory.explainer.questions,
        day(service.today()),
        service.url_of(request, in_spoken(shortlist.address(PATH, kept.ids, asked.near))),
    )
    headers = {"Content-Disposition": f'attachment; filename="{say("sheet.list_file")}.pdf"'}
    return respond(request, Answer(sheet, "application/pdf", headers), cache_control=ASKED)

"""The plain search page: its form, its results, and always a next step."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from clinics.directory import Directory
from clinics.domain.language import say
from clinics.domain.model import Place
from clinics.domain.ports import (
    Geocoder,
    GeocodingUnavailable,
    PlaceError,
)
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import day
from clinics.places.find import PlaceAnswer, find_place
from clinics.present import html as render
from clinics.present import next_steps, shortlist, wording
from clinics.present.known_panel import is_about_therapy
from clinics.present.other_places import other_places
from clinics.search.pages import page_of
from clinics.search.query import Query, band_of, by_ids, parse_query
from clinics.search.search import Results
from clinics.web.endpoint import Poster
from clinics.web.plain.cards import PlainCard, approvals, footnotes, plain_cards
from clinics.web.plain.form import MAX_FIELDS, MAX_FORM_BYTES, Form, form_of, read_form
from clinics.web.plain.page import Head, page, redirect
from clinics.web.plain.shortlist import PATH as LIST
from clinics.web.plain.topic import urgent
from clinics.web.refusals import TOO_MUCH, UNCLEAR, Refused, detail
from clinics.web.service import NoAddresses, Service

MOST_KNOWN = 2
"""With more conditions than this, what is known about the others is on their own pages."""

MAX_SENTENCES = 5

Geocoders = Callable[[], Geocoder | None]


_KNOWN = frozenset({*Query.__dataclass_fields__, "page", shortlist.PARAMETER})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was understood: `sentences` say what could not be used, `status` so too.

    `meant` are searches that may have been meant, `places_meant` places that are spelled nearly so.
    `kept` are the ids on the visitor's list, which is carried along.
    """

    query: Query
    answer: PlaceAnswer | None
    near_text: str
    near_problem: str
    sentences: tuple[str, ...]
    page: int = 1
    status: int = 200
    meant: next_steps.Steps = ()
    places_meant: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def read_link(service: Service, request: Request) -> Asked:
    """Understand the parameters of an address; a street address in it is refused, not echoed."""
    params = _parameters(request)
    number, wrong_page = _page_number(params.pop("page", []))
    directory = service.directory()
    kept = shortlist.ids_of(",".join(params.pop(shortlist.PARAMETER, [])), directory.dataset)
    asked = understood(directory, params)
    sentences = (*asked.sentences, *wrong_page)
    status = 400 if sentences else asked.status
    return replace(asked, sentences=sentences, page=number, status=status, kept=kept)


def understood(directory: Directory, params: Mapping[str, Sequence[str]]) -> Asked:
    """Understand the parameters of a search; a street address in them is refused, not echoed."""
    query, problems = parse_query(params, directory.vocabulary)
    sentences = tuple(problem.message for problem in problems)
    answer, text, trouble = None, query.near, ""
    places: tuple[str, ...] = ()
    if query.near:
        refused = NoAddresses(say("problem.no_addresses"), say("problem.use_form"))
        try:
            answer = find_place(query.near, directory.gazetteer, refused)
            if answer.within and "within" not in params:
                query = replace(query, within=band_of(answer.within))
        except PlaceError as problem:
            trouble, places = problem.beside_suggestions, problem.suggestions
            text = "" if any(c.isdigit() for c in query.near) else query.near
            query = replace(query, near="")
    status = 400 if sentences or trouble else 200
    meant = next_steps.meant(query, problems, directory.vocabulary)
    return Asked(
        query, answer, text, trouble, sentences, status=status, meant=meant, places_meant=places
    )


def _parameters(request: Request) -> dict[str, list[str]]:
    """Return the parameters that pages know; what other sites hang on a link is not for us."""
    params: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name in _KNOWN:
            params.setdefault(name, []).append(value)
    return params


def _page_number(texts: Sequence[str]) -> tuple[int, list[str]]:
    text = texts[0] if texts else "1"
    if re.fullmatch(r"[1-9][0-9]{0,5}", text):
        return int(text), []
    return 1, [say("problem.page")]


def get(service: Service, request: Request) -> Response:
    """Answer a search that stands in the address, or send on to the address that has its ids."""
    asked = read_link(service, request)
    params = _parameters(request)
    if asked.status == 200 and by_ids(params, service.directory().vocabulary) != params:
        return redirect(link(asked.query, asked.page, kept=asked.kept), 301)
    return _draw(service, request, asked)


def poster(service: Service, geocoders: Geocoders) -> Poster:
    """Return what answers a sent form."""

    async def post(request: Request) -> Response:
        body = await request.body()  # the guard lets no more in than it can hold
        if len(body) > MAX_FORM_BYTES:
            raise Refused(TOO_MUCH, detail=detail("problem.long_form", most=MAX_FORM_BYTES))
        return await run_in_threadpool(_sent, service, geocoders, request, body)

    return post


def _sent(service: Service, geocoders: Geocoders, request: Request, body: bytes) -> Response:
    """Look the place up and send the visitor to the search's own address, without the street."""
    directory = service.directory()
    try:
        fields = dict(read_form(body))
    except ValueError as problem:
        said = detail("problem.many_fields", most=MAX_FIELDS)
        raise Refused(UNCLEAR, detail=said) from problem
    kept = shortlist.ids_of(",".join(fields.pop(shortlist.PARAMETER, [])), directory.dataset)
    query, problems = parse_query(fields, directory.vocabulary)
    sentences = tuple(problem.message for problem in problems)
    answer, text, trouble = None, query.near, ""
    places: tuple[str, ...] = ()
    status = 400 if sentences else 200
    query = replace(query, near="", clinic="")
    if text:
        geocoder = geocoders()
        try:
            answer = find_place(text, directory.gazetteer, geocoder)
        except PlaceError as problem:
            down = isinstance(problem, GeocodingUnavailable) and geocoder is not None
            trouble, places = problem.beside_suggestions, problem.suggestions
            status = 503 if down else 400
        else:
            # Several towns of one name: the name is safe in an address, and the page asks which.
            query = replace(query, near=answer.place.param if answer.place else text)
            if answer.within:
                query = replace(query, within=band_of(answer.within))
    if (answer is None and text) or sentences or (answer and answer.place and answer.note):
        asked = Asked(
            query, answer, text, trouble, sentences, 1, status, places_meant=places, kept=kept
        )
        return _draw(service, request, asked)
    return redirect(link(query, kept=kept))


def link(query: Query, page: int = 1, path: str = "/plain", kept: Sequence[str] = ()) -> str:
    """Return the address of a search on the plain pages; `kept` is a list to carry along."""
    pairs = query.to_params() + ([("page", str(page))] if page > 1 else [])
    text = urlencode(pairs)
    if kept:
        text += f"{'&' if text else ''}{shortlist.PARAMETER}={quote(shortlist.as_text(kept), ',')}"
    return f"{path}?{text}" if text else path


def params_of_search(query: Query) -> str:
    """Return a search as it stands in an address, without the chosen clinic."""
    url = replace(query, clinic="").to_url()
    return f"?{url}" if url else ""


def searches(steps: next_steps.Steps, kept: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return what each search is called, and its address on the plain pages."""
    return [(label, link(query, kept=kept)) for label, query in steps]


def _draw(service: Service, request: Request, asked: Asked) -> Response:
    directory = service.directory()
    vocabulary, query = directory.vocabulary, asked.query
    place = asked.answer.place if asked.answer else None
    paper = f"/print{params_of_search(query)}"
    lost = bool(asked.near_problem) or bool(asked.answer and not place)
    found = None if lost else page_of(directory.dataset, query, place, asked.page)
    results = found.results if found else None
    number, pages, first = (found.number, found.pages, found.first) if found else (1, 1, 1)
    sentences, status = list(asked.sentences), asked.status
    if found and number != asked.page:
        sentences.append(say("problem.pages", n=pages, page=asked.page))
        status = 400
    cards = plain_cards(results, vocabulary, first) if results else []
    headline = wording.headline(results, vocabulary) if results else directory.site.heading
    title = headline if query != Query() or lost else directory.site.heading
    return page(
        service,
        request,
        "search.html",
        _head(asked, title, directory.site.tagline, number, status),
        status=status,
        form=_form(asked, directory, is_open=lost or not (place or query.condition)),
        sentences=cut(sentences),
        meant=searches(asked.meant, asked.kept),
        answer=asked.answer,
        topics=urgent(directory) if query == Query() and not lost else [],
        offer=offer_of(asked),
        results=results,
        headline=headline,
        first=first,
        confirmed=wording.confirmed(results.shown, service.today()) if results else "",
        approvals=approvals(cards),
        footnotes=footnotes(cards),
        known=known(query, vocabulary),
        paper=paper,
        **_list_to_take_along(asked, place),
        today=day(service.today()),
        pages=[(n, link(query, n, kept=asked.kept)) for n in _shown_pages(number, pages)],
        number=number,
        last=pages,
        **(_answered(results, cards, directory, asked.kept) if results else {}),
    )


def _head(asked: Asked, title: str, description: str, number: int, status: int) -> Head:
    query = asked.query
    return Head(
        title=title,
        description=description,
        path=link(query, number),
        app=link(query, path="/", kept=asked.kept),
        here=link(query, number, kept=asked.kept),
        indexed=query == Query() and number == 1 and status == 200,
        brief=query != Query(),
    )


def _list_to_take_along(asked: Asked, place: Place | None) -> dict[str, object]:
    """Return how many the visitor keeps, where their list is, and where to choose more for it."""
    return {
        "kept": len(asked.kept),
        "kept_list": shortlist.address(LIST, asked.kept, place.param if place else ""),
        "choose": link(replace(asked.query, clinic=""), path="/choose", kept=asked.kept),
    }


def _form(asked: Asked, directory: Directory, *, is_open: bool) -> Form:
    """Return the form as it was filled in, with names of towns where there is room for them."""
    towns = directory.towns if is_open else ()
    dataset = directory.dataset
    form = form_of(asked.query, asked.near_text, asked.near_problem, dataset, towns)
    return replace(form, kept=shortlist.as_text(asked.kept))


def _answered(
    results: Results, cards: Sequence[PlainCard], directory: Directory, kept: Sequence[str]
) -> dict[str, object]:
    """Return what is said and offered only where a search was answered."""
    vocabulary, stated = directory.vocabulary, len(results.hits)
    return {
        "telephones": wording.telephones(results),
        "place_line": render.place_line(results.place),
        "far_away": next_steps.far_away(results, directory),
        "stated": cards[:stated],
        "silent": cards[stated:],
        "silent_heading": wording.silent(results, vocabulary) if results.unstated else "",
        "not_a_no": wording.not_a_no(),
        "nothing_found": next_steps.nothing_found(results, vocabulary),
        "steps": searches(next_steps.next_steps(results, vocabulary), kept),
    }


def cut(sentences: Sequence[str], most: int = MAX_SENTENCES) -> list[str]:
    """Return the first sentences, and how many more there are."""
    more = len(sentences) - most
    rest = [say("problem.more", more=more)] if more > 0 else []
    return [*sentences[:most], *rest]


def _shown_pages(number: int, pages: int) -> list[int]:
    """Return the first, the last and the pages around this one; none when there is only one."""
    near = range(max(1, number - 2), min(pages, number + 2) + 1)
    return sorted({1, pages, *near}) if pages > 1 else []


@dataclass(frozen=True, slots=True)
class Offer:
    """Other places that may have been meant: what stands before them, and a link to each."""

    lead: str
    links: tuple[tuple[str, str], ...]
    is_question: bool


def offer_of(asked: Asked, path: str = "/plain") -> Offer | None:
    """Return links to the places that may have been meant, or None."""
    others = other_places(asked.answer, asked.places_meant)
    if others is None:
        return None
    links = tuple(
        (name, link(replace(asked.query, near=near, clinic=""), path=path, kept=asked.kept))
        for name, near in others.places
    )
    return Offer(others.lead, links, others.is_question)


def known(query: Query, vocabulary: Vocabulary) -> dict[str, object]:
    """Return what is known about what was chosen, in a line each; the rest has its own page.

    Nothing of it is on a list of places that do not offer the therapy.
    """
    if not is_about_therapy(query, vocabulary):
        return {"conditions": [], "treatments": []}
    conditions = [
        {
            "id": c.id,
            "name": wording.condition_in_text(c.label),
            "steps": wording.GRADE_STEPS[c.grade],
            "approval_words": c.approval_summary,
            "grade_words": wording.GRADE_WORDS[c.grade],
        }
        for c in map(vocabulary.condition, query.condition[:MOST_KNOWN])
    ]
    treatments = [t for t in map(vocabulary.treatment, query.treatment[:MOST_KNOWN]) if t]
    return {"conditions": conditions, "treatments": treatments}

"""What every plain page shares: the frame around it, and how long it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from clinics.domain.language import ENGLISH, say, speaking, spoken
from clinics.domain.site import Site
from clinics.present import html as render
from clinics.present import wording
from clinics.web.addresses import relative_html
from clinics.web.endpoint import Endpoint, Poster
from clinics.web.http_cache import MINUTE, Answer, respond
from clinics.web.language import (
    VARY,
    in_spoken,
    named_in,
    preferred,
    with_language,
    without_language,
)
from clinics.web.plain.assets import Preview, path_of, preview_path
from clinics.web.plain.form import form_of
from clinics.web.service import Service

Getter = Callable[[Service, Request], Response]
ASKED = "private, max-age=60"
"""What somebody searched for is kept in their own browser only."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page says; `path` is its one address, `app` the same in the app.

    `here` is its address with what a visitor carries along, if that is another.
    A `brief` head, of a page that is not indexed and whose bytes are counted, says nothing twice.
    """

    title: str
    description: str
    path: str
    app: str = "/"
    here: str = ""
    indexed: bool = True
    brief: bool = False
    is_translated: bool = True


class NotHere(Exception):
    """Nothing is at this address: `what` says so; `near` are links, each (words, address)."""

    def __init__(self, what: str, near: Sequence[tuple[str, str]] = ()) -> None:
        self.what = what
        self.near = near
        super().__init__(what)


def page(
    service: Service,
    request: Request,
    template: str,
    head: Head,
    *,
    status: int = 200,
    **values: object,
) -> Response:
    """Fill a template inside the frame; raises BrokenDataset where there is no directory."""
    directory = service.directory()
    languages = directory.languages if head.is_translated else ()
    path = in_spoken(head.path)
    url = service.url_of(request, path)
    canonical = url if service.base_url else path  # a prefix cut off by a proxy is not known
    html = render.fill(
        f"plain/{template}",
        head=head,
        url=url,
        canonical=canonical,
        alternates=_alternates(service, request, head, languages),
        switch=_switch(head, languages),
        preview=_preview(service, request, head, path, directory.site),
        css=path_of("plain.css"),
        icon=path_of("icon.svg"),
        site=directory.site,
        vocabulary=directory.vocabulary,
        edition=wording.edition(directory.dataset),
        **values,
    )
    named = named_in(request.scope["query_string"])
    html = relative_html(_compact(html), request.scope["path"], named)
    return HTMLResponse(html, status_code=status)


def _alternates(
    service: Service, request: Request, head: Head, languages: Sequence[str]
) -> list[tuple[str, str]]:
    """Return the address of a page in each language, for search engines; none where it has one.

    They must be whole, and are left out where the service does not know its own.
    """
    if not (head.indexed and service.base_url) or len(languages) < 2:
        return []
    ways = {
        language: head.path if language == ENGLISH else with_language(head.path, language)
        for language in languages
    }
    return [
        (language, service.url_of(request, way))
        for language, way in [*ways.items(), ("x-default", head.path)]
    ]


def _switch(head: Head, languages: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return each other language: its code, how it is offered in it, and this page in it.

    A street address that somebody put into the page's address is not repeated.
    """
    here, found = head.here or head.path, []
    for language in languages:
        if language != spoken():
            with speaking(language):
                found.append((language, say("shell.switch"), with_language(here, language)))
    return found


def _preview(
    service: Service, request: Request, head: Head, path: str, site: Site
) -> Preview | None:
    """Return what is shown of a link to a page; None where its whole address is not known."""
    url, image = (service.url_of(request, path) for path in (path, preview_path(site)))
    return Preview(site.title, head.title, head.description, url, image) if "://" in url else None


def _compact(html: str) -> str:
    """Leave out the spaces that lines begin with and lines without anything."""
    return "\n".join(filter(None, (line.strip(" \t") for line in html.split("\n")))) + "\n"


def plain(service: Service, get: Getter, post: Poster | None = None) -> Endpoint:
    """Return the endpoint of a plain page, in the language that its address names."""
    answer = partial(_in_language, service, get)
    sent = partial(_posted, post) if post else None
    return Endpoint(answer, post=sent, at_once=service.at_once)


def spoken_file(service: Service, get: Getter) -> Endpoint:
    """Return the endpoint of a file to take along, in the language that its address names.

    It is made in a thread, which takes a moment.
    """

    def answer(request: Request) -> Response:
        named = named_in(request.scope["query_string"])
        with speaking(named if named in service.directory().languages else ENGLISH):
            return get(service, request)

    return Endpoint(answer)


def for_robots(service: Service, get: Getter) -> Endpoint:
    """Return the endpoint of what is in no language: nobody is sent on to theirs."""
    return Endpoint(partial(_answer, service, get), at_once=service.at_once)


def _in_language(service: Service, get: Getter, request: Request) -> Response:
    """Answer in the language that the address names, or send on to the one of the browser."""
    named = named_in(request.scope["query_string"])
    languages = service.directory().languages
    if not named:
        liked = preferred(request.headers.get("accept-language"), languages)
        if liked != ENGLISH:
            return _sent_on(request, liked)
    with speaking(named if named in languages else ENGLISH):
        return _named_on(_answer(service, get, request), named)


def _sent_on(request: Request, language: str) -> Response:
    """Send a browser to the same address in its language; nobody keeps that for others."""
    query = request.scope["query_string"].decode("latin-1")
    response = redirect(with_language(f"{request.scope['path']}?{query}", language), 302)
    response.headers.update({"Cache-Control": ASKED, "Vary": VARY})
    return response


async def _posted(post: Poster, request: Request) -> Response:
    named = named_in(request.scope["query_string"])
    with speaking(named or ENGLISH):
        return _named_on(await post(request), named)


def _named_on(response: Response, language: str) -> Response:
    """Send whoever is sent on to the same language."""
    where = response.headers.get("location", "")
    if language and where.startswith("/"):
        response.headers["location"] = with_language(where, language)
    return response


def _answer(service: Service, get: Getter, request: Request) -> Response:
    if "" in request.path_params.values():  # "/near/" is "/near"
        return redirect("/" + str(request.scope["path"]).strip("/"), 301)
    try:
        if without_language(request.scope["query_string"]):  # what somebody searched for
            return _sent(request, _as_answer(get(service, request)), ASKED)
        return _sent(request, _kept(service, get, request), MINUTE)
    except NotHere as problem:
        return _not_here(service, request, problem)


def _kept(service: Service, get: Getter, request: Request) -> Response | Answer:
    """Return a page that holds for everybody, drawn once for a version and a day."""
    directory = service.directory()
    named = named_in(request.scope["query_string"])
    key = (request.scope["path"], service.url_of(request, ""), service.today(), named)
    version = directory.dataset.table  # the same in every language
    answer: Response | Answer | None = service.pages.find(version, key)
    if answer is None:
        answer = _as_answer(get(service, request))
        if isinstance(answer, Answer) and answer.media_type.startswith("text/html"):
            service.pages.keep(version, key, answer)
    return answer


def _as_answer(response: Response) -> Response | Answer:
    """Return a good page as its bytes, and anything else as it is."""
    if response.status_code != 200:
        return response
    return Answer(bytes(response.body), response.headers["Content-Type"])


def _sent(request: Request, answer: Response | Answer, cache_control: str) -> Response:
    """Send a page compressed, with an ETag, and as 304 to whoever has it."""
    if isinstance(answer, Response):
        return answer
    vary = "Accept-Encoding" if named_in(request.scope["query_string"]) else VARY
    return respond(request, answer, cache_control=cache_control, vary=vary)


def _not_here(service: Service, request: Request, problem: NotHere) -> Response:
    """Return a page that says so, with the crisis line, the form and links to what is near."""
    head = Head(say("shell.not_found"), problem.what, request.scope["path"], indexed=False)
    return page(
        service,
        request,
        "not_here.html",
        head,
        status=404,
        sentence=problem.what,
        near=problem.near,
        form=form_of(towns=service.directory().towns),
    )


def redirect(path: str, status: int = 303) -> Response:
    """Send a visitor on to another of our pages."""
    return Response(status_code=status, headers={"Location": path})


def as_json_ld(text: Markup) -> Markup:
    """Put JSON-LD, already made safe, into its element; no browser runs this kind of script."""
    return Markup('<script type="application/ld+json">{}</script>').format(text)

"""What every plain page shares: the frame around it, its status and headers, polite refusals.

Owns methods, caching and errors of these pages; must not know what a page shows.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from clinics.directory import BrokenDataset, Directory
from clinics.domain.words import day as day_in_words
from clinics.present import html as render
from clinics.web import log
from clinics.web.http_cache import MINUTE, Answer, respond
from clinics.web.plain.assets import PREVIEW_SIZE, path_of
from clinics.web.plain.form import form_of
from clinics.web.service import Service

Handler = Callable[[Request], Response]
Poster = Callable[[Request], Awaitable[Response]]
ASKED = "private, max-age=60"
"""What somebody searched for is kept in their own browser only."""

_log = logging.getLogger("clinics.errors")
_LATER = "The directory cannot be shown at the moment. Try again in a minute."


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page says; `path` is its one address, `app` the same in the app."""

    title: str
    description: str
    path: str
    app: str = "/"
    indexed: bool = True


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
    url = service.url_of(request, head.path)
    html = render.fill(
        f"plain/{template}",
        head=head,
        url=url,
        preview=service.url_of(request, path_of("preview.png")) if "://" in url else "",
        preview_size=PREVIEW_SIZE,
        css=path_of("plain.css"),
        icon=path_of("icon.svg"),
        site=directory.site,
        vocabulary=directory.vocabulary,
        published=_published(directory),
        **values,
    )
    return HTMLResponse(_compact(html), status_code=status)


def _published(directory: Directory) -> str:
    day = directory.dataset.version.published
    return day_in_words(day) if day else ""


def _compact(html: str) -> str:
    """Leave out the spaces that lines begin with and lines without anything."""
    return "\n".join(filter(None, (line.strip(" \t") for line in html.split("\n")))) + "\n"


def refusal(
    service: Service,
    request: Request,
    status: int,
    title: str,
    sentences: Sequence[str],
    near: Sequence[tuple[str, str]] = (),
) -> Response:
    """Return a page that says why there is none, with the crisis line, the form and links."""
    head = Head(title, sentences[0], request.scope["path"], indexed=False)
    return page(
        service,
        request,
        "refusal.html",
        head,
        status=status,
        sentences=sentences,
        near=near,
        form=form_of(),
    )


class PlainPage:
    """Answers one route: GET and HEAD by `get`, POST by `post` where there is one.

    Whatever is asked, and in whatever bytes, the answer is a page with a sentence.
    """

    def __init__(self, service: Service, get: Handler, post: Poster | None = None) -> None:
        self._service = service
        self._get = get
        self._post = post

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as an ASGI application, so that a wrong method gets a page too."""
        request = Request(scope, receive)
        response = await self._answer(request)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method in ("GET", "HEAD"):
            if self._service.at_once():
                return _sent(request, self._guarded(request))
            return _sent(request, await run_in_threadpool(self._guarded, request))
        if request.method == "POST" and self._post:
            try:
                response = await self._post(request)
            except Exception as problem:
                response = await run_in_threadpool(self._failed, problem)
            response.headers["Cache-Control"] = "no-store"
            return response
        return await run_in_threadpool(self._wrong_method, request)

    def _guarded(self, request: Request) -> Response | Answer:
        try:
            if "" in request.path_params.values():  # "/near/" is "/near"
                return redirect("/" + str(request.scope["path"]).strip("/"), 301)
            if request.scope["query_string"]:  # what somebody searched for is not kept
                return _as_answer(self._get(request))
            return self._kept(request)
        except NotHere as problem:
            return refusal(self._service, request, 404, "Not found", [problem.what], problem.near)
        except Exception as problem:
            return self._failed(problem)

    def _kept(self, request: Request) -> Response | Answer:
        """Return a page that holds for everybody, drawn once for a version and a day."""
        service, directory = self._service, self._service.directory()
        key = (request.scope["path"], service.url_of(request, ""), service.today())
        answer: Response | Answer | None = service.pages.find(directory, key)
        if answer is None:
            answer = _as_answer(self._get(request))
            if isinstance(answer, Answer) and answer.media_type.startswith("text/html"):
                service.pages.keep(directory, key, answer)
        return answer

    def _failed(self, problem: Exception) -> Response:
        """Say that something is wrong on our side; the log gets a kind and an id, no search."""
        if isinstance(problem, BrokenDataset):
            _log.error("No plain page can be shown. %s", problem)
            return _bare(503, _LATER, {"Retry-After": "60"})
        id = log.note(problem)
        return _bare(500, f"Something went wrong on our side (error {id}). Try again.")

    def _wrong_method(self, request: Request) -> Response:
        allowed = "GET, HEAD, POST" if self._post else "GET, HEAD"
        said = f"This page can be read ({allowed}); it takes nothing else."
        try:
            response = refusal(self._service, request, 405, "That cannot be done here", [said])
        except BrokenDataset:
            response = _bare(405, said)
        response.headers["Allow"] = allowed
        return response


def _bare(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """Return a page for when there is no directory to fill a frame with."""
    html = render.fill("plain/bare.html", sentence=sentence, css=path_of("plain.css"))
    no_store = {"Cache-Control": "no-store", **(headers or {})}
    return HTMLResponse(html, status_code=status, headers=no_store)


def _as_answer(response: Response) -> Response | Answer:
    """Return a good page as its bytes, and anything else as it is."""
    if response.status_code != 200:
        return response
    return Answer(bytes(response.body), response.headers["Content-Type"])


def _sent(request: Request, response: Response | Answer) -> Response:
    """Send a page compressed, with an ETag, as 304 to whoever has it, and bodiless for HEAD."""
    if isinstance(response, Answer):
        asked = bool(request.scope["query_string"])
        return respond(request, response, cache_control=ASKED if asked else MINUTE)
    if request.method == "HEAD":
        response.body = b""  # the length that GET would have stays in its header
    return response


def redirect(path: str, status: int = 303) -> Response:
    """Send a visitor on to another of our pages."""
    return Response(status_code=status, headers={"Location": path})


def as_json_ld(text: Markup) -> Markup:
    """Put JSON-LD, already made safe, into its element; no browser runs this kind of script."""
    return Markup('<script type="application/ld+json">{}</script>').format(text)

"""The API: searches, single clinics, the words of the directory and places, as data."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from clinics.domain.language import speaking
from clinics.search.query import MAX_NEAR
from clinics.web.api import answers as api_answers
from clinics.web.api import openapi
from clinics.web.api.request import FORMATS, Reader, read_search
from clinics.web.endpoint import Handler, OpenEndpoint
from clinics.web.http_cache import Answer, respond
from clinics.web.language import PARAMETER, VARY, named_in, preferred, with_language
from clinics.web.refusals import NOT_FOUND, Refused
from clinics.web.service import Service

BASE = "/api/v1"
WORDS = {"conditions": "conditions", "treatments": "treatments", "categories": "category"}
"""The lists of words by their address, and the CSV column they are for."""


@dataclass(frozen=True)
class Api:
    """The handlers."""

    service: Service

    def clinics(self, request: Request) -> Response:
        """Answer a search."""
        asked = read_search(request, self.service)
        answer = api_answers.search_answer(asked, self.service.directory())
        return respond(request, answer, {"Link": self._links(request, answer)})

    def clinic(self, request: Request) -> Response:
        """Answer with one clinic."""
        format = self._only_format(request, FORMATS)
        dataset = self.service.directory().dataset
        clinic = api_answers.clinic_of(dataset, str(request.path_params["id"]))
        return respond(request, api_answers.clinic_answer(clinic, format, dataset.version))

    def words(self, request: Request, name: str) -> Response:
        """Answer with the conditions, treatments or categories."""
        self._only_format(request)
        dataset = self.service.directory().dataset
        return respond(request, api_answers.words_answer(name, WORDS[name], dataset))

    def places(self, request: Request) -> Response:
        """Answer with the places that a text can mean."""
        reader = Reader(request, ("q", "format", PARAMETER), {"q": MAX_NEAR})
        q = reader.text("q")
        reader.one_of("format", FORMATS[:1])
        reader.one_of(PARAMETER, self.service.directory().languages)
        reader.end()
        return respond(request, api_answers.places_answer(q, self.service.find))

    def description(self, request: Request) -> Response:
        """Answer with the description of the API, which is in English."""
        reader = Reader(request, ("format",))
        reader.one_of("format", FORMATS[:1])
        reader.end()
        document = openapi.document(self.service.directory())
        return respond(request, Answer(api_answers.dumps(document), openapi.MEDIA_TYPE))

    def spoken(self, handle: Handler, request: Request) -> Response:
        """Answer in the language that the address names, else in the one that is preferred.

        The labels and sentences of an answer are in it; ids and names are the same in all.
        """
        languages = self.service.directory().languages
        named = named_in(request.scope["query_string"])
        preference = preferred(request.headers.get("accept-language"), languages)
        language = named if named in languages else preference
        with speaking(language):
            response = handle(request)
        if len(languages) > 1:
            response.headers["Content-Language"] = language
            response.headers["Vary"] = response.headers["Vary"] if named else VARY
        return response

    def _only_format(self, request: Request, formats: tuple[str, ...] = FORMATS[:1]) -> str:
        reader = Reader(request, ("format", PARAMETER))
        format = reader.one_of("format", formats)
        reader.one_of(PARAMETER, self.service.directory().languages)
        reader.end()
        return format

    def _links(self, request: Request, answer: Answer) -> str:
        named = named_in(request.scope["query_string"])
        paths = {
            rel: with_language(path, named) if named else path for rel, path in answer.links.items()
        }
        whole = {rel: self.service.url_of(request, path) for rel, path in paths.items()}
        return ", ".join(f'<{url}>; rel="{rel}"' for rel, url in whole.items())


def routes(service: Service) -> list[Route]:
    """Return the routes of the API; the last one answers for every address that is none."""
    api = Api(service)
    in_words: Mapping[str, Handler] = {
        "/clinics": api.clinics,
        "/clinics/{id}": api.clinic,
        **{f"/{name}": partial(api.words, name=name) for name in WORDS},
        "/places": api.places,
    }
    handlers: Mapping[str, Handler] = {
        **{path: partial(api.spoken, handle) for path, handle in in_words.items()},
        "/openapi.json": api.description,
    }
    found = [
        Route(BASE + path, OpenEndpoint(handler, service.at_once))
        for path, handler in handlers.items()
    ]
    known = [BASE + path for path in handlers]
    return [*found, Route("/api/{path:path}", OpenEndpoint(partial(_nothing, known=known)))]


def _nothing(request: Request, known: list[str]) -> Response:
    """Refuse an address that is none of ours, and name the nearest; a last slash is forgiven."""
    asked = str(request.scope["path"])
    path = asked.rstrip("/")[:100]
    if asked != path and path in ("/api", *known):
        query = request.url.query
        return RedirectResponse(path + (f"?{query}" if query else ""), 301)
    near = difflib.get_close_matches(path, known, n=3, cutoff=0.5)
    raise Refused(NOT_FOUND, detail="The API has nothing at this address.", did_you_mean=near)

"""The questions to take along as a file: one page of PDF, or text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinics.domain.language import say
from clinics.present.question_sheet import sheet_pdf, sheet_text
from clinics.web.http_cache import Answer, respond
from clinics.web.plain.page import ASKED, spoken_file
from clinics.web.service import Service

PDF, TEXT = "questions.pdf", "questions.txt"
_TYPES = {PDF: "application/pdf", TEXT: "text/plain; charset=utf-8"}


def routes(service: Service) -> list[Route]:
    """Return a route for each kind of file."""
    return [Route(f"/{name}", spoken_file(service, partial(_get, name))) for name in _TYPES]


def path_of(name: str, ids: Iterable[str] = (), clinic: str = "") -> str:
    """Return the address of a file with some questions, or all of them, for a clinic or none."""
    given = [("q", id) for id in ids] + [("clinic", clinic)] * bool(clinic)
    return f"{name}?{urlencode(given)}" if given else name


def _get(name: str, service: Service, request: Request) -> Response:
    """Answer with the questions that are asked for; ids that are gone by now are left out."""
    directory, params = service.directory(), request.query_params
    asked, every = set(params.getlist("q")), directory.explainer.questions
    questions = [question for question in every if question.id in asked] or every
    clinic = directory.dataset.find(params.get("clinic", ""))
    sheet = sheet_pdf(questions, clinic) if name == PDF else sheet_text(questions, clinic).encode()
    kept_as = name.replace("questions", say("sheet.questions_file"))
    headers = {"Content-Disposition": f'attachment; filename="{kept_as}"'}
    answer = Answer(sheet, _TYPES[name], headers)
    return respond(request, answer, cache_control=ASKED)

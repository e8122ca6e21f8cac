"""Two answers for whoever watches the service: it is alive, and can answer a search."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from clinics.search.query import Query
from clinics.search.search import search
from clinics.web.service import Service

_HEADERS = {"Cache-Control": "no-store"}


class StoreState(StrEnum):
    """What is known of the store of versions, without asking it again."""

    ANSWERS = "answers"
    DOWN = "does not answer"
    NONE = "none"


def routes(
    service: Service, store: Callable[[], StoreState] = lambda: StoreState.NONE
) -> list[Route]:
    """Return `/livez` and `/healthz`; `store` says how the store of versions is."""

    async def livez(_: Request) -> Response:
        return JSONResponse({"status": "alive"}, headers=_HEADERS)

    def healthz(_: Request) -> Response:
        return readiness(service, store)

    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/livez", livez, methods=["GET"]),
    ]


def readiness(service: Service, store: Callable[[], StoreState]) -> Response:
    """Answer 200 with the live version only when a search can be answered, else 503.

    While the store is down visitors get the last good version, so that is still 200.
    """
    try:
        dataset = service.directory().dataset
        search(dataset, Query(), limit=1, facets=False)
        kept = store()
    except Exception:  # whatever is wrong, the answer is the same: no search can be answered
        sentence = "No search can be answered at the moment."
        body = {"status": "unavailable", "detail": sentence}
        return JSONResponse(body, status_code=503, headers=_HEADERS)
    version = {"id": dataset.version.id, "clinics": dataset.version.clinics}
    return JSONResponse({"status": "ok", "version": version, "store": kept}, headers=_HEADERS)

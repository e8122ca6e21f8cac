"""Every answer that is none: a problem (RFC 9457) for programs, a page with 988 for people."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from clinics.directory import BrokenDataset
from clinics.domain.language import ENGLISH, LANGUAGES, say, speaking
from clinics.domain.ports import StoreUnavailable
from clinics.present import html as render
from clinics.present import wording
from clinics.web import log
from clinics.web.addresses import relative_html
from clinics.web.language import named_in, preferred
from clinics.web.plain.assets import path_of

MEDIA_TYPE = "application/problem+json"
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link"}
"""Any page may read this, with no cookie (there is none) and nothing else of its visitor."""

_DATA_SECTIONS = ("/api/", "/healthz", "/livez", "/data/")
_log = logging.getLogger("clinics")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its name in `type`, its status, and the ids of what is said of it.

    `says` is its title for programs, `page_says` the heading of its page if that is another.
    """

    name: str
    says: str
    status: int
    page_says: str = ""

    @property
    def title(self) -> str:
        """Say what kind it is."""
        return say(self.says)

    @property
    def heading(self) -> str:
        """Say the same to a person."""
        return say(self.page_says or self.says)

    @property
    def type(self) -> str:
        """Return the address that stands for this kind: its place on the page about the API."""
        return f"/api#{self.name}" if self.name else "about:blank"


UNUSABLE = Kind("unusable-request", "refusal.unusable", 400)
NOT_FOUND = Kind("not-found", "refusal.not_found", 404, "refusal.nothing_here")
METHOD = Kind("method-not-allowed", "refusal.method", 405, "refusal.cannot_be_done")
BUG = Kind("error", "refusal.bug", 500)
UNAVAILABLE = Kind("unavailable", "refusal.unavailable", 503, "refusal.no_page_now")
KINDS = (UNUSABLE, NOT_FOUND, METHOD, BUG, UNAVAILABLE)
"""The kinds that the API describes; the others are the same for all services."""

UNCLEAR = Kind("", "refusal.unclear", 400)
INCOMPLETE = Kind("", "refusal.incomplete", 408)
TOO_MUCH = Kind("", "refusal.too_much", 413)
TOO_LONG = Kind("", "refusal.too_long", 414)
BUSY = Kind("", "refusal.busy", 503)


@dataclass(frozen=True, slots=True)
class Detail:
    """A sentence by its id, said when it is sent: by then the language of the answer is known."""

    id: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return say(self.id, **self.values)


def detail(id: str, /, **values: object) -> Detail:
    """Return the sentence of an id, to be said later."""
    return Detail(id, values)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that cannot be used: the parameter, a sentence, and what could stand there.

    `allowed` are all values it may have, where they can be counted; `did_you_mean` are the likely.
    """

    parameter: str
    detail: str
    allowed: tuple[str, ...] = ()
    did_you_mean: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the members that say all this; what is empty is left out."""
        said: dict[str, object] = {"parameter": self.parameter, "detail": self.detail}
        lists = {"allowed": list(self.allowed), "did_you_mean": list(self.did_you_mean)}
        return said | {name: values for name, values in lists.items() if values}


class Refused(Exception):
    """A request is not answered: which kind of problem it is, and everything that is wrong."""

    def __init__(
        self,
        kind: Kind,
        faults: Iterable[Fault] = (),
        *,
        detail: str | Detail = "",
        did_you_mean: Iterable[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.kind = kind
        self.faults = tuple(faults)
        self._detail = detail or " ".join(fault.detail for fault in self.faults)
        self.did_you_mean = tuple(did_you_mean)
        self.headers = dict(headers or {})
        super().__init__(self.detail)

    @property
    def detail(self) -> str:
        """Say what is wrong."""
        return str(self._detail)

    def as_json(self) -> dict[str, object]:
        """Return the members of the problem; those of the first fault stand on top as well."""
        kind = self.kind
        said: dict[str, object] = {"type": kind.type, "title": kind.title, "status": kind.status}
        if self.faults:
            said |= self.faults[0].as_json()
        said["detail"] = self.detail
        if self.did_you_mean:
            said["did_you_mean"] = list(self.did_you_mean)
        if self.faults:
            said["errors"] = [fault.as_json() for fault in self.faults]
        return said | {"help": wording.crisis()}


def wrong_method(allowed: Iterable[str]) -> Refused:
    """Return the refusal of a method that an address does not have."""
    allow = ", ".join(sorted(allowed))
    return Refused(METHOD, detail=detail("refusal.allowed", allow=allow), headers={"Allow": allow})


def of_trouble(problem: Exception) -> Refused:
    """Return the refusal that an exception stands for; a bug goes to the log, without its text."""
    if isinstance(problem, Refused):
        return problem
    if isinstance(problem, (BrokenDataset, StoreUnavailable)):
        _say_once(str(problem))
        unreadable = detail("refusal.unreadable")
        return Refused(UNAVAILABLE, detail=unreadable, headers={"Retry-After": "30"})
    return Refused(BUG, detail=detail("refusal.error", id=log.note(problem)))


@lru_cache(maxsize=16)
def _say_once(sentence: str) -> None:
    """Name a fault of the data in the log; it holds nothing that a visitor sent."""
    _log.error("No search can be answered. %s", sentence)


def response(scope: Scope, problem: Exception) -> Response:
    """Return what is sent in place of an answer; nothing on the way keeps it."""
    refused = of_trouble(problem)
    headers = refused.headers | {"Cache-Control": "no-store"}
    if _wants_page(scope):
        language = _language(scope)
        with speaking(language or ENGLISH):
            body = relative_html(_page(refused), scope["path"], language)
        media_type = "text/html"
    else:
        body = json.dumps(refused.as_json(), ensure_ascii=False, separators=(",", ":"))
        headers, media_type = headers | OPEN, MEDIA_TYPE
    return Response(body, refused.kind.status, headers, media_type)


def _language(scope: Scope) -> str:
    """Return the language that the address names, or that the browser prefers; "" for English."""
    named = named_in(scope.get("query_string", b""))
    if named:
        return named
    liked = preferred(Request(scope).headers.get("accept-language"), LANGUAGES)
    return "" if liked == ENGLISH else liked


def _page(refused: Refused) -> str:
    title, css = refused.kind.heading, path_of("plain.css")
    return render.fill("refusal.html", title=title, sentence=refused.detail, css=css)


def _wants_page(scope: Scope) -> bool:
    """Return True if a person is reading: a page was asked for, and no data."""
    if scope["path"].startswith(_DATA_SECTIONS):
        return False
    accept = Request(scope).headers.get("accept", "")
    return "text/html" in accept or "json" not in accept

"""What an answer says when there is none: problems as RFC 9457 describes them, for programs.

Owns their shape and their kinds; must not know which requests are refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from clinics.present import wording

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its name in `type`, its title and its status."""

    name: str
    title: str
    status: int

    @property
    def type(self) -> str:
        """Return the address that stands for this kind: its place on the page about the API."""
        return f"/api#{self.name}"


UNUSABLE = Kind("unusable-request", "Something in the request cannot be used", 400)
NOT_FOUND = Kind("not-found", "There is nothing at this address", 404)
METHOD = Kind("method-not-allowed", "This service only answers questions", 405)
BUG = Kind("error", "Something went wrong on our side", 500)
UNAVAILABLE = Kind("unavailable", "No search can be answered at the moment", 503)
KINDS = (UNUSABLE, NOT_FOUND, METHOD, BUG, UNAVAILABLE)


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
        detail: str = "",
        did_you_mean: Iterable[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.kind = kind
        self.faults = tuple(faults)
        self.detail = detail or " ".join(fault.detail for fault in self.faults)
        self.did_you_mean = tuple(did_you_mean)
        self.headers = dict(headers or {})
        super().__init__(self.detail)

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
        return said | {"help": wording.CRISIS}


def unavailable() -> Refused:
    """Return the problem that no search can be answered; whoever asks may come back."""
    return Refused(
        UNAVAILABLE,
        detail="The directory cannot be read at the moment. Try again in half a minute.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def bug(id: str) -> Refused:
    """Return the problem of an error of ours, which our log has under this id."""
    return Refused(
        BUG, detail=f"Something went wrong on our side (error {id}). Try again in a moment."
    )


def response(problem: Refused, headers: Mapping[str, str]) -> Response:
    """Return a problem as it is sent; nothing on the way keeps it."""
    body = json.dumps(problem.as_json(), ensure_ascii=False, separators=(",", ":")).encode()
    kept = {**headers, **problem.headers, "Cache-Control": "no-store"}
    return Response(body, problem.kind.status, kept, media_type=MEDIA_TYPE)

"""What every route needs: the newest data, the day, where a place is, and the site's address."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request

from clinics.directory import Directory, today_at
from clinics.domain.ports import GeocodedAddress, PlaceNotUnderstood
from clinics.places.find import PlaceAnswer, find_place
from clinics.web.addresses import BASE
from clinics.web.http_cache import Answers

HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
"""A name or an IP address with an optional port; a sender can write anything into Host."""


@dataclass(frozen=True)
class Service:
    """What every route is given.

    `directory` returns the newest version, in the language that is spoken, and may raise
    BrokenDataset. `find` looks up towns, ZIP
    codes and coordinates, here and without a network; it raises PlaceError, also for a street
    address. `base_url` has no slash at its end; "" means that addresses are made from the request.
    `at_once` returns True if the next request can be answered without a thread. `pages` keeps plain
    pages.
    """

    directory: Callable[[], Directory]
    today: Callable[[], dt.date]
    find: Callable[[str], PlaceAnswer]
    base_url: str = ""
    at_once: Callable[[], bool] = lambda: False
    pages: Answers = field(default_factory=Answers)

    def url_of(self, request: Request, path: str) -> str:
        """Return the whole address of a path; only the path where the Host is not a host."""
        return whole_url(self.base_url, request, path)


def whole_url(base_url: str, request: Request, path: str) -> str:
    """Return the whole address of a path: as set, or as this request has it."""
    if base_url:
        return base_url + path
    host, scheme = request.headers.get("host", ""), request.scope["scheme"]
    base = request.scope.get(BASE, "")
    return f"{scheme}://{host}{base}{path}" if HOST.fullmatch(host) else path


@dataclass(frozen=True)
class NoAddresses:
    """Stands where a geocoder would: what is asked of it is a street address, and refused."""

    why: str
    next_step: str

    def locate(self, address: str) -> GeocodedAddress | None:  # noqa: ARG002 - as in the port
        """Raise PlaceNotUnderstood, so that not even the ZIP of the address is used."""
        raise PlaceNotUnderstood(self.why, self.next_step)


_NO_ADDRESSES = NoAddresses(
    "A street address is not looked up from a link, because links are kept in histories and logs.",
    "Give its town with the state, or its five-digit ZIP code.",
)


def service_of(
    directory: Callable[[], Directory],
    base_url: str = "",
    today: Callable[[], dt.date] | None = None,
    at_once: Callable[[], bool] = lambda: False,
) -> Service:
    """Put a service together that looks places up in the directory's own tables."""

    def find(text: str) -> PlaceAnswer:
        return find_place(text, directory().gazetteer, _NO_ADDRESSES)

    def day() -> dt.date:
        return today_at(directory().site)

    def in_words() -> Directory:
        return directory().spoken()

    return Service(in_words, today or day, find, base_url.rstrip("/"), at_once)

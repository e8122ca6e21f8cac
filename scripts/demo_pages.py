"""Made-up pages in the place of the sites of the listed clinics, some of them faulty.

Nothing of a page is taken from a clinic but its name and town; telephones are of the numbers that
are kept free for such uses.
"""

from __future__ import annotations

import csv
import html
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from clinics.settings import ROOT

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a site answers."""

    body: bytes
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Pages = dict[tuple[str, str], Reply | str]
"""Host without www. and path -> the answer, or the name of a trouble."""

REFUSES_ALL = Reply(b"User-agent: *\nDisallow: /\n", kind="text/plain")
GONE = Reply(b"<title>Not found</title>", 404)
EVERY_FAULTY = 6
"""Of so many sites the last has a fault."""


def made_up_pages() -> Pages:
    """Return the pages of every site that a listing of the data folder names."""
    listed = [row for row in _rows("clinics") if row["website"]]
    zips = {(row["name"], row["state"]): row["zips"].partition(";")[0] for row in _rows("towns")}
    of: dict[tuple[str, str], list[Place]] = {}
    for number, row in enumerate(listed):
        parts = urlsplit(row["website"])
        where = (parts.hostname or "").removeprefix("www."), parts.path or "/"
        of.setdefault(where, []).append(
            _place(row, number, zips.get((row["city"], row["state"]), ""))
        )
    pages: Pages = {}
    for number, (where, places) in enumerate(sorted(of.items(), key=lambda one: one[0])):
        turn, is_good = divmod(number, EVERY_FAULTY)
        makers = _WAYS if is_good != EVERY_FAULTY - 1 else _FAULTS
        index = number if makers is _WAYS else turn
        makers[index % len(makers)](pages, where, places)
    return pages


@dataclass(frozen=True, slots=True)
class Place:
    """A made-up office of a listed clinic."""

    name: str
    phone: str
    fax: str
    street: str
    city: str
    state: str
    zip: str


def _rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _place(row: Row, number: int, town: str) -> Place:
    """Return where the page of a listing says that it is."""
    return Place(
        row["name"], f"301-555-01{number:02d}", f"301-555-01{99 - number:02d}",
        f"{number + 1} Made Up Street, Suite 2", row["city"], row["state"], row["zip"] or town,
    )  # fmt: skip


def page(title: str, data: Sequence[Any] = (), body: str = "") -> Reply:
    """Return a page with data for machines."""
    blocks = "".join(
        f'<script type="application/ld+json">{one if isinstance(one, str) else json.dumps(one)}'
        "</script>"
        for one in data
    )
    text = f"<!doctype html><meta charset=utf-8><title>{html.escape(title)}</title>{blocks}{body}"
    return Reply(text.encode())


def clinic(place: Place, **more: Any) -> dict[str, Any]:
    """Return a place as JSON-LD."""
    address = {
        "@type": "PostalAddress", "streetAddress": place.street, "addressLocality": place.city,
        "addressRegion": place.state, "postalCode": place.zip, "addressCountry": "US",
    }  # fmt: skip
    hours = {"dayOfWeek": ["Monday", "Tuesday"], "opens": "09:00", "closes": "17:00"}
    return {
        "@context": "https://schema.org", "@type": "MedicalClinic", "name": place.name,
        "telephone": place.phone, "faxNumber": place.fax, "address": address,
        "openingHoursSpecification": [hours], "priceRange": "$$$",
        "medicalSpecialty": "Psychiatric", "availableService": "Made-up cure", **more,
    }  # fmt: skip


Where = tuple[str, str]
Maker = Callable[[Pages, Where, Sequence[Place]], None]


def _plain(pages: Pages, where: Where, places: Sequence[Place]) -> None:
    pages[where] = page(places[0].name, [clinic(one) for one in places])


def _graph(pages: Pages, where: Where, places: Sequence[Place]) -> None:
    graph = [{"@type": "WebSite", "name": "x"}, *map(clinic, places)]
    pages[where] = page(places[0].name, [{"@graph": graph}], _links(places))


def _links_only(pages: Pages, where: Where, places: Sequence[Place]) -> None:
    if len(places) > 1:
        _plain(pages, where, places)
    else:
        pages[where] = page(places[0].name, (), _links(places))


def _broken(pages: Pages, where: Where, places: Sequence[Place]) -> None:
    if len(places) > 1:
        _plain(pages, where, places)
    else:
        pages[where] = page(places[0].name, ['{"@type":"MedicalClinic","tele'], _links(places))


def _contact(pages: Pages, where: Where, places: Sequence[Place]) -> None:
    if len(places) > 1:
        _plain(pages, where, places)
    else:
        pages[where] = page(places[0].name, (), '<a href="/contact-us">Contact us</a>')
        pages[where[0], "/contact-us"] = page("Contact", [clinic(places[0])])


def _links(places: Sequence[Place]) -> str:
    return "".join(
        f'<p>Call <a href="tel:+1{one.phone}">{one.phone}</a></p><p>Fax '
        f'<a href="tel:{one.fax}">{one.fax}</a></p>'
        '<p>In a crisis call <a href="tel:18005550199">1-800-555-0199</a></p>'
        for one in places
    )


def _gone(pages: Pages, where: Where, _: Sequence[Place]) -> None:
    pages[where] = GONE


def _parked(pages: Pages, where: Where, _: Sequence[Place]) -> None:
    pages[where] = page(f"{where[0]} - this domain is for sale", (), "<a href=tel:3015550199>x</a>")


def _several(pages: Pages, where: Where, places: Sequence[Place]) -> None:
    one = places[0]
    pages[where] = page(
        one.name, (), f"<a href=tel:{one.phone}>Desk</a> <a href=tel:301-555-0198>Desk 2</a>"
    )


def _refuses(pages: Pages, where: Where, places: Sequence[Place]) -> None:
    _plain(pages, where, places)
    pages[where[0], "/robots.txt"] = REFUSES_ALL


_WAYS: Sequence[Maker] = (_plain, _graph, _links_only, _broken, _contact)
_FAULTS: Sequence[Maker] = (_several, _gone, _parked, _refuses)

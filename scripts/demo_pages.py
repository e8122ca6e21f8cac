"""Made-up pages in the place of the sites of the listed clinics, some of them faulty.

Nothing of a page is taken from a clinic but its name and town; telephones are of the numbers that
are kept free for such uses.
"""

from __future__ import annotations

import html
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from scripts.sources import read, shown


@dataclass(frozen=True, slots=True)
class Reply:
    """What a site answers."""

    body: bytes
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Where = tuple[str, str]
Pages = dict[Where, Reply | str]
"""Host without www. and path -> the answer, or the name of a trouble."""

REFUSES_ALL = Reply(b"User-agent: *\nDisallow: /\n", kind="text/plain")
GONE = Reply(b"<title>Not found</title>", 404)
EVERY_FAULTY = 6
"""Of so many sites of one listing the last has a fault."""


@dataclass(frozen=True, slots=True)
class Place:
    """A made-up office of a listed clinic."""

    id: str
    website: str
    name: str
    phone: str
    fax: str
    street: str
    city: str
    state: str
    zip: str


def made_up_pages() -> Pages:
    """Return the pages of every site that a listing of the data folder names."""
    of: dict[Where, list[Place]] = {}
    for place in _places():
        parts = urlsplit(place.website)
        where = (parts.hostname or "").removeprefix("www."), parts.path or "/"
        of.setdefault(where, []).append(place)
    pages: Pages = {}
    alone = sorted(where for where, places in of.items() if len(places) == 1)
    for where in of.keys() - set(alone):
        _plain(pages, where, of[where])
    for number, where in enumerate(alone):
        turn, which = divmod(number, EVERY_FAULTY)
        if which == EVERY_FAULTY - 1:
            _FAULTS[turn % len(_FAULTS)](pages, where, of[where])
        else:
            _WAYS[number % len(_WAYS)](pages, where, of[where])
    return pages


def made_up_phones() -> dict[str, str]:
    """Return the number that the page of each listing gives, by its id, as it is written here."""
    return {place.id: f"({place.phone[:3]}) {place.phone[4:]}" for place in _places()}


def _places() -> list[Place]:
    """Return where the page of each listing says that it is."""
    zips = {(row["name"], row["state"]): row["zips"].partition(";")[0] for row in _rows("towns")}
    listed = [row for row in _rows("clinics") if row["website"]]
    lines = [f"{area}-555-01{n:02d}" for area in (301, 240, 410, 202, 703, 571) for n in range(90)]
    made_up = iter(random.Random(1).sample(lines, 2 * len(listed)))  # in no order, like real ones
    return [
        Place(
            row["id"], row["website"], row["name"], next(made_up), next(made_up),
            f"{n + 1} Made Up Street, Suite 2", row["city"], row["state"],
            row["zip"] or zips.get((row["city"], row["state"]), ""),
        )
        for n, row in enumerate(listed)
    ]  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    return read(shown() / f"{name}.csv")


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
    number = int(place.street.partition(" ")[0])
    hours = {
        "dayOfWeek": ["Monday", "Tuesday"], "opens": f"{7 + number % 4:02d}:00",
        "closes": f"{15 + number % 7:02d}:30",
    }  # fmt: skip
    return {
        "@context": "https://schema.org", "@type": "MedicalClinic", "name": place.name,
        "telephone": place.phone, "faxNumber": place.fax, "address": address,
        "openingHoursSpecification": [hours], "priceRange": "$$$",
        "medicalSpecialty": "Psychiatric", "availableService": "Made-up cure", **more,
    }  # fmt: skip


Maker = Callable[[Pages, Where, Sequence[Place]], None]


def _plain(pages: Pages, where: Where, places: Sequence[Place]) -> None:
    pages[where] = page(places[0].name, [clinic(one) for one in places])


def _graph(pages: Pages, where: Where, places: Sequence[Place]) -> None:
    graph = [{"@type": "WebSite", "name": "x"}, *map(clinic, places)]
    pages[where] = page(places[0].name, [{"@graph": graph}], _links(places))


def _links_only(pages: Pages, where: Where, places: Sequence[Place]) -> None:
    pages[where] = page(places[0].name, (), _links(places))


def _broken(pages: Pages, where: Where, places: Sequence[Place]) -> None:
    pages[where] = page(places[0].name, ['{"@type":"MedicalClinic","tele'], _links(places))


def _contact(pages: Pages, where: Where, places: Sequence[Place]) -> None:
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

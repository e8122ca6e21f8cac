"""Public sources for tests: the stand-in on this machine, asked without the pauses of a guest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from clinics.adapters.find_treatment import FindTreatment
from clinics.adapters.polite_web import AGENT, PoliteWeb
from clinics.adapters.public_web import PublicWeb, resolved
from clinics.adapters.websites import Websites
from clinics.domain.model import Point
from clinics.domain.sources import Listing, Record, Said, SourceRefused, Tell, WholeList
from clinics.intake.locator import load_state_numbers
from clinics.places.zips import in_state
from scripts.demo_sources import StandIn
from tests.folders import DATA

TODAY = dt.date(2026, 11, 28)
CENTER = Point(39.05, -77.0)
HERE = "127.0.0.1"


def nobody(_share: float, _doing: str) -> None:
    """Tell nobody how far it is."""


def polite(stand: StandIn | None = None, **more: Any) -> PoliteWeb:
    """What asks the stand-in as the service does, in no time."""
    port = stand.server_address[1] if stand else 0
    web = PublicWeb(
        "made-up/1.0", 2_000_000, accept="application/json", unpacks=True,
        may_ask=lambda address: address == HERE, may_use_port=lambda asked: asked == port,
        longest_seconds=more.pop("longest_seconds", 5.0), resolve=more.pop("resolve", resolved),
    )  # fmt: skip
    return PoliteWeb(web, AGENT, pause=more.pop("pause", 0.0), **more)


def plain_records(rows: Sequence[Any], today: dt.date) -> tuple[list[Record], str]:
    """Rows as records without the reader."""
    return [Record(str(row["name1"]), {}, "", today) for row in rows], ""


def find_treatment(stand: StandIn, **more: Any) -> FindTreatment:
    """The source, asking the stand-in."""
    return FindTreatment(
        stand.address,
        lambda: polite(stand, longest_seconds=more.get("longest_seconds", 5.0)),
        more.get("states", ("MD", "DC", "VA")),
        more.get("numbers", load_state_numbers(DATA)),
        frozenset({"mental-health"}),
        more.get("center", CENTER),
        more.get("is_near", lambda _: True),
        in_state,
        more.get("read", plain_records),
        lambda: TODAY,
    )


def websites(stand: StandIn, **more: Any) -> Websites:
    """The source of clinics' own pages, each asked of the stand-in by the name of its host."""
    resolve = more.pop("resolve", lambda *_: (HERE,))
    pages = more.pop("pages", {})
    made = polite(stand, resolve=resolve, **more)

    def asked_as(url: str) -> str:
        parts = urlsplit(url)
        there = f"{parts.hostname}:{stand.server_address[1]}"
        return parts._replace(scheme="http", netloc=there).geturl()

    return Websites(lambda: made, lambda: TODAY, lambda: pages, asked_as)


class MadeUpSource:
    """A source that says what a test gives it, and then refuses if it is told to."""

    id = "made-up"
    label = "Made-up list"
    is_list = True
    page = "https://made-up.example/"
    lists = frozenset({"mental-health"})
    sends = "Nothing is sent."

    def __init__(self, *records: Record, states: Sequence[str] = ("MD",), fault: str = "") -> None:
        self.records = records
        self.states = states
        self.fault = fault
        self.asked = 0

    def look(self, _listings: Sequence[Listing], progress: Tell) -> Iterator[Said]:
        self.asked += 1
        for state in self.states:
            progress(0.0, state)
            yield from (one for one in self.records if one.cells["state"] == state)
            yield WholeList(state)
        if self.fault:
            raise SourceRefused(self.fault)

    def probe(self) -> str:
        return "As expected."


class MadeUpAsked(MadeUpSource):
    """A source that is asked listing by listing: it says what a test gives for each, if anything.

    None is where it refuses to go on.
    """

    id = "made-up-asked"
    label = "the made-up page"
    is_list = False
    lists = frozenset()

    def __init__(self, *says: Said | None) -> None:
        super().__init__()
        self.says = says
        self.asked_for: list[str] = []

    def look(self, listings: Sequence[Listing], progress: Tell) -> Iterator[Said]:
        self.asked_for = [listing["id"] for listing in listings]
        for one in self.says:
            progress(0.0, "asking")
            if one is None:
                raise SourceRefused("Then it broke.")
            yield one


def record(listing: Listing, id: str = "r1", **cells: str) -> Record:
    """A record of a listing that says `cells` otherwise."""
    names = ("name", "address", "city", "state", "zip", "phone")
    return Record(
        id, {**{name: listing[name] for name in names}, **cells}, MadeUpSource.page, TODAY,
        f"The made-up list names {listing['name']}.",
    )  # fmt: skip

"""One clinic in few bytes for plain lists: the words of the app's card, with the long ones cut."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from clinics.domain.language import Sentences, say
from clinics.domain.model import Clinic, Place, PlaceKind, Treatment
from clinics.domain.vocabulary import Vocabulary
from clinics.present import html as render
from clinics.present.html import CardView
from clinics.search.search import Results

ROOM, LEAST = 700, 26
"""Characters that all notes of a list share, and at least for each; so for prices and payment.

Few clinics are shown with all that is said of them. Of many, the rest is on their own pages.
"""

NOTED = 100
"""With less room than this a beginning of a note says nothing; what to ask first is always whole.
"""

SHARED = 3
"""So many cards with one source name it once, under the list."""

Source = tuple[str, str]
"""What a source is called, and its address or ""."""

WORDS = Sentences(
    {
        name: f"card.missing_{name}"
        for name in ("treats", "treatments", "price", "payment", "setting")
    }
)
"""What a list names together as not stated, in the order of the card."""


@dataclass(frozen=True, slots=True)
class PlainCard:
    """A card and what a list says instead of its long parts; `host` is the website's name.

    `footnote` is the number of a source that several cards of the list share; 0 is for one that
    is named on the card itself, and `source` is "" for the clinic's own page, which is named with
    its date. `unsaid` is what was asked for and is not stated, where the heading above does not
    say it of all.
    """

    view: CardView
    host: str
    offers: str
    price: str
    payment: str
    note: str
    unsaid: str
    not_stated: str
    measured_from: str
    source: str
    footnote: int


def plain_cards(
    results: Results, vocabulary: Vocabulary, first_number: int = 1, *, whole: bool = False
) -> list[PlainCard]:
    """Return the cards of a page of results, numbered from `first_number`; `whole` cuts nothing."""
    views = [
        render.card_view(hit, number, results, vocabulary, can_show=False)
        for number, hit in enumerate(results.shown, start=first_number)
    ]
    footnotes = {source: n for n, source in enumerate(_shared_sources(views), start=1)}
    most = sys.maxsize if whole else max(LEAST, ROOM // max(1, len(views)))
    place, differ = results.place, len(results.silent_on) > 1
    return [
        _plain(view, place, footnotes.get(_source(view.clinic), 0), most, differ) for view in views
    ]


def _source(clinic: Clinic) -> Source:
    return clinic.source or say("card.unknown_source"), clinic.source_url if is_link(
        clinic.source_url
    ) else ""


def _shared_sources(views: Sequence[CardView]) -> list[Source]:
    counted = Counter(_source(view.clinic) for view in views)
    return [
        source
        for source, count in counted.items()
        if count >= SHARED and source[0] != say("card.unknown_source")
    ]


def footnotes(cards: Iterable[PlainCard]) -> list[Source]:
    """Return the sources that several of these cards share, in the order of their numbers."""
    found = {card.footnote: _source(card.view.clinic) for card in cards if card.footnote}
    return [found[number] for number in sorted(found)]


def _plain(
    view: CardView, place: Place | None, footnote: int, most: int, differ: bool
) -> PlainCard:
    clinic = view.clinic
    missing = [WORDS[name] for name in WORDS if not getattr(view, name)]
    return PlainCard(
        view=view,
        host=host_of(clinic.website),
        offers="; ".join(_offer(*offer) for offer in view.offers),
        price=shortened(view.price, most),
        payment=shortened(view.payment, most),
        note=shortened(clinic.notes, most) if most >= NOTED else "",
        unsaid=view.unsaid if differ else "",
        not_stated=", ".join(missing),
        measured_from=_measured_from(view, place),
        source="" if render.says_so_itself(clinic) else _source(clinic)[0],
        footnote=footnote,
    )


def _measured_from(view: CardView, place: Place | None) -> str:
    """Say what the distance is from; that it is from its center stands above the list."""
    if place is None or not view.measured_from:
        return ""
    named = place.kind in (PlaceKind.ZIP, PlaceKind.TOWN, PlaceKind.COUNTY, PlaceKind.SITE)
    return say("card.from", place=place.name) if named else view.measured_from


def _offer(labels: str, approval: str) -> str:
    return f"{labels}: {approval[0].lower()}{approval[1:]}" if approval else labels


def host_of(address: str) -> str:
    """Return the name of a web site, without www; "" for what is no http address."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if parts.scheme in ("http", "https") else ""


def is_link(address: str) -> bool:
    """Return True if an address may be a link."""
    return bool(host_of(address))


def shortened(text: str, most: int) -> str:
    """Cut a text after a word, and say that there is more with three dots."""
    if len(text) <= most:
        return text
    cut = text[:most]
    return f"{cut.rpartition(' ')[0] or cut} …"


def approvals(cards: Iterable[PlainCard]) -> Sequence[Treatment]:
    """Return each treatment of these cards once, for what is approved of it in full."""
    found = {t.id: t for card in cards for t in card.view.treatments if t.approval_short}
    return tuple(found.values())

"""Clinics' own pages: the telephone, address and hours that each gives for itself.

Nothing else is read of them: not what is treated, how, or for what price. Nothing is proposed from
a page that does not name the listing, that names other towns, or whose numbers are not clear.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from clinics.adapters.polite_web import NotThere, NotWanted, PoliteWeb, SentOn
from clinics.adapters.public_web import Answer, NoSuchHost
from clinics.adapters.schema_org import Address, PlaceOf, number, places_of, squeezed
from clinics.adapters.web_page import Link, Page, decoded, page_of, plain
from clinics.domain.ports import LinkRefused
from clinics.domain.sources import Hint, Listing, Record, Said, SourceRefused, Tell, Trouble
from clinics.domain.words import capital, day, slug

GONE_DAYS = 7
"""A page has to be gone in two looks so many days apart before that is said."""

REFUSED_DAYS = 30
"""So long a page is left alone that does not want to be read by programs."""

NOT_WANTED = "Their pages do not want to be read by programs, so open them yourself"
NO_ANSWER = "Their pages gave no answer that can be read now"
SENT_ON = "Their addresses send on to another site, so look there yourself"
MOVED = "Their page is gone and their site is not, so look for the new address"
NOT_NAMED = "Their page does not name them, so nothing of it is proposed"
NOT_CLEAR = "Their pages give several numbers, or only a toll-free one, so choose yourself"
NOT_ALONE = "Their page is of several listings and does not say which number is of which"
NOTHING = "Their pages give no number or address that a program can read"
IS_GONE = "Call first: its own page is gone."
IS_PARKED = "Call first: its web address shows no clinic any more."
ELSEWHERE = "Ask first where it is: its own page names another town."

_EXTRACT = 300
_TOLL_FREE = frozenset("800 833 844 855 866 877 888".split())
_PARKED = re.compile(
    r"domain( name)? (is |may be )?(for sale|parked|expired)|buy this domain|^index of /|"
    r"account (has been )?suspended|website (has )?expired|this domain has expired|"
    r"^parked (at|domain|page)",
    re.IGNORECASE,
)
_GUARDED = re.compile(
    r"^(just a moment|attention required|access denied|are you (a )?(human|robot)|"
    r"verify(ing)? you are human|security check|captcha|robot check)",
    re.IGNORECASE,
)
_OTHER_LINE = re.compile(
    r"\b(fax|f:|crisis|hotline|helpline|emergency|suicide|pharmacy|billing)\b", re.IGNORECASE
)
_TRACKED = re.compile(
    r"callrail|calltrk|\bctm[-_]|\bdni\b|invoca|call-?track|track(ing|ed)?-?(number|phone)",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"contact|location|hours|visit|about", re.IGNORECASE)
_FAX = re.compile(
    r"\bfax\b\W{0,9}(?:number|no)?\W{0,9}(\+?1?\W{0,2}\d{3}\W{0,3}\d{3}\W{0,2}\d{4})", re.I
)
_FAX_AFTER = re.compile(r"(\d{3}\W{0,3}\d{3}\W{0,2}\d{4}) {0,3}\(fax\)", re.IGNORECASE)
_COMMON = frozenset(
    "a an and at for in inc llc of pa pc pllc the center centers center clinic clinics group "
    "health mental services service wellness care ketamine psychiatry psychiatric medical "
    "medicine therapy treatment counseling behavioral associates infusion infusions dr md".split()
)
_LEAST_TEXT = 1_500
"""A page of less text may be a parked one whose title does not say so."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a page gives, with what its contact page adds; `phones` are of its `tel:` links."""

    url: str
    page: Page
    places: tuple[PlaceOf, ...]
    phones: tuple[str, ...]
    faxes: frozenset[str]


class Websites:
    """A Source that reads the page each listing names as its own.

    `pages` are those of every listing by its id, also of the ones that are not asked for: what is
    said on a page of several is not of one.
    """

    id = "site"
    label = "the clinic's own page"
    is_list = False
    page = ""
    lists: frozenset[str] = frozenset()
    sends = (
        "It reads the page that each listing names as its own, and at times that site's contact "
        "page, once a second. A site is sent the address of its own page and how this service "
        "names itself; nothing of visitors is sent."
    )

    def __init__(
        self,
        web: Callable[[], PoliteWeb],
        today: Callable[[], dt.date],
        pages: Callable[[], Mapping[str, str]],
        asked_as: Callable[[str], str] = str,
    ) -> None:
        self._web = web
        self._today = today
        self._pages = pages
        self._asked_as = asked_as

    def look(self, listings: Sequence[Listing], progress: Tell) -> Iterator[Said]:
        """Yield what the page of each listing says; a page that several name is asked once."""
        named = [one for one in listings if one["website"] and one["status"] != "closed"]
        pages = {**self._pages(), **{one["id"]: one["website"] for one in named}}
        round = _Round(self._web(), self._asked_as, self._today(), pages.values())
        for done, listing in enumerate(named):
            progress(done / len(named), f"{capital(self.label)}: {listing['name']}")
            yield from round.said_of(listing)
        progress(1.0, capital(self.label))
        if round.nowhere and not round.has_answered:
            raise SourceRefused("No clinic's own page could be found: is there a network here?")

    def probe(self) -> str:
        """Read one page, and say what it has of what is looked for."""
        url = next(filter(None, self._pages().values()), "")
        if not url:
            return "no listing names a page of its own."
        try:
            found = _read(self._web(), url, self._asked_as)
        except LinkRefused as refused:
            raise SourceRefused(f"The clinic's own page: {refused.what}") from refused
        streets = sum(len(place.addresses) for place in found.places)
        hours = sum(bool(place.hours) for place in found.places)
        numbers = len({*found.phones, *(one for place in found.places for one in place.phones)})
        return (
            f"{urlsplit(url).hostname} has {len(found.page.data)} blocks of data, telephones: "
            f"{numbers}, addresses: {streets}, hours: {hours}."
        )


class _Round:
    """One look: what was read already, and what is held back until somebody has answered."""

    def __init__(
        self,
        web: PoliteWeb,
        asked_as: Callable[[str], str],
        today: dt.date,
        addresses: Iterable[str],
    ) -> None:
        self._web = web
        self._asked_as = asked_as
        self._today = today
        self._pages: dict[str, _Found | LinkRefused] = {}
        self._named: dict[str, int] = {}
        for url in filter(None, addresses):
            for key in (_key(url), _host(url)):
                self._named[key] = self._named.get(key, 0) + 1
        self.has_answered = False
        self.nowhere: list[Hint] = []

    def said_of(self, listing: Listing) -> Iterator[Said]:
        """Yield what is to be said of a listing."""
        found = self._page(listing["website"])
        self.has_answered = self.has_answered or isinstance(found, _Found | NotThere)
        if self.has_answered:
            yield from self.nowhere
            self.nowhere = []
        if isinstance(found, _Found):
            yield from self._read_of(listing, found)
        elif isinstance(found, NoSuchHost):
            gone = self._gone(listing, IS_GONE, "Its web address leads to no site")
            if self.has_answered:
                yield gone
            else:  # may be this machine that has no network
                self.nowhere.append(gone)
        elif isinstance(found, NotThere):
            yield self._missing(listing)
        elif isinstance(found, NotWanted):
            yield self._not_wanted(listing)
        else:
            says = SENT_ON if isinstance(found, SentOn) else NO_ANSWER
            yield Trouble(listing["id"], says)

    def _page(self, url: str) -> _Found | LinkRefused:
        key = _key(url)
        if key not in self._pages:
            try:
                self._pages[key] = _read(self._web, url, self._asked_as)
            except LinkRefused as refused:
                self._pages[key] = refused
        return self._pages[key]

    def _missing(self, listing: Listing) -> Said:
        """Say that a page is gone, unless the site of it is there."""
        if urlsplit(listing["website"]).path.strip("/"):
            front = self._page(urljoin(listing["website"], "/"))
            if not isinstance(front, NotThere):
                return Trouble(listing["id"], MOVED)
        return self._gone(listing, IS_GONE, "Its page answers that there is nothing there")

    def _gone(self, listing: Listing, says: str, why: str) -> Hint:
        evidence = f"{why}, on {day(self._today)}."
        url = safe(listing["website"])
        return Hint(listing["id"], says, url, self._today, evidence, GONE_DAYS)

    def _not_wanted(self, listing: Listing) -> Trouble:
        until = self._today + dt.timedelta(days=REFUSED_DAYS)
        return Trouble(listing["id"], NOT_WANTED, until)

    def _read_of(self, listing: Listing, found: _Found) -> Iterator[Said]:
        """Yield what a page that could be read says of a listing."""
        page = found.page
        if _GUARDED.search(page.title):
            yield self._not_wanted(listing)
            return
        if is_parked(page):
            yield self._gone(listing, IS_PARKED, f"Its page is called “{page.title[:80]}”")
            return
        if not names(page, found.places, listing):
            nothing = not (found.places or found.phones)
            yield Trouble(listing["id"], NOTHING if nothing else NOT_NAMED)
            return
        addresses = _distinct(found.places)
        here = _of_listing(addresses, listing)
        if addresses and not here:
            yield self._record(listing, found, {}, "")
            towns = ", ".join(sorted({one.city for one in addresses}))[:100]
            evidence = f"Its page names {towns} on {day(self._today)}."
            yield Hint(listing["id"], ELSEWHERE, safe(found.url), self._today, evidence)
            return
        yield from self._facts(listing, found, addresses, here)

    def _facts(
        self,
        listing: Listing,
        found: _Found,
        addresses: Sequence[Address],
        here: Sequence[Address],
    ) -> Iterator[Said]:
        """Yield the record of a listing's page, and what of it was not clear."""
        one = here[0] if len(here) == 1 else None
        places = [place for place in found.places if _is_of(place, one, alone=len(addresses) <= 1)]
        if (addresses and not one) or (not one and not self._is_own(listing["website"])):
            yield self._record(listing, found, {}, "")
            has_any = found.places or found.phones
            yield Trouble(listing["id"], NOT_ALONE if has_any else NOTHING)
            return
        cells: dict[str, str] = {}
        if one and one.street and one.zip:
            cells |= {"address": one.street, "city": one.city, "state": one.state, "zip": one.zip}
        phones = _phones(places, found, alone=len(addresses) <= 1)
        is_clear = len(phones) == 1 and phones[0][1:4] not in _TOLL_FREE
        if is_clear and _bare(phones[0]) != _bare(listing["main_phone"]):
            cells["phone"] = phones[0]
        hours = {place.hours for place in places if place.hours}
        if len(hours) == 1:
            cells["hours"] = hours.pop()
        said = "; ".join(filter(None, [place.said for place in places])) or ", ".join(phones)
        yield self._record(listing, found, cells, said)
        if phones and not is_clear:
            yield Trouble(listing["id"], NOT_CLEAR)
        elif not cells:
            yield Trouble(listing["id"], NOTHING)

    def _is_own(self, url: str) -> bool:
        """Return True for the page of one listing: no other has it, or its site's front page."""
        is_front = not urlsplit(url).path.strip("/")
        return self._named[_key(url)] == 1 and not (is_front and self._named[_host(url)] > 1)

    def _record(self, listing: Listing, found: _Found, cells: dict[str, str], said: str) -> Record:
        evidence = f"Its own page on {day(self._today)}: “{said}”."
        if len(evidence) > _EXTRACT:
            evidence = f"{evidence[: _EXTRACT - 3]}…”."
        return Record(
            listing["website"], cells, safe(found.url), self._today, evidence if cells else "",
            about=listing["id"], why="the listing names this page as its own",
        )  # fmt: skip


def _read(web: PoliteWeb, url: str, asked_as: Callable[[str], str]) -> _Found:
    """Read a page, and its contact page where it gives no number; raises LinkRefused."""
    answer = web.get(asked_as(url))
    page = _page(answer)
    found = _found(url, [page])
    if found.phones or any(place.phones for place in found.places):
        return found
    contact = _contact(page, url)
    if not contact or is_parked(page) or _GUARDED.search(page.title):
        return found
    try:
        more = _found(contact, [page, _page(web.get(asked_as(contact)))])
    except LinkRefused:
        return found
    return more if more.phones or more.places else found


def _page(answer: Answer) -> Page:
    kind = (answer.headers.get_content_type() or "").casefold()
    if kind not in ("text/html", "application/xhtml+xml"):
        raise LinkRefused("That is not a page of text.", "Open it yourself.")
    return page_of(decoded(answer.data, answer.headers.get_content_charset("")))


def _found(url: str, pages: Sequence[Page]) -> _Found:
    places = tuple(place for page in pages for place in places_of(page.data))
    faxes = {fax for place in places for fax in place.faxes}
    phones: dict[str, None] = {}
    for page in pages:
        for pattern in (_FAX, _FAX_AFTER):
            faxes |= {number(fax) for fax in pattern.findall(page.text)}
        for link in page.links:
            given = number(link.telephone)
            if given and _OTHER_LINE.search(f"{_last_words(link)} {link.words}"):
                faxes.add(given)
            elif given and not _TRACKED.search(link.attributes):
                phones[given] = None
    left = tuple(phone for phone in phones if _bare(phone) not in set(map(_bare, faxes)))
    return _Found(url, pages[0], places, left, frozenset(map(_bare, faxes)))


def _last_words(link: Link) -> str:
    """Return the words just before a link: what stands behind a number is not about the next."""
    return re.split(r"[\d|•·]", link.before)[-1]


def _bare(phone: str) -> str:
    return phone[:14]  # without its extension


def _contact(page: Page, url: str) -> str:
    """Return the address of the page of the same host that is most likely to give a number."""
    for link in page.links:
        try:
            there = urljoin(url, link.href)
            parts, here = urlsplit(there), urlsplit(url)
        except ValueError:
            continue
        is_same = parts.netloc.casefold() == here.netloc.casefold()
        is_other = parts.path.rstrip("/") != here.path.rstrip("/")
        is_page = is_same and is_other and parts.scheme in ("http", "https")
        if is_page and (_CONTACT.search(link.words) or _CONTACT.search(parts.path)):
            return parts._replace(fragment="").geturl()
    return ""


def is_parked(page: Page) -> bool:
    """Return True for what stands where there was a site."""
    is_short = len(page.text) < _LEAST_TEXT and not page.data
    return bool(_PARKED.search(page.title) or (is_short and _PARKED.search(page.text)))


def names(page: Page, places: Sequence[PlaceOf], listing: Listing) -> bool:
    """Return True for a page that has half of the words that make the name of a listing."""
    common = _COMMON | set(slug(listing["city"]).split("-"))
    words = [word for word in slug(listing["name"]).split("-") if len(word) > 1]
    words = [word for word in words if word not in common] or words
    said = " ".join([page.title, page.text, *(place.name for place in places)])
    has = set(slug(said).split("-"))
    squeezed_up = squeezed(said)
    count = sum(word in has or (len(word) > 5 and word in squeezed_up) for word in words)
    return count * 2 >= len(words)


def _distinct(places: Sequence[PlaceOf]) -> list[Address]:
    """Return the addresses of a page; one that has less of another is the same."""
    found = {one.key: one for place in places for one in place.addresses}
    return [
        one
        for one in found.values()
        if one.street or not any(_is_more(other, one) for other in found.values())
    ]


def _is_more(other: Address, one: Address) -> bool:
    same = squeezed(other.city) == squeezed(one.city) and other.zip.startswith(one.zip)
    return same and other.key != one.key


def _of_listing(addresses: Sequence[Address], listing: Listing) -> list[Address]:
    """Return the addresses that can be the listing's: of its ZIP code, else of its town."""
    near = [one for one in addresses if one.state == listing["state"]]
    by_zip = [one for one in near if one.zip and one.zip == listing["zip"]]
    return by_zip or [one for one in near if squeezed(one.city) == squeezed(listing["city"])]


def _is_of(place: PlaceOf, here: Address | None, *, alone: bool) -> bool:
    """Return True for what is said of one place: of several only with that address alone."""
    if alone:
        return True
    return here is not None and [one.key for one in place.addresses] == [here.key]


def _phones(places: Sequence[PlaceOf], found: _Found, *, alone: bool) -> list[str]:
    """Return the numbers that a page gives for a place: its data go before its links."""
    said = {phone: None for place in places for phone in place.phones}
    phones = [phone for phone in said if _bare(phone) not in found.faxes]
    linked = {_bare(phone) for phone in found.phones}
    if not phones and alone:
        phones = list(found.phones)
    elif phones and linked and _bare(phones[0]) not in linked:
        phones = [*phones, *found.phones]
    return phones


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{_host(url)}{parts.path.rstrip('/')}?{parts.query}"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def safe(url: str) -> str:
    """Return an address that can stand in a link, whatever was in it."""
    return quote(plain(url), safe="/:?&=#%~+,;@!$'*._-")

"""Reads the rows of the national provider registry (NPPES): upper case, legal names, old shapes.

What a row lacks is left out, and a row that cannot be dated gives nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinics.domain.columns import BY_NAME
from clinics.domain.kinds import CellProblem
from clinics.domain.sources import Listing, Record
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import day, slug
from clinics.intake.duplicates import door
from clinics.intake.likeness import own_words, words

PAGE = "https://npiregistry.cms.hhs.gov/provider-view/{}"
ORGANIZATION, PERSON = "NPI-2", "NPI-1"
Row = Mapping[str, Any]
Question = Mapping[str, str]

_LONGEST = 300
_KEPT = frozenset("DC DO II III IV LLC LLP MD NE NP NW PA PC PLLC PO SE SW US VA".split())
_SMALL = frozenset("and at for in of on the".split())
_WORD = re.compile(r"[A-Za-z0-9'\u2019-]+")
_PERSON = re.compile(
    r"(?P<title>Dr\.? )?(?P<first>[A-Z][a-z]+) (?:[A-Z]\.? )?(?P<last>[A-Z][A-Za-z'\u2019-]+)"
    r"(?P<after>,? (?:M\.?D|D\.?O|NP|CRNP|Ph\.?D)\b.*| (?:&|and) Associates)?"
)
"""How a listing is named after a person, where a title, a degree or associates tell it is one."""


def titled(text: str) -> str:
    """Return upper case as people write it: `1414 Walnut St NW`, `McLean`, `O'Neill`, `LLC`."""
    plain = " ".join(text.split())[:_LONGEST]
    if plain != plain.upper():
        return plain
    parts = re.split(r"([^\w'\u2019.]+)", plain)
    return "".join(_titled(part, is_first=number == 0) for number, part in enumerate(parts))


def _titled(word: str, *, is_first: bool) -> str:
    bare = word.replace(".", "")
    if bare in _KEPT or not bare[:1].isalpha():
        return word.lower() if re.fullmatch(r"[0-9]+(?:ST|ND|RD|TH)", bare) else word
    if word.lower() in _SMALL and not is_first:
        return word.lower()
    if re.fullmatch(r"MC[A-Z]{2,}", word):
        return f"Mc{word[2]}{word[3:].lower()}"
    if re.fullmatch(r"O['\u2019][A-Z]{2,}", word):
        return f"{word[:3]}{word[3:].lower()}"
    return word[:1] + word[1:].lower()


def questions(listing: Listing) -> Iterator[Question]:
    """Yield what finds a listing by its name: as an organization, and as a person if it is one.

    The leading words that are its own, two at most: without them there are the first two it has.
    Where a word comes before them, such as The, it is asked for with that, too.
    """
    every = [word.strip("'\u2019-") for word in _WORD.findall(listing["name"].partition("(")[0])]
    spelled = [word for word in every if words(word)]
    light = {*words(listing["city"])}
    own = [word for word in spelled if set(own_words(word)) - light]
    asked = own[:1] or spelled[:2]
    if own[1:] and spelled.index(own[0]) + 1 == spelled.index(own[1]):
        asked = own[:2]
    leading = every[: every.index(asked[-1]) + 1] if asked and not words(every[0]) else []
    for some in (asked, leading):
        text = " ".join(some).replace("\u2019", "'")
        if len(text) > 1:
            yield {"enumeration_type": ORGANIZATION, "organization_name": f"{text}*"}
    named = _PERSON.fullmatch(listing["name"])
    if named and (named["title"] or named["after"]):
        yield {
            "enumeration_type": PERSON,
            "last_name": named["last"].replace("\u2019", "'"),
            "first_name": named["first"],
        }


def names_of(row: Row) -> tuple[str, ...]:
    """Return every name of a row as people write it, the legal one first."""
    basic = _table(row.get("basic"))
    first = _text(basic.get("organization_name")) or " ".join(
        filter(None, (_text(basic.get("first_name")), _text(basic.get("last_name"))))
    )
    others = [_text(one.get("organization_name")) for one in _tables(row.get("other_names"))]
    return tuple(dict.fromkeys(titled(name) for name in (first, *others) if name))


@dataclass(frozen=True)
class NpiReader:
    """Turns rows into records; `today` is the day beyond which no date is believed."""

    vocabulary: Vocabulary
    today: dt.date

    def by_number(self, row: Row, listing: Listing) -> Record | None:
        """Return what a row says of the listing that names its number; None where it says nothing.

        It is said by the one place in its state that agrees best in door, ZIP or town.
        """
        updated, number = self.updated(row), listing["npi"]
        places = self.places(row, listing["state"])
        if not updated or not places or not names_of(row):
            return None
        best = [_agrees(place, listing) for place in places]
        chosen = [place for place, one in zip(places, best, strict=True) if one == max(best)]
        if len(chosen) > 1 or not any(max(best)):
            return None
        return Record(
            number,
            {"name": names_of(row)[0], **chosen[0]},
            PAGE.format(number),
            updated,
            _evidence(row, number, updated),
            about=listing["id"],
            why="its NPI in this directory",
        )

    def by_name(self, rows: Sequence[Row], states: Collection[str]) -> Iterator[Record]:
        """Yield a record for each place that a row has in the states."""
        for row in rows:
            updated, number, names = self.updated(row), self.number(row), names_of(row)
            if not (updated and number and names):
                continue
            for place in self.places(row, *states):
                where = door(place.get("address", ""), place.get("zip", ""))
                npi = {"npi": number} if row.get("enumeration_type") == ORGANIZATION else {}
                yield Record(
                    f"{number}|{where or slug(place['city'])}",
                    {"name": names[0], **place, **npi},
                    PAGE.format(number),
                    updated,
                    _evidence(row, number, updated),
                    also=names[1:],
                )

    def number(self, row: Row) -> str:
        """Return the number of a row, "" where it is none."""
        return self._cell("npi", _text(row.get("number")))

    def updated(self, row: Row) -> dt.date | None:
        """Return the day of a row, which is not that of the look; None where there is none."""
        text = _text(_table(row.get("basic")).get("last_updated"))
        try:
            found = dt.date.fromisoformat(text[:10])
        except ValueError:
            return None
        return found if found <= self.today else None

    def places(self, row: Row, *states: str) -> list[dict[str, str]]:
        """Return where somebody works in the states, door by door; mail is sent elsewhere."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        given = [*_tables(row.get("addresses")), *_tables(row.get("practiceLocations"))]
        for one in given:
            is_place = _text(one.get("address_purpose")) in ("LOCATION", "")
            if is_place and _text(one.get("state")) in states:
                place = self._place(one)
                if place["city"]:
                    where = door(place["address"], place["zip"]) or place["address"]
                    found.setdefault((where, slug(place["city"])), place)
        return list(found.values())

    def _place(self, one: Row) -> dict[str, str]:
        lines = (titled(_text(one.get(name))) for name in ("address_1", "address_2"))
        number = _text(one.get("telephone_number"))
        return {
            "address": self._cell("address", ", ".join(filter(None, lines))),
            "city": self._cell("city", titled(_text(one.get("city")))),
            "state": _text(one.get("state")),
            "zip": self._cell("zip", _text(one.get("postal_code"))[:5]),
            "phone": self._cell("phone", number if len({*re.sub(r"\D", "", number)}) > 1 else ""),
        }

    def _cell(self, name: str, text: str) -> str:
        try:
            return BY_NAME[name].parse(text, self.vocabulary) if text else ""
        except CellProblem:
            return ""


def _agrees(place: Listing, listing: Listing) -> tuple[bool, ...]:
    here = door(listing["address"], listing["zip"])
    return (
        bool(here) and door(place["address"], place["zip"]) == here,
        bool(place["zip"]) and place["zip"] == listing["zip"],
        slug(place["city"]) == slug(listing["city"]),
    )


def _evidence(row: Row, number: str, updated: dt.date) -> str:
    name, *others = names_of(row)
    also = f", also called {', '.join(others[:2])}" if others else ""
    return (
        f"The registry names {name[:80]}{also[:90]}, NPI {number}, last changed {day(updated)}. "
        "Its number is often that of a billing office, and an NPI is no sign of a license."
    )


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _tables(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""

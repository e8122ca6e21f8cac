"""Requests that show what the API can do, made of the towns, words and clinics of the directory.

Owns these examples: they are in the description for programs, on the page about the API and in
docs/api.md, and are run as tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote_plus

from clinics.directory import Directory
from clinics.domain.model import Town
from clinics.domain.vocabulary import Vocabulary
from clinics.present import wording

CLINICS, CLINIC, PLACES = "/api/v1/clinics", "/api/v1/clinics/{id}", "/api/v1/places"


@dataclass(frozen=True, slots=True)
class Example:
    """A request, what it is for, and the status it is answered with.

    `path` is the address of the API that it is an example of.
    """

    path: str
    request: str
    about: str
    status: int = 200


def examples(directory: Directory) -> tuple[Example, ...]:
    """Return requests that can be answered, and a few that show what comes when they cannot."""
    return (*_searches(directory), *_of_one(directory), *_others(directory))


def _searches(directory: Directory) -> tuple[Example, ...]:
    words, (town, other) = directory.vocabulary, _two_towns(directory)
    first = words.conditions[0]
    named = wording.condition_in_text(first.label)
    category, payment = words.categories[-1], words.options("payment")[0]
    start = town.zips[0] if town.zips else town.label
    near = quote_plus(other.label)
    return (
        Example(
            CLINICS,
            f"{CLINICS}?near={quote_plus(start)}&within=10&condition={first.id}",
            f"Clinics within 10 miles of {f'ZIP {start}' if town.zips else start}, listed as "
            f"treating {named}",
        ),
        *_of_both(words, other),
        Example(
            CLINICS,
            f"{CLINICS}?near={near}&condition={first.id}&unstated=include&format=geojson",
            "A layer for a map; clinics that do not say what they treat come after the others",
        ),
        Example(
            CLINICS,
            f"{CLINICS}?category={category.id}&payment={payment.id}&sort=name&limit=20&offset=20"
            "&format=csv",
            f"{category.label} with {payment.label}: the second twenty, as a spreadsheet",
        ),
        Example(
            CLINICS,
            f"{CLINICS}?condition={_misspelled(first.id)}&radius=10",
            "What comes back when a word is misspelled and a parameter does not exist",
            400,
        ),
    )


def _of_both(words: Vocabulary, town: Town) -> Iterator[Example]:
    """Yield a search for two conditions, where there are two."""
    for first, second in pairwise(words.conditions[:2]):
        named, also = (wording.condition_in_text(c.label) for c in (first, second))
        yield Example(
            CLINICS,
            f"{CLINICS}?near={quote_plus(town.label)}&within=any&condition={first.id}"
            f"&condition={second.id}&match=all",
            f"Those listed as treating both {named} and {also}, at any distance from "
            f"{town.label}, the nearest first",
        )


def _of_one(directory: Directory) -> tuple[Example, ...]:
    id = next(iter(directory.dataset.row_of), "none")
    return (
        Example(CLINIC, f"{CLINICS}/{id}", "Everything that is listed of one clinic"),
        Example(CLINIC, f"{CLINICS}/{_misspelled(id)}", "An id that nearly exists", 404),
    )


def _others(directory: Directory) -> tuple[Example, ...]:
    town, _ = _two_towns(directory)
    lists = {
        "conditions": "Conditions, and what is known about the treatment of each",
        "treatments": "Treatments, and what the regulator has said",
        "categories": "The lists that can be searched",
    }
    return (
        *(Example(f"/api/v1/{name}", f"/api/v1/{name}", about) for name, about in lists.items()),
        Example(
            PLACES,
            f"{PLACES}?q={quote_plus(town.name.lower())}",
            f"What “{town.name.lower()}” can mean as a place",
        ),
    )


def _two_towns(directory: Directory) -> tuple[Town, Town]:
    """Return two towns that need no state, and have a ZIP code."""
    towns = [town for town in directory.towns if town.main and town.zips] or directory.towns
    return towns[0], towns[-1]


def _misspelled(id: str) -> str:
    """Leave out the second letter from the end."""
    return id[:-2] + id[-1:]

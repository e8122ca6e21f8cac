"""What a guide to a town says: who is in it, how many are near, how the nearest differ."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clinics.directory import Directory
from clinics.domain.model import Place, PlaceKind, Town
from clinics.domain.words import slug
from clinics.explainer.model import CrisisLine
from clinics.search.dataset import Dataset
from clinics.search.query import Query
from clinics.search.search import Hit, Results, search

NEAREST = 5
NAMED = 10
"""At most so many clinics of a town are named in its first sentence."""

RADII = (5.0, 10.0, 25.0)


@dataclass(frozen=True, slots=True)
class TownGuide:
    """A town, the clinics in it, the nearest of the main list, and numbers within RADII.

    `counts` holds, for the label of each category, one number for each of RADII. `offers` is
    how many of the nearest say they offer a treatment, by its label, the most common first;
    `silent` of them say nothing of treatments.
    """

    town: Town
    place: Place
    here: tuple[Hit, ...]
    nearest: Results
    counts: Mapping[str, tuple[int, ...]]
    offers: tuple[tuple[str, int], ...]
    silent: int
    crisis_lines: tuple[CrisisLine, ...]


def town_id(town: Town) -> str:
    """Return a town's name in addresses: "takoma-park-md"."""
    return slug(town.label)


def towns_called(towns: Sequence[Town], asked: str) -> tuple[Town, ...]:
    """Return the towns an address names, with its state ("rockville-md") or without it."""
    wanted = slug(asked[:200])
    exact = tuple(town for town in towns if town_id(town) == wanted)
    return exact or tuple(town for town in towns if slug(town.name) == wanted)


def towns_like(towns: Sequence[Town], asked: str) -> tuple[Town, ...]:
    """Return at most three towns whose names are spelled nearly so."""
    ids = {town_id(town): town for town in towns}
    names = {slug(town.name): town for town in towns}
    close = difflib.get_close_matches(slug(asked[:60]), [*ids, *names], n=6, cutoff=0.6)
    found = dict.fromkeys(ids.get(name) or names[name] for name in close)
    return tuple(found)[:3]


def guide(town: Town, directory: Directory) -> TownGuide:
    """Count and find what the guide to one town says."""
    dataset, vocabulary = directory.dataset, directory.vocabulary
    place = Place(town.label, town.point, PlaceKind.TOWN, town.label)
    query = Query(near=town.label, within=None)
    nearest = search(dataset, query, place, limit=NEAREST, facets=False)
    offered = Counter(id for hit in nearest.hits for id in hit.clinic.treatments)
    return TownGuide(
        town=town,
        place=place,
        here=in_town(dataset, town),
        nearest=nearest,
        counts=_counts(directory, place),
        offers=tuple(
            (vocabulary.label("treatments", id), count) for id, count in offered.most_common()
        ),
        silent=sum(not hit.clinic.treatments for hit in nearest.hits),
        crisis_lines=directory.explainer.crisis_lines_in(town.county),
    )


def _counts(directory: Directory, place: Place) -> Mapping[str, tuple[int, ...]]:
    vocabulary = directory.vocabulary
    return {
        category.label: tuple(
            search(
                directory.dataset,
                Query(within=radius, category=(category.id,)),
                place,
                limit=0,
                facets=False,
            ).total
            for radius in RADII
        )
        for category in vocabulary.categories
    }


def in_town(dataset: Dataset, town: Town) -> tuple[Hit, ...]:
    """Return the main list's clinics in a town, nearest its center first, closed ones left out."""
    place = Place(town.label, town.point, PlaceKind.TOWN, town.label)
    mentioned = search(dataset, Query(within=None, q=town.name), place, facets=False).hits
    here = (town.name, town.state)
    return tuple(hit for hit in mentioned if (hit.clinic.city, hit.clinic.state) == here)

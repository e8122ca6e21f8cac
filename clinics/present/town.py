"""What a guide to a town says: who is in it, how many are near, how the nearest differ.

The app and the plain pages draw the same guide; a town's id is its name in both their addresses.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clinics.directory import Directory
from clinics.domain.language import Sentences, say
from clinics.domain.model import Place, PlaceKind, Town
from clinics.domain.ports import PlaceError
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import county, slug
from clinics.explainer.model import CrisisLine
from clinics.places.find import find_place
from clinics.present import next_steps, wording
from clinics.present.next_steps import Steps
from clinics.present.wording import Sentence
from clinics.search.dataset import Dataset
from clinics.search.query import Query
from clinics.search.search import Hit, Results, search

NEAREST = 5
NAMED = 10
"""At most so many clinics of a town are named in its first sentence."""

RADII = (5.0, 10.0, 25.0)
HEADINGS = Sentences({name: f"town.{name}" for name in ("reach", "nearest", "offers", "help")})


@dataclass(frozen=True, slots=True)
class TownGuide:
    """What there is to say about a town, in the order it is said.

    `in_short` is about the clinics in the town itself. `counts` holds, for the label of each
    category, one number for each of RADII. `offers` is what the nearest of the main list say they
    offer, a line each; `searches` go on from here.
    """

    town: Town
    title: str
    in_short: tuple[Sentence, ...]
    counts: Mapping[str, tuple[int, ...]]
    measured_from: str
    offers: tuple[str, ...]
    nearest: Results
    searches: Steps
    crisis_lines: tuple[CrisisLine, ...]


def columns() -> tuple[str, ...]:
    """Return the heads of the table of counts."""
    return say("form.kind_of_care"), *(wording.radius(miles).capitalize() for miles in RADII)


def town_id(town: Town) -> str:
    """Return a town's name in addresses: "takoma-park-md"."""
    return slug(town.label)


def towns_called(directory: Directory, asked: str) -> tuple[Town, ...]:
    """Return the towns an address names ("rockville-md", "rockville"); a main town goes first."""
    wanted = slug(asked[:200])
    exact = tuple(town for town in directory.towns if town_id(town) == wanted)
    named = tuple(town for town in directory.towns if slug(town.name) == wanted)
    main = tuple(town for town in named if town.main)
    if exact or named:
        return exact or (main if len(main) == 1 else named)
    try:
        answer = find_place(wanted.replace("-", " "), directory.gazetteer, None)
    except PlaceError:
        return ()
    found = answer.choices if answer.place is None else (answer.place,)
    labels = [place.param for place in found]
    return tuple(town for town in directory.towns if town.label in labels)


def towns_like(towns: Sequence[Town], asked: str) -> tuple[Town, ...]:
    """Return at most three towns whose names are spelled nearly so."""
    ids = {town_id(town): town for town in towns}
    names = {slug(town.name): town for town in towns}
    close = difflib.get_close_matches(slug(asked[:60]), [*ids, *names], n=6, cutoff=0.6)
    found = dict.fromkeys(ids.get(name) or names[name] for name in close)
    return tuple(found)[:3]


def by_county(towns: Sequence[Town]) -> Mapping[str, Sequence[Town]]:
    """Group towns under the name of their county and state, by state and then by county."""
    counties: dict[str, list[Town]] = {}
    for town in sorted(towns, key=lambda town: (town.state, town.county)):
        counties.setdefault(f"{town.county}, {town.state}", []).append(town)
    return counties


def guide(town: Town, directory: Directory) -> TownGuide:
    """Count and find what the guide to one town says."""
    dataset, vocabulary = directory.dataset, directory.vocabulary
    place = Place(town.label, town.point, PlaceKind.TOWN, town.label)
    query = Query(near=town.label, within=None)
    nearest = search(dataset, query, place, limit=NEAREST, facets=False)
    here = in_town(dataset, town)
    return TownGuide(
        town=town,
        title=say("town.title", town=town.label),
        in_short=_in_short(town, here, nearest.hits, vocabulary),
        counts=_counts(directory, place),
        measured_from=say("town.measured_from", place=place.measured_from),
        offers=_offers(nearest.hits, vocabulary),
        nearest=nearest,
        searches=_searches(town, vocabulary),
        crisis_lines=directory.explainer.crisis_lines_in(town.county, town.state),
    )


def _in_short(
    town: Town, here: Sequence[Hit], nearest: Sequence[Hit], vocabulary: Vocabulary
) -> tuple[Sentence, ...]:
    """Say which clinics are in the town, or which is the nearest, and the county it is in."""
    sentences = [_here(town, here, vocabulary)] if here else [_none_here(town, vocabulary)]
    if nearest and not here:
        sentences.append(next_steps.nearest(nearest[0]))
    if not town.county.startswith(town.name):
        sentences.append((say("town.in_county", town=town.name, county=county(town.county)),))
    return tuple(sentences)


def _here(town: Town, here: Sequence[Hit], vocabulary: Vocabulary) -> Sentence:
    number = wording.clinics_of((vocabulary.main_category,), len(here), vocabulary)
    id = "town.here" if len(here) <= NAMED else "town.here_many"
    named = [part for hit in here[:NAMED] for part in (", ", hit.clinic)][1:]
    return (say(id, town=town.name, found=number, named=NAMED), *named, ".")


def _none_here(town: Town, vocabulary: Vocabulary) -> Sentence:
    main = vocabulary.category(vocabulary.main_category)
    return (say("town.none_here", kind=main.one, many=main.many, town=town.name),)


def _offers(nearest: Sequence[Hit], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Say how these clinics differ in what they offer, the most common first."""
    if len(nearest) < 2:
        return ()
    offered = Counter(id for hit in nearest for id in hit.clinic.treatments)
    lines = [
        say(
            "town.offered",
            treatment=vocabulary.label("treatments", id),
            count=count,
            total=len(nearest),
        )
        for id, count in offered.most_common()
    ]
    silent = sum(not hit.clinic.treatments for hit in nearest)
    return (*lines, say("town.not_stated", count=silent)) if silent else tuple(lines)


def _searches(town: Town, vocabulary: Vocabulary) -> Steps:
    """Return a search around the town, and one for each other kind of care."""
    around = Query(near=town.label)
    return [
        (say("town.by_condition", town=town.label), around),
        *(
            (
                say("town.category_near", category=category.label, town=town.label),
                replace(around, category=(category.id,)),
            )
            for category in vocabulary.categories[1:]
        ),
    ]


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

"""What to say and offer after an answer, alike for every face: never a dead end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clinics.directory import Directory
from clinics.domain.vocabulary import Vocabulary
from clinics.present import wording
from clinics.present.wording import Sentence
from clinics.search.query import Query
from clinics.search.search import Hit, NextStep, Results

Steps = Sequence[tuple[str, Query]]
"""Searches to go on with: what the link to each says, and what it shows."""

FAR_MILES = 50
"""Farther than this from every listing, a place is outside the area of the directory."""


def next_steps(results: Results, vocabulary: Vocabulary) -> Steps:
    """Return what each step says, and the search it leads to, the most useful first."""
    query = results.query
    steps: list[tuple[str, Query]] = []
    if results.wider:
        steps.append((_show(results.wider, vocabulary), results.wider.query))
    if query.condition and results.unstated_total:
        hidden = query.unstated == "exclude"
        label = f"{'Also show' if hidden else 'Hide'} {wording.silent(results.unstated_total)}"
        other = "include" if hidden else "exclude"
        steps.append((label, replace(query, unstated=other, clinic="")))
    if not results.total and (query.filters_in_use or query.condition):
        fewer = Query(near=query.near, within=query.within)
        steps.append(("Start again with any condition and no filters", fewer))
    if results.other_care and results.place:
        label = _show(results.other_care, vocabulary)
        label += ", for any condition" if query.condition else ""
        steps.append((label, results.other_care.query))
    return steps


def _show(step: NextStep, vocabulary: Vocabulary) -> str:
    found = wording.clinics_of(step.query.categories(vocabulary), step.total, vocabulary)
    return f"Show {found} {wording.radius(step.query.within)}"


def far_away(results: Results, directory: Directory) -> str:
    """Say so when the place is far from everything that is listed; "" when it is not."""
    if results.place is None:
        return ""
    miles = directory.dataset.index.nearest_miles(results.place.point)
    if miles <= FAR_MILES:
        return ""
    if miles == float("inf"):
        return "This directory lists no place at the moment."
    return (
        f"This directory lists places in {directory.site.area}. The nearest listing to "
        f"{results.place.name} is about {miles:,.0f} miles away."
    )


def nothing_found(results: Results) -> Sentence:
    """Name the nearest beyond the radius, or say that nothing matches; () after an answer."""
    query = results.query
    if results.nearest_beyond:
        return nearest(results.nearest_beyond, query.within)
    limited = results.place or query.filters_in_use or query.condition
    if limited and not results.shown:
        return ("Nothing in this directory matches all of these choices.",)
    return ()


def nearest(hit: Hit, within: float | None = None) -> Sentence:
    """Say which clinic is the nearest, its town and how far it is, beyond `within` miles."""
    clinic = hit.clinic
    away = wording.distance(hit, beyond=within).lower()
    return ("The nearest is ", clinic, f" in {clinic.city}, {clinic.state}, {away} away.")

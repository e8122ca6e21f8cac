"""What to say and offer after an answer, alike for every face: never a dead end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clinics.directory import Directory
from clinics.domain.language import Sentences, say
from clinics.domain.model import PlaceKind, Precision
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import joined
from clinics.explainer.model import Explainer, Topic
from clinics.present import wording
from clinics.present.wording import Sentence
from clinics.search.query import COLUMN_OF, MAX_TEXT, PARAMETERS, ParameterProblem, Query
from clinics.search.search import Hit, NextStep, Results

Steps = Sequence[tuple[str, Query]]
"""Searches to go on with: what the link to each says, and what it shows."""

FAR_MILES = 50
"""Farther than this from every listing, a place is outside the area of the directory."""


def show_chosen() -> str:
    """Say what leads to a chosen clinic that is not on this page."""
    return say("step.show_chosen")


def next_steps(results: Results, vocabulary: Vocabulary) -> Steps:
    """Return what each step says, and the search it leads to, the nearest to the question first.

    First the same question elsewhere: other care, those that do not say, the fewest filters
    lifted, farther away. To ask anew comes last. Each step shows as many as it says, and some.
    """
    asked = results.place or results.query.filters
    any_care = None if results.other_care else results.any_care

    def shown(*steps: NextStep | None) -> Steps:
        return [_show(step, results, vocabulary) for step in steps if step]

    return [
        *shown(results.other_care if asked else None),
        *_silent(results, vocabulary),
        *shown(*results.lifts, results.wider),
        *_with_telephone(results),
        *shown(any_care if asked else None),
        *_start_again(results, vocabulary),
    ]


def _show(step: NextStep, results: Results, vocabulary: Vocabulary) -> tuple[str, Query]:
    """Say what a search finds, and what of the question it goes without."""
    query = step.query
    found = wording.clinics_of(query.categories(vocabulary), step.total, vocabulary)
    where = f" {wording.radius(query.within)}" if results.place else ""
    lifted = joined([PARAMETERS[name].lifted for name in step.lifted], "and")
    without = f", {lifted}" if lifted else ""
    unsaid = say("step.silent", n=step.unstated) if step.unstated else ""
    filters = wording.filtered(query, vocabulary, number=step.total)
    return say("step.show", found=f"{found}{where}{filters}{without}{unsaid}"), query


def _silent(results: Results, vocabulary: Vocabulary) -> Steps:
    hidden = results.query.unstated == "exclude"
    if not results.unstated_total or not (hidden or results.total):
        return []
    id = "step.also_show" if hidden else "step.hide"
    label = say(id, silent=wording.silent(results, vocabulary))
    other = "include" if hidden else "exclude"
    return [(label, replace(results.query, unstated=other, clinic=""))]


def _with_telephone(results: Results) -> Steps:
    """Return the same search for clinics with a telephone number, where only some have one."""
    if not 0 < results.phones < results.listed:
        return []
    label = say("step.with_telephone", n=results.phones)
    return [(label, replace(results.query, phone="yes", clinic=""))]


def _start_again(results: Results, vocabulary: Vocabulary) -> Steps:
    step = results.fresh
    if step is None or any(lift.query == step.query for lift in results.lifts):
        return []
    found = wording.clinics_of(results.categories, step.total, vocabulary)
    where = f" {wording.radius(step.query.within)}" if results.place else ""
    return [(say("step.start_again", found=f"{found}{where}"), step.query)]


def chosen_elsewhere(results: Results, directory: Directory) -> tuple[str, Query | None] | None:
    """Return what to say of a chosen clinic that is not on this page, and a search that shows it.

    None where none is chosen, or where it is there; no search where the directory has it no more.
    """
    id = results.query.clinic
    if not id or any(hit.clinic.id == id for hit in results.shown):
        return None
    clinic = directory.dataset.find(id)
    if clinic is None:
        return say("step.gone"), None
    town = f"{clinic.city}, {clinic.state}"
    sentence = say("step.chosen_elsewhere", name=clinic.name, town=town)
    is_main = clinic.category == directory.vocabulary.main_category
    category = () if is_main else (clinic.category,)
    name, near = clinic.name[:MAX_TEXT], results.query.near
    return sentence, Query(near=near, category=category, q=name, clinic=clinic.id, within=None)


def meant(query: Query, problems: Sequence[ParameterProblem], vocabulary: Vocabulary) -> Steps:
    """Return the search that each misspelled option of a link may have meant."""
    return [
        (
            say("step.meant", label=vocabulary.label(COLUMN_OF[problem.parameter], problem.meant)),
            query.with_option(problem.parameter, problem.meant),
        )
        for problem in problems
        if problem.meant and problem.meant not in getattr(query, problem.parameter)
    ]


def to_read(explainer: Explainer) -> Sequence[tuple[str, Topic]]:
    """Return the topics to read before a call, each with what a link to it says."""
    by_tool = {topic.tool: topic for topic in explainer.topics}
    found = {
        say("step.questions"): by_tool.get("questions"),
        say("step.costs"): by_tool.get("estimate"),
        say("step.risks"): explainer.topic("risks"),
    }
    return [(label, topic) for label, topic in found.items() if topic]


def that_treat_this(results: Results) -> str:
    """Say how many clinics near a place say they treat what a page is about."""
    place, near = results.place, ""
    if place and results.query.within:
        where = _WHERE.get(place.kind) or place.name.partition(",")[0]
        near = say("step.near", place=where)
    if not results.total:
        return say("step.none_treats", near=near)
    return say("step.that_treat", n=results.total, near=near)


_WHERE = Sentences(
    {
        PlaceKind.ADDRESS: "step.your_address",
        PlaceKind.HERE: "step.your_location",
        PlaceKind.COORDINATES: "step.your_point",
    }
)


def far_away(results: Results, directory: Directory) -> str:
    """Say so when the place is far from everything that is listed; "" when it is not."""
    if results.place is None:
        return ""
    miles = directory.dataset.index.nearest_miles(results.place.point)
    if miles <= FAR_MILES:
        return ""
    if miles == float("inf"):
        return say("step.no_places")
    values = {"area": directory.site.area, "place": results.place.name, "miles": miles}
    return say("step.far_away", **values)


def nothing_found(results: Results, vocabulary: Vocabulary) -> Sentence:
    """Name the nearest beyond the radius, or say that nothing matches; () after an answer."""
    query = results.query
    if results.nearest_beyond:
        return nearest(results.nearest_beyond, query.within)
    if not (results.place or query.filters) or results.shown:
        return ()
    one, many = wording.kinds_of(results.categories, vocabulary)
    filters = wording.filtered(query, vocabulary)
    return (say("step.nowhere", kind=one, many=many, filters=filters),)


def nearest(hit: Hit, within: float | None = None) -> Sentence:
    """Say which clinic is the nearest, its town and how far it is, beyond `within` miles.

    Of a position that is not known nobody can say that it is the nearest.
    """
    clinic, said = hit.clinic, wording.distance(hit, beyond=within)
    said = said[:1].lower() + said[1:]
    town = f"{clinic.city}, {clinic.state}"
    across = f", {hit.across}" if hit.across else ""
    if clinic.location_precision is Precision.TOWN:
        where = said.replace(clinic.city, town, 1) + across
        return (say("card.nearest_may"), clinic, say("card.nearest_town", where=where))
    if clinic.location_precision is Precision.ZIP:
        where = said if wording.is_in_zip(hit) and within is None else _away(town, said)
        return (say("card.nearest_may"), clinic, say("card.nearest_zip", where=where + across))
    exact = say("card.nearest_exact", town=town, said=said, across=across)
    return (say("card.nearest"), clinic, exact)


def _away(town: str, said: str) -> str:
    return say("card.away_in", town=town, said=said)

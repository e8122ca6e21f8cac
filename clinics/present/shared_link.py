"""What a shared link to a page of the app says of itself: a title and a line, for its preview.

Only words of the directory get in: what somebody typed is shown once it has become one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from clinics.directory import Directory
from clinics.domain.language import Sentences, say
from clinics.domain.model import Clinic, Place, PlaceKind
from clinics.domain.ports import PlaceError
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import capital, joined
from clinics.places.find import find_place
from clinics.present import shortlist, wording
from clinics.present.town import town_id, towns_called
from clinics.search.query import Query, parse_query

Params = Mapping[str, Sequence[str]]
_LONGEST = 300
_NAMED = (PlaceKind.TOWN, PlaceKind.ZIP)


@dataclass(frozen=True, slots=True)
class SharedLink:
    """A page's title, a sentence about it, its address from the root; may robots keep it."""

    title: str
    description: str
    address: str
    indexed: bool = True


def shared_link(page: str, params: Params, directory: Directory) -> SharedLink:
    """Describe a page of the app, "" being the search, as its parameters have it; asks nobody."""
    if page == "":
        found = _search(params, directory)
    elif page == "shortlist":
        found = _list(params, directory)
    else:
        found = _topic_or_town(page, params, directory)
    return replace(found, description=" ".join(found.description.split())[:_LONGEST])


def _search(params: Params, directory: Directory) -> SharedLink:
    vocabulary = directory.vocabulary
    known = {name: values for name, values in params.items() if name in Query.__dataclass_fields__}
    query, _ = parse_query(known, vocabulary)
    clinic = directory.dataset.find(query.clinic)
    if clinic:
        return _clinic(clinic, vocabulary)
    place = _place(query.near, directory)
    query = replace(query, clinic="", near=place.param if place else "", q="")
    if query == Query():
        return SharedLink("", directory.site.tagline, "/")
    title = _found(query, place, vocabulary)
    return SharedLink(title, _about(query, directory), f"/?{query.to_url()}")


def _place(near: str, directory: Directory) -> Place | None:
    """Return a town or a ZIP code; None for any other place, above all for a street address."""
    try:
        place = find_place(near, directory.gazetteer, None).place
    except PlaceError:
        return None
    return place if place and place.kind in _NAMED else None


def _found(query: Query, place: Place | None, vocabulary: Vocabulary) -> str:
    """Say what a search finds, without its number, which changes."""
    searched = query.categories(vocabulary)
    many = joined([c.many for c in vocabulary.categories if c.id in searched], "and")
    within = wording.radius(query.within)
    where = f" {say('card.within_of', within=within, place=place.name)}" if place else ""
    if place and query.within is None:
        where = f" {say('results.anywhere', place=place.name)}"
    return f"{capital(many)}{where}{wording.filtered(query, vocabulary)}"


def _about(query: Query, directory: Directory) -> str:
    """Say what is known of the one condition that is searched for, else what the site is."""
    if len(query.condition) != 1:
        return directory.site.tagline
    condition = directory.vocabulary.condition(query.condition[0])
    name = wording.condition_in_text(condition.label)
    known = f"{condition.approval_summary} {wording.GRADE_WORDS[condition.grade]}"
    return say("share.known", therapy=directory.site.therapy, condition=name, known=known)


def _clinic(clinic: Clinic, vocabulary: Vocabulary) -> SharedLink:
    where = f"{clinic.name}, {clinic.city}, {clinic.state}"
    offers = joined([vocabulary.label("treatments", id) for id in clinic.treatments], "and")
    said = f"{where}. {say('share.offers', offers=offers)}" if offers else f"{where}."
    return SharedLink(where, said, f"/?{urlencode({'clinic': clinic.id})}")


def _list(params: Params, directory: Directory) -> SharedLink:
    place = _place(_first(params, "near"), directory)
    kept = shortlist.read(_first(params, shortlist.PARAMETER), directory.dataset)
    address = shortlist.address("/shortlist", kept.ids, place.param if place else "")
    if not kept.ids:
        return SharedLink(say("share.list"), say("sheet.empty"), address, indexed=False)
    title = say("share.list_of", n=len(kept.ids))
    return SharedLink(title, f"{kept.named}.", address, indexed=False)


_TITLES = Sentences({"learn": "topic.title", "towns": "town.guides", "about": "about.title"})
_SAID = Sentences({"learn": "share.topics", "towns": "share.towns", "about": "share.about_says"})


def _topic_or_town(page: str, params: Params, directory: Directory) -> SharedLink:
    topic = next((t for t in directory.explainer.topics if t.id == _first(params, "topic")), None)
    if page == "learn" and topic:
        return SharedLink(topic.title, topic.summary, f"/learn?{urlencode({'topic': topic.id})}")
    towns = towns_called(directory, _first(params, "town")) if page == "towns" else ()
    if len(towns) == 1:
        title = say("town.title", town=towns[0].label)
        return SharedLink(title, say("share.town"), f"/towns?town={town_id(towns[0])}")
    said = _SAID.get(page, directory.site.tagline)
    return SharedLink(_TITLES.get(page, ""), said, f"/{page}")


def _first(params: Params, name: str) -> str:
    return next(iter(params.get(name, ())), "")

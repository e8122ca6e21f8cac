"""A name that was typed -> a place: first what lies in the service area, then elsewhere.

In the area a name may be spelled exactly, or with an s or an e too many or too few. One or two
slips of another kind are asked about. A place elsewhere is never taken at once while one of the
area is spelled nearly so, unless its state was written; and it is always said how far it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from clinics.domain.kinds import STATES, state_name
from clinics.domain.language import say
from clinics.domain.model import Place, PlaceKind
from clinics.domain.ports import PlaceError, PlaceNotFound, PlaceNotUnderstood
from clinics.domain.typed_words import bare, words
from clinics.domain.words import capital, joined
from clinics.places.answer import MAX_CHOICES, PlaceAnswer
from clinics.places.area import Known, Rank
from clinics.places.distance import sphere_miles
from clinics.places.gazetteer import Gazetteer
from clinics.places.spelling import slips
from clinics.places.typed import readings
from clinics.places.zips import fold, split_state, state_code

MAX_QUOTED = 40
MAX_SUGGESTED = 3

_NAMED_AS_A_STATE = ("new york", "washington")
"""Whoever types only this more likely means a city than the state."""

_HERE = frozenset(fold(word) for word in words("here") if bare(word) == word or len(word) > 2)
"""Without "mí", which would be Michigan's MI."""


def find_by_name(text: str, gazetteer: Gazetteer) -> PlaceAnswer:
    """Return the place of a name without a number; raises PlaceError."""
    if any(fold(said) in _HERE or said.casefold() in words("here") for said in readings(text)):
        raise PlaceNotUnderstood(say("place.use_button"))
    text = _not_a_state(text, gazetteer)
    for shorter in readings(text):
        answer = _exactly(shorter, gazetteer)
        if answer is not None:
            return answer
    for shorter in readings(text):
        answer = _elsewhere(shorter, gazetteer)
        if answer is not None:
            return answer
    raise _unknown(text, gazetteer)


def is_known(text: str, gazetteer: Gazetteer) -> bool:
    """Return True if a text is a name of the service area, with its state or without."""
    return any(gazetteer.names.exact(name, state) for name, state in _ways(text))


def how_far(place: Place, gazetteer: Gazetteer) -> str:
    """Say how far a place outside the service area is; "" for one inside."""
    nearest = gazetteer.nearest_town(place.point)
    if nearest is None or gazetteer.is_inside(place):
        return ""
    miles, town = about(nearest.miles), nearest.town.label
    return say("place.how_far", place=capital(place.name), miles=miles, town=town)


def about(miles: float) -> str:
    """Round miles to what a person would say: 33, 410 or 2,300 of them."""
    step = 1 if miles < 100 else 10 if miles < 1000 else 100
    whole = max(1, step * round(miles / step))
    return say("place.miles", n=whole)


def towns_written(text: str, gazetteer: Gazetteer, limit: int | None = None) -> tuple[Place, ...]:
    """Return the towns a text such as "columbia", "Columbia, Maryland" or "columbia md" names."""
    name, state = split_state(text)
    with_state = gazetteer.towns_named(name, state, limit) if state else ()
    if with_state or "," in text:
        return with_state
    return gazetteer.towns_named(text, limit=limit)  # "Fort Washington" is not in Washington


def only_one(towns: Sequence[Place], gazetteer: Gazetteer) -> Place | None:
    """Return the one main town, or else the directory's one, or else the one town, or None."""
    for sure in (gazetteer.is_main, gazetteer.is_own, lambda _: True):
        found = [town for town in towns if sure(town)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _not_a_state(text: str, gazetteer: Gazetteer) -> str:
    """Return the text, of the district its city; raises PlaceNotUnderstood for a whole state."""
    code = state_code(text)
    if code == "DC":
        return "Washington, DC"
    if not code or text.casefold() in _NAMED_AS_A_STATE:
        return text
    also = tuple(known.place.param for known in gazetteer.names.exact(text))
    next_step = f"{say('place.meant', places=also[0])} {say('place.give_town')}" if also else ""
    whole = say("place.whole_state", state=state_name(code))
    raise PlaceNotUnderstood(whole, next_step, suggestions=also)


def _ways(text: str) -> list[tuple[str, str]]:
    """Return a text as (name, state) in each way it can be meant, the likelier first."""
    name, state = split_state(text)
    if "," in text:
        name, state = (name, state) if state else _with_state_mended(text)
        return [(name, state)]
    first, _, rest = text.partition(" ")
    turned = [(rest, state_code(first))] if rest and len(first) == 2 and state_code(first) else []
    return [(text, ""), *([(name, state)] if state else []), *turned]


def _with_state_mended(text: str) -> tuple[str, str]:
    """Take a state with a slip off the end of a text: "Silver Spring, Marlyand"."""
    name, _, last = text.rpartition(",")
    key = fold(last)
    for code, state in STATES.items():
        if len(key) >= 6 and slips(key, fold(state), 2) <= 2:
            return name.strip(" ,"), code
    return text, ""


def _exactly(text: str, gazetteer: Gazetteer) -> PlaceAnswer | None:
    """Answer a name of the area, or a town or county whose state was written."""
    for name, state in _ways(text):
        inside = gazetteer.names.exact(name, state)
        if inside:
            return _of_area(inside, name, state, gazetteer)
        if state:
            outside = gazetteer.towns_named(name, state) or gazetteer.counties_named(name, state)
            if outside:
                return _taken(outside[0], gazetteer)
    for name, state in _ways(text):
        loosely = gazetteer.names.loosely(name, state)
        if loosely:
            return _read_as(loosely, name, state, gazetteer)
    return None


def _of_area(inside: Sequence[Known], name: str, state: str, gazetteer: Gazetteer) -> PlaceAnswer:
    """Take the likeliest of the area; of equals, ask."""
    first = [known.place for known in inside if known.rank == inside[0].rank]
    if state:
        label = fold(f"{name}, {state}")
        first = [k.place for k in inside if fold(k.place.param) == label] or first
        others: tuple[Place, ...] = ()
    else:
        elsewhere = [town for town in _towns(name, gazetteer) if not gazetteer.is_inside(town)]
        others = _others([*(known.place for known in inside), *elsewhere], first)
    if len(first) > 1:
        return PlaceAnswer(None, (*first, *others)[:MAX_CHOICES], _more_than_one(name, first[0]))
    return _taken(first[0], gazetteer, others[: MAX_CHOICES - 1])


def _taken(
    place: Place, gazetteer: Gazetteer, others: tuple[Place, ...] = (), note: str = ""
) -> PlaceAnswer:
    """Take a place; say how far it is, and that a county is wide."""
    notes = [note, how_far(place, gazetteer)]
    if place.kind is PlaceKind.COUNTY:
        notes.append(say("place.wide", place=place.name))
        others = gazetteer.towns_in_county(place)
    return PlaceAnswer(place, note=" ".join(filter(None, notes)), alternatives=others)


def _read_as(
    loosely: Sequence[Known], name: str, state: str, gazetteer: Gazetteer
) -> PlaceAnswer | None:
    """Take "Silver Springs" as Silver Spring and say so; ask if another is really called that."""
    first = [known.place for known in loosely if known.rank == loosely[0].rank]
    elsewhere = () if state else _towns(name, gazetteer)
    if len(first) > 1 or (elsewhere and loosely[0].rank > Rank.OWN_TOWN):
        choices = (*first, *_others(elsewhere, first))[:MAX_CHOICES]
        return PlaceAnswer(None, choices, _not_called(name))
    others = _others(elsewhere, first)[: MAX_CHOICES - 1]
    note = say("place.read_as", name=_short(name), place=first[0].name)
    return _taken(first[0], gazetteer, others, note)


def _elsewhere(text: str, gazetteer: Gazetteer) -> PlaceAnswer | None:
    """Answer a town or county outside the area, unless one inside is spelled nearly so."""
    for name, state in _ways(text):
        if state:
            continue
        outside = _towns(name, gazetteer) or gazetteer.counties_named(name)[:MAX_CHOICES]
        if not outside:
            continue
        near = tuple(known.place for known in gazetteer.names.near(name))
        if near:
            choices = (*near, *_others(outside, near))[:MAX_CHOICES]
            return PlaceAnswer(None, choices, _which_of(near[0], outside[0]))
        main = only_one(outside, gazetteer)
        if main is not None:
            return _taken(main, gazetteer, _others(outside, [main]))
        return PlaceAnswer(None, outside, _more_than_one(name, outside[0]))
    return None


def _towns(name: str, gazetteer: Gazetteer) -> tuple[Place, ...]:
    return gazetteer.towns_named(name, limit=MAX_CHOICES)


def _others(places: Iterable[Place], taken: Iterable[Place]) -> tuple[Place, ...]:
    params = {place.param for place in taken}
    found = {place.param: place for place in places if place.param not in params}
    return tuple(found.values())


def _which_of(near: Place, far: Place) -> str:
    """Say how far the place is that has this very name, and what may be meant instead."""
    miles = about(sphere_miles(near.point, far.point))
    town, _, state = far.name.rpartition(", ")
    near_name = near.name.rpartition(", ")[0]
    said = say("place.far_away", town=town, state=state_name(state), miles=miles, near=near_name)
    return f"{said} {say('place.meant', places=near.name)}"


def _more_than_one(name: str, first: Place) -> str:
    called = first.name.rpartition(", ")[0]
    called = called if fold(called) == fold(name) else _short(name)
    return say("place.more_than_one", name=called)


def _not_called(name: str) -> str:
    return say("place.not_called", name=_short(name))


def town_within(text: str, gazetteer: Gazetteer) -> Place | None:
    """Find the town: what stands between the last commas, or else the longest run of last words."""
    name, state = split_state(text)
    part = name.rpartition(",")[2]
    known = gazetteer.names.exact(part, state) if "," in name else ()
    if known and known[0].rank <= Rank.TOWN:
        return known[0].place
    last = part.split(" ")[-4:]
    for start in range(len(last)):
        words = " ".join(last[start:])
        towns = gazetteer.towns_named(words, state or None)
        town = only_one(towns, gazetteer)
        if town is not None and (state or gazetteer.is_own(town) or "," in name):
            return town
    return None


def _unknown(text: str, gazetteer: Gazetteer) -> PlaceError:
    """Say that there is no such place, and what is spelled nearly so or has its name elsewhere."""
    if _is_other_script(text):
        towns = joined(gazetteer.likeliest()[:2], "or")
        return PlaceNotUnderstood(say("place.latin_letters", towns=towns))
    quoted = _short(text)
    suggestions = _meant(text, gazetteer)
    what = say("place.unknown", name=quoted)
    if not suggestions:
        return PlaceNotFound(what, say("place.give_town"))
    listed = joined(list(filter(None, ["; ".join(suggestions[:-1]), suggestions[-1]])), "or")
    next_step = f"{say('place.meant', places=listed)} {say('place.or_zip')}"
    return PlaceNotFound(what, next_step, suggestions=suggestions)


def _meant(text: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return at most three labels of what may have been meant."""
    names, (name, state) = gazetteer.names, _ways(list(readings(text))[-1])[-1]
    town = town_within(text, gazetteer)
    found = [known.place for known in names.near(name, state)]
    found += [town] if town else []
    found += [known.place for known in names.exact(name)]
    found += gazetteer.towns_named(name, limit=MAX_SUGGESTED)
    found = found or [known.place for known in names.near(name) or names.near(name, more=1)]
    return tuple(dict.fromkeys(place.param for place in found))[:MAX_SUGGESTED]


def _is_other_script(text: str) -> bool:
    """Return True if a text has letters, and one of them is not Latin."""
    return any(c.isalpha() and "LATIN" not in unicodedata.name(c, "") for c in text)


def _short(text: str) -> str:
    return text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 3] + "..."

"""What a visitor typed -> the Place that distances are measured from."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import replace

from clinics.domain.language import say
from clinics.domain.model import Place, PlaceKind, Point
from clinics.domain.ports import (
    GeocodedAddress,
    Geocoder,
    GeocodingUnavailable,
    PlaceError,
    PlaceNotFound,
    PlaceNotUnderstood,
)
from clinics.domain.typed_words import any_of
from clinics.places.answer import MAX_CHOICES, PlaceAnswer
from clinics.places.by_name import (
    find_by_name,
    how_far,
    is_known,
    only_one,
    town_within,
    towns_written,
)
from clinics.places.distance import exact_miles
from clinics.places.gazetteer import Gazetteer
from clinics.places.typed import distance_in, without_filler
from clinics.places.zips import in_united_states, split_state, state_code, words_of

__all__ = ["MAX_CHOICES", "Gazetteer", "PlaceAnswer", "find_place"]

NEAR_MILES = 5
"""A ZIP code no farther than this from a place may be that place's own."""

FIT_MILES = 50
"""A geocoded point farther than this from the ZIP or town in the address itself is not believed."""

_NUMBER = r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|[+-]?(?:nan|inf(?:inity)?))"
_PAIR = re.compile(
    rf"\(?{_NUMBER} ?°? ?([ns])?(?: ?[,;] ?| ){_NUMBER} ?°? ?([ew])?\)?", re.IGNORECASE
)
_ZIP_WORD = re.compile(rf"\b(?:{any_of('zip')}) ?[:#]? ?(?=[0-9][0-9 -]*$)", re.IGNORECASE)
_ENDS_IN_NUMBER = re.compile(r"(?:^|(?<=[ ,]))([0-9]+(?:[- ][0-9]+)?)$")
_BEGINS_WITH_ZIP = re.compile(r"([0-9]{5}(?:-[0-9]{4})?)[ ,]*([^0-9]+)")
_ROAD = re.compile(
    r"\b(?:pike|street|st|road|rd|avenue|ave|boulevard|blvd|drive|dr|lane|ln|parkway|pkwy|highway"
    r"|hwy|court|ct|place|pl|way|terrace|circle)\.?$",
    re.IGNORECASE,
)
_STUCK_ZIP = re.compile(r"(?<=[a-z])(?=[0-9]{5}$)", re.IGNORECASE)
_MISTYPED_ZIP = re.compile(r"(?<![^ ,])(?=[OoIl]{0,2}[0-9])[0-9OoIl]{5}(?![^ ,])")
_COUNTRY = re.compile(rf"[ ,]+(?:{any_of('country')})$", re.IGNORECASE)
_UNIT = re.compile(r"(?:\b(?:box|apt|unit|suite|ste|room|rm)\.?|#)$", re.IGNORECASE)
_NOT_IN_ADDRESSES = re.compile(r"[<>{}\[\]\\|^=~$*;]")

_SITES = frozenset({"hospital", "hospitals", "university", "college", "airport"})
"""Words of a name that an address service may know where the files of the directory do not."""


def find_place(text: str, gazetteer: Gazetteer, geocoder: Geocoder | None) -> PlaceAnswer:
    """Turn what was typed (name, ZIP, "lat,lon", street address) into a place.

    Only an address, which has a digit and a letter, is given to the geocoder, and the name of a
    hospital, a campus or an airport that is known to no file. The miles of "10 miles from Olney"
    come with the answer. Raises PlaceError: PlaceNotUnderstood, PlaceNotFound or
    GeocodingUnavailable.
    """
    miles, clean = distance_in(plain_text(text))
    answer = _find(clean, gazetteer, geocoder)
    return replace(answer, within=miles) if miles else answer


def _find(clean: str, gazetteer: Gazetteer, geocoder: Geocoder | None) -> PlaceAnswer:
    pair = _PAIR.fullmatch(clean)
    if pair and not re.fullmatch(r"[0-9]{5} [0-9]{4}", clean):
        place = _coordinates(pair)
        return PlaceAnswer(place, note=_missing_minus(place.point))
    clean = _COUNTRY.sub("", clean)
    answer = _zip_code(clean, gazetteer)
    if answer is not None:
        return answer
    if not any(c.isdigit() for c in clean) or is_known(clean, gazetteer):
        return _by_name(clean, gazetteer, geocoder)
    if not any(c.isalpha() for c in clean):
        raise PlaceNotUnderstood
    return _address(clean, gazetteer, geocoder)


def _coordinates(pair: re.Match[str]) -> Place:
    """Return the point to four decimals, about 11 m, so that the page's address gives it again."""
    lat, lon = float(pair[1]), float(pair[3])
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise PlaceNotUnderstood(say("place.two_numbers"))
    lat = -abs(lat) if (pair[2] or "").lower() == "s" else lat
    lon = -abs(lon) if (pair[4] or "").lower() == "w" else lon
    lat, lon = round(lat, 4) + 0.0, round(lon, 4) + 0.0  # adding 0.0 turns -0.0 into 0.0
    try:
        point = Point(lat, lon)
    except ValueError as error:
        raise PlaceNotUnderstood(str(error)) from None
    if point == Point(0, 0):
        raise PlaceNotUnderstood(say("place.atlantic"))
    return Place(f"{lat:.4f}, {lon:.4f}", point, PlaceKind.COORDINATES, f"{lat:.4f},{lon:.4f}")


def find_here(lat: float, lon: float, gazetteer: Gazetteer) -> PlaceAnswer:
    """Return where a visitor's device is, in degrees; its public name is the nearest ZIP code.

    Raises PlaceNotUnderstood for a point that is not in the United States.
    """
    point = Point(lat, lon)
    if not in_united_states(point):
        raise PlaceNotUnderstood(say("place.outside"))
    name, code = say("step.your_location"), gazetteer.nearest_zip(point)
    return PlaceAnswer(Place(name, point, PlaceKind.HERE, code))


def _missing_minus(point: Point) -> str:
    """Point out a longitude that would be in the United States if it were west."""
    west = Point(point.lat, -abs(point.lon))
    if in_united_states(point) or not in_united_states(west):
        return ""
    return say("place.missing_minus", point=f"{west.lat:.4f},{west.lon:.4f}")


def _zip_code(clean: str, gazetteer: Gazetteer) -> PlaceAnswer | None:
    """Answer a ZIP code, alone or with its town or state; None if the text is something else."""
    bare = _STUCK_ZIP.sub(" ", without_filler(clean))
    bare = " ".join(_ZIP_WORD.sub("", bare).replace("(", " ").replace(")", " ").split())
    mended = _MISTYPED_ZIP.sub(_with_digits, bare)
    if mended != bare and gazetteer.zip(_only_zip(mended)):
        return _zip_code(mended, gazetteer)
    bare = _BEGINS_WITH_ZIP.sub(r"\2 \1", bare) if _is_after_zip(bare, gazetteer) else bare
    number = _ENDS_IN_NUMBER.search(bare)
    if number is None:
        return None
    before = bare[: number.start()].strip(" ,")
    towns = _named_before(before, gazetteer)
    if before and not towns and not state_code(before):
        return None
    code = re.fullmatch(r"([0-9]{5})(?:[- ]?[0-9]{4})?", number[1])
    if code is None:
        raise _not_five_digits(number[1])
    place = gazetteer.zip(code[1])
    if place is not None:
        note = _contradiction(code[1], before, towns, gazetteer) or how_far(place, gazetteer)
        return PlaceAnswer(place, note=note)
    town = only_one(towns, gazetteer)
    if town is not None:
        note = say("place.zip_unknown_so", code=code[1], place=town.measured_from)
        return PlaceAnswer(town, note=note)
    raise PlaceNotFound(say("place.zip_unknown", code=code[1]), say("place.check_zip"))


def _with_digits(match: re.Match[str]) -> str:
    """Put digits for the letters that look like them: "2O912"."""
    return match[0].upper().replace("O", "0").replace("I", "1").replace("L", "1")


def _only_zip(text: str) -> str:
    codes: list[str] = re.findall(r"(?<![0-9])[0-9]{5}(?![0-9])", text)
    return codes[0] if len(codes) == 1 else ""


def _is_after_zip(text: str, gazetteer: Gazetteer) -> bool:
    """Return True if a text is a ZIP code and then a town or a state, and no address.

    "11400 Rockville Pike" is an address, though a neighborhood is known by its road: the number is
    no ZIP code of that place.
    """
    begins = _BEGINS_WITH_ZIP.fullmatch(text)
    if begins is None:
        return False
    if _ROAD.search(begins[2]):
        code, named = gazetteer.zip(begins[1][:5]), _named_before(begins[2], gazetteer)
        return bool(code and any(_miles(code.point, place.point) <= NEAR_MILES for place in named))
    return bool(state_code(begins[2]) or _named_before(begins[2], gazetteer))


def _miles(one: Point, other: Point) -> float:
    return exact_miles(one, other.lat, other.lon)


def _named_before(text: str, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Return the places of the area, or else the towns, that stand beside a ZIP code."""
    name, state = split_state(text)
    known = gazetteer.names.exact(text) or gazetteer.names.exact(name, state)
    return tuple(dict.fromkeys([*(one.place for one in known), *towns_written(text, gazetteer)]))


def _not_five_digits(number: str) -> PlaceNotUnderstood:
    has = sum(c.isdigit() for c in number)
    return PlaceNotUnderstood(say("place.zip_digits", has=has), say("place.all_digits"))


def _contradiction(code: str, before: str, towns: tuple[Place, ...], gazetteer: Gazetteer) -> str:
    """Say where a ZIP is if it is not in the state that was written before it."""
    town = gazetteer.town_of_zip(code)
    states = {place.param[-2:] for place in towns} | {state_code(before)}
    if before and town[-2:] not in states:
        return say("place.zip_is_in", code=code, town=town)
    return ""


def _by_name(clean: str, gazetteer: Gazetteer, geocoder: Geocoder | None) -> PlaceAnswer:
    """Find a name in the files, or else where the geocoder knows a hospital of that name."""
    try:
        return find_by_name(clean, gazetteer)
    except PlaceNotFound as problem:
        unknown = problem
    place = _site(clean, gazetteer, geocoder) if geocoder and _is_site(clean, gazetteer) else None
    if place is None:
        raise unknown
    return PlaceAnswer(place, note=how_far(place, gazetteer))


def _is_site(text: str, gazetteer: Gazetteer) -> bool:
    """Return True for the name of a hospital or the like, unless it is nearly one of the files."""
    words = words_of(text)
    named = "medicalcenter" in "".join(words) or not _SITES.isdisjoint(words)
    return named and len(words) > 1 and not gazetteer.names.near(*split_state(text))


def _site(clean: str, gazetteer: Gazetteer, geocoder: Geocoder) -> Place | None:
    """Ask the geocoder; with no state written only what lies in the service area is meant."""
    named = _place_within(clean, gazetteer)
    try:
        found = geocoder.locate(clean)
    except PlaceError:
        return None
    if found is None or not _fits(found.point, named):
        return None
    place = _address_place(found, named, gazetteer)
    return place if split_state(clean)[1] or gazetteer.is_inside(place) else None


def _address(clean: str, gazetteer: Gazetteer, geocoder: Geocoder | None) -> PlaceAnswer:
    """Ask the geocoder; with no fitting answer fall back on the ZIP or town in the address."""
    if _NOT_IN_ADDRESSES.search(clean):
        raise PlaceNotUnderstood
    named = _place_within(clean, gazetteer)
    try:
        found = _locate(clean, geocoder)
    except GeocodingUnavailable as error:
        failure: PlaceError = error
    else:
        if found is not None and _fits(found.point, named):
            return PlaceAnswer(_address_place(found, named, gazetteer))
        failure = _no_such_address(found)
    if named is None:
        raise failure from None
    reason = failure.what.rstrip(".")
    return PlaceAnswer(named, note=say("place.so", reason=reason, place=named.measured_from))


def _locate(address: str, geocoder: Geocoder | None) -> GeocodedAddress | None:
    if geocoder is None:
        raise GeocodingUnavailable(say("place.not_looked_up"), say("place.instead"))
    return geocoder.locate(address)


def _no_such_address(found: GeocodedAddress | None) -> PlaceNotFound:
    if found is None:
        return PlaceNotFound()
    return PlaceNotFound(say("place.does_not_fit"))


def _fits(point: Point, named: Place | None) -> bool:
    if not in_united_states(point):
        return False
    return named is None or _miles(named.point, point) <= FIT_MILES


def _address_place(found: GeocodedAddress, named: Place | None, gazetteer: Gazetteer) -> Place:
    """Name the address by its ZIP: the one in the text, the geocoder's, or the nearest."""
    typed = named.param if named is not None and named.kind is PlaceKind.ZIP else ""
    given = found.zip[:5] if gazetteer.zip(found.zip[:5]) else ""
    code = typed or given or gazetteer.nearest_zip(found.point)
    return Place(say("place.address_in", code=code), found.point, PlaceKind.ADDRESS, code)


def _place_within(clean: str, gazetteer: Gazetteer) -> Place | None:
    """Return the ZIP an address ends in, or else the one town it can mean at its end."""
    number = re.search(r"(?<=[ ,])([0-9]{5})(?:-?[0-9]{4})?$", clean)
    if number is None:
        return town_within(clean, gazetteer)
    before = clean[: number.start()].rstrip(" ,")
    place = None if _UNIT.search(before) else gazetteer.zip(number[1])
    return place or town_within(before, gazetteer)


MAX_CHARACTERS = 200

_SAME = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "º": "°", "˚": "°", "，": ","})


def plain_text(text: str) -> str:
    """Return the text with plain digits, dashes and single spaces, at most 200 characters.

    Raises PlaceNotUnderstood for what is longer, empty, or has no letter and no digit.
    """
    _check_length(text.strip())
    plain = unicodedata.normalize("NFKC", text.translate(_SAME))
    plain = " ".join("".join(map(_plain_character, plain)).split()).strip(" ,").rstrip(" ,.")
    _check_length(plain)  # again, because one sign can stand for a whole phrase
    if not plain:
        raise PlaceNotUnderstood(say("place.none_given"))
    if not any(c.isalnum() for c in plain):
        raise PlaceNotUnderstood(say("place.no_letters"))
    return plain


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise PlaceNotUnderstood(say("place.too_long", size=len(text), most=MAX_CHARACTERS))


def _plain_character(c: str) -> str:
    if c.isspace():
        return " "
    kind = unicodedata.category(c)
    if kind == "Nd":
        return str(unicodedata.decimal(c))
    return "" if kind.startswith("C") else c

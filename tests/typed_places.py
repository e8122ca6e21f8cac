"""What every test of the place box asks with: eight towns, or all there is, and short ways to ask.

`TYPED` is the table of what people type and what is right, of all that is bundled.
"""

from __future__ import annotations

from functools import cache

import pytest

from clinics.adapters.memory import DictGeocoder
from clinics.domain.model import Place, Point, Town
from clinics.domain.ports import PlaceError
from clinics.domain.site import load_site
from clinics.domain.vocabulary import load_towns
from clinics.places.find import Gazetteer, PlaceAnswer, find_place
from clinics.places.named import NameKind, load_places
from tests.folders import DATA

TOWNS = (
    Town("Takoma Park", "MD", "Montgomery", Point(38.9779, -77.0075), ("20912",), main=True),
    Town("Silver Spring", "MD", "Montgomery", Point(38.9907, -77.0261), ("20910",), main=True),
    Town("Baltimore", "MD", "Baltimore City", Point(39.2904, -76.6122), ("21201",), main=True),
    Town("Germantown", "MD", "Montgomery", Point(39.1732, -77.2717), ("20874",), main=True),
    Town("Ellicott City", "MD", "Howard", Point(39.2673, -76.7983), ("21042",), main=True),
    Town("Columbia", "MD", "Howard", Point(39.2037, -76.8610), ("21044",)),
    Town("Bethesda", "MD", "Montgomery", Point(38.9847, -77.0947), ("20814",)),
    Town("Washington", "DC", "District of Columbia", Point(38.9072, -77.0369), ("20001",)),
)
GAZETTEER = Gazetteer(TOWNS)


def answer(text: str, geocoder: DictGeocoder | None = None) -> PlaceAnswer:
    """Return what comes of a text."""
    return find_place(text, GAZETTEER, geocoder)


def place(text: str) -> Place:
    """Return the one place that a text means."""
    found = answer(text).place
    assert found is not None
    return found


def refusal(text: str, kind: type[PlaceError], geocoder: DictGeocoder | None = None) -> str:
    """Return the sentence with which a text is refused, for exactly this kind of reason."""
    with pytest.raises(kind) as caught:
        find_place(text, GAZETTEER, geocoder)
    assert type(caught.value) is kind
    return str(caught.value)


@cache
def bundled() -> Gazetteer:
    """Return what the service itself looks places up in."""
    return Gazetteer(load_towns(DATA), load_places(DATA), load_site(DATA).service_area)


def offered(text: str) -> tuple[str, ...]:
    """Return the labels that come of a text, the place or the first offer first."""
    try:
        found = find_place(text, bundled(), None)
    except PlaceError as problem:
        return problem.suggestions
    places = (*([found.place] if found.place else found.choices), *found.alternatives)
    return tuple(each.param for each in places)


COUNTIES = (
    "Allegany", "Anne Arundel", "Baltimore", "Calvert", "Caroline", "Carroll", "Cecil", "Charles",
    "Dorchester", "Frederick", "Garrett", "Harford", "Howard", "Kent", "Montgomery",
    "Prince George's", "Queen Anne's", "St. Mary's", "Somerset", "Talbot", "Washington",
    "Wicomico", "Worcester",
)  # fmt: skip

COUNTY_SPELLINGS = (
    "{} County, MD", "{} county", "{} Co", "{} co., Maryland", "COUNTY OF {}", "{} County Maryland",
)  # fmt: skip


def _counties() -> dict[str, str]:
    typed = {
        spelling.format(name): f"{name} County, MD"
        for name in COUNTIES
        for spelling in COUNTY_SPELLINGS
    }
    plain = {text.replace("'", "").replace(".", ""): label for text, label in typed.items()}
    city = ("Baltimore City", "baltimore city, md", "City of Baltimore", "BALTIMORE CITY MARYLAND",
            "Baltimore city, Maryland")  # fmt: skip
    return typed | plain | dict.fromkeys(city, "Baltimore, MD")


SHARED = ("Montgomery College", "VA Hospital", "VA Medical Center")
"""Names of several places of the file."""


def _named() -> dict[str, str]:
    """Return every name of places.csv -> its label; one that several have is asked about."""
    typed: dict[str, str] = {}
    for each in load_places(DATA):
        if each.kind is NameKind.ZIP:
            continue
        label = each.town if each.kind is NameKind.NICKNAME else each.label
        for name in (each.name, *each.also):
            if name not in SHARED:
                typed[name] = label
        if each.kind is not NameKind.NICKNAME:
            typed[each.label] = label
    return typed | {"Takoma": "Takoma Park, MD"}


MISSPELLED = {
    "Takoma Park, MD": (
        "Takoma Prak", "Takoma Prk", "Tacoma Park", "Tokoma Park", "Takoma Pk", "Takoma Parc",
        "Takoma Par", "Takkoma Park", "Takoma Parks", "Takoma Parkk", "Tkoma Park", "Taokma Park",
        "Takoma  Park", "takoma pakr", "Takomapark", "Takuma Park", "Takona Park", "Takoam Park",
        "Takoma Prak MD", "Tacoma Park, Maryland", "Takoma", "Tacoma",
    ),
    "Silver Spring, MD": (
        "Silver Springs", "Silver Springs MD", "Sliver Spring", "Sliver Springs", "Silver Sprng",
        "Silver Sping", "Sivler Spring", "Silverspring", "Silver Sprin", "Silvr Spring",
        "Siver Spring", "Silver Srping", "Silver Sprign", "Sliver Spring MD", "Silver Spirng",
        "Silver Springe", "Silverspings", "Silver Spg", "Silver Sprung", "Silver Spings, Maryland",
        "Silver-Spring", "Silver Springs, Md.",
    ),
    "Baltimore, MD": (
        "Baltimor", "Baltimoer", "Baltmore", "Baltimre", "Batlimore", "Baltimore MD",
        "Baltimroe", "Balitmore", "Baltimorre", "Balltimore", "Baltamore", "Baltimora",
        "Baltiimore", "Baltimores", "Blatimore", "Baltimoore", "Bmore", "Balto", "Batimore",
        "Baltimore, Marlyand", "Baltimore, Maryalnd", "Baltemore",
    ),
    "Germantown, MD": (
        "Germantwon", "Germatown", "Germantow", "Germantwn", "Germanton", "Germanntown",
        "German Town", "Germontown", "Germantowne", "Gemantown", "Gremantown", "Jermantown",
        "Germantonw", "Germanown", "Germantown MD", "germantown", "Germantiwn", "Germnatown",
        "Germantowns", "Gernantown",
    ),
    "Ellicott City, MD": (
        "Ellicot City", "Elicott City", "Elicot City", "Ellicott Cty", "Ellicott Citty",
        "Elliott City", "Ellicott Ctiy", "Ellicot Cty, MD", "Ellicottcity", "Ellicott",
        "Ellicitt City", "Ellocott City", "Ellicott Ciy", "Elliccott City", "Ellicot City MD",
        "Ellicott City, Maryland", "Ellictt City", "Ellicottt City", "Ellicot", "Ellicoot City",
    ),
}  # fmt: skip
"""Slips with the five main towns; each of them is taken, or offered first."""

OTHERS = {
    "MD20912": "20912", "Takoma Park20912": "20912", "20852 Rockville Pike": "20852",
    "dc va hospital": "Washington DC VA Medical Center, DC",
    "va hospital baltimore": "Baltimore VA Medical Center, MD",
    "Rockville": "Rockville, MD", "Bethesda": "Bethesda, MD", "Columbia": "Columbia, MD",
    "Frederick": "Frederick, MD", "Annapolis": "Annapolis, MD", "Salisbury": "Salisbury, MD",
    "Canton": "Canton, Baltimore, MD", "canton baltimore md": "Canton, Baltimore, MD",
    "Canton, Baltimore": "Canton, Baltimore, MD", "Canton MD": "Canton, Baltimore, MD",
    "Canton, Ohio": "Canton, OH", "Canton OH": "Canton, OH",
    "Hampden": "Hampden, Baltimore, MD", "Columbia Heights": "Columbia Heights, Washington, DC",
    "Columbia Heights, MN": "Columbia Heights, MN", "NoMa": "NoMa, Washington, DC",
    "noma washington dc": "NoMa, Washington, DC", "Columbia SC": "Columbia, SC",
    "Tacoma, WA": "Tacoma, WA", "Tacoma Washington": "Tacoma, WA",
    "Silver Springs, FL": "Silver Springs, FL", "Richmond, VA": "Richmond, VA",
    "Bmore": "Baltimore, MD", "DTSS": "Downtown Silver Spring, MD",
    "PG County": "Prince George's County, MD", "Prince Georges": "Prince George's County, MD",
    "Howard": "Howard County, MD", "Anne Arundel": "Anne Arundel County, MD",
    "Montgomery County, PA": "Montgomery County, PA", "Fairfax County": "Fairfax County, VA",
    "20889": "20889", "20912 md": "20912", "20912md": "20912", "near 20912": "20912",
    "2O912": "20912", "209I2": "20912", "20912, Takoma Park": "20912", "(20912)": "20912",
    "20912 Takoma Park": "20912", "Takoma Park (20912)": "20912", "near zip 20912": "20912",
    "cerca de 20912": "20912", "Canton 21224": "21224", "98402": "98402",
    "Upr Marlboro": "Upper Marlboro, MD", "Uppr Marlboro, MD": "Upper Marlboro, MD",
    "Hvre De Grace": "Havre de Grace, MD", "W Hyattsville": "West Hyattsville, MD",
    "St. Michaels": "Saint Michaels, MD", "Mt. Rainier": "Mount Rainier, MD",
    "Ft Washington": "Fort Washington, MD", "Mt Airy": "Mount Airy, MD",
    "near Bethesda": "Bethesda, MD", "downtown Bethesda": "Bethesda, MD",
    "Bethesda area": "Bethesda, MD", "cerca de Langley Park": "Langley Park, Hyattsville, MD",
    "md silver spring": "Silver Spring, MD", "Washington": "Washington, DC", "dc": "Washington, DC",
    "New York": "New York, NY", "Boise": "Boise, ID", "Potomac": "Potomac, MD",
    "12 Main Street, Rockville": "Rockville, MD", "1 Main St, Hampden": "Hampden, Baltimore, MD",
}  # fmt: skip

TYPED = {**_counties(), **_named(), **OTHERS}
"""What is typed -> the label of the place that is taken at once."""

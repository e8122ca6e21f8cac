"""What every test of the place box asks with: eight towns, and three short ways to ask."""

from __future__ import annotations

import pytest

from clinics.adapters.memory import DictGeocoder
from clinics.domain.model import Place, Point, Town
from clinics.domain.ports import PlaceError
from clinics.places.find import Gazetteer, PlaceAnswer, find_place

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

"""Places that cannot be used: one sentence each, nothing in the link, and the search goes on."""

import re

import pytest

from clinics.domain.model import Point
from clinics.domain.ports import GeocodedAddress

BAD = {
    "very long": "x" * 10_000,
    "very long digits": "9" * 10_000,
    "markup": "<script>alert(1)</script>",
    "a picture": "<img src=x onerror=alert(1)>",
    "a database command": "'; DROP TABLE clinics; --",
    "not a number": "NaN, NaN",
    "nan alone": "nan,-77",
    "beyond the pole": "91,0",
    "beyond the date line": "38.9,-181",
    "in the Atlantic": "0,0",
    "a whole state": "Texas",
    "four digits": "2091",
    "no such ZIP": "00000",
    "no such town": "Xyzzyville",
    "no words": "!!!",
    "a newline": "12\nMain <b>",
    "a placeholder": "${near}",
    "right-to-left marks": "\u202e\u202d\u200f",
    "no characters at all": "\ufffd\uffff",
}
IN_LINKS = {name: text for name, text in BAD.items() if any(c.isprintable() for c in text)}
"""A link whose place is nothing that can be seen is a link without a place."""


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_a_place_that_cannot_be_used_gets_one_sentence(app, text):
    app.type_place(text)
    assert len(app.warnings) == 1
    assert len(app.warnings[0]) < 250
    assert app.url == {}
    assert app.headline == "27 ketamine and Spravato clinics"


@pytest.mark.parametrize("text", IN_LINKS.values(), ids=IN_LINKS.keys())
def test_the_same_place_in_a_link_gets_the_same_care(visit, text):
    shared = visit(near=text, condition="ptsd")
    assert shared.headline == "11 ketamine and Spravato clinics listed as treating PTSD"
    assert len(shared.warnings) == 1


def test_a_good_place_takes_the_sentence_away(app):
    app.type_place("91,0").type_place("20912")
    assert app.warnings == []
    assert app.url == {"near": "20912"}


def test_a_bad_place_lets_the_last_good_one_go(app):
    """Distances from a place that no longer stands in the box would mislead."""
    app.type_place("20912").type_place("Xyzzyville")
    assert app.url == {}
    assert app.distances == []
    assert app.place_box == "Xyzzyville"


def test_other_choices_survive_a_bad_place(visit):
    shared = visit(near="20912", condition="ptsd", within="10")
    shared.type_place("91,0")
    assert shared.url == {"condition": "ptsd", "within": "10"}


def test_markup_in_a_town_is_shown_as_typed(app):
    app.type_place("[Free money](https://example.org)")
    shown = app.app.warning[0].value
    assert not re.search(r"(?<!\\)\]\(", shown)
    assert "[Free money](https://example.org)" in app.warnings[0]


def test_an_address_found_in_peru_is_not_believed(app, geocoder):
    text = "100 Main Street, Takoma Park, MD"
    geocoder._answers[text.casefold()] = GeocodedAddress(Point(-12.05, -77.04), "Lima", "")
    app.type_place(text)
    assert app.url == {"near": "Takoma Park, MD"}
    assert any("does not fit" in note for note in app.notes)
    assert app.total == 21

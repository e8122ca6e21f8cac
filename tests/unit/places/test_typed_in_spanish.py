"""Places as Spanish speakers type them, on a page in either language; and distances with them."""

from __future__ import annotations

import re

import pytest

from clinics.domain.language import speaking
from clinics.domain.ports import PlaceError, PlaceNotUnderstood
from clinics.domain.typed_words import any_of, meanings, miles_in
from clinics.places.find import find_place
from clinics.places.typed import distance_in
from tests.typed_places import bundled, offered

TYPED = {
    "Condado de Montgomery": "Montgomery County, MD",
    "condado Montgomery": "Montgomery County, MD",
    "condado de Howard": "Howard County, MD",
    "el condado de Howard, Maryland": "Howard County, MD",
    "en el condado de Prince George": "Prince George's County, MD",
    "condado de Washington": "Washington County, MD",
    "condado de Fairfax, Virginia": "Fairfax County, VA",
    "cerca de Rockville": "Rockville, MD",
    "clínicas cerca de Germantown": "Germantown, MD",
    "la ciudad de Baltimore": "Baltimore, MD",
    "centro de Bethesda": "Bethesda, MD",
    "Bethesda, Maryland": "Bethesda, MD",
    "Bethesda y alrededores": "Bethesda, MD",
    "Silver Spring, Maryland, Estados Unidos": "Silver Spring, MD",
    "Rockville, EE. UU.": "Rockville, MD",
    "código postal 20912": "20912",
    "Codigo Postal: 20912": "20912",
    "C.P. 20912": "20912",
    "Pittsburgh, Pensilvania": "Pittsburgh, PA",
    "Universidad de Maryland": "University of Maryland, College Park, MD",
    # and what is no Spanish stays what it was
    "La Plata": "La Plata, MD",
    "la plata 20646": "20646",
    "zip code 20912": "20912",
}


@pytest.mark.parametrize("typed", TYPED)
def test_a_place_typed_in_spanish_is_found(typed: str) -> None:
    assert offered(typed)[0] == TYPED[typed]


@pytest.mark.parametrize("typed", ["Condado de Montgomery", "cerca de Rockville"])
def test_it_is_found_on_a_spanish_page_too(typed: str) -> None:
    with speaking("es"):
        assert offered(typed)[0] == TYPED[typed]


@pytest.mark.parametrize(
    "typed",
    ["cerca de mí", "cerca de mi", "aquí", "Aqui", "mi ubicación", "clínicas cerca de mí",
     "a 5 millas de mí", "mí", "en mi zona", "donde vivo"],
)  # fmt: skip
def test_where_the_visitor_is_gets_a_sentence(typed: str) -> None:
    with pytest.raises(PlaceNotUnderstood, match="Use my location"):
        find_place(typed, bundled(), None)


def test_michigan_is_still_a_state() -> None:
    with pytest.raises(PlaceError, match="Michigan is a whole state"):
        find_place("MI", bundled(), None)


@pytest.mark.parametrize(
    ("typed", "miles", "near"),
    [
        ("a 10 millas de Silver Spring", 10, "Silver Spring, MD"),
        ("a menos de 10 millas de Silver Spring", 10, "Silver Spring, MD"),
        ("a 10 km de Rockville", 6.21371, "Rockville, MD"),
        ("10 miles from Olney", 10, "Olney, MD"),
        ("within 25 miles of 20912", 25, "20912"),
        ("Olney, 2.5 millas", 2.5, "Olney, MD"),
        ("20912, 5 millas", 5, "20912"),
        ("a 1,500 millas de Rockville", 1500, "Rockville, MD"),
        ("Rockville", None, "Rockville, MD"),
    ],
)
def test_a_distance_typed_with_a_place_comes_with_the_answer(
    typed: str, miles: float | None, near: str
) -> None:
    answer = find_place(typed, bundled(), None)
    assert answer.place
    assert (answer.within, answer.place.param) == (miles, near)


@pytest.mark.parametrize(
    ("typed", "miles"),
    [("10 millas", 10), ("10 miles", 10), ("1,500 mi", 1500), ("2,5 millas", 2.5), ("10", None),
     ("diez millas", None), ("10 millas de aquí", None), ("1,00 millas", 1)],
)  # fmt: skip
def test_miles_are_read_as_people_write_them(typed: str, miles: float | None) -> None:
    assert miles_in(typed) == miles


def test_many_words_for_a_distance_take_no_time() -> None:
    for text in ("a menos de " * 18, "a 1 milla de " * 15, "1,111" * 40, "a unas " * 28):
        assert distance_in(text[:200])


def test_accents_and_dots_may_be_left_out() -> None:
    assert re.fullmatch(any_of("zip"), "codigo postal")
    assert re.fullmatch(any_of("country"), "eeuu")


def test_every_unit_is_looked_for() -> None:
    for unit in meanings("miles"):
        assert distance_in(f"10 {unit} de Olney")[1] == "Olney"

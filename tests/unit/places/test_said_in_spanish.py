"""What is said of a place that was typed, in Spanish: why it cannot be used, and what was taken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clinics.directory import Directory
from clinics.domain.language import read, say, speaking
from clinics.domain.model import Point
from clinics.domain.ports import GeocodedAddress, GeocodingUnavailable, PlaceError
from clinics.places.find import find_here, find_place
from tests.integration.test_spanish_pages import english

TROUBLE = {
    "Nowhereville": 'No conocemos ningún lugar que se llame "Nowhereville".',
    "Rockvile Centerr": "No conocemos ningún lugar",
    "Maryland": "es un estado entero, demasiado grande",
    "99999": "No conocemos el código postal 99999. Revise sus cinco números, o dé una ciudad.",
    "209122": "tiene cinco números, o cinco y cuatro; este tiene 6",
    "0,0": "está en el océano Atlántico",
    "95,10": "La latitud va de -90 a 90 grados",
    "10,190": "La longitud va de -180 a 180 grados",
    "nan,1": "primero la latitud",
    "aquí": "Usar mi ubicación",
    " ": "No se dio ningún lugar.",
    "!!!": "Eso no tiene letras ni números.",
    "a" * 201: "tiene 201 caracteres, y un lugar tiene 200 como máximo",
    "東京": "Se entienden los nombres en letras latinas",
    "1 Made-up Street": "Aquí no se buscan direcciones de calles.",
    "1 <b>": "Eso no parece un lugar.",
}
TAKEN = {
    "Philadelphia": "Hay más de un lugar que se llama Philadelphia: elija uno, o añada el estado.",
    "Philadelphia, PA": "Philadelphia, PA está a cerca de",
    "Silver Springs": "Leímos “Silver Springs” como Silver Spring, MD.",
    "Montgomery County": "es grande, y las distancias son desde su centro.",
    "Virginia 20912": "El código postal 20912 está en Takoma Park, MD.",
    "38.98,77.01": "una longitud del oeste lleva un signo menos: 38.9800,-77.0100",
    "Rockville 99999": "No conocemos el código postal 99999, así que las distancias son desde",
    "1 Made-up Street, Rockville, MD": "Aquí no se buscan direcciones de calles, así que",
}


@pytest.fixture(autouse=True)
def spanish() -> Iterator[None]:
    with speaking("es"):
        yield


def is_spanish(said: str) -> bool:
    return english(f'<html lang="es"><p>{said}</p></html>') == []


@pytest.mark.parametrize(("typed", "said"), TROUBLE.items())
def test_why_a_text_gives_no_place(directory: Directory, typed: str, said: str) -> None:
    with pytest.raises(PlaceError) as problem:
        find_place(typed, directory.gazetteer, None)
    assert said in str(problem.value)
    assert is_spanish(str(problem.value).replace("<", ""))
    assert problem.value.next_step not in {str(message) for message in read("en").values()}


@pytest.mark.parametrize(("typed", "said"), TAKEN.items())
def test_what_a_text_was_taken_for(directory: Directory, typed: str, said: str) -> None:
    answer = find_place(typed, directory.gazetteer, None)
    assert said in answer.note
    assert is_spanish(answer.note)
    assert is_spanish(answer.question)


def test_what_is_asked_where_there_are_several(directory: Directory) -> None:
    answer = find_place("Springfield", directory.gazetteer, None)
    assert answer.question in (say("place.which"), say("place.not_this", place="Springfield"))
    county = find_place("Montgomery County", directory.gazetteer, None)
    assert county.question.startswith("Una ciudad en ")


def test_where_a_visitor_is_and_an_address_have_names(directory: Directory) -> None:
    class Service:
        def locate(self, address: str) -> GeocodedAddress | None:
            if "Down" in address:
                raise GeocodingUnavailable
            return GeocodedAddress(Point(38.98, -77.01), zip="20912") if "Made" in address else None

    found = find_place("1 Made-up Street, Takoma Park", directory.gazetteer, Service()).place
    assert found
    assert found.name == "una dirección en el ZIP 20912"
    here = find_here(38.98, -77.01, directory.gazetteer).place
    assert here
    assert here.name == "su ubicación"
    with pytest.raises(PlaceError, match="Su ubicación está fuera de Estados Unidos"):
        find_here(48.0, 2.0, directory.gazetteer)
    with pytest.raises(PlaceError, match="El servicio de direcciones no contesta"):
        find_place("1 Down Xyzzy", directory.gazetteer, Service())
    with pytest.raises(PlaceError, match="No pudimos encontrar esa dirección"):
        find_place("1 Nothing Xyzzy", directory.gazetteer, Service())

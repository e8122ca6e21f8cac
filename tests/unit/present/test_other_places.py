"""What is said of other places that may have been meant."""

from __future__ import annotations

from clinics.domain.model import Place, PlaceKind, Point
from clinics.places.find import PlaceAnswer
from clinics.present.other_places import OtherPlaces, other_places


def town(label: str) -> Place:
    return Place(label, Point(39.0, -77.0), PlaceKind.TOWN, label)


ROCKVILLE, FAR = town("Rockville, MD"), town("Rockville, CT")


def test_an_answer_without_others_offers_nothing() -> None:
    assert other_places(None) is None
    assert other_places(PlaceAnswer(ROCKVILLE)) is None


def test_namesakes_are_a_quiet_line() -> None:
    said = other_places(PlaceAnswer(ROCKVILLE, alternatives=(FAR,)))
    assert said == OtherPlaces("Not this Rockville?", (("Connecticut", "Rockville, CT"),), False)


def test_others_of_another_name_are_not_called_namesakes() -> None:
    said = other_places(PlaceAnswer(town("Takoma Park, MD"), alternatives=(town("Tacoma, WA"),)))
    assert said
    assert (said.lead, said.is_question) == ("Not this Takoma Park?", False)
    assert said.places == (("Tacoma, WA", "Tacoma, WA"),)


def test_without_an_answer_it_is_a_question() -> None:
    said = other_places(PlaceAnswer(None, (ROCKVILLE, FAR), "There is more than one."))
    assert said
    assert (said.lead, said.is_question) == ("Which one do you mean?", True)


def test_suggestions_are_offered_instead_of_an_answer() -> None:
    said = other_places(None, ("Takoma Park, MD",))
    assert said == OtherPlaces("Did you mean:", (("Takoma Park, MD",) * 2,), True)

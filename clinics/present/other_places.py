"""Other places that a visitor may have meant, and what is said before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinics.domain.kinds import state_name
from clinics.domain.language import say
from clinics.places.find import PlaceAnswer


@dataclass(frozen=True, slots=True)
class OtherPlaces:
    """What stands before the places, and each as it is named and as `near` takes it.

    With `is_question` there is no answer until one is chosen; otherwise they are a quiet line.
    """

    lead: str
    places: tuple[tuple[str, str], ...]
    is_question: bool


def other_places(answer: PlaceAnswer | None, suggestions: Sequence[str] = ()) -> OtherPlaces | None:
    """Return what to offer beside an answer, or instead of one: the `suggestions` of a refusal."""
    if suggestions:
        return OtherPlaces(
            say("place.did_you_mean"), tuple((text, text) for text in suggestions), True
        )
    if answer is None or not (answer.choices or answer.alternatives):
        return None
    if answer.choices:
        return OtherPlaces(answer.question, tuple((p.name, p.param) for p in answer.choices), True)
    return _beside(answer)


def _beside(answer: PlaceAnswer) -> OtherPlaces:
    """Return "Not this Rockville?" with the states of the others where all are of one name."""
    others = answer.alternatives
    names = {place.name.rpartition(", ")[0] for place in filter(None, (answer.place, *others))}
    states = [state_name(place.name.rpartition(", ")[2], "") for place in others]
    of_one_name = len(names) == 1 and all(states)
    words = states if of_one_name else [place.name for place in others]
    labeled = zip(words, (place.param for place in others), strict=True)
    return OtherPlaces(answer.question, tuple(labeled), False)

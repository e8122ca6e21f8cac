"""What a text was found to mean."""

from __future__ import annotations

from dataclasses import dataclass

from clinics.domain.language import say
from clinics.domain.model import Place, PlaceKind
from clinics.domain.words import county

MAX_CHOICES = 8


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """A place, or with several of one name the `choices` (at most 8); `note` is for the visitor.

    `alternatives` are other places of that name, or the towns of a county that was taken.
    `within` is the distance in miles that was typed with the place, if one was.
    """

    place: Place | None
    choices: tuple[Place, ...] = ()
    note: str = ""
    alternatives: tuple[Place, ...] = ()
    within: float | None = None

    @property
    def question(self) -> str:
        """Return what is asked with the choices or the alternatives; "" without any."""
        if self.choices:
            return say("place.which_one")
        if not (self.alternatives and self.place):
            return ""
        name = self.place.name.rpartition(", ")[0]
        if self.place.kind is PlaceKind.COUNTY:
            return say("place.town_in", county=county(name))
        return say("place.not_this", name=name.partition(", ")[0])

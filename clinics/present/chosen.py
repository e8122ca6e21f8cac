"""What is chosen in a search, in the words of its controls, and how each choice is let go of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clinics.domain.language import Sentences, say
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import joined
from clinics.present import wording
from clinics.search.query import COLUMN_OF, LEGENDS, NEEDS, PARAMETERS, Query

SORT_WORDS = Sentences({name: f"form.sort_{name}" for name in PARAMETERS["sort"].choices})
"""What each order is called."""


@dataclass(frozen=True, slots=True)
class InUse:
    """One choice of the filters: its parameter and id, what people read, and what is left then."""

    parameter: str
    id: str
    words: str
    rest: str | tuple[str, ...]

    def let_go(self, query: Query) -> Query:
        """Return a search without this choice; a chosen clinic is let go of too."""
        return replace(query, clinic="", **{self.parameter: self.rest})  # type: ignore[arg-type]


def radius_label(within: float | None) -> str:
    """Say a distance on its button: "25 miles", "any distance"."""
    return say("form.any_distance") if within is None else wording.miles(f"{within:g}")


def conditions_label(query: Query, vocabulary: Vocabulary) -> str:
    """Say the chosen conditions on their button, or how many there are."""
    if not query.condition:
        return say("form.any_condition")
    if len(query.condition) > 2:
        return say("form.conditions", count=len(query.condition))
    labels = [vocabulary.label("conditions", id) for id in query.condition]
    joiner = "and" if query.match == "all" else "or"
    return joined([wording.condition_in_text(label) for label in labels], joiner)


def filters_label(query: Query) -> str:
    """Say how many filters are in use on their button."""
    count = query.filters_in_use
    return say("form.filters_in_use", count=count) if count else say("form.filters")


def in_use(query: Query, vocabulary: Vocabulary) -> list[InUse]:
    """Return each choice of the filters that is in use."""
    several = [
        (parameter, id, vocabulary.label(COLUMN_OF[parameter], id))
        for parameter in ("category", *LEGENDS, "setting")
        for id in _ids(getattr(query, parameter))
    ]
    several += [
        (name, "yes", PARAMETERS[name].legend) for name in NEEDS if getattr(query, name) == "yes"
    ]
    several += [("q", query.q, say("form.named", name=query.q))] if query.q else []
    return [InUse(*each, _rest(query, *each[:2])) for each in several]


def without_filters(query: Query) -> Query:
    """Return a search without its filters: what for, where and how far."""
    kept = ("near", "within", "condition", "match")
    return Query(**{name: getattr(query, name) for name in kept})


def orders(*, has_place: bool) -> tuple[str, ...]:
    """Return the orders there are: by distance only with a place."""
    return tuple(s for s in PARAMETERS["sort"].choices if has_place or s != "distance")


def _ids(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else tuple(filter(None, (value,)))


def _rest(query: Query, parameter: str, id: str) -> str | tuple[str, ...]:
    value = getattr(query, parameter)
    if isinstance(value, tuple):
        return tuple(each for each in value if each != id)
    return (*PARAMETERS[parameter].choices, "")[0]

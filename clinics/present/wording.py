"""How values are said to people: distances, dates, approval, evidence, empty answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from clinics.domain.model import (
    Clinic,
    Condition,
    Freshness,
    Grade,
    Place,
    Precision,
    Treatment,
)
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import counted, day, joined, plural
from clinics.search.query import Query
from clinics.search.search import Hit, Results

Sentence = tuple[str | Clinic, ...]
"""A sentence in parts: the clinics it names are drawn as links, in bold, or by their names."""

CRISIS = "Need help now? Call or text 988. In danger: call 911."

GRADE_WORDS = {
    Grade.STRONG: "Evidence: strong (several good trials, or a regulator’s approval for this use).",
    Grade.MODERATE: "Evidence: moderate (trials show benefit, with real limits).",
    Grade.LIMITED: "Evidence: limited (small, short or mixed trials).",
    Grade.INSUFFICIENT: "Evidence: not enough to tell people that it works.",
}
GRADE_STEPS = {
    Grade.STRONG: ("full", "full", "full", "full"),
    Grade.MODERATE: ("full", "full", "half", "empty"),
    Grade.LIMITED: ("full", "half", "empty", "empty"),
    Grade.INSUFFICIENT: ("half", "empty", "empty", "empty"),
}
_GRADE_IN_SHORT = {
    Grade.STRONG: "Strong evidence.",
    Grade.MODERATE: "Moderate evidence.",
    Grade.LIMITED: "Limited evidence.",
    Grade.INSUFFICIENT: "Not enough evidence.",
}

VERDICT_SHAPES = {"supported": "●", "overstated": "◐", "not supported": "○", "contradicted": "✕"}
"""A shape beside the word of each verdict, so that it does not hang on color."""

APPROXIMATE = {
    Precision.STREET: "",
    Precision.ZIP: "approximate location: center of its ZIP",
    Precision.TOWN: "approximate location: center of its town",
}
STATUS_WORDS = {
    "temporarily-closed": "Temporarily closed, by our last information.",
    "moved": "It has moved, by our last information. Call before you go.",
    "closed": "Closed, by our last information.",
}


def radius(within: float | None) -> str:
    """Say a radius: "within 25 miles", "at any distance"."""
    if within is None:
        return "at any distance"
    return f"within {within:g} {plural(within, 'mile')}"


def distance(hit: Hit, *, beyond: float | None = None) -> str:
    """Say how far a clinic is, no more exactly than its position is known; "" without a place.

    `beyond` is a radius in miles that the clinic is known to lie outside, so that rounding never
    says otherwise.
    """
    miles = hit.distance_miles
    if miles is None:
        return ""
    if beyond is None and is_in_town(hit):
        return f"In or near {hit.clinic.city}, {hit.clinic.state}"
    about = hit.clinic.location_precision.is_approximate
    rounded = (round(miles * 2) / 2 if miles < 10 else float(round(miles))) if about else miles
    if beyond is not None and round(rounded, 1) <= beyond:
        return f"Just over {_miles(f'{beyond:g}')}"
    return f"About {_miles(f'{rounded:g}')}" if about else _miles(f"{miles:.1f}")


def is_in_town(hit: Hit) -> bool:
    """Return True if no more can be said than that the clinic is about where the visitor is."""
    miles = hit.distance_miles
    return miles is not None and miles < 1 and hit.clinic.location_precision.is_approximate


def _miles(number: str) -> str:
    return f"{number} mile" if number in ("1", "1.0") else f"{number} miles"


def measured_from(hit: Hit, place: Place | None) -> str:
    """Say what that distance is measured from, to stand right after it."""
    if place is None or is_in_town(hit):
        return ""
    return f"from {place.measured_from}"


def checked(clinic: Clinic, today: dt.date) -> str:
    """Say when a listing was last checked, and warn when that is long ago."""
    freshness = clinic.freshness(today)
    if clinic.last_checked is None:
        return "Not dated: we do not know when this was last checked"
    said = f"Last checked {day(clinic.last_checked)}"
    if freshness is Freshness.OLD:
        return f"{said}, more than 180 days ago: call to confirm"
    return f"{said}, more than 90 days ago" if freshness is Freshness.AGING else said


def clinics_of(categories: tuple[str, ...], total: int, vocabulary: Vocabulary) -> str:
    """Count what a search finds, in words: "3 ketamine and Spravato clinics", "1 place"."""
    one, many = "place", "places"
    if len(categories) == 1:
        category = vocabulary.category(categories[0])
        one, many = category.one, category.many
    return counted(total, one, many)


def headline(results: Results, vocabulary: Vocabulary) -> str:
    """Say in one sentence what was found, where and how it is limited."""
    query, place = results.query, results.place
    found = clinics_of(results.categories, results.total, vocabulary)
    if not results.total:
        found = "No" + found.removeprefix("0")
    treats = _treats(query, vocabulary)
    where = f" {radius(query.within)} of {place.name}" if place else ""
    if place and query.within is None:
        where = f" at any distance from {place.name}"
    return f"{found}{where}{treats}"


def _treats(query: Query, vocabulary: Vocabulary) -> str:
    labels = [condition_in_text(vocabulary.label("conditions", id)) for id in query.condition]
    if not labels:
        return ""
    treated = joined(labels, "and" if query.match == "all" else "or")
    return f" listed as treating {treated}"


def condition_in_text(label: str) -> str:
    """Write a label inside a sentence: "Chronic pain" -> "chronic pain", "PTSD" stays."""
    first = label.split()[0].split("-")[0]
    return label if first.isupper() else label[0].lower() + label[1:]


def in_short(condition: Condition, *, spravato: bool = True) -> str:
    """Say approval and grade in a few words; of Spravato only where it is on offer."""
    return f"{condition.approval_where(spravato=spravato)} {_GRADE_IN_SHORT[condition.grade]}"


def offers(treatments: Iterable[Treatment]) -> tuple[tuple[str, str], ...]:
    """Return the treatments a clinic offers as (labels, what is approved), each approval once."""
    found: dict[str, list[str]] = {}
    for treatment in treatments:
        found.setdefault(treatment.approval_short, []).append(treatment.label)
    return tuple((", ".join(labels), short) for short, labels in found.items())


def silent(total: int) -> str:
    """Say how many do not say what they treat: "1 that does not say what it treats"."""
    return counted(total, "that does not say what it treats", "that do not say what they treat")


def as_text(sentence: Sentence) -> str:
    """Return a sentence in plain text."""
    return "".join(part if isinstance(part, str) else part.name for part in sentence)

"""How values are said to people: distances, dates, approval, evidence, empty answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from clinics.domain import field_sources
from clinics.domain.kinds import SEPARATOR
from clinics.domain.model import (
    FRESH_DAYS,
    Clinic,
    Condition,
    Freshness,
    Grade,
    Place,
    Precision,
    Treatment,
)
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import as_dated, counted, day, joined, plural
from clinics.places.distance import in_steps, step_miles
from clinics.search.dataset import VAGUENESS, Dataset
from clinics.search.query import PARAMETERS, Query
from clinics.search.search import Hit, Results

Sentence = tuple[str | Clinic, ...]
"""A sentence in parts: the clinics it names are drawn as links, in bold, or by their names."""

CRISIS = "Need help now? Call or text 988 (en español: press 2). In danger: call 911."

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
    Precision.TOWN: "only its town is known",
}
STATUS_WORDS = {
    "temporarily-closed": "Call first: temporarily closed, by our last information.",
    "moved": "Call first: it has moved, by our last information.",
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
    miles, clinic = hit.distance_miles, hit.clinic
    if miles is None:
        return ""
    precision = clinic.location_precision
    if beyond is None and is_in_zip(hit):
        return f"In or near {clinic.city}, {clinic.state}"
    rounded = float(in_steps(miles, step_miles(miles, VAGUENESS[precision])))
    about = "about " if precision.is_approximate else ""
    said = f"{about}{_miles(f'{rounded:g}' if about else f'{miles:.1f}')}"
    if beyond is not None and round(rounded, 1) <= beyond:
        said = f"just over {_miles(f'{beyond:g}')}"
    if precision is not Precision.TOWN:
        return said[:1].upper() + said[1:]
    return f"Somewhere in {clinic.city}{f' (its center is {said} away)' if rounded else ''}"


def is_in_zip(hit: Hit) -> bool:
    """Return True if the center of the clinic's ZIP is about where the visitor is."""
    miles = hit.distance_miles
    return miles is not None and miles < 1 and hit.clinic.location_precision is Precision.ZIP


def approximate(hit: Hit) -> str:
    """Say how a position is approximate, where the distance does not say it already."""
    precision = hit.clinic.location_precision
    somewhere = precision is Precision.TOWN and hit.distance_miles is not None
    return "" if somewhere else APPROXIMATE[precision]


def _miles(number: str) -> str:
    return f"{number} mile" if number in ("1", "1.0") else f"{number} miles"


def measured_from(hit: Hit, place: Place | None) -> str:
    """Say what that distance is measured from, to stand right after it."""
    if place is None or is_in_zip(hit) or hit.clinic.location_precision is Precision.TOWN:
        return ""
    return f"from {place.measured_from}"


def where(clinic: Clinic) -> str:
    """Return a listing's address; without a street only its town is known, and it says so."""
    town = f"{clinic.city}, {clinic.state} {clinic.zip}".strip()
    return f"{clinic.address}, {town}" if clinic.address else f"Somewhere in {town}"


def cautions(clinic: Clinic) -> tuple[str, ...]:
    """Return what comes before all else about a listing, and is never cut: the order first."""
    return tuple(filter(None, (STATUS_WORDS.get(clinic.status, ""), clinic.caveat)))


def dated(clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Say which day we confirmed a listing, if we did, and who says it and its single fields.

    "Confirmed by us on 12 Nov 2026. From a federal list of July 2024 (a 2023 survey). Telephone:
    the clinic's own page, 20 Nov 2026".
    """
    said = (_dated(clinic, vocabulary), *said_by(clinic, vocabulary))
    return ". ".join(said)


def _dated(clinic: Clinic, vocabulary: Vocabulary) -> str:
    confirmed = f"Confirmed by us on {day(clinic.last_checked)}" if clinic.last_checked else ""
    return ". ".join(filter(None, (confirmed, origin(clinic, vocabulary))))


def said_by(clinic: Clinic, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Say of each field with a source of its own who says it, and on what day."""
    found = []
    for field, said in field_sources.read(SEPARATOR.join(clinic.field_sources)).items():
        if field in field_sources.FIELDS and clinic.value(field) not in ("", (), None):
            words = field_sources.label_of(field)
            known = vocabulary.fact_sources.get(said.source)
            found.append(f"{words}: {known.label if known else said.source}, {day(said.day)}")
    return tuple(found)


def origin(clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Say what kind of source a listing is from, and of when that source is."""
    if not clinic.source:
        return f"Source of {as_dated(clinic.source_date)}" if clinic.source_date else "No date"
    known = vocabulary.source_words(clinic.source)
    when = f" of {as_dated(clinic.source_date)}" if clinic.source_date else ", no date"
    if clinic.source_date and clinic.source_date[:4] in known.words:
        when = ""  # its own name has the year
    return f"From {known.words}{when}{f' ({known.remark})' if known.remark else ''}"


def in_one_line(clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Say the same of a listing in a line, with how well it is known instead of its source."""
    if not clinic.known_by:
        return _dated(clinic, vocabulary)
    when = as_dated(clinic.source_date) if clinic.source_date else "no date"
    said = f"{known_from(clinic, vocabulary)}, {when}"
    day_of_ours = f"Confirmed by us on {day(clinic.last_checked)}" if clinic.last_checked else ""
    return ". ".join(filter(None, (day_of_ours, said)))


def confirmed(hits: Sequence[Hit], today: dt.date) -> str:
    """Say in one line how many of the listings shown we confirmed lately; "" where none is shown.

    It stands above a list, so that not every card warns of its age.
    """
    total = len(hits)
    fresh = sum(hit.clinic.freshness(today) is Freshness.FRESH for hit in hits)
    lately = f"confirmed by us in the last {FRESH_DAYS} days"
    if not total:
        return ""
    if fresh == total:
        return f"{'This was' if total == 1 else 'All of these were'} {lately}."
    ask = "ask first"
    if not fresh:
        none = "This was not" if total == 1 else "None was"
        return f"{none} {lately}: {ask}."
    rest = "the other" if total - fresh == 1 else "the others"
    return f"{fresh} of these {total} {plural(fresh, 'was', 'were')} {lately}. For {rest}: {ask}."


def edition(dataset: Dataset) -> str:
    """Say which data this is: published on a day, or as it came, and how new its sources are."""
    if dataset.version.published:
        return f"Listings as published on {day(dataset.version.published)}"
    newest = dataset.newest_source
    dated = f"; the newest source is of {as_dated(newest)}" if newest else ""
    return f"Listings as they came with the software{dated}"


def kind_of_place(clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Say what kind of place it is: "Outpatient clinic"; "" where that is not stated."""
    return vocabulary.label("facility_type", clinic.facility_type) if clinic.facility_type else ""


def known_from(clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Say how well a listing is known: "Known from one list only"; "" of the federal list."""
    if not clinic.known_by:
        return ""
    return f"Known from {condition_in_text(vocabulary.label('known_by', clinic.known_by))}"


def clinics_of(categories: tuple[str, ...], total: int, vocabulary: Vocabulary) -> str:
    """Count what a search finds: "3 ketamine and Spravato clinics", "No ketamine clinic"."""
    named = [category for category in vocabulary.categories if category.id in categories]
    one, many = joined([c.one for c in named], "or"), joined([c.many for c in named], "and")
    return counted(total, one, many) if total else f"No {one}"


def headline(results: Results, vocabulary: Vocabulary) -> str:
    """Say in one sentence what was found, where, and every filter in use."""
    query, place = results.query, results.place
    where = f" {radius(query.within)} of {place.name}" if place else ""
    if place and query.within is None:
        where = f" at any distance from {place.name}"
    found = clinics_of(results.categories, results.total, vocabulary)
    more = results.listed - results.total
    unsaid = f", and {more:,} that {plural(more, 'does', 'do')} not say" if more else ""
    return f"{found}{where}{filtered(query, vocabulary)}{unsaid}"


def filtered(query: Query, vocabulary: Vocabulary, names: Sequence[str] | None = None) -> str:
    """Say the filters in use, or those of these `names`, to follow what was found.

    What a source lists and what is looked for in the name are two things: " listed as treating
    PTSD and taking Medicaid, with “mood” in the name or town".
    """
    used = query.filters if names is None else names
    listed = [filter_in_words(query, name, vocabulary) for name in used]
    parts = [said for said in listed if not said.startswith(_WITH)]
    rest = [said for said in listed if said.startswith(_WITH)]
    as_listed = f" listed as {joined(parts, 'and')}" if parts else ""
    return as_listed + (f"{',' if parts else ''} {joined(rest, 'and')}" if rest else "")


_WITH = "with "


def filter_in_words(query: Query, name: str, vocabulary: Vocabulary) -> str:
    """Say what one filter asks for: "taking Medicaid or Medicare"."""
    parameter, value = PARAMETERS[name], getattr(query, name)
    if not parameter.column:
        return parameter.said.format(value)
    ids = value if isinstance(value, tuple) else (value,)
    labels = [vocabulary.label(parameter.column, id) for id in ids]
    if not parameter.names:
        labels = [in_text(label, vocabulary.names) for label in labels]
    every = name == "condition" and query.match == "all"
    return parameter.said.format(joined(labels, "and" if every else "or"))


def condition_in_text(label: str) -> str:
    """Write a condition inside a sentence: "Chronic pain" -> "chronic pain", "PTSD" stays."""
    return in_text(label)


def in_text(label: str, names: frozenset[str] = frozenset()) -> str:
    """Write a label inside a sentence; abbreviations and the `names` keep their capitals."""
    first = label.split()[0]
    stays = first.split("-")[0].isupper() or first in names
    return label if stays else label[0].lower() + label[1:]


def as_therapy(therapy: str) -> str:
    """Name a therapy as one: "ketamine therapy"; "talk therapy" says so itself."""
    return therapy if therapy.casefold().endswith("therapy") else f"{therapy} therapy"


def in_short(condition: Condition, *, related: bool = True) -> str:
    """Say approval and grade in a few words; of the related medicine only where it is on offer."""
    return f"{condition.approval_where(related=related)} {_GRADE_IN_SHORT[condition.grade]}"


def offers(treatments: Iterable[Treatment]) -> tuple[tuple[str, str], ...]:
    """Return the treatments a clinic offers as (labels, what is approved), each approval once."""
    found: dict[str, list[str]] = {}
    for treatment in treatments:
        found.setdefault(treatment.approval_short, []).append(treatment.label)
    return tuple((", ".join(labels), short) for short, labels in found.items())


def silent(results: Results, vocabulary: Vocabulary) -> str:
    """Say how many fit as far as they say, and what they do not say.

    "6 that do not say what they treat", or with several filters "2 that are listed as treating PTSD
    but do not say what they take, and 1 that does not say what it treats or what it takes".
    """
    groups = list(results.silent_on.items())
    said = [_silent_on(names, count, results.query, vocabulary) for names, count in groups[:_NAMED]]
    rest = sum(count for _, count in groups[_NAMED:])
    said += [f"{rest:,} that {plural(rest, 'leaves', 'leave')} other things open"] if rest else []
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])}, and {said[-1]}"


_NAMED = 3
"""Of so many groups it is said what they do not say."""


def _silent_on(names: Sequence[str], count: int, query: Query, vocabulary: Vocabulary) -> str:
    unsaid = joined([plural(count, *PARAMETERS[name].unsaid.split("|")) for name in names], "or")
    missing = f"{plural(count, 'does', 'do')} not say {unsaid}"
    stated = [
        name
        for name in query.may_be_unstated
        if name not in names and not PARAMETERS[name].said.startswith(_WITH)
    ]
    if not stated:
        return f"{count:,} that {missing}"
    are = plural(count, "is", "are")
    return f"{count:,} that {are}{filtered(query, vocabulary, stated)} but {missing}"


def not_stated(hit: Hit) -> str:
    """Say what was asked for and one clinic does not say; "" for one that says it all."""
    unsaid = [PARAMETERS[name].unsaid.split("|")[0] for name in hit.not_stated]
    return f"Does not say {joined(unsaid, 'or')}" if unsaid else ""


def option_count(query: Query, parameter: str) -> str:
    """Say what the number beside an option counts, to follow it: clinics "with this too"."""
    others = len(getattr(query, parameter)) > 1
    return "with this too" if others else "with this"


NOT_A_NO = "Not stated is not a no: ask them."


def telephones(results: Results) -> str:
    """Say how many of those listed give a telephone number; "" where all do."""
    listed, phones = results.listed, results.phones
    if phones == listed:
        return ""
    if listed == 1:
        return "It gives no telephone number."
    if not phones:
        return f"None of these {listed:,} gives a telephone number."
    return f"{phones:,} of these {listed:,} {plural(phones, 'gives', 'give')} a telephone number."


def no_telephone(clinic: Clinic) -> str:
    """Say that no telephone number is listed, and where to turn; "" where one is."""
    if clinic.phone:
        return ""
    if clinic.website:
        return "No telephone number listed; see its website"
    return "No telephone number and no website listed"


def approvals(results: Results, vocabulary: Vocabulary) -> str:
    """Say of when it is what cards say of approvals; "" where none does."""
    offered = {id for hit in results.shown for id in hit.clinic.treatments}
    months = [t.as_of for t in vocabulary.treatments if t.id in offered and t.as_of]
    return f"What is approved, and what is not, is {months[0]}." if months else ""


def as_text(sentence: Sentence) -> str:
    """Return a sentence in plain text."""
    return "".join(part if isinstance(part, str) else part.name for part in sentence)

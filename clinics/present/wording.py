"""How values are said to people: distances, dates, approval, evidence, empty answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from clinics.domain import field_sources
from clinics.domain.kinds import SEPARATOR
from clinics.domain.language import ENGLISH, Sentences, say, spoken
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
from clinics.domain.words import as_dated, capital, counted, day, joined
from clinics.places.distance import in_steps, step_miles
from clinics.search.dataset import VAGUENESS, Dataset
from clinics.search.query import PARAMETERS, Query
from clinics.search.search import Hit, Results

Sentence = tuple[str | Clinic, ...]
"""A sentence in parts: the clinics it names are drawn as links, in bold, or by their names."""


def crisis() -> str:
    """Say whom to call, as text."""
    return say("shell.crisis")


GRADE_WORDS = Sentences({grade: f"topic.{grade}" for grade in Grade})
GRADE_STEPS = {
    Grade.STRONG: ("full", "full", "full", "full"),
    Grade.MODERATE: ("full", "full", "half", "empty"),
    Grade.LIMITED: ("full", "half", "empty", "empty"),
    Grade.INSUFFICIENT: ("half", "empty", "empty", "empty"),
}
_GRADE_IN_SHORT = Sentences({grade: f"known.{grade}" for grade in Grade})

VERDICT_SHAPES = {"supported": "●", "overstated": "◐", "not supported": "○", "contradicted": "✕"}
"""A shape beside the word of each verdict, so that it does not hang on color."""

APPROXIMATE = Sentences(
    {
        Precision.STREET: "",
        Precision.ZIP: "card.approximate_zip",
        Precision.TOWN: "card.approximate_town",
    }
)
STATUS_WORDS = Sentences(
    {
        "temporarily-closed": "card.temporarily_closed",
        "moved": "card.moved",
        "closed": "card.closed",
    }
)


def radius(within: float | None) -> str:
    """Say a radius: "within 25 miles", "at any distance"."""
    if within is None:
        return say("card.any_distance")
    return say("card.within", n=within, miles=f"{within:g}")


def distance(hit: Hit, *, beyond: float | None = None) -> str:
    """Say how far a clinic is, no more exactly than its position is known; "" without a place.

    `beyond` is a radius in miles that the clinic is known to lie outside, so that rounding never
    says otherwise.
    """
    far, clinic = hit.distance_miles, hit.clinic
    if far is None:
        return ""
    precision = clinic.location_precision
    if beyond is None and is_in_zip(hit):
        return say("card.in_or_near", town=f"{clinic.city}, {clinic.state}")
    rounded = float(in_steps(far, step_miles(far, VAGUENESS[precision])))
    said = miles(f"{far:.1f}")
    if precision.is_approximate:
        said = say("card.about", miles=miles(f"{rounded:g}"))
    if beyond is not None and round(rounded, 1) <= beyond:
        said = say("card.just_over", miles=miles(f"{beyond:g}"))
    if precision is not Precision.TOWN:
        return capital(said)
    if not rounded:
        return say("card.somewhere", town=clinic.city)
    return say("card.somewhere_away", town=clinic.city, miles=said)


def is_in_zip(hit: Hit) -> bool:
    """Return True if the center of the clinic's ZIP is about where the visitor is."""
    far = hit.distance_miles
    return far is not None and far < 1 and hit.clinic.location_precision is Precision.ZIP


def approximate(hit: Hit) -> str:
    """Say how a position is approximate, where the distance does not say it already."""
    precision = hit.clinic.location_precision
    somewhere = precision is Precision.TOWN and hit.distance_miles is not None
    return "" if somewhere else APPROXIMATE[precision]


def miles(number: str) -> str:
    """Say miles: "6.2 miles"."""
    return say("card.mile" if number in ("1", "1.0") else "card.miles", miles=number)


def measured_from(hit: Hit, place: Place | None) -> str:
    """Say what that distance is measured from, to stand right after it."""
    if place is None or is_in_zip(hit) or hit.clinic.location_precision is Precision.TOWN:
        return ""
    return say("card.from", place=place.measured_from)


def where(clinic: Clinic) -> str:
    """Return a listing's address; without a street only its town is known, and it says so."""
    town = f"{clinic.city}, {clinic.state} {clinic.zip}".strip()
    return f"{clinic.address}, {town}" if clinic.address else say("card.somewhere", town=town)


def cautions(clinic: Clinic) -> tuple[str, ...]:
    """Return what comes before all else about a listing, and is never cut: the order first."""
    return tuple(
        filter(None, (STATUS_WORDS.get(clinic.status, ""), clinic.caveat_said or clinic.caveat))
    )


def dated(clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Say which day we confirmed a listing, if we did, and who says it and its single fields.

    "Confirmed by us on 12 Nov 2026. From a federal list of July 2024 (a 2023 survey). Telephone:
    the clinic's own page, 20 Nov 2026".
    """
    said = (_dated(clinic, vocabulary), *said_by(clinic, vocabulary))
    return ". ".join(said)


def _dated(clinic: Clinic, vocabulary: Vocabulary) -> str:
    return ". ".join(filter(None, (_confirmed(clinic), origin(clinic, vocabulary))))


def _confirmed(clinic: Clinic) -> str:
    checked = clinic.last_checked
    return say("card.confirmed", day=day(checked)) if checked else ""


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
        date = as_dated(clinic.source_date)
        return say("card.source_of", date=date) if date else say("card.no_date")
    known, date = vocabulary.source_words(clinic.source), as_dated(clinic.source_date)
    id = "card.from_source_of" if date else "card.from_source_undated"
    if date and clinic.source_date[:4] in known.words:
        id = "card.from_source"  # its own name has the year
    remark = f" ({known.remark})" if known.remark else ""
    return say(id, source=known.words, date=date) + remark


def in_one_line(clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Say the same of a listing in a line, with how well it is known instead of its source."""
    if not clinic.known_by:
        return _dated(clinic, vocabulary)
    when = as_dated(clinic.source_date) or in_text(say("card.no_date"))
    said = f"{known_from(clinic, vocabulary)}, {when}"
    return ". ".join(filter(None, (_confirmed(clinic), said)))


def confirmed(hits: Sequence[Hit], today: dt.date) -> str:
    """Say in one line how many of the listings shown we confirmed lately; "" where none is shown.

    It stands above a list, so that not every card warns of its age.
    """
    total = len(hits)
    fresh = sum(hit.clinic.freshness(today) is Freshness.FRESH for hit in hits)
    if not total:
        return ""
    if fresh == total:
        return say("card.fresh_one" if total == 1 else "card.fresh_all", days=FRESH_DAYS)
    if not fresh:
        return say("card.fresh_not_one" if total == 1 else "card.fresh_none", days=FRESH_DAYS)
    id = "card.fresh_one_of" if total - fresh == 1 else "card.fresh_some"
    return say(id, n=fresh, total=total, days=FRESH_DAYS)


def edition(dataset: Dataset) -> str:
    """Say which data this is: published on a day, or as it came, and how new its sources are."""
    if dataset.version.published:
        return say("shell.published", day=day(dataset.version.published))
    newest = as_dated(dataset.newest_source)
    return say("shell.as_shipped_newest" if newest else "shell.as_shipped", date=newest)


def kind_of_place(clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Say what kind of place it is: "Outpatient clinic"; "" where that is not stated."""
    return vocabulary.label("facility_type", clinic.facility_type) if clinic.facility_type else ""


def known_from(clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Say how well a listing is known: "Known from one list only"; "" of the federal list."""
    if not clinic.known_by:
        return ""
    words = condition_in_text(vocabulary.label("known_by", clinic.known_by))
    return say("card.known_from", words=words)


def clinics_of(categories: tuple[str, ...], total: int, vocabulary: Vocabulary) -> str:
    """Count what a search finds: "3 ketamine and Spravato clinics", "No ketamine clinic"."""
    one, many = kinds_of(categories, vocabulary)
    return counted(total, one, many) if total else say("card.none_found", kind=one, many=many)


def kinds_of(categories: tuple[str, ...], vocabulary: Vocabulary) -> tuple[str, str]:
    """Return what one and what several places of these categories are called."""
    found = [category for category in vocabulary.categories if category.id in categories]
    return joined([c.one for c in found], "or"), joined([c.many for c in found], "and")


def headline(results: Results, vocabulary: Vocabulary) -> str:
    """Say in one sentence what was found, where, and every filter in use."""
    query, place = results.query, results.place
    where = f" {around(query.within, place)}" if place else ""
    found = clinics_of(results.categories, results.total, vocabulary)
    more = results.listed - results.total
    unsaid = say("results.and_silent", n=more) if more else ""
    return f"{found}{where}{filtered(query, vocabulary, number=results.total)}{unsaid}"


def around(within: float | None, place: Place) -> str:
    """Say a radius around a place: "within 25 miles of Olney, MD"."""
    if within is None:
        return say("results.anywhere", place=place.name)
    return say("card.within_of", within=radius(within), place=place.name)


def filtered(
    query: Query, vocabulary: Vocabulary, names: Sequence[str] | None = None, number: int = 0
) -> str:
    """Say the filters in use, or those of these `names`, to follow what was found, so many.

    What a source lists and what is looked for in the name are two things: " listed as treating
    PTSD and taking Medicaid, with “mood” in the name or town".
    """
    used = query.filters if names is None else names
    listed = [name for name in used if not PARAMETERS[name].is_apart]
    rest = [filter_in_words(query, name, vocabulary) for name in used if name not in listed]
    parts = [filter_in_words(query, name, vocabulary, number) for name in listed]
    as_listed = say("results.listed_as", filters=joined(parts, "and")) if parts else ""
    return as_listed + (f"{',' if parts else ''} {joined(rest, 'and')}" if rest else "")


def filter_in_words(query: Query, name: str, vocabulary: Vocabulary, number: int = 0) -> str:
    """Say what one filter asks for, of so many clinics: "taking Medicaid or Medicare"."""
    parameter, value = PARAMETERS[name], getattr(query, name)
    said = of_so_many(parameter.said, number)
    if not parameter.column:
        return said.format(value)
    ids = value if isinstance(value, tuple) else (value,)
    labels = [vocabulary.label(parameter.column, id) for id in ids]
    if not (parameter.names and spoken() == ENGLISH):  # names of languages, in English alone
        labels = [in_text(label, vocabulary.names) for label in labels]
    every = name == "condition" and query.match == "all"
    return said.format(joined(labels, "and" if every else "or"))


def of_so_many(words: str, number: int) -> str:
    """Return the form of "what it treats|what they treat" that goes with a number."""
    one, _, several = words.partition("|")
    return one if number == 1 or not several else several


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
    return therapy if therapy.casefold().endswith("therapy") else say("known.therapy", name=therapy)


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
    said += [say("results.leave_open", n=rest)] if rest else []
    if len(said) == 1:
        return said[0]
    return say("results.groups", before=", ".join(said[:-1]), last=said[-1])


_NAMED = 3
"""Of so many groups it is said what they do not say."""


def _silent_on(names: Sequence[str], count: int, query: Query, vocabulary: Vocabulary) -> str:
    unsaid = joined([of_so_many(PARAMETERS[name].unsaid, count) for name in names], "or")
    stated = [
        name
        for name in query.may_be_unstated
        if name not in names and not PARAMETERS[name].is_apart
    ]
    if not stated:
        return say("results.silent_on", n=count, unsaid=unsaid)
    filters = filtered(query, vocabulary, stated, count)
    return say("results.silent_but", n=count, filters=filters, unsaid=unsaid)


def not_stated(hit: Hit) -> str:
    """Say what was asked for and one clinic does not say; "" for one that says it all."""
    unsaid = [of_so_many(PARAMETERS[name].unsaid, 1) for name in hit.not_stated]
    return say("results.does_not_say", unsaid=joined(unsaid, "or")) if unsaid else ""


def option_count(query: Query, parameter: str) -> str:
    """Say what the number beside an option counts, to follow it: clinics "with this too"."""
    others = len(getattr(query, parameter)) > 1
    return say("results.with_this_too" if others else "results.with_this")


def not_a_no() -> str:
    """Say what it means that something is not stated."""
    return say("results.not_a_no")


def telephones(results: Results) -> str:
    """Say how many of those listed give a telephone number; "" where all do."""
    listed, phones = results.listed, results.phones
    if phones == listed:
        return ""
    if listed == 1:
        return say("results.no_telephone")
    if not phones:
        return say("results.no_telephones", listed=listed)
    return say("results.telephones", n=phones, listed=listed)


def no_telephone(clinic: Clinic) -> str:
    """Say that no telephone number is listed, and where to turn; "" where one is."""
    if clinic.phone:
        return ""
    if clinic.website:
        return say("card.no_telephone_website")
    return say("card.no_telephone")


def approvals(results: Results, vocabulary: Vocabulary) -> str:
    """Say of when it is what cards say of approvals; "" where none does."""
    offered = {id for hit in results.shown for id in hit.clinic.treatments}
    months = [t.as_of for t in vocabulary.treatments if t.id in offered and t.as_of]
    return say("results.approved", as_of=months[0]) if months else ""


def as_text(sentence: Sentence) -> str:
    """Return a sentence in plain text."""
    return "".join(part if isinstance(part, str) else part.name for part in sentence)

"""What stands in the form of the plain search, and what a sent form asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qs

from markupsafe import Markup

from clinics.domain.language import say, spoken
from clinics.domain.model import Town
from clinics.domain.vocabulary import Labeled
from clinics.domain.words import capital
from clinics.places.gazetteer import likeliest
from clinics.present import html as render
from clinics.present import spoken_here
from clinics.present.chosen import SORT_WORDS, radius_label
from clinics.search.dataset import Dataset
from clinics.search.query import BANDS, COLUMN_OF, LEGENDS, NEEDS, PARAMETERS, Query
from clinics.web.http_cache import Answer, Answers

MAX_FORM_BYTES = 16_000
MAX_FIELDS = 200
WRITTEN = 1_000
"""So many options are kept as they are written, chosen and not; a form has about 90."""

_kept = Answers(most=200)
"""The filters by what is chosen in them, for the newest listings."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The folded part of the form: chosen categories, lists to tick, and orders.

    `spoken` stands before it, on a page in another language: the id of that language, what its
    box is called, and who says so. `speaking` are the other languages that are chosen.
    """

    categories: tuple[str, ...]
    groups: tuple[tuple[str, str, Sequence[Labeled], tuple[str, ...]], ...]
    languages: Sequence[Labeled]
    speaking: tuple[str, ...]
    spoken: tuple[str, str, str] | None
    ticks: tuple[tuple[str, str], ...]
    orders: tuple[tuple[str, str], ...]


@lru_cache(maxsize=WRITTEN)
def option(value: str, label: str, chosen: object) -> Markup:
    """Return one line of a list to choose from, for the template of the form."""
    mark = " selected" if chosen else ""
    return Markup('<option value="{}"{}>{}').format(value, mark, label)


@lru_cache(maxsize=WRITTEN)
def tick(name: str, value: str, label: str, chosen: object) -> Markup:
    """Return one box to tick, for the template of the form."""
    mark = " checked" if chosen else ""
    line = Markup('<label><input type=checkbox name={} value="{}"{}>{}</label>\n')
    return line.format(name, value, mark, label)


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it is filled in; `filters` is empty where only three questions are asked.

    `kept` is the visitor's list, which a search carries along.
    """

    option = staticmethod(option)

    query: Query
    near_text: str
    near_problem: str
    bands: tuple[tuple[str, str], ...]
    within: str
    filters: Markup
    towns: Sequence[str] = ()
    kept: str = ""

    @property
    def any_condition(self) -> str:
        """Return what is chosen where no condition is."""
        return capital(say("form.any_condition"))


def form_of(
    query: Query = Query(),  # noqa: B008 - frozen
    near_text: str = "",
    near_problem: str = "",
    dataset: Dataset | None = None,
    towns: Sequence[Town] = (),
) -> Form:
    """Return the form of a search; with a dataset also the filters that its listings allow.

    `towns` are suggested while a place is typed.
    """
    bands = tuple((_miles(band), capital(radius_label(band))) for band in BANDS)
    filters = _written(query, dataset) if dataset else Markup()
    suggested = likeliest(towns)
    return Form(query, near_text, near_problem, bands, _miles(query.within), filters, suggested)


def _miles(band: float | None) -> str:
    return "any" if band is None else f"{band:g}"


def _written(query: Query, dataset: Dataset) -> Markup:
    """Return the folded filters as HTML; what somebody typed into them is not kept."""
    query = replace(query, near="", clinic="")

    def make() -> Answer:
        html = render.fill(
            "plain/filters.html",
            query=query,
            full=_filters(query, dataset),
            vocabulary=dataset.vocabulary,
            option=option,
            tick=tick,
        )
        return Answer(html.encode(), "text/html")

    key = (spoken(), query)
    made = make() if query.q else _kept.get(dataset.table, key, make)
    return Markup(made.body.decode())  # noqa: S704 - filled in by a template that escapes


def _filters(query: Query, dataset: Dataset) -> Filters:
    """Return the folded filters of a search."""
    groups = tuple(
        (name, legend, _options(query, dataset, name), getattr(query, name))
        for name, legend in LEGENDS.items()
        if name != "language"
    )
    first = spoken_here.offered(dataset.vocabulary)
    rest = [option for option in _options(query, dataset, "language") if option is not first]
    return Filters(
        query.categories(dataset.vocabulary),
        groups,
        rest,
        tuple(id for id in query.language if not first or id != first.id),
        (first.id, spoken_here.label(first), spoken_here.how_many(dataset, query, first))
        if first
        else None,
        tuple((name, PARAMETERS[name].legend) for name in NEEDS),
        tuple(SORT_WORDS.items()),
    )


def _options(query: Query, dataset: Dataset, name: str) -> Sequence[Labeled]:
    """Return the options of a filter that some listing states, or that are chosen."""
    column = COLUMN_OF[name]
    stated = dataset.stated[column].union(getattr(query, name))
    return [option for option in dataset.vocabulary.options(column) if option.id in stated]


def read_form(body: bytes) -> Mapping[str, Sequence[str]]:
    """Return the fields of a sent form by name; empty ones are left out.

    Raises ValueError when there are more than MAX_FIELDS of them.
    """
    return parse_qs(body.decode("latin-1"), max_num_fields=MAX_FIELDS)

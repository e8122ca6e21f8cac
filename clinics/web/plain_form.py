"""What stands in the form of the plain search, and what a sent form asks for.

Owns the options of the form and the reading of its fields; must not know of pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from clinics.dataset import Dataset
from clinics.query import BANDS, COLUMN_OF, Query
from clinics.vocabulary import Labelled

MAX_FORM_BYTES = 16_000
MAX_FIELDS = 200
_LISTS = (
    ("treatment", "Treatment"),
    ("payment", "Payment it says it accepts"),
)
_ORDERS = (
    ("distance", "Nearest first"),
    ("name", "By name"),
    ("checked", "Last checked first"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """The folded part of the form: chosen categories, lists to tick, and orders."""

    categories: tuple[str, ...]
    groups: tuple[tuple[str, str, Sequence[Labelled], tuple[str, ...]], ...]
    languages: Sequence[Labelled]
    orders: tuple[tuple[str, str], ...] = _ORDERS


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it is filled in; `full` is None where only three questions are asked."""

    query: Query
    near_text: str
    near_problem: str
    bands: tuple[tuple[str, str], ...]
    within: str
    full: Filters | None


def form_of(
    query: Query = Query(),  # noqa: B008 - frozen
    near_text: str = "",
    near_problem: str = "",
    dataset: Dataset | None = None,
) -> Form:
    """Return the form of a search; with a dataset also the filters that its listings allow."""
    bands = tuple((_miles(band), _band_label(band)) for band in BANDS)
    filters = _filters(query, dataset) if dataset else None
    return Form(query, near_text, near_problem, bands, _miles(query.within), filters)


def _miles(band: float | None) -> str:
    return "any" if band is None else f"{band:g}"


def _band_label(band: float | None) -> str:
    return "Any distance" if band is None else f"{band:g} miles"


def _filters(query: Query, dataset: Dataset) -> Filters:
    """Return the folded filters of a search."""
    groups = tuple(
        (name, legend, _options(query, dataset, name), getattr(query, name))
        for name, legend in _LISTS
    )
    languages = _options(query, dataset, "language")
    return Filters(query.categories(dataset.vocabulary), groups, languages)


def _options(query: Query, dataset: Dataset, name: str) -> Sequence[Labelled]:
    """Return the options of a filter that some listing states, or that are chosen."""
    column = COLUMN_OF[name]
    stated = dataset.stated[column].union(getattr(query, name))
    return [option for option in dataset.vocabulary.options(column) if option.id in stated]


def read_form(body: bytes) -> Mapping[str, Sequence[str]]:
    """Return the fields of a sent form by name; empty ones are left out.

    Raises ValueError when there are more than MAX_FIELDS of them.
    """
    return parse_qs(body.decode("latin-1"), max_num_fields=MAX_FIELDS)

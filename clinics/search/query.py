"""What a visitor asks for: one definition that every address, command and request goes through.

Owns the names, defaults and meanings of the search parameters; must not know how answers are found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import joined

BANDS: tuple[float | None, ...] = (5.0, 10.0, 25.0, 50.0, 100.0, None)
"""The distances a visitor can choose, in miles; None is "any distance"."""

DEFAULT_RADIUS = 25.0
MAX_TEXT = 100
MAX_NEAR = 200
MAX_MILES = 13_000.0
"""More than half way round the Earth: a larger radius means "any"."""

COLUMN_OF = {
    "category": "category",
    "condition": "conditions",
    "treatment": "treatments",
    "payment": "payment",
    "language": "languages",
    "setting": "setting",
}
"""Which CSV column each list-valued or coded parameter filters."""

CHOICES = {
    "match": ("any", "all"),
    "unstated": ("exclude", "include"),
    "sort": ("distance", "name", "checked"),
}


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """Something in a request that could not be used: the parameter, its value, one sentence."""

    parameter: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Query:
    """A search. Every field is a public parameter of the same name; see docs/parameters.md.

    `category` empty means the directory's main category, the first of `data/categories.csv`.
    `within` is in miles, None for any distance. `near` is text that may appear in an address
    bar: whoever builds a Query from a street address puts the ZIP or town here instead.
    """

    near: str = ""
    within: float | None = DEFAULT_RADIUS
    category: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    match: str = "any"
    unstated: str = "exclude"
    treatment: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    setting: str = ""
    q: str = ""
    sort: str = "distance"
    clinic: str = ""

    def to_params(self) -> list[tuple[str, str]]:
        """Return the (name, value) pairs that make this query; defaults are left out."""
        pairs: list[tuple[str, str]] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value == field.default:
                continue
            values = value if isinstance(value, tuple) else (_text(value),)
            pairs.extend((field.name, text) for text in values)
        return pairs

    def to_url(self) -> str:
        """Return the query string of this search, without the question mark."""
        return urlencode(self.to_params())

    @property
    def filters_in_use(self) -> int:
        """Count the choices made in the folded filters (not place, distance or condition)."""
        several = (*self.treatment, *self.payment, *self.language)
        single = (self.setting != "", self.q != "", bool(self.category))
        return len(several) + sum(single)

    def categories(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Return the categories that are searched."""
        return self.category or (vocabulary.main_category,)


def _text(value: float | str | None) -> str:
    if value is None:
        return "any"
    # The shortest text that reads back as the same number.
    return repr(value).removesuffix(".0") if isinstance(value, float) else value


def parse_query(
    params: Mapping[str, Sequence[str]], vocabulary: Vocabulary, *, bands_only: bool = True
) -> tuple[Query, tuple[ParameterProblem, ...]]:
    """Read a query from named values; what cannot be used is left at its default and reported.

    `bands_only` allows only the distances the page offers; the API and the command line take any
    number of miles above 0. Never raises, whatever the text.
    """
    problems: list[ParameterProblem] = []
    found: dict[str, object] = {}
    known = {field.name for field in fields(Query)}
    for name, values in params.items():
        if name not in known:
            message = f"There is no search setting called “{_shown(name)}”."
            problems.append(
                ParameterProblem(_shown(name), _shown(values[0] if values else ""), message)
            )
            continue
        texts = [text for text in (_clean(value) for value in values) if text]
        if texts:
            _read_parameter(name, texts, vocabulary, bands_only, found, problems)
    return Query(**found), tuple(problems)  # type: ignore[arg-type]


def _read_parameter(
    name: str,
    texts: list[str],
    vocabulary: Vocabulary,
    bands_only: bool,
    found: dict[str, object],
    problems: list[ParameterProblem],
) -> None:
    def report(value: str, message: str) -> None:
        problems.append(ParameterProblem(name, _shown(value), message))

    if name in ("near", "q", "clinic"):
        found[name] = _too_long(texts[0]) if name == "near" else texts[0][:MAX_TEXT].rstrip()
    elif name == "within":
        _read_within(texts[0], bands_only, found, report)
    elif name in CHOICES:
        if texts[0] in CHOICES[name]:
            found[name] = texts[0]
        else:
            report(
                texts[0],
                f"“{name}” can be {joined(CHOICES[name], 'or')}, not “{_shown(texts[0])}”.",
            )
    else:
        ids = _read_ids(name, texts, vocabulary, report)
        if ids:
            found[name] = ids[0] if name == "setting" else tuple(ids)
        if ids == [vocabulary.main_category] and name == "category":
            del found[name]


def _read_within(
    text: str, bands_only: bool, found: dict[str, object], report: Callable[[str, str], None]
) -> None:
    if text.casefold() == "any":
        found["within"] = None
        return
    try:
        miles = float(text)
    except ValueError:
        miles = math.nan
    if bands_only and miles not in BANDS:
        offered = joined([f"{band:g}" for band in BANDS if band], "or")
        report(text, f"The distance can be {offered} miles, or any, not “{_shown(text)}”.")
    elif not 0 < miles < math.inf:
        report(text, f"The distance is a number of miles above 0, or “any”, not “{_shown(text)}”.")
    else:
        found["within"] = miles if miles < MAX_MILES else None


def _read_ids(
    name: str, texts: list[str], vocabulary: Vocabulary, report: Callable[[str, str], None]
) -> list[str]:
    column = COLUMN_OF[name]
    allowed = vocabulary.ids(column)
    ids: list[str] = []
    for text in texts[:100]:
        if text in allowed:
            ids += [text] if text not in ids else []
            continue
        nearest = vocabulary.nearest(column, text)
        hint = f" Did you mean “{nearest}”?" if nearest else ""
        report(text, f"We know no {name} called “{_shown(text)}”.{hint}")
    return ids


def _too_long(near: str) -> str:
    """Cut a place that is too long so that it still is, also when it is read again."""
    ends_in_space = near[MAX_NEAR : MAX_NEAR + 1] == " "
    return near[: MAX_NEAR + 1 + ends_in_space]


def _clean(value: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in value[:1000]).split())


def _shown(value: str) -> str:
    cleaned = _clean(value)
    return cleaned if len(cleaned) <= 40 else cleaned[:39] + "…"

"""What a visitor asks for: the one table of parameters for addresses, commands and requests.

`Query` is that table: a line of it is a parameter with its default, meaning and kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode

from clinics.domain.language import named, say
from clinics.domain.typed_words import bare, bare_words, miles_in
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import joined

BANDS: tuple[float | None, ...] = (5.0, 10.0, 25.0, 50.0, 100.0, None)
"""The distances a visitor can choose, in miles; None is "any distance"."""

DEFAULT_RADIUS = 25.0
MAX_TEXT = 100
MAX_NEAR = 200
MAX_MILES = 13_000.0
"""More than half way round the Earth: a larger radius means "any"."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What one search parameter means, to everything that reads, offers or explains it.

    A filter has the `column` of the file whose ids it takes, and a `legend` where it is drawn like
    any other; one that asks only whether a column is filled `needs` that column. A fixed choice has
    its `choices`, the default first; a text is at most `longest` characters, and `text` says which.

    A filter is said in sentences: `said` after what was found ("treating {}"), `unsaid` of a clinic
    that states nothing there (after `|` of several), `lifted` of the same search without it. The
    `words` have these and the `legend` in English.
    `names` says that its options are names, which keep their capital letter.
    """

    name: str
    meaning: str
    column: str = ""
    repeatable: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 0
    text: str = ""
    needs: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    names: bool = False

    @property
    def may_be_unstated(self) -> bool:
        """Return True if a clinic that states nothing here may be what is looked for."""
        return bool(self.column and self.words.get("unsaid"))

    @property
    def is_apart(self) -> bool:
        """Return True if it is said apart from what a source lists: what is in the name."""
        return self.words.get("said", "").startswith("with ")

    @property
    def legend(self) -> str:
        """Return what stands over its options."""
        return self._in_words("legend")

    @property
    def said(self) -> str:
        """Return what is said after what was found, {} for the options; after `|` of several."""
        return self._in_words("said")

    @property
    def unsaid(self) -> str:
        """Return what is said of a clinic that states nothing here; after `|` of several."""
        return self._in_words("unsaid")

    @property
    def lifted(self) -> str:
        """Return what is said of the same search without it."""
        return self._in_words("lifted")

    def _in_words(self, what: str) -> str:
        english = self.words.get(what, "")
        return named(f"filters.{self.name}_{what}", english) if english else ""


def _miles(meaning: str) -> Any:
    return field(default=DEFAULT_RADIUS, metadata={"meaning": meaning})


def _typed(meaning: str, longest: int, text: str, **words: str) -> Any:
    about = {"meaning": meaning, "longest": longest, "text": text, "words": words}
    return field(default="", metadata=about)


def _one_of(meaning: str, *choices: str) -> Any:
    return field(default=choices[0], metadata={"meaning": meaning, "choices": choices})


def _filled(meaning: str, column: str, legend: str, **words: str) -> Any:
    about = {"meaning": meaning, "choices": ("any", "yes"), "needs": column}
    return field(default="any", metadata={**about, "words": {"legend": legend, **words}})


def _ids(meaning: str, column: str, legend: str = "", *, names: bool = False, **words: str) -> Any:
    said = {"legend": legend, **(words or _words_of(legend))}
    about = {"meaning": meaning, "column": column, "repeatable": True, "names": names}
    return field(default=(), metadata={**about, "words": said})


def _id(meaning: str, column: str, **words: str) -> Any:
    return field(default="", metadata={"meaning": meaning, "column": column, "words": words})


def _words_of(legend: str) -> Mapping[str, str]:
    """Return what is said of a filter that has only a legend."""
    kind = legend[:1].lower() + legend[1:]
    return {
        "said": f"with {{}} under “{legend}”",
        "unsaid": f"anything on {kind}",
        "lifted": f"with any {kind}",
    }


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """Something in a request that could not be used: the parameter, its value, one sentence.

    `meant` is the id that the value is spelled nearly like; "" for none.
    """

    parameter: str
    value: str
    message: str
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A search. Every field is a public parameter of the same name, and described here alone.

    `category` empty means the directory's main category, the first of `data/categories.csv`.
    `within` is in miles, None for any distance. `near` is text that may appear in an address
    bar: whoever builds a Query from a street address puts the ZIP or town here instead.
    """

    near: str = _typed(
        "Where distance is measured from.",
        MAX_NEAR,
        f"a town, a ZIP code, `lat,lon` or a street address, at most {MAX_NEAR} characters",
    )
    within: float | None = _miles(
        "Distance in miles, in a straight line. Without `near` it has no effect."
    )
    category: tuple[str, ...] = _ids(
        "Which lists are searched; without it the first.", "category", said=""
    )
    condition: tuple[str, ...] = _ids(
        "What the clinic says it treats. Several mean any of them, or all with `match=all`.",
        "conditions",
        said="treating {}",
        unsaid="what it treats|what they treat",
        lifted="for any condition",
    )
    match: str = _one_of(
        "With several conditions: whether a clinic must state one of them or all.", "any", "all"
    )
    unstated: str = _one_of(
        "Whether clinics that state nothing for a filter in use, and fit otherwise, are listed "
        "too, after the others; not stated is never a no.",
        "exclude",
        "include",
    )
    treatment: tuple[str, ...] = _ids(
        "What the clinic offers; several mean any of them.",
        "treatments",
        "Treatment",
        said="offering {}",
        unsaid="what it offers|what they offer",
        lifted="with any treatment",
    )
    payment: tuple[str, ...] = _ids(
        "What the clinic says it accepts; several mean any of them.",
        "payment",
        "Payment it says it accepts",
        said="taking {}",
        unsaid="what it takes|what they take",
        lifted="with any way to pay",
    )
    language: tuple[str, ...] = _ids(
        "Languages spoken with patients; several mean any of them.",
        "languages",
        "Language",
        said="speaking {}",
        unsaid="which languages it speaks|which languages they speak",
        lifted="in any language",
        names=True,
    )
    setting: str = _id(
        "How you meet.",
        "setting",
        said="seeing people {}",
        unsaid="how it sees people|how they see people",
        lifted="however you meet",
    )
    phone: str = _filled(
        "Whether only clinics with a telephone number are listed.",
        "phone",
        "With a telephone number",
        said="with a telephone number",
        lifted="with or without a telephone number",
    )
    q: str = _typed(
        "Part of the clinic's name or town, in capitals or not.",
        MAX_TEXT,
        f"text, at most {MAX_TEXT} characters",
        said="with “{}” in the name or town",
        lifted="with any name",
    )
    sort: str = _one_of(
        "The order; `checked` puts first what we confirmed last, then what has the newest source.",
        "distance",
        "name",
        "checked",
    )
    clinic: str = _typed("The selected clinic; only on the page.", MAX_TEXT, "a clinic's id")

    def to_params(self) -> list[tuple[str, str]]:
        """Return the (name, value) pairs that make this query; defaults are left out."""
        pairs: list[tuple[str, str]] = []
        for one in fields(self):
            value = getattr(self, one.name)
            if value == one.default:
                continue
            values = value if isinstance(value, tuple) else (_text(value),)
            pairs.extend((one.name, text) for text in values)
        return pairs

    def to_url(self) -> str:
        """Return the query string of this search, without the question mark."""
        return urlencode(self.to_params())

    @property
    def filters_in_use(self) -> int:
        """Count the choices made in the folded filters (not place, distance or condition)."""
        folded = [name for name in self.filters if name != "condition"]
        values = [getattr(self, name) for name in folded]
        several = sum(len(value) if isinstance(value, tuple) else 1 for value in values)
        return several + bool(self.category)

    @property
    def filters(self) -> tuple[str, ...]:
        """Return the filters in use, in the order in which they are said; not the category."""
        return tuple(name for name in FILTERS if getattr(self, name) != DEFAULTS[name])

    def without(self, *names: str) -> Query:
        """Return this search with some of its filters lifted, and no clinic selected."""
        lifted: dict[str, Any] = {name: DEFAULTS[name] for name in names}
        left = replace(self, clinic="", **lifted)
        if not left.condition:
            left = replace(left, match=DEFAULTS["match"])
        return left if left.may_be_unstated else replace(left, unstated=DEFAULTS["unstated"])

    @property
    def may_be_unstated(self) -> tuple[str, ...]:
        """Return the filters in use that a clinic may state nothing for."""
        return tuple(name for name in self.filters if name in MAY_BE_UNSTATED)

    def categories(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """Return the categories that are searched."""
        return self.category or (vocabulary.main_category,)

    def with_option(self, parameter: str, id: str) -> Query:
        """Return this search with one more option chosen."""
        chosen = getattr(self, parameter)
        several = isinstance(chosen, tuple)
        return replace(self, **{parameter: (*chosen, id) if several else id})  # type: ignore[arg-type]


PARAMETERS = {one.name: Parameter(one.name, **one.metadata) for one in fields(Query)}
"""Every search parameter, in the order of addresses and answers."""

DEFAULTS: Mapping[str, Any] = {one.name: one.default for one in fields(Query)}

FILTERS = tuple(name for name, one in PARAMETERS.items() if one.words.get("said"))
"""The parameters that leave clinics out, in the order in which they are said."""

MAY_BE_UNSTATED = tuple(name for name, one in PARAMETERS.items() if one.may_be_unstated)

COLUMN_OF = {name: one.column for name, one in PARAMETERS.items() if one.column}
"""Which CSV column each list-valued or coded parameter filters."""

CHOICES = {name: one.choices for name, one in PARAMETERS.items() if one.choices}
NEEDS = {name: one.needs for name, one in PARAMETERS.items() if one.needs}
"""The filters that ask for a column to be filled, and the column."""


class _Legends(Mapping[str, str]):
    """The legends of these parameters, in the language of whoever looks."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            raise KeyError(name)
        return PARAMETERS[name].legend

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


LEGENDS = _Legends(
    [name for name, one in PARAMETERS.items() if one.words.get("legend") and one.column]
)
"""The filters that are drawn like any other, and what stands over their options."""

REPEATABLE = tuple(name for name, one in PARAMETERS.items() if one.repeatable)


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
    for name, values in params.items():
        if name not in PARAMETERS:
            message = say("problem.unknown", name=_shown(name))
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
    def report(value: str, message: str, meant: str = "") -> None:
        problems.append(ParameterProblem(name, _shown(value), message, meant))

    if PARAMETERS[name].longest:
        found[name] = _too_long(texts[0]) if name == "near" else texts[0][:MAX_TEXT].rstrip()
    elif name == "within":
        _read_within(texts[0], bands_only, found, report)
    elif name in CHOICES:
        if texts[0].casefold() in CHOICES[name]:
            found[name] = texts[0].casefold()
        else:
            choices = joined(CHOICES[name], "or")
            report(
                texts[0],
                say("problem.choices", name=name, choices=choices, value=_shown(texts[0])),
            )
    else:
        ids = _read_ids(name, texts, vocabulary, report)
        if ids:
            found[name] = tuple(ids) if name in REPEATABLE else ids[0]
        if ids == [vocabulary.main_category] and name == "category":
            del found[name]


def _read_within(
    text: str, bands_only: bool, found: dict[str, object], report: Callable[..., None]
) -> None:
    if bare(text.casefold()) in bare_words("any_distance"):
        found["within"] = None
        return
    miles = _miles_of(text)
    if bands_only and miles not in BANDS:
        offered = joined([f"{band:g}" for band in BANDS if band], "or")
        report(text, say("problem.bands", offered=offered, value=_shown(text)))
    elif not 0 < miles < math.inf:
        report(text, say("problem.miles", value=_shown(text)))
    else:
        found["within"] = reach_of(miles)


def _miles_of(text: str) -> float:
    """Return the miles of "10", "10 millas" or "10 miles"; no number for anything else."""
    said = miles_in(text)
    if said is not None:
        return said
    try:
        return float(text)
    except ValueError:
        return math.nan


def reach_of(miles: float) -> float | None:
    """Return so many miles as a distance; None for any."""
    return miles if miles < MAX_MILES else None


def band_of(miles: float) -> float | None:
    """Return the least distance on offer that holds so many miles; None for any distance."""
    return next((band for band in BANDS if band is not None and miles <= band), None)


def _read_ids(
    name: str, texts: list[str], vocabulary: Vocabulary, report: Callable[..., None]
) -> list[str]:
    column = COLUMN_OF[name]
    ids: list[str] = []
    for text in texts[:100]:
        id = vocabulary.understood(column, text)
        if id:
            ids += [id] if id not in ids else []
            continue
        nearest = vocabulary.nearest(column, text)
        label = vocabulary.label(column, nearest) if nearest else ""
        hint = say("problem.meant", label=label) if nearest else ""
        kind = named(f"filters.{name}_name", name)
        said = say("problem.no_such", kind=kind, value=_shown(text))
        report(text, f"{said}{hint}", nearest or "")
    return ids


def by_ids(params: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Return the same named values with each option called by its id, once; no other is changed.

    A label, a synonym or capitals become the id; a word that is none of them stays as it is.
    """
    return {name: _by_ids(name, values, vocabulary) for name, values in params.items()}


def _by_ids(name: str, values: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    if name in COLUMN_OF:
        column = COLUMN_OF[name]
        ids = [vocabulary.understood(column, _clean(value)) or value for value in values]
        return list(dict.fromkeys(ids)) if ids != list(values) else ids
    folded = [value.strip().casefold() for value in values]
    known = CHOICES.get(name, ())
    return [f if f in known else value for f, value in zip(folded, values, strict=True)]


def _too_long(near: str) -> str:
    """Cut a place that is too long so that it still is, also when it is read again."""
    ends_in_space = near[MAX_NEAR : MAX_NEAR + 1] == " "
    return near[: MAX_NEAR + 1 + ends_in_space]


def _clean(value: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in value[:1000]).split())


def _shown(value: str) -> str:
    cleaned = _clean(value)
    return cleaned if len(cleaned) <= 40 else cleaned[:39] + "…"

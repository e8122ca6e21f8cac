"""A visitor's list of clinics to call: read from an address, and put in words for every face.

The address is all there is of it; nothing of a list is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import numpy as np

from clinics.domain.columns import BY_NAME
from clinics.domain.language import say
from clinics.domain.model import Clinic, Place, Treatment
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import joined
from clinics.places.distance import miles_from
from clinics.present import html as render
from clinics.present.html import CardView
from clinics.search.dataset import Dataset
from clinics.search.query import Query
from clinics.search.search import Hit, Results, search

PARAMETER = "list"
"""The name of a list in an address: `list=a,b,c`."""

MOST = 20
_IN_BRACKETS = re.compile(r" \([^()]*\)")
_COMPARED = ("phone", "website", "treatments", "conditions")
_LONGEST = 8_000
"""Characters of a list that are looked at; twenty ids are a fifth of them."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Kept clinics in the order of the address; `sentences` say what of it was left out."""

    results: Results
    sentences: tuple[str, ...]

    @property
    def clinics(self) -> tuple[Clinic, ...]:
        """Return the clinics."""
        return tuple(hit.clinic for hit in self.results.hits)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return their ids."""
        return tuple(clinic.id for clinic in self.clinics)

    @property
    def heading(self) -> str:
        """Say how many there are: "Your list: 3 places to call"."""
        count = len(self.results.hits)
        return say("sheet.heading", n=count) if count else say("shell.list")

    @property
    def named(self) -> str:
        """Name the first three, and how many more there are."""
        names = [clinic.name for clinic in self.clinics[:3]]
        more = len(self.results.hits) - len(names)
        return joined([*names, say("sheet.more", n=more)] if more else names, "and")


def ids_of(text: str, dataset: Dataset) -> tuple[str, ...]:
    """Return the ids in a list that the directory has, each once; at most as many as it holds."""
    return tuple(id for id in _parts(text) if id in dataset.row_of)[:MOST]


def _parts(text: str) -> tuple[str, ...]:
    """Return what a list names between its commas, each once, without capitals and spaces."""
    parts = (part.strip().lower() for part in text[:_LONGEST].split(","))
    return tuple(dict.fromkeys(filter(None, parts)))


def changed(ids: Sequence[str], id: str, *, keep: bool) -> tuple[str, ...]:
    """Return the ids with one more at their end, or without it; a full list takes no more."""
    if not keep:
        return tuple(other for other in ids if other != id)
    return tuple(ids) if id in ids or len(ids) >= MOST else (*ids, id)


def as_text(ids: Iterable[str]) -> str:
    """Return the value of the parameter for these ids."""
    return ",".join(ids)


def address(path: str, ids: Iterable[str], near: str = "") -> str:
    """Return the address of a list; `near` is a place that may stand in one."""
    pairs = [(name, value) for name, value in ((PARAMETER, as_text(ids)), ("near", near)) if value]
    return f"{path}?{urlencode(pairs, safe=',')}" if pairs else path


def read(text: str, dataset: Dataset, place: Place | None = None) -> Shortlist:
    """Read a list from an address, with the distances from a place; whatever the text, no error."""
    named = _parts(text)
    known = [id for id in named if id in dataset.row_of]
    ids = known[:MOST]
    rows = [dataset.row_of[id] for id in ids]
    miles: list[float | None] = [None] * len(rows)
    if place and rows:
        lat, lon = np.take(dataset.lat, rows), np.take(dataset.lon, rows)
        miles = list(map(float, miles_from(place.point, lat, lon)))
    hits = tuple(Hit(dataset.clinic(row), away) for row, away in zip(rows, miles, strict=True))
    gone, over = len(named) - len(known), len(known) - len(ids)
    nothing = search(dataset, Query(within=None), place, limit=0, facets=False)
    results = replace(nothing, hits=hits, total=len(hits))
    return Shortlist(results, tuple(_left_out(gone, over)))


def _left_out(gone: int, over: int) -> Iterable[str]:
    if gone:
        yield say("sheet.gone", n=gone)
    if over:
        yield say("sheet.over", n=over, most=MOST)


def views(kept: Shortlist, vocabulary: Vocabulary) -> list[CardView]:
    """Return the cards of a list, numbered from 1."""
    return [
        render.card_view(hit, number, kept.results, vocabulary, can_show=False)
        for number, hit in enumerate(kept.results.hits, start=1)
    ]


def offers(view: CardView) -> list[str]:
    """Say what a clinic offers, with what is approved of it in brackets, as cards do."""
    return [
        f"{_IN_BRACKETS.sub('', labels)} ({short[0].lower()}{short[1:]})" if short else labels
        for labels, short in view.offers
    ]


def approvals(cards: Iterable[CardView]) -> list[Treatment]:
    """Return each treatment of these cards once, for what is approved of it in full."""
    found = {t.id: t for view in cards for t in view.treatments if t.approval_short}
    return list(found.values())


def compared_html(kept: Shortlist, vocabulary: Vocabulary, near: str = "") -> str:
    """Return a table with a column for each clinic and a row for each fact.

    Links that take one off are numbered from 0 in `data-go`.
    """
    cards = views(kept, vocabulary)
    said = [dict(view.facts) | dict(view.more) for view in cards]
    labels = list(dict.fromkeys(label for facts in said for label in facts))
    each = list(zip(said, kept.clinics, strict=True))
    rows = [(label, [render.marked(f.get(label, ""), c) for f, c in each]) for label in labels]
    without = [address("./shortlist", changed(kept.ids, id, keep=False), near) for id in kept.ids]
    return render.fill(
        "compared.html",
        cards=cards,
        offers=[offers(view) for view in cards],
        rows=rows,
        label={name: BY_NAME[name].card_label for name in _COMPARED},
        without=without,
    )

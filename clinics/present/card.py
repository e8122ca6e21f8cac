"""What a card of the app says in short: a few lines, the searched first, and what is not stated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from clinics.domain.columns import BY_NAME
from clinics.domain.model import Clinic
from clinics.domain.vocabulary import Vocabulary
from clinics.search.query import COLUMN_OF, Query

MOST, MOST_NOTED = 3, 2
"""So many options stand on a line before "and 4 more", fewer with notes; those searched for all do.
"""

ALWAYS = ("conditions", "treatments", "payment")
"""The columns of the lines that every card has; another has one while it is searched for."""

MISSED = ("conditions", "treatments", "price_per_session_usd", "payment", "setting")
"""The columns that a card names as not stated, in order."""


@dataclass(frozen=True, slots=True)
class Said:
    """One option of a line: its words, whether it was searched for, and a note in brackets."""

    words: str
    searched: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card: what it is about, what is said, and how many more options there are."""

    label: str
    said: Sequence[Said]
    more: int


def lines(
    clinic: Clinic,
    query: Query,
    vocabulary: Vocabulary,
    label: Callable[[str], str],
    words: Callable[[str, str], str],
) -> list[Line]:
    """Return the lines of a card.

    `label` names a column, `words` (column, id) puts an option of it into words.
    """
    wanted = {column: _ids(getattr(query, name)) for name, column in COLUMN_OF.items()}
    searched = [column for column, ids in wanted.items() if ids and column != "category"]
    columns = [*ALWAYS, *(column for column in searched if column not in ALWAYS)]
    found = []
    for column in columns:
        ids = _ids(clinic.value(column))
        if not ids:
            continue
        first = [id for id in ids if id in wanted.get(column, ())]
        rest = [id for id in ids if id not in first]
        most = MOST_NOTED if column == "treatments" else MOST
        shown = [*first, *rest[: max(0, most - len(first))]]
        said = [_said(words(column, id), column, id, id in first, vocabulary) for id in shown]
        found.append(Line(label(column), _noted_once(said), len(ids) - len(shown)))
    return found


def _said(words: str, column: str, id: str, searched: bool, vocabulary: Vocabulary) -> Said:
    treatment = vocabulary.treatment(id) if column == "treatments" else None
    if treatment is None or not treatment.approval_short:
        return Said(words, searched)
    note = treatment.approval_undated
    return Said(words.partition(" (")[0], searched, note[0].lower() + note[1:])


def _noted_once(said: Sequence[Said]) -> list[Said]:
    """Put options with one note beside each other, and the note after the last of them."""
    groups: dict[str, list[Said]] = {}
    for each in said:
        groups.setdefault(each.note, []).append(each)
    return [
        each if each is group[-1] else replace(each, note="")
        for group in groups.values()
        for each in group
    ]


def not_stated(clinic: Clinic) -> list[str]:
    """Return the labels of what a card misses."""
    return [BY_NAME[column].card_label.lower() for column in MISSED if not clinic.value(column)]


def _ids(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else tuple(filter(None, (str(value or ""),)))

"""Findings about a clinic file: what one is, how they are collected, and what is said of all.

The kinds of them are in `clinics.intake.catalog`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from clinics.domain.columns import NAMES
from clinics.intake.catalog import KINDS, Kind, Severity, Stage

__all__ = ["KINDS", "Findings", "Kind", "Notice", "Report", "Severity", "Stage", "notice"]

SHOWN = 60
"""Characters of a cell that stand in a sentence."""

KEPT = 200
"""Characters of a cell that a notice keeps."""

Counts = Mapping[tuple[str, str], int]
"""True totals by (code, column); column is "" for what is about a row or the file."""

_EXPECTING = frozenset(
    code
    for code, kind in KINDS.items()
    if re.search(r"(needs|most|within|was read as)[^.]*{needs}", kind.wording)
)
"""Kinds whose {needs} is what is expected, and not a number or another row."""

_KIND_ORDER = {code: place for place, code in enumerate(KINDS)}
_ORDER = {name: place for place, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Notice:
    """One finding. `row` is as the spreadsheet shows it (the header is row 1).

    `expected` is what it needs, `fix` how to mend it; `other` is the row that it is held against.
    """

    code: str
    severity: Severity
    message: str
    row: int | None = None
    column: str | None = None
    value: str = ""
    expected: str = ""
    fix: str = ""
    other: int | None = None


def notice(
    code: str,
    *,
    row: int | None = None,
    column: str | None = None,
    value: str = "",
    needs: str = "",
    fix: str = "",
    other: int | None = None,
) -> Notice:
    """Make a notice of a cataloged kind; raises KeyError for an unknown code.

    `fix` says how to mend this one, where more can be said than of its kind. `other` is the row
    that this one is held against.
    """
    kind = KINDS[code]
    shown = value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
    message = kind.wording.format(row=row, column=_cut(column), value=shown, needs=needs)
    expected = needs if code in _EXPECTING else ""
    mend = fix or kind.fix
    return Notice(code, kind.severity, message, row, column, value[:KEPT], expected, mend, other)


def _cut(column: str | None) -> str | None:
    return column if column is None or len(column) <= SHOWN else column[: SHOWN - 1] + "…"


@dataclass(frozen=True)
class Report:
    """What was found in one file of `rows` data rows, of which `left_out` have an error.

    `notices` may be only some of those found; `counts` has their true numbers.
    """

    rows: int
    notices: tuple[Notice, ...] = ()
    left_out: int = 0
    counts: Counts = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.notices and not self.counts:
            object.__setattr__(self, "counts", _counted(self.notices))

    @property
    def publishable(self) -> bool:
        """Return True if nothing found blocks publishing."""
        return self.errors == 0

    @property
    def errors(self) -> int:
        """How many errors there are, those too that are not kept."""
        return self.number_of(Severity.ERROR)

    def number_of(self, severity: Severity) -> int:
        """Count the findings of one severity, those too that are not kept."""
        counts = self.counts.items()
        return sum(n for (code, _), n in counts if KINDS[code].severity is severity)

    @property
    def totals(self) -> Mapping[str, int]:
        """Count findings by code, those too that are not kept."""
        totals: Counter[str] = Counter()
        for (code, _), number in self.counts.items():
            totals[code] += number
        return totals

    def with_more(self, notices: Iterable[Notice], counts: Counts | None = None) -> Report:
        """Return the report with more notices at its end, as those against the live data.

        `counts` are their true numbers, where not all were kept.
        """
        more = tuple(notices)
        total = Counter(self.counts) + Counter(_counted(more) if counts is None else counts)
        return replace(self, notices=(*self.notices, *more), counts=total)

    def without_standing(self, stands: Callable[[Notice], bool]) -> Report:
        """Return the report without the warnings and notes on rows that stood before.

        Those that were too many to keep are still counted.
        """
        gone = [n for n in self.notices if _is_mild(n) and stands(n)]
        left = tuple(n for n in self.notices if not (_is_mild(n) and stands(n)))
        counts = Counter(self.counts)
        counts.subtract(_counted(gone))
        return replace(self, notices=left, counts=+counts)


def _is_mild(found: Notice) -> bool:
    of_rows = KINDS[found.code].stage in (Stage.ROW, Stage.ACROSS)
    return of_rows and found.severity is not Severity.ERROR


def _counted(notices: Iterable[Notice]) -> Counter[tuple[str, str]]:
    return Counter((n.code, n.column or "") for n in notices)


class Findings:
    """Collects what is found, counts everything, and keeps at most `most` notices.

    `sheets` are those of a workbook that have our columns, where there are several.

    Each kind has a share of them, so that one common fault does not crowd out the others.
    """

    def __init__(self, most: int) -> None:
        self.bad_rows: set[int] = set()
        self.sheets: tuple[str, ...] = ()
        self.counts: Counter[tuple[str, str]] = Counter()
        self._kept: list[Notice] = []
        self._share = most // (4 * len(KINDS))
        self._pool = most - self._share * len(KINDS)
        self._of_kind: Counter[str] = Counter()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is kept: the file's first, then row by row in the order of columns."""
        return tuple(sorted(self._kept, key=_place))

    def wants(self, code: str) -> bool:
        """Return True if another notice of this kind would be kept."""
        return self._pool > 0 or self._of_kind[code] < self._share

    def add(
        self,
        code: str,
        row: int | None = None,
        column: str | None = None,
        value: str = "",
        needs: str = "",
        fix: str = "",
        other: int | None = None,
    ) -> None:
        """Count a finding, and keep it if there is room."""
        self.counts[code, column or ""] += 1
        if row is not None and KINDS[code].severity is Severity.ERROR:
            self.bad_rows.add(row)
        if not self.wants(code):
            return
        if self._of_kind[code] >= self._share:
            self._pool -= 1
        self._of_kind[code] += 1
        kept = notice(code, row=row, column=column, value=value, needs=needs, fix=fix, other=other)
        self._kept.append(kept)


def _place(found: Notice) -> tuple[int, int, int]:
    """Sort by row, column and kind; what is about the file comes first, in the order of kinds."""
    if found.row is None:
        return 0, _KIND_ORDER[found.code], 0
    return found.row, _ORDER.get(found.column or "", len(_ORDER)), _KIND_ORDER[found.code]

"""A report in the shapes people and programs read: a to-do sentence, groups, JSON, CSV, a copy."""

from __future__ import annotations

import codecs
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clinics.domain.csv_text import Rows, safe_csv_text
from clinics.domain.words import counted, joined, plural
from clinics.intake.catalog import NOUNS
from clinics.intake.column_names import MAX_COLUMNS, PROBLEMS, folded
from clinics.intake.csv_file import Record, opened
from clinics.intake.notices import KINDS, Findings, Kind, Notice, Report, Severity, Stage
from clinics.intake.rules import Limits

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_ORDER = {code: place for place, code in enumerate(KINDS)}
_CSV_HEADER = ("row", "column", "severity", "what", "value", "expected", "how to fix it", "code")


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one kind: how many there are, and some of them."""

    kind: Kind
    total: int
    notices: tuple[Notice, ...]


def groups(report: Report, shown: int = 50) -> tuple[Group, ...]:
    """Return the findings by kind, errors first, in the order of looking, each with its total."""
    kept: dict[str, list[Notice]] = defaultdict(list)
    for found in report.notices:
        if len(kept[found.code]) < shown:
            kept[found.code].append(found)
    totals = report.totals
    kinds = sorted((KINDS[code] for code in totals), key=_rank)
    return tuple(Group(kind, totals[kind.code], tuple(kept[kind.code])) for kind in kinds)


def _rank(kind: Kind) -> tuple[int, int, int]:
    return _SEVERITIES.index(kind.severity), kind.stage, _ORDER[kind.code]


def to_do(report: Report) -> str:
    """Say in one sentence what must be done before the file can be published, with counts."""
    phrases = _phrases(report)
    if phrases:
        return f"You need to {_listed(phrases)}."
    warnings = report.number_of(Severity.WARNING)
    if not warnings:
        return "Nothing needs to be fixed."
    are = plural(warnings, "is", "are")
    return f"Nothing needs to be fixed. There {are} {counted(warnings, 'warning')} to look at."


def _phrases(report: Report) -> list[str]:
    """Return "fix 3 telephone numbers and 1 date": one phrase for each verb, file faults first."""
    nouns: dict[str, Counter[str]] = defaultdict(Counter)
    errors = [item for item in report.counts.items() if KINDS[item[0][0]].severity == "error"]
    for (code, column), number in sorted(errors, key=lambda item: _turn(KINDS[item[0][0]])):
        kind = KINDS[code]
        nouns[kind.verb][NOUNS.get(column, "cell") if kind.noun == "*" else kind.noun] += number
    return [f"{verb} {_things(found)}".strip() for verb, found in nouns.items()]


def _things(numbers: Mapping[str, int]) -> str:
    return joined([counted(n, *noun.split("|")) for noun, n in numbers.items() if noun], "and")


def _turn(kind: Kind) -> tuple[int, bool, int]:
    """Put the file and its header before everything else, and what is to be fixed before that."""
    return min(kind.stage, Stage.ROW), kind.verb != "fix", _ORDER[kind.code]


def _listed(phrases: Sequence[str]) -> str:
    """Join with commas and "and"; with a comma before it where a phrase has an "and" itself."""
    *others, last = phrases
    if others and any(" and " in phrase for phrase in phrases):
        return f"{', '.join(others)}, and {last}"
    return joined(phrases, "and")


def report_json(report: Report) -> str:
    """Return the report as JSON, the contract of `validate --format json`."""
    notices = [
        {
            "code": n.code,
            "severity": str(n.severity),
            "row": n.row,
            "column": n.column,
            "value": n.value,
            "message": n.message,
            "expected": n.expected,
            "fix": n.fix,
        }
        for n in report.notices
    ]
    return json.dumps(
        {
            "publishable": report.publishable,
            "rows": report.rows,
            "left_out": report.left_out,
            "to_do": to_do(report),
            "notices": notices,
            "totals": dict(report.totals),
        },
        ensure_ascii=False,
        indent=2,
    )


def report_csv(report: Report) -> bytes:
    """Return every notice that was kept as CSV (UTF-8 with its mark), and how many more there are.

    A cell that a spreadsheet would calculate begins with an apostrophe.
    """
    rows = [
        (
            "" if n.row is None else str(n.row), n.column or "", str(n.severity), n.message,
            n.value, n.expected, n.fix, n.code,
        )
        for n in report.notices
    ]  # fmt: skip
    kept: dict[str, int] = defaultdict(int)
    for n in report.notices:
        kept[n.code] += 1
    for code, total in report.totals.items():
        if total > kept[code]:
            said = f"{total - kept[code]:,} more like these are not listed; there are {total:,}."
            rows.append(("", "", str(KINDS[code].severity), said, "", "", KINDS[code].fix, code))
    return _csv([_CSV_HEADER, *rows], ",")


def problems_copy(data: bytes, report: Report, sheet: str = "") -> bytes:
    """Return the file again with a column `problems` at its end, ready to be mended and uploaded.

    Of a workbook it is one sheet, as CSV. Rows, order and delimiter stay; the encoding becomes
    UTF-8 with its mark. Cells that a spreadsheet would calculate begin with an apostrophe, which an
    upload takes off again. A row that is wider than any file may be has its problems after its own
    last cell: all others as wide would be many times the file. Of a file that cannot be read only
    the problems are returned.
    """
    file = opened(data, Limits(max_bytes=len(data)), Findings(0), sheet) if report.rows else None
    if file is None:
        return report_csv(report)
    said: dict[int, list[str]] = defaultdict(list)
    for n in report.notices:
        if n.row is not None:
            said[n.row].append(f"{str(n.severity).capitalize()}: {n.message} {n.fix}")
    said[file.header_row] = [PROBLEMS]
    width = 0
    header: tuple[str, ...] = ()
    for line in file.records():
        width = max(width, min(len(line.cells or ()), MAX_COLUMNS))
        header = tuple(line.cells or ()) if line.number == file.header_row else header
    old = _place_of_old(header)
    return _csv((_with(line, width, old, said) for line in file.records()), file.delimiter)


def _place_of_old(header: Sequence[str]) -> int | None:
    """Return where the column of an earlier copy is, so that it is not there twice."""
    return next((i for i, cell in enumerate(header) if folded(cell) == PROBLEMS), None)


def _with(
    line: Record, width: int, old: int | None, said: Mapping[int, Sequence[str]]
) -> Sequence[str]:
    cells = line.cells or []
    problems = "\n".join(said.get(line.number, ()))
    if not cells and not problems:
        return ()
    if old is not None:
        cells, width = [*cells[:old], *cells[old + 1 :]], width - 1
    return [*cells, *[""] * (width - len(cells)), problems]


def _csv(rows: Rows, delimiter: str) -> bytes:
    return codecs.BOM_UTF8 + safe_csv_text(rows, delimiter).encode("utf-8", "replace")

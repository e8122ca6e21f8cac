"""What the table of a hundred files is made of: what is live, ways to ruin a file, what comes out.

No file here was ever anybody's; each is made from the directory as it is shipped.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import pandas as pd
import xlsxwriter

from clinics.domain.columns import NAMES
from clinics.domain.data_files import read_table
from clinics.publishing.merge import ADD, ASK
from tests.folders import DATA
from tests.made_up import made_up_clinic, made_up_csv

UNDERSTOOD, ASKED, REFUSED = "understood", "asked", "refused"
"""It says only notes; a keeper must answer or look at something first; it cannot be published."""

ONE = made_up_clinic(
    1,
    name="Made-up Birch Clinic",
    address="1 Made-up Street",
    city="Takoma Park",
    zip="20912",
    phone="(301) 555-0123",
    main_phone="(301) 555-0100",
    website="https://made-up.example/",
    facility_type="outpatient",
    conditions="depression;ptsd",
    treatments="iv-ketamine",
    setting="in-person",
    payment="medicare;self-pay",
    insurance_note="Gives a receipt.",
    price_per_session_usd="480",
    price_note="One infusion.",
    accepting_new_patients="yes",
    ages="adults",
    languages="en;es",
    hours="Mon-Fri 9am-6pm",
    npi="1234567893",
    latitude="38.9832",
    longitude="-77.0007",
    status="open",
    known_by="own-page",
    source_date="2026-03",
    last_checked="2026-10-01",
    caveat="Call first.",
    field_sources="facility_type=federal@2024-07-03",
    notes="Made up for a test.",
)
"""A listing with every cell filled, so that each can become another."""

ALL, FEW = 500, 12

AS_BEFORE = {"notes": "As it was in an older version.", "hours": "Mon-Thu 9am-6pm"}
"""Cells of the made-up listing in an older version."""

Rows = list[dict[str, str]]
Edit = Callable[[Rows], Rows | None]


@cache
def _live() -> tuple[Mapping[str, str], ...]:
    shipped = (row for _, row in read_table(DATA / "clinics.csv"))
    return (ONE, *({**dict.fromkeys(NAMES, ""), **row} for row in shipped))


def live_rows() -> Rows:
    """Return what is live, anew: the made-up listing, and the directory as it is shipped."""
    return [dict(row) for row in _live()]


@dataclass(frozen=True, slots=True)
class Case:
    """One file and what comes of it.

    `changes` are the cells that may change, by id and column, and `added` how many listings may
    come; anything else that would be published must be named. `says` are codes of notices with
    their column, "brake" with a column, "gone" or "ask". So many listings are `live`: for one
    cell a few are enough.
    """

    name: str
    make: Callable[[], bytes]
    outcome: str
    says: frozenset[str] = frozenset()
    changes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    added: int = 0
    mode: str = ASK
    filename: str = "clinics.csv"
    live: int = ALL


def _of_one(cells: Mapping[str, str]) -> Mapping[tuple[str, str], str]:
    return {(ONE["id"], column): cell for column, cell in cells.items() if ONE[column] != cell}


def read_as(column: str, written: str, meant: str, says: str = "cell_read_as") -> Case:
    """Return a file of which one cell is written otherwise, understood as `meant`, and said so."""
    said = frozenset((f"{says} {column}",) if says else ())
    return Case(f"{column} {written!r}", lambda: edited(setting(column, written), live=FEW),
                UNDERSTOOD, said, _of_one({column: meant}), live=FEW)  # fmt: skip


def as_it_is(column: str, written: str) -> Case:
    """Return a file of which one cell is unusual and right: nothing is said of it."""
    return read_as(column, written, written, says="")


def asked(column: str, written: str, *says: str, meant: str | None = None) -> Case:
    """Return a file of which one cell is odd; a warning names it."""
    return replace(
        read_as(column, written, written if meant is None else meant),
        outcome=ASKED, says=frozenset(says), changes={},
    )  # fmt: skip


def refused(column: str, written: str, code: str) -> Case:
    """Return a file of which one cell cannot be used."""
    says = f"{code} {column}" if " " not in code else code
    return replace(read_as(column, written, ""), outcome=REFUSED, says=frozenset((says.strip(),)),
                   changes={})  # fmt: skip


def ruined(name: str, edit: Edit, *says: str, outcome: str = ASKED, **more: object) -> Case:
    """Return the whole directory with many cells changed."""
    case = Case(name, lambda: edited(edit), outcome, frozenset(says))
    return replace(case, **more)  # type: ignore[arg-type]


def raw(name: str, make: Callable[[], bytes], outcome: str, *says: str, **more: object) -> Case:
    """Return any bytes."""
    return replace(Case(name, make, outcome, frozenset(says)), **more)  # type: ignore[arg-type]


def edited(edit: Edit, columns: Sequence[str] = NAMES, live: int = ALL) -> bytes:
    """Return the live directory as CSV after an edit."""
    rows = live_rows()[:live]
    rows = edit(rows) or rows
    return made_up_csv([{name: row.get(name, "") for name in columns} for row in rows], columns)


def renamed(**new: str) -> bytes:
    """Return the live directory with other names above its columns, so that cells are taken for
    those of another column."""
    head, _, rest = made_up_csv(live_rows()).decode().partition("\n")
    return (",".join(new.get(n, n) for n in head.split(",")) + "\n" + rest).encode()


def delimited(by: str, first: Sequence[str] = (), *, comma: bool = False) -> bytes:
    """Return the live directory with other delimiters, cells before each row, decimal commas."""
    out = io.StringIO()
    rows = csv.reader(io.StringIO(made_up_csv(live_rows()).decode()))
    writer = csv.writer(out, delimiter=by, lineterminator="\n")
    for row in rows:
        cells = [_DECIMAL.sub(r"\1,\2", cell) if comma else cell for cell in row]
        writer.writerow([*first, *cells])
    return out.getvalue().encode()


_DECIMAL = re.compile(r"^(-?\d+)\.(\d{2,})$")


def text(edit: Callable[[str], str] = lambda text: text, encoding: str = "utf-8") -> bytes:
    """Return the live directory as CSV with its text changed."""
    return edit(made_up_csv(live_rows()).decode()).encode(encoding)


# Edits


def setting(column: str, cell: str) -> Edit:
    return lambda rows: rows[0].update({column: cell})


def cells(**written: str) -> Edit:
    return lambda rows: rows[0].update(written)


def every(change: Callable[[dict[str, str]], object]) -> Edit:
    """Change every row."""

    def edit(rows: Rows) -> None:
        for row in rows:
            change(row)

    return edit


def each(column: str, cell: Callable[[str], str], rows: range = range(1, 500)) -> Edit:
    """Change a column in some rows."""

    def edit(all_rows: Rows) -> None:
        for row in all_rows[rows.start : rows.stop]:
            row[column] = cell(row[column])

    return edit


def to(cell: str) -> Callable[[str], str]:
    return lambda _: cell


def dragged(column: str, rows: range) -> Edit:
    """Copy the first cell over the others."""

    def edit(all_rows: Rows) -> None:
        for row in rows:
            all_rows[row][column] = all_rows[rows.start][column]

    return edit


def series(column: str, cell: Callable[[int], str], rows: range) -> Edit:
    """Fill a column with what goes up or down."""

    def edit(all_rows: Rows) -> None:
        for row in rows:
            all_rows[row][column] = cell(row)

    return edit


def sorted_alone(column: str) -> Edit:
    def edit(rows: Rows) -> None:
        for row, cell in zip(rows, sorted(row[column] for row in rows), strict=True):
            row[column] = cell

    return edit


def slipped(columns: Iterable[str], start: int) -> Edit:
    """Move the cells of these columns down by one, as when one cell is put in."""

    def edit(rows: Rows) -> None:
        for column in columns:
            before = [row[column] for row in rows]
            for i in range(start + 1, len(rows)):
                rows[i][column] = before[i - 1]

    return edit


def without(first: int, last: int) -> Edit:
    return lambda rows: [*rows[:first], *rows[last:]]


def added(*new: Mapping[str, str]) -> Edit:
    return lambda rows: [*rows, *map(dict, new)]


# Workbooks

HEADER = ("id", "name", "city", "state", "zip", "phone", "notes", "source", "source_date")
_FORMULAS = {"strings_to_formulas": False, "strings_to_urls": False}

NO_OTHERS: Mapping[str, object] = {}

Write = Callable[[xlsxwriter.Workbook], object]


def book(write: Write, **options: object) -> bytes:
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True, **_FORMULAS, **options})
    write(made)
    made.close()
    return file.getvalue()


def sheet(
    made: xlsxwriter.Workbook,
    name: str = "Sheet1",
    top: int = 0,
    other: Mapping[str, object] = NO_OTHERS,
) -> xlsxwriter.worksheet.Worksheet:
    """Write a sheet with the made-up listing; cells can be given as what they are."""
    page = made.add_worksheet(name)
    day = made.add_format({"num_format": "m/d/yyyy"})
    header = [*HEADER, *(column for column in other if column not in HEADER)]
    page.write_row(top, 0, header)
    for place, column in enumerate(header):
        cell = other.get(column, ONE[column])
        if isinstance(cell, str):
            page.write_string(top + 1, place, cell)
        else:
            page.write(top + 1, place, cell, *([day] if isinstance(cell, dt.date) else []))
    return page


def typed(column: str, cell: object, meant: str, says: str = "") -> Case:
    """Return a workbook with one cell that is no text."""

    def make() -> bytes:
        return book(lambda made: sheet(made, other={column: cell}))

    said = frozenset((f"{says} {column}",) if says else ())
    return Case(f"xlsx {column} {cell!r}", make, UNDERSTOOD, said, _of_one({column: meant}),
                mode=ADD, filename="clinics.xlsx", live=FEW)  # fmt: skip


def workbook(name: str, write: Write, outcome: str, *says: str, **more: object) -> Case:
    """Return a workbook with the made-up listing; it says that it has only what is changed."""
    options = {"date_1904": True} if name.endswith("1904") else {}
    case = Case(f"xlsx {name}", lambda: book(write, **options), outcome, frozenset(says), mode=ADD,
                filename="clinics.xlsx", live=FEW)  # fmt: skip
    return replace(case, **more)  # type: ignore[arg-type]


def table_of(rows: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(NAMES), dtype="str")

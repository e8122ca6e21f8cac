"""Reads the federal directory of mental-health facilities (SAMHSA) into our own columns.

Which code means what is data
(`data/federal_codes.csv`), so that another therapy's keeper edits no Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from clinics.domain.columns import BY_NAME, SEPARATOR
from clinics.domain.data_files import DataFileError, read_rows
from clinics.domain.kinds import CellProblem, phone_number
from clinics.domain.site import Edition
from clinics.domain.words import joined, slug

CODE_COLUMN = "service_code_info"
IDENTITY = frozenset({"name1", "street1", "city", "state", "zip", "phone"})

WITHHELD = "- - -"
INTAKE = ("intake1", "intake2", "intake1a", "intake2a")
"""The columns with the telephone numbers for new patients, the first to call first."""

_JOINING = ("and", "of", "for", "the", "at", "&", "-", ",")


@dataclass(frozen=True, slots=True)
class Code:
    """What one service code becomes: a value of a column, or words for `notes`.

    For `notes`, `value` says what kind of words: `group`, `service`, `crisis` or `remark`. It
    counts only for a facility that has nothing in the column `unless`.
    """

    column: str
    value: str
    label: str
    unless: str = ""


Codes = Mapping[str, Sequence[Code]]


def load_codes(folder: Path) -> Codes:
    """Read `federal_codes.csv` of `folder`: service code -> everything it becomes.

    The order of the file is that of the codes: where a column holds one value, the first counts.
    A directory may do without the file, and then takes no file of the federal directory.
    """
    codes: dict[str, list[Code]] = {}
    path = folder / "federal_codes.csv"
    for _, (name, code) in read_rows(path, _code) if path.exists() else ():
        codes.setdefault(name, []).append(code)
    if path.exists() and not codes:
        raise DataFileError(f"{path.name} has no rows; it needs at least one.")
    return codes


def _code(row: dict[str, str]) -> tuple[str, Code]:
    for column in (row["column"], row.get("unless", "")):
        if column and column not in BY_NAME:
            raise ValueError(f"there is no column “{column}”.")
    return row["code"], Code(row["column"], row["value"], row["label"], row.get("unless", ""))


def is_incomplete(header: Sequence[str]) -> bool:
    """Return True if a header names federal facilities, but not what they offer."""
    names = {name.strip().lower() for name in header}
    return names >= IDENTITY and not is_federal(header)


def is_federal(header: Sequence[str]) -> bool:
    """Return True if a header row is one of the two known layouts of the federal directory."""
    names = {name.strip().lower() for name in header}
    return names >= IDENTITY and (CODE_COLUMN in names or "kit" in names)


def from_federal(
    rows: Iterable[Mapping[str, str]], codes: Codes, edition: Edition
) -> list[dict[str, str] | None]:
    """Turn federal rows (lower-case column names) into rows of our columns, one for one.

    A facility that withholds its address becomes None: it must not be placed on a map. Ids are
    made from name and ZIP, since the source has no key, and stay the same between editions. A row
    has the columns that the layout and the codes can say, and a refresh leaves all others alone.
    """
    taken: set[str] = set()
    filled = {code.column for meanings in codes.values() for code in meanings} - {"notes"}
    return [_row(row, codes, filled, edition, taken) for row in rows]


def _row(
    row: Mapping[str, str], codes: Codes, filled: Set[str], edition: Edition, taken: set[str]
) -> dict[str, str] | None:
    if row.get("street1", "").strip() == WITHHELD:
        return None
    name = _join_name(row.get("name1", ""), row.get("name2", ""))
    tokens = _tokens(row, codes)
    meanings = [m for token in tokens for m in codes.get(token, ())]
    phone, main_phone = _phones(row)
    cells = {
        "id": _id(name, row, taken),
        "category": edition.category,
        "name": name,
        "address": ", ".join(filter(None, (row.get("street1", ""), row.get("street2", "")))),
        **{column: row.get(column, "") for column in ("city", "state", "zip", "website")},
        "phone": phone,
        "main_phone": main_phone,
        "latitude": row.get("latitude", ""),
        "longitude": row.get("longitude", ""),
        "location_precision": "street" if row.get("latitude") else "",
        "notes": _notes(meanings, edition.survey),
        "source": row.get("source") or edition.source,
        "source_url": row.get("source_url") or edition.source_url,
        "source_date": row.get("source_date") or row.get("last_checked") or edition.date,
    }
    for column in filled:
        if BY_NAME[column].several:
            values = dict.fromkeys(m.value for m in meanings if m.column == column)
            cells[column] = SEPARATOR.join(values)
    for column in filled:
        if not BY_NAME[column].several:
            cells[column] = _first(column, tokens, codes, cells)
    return cells


def _first(column: str, tokens: Sequence[str], codes: Codes, cells: Mapping[str, str]) -> str:
    """Return what the first of the codes that have a meaning for a column says of it."""
    have = set(tokens)
    return next(
        (
            meaning.value
            for code, meanings in codes.items()
            for meaning in meanings
            if code in have and meaning.column == column and not cells.get(meaning.unless)
        ),
        "",
    )


def _phones(row: Mapping[str, str]) -> tuple[str, str]:
    """Return the number for new patients, and the main line where that is another one.

    What is no telephone number, or a placeholder such as 888-888-8888, is passed over.
    """
    main = row.get("phone", "")
    written = [_canonical(row.get(name, "")) for name in INTAKE]
    intake = next((number for number in written if number), "")
    return (intake, main) if intake and intake != _canonical(main) else (main, "")


def _canonical(number: str) -> str:
    try:
        phone = phone_number(number.strip())
    except CellProblem:
        return ""
    digits = re.sub(r"\D", "", phone.partition(" ext")[0])
    return phone if len(set(digits)) > 1 else ""


def _tokens(row: Mapping[str, str], codes: Codes) -> list[str]:
    """List the service codes of a row, whole tokens only: `MD` is Medicaid, not Maryland."""
    if CODE_COLUMN in row:
        return [code for code in row[CODE_COLUMN].split() if code != "*"]
    identity = {"name1", "name2", "street1", "street2", "city", "state", "zip", "county"}
    return [c for c in codes if c.lower() not in identity and row.get(c.lower(), "") == "1"]


def _join_name(first: str, second: str) -> str:
    """Join the two name lines; a line that breaks off in mid-phrase goes on, else a comma."""
    first, second = first.strip(), second.strip()
    if not second:
        return first
    goes_on = first.lower().endswith(tuple(f" {word}" for word in _JOINING)) or first[-1:] in "-,"
    return f"{first.rstrip(',')}{' ' if goes_on else ', '}{second}"


def _id(name: str, row: Mapping[str, str], taken: set[str]) -> str:
    base = f"{slug(name)[:70].rstrip('-')}-{row.get('zip', '')[:5]}"
    phone = re.sub(r"\D", "", row.get("phone", ""))[:10]
    for id in (base, f"{base}-{phone[-4:]}", f"{base}-{slug(row.get('street1', ''))}"):
        if id not in taken:
            break
    taken.add(id)
    return id


def _notes(meanings: Sequence[Code], survey: str) -> str:
    """Put programs and services into sentences for visitors.

    Of help in a crisis the year of the survey is said, and 988 comes first.
    """

    def labels(kind: str) -> list[str]:
        return list(
            dict.fromkeys(m.label for m in meanings if m.column == "notes" and m.value == kind)
        )

    groups, services, remarks = labels("group"), labels("service"), labels("remark")
    crisis = joined(labels("crisis"), "and")
    in_survey = f"In a {survey} survey" if survey else "In the survey behind this list"
    parts = [
        f"Says it has programs for {joined(groups, 'and')}." if groups else "",
        f"{'Also says' if groups else 'Says'} it offers {joined(services, 'and')}."
        if services
        else "",
        f"In a crisis, call or text 988. {in_survey} this place named {crisis}; that may have "
        "changed since."
        if crisis
        else "",
        *(f"{remark[:1].upper()}{remark[1:]}." for remark in remarks),
    ]
    return " ".join(filter(None, parts))

"""Bytes of an Excel or OpenDocument workbook -> the rows of the one sheet that is meant, as text.

The file is opened by another process, `workbook_reader`, which may fail without harm.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from clinics.domain.words import counted, joined, plural
from clinics.intake import column_names
from clinics.intake.notices import Findings
from clinics.intake.workbook_reader import TOO_MUCH

HEAD_ROWS = 20
"""So far down a header is looked for: downloads have some lines above it."""

UNPACKED = 20
"""A packed file may become so many times the largest file: XML says much with many letters."""

_MEMBERS = 2_000
_PATIENCE_SECONDS = 60
_AT_ONCE = threading.BoundedSemaphore(2)
"""So many workbooks are opened at once, so that the memory for them has an end."""

_OLD = b"\xd0\xcf\x11\xe0"
_PACKED = b"PK\x03\x04"
_NAMED = 5
"""So many sheets are named in a sentence."""


class Record(NamedTuple):
    """A row as it stands in the file; `cells` is None when a double quote is out of place.

    `swallowed` is how many lines of text a quote that is never closed took with it.
    """

    number: int
    cells: list[str] | None
    swallowed: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of a workbook; `rows` are those that are not blank."""

    name: str
    is_visible: bool
    rows: Sequence[tuple[int, list[str]]]
    hidden: frozenset[int]
    hidden_columns: frozenset[int] = frozenset()

    def records(self) -> Iterator[Record]:
        """Yield every row down to the last that is not blank."""
        before = 0
        for number, cells in self.rows:
            yield from (Record(blank, []) for blank in range(before + 1, number))
            yield Record(number, cells)
            before = number

    @property
    def header(self) -> tuple[int, int]:
        """Return how many of our columns the header names, and its row."""
        found, number = column_names.header_among(self.rows[:HEAD_ROWS])
        if found:
            return found, number
        wide = next((n for n, cells in self.rows[:HEAD_ROWS] if sum(map(bool, cells)) > 1), 0)
        return 0, wide or (self.rows[0][0] if self.rows else 1)


def is_workbook(data: bytes) -> bool:
    """Return True for an .xlsx, .xlsb, .xls or .ods file, by what is in it."""
    if data.startswith(_OLD):
        return True
    if not data.startswith(_PACKED):
        return False
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return b"xl/" in data or b"opendocument.spreadsheet" in data[:200]
    is_ods = "content.xml" in names and b"opendocument.spreadsheet" in data[:200]
    return is_ods or any(name.startswith("xl/workbook") for name in names)


def read_page(data: bytes, most_bytes: int, findings: Findings, wanted: str = "") -> Page | None:
    """Return the sheet that is meant, or None with an error among the findings."""
    pages = _pages(data, most_bytes, findings)
    page = _chosen(pages, wanted, findings) if pages else None
    if page is None:
        if pages is not None and not pages:
            findings.add("file_empty")
        return None
    hidden = page.hidden & {number for number, _ in page.rows}
    if hidden:
        said = f"{counted(len(hidden), 'row')} {plural(len(hidden), 'is', 'are')} hidden"
        findings.add("rows_hidden", value=said, needs=str(min(hidden)))
    _say_hidden_columns(page, findings)
    return page


def _say_hidden_columns(page: Page, findings: Findings) -> None:
    hidden = {
        place for place in page.hidden_columns
        if any(place < len(cells) and cells[place] for _, cells in page.rows)
    }  # fmt: skip
    if hidden:
        named = [column_names.letters(place) for place in sorted(hidden)[:_NAMED]]
        named += [f"{len(hidden) - _NAMED} more"] if len(hidden) > _NAMED else []
        said = f"{counted(len(hidden), 'column')} {plural(len(hidden), 'is', 'are')} hidden"
        findings.add("columns_hidden", value=said, needs=joined(named, "and"))


def _pages(data: bytes, most_bytes: int, findings: Findings) -> list[Page] | None:
    most = UNPACKED * most_bytes
    if data.startswith(_PACKED) and not _unpacks_small(data, most, findings):
        return None
    reader = Path(__file__).with_name("workbook_reader.py")
    try:
        with _AT_ONCE:
            read = subprocess.run(  # noqa: S603 - our own program, and the file is its input
                [sys.executable, "-I", str(reader), str(most // 2)],
                input=data, capture_output=True, timeout=_PATIENCE_SECONDS, check=False,
            )  # fmt: skip
    except subprocess.TimeoutExpired:
        findings.add("workbook_unreadable", value=_why(data))
        return None
    if read.returncode == TOO_MUCH:
        findings.add("workbook_too_much")
    elif read.returncode:
        findings.add("workbook_unreadable", value=_why(data))
    if read.returncode:
        return None
    sheets = json.loads(read.stdout)
    pages = [
        Page(s["name"], s["is_visible"], [(n, c) for n, c in s["rows"]], frozenset(s["hidden"]),
             frozenset(s["hidden_columns"]))
        for s in sheets
    ]  # fmt: skip
    return [page for page in pages if page.rows]


def _unpacks_small(data: bytes, most: int, findings: Findings) -> bool:
    """Return False, with an error, for an archive that says itself that it is too much."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        findings.add("workbook_unreadable", value=_why(data))
        return False
    if len(members) > _MEMBERS or sum(member.file_size for member in members) > most:
        findings.add("workbook_too_much")
        return False
    return True


def _why(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "protected with a password"
    return "damaged, or uses cells very far down or to the right"


def _chosen(pages: Sequence[Page], wanted: str, findings: Findings) -> Page | None:
    """Return the sheet of the wanted name, else the one with our columns."""
    ours = [page for page in pages if page.header[0] >= 2]
    ours = [page for page in ours if page.is_visible] or ours
    if len(ours) > 1:
        findings.sheets = tuple(page.name for page in ours)
    named = [page for page in pages if page.name == wanted]
    if named:
        return named[0]
    if len(ours) > 1:
        findings.add("sheets_several", value=_names(ours))
        return None
    page = ours[0] if ours else pages[0]
    if len(pages) > 1 or not page.is_visible:
        others = [other for other in pages if other is not page]
        said = page.name if page.is_visible else f"{page.name} (hidden)"
        findings.add("sheet_taken", value=said, needs=_names(others) or "none")
    return page


def _names(pages: Sequence[Page]) -> str:
    names = [f"“{page.name}”{'' if page.is_visible else ' (hidden)'}" for page in pages]
    if len(names) > _NAMED:
        names = [*names[:_NAMED], f"{len(names) - _NAMED} more"]
    return joined(names, "and")

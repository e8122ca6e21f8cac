"""A program of its own: a workbook on standard input -> its sheets as JSON on standard output.

The file is from outside, and its reader trusts it: a few bytes may ask for more memory than there
is. Here that ends this process, which has limits, and not the site.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import python_calamine

MEMORY_BYTES = 1_500_000_000
SECONDS = 30
TOO_MUCH = 3
"""The exit code for more text than may come out."""

_ERROR = re.compile(
    r'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?'
    r"<v>([^<]{1,20})</v>"
)

Row = list[Any]


def main() -> None:
    """Read one workbook; the argument is how many characters it may have."""
    _limit()
    sheets = list(_sheets(sys.stdin.buffer.read(), int(sys.argv[1])))
    json.dump(sheets, sys.stdout, ensure_ascii=True, separators=(",", ":"))


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has none
        return
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard < 0 else min(most, hard), hard))


def _sheets(data: bytes, most: int) -> Iterator[dict[str, Any]]:
    book = python_calamine.load_workbook(io.BytesIO(data))
    markup = _Markup(data)
    visible = python_calamine.SheetVisibleEnum.Visible
    worksheet = python_calamine.SheetTypeEnum.WorkSheet
    for about in book.sheets_metadata:
        if about.typ != worksheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        text = markup.of(about.name)
        rows = []
        for row in _rows(sheet, _errors(text)):
            rows.append(row)
            most -= sum(map(len, row[1]))
            if most < 0:
                sys.exit(TOO_MUCH)
        yield {
            "name": about.name,
            "is_visible": about.visible == visible,
            "rows": rows,
            "hidden": _hidden(text),
        }


def _rows(sheet: Any, errors: dict[int, dict[int, str]]) -> Iterator[Row]:
    """Yield the rows that are not blank, with their numbers; a merged cell fills its column."""
    if sheet.start is None and not errors:
        return
    top, left = sheet.start or (0, 0)
    below = _merged(sheet)
    said: dict[int, str] = {}
    for number, values in enumerate(sheet.iter_rows(), start=top + 1):
        cells = [*[""] * left, *map(_text, values)]
        for place, error in errors.get(number, {}).items():
            cells += [""] * (place + 1 - len(cells))
            cells[place] = cells[place] or error
        for place, is_first in below.get(number, {}).items():
            if is_first:
                said[place] = cells[place] if place < len(cells) else ""
            elif place < len(cells):
                cells[place] = cells[place] or said.get(place, "")
        if any(cells):
            yield [number, cells]


def _merged(sheet: Any) -> dict[int, dict[int, bool]]:
    """Return, by row and place, whether a merged cell begins there or only reaches there."""
    found: dict[int, dict[int, bool]] = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom, top + 1_000) + 1) if bottom > top else ():
            found.setdefault(row + 1, {})[left] = row == top
    return found


def _text(value: object) -> str:
    """Write a value as it was typed: no ".0", a day as YYYY-MM-DD."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        whole = abs(value) < 1e15 and value == int(value)
        return str(int(value)) if whole else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


class _Markup:
    """The XML of the sheets of an .xlsx file: it tells of hidden rows and of errors."""

    def __init__(self, data: bytes) -> None:
        self._paths: dict[str, str] = {}
        self._zip: zipfile.ZipFile | None = None
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._paths = dict(_paths(self._zip))
        except (zipfile.BadZipFile, KeyError, NotImplementedError, UnicodeDecodeError):
            return

    def of(self, sheet: str) -> str:
        """Return the XML of a sheet, "" where there is none."""
        path = self._paths.get(sheet)
        if self._zip is None or path is None:
            return ""
        try:
            return self._zip.read(path).decode("utf-8", "replace")
        except (zipfile.BadZipFile, KeyError, NotImplementedError):
            return ""


def _paths(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    links = archive.read("xl/_rels/workbook.xml.rels").decode()
    targets = {}
    for tag in re.findall(r"<Relationship [^>]*>", links):
        targets[_attribute(tag, "Id")] = _attribute(tag, "Target")
    for tag in re.findall(r"<sheet [^>]*>", archive.read("xl/workbook.xml").decode()):
        target = targets.get(_attribute(tag, "r:id"), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        yield html.unescape(_attribute(tag, "name")), path


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found[1] if found else ""


def _hidden(text: str) -> Sequence[int]:
    return [int(row) for row in re.findall(r'<row r="([0-9]{1,7})"[^>]* hidden="(?:1|true)"', text)]


def _errors(text: str) -> dict[int, dict[int, str]]:
    """Return the cells that hold an error such as #N/A, which the reader takes for empty."""
    found: dict[int, dict[int, str]] = {}
    if 't="e"' not in text:
        return found
    cells = _ERROR.findall(text)
    for letters, row, error in cells:
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - 64
        found.setdefault(int(row), {})[place - 1] = html.unescape(error)
    return found


if __name__ == "__main__":
    main()

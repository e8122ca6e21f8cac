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
import struct
import sys
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
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

_NO_VALUE = re.compile(
    r'<c r="([A-Z]{1,3})([0-9]{1,7})"(?![^>]* t="str")[^>]*>'
    r"(?:<f[^>]*/>|<f[^>]*>([^<]{0,200})[^<]*</f>)(?:<v></v>|<v ?/>)?</c>"
)
"""A formula that no program has calculated yet."""

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

Row = list[Any]
Spans = list[tuple[int, int]]
Hidden = tuple[Spans, Spans]
"""Rows as the spreadsheet numbers them, and columns from 0: the first and the last of each span."""

_SHEETS = 250
"""Of so many sheets of an .xls file is looked up what is hidden."""

_OLD = b"\xd0\xcf\x11\xe0"


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
    hidden = dict(_of_xls(data)) if data.startswith(_OLD) else dict(_of_ods(markup.content()))
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
        hidden_rows, hidden_columns = hidden.get(about.name) or _of_xlsx(text)
        yield {
            "name": about.name,
            "is_visible": about.visible == visible,
            "rows": rows,
            "hidden": _within(hidden_rows, rows[-1][0] if rows else 0),
            "hidden_columns": _within(
                hidden_columns, max((len(c) - 1 for _, c in rows), default=0)
            ),
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
        if "_x" not in value:
            return value
        return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), value).replace("\r", "")
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
    """The XML of a workbook that is an archive: it tells of what is hidden, and of errors."""

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
        return self._read(self._paths.get(sheet))

    def content(self) -> str:
        """Return the XML of all sheets of an .ods file, "" for any other."""
        return self._read("content.xml")

    def _read(self, path: str | None) -> str:
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


def _within(spans: Spans, last: int) -> list[int]:
    return sorted({n for first, end in spans for n in range(first, min(end, last) + 1)})


def _of_xlsx(text: str) -> Hidden:
    sign = r'\shidden="(?:1|true)"'
    rows = re.findall(rf'<row r="([0-9]{{1,7}})"[^>]*{sign}', text)
    columns = [tag for tag in re.findall(r"<col\s[^<>]*>", text) if re.search(sign, tag)]
    spans = [(_number(tag, "min") - 1, _number(tag, "max") - 1) for tag in columns]
    return [(int(row), int(row)) for row in rows], spans


def _of_ods(text: str) -> Iterator[tuple[str, Hidden]]:
    """Yield sheets by name; a row or a column that is repeated stands there once."""
    name, row, column = "", 1, 0
    rows: Spans = []
    columns: Spans = []
    for kind, about in re.findall(r"<table:table(-row|-column)?(\s[^<>]*)?/?>", text):
        is_hidden = 'table:visibility="collapse"' in about or 'table:visibility="filter"' in about
        if kind == "-row":
            end = row + _number(about, "table:number-rows-repeated") - 1
            rows += [(row, end)] if is_hidden else []
            row = end + 1
        elif kind == "-column":
            end = column + _number(about, "table:number-columns-repeated") - 1
            columns += [(column, end)] if is_hidden else []
            column = end + 1
        else:
            yield name, (rows, columns)
            name, row, column = html.unescape(_attribute(about, "table:name")), 1, 0
            rows, columns = [], []
    yield name, (rows, columns)


def _number(tag: str, name: str) -> int:
    said = _attribute(tag, name)
    return int(said) if said.isdecimal() and len(said) < 8 else 1


def _of_xls(data: bytes) -> Iterator[tuple[str, Hidden]]:
    """Yield the sheets of an .xls file by name; of one that is odd what could be read.

    The records are those of [MS-XLS]: BoundSheet8 names a sheet and where it begins, Row and
    ColInfo say what is hidden.
    """
    try:
        stream = _stream(data)
        for _, body in islice(_records(stream, 0, 0x0085), _SHEETS):
            [start] = struct.unpack_from("<I", body)
            letters = body[8:] if body[7] & 1 else bytes(b for c in body[8:] for b in (c, 0))
            yield letters.decode("utf-16-le", "replace"), _hidden_in(stream, start)
    except (struct.error, IndexError, ValueError):
        return


def _hidden_in(stream: bytes, start: int) -> Hidden:
    rows: Spans = []
    columns: Spans = []
    for kind, body in _records(stream, start, 0x0208, 0x007D):
        if kind == 0x007D:
            first, last, _, _, flags = struct.unpack_from("<5H", body)
            columns += [(first, last)] if flags & 1 else []
        elif body[12] & 0x20:
            [row] = struct.unpack_from("<H", body)
            rows.append((row + 1, row + 1))
    return rows, columns


def _records(stream: bytes, place: int, *wanted: int) -> Iterator[tuple[int, bytes]]:
    """Yield the wanted records from a place to the end of that sheet; what is inside it is not."""
    depth = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, place)
        depth += (kind == 0x0809) - (kind == 0x000A)
        if depth <= 0:
            return
        if depth == 1 and kind in wanted:
            yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _stream(data: bytes) -> bytes:
    """Return the stream with the sheets out of a compound file ([MS-CFB])."""
    size = {9: 512, 12: 4096}.get(data[30], 0)
    if not size:
        raise ValueError("The sectors of a compound file have 512 or 4,096 bytes.")
    directory, _, cutoff, small_table, _, more, _ = struct.unpack_from("<7I", data, 48)
    whole = [data[at : at + size] for at in range(size, len(data), size)]
    tables = list(struct.unpack_from("<109I", data, 76))
    while more < len(whole) and len(tables) < len(whole):
        *others, more = struct.unpack(f"<{size // 4}I", whole[more])
        tables += others
    after = _table(b"".join(whole[at] for at in tables if at < len(whole)))
    entries = _chain(whole, after, directory)
    for at in range(0, len(entries), 128):
        name = entries[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
        start, length = struct.unpack_from("<2I", entries, at + 116)
        if name in ("Workbook", "Book"):
            if length >= cutoff:
                return _chain(whole, after, start)[:length]
            packed = _chain(whole, after, struct.unpack_from("<I", entries, 116)[0])
            small = [packed[at : at + 64] for at in range(0, len(packed), 64)]
            return _chain(small, _table(_chain(whole, after, small_table)), start)[:length]
    return b""


def _table(sectors: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sectors) // 4}I", sectors[: len(sectors) // 4 * 4])


def _chain(sectors: Sequence[bytes], after: Sequence[int], at: int) -> bytes:
    """Join sectors, each of which names the next; a chain in a circle has an end, too."""
    found: list[bytes] = []
    while at < len(sectors) and len(found) <= len(sectors):
        found.append(sectors[at])
        at = after[at]
    return b"".join(found)


def _errors(text: str) -> dict[int, dict[int, str]]:
    """Return the cells that the reader takes for empty: errors such as #N/A, and bare formulas."""
    found: dict[int, dict[int, str]] = {}
    cells = _ERROR.findall(text) if 't="e"' in text else []
    if "<f" in text:
        cells += [(letters, row, f"={said}") for letters, row, said in _NO_VALUE.findall(text)]
    for letters, row, error in cells:
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - 64
        found.setdefault(int(row), {})[place - 1] = html.unescape(error)
    return found


if __name__ == "__main__":
    main()

"""Files that are no good clinic files, by name: made up, seeded, always the same bytes.

Every clinic in them says
that it is made up. `python -m tests.hostile_files FOLDER` writes them to be tried by hand.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from clinics.domain.columns import NAMES
from tests.made_up import made_up_clinic, made_up_csv

FILES = dict[str, bytes]
GOOD = [
    made_up_clinic(n, name=f"Made-up Clinic {n}", latitude=str(38.9 + n / 100)) for n in range(5)
]
TEXT = made_up_csv(GOOD).decode()
HEADER, *LINES = TEXT.splitlines()
REQUIRED = ("id", "category", "name", "city", "state", "source", "source_url")


def with_cell(column: str, value: str) -> bytes:
    """Return a good file in which one cell holds this text."""
    return made_up_csv([GOOD[0] | {column: value}, *GOOD[1:]])


def encodings() -> FILES:
    """Return texts in other encodings, and bytes that are in none."""
    accented = TEXT.replace("Made-up Town", "Made-up Tòwn")
    named = {
        f"encoding {name}": accented.encode(name, "replace")
        for name in (
            "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "cp1252",
            "latin-1", "cp437", "cp500", "mac-roman", "shift-jis", "gb18030", "big5", "koi8-r",
            "utf-7", "iso2022_jp",
        )
    }  # fmt: skip
    body = TEXT.encode()
    return named | {
        "two byte order marks": b"\xef\xbb\xbf" * 2 + body,
        "only a byte order mark": b"\xef\xbb\xbf",
        "a byte order mark in the middle": body.replace(b"Clinic 2", b"\xef\xbb\xbfClinic 2"),
        "utf-16 with half a letter": TEXT.encode("utf-16")[:-1],
        "utf-16 with half a pair": TEXT.encode("utf-16") + b"\x3d\xd8",
        "utf-8 cut in a letter": accented.encode()[: accented.encode().index(b"\xc3") + 1],
        "one line in another encoding": body + LINES[0].replace("-0", "-x\xe9").encode("latin-1"),
        "letters longer than they may be": body.replace(
            b"Clinic 2", b"Clinic \xc0\xbc\xe0\x80\xbc"
        ),
        "halves of pairs in utf-8": body.replace(b"Clinic 2", b"Clinic \xed\xa0\xbd\xed\xb8\x80"),
        "every byte there is": bytes(range(256)) * 64,
        "control letters of latin-1": body.replace(b"Clinic 2", b"Clinic \x81\x8d\x8f\x90\x9d"),
        "a nul in a cell": body.replace(b"Clinic 2", b"Clinic\x002"),
        "a nul between all": b"\0".join(bytes([byte]) for byte in body),
        "nothing but nuls": b"\0" * 100_000,
    }


def shapes() -> FILES:
    """Return files whose lines, cells and quotes are not as they should be."""
    wide = ",".join(f"column {n}" for n in range(10_000))
    return {
        "empty": b"",
        "one letter": b"x",
        "spaces": b" " * 5_000,
        "a million line ends": b"\n" * 1_000_000,
        "a million commas": b"," * 1_000_000,
        "a million quotes": b'"' * 1_000_000,
        "a million quotes and commas": b'",' * 500_000,
        "only the header": HEADER.encode(),
        "the header twice": f"{HEADER}\n{TEXT}".encode(),
        "the header last": "\n".join([*LINES, HEADER]).encode(),
        "no header": "\n".join(LINES).encode(),
        "10,000 columns": f"{wide}\n{','.join('x' * 10_000)}\n".encode(),
        "10,000 columns of one name": ",".join(["name"] * 10_000).encode(),
        "10,000 columns without a name": b"," * 10_000 + b"\n" + b"x," * 10_000,
        "our columns and 10,000 more": f"{HEADER},{wide}\n{LINES[0]}{',x' * 10_000}\n".encode(),
        "a line of a million cells": f"{HEADER}\n{'x,' * 1_000_000}\n".encode(),
        "a line of 100,000 cells before others": f"{HEADER}\n{',' * 100_000}x\n".encode()
        + b"x,y\n" * 2_000,
        "every other line short": "\n".join([HEADER, *(f"{line}\nx,y" for line in LINES)]).encode(),
        "more rows than may be": f"{HEADER}\n{LINES[0]}\n".encode() + b"x\n" * 60_000,
        "a cell of 4 MB": with_cell("notes", "x" * 4_000_000),
        "a cell of 10 MB": with_cell("notes", "x" * 10_000_000),
        "a name of 1 MB": with_cell("name", "Made-up " + "x" * 1_000_000),
        "an id of 1 MB": with_cell("id", "x" * 1_000_000),
        "a header of 1 MB": f"{'x' * 1_000_000}\n{LINES[0]}\n".encode(),
        "a quote that never ends": f'{HEADER}\n"{TEXT * 20}'.encode(),
        "a quote within a word": TEXT.replace("Clinic 2", 'Clin"ic 2').encode(),
        "quotes in quotes": with_cell("name", '"' * 9 + "Made-up" + '"' * 9),
        "a quote before the comma": TEXT.replace("Clinic 2,", '"Clinic" 2,').encode(),
        "a line end within quotes": with_cell("notes", "Made-up\r\nline\nline\rline"),
        "a line end in the header": TEXT.replace("notes", '"no\ntes"', 1).encode(),
        "old line ends": TEXT.replace("\n", "\r").encode(),
        "mixed line ends": "\r\n".join(LINES[:2]).join([f"{HEADER}\r", "\n"]).encode(),
        "line ends the wrong way round": TEXT.replace("\n", "\n\r").encode(),
        "other line ends": TEXT.replace("\n", "\u2028").encode(),
        "page ends": TEXT.replace("\n", "\f\n").encode(),
        "tabs and commas": TEXT.replace(",", "\t", 200).encode(),
        "pipes": TEXT.replace(",", "|").encode(),
        "spaces for commas": TEXT.replace(",", " ").encode(),
        "quotes round every cell": ('"' + TEXT.replace(",", '","').replace("\n", '"\n"')).encode(),
        "single quotes": TEXT.replace(",", "','").encode(),
        "backslashes": TEXT.replace(",", "\\,").encode(),
        "a line that names the separator": f"sep=;\n{TEXT}".encode(),
        "a comment first": f"# made up\n{TEXT}".encode(),
        "blank lines everywhere": TEXT.replace("\n", "\n\n,,,\n").encode(),
    }


def headers() -> FILES:
    """Return headers that are not ours, or nearly."""
    capitals = HEADER.upper().replace("_", "  ")
    odd = {
        "a header twice": TEXT.replace("address", "city", 1),
        "headers of another alphabet": TEXT.replace("name", "n\u0430me", 1),
        "headers with zero-width letters": TEXT.replace("id", "i\u200bd", 1),
        "headers from right to left": TEXT.replace("name", "\u202eeman", 1),
        "headers in capitals and spaces": TEXT.replace(HEADER, capitals, 1),
        "headers that are code": TEXT.replace("name", "__proto__", 1).replace(
            "city", "__class__", 1
        ),
        "headers that are formulas": TEXT.replace("name", "=1+1", 1),
        "headers that are markup": TEXT.replace("name", "<script>alert(1)</script>", 1),
        "headers that are numbers": TEXT.replace(HEADER, ",".join(map(str, range(len(NAMES)))), 1),
        "headers that are dates": TEXT.replace("last_checked", "2026-01-01", 1),
    }
    missing = {f"no {name}": TEXT.replace(name, f"x_{name}", 1) for name in REQUIRED}
    return {name: text.encode() for name, text in (odd | missing).items()}


def other_kinds() -> FILES:
    """Return what is no table at all, or packed."""
    noise = random.Random(20912)
    bomb = _zip({"clinics.csv": b"0" * 10_000_000})
    pixel = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0))
    picture = pixel + _chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + _chunk(b"IEND", b"")
    lolz = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    kinds = {
        "zip": _zip({"clinics.csv": TEXT.encode()}),
        "zip bomb": bomb,
        "zip in a zip": _zip({"a.zip": bomb}),
        "xlsx": _zip({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}),
        "ods": _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
        "gzip": gzip.compress(TEXT.encode(), mtime=0),
        "gzip bomb": gzip.compress(bytes(10_000_000), mtime=0),
        "png": picture,
        "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + noise.randbytes(2_000),
        "gif": b"GIF89a" + noise.randbytes(500),
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF",
        "program": b"\x7fELF\x02\x01\x01" + bytes(9) + noise.randbytes(5_000),
        "database": b"SQLite format 3\x00" + bytes(4_080),
        "parquet": b"PAR1" + noise.randbytes(500) + b"PAR1",
        "pickle": b"\x80\x04cos\nsystem\n(S'made up'\ntR.",
        "html": f"<!doctype html><table><tr><td>{TEXT}</td></tr></table>".encode(),
        "json": json.dumps(GOOD).encode(),
        "json lines": "\n".join(map(json.dumps, GOOD)).encode(),
        "xml that grows": f'<!DOCTYPE l [<!ENTITY l0 "l">{lolz}]><l>&l9;</l>'.encode(),
        "xml that reads a file": b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><x>&x;</x>',
        "yaml": b"- name: Made-up\n  id: !!python/object/apply:os.system ['made up']\n",
        "mail": b"Content-Type: text/csv\r\n\r\n" + TEXT.encode(),
        "script": b"#!/bin/sh\nexit 1\n",
        "valid letters that are no text": "".join(map(chr, range(0x20000, 0x21000))).encode(),
    }
    sizes = (1, 2, 3, 100, 4_096, 1_000_000)
    return kinds | {f"noise of {size} bytes": noise.randbytes(size) for size in sizes}


def cells() -> FILES:
    """Return good files with one cell that nobody should believe."""
    found: FILES = {}
    for column, values in _CELLS.items():
        found |= {f"{column}: {value[:40]!r}": with_cell(column, value) for value in values}
    formulas = ("=1+1", "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1")
    found |= {
        f"formula {text!r}": made_up_csv([c | {"notes": text} for c in GOOD]) for text in formulas
    }
    every = [dict.fromkeys(NAMES, "=1+1")]
    return found | {"a formula in every cell": made_up_csv(every)}


_NUMBERS = (
    "1e309",
    "-1e309",
    "nan",
    "inf",
    "0x1F",
    "1_000",
    "٣٩",
    "３９",
    "1,5",
    "--1",
    "9" * 5_000,
    "½",
)
_CELLS = {
    "latitude": (*_NUMBERS, "91", "0", "39.0.0", "39° N"),
    "price_per_session_usd": (*_NUMBERS[:8], "$400", "400-600", "free", "-0"),
    "zip": ("٢٠٩١٢", "2091", "20912-", "99999", "1e4", "00000"),
    "npi": ("1234567890", "١٢٣٤٥٦٧٨٩٣", "0", "1" * 400),
    "phone": ("911", "(301) 555-0100 x" + "9" * 300, "٣٠١", "tel:+1", "javascript:alert(1)"),
    "last_checked": (
        "0000-00-00", "2026-02-30", "9999-12-31", "10000-01-01", "٢٠٢٦-٠١-٠١", "1/2/26", "45000",
        "2026-W01-1", "tomorrow", "-2026-01-01",
    ),
    "website": (
        "javascript:alert(1)", "data:text/html,x", "http://", "http://[::1", "https://a b", "ftp://x",
        "//made-up.example", "http://made-up.example:99999999", "https://" + "a" * 3_000,
        "https://made-up.example\\@x", "http://\u202emade-up",
    ),
    "id": (
        "made-up-сlinic", "made-up-clinic-1", "MADE-UP-CLINIC-1", "../made-up", "made/up",
        "made%2fup",
        "made\u200bup", "\u202emade-up", "con", "-", "😀", "made up", "'; drop table versions; --",
        "{{7*7}}", "${7*7}", "__proto__",
    ),
    "name": (
        "<script>alert(1)</script>", "Made-up\u202egnp.exe", "Made-up " + "\u0301" * 10_000,
        "Made-up\ufeff", "Made-up \U000e0041\U000e0042", "Made-up \ufdd0\uffff", "\u200b\u200b",
        "Made-up \x1b[31m", "Made-up \x85\x0b\x0c", "Made-up 👩‍👩‍👧‍👦" * 200,
    ),
    "conditions": ("ptsd;" * 5_000, ";;;;", "PTSD", "рtsd", "ptsd,ocd", "<b>ptsd</b>"),
    "state": ("ZZ", "maryland", "МD", "MD;VA"),
    "source_url": ("", "javascript:alert(1)", "file:///etc/passwd"),
}  # fmt: skip


def _zip(files: FILES) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@cache
def hostile_files() -> FILES:
    """Return every file by its name."""
    parts = (encodings(), shapes(), headers(), other_kinds(), cells())
    return {name: data for part in parts for name, data in part.items()}


def _write(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, data) in enumerate(hostile_files().items()):
        plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name)[:60]
        path = folder / f"{number:03}-{plain}.csv"
        path.write_bytes(data)
        yield path


if __name__ == "__main__":
    print(f"{len(list(_write(Path(sys.argv[1]))))} files written.")

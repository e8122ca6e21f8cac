"""Bytes -> text: knows by its first bytes what a file is, and which encoding it is in."""

from __future__ import annotations

import codecs
import re

from clinics.intake.notices import KEPT, Findings

_OTHER_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture, a film or a recording"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)
_PACKED_KINDS = (
    (b"Index/Document.iwa", "a Numbers spreadsheet"),
    (b"Index.zip", "a Numbers spreadsheet"),
    (b"word/", "a text document"),
)
_MARKUP_KINDS = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
    (b"<", "a web page"),
    (b"[internetshortcut]", "a shortcut to a web page"),
    (b"{", "a JSON file"),
    (b"[{", "a JSON file"),
)
_SHORTCUT = re.compile(rb'\{\s*"[^{}]*docs\.google\.com|\{\s*"[^{}]*"doc_id"')
"""A .gsheet file: it only says where the sheet is."""

WAYS_OUT = {
    "a Numbers spreadsheet": "In Numbers choose File, Export To, Excel, and upload that file.",
    "a shortcut to a Google Sheet": "Open the sheet, choose File, Download, Microsoft Excel "
    "(.xlsx), and upload that file.",
    "a PDF document": "Ask for the spreadsheet that the PDF was made from: a table cannot be read "
    "from a PDF without mistakes.",
    "a web page": "If it opens in a spreadsheet, save it there as Excel (.xlsx). Else the link may "
    "have asked to sign in: download the sheet itself, as Excel (.xlsx) or CSV.",
    "a shortcut to a web page": "Open it, download the sheet as Excel (.xlsx) or CSV, and upload "
    "that file.",
    "a ZIP archive": "Unpack it, and upload the spreadsheet that is in it.",
    "a compressed file": "Unpack it, and upload the spreadsheet that is in it.",
}
"""What to do with a file of another kind, where more can be said than of all."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)

_NUL_SHARE = 0.1
"""With a greater share of zero bytes a file is UTF-16 without its mark, or no text at all."""

_BINARY = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_ODD = re.compile(r"[^\x00-\x7f][^\s,;\"]*")


def read_text(data: bytes, findings: Findings) -> str | None:
    """Return the text of a file, or None with the notice that says why it cannot be read."""
    other = other_kind(data)
    if other:
        findings.add("file_other_kind", value=other, fix=WAYS_OUT.get(other, ""))
        return None
    text = _decoded(data, findings)
    if text is None:
        findings.add("file_not_utf8")
    return text


def other_kind(data: bytes) -> str:
    """Say what a file is that is no spreadsheet that can be read, or return ""."""
    if data.startswith(b"PK\x03\x04"):
        return next((name for mark, name in _PACKED_KINDS if mark in data), "a ZIP archive")
    if data[4:8] == b"ftyp":  # ISO/IEC 14496-12, as telephones keep photographs
        return "a picture, a film or a recording"
    begins = data[:200].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if _SHORTCUT.match(begins):
        return "a shortcut to a Google Sheet"
    found = (name for mark, name in _OTHER_KINDS if data.startswith(mark))
    return next(found, "") or next((n for mark, n in _MARKUP_KINDS if begins.startswith(mark)), "")


def _decoded(data: bytes, findings: Findings) -> str | None:
    try:
        if data.startswith(_UTF_16) and not data.startswith(_UTF_32):
            text = data.decode("utf-16")
            findings.add("encoding_utf_16")
            return text
        if data.startswith(_UTF_32) or data.count(0) > _NUL_SHARE * len(data):
            return None
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None if data.startswith((codecs.BOM_UTF8, *_UTF_16)) else _windows(data, findings)


def _windows(data: bytes, findings: Findings) -> str | None:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    if _BINARY.search(text):
        return None
    findings.add("encoding_windows_1252", value=_odd_word(text))
    return text


def _odd_word(text: str) -> str:
    """Return the first word with a letter that is not ASCII; its beginning is sought backward.

    A pattern that begins with any letters would try each place of a long word to its end.
    """
    odd = _ODD.search(text)
    if odd is None:
        return ""
    before = text[max(0, odd.start() - KEPT) : odd.start()]
    return re.split(r"\W", before)[-1] + odd[0]

"""What a look fills in without a question, for a file that a person reads before it counts."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clinics.domain.columns import NAMES
from clinics.domain.csv_text import csv_text
from clinics.domain.field_sources import label_of
from clinics.domain.sources import Listing, Proposed
from clinics.domain.words import counted, seen
from clinics.publishing import proposals as rules

_SHOWN = 80
_LONGEST = 240


@dataclass(frozen=True, slots=True)
class Sorted:
    """What fills a gap and is sure, and what only a person can decide on."""

    sure: tuple[Proposed, ...]
    asked: tuple[Proposed, ...]


def sorted_out(found: Sequence[Proposed], live: Mapping[str, Listing], today: dt.date) -> Sorted:
    """Tell what is sure: of a listing, about a cell that is empty, and said alike by all sources.

    What a keeper confirmed lately is not filled, and no listing is made or closed.
    """
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in found:
        said[one.clinic_id, one.field].add(rules.norm(one.field, rules.body_of(one).cells))
    sure: list[Proposed] = []
    asked: list[Proposed] = []
    for one in found:
        is_sure = (
            one.field in rules.FIELDS
            and one.clinic_id in live
            and len(said[one.clinic_id, one.field]) == 1
            and rules.fills_gap(one, live[one.clinic_id], today)
        )
        (sure if is_sure else asked).append(one)
    return Sorted(tuple(sure), tuple(asked))


def rewritten(file: bytes, before: pd.DataFrame, after: pd.DataFrame) -> bytes:
    """Return a file with the cells that differ between the two tables, and no other, written anew.

    So a person who compares the two files sees what was filled in. Where the rows of the file are
    not those of the table, all of the table is written.
    """
    text = file.decode("utf-8-sig", "replace")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    if len(rows) != len(before) or not set(header) <= set(NAMES) or "id" not in header:
        header, rows = list(NAMES), after[list(NAMES)].to_numpy().tolist()
    else:
        missing = [name for name in NAMES if name not in header]
        header, rows = [*header, *missing], [[*row, *("" for _ in missing)] for row in rows]
        was, now = (table[header].to_numpy(dtype=object) for table in (before, after))
        for row, column in zip(*np.nonzero(was != now), strict=True):
            rows[row][column] = now[row, column]
    written = csv_text([header, *rows])
    return (written if "\r\n" in text else written.replace("\r\n", "\n")).encode()


def summary(
    looked: Sequence[str], warnings: Sequence[str], parts: Sorted, live: Mapping[str, Listing]
) -> str:
    """Return what was found as Markdown, in which what sources say is code and acts nowhere."""
    filled = counted(len(parts.sure), "gap")
    left = counted(len(parts.asked), "other proposal")
    return "\n".join(
        [
            f"A look at public sources fills {filled}. {left} need a person.",
            "",
            "Nothing is published by this alone: read each line, open the page it is from, and "
            "merge only what is right. What is wrong can be taken out of this branch.",
            *(_block("Look twice: this would stop a file", warnings) if warnings else ()),
            *_block("What each source gave", looked),
            *_block("Filled in", [_line(one, live) for one in parts.sure]),
            *_block("Not filled in", [_line(one, live) for one in parts.asked]),
            "",
        ]
    )


def _block(title: str, lines: Sequence[str]) -> list[str]:
    shown = [f"    {_plain(line)}" for line in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        shown.append(f"    and {len(lines) - _SHOWN:,} more")
    return ["", f"## {title}", "", *(shown or ["Nothing."])]


def _line(one: Proposed, live: Mapping[str, Listing]) -> str:
    body = rules.body_of(one)
    listing = live.get(one.clinic_id)
    where = f"{one.clinic_id} ({listing['name']}, {listing['city']})" if listing else "new"
    what = {rules.SAME: "maybe the same", rules.NEW: "a new listing", rules.GONE: "not listed now"}
    label = what.get(one.field) or label_of(one.field)
    now = body.now or "not stated"
    return f"{where}: {label}: {now} -> {body.value} [{one.source}, {body.date}, {body.url}]"


def _plain(line: str) -> str:
    """Return a line that ends no code, whatever stands in it."""
    return seen(line)[:_LONGEST]

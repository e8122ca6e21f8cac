"""Reads the rows of FindTreatment.gov with the reader of the federal directory.

Its services come as words. They are the words of the federal workbook, with few exceptions, which
are data (`data/sources/findtreatment_labels.csv`). A word that is unknown is said, and no row is
dropped for one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clinics.domain.columns import BY_NAME, SEPARATOR
from clinics.domain.data_files import read_table
from clinics.domain.kinds import CellProblem
from clinics.domain.site import Edition
from clinics.domain.sources import Record
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import counted, day, slug
from clinics.intake.federal import CODE_COLUMN, INTAKE, WITHHELD, Codes, from_federal, load_codes

LABEL = "FindTreatment.gov"
PAGE = "https://findtreatment.gov/"
OF_SERVICES = frozenset(
    "facility_type conditions treatments setting payment ages languages".split()
)
"""The columns that services fill; where none are given nothing is said of them."""

_TEXTS = ("name1", "name2", "street1", "street2", "city", "state", "zip", "phone", "website")
_LONGEST = 300
_NO_SITE = frozenset({"http://", "https://"})
_SHOWN = 5
Labels = Mapping[tuple[str, str], str]
"""Category code and label, folded -> service code."""


@dataclass(frozen=True)
class Reader:
    """Turns rows of the locator into records, with the words of a data folder."""

    codes: Codes
    labels: Labels
    vocabulary: Vocabulary
    offers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The treatment that a service code stands for, and how that is said of a place: who offers
    the therapy is worth a listing of its own."""

    def read(self, rows: Sequence[Mapping[str, Any]], today: dt.date) -> tuple[list[Record], str]:
        """Return a record for each row, and what is to be said of words that are unknown."""
        unknown: dict[str, None] = {}
        federal, partial = [], []
        for row in rows:
            codes, missing = self._codes_of(row.get("services"))
            federal.append(_federal(row, codes))
            partial.append(bool(missing))
            unknown |= dict.fromkeys(missing)
        edition = Edition(LABEL, PAGE, today.isoformat())
        records = [
            self._record(row, cells, adds_only, today)
            for row, cells, adds_only in zip(
                federal, from_federal(federal, self.codes, edition), partial, strict=True
            )
        ]
        return records, _said_of(unknown)

    def _codes_of(self, services: object) -> tuple[list[str] | None, list[str]]:
        """Return the service codes of a row, or None where it says nothing; and unknown words."""
        if not isinstance(services, list) or not services:
            return None, []
        codes, missing = [], []
        for group in services:
            if not isinstance(group, dict):
                continue
            category = str(group.get("f2") or "").strip()
            for label in filter(None, map(str.strip, str(group.get("f3") or "").split(";"))):
                code = self.labels.get((category, _folded(label)))
                if code:
                    codes.append(code)
                else:
                    missing.append(label[:80])
        return codes, missing

    def _record(
        self,
        row: Mapping[str, str],
        cells: Mapping[str, str] | None,
        adds_only: bool,
        today: dt.date,
    ) -> Record:
        key = f"{slug(row['name1'])}|{slug(row['street1'])}|{row['zip'][:5]}"
        if cells is None:
            named = from_federal([{**row, "street1": ""}], self.codes, Edition("", "", ""))[0] or {}
            kept = {name: named.get(name, "") for name in ("name", "city", "state", "zip", "phone")}
            return Record(key, self._clean(kept), PAGE, today, withheld=True)
        if CODE_COLUMN not in row:
            cells = {name: cell for name, cell in cells.items() if name not in OF_SERVICES}
        clean = self._clean(cells)
        intake, main = clean.get("phone", ""), clean.get("main_phone", "")
        evidence = f"{LABEL} lists {clean['name']} on {day(today)}."
        if main and intake:
            evidence += f" New patients call {intake}; the main line is {main}."
        as_new = {}
        for code in filter(self.offers.get, row.get(CODE_COLUMN, "").split()):
            treatment, said = self.offers[code]
            evidence += f" {said}"
            offers = filter(None, (clean.get("treatments"), treatment))
            category = self.vocabulary.main_category
            as_new = {"category": category, "treatments": SEPARATOR.join(offers)}
        return Record(key, clean, PAGE, today, evidence[:_LONGEST], adds_only, as_new)

    def _clean(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Write each cell as the directory does, and leave out what no cell may hold."""
        clean = {}
        for name, cell in cells.items():
            text = " ".join(cell.split())[:_LONGEST]
            try:
                clean[name] = BY_NAME[name].parse(text, self.vocabulary) if text else ""
            except CellProblem:
                clean[name] = ""
        return clean


def load_reader(folder: Path, vocabulary: Vocabulary) -> Reader:
    """Read the words of the federal workbook and those that the locator writes otherwise."""
    sources, labels = folder / "sources", {}
    tables = [(path, "service_name") for path in sorted(sources.glob("*_codes_*.csv"))]
    for path, label in (*tables, (sources / "findtreatment_labels.csv", "label")):
        for _, row in read_table(path) if path.is_file() else ():
            labels[(row["category_code"], _folded(row[label]))] = row["service_code"]
    path = sources / "findtreatment_offers.csv"
    rows = read_table(path) if path.is_file() else ()
    offers = {row["service_code"]: (row["treatment"], row["said"]) for _, row in rows}
    return Reader(load_codes(folder), labels, vocabulary, offers)


def load_state_numbers(folder: Path) -> dict[str, str]:
    """Read the numbers that the locator gives to states, by postal code; none without the file."""
    path = folder / "sources" / "findtreatment_states.csv"
    rows = read_table(path) if path.is_file() else ()
    return {row["state"]: row["number"] for _, row in rows}


def _federal(row: Mapping[str, Any], codes: Iterable[str] | None) -> dict[str, str]:
    """Return a row in the layout of the federal directory; without services it has no codes."""
    cells = {name: _text(row.get(name)) for name in (*_TEXTS, "latitude", "longitude")}
    cells["phone"] = _number(cells["phone"])
    cells[INTAKE[0]] = _number(_text(row.get("intake1")))
    if cells["website"].casefold() in _NO_SITE:
        cells["website"] = ""
    elif cells["website"] and "://" not in cells["website"]:
        cells["website"] = f"http://{cells['website']}"
    if cells["street1"].replace("-", "").strip() == "":
        cells["street1"] = WITHHELD
    return cells if codes is None else {**cells, CODE_COLUMN: " ".join(codes)}


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return " ".join(str(value).split())[:_LONGEST]


def _number(phone: str) -> str:
    """Return a telephone number, or "" for a placeholder such as (999) 999-9999."""
    digits = re.sub(r"\D", "", phone)
    return phone if len(set(digits[:10])) > 1 else ""


def _folded(label: str) -> str:
    plain = label.replace("\N{REGISTERED SIGN}", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(plain.casefold().split())


def _said_of(unknown: Mapping[str, None]) -> str:
    if not unknown:
        return ""
    some = "; ".join(f"“{label}”" for label in list(unknown)[:_SHOWN])
    return (
        f"{counted(len(unknown), 'word')} of the list {'is' if len(unknown) == 1 else 'are'} "
        f"unknown to us, so of such rows lists are only added to: {some}."
    )

"""Make `data/clinics.csv` from the two lists under `data/sources/`.

The federal list goes through the same reader that a
keeper's upload uses; the list of ketamine practices has this script as its only reader.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from clinics.domain.columns import NAMES
from clinics.domain.site import Edition, load_site
from clinics.domain.vocabulary import load_towns, load_vocabulary
from clinics.intake.check import Rules, check
from clinics.intake.federal import load_codes
from clinics.intake.notices import Report, Severity
from clinics.places.find import Gazetteer
from scripts.build_towns import proper

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCES = DATA / "sources"
BUILT_ON = dt.date(2026, 11, 22)
"""The day the sources were gathered: no date in them may be later."""

FEDERAL = Edition(
    source="SAMHSA, National Directory of Mental Health Treatment Facilities 2024",
    source_url="https://github.com/tianalongjam/Reflect-MadHacks/blob/"
    "a4383b3a09af3f78cea30601854963f884d0a41f/National%20Directory%20MH%202024_Final.xlsx",
    date="2024-07-03",
)
CONDITIONS = {"suicidal-ideation": "suicidal-thoughts"}
"""Ids as the list of practices spells them -> ids of `conditions.csv`."""


def main() -> None:
    """Write the file, or stop with the notices that keep it from being published."""
    rules = rules_of_the_build()
    ketamine, federal = check(ketamine_csv(), rules), check(federal_csv(), rules)
    stop_on_errors(ketamine.report, federal.report)
    table = pd.concat([ketamine.table, federal.table]).sort_values(["category", "state", "id"])
    table.to_csv(DATA / "clinics.csv", index=False, lineterminator="\n")
    print(f"clinics.csv: {len(table)} listings, {dict(table['category'].value_counts())}")
    print(f"positions: {dict(table['location_precision'].value_counts())}")


def rules_of_the_build() -> Rules:
    """Return what the two lists are checked against: an upload's rules, on the day of the build."""
    towns = load_towns(DATA)
    return Rules(
        load_vocabulary(DATA), Gazetteer(towns), towns, load_site(DATA), BUILT_ON,
        federal=(load_codes(DATA), FEDERAL),
    )  # fmt: skip


def stop_on_errors(*reports: Report) -> None:
    """Print every error; end with status 1 when there is one."""
    for report in reports:
        for found in report.notices:
            if found.severity is Severity.ERROR:
                print(found.severity, found.message)
    if not all(report.publishable for report in reports):
        sys.exit(1)


def federal_csv() -> bytes:
    """Return the federal list with town names as they are written."""
    rows = read(SOURCES / "samhsa_2024_md_dc.csv")
    return as_csv([{**row, "city": proper(row["city"])} for row in rows], tuple(rows[0]))


def ketamine_csv() -> bytes:
    """Return the usable practices in our own columns."""
    words = {row["id"]: row for row in read(SOURCES / "ketamine_notes.csv")}
    rows = [row for row in read(SOURCES / "ketamine_listings.csv") if row["use"] == "yes"]
    return as_csv([practice(row, words[row["id"]]) for row in rows], NAMES)


def practice(row: Mapping[str, str], words: Mapping[str, str]) -> dict[str, str]:
    """Turn one practice into a row; words for visitors come from `ketamine_notes.csv`."""
    left_out = set(words["conditions_left_out"].split(";"))
    conditions = [id for id in row["conditions"].split(";") if id and id not in left_out]
    treatments = [*row["treatments"].split(";"), *words["treatments_added"].split(";")]
    cells = {**row, **words}
    return {
        **{name: cells[name] for name in NAMES if name in cells},
        "category": "ketamine",
        "city": proper(row["city"]),
        "treatments": ";".join(filter(None, treatments)),
        "conditions": ";".join(CONDITIONS.get(id, id) for id in conditions),
        "source": source_of(row),
        "last_checked": row["source_date"] if len(row["source_date"]) == 10 else "",
    }


def source_of(row: Mapping[str, str]) -> str:
    """Name the source for people: the clinic's own pages, a public list, or the site's name."""
    host, own = site(row["source_url"]), site(row["website"])
    if host == own or "github.com/Elevated-States" in row["source_url"]:
        return "The clinic's own pages" if host == own else "A public list of clinics, 2026"
    if host == "wipsych.squarespace.com":
        return "The clinic's own pages (an older copy)"
    return f"A page of {host}"


def site(url: str) -> str:
    """Return the host of an address without "www."."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def read(path: Path) -> list[dict[str, str]]:
    """Read a source file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(file)]


def as_csv(rows: list[dict[str, str]], columns: tuple[str, ...]) -> bytes:
    """Write rows as the bytes of a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


if __name__ == "__main__":
    main()

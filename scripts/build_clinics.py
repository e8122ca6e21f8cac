"""Make `data/clinics.csv` from the lists under `data/sources/`.

The federal list goes through the same reader that a keeper's upload uses; the list of ketamine
practices and the facts found later have this script as their only reader.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from clinics.domain.columns import NAMES
from clinics.domain.field_sources import COLUMN, fields_of
from clinics.domain.field_sources import read as read_cell
from clinics.domain.site import Edition, load_site
from clinics.domain.vocabulary import load_towns, load_vocabulary
from clinics.intake.check import Rules, check
from clinics.intake.federal import load_codes
from clinics.intake.notices import Report, Severity
from clinics.places.find import Gazetteer
from clinics.places.named import load_places
from scripts.build_towns import proper

OWN_PAGES = "The clinic's own pages"
DATA = Path(__file__).resolve().parent.parent / "data"
SOURCES = DATA / "sources"
BUILT_ON = dt.date(2026, 11, 22)
"""The day the sources were gathered: no date in them may be later."""

FEDERAL = Edition(
    source="SAMHSA, National Directory of Mental Health Treatment Facilities 2024",
    source_url="https://www.samhsa.gov/data/data-we-collect/"
    "n-sumhss-national-substance-use-and-mental-health-services-survey",
    date="2024-07-03",
    survey="2023",
    category="mental-health",
)
"""The page is that of the survey; the copy of the workbook that was read is in `data/README.md`."""

CONDITIONS = {"suicidal-ideation": "suicidal-thoughts"}
"""Ids as the list of practices spells them -> ids of `conditions.csv`."""

LISTS = {
    "Elevated-States": "List of ketamine providers by the Elevated States Project, a group that "
    "holds events on psychedelics (2026)",
    "wambun": "A web developer's copy of the clinic's site (January 2026)",
    "tmslist": "TMS List, a public list of TMS clinics (January 2026)",
}
"""What sources are called that are files of program code: no visitor is sent to such a file."""

IN_NOTES = "in-notes"
"""A fact that a sentence of `ketamine_notes.csv` tells, and no other cell."""


def main() -> None:
    """Write the file, or stop with the notices that keep it from being published."""
    rules = rules_of_the_build()
    others, federal = check(others_csv(), rules), check(federal_csv(), rules)
    stop_on_errors(others.report, federal.report)
    table = with_looked_up(pd.concat([others.table, with_notes(federal.table)]))
    table = table.sort_values(["category", "state", "id"])
    table.to_csv(DATA / "clinics.csv", index=False, lineterminator="\n")
    print(f"clinics.csv: {len(table)} listings, {dict(table['category'].value_counts())}")
    print(f"positions: {dict(table['location_precision'].value_counts())}")


def rules_of_the_build() -> Rules:
    """Return what the two lists are checked against: an upload's rules, on the day of the build."""
    towns, site = load_towns(DATA), load_site(DATA)
    gazetteer = Gazetteer(towns, load_places(DATA), site.service_area)
    return Rules(
        load_vocabulary(DATA), gazetteer, towns, site, BUILT_ON,
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


def others_csv() -> bytes:
    """Return the usable practices and the listings found later, in our own columns."""
    words = notes()
    rows = [row for row in read(SOURCES / "ketamine_listings.csv") if row["use"] == "yes"]
    listings = {row["id"]: practice(row, words[row["id"]]) for row in rows}
    for fact in new_facts():
        for id in fact["id"].split(";"):
            if fact["cells"] != IN_NOTES:
                listings[id] = with_fact(listings.get(id) or {**words[id], **named(fact)}, fact)
    return as_csv([{name: row.get(name, "") for name in NAMES} for row in listings.values()], NAMES)


def notes() -> dict[str, dict[str, str]]:
    """Return what `ketamine_notes.csv` and `ketamine_caveats.csv` say of each listing."""
    words = {row["id"]: row for row in read(SOURCES / "ketamine_notes.csv")}
    for row in read(SOURCES / "ketamine_caveats.csv"):
        words[row["id"]].update(row)
    return words


def new_facts() -> list[dict[str, str]]:
    """Return the usable facts of `new_facts.csv`."""
    return [row for row in read(SOURCES / "new_facts.csv") if row["use"] == "yes"]


def named(fact: Mapping[str, str]) -> dict[str, str]:
    """Say where a listing comes from that only a new fact names."""
    address = fact["source_url"]
    name = list_of(address)
    date, _, _ = fact["page_date"].partition(" ")
    return {
        "source": name or OWN_PAGES,
        "source_url": "" if name else address,
        "source_date": date if is_full(date) else "",
    }


def with_fact(row: Mapping[str, str], fact: Mapping[str, str]) -> dict[str, str]:
    """Return a row with the cells of a fact; a value after "+" is added to what the cell has."""
    cells = dict(row)
    for pair in fact["cells"].split("|"):
        name, _, value = pair.partition("=")
        added = f"{cells.get(name, '')};{value[1:]}".strip(";")
        cells[name] = added if value.startswith("+") else value
    return cells


def with_looked_up(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the cells that the present file has from elsewhere (`field_sources`)."""
    path = DATA / "clinics.csv"
    said = {row["id"]: row for row in read(path) if row.get(COLUMN)} if path.exists() else {}
    rows = table.to_dict("records")
    for row in rows:
        found = said.get(row["id"], {})
        fields = read_cell(found.get(COLUMN, ""))
        kept = [name for name in NAMES if fields_of([name]) & fields.keys()]
        row.update({name: found[name] for name in (*kept, COLUMN) if name in found})
    return pd.DataFrame(rows, columns=list(NAMES), dtype="str")


def with_notes(table: pd.DataFrame) -> pd.DataFrame:
    """Return federal listings with what a later fact adds to the notes of one."""
    ids = {id for fact in new_facts() for id in fact["id"].split(";")}
    added = {id: row["notes"] for id, row in notes().items() if id in ids}
    said = table["id"].map(added).fillna("")
    return table.assign(notes=(table["notes"] + " " + said).str.strip())


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
        "source_url": "" if list_of(row["source_url"]) else row["source_url"],
        "source_date": date_of(row),
    }


def source_of(row: Mapping[str, str]) -> str:
    """Name the source for people: the clinic's own pages, a public list, or the site's name."""
    host, own = site(row["source_url"]), site(row["website"])
    if host == own:
        return OWN_PAGES
    if host == "wipsych.squarespace.com":
        return f"{OWN_PAGES} (an older copy)"
    return list_of(row["source_url"]) or f"A page of {host}"


def list_of(url: str) -> str:
    """Return what a list is called that is kept among program code; "" for any other page."""
    path = urlsplit(url).path if site(url) == "github.com" else ""
    return LISTS.get(path.strip("/").split("/")[0], "")


def date_of(row: Mapping[str, str]) -> str:
    """Return the date of the named source: a year alone is that of the public list."""
    is_its_own = is_full(row["source_date"]) or list_of(row["source_url"])
    return row["source_date"] if is_its_own else ""


def is_full(date: str) -> bool:
    """Return True for a whole day."""
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", date) is not None


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

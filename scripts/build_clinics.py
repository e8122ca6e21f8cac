"""Make `clinics.csv` of the data folder from the lists that its `sources/build.toml` names.

The federal list and lists in our own columns go through the same reader that a keeper's upload
uses; practices gathered one by one and the facts found later have this script as their only reader.
"""

from __future__ import annotations

import csv
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
from clinics.domain.site import load_site
from clinics.domain.vocabulary import load_towns, load_vocabulary
from clinics.intake.check import Rules, check
from clinics.intake.federal import load_codes
from clinics.intake.notices import Report, Severity
from clinics.places.find import Gazetteer
from clinics.places.named import load_places
from scripts.sources import Row, Sources, load_sources, read, shown

OWN_PAGES = "The clinic's own pages"
IN_NOTES = "in-notes"
"""A fact that a sentence of the notes tells, and no other cell."""


def main(folder: Path | None = None) -> None:
    """Write the file, or stop with the notices that keep it from being published."""
    sources = load_sources(folder or shown())
    if not sources.said:
        print("clinics.csv: kept, as sources/build.toml is not there to say what to make it from")
        return
    rules = rules_of_the_build(sources)
    read_in = [
        check(rows, rules)
        for rows in (others_csv(sources), as_csv(sources.federal()), as_csv(sources.own()))
        if rows
    ]
    if not read_in:
        sys.exit("sources/build.toml names no list with a row that may be listed.")
    stop_on_errors(*(one.report for one in read_in))
    table = with_notes(pd.concat([one.table for one in read_in]), sources)
    table = with_looked_up(table, sources.folder / "clinics.csv")
    table = table.sort_values(["category", "state", "id"])
    table.to_csv(sources.folder / "clinics.csv", index=False, lineterminator="\n")
    print(f"clinics.csv: {len(table)} listings, {table['category'].value_counts().to_dict()}")
    print(f"positions: {table['location_precision'].value_counts().to_dict()}")


def rules_of_the_build(sources: Sources) -> Rules:
    """Return what the lists are checked against: an upload's rules, on the day of the build."""
    folder = sources.folder
    towns, site = load_towns(folder), load_site(folder)
    gazetteer = Gazetteer(towns, load_places(folder), site.service_area)
    return Rules(
        load_vocabulary(folder), gazetteer, towns, site, sources.gathered,
        federal=(load_codes(folder), sources.edition),
    )  # fmt: skip


def stop_on_errors(*reports: Report) -> None:
    """Print every error; end with status 1 when there is one."""
    for report in reports:
        for found in report.notices:
            if found.severity is Severity.ERROR:
                print(found.severity, found.message)
    if not all(report.publishable for report in reports):
        sys.exit(1)


def others_csv(sources: Sources) -> bytes:
    """Return the usable practices and the listings found later, in our own columns."""
    words = notes(sources)
    listings = {row["id"]: practice(row, words[row["id"]], sources) for row in sources.practices()}
    for fact in new_facts(sources):
        for id in fact["id"].split(";"):
            if fact["cells"] != IN_NOTES:
                before = listings.get(id) or {**words[id], **named(fact, sources)}
                listings[id] = with_fact(before, fact)
    return as_csv([{name: row.get(name, "") for name in NAMES} for row in listings.values()])


def notes(sources: Sources) -> dict[str, Row]:
    """Return what the notes and caveats say of each listing."""
    words = {row["id"]: row for row in sources.rows("practices", "notes")}
    for row in sources.rows("practices", "caveats"):
        words[row["id"]].update(row)
    return words


def new_facts(sources: Sources) -> list[Row]:
    """Return the usable facts that were found later."""
    return [row for row in sources.rows("practices", "later") if row["use"] == "yes"]


def named(fact: Mapping[str, str], sources: Sources) -> Row:
    """Say where a listing comes from that only a new fact names."""
    address = fact["source_url"]
    name = list_of(address, sources)
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


def with_looked_up(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return a table with the cells that the present file has from elsewhere (`field_sources`)."""
    said = {row["id"]: row for row in read(path) if row.get(COLUMN)} if path.exists() else {}
    rows = table.to_dict("records")
    for row in rows:
        found = said.get(row["id"], {})
        fields = read_cell(found.get(COLUMN, ""))
        kept = [name for name in NAMES if fields_of([name]) & fields.keys()]
        row.update({name: found[name] for name in (*kept, COLUMN) if name in found})
    return pd.DataFrame(rows, columns=list(NAMES), dtype="str")


def with_notes(table: pd.DataFrame, sources: Sources) -> pd.DataFrame:
    """Return listings with what a later fact adds to the notes of one that is no practice."""
    ids = {id for fact in new_facts(sources) for id in fact["id"].split(";")}
    added = {id: row["notes"] for id, row in notes(sources).items() if id in ids}
    more = [
        added.get(id, "") if source == sources.edition.source else ""
        for id, source in zip(table["id"], table["source"], strict=True)
    ]
    return table.assign(notes=(table["notes"] + " " + pd.Series(more, table.index)).str.strip())


def practice(row: Mapping[str, str], words: Mapping[str, str], sources: Sources) -> Row:
    """Turn one practice into a row; words for visitors come from its notes."""
    left_out = set(words["conditions_left_out"].split(";"))
    conditions = [id for id in row["conditions"].split(";") if id and id not in left_out]
    treatments = [*row["treatments"].split(";"), *words["treatments_added"].split(";")]
    cells = {**row, **words}
    ids = sources.practice("conditions")
    return {
        **{name: cells[name] for name in NAMES if name in cells},
        "category": sources.section("practices")["category"],
        "city": sources.proper(row["city"]),
        "treatments": ";".join(filter(None, treatments)),
        "conditions": ";".join(ids.get(id, id) for id in conditions),
        "source": source_of(row, sources),
        "source_url": "" if list_of(row["source_url"], sources) else row["source_url"],
        "source_date": date_of(row, sources),
    }


def source_of(row: Mapping[str, str], sources: Sources) -> str:
    """Name the source for people: the clinic's own pages, a public list, or the site's name."""
    host, own = site(row["source_url"]), site(row["website"])
    if host == own:
        return OWN_PAGES
    if copy := sources.practice("copies").get(host):
        return f"{OWN_PAGES} ({copy})"
    return list_of(row["source_url"], sources) or f"A page of {host}"


def list_of(url: str, sources: Sources) -> str:
    """Return what a list is called that is kept among program code; "" for any other page."""
    path = urlsplit(url).path if site(url) == "github.com" else ""
    return sources.practice("lists").get(path.strip("/").split("/")[0], "")


def date_of(row: Mapping[str, str], sources: Sources) -> str:
    """Return the date of the named source: a year alone is that of the public list."""
    is_its_own = is_full(row["source_date"]) or list_of(row["source_url"], sources)
    return row["source_date"] if is_its_own else ""


def is_full(date: str) -> bool:
    """Return True for a whole day."""
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", date) is not None


def site(url: str) -> str:
    """Return the host of an address without "www."."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def as_csv(rows: list[Row]) -> bytes:
    """Write rows as the bytes of a CSV file; nothing without any."""
    text = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(text, tuple(rows[0]), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue().encode()


if __name__ == "__main__":
    main()

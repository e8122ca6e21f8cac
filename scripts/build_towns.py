"""Make `towns.csv` of the data folder: its main towns, and every town with a listing.

Which are main stands in the file itself and is kept; listings are those of `sources/`, or of
`clinics.csv` in a folder without sources. A town's center is the median latitude and the median
longitude of its STANDARD ZIPs, which one outlying ZIP cannot pull away as it would a mean; without
any, of its other ZIPs. `sources/build.toml` has the exceptions. Must not know how towns are
searched or shown.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import zipcodes

from clinics.domain.words import slug
from scripts.sources import Sources, load_sources, shown

ZipRow = dict[str, Any]
"""A ZIP as the ZIP table describes it: zip_code, zip_code_type, city, county, lat, long, ..."""
Town = tuple[str, str]
"""Name and state."""

COLUMNS = ("name", "state", "county", "latitude", "longitude", "zips", "main")


class Found(NamedTuple):
    """The ZIPs of a town, and how they were found."""

    zips: list[ZipRow]
    how: str


def main(folder: Path | None = None) -> None:
    """Write the towns and print whatever is odd about them."""
    sources, table = load_sources(folder or shown()), usable_zips()
    listed = listed_towns(sources)
    rows = build(listed, table, sources)
    with (sources.folder / "towns.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"towns.csv: {len(rows)} towns")
    for town, oddity in oddities(rows, listed, table, sources):
        print(f"  {town:28} {oddity}")


def main_towns(sources: Sources) -> set[Town]:
    """Return the towns that are marked as main."""
    return {(town.name, town.state) for town in sources.towns if town.main}


def listed_towns(sources: Sources) -> dict[Town, set[str]]:
    """Collect the main towns and those of listings, each with the ZIPs its listings give.

    Two spellings with one page are one town, spelled as the main town is or as it came first.
    """
    towns: dict[Town, set[str]] = {town: set() for town in main_towns(sources)}
    spelled = {(slug(name), state): (name, state) for name, state in towns}
    for row in sources.listed():
        name, state = sources.proper(row["city"]), row["state"].upper()
        town = spelled.setdefault((slug(name), state), (name, state))
        towns.setdefault(town, set()).update(filter(None, [row["zip"][:5]]))
    return towns


def center_zip(town: Town, sources: Sources) -> str:
    """Return the ZIP that a town has its center from, where that is an exception."""
    found: str = sources.section("towns").get("centers", {}).get(", ".join(town), "")
    return found


def usable_zips() -> list[ZipRow]:
    """List the ZIPs in use that have a position; 0, 0 stands for none."""
    return [
        row
        for row in zipcodes.list_all()  # type: ignore[no-untyped-call]
        if row["active"] and row["lat"] and float(row["lat"]) and float(row["long"])
    ]


def build(
    listed: dict[Town, set[str]], table: list[ZipRow], sources: Sources
) -> list[dict[str, str]]:
    """Describe each listed town as a row of the file, by state and then name."""
    by_state: dict[str, list[ZipRow]] = defaultdict(list)
    for row in table:
        by_state[row["state"]].append(row)
    ordered = sorted(listed, key=lambda town: (town[1], town[0]))
    main = main_towns(sources)
    return [
        town_row(town, listed[town], by_state[town[1]], center_zip(town, sources))
        | {"main": "yes" if town in main else ""}
        for town in ordered
    ]


def town_row(
    town: Town, listed_zips: set[str], table: list[ZipRow], center_zip: str = ""
) -> dict[str, str]:
    """Describe one town from the ZIPs of its state."""
    found = find_zips(town, listed_zips, table)
    center = [row for row in table if row["zip_code"] == center_zip] or found.zips
    known = listed_zips & {row["zip_code"] for row in table}
    return {
        "name": town[0],
        "state": town[1],
        "county": county_of(found.zips),
        "latitude": f"{median(float(row['lat']) for row in center):.4f}",
        "longitude": f"{median(float(row['long']) for row in center):.4f}",
        "zips": ";".join(sorted(known | {row["zip_code"] for row in found.zips})),
    }


def find_zips(town: Town, listed_zips: set[str], table: list[ZipRow]) -> Found:
    """Find a town's ZIPs by its name, by another name the post office accepts, or by its listings.

    Stops with a sentence when none of the three finds any.
    """
    name = town[0].casefold()
    ways = {
        "by name": [row for row in table if row["city"].casefold() == name],
        "by another accepted name": [row for row in table if name in accepted_names(row)],
        "by the ZIPs of its listings": [row for row in table if row["zip_code"] in listed_zips],
    }
    for how, rows in ways.items():
        if rows:
            standard = [row for row in rows if row["zip_code_type"] == "STANDARD"]
            return Found(standard or rows, how)
    raise SystemExit(f"{', '.join(town)} needs a ZIP we know; its listings give {listed_zips}.")


def accepted_names(row: ZipRow) -> set[str]:
    """List the other town names accepted for a ZIP, in lower case."""
    return {name.casefold() for name in row["acceptable_cities"]}


def county_of(rows: Iterable[ZipRow]) -> str:
    """Name the county most of the ZIPs lie in, as "Baltimore city" or "Montgomery County"."""
    counts = Counter(re.sub(r" City$", " city", row["county"]) for row in rows)
    return min(counts, key=lambda county: (-counts[county], county))


def counties_in(rows: Iterable[ZipRow]) -> str:
    """Count ZIPs by county, as "3 Howard County, 1 Carroll County"."""
    counts = Counter(county_of([row]) for row in rows)
    return ", ".join(f"{count} {county}" for county, count in counts.most_common())


def oddities(
    rows: list[dict[str, str]], listed: dict[Town, set[str]], table: list[ZipRow], sources: Sources
) -> Iterator[tuple[str, str]]:
    """Yield each town that a person should look at, and why."""
    known = {row["zip_code"]: row for row in table}
    for row in rows:
        town = (row["name"], row["state"])
        label = ", ".join(town)
        mine = [known[code] for code in row["zips"].split(";")]
        yield from ((label, text) for text in odd_zips(town, listed[town], known))
        if len({county_of([each]) for each in mine}) > 1:
            yield label, f"lies in several counties: {counties_in(mine)}"
        if center := center_zip(town, sources):
            yield label, f"takes its center from ZIP {center} alone"
        if row["state"] not in sources.states:
            yield label, "is in no state of [service_area] in site.toml"
    yield from double_spellings(listed)


def odd_zips(town: Town, listed_zips: set[str], known: dict[str, ZipRow]) -> Iterator[str]:
    """Yield what is odd about how a town's ZIPs were found and what its listings give."""
    state = [row for row in known.values() if row["state"] == town[1]]
    found = find_zips(town, listed_zips, state)
    if found.how != "by name":
        yield f"found {found.how}"
    if found.zips[0]["zip_code_type"] != "STANDARD":
        yield f"has only ZIPs of type {found.zips[0]['zip_code_type']}"
    for code in sorted(listed_zips - {row["zip_code"] for row in found.zips}):
        there = known.get(code)
        where = f"{there['city']}, {there['zip_code_type']}" if there else "not a ZIP we know"
        yield f"has a listing in {code} ({where})"


def double_spellings(listed: Iterable[Town]) -> Iterator[tuple[str, str]]:
    """Yield towns that the sources spell in more than one way."""
    spellings: dict[Town, list[str]] = defaultdict(list)
    for name, state in sorted(listed):
        spellings[re.sub(r"\W", "", name).casefold(), state].append(name)
    for (_, state), names in spellings.items():
        if len(names) > 1:
            yield f"{names[0]}, {state}", f"is also spelled {', '.join(names[1:])}"


if __name__ == "__main__":
    main()

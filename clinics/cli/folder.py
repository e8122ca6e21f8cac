"""The commands on a data folder as a whole: make a new one, and say all that is wrong with one."""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean, median
from string import Template
from typing import Any

from clinics.across_files import odd, odd_words, without_a_page
from clinics.cli.desk import NO, OK, USAGE, Commands, Stop
from clinics.directory import (
    BrokenDataset,
    Directory,
    languages_of,
    left_out,
    load_directory,
)
from clinics.domain.columns import BY_NAME, NAMES
from clinics.domain.csv_text import safe_csv_text
from clinics.domain.data_files import read_table
from clinics.domain.kinds import STATES
from clinics.domain.language import missing
from clinics.domain.translations import missing_words
from clinics.domain.vocabulary import load_vocabulary
from clinics.domain.words import capital, counted, slug
from clinics.explainer.check import RECHECK_DAYS
from clinics.explainer.files import broken_topics
from clinics.places.zips import fold, state_code, written, zip_table

COMMANDS = ("new-site", "check-site")
EXAMPLES = Path(__file__).parent / "new_site_files"
CLINICS_A_TOWN = 3
_TOWN = ("name", "state", "county", "latitude", "longitude", "zips", "main")
_ZONES = (
    (-85.5, "America/New_York"),
    (-101.5, "America/Chicago"),
    (-114.5, "America/Denver"),
    (-125.0, "America/Los_Angeles"),
    (-154.0, "America/Anchorage"),
    (-180.0, "Pacific/Honolulu"),
)
"""Time zones of the country by where they end in the west, roughly: a keeper is told to check."""

_PLAIN = re.compile(r"[\w -]+")

Row = dict[str, str]


def add_parsers(commands: Commands[Any]) -> None:
    """Add the commands to the others."""
    says = "say all that is missing, wrong or odd in a data folder"
    one = commands.add_parser("check-site", help=says, description=f"{says.capitalize()}.")
    one.add_argument("folder", metavar="FOLDER", type=Path, help="the folder, such as data")
    says = "make a small data folder for another state or therapy; asks for what is not given"
    new = commands.add_parser("new-site", help=says, description=f"{says.capitalize()}.")
    new.add_argument("folder", metavar="FOLDER", type=Path, help="a folder that is not there yet")
    new.add_argument("--state", help="its name or postal code")
    new.add_argument("--town", action="append", help="a town of it; may be repeated")
    new.add_argument("--therapy", help="as it is written inside a sentence")


def run(options: argparse.Namespace) -> int:
    """Run one of the commands and return its exit code."""
    return _new(options) if options.command == "new-site" else _check(options.folder)


def _check(folder: Path) -> int:
    if not folder.is_dir():
        raise Stop(f"{folder} is not a folder.", USAGE)
    log = logging.getLogger("clinics")
    level = log.level
    log.setLevel(logging.ERROR)  # what it would log is a note here
    try:
        directory = load_directory(folder)
        found = [("note", sentence) for sentence in _notes(folder, directory)]
    except BrokenDataset as problem:
        found = [("error", sentence) for sentence in problem.faults]
        found += [("note", sentence) for sentence in left_out(folder, broken_topics(folder))]
        if problem.unread:
            found.append(("note", f"Not checked before these are mended: {problem.unread}."))
    finally:
        log.setLevel(level)
    for severity, sentence in found:
        print(f"{severity} {sentence}")
    errors = sum(severity == "error" for severity, _ in found)
    print(f"{counted(errors, 'error')}, {counted(len(found) - errors, 'note')} in {folder}")
    return NO if errors else OK


def _notes(folder: Path, directory: Directory) -> Iterator[str]:
    yield from left_out(folder, directory.explainer.left_out)
    for language in languages_of(folder):
        yield from missing_words(folder, language)
        lacks = missing(language)
        if lacks:
            yield f"The language “{language}” lacks the sentences {', '.join(lacks)}."
    yield from odd(directory.site, directory.towns, directory.explainer)
    yield from odd_words(directory.vocabulary)
    table = directory.dataset.table
    yield from without_a_page(directory.towns, zip(table["city"], table["state"], strict=True))


def _new(options: argparse.Namespace) -> int:
    folder: Path = options.folder
    if folder.exists():
        raise Stop(f"{folder} is there already; name a folder that is not.", USAGE)
    state = options.state or _asked("Which state (its name or postal code)?")
    code = state_code(state)
    if not code:
        raise Stop(f"There is no state “{state}”.", USAGE)
    names = options.town or _asked("Which towns, the main ones first (with commas)?").split(",")
    found = [_town(" ".join(name.split()), code) for name in names if name.strip()]
    towns = list({fold(town["name"]): town for town in found}.values())
    therapy = (options.therapy or _asked("Which therapy, as inside a sentence?")).strip()
    if not (towns and slug(therapy) and _PLAIN.fullmatch(therapy)):
        raise Stop("It needs a town, and a therapy in letters, digits, spaces and hyphens.", USAGE)
    _write(folder, code, towns, therapy)
    print(f"{folder} has a small directory; its clinics are made up and say so. To see it:\n")
    print(f"CLINICS_DATA_DIR={shlex.quote(str(folder.resolve()))} streamlit run app.py\n")
    print("docs/another-state.md says what to put in the place of the examples, and in what order.")
    return _check(folder)


def _asked(question: str) -> str:
    """Ask whoever sits at the terminal; elsewhere say what to give."""
    if not sys.stdin.isatty():
        raise Stop("It needs --state, --town and --therapy where nobody can be asked.", USAGE)
    return input(f"{question} ")


def _town(name: str, code: str) -> Row:
    """Return a town as a row of `towns.csv`, from the table of ZIP codes."""
    table = zip_table()
    found = table.cities.get(fold(name), {}).get(code)
    if found is None:
        raise Stop(f"The table of ZIP codes has no “{name}” in {STATES[code]}.", USAGE)
    rows = [table.rows[zip] for zip in found[1]]
    rows = [row for row in rows if row.delivers] or rows
    official = written(found[0])
    as_typed = name.casefold() == official.casefold() and not (name.islower() or name.isupper())
    return {
        "name": name if as_typed else official,
        "state": code,
        "county": rows[0].county,
        "latitude": f"{median(row.lat for row in rows):.4f}",
        "longitude": f"{median(row.lon for row in rows):.4f}",
        "zips": ";".join(found[1]),
        "main": "yes",
    }


def _write(folder: Path, code: str, towns: Sequence[Row], therapy: str) -> None:
    today = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)  # has come everywhere
    latitude, longitude = (fmean(float(t[name]) for t in towns) for name in _TOWN[3:5])
    words = {
        "State": STATES[code],
        "code": code,
        "therapy": therapy,
        "Therapy": capital(therapy),
        "id": slug(therapy),
        "today": f"{today}",
        "recheck": f"{today + dt.timedelta(days=RECHECK_DAYS)}",
        "zone": next(zone for west, zone in _ZONES if longitude > west),
        "latitude": f"{latitude:.2f}",
        "longitude": f"{longitude:.2f}",
    }
    for path in EXAMPLES.rglob("*.*"):
        to = folder / path.relative_to(EXAMPLES)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(Template(path.read_text(encoding="utf-8")).substitute(words), "utf-8")
    for name in ("categories.csv", "treatments.csv"):
        _write_once(folder / name)
    _write_rows(folder / "towns.csv", _TOWN, towns)
    _write_codes(folder)
    _write_rows(folder / "clinics.csv", NAMES, _clinics(towns, words["id"]))


def _write_once(path: Path) -> None:
    """Keep the first row of each id: a therapy may be called as one of the other examples."""
    rows = {row["id"]: row for _, row in reversed([*read_table(path)])}
    _write_rows(path, tuple(next(iter(rows.values()))), [*reversed(rows.values())])


def _write_codes(folder: Path) -> None:
    """Keep those codes of the federal directory that its option tables have a value for."""
    vocabulary, path = load_vocabulary(folder), folder / "federal_codes.csv"
    rows = [
        row
        for _, row in read_table(path)
        if not BY_NAME[row["column"]].is_choice or row["value"] in vocabulary.ids(row["column"])
    ]
    _write_rows(path, tuple(rows[0]), rows)


def _clinics(towns: Sequence[Row], treatment: str) -> Iterator[Row]:
    """Yield made-up clinics, each of which says that it is one."""
    for number, town in enumerate(t for t in towns for _ in range(CLINICS_A_TOWN)):
        offers = number % CLINICS_A_TOWN < CLINICS_A_TOWN - 1
        name = f"Made-up Clinic {number + 1}"
        yield {
            **dict.fromkeys(NAMES, ""),
            "id": slug(name),
            "category": treatment if offers else "other-care",
            "name": name,
            "city": town["name"],
            "state": town["state"],
            "zip": town["zips"].split(";")[0],
            "phone": f"(800) 555-{100 + number % 100:04}",
            "conditions": "example-condition" if number % 2 == 0 else "",
            "treatments": treatment if offers else "talk-therapy",
            "known_by": "one-list",
            "source": "Made up as an example",
            "caveat": "This is an example and no real clinic.",
        }


def _write_rows(path: Path, columns: Sequence[str], rows: Iterator[Row] | Sequence[Row]) -> None:
    path.write_text(safe_csv_text([columns, *([row[c] for c in columns] for row in rows)]), "utf-8")

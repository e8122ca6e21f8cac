"""What `make data` makes a data folder from: `sources/build.toml` of it, and the lists it names.

The folder is the one that CLINICS_DATA_DIR names; its states are those of `site.toml`.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from clinics.domain.model import Town
from clinics.domain.site import Edition, load_site
from clinics.domain.vocabulary import load_towns
from clinics.intake.federal import WITHHELD
from clinics.settings import read_settings

Row = dict[str, str]
_SECTIONS = ("gathered", "listings", "federal", "practices", "towns", "outlines")


@dataclass(frozen=True)
class Sources:
    """A data folder and what its `sources/build.toml` says; without that file, nothing."""

    folder: Path
    said: Mapping[str, Any]

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the directory, by postal code."""
        area = load_site(self.folder).service_area
        return area.states if area else tuple(sorted({town.state for town in self.towns}))

    @property
    def outlined(self) -> tuple[str, ...]:
        """The states whose counties are drawn as ours."""
        return tuple(self.section("outlines").get("states") or self.states)

    @property
    def towns(self) -> tuple[Town, ...]:
        """The towns that `towns.csv` has already."""
        return load_towns(self.folder)

    @property
    def gathered(self) -> dt.date:
        """The day after which no date of a source may be."""
        day = self.said.get("gathered")
        return day if isinstance(day, dt.date) else dt.datetime.now(dt.UTC).date()

    @property
    def edition(self) -> Edition:
        """What the federal list is called in its listings."""
        said = {f.name: "" for f in fields(Edition)} | dict(self.section("federal"))
        said.pop("file", None)
        return Edition(**{name: str(value) for name, value in said.items()})

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section, or an empty one."""
        found: Mapping[str, Any] = self.said.get(name, {})
        return found

    def practice(self, kind: str) -> Mapping[str, str]:
        """Return one of the tables of words under `[practices]`."""
        found: Mapping[str, str] = self.section("practices").get(kind, {})
        return found

    def proper(self, name: str) -> str:
        """Write a town's name with capitals: "MCLEAN" and "Mclean" become "McLean"."""
        name = name.strip()
        if name.isupper() or name.islower():
            name = name.title()
        name = re.sub(r"\bMc([a-z])", lambda found: "Mc" + found[1].upper(), name)
        spelled: str = self.section("towns").get("spellings", {}).get(name, name)
        return spelled

    def practices(self) -> list[Row]:
        """Return the practices that may be listed."""
        return [row for row in self.rows("practices", "listings") if row["use"] == "yes"]

    def federal(self) -> list[Row]:
        """Return the facilities of these states that do not withhold their address."""
        rows = self.rows("federal", "file")
        return self._spelled(
            row
            for row in rows
            if row["state"].upper() in self.states and row["street1"] != WITHHELD
        )

    def own(self) -> list[Row]:
        """Return the listings of lists in our own columns."""
        names = self.said.get("listings", [])
        return self._spelled(row for name in names for row in read(self.folder / "sources" / name))

    def _later(self) -> Iterator[Row]:
        """Yield the towns that facts found later name, of listings that are nowhere else."""
        for fact in self.rows("practices", "later"):
            cells = dict(pair.split("=", 1) for pair in fact["cells"].split("|") if "=" in pair)
            if fact["use"] == "yes" and cells.keys() >= {"city", "state"}:
                yield {"zip": "", **cells}

    def _spelled(self, rows: Iterable[Row]) -> list[Row]:
        return [{**row, "city": self.proper(row["city"])} for row in rows]

    def rows(self, section: str, name: str) -> list[Row]:
        """Return the rows of the file that a section names; none without it."""
        file = self.section(section).get(name)
        return read(self.folder / "sources" / file) if file else []

    def listed(self) -> Iterator[Row]:
        """Yield whatever may become a listing; without sources, the listings there are."""
        if self.said:
            yield from (*self.practices(), *self.own(), *self.federal(), *self._later())
        else:
            yield from read(self.folder / "clinics.csv")


def shown() -> Path:
    """Return the data folder that is built."""
    return read_settings(os.environ).data_dir


def load_sources(folder: Path) -> Sources:
    """Read what a folder is made from; ends with a sentence where that cannot be understood."""
    path = folder / "sources" / "build.toml"
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError as problem:
        raise SystemExit(f"{path} cannot be read: {problem}.") from problem
    for name in said:
        if name not in _SECTIONS:
            raise SystemExit(f"{path} can have {', '.join(_SECTIONS)}, not “{name}”.")
    return Sources(folder, said)


def read(path: Path) -> list[Row]:
    """Read a list; what a download has above its header is passed over."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except OSError as problem:
        raise SystemExit(f"{path} cannot be read; sources/build.toml names it.") from problem
    while lines and not _cells(lines[0]) & {"id", "city", "service_code"}:
        lines.pop(0)
    return [
        {key.lower(): (value or "").strip() for key, value in row.items() if key}
        for row in csv.DictReader(lines)
    ]


def _cells(line: str) -> set[str]:
    return {cell.strip().lower() for cell in next(csv.reader([line]), [])}

"""What people call a place that is no town: `data/places.csv`, if any."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from clinics.domain.data_files import DataFileError, one_of, point, read_rows, several
from clinics.domain.model import Point


class NameKind(StrEnum):
    """What a name of `places.csv` is the name of.

    A nickname is another name of a whole town or county. A ZIP is there for its point alone, where
    the table of all ZIPs is wrong.
    """

    NEIGHBORHOOD = "neighborhood"
    HOSPITAL = "hospital"
    CAMPUS = "campus"
    AIRPORT = "airport"
    STATION = "station"
    SITE = "site"
    NICKNAME = "nickname"
    ZIP = "zip"


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A name, other names of the same, its town ("Baltimore, MD"), and its ZIP or its point.

    A ZIP that is named here is one whose own center is right even if no mail carrier goes there.
    """

    name: str
    kind: NameKind
    town: str
    source: str
    also: tuple[str, ...] = ()
    zip: str = ""
    point: Point | None = None

    @property
    def label(self) -> str:
        """The place as it is written: "Canton, Baltimore, MD", "Downtown Columbia, MD"."""
        town = self.town.removesuffix(f", {self.state}")
        return f"{self.name}, {self.state if town in self.name else self.town}"

    @property
    def state(self) -> str:
        """The postal code of its state."""
        return self.town[-2:]


def load_places(folder: Path) -> tuple[NamedPlace, ...]:
    """Read `places.csv` of `folder`, none without it; raises DataFileError naming file and row."""
    path = folder / "places.csv"
    if not path.is_file():
        return ()
    found: dict[str, NamedPlace] = {}
    for number, place in read_rows(path, _place):
        if place.label in found:
            raise DataFileError(f"{path.name}, row {number}: “{place.label}” is there twice.")
        found[place.label] = place
    return tuple(found.values())


def _place(row: dict[str, str]) -> NamedPlace:
    for column in ("name", "town", "source"):
        if not row[column]:
            raise ValueError(f"it needs a {column}.")
    name, comma, state = row["town"].rpartition(", ")
    if not (name and comma and len(state) == 2):
        raise ValueError(f"the town “{row['town']}” needs its state, as in “Springfield, IL”.")
    kind = NameKind(one_of(row, "kind", [*NameKind]))
    degrees = [cell for cell in (row["latitude"], row["longitude"]) if cell]
    if len(degrees) == 1:
        raise ValueError("it needs both latitude and longitude, or neither.")
    if kind is NameKind.ZIP and not (degrees and row["zip"]):
        raise ValueError("a ZIP needs its five digits, latitude and longitude.")
    return NamedPlace(
        name=row["name"],
        kind=kind,
        town=row["town"],
        source=row["source"],
        also=several(row["also"]),
        zip=row["zip"],
        point=point(row) if degrees else None,
    )

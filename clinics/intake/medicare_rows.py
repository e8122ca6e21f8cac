"""Reads who billed Medicare for visits with Spravato: people at doors, of one year.

Their number is no measure of a clinic and is never published; that a door is not among them says
nothing of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinics.domain.columns import BY_NAME, SEPARATOR
from clinics.domain.kinds import CellProblem
from clinics.domain.sources import Listing, Record
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import counted, joined
from clinics.intake.duplicates import door
from clinics.intake.npi_rows import titled

PAGE = (
    "https://data.cms.gov/provider-summary-by-type-of-service/"
    "medicare-physician-other-practitioners/"
    "medicare-physician-other-practitioners-by-provider-and-service"
)
TREATMENT = "esketamine"
ORGANIZATION = "O"
Row = Mapping[str, str]

_FITTING = frozenset(
    "2084P0800X 261QM0850X 261QM0801X 261QM0855X 363LP0808X 207L00000X 208VP0014X 208VP0000X"
    .split()
)  # fmt: skip
"""What the registry calls psychiatry, mental health clinics, anesthesiology and pain medicine."""


@dataclass(frozen=True)
class MedicareReader:
    """Turns the rows of a year into records."""

    vocabulary: Vocabulary
    year: int

    def read(
        self, rows: Sequence[Row], listings: Sequence[Listing]
    ) -> tuple[list[Record], list[Door]]:
        """Return what is to be asked of listings, and the doors where there is none.

        Where a listing at a door says so already, nothing is asked; nor where the data folder has
        no such treatment.
        """
        records, unlisted = list[Record](), list[Door]()
        if TREATMENT not in self.vocabulary.ids("treatments"):
            return records, unlisted
        at_door: dict[str, list[Listing]] = {}
        for listing in listings:
            at_door.setdefault(_door_of(listing), []).append(listing)
        for one in self._doors(rows):
            here = at_door.get(one.key)
            if not here:
                unlisted.append(one)
            elif not any(TREATMENT in listing["treatments"].split(SEPARATOR) for listing in here):
                records.append(one.record(here))
        return records, unlisted

    def _doors(self, rows: Sequence[Row]) -> list[Door]:
        """Return the rows door by door; one that has no door is left out."""
        groups: dict[str, list[Row]] = {}
        for row in rows:
            key = door(row["Rndrng_Prvdr_St1"], row["Rndrng_Prvdr_Zip5"])
            if key and self._cell("npi", row["Rndrng_NPI"]):
                groups.setdefault(key, []).append(row)
        found = (
            Door(key, self._place(group[0]), tuple(group), self.year, self.vocabulary.main_category)
            for key, group in groups.items()
        )
        return [one for one in found if one.cells["zip"] and one.cells["city"]]

    def _place(self, row: Row) -> dict[str, str]:
        lines = (titled(row[f"Rndrng_Prvdr_{name}"]) for name in ("St1", "St2"))
        return {
            "address": self._cell("address", ", ".join(filter(None, lines))),
            "city": self._cell("city", titled(row["Rndrng_Prvdr_City"])),
            "state": row["Rndrng_Prvdr_State_Abrvtn"],
            "zip": self._cell("zip", row["Rndrng_Prvdr_Zip5"]),
        }

    def _cell(self, name: str, text: str) -> str:
        try:
            return BY_NAME[name].parse(text, self.vocabulary) if text else ""
        except CellProblem:
            return ""


@dataclass(frozen=True, slots=True)
class Door:
    """Where people who billed work, with their rows."""

    key: str
    cells: Listing
    rows: tuple[Row, ...]
    year: int
    category: str

    @property
    def question(self) -> Mapping[str, str]:
        """Return what asks the provider registry for the practice at this door."""
        for row in self.rows:
            if row["Rndrng_Prvdr_Ent_Cd"] == ORGANIZATION:
                return {"number": row["Rndrng_NPI"]}
        return {
            "enumeration_type": "NPI-2",
            "postal_code": self.cells["zip"],
            "state": self.cells["state"],
            "address_purpose": "LOCATION",
        }

    def record(self, here: Sequence[Listing]) -> Record:
        """Return what is said of the listing with the NPI of one who billed, or asked of all."""
        numbers = {row["Rndrng_NPI"] for row in self.rows}
        about = [listing["id"] for listing in here if listing["npi"] in numbers]
        is_sure = len(about) == 1
        return self._record(
            {**self.cells, "name": self._people},
            self._evidence,
            about=about[0] if is_sure else "",
            why="its NPI and its street address" if is_sure else "",
            of_people=True,
        )

    def practice(self, found: Iterable[Record], rows: Sequence[Mapping[str, Any]]) -> Record | None:
        """Return the practice here as a new listing, if the registry has exactly one."""
        there = [record for record in found if _door_of(record.cells) == self.key]
        if len(there) > 1:
            fitting = {str(row.get("number")) for row in rows if _is_fitting(row)}
            there = [record for record in there if record.id.partition("|")[0] in fitting]
        if len(there) != 1:
            return None
        name = [*there[0].also, there[0].cells["name"]][0]
        return self._record(
            {**there[0].cells, "name": name},
            f"{self._evidence} The practice's name is from the provider registry.",
            as_new={"category": self.category},
        )

    def _record(self, cells: Listing, evidence: str, **more: Any) -> Record:
        return Record(
            self.key,
            {**cells, "treatments": TREATMENT},
            PAGE,
            dt.date(self.year, 12, 31),
            evidence,
            adds_only=True,
            says=frozenset({"treatments"}),
            **more,
        )

    @property
    def _people(self) -> str:
        """Name who billed, three at most."""
        names = list(dict.fromkeys(map(_name, self.rows)))
        more = [f"{len(names) - 2:,} others"] if len(names) > 3 else []
        return joined([*names[: 2 if more else 3], *more], "and")

    @property
    def _evidence(self) -> str:
        patients = max(_count(row["Tot_Benes"]) for row in self.rows)
        visits = sum(_count(row["Tot_Srvcs"]) for row in self.rows)
        least = "at least " if len(self.rows) > 1 else ""
        return (
            f"Medicare {self.year}: {least}{counted(patients, 'patient')}, "
            f"{counted(visits, 'visit')} with Spravato, billed by {self._people} at "
            f"{self.cells['address'][:80]}, {self.cells['city'][:40]}."
        )


def _name(row: Row) -> str:
    first, last = row["Rndrng_Prvdr_First_Name"], row["Rndrng_Prvdr_Last_Org_Name"]
    return titled(f"{first} {last}"[:60]) or "somebody"


def _count(text: str) -> int:
    digits = text.partition(".")[0].replace(",", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else 0


def _is_fitting(row: Mapping[str, object]) -> bool:
    listed = row.get("taxonomies")
    tables = listed if isinstance(listed, list) else []
    return any(isinstance(one, dict) and str(one.get("code")) in _FITTING for one in tables)


def _door_of(cells: Listing) -> str:
    return door(cells.get("address", ""), cells.get("zip", "")) if cells.get("zip") else ""

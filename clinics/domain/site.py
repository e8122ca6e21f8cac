"""The area a directory is for, from `data/site.toml`: its states, and how far from its towns.

Owns the shape and the reading; must not know what is done about a clinic outside.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from clinics.domain.vocabulary import DataFileError, reason


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """States by postal code, and miles from the nearest town of `towns.csv`."""

    states: tuple[str, ...]
    miles_from_town: float

    @property
    def in_words(self) -> str:
        """Say what the area is: "MD, DC or VA, at most 30 miles from one of its towns"."""
        *most, last = self.states
        states = f"{', '.join(most)} or {last}" if most else last
        return f"{states}, at most {self.miles_from_town:g} miles from one of its towns"


def load_area(folder: Path) -> ServiceArea | None:
    """Read `[service_area]` of `site.toml`; None without it. Raises DataFileError."""
    path = folder / "site.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get("service_area")
        if found is None:
            return None
        states = tuple(str(state).upper() for state in found["states"])
        miles = float(found["miles_from_town"])
        if not states or not miles > 0:
            raise ValueError("the service area needs states, and miles above 0")
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise DataFileError(f"{path.name} cannot be used: {reason(problem)}.") from problem
    return ServiceArea(states, miles)

"""Versions of a made-up directory that tell themselves apart, and what a page of each must show.

Every name carries the
number of its edition, so a page with two of them is a mixed one.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from clinics.domain.columns import NAMES
from clinics.domain.model import Place
from clinics.places.find import find_place
from clinics.places.gazetteer import Gazetteer
from clinics.search.dataset import Dataset, Version
from clinics.search.query import Query
from clinics.search.search import search
from lab.benchmarks.made_up_clinics import DATA, TODAY, made_up, words
from lab.benchmarks.servers import NEAR, STATES
from lab.benchmarks.streamlit_client import Page

CLINICS = 250
LEFT_OUT = 10
"""Of so many clinics one is left out, another one in each edition: totals differ by edition."""

MILES = 25.0
_MARK = re.compile(rb"edition ([0-9]{4})")


@dataclass
class Editions:
    """All editions, with the totals of each condition in them; made once and kept."""

    table: pd.DataFrame = field(default_factory=lambda: made_up(CLINICS, "clustered", STATES).table)

    def __post_init__(self) -> None:
        self._totals = [self._counted(number) for number in range(LEFT_OUT)]
        everywhere = set.intersection(*map(set, self._totals))
        self.conditions = tuple(id for id in self._totals[0] if id in everywhere)

    def csv(self, number: int) -> bytes:
        """Return the file of an edition."""
        return self._of(number).to_csv(index=False).encode()

    def data_folder(self, folder: Path) -> Path:
        """Write a data folder whose own file is edition 0."""
        shutil.copytree(DATA, folder)
        (folder / "clinics.csv").write_bytes(self.csv(0))
        return folder

    def fault_of(self, page: Page, condition: str, newest_before: int) -> tuple[int, str]:
        """Return the edition that a page shows, and what is wrong with the page or ""."""
        if page.of_kind("exception"):
            return newest_before, "a page shows an error"
        whole = b"".join(element.SerializeToString() for element in page.elements.values())
        found = {int(number) for number in _MARK.findall(whole)}
        if len(found) != 1:
            return newest_before, f"a page shows the editions {sorted(found)} at once"
        (edition,) = found
        if edition < newest_before:
            return edition, f"a session went back from edition {newest_before} to {edition}"
        shown = str(page.data_of("headline")["count"]).split()[0]
        due = f"{self._totals[edition % LEFT_OUT][condition]:,}"
        return edition, "" if shown == due else f"a headline says {shown} where {due} are found"

    def _of(self, number: int) -> pd.DataFrame:
        kept = self.table[[n % LEFT_OUT != number % LEFT_OUT for n in range(len(self.table))]]
        return kept.assign(name=kept["name"] + f" edition {number:04}")

    def _counted(self, number: int) -> dict[str, int]:
        table = self._of(number)[list(NAMES)].reset_index(drop=True)
        dataset = Dataset(table, words(), Version("made-up", TODAY, len(table)))
        totals: dict[str, int] = {}
        for condition in words().ids("conditions"):
            query = Query(near=NEAR, condition=(condition,), within=MILES)
            totals[condition] = search(dataset, query, _home()).total
        return {condition: total for condition, total in totals.items() if total}


@cache
def _home() -> Place:
    place = find_place(NEAR, Gazetteer(()), None).place
    assert place is not None
    return place

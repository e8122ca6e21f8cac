"""Listings that have a street address but no exact position -> the same table with exact ones.

An address never gets into a sentence or a log.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import pandas as pd

from clinics.domain.model import Place, PlaceKind, Point, Precision
from clinics.domain.ports import (
    FoundAddress,
    GeocodedAddress,
    Geocoder,
    GeocodingUnavailable,
    PlaceError,
    PlaceNotUnderstood,
    StoreUnavailable,
)
from clinics.domain.words import plural
from clinics.places.distance import exact_miles
from clinics.places.find import plain_text
from clinics.places.gazetteer import Gazetteer
from clinics.places.reach import USUAL_MILES, zip_reach
from clinics.places.zips import in_united_states, state_code

TRIES = 2
"""One lost answer in a hundred is common and no reason to stop; two in a row are."""

COLUMNS = ("id", "name", "address", "city", "state", "zip", "latitude", "longitude",
           "location_precision")  # fmt: skip
"""All that a look-up reads; a table may have more."""


class Outcome(StrEnum):
    """What became of one address."""

    FOUND = "found"
    MISSING = "missing"
    REFUSED = "refused"


class KeptAnswers(Protocol):
    """Keeps what earlier look-ups gave; every Store does."""

    def address(self, key: str) -> FoundAddress | None:
        """Return what an earlier look-up gave, or None."""
        ...

    def remember_address(self, key: str, found: FoundAddress) -> None:
        """Keep what a look-up gave."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What one row's look-up gave; `row` is its place in the table, from 0.

    `sentence` says why the position stays approximate; it is empty for an address that was found.
    """

    row: int
    id: str
    name: str
    outcome: Outcome
    point: Point | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a look-up is; `name` is the clinic whose turn it is, "" at the end."""

    done: int
    total: int
    found: int
    missing: int
    refused: int
    name: str = ""


@dataclass(frozen=True)
class Located:
    """The table as it is after a look-up, finished or not.

    `missing` are unknown to the service, `refused` were found too far away; `left` is how many
    have not been looked up. `trouble` is why it stopped, "" when nothing stopped it.
    """

    table: pd.DataFrame
    found: tuple[Answer, ...]
    missing: tuple[Answer, ...]
    refused: tuple[Answer, ...]
    left: int
    trouble: str = ""

    @property
    def summary(self) -> str:
        """Say in one line what came of it."""
        total = len(self.found) + len(self.missing) + len(self.refused) + self.left
        if not total:
            return "Every listing with a street address has an exact position already."
        parts = [f"{len(self.found)} of {total} {plural(total, 'address', 'addresses')} found"]
        parts += [f"{len(self.missing)} not known to the address service"] if self.missing else []
        parts += [f"{len(self.refused)} found too far away"] if self.refused else []
        parts += [f"{self.left} not looked up yet"] if self.left else []
        return "; ".join(parts) + "."


class Lookup:
    """Look up, one after the other, the rows of a table that need it.

    Iterating gives a Progress before each question and one at the end. Whoever has enough stops
    iterating: what is done stays, and iterating again, or a new look-up of the same table with
    the same `kept`, goes on without asking anything twice. It never raises for a service that
    does not answer: it stops, and `trouble` says why. `table` needs the texts of COLUMNS.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        gazetteer: Gazetteer,
        geocoder: Geocoder | None,
        kept: KeptAnswers,
    ) -> None:
        self._table = table
        self._cells = table.loc[:, list(COLUMNS)]
        self._gazetteer = gazetteer
        self._geocoder = geocoder
        self._kept = kept
        self._rows = waiting(table)
        self._answers: list[Answer] = []
        self._counts: Counter[Outcome] = Counter()
        self.trouble = ""

    @property
    def total(self) -> int:
        """Return how many rows need a look-up."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Progress]:
        self.trouble = ""
        while len(self._answers) < self.total and not self.trouble:
            row = self._rows[len(self._answers)]
            cells = {str(name): str(cell) for name, cell in self._cells.iloc[row].items()}
            yield self._progress(cells["name"])
            try:
                answer = self._look_up(row, cells)
            except (GeocodingUnavailable, StoreUnavailable) as problem:
                self.trouble = self._stopped(problem)
            else:
                self._answers.append(answer)
                self._counts[answer.outcome] += 1
        yield self._progress("")

    def located(self) -> Located:
        """Return the table with what was found so far; the given table is not changed."""
        found, missing, refused = (
            tuple(answer for answer in self._answers if answer.outcome is outcome)
            for outcome in Outcome
        )
        points = {answer.row: answer.point for answer in found if answer.point}
        return Located(
            table=with_positions(self._table, points),
            found=found,
            missing=missing,
            refused=refused,
            left=self.total - len(self._answers),
            trouble=self.trouble,
        )

    def _progress(self, name: str) -> Progress:
        found, missing, refused = (self._counts[outcome] for outcome in Outcome)
        return Progress(len(self._answers), self.total, found, missing, refused, name)

    def _look_up(self, row: int, cells: dict[str, str]) -> Answer:
        line = street_line(cells)
        if not line:
            sentence = "It has no street that a map would know, such as a post-office box."
            return Answer(row, cells["id"], cells["name"], Outcome.MISSING, None, sentence)
        anchors = centers(cells, self._gazetteer)
        known = self._kept.address(address_key(line))
        if known is None:
            known = self._ask(line, cells["state"], anchors)
            self._kept.remember_address(address_key(line), known)
        sentence = _doubt(known.point, anchors)
        outcome = Outcome.REFUSED if known.point and sentence else Outcome.FOUND
        outcome = outcome if known.point else Outcome.MISSING
        return Answer(row, cells["id"], cells["name"], outcome, known.point, sentence)

    def _ask(self, line: str, state: str, anchors: tuple[Place, ...]) -> FoundAddress:
        """Return what to keep: no point for a street without its house, or in another state.

        Only the point is kept, so a point that is too far away is kept as it is, and judged anew
        each time; what only the answer's words give away is judged here, once.
        """
        found = self._answer(line)
        if found is None or not found.exact:
            return FoundAddress(None)
        told = self._state_of(found)
        agrees = told == state_code(state) if told else bool(anchors)
        far = bool(_doubt(found.point, anchors))
        return FoundAddress(found.point if agrees or far else None)

    def _answer(self, line: str) -> GeocodedAddress | None:
        if self._geocoder is None:
            raise GeocodingUnavailable("Street addresses are not looked up here.")
        for last in range(TRIES):
            try:
                return self._geocoder.locate(line)
            except GeocodingUnavailable:
                if last == TRIES - 1:
                    raise
            except PlaceError:
                break
        return None

    def _state_of(self, found: GeocodedAddress) -> str:
        told = state_code(found.label.rpartition(",")[2])
        known = self._gazetteer.zip(found.zip)
        return told or (self._gazetteer.town_of_zip(found.zip)[-2:] if known else "")

    def _stopped(self, problem: GeocodingUnavailable | StoreUnavailable) -> str:
        what = problem.what if isinstance(problem, GeocodingUnavailable) else str(problem)
        return (
            f"{what} {len(self._answers)} of {self.total} addresses are done. "
            "What was found is kept, and the look-up can go on from there later."
        )


def _doubt(point: Point | None, anchors: tuple[Place, ...]) -> str:
    """Say why a point is not taken; "" for one that is."""
    if point is None:
        return "The address service does not know this house in its state."
    if not in_united_states(point):
        return "The address service put it outside the United States."
    miles = [exact_miles(anchor.point, point.lat, point.lon) for anchor in anchors]
    believed = [_believed_miles(anchor) for anchor in anchors]
    if not miles or any(far <= most for far, most in zip(miles, believed, strict=True)):
        return ""
    return (
        f"The address service put it {miles[0]:,.0f} miles from {anchors[0].name}. "
        f"It needs to be within {believed[0]:g} miles."
    )


def _believed_miles(anchor: Place) -> float:
    """Return how far from the center of the row's ZIP, or else of its town, an answer may be."""
    return zip_reach(anchor.param) if anchor.kind is PlaceKind.ZIP else USUAL_MILES


def waiting(table: pd.DataFrame) -> list[int]:
    """Return the places, from 0, of rows with a street address but no exact position."""
    empty = (table["latitude"] == "") & (table["longitude"] == "")
    areas = [precision.value for precision in Precision if precision.is_approximate]
    rough = table["location_precision"].str.casefold().isin(areas)
    needed = (table["address"].str.strip() != "") & (empty | rough)
    return [place for place, needs in enumerate(needed.tolist()) if needs]


def centers(cells: Mapping[str, str], gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Return the centers of a row's ZIP and of its town, as far as they are known."""
    by_zip = gazetteer.zip(cells["zip"].partition("-")[0])
    towns = gazetteer.towns_named(cells["city"], state_code(cells["state"]))
    return tuple(place for place in (by_zip, towns[0] if len(towns) == 1 else None) if place)


def with_positions(table: pd.DataFrame, points: Mapping[int, Point]) -> pd.DataFrame:
    """Return a copy of the table with these exact positions by place, from 0."""
    new = table.copy()
    lat, lon = table["latitude"].tolist(), table["longitude"].tolist()
    precisions = table["location_precision"].tolist()
    for row, point in points.items():
        lat[row], lon[row] = _degrees(point.lat), _degrees(point.lon)
        precisions[row] = Precision.STREET.value
    new["latitude"], new["longitude"], new["location_precision"] = lat, lon, precisions
    return new


def _degrees(degrees: float) -> str:
    return f"{degrees:.6f}".rstrip("0").rstrip(".")


_UNIT = re.compile(
    r"(?:^|\s)(?:"
    r"(?:suites?|ste|units?|apt|apartment|rooms?|rm|bldg|building)\b\.?\s*#?\s*"
    r"(?:[a-z]{0,2}-?\d|[a-z]\b|[a-z]+-).*"
    r"|(?:\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|ground|top) (?:floor|fl)\b.*"
    r"|(?:floor|fl)\b\.? ?\d.*|#\s*\w+.*|(?:lower|upper) level\b.*"
    r")$",
    re.IGNORECASE,
)
"""A suite or a floor at the end of a part; most services find nothing when it is asked for."""

_POST_BOX = re.compile(r"\b(?:p\.? ?o\.? ?box|post office box)\b", re.IGNORECASE)


def street_line(cells: Mapping[str, str]) -> str:
    """Return "9470 Annapolis Road, Lanham, MD 20706" from a row's cells, without suite or floor.

    Return "" when there is nothing to ask for: no street, only a post-office box, or text that
    is no address. At most 200 characters.
    """
    street = _street(cells["address"])
    area = f"{cells['state']} {cells['zip']}".strip()
    try:
        return plain_text(", ".join(filter(None, (street, cells["city"], area)))) if street else ""
    except PlaceNotUnderstood:
        return ""


def address_key(line: str) -> str:
    """Return the SHA-256, in hex, under which the answer for a line is kept, whatever its case."""
    return hashlib.sha256(" ".join(line.casefold().split()).encode()).hexdigest()


def _street(address: str) -> str:
    """Return the part with the house number, "Seton Business Park, 4813 Seton Drive" its second."""
    bare = (_UNIT.sub("", part.strip()).strip() for part in address.split(","))
    parts = [part for part in bare if part and not _POST_BOX.search(part)]
    return next((part for part in parts if part[0].isdigit()), parts[0] if parts else "")

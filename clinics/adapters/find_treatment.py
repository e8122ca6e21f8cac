"""FindTreatment.gov: the federal list of mental health facilities, as of today.

Built to the official guide; no answer is believed whose rows are not those of the state that was
asked for. Must not yield a row of a state before the whole of its list is there and was checked.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from clinics.adapters.polite_web import PoliteWeb
from clinics.domain.model import Point
from clinics.domain.ports import LinkRefused
from clinics.domain.sources import (
    Listing,
    Record,
    Said,
    SourceRefused,
    Tell,
    WholeList,
    is_of_list,
    shape,
)

ADDRESS = "https://findtreatment.gov/locator"
PAGE_SIZE = 150
MOST_PAGES = 20
MOST_STRANGE = 0.02
"""The share of rows that may be of elsewhere before nothing of the list is believed."""

LEAST_OF_OURS = 0.5
"""A list shorter than this share of what we have from it is not the whole list."""

KEYS = frozenset(
    "_irow name1 name2 street1 street2 city state zip phone intake1 hotline1 website latitude "
    "longitude miles services typeFacility".split()
)
Row = Mapping[str, Any]


class FindTreatment:
    """A Source; `read` turns the rows of a state into records.

    `numbers` are those that the service itself gives to states, `lists` the categories that its
    list is the list of, and `is_in` tells whether a point can be in a state.
    """

    id = "findtreatment"
    label = "FindTreatment.gov"
    is_list = True
    page = "https://findtreatment.gov/"

    def __init__(
        self,
        address: str,
        web: Callable[[], PoliteWeb],
        states: Sequence[str],
        numbers: Mapping[str, str],
        lists: frozenset[str],
        center: Point,
        is_near: Callable[[Point], bool],
        is_in: Callable[[Point, str], bool],
        read: Callable[[Sequence[Row], dt.date], tuple[list[Record], str]],
        today: Callable[[], dt.date],
    ) -> None:
        self._address = address.rstrip("/")
        self._web = web
        self._states = tuple(state for state in states if state in numbers)
        self._numbers = numbers
        self.lists = lists
        self._center = center
        self._is_near = is_near
        self._is_in = is_in
        self._read = read
        self._today = today

    @property
    def sends(self) -> str:
        """Say what is sent where."""
        states = ", ".join(self._states)
        return (
            f"It asks {self._address} for its list of mental health facilities in {states}. "
            "Nothing of this directory or its visitors is sent."
        )

    def look(self, listings: Sequence[Listing], progress: Tell) -> Iterator[Said]:
        """Yield the list of each state whole; raises SourceRefused at the first that is not."""
        self._need_numbers()
        web = self._web()
        for number, state in enumerate(self._states):
            progress(number / len(self._states), f"{self.label}: {state}")
            rows = self._rows(web, state)
            good = self._checked(rows, state, _ours(self.lists, listings, state))
            records, remark = self._read(good, self._today())
            yield from map(self._new_only_near, records)
            yield WholeList(state, remark)
        progress(1.0, self.label)

    def probe(self) -> str:
        """Ask for one row, and say how its shape differs from the one this was built to."""
        self._need_numbers()
        found = self._page(self._web(), self._states[0], 1, 1)
        rows = found["rows"]
        row = rows[0] if rows else {}
        # A place may give no services; where it does they are read in their tables.
        needed = KEYS | {"services.f2", "services.f3"} if row.get("services") else KEYS
        return f"{found.get('recordCount')} rows in {self._states[0]}. {shape(row, needed)}"

    def _need_numbers(self) -> None:
        if not self._states:
            raise SourceRefused(
                f"{self.label} is asked by the numbers it gives to states, and "
                "sources/findtreatment_states.csv has none for a state of this directory."
            )

    def _rows(self, web: PoliteWeb, state: str) -> list[Row]:
        """Return every row of a state; a list that is not whole is refused."""
        first = self._page(web, state, 1, PAGE_SIZE)
        pages, count = _whole(first, "totalPages"), _whole(first, "recordCount")
        if pages < 0 or count < 0:
            raise self._refused("a list that does not say how long it is")
        if pages > MOST_PAGES:
            raise self._refused(f"{pages:,} pages for {state}, which is too many to be its list")
        rows = list(first["rows"])
        for page in range(2, pages + 1):
            rows += self._page(web, state, page, PAGE_SIZE)["rows"]
        if len(rows) != count:
            raise self._refused(f"{len(rows):,} of the {count:,} facilities it counts in {state}")
        return rows

    def _page(self, web: PoliteWeb, state: str, page: int, size: int) -> dict[str, Any]:
        asked = {
            # In this order: with the longitude first the service answers with rows of elsewhere.
            "sAddr": f"{self._center.lat:.4f},{self._center.lon:.4f}",
            "limitType": 0,
            "limitValue": self._numbers[state],
            "sType": "mh",
            "pageSize": size,
            "page": page,
            "sort": 2,
        }
        try:
            answer = web.get(f"{self._address}/exportsAsJson/v2?{urlencode(asked, safe=',')}")
        except LinkRefused as refused:
            raise SourceRefused(f"{self.label}: {refused.what}") from refused
        try:
            found = json.loads(answer.data)
        except (ValueError, RecursionError):
            found = None
        rows = found.get("rows") if isinstance(found, dict) else None
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return dict(found)
        raise self._refused("something that is no list of facilities")

    def _checked(self, rows: Sequence[Row], state: str, ours: int) -> list[Row]:
        """Return the rows of the state; raises SourceRefused where too many are of elsewhere."""
        good = [row for row in rows if self._is_of(row, state)]
        if len(rows) - len(good) > MOST_STRANGE * len(rows) or len(good) < LEAST_OF_OURS * ours:
            raise SourceRefused(
                f"{self.label} answered something else than the list of {state}. Nothing of it is "
                "proposed."
            )
        return good

    def _is_of(self, row: Row, state: str) -> bool:
        """Return True for a row of the state whose position, if it has one, can be there."""
        if str(row.get("state", "")).strip().upper() != state or not row.get("name1"):
            return False
        try:
            point = Point(float(row["latitude"]), float(row["longitude"]))
        except (KeyError, TypeError, ValueError, OverflowError):
            return not row.get("latitude") and not row.get("longitude")
        return self._is_in(point, state)

    def _new_only_near(self, record: Record) -> Record:
        """Propose no new listing that is far from the area; a state is larger than that."""
        if not record.as_new:
            return record
        try:
            point = Point(float(record.cells["latitude"]), float(record.cells["longitude"]))
        except (KeyError, ValueError):
            return record
        return record if self._is_near(point) else replace(record, as_new={})

    def _refused(self, gave: str) -> SourceRefused:
        return SourceRefused(f"{self.label} gave {gave}. Nothing of it is proposed.")


def _whole(found: Mapping[str, Any], name: str) -> int:
    value = found.get(name)
    return value if isinstance(value, int) and value >= 0 else -1


def _ours(lists: frozenset[str], listings: Sequence[Listing], state: str) -> int:
    """Count what we have from the federal list in a state."""
    return sum(is_of_list(listing, lists, state) for listing in listings)

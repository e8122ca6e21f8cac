"""Medicare's data on services by provider: who billed visits with Spravato, door by door.

One question a state and service. Rows of under 11 patients are left out there, and patients with
other insurance are not in it, so that who is missing is not less of a clinic for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

from clinics.adapters.nppes import Deactivated, Failed, NotUnderstood, Registry, TooMany
from clinics.adapters.nppes import Reading as RegistryReading
from clinics.adapters.polite_web import PoliteWeb
from clinics.domain.ports import LinkRefused
from clinics.domain.sources import Listing, Record, Said, SourceRefused, Tell, WholeList, shape
from clinics.domain.words import counted

ADDRESS = "https://data.cms.gov/data-api/v1/dataset"
NAME = "Medicare data"
LABEL = "Medicare data by provider and service (CMS)"
YEAR = 2024
DATASET = "335e5f35-eca6-482d-87b3-f99883e213e3"
"""The release of YEAR: rows do not say their year, and the newest release would change its own."""

SERVICES = ("G2082", "G2083")
"""Visits with up to 56 mg of esketamine, and with more, each with two hours of watching."""

PAGE_SIZE = 5000
MOST_PAGES = 2
MOST_DOORS = 60
"""So many doors of a state are asked about at the provider registry."""

NEEDED = frozenset(
    "Rndrng_NPI Rndrng_Prvdr_Last_Org_Name Rndrng_Prvdr_First_Name Rndrng_Prvdr_Ent_Cd "
    "Rndrng_Prvdr_St1 Rndrng_Prvdr_St2 Rndrng_Prvdr_City Rndrng_Prvdr_State_Abrvtn "
    "Rndrng_Prvdr_Zip5 HCPCS_Cd Tot_Benes Tot_Srvcs".split()
)
KEYS = NEEDED | frozenset(
    "Rndrng_Prvdr_MI Rndrng_Prvdr_Crdntls Rndrng_Prvdr_State_FIPS Rndrng_Prvdr_RUCA "
    "Rndrng_Prvdr_RUCA_Desc Rndrng_Prvdr_Cntry Rndrng_Prvdr_Type Rndrng_Prvdr_Mdcr_Prtcptg_Ind "
    "HCPCS_Desc HCPCS_Drug_Ind Place_Of_Srvc Tot_Bene_Day_Srvcs Avg_Sbmtd_Chrg Avg_Mdcr_Alowd_Amt "
    "Avg_Mdcr_Pymt_Amt Avg_Mdcr_Stdzd_Amt".split()
)
Row = Mapping[str, str]


class Unlisted(Protocol):
    """Where people billed and nobody is listed."""

    @property
    def question(self) -> Mapping[str, str]:
        """Return what asks the provider registry for the practice there."""
        ...

    def practice(self, found: Iterable[Record], rows: Sequence[Mapping[str, Any]]) -> Record | None:
        """Return the practice there as a new listing, if the registry has exactly one."""
        ...


Read = Callable[[Sequence[Row], Sequence[Listing]], tuple[Sequence[Record], Sequence[Unlisted]]]
"""Rows of a state and its listings -> what is to be asked of them, and where nobody is listed."""


class Cms:
    """A Source; with a `registry` it names practices that are not listed."""

    id = "cms-g2083"
    label = LABEL
    is_list = True
    page = "https://data.cms.gov/"
    lists: frozenset[str] = frozenset()

    def __init__(
        self,
        address: str,
        web: Callable[[], PoliteWeb],
        states: Sequence[str],
        read: Read,
        registry: Callable[[], tuple[Registry, RegistryReading]] | None = None,
    ) -> None:
        self._address = address.rstrip("/")
        self._web = web
        self._states = tuple(states)
        self._read = read
        self._registry = registry

    @property
    def sends(self) -> str:
        """Say what is sent where."""
        also = ", and the provider registry who is at such an address" if self._registry else ""
        return (
            f"It asks {self._address} who billed Medicare for Spravato in "
            f"{', '.join(self._states)} in {YEAR}{also}. Nothing of this directory or its visitors "
            "is sent."
        )

    def look(self, listings: Sequence[Listing], progress: Tell) -> Iterator[Said]:
        """Yield the rows of each state whole; raises SourceRefused at the first that are not."""
        web = self._web()
        for number, state in enumerate(self._states):
            progress(number / len(self._states), f"{NAME}: {state}")
            rows = [row for code in SERVICES for row in self._rows(web, state, code)]
            here = [one for one in listings if one["state"] == state]
            records, unlisted = self._read(rows, here)
            yield from records
            new, remark = self._practices(unlisted, state)
            yield from new
            yield WholeList(state, remark)
        progress(1.0, NAME)

    def probe(self) -> str:
        """Ask for one row, and say how its shape differs from the one this was built to."""
        state = self._states[0]
        rows = self._page(self._web(), state, SERVICES[-1], 0, 1)
        said = shape(rows[0] if rows else {}, KEYS)
        return f"{counted(len(rows), 'row')} of {SERVICES[-1]} in {state}, {YEAR}. {said}"

    def _rows(self, web: PoliteWeb, state: str, code: str) -> list[Row]:
        found: list[Row] = []
        for page in range(MOST_PAGES):
            rows = self._page(web, state, code, page * PAGE_SIZE, PAGE_SIZE)
            found += [_checked(row, state, code) for row in rows]
            if len(rows) < PAGE_SIZE:
                return found
        raise _refused("more rows than there can be")

    def _page(
        self, web: PoliteWeb, state: str, code: str, offset: int, size: int
    ) -> list[dict[str, Any]]:
        asked = {
            "filter[HCPCS_Cd]": code,
            "filter[Rndrng_Prvdr_State_Abrvtn]": state,
            "size": size,
            "offset": offset,
        }
        url = f"{self._address}/{DATASET}/data?{urlencode(asked, safe='[]')}"
        try:
            answer = web.get_again(url)
        except LinkRefused as refused:
            raise SourceRefused(f"{NAME}: {refused.what}") from refused
        try:
            found = json.loads(answer.data)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise _refused("something that is no list of rows")
        return found

    def _practices(self, doors: Sequence[Unlisted], state: str) -> tuple[list[Record], str]:
        """Return the practices at doors where nobody is listed, and what is said of the others."""
        if not doors:
            return [], ""
        found, trouble = list[Record](), ""
        if self._registry is not None:
            registry, reading = self._registry()
            for door in doors[:MOST_DOORS]:
                try:
                    rows = registry.rows(door.question)
                except Failed as failed:
                    trouble = f" NPI Registry: {failed}"
                    break
                except (Deactivated, NotUnderstood, TooMany):
                    continue
                practice = door.practice(reading.by_name(rows, (state,)), rows)
                found += [practice] if practice else []
        left = len(doors) - len(found)
        if not left:
            return found, ""
        said = (
            f"{NAME}: at {counted(left, 'address', 'addresses')} in {state} where Spravato was "
            f"billed in {YEAR} nobody is listed, and the practice there is not known."
        )
        return found, f"{said}{trouble}"


def _checked(row: Mapping[str, Any], state: str, code: str) -> Row:
    """Return a row whose texts are there; raises SourceRefused for one of another question."""
    if any(not isinstance(row.get(name), str) for name in NEEDED):
        missing = sorted(name for name in NEEDED if not isinstance(row.get(name), str))
        raise _refused(f"rows without {missing[0]}")
    if row["Rndrng_Prvdr_State_Abrvtn"] != state or row["HCPCS_Cd"] != code:
        raise _refused(f"rows that are not of {state} and {code}")
    return {name: " ".join(row[name].split())[:300] for name in NEEDED}


def _refused(gave: str) -> SourceRefused:
    return SourceRefused(f"{NAME}: it gave {gave}. Nothing of it is proposed.")

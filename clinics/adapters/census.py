"""Street addresses through the geocoder of the US Census Bureau: no key, and free to keep.

Its answers lie along the street, between the numbers at its ends, and say nothing of how sure
they are (https://geocoding.geo.census.gov/geocoder/Geocoding_Services_API.html).
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

from clinics.adapters.address_service import AddressService, Fetcher, Turns
from clinics.domain.model import Point
from clinics.domain.ports import GeocodedAddress
from clinics.domain.sources import SourceRefused, keys_of
from clinics.domain.words import capital, counted

PROCESS_TURNS = Turns()
SAME_DEGREES = 0.00025
"""About 25 m: answers this near to each other are two sides of one street."""

KEYS = frozenset(
    "matchedAddress coordinates.x coordinates.y addressComponents.zip addressComponents.city "
    "addressComponents.state addressComponents.fromAddress addressComponents.toAddress".split()
)
"""What is read of an answer."""

PROBED = "4600 Silver Hill Rd, Washington, DC 20233"
"""The Census Bureau's own address."""

_NO_ADDRESS = ("Address cannot be empty", "Specify House number")
"""How the service begins when it says, with status 400, that a text is no street address."""


class CensusGeocoder(AddressService):
    """Find addresses through the service at `endpoint_url`.

    Raises ValueError, as prose, if the endpoint is not a web address or there is no user agent.
    """

    label = "the US Census geocoder"
    address_limit = 100

    def __init__(
        self,
        endpoint_url: str,
        user_agent: str,
        timeout_seconds: float = 3.0,
        turns: Turns = PROCESS_TURNS,
    ) -> None:
        super().__init__(endpoint_url, user_agent, timeout_seconds, turns)
        self._fetcher = Fetcher()

    def query(self, normal: str) -> GeocodedAddress | None:
        """Return the one address that the service found; may raise anything for a failure."""
        try:
            body = self._body(normal)
        except HTTPError as refused:
            if refused.code == 400 and _is_no_address(json.loads(refused.read(10_000))):
                return None
            raise
        return _only_one(json.loads(body)["result"]["addressMatches"], normal)

    def probe(self) -> str:
        """Ask for one address, and say what is missing of what is read of an answer.

        Raises SourceRefused for an answer that is none.
        """
        try:
            matches = json.loads(self._body(PROBED))["result"]["addressMatches"]
            found = [keys_of(one) for one in matches]
        except (OSError, ValueError, LookupError, TypeError, RecursionError) as problem:
            raise SourceRefused(f"{capital(self.label)} gave no answer that is one.") from problem
        missing = ", ".join(sorted(KEYS - (found[0] if found else frozenset())))
        return f"{counted(len(found), 'match', 'matches')}. Missing: {missing or 'nothing'}."

    def _body(self, address: str) -> str:
        asked = {"address": address, "benchmark": "Public_AR_Current", "format": "json"}
        page = self.endpoint.geturl().rstrip("/") + "/locations/onelineaddress?" + urlencode(asked)
        return self._fetcher.text(page, self.timeout_seconds, {"User-Agent": self.user_agent})


def _is_no_address(answer: dict[str, Any]) -> bool:
    return any(str(error).startswith(_NO_ADDRESS) for error in answer["errors"])


def _only_one(matches: list[dict[str, Any]], normal: str) -> GeocodedAddress | None:
    """Return the first of the matches if all of them are one place."""
    found = [_read(match, normal) for match in matches]
    if not found or any(_apart(found[0].point, other.point) for other in found[1:]):
        return None
    return found[0]


def _apart(one: Point, other: Point) -> bool:
    return max(abs(one.lat - other.lat), abs(one.lon - other.lon)) > SAME_DEGREES


def _read(match: dict[str, Any], normal: str) -> GeocodedAddress:
    place, parts = match["coordinates"], match["addressComponents"]
    code = str(parts.get("zip") or "")
    return GeocodedAddress(
        Point(float(place["y"]), float(place["x"])),
        ", ".join(filter(None, (str(parts.get("city") or "").title(), str(parts["state"])))),
        code if re.fullmatch("[0-9]{5}", code) else "",
        _is_house(str(match["matchedAddress"]), parts, normal),
    )


def _is_house(matched: str, parts: dict[str, Any], normal: str) -> bool:
    """Return True if the house is the one asked for, and where, and its street has the number."""
    number, asked = re.match("[0-9]+", matched), re.findall("[0-9]+", normal)
    town, code = str(parts.get("city") or "").casefold(), str(parts.get("zip") or "")
    if number is None or number[0] not in asked or not (code in asked or (town and town in normal)):
        return False
    ends = [str(parts.get(end) or "") for end in ("fromAddress", "toAddress")]
    if not all(end.isdecimal() for end in ends):
        return True
    first, last = sorted(map(int, ends))
    return first <= int(number[0]) <= last

"""Street addresses through a Nominatim service. The only importer of geopy.geocoders."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from geopy.adapters import BaseSyncAdapter
from geopy.exc import ConfigurationError
from geopy.geocoders import Nominatim

from clinics.adapters.address_service import AddressService, Fetcher, Turns, no_agent
from clinics.domain.model import Point
from clinics.domain.ports import GeocodedAddress

PROCESS_TURNS = Turns()


class NominatimGeocoder(AddressService):
    """Find addresses through the service at `endpoint_url`, in the United States only.

    Raises ValueError, as prose, if the endpoint is not a web address or the user agent is one
    the public service refuses.
    """

    label = "OpenStreetMap (Nominatim)"

    def __init__(
        self,
        endpoint_url: str,
        user_agent: str,
        timeout_seconds: float = 3.0,
        turns: Turns = PROCESS_TURNS,
    ) -> None:
        super().__init__(endpoint_url, user_agent, timeout_seconds, turns)
        _silence_geopy()
        try:
            self._nominatim = Nominatim(
                domain=self.endpoint.netloc + self.endpoint.path.rstrip("/"),
                scheme=self.endpoint.scheme,
                user_agent=user_agent,
                timeout=timeout_seconds,
                adapter_factory=_QuietAdapter,
            )
        except ConfigurationError:
            raise no_agent(user_agent) from None

    def query(self, normal: str) -> GeocodedAddress | None:
        """Return what the service says of an address; may raise anything for a failure."""
        location = self._nominatim.geocode(normal, addressdetails=True, country_codes="us")
        if location is None:
            return None
        point = Point(float(location.latitude), float(location.longitude))
        details = location.raw.get("address") or {}
        code = _five_digits(details.get("postcode"))
        return GeocodedAddress(point, _town_label(details), code, bool(details.get("house_number")))


class _QuietAdapter(BaseSyncAdapter):  # type: ignore[misc]
    """Fetch as every address service here does."""

    def __init__(self, *, proxies: Any, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self._fetcher = Fetcher(proxies, ssl_context)

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        return json.loads(self.get_text(url, timeout=timeout, headers=headers))

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        return self._fetcher.text(url, timeout, headers)


def _silence_geopy() -> None:
    """Drop what geopy logs, at any level: its debug line is the address in a URL."""
    logger = logging.getLogger("geopy")
    if _nothing not in logger.filters:
        logger.addFilter(_nothing)


def _nothing(_: logging.LogRecord) -> bool:
    return False


def _town_label(details: dict[str, Any]) -> str:
    kinds = ("city", "town", "village", "hamlet", "county")
    town = next((str(details[kind]) for kind in kinds if details.get(kind)), "")
    return ", ".join(part for part in (town, str(details.get("state") or "")) if part)


def _five_digits(postcode: object) -> str:
    found = re.match(r"[0-9]{5}(?![0-9])", str(postcode or ""))
    return found.group() if found else ""

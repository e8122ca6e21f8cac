"""Ports that live in memory: for tests, demonstrations and work without a network.

Owns no behaviour of its own; must answer and fail in the same words as the real adapters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from clinics.ports import GeocodedAddress, GeocodingUnavailable


class DictGeocoder:
    """Answer addresses from a mapping, ignoring case and spacing; `calls` counts the questions.

    With `fail` set, each call raises GeocodingUnavailable.
    """

    def __init__(
        self, mapping: Mapping[str, GeocodedAddress | None] | None = None, fail: bool = False
    ) -> None:
        self._answers = {_normal(address): found for address, found in (mapping or {}).items()}
        self.fail = fail
        self.calls = 0

    def locate(self, address: str) -> GeocodedAddress | None:
        """Return the mapped answer or None; raise GeocodingUnavailable when told to fail."""
        self.calls += 1
        if self.fail:
            raise GeocodingUnavailable
        return self._answers.get(_normal(address))


class FixedClock:
    """Say that today is always the same day."""

    def __init__(self, date: dt.date) -> None:
        self._date = date

    def today(self) -> dt.date:
        """Return the fixed day."""
        return self._date


def _normal(address: str) -> str:
    return " ".join(address.casefold().split())

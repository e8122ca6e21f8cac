"""What the core needs from outside, as Protocols, and the expected troubles of asking for it.

Owns the sentences a visitor reads when a place cannot be used; must not know who answers.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from clinics.model import Point


class PlaceError(Exception):
    """Say why a text gives no place (`what`) and what the visitor can do next (`next_step`).

    `str()` of it is both sentences, fit to show. It may quote a town that was typed, never an
    address; what it quotes is the visitor's own text, so whoever draws it as HTML escapes it.
    """

    default_what = "We could not use that as a place."
    default_next_step = "Give a town with its state, or a five-digit ZIP code."

    def __init__(
        self, what: str = "", next_step: str = "", *, suggestions: tuple[str, ...] = ()
    ) -> None:
        self.what = what or self.default_what
        self.next_step = next_step or self.default_next_step
        self.suggestions = suggestions
        super().__init__(f"{self.what} {self.next_step}")


class PlaceNotFound(PlaceError):
    """The text is well formed, and there is no such place; `suggestions` are nearby spellings."""

    default_what = "We could not find that address."
    default_next_step = "Check it, or give a town or a ZIP code instead."


class PlaceNotUnderstood(PlaceError):
    """The text cannot be a place: empty, too long, out of range, or not made of words."""

    default_what = "That does not look like a place."


class GeocodingUnavailable(PlaceError):
    """The service that finds street addresses gave no usable answer; towns and ZIPs still work."""

    default_what = "The address service is not answering."
    default_next_step = "Give a town or a ZIP code instead, or try again in a minute."


@dataclass(frozen=True, slots=True)
class GeocodedAddress:
    """Where an address is; `label` names its town and `zip` is five digits, or either is empty.

    Neither holds the street: an answer may be kept in memory, an address may not.
    """

    point: Point
    label: str = ""
    zip: str = ""


class Geocoder(Protocol):
    """Finds street addresses in the United States."""

    def locate(self, address: str) -> GeocodedAddress | None:
        """Return where the address is, or None if there is none; raise GeocodingUnavailable."""
        ...


class Clock(Protocol):
    """Knows what day it is."""

    def today(self) -> dt.date:
        """Return today's date where the visitors are."""
        ...

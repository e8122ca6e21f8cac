"""The nouns of the directory: clinics, places, options; all of them frozen."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum

from clinics.domain.language import say

MILES_PER_KM = 1 / 1.609344
"""Statute miles in a kilometer (international mile of 1959, 1,609.344 m exactly)."""

FRESH_DAYS = 90
"""Confirmed at most this many days ago a listing is fresh (No Surprises Act: verify in 90 days)."""

AGING_DAYS = 180
"""Confirmed at most this many days ago a listing is aging; later it is old."""

Value = str | float | bool | dt.date | tuple[str, ...] | None
"""What a listing says in one column."""


class Precision(StrEnum):
    """How exactly a position is known; the value of the column `location_precision`."""

    STREET = "street"
    ZIP = "zip"
    TOWN = "town"

    @property
    def is_approximate(self) -> bool:
        """Return True if the position is only the center of an area."""
        return self is not Precision.STREET


class PlaceKind(StrEnum):
    """What kind of thing a visitor named as the point to measure from."""

    TOWN = "town"
    ZIP = "zip"
    COUNTY = "county"
    SITE = "site"
    COORDINATES = "coordinates"
    ADDRESS = "address"
    HERE = "here"


class Freshness(StrEnum):
    """How long ago something was: a check of ours, or the date of a source."""

    FRESH = "fresh"
    AGING = "aging"
    OLD = "old"
    NOT_DATED = "not dated"


class Approval(StrEnum):
    """What the US regulator has said about a treatment, or about ketamine for a condition."""

    APPROVED = "approved"
    OFF_LABEL = "off-label"
    UNAPPROVED = "unapproved"
    OTHER = "other"


class Grade(StrEnum):
    """How strong the evidence is; the words mean what `data/README.md` says they mean."""

    STRONG = "strong"
    MODERATE = "moderate"
    LIMITED = "limited"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class Point:
    """A position in WGS-84 decimal degrees; raises ValueError, as prose, for anything else."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and -90 <= self.lat <= 90):
            raise ValueError(say("place.latitude", value=self.lat))
        if not (math.isfinite(self.lon) and -180 <= self.lon <= 180):
            raise ValueError(say("place.longitude", value=self.lon))


@dataclass(frozen=True, slots=True)
class Place:
    """A point the visitor named, and what may be said about it in public.

    `name` is what the page shows ("ZIP 20912", "Takoma Park, MD"). `param` is what the address
    bar and the log may hold: a town, a ZIP or coordinates, never a street address. `center` is the
    town or ZIP whose center the point is, if it has another name.
    """

    name: str
    point: Point
    kind: PlaceKind
    param: str
    center: str = ""

    @property
    def is_private(self) -> bool:
        """Return True if only `param` may leave the session, not the point."""
        return self.kind in (PlaceKind.ADDRESS, PlaceKind.HERE)

    @property
    def measured_from(self) -> str:
        """Say what distances are measured from, to follow "miles from"."""
        if self.center:
            return say("card.center_of_for", center=self.center, place=self.name)
        if self.kind in (PlaceKind.ZIP, PlaceKind.TOWN):
            return say("card.center_of", place=self.name)
        if self.kind is PlaceKind.COUNTY:
            return say("card.middle_of", place=self.name)
        if self.kind is PlaceKind.SITE:
            return self.name
        if self.kind is PlaceKind.COORDINATES:
            return say("card.point", place=self.name)
        if self.kind is PlaceKind.HERE:
            return say("card.your_location")
        return say("card.your_address")


@dataclass(frozen=True, slots=True)
class Clinic:
    """One accepted listing. Empty tuples, empty strings and None mean "not stated", never "no".

    A column without a field of its own is in `more`, as (name, value). `caveat_said` is the caveat
    in the language of the page, where somebody has translated it.
    """

    id: str
    category: str
    name: str
    city: str
    state: str
    point: Point
    location_precision: Precision
    address: str = ""
    zip: str = ""
    phone: str = ""
    main_phone: str = ""
    website: str = ""
    facility_type: str = ""
    conditions: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    setting: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    insurance_note: str = ""
    price_per_session_usd: float | None = None
    price_note: str = ""
    accepting_new_patients: bool | None = None
    ages: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: str = ""
    npi: str = ""
    status: str = ""
    known_by: str = ""
    source: str = ""
    source_url: str = ""
    source_date: str = ""
    last_checked: dt.date | None = None
    caveat: str = ""
    notes: str = ""
    field_sources: tuple[str, ...] = ()
    caveat_said: str = ""
    more: tuple[tuple[str, Value], ...] = ()

    def value(self, column: str) -> Value:
        """Return what the listing says in a column of the file."""
        if column in ("latitude", "longitude"):
            return self.point.lat if column == "latitude" else self.point.lon
        more = dict(self.more)
        value: Value = more[column] if column in more else getattr(self, column)
        return value

    def freshness(self, today: dt.date) -> Freshness:
        """Grade the age of our last check: up to 90 days fresh, to 180 aging, then old."""
        if self.last_checked is None:
            return Freshness.NOT_DATED
        days = (today - self.last_checked).days
        if days <= FRESH_DAYS:
            return Freshness.FRESH
        return Freshness.AGING if days <= AGING_DAYS else Freshness.OLD


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter: a category, payment, language, setting.

    Each state has its own of what is `by_state`, so a listing means that of its own state. A kind
    of place may have a `schema_type` of schema.org.
    """

    id: str
    label: str
    gloss: str = ""
    by_state: bool = False
    schema_type: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """One list of the directory, with the nouns that count its places: "1 clinic", "2 clinics"."""

    id: str
    label: str
    one: str
    many: str
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition people look for, and what is known about ketamine for it.

    `synonyms` are words people type. `approval_therapy` and `approval_related` are the short form
    of what is approved, `approval_note` and `evidence_note` whole sentences; `facts` names the
    verified facts (V-numbers) they rest on.
    """

    id: str
    label: str
    gloss: str
    synonyms: tuple[str, ...]
    approval: Approval
    approval_therapy: str
    approval_related: str
    approval_note: str
    grade: Grade
    evidence_note: str
    facts: tuple[str, ...]

    @property
    def approval_summary(self) -> str:
        """Say what is approved for it in short, of ketamine and of Spravato."""
        return self.approval_where(related=True)

    def approval_where(self, *, related: bool) -> str:
        """Say the same where Spravato is on offer or not; what is approved comes first."""
        if not related:
            return self.approval_therapy
        parts = (self.approval_related, self.approval_therapy)
        return " ".join(parts if self.approval is Approval.APPROVED else reversed(parts))


@dataclass(frozen=True, slots=True)
class Treatment:
    """A treatment clinics offer, with its approval status in words.

    `approval_short` stands beside its name and is empty where nothing is said; `approval_note`
    adds whole sentences. `as_of` is the month in them: "as of November 2026".
    """

    id: str
    label: str
    gloss: str
    approval: Approval
    approval_short: str
    approval_note: str
    facts: tuple[str, ...]
    as_of: str = ""

    @property
    def approval_undated(self) -> str:
        """The short form without its month, for where that is said once for several."""
        return self.approval_short.replace(f" {self.as_of}", "") if self.as_of else ""


@dataclass(frozen=True, slots=True)
class SourceWords:
    """What a source is called in a sentence, by what its name begins with.

    `remark` is what must be said with it: "a 2023 survey".
    """

    id: str
    words: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the directory: center, county, ZIPs. A `main` town needs no state."""

    name: str
    state: str
    county: str
    point: Point
    zips: tuple[str, ...]
    main: bool = False

    @property
    def label(self) -> str:
        """The town as it is written: "Takoma Park, MD"."""
        return f"{self.name}, {self.state}"

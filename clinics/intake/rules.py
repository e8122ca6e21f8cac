"""All that a file is checked against but the live data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from clinics.domain.model import Town
from clinics.domain.site import Edition, Site
from clinics.domain.vocabulary import Vocabulary
from clinics.intake.federal import Codes
from clinics.places.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be (bytes, data rows), and how many notices are kept of it."""

    max_bytes: int = 5_000_000
    max_rows: int = 50_000
    max_notices: int = 20_000


@dataclass(frozen=True, slots=True)
class Rules:
    """The words and places of the directory, its day, and the limits.

    Without `federal` a file of the federal directory is not recognized.
    """

    vocabulary: Vocabulary
    gazetteer: Gazetteer
    towns: tuple[Town, ...]
    site: Site
    today: dt.date
    limits: Limits = Limits()
    federal: tuple[Codes, Edition] | None = None

"""What a clinic, a place, a word and a version are, and what is needed from outside."""

from clinics.domain.columns import BY_NAME, COLUMNS, NAMES, Column
from clinics.domain.model import (
    Approval,
    Category,
    Clinic,
    Condition,
    Freshness,
    Grade,
    Option,
    Place,
    PlaceKind,
    Point,
    Precision,
    Town,
    Treatment,
)
from clinics.domain.ports import Geocoder, PlaceError, Store, StoreUnavailable
from clinics.domain.site import Site, load_site
from clinics.domain.vocabulary import Vocabulary, load_vocabulary

__all__ = [
    "BY_NAME",
    "COLUMNS",
    "NAMES",
    "Approval",
    "Category",
    "Clinic",
    "Column",
    "Condition",
    "Freshness",
    "Geocoder",
    "Grade",
    "Option",
    "Place",
    "PlaceError",
    "PlaceKind",
    "Point",
    "Precision",
    "Site",
    "Store",
    "StoreUnavailable",
    "Town",
    "Treatment",
    "Vocabulary",
    "load_site",
    "load_vocabulary",
]

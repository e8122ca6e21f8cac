"""Where: typed text, towns and ZIP codes, distance, and looking addresses up."""

from clinics.places.distance import exact_miles
from clinics.places.find import PlaceAnswer, find_place
from clinics.places.gazetteer import Gazetteer
from clinics.places.index import SpatialIndex
from clinics.places.lookup import Lookup

__all__ = ["Gazetteer", "Lookup", "PlaceAnswer", "SpatialIndex", "exact_miles", "find_place"]

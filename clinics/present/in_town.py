"""Which clinics are in a town itself: (Dataset, Town) -> hits.

Owns what "in" means: the clinic's address names the town. Must not know how it is said.
"""

from __future__ import annotations

from clinics.domain.model import Place, PlaceKind, Town
from clinics.search.dataset import Dataset
from clinics.search.query import Query
from clinics.search.search import Hit, search


def in_town(dataset: Dataset, town: Town) -> tuple[Hit, ...]:
    """Return the main list's clinics in a town, nearest its centre first, closed ones left out."""
    place = Place(town.label, town.point, PlaceKind.TOWN, town.label)
    mentioned = search(dataset, Query(within=None, q=town.name), place, facets=False).hits
    here = (town.name, town.state)
    return tuple(hit for hit in mentioned if (hit.clinic.city, hit.clinic.state) == here)

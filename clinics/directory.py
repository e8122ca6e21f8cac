"""Everything that is read from the data folder, put together once.

Owns the order of reading; must not choose adapters or know who asks.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from clinics.dataset import Dataset
from clinics.explainer import Explainer
from clinics.explainer_files import load_explainer
from clinics.loading import BrokenDataset, PlaceRow, load_bundled
from clinics.model import Point, Precision, Site, Town
from clinics.places import Gazetteer
from clinics.vocabulary import DataFileError, Vocabulary, load_site, load_towns, load_vocabulary


@dataclass(frozen=True)
class Directory:
    """The bundled data: words, towns, places, the explainer and the clinics themselves."""

    site: Site
    vocabulary: Vocabulary
    towns: tuple[Town, ...]
    gazetteer: Gazetteer
    dataset: Dataset
    explainer: Explainer


def load_directory(folder: Path, today: dt.date | None = None) -> Directory:
    """Read a data folder whole; raises BrokenDataset, with one sentence, for any fault in it.

    A topic of the explainer that is broken is left out, with a line in the log.

    `today` is the day by the clock of the directory's area unless another is given.
    """
    try:
        site, vocabulary = load_site(folder), load_vocabulary(folder)
        towns, explainer = load_towns(folder), load_explainer(folder)
    except DataFileError as problem:
        raise BrokenDataset(str(problem)) from problem
    for sentence in explainer.left_out:
        logging.getLogger("clinics").warning("A topic is left out. %s", sentence)
    gazetteer = Gazetteer(towns)
    dataset = load_bundled(
        folder / "clinics.csv", vocabulary, row_placer(gazetteer), today or today_at(site)
    )
    return Directory(site, vocabulary, towns, gazetteer, dataset, explainer)


def today_at(site: Site) -> dt.date:
    """Return the date where the clinics are."""
    return dt.datetime.now(ZoneInfo(site.time_zone)).date()


def row_placer(gazetteer: Gazetteer) -> PlaceRow:
    """Return the rule that places a row without coordinates: its ZIP's centre, else its town's."""

    def place_row(zip_code: str, city: str, state: str) -> tuple[Point, Precision] | None:
        by_zip = gazetteer.zip(zip_code) if zip_code else None
        if by_zip:
            return by_zip.point, Precision.ZIP
        towns = gazetteer.towns_named(city, state)
        return (towns[0].point, Precision.TOWN) if len(towns) == 1 else None

    return place_row

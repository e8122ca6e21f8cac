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
from clinics.federal import load_codes, load_edition
from clinics.loading import BUNDLED_LIMITS, BrokenDataset, Limits, Rules, load_bundled
from clinics.model import Site, Town
from clinics.places import Gazetteer
from clinics.service_area import load_area
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
        area = load_area(folder)
    except DataFileError as problem:
        raise BrokenDataset(str(problem)) from problem
    for sentence in explainer.left_out:
        logging.getLogger("clinics").warning("A topic is left out. %s", sentence)
    gazetteer = Gazetteer(towns)
    day = today or today_at(site)
    rules = Rules(vocabulary, gazetteer, towns, site, day, BUNDLED_LIMITS, area=area)
    dataset = load_bundled(folder / "clinics.csv", rules)
    return Directory(site, vocabulary, towns, gazetteer, dataset, explainer)


def today_at(site: Site) -> dt.date:
    """Return the date where the clinics are."""
    return dt.datetime.now(ZoneInfo(site.time_zone)).date()


def rules_of(
    directory: Directory,
    folder: Path,
    today: dt.date | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Rules:
    """Return what an upload is checked against; raises BrokenDataset with one sentence."""
    try:
        federal = load_codes(folder), load_edition(folder)
        area = load_area(folder)
    except DataFileError as problem:
        raise BrokenDataset(str(problem)) from problem
    return Rules(
        directory.vocabulary, directory.gazetteer, directory.towns, directory.site,
        today or today_at(directory.site), limits, federal, area,
    )  # fmt: skip

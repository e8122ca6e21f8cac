"""Everything that is read from the data folder, put together once."""

from __future__ import annotations

import datetime as dt
import json
import logging
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from clinics.domain.data_files import DataFileError, reason
from clinics.domain.model import Town
from clinics.domain.site import Site, load_site
from clinics.domain.vocabulary import Vocabulary, load_towns, load_vocabulary
from clinics.domain.words import counted, plural
from clinics.explainer.files import load_explainer
from clinics.explainer.model import Explainer
from clinics.intake.check import BUNDLED_LIMITS, Limits, Rules, check
from clinics.intake.federal import load_codes
from clinics.intake.notices import Notice, Report, Severity
from clinics.places.barriers import Barrier, load_barriers
from clinics.places.find import Gazetteer
from clinics.places.named import load_places
from clinics.search.dataset import Dataset, Version

_log = logging.getLogger("clinics")


@dataclass(frozen=True)
class Directory:
    """The bundled data: words, towns, places, the explainer and the clinics themselves."""

    site: Site
    vocabulary: Vocabulary
    towns: tuple[Town, ...]
    gazetteer: Gazetteer
    dataset: Dataset
    explainer: Explainer


class BrokenDataset(Exception):
    """The data cannot be served; the message is one sentence that names the file and the fault."""


def load_directory(folder: Path, today: dt.date | None = None) -> Directory:
    """Read a data folder whole; raises BrokenDataset, with one sentence, for any fault in it.

    A topic of the explainer that is broken is left out, with a line in the log; so is it said of
    the outlines of the map and the description of the list, which no search needs.

    `today` is the day by the clock of the directory's area unless another is given; a clock that
    is behind the file of clinics itself is wrong, and keeps no clinic from being served.
    """
    try:
        site, vocabulary = load_site(folder), load_vocabulary(folder)
        towns, explainer = load_towns(folder), load_explainer(folder)
        barriers, places = load_barriers(folder), load_places(folder)
        gazetteer = Gazetteer(towns, places, site.service_area)
    except DataFileError as problem:
        raise BrokenDataset(str(problem)) from problem
    for sentence in explainer.left_out:
        _log.warning("A topic is left out. %s", sentence)
    for sentence in _unneeded_and_broken(folder):
        _log.warning("%s", sentence)
    day = today or max(today_at(site), _written(folder / "clinics.csv", site))
    rules = Rules(vocabulary, gazetteer, towns, site, day, BUNDLED_LIMITS)
    dataset = load_bundled(folder / "clinics.csv", rules, barriers)
    return Directory(site, vocabulary, towns, gazetteer, dataset, explainer)


def load_bundled(path: Path, rules: Rules, barriers: tuple[Barrier, ...] = ()) -> Dataset:
    """Read the bundled clinic file; raises BrokenDataset rather than serve a part of it."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise BrokenDataset(
            f"The clinic file {path.name} cannot be read: {reason(problem)}."
        ) from problem
    checked = check(data, rules)
    if not checked.report.publishable:
        raise BrokenDataset(_refusal(path.name, checked.report))
    version = Version("0", None, len(checked.table))
    return Dataset(checked.table, rules.vocabulary, version, barriers)


def _refusal(name: str, report: Report) -> str:
    errors: Sequence[Notice] = [n for n in report.notices if n.severity is Severity.ERROR]
    others = report.errors - 1
    more = (
        f" There {plural(others, 'is', 'are')} {counted(others, 'more problem')}." if others else ""
    )
    return f"The clinic file {name} cannot be used. {errors[0].message}{more}"


def _unneeded_and_broken(folder: Path) -> Iterator[str]:
    """Name the files that are read later, for what no search needs, and cannot be."""
    uses: dict[str, tuple[Callable[[str], object], str]] = {
        "basemap.geojson": (json.loads, "The map has no outlines."),
        "package.toml": (tomllib.loads, "The list for download has no description."),
    }
    for name, (read, lacks) in uses.items():
        try:
            read((folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue  # a directory may do without
        except (OSError, ValueError, RecursionError) as problem:
            yield f"{name} cannot be used: {reason(problem)}. {lacks}"


def _written(file: Path, site: Site) -> dt.date:
    """Return the day a file was written on, by the clock of that time and of the site's place."""
    try:
        return dt.datetime.fromtimestamp(file.stat().st_mtime, ZoneInfo(site.time_zone)).date()
    except (OSError, ValueError, OverflowError):  # whoever reads the file says what is wrong
        return dt.date.min


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
        federal = load_codes(folder), directory.site.federal_edition
    except DataFileError as problem:
        raise BrokenDataset(str(problem)) from problem
    return Rules(
        directory.vocabulary, directory.gazetteer, directory.towns, directory.site,
        today or today_at(directory.site), limits, federal,
    )  # fmt: skip

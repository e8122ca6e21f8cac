"""Everything that is read from the data folder, put together once."""

from __future__ import annotations

import datetime as dt
import json
import logging
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from clinics.across_files import across_files
from clinics.domain.data_files import DataFileError, Faults, load_caveats, reason
from clinics.domain.language import ENGLISH, LANGUAGES, speaking, spoken
from clinics.domain.model import Town
from clinics.domain.site import Site, load_site
from clinics.domain.translations import file_of
from clinics.domain.vocabulary import Vocabulary, load_towns, load_vocabulary
from clinics.domain.words import counted, plural
from clinics.explainer.files import load_explainer
from clinics.explainer.model import Explainer
from clinics.intake.check import BUNDLED_LIMITS, Limits, Rules, check
from clinics.intake.federal import load_codes
from clinics.intake.notices import Report, Severity
from clinics.places.barriers import Barrier, load_barriers
from clinics.places.find import Gazetteer
from clinics.places.named import load_places
from clinics.search.dataset import Dataset, Version

_log = logging.getLogger("clinics")


@dataclass(frozen=True)
class Words:
    """All that a data folder says in one language."""

    site: Site
    vocabulary: Vocabulary
    explainer: Explainer
    barriers: tuple[Barrier, ...]
    caveats: Mapping[str, str]


@dataclass(frozen=True)
class Directory:
    """The bundled data: words, towns, places, the explainer and the clinics themselves.

    `translations` has the words of every other language that the data folder speaks.
    """

    site: Site
    vocabulary: Vocabulary
    towns: tuple[Town, ...]
    gazetteer: Gazetteer
    dataset: Dataset
    explainer: Explainer
    translations: Mapping[str, Words] = field(default_factory=dict)
    _spoken: dict[str, Directory] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that this directory speaks, English first."""
        return (ENGLISH, *self.translations)

    def spoken(self) -> Directory:
        """Return this directory in the language of this run: one and the same each time."""
        words = self.translations.get(spoken())
        if words is None:
            return self
        if spoken() not in self._spoken:
            dataset = self.dataset.in_words(words.vocabulary, words.barriers, words.caveats)
            self._spoken[spoken()] = replace(
                self,
                site=words.site,
                vocabulary=words.vocabulary,
                explainer=words.explainer,
                dataset=dataset,
            )
        return self._spoken[spoken()]


class BrokenDataset(Exception):
    """The data cannot be served; each of `faults` is a sentence that names the file and the fault.

    The message is the first of them, at most `most`; `check-site` says all. What is `unread` could
    not be checked because of them.
    """

    def __init__(self, *faults: str, most: int = 10, unread: str = "") -> None:
        self.faults, self.unread = faults, unread
        more = len(faults) - most
        rest = (f"There {plural(more, 'is', 'are')} {counted(more, 'more problem')}.",)
        super().__init__(" ".join([*faults[:most], *(rest if more > 0 else ())]))


def load_directory(folder: Path, today: dt.date | None = None) -> Directory:
    """Read a data folder whole; raises BrokenDataset with all that is wrong in it.

    A topic of the explainer that is broken is left out, with a line in the log; so is it said of
    the outlines of the map and the description of the list, which no search needs.

    `today` is the day by the clock of the directory's area unless another is given; a clock that
    is behind the file of clinics itself is wrong, and keeps no clinic from being served.
    """
    faults = Faults()
    site = faults.read(lambda: load_site(folder))
    vocabulary = faults.read(lambda: load_vocabulary(folder))
    explainer = faults.read(lambda: load_explainer(folder))
    towns = faults.read(lambda: load_towns(folder)) or ()
    barriers = faults.read(lambda: load_barriers(folder)) or ()
    places = faults.read(lambda: load_places(folder)) or ()
    codes = faults.read(lambda: load_codes(folder)) or {}
    area = site.service_area if site else None
    gazetteer = faults.read(lambda: Gazetteer(towns, places, area)) if towns else None
    if vocabulary:
        faults.found += across_files(site, vocabulary, explainer, codes)
    translations, unread_words = _translations(folder)
    faults.found += unread_words
    dataset = None
    if site and vocabulary and gazetteer:
        day = today or max(today_at(site), _written(folder / "clinics.csv", site))
        rules = Rules(vocabulary, gazetteer, towns, site, day, BUNDLED_LIMITS)
        try:
            dataset = load_bundled(folder / "clinics.csv", rules, barriers)
        except BrokenDataset as problem:
            faults.found += problem.faults
    if faults.found or not (site and vocabulary and explainer and gazetteer and dataset):
        together = site and vocabulary and explainer
        unread = "" if together else "the ids that one file has of another"
        if not (site and vocabulary and gazetteer):
            unread = " and ".join(filter(None, ("clinics.csv", unread)))
        raise BrokenDataset(*dict.fromkeys(faults.found), unread=unread)
    for sentence in left_out(folder, explainer.left_out):
        _log.warning("%s", sentence)
    return Directory(site, vocabulary, towns, gazetteer, dataset, explainer, translations)


def _translations(folder: Path) -> tuple[Mapping[str, Words], Sequence[str]]:
    """Read the words of every language with a `site.LANGUAGE.toml`, and what cannot be read."""
    faults, found = Faults(), dict[str, Words]()
    for language in languages_of(folder):
        with speaking(language):
            words = faults.read(lambda: _words(folder))
        if words:
            found[language] = words
    return found, faults.found


def languages_of(folder: Path) -> tuple[str, ...]:
    """Return the languages that a data folder speaks beside English: each has its site.toml."""
    site = folder / "site.toml"
    return tuple(each for each in LANGUAGES[1:] if file_of(site, each).is_file())


def _words(folder: Path) -> Words:
    return Words(
        load_site(folder),
        load_vocabulary(folder),
        load_explainer(folder),
        load_barriers(folder),
        load_caveats(folder),
    )


def left_out(folder: Path, topics: Iterable[str]) -> Iterator[str]:
    """Say what is wrong with the topics that are left out, and what else no search needs."""
    yield from (f"A topic is left out. {sentence}" for sentence in topics)
    yield from _unneeded_and_broken(folder)


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
        raise BrokenDataset(*_refusal(path.name, checked.report), most=1)
    version = Version("0", None, len(checked.table))
    return Dataset(checked.table, rules.vocabulary, version, barriers)


def _refusal(name: str, report: Report) -> Iterator[str]:
    first, *others = (n.message for n in report.notices if n.severity is Severity.ERROR)
    yield f"The clinic file {name} cannot be used. {first}"
    yield from (f"{name}: {message}" for message in others)


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
        codes = load_codes(folder)
    except DataFileError as problem:
        raise BrokenDataset(*problem.faults) from problem
    federal = (codes, directory.site.federal_edition) if codes else None
    return Rules(
        directory.vocabulary, directory.gazetteer, directory.towns, directory.site,
        today or today_at(directory.site), limits, federal,
    )  # fmt: skip

"""Files of the data folder, broken one after the other, and whether each is named."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from clinics.directory import BrokenDataset, load_directory, rules_of
from clinics.domain.language import LANGUAGES
from lab.torture.kills import DATA, DAY

Harm = Callable[[Path], None]

_MAY_BE_LEFT_OUT = (
    "barriers.csv",
    "federal_codes.csv",
    "names.csv",
    "places.csv",
    "source_words.csv",
    "sources.csv",
    "synonyms.csv",
)
"""The tables that a directory may do without, though not with a broken one."""


def empty(path: Path) -> None:
    """Leave nothing of a file."""
    path.write_bytes(b"")


def noise(path: Path) -> None:
    """Leave bytes that are no text."""
    path.write_bytes(bytes(range(256)) * 8)


def folder_instead(path: Path) -> None:
    """Put a folder in the place of a file."""
    path.unlink()
    path.mkdir()


def missing(path: Path) -> None:
    """Take a file away."""
    path.unlink()


HARMS: tuple[Harm, ...] = (empty, noise, folder_instead, missing)


def data_files(folder: Path = DATA) -> tuple[Path, ...]:
    """Return the files of the data folder that the service reads, relative to it."""
    files = [*folder.glob("*.csv"), *folder.glob("*.toml"), *folder.glob("*.geojson")]
    return tuple(
        path.relative_to(folder) for path in sorted([*files, *folder.glob("explainer/*.md")])
    )


def names_what_is_broken(folder: Path, file: Path, harm: Harm) -> tuple[bool, str]:
    """Break a file of a data folder and start from it; return whether it starts, and all it says.

    The folder is whole again afterwards.
    """
    path, said = folder / file, _Said()
    kept = path.read_bytes()
    logger = logging.getLogger("clinics")
    logger.addHandler(said)
    try:
        harm(path)
        rules_of(load_directory(folder, DAY), folder, DAY)
        return True, "\n".join(said.lines)
    except BrokenDataset as problem:
        return False, str(problem)
    finally:
        logger.removeHandler(said)
        if path.is_dir():
            path.rmdir()
        path.write_bytes(kept)


class _Said(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(record.getMessage())


def may_be_missing(file: Path) -> bool:
    """Return True if the service is whole without this file: a topic, or what no search needs."""
    return file.suffix in (".md", ".geojson") or file.name == "package.toml"


def does_no_harm(harm: Harm, file: Path) -> bool:
    """Return True where a directory goes on without a word: another file may do without, too.

    A table that may be left out; words of another language, which are then said in English.
    """
    if any(f".{language}." in file.name for language in LANGUAGES[1:]):
        return harm in (missing, folder_instead) or (harm is empty and file.suffix == ".toml")
    if may_be_missing(file):
        return harm in (missing, empty)
    return harm in (missing, folder_instead) and file.name in _MAY_BE_LEFT_OUT


def break_every_file(broken: list[str]) -> str:
    """Break every file of the data folder in every way; return how many were named."""
    named = 0
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "data"
        shutil.copytree(DATA, folder)
        for file in data_files():
            for harm in HARMS:
                if does_no_harm(harm, file):
                    continue
                _, said = names_what_is_broken(folder, file, harm)
                named += file.name in said
                if file.name not in said:
                    broken.append(f"data/{file} ({harm.__name__}) is not named: “{said}”")
    return f"{named} times named, of {len(data_files())} files"

"""The command on a data folder as a whole: check-site says all that is wrong with it, at once."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clinics.across_files import odd
from clinics.cli.desk import NO, OK, USAGE, Commands, Stop
from clinics.directory import BrokenDataset, Directory, left_out, load_directory
from clinics.domain.words import counted

COMMANDS = ("check-site",)


def add_parsers(commands: Commands[Any]) -> None:
    """Add the command to the others."""
    says = "say all that is missing, wrong or odd in a data folder"
    one = commands.add_parser("check-site", help=says, description=f"{says.capitalize()}.")
    one.add_argument("folder", metavar="FOLDER", type=Path, help="the folder, such as data")


def run(options: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    folder: Path = options.folder
    if not folder.is_dir():
        raise Stop(f"{folder} is not a folder.", USAGE)
    try:
        directory = load_directory(folder)
        found = [("note", sentence) for sentence in _notes(folder, directory)]
    except BrokenDataset as problem:
        found = [("error", sentence) for sentence in problem.faults]
    for severity, sentence in found:
        print(f"{severity} {sentence}")
    errors = sum(severity == "error" for severity, _ in found)
    print(f"{counted(errors, 'error')}, {counted(len(found) - errors, 'note')} in {folder}")
    return NO if errors else OK


def _notes(folder: Path, directory: Directory) -> Iterator[str]:
    yield from left_out(folder, directory.explainer)
    yield from odd(directory.site, directory.towns, directory.explainer)

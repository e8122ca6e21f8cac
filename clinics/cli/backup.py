"""The commands of whoever runs the service: backup and restore-backup."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clinics import bootstrap
from clinics.cli.desk import OK, USAGE, Commands, Desk, Stop
from clinics.domain.data_files import reason
from clinics.domain.words import counted, joined

COMMANDS = {
    "backup": "write everything that the store keeps to one file",
    "restore-backup": "fill an empty store from such a file",
}


def add_parsers(commands: Commands[Any]) -> None:
    """Add the commands to the others."""
    for name, says in COMMANDS.items():
        one = commands.add_parser(name, help=says, description=f"{says.capitalize()}.")
        one.add_argument("file", metavar="FILE", type=Path, help="the backup, such as backup.gz")


def run(desk: Desk, options: argparse.Namespace) -> int:
    """Run one of the commands and return its exit code; what stops it is raised."""
    _ = desk.needed_store
    backups = bootstrap.chosen_backups(desk.settings)
    file: Path = options.file
    try:
        if options.command == "backup":
            print(f"{file} holds {_rows(backups.write(file))}.")
        else:
            print(f"The store holds {_rows(backups.restore(file))}.")
    except OSError as problem:
        does = "written" if options.command == "backup" else "read"
        raise Stop(f"{file} cannot be {does}: {reason(problem)}.", USAGE) from problem
    return OK


def _rows(numbers: Mapping[str, int]) -> str:
    one = {"addresses": "address"}
    return joined(
        [counted(many, one.get(name, name[:-1]), name) for name, many in numbers.items()], "and"
    )

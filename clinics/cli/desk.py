"""What commands share: exit codes, files, and the parts that the settings ask for."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from clinics import bootstrap
from clinics.directory import Directory, load_directory
from clinics.domain.data_files import reason
from clinics.domain.ports import Store
from clinics.intake.rules import Limits, Rules
from clinics.publishing.access import COMMAND_LINE
from clinics.publishing.live import LiveDirectory
from clinics.publishing.publisher import Publisher
from clinics.settings import Settings, read_settings

OK, NO, USAGE = 0, 1, 2
Commands = argparse._SubParsersAction  # argparse has no public name for it


class Stop(Exception):
    """The command ends here: one sentence and an exit code."""

    def __init__(self, sentence: str, code: int = NO) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Desk:
    """What the commands work with: settings, store, and what is read from the data folder."""

    settings: Settings
    store: Store | None

    @classmethod
    def set_up(cls) -> Desk:
        """Return the desk that the environment asks for; raises SettingsError."""
        settings = read_settings(os.environ)
        return cls(settings, bootstrap.chosen_store(settings))

    @cached_property
    def bundled(self) -> Directory:
        """The directory as it is shipped."""
        return load_directory(self.settings.data_dir)

    @cached_property
    def live(self) -> LiveDirectory:
        """What visitors see."""
        return LiveDirectory(self.bundled, self.store)

    @cached_property
    def rules(self) -> Rules:
        """What files are checked against, today."""
        return bootstrap.rules(self.bundled, self.settings)

    @property
    def needed_store(self) -> Store:
        """The store; without one the command ends."""
        if self.store is None:
            raise Stop("There is no store of versions, because CLINICS_DATABASE_URL is none.")
        return self.store

    @cached_property
    def publisher(self) -> Publisher:
        """The use cases; whoever runs a command on the server holds its database already."""
        return bootstrap.publisher(
            self.needed_store, self.live.current, self.bundled, self.settings,
            lambda keeper: keeper.how == COMMAND_LINE,
        )  # fmt: skip


def read_file(file: str, limits: Limits) -> tuple[bytes, str]:
    """Return the bytes of a file and its name; of one that is too large, enough to say so."""
    most = limits.max_bytes + 1
    if file == "-":
        return sys.stdin.buffer.read(most), "standard input"
    try:
        with Path(file).open("rb") as stream:
            return stream.read(most), Path(file).name
    except OSError as problem:
        raise Stop(f"{file} cannot be read: {reason(problem)}.", USAGE) from problem


def write_file(out: Path, data: bytes, code: int = USAGE) -> None:
    """Write the file whole or not at all; a failure ends the command with `code`."""
    beside = out.with_name(f"{out.name}.new")
    try:
        beside.write_bytes(data)
        beside.replace(out)
    except OSError as problem:
        raise Stop(f"{out} cannot be written: {reason(problem)}.", code) from problem

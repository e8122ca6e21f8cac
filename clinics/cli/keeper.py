"""The commands of keepers: validate, publish, history, restore, export.

Owns their arguments, what they print and their exit codes: 0 fine, 1 the answer is no, 2 wrong
usage. Must not know which store keeps the versions.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from clinics import bootstrap
from clinics.cli import text as keeper_text
from clinics.directory import Directory, load_directory
from clinics.domain.data_files import reason
from clinics.domain.ports import LiveMoved, Store, StoreUnavailable, Upload, VersionRecord
from clinics.intake.progress import line_on
from clinics.intake.report import report_json
from clinics.intake.rules import Limits, Rules
from clinics.publishing import snapshot
from clinics.publishing.access import COMMAND_LINE, Keeper, Refused, command_line_keeper
from clinics.publishing.candidate import Candidate, NoSuchUpload, NotPublishable, make_candidate
from clinics.publishing.diff import ADD, REPLACE
from clinics.publishing.live import CannotShow, LiveDirectory
from clinics.publishing.publisher import Publisher
from clinics.settings import Settings, read_settings

OK, NO, USAGE = 0, 1, 2
StoreOf = Callable[[Settings], Store | None]
Commands = argparse._SubParsersAction  # argparse has no public name for it
_EXPECTED = (NotPublishable, NoSuchUpload, LiveMoved, StoreUnavailable, CannotShow)


class _Stop(Exception):
    """The command ends here: one sentence and an exit code."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


def add_parsers(commands: Commands[Any]) -> None:
    """Add the commands to the others."""
    one = _command(commands, "validate", "say what is wrong in a clinic file")
    _add_file(one)
    one.add_argument("--format", choices=("text", "json"), default="text")
    one = _command(commands, "publish", "check a clinic file and make it what visitors see")
    _add_file(one)
    one.add_argument("--note", required=True, metavar="TEXT", help="what it is, for the history")
    large = "publish even if many clinics disappear or change telephone or position"
    one.add_argument("--allow-large-change", action="store_true", help=large)
    good = "leave out the rows with errors"
    one.add_argument("--good-rows-only", action="store_true", help=good)
    _add_who(one)
    one = _command(commands, "history", "list every version that was published")
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = _command(commands, "restore", "make an older version the newest")
    one.add_argument("version", metavar="VERSION", type=_number, help="its number")
    one.add_argument("--note", default="", metavar="TEXT", help="why, for the history")
    _add_who(one)
    one = _command(commands, "export", "write the directory to a file")
    one.add_argument(
        "--version", metavar="VERSION", type=_number, help="its number; else the newest"
    )
    one.add_argument("-o", "--out", metavar="OUT", type=Path, help="the file; else the screen")
    one.add_argument("--format", choices=tuple(keeper_text.SHAPES), default="csv")


def _command(commands: Commands[Any], name: str, says: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=says, description=f"{says.capitalize()}."
    )
    return command


def _add_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a clinic file; - reads what is piped in")
    add = "the file is not the whole directory: add and change only"
    command.add_argument("--add", action="store_true", help=add)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"it needs a whole number, and has “{text}”")
    return int(text)


def _add_who(command: argparse.ArgumentParser) -> None:
    command.add_argument("--who", default=COMMAND_LINE, metavar="NAME", help="for the history")


def run(options: argparse.Namespace, store_of: StoreOf) -> int:
    """Run one of the commands and return its exit code.

    Raises SettingsError, DataFileError and BrokenDataset for what is wrong around it.
    """
    settings = read_settings(os.environ)
    desk = Desk(settings, store_of(settings))
    try:
        return _RUN[options.command](desk, options)
    except _EXPECTED as problem:
        print(problem, file=sys.stderr)
        return NO
    except _Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code


def live_directory(settings: Settings, store: Store | None) -> Directory:
    """Return what visitors see now; where the store is down, says so and returns the bundled."""
    desk = Desk(settings, store)
    directory = desk.live.current()
    if desk.live.trouble:
        version = directory.dataset.version.id
        print(f"{desk.live.trouble} This is version {version}.", file=sys.stderr)
    return directory


@dataclass(frozen=True)
class Desk:
    """What the commands work with: settings, store, and what is read from the data folder."""

    settings: Settings
    store: Store | None

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
            raise _Stop("There is no store of versions, because CLINICS_DATABASE_URL is none.", NO)
        return self.store

    @cached_property
    def publisher(self) -> Publisher:
        """The use cases; whoever runs a command on the server holds its database already."""
        return bootstrap.publisher(
            self.needed_store, self.live.current, self.bundled, self.settings,
            lambda keeper: keeper.how == COMMAND_LINE,
        )  # fmt: skip


def _validate(desk: Desk, options: argparse.Namespace) -> int:
    data, name = _read(options.file, desk.rules.limits)
    directory = desk.live.current()
    if desk.live.trouble:
        print(desk.live.trouble, file=sys.stderr)
    upload = Upload(hashlib.sha256(data).hexdigest(), name, dt.datetime.now(dt.UTC), len(data))
    dataset = directory.dataset
    live = int(dataset.version.id), dataset.table
    found = make_candidate(upload, data, desk.rules, live, mode=_mode(options),
                           progress=line_on(sys.stderr, len(data)))  # fmt: skip
    as_json = options.format == "json"
    print(report_json(found.report) if as_json else keeper_text.check_text(found))
    return OK if found.report.publishable else NO


def _publish(desk: Desk, options: argparse.Namespace) -> int:
    keeper = _keeper(options.who)
    data, name = _read(options.file, desk.rules.limits)
    publisher = desk.publisher
    upload = publisher.stage(data, name)
    found = publisher.candidate(
        upload.sha256, mode=_mode(options), good_rows_only=options.good_rows_only,
        progress=line_on(sys.stderr, len(data)),
    )  # fmt: skip
    said = keeper_text.findings_text(found)
    if said:
        print(said, file=sys.stderr)
    if found.is_same_as_live:
        print(found.refusal)
        return OK
    typed = _typed(found, options)
    number = publisher.publish(found, keeper, options.note, typed=typed, acknowledged=True)
    print(keeper_text.published_text(number, found))
    return OK


def _typed(found: Candidate, options: argparse.Namespace) -> int | None:
    review = found.review
    if found.publishable and review.breaker and not options.allow_large_change:
        raise _Stop(
            f"{review.breaker} Nothing was changed. If that is right, add --allow-large-change.", NO
        )
    return review.number_to_type or None


def _history(desk: Desk, options: argparse.Namespace) -> int:
    store = desk.needed_store
    records: list[VersionRecord] = []
    page = store.versions()
    while page:
        records += page
        page = store.versions(before=page[-1].number)
    if options.format == "json":
        print(keeper_text.history_json(records))
    else:
        print(keeper_text.history_text(records, desk.bundled.site.time_zone))
    return OK


def _restore(desk: Desk, options: argparse.Namespace) -> int:
    keeper = _keeper(options.who)
    live = desk.needed_store.live_number()
    number = desk.publisher.restore(options.version, keeper, expected_live=live, note=options.note)
    print(f"Version {number} is live. It is the same as version {options.version}.")
    return OK


def _export(desk: Desk, options: argparse.Namespace) -> int:
    number = options.version
    if number is None:
        number = desk.store.live_number() if desk.store else 0
    if options.format == "csv":
        table = desk.store.table(number) if desk.store else None
        data = table or snapshot.as_csv(desk.live.at(number).dataset.table)
    else:
        data = keeper_text.SHAPES[options.format](desk.live.at(number).dataset).encode()
    if options.out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        _write(options.out, data)
    return OK


_RUN: dict[str, Callable[[Desk, argparse.Namespace], int]] = {
    "validate": _validate,
    "publish": _publish,
    "history": _history,
    "restore": _restore,
    "export": _export,
}
KEEPER_COMMANDS = tuple(_RUN)


def _mode(options: argparse.Namespace) -> str:
    return ADD if options.add else REPLACE


def _keeper(name: str) -> Keeper:
    try:
        return command_line_keeper(name)
    except Refused as problem:
        raise _Stop(f"--who cannot be used. {problem}", USAGE) from problem


def _read(file: str, limits: Limits) -> tuple[bytes, str]:
    """Return the bytes of a file and its name; of one that is too large, enough to say so."""
    most = limits.max_bytes + 1
    if file == "-":
        return sys.stdin.buffer.read(most), "standard input"
    try:
        with Path(file).open("rb") as stream:
            return stream.read(most), Path(file).name
    except OSError as problem:
        raise _Stop(f"{file} cannot be read: {reason(problem)}.", USAGE) from problem


def _write(out: Path, data: bytes) -> None:
    """Write the file whole or not at all."""
    beside = out.with_name(f"{out.name}.new")
    try:
        beside.write_bytes(data)
        beside.replace(out)
    except OSError as problem:
        raise _Stop(f"{out} cannot be written: {reason(problem)}.", USAGE) from problem

"""The command `geocode FILE -o OUT`: fills the three columns of a position, and nothing else.

Owns what is said on the way and the exit code; must not know which service answers, nor let an
address out.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from clinics.cli.answer_file import AnswerFile
from clinics.cli.position_sheet import CannotFill, PositionSheet
from clinics.domain.data_files import reason
from clinics.domain.ports import Geocoder, StoreUnavailable
from clinics.domain.vocabulary import load_towns
from clinics.places.gazetteer import Gazetteer
from clinics.places.lookup import Lookup, Progress, placed_by_area
from clinics.settings import Settings, read_settings

OK, NO, USAGE = 0, 1, 2
LINE_EVERY = 25
"""Where nobody watches, as in a job's log, progress is a line for this many addresses."""

NAME_CHARACTERS = 40

GeocoderOf = Callable[[Settings], Geocoder | None]
Commands = argparse._SubParsersAction  # argparse has no public name for it
STREET_NEEDS = ("address", "city", "state")
AREA_NEEDS = ("city", "state")


class _Stop(Exception):
    """The command ends here: one sentence and an exit code."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


def add_parser(commands: Commands[Any]) -> None:
    """Add the command to the others."""
    says = "look up the street addresses of a clinic file and fill in exact positions"
    command = commands.add_parser("geocode", help=says, description=f"{says.capitalize()}.")
    command.add_argument("file", metavar="FILE", type=Path, help="a clinic file in our columns")
    command.add_argument("-o", "--out", metavar="OUT", type=Path, required=True, help="the result")
    offline = "only the centers of ZIP codes and towns; asks no service"
    command.add_argument("--offline", action="store_true", help=offline)
    command.add_argument("--format", choices=("text",), default="text")


def run(options: argparse.Namespace, geocoder_of: GeocoderOf) -> int:
    """Write OUT, say what came of it, and return the exit code: 0 all done, 1 not all, 2 usage.

    Answers are kept in a file beside OUT, so that a run that was stopped goes on where it was.
    Raises SettingsError and DataFileError for what is wrong around it.
    """
    settings = read_settings(os.environ)
    try:
        sheet = _read(options)
        geocoder = None if options.offline else _geocoder(settings, geocoder_of)
        gazetteer = Gazetteer(load_towns(settings.data_dir))
        problems = list(sheet.problems)
        if geocoder is not None:
            problems += _look_up(sheet, gazetteer, geocoder, options.out)
        problems += _place(sheet, gazetteer)
        _write(options.out, sheet.written())
    except KeyboardInterrupt:
        print("Stopped. Nothing was written.", file=sys.stderr)
        return NO
    except (_Stop, CannotFill, StoreUnavailable) as stop:
        print(stop, file=sys.stderr)
        return stop.code if isinstance(stop, _Stop) else NO
    print("\n".join([*problems, f"Written: {options.out.name}"]))
    return NO if problems else OK


def _read(options: argparse.Namespace) -> PositionSheet:
    file, out = options.file, options.out
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise _Stop(f"-o needs a file in a folder that is there; it has “{out}”.", USAGE)
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise _Stop(f"{file} cannot be read: {reason(problem)}.", USAGE) from problem
    return PositionSheet(data, AREA_NEEDS if options.offline else STREET_NEEDS)


def _geocoder(settings: Settings, geocoder_of: GeocoderOf) -> Geocoder:
    geocoder = geocoder_of(settings)
    if geocoder is None:
        raise _Stop(
            "Street addresses are not looked up here, because CLINICS_GEOCODER_URL is none. "
            "Set it, or use --offline for ZIP codes and towns only.",
            NO,
        )
    return geocoder


def _look_up(
    sheet: PositionSheet, gazetteer: Gazetteer, geocoder: Geocoder, out: Path
) -> list[str]:
    """Look up what the sheet needs, as far as it goes, and return what was not found."""
    answers = AnswerFile(out.with_name(f"{out.name}.answers"))
    lookup = Lookup(sheet.table, gazetteer, geocoder, answers)
    stopped = _watched(lookup, _Shown(sys.stderr))
    located = lookup.located()
    sheet.table = located.table
    print(located.summary)
    if stopped:
        again = "Run the same command again to go on; what was found is not asked again."
        print(f"{stopped} {again}", file=sys.stderr)
    failed = sorted((*located.missing, *located.refused), key=lambda answer: answer.row)
    said = [
        f"Row {sheet.numbers[answer.row]}, {_plain(answer.name) or 'no name'}: {answer.sentence}"
        for answer in failed
    ]
    return [*said, *([f"{located.left} not looked up yet."] if located.left else [])]


def _watched(lookup: Lookup, shown: _Shown) -> str:
    """Run the look-up to its end, and return why it stopped early, or ""."""
    try:
        for progress in lookup:
            shown.show(progress)
    except KeyboardInterrupt:
        return "Stopped."
    finally:
        shown.end()
    return lookup.trouble


class _Shown:
    """Progress on a stream: one line that is rewritten on a terminal, else a line now and then."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rewrites = stream.isatty()
        self._begun = False

    def show(self, now: Progress) -> None:
        """Show how far the look-up is."""
        if not self._begun and now.total:
            what, least = _many(now.total, "address", "es"), math.ceil(now.total / 60)
            self._print(f"Looking up {what}, one a second: about {_many(least, 'minute')}.")
        self._begun = True
        counts = f"found {now.found}, not known {now.missing}, too far {now.refused}"
        line = f"{now.done} of {now.total}: {counts}"
        if self._rewrites:
            self._stream.write(f"\r\x1b[K{line}  {_plain(now.name)}")
            self._stream.flush()
        elif now.done and (now.done % LINE_EVERY == 0 or not now.name):
            self._print(line)

    def end(self) -> None:
        """Leave the line that was rewritten."""
        if self._rewrites and self._begun:
            self._print("")

    def _print(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


def _place(sheet: PositionSheet, gazetteer: Gazetteer) -> list[str]:
    """Fill what is still empty with ZIP and town centers, and return what cannot be placed."""
    sheet.table, unplaced = placed_by_area(sheet.table, gazetteer)
    sentence = "it cannot be put on the map. It needs coordinates, a known ZIP or a known town."
    return [f"Row {sheet.numbers[place]}: {sentence}" for place in unplaced]


def _write(out: Path, data: bytes) -> None:
    """Write the result whole or not at all."""
    beside = out.with_name(f"{out.name}.new")
    try:
        beside.write_bytes(data)
        beside.replace(out)
    except OSError as problem:
        raise _Stop(f"{out} cannot be written: {reason(problem)}.", NO) from problem


def _many(number: int, noun: str, ending: str = "s") -> str:
    return f"{number:,} {noun}{'' if number == 1 else ending}"


def _plain(name: str) -> str:
    """Return the name without what a terminal would obey."""
    plain = "".join(c for c in name if c.isprintable())
    return plain if len(plain) <= NAME_CHARACTERS else plain[: NAME_CHARACTERS - 1] + "…"

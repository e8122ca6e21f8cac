"""The command `geocode FILE -o OUT`: fill in exact positions, and leave every other cell alone.

It must not know which service answers, nor let an address out.
"""

from __future__ import annotations

import argparse
import codecs
import math
import sys
from pathlib import Path
from typing import Any, TextIO

from clinics import bootstrap
from clinics.cli.desk import NO, OK, USAGE, Commands, Desk, Stop, read_file, write_file
from clinics.domain.csv_text import csv_text
from clinics.domain.ports import FoundAddress, Geocoder
from clinics.domain.words import counted, plural
from clinics.intake.check import FEDERAL, Checked, check
from clinics.intake.column_names import places_of
from clinics.intake.csv_file import layout_of, records
from clinics.intake.decoding import read_text
from clinics.intake.notices import KINDS, Findings, Notice, Severity, Stage
from clinics.places.lookup import Located, Lookup, Progress

LINE_EVERY = 25
"""Where nobody watches, as in a job's log, progress is a line for this many addresses."""

NAME_CHARACTERS = 40
FILLED = ("latitude", "longitude", "location_precision")


def add_parser(commands: Commands[Any]) -> None:
    """Add the command to the others."""
    says = "look up the street addresses of a clinic file and fill in exact positions"
    command = commands.add_parser("geocode", help=says, description=f"{says.capitalize()}.")
    command.add_argument("file", metavar="FILE", help="a clinic file in our columns")
    command.add_argument("-o", "--out", metavar="OUT", type=Path, required=True, help="the result")
    offline = "only the centers of ZIP codes and towns; asks no service"
    command.add_argument("--offline", action="store_true", help=offline)
    command.add_argument("--format", choices=("text",), default="text")


def run(desk: Desk, options: argparse.Namespace) -> int:
    """Write OUT, say what came of it, and return the exit code: 0 all done, 1 not all.

    Answers are kept in the store, so that a run that was stopped goes on where it was.
    """
    out: Path = options.out
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise Stop(f"-o needs a file in a folder that is there; it has “{out}”.", USAGE)
    try:
        data, _ = read_file(options.file, desk.rules.limits)
        checked = _checked(data, desk)
        located = None if options.offline else _looked_up(desk, checked, out)
        write_file(out, _filled(data, checked, located), NO)
    except KeyboardInterrupt:
        raise Stop("Stopped. Nothing was written.") from None
    problems = [*_left_out(checked), *(_left_rough(checked, located) if located else ())]
    print("\n".join([*problems, f"Written: {out.name}"]))
    return NO if problems else OK


def _checked(data: bytes, desk: Desk) -> Checked:
    """Return the rows that can be used; the command ends where the file could not be kept whole."""
    checked = check(data, desk.rules)
    if checked.layout == FEDERAL:
        raise Stop(
            "This is a file of the federal directory. Upload it as it is; to look up exact "
            "addresses, export the directory afterwards and use that file."
        )
    errors = _errors(checked)
    whole = [n for n in errors if KINDS[n.code].stage < Stage.ROW or n.code == "row_broken_quotes"]
    if whole or checked.table.empty:
        raise Stop("\n".join(n.message for n in whole or errors))
    return checked


def _errors(checked: Checked) -> list[Notice]:
    return [n for n in checked.report.notices if n.severity is Severity.ERROR]


def _geocoder(desk: Desk, checked: Checked) -> Geocoder:
    geocoder = bootstrap.chosen_listings_geocoder(desk.settings)
    if geocoder is None:
        raise Stop(
            "Street addresses are not looked up here, because CLINICS_LISTINGS_GEOCODER_URL "
            "or CLINICS_GEOCODER_URL is none. "
            "Set the first, or use --offline for ZIP codes and towns only."
        )
    if "address" not in checked.columns:
        raise Stop("The column “address” is missing. It is needed.")
    return geocoder


def _looked_up(desk: Desk, checked: Checked, out: Path) -> Located:
    """Look up what the rows need, as far as it goes, and say how far that was."""
    lookup = Lookup(
        checked.table, desk.bundled.gazetteer, _geocoder(desk, checked), desk.store or _Nowhere()
    )
    stopped = _watched(lookup, _Shown(sys.stderr))
    located = lookup.located()
    print(located.summary)
    if stopped:
        again = "Run the same command again" if desk.store else f"Run it again on {out.name}"
        print(f"{stopped} {again} to go on; what was found is not asked again.", file=sys.stderr)
    return located


class _Nowhere:
    """Keeps no answers, where no store is configured."""

    def address(self, _key: str) -> None:
        """Return None."""

    def remember_address(self, _key: str, _found: FoundAddress) -> None:
        """Keep nothing."""


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
            what = counted(now.total, "address", "addresses")
            minutes = counted(math.ceil(now.total / 60), "minute")
            self._print(f"Looking up {what}, one a second: about {minutes}.")
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


def _filled(data: bytes, checked: Checked, located: Located | None) -> bytes:
    """Return the file with positions where it had none, or where an exact one was found.

    Rows with an error, order, delimiter, line ends and all other cells stay as they are; columns
    that are missing come at the end.
    """
    text = read_text(data, Findings(0)) or ""
    delimiter, header_row = layout_of(text)
    rows = [list(line.cells or ()) for line in records(text, delimiter)]
    header = rows[header_row - 1]
    header += [name for name in FILLED if name not in places_of(header, Findings(0))]
    places = [places_of(header, Findings(0))[name] for name in FILLED]
    for number, (position, is_exact) in _positions(checked, located).items():
        row = rows[number - 1]
        row += [""] * (len(header) - len(row))
        if is_exact or not any(row[place].strip() for place in places[:2]):
            for place, cell in zip(places, position, strict=True):
                row[place] = cell
    written = csv_text(rows, delimiter)
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return mark + (written if "\r\n" in text else written.replace("\r\n", "\n")).encode()


def _positions(
    checked: Checked, located: Located | None
) -> dict[int, tuple[tuple[str, ...], bool]]:
    """Return the cells of FILLED by the number of the row, and whether they were just found."""
    table = located.table if located else checked.table
    found = {answer.row for answer in located.found} if located else set()
    cells = zip(*(table[name] for name in FILLED), strict=True)
    return {
        number: (position, row in found)
        for row, (number, position) in enumerate(zip(checked.numbers, cells, strict=True))
    }


def _left_out(checked: Checked) -> list[str]:
    """Say what is wrong in rows with an error, which stay as they are."""
    rows = checked.report.left_out
    stay = plural(rows, "has an error and stays as it is", "have errors and stay as they are")
    said = [f"{counted(rows, 'row')} {stay}."] if rows else []
    return [*(n.message for n in _errors(checked)), *said]


def _left_rough(checked: Checked, located: Located) -> list[str]:
    """Say which addresses were not found, and how many are still to be looked up."""
    failed = sorted((*located.missing, *located.refused), key=lambda answer: answer.row)
    said = [
        f"Row {checked.numbers[answer.row]}, {_plain(answer.name) or 'no name'}: {answer.sentence}"
        for answer in failed
    ]
    return [*said, *([f"{located.left} not looked up yet."] if located.left else [])]


def _plain(name: str) -> str:
    """Return the name without what a terminal would obey."""
    plain = "".join(c for c in name if c.isprintable())
    return plain if len(plain) <= NAME_CHARACTERS else plain[: NAME_CHARACTERS - 1] + "…"

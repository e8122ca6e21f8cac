"""The commands of keepers: validate, publish, history, restore, export.

They must not know which store keeps the versions.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clinics import bootstrap
from clinics.cli import text as keeper_text
from clinics.cli.desk import NO, OK, USAGE, Commands, Desk, Stop, read_file, write_file
from clinics.domain.columns import NAMES
from clinics.domain.kinds import first_day
from clinics.domain.ports import Upload, VersionRecord
from clinics.intake.check import OWN
from clinics.intake.column_names import Matching, folded, unmatched
from clinics.intake.mending import MendedCell, mended, sure
from clinics.intake.progress import line_on
from clinics.publishing import snapshot
from clinics.publishing.access import COMMAND_LINE, Keeper, Refused, command_line_keeper
from clinics.publishing.candidate import Candidate, make_candidate
from clinics.publishing.diff import GONE, REACHED
from clinics.publishing.last_link import LastLink, remember
from clinics.publishing.merge import ADD, ASK, REPLACE
from clinics.publishing.plans import Plan
from clinics.publishing.three_way import FILE, LIVE, Choices
from clinics.publishing.workbook import as_xlsx

XLSX = "xlsx"


def add_parsers(commands: Commands[Any]) -> None:
    """Add the commands to the others."""
    one = _command(commands, "validate", "say what is wrong in a clinic file")
    _add_file(one)
    one.add_argument("--format", choices=("text", "json"), default="text")
    sure_help = "write the file again with every cell mended that can only mean one thing"
    one.add_argument("--mend", metavar="OUT", type=Path, help=sure_help)
    one = _command(commands, "publish", "check a clinic file and make it what visitors see")
    _add_file(one)
    one.add_argument("--note", required=True, metavar="TEXT", help="what it is, for the history")
    large = "publish even if many clinics disappear or change telephone or position"
    one.add_argument("--allow-large-change", action="store_true", help=large)
    allow = "publish even if these columns change much: their names, with commas between; also gone"
    one.add_argument("--allow", default="", metavar="NAMES", type=_names, help=allow)
    both = "which counts where a cell was changed in the file and live since it was made"
    one.add_argument("--conflicts", choices=(LIVE, FILE), default="", help=both)
    day = "the year, month or day of a federal file that does not say it, or unknown"
    one.add_argument("--edition", default=None, metavar="DATE", type=_edition, help=day)
    good = "leave out the rows with errors"
    one.add_argument("--good-rows-only", action="store_true", help=good)
    _add_who(one)
    one = _command(commands, "stage", "leave a clinic file for a keeper to look at and publish")
    _add_file(one)
    one = _command(commands, "drafts", "list the files that wait for a keeper, or forget one")
    one.add_argument("--forget", default="", metavar="ID", help="the file to forget, by its id")
    yes = "forget it; without this it is only said which file it is"
    one.add_argument("--yes", action="store_true", help=yes)
    _add_who(one)
    one = _command(commands, "history", "list every version that was published")
    cells = "csv: every cell that a version changed, with its source"
    one.add_argument("--format", choices=("table", "json", "csv"), default="table", help=cells)
    one = _command(commands, "restore", "make an older version the newest")
    one.add_argument("version", metavar="VERSION", type=_number, help="its number")
    one.add_argument("--note", default="", metavar="TEXT", help="why, for the history")
    _add_who(one)
    one = _command(commands, "export", "write the directory to a file")
    one.add_argument(
        "--version", metavar="VERSION", type=_number, help="its number; else the newest"
    )
    one.add_argument("-o", "--out", metavar="OUT", type=Path, help="the file; else the screen")
    one.add_argument("--format", choices=(*keeper_text.SHAPES, XLSX), default="csv")


def _command(commands: Commands[Any], name: str, says: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=says, description=f"{says.capitalize()}."
    )
    return command


def _add_file(command: argparse.ArgumentParser) -> None:
    _add_source(command)
    either = command.add_mutually_exclusive_group()
    add = "the file is not the whole directory: add and change only"
    either.add_argument("--add", action="store_true", help=add)
    whole = "the file is the whole directory: what is not in it disappears"
    either.add_argument("--whole", action="store_true", help=whole)
    sheet = "the sheet of a workbook, where several have our columns"
    command.add_argument("--sheet", default="", metavar="NAME", help=sheet)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(filter(None, (name.strip().casefold() for name in text.split(","))))
    for name in names:
        if name not in (*NAMES, GONE, REACHED):
            raise argparse.ArgumentTypeError(f"there is no column “{name}”")
    return names


def _matching(text: str) -> Matching:
    """Read "Tel=phone,Clinic=name"; nothing after the sign leaves a column out."""
    said = {}
    for part in filter(None, map(str.strip, text.split(","))):
        name, sign, column = map(str.strip, part.rpartition("="))
        if not (sign and folded(name)):
            raise argparse.ArgumentTypeError(f"it needs Tel=phone, and has “{part}”")
        if column.casefold() not in ("", *NAMES):
            raise argparse.ArgumentTypeError(f"there is no column “{column}”")
        said[folded(name)] = column.casefold()
    return Matching(tuple(said.items()))


def _edition(text: str) -> str:
    if text != "unknown" and first_day(text) is None:
        raise argparse.ArgumentTypeError(f"it needs 2026, 2026-03 or 2026-03-14, and has “{text}”")
    return "" if text == "unknown" else text


def _add_source(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="a clinic file (.csv, .tsv, .xlsx, .xls, .ods); - reads what is piped in",
    )
    said = "what columns are whose names are not ours: their name=ours, with commas between"
    command.add_argument("--columns", default=None, metavar="NAMES", type=_matching, help=said)
    link = "instead of FILE: a shared sheet or a file on the web"
    command.add_argument("--from", dest="link", metavar="URL", help=link)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"it needs a whole number, and has “{text}”")
    return int(text)


def _add_who(command: argparse.ArgumentParser) -> None:
    command.add_argument("--who", default=COMMAND_LINE, metavar="NAME", help="for the history")


def run(desk: Desk, options: argparse.Namespace) -> int:
    """Run one of the commands and return its exit code; what stops it is raised."""
    return _RUN[options.command](desk, options)


def _file(desk: Desk, options: argparse.Namespace) -> tuple[bytes, str]:
    """Return the bytes and the name of the file, from the disk or from a link."""
    if (options.file is None) == (options.link is None):
        raise Stop("Give either a FILE or --from with an address.", USAGE)
    if options.link is None:
        return read_file(options.file, desk.rules.limits)
    found = bootstrap.chosen_links(desk.settings).fetch(options.link)
    return found.data, found.filename


def _validate(desk: Desk, options: argparse.Namespace) -> int:
    data, name = _file(desk, options)
    directory = desk.live.current()
    if desk.live.trouble:
        print(desk.live.trouble, file=sys.stderr)
    upload = Upload(hashlib.sha256(data).hexdigest(), name, dt.datetime.now(dt.UTC), len(data))
    dataset = directory.dataset
    live = int(dataset.version.id), dataset.table
    remembered = desk.publisher.remembered if desk.store and not desk.live.trouble else unmatched
    found = make_candidate(upload, data, desk.rules, live, mode=_mode(options), sheet=options.sheet,
                           older=desk.publisher.table_or_none if desk.store else lambda _: None,
                           matched=lambda header: options.columns or remembered(header),
                           progress=line_on(sys.stderr, len(data)))  # fmt: skip
    _hold_to_columns(found, options)
    as_json = options.format == "json"
    cells = _sure(desk, found)
    print(keeper_text.check_json(found, cells) if as_json else keeper_text.check_text(found))
    if options.mend:
        _mend(data, found, cells, options.mend)
    return OK if found.report.publishable else NO


def _sure(desk: Desk, found: Candidate) -> tuple[MendedCell, ...]:
    is_own = found.checked.layout == OWN
    return sure(found.report, desk.bundled.vocabulary) if is_own else ()


def _mend(data: bytes, found: Candidate, cells: tuple[MendedCell, ...], out: Path) -> None:
    """Write the file again with what is sure mended; what that was goes to the error stream."""
    if cells:
        try:
            write_file(out, mended(data, cells, found.checked.sheet, found.checked.matching))
        except ValueError as problem:
            raise Stop(f"{problem} Mend that first; {out} is not written.", NO) from problem
    print(keeper_text.mended_text(cells, out.name), file=sys.stderr)


def _publish(desk: Desk, options: argparse.Namespace) -> int:
    keeper = _keeper(options.who)
    data, name = _file(desk, options)
    publisher = desk.publisher
    upload = publisher.stage(data, name)
    _remember_link(desk, options, name, keeper.name)
    found = publisher.candidate(
        upload.sha256, mode=_mode(options), good_rows_only=options.good_rows_only,
        choices=Choices(otherwise=options.conflicts), edition=options.edition,
        sheet=options.sheet, matching=options.columns, progress=line_on(sys.stderr, len(data)),
    )  # fmt: skip
    _hold_to_columns(found, options)
    said = keeper_text.findings_text(found)
    if said:
        print(said, file=sys.stderr)
    if found.is_same_as_live:
        print(found.refusal)
        return OK
    if found.is_undecided:
        raise Stop(f"{found.refusal} Add --add, or --whole.", NO)
    if found.asks_day:
        raise Stop(f"{found.refusal} Add --edition DATE, or --edition unknown.", NO)
    conflicts = keeper_text.conflicts_text(found)
    if conflicts and not options.conflicts:
        raise Stop(f"{conflicts}\n{found.refusal} Add --conflicts file, or --conflicts live.", NO)
    typed = _typed(found, options)
    number = publisher.publish(
        found, keeper, options.note, typed=typed, acknowledged=True, allowed=options.allow
    )
    print(keeper_text.published_text(number, found))
    return OK


def _stage(desk: Desk, options: argparse.Namespace) -> int:
    data, name = _file(desk, options)
    plan = Plan(mode=_mode(options), sheet=options.sheet, matching=options.columns)
    upload = desk.publisher.stage(data, name, plan)
    _remember_link(desk, options, name, COMMAND_LINE)
    waits = any(upload.sha256 == draft.sha256 for draft, _ in desk.publisher.drafts())
    said = (
        f"{name} waits for a keeper, under “Files that wait for somebody”, or at"
        if waits
        else "A version was made from this very file, so it is not listed again. It is at"
    )
    print(f"{said} /manage?upload={upload.sha256}")
    return OK


def _remember_link(desk: Desk, options: argparse.Namespace, name: str, who: str) -> None:
    """Let the page offer to fetch it again."""
    if options.link:
        link = LastLink(options.link.strip(), name, who, dt.datetime.now(dt.UTC))
        remember(desk.needed_store, link)


def _drafts(desk: Desk, options: argparse.Namespace) -> int:
    drafts = desk.publisher.drafts()
    if not options.forget:
        print(keeper_text.drafts_text(drafts, desk.bundled.site.time_zone))
        return OK
    keeper = _keeper(options.who)
    found = [upload for upload, _ in drafts if upload.sha256.startswith(options.forget.casefold())]
    if len(found) != 1:
        is_none = "No waiting file has that id." if not found else "Several have that id."
        raise Stop(f"{is_none} python -m clinics drafts lists them.", NO)
    if not options.yes:
        raise Stop(
            f"{found[0].filename} would be forgotten, and cannot be brought back. If that is "
            "right, add --yes.",
            NO,
        )
    upload = desk.publisher.forget(found[0].sha256, keeper)
    print(f"{upload.filename} is forgotten.")
    return OK


def _hold_to_columns(found: Candidate, options: argparse.Namespace) -> None:
    """Stop where --columns names a column that the file does not have."""
    names = {folded(name) for name in found.checked.header.names}
    missing = (
        [name for name, _ in options.columns.columns if name not in names]
        if options.columns and names
        else []
    )
    if missing:
        raise Stop(f"--columns names “{missing[0]}”, and the file has no such column.", USAGE)


def _typed(found: Candidate, options: argparse.Namespace) -> int | None:
    """Return the number to type where all that stops the file is allowed by name; else stop."""
    review = found.review
    allowed = {*options.allow, *(review.large if options.allow_large_change else ())}
    missing = [name for name in review.to_allow if name not in allowed]
    if found.publishable and missing:
        said = [review.breaker] if {*missing} & {*review.large} else []
        said += [brake.sentence for brake in review.brakes if brake.column in missing]
        only_large = {*missing} == {*review.large} and not review.brakes
        names = ",".join(dict.fromkeys([*review.to_allow]))
        add = "--allow-large-change" if only_large else f"--allow {names}"
        other = " If the file has only new and changed listings, add --add."
        raise Stop(
            f"{' '.join(said)} Nothing was changed. If that is right, add {add}."
            f"{other if review.gone and found.mode == REPLACE else ''}",
            NO,
        )
    return review.number_to_type or None


def _history(desk: Desk, options: argparse.Namespace) -> int:
    store = desk.needed_store
    if options.format == "csv":
        sys.stdout.buffer.write(desk.publisher.changes())
        sys.stdout.buffer.flush()
        return OK
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
    elif options.format == XLSX:
        directory = desk.live.at(number)
        data = as_xlsx(directory.dataset.table, directory.vocabulary, number)
    else:
        data = keeper_text.SHAPES[options.format](desk.live.at(number).dataset).encode()
    if options.out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_file(options.out, data)
    return OK


_RUN: dict[str, Callable[[Desk, argparse.Namespace], int]] = {
    "validate": _validate,
    "publish": _publish,
    "stage": _stage,
    "drafts": _drafts,
    "history": _history,
    "restore": _restore,
    "export": _export,
}
KEEPER_COMMANDS = tuple(_RUN)


def _mode(options: argparse.Namespace) -> str:
    """Return what the file is said to be; whoever allows that many go says it is the whole."""
    allows = getattr(options, "allow_large_change", False) or GONE in getattr(options, "allow", ())
    if options.add:
        return ADD
    return REPLACE if options.whole or allows else ASK


def _keeper(name: str) -> Keeper:
    try:
        return command_line_keeper(name)
    except Refused as problem:
        raise Stop(f"--who cannot be used. {problem}", USAGE) from problem

"""The command `look-up`: ask the public sources that are switched on, and leave proposals.

It publishes nothing: a keeper decides on each proposal on the page Manage.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from clinics import bootstrap
from clinics.cli.desk import NO, OK, USAGE, Commands, Desk, Stop
from clinics.directory import today_at
from clinics.domain.columns import BY_NAME
from clinics.domain.sources import Proposed, Source, SourceRefused
from clinics.domain.words import capital
from clinics.publishing.looking import Looked, listings_of, look
from clinics.publishing.proposals import GONE, NEW, SAME, body_of

NONE_ON = (
    "No public source is switched on, so nothing was asked. CLINICS_FINDTREATMENT_URL=on asks "
    "FindTreatment.gov for its list of the states of the service area; nothing of this directory "
    "or its visitors is sent. CLINICS_WEBSITES=on reads the page that each listing names as its "
    "own; nothing of visitors is sent. CLINICS_NPI_URL=on asks the national provider registry for "
    "listings by NPI or name, and CLINICS_CMS_URL=on asks Medicare's data who bills for Spravato."
)


def add_parser(commands: Commands[Any]) -> None:
    """Add the command to the others."""
    says = "ask public sources what has changed, and leave proposals for a keeper"
    command = commands.add_parser("look-up", help=says, description=f"{says.capitalize()}.")
    command.add_argument("--source", default="", metavar="ID", help="only this source")
    command.add_argument("--only", default="", metavar="LISTING", help="only this listing's id")
    command.add_argument("--dry-run", action="store_true", help="print proposals, keep none")
    probe = "one small question a source: does it still answer as expected?"
    command.add_argument("--probe", action="store_true", help=probe)


def run(desk: Desk, options: argparse.Namespace) -> int:
    """Ask, say what came of it, and return the exit code: 1 where a source gave trouble."""
    sources = _chosen(desk, options.source)
    if options.probe:
        return max([_probe(source) for source in sources])
    store, dataset = desk.needed_store, desk.live.current().dataset
    if options.only and options.only not in dataset.row_of:
        raise Stop(f"There is no listing with the id “{options.only}”.", USAGE)
    listings, today = listings_of(dataset.table), today_at(desk.bundled.site)
    code = OK
    for source in sources:
        found = look(
            source, store, listings, today, _tell, only=options.only, is_dry=options.dry_run
        )
        print(_text(found, dry=options.dry_run))
        code = NO if found.trouble else code
    return code


def _chosen(desk: Desk, id: str) -> list[Source]:
    sources = bootstrap.chosen_sources(desk.settings, desk.bundled, desk.live.current)
    if not sources:
        raise Stop(NONE_ON)
    chosen = [source for source in sources if id in ("", source.id)]
    if not chosen:
        ids = ", ".join(source.id for source in sources)
        raise Stop(f"--source needs one that is switched on: {ids}.", USAGE)
    return chosen


def _probe(source: Source) -> int:
    try:
        print(f"{capital(source.label)}: {source.probe()}")
    except SourceRefused as refused:
        print(refused, file=sys.stderr)
        return NO
    return OK


def _tell(share: float, doing: str) -> None:
    if sys.stderr.isatty():
        print(f"{share:4.0%} {doing}", file=sys.stderr)


def _text(found: Looked, *, dry: bool) -> str:
    lines = [found.sentence, *found.remarks]
    if dry:
        lines += [_line(proposed) for proposed in found.found]
        lines.append("Nothing was kept.")
    elif found.found:
        lines.append("They wait for a keeper on the page Manage, under “Look for changes”.")
    return "\n".join(lines)


def _line(proposed: Proposed) -> str:
    body = body_of(proposed)
    of_all = {SAME: "maybe the same as", NEW: "new", GONE: "a note to call"}
    column = of_all.get(proposed.field) or BY_NAME[proposed.field].name
    return f"{proposed.clinic_id or '-'}: {column}: {body.now or 'not stated'} -> {body.value}"

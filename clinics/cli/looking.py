"""The command `look-up`: ask the public sources that are switched on, and leave proposals.

It publishes nothing: a keeper decides on each proposal on the page Manage. With `--write` it keeps
no proposal, and writes a clinic file for a person to look at.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from clinics import bootstrap
from clinics.cli.desk import NO, OK, USAGE, Commands, Desk, Stop, write_file
from clinics.directory import today_at
from clinics.domain.columns import BY_NAME
from clinics.domain.ports import Upload
from clinics.domain.sources import Probed, Proposed, Source, SourceRefused
from clinics.domain.words import capital, counted
from clinics.publishing.candidate import make_candidate
from clinics.publishing.edits import edited_table
from clinics.publishing.looking import Looked, listings_of, look
from clinics.publishing.proposals import GONE, NEW, SAME, body_of, edits_of
from clinics.publishing.snapshot import as_csv
from clinics.publishing.sure import rewritten, sorted_out, summary

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
    writes = "keep no proposal, and write a clinic file in which sure gaps are filled"
    command.add_argument("--write", type=Path, metavar="FILE", help=writes)
    says = "with --write: what was filled and what was not, as Markdown"
    command.add_argument("--summary", type=Path, metavar="FILE", help=says)
    probe = "one small question a source: does it still answer as expected?"
    command.add_argument("--probe", action="store_true", help=probe)


def run(desk: Desk, options: argparse.Namespace) -> int:
    """Ask, say what came of it, and return the exit code: 1 where a source gave trouble."""
    sources = _chosen(desk, options.source)
    if options.probe:
        geocoder = None if options.source else bootstrap.probed_geocoder(desk.settings)
        return max([_probe(one) for one in (*sources, geocoder) if one])
    if options.write:
        return _write(desk, options, sources)
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


def _write(desk: Desk, options: argparse.Namespace, sources: Sequence[Source]) -> int:
    """Fill sure gaps of the data folder's clinics, as the file that a person then looks at.

    It is written only where something is filled, and only as any file that is checked.
    What was rejected in the store, where there is one, is not filled.
    """
    store, today = desk.store or bootstrap.passing_store(), today_at(desk.bundled.site)
    table = desk.bundled.dataset.table
    live = {listing["id"]: listing for listing in listings_of(table)}
    looks = [
        look(one, store, list(live.values()), today, _tell, only=options.only, is_dry=True)
        for one in sources
    ]
    parts = sorted_out([one for found in looks for one in found.found], live, today)
    edits = edits_of(parts.sure, live, desk.bundled.vocabulary.fact_sources)
    warnings: tuple[str, ...] = ()
    if edits.changes:
        data, warnings = _checked(desk, edited_table(table, edits.changes))
        write_file(options.write, data)
    said = [line for found in looks for line in (found.sentence, *found.remarks)]
    if options.summary:
        write_file(options.summary, summary(said, warnings, parts, live).encode())
    print("\n".join([*said, *warnings, f"{counted(len(parts.sure), 'gap')} filled in."]))
    return NO if any(found.trouble for found in looks) else OK


def _checked(desk: Desk, table: pd.DataFrame) -> tuple[bytes, tuple[str, ...]]:
    """Return a changed table as a file, and what would make a keeper look twice at it.

    Ends the command where no keeper could publish it.
    """
    data, live = as_csv(table), desk.bundled.dataset.table
    sha256, now = hashlib.sha256(data).hexdigest(), dt.datetime.now(dt.UTC)
    upload = Upload(sha256, "look-up.csv", now, len(data))
    found = make_candidate(upload, data, desk.rules, (0, live), is_edit=True)
    if found.refusal:
        raise Stop(f"Nothing was written. {found.refusal}")
    review = found.review
    warnings = (review.breaker, *(brake.sentence for brake in review.brakes))
    file = desk.settings.data_dir / "clinics.csv"
    return rewritten(file.read_bytes(), live, found.table), tuple(filter(None, warnings))


def _chosen(desk: Desk, id: str) -> list[Source]:
    sources = bootstrap.chosen_sources(desk.settings, desk.bundled, desk.live.current)
    if not sources:
        raise Stop(NONE_ON)
    chosen = [source for source in sources if id in ("", source.id)]
    if not chosen:
        ids = ", ".join(source.id for source in sources)
        raise Stop(f"--source needs one that is switched on: {ids}.", USAGE)
    return chosen


def _probe(source: Probed) -> int:
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

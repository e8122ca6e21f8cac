"""The command line: `python -m clinics search --near 20912 --condition ptsd`.

Errors are one sentence on the error stream.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from clinics import bootstrap
from clinics.cli import backup, folder, geocode, keeper, looking
from clinics.cli.desk import NO, OK, USAGE, Desk, Stop
from clinics.directory import BrokenDataset, Directory, languages_of, today_at
from clinics.domain.data_files import DataFileError
from clinics.domain.language import speaking
from clinics.domain.ports import BackupRefused, LinkRefused, LiveMoved, PlaceError, StoreUnavailable
from clinics.domain.site import load_site
from clinics.domain.vocabulary import load_vocabulary
from clinics.domain.words import counted
from clinics.explainer.check import check_content
from clinics.explainer.files import load_explainer
from clinics.explainer.reading import CannotMeasure
from clinics.explainer.twins import check_translation
from clinics.places.find import PlaceAnswer, find_place
from clinics.present import export
from clinics.publishing.access import one_time_token
from clinics.publishing.candidate import NoSuchUpload, NotPublishable
from clinics.publishing.live import CannotShow
from clinics.search.query import PARAMETERS, Parameter, Query, parse_query, reach_of
from clinics.search.search import Results, search
from clinics.settings import Settings, SettingsError, read_settings

_METAVARS = {"near": "PLACE", "within": "MILES", "q": "TEXT"}
FORMATS = ("table", "json", "csv", "geojson")
_EXPECTED = (
    Stop, SettingsError, DataFileError, BrokenDataset, CannotMeasure, NotPublishable,
    NoSuchUpload, LiveMoved, StoreUnavailable, CannotShow, BackupRefused,
    LinkRefused,
)  # fmt: skip


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Stop(f"{message[:1].upper()}{message[1:]}. See {self.prog} --help.", USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        options = _parser().parse_args(arguments)
        if options.command == "new-token":
            return _new_token()
        if options.command == "geocode":
            return geocode.run(Desk.set_up(), options)
        if options.command == "look-up":
            return looking.run(Desk.set_up(), options)
        if options.command in keeper.KEEPER_COMMANDS:
            return keeper.run(Desk.set_up(), options)
        if options.command in folder.COMMANDS:
            return folder.run(options)
        if options.command in backup.COMMANDS:
            return backup.run(Desk.set_up(), options)
        return _check_content() if options.command == "check-content" else _search(options)
    except _EXPECTED as problem:
        print(problem, file=sys.stderr)
        return problem.code if isinstance(problem, Stop) else NO
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m clinics", description="The clinic directory.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    command = commands.add_parser("search", help="find clinics", description="Find clinics.")
    for parameter in PARAMETERS.values():
        if parameter.name != "clinic":
            _add(command, parameter)
    command.add_argument("--limit", type=int, metavar="N", help="at most this many clinics")
    command.add_argument("--format", choices=FORMATS, default="table")
    makes = "make a publishing token and the setting that takes it"
    commands.add_parser("new-token", help=makes, description=f"{makes.capitalize()}.")
    checks = "check the explainer: cited, graded alike, plain"
    commands.add_parser("check-content", help=checks, description=f"{checks.capitalize()}.")
    geocode.add_parser(commands)
    looking.add_parser(commands)
    keeper.add_parsers(commands)
    backup.add_parsers(commands)
    folder.add_parsers(commands)
    return parser


def _add(command: argparse.ArgumentParser, parameter: Parameter) -> None:
    option = f"--{parameter.name}"
    if parameter.choices:
        command.add_argument(option, choices=parameter.choices, help=parameter.meaning)
    elif parameter.repeatable:
        repeated = f"{parameter.meaning} May be repeated."
        command.add_argument(option, action="append", metavar="ID", help=repeated)
    else:
        metavar = "ID" if parameter.column else _METAVARS[parameter.name]
        command.add_argument(option, metavar=metavar, help=parameter.meaning)


def _new_token() -> int:
    token, sha256 = one_time_token()
    print(f"Token, for the keepers: {token}\nCLINICS_PUBLISH_TOKEN_SHA256={sha256}")
    return OK


def _check_content() -> int:
    data = read_settings(os.environ).data_dir
    explainer, site = load_explainer(data), load_site(data)
    vocabulary, today = load_vocabulary(data), today_at(site)
    findings = list(check_content(explainer, vocabulary, today, site.approvals_as_of))
    for language in languages_of(data):
        with speaking(language):
            own = (load_explainer(data), load_vocabulary(data))
        findings += check_translation(language, own, (explainer, vocabulary))
    for finding in findings:
        print(f"{finding.severity} {finding.where}: {finding.message}")
    errors = sum(finding.is_error for finding in findings)
    said = f"{counted(errors, 'error')}, {counted(len(findings) - errors, 'note')}"
    print(f"{said} in {len(explainer.topics)} topics")
    return NO if errors else OK


def _search(options: argparse.Namespace) -> int:
    desk = Desk.set_up()
    directory = _directory(desk)
    query = _query(options, directory)
    answer = _answer(options.near, directory, desk.settings)
    place = answer.place if answer else None
    if place:
        query = replace(query, near=place.param)  # never the address that was typed
    if answer and answer.within and options.within is None:
        query = replace(query, within=reach_of(answer.within))
    if options.limit is not None and options.limit < 1:
        raise Stop("--limit needs a number of 1 or more.", USAGE)
    results = search(directory.dataset, query, place, limit=options.limit, facets=False)
    print(_printed(results, directory, options.format))
    return OK


def _directory(desk: Desk) -> Directory:
    """Return what visitors see now; where the store is down, say so and return the bundled."""
    directory = desk.live.current()
    if desk.live.trouble:
        version = directory.dataset.version.id
        print(f"{desk.live.trouble} This is version {version}.", file=sys.stderr)
    return directory


def _query(options: argparse.Namespace, directory: Directory) -> Query:
    params: dict[str, list[str]] = {}
    for name in PARAMETERS:
        value = getattr(options, name, None)
        if value is not None and name != "near":
            params[name] = value if isinstance(value, list) else [value]
    query, problems = parse_query(params, directory.vocabulary, bands_only=False)
    if problems:
        raise Stop(" ".join(problem.message for problem in problems), USAGE)
    return query


def _answer(near: str | None, directory: Directory, settings: Settings) -> PlaceAnswer | None:
    if near is None:
        return None
    try:
        answer = find_place(near, directory.gazetteer, bootstrap.chosen_geocoder(settings))
    except PlaceError as problem:
        raise Stop(str(problem), NO) from problem
    if answer.place is None:
        names = "; ".join(place.name for place in answer.choices)
        raise Stop(f"{answer.note} For example: {names}.", NO)
    if answer.note:
        print(answer.note, file=sys.stderr)
    return answer


def _printed(results: Results, directory: Directory, shape: str) -> str:
    if shape == "json":
        return export.dumps(
            export.as_json(results, directory.dataset.version, directory.vocabulary)
        )
    if shape == "geojson":
        return export.dumps(export.as_geojson(results))
    if shape == "csv":
        return export.as_csv(results).rstrip("\r\n")
    return export.as_table(results, directory.vocabulary, today_at(directory.site))

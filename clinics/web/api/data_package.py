"""The published list and its changes for download, described as a Data Package (Table Schema)."""

from __future__ import annotations

import hashlib
import threading
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clinics.directory import BrokenDataset, Directory
from clinics.domain import field_sources
from clinics.domain.columns import COLUMNS, SEPARATOR, Column
from clinics.domain.csv_text import safe_csv_text
from clinics.domain.data_files import reason
from clinics.domain.kinds import YES_OR_NO
from clinics.domain.vocabulary import Vocabulary
from clinics.present.export import Json
from clinics.publishing import change_log
from clinics.publishing.snapshot import rows_of
from clinics.search.dataset import Dataset
from clinics.web.api.answers import CSV, JSON, dumps
from clinics.web.api.request import Reader
from clinics.web.endpoint import OpenEndpoint
from clinics.web.http_cache import Answer, Answers, respond
from clinics.web.refusals import NOT_FOUND, UNAVAILABLE, Refused
from clinics.web.service import Service

LIST, DESCRIPTION = "/data/clinics.csv", "/data/datapackage.json"
CHANGES = "/data/changes.csv"
_MEANINGS = (
    "Version, listing and field", "The listing",
    "What changed: a column, or id where a whole listing came or went",
    "The cell before; empty where the listing does not state it any more",
    "The cell after; empty where the listing does not state it any more",
    "Who says so, by the ids of the sources", "Where", "Of what day",
    "A keeper of the directory; nobody is named", "When the version was published, in UTC",
)  # fmt: skip
"""What the columns of the changes mean, in their order."""


def no_changes() -> bytes:
    """Return the changes of a service that keeps no versions."""
    return change_log.empty_csv().encode()


@dataclass(frozen=True)
class Download:
    """The files, each made once a version."""

    service: Service
    folder: Path
    answers: Answers
    made: Callable[[], bytes] = no_changes
    _making: threading.Lock = field(default_factory=threading.Lock)

    def clinics(self, request: Request) -> Response:
        """Answer with the whole list."""
        Reader(request, ()).end()
        return respond(request, self._list(self.service.directory()))

    def description(self, request: Request) -> Response:
        """Answer with what the list is and what its columns mean."""
        Reader(request, ()).end()
        directory = self.service.directory()

        def make() -> Answer:
            return Answer(dumps(package(directory, self._list(directory), self.folder)), JSON)

        return respond(request, self.answers.get(directory, DESCRIPTION, make))

    def changes(self, request: Request) -> Response:
        """Answer with what every version changed."""
        Reader(request, ()).end()
        return respond(request, self._changes(self.service.directory()))

    def _list(self, directory: Directory) -> Answer:
        return self.answers.get(directory, LIST, partial(list_of, directory.dataset))

    def _changes(self, directory: Directory) -> Answer:
        """Return the changes; to make them reads every version, so one request at a time does."""

        def make() -> Answer:
            if not self._making.acquire(blocking=False):
                said = "The list of changes is being made. Try again in a minute."
                raise Refused(UNAVAILABLE, detail=said, headers={"Retry-After": "60"})
            try:
                return Answer(self.made(), CSV, _named("changes.csv"))
            finally:
                self._making.release()

        return self.answers.get(directory, CHANGES, make)


def routes(
    service: Service, folder: Path, changes: Callable[[], bytes] = no_changes
) -> list[Route]:
    """Return the routes; `folder` holds `package.toml`, `changes` returns what versions changed."""
    # A large list is worth keeping, since to make it takes longer than anything else here.
    download = Download(service, folder, Answers(most=3), changes)
    handlers: dict[str, Callable[[Request], Response]] = {
        LIST: download.clinics,
        CHANGES: download.changes,
        DESCRIPTION: download.description,
        "/data/{path:path}": _nothing,
    }
    return [Route(path, OpenEndpoint(handler)) for path, handler in handlers.items()]


def list_of(dataset: Dataset) -> Answer:
    """Return the whole list as CSV, also of closed clinics; no cell runs in a spreadsheet."""
    return Answer(safe_csv_text(rows_of(dataset.table)).encode(), CSV, _named("clinics.csv"))


def _named(file: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{file}"'}


def package(directory: Directory, clinics: Answer, folder: Path) -> Json:
    """Return the description (Data Package 1.0); raises BrokenDataset for a faulty package.toml."""
    version = directory.dataset.version
    published = {"created": f"{version.published}T00:00:00Z"} if version.published else {}
    about = _about(folder / "package.toml", directory.site.title)
    sources = about.pop("sources", [])
    sources = sources if isinstance(sources, list) else []
    return {
        "profile": "tabular-data-package",
        **about,
        "sources": [*sources, *_fact_sources(directory)],
        "version": version.id,
        **published,
        "resources": [
            {**_resource("clinics", table_schema(directory.vocabulary)), **_sums(clinics)},
            _resource("changes", _changes_schema()),  # to sum it up is to read every version
        ],
    }


def _sums(file: Answer) -> Json:
    digest = hashlib.sha256(file.body).hexdigest()
    return {"bytes": len(file.body), "hash": f"sha256:{digest}"}


def _resource(name: str, schema: Json) -> Json:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "schema": schema,
    }


def _changes_schema() -> Json:
    said = zip(change_log.HEADER, _MEANINGS, strict=True)
    fields = [{"name": name, "type": "string", "description": f"{what}."} for name, what in said]
    return {"fields": fields, "missingValues": [""]}


def _fact_sources(directory: Directory) -> Iterator[Json]:
    """Yield whom single facts of the list are from, with the words they ask for."""
    cells = directory.dataset.table[field_sources.COLUMN].unique()
    ids = {said.source for cell in cells for said in field_sources.read(cell).values()}
    for id, one in directory.vocabulary.fact_sources.items():
        if id in ids:
            title = "; ".join(filter(None, (one.label, one.attribution, one.license)))
            yield {"title": title, **({"path": one.page("")} if one.page("") else {})}


def table_schema(vocabulary: Vocabulary) -> Json:
    """Return the Table Schema of a published list, one field for each column."""
    return {
        "fields": [_field(column, vocabulary) for column in COLUMNS],
        "missingValues": [""],
        "primaryKey": ["id"],
    }


def _field(column: Column, vocabulary: Vocabulary) -> Json:
    more: Json = {}
    if column.kind is YES_OR_NO:
        more = {"trueValues": ["yes"], "falseValues": ["no"]}
    constraints = _constraints(column, vocabulary)
    said: Json = {"name": column.name, "type": column.kind.type, **more}
    said |= {"description": f"{column.meaning}.", "example": vocabulary.example(column)}
    return said | ({"constraints": constraints} if constraints else {})


def _constraints(column: Column, vocabulary: Vocabulary) -> Json:
    kind = column.kind
    found: Json = {"required": True} if column.always else {}
    found |= {"unique": True} if column.name == "id" else {}
    if kind.most:
        found |= {"minimum": -kind.most, "maximum": kind.most}
    elif kind.pattern:
        found["pattern"] = kind.pattern
    elif column.options:
        ids = [option.id for option in vocabulary.options(column.name)]
        one = f"({'|'.join(ids)})"
        found |= {"pattern": f"{one}({SEPARATOR}{one})*"} if column.several else {"enum": ids}
    return found


def _about(path: Path, title: str) -> Json:
    """Return what `package.toml` says; without the file only a name and a title."""
    if not path.exists():
        return {"name": "clinics", "title": title}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BrokenDataset(f"{path.name} cannot be used: {reason(problem)}.") from problem


def _nothing(request: Request) -> Response:  # noqa: ARG001 - as every handler
    raise Refused(
        NOT_FOUND,
        detail="There is no such file for download.",
        did_you_mean=(LIST, CHANGES, DESCRIPTION),
    )

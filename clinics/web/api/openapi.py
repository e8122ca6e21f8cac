"""The API described for programs as OpenAPI 3.1, made from the parameters and words in use."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from clinics.directory import Directory
from clinics.domain.vocabulary import Vocabulary
from clinics.present.export import Json
from clinics.search.query import (
    CHOICES,
    COLUMN_OF,
    DEFAULT_RADIUS,
    MAX_NEAR,
    PARAMETERS,
    REPEATABLE,
)
from clinics.web import refusals
from clinics.web.api import schemas
from clinics.web.api.examples import CLINIC, CLINICS, PLACES, Example, examples
from clinics.web.api.request import (
    DEFAULT_LIMIT,
    FORMATS,
    MAX_LIMIT,
    MAX_OFFSET,
    SEARCH,
)
from clinics.web.api.schemas import TEXT, ref
from clinics.web.language import PARAMETER

MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.1"
VERSION = "1.0.0"

MEANINGS = {
    **{name: one.meaning for name, one in PARAMETERS.items()},
    "near": "Where distance is measured from: a town, a ZIP code, or `lat,lon`. A street address "
    "is refused, because addresses of requests are kept in histories and logs.",
    "within": "Distance in miles, in a straight line: a number above 0, or `any`. Without `near` "
    "it has no effect.",
    "format": "The form of the answer.",
    "limit": "At most this many clinics; the totals count all.",
    "offset": "How many clinics to leave out at the beginning.",
    PARAMETER: "The language of labels and sentences; without it what `Accept-Language` prefers. "
    "Ids are the same in all, and the clinics' own words stay as they are.",
}


def parameters(directory: Directory) -> list[Json]:
    """Return the parameters of a search, with the values each can have."""
    vocabulary = directory.vocabulary
    return [_parameter(name, _schema(name, vocabulary)) for name in SEARCH] + [
        _parameter("format", {"enum": list(FORMATS), "default": FORMATS[0]}),
        _parameter("limit", _whole(1, MAX_LIMIT, DEFAULT_LIMIT)),
        _parameter("offset", _whole(0, MAX_OFFSET, 0)),
        _language(directory),
    ]


def _language(directory: Directory) -> Json:
    return _parameter(PARAMETER, {"enum": list(directory.languages)})


def document(directory: Directory) -> Json:
    """Return the whole description, for the words of this directory."""
    vocabulary, site = directory.vocabulary, directory.site
    return {
        "openapi": "3.1.0",
        "info": {
            "title": site.title,
            "version": VERSION,
            "summary": f"Clinics in {site.area}: what they say they treat, and where they are.",
            "description": "Read-only and open to everybody: no key, no cookie, no record of what "
            "is asked. Information, not medical advice.",
        },
        "servers": [{"url": "/"}],
        "paths": _paths(directory, examples(directory)),
        "components": {"schemas": schemas.schemas(vocabulary)},
    }


def _paths(directory: Directory, shown: Sequence[Example]) -> Json:
    lang = _language(directory)
    described: dict[str, tuple[str, list[Json], Json]] = {
        CLINICS: ("Search for clinics", parameters(directory), _SEARCHED),
        CLINIC: ("One clinic", [_ID, _FORMAT, lang], _ONE),
        **{
            path: (summary, [_ONLY_JSON, lang], {"application/json": ref(schema)})
            for path, summary, schema in _LISTS
        },
        PLACES: ("What a text can mean as a place", [_PLACE_TEXT, _ONLY_JSON, lang], _FOUND),
        "/api/v1/openapi.json": ("This description", [_ONLY_JSON], {MEDIA_TYPE: _ANY}),
    }
    return {path: _path(path, *parts, shown) for path, parts in described.items()}


def _parameter(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "description": MEANINGS[name], "schema": schema}


def _schema(name: str, vocabulary: Vocabulary) -> Json:
    if name in CHOICES:
        return {"enum": list(CHOICES[name]), "default": CHOICES[name][0]}
    if name == "within":
        miles = {"type": "number", "exclusiveMinimum": 0}
        return {"anyOf": [miles, {"const": "any"}], "default": DEFAULT_RADIUS}
    if name in COLUMN_OF:
        ids: Json = {"enum": [option.id for option in vocabulary.options(COLUMN_OF[name])]}
        if name not in REPEATABLE:
            return ids
        many: Json = {"type": "array", "items": ids, "minItems": 1, "uniqueItems": True}
        return many | ({"default": [vocabulary.main_category]} if name == "category" else {})
    return _line(PARAMETERS[name].longest)


def _line(longest: int) -> Json:
    # A line of text with something in it to read.
    return {**TEXT, "minLength": 1, "maxLength": longest, "pattern": "[^\\s]"}


def _whole(least: int, most: int, default: int) -> Json:
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


def _path(
    path: str, summary: str, parameters: list[Json], content: Json, shown: Sequence[Example]
) -> Json:
    here = [e for e in shown if e.path == path]
    requests = [{"request": e.request, "summary": e.about, "status": e.status} for e in here]
    samples = _samples(here)
    get: Json = {
        "summary": summary,
        "operationId": _operation(path),
        "parameters": [p | samples.get(str(p["name"]), {}) for p in parameters],
        "responses": _responses(content, known=path in (CLINIC, PLACES)),
    }
    return {"get": get | ({"x-examples": requests} if requests else {})}


def _samples(shown: Sequence[Example]) -> dict[str, Json]:
    """Return an example of each typed value, out of the first request that has it and works."""
    samples: dict[str, Json] = {}
    for example in shown:
        if example.status == 200:
            path, _, query = example.request.partition("?")
            values = {"id": path.rpartition("/")[2], **dict(parse_qsl(query))}
            for name in _TYPED & values.keys():
                samples.setdefault(name, {"example": values[name]})
    return samples


_TYPED = {"near", "q", "id"}


def _operation(path: str) -> str:
    return path.removeprefix("/api/v1/").replace("/{id}", "-by-id").removesuffix(".json")


def _responses(content: Json, *, known: bool) -> Json:
    answers: Json = {
        "200": {
            "description": "The answer.",
            "headers": {"ETag": {"schema": TEXT, "description": "Send it as If-None-Match."}},
            "content": {media: {"schema": schema} for media, schema in content.items()},
        },
        "304": {"description": "Nothing has changed since the ETag that was sent."},
    }
    kinds = [k for k in refusals.KINDS if k is not refusals.METHOD]
    for kind in kinds if known else [k for k in kinds if k is not refusals.NOT_FOUND]:
        answers[str(kind.status)] = {
            "description": f"{kind.title}.",
            "content": {refusals.MEDIA_TYPE: {"schema": ref("Problem")}},
        }
    return answers


_ANY: Json = {"type": "object"}
_FORMAT = _parameter("format", {"enum": list(FORMATS), "default": FORMATS[0]})
_ONLY_JSON = _parameter("format", {"const": FORMATS[0]})
_ID: Json = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The clinic's id, as in its link and in every answer.",
    "schema": {**TEXT, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 100},
}
_PLACE_TEXT: Json = {
    "name": "q",
    "in": "query",
    "required": True,
    "description": "A town, a ZIP code, or `lat,lon`.",
    "schema": _line(MAX_NEAR),
}
_SEARCHED: Json = {
    "application/json": ref("SearchAnswer"),
    "application/geo+json": ref("FeatureCollection"),
    "text/csv": TEXT,
}
_ONE: Json = {
    "application/json": ref("ClinicAnswer"),
    "application/geo+json": ref("Feature"),
    "text/csv": TEXT,
}
_FOUND: Json = {"application/json": ref("PlaceList")}
_LISTS = (
    ("/api/v1/conditions", "Conditions, and what is known about the treatment", "ConditionList"),
    ("/api/v1/treatments", "Treatments, and what the regulator has said", "TreatmentList"),
    ("/api/v1/categories", "The lists of the directory", "CategoryList"),
)

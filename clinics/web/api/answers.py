"""What the API says: results, one clinic, words and places as bytes of JSON, GeoJSON or CSV."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache

import numpy as np

from clinics.directory import Directory
from clinics.domain.model import Clinic, Condition, Place
from clinics.domain.ports import PlaceError, PlaceNotFound
from clinics.domain.vocabulary import Labeled
from clinics.places.find import PlaceAnswer
from clinics.present import export
from clinics.present.export import Json
from clinics.search.dataset import Dataset, Version
from clinics.search.search import Hit, Results, search
from clinics.web.api.request import MAX_VALUE, Asked
from clinics.web.http_cache import Answer
from clinics.web.refusals import NOT_FOUND, UNUSABLE, Fault, Refused

JSON, GEOJSON, CSV = "application/json", "application/geo+json", "text/csv; charset=utf-8"
FEW = 2_000
"""So many ids are all compared with one that was not found; of more, those that begin like it."""

WRITTEN = 4_000
"""So many clinics, about a kilobyte each, are kept as they are written in an answer."""

_OURS = ("facts",)
"""Numbers in a sheet of ours, of no use to anybody else."""


def dumps(value: object) -> bytes:
    """Write JSON as it travels: without spaces, letters as they are."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def search_answer(asked: Asked, directory: Directory) -> Answer:
    """Return the answer to a search, with the paths of the pages before and after it."""
    dataset, limit, offset = directory.dataset, asked.limit, asked.offset
    results = search(dataset, asked.query, asked.place, limit=limit, offset=offset, facets=False)
    links = page_links(asked, results.listed)
    if asked.format == "csv":
        return Answer(export.as_csv(results).encode(), CSV, _named("clinics.csv"), links)
    if asked.format == "geojson":
        return Answer(dumps(export.as_geojson(results)), GEOJSON, links=links)
    return Answer(_as_json(asked, results, directory), JSON, links=links)


def _as_json(asked: Asked, results: Results, directory: Directory) -> bytes:
    """Write what `export.as_json` says, with the facts of each clinic written once."""
    place, beyond = export.place_json(results.place), results.nearest_beyond
    summary = export.summary_json(results, directory.vocabulary)
    parts = {
        "version": dumps(export.version_json(directory.dataset.version)),
        "query": dumps(export.query_json(results)),
        "place": dumps(place),
        **{name: dumps(said) for name, said in summary.items()},
        "clinics": b"[" + b",".join(map(_hit, results.shown)) + b"]",
        "nearest_beyond": _hit(beyond) if beyond else b"null",
        "notes": dumps(list(asked.notes)),
    }
    return b"{" + b",".join(b'"%b":%b' % (k.encode(), v) for k, v in parts.items()) + b"}"


def _hit(hit: Hit) -> bytes:
    return _facts(hit.clinic) + b"," + dumps(export.of_hit(hit))[1:]


@lru_cache(maxsize=WRITTEN)
def _facts(clinic: Clinic) -> bytes:
    return dumps(export.clinic_json(clinic))[:-1]


def page_links(asked: Asked, length: int) -> dict[str, str]:
    """Return the paths of the first, previous, next and last page, by relation."""
    limit, offset = asked.limit, asked.offset
    last = max(0, (length - 1) // limit * limit)
    offsets = {"first": 0}
    if offset > 0:
        offsets["prev"] = min(max(0, offset - limit), last)
    if offset + limit < length:
        offsets["next"] = offset + limit
    offsets["last"] = last
    before, after = asked.around_offset("/api/v1/clinics")
    return {rel: f"{before}{start}{after}" for rel, start in offsets.items()}


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'inline; filename="{name}"'}


def clinic_of(dataset: Dataset, id: str) -> Clinic:
    """Return a clinic; raises Refused with the nearest ids when there is none of this id."""
    clinic = dataset.find(id)
    if clinic is None:
        near = difflib.get_close_matches(id[:MAX_VALUE], _likely(dataset, id), n=3, cutoff=0.6)
        raise Refused(
            NOT_FOUND, detail="The directory has no clinic of this id.", did_you_mean=near
        )
    return clinic


def _likely(dataset: Dataset, id: str) -> list[str]:
    ids = list(dataset.row_of)
    return ids if len(ids) <= FEW else [other for other in ids if other[:4] == id[:4]][:FEW]


def clinic_answer(clinic: Clinic, format: str, version: Version) -> Answer:
    """Return one clinic; as CSV it is a file of one row."""
    if format == "csv":
        return Answer(export.clinic_csv(clinic).encode(), CSV, _named(f"{clinic.id}.csv"))
    facts = export.clinic_json(clinic)
    if format == "geojson":
        at = {"type": "Point", "coordinates": [facts.pop("lon"), facts.pop("lat")]}
        feature = {"type": "Feature", "id": clinic.id, "geometry": at, "properties": facts}
        return Answer(dumps(feature), GEOJSON)
    return Answer(dumps({"version": export.version_json(version), "clinic": facts}), JSON)


def words_answer(name: str, column: str, dataset: Dataset) -> Answer:
    """Return the options of a filter, each with how many listings state it."""
    masks, bits = dataset.masks[column], dataset.bits[column]
    listed = (dataset.masks["status"] & dataset.bits["status"]["closed"]) == 0
    options = [
        {**_option(option), "clinics": int(np.count_nonzero(masks[listed] & bits[option.id]))}
        for option in dataset.vocabulary.options(column)
    ]
    return Answer(dumps({"version": export.version_json(dataset.version), name: options}), JSON)


def _option(option: Labeled) -> Json:
    values = {f.name: getattr(option, f.name) for f in fields(option) if f.name not in _OURS}
    if isinstance(option, Condition):
        values["approval_summary"] = option.approval_summary
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def places_answer(q: str, find: Callable[[str], PlaceAnswer]) -> Answer:
    """Return the places a text can mean, the likeliest first; raises Refused for none."""
    try:
        answer = find(q)
    except PlaceNotFound as problem:
        fault = Fault("q", str(problem), did_you_mean=problem.suggestions)
        raise Refused(NOT_FOUND, [fault]) from problem
    except PlaceError as problem:
        raise Refused(UNUSABLE, [Fault("q", str(problem))]) from problem
    found = ([answer.place] if answer.place else []) + [*answer.choices, *answer.alternatives]
    notes = [answer.note] if answer.note else []
    return Answer(dumps({"places": [_place(place) for place in found], "notes": notes}), JSON)


def _place(place: Place) -> Json:
    return {"near": place.param, **(export.place_json(place) or {})}

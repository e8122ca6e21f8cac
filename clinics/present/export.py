"""Results as JSON, GeoJSON, CSV and a table in plain text: the shapes of DESIGN.md section 3."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from dataclasses import fields

from clinics.domain import field_sources
from clinics.domain.columns import COLUMNS, NAMES, SEPARATOR, Column
from clinics.domain.csv_text import safe_csv_text
from clinics.domain.kinds import FIELD_SOURCES, PRICE
from clinics.domain.model import Clinic, Place, Value
from clinics.domain.vocabulary import Vocabulary
from clinics.present import next_steps, wording
from clinics.search.dataset import Version
from clinics.search.search import Hit, Results

Json = dict[str, object]
EXTRA = ("distance_miles", "across", "matches", "not_stated")
"""Columns that an exported search adds to the columns of the data file."""

FACTS = sorted(COLUMNS, key=lambda column: not column.always)
"""The columns in the order in which a clinic's facts are answered: first what all of them have."""


def as_json(results: Results, version: Version, vocabulary: Vocabulary) -> Json:
    """Return the answer in the shape of `/api/v1/clinics`."""
    return {
        "version": version_json(version),
        "query": query_json(results),
        "place": place_json(results.place),
        **summary_json(results, vocabulary),
        "clinics": [hit_json(hit) for hit in results.shown],
        "nearest_beyond": hit_json(results.nearest_beyond) if results.nearest_beyond else None,
    }


def summary_json(results: Results, vocabulary: Vocabulary) -> Json:
    """Return what the answer says in words and numbers, and the searches to go on with."""
    steps = next_steps.next_steps(results, vocabulary)
    return {
        "summary": wording.headline(results, vocabulary),
        "total": results.total,
        "unstated_total": results.unstated_total,
        "telephone_total": results.phones,
        "next_steps": [{"says": says, "query": query.to_url()} for says, query in steps],
    }


def version_json(version: Version) -> Json:
    """Return which data was searched; what came with the software was never published."""
    published = version.published.isoformat() if version.published else None
    return {"id": version.id, "published": published, "clinics": version.clinics}


def query_json(results: Results) -> Json:
    """Return every search parameter with its value; any distance is the word "any"."""
    query = results.query
    values = {field.name: getattr(query, field.name) for field in fields(query)}
    values["category"] = results.categories
    values["within"] = "any" if query.within is None else query.within
    del values["clinic"]
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def place_json(place: Place | None) -> Json | None:
    """Return where distances are measured from; of a street address only its ZIP's name."""
    if place is None:
        return None
    name = place.param if place.is_private else place.name
    point = place.point
    return {"name": name, "lat": point.lat, "lon": point.lon, "precision": str(place.kind)}


def hit_json(hit: Hit) -> Json:
    """Return one clinic with its distance, rounded to a hundredth of a mile."""
    return {**clinic_json(hit.clinic), **of_hit(hit)}


def of_hit(hit: Hit) -> Json:
    """Return what a search says of a clinic beside its facts."""
    miles = None if hit.distance_miles is None else round(hit.distance_miles, 2)
    return {
        "distance_miles": miles,
        "across": hit.across or None,
        "matches": hit.matches,
        "not_stated": list(hit.not_stated),
    }


def clinic_json(clinic: Clinic) -> Json:
    """Return every fact of a clinic; what is not stated is null or an empty list."""
    return {fact_name(column): _fact(column, clinic.value(column.name)) for column in FACTS}


def fact_name(column: Column) -> str:
    """Return what a column is called in JSON."""
    return {"latitude": "lat", "longitude": "lon"}.get(column.name, column.name)


def _fact(column: Column, value: Value) -> object:
    if isinstance(value, tuple) and column.kind is FIELD_SOURCES:
        said = field_sources.read(SEPARATOR.join(value)).items()
        return [{"field": n, "source": s.source, "date": s.day.isoformat()} for n, s in said]
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return None if value == "" else value


def as_geojson(results: Results) -> Json:
    """Return the answer as a GeoJSON FeatureCollection (RFC 7946: longitude first)."""
    return {"type": "FeatureCollection", "features": [_feature(hit) for hit in results.shown]}


def _feature(hit: Hit) -> Json:
    properties = hit_json(hit)
    lon, lat = properties.pop("lon"), properties.pop("lat")
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": hit.clinic.id, "geometry": geometry, "properties": properties}


def as_csv(results: Results) -> str:
    """Return the answer in the columns of the data file, then distance, match and gaps."""
    return safe_csv_text([(*NAMES, *EXTRA), *map(_row_of_hit, results.shown)])


def clinic_csv(clinic: Clinic) -> str:
    """Return one clinic as a file of one row."""
    return safe_csv_text([NAMES, _row(clinic)])


def _row_of_hit(hit: Hit) -> list[str]:
    miles = "" if hit.distance_miles is None else f"{hit.distance_miles:.2f}"
    return [*_row(hit.clinic), miles, hit.across, hit.matches, SEPARATOR.join(hit.not_stated)]


def _row(clinic: Clinic) -> list[str]:
    """Return a clinic as the texts of its row in the data file."""
    return [_cell(column, clinic.value(column.name)) for column in COLUMNS]


def _cell(column: Column, value: Value) -> str:
    if column.kind is PRICE and value is not None:
        return f"{value:.2f}".removesuffix(".00")
    if value == 0 and column.kind.most:
        return f"{value:g}"
    if value is None:
        return ""
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def as_table(results: Results, vocabulary: Vocabulary, today: dt.date) -> str:
    """Return the answer for a terminal: a headline, a line a clinic, and the next step.

    What to ask first, and where the listing is from, stand under a clinic's line.
    """
    found, phones = wording.headline(results, vocabulary), wording.telephones(results)
    lines = list(filter(None, (found, phones, wording.confirmed(results.shown, today))))
    for number, hit in enumerate(results.shown, start=1):
        c = hit.clinic
        main = f"main line {c.main_phone}" if c.main_phone else ""
        parts = (
            wording.distance(hit),
            hit.across,
            f"{c.city}, {c.state}",
            wording.kind_of_place(c, vocabulary),
            wording.known_from(c, vocabulary),
            c.phone or wording.no_telephone(c),
            main,
            c.website,
            wording.not_stated(hit),
        )
        lines.append(f"{number:3}. {c.name}: " + " · ".join(filter(None, parts)))
        lines += [f"     {said}" for said in (*wording.cautions(c), wording.dated(c, vocabulary))]
    lines += _next_steps(results, vocabulary)
    return "\n".join(lines)


def _next_steps(results: Results, vocabulary: Vocabulary) -> list[str]:
    nothing = wording.as_text(next_steps.nothing_found(results, vocabulary))
    lines = [nothing] if nothing else []
    for label, query in next_steps.next_steps(results, vocabulary):
        options = (f"--{name}={value}" for name, value in query.to_params())
        lines.append(f"{label}: {shlex.join(('search', *options))}")
    return lines if results.total else [*lines, wording.crisis()]


def dumps(value: Json) -> str:
    """Write JSON for people and programs alike: indented, letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2)

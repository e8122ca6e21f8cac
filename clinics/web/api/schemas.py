"""What the API answers, as JSON Schema: a clinic's are made from the file's columns."""

from __future__ import annotations

from collections.abc import Sequence

from clinics.domain.columns import Column
from clinics.domain.kinds import DATE, FIELD_SOURCES, PRICE
from clinics.domain.model import Approval, Grade
from clinics.domain.vocabulary import Vocabulary
from clinics.present.export import FACTS, Json, fact_name
from clinics.search.query import MAY_BE_UNSTATED
from clinics.web.refusals import KINDS


def schemas(vocabulary: Vocabulary) -> Json:
    """Return every schema by its name."""
    clinic = clinic_schema(vocabulary)
    hit = {"allOf": [ref("Clinic"), _object(_HIT, "What the search adds to a clinic")]}
    lists = {
        "ConditionList": _list_of("conditions", _CONDITION),
        "TreatmentList": _list_of("treatments", _TREATMENT),
        "CategoryList": _list_of("categories", _CATEGORY),
    }
    return {
        "Version": _object(_VERSION, "Which published data was asked"),
        "Clinic": clinic,
        "Hit": hit,
        "SearchAnswer": _object(_SEARCH, "The answer to a search"),
        "ClinicAnswer": _object({"version": ref("Version"), "clinic": ref("Clinic")}),
        "Feature": _object(_FEATURE, "A clinic as GeoJSON (RFC 7946): longitude first"),
        "FeatureCollection": _object(_COLLECTION, "An answer as GeoJSON (RFC 7946)"),
        **lists,
        "Place": _object({"near": TEXT, **_PLACE}, "`near` is what to search with"),
        "PlaceList": _object({"places": _many(ref("Place")), "notes": _many(TEXT)}),
        "Fault": _object(_FAULT, required=("parameter", "detail")),
        "Problem": _object(_PROBLEM, "Why there is no answer (RFC 9457)", required=_ALWAYS),
    }


def clinic_schema(vocabulary: Vocabulary) -> Json:
    """Return the schema of a clinic, in the order in which its facts are answered."""
    properties: Json = {fact_name(column): _fact(column, vocabulary) for column in FACTS}
    about = "A clinic. Null and an empty list mean that it is not stated, never that it is no."
    return _object(properties, about)


def ref(name: str) -> Json:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def _fact(column: Column, vocabulary: Vocabulary) -> Json:
    unit = ", in decimal degrees (WGS-84)" if column.kind.most else ""
    return {**_type_of(column, vocabulary), "description": f"{column.meaning}{unit}."}


def _type_of(column: Column, vocabulary: Vocabulary) -> Json:
    if isinstance(column.options, str) and column.options:  # the data may get others any day
        one: Json = TEXT if column.always else {"type": ["string", "null"]}
        return _many(TEXT) if column.several else one
    if column.options:
        ids = [option.id for option in vocabulary.options(column.name)]
        if column.several:
            return _many({"enum": ids})
        return {"enum": ids if column.always else [*ids, None]}
    if column.kind.most:
        return {"type": "number", "minimum": -column.kind.most, "maximum": column.kind.most}
    if column.kind is DATE:
        return _DATE
    if column.kind is FIELD_SOURCES:
        return _many(_object({"field": TEXT, "source": TEXT, "date": {**TEXT, "format": "date"}}))
    more: Json = {"exclusiveMinimum": 0} if column.kind is PRICE else {}
    return {"type": column.kind.type if column.always else [column.kind.type, "null"], **more}


def _object(
    properties: Json, description: str = "", *, required: Sequence[str] | None = None
) -> Json:
    """Return the schema of an object; all its members are always there unless others are named."""
    needed = list(properties if required is None else required)
    said = {"description": f"{description}."} if description else {}
    return {"type": "object", **said, "properties": properties, "required": needed}


def _many(items: Json) -> Json:
    return {"type": "array", "items": items}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _list_of(name: str, members: Json) -> Json:
    return _object({"version": ref("Version"), name: _many(_object(members))})


TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_DATE: Json = {"type": ["string", "null"], "format": "date"}
_MILES: Json = {
    "type": ["number", "null"],
    "minimum": 0,
    "description": "In a straight line, in miles, to the listing's position, which may be only "
    "the center of its ZIP or town (`location_precision`); null in a search without `near`.",
}
_VERSION: Json = {
    "id": TEXT,
    "published": {
        **_DATE,
        "description": "Null for the data that came with the software: nobody published it.",
    },
    "clinics": _COUNT,
}
_HIT: Json = {
    "distance_miles": _MILES,
    "across": {
        "type": ["string", "null"],
        "description": "What to say of water that the straight line crosses.",
    },
    "matches": {
        "enum": ["stated", "not stated"],
        "description": "Whether the clinic states everything that was asked for.",
    },
    "not_stated": {
        **_many({"enum": list(MAY_BE_UNSTATED)}),
        "description": "The parameters in use for which the clinic states nothing.",
    },
}
_PLACE: Json = {
    "name": TEXT,
    "lat": {"type": "number"},
    "lon": {"type": "number"},
    "precision": {"enum": ["town", "zip", "county", "site", "coordinates"]},
}
_SEARCH: Json = {
    "version": ref("Version"),
    "query": {"type": "object", "description": "Every parameter with its value, also defaults."},
    "place": _or_null(_object(_PLACE)),
    "summary": {**TEXT, "description": "What was found, where, and every filter in use."},
    "total": {**_COUNT, "description": "How many clinics match, on all pages."},
    "unstated_total": {
        **_COUNT,
        "description": "How many more fit, but state nothing for some of the filters in use.",
    },
    "telephone_total": {
        **_COUNT,
        "description": "How many of those listed, on all pages, give a telephone number.",
    },
    "next_steps": {
        **_many(_object({"says": TEXT, "query": TEXT})),
        "description": "Searches to go on with that find something, the nearest to this one first.",
    },
    "clinics": _many(ref("Hit")),
    "nearest_beyond": _or_null(ref("Hit")),
    "notes": {**_many(TEXT), "description": "Sentences about how `near` was understood."},
}
_FEATURE: Json = {
    "type": {"const": "Feature"},
    "id": TEXT,
    "geometry": _object(
        {
            "type": {"const": "Point"},
            "coordinates": {**_many({"type": "number"}), "minItems": 2, "maxItems": 2},
        }
    ),
    "properties": {"type": "object"},
}
_COLLECTION: Json = {
    "type": {"const": "FeatureCollection"},
    "features": _many(ref("Feature")),
}
_CONDITION: Json = {
    "id": TEXT,
    "label": TEXT,
    "gloss": TEXT,
    "synonyms": _many(TEXT),
    "approval": {"enum": list(map(str, Approval))},
    "approval_therapy": {
        **TEXT,
        "description": "What is approved, of the therapy, in short.",
    },
    "approval_related": {**TEXT, "description": "The same of a related medicine; may be empty."},
    "approval_note": TEXT,
    "grade": {"enum": list(map(str, Grade)), "description": "How strong the evidence is."},
    "evidence_note": TEXT,
    "approval_summary": {**TEXT, "description": "What is approved, in short: of both."},
    "clinics": {**_COUNT, "description": "How many listings state it: a claim, not evidence."},
}
_TREATMENT: Json = {
    "id": TEXT,
    "label": TEXT,
    "gloss": TEXT,
    "approval": {"enum": list(map(str, Approval))},
    "approval_short": TEXT,
    "approval_note": TEXT,
    "clinics": _COUNT,
}
_CATEGORY: Json = {
    "id": TEXT,
    "label": TEXT,
    "one": TEXT,
    "many": TEXT,
    "gloss": TEXT,
    "clinics": _COUNT,
}
_FAULT: Json = {
    "parameter": TEXT,
    "detail": TEXT,
    "allowed": _many(TEXT),
    "did_you_mean": _many(TEXT),
}
_ALWAYS = ("type", "title", "status", "detail", "help")
_PROBLEM: Json = {
    "type": {"enum": [kind.type for kind in KINDS]},
    "title": TEXT,
    "status": {"type": "integer"},
    **_FAULT,
    "errors": {**_many(ref("Fault")), "description": "All that cannot be used; the first above."},
    "help": {**TEXT, "description": "The crisis line."},
}

"""One clinic as schema.org data (JSON-LD) for search engines; only what its listing says.

A clinic's claim
to treat a condition is a quoted sentence, never a statement of ours that a treatment helps.
"""

from __future__ import annotations

import json

from markupsafe import Markup

from clinics.domain.columns import COLUMNS, Column
from clinics.domain.language import ENGLISH, say, spoken
from clinics.domain.model import Clinic
from clinics.domain.vocabulary import Vocabulary
from clinics.domain.words import joined
from clinics.present import html as render
from clinics.present import wording
from clinics.present.wording import cautions, condition_in_text
from clinics.web.language import in_spoken
from clinics.web.plain.cards import is_link

Json = dict[str, object]
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What could end a script element or open a comment in it (HTML, 4.12.1.3), and line ends."""


def clinic_ld(clinic: Clinic, vocabulary: Vocabulary, page: str) -> Json:
    """Return a clinic as schema.org data; what is not stated is left out.

    `page` is the address of its page here, which names the clinic in every language.
    `availableService` says that a service is on offer, not that it works. A position is given only
    when it is exact.
    """
    services = [vocabulary.label("treatments", id) for id in clinic.treatments]
    ld: Json = {
        "@context": "https://schema.org",
        "@type": _type(clinic, vocabulary),
        "@id": page,
        "name": clinic.name,
        "url": clinic.website if is_link(clinic.website) else in_spoken(page),
        "mainEntityOfPage": _page(page),
        "address": _address(clinic),
        "description": " ".join(filter(None, (*cautions(clinic), _claim(clinic, vocabulary)))),
        "availableService": [{"@type": "MedicalTherapy", "name": name} for name in services],
        "knowsLanguage": list(clinic.languages),
        **{c.json_ld: _value(c, clinic, vocabulary) for c in COLUMNS if c.json_ld},
    }
    if not clinic.location_precision.is_approximate:
        point = clinic.point
        ld["geo"] = {"@type": "GeoCoordinates", "latitude": point.lat, "longitude": point.lon}
    return {name: value for name, value in ld.items() if value not in ("", [], None)}


def _page(page: str) -> str | Json:
    """Return the page that a clinic is on, with its language unless that is English."""
    if spoken() == ENGLISH:
        return page
    return {"@type": "WebPage", "@id": in_spoken(page), "inLanguage": spoken()}


def _type(clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Return what schema.org calls its kind of place: a place for job support is no clinic."""
    kinds = {option.id: option.schema_type for option in vocabulary.others["facility_type"]}
    return kinds.get(clinic.facility_type) or "MedicalClinic"


def _value(column: Column, clinic: Clinic, vocabulary: Vocabulary) -> object:
    """Return what a property says: yes, no and numbers as they are, all else in words."""
    value = clinic.value(column.name)
    return value if isinstance(value, bool | float) else render.said(column, clinic, vocabulary)


def _address(clinic: Clinic) -> Json:
    parts = {
        "@type": "PostalAddress",
        "streetAddress": clinic.address,
        "addressLocality": clinic.city,
        "addressRegion": clinic.state,
        "postalCode": clinic.zip,
        "addressCountry": "US",
    }
    return {name: value for name, value in parts.items() if value}


def _claim(clinic: Clinic, vocabulary: Vocabulary) -> str:
    """Say what kind of place it is, and whose claim that these conditions are treated."""
    kind = wording.kind_of_place(clinic, vocabulary)
    labels = [condition_in_text(vocabulary.label("conditions", id)) for id in clinic.conditions]
    if not labels:
        return kind
    itself = render.says_so_itself(clinic)
    says = say("card.says_it_treats" if itself else "card.listed_as_treating")
    claim = f"{says} {joined(labels, 'and')}."
    return f"{kind}. {claim}" if kind else claim


def as_script_text(value: Json) -> Markup:
    """Return JSON that can stand in a script element whatever its texts hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character, escaped in _UNSAFE.items():
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - every character that HTML could read is escaped above

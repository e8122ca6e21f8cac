"""What search engines are told of a clinic: its facts, parsed back, and no more than those."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from justhtml import JustHTML

from clinics.directory import Directory
from clinics.search.dataset import clinic_from_cells
from clinics.web.plain.json_ld import as_script_text, clinic_ld
from tests.integration.plain_site import BASE, site_of
from tests.made_up import made_up_clinic, words

PAGE = f"{BASE}/clinics/made-up-clinic-7"
FULL = {
    "name": "Made-up Clinic",
    "address": "1 Made-up Street",
    "zip": "20912",
    "phone": "(301) 555-0100",
    "website": "https://made-up.example",
    "source_url": "https://www.made-up.example/ketamine",
    "conditions": "ptsd;chronic-pain",
    "treatments": "iv-ketamine;esketamine",
    "payment": "medicaid;self-pay",
    "languages": "en;es",
    "accepting_new_patients": "yes",
    "latitude": "38.98",
    "longitude": "-77.01",
}
ANY_TEXT = st.text(max_size=60) | st.sampled_from(
    ["</script>", "<!--", "]]>", "<script>", "\u2028", "&lt;/script&gt;", "{{7*7}}", '"\\', "\x00"]
)


def ld_of(**cells: str) -> dict[str, object]:
    return clinic_ld(clinic_from_cells(made_up_clinic(**cells)), words(), PAGE)


def test_every_fact_has_its_property() -> None:
    assert ld_of(**FULL) == {
        "@context": "https://schema.org",
        "@type": "MedicalClinic",
        "@id": PAGE,
        "name": "Made-up Clinic",
        "url": "https://made-up.example",
        "mainEntityOfPage": PAGE,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "1 Made-up Street",
            "addressLocality": "Made-up Town",
            "addressRegion": "MD",
            "postalCode": "20912",
            "addressCountry": "US",
        },
        "telephone": "(301) 555-0100",
        "description": "The clinic says it treats PTSD and chronic pain.",
        "availableService": [
            {"@type": "MedicalTherapy", "name": "IV ketamine (infusion)"},
            {"@type": "MedicalTherapy", "name": "Spravato (esketamine)"},
        ],
        "knowsLanguage": ["en", "es"],
        "paymentAccepted": "Medicaid (Maryland), Self-pay",
        "isAcceptingNewPatients": True,
        "geo": {"@type": "GeoCoordinates", "latitude": 38.98, "longitude": -77.01},
    }


def test_what_is_not_stated_is_left_out() -> None:
    assert set(ld_of()) == {
        *("@context", "@type", "@id", "name", "url", "mainEntityOfPage", "address", "geo")
    }
    assert ld_of(accepting_new_patients="no")["isAcceptingNewPatients"] is False


@pytest.mark.parametrize("precision", ["zip", "town"])
def test_an_approximate_position_is_no_position(precision: str) -> None:
    assert "geo" not in ld_of(**FULL, location_precision=precision)


def test_a_list_is_not_quoted_as_the_clinics_own_words() -> None:
    from_list = ld_of(**{**FULL, "source_url": "https://lists.example/"})
    assert from_list["description"] == "Listed as treating PTSD and chronic pain."


@given(st.fixed_dictionaries(dict.fromkeys(("name", "city", "address", "phone"), ANY_TEXT)))
def test_no_text_can_end_the_element_and_all_of_it_comes_back(cells: dict[str, str]) -> None:
    value = ld_of(**cells)
    text = as_script_text(value)
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == value


@settings(max_examples=30)
@given(ANY_TEXT.filter(lambda text: "\x00" not in text and "\r" not in text))
def test_a_browser_finds_one_script_with_the_whole_name(name: str) -> None:
    text = as_script_text(ld_of(name=name or "x"))
    page = JustHTML(f'<!doctype html><script type="application/ld+json">{text}</script>',
                    sanitize=False)  # fmt: skip
    (script,) = page.query("script")
    assert json.loads(script.to_text())["name"] == (name or "x")


def test_a_page_gives_its_clinic_back(directory: Directory) -> None:
    ask, dataset = site_of(directory), directory.dataset
    for id in list(dataset.row_of)[::15]:
        clinic = dataset.clinic(dataset.row_of[id])
        text = ask(f"/clinics/{id}").text
        (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
        ld = json.loads(found)
        assert ld == clinic_ld(clinic, directory.vocabulary, f"{BASE}/clinics/{id}")
        assert (ld["name"], ld.get("telephone", "")) == (clinic.name, clinic.phone)
        assert ("geo" in ld) == (not clinic.location_precision.is_approximate)

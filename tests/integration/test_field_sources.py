"""Who says single fields of a listing, on its page, its card, in the API and in the download."""

from __future__ import annotations

import json
from html import unescape

import pytest

from clinics.directory import Directory
from clinics.present.export import as_table
from clinics.present.html import results_html
from clinics.present.wording import dated, said_by
from clinics.search.query import Query
from clinics.search.search import search
from clinics.web.api.data_package import package, table_schema
from tests.folders import DATA
from tests.integration import api
from tests.integration.plain_site import site_of, with_clinics
from tests.made_up import TODAY, made_up_clinic

ID = "made-up-clinic-1"
CELL = "phone=site@2026-11-20;address=npi@2026-08-05;hours=keeper@2026-11-25"
TELEPHONE = "Telephone: the clinic's own page, 20 Nov 2026"
ADDRESS = "Street address: the national provider registry (NPPES), 5 Aug 2026"
SAID = made_up_clinic(
    1, phone="(301) 555-0101", address="1 Made-up Street", field_sources=CELL, source_date="2024-07"
)  # fmt: skip


@pytest.fixture
def said(directory: Directory) -> Directory:
    """The directory with one listing of several sources, and one of a single source."""
    return with_clinics(directory, SAID, made_up_clinic(2))


def test_only_what_is_stated_has_a_source(said: Directory) -> None:
    clinic = said.dataset.find(ID)
    assert clinic
    assert said_by(clinic, said.vocabulary) == (TELEPHONE, ADDRESS), "no hours are stated"
    other = said.dataset.find("made-up-clinic-2")
    assert other
    assert said_by(other, said.vocabulary) == ()
    assert (
        dated(clinic, said.vocabulary)
        == f"From Made up for a test of July 2024. {TELEPHONE}. {ADDRESS}"
    )


def test_every_face_names_it_and_none_says_verified(said: Directory) -> None:
    results = search(said.dataset, Query(within=None, sort="name"))
    faces = [
        results_html(results, said.vocabulary, TODAY),
        as_table(results, said.vocabulary, TODAY),
        *(site_of(said)(path).text for path in (f"/clinics/{ID}", "/plain?within=any")),
    ]
    for face in faces:
        assert TELEPHONE in unescape(face)
        assert "verified" not in face.casefold()
    assert "Made-up Clinic 2" in faces[0]
    assert faces[0].count("the clinic&#39;s own page, 20 Nov") == 1


def test_the_api_says_it_field_by_field(said: Directory) -> None:
    app = api.made_up(said, said.dataset)
    one = json.loads(api.get(app, f"/clinics/{ID}").text)["clinic"]
    assert one["field_sources"] == [
        {"field": "phone", "source": "site", "date": "2026-11-20"},
        {"field": "address", "source": "npi", "date": "2026-08-05"},
        {"field": "hours", "source": "keeper", "date": "2026-11-25"},
    ]
    assert (
        json.loads(api.get(app, "/clinics/made-up-clinic-2").text)["clinic"]["field_sources"] == []
    )
    assert CELL in api.get(app, "/clinics?format=csv&within=any").text


def test_the_data_package_names_the_sources_that_are_used(said: Directory) -> None:
    from clinics.web.api.data_package import list_of

    (field,) = (f for f in table_schema(said.vocabulary)["fields"] if f["name"] == "field_sources")  # type: ignore[attr-defined]
    assert field["example"] == "phone=site@2026-11-20"
    assert CELL in list_of(said.dataset).body.decode()
    titles = [s["title"] for s in package(said, list_of(said.dataset), DATA)["sources"]]  # type: ignore[attr-defined]
    registry = "the national provider registry (NPPES); Centers for Medicare & Medicaid Services"
    assert f"{registry}; US government work" in titles
    assert not any("Census" in title for title in titles)


def test_hostile_and_unknown_sources_do_no_harm(directory: Directory) -> None:
    odd = made_up_clinic(
        1, phone="(301) 555-0101", field_sources="phone=gossip@2026-11-20;no=x@2026-11-20;<b>"
    )
    said = with_clinics(directory, odd)
    page = site_of(said)(f"/clinics/{ID}").text
    assert "Telephone: gossip, 20 Nov 2026" in page
    assert "<b>" not in page.partition("<main")[2].partition("</article>")[0]

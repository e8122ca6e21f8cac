"""A list of clinics in an address: what it names, in its order, and what was left out of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from justhtml import JustHTML

from clinics.present import shortlist
from clinics.search.query import Query
from clinics.search.search import search
from tests.made_up import CENTER, dataset_of, made_up_clinic, words

CLINICS = [
    made_up_clinic(1, phone="(240) 555-0100", price_per_session_usd="480", languages="es;ase"),
    made_up_clinic(2, latitude="39.1", treatments="iv-ketamine", last_checked="2026-11-01"),
    made_up_clinic(3, latitude="39.61", conditions="ptsd", name="<b>Bold & Sons</b>"),
]
DATASET = dataset_of(CLINICS)
ONE, TWO, THREE = (f"made-up-clinic-{number}" for number in (1, 2, 3))
MANY = dataset_of([made_up_clinic(number) for number in range(30)])


def test_a_list_is_read_in_its_order_with_the_distances_of_a_search() -> None:
    kept = shortlist.read(f"{THREE},{ONE}", DATASET, CENTER)
    assert kept.ids == (THREE, ONE)
    assert kept.sentences == ()
    found = search(DATASET, Query(within=None), CENTER).hits
    miles = {hit.clinic.id: hit.distance_miles for hit in found}
    for hit in kept.results.hits:
        assert hit.distance_miles == pytest.approx(miles[hit.clinic.id], abs=1e-5)


def test_without_a_place_there_are_no_distances() -> None:
    assert [hit.distance_miles for hit in shortlist.read(ONE, DATASET).results.hits] == [None]


def test_what_is_named_twice_or_in_capitals_or_with_spaces_is_there_once() -> None:
    text = f" {ONE} ,{ONE.upper()},,{TWO},{ONE}"
    assert shortlist.read(text, DATASET).ids == shortlist.ids_of(text, DATASET) == (ONE, TWO)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (f"{ONE},gone", ["1 place of this list is not in this directory and was left out."]),
        ("gone,away", ["2 places of this list are not in this directory and were left out."]),
        ("", []),
        (",,,", []),
    ],
)
def test_what_is_gone_is_said_in_one_sentence_and_not_repeated(
    text: str, sentences: list[str]
) -> None:
    assert list(shortlist.read(text, DATASET).sentences) == sentences


def test_a_list_holds_twenty_and_says_how_many_more_there_were() -> None:
    text = ",".join(f"made-up-clinic-{number}" for number in range(22))
    kept = shortlist.read(text, MANY)
    assert len(kept.ids) == shortlist.MOST == 20
    assert kept.sentences == ("A list holds 20 places; 2 more were left out.",)


def test_a_full_list_takes_no_more_until_one_is_taken_off() -> None:
    full = shortlist.ids_of(",".join(MANY.row_of), MANY)
    assert shortlist.changed(full, "made-up-clinic-29", keep=True) == full
    less = shortlist.changed(full, full[0], keep=False)
    assert shortlist.changed(less, "made-up-clinic-29", keep=True)[-1] == "made-up-clinic-29"


def test_keeping_and_taking_off_can_be_said_twice() -> None:
    assert shortlist.changed((ONE,), ONE, keep=True) == (ONE,)
    assert shortlist.changed((ONE,), TWO, keep=False) == (ONE,)
    assert shortlist.changed((ONE, TWO), ONE, keep=False) == (TWO,)


@given(st.text(max_size=200))
def test_no_text_is_an_error(text: str) -> None:
    kept = shortlist.read(text, DATASET, CENTER)
    assert set(kept.ids) <= set(DATASET.row_of)
    assert len(kept.sentences) <= 2


def test_the_address_reads_back_as_the_same_list() -> None:
    assert shortlist.address("/list", (ONE, TWO), "Takoma Park, MD") == (
        f"/list?list={ONE},{TWO}&near=Takoma+Park,+MD"
    )
    assert shortlist.address("/list", ()) == "/list"
    assert shortlist.ids_of(shortlist.as_text((TWO, ONE)), DATASET) == (TWO, ONE)


def test_the_heading_counts_and_the_first_three_are_named() -> None:
    assert shortlist.read("", DATASET).heading == "Your list"
    assert shortlist.read(ONE, DATASET).heading == "Your list: 1 place to call"
    many = shortlist.read(",".join(MANY.row_of), MANY)
    assert many.heading == "Your list: 20 places to call"
    assert many.named.endswith("Made-up Clinic 2 and 17 more")


def test_the_table_has_a_column_for_each_and_says_what_is_not_stated() -> None:
    kept = shortlist.read(f"{ONE},{TWO},{THREE}", DATASET, CENTER)
    table = JustHTML(shortlist.compared_html(kept, words(), "20912"), sanitize=False)
    rows = {
        row.query("th")[0].to_text(): [cell.to_text() for cell in row.query("td")]
        for row in table.query("tbody tr")
    }
    assert rows["Telephone"] == ["(240) 555-0100", "Not stated", "Not stated"]
    assert rows["Price"] == ["$480 a session", "Not stated", "Not stated"]
    assert rows["Languages"][1:] == ["Not stated", "Not stated"]
    assert rows["New patients"] == ["Not stated"] * 3
    (offered,) = shortlist.offers(shortlist.views(kept, words())[1])
    assert rows["Treatments it offers"][1] == offered
    assert offered.startswith("IV ketamine (not approved for")
    assert rows["What it treats"] == ["Not stated", "Not stated", "Listed as treating: PTSD"]
    assert "1 Nov 2026" in rows["How we know"][1]
    assert all("Made up for a test" in cell for cell in rows["How we know"])
    assert {len(cells) for cells in rows.values()} == {3}


def test_the_table_shows_names_as_text_and_each_link_takes_one_off() -> None:
    kept = shortlist.read(f"{THREE},{ONE}", DATASET)
    html = shortlist.compared_html(kept, words(), "20912")
    assert "<b>Bold" not in html
    assert "&lt;b&gt;Bold &amp; Sons" in html
    assert re.findall(r'href="([^"]*)" data-go="(\d)"', html) == [
        (f"./shortlist?list={ONE}&amp;near=20912", "0"),
        (f"./shortlist?list={THREE}&amp;near=20912", "1"),
    ]

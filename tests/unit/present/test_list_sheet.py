"""The list on paper: whom to call, lines to write on, the questions once, 988 on each sheet."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from clinics.domain.language import say
from clinics.explainer.files import load_explainer
from clinics.present import shortlist
from clinics.present.list_sheet import list_pdf
from clinics.present.paper import printable
from clinics.search.dataset import Dataset
from tests.folders import DATA
from tests.made_up import CENTER, dataset_of, made_up_clinic, words
from tests.unit.present.test_question_sheet import HOSTILE

QUESTIONS = load_explainer(DATA).questions
ADDRESS = "https://made-up.example/list?list=" + ",".join(f"made-up-clinic-{n}" for n in range(20))
CELLS = {
    "phone": "(240) 555-0100",
    "website": "https://made-up.example/a-page",
    "price_per_session_usd": "480",
    "treatments": "iv-ketamine",
}


def sheet(dataset: Dataset, text: str = "") -> bytes:
    kept = shortlist.read(text or ",".join(dataset.row_of), dataset, CENTER)
    cards = shortlist.views(kept, words())
    return list_pdf(kept, cards, QUESTIONS, "22 Nov 2026", ADDRESS)


def pages(made: bytes) -> list[str]:
    return [" ".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(made)).pages]


def test_three_clinics_and_the_questions_are_two_sheets() -> None:
    first, second = pages(sheet(dataset_of([made_up_clinic(n, **CELLS) for n in (1, 2, 3)])))
    for number in (1, 2, 3):
        assert f"{number}. Made-up Clinic {number}" in first
    for said in (
        "(240) 555-0100",
        "https://made-up.example/a-page",
        "$480 a session",
        "(not approved",
    ):
        assert first.count(said) == 3
    assert "As of 22 Nov 2026" in first
    assert "Distances are straight lines from the center of Made-up Town, MD" in first
    assert [q for q in QUESTIONS if printable(q.question) not in second] == []
    assert all(page.count(say("sheet.last_line")) == 1 for page in (first, second))


def test_a_full_list_has_every_name_whole_its_whole_address_and_988_on_each_sheet() -> None:
    found = pages(sheet(dataset_of([made_up_clinic(n, **CELLS) for n in range(20)])))
    text = " ".join(found)
    assert all(f"Made-up Clinic {n}" in text for n in range(20))
    assert ADDRESS in found[0].replace(" ", "")
    assert all(say("sheet.last_line") in page for page in found)
    assert text.count(printable(QUESTIONS[0].question)) == 1


def test_what_is_not_stated_is_said() -> None:
    page = pages(sheet(dataset_of([made_up_clinic(1)])))[0]
    assert "Telephone not stated" in page
    for label in ("Website", "Price", "Offers"):
        assert f"{label} Not stated" in page


def test_an_empty_list_is_one_sheet_that_says_so_and_what_was_left_out() -> None:
    (page,) = pages(sheet(dataset_of([made_up_clinic(1)]), "gone"))
    assert "1 place of this list is not in this directory" in page
    assert "Nothing is on this list yet." in page


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_cut_and_hide_nothing_else(text: str) -> None:
    cells = dict.fromkeys(("name", "price_note", "city"), text * 3)
    hostile = made_up_clinic(1, **CELLS | cells)
    found = pages(sheet(dataset_of([hostile, made_up_clinic(2, **CELLS)])))
    assert len(found) == 2
    assert found[0].count("(240) 555-0100") == 2
    assert "2. Made-up Clinic 2" in found[0]


def test_the_same_list_is_the_same_bytes_and_tells_no_time() -> None:
    dataset = dataset_of([made_up_clinic(1)])
    assert sheet(dataset) == sheet(dataset)
    assert b"D:2000" in sheet(dataset)

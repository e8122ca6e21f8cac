"""The checklist on paper: one page whatever is in it, the questions, and whom they are for."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from clinics.domain.language import say
from clinics.domain.model import Clinic
from clinics.explainer.files import load_explainer
from clinics.explainer.model import Question
from clinics.present.paper import printable
from clinics.present.question_sheet import sheet_pdf, sheet_text
from clinics.present.wording import STATUS_WORDS, where
from clinics.search.dataset import clinic_from_cells
from tests.folders import DATA
from tests.made_up import made_up_clinic

QUESTIONS = load_explainer(DATA).questions
PLACE = replace(
    clinic_from_cells(made_up_clinic()),
    name="Made-up Clinic",
    phone="(240) 555-0100",
    website="https://made-up.example",
)
HOSTILE = {
    "long": "A very long name " * 20,
    "one long word": "x" * 300,
    "right to left": "\u0639\u064a\u0627\u062f\u0629 \u202eabc",
    "emoji": "Clinic \U0001f642\U0001f3fd",
    "control": "Clinic\x00\x07\x1b[31m",
    "new lines": "Clinic\r\n\f\u2028second line",
    "markup": "(Clinic) Tj ET \\ <b>&amp;</b> %PDF endstream",
    "only foreign": "\u8a3a\u7642\u6240",
    "empty": "",
}


def pages(sheet: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(sheet)).pages]


def one_spaced(text: str) -> str:
    return " ".join(text.split())


def test_the_page_has_every_question_the_clinic_and_the_crisis_line() -> None:
    (page,) = pages(sheet_pdf(QUESTIONS, PLACE))
    assert len(QUESTIONS) > 8
    for question in QUESTIONS:
        assert printable(question.question) in one_spaced(page)
    for said in (PLACE.name, PLACE.phone, PLACE.website, say("sheet.last_line")):
        assert said in page


def test_the_page_is_us_letter() -> None:
    box = PdfReader(io.BytesIO(sheet_pdf(QUESTIONS, None))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (612, 792)


def test_without_a_clinic_the_page_names_none() -> None:
    (page,) = pages(sheet_pdf(QUESTIONS, None))
    assert "Telephone" not in page
    assert printable(QUESTIONS[0].question) in one_spaced(page)


def test_a_telephone_that_is_not_stated_is_said_to_be_so() -> None:
    silent = replace(PLACE, phone="", website="")
    assert "Telephone not stated" in pages(sheet_pdf(QUESTIONS, silent))[0]
    assert sheet_text(QUESTIONS, silent).splitlines()[3] == "Telephone not stated"


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_name_makes_no_second_page_and_hides_no_question(name: str) -> None:
    place = replace(PLACE, name=name, website="https://made-up.example/" + "y" * 400)
    (page,) = pages(sheet_pdf(QUESTIONS, place))
    assert all(printable(question.question) in one_spaced(page) for question in QUESTIONS)
    assert PLACE.phone in page
    assert say("sheet.last_line") in page


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_name_is_one_line_of_the_text(name: str) -> None:
    lines = sheet_text(QUESTIONS, replace(PLACE, name=name)).split("\r\n")
    assert lines[3] == PLACE.phone
    assert all(line.isprintable() or "\u202e" in line for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2, 12, 60])
def test_any_number_of_questions_of_any_length_is_one_page(count: int) -> None:
    long = Question("a", "Why is this so " + "very " * 80 + "long?", "", ())
    for question in (QUESTIONS[0], long):
        (page,) = pages(sheet_pdf([question] * count, PLACE))
        assert page.count(f"{count}.") >= 1
        assert say("sheet.last_line") in page


def test_no_questions_are_a_page_all_the_same() -> None:
    assert len(pages(sheet_pdf([], PLACE))) == 1


def test_what_is_too_long_is_cut_with_dots() -> None:
    assert "xxx..." in pages(sheet_pdf(QUESTIONS, replace(PLACE, name="x" * 300)))[0]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Café “Ñandú” – 50 %", 'Café "Ñandú" - 50 %'),
        ("Office\u200b of Dr. Šimić", "Office? of Dr. Simic"),
        ("診療所", "?"),
        ("Fine 🙂 print", "Fine ? print"),
        ("a\tb\nc", "a b c"),
        ("", ""),
    ],
)
def test_what_the_font_lacks_is_replaced(text: str, printed: str) -> None:
    assert printable(text) == printed


def test_the_same_sheet_is_the_same_bytes_and_tells_no_time() -> None:
    sheet = sheet_pdf(QUESTIONS, PLACE)
    assert sheet == sheet_pdf(QUESTIONS, PLACE)
    assert b"D:2000" in sheet


def test_the_text_lists_whom_it_is_for_and_every_question() -> None:
    lines = sheet_text(QUESTIONS, PLACE).split("\r\n")
    assert lines[:6] == [
        "QUESTIONS TO TAKE WITH YOU",
        "",
        PLACE.name,
        PLACE.phone,
        PLACE.website,
        where(PLACE),
    ]
    assert [line for line in lines if line.startswith("[ ] ")] == [
        f"[ ] {question.question}" for question in QUESTIONS
    ]
    assert lines[-2:] == [say("sheet.last_line"), ""]


def test_the_text_without_a_clinic_begins_with_the_questions() -> None:
    place: Clinic | None = None
    assert sheet_text(QUESTIONS, place).splitlines()[2].startswith("[ ] ")


def test_what_to_ask_first_comes_first_and_is_whole_on_either_sheet() -> None:
    caveat = "Call first: " + "it may have moved " * 8
    place = replace(PLACE, caveat=caveat, status="moved")
    (page,) = pages(sheet_pdf(QUESTIONS, place))
    assert caveat.strip() in one_spaced(page)
    lines = sheet_text(QUESTIONS, place).split("\r\n")
    assert lines[3:5] == [STATUS_WORDS["moved"], caveat.strip()]


def test_without_a_street_the_sheet_says_somewhere_in_the_town() -> None:
    place = replace(PLACE, address="", city="Silver Spring", state="MD", zip="")
    assert "Somewhere in Silver Spring, MD" in pages(sheet_pdf(QUESTIONS, place))[0]
    assert "Somewhere in Silver Spring, MD" in sheet_text(QUESTIONS, place).split("\r\n")

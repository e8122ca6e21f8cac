"""The questions to take along, as files that any process of the service makes again."""

from __future__ import annotations

import pytest

from clinics.directory import Directory
from clinics.present.question_sheet import sheet_pdf, sheet_text
from clinics.web.plain.questions import path_of
from tests.integration.plain_site import Ask, site_of

CLINIC = "nova-health-recovery-alexandria"


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return site_of(directory)


def test_both_files_hold_the_questions_asked_for_and_the_clinic(
    ask: Ask, directory: Directory
) -> None:
    third, first = directory.explainer.questions[2], directory.explainer.questions[0]
    clinic = directory.dataset.find(CLINIC)
    path = path_of("questions.txt", [third.id, first.id], CLINIC)
    assert ask(f"/{path}").text == sheet_text([first, third], clinic)
    path = path_of("questions.pdf", [third.id, first.id], CLINIC)
    assert ask(f"/{path}").body == sheet_pdf([first, third], clinic)


@pytest.mark.parametrize("asked", ["", "?", "?q=", "?q=gone&clinic=gone", "?other=1&q=%00%ff"])
@pytest.mark.parametrize("name", ["questions.pdf", "questions.txt"])
def test_what_nobody_knows_is_left_out_and_without_any_question_there_are_all(
    ask: Ask, directory: Directory, name: str, asked: str
) -> None:
    every = directory.explainer.questions
    answer = ask(f"/{name}{asked}")
    sheet = sheet_pdf(every, None) if name.endswith("pdf") else sheet_text(every, None).encode()
    assert (answer.status, answer.body) == (200, sheet)


def test_a_question_that_is_named_many_times_is_there_once(ask: Ask, directory: Directory) -> None:
    (first, *_) = directory.explainer.questions
    answer = ask(f"/{path_of('questions.txt', [first.id] * 200)}")
    assert answer.text == sheet_text([first], None)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("questions.pdf", "application/pdf"), ("questions.txt", "text/plain; charset=utf-8")],
)
def test_a_browser_keeps_it_as_a_file_and_nobody_else_keeps_it(
    ask: Ask, name: str, media_type: str
) -> None:
    headers = ask(f"/{name}").headers
    kept_as = name.replace("questions", "questions-for-the-clinic")
    assert headers["content-disposition"] == f'attachment; filename="{kept_as}"'
    assert headers["content-type"] == media_type
    assert headers["cache-control"] == "private, max-age=60"
    again = ask(f"/{name}", headers=[("host", "x.example"), ("if-none-match", headers["etag"])])
    assert (again.status, again.body) == (304, b"")


def test_only_asking_is_possible(ask: Ask) -> None:
    assert ask("/questions.pdf", method="POST").status == 405
    head = ask("/questions.pdf", method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_the_plain_page_of_a_clinic_leads_to_its_questions(ask: Ask) -> None:
    assert f'href="/questions.pdf?clinic={CLINIC}"' in ask(f"/clinics/{CLINIC}").text

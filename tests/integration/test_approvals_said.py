"""Each face says what is approved alike, and nothing is approved where there is no Spravato."""

from __future__ import annotations

import json
import re

import pytest

from clinics.directory import Directory
from clinics.domain.model import Clinic, Condition, Treatment
from clinics.domain.vocabulary import Vocabulary
from clinics.explainer import approvals
from clinics.present import wording
from clinics.present.html import results_html
from clinics.present.known_panel import known
from clinics.search.query import Query
from clinics.search.search import Results, search
from tests.integration.plain_site import Ask, site_of, with_clinics
from tests.made_up import TODAY, made_up_clinic, words

VOCABULARY: Vocabulary = words()
MONTH = "as of November 2026"
UNSAID = re.compile(r"(?<!not )(?<!Not )(?<!not FDA-)(?<!Not FDA-)approv", re.IGNORECASE)
"""An approval that is not denied."""


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return site_of(directory)


def main_of(page: str) -> str:
    """Return the text of a page between its head and its foot."""
    inside = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", f"<{inside}").split())


def results_of(directory: Directory, clinic: Clinic) -> Results:
    query = Query(within=None, category=(clinic.category,), q=clinic.name, clinic=clinic.id)
    return search(directory.dataset, query, limit=200, facets=False)


def without_spray(directory: Directory) -> list[Clinic]:
    clinics = map(directory.dataset.clinic, directory.dataset.row_of.values())
    return [c for c in clinics if VOCABULARY.offers_therapy(c) and "esketamine" not in c.treatments]


def test_no_page_card_or_data_of_a_clinic_without_spravato_speaks_of_an_approval(
    ask: Ask, directory: Directory
) -> None:
    clinics = without_spray(directory)
    assert len(clinics) > 10
    for clinic in clinics:
        page = ask(f"/clinics/{clinic.id}").text
        (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
        cards = results_html(results_of(directory, clinic), VOCABULARY, TODAY)
        (card,) = re.findall(rf'<li[^>]*data-card="{clinic.id}">(.*?)\n</li>', cards, re.DOTALL)
        for face in (main_of(page), main_of(f"<main{card}</main>"), str(json.loads(data))):
            assert UNSAID.search(face) is None, (clinic.id, face)
            assert list(approvals.without_not(face, directory.site.approval_words)) == []


@pytest.mark.parametrize("path", ["/plain?within=any", "/near/rockville-md", "/conditions/ptsd"])
def test_a_list_says_of_each_clinic_what_its_card_says(
    ask: Ask, directory: Directory, path: str
) -> None:
    _, *parts = re.split(r'<h[34]><a href="/clinics/', ask(path).text)
    assert parts
    for part in parts:
        clinic = directory.dataset.find(part.partition('"')[0])
        assert clinic
        offered = filter(None, map(VOCABULARY.treatment, clinic.treatments))
        said = main_of(f"<main>{part.partition('<p class=meta>')[0]}</main>")
        for _, approval in wording.offers(offered):
            assert approval[1:] in said
        if "esketamine" not in clinic.treatments:
            assert UNSAID.search(said) is None, said


def test_a_frame_on_another_site_speaks_of_no_approval(ask: Ask) -> None:
    assert "approv" not in ask("/embed?within=any").text


@pytest.mark.parametrize("related", [True, False], ids=["with", "without"])
@pytest.mark.parametrize("condition", VOCABULARY.conditions, ids=lambda c: c.id)
def test_the_short_form_is_data_with_and_without_spravato(
    directory: Directory, condition: Condition, related: bool
) -> None:
    treatments = "iv-ketamine;esketamine" if related else "iv-ketamine"
    clinic = made_up_clinic(1, category="ketamine", conditions=condition.id, treatments=treatments)
    page = site_of(with_clinics(directory, clinic))("/clinics/made-up-clinic-1").text
    text = main_of(page)
    assert wording.in_short(condition, related=related) in text
    assert condition.approval_therapy in text
    assert condition.approval_therapy.startswith("Ketamine: not approved")
    assert condition.approval_therapy.endswith(f"{MONTH}.")
    assert (condition.approval_related in text) is related
    assert list(approvals.without_not(text, directory.site.approval_words)) == []
    assert (UNSAID.search(text) is None) is not related


@pytest.mark.parametrize("condition", VOCABULARY.conditions, ids=lambda c: c.id)
def test_every_face_says_the_same_short_form_of_a_condition(
    ask: Ask, directory: Directory, condition: Condition
) -> None:
    short = condition.approval_summary
    panel = known([condition], [], directory.explainer, "ketamine").html
    line, _, inside = panel.partition("</summary>")
    for face in (
        *(line, inside),
        *(ask(f"/conditions/{condition.id}").text, ask("/conditions").text),
        ask(f"/plain?condition={condition.id}").text,
    ):
        assert short in " ".join(face.split())


@pytest.mark.parametrize("treatment", VOCABULARY.treatments, ids=lambda t: t.id)
def test_every_face_says_the_same_short_form_of_a_treatment(
    ask: Ask, directory: Directory, treatment: Treatment
) -> None:
    short = treatment.approval_short
    line, _, inside = known([], [treatment], directory.explainer, "ketamine").html.partition(
        "</summary>"
    )
    listed = ask(f"/plain?within=any&treatment={treatment.id}").text
    for face in (line, inside, listed) if short else ():
        assert short in face
    cards = listed.partition('<ol class="cards"')[2].partition("</ol>")[0]
    assert "Not a ketamine treatment" not in cards


def test_what_is_said_at_the_api_is_the_same(directory: Directory) -> None:
    from clinics.web.api.answers import words_answer

    answer = json.loads(words_answer("conditions", "conditions", directory.dataset).body)
    for condition in answer["conditions"]:
        known_here = VOCABULARY.condition(condition["id"])
        assert condition["approval_summary"] == known_here.approval_summary
        assert condition["approval_therapy"] == known_here.approval_therapy
        assert MONTH in condition["approval_summary"]
    answer = json.loads(words_answer("treatments", "treatments", directory.dataset).body)
    for treatment in answer["treatments"]:
        short = VOCABULARY.treatment(treatment["id"])
        assert short
        assert treatment["approval_short"] == short.approval_short


def test_not_a_ketamine_treatment_is_on_no_card(ask: Ask, directory: Directory) -> None:
    query = Query(within=None, category=("mental-health",))
    cards = results_html(
        search(directory.dataset, query, limit=50, facets=False), VOCABULARY, TODAY
    )
    plain = ask("/plain?within=any&category=mental-health").text
    assert "Talk therapy" in cards
    assert "Talk therapy" in plain
    for face in (cards, plain):
        assert "Not a ketamine" not in face


def test_over_places_without_ketamine_nothing_is_said_of_it(ask: Ask) -> None:
    chosen = "/plain?within=any&condition=ptsd&treatment=psychotherapy"
    here = main_of(ask(f"{chosen}&category=mental-health").text)
    assert "What is known" not in here
    assert "approv" not in here
    both = main_of(ask(f"{chosen}&category=mental-health&category=ketamine").text)
    assert "What is known: ketamine for PTSD." in both

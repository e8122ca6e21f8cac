"""What is known: words of the data, apart from clinics' claims, and always in the same frame."""

from __future__ import annotations

import html
import re

import pytest

from clinics.domain.model import Condition, Treatment
from clinics.domain.vocabulary import load_vocabulary
from clinics.explainer.files import load_explainer
from clinics.explainer.model import Explainer
from clinics.present.known_panel import is_about_therapy, known
from clinics.search.query import Query
from tests.folders import DATA
from tests.made_up import words

NOTHING = Explainer((), {}, (), (), (), (), ())
EXPLAINER = load_explainer(DATA)
CONDITIONS = load_vocabulary(DATA).conditions
TREATMENTS = load_vocabulary(DATA).treatments
EACH = "What is approved, what is not, and the evidence, one by one"
HOSTILE = "<script>alert('1')</script>{{ 7*7 }}"


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def summary(page: str) -> str:
    """The line that opens the panel, without what stands for it where there is little room."""
    line = page[page.index("<summary>") : page.index("</summary>")]
    return text_of(re.sub(r'<span class="in-short brief">[^<]*</span>', "", line))


def test_it_is_a_part_for_each_condition_and_names_no_clinic() -> None:
    chosen = [words().condition("ptsd"), words().condition("chronic-pain")]
    page = known(chosen, [], NOTHING, "ketamine").html
    assert page.count('<section class="known-part"') == 2
    for condition in chosen:
        assert condition.evidence_note in text_of(page)
        assert condition.approval_note in text_of(page)
    assert "clinic says" not in text_of(page).casefold()


def test_the_therapy_is_escaped() -> None:
    page = known([words().condition("ptsd")], [], NOTHING, HOSTILE).html
    page += known([], [], NOTHING, HOSTILE).html
    assert "<script" not in page
    assert "49" not in page


def test_with_nothing_chosen_it_is_the_start_of_the_explainer() -> None:
    panel = known([], [], EXPLAINER, "ketamine")
    assert panel.topics[:2] == tuple(t for t in EXPLAINER.topics if t.group == "start")[:2]
    assert "What is known about ketamine therapy" in panel.html
    for topic in panel.topics[:2]:
        assert topic.summary in text_of(panel.html)


def test_without_any_topic_there_is_a_heading_and_no_link() -> None:
    panel = known([], [], NOTHING, "ketamine")
    assert panel.topics == ()
    assert "<h2>What is known about ketamine therapy</h2>" in panel.html
    assert "data-go" not in panel.html


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda c: c.id)
def test_approval_and_grade_come_first_then_the_evidence_then_the_rest(
    condition: Condition,
) -> None:
    page = text_of(known([condition], [], EXPLAINER, "ketamine").html)
    block = EXPLAINER.about_condition(condition.id).block  # type: ignore[union-attr]
    start = block.evidence.split(" [@")[0]  # type: ignore[union-attr]
    order = [condition.approval_summary, "Evidence: ", start, "Read more: ", "How long it lasts"]
    places = [page.index(part) for part in order]
    assert places == sorted(places)


def test_links_are_numbered_as_the_topics_they_go_to() -> None:
    panel = known(CONDITIONS, TREATMENTS, EXPLAINER, "ketamine")
    found = re.findall(r'href="./learn\?topic=([^"]+)" data-go="(\d+)"', panel.html)
    assert {id for id, _ in found} == {topic.id for topic in panel.topics}
    assert all(panel.topics[int(number)].id == id for id, number in found)
    assert len({topic.id for topic in panel.topics}) == len(panel.topics)


def test_the_folded_line_says_approval_and_grade_in_words() -> None:
    said = {c.id: summary(known([c], [], EXPLAINER, "ketamine").html) for c in CONDITIONS}
    assert said["ptsd"] == (
        "What is known: ketamine for PTSD Ketamine: not approved for this as of November 2026. "
        "Spravato: we found no approval for this. Limited evidence."
    )
    assert said["depression"].endswith(
        "Spravato: approved for some adults. Ketamine: not approved as of November 2026. "
        "Moderate evidence."
    )
    assert "Spravato: not approved to ease these thoughts" in said["suicidal-thoughts"]
    for condition in CONDITIONS:
        assert condition.approval_summary in said[condition.id]


@pytest.mark.parametrize("treatment", TREATMENTS, ids=lambda t: t.id)
def test_the_folded_line_says_the_approval_of_a_treatment(treatment: Treatment) -> None:
    line = summary(known([], [treatment], EXPLAINER, "ketamine").html)
    said = treatment.approval_short or "Not a ketamine treatment."
    assert line == f"What is known: {treatment.label} {said}"


def test_several_choices_have_no_grade_in_common() -> None:
    chosen = [words().condition("ptsd"), words().condition("ocd")]
    line = summary(known(chosen, [], EXPLAINER, "ketamine").html)
    assert line == "What is known: ketamine for PTSD and OCD " + EACH


def test_what_everybody_asks_first_is_one_click_away() -> None:
    shortcuts = {t.shortcut: t.id for t in EXPLAINER.topics if t.shortcut}
    assert list(shortcuts) == ["Does it work?", "Is it safe?", "What does it cost?"]
    general = known([], [], EXPLAINER, "ketamine")
    for question, topic in shortcuts.items():
        assert re.search(rf'topic={topic}" data-go="\d+">{re.escape(question)}</a>', general.html)
    chosen = known([words().condition("ptsd")], [], EXPLAINER, "ketamine").html
    assert re.search(r'topic=ptsd" data-go="\d+">Does it work\?</a>', chosen)
    assert "shortcuts" not in known([], [], NOTHING, "ketamine").html


@pytest.mark.parametrize(
    ("query", "is_about"),
    [
        (Query(), True),
        (Query(category=("ketamine",)), True),
        (Query(category=("mental-health", "ketamine")), True),
        (Query(category=("mental-health",), condition=("ptsd",)), False),
        (Query(category=("mental-health",), treatment=("tms",)), False),
        (Query(category=("mental-health",), treatment=("esketamine",)), True),
    ],
)
def test_it_is_for_a_search_for_the_therapy(query: Query, is_about: bool) -> None:
    assert is_about_therapy(query, words()) is is_about

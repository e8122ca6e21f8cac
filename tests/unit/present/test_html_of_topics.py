"""The explainer as HTML: the same five answers, verdicts in words, links to towns; all escaped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinics.directory import Directory
from clinics.domain.model import Approval, Grade, Point, Town
from clinics.explainer.citations import Citations
from clinics.explainer.model import VERDICTS, Block, Claim, Reference, Topic
from clinics.present import html as render
from clinics.present import wording
from tests.made_up import words
from tests.unit.present.test_html import HOSTILE, Tags

REFERENCES = {"1": Reference("1", "One", "A group", "", "https://made-up.example/1", "A")}


@pytest.fixture
def topic(directory: Directory) -> Topic:
    """The topic on PTSD with sentences that are made up and hostile."""
    real = directory.explainer.topic("ptsd")
    assert real
    answers = ("Off-label. [@1]", f"{HOSTILE} [@1]", "Not known.", "None.", "Harm. [@9]")
    return replace(real, title=HOSTILE, block=Block(*answers))


def test_the_block_answers_the_same_five_questions_for_each_condition(topic: Topic) -> None:
    page = render.block_html(topic, words(), Citations(REFERENCES), "ketamine")
    labels = [part.partition("</dt>")[0] for part in page.split("<dt>")[1:]]
    assert labels == [
        "Approved or not",
        "How strong the evidence is",
        "How long any benefit lasts",
        "What guidelines say",
        "Main risk",
    ]
    assert page.count('<section class="known"') == 1
    assert "<h2>In short</h2>" in page
    assert Tags(page).links() == ["https://made-up.example/1"] * 2


def test_the_block_shows_the_grade_as_words_and_as_a_shape(topic: Topic) -> None:
    page = render.block_html(topic, words(), Citations(REFERENCES), "ketamine")
    classes = [attrs.get("class") for tag, attrs in Tags(page).found if tag == "i"]
    assert classes[:4] == list(wording.GRADE_STEPS[Grade.LIMITED])
    assert wording.GRADE_WORDS[Grade.LIMITED] in Tags(page).text
    assert "Ketamine: not approved for this as of November 2026." in Tags(page).text


def test_the_block_says_what_every_grade_means_each_with_its_shape(topic: Topic) -> None:
    page = render.block_html(topic, words(), Citations(REFERENCES), "ketamine")
    legend = page.partition("<details>")[2]
    classes = [attrs.get("class") for tag, attrs in Tags(legend).found if tag == "i"]
    assert classes == [step for grade in Grade for step in wording.GRADE_STEPS[grade]]
    for grade in Grade:
        assert wording.GRADE_WORDS[grade] in Tags(legend).text


def test_the_block_of_one_condition_says_its_approval_in_the_words_of_that_condition(
    topic: Topic,
) -> None:
    about = replace(topic, conditions=("suicidal-thoughts",), approval=Approval.APPROVED)
    page = render.block_html(about, words(), Citations(REFERENCES), "ketamine")
    assert Tags(page).text.count(words().condition("suicidal-thoughts").approval_summary) == 1


def test_the_block_of_several_conditions_says_each_approval_once(topic: Topic) -> None:
    about = replace(topic, conditions=("ptsd", "ocd", "depression"), approval=Approval.APPROVED)
    page = render.block_html(about, words(), Citations(REFERENCES), "ketamine")
    for id in about.conditions:
        assert Tags(page).text.count(words().condition(id).approval_summary) == 1


def test_whatever_the_block_says_is_text(topic: Topic) -> None:
    page = render.block_html(topic, words(), Citations(REFERENCES), HOSTILE)
    assert "<script" not in page
    assert "<img" not in page
    assert HOSTILE in Tags(page).text


def test_a_topic_without_a_block_has_none(topic: Topic) -> None:
    assert render.block_html(replace(topic, block=None), words(), Citations(REFERENCES), "x") == ""


def test_every_claim_has_its_verdict_in_words_with_a_shape_of_its_own() -> None:
    claims = [
        Claim(number, f"Claim {HOSTILE}", verdict, "It may help.", ("1",), ("V1",))
        for number, verdict in enumerate(VERDICTS, start=1)
    ]
    page = render.claims_html(claims, Citations(REFERENCES))
    tags = Tags(page)
    for verdict in VERDICTS:
        shape = wording.VERDICT_SHAPES[verdict]
        assert f'<span aria-hidden="true">{shape}</span> {verdict.capitalize()}' in page
    assert len(set(wording.VERDICT_SHAPES.values())) == len(VERDICTS)
    assert [attrs["scope"] for tag, attrs in tags.found if tag == "th"] == (
        ["col"] * 3 + ["row"] * len(VERDICTS)
    )
    assert [tag for tag, _ in tags.found].count("caption") == 1
    assert tags.links() == ["https://made-up.example/1"] * len(VERDICTS)
    assert "<script" not in page


def test_towns_are_links_to_their_guides_under_their_counties() -> None:
    def town(name: str) -> Town:
        return Town(name, "MD", "", Point(39, -77), ())

    towns = {"A <County>": [town("Takoma Park"), town("St. Mary's")], "B County": []}
    page = render.towns_html(towns)
    assert "<h3>A &lt;County&gt;</h3>" in page
    assert "<h3>B County</h3>" in page
    assert Tags(page).links() == ["towns?town=takoma-park-md", "towns?town=st-mary-s-md"]
    assert "Takoma Park, MD" in page


def test_every_block_that_is_shipped_is_drawn_with_its_sources(directory: Directory) -> None:
    explainer = directory.explainer
    for condition in directory.vocabulary.conditions:
        topic = explainer.about_condition(condition.id)
        assert topic
        citations = Citations(explainer.references)
        page = render.block_html(topic, directory.vocabulary, citations, directory.site.therapy)
        assert condition.approval_summary in Tags(page).text
        assert "[@" not in page
        assert citations.used

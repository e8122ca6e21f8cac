"""Topics are found by the words people type, the closest first."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from clinics.directory import Directory
from clinics.domain.language import speaking
from clinics.explainer.topic_search import (
    LONGEST,
    as_spelled,
    look_up,
    topics_about,
    topics_named,
    topics_with_some,
    towns_named,
)


def _text(directory: Directory, id: str) -> str:
    topic = directory.explainer.topic(id)
    assert topic
    return re.sub(r"\W+", " ", f"{topic.title} {topic.summary} {topic.block} {topic.body}")


def found(directory: Directory, sought: str) -> list[str]:
    topics = topics_about(directory.explainer.topics, directory.vocabulary, sought)
    return [topic.id for topic in topics]


@pytest.mark.parametrize(
    ("sought", "first"),
    [
        ("panic attacks", "anxiety"),
        ("worried", "anxiety"),
        ("nerve pain", "neuropathic-pain"),
        ("how much", "cost"),
        ("How much does it cost?", "cost"),
        ("drip", "what-is-ketamine-therapy"),
        ("can I drive", "after-a-session"),
        ("is it safe", "risks"),
        ("side-effects", "risks"),
        ("is it addictive", "risks"),
        ("does it work", "how-it-works"),
        ("pregnant", "who-needs-care"),
        ("lozenges", "at-home"),
        ("RSD", "crps"),
        ("scam", "choosing-a-clinic"),
        ("license", "license-and-complaints"),
        ("new mother", "postpartum-depression"),
        ("nose spray", "ketamine-or-spravato"),
    ],
)
def test_everyday_words_find_the_topic_they_are_about_first(
    directory: Directory, sought: str, first: str
) -> None:
    assert found(directory, sought)[0] == first


@pytest.mark.parametrize(
    "sought",
    [
        "kill myself",
        "want to die",
        "self harm",
        "hurt myself",
        "end my life",
        "suicide",
        "unalive",
        "I want to unalive myself",
    ],
)
def test_words_of_a_crisis_find_help_and_the_topic_that_opens_with_it(
    directory: Directory, sought: str
) -> None:
    assert set(found(directory, sought)[:2]) == {"suicidal-thoughts", "help-now"}


@pytest.mark.parametrize(
    "sought",
    [
        "overdose",
        "took too much",
        "not breathing",
        "unconscious",
        "poison",
        "too sleepy",
        "child took it",
        "he is not waking, poison",
    ],
)
def test_words_of_an_emergency_find_whom_to_call_first(directory: Directory, sought: str) -> None:
    (first, *_) = look_up(
        directory.explainer.topics, directory.vocabulary, directory.towns, sought
    ).topics
    assert first.id == "emergency-at-home"
    assert "(tel:911)" in first.body
    assert "(tel:+18002221222)" in first.body


@pytest.mark.parametrize(
    ("sought", "id", "said"),
    [
        ("TMS", "depression", "TMS"),
        ("KAP", "what-is-ketamine-therapy", "KAP"),
        ("BPD", "bipolar-depression", "BPD"),
        ("borderline", "other-conditions", "borderline"),
        ("bi-polar", "bipolar-depression", "bi-polar"),
        ("dysthymia", "depression", "dysthymia"),
        ("sciatica", "neuropathic-pain", "sciatica"),
        ("trigeminal", "neuropathic-pain", "trigeminal"),
        ("cluster headache", "migraine", "cluster headache"),
        ("nightmares", "ptsd", "nightmares"),
        ("military sexual trauma", "ptsd", "sexual trauma in the military"),
        ("rape", "ptsd", "rape"),
        ("rape", "help-now", "rape"),
        ("grief", "help-now", "grief"),
        ("kids", "help-now", "a child"),
        ("kids", "who-needs-care", "Children"),
        ("detox", "substance-use", "detox"),
        ("heroin", "substance-use", "heroin"),
        ("fentanyl", "substance-use", "fentanyl"),
        ("teen", "who-needs-care", "teens"),
        ("eating disorder", "other-conditions", "eating disorders"),
        ("ADHD", "other-conditions", "ADHD"),
        ("hypertension", "who-needs-care", "hypertension"),
        ("schizophrenia", "other-conditions", "schizophrenia"),
        ("thyroid", "who-needs-care", "thyroid"),
        ("glaucoma", "who-needs-care", "glaucoma"),
        ("lithium", "who-needs-care", "lithium"),
        ("cannabis", "who-needs-care", "cannabis"),
        ("refund", "cost", "refunds"),
        ("denied", "cost", "refusals"),
        ("prior authorization", "cost", "prior authorization"),
        ("boxed warning", "risks", "boxed warning"),
        ("elderly", "who-needs-care", "Older adults"),
        ("Virginia", "license-and-complaints", "Virginia"),
    ],
)
def test_a_word_that_people_have_leads_to_a_topic_that_speaks_of_it(
    directory: Directory, sought: str, id: str, said: str
) -> None:
    topics = topics_named(directory.explainer.topics, directory.vocabulary, sought)
    assert id in [topic.id for topic in topics]
    assert said in next(topic for topic in topics if topic.id == id).body


def test_every_word_is_needed(directory: Directory) -> None:
    assert found(directory, "panic zebra") == []
    assert set(found(directory, "rems certified")) == {"ketamine-or-spravato", "depression"}


def test_a_word_of_two_letters_is_found_only_whole(directory: Directory) -> None:
    """Else "IV" would be in every "give"."""
    everywhere = {topic.id for topic in directory.explainer.topics}
    assert set(found(directory, "IV")) == {
        id for id in everywhere if " IV " in _text(directory, id)
    }


def test_capitals_plurals_and_marks_do_not_matter(directory: Directory) -> None:
    assert found(directory, "HEADACHES!") == found(directory, "headache")


def test_the_name_of_a_topic_counts_more_than_its_text(directory: Directory) -> None:
    first, second = directory.explainer.topics[:2]
    by_text = replace(first, title="One", words=(), body="A zebra.")
    by_name = replace(second, title="Zebra", words=())
    by_word = replace(second, title="Two", words=("zebras",))
    topics = topics_about((by_text, by_name, by_word), directory.vocabulary, "zebra")
    assert topics == (by_name, by_word, by_text)


def test_the_sentences_of_the_block_are_searched_without_their_citations(
    directory: Directory,
) -> None:
    topic = directory.explainer.topic("ptsd")
    assert topic
    assert topic.block
    block = replace(topic.block, lasts="A giraffe. [@999]")
    topics = (replace(topic, block=block),)
    assert topics_about(topics, directory.vocabulary, "giraffe") == topics
    assert topics_about(topics, directory.vocabulary, "999") == ()


@pytest.mark.parametrize("sought", ["", "   ", "???", "-", "a"])
def test_without_a_word_every_topic_is_there_in_its_order(
    directory: Directory, sought: str
) -> None:
    assert found(directory, sought) == [topic.id for topic in directory.explainer.topics]


def test_a_very_long_text_is_not_read_to_its_end(directory: Directory) -> None:
    assert found(directory, "panic " * LONGEST) == found(directory, "panic")
    assert found(directory, "x" * 100_000) == []


@pytest.mark.parametrize(
    ("sought", "spelled"),
    [
        ("migrane", "migraine"),
        ("ptds", "ptsd"),
        ("How much is spravto?", "much spravato"),
        ("depression", "depression"),
        ("zzzz", ""),
        ("xq", ""),
        ("ptsd zzzz", ""),
    ],
)
def test_a_word_that_no_topic_has_is_read_as_the_name_spelled_like_it(
    directory: Directory, sought: str, spelled: str
) -> None:
    known = directory.explainer.topics, directory.vocabulary, directory.towns
    assert as_spelled(*known, sought) == spelled


@pytest.mark.parametrize("word", ["rape", "grief", "kids", "unalive"])
def test_a_word_of_harm_never_becomes_another(directory: Directory, word: str) -> None:
    """Neither as the content is, nor where no topic was called so."""
    topics = directory.explainer.topics
    found = look_up(topics, directory.vocabulary, directory.towns, word)
    assert "help-now" in [topic.id for topic in found.topics]
    assert found.note == ""
    bare = tuple(replace(topic, words=()) for topic in topics)
    assert as_spelled(bare, directory.vocabulary, directory.towns, word) in ("", word)


def test_a_word_is_corrected_to_names_and_never_to_words_of_a_text(directory: Directory) -> None:
    topic = directory.explainer.topics[0]
    in_text = replace(topic, title="One", words=(), body="A giraffe.")
    as_word = replace(in_text, words=("giraffe",))
    assert as_spelled((in_text,), directory.vocabulary, (), "girafe") == ""
    assert as_spelled((as_word,), directory.vocabulary, (), "girafe") == "giraffe"


@pytest.mark.parametrize(
    ("sought", "town", "rest"),
    [
        ("Takoma Park", "Takoma Park, MD", ""),
        ("takoma", "Takoma Park, MD", ""),
        ("Silver Spring, MD", "Silver Spring, MD", ""),
        ("germantown", "Germantown, MD", ""),
        ("clinics near Ellicott City", "Ellicott City, MD", ""),
        ("Baltimore", "Baltimore, MD", ""),
        ("PTSD in Takoma Park", "Takoma Park, MD", "ptsd"),
        ("20912", "Takoma Park, MD", ""),
    ],
)
def test_a_town_is_known_by_its_name_or_zip(
    directory: Directory, sought: str, town: str, rest: str
) -> None:
    towns, more = towns_named(directory.towns, sought)
    assert [one.label for one in towns] == [town]
    assert more == rest


def test_every_town_is_found_by_its_name(directory: Directory) -> None:
    for town in directory.towns:
        assert town in towns_named(directory.towns, town.name)[0]


def test_a_town_and_a_topic_are_found_together_and_a_misspelled_town_too(
    directory: Directory,
) -> None:
    known = directory.explainer.topics, directory.vocabulary, directory.towns
    both = look_up(*known, "PTSD Takoma Park")
    assert [town.name for town in both.towns] == ["Takoma Park"]
    assert both.topics[0].id == "ptsd"
    near = look_up(*known, "Takomma Prak")
    assert [town.name for town in near.towns] == ["Takoma Park"]
    assert near.note == "No topic has “Takomma Prak”. These have “takoma park”."


def test_a_word_that_nothing_has_leads_to_nothing_and_it_is_said(directory: Directory) -> None:
    known = directory.explainer.topics, directory.vocabulary, directory.towns
    found = look_up(*known, "zebra")
    assert (found.topics, found.towns) == ((), ())
    assert found.note.startswith("No topic has these words.")


def test_a_phrase_that_a_topic_is_called_by_goes_before_its_words_elsewhere(
    directory: Directory,
) -> None:
    """Else "how much" would lead to "took too much"."""
    assert found(directory, "how much")[0] == "cost"
    assert found(directory, "too much")[0] == "emergency-at-home"


def test_topics_with_some_of_the_words_come_with_those_that_have_most_first(
    directory: Directory,
) -> None:
    topics, vocabulary = directory.explainer.topics, directory.vocabulary
    both = {topic.id for topic in topics_about(topics, vocabulary, "bladder liver")}
    some = [topic.id for topic in topics_with_some(topics, vocabulary, "bladder liver zebra")]
    assert both
    assert set(some[: len(both)]) == both
    assert len(some) > len(both)
    assert topics_with_some(topics, vocabulary, "zebra") == ()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("sought", "first"),
    [
        ("depresión", "depression"),
        ("depresion", "depression"),
        ("dolor crónico", "chronic-pain"),
        ("dolor cronico", "chronic-pain"),
        ("Ansiedad", "anxiety"),
        ("migraña", "migraine"),
        ("estrés postraumático", "ptsd"),
        ("fibromialgia", "fibromyalgia"),
        ("adicción", "substance-use"),
        ("TOC", "ocd"),
        ("depresión posparto", "postpartum-depression"),
        ("¿Cuánto cuesta?", "cost"),
        ("sobredosis", "emergency-at-home"),
        ("chronic pain", "chronic-pain"),
        ("worried", "anxiety"),
    ],
)
def test_topics_are_found_by_spanish_and_english_words_on_pages_of_both_languages(
    directory: Directory, sought: str, first: str, language: str
) -> None:
    with speaking(language):
        said = directory.spoken()
        topics = look_up(said.explainer.topics, said.vocabulary, directory.towns, sought)
        assert topics.topics[0].id == first
        assert topics.note == ""
        assert topics_named(said.explainer.topics, said.vocabulary, sought)[0].id == first


def test_words_of_another_language_are_asked_only_where_their_own_are_silent(
    directory: Directory,
) -> None:
    topics, words = directory.explainer.topics, directory.vocabulary
    silent = replace(words, elsewhere={})
    for sought in ("alcohol", "drugs", "pain", "IV", "trauma", "son", "pan"):
        assert topics_about(topics, words, sought) == topics_about(topics, silent, sought)
    guide = look_up(topics, words, directory.towns, "clínicas cerca de Rockville")
    assert ([town.label for town in guide.towns], guide.topics) == (["Rockville, MD"], ())

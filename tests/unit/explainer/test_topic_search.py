"""Topics are found by the words people type, the closest first."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from clinics.directory import Directory
from clinics.explainer.topic_search import LONGEST, as_spelled, topics_about, topics_with_some


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
    "sought", ["kill myself", "want to die", "self harm", "hurt myself", "end my life", "suicide"]
)
def test_words_of_a_crisis_find_help_and_the_topic_that_opens_with_it(
    directory: Directory, sought: str
) -> None:
    assert set(found(directory, sought)[:2]) == {"suicidal-thoughts", "help-now"}


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
def test_a_word_that_no_topic_has_is_read_as_the_one_spelled_like_it(
    directory: Directory, sought: str, spelled: str
) -> None:
    assert as_spelled(directory.explainer.topics, directory.vocabulary, sought) == spelled


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

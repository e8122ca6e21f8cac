"""The topics as they are shipped say what they must, wherever they speak of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import pytest

from clinics.directory import Directory
from clinics.explainer import reading
from tests.conftest import DATA

TABLES = ("conditions.csv", "claims.csv", "questions.csv", "treatments.csv")


def passages(directory: Directory) -> Iterator[tuple[str, str]]:
    """Yield every passage of every topic and every cell of the tables, with where it is."""
    for topic in directory.explainer.topics:
        for passage in (topic.summary, *reading.passages(topic)):
            yield topic.id, passage
    for name in TABLES:
        with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield from ((name, cell) for cell in row.values())


def test_nothing_is_said_twice_in_a_topic(directory: Directory) -> None:
    for topic in directory.explainer.topics:
        lines = [line for line in topic.body.splitlines() if len(line) > 30]
        assert len(lines) == len(set(lines)), topic.id


@pytest.mark.parametrize("id", ["emergency-at-home", "at-home", "risks", "help-now"])
def test_whom_to_call_stands_where_an_emergency_is_spoken_of(directory: Directory, id: str) -> None:
    topic = directory.explainer.topic(id)
    assert topic
    for wanted in ("(tel:911)", "(tel:+18002221222)", "[@153; @154]", "(tel:988)"):
        assert wanted in topic.body
    if id != "emergency-at-home":
        named = directory.explainer.named_in(topic)
        assert "emergency-at-home" in [other.id for other in named]
        assert topic.body.index("1-800-222-1222") < 1200


def test_what_a_label_says_of_the_mind_is_said_of_surgical_doses(directory: Directory) -> None:
    found = 0
    for where, passage in passages(directory):
        speaks = re.search(r"days (to|or) weeks|not there|effects on the mind", passage)
        if speaks and (re.search(r"@9(4a|5)\b", passage) or where == "claims.csv"):
            found += 1
            assert "surgical doses" in passage, (where, passage)
    assert found >= 9


def test_three_times_as_common_is_never_said_without_its_doubt(directory: Directory) -> None:
    found = 0
    for where, passage in passages(directory):
        if re.search(r"three times|tripled?\b", passage):
            found += 1
            assert "far from exact" in passage, (where, passage)
    assert found >= 6


def test_the_rule_on_telehealth_is_true_before_and_after_its_end(directory: Directory) -> None:
    rule = [text for _, text in passages(directory) if "31 December 2026" in text]
    assert rule
    for text in rule:
        wanted = "This rule was set to end on 31 December 2026. Ask whether it was renewed."
        assert wanted in text
        assert "@159" in text


def test_a_spray_that_a_pharmacy_makes_up_is_not_called_spravato(directory: Directory) -> None:
    for id in ("at-home", "ketamine-or-spravato", "what-is-ketamine-therapy"):
        topic = directory.explainer.topic(id)
        assert topic
        assert re.search(r"spray[^.]* is not Spravato", topic.body)


def test_a_medicine_is_skipped_only_if_its_prescriber_agrees(directory: Directory) -> None:
    skipped = [(where, text) for where, text in passages(directory) if " skip " in text]
    assert {"who-needs-care", "choosing-a-clinic", "questions.csv"} <= {
        where for where, _ in skipped
    }
    for where, text in skipped:
        assert "the person who prescribes it agree" in text, where

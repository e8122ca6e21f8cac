"""The topics as they are shipped say what they must, wherever they speak of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import pytest

from clinics.directory import Directory
from clinics.explainer import reading
from clinics.explainer.model import GROUPS, TOOLS
from tests.folders import SHOWN

TABLES = ("conditions.csv", "claims.csv", "questions.csv", "treatments.csv")
EXPLAINED = (
    *("references.csv", "claims.csv", "questions.csv", "schedule.csv", "prices.csv"),
    *("weak_facts.csv", "crisis_lines.csv"),
)


def passages(directory: Directory) -> Iterator[tuple[str, str]]:
    """Yield every passage of every topic and every cell of the tables, with where it is."""
    for topic in directory.explainer.topics:
        for passage in (topic.summary, *reading.passages(topic)):
            yield topic.id, passage
    for name in TABLES:
        with (SHOWN / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield from ((name, cell) for cell in row.values())


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


def test_every_topic_is_read_and_has_a_place_of_its_own(directory: Directory) -> None:
    explainer = directory.explainer
    assert explainer.left_out == ()
    assert len(explainer.topics) == len(list((SHOWN / "explainer").glob("*.md"))) >= 31
    assert len({topic.order for topic in explainer.topics}) == len(explainer.topics)
    assert {topic.group for topic in explainer.topics} == set(GROUPS)


def test_each_tool_stands_with_one_topic(directory: Directory) -> None:
    tools = {topic.tool: topic.id for topic in directory.explainer.topics if topic.tool}
    assert tools == {
        "timeline": "sessions",
        "estimate": "cost",
        "questions": "choosing-a-clinic",
        "claims": "common-claims",
    }
    assert set(tools) == set(TOOLS) - {""}


def test_suicidal_thoughts_themselves_are_never_called_approved_for(directory: Directory) -> None:
    topic = directory.explainer.about_condition("suicidal-thoughts")
    assert topic
    assert topic.block
    assert "symptoms of depression" in topic.block.approval
    assert "not for the thoughts themselves" in topic.block.approval


def test_every_crisis_line_is_of_a_county_that_has_a_town(directory: Directory) -> None:
    counties = {(town.county, town.state) for town in directory.towns}
    lines = directory.explainer.crisis_lines
    assert {(line.county, line.state) for line in lines} <= counties


def test_the_schedule_is_of_treatments_we_know(directory: Directory) -> None:
    products = {phase.product for phase in directory.explainer.schedule}
    assert products == {"iv-ketamine", "esketamine"}
    assert products <= directory.vocabulary.ids("treatments")


def test_no_table_has_an_empty_column() -> None:
    for name in EXPLAINED:
        with (SHOWN / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [column for column in rows[0] if not any(row[column] for row in rows)] == [], name


COPIES = (
    "120ty.net",
    "readkong.com",
    "scribd.com",
    "docslib.org",
    "fda.report",
    "drugcentral.org",
    "pharmacy-near-me.com",
    "medlibrary.org",
    "ouci.dntb.gov.ua",
    "moreblossom.com",
    "blossomanalysis.com",
    "mindscapecollective.org",
    "metajournal.com",
    "mimsdev.com",
    "zendy.io",
    "qaasid.com",
    "rxreasoner.com",
)


def test_a_reference_leads_to_its_source_or_to_the_copy_and_says_where_it_was_read(
    directory: Directory,
) -> None:
    for reference in directory.explainer.references.values():
        is_copy = any(copy in reference.address for copy in COPIES)
        assert is_copy == reference.read_in.startswith(("this copy", "this undated copy")), (
            reference
        )
        assert not re.search(r"[?&](term|query|q|search)=", reference.address), reference
        if reference.read_in:
            assert reference.grade != "A", reference
            assert reference.small_print == f"Read in {reference.read_in}."
        else:
            assert reference.small_print == ""
    label = directory.explainer.references["12"]
    assert label.address.startswith("https://dailymed.nlm.nih.gov/")
    assert label.small_print.startswith("Read in a copy of the label of 2019")

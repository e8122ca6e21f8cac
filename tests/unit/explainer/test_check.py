"""Content that keeps every promise has no errors, and each broken promise is one."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from clinics.cli import main as command_line
from clinics.directory import Directory
from clinics.domain.model import Approval
from clinics.domain.vocabulary import Vocabulary
from clinics.explainer import reading
from clinics.explainer.check import Finding, check_content
from clinics.explainer.files import load_explainer
from tests.conftest import TODAY
from tests.folders import DATA
from tests.made_up import words
from tests.made_up_topics import BLOCK, BODY, TABLES, topic_text, write_explainer

HARD = (
    "Notwithstanding considerable heterogeneity, contemporary investigations demonstrate "
    "unequivocally unsatisfactory methodological characteristics throughout.\n"
)
HERE = "data/explainer/ptsd.md"


def vocabulary() -> Vocabulary:
    """The words of the directory with one condition, and one treatment that needs no topic."""
    whole = words()
    return replace(
        whole,
        conditions=tuple(c for c in whole.conditions if c.id == "ptsd"),
        treatments=tuple(t for t in whole.treatments if t.id == "ect"),
    )


def check(folder: Path, today: dt.date = TODAY, **topics: str) -> list[str]:
    explainer = load_explainer(write_explainer(folder, **topics))
    return said(check_content(explainer, vocabulary(), today))


def said(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{f.severity} {f.where}: {f.message}" for f in findings]


def check_table(folder: Path, table: str, old: str, new: str) -> list[str]:
    write_explainer(folder)
    assert old in TABLES[table]
    (folder / table).write_text(TABLES[table].replace(old, new, 1), encoding="utf-8")
    return said(check_content(load_explainer(folder), vocabulary(), TODAY))


def test_the_content_as_it_is_shipped_has_no_errors(directory: Directory) -> None:
    findings = check_content(directory.explainer, directory.vocabulary, TODAY)
    assert [line for line in said(findings) if line.startswith("error")] == []


def test_good_content_has_nothing_to_say(tmp_path: Path) -> None:
    assert check(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("Of these, 30 got better.", "A figure needs a reference; this has none: “Of these, 30"),
        ("Half got better.", "A figure needs a reference; this has none: “Half got better.”"),
        ("- One thing. [@1]\n- In 2024.", "A figure needs a reference; this has none: “In 2024.”"),
        ("1. Cited. [@1]\n2. Twice.", "A figure needs a reference; this has none: “Twice.”"),
        ("As said: [@1]\n- 5 weeks.", "A figure needs a reference; this has none: “5 weeks.”"),
        ("## So\n9 of them.", "A figure needs a reference; this has none: “9 of them.”"),
        (
            "| a | b |\n|---|---|\n| c | d. [@1] |\n| e | 7 |",
            "A figure needs a reference; this has none: “| e | 7 |”",
        ),
        ("Call [988](tel:988).", "A figure needs a reference; this has none: “Call [988]"),
        ("## All 30 got better\n\nYes.", "A figure needs a reference, not a heading: “All 30 "),
        ("It helps. [@2]", "It rests on sources of grade C alone (2); it needs a better one. “It"),
        ("It helps. [@1, @2]", "A citation needs the form [@3; @4]; see “It helps. [@1, @2]”."),
        ("See [this](page", "A link needs the form [words](address); see “See [this](page”."),
        ("See [this](page.html).", "A link needs a web address, or tel: with digits; it has “pag"),
        (
            "See [it](https://nowhere).",
            "A link needs a web address, or tel: with digits; it has “h",
        ),
        ("Call [us](tel:+1-800).", "A link needs a web address, or tel: with digits; it has “tel"),
        ("It is a Breakthrough.", "The word “Breakthrough” promotes; say what is known instead."),
        ("It transforms lives.", "The word “transforms” promotes; say what is known instead."),
        ("A life-changing cure.", "The word “life-changing” promotes; say what is known instead."),
        (HARD * 9, "Its reading grade is "),
    ],
)
def test_a_broken_promise_in_the_text_is_an_error(tmp_path: Path, body: str, finding: str) -> None:
    found = check(tmp_path, ptsd=topic_text(body=f"{BODY}\n{body}\n"))
    assert any(line.startswith(f"error {HERE}: {finding}") for line in found), found
    assert all(line.startswith(f"error {HERE}: ") for line in found)


@pytest.mark.parametrize(
    "body",
    [
        "One of them said so.",
        "See [this](https://made-up.example/a?b=1#c) and [call](tel:+13015550123).",
        "It helps. [@1; @2]",
        "A paragraph that is\nwrapped has 30 people\nand cites at its end. [@1]",
        "| a | b |\n|---|---|\n| 7 | Yes. [@1] |",
        "It is secure, and you are curious.",
    ],
)
def test_a_kept_promise_is_no_error(tmp_path: Path, body: str) -> None:
    assert check(tmp_path, ptsd=topic_text(body=f"{BODY}\n{body}\n")) == []


def test_each_sentence_of_the_block_cites_its_own_figures(tmp_path: Path) -> None:
    block = {**BLOCK, "lasts": "It helped. [@1] After 2 weeks it had gone."}
    assert check(tmp_path, ptsd=topic_text(block=block)) == [
        f"error {HERE}: A figure needs a reference; this has none: “After 2 weeks it had gone.”."
    ]


def test_the_summary_may_hold_a_figure_but_neither_it_nor_the_title_a_citation(
    tmp_path: Path,
) -> None:
    assert check(tmp_path, ptsd=topic_text(summary='"Call or text 988."')) == []
    assert check(tmp_path, ptsd=topic_text(title='"PTSD [@1]"')) == [
        f"error {HERE}: Title and summary cannot cite; the text under them can."
    ]


def test_a_reference_that_is_not_listed_or_not_cited_is_an_error(tmp_path: Path) -> None:
    text = topic_text(
        body=BODY.replace("[@1; @2]", "[@1; @9]"), block={**BLOCK, "evidence": "None."}
    )
    assert check(tmp_path, ptsd=text) == [
        "error data/references.csv: Reference 9 is cited but not listed."
    ]
    assert check_table(tmp_path, "references.csv", "\n2,", "\n7,Two,A,,http://a.example,A\n2,") == [
        "error data/references.csv: Reference 7 is listed but never cited."
    ]


def test_a_reference_needs_a_web_address(tmp_path: Path) -> None:
    assert check_table(tmp_path, "references.csv", "http://made-up.example/2", "made-up 2") == [
        "error data/references.csv: Reference 2 needs a web address; it has “made-up 2”."
    ]


@pytest.mark.parametrize(
    ("table", "old", "new", "finding"),
    [
        ("claims.csv", ",1;2,", ",2,", "claims.csv, claim 1: It rests on sources of grade C alone"),
        ("claims.csv", ",1;2,", ",,", "claims.csv, claim 1: It needs a reference; it has none."),
        (
            "claims.csv",
            "It helps some.",
            HARD.strip().replace(",", ""),
            "claims.csv: Its reading g",
        ),
        ("questions.csv", ",1", ",", "questions.csv, “who”: It needs a reference; it has none."),
        (
            "questions.csv",
            "It matters",
            "A miracle",
            "questions.csv, “who”: The word “miracle” pro",
        ),
        (
            "schedule.csv",
            "trials.,1",
            "trials.,",
            "schedule.csv, “iv-ketamine”, “Series”: It needs",
        ),
        ("prices.csv", "infusion.,1", "infusion.,2", "prices.csv, “iv-infusion”: It rests on sour"),
        ("crisis_lines.csv", ",,1", ",,", "crisis_lines.csv, “First”: It needs a reference; it ha"),
    ],
)
def test_a_broken_promise_in_a_table_is_an_error(
    tmp_path: Path, table: str, old: str, new: str, finding: str
) -> None:
    (found,) = check_table(tmp_path, table, old, new)
    assert found.startswith(f"error data/{finding}")


def test_only_the_table_of_claims_may_hold_words_of_advertising(tmp_path: Path) -> None:
    assert "miracle cure" in TABLES["claims.csv"]
    assert check(tmp_path) == []


def test_grade_and_approval_are_the_same_as_in_the_search(tmp_path: Path) -> None:
    text = topic_text(grade='"strong"', approval='""', block=None)
    assert check(tmp_path, ptsd=text) == [
        f"error {HERE}: Its grade is “strong”; data/conditions.csv says “limited”.",
        f"error {HERE}: Its approval is “empty”; data/conditions.csv says “off-label”.",
        f"error {HERE}: A topic on a condition needs a [block]; it has none.",
    ]


def test_each_condition_has_one_topic(tmp_path: Path) -> None:
    bare = {"conditions": "[]", "grade": '""', "approval": '""'}
    assert check(tmp_path, ptsd=topic_text(**bare)) == [
        "error data/conditions.csv: “PTSD” needs one topic that explains it; it has none."
    ]
    assert check(tmp_path, a=topic_text(), b=topic_text(), ptsd=topic_text(**bare)) == [
        "error data/conditions.csv: “PTSD” needs one topic that explains it; it has a.md, b.md."
    ]


def test_each_treatment_with_the_medicine_has_one_topic_and_others_need_none(
    tmp_path: Path,
) -> None:
    explainer = load_explainer(write_explainer(tmp_path))
    spray = tuple(t for t in words().treatments if t.id in ("esketamine", "tms"))
    found = check_content(explainer, replace(vocabulary(), treatments=spray), TODAY)
    assert said(found) == [
        "error data/treatments.csv: “Spravato (esketamine)” needs one topic that explains it; "
        "it has none."
    ]


def test_ids_and_facts_are_ones_there_are(tmp_path: Path) -> None:
    text = topic_text(conditions='["ptsd", "gout"]', treatments='["tea"]', facts='["U1"]')
    assert check(tmp_path, ptsd=text) == [
        f"error {HERE}: There is no “gout” in data/conditions.csv.",
        f"error {HERE}: There is no “tea” in data/treatments.csv.",
        f"error {HERE}: A fact needs a V-number; this is “U1”.",
    ]
    assert check(tmp_path, ptsd=topic_text(facts="[]")) == [
        f"error {HERE}: It needs the facts it rests on; it has none."
    ]


def test_a_topic_that_cannot_be_read_is_an_error_with_its_line(tmp_path: Path) -> None:
    assert check(tmp_path, ptsd=topic_text(), ocd=topic_text(order='"x"')) == [
        "error data/explainer/ocd.md, line 11: “order” needs a whole number; it has x."
    ]


def test_a_day_to_check_again_that_has_passed_is_a_note_and_comes_last(tmp_path: Path) -> None:
    note = f"note {HERE}: It was to be checked again by 2027-02-22."
    assert check(tmp_path, today=dt.date(2027, 2, 22)) == []
    assert check(tmp_path, today=dt.date(2027, 2, 23)) == [note]
    found = check(tmp_path, today=dt.date(2027, 2, 23), ptsd=topic_text(facts='["U1"]'))
    assert [line.partition(" ")[0] for line in found] == ["error", "note"]


def test_the_day_on_which_approvals_were_looked_up_is_a_note_after_three_months(
    tmp_path: Path,
) -> None:
    explainer = load_explainer(write_explainer(tmp_path))
    day, last = dt.date(2026, 10, 1), dt.date(2027, 1, 1)
    assert check_content(explainer, vocabulary(), last, day) == ()
    assert said(check_content(explainer, vocabulary(), last + dt.timedelta(days=1), day)) == [
        "note data/site.toml: What is approved was last looked up on 2026-10-01; look again."
    ]


# What is approved


@pytest.mark.parametrize(
    "sentence",
    [
        "Ketamine is approved for PTSD.",
        "Ketamine: approval has limits.",
        "FDA approved IV ketamine for pain.",
        "Spravato and ketamine are approved for depression.",
        "Ketamine is old. It is approved for depression.",
        "Spravato is a spray; ketamine, a drip, got the same approval.",
        "A related medicine, unlike ketamine, is approved.",
    ],
)
def test_near_ketamine_an_approval_needs_its_not(tmp_path: Path, sentence: str) -> None:
    named = "Near ketamine an approval needs its “not”; this has none: “"
    for found in (
        check(tmp_path, ptsd=topic_text(body=f"{BODY}\n{sentence} [@1]\n")),
        check(tmp_path, ptsd=topic_text(summary=f'"{sentence}"')),
        check_table(tmp_path, "claims.csv", "It helps some.", f'"{sentence}"'),
        check_table(tmp_path, "questions.csv", "It matters.", f'"{sentence}"'),
        check_option("evidence_note", sentence),
        check_option("approval_related", sentence),
        check_option("approval_short", sentence, "treatments"),
    ):
        assert any(named in line for line in found), found


@pytest.mark.parametrize(
    "sentence",
    [
        "Ketamine is not approved for PTSD {as_of}.",
        "Spravato (esketamine) is approved for some adults.",
        "Spravato is a nasal spray related to ketamine. It is approved for some adults.",
        "Spravato is approved for some adults. Ketamine: not approved {as_of}.",
        "FDA has approved neither ketamine nor this {as_of}.",
        "Is ketamine approved for PTSD?",
        "FDA has approved paroxetine.",
    ],
)
def test_an_approval_with_its_not_or_of_another_medicine_is_no_error(
    tmp_path: Path, sentence: str
) -> None:
    assert check(tmp_path, ptsd=topic_text(body=f"{BODY}\n{sentence} [@1]\n")) == []


def test_a_therapy_that_needs_no_approval_has_none_to_date(tmp_path: Path) -> None:
    text = "EMDR is a kind of talk therapy, which needs no approval. [@1]"
    assert check(tmp_path, ptsd=topic_text(body=f"{BODY}\n{text}\n")) == []


def test_a_condition_of_no_regulated_treatment_has_a_topic_without_an_approval(
    tmp_path: Path,
) -> None:
    words = vocabulary()
    other = [replace(one, approval=Approval.OTHER) for one in words.conditions]
    explainer = load_explainer(write_explainer(tmp_path, ptsd=topic_text(approval='""')))
    assert said(check_content(explainer, replace(words, conditions=tuple(other)), TODAY)) == []


UNDATED = "“Not approved” needs its month, written {as_of}; this has none: “"


@pytest.mark.parametrize(
    "sentence",
    [
        "Ketamine is not approved for PTSD.",
        "Lozenges are not FDA-approved at all.",
        "FDA has not approved it.",
        "There is no approved use.",
        "None of these is an approved use.",
        "It is one of the unapproved uses.",
        "Spravato is approved for some adults; ketamine is not.",
        "Ketamine is not approved as of the last review.",
    ],
)
def test_not_approved_needs_its_month(tmp_path: Path, sentence: str) -> None:
    for found in (
        check(tmp_path, ptsd=topic_text(body=f"{BODY}\n## So\n{sentence} [@1]\n")),
        check(tmp_path, ptsd=topic_text(block={**BLOCK, "approval": f"{sentence} [@1]"})),
        check(tmp_path, ptsd=topic_text(summary=f'"{sentence}"')),
        check_table(tmp_path, "claims.csv", "It helps some.", f'"{sentence}"'),
        check_table(tmp_path, "questions.csv", "It matters.", f'"{sentence}"'),
        check_option("approval_therapy", sentence),
        check_option("approval_short", sentence, "treatments"),
    ):
        assert any(UNDATED in line for line in found), found


def test_one_month_is_enough_under_a_heading_and_none_for_another(tmp_path: Path) -> None:
    dated = "Not approved {as_of}. [@1]\n\nNot approved for that. [@1]\n"
    assert check(tmp_path, ptsd=topic_text(body=dated)) == []
    other = f"{dated}\n## Next\nNot approved for that. [@1]\n"
    assert check(tmp_path, ptsd=topic_text(body=other)) == [
        f"error {HERE}: {UNDATED}Not approved for that.”."
    ]


def test_what_is_not_approved_is_checked_again_within_three_months(tmp_path: Path) -> None:
    late = "What is not approved needs checking again by 2027-02-22; “recheck” is 2027-02-23."
    assert check(tmp_path, ptsd=topic_text(recheck="2027-02-23")) == [f"error {HERE}: {late}"]
    bare = {"approval": '""', "recheck": "2027-05-22"}
    found = check(tmp_path, ptsd=topic_text(summary='"Not known."', **bare))
    assert not any("checking again" in line for line in found)


def test_each_citation_needs_more_than_grade_c(tmp_path: Path) -> None:
    body = f"{BODY}\nIt helps. [@2] A trial says so. [@1]\n"
    assert check(tmp_path, ptsd=topic_text(body=body)) == [
        f"error {HERE}: It rests on sources of grade C alone (2); it needs a better one. "
        "“It helps. [@2] A trial says so. [@1]”"
    ]


def test_a_fact_of_grade_c_alone_is_an_error_wherever_it_is_named(tmp_path: Path) -> None:
    weak = "Fact V23 rests on sources of grade C alone; leave it out."
    assert check(tmp_path, ptsd=topic_text(facts='["V23"]')) == [f"error {HERE}: {weak}"]
    assert check_table(tmp_path, "claims.csv", ",V3\n", ",V23\n") == [
        f"error data/claims.csv, claim 1: {weak}"
    ]
    for table in ("conditions", "treatments"):
        (found,) = check_option("facts", ("V23",), table)
        assert found.endswith(f": {weak}")
        assert found.startswith(f"error data/{table}.csv, “")


def test_the_tables_of_words_promote_nothing() -> None:
    (found,) = check_option("evidence_note", "A breakthrough.")
    assert "The word “breakthrough” promotes" in found


def check_option(column: str, value: object, table: str = "conditions") -> list[str]:
    """Check what is shipped, with another cell in the first row of a table of words."""
    whole = words()
    options = list(getattr(whole, table))
    options[0] = replace(options[0], **{column: value})
    changed = replace(whole, **{table: tuple(options)})
    return said(check_content(load_explainer(DATA), changed, TODAY))


def test_what_cites_on_its_own_is_taken_apart() -> None:
    text = "## Head\nA wrapped line of\n2026. Next.\n\n- An item\n  goes on.\n- Two.\n1. Three.\n"
    topic = load_topic(text)
    assert list(reading.passages(topic)) == [
        *("A wrapped line of 2026. Next.", "An item goes on.", "Two.", "Three."),
    ]
    assert list(reading.headings(topic)) == ["Head"]


def load_topic(body: str):
    topic = load_explainer(DATA).topics[0]
    return replace(topic, body=body, block=None, summary="In short.")


def test_marks_and_citations_are_not_read_as_words() -> None:
    topic = load_topic("It is **so**. [@1; @2] See [this page](https://made-up.example).\n")
    assert reading.prose(topic).split() == "In short. It is so . See this page.".split()


def test_a_decimal_point_does_not_end_a_sentence() -> None:
    assert reading.grade("The score fell by 24.8 points in all.") == reading.grade(
        "The score fell by 248 points in all."
    )
    assert reading.grade("You sit. You rest. You go home.") < 1 < reading.MAX_GRADE
    assert reading.grade(HARD) > 20


# The command


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data folder that the command reads."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    monkeypatch.setenv("CLINICS_DATA_DIR", str(folder))
    return folder


@pytest.mark.usefixtures("shipped")
def test_the_command_passes_what_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["check-content"]) == 0
    lines = capsys.readouterr().out.splitlines()
    notes = len(lines) - 1
    assert all(line.startswith("note data/explainer/") for line in lines[:-1])
    assert lines[-1] == f"0 errors, {notes} note{'' if notes == 1 else 's'} in 31 topics"


def test_the_command_names_each_error_and_fails(
    shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (shipped / "explainer" / "ocd.md").open("a", encoding="utf-8") as file:
        file.write("A miracle.\n")  # in the last passage: its translation has as many
    assert command_line.main(["check-content"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "error data/explainer/ocd.md: The word “miracle” promotes; say what is known instead."
    )
    assert lines[-1].startswith("1 error, ")


def test_the_command_says_in_one_sentence_which_table_is_broken(
    shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shipped / "references.csv").unlink()
    assert command_line.main(["check-content"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "The file references.csv cannot be read: no such file or directory.\n"


@pytest.mark.usefixtures("shipped")
def test_without_the_package_that_measures_the_command_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "textstat", None)
    assert command_line.main(["check-content"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        "Checking how plain the content is needs the packages of requirements-dev.txt.\n"
    )


def test_an_option_that_the_command_does_not_have_is_wrong_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command_line.main(["check-content", "--near", "20912"]) == 2
    assert capsys.readouterr().err.startswith("Unrecognized arguments: --near 20912.")

"""The explainer is read whole; what is broken is named with its file and line."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
from pathlib import Path

import pytest

from clinics.directory import BrokenDataset, Directory, load_directory
from clinics.domain.data_files import DataFileError
from clinics.domain.model import Approval, Grade
from clinics.domain.site import Dated
from clinics.explainer.files import load_explainer, read_topic
from clinics.explainer.model import Block, Explainer, Phase, Topic
from tests.conftest import TODAY
from tests.folders import DATA
from tests.made_up_topics import BLOCK, BODY, TABLES, topic_text, write_explainer

DATE = Dated("as of May 2031")


def load(folder: Path, **topics: str) -> Explainer:
    return load_explainer(write_explainer(folder, **topics))


def refusal(folder: Path, text: str) -> str:
    path = folder / "ptsd.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_topic(path, DATE)
    return str(caught.value)


def test_a_topic_is_its_head_its_block_and_its_text(tmp_path: Path) -> None:
    assert load(tmp_path).topics == (
        Topic(
            id="ptsd",
            title="PTSD",
            summary="Not approved as of November 2026, and trials do not agree.",
            group="conditions",
            conditions=("ptsd",),
            treatments=(),
            grade=Grade.LIMITED,
            approval=Approval.OFF_LABEL,
            reviewed=dt.date(2026, 11, 22),
            recheck=dt.date(2027, 2, 22),
            order=40,
            facts=("V49",),
            block=Block(**BLOCK),
            body=BODY.strip(),
        ),
    )


def test_a_topic_about_no_condition_has_no_grade_and_may_have_a_tool(tmp_path: Path) -> None:
    text = topic_text(block=None, grade='""', approval='""', tool='"estimate"')
    topic = load(tmp_path, cost=text).topics[0]
    assert (topic.grade, topic.approval, topic.block, topic.tool) == (None, None, None, "estimate")


def test_a_head_may_have_further_words_that_people_look_for(tmp_path: Path) -> None:
    assert load(tmp_path, cost=topic_text(words='["how much"]')).topics[0].words == ("how much",)
    assert load(tmp_path, cost=topic_text()).topics[0].words == ()


def test_a_file_of_another_system_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "ptsd.md"
    path.write_bytes(b"\xef\xbb\xbf" + topic_text().replace("\n", "\r\n").encode())
    assert read_topic(path, DATE).body == BODY.strip()


def test_a_text_says_the_month_that_the_site_has(tmp_path: Path) -> None:
    body = "Not approved {as_of}. [@1]\n"
    write_explainer(tmp_path, ptsd=topic_text(body=body, block={**BLOCK, "lasts": "So {as_of}."}))
    site = tmp_path / "site.toml"
    text = site.read_text(encoding="utf-8")
    site.write_text(text.replace("= 2026-11-28", "= 2031-05-01"), encoding="utf-8")
    claims = TABLES["claims.csv"].replace("It helps some.", "No {as_of}.")
    (tmp_path / "claims.csv").write_text(claims, encoding="utf-8")
    explainer = load_explainer(tmp_path)
    (topic,) = explainer.topics
    assert topic.summary == "Not approved as of May 2031, and trials do not agree."
    assert topic.body == "Not approved as of May 2031. [@1]"
    assert topic.block
    assert topic.block.lasts == "So as of May 2031."
    assert explainer.claims[0].answer == "No as of May 2031."


def test_topics_are_in_order_and_found_by_what_they_explain(tmp_path: Path) -> None:
    spray = topic_text(conditions="[]", treatments='["esketamine"]', order="10")
    explainer = load(tmp_path, ptsd=topic_text(), spray=spray)
    assert [topic.id for topic in explainer.topics] == ["spray", "ptsd"]
    for topic, id in (
        (explainer.topic("ptsd"), "ptsd"),
        (explainer.about_condition("ptsd"), "ptsd"),
        (explainer.about_treatment("esketamine"), "spray"),
    ):
        assert topic
        assert topic.id == id
    assert explainer.topic("x") is explainer.about_condition("x") is None
    assert explainer.about_treatment("x") is None


def test_the_tables_are_read(tmp_path: Path) -> None:
    explainer = load(tmp_path)
    assert explainer.references["2"].grade == "C"
    assert (explainer.claims[0].verdict, explainer.claims[0].references) == (
        "not supported",
        ("1", "2"),
    )
    assert explainer.questions[0].references == ("1",)
    assert explainer.schedule[0] == Phase(
        "iv-ketamine", "series", "Series", 1, 3, 6, "As in trials.", ("1",)
    )
    assert explainer.schedule[1].end_week is None
    price = explainer.prices[0]
    assert (price.low_usd, price.high_usd, price.as_of) == (400, 800, dt.date(2025, 11, 20))


def test_a_product_begins_with_the_sessions_its_schedule_says(tmp_path: Path) -> None:
    explainer = load(tmp_path)
    assert explainer.first_series("iv-ketamine") == 6
    assert explainer.first_series("not-in-the-schedule") == 1


def test_a_first_visit_that_is_counted_is_no_session_of_the_series(tmp_path: Path) -> None:
    load(tmp_path)
    head, rest = TABLES["schedule.csv"].split("\n", 1)
    first = "iv-ketamine,consultation,First visit,0,0,1,Before all.,1"
    later = "iv-ketamine,follow-up,Later,4,,2,After all.,1"
    for rows in (f"{first}\n{rest}", f"{first}\n{later}\n{rest}"):
        (tmp_path / "schedule.csv").write_text(f"{head}\n{rows}", encoding="utf-8")
        assert load_explainer(tmp_path).first_series("iv-ketamine") == 6


def test_a_price_may_say_what_it_is_of_and_what_stands_under_a_sum(tmp_path: Path) -> None:
    assert (load(tmp_path).prices[0].product, load(tmp_path).prices[0].remark) == ("", "")
    table = "item,product,low_usd,high_usd,as_of,note,remark,references\n"
    row = "one,tms,9,9,2025-11-20,Note.,Ask your plan.,1\n"
    write_explainer(tmp_path)
    (tmp_path / "prices.csv").write_text(table + row, encoding="utf-8")
    price = load_explainer(tmp_path).prices[0]
    assert (price.product, price.remark) == ("tms", "Ask your plan.")


def test_a_county_has_all_its_lines_in_order_and_another_has_none(tmp_path: Path) -> None:
    explainer = load(tmp_path)
    assert [line.name for line in explainer.crisis_lines_in("Made-up County", "MD")] == [
        "First",
        "Second",
    ]
    assert explainer.crisis_lines_in("Nowhere", "MD") == ()


def test_a_county_of_the_same_name_in_another_state_has_its_own_lines(tmp_path: Path) -> None:
    (line,) = load(tmp_path).crisis_lines_in("Made-up County", "VA")
    assert (line.name, line.where) == ("Third", "Made-up County, VA")


def test_montgomery_county_in_virginia_is_not_sent_to_maryland(directory: Directory) -> None:
    lines = directory.explainer.crisis_lines_in
    assert [line.phone for line in lines("Montgomery County", "MD")] == ["240-777-4000"]
    assert lines("Montgomery County", "VA") == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# PTSD\n", "ptsd.md, line 1: it needs a head between two lines of +++."),
        ("+++\ntitle = 1\n", "ptsd.md, line 1: it needs a head between two lines of +++."),
        (topic_text(body=" "), "ptsd.md: it needs a text under its head; it has none."),
        (
            topic_text(summary="No quotes"),
            'ptsd.md, line 3: it needs lines such as title = "Cost", each name once.',
        ),
        (
            topic_text(order="4\norder = 5"),
            'ptsd.md, line 12: it needs lines such as title = "Cost", each name once.',
        ),
        (topic_text(title=""), "ptsd.md, line 2: the head needs “title”; it has none."),
        (topic_text(title="7"), "ptsd.md, line 2: “title” needs a text in quotes; it has 7."),
        (
            topic_text(group='"misc"'),
            "ptsd.md, line 4: “group” can be start, conditions, process, safety, practical; "
            "it is “misc”.",
        ),
        (
            topic_text(conditions='"ptsd"'),
            'ptsd.md, line 5: “conditions” needs a list such as ["one", "two"]; it has ptsd.',
        ),
        (
            topic_text(grade='"superb"'),
            "ptsd.md, line 7: “grade” can be empty, strong, moderate, limited, insufficient; "
            "it is “superb”.",
        ),
        (
            topic_text(approval='"other"'),
            "ptsd.md, line 8: “approval” can be empty, approved, off-label, unapproved; "
            "it is “other”.",
        ),
        (
            topic_text(reviewed='"May"'),
            "ptsd.md, line 9: “reviewed” needs a day such as 2027-05-22; it has May.",
        ),
        (
            topic_text(recheck="2027-05-22T10:00:00"),
            "ptsd.md, line 10: “recheck” needs a day such as 2027-05-22; it has "
            "2027-05-22 10:00:00.",
        ),
        (
            topic_text(order="true"),
            "ptsd.md, line 11: “order” needs a whole number; it has True.",
        ),
        (
            topic_text(tool='"hammer"'),
            "ptsd.md, line 13: “tool” can be empty, timeline, estimate, questions, claims; "
            "it is “hammer”.",
        ),
        (
            topic_text(words='"how much"'),
            'ptsd.md, line 13: “words” needs a list such as ["one", "two"]; it has how much.',
        ),
        (
            topic_text(body="Text.\n\n![A brain](https://elsewhere.example/brain.png)\n"),
            "ptsd.md, line 23: it needs to be text; it has a picture.",
        ),
        (topic_text(tol='"claims"'), "ptsd.md, line 13: “tol” is not a name that a head has."),
        (
            topic_text(block={"approval": "Yes."}),
            "ptsd.md, line 14: [block] needs exactly approval, evidence, lasts, guidelines, risk.",
        ),
    ],
)
def test_a_broken_topic_is_named_with_file_and_line(
    tmp_path: Path, text: str, sentence: str
) -> None:
    assert refusal(tmp_path, text) == sentence


def test_a_topic_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ptsd.md"
    path.write_bytes(b"+++\n\xff\n+++\n")
    with pytest.raises(DataFileError, match=r"^ptsd\.md cannot be read: "):
        read_topic(path, DATE)


@pytest.mark.parametrize(
    ("table", "old", "new", "sentence"),
    [
        ("claims.csv", "verdict", "word", "claims.csv needs a column 'verdict'."),
        (
            "claims.csv",
            "not supported",
            "rubbish",
            "claims.csv, row 2: “verdict” can be supported, overstated, not supported, "
            "contradicted; it is “rubbish”.",
        ),
        (
            "references.csv",
            ",A\n",
            ",D\n",
            "references.csv, row 2: “grade” can be A, B, C; it is “D”.",
        ),
        ("references.csv", "\n2,", "\n1,", "references.csv: number 1 is there twice."),
        (
            "schedule.csv",
            "Series,1,",
            "Series,soon,",
            "schedule.csv, row 2: “start_week” needs a number; it is “soon”.",
        ),
        (
            "schedule.csv",
            "1,3,6",
            "1,3,six",
            "schedule.csv, row 2: “sessions” needs a whole number from 1 to 60, or nothing; "
            "it is “six”.",
        ),
        (
            "prices.csv",
            ",400,",
            ",900,",
            "prices.csv, row 2: “high_usd” is 800, below “low_usd”, which is 900.",
        ),
        (
            "prices.csv",
            "2025-11-20",
            "last year",
            "prices.csv, row 2: “as_of” needs a day such as 2025-11-20; it is “last year”.",
        ),
    ],
)
def test_a_broken_table_is_named_with_file_and_row(
    tmp_path: Path, table: str, old: str, new: str, sentence: str
) -> None:
    write_explainer(tmp_path)
    assert old in TABLES[table]
    (tmp_path / table).write_text(TABLES[table].replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_explainer(tmp_path)
    assert str(caught.value) == sentence


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the data folder, to be broken."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    return folder


def test_in_service_a_broken_topic_is_left_out_with_one_line_in_the_log(
    shipped: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (shipped / "explainer" / "ocd.md").write_text("nothing", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "clinics"):
        explainer = load_directory(shipped, TODAY).explainer
    assert explainer.topic("ocd") is None
    assert explainer.topic("ptsd")
    assert [record.getMessage() for record in caplog.records] == [
        "A topic is left out. ocd.md, line 1: it needs a head between two lines of +++."
    ]


def test_in_service_a_broken_table_keeps_the_directory_from_being_shown(shipped: Path) -> None:
    (shipped / "claims.csv").unlink()
    with pytest.raises(BrokenDataset, match=r"^The file claims\.csv cannot be read: "):
        load_directory(shipped, TODAY)

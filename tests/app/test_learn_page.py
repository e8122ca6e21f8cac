"""The explainer without a browser: its list, every topic, and the tools that stand with some."""

import datetime as dt
import html
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from clinics.domain.words import slug
from clinics.explainer.model import GROUPS
from clinics.explainer.topic_search import topics_about
from tests.app.conftest import ADDRESS
from tests.folders import DATA
from tests.integration.plain_site import site_of
from ui import resources
from ui.learn import tools

TOPICS = sorted(file.stem for file in (DATA / "explainer").glob("*.md"))
TREATED = {
    "ptsd": "ptsd",
    "depression": "depression",
    "chronic-pain": "chronic-pain",
    "migraine": "migraine",
}
"""Topic -> a condition whose clinics it offers."""


def read(page, topic=""):
    """Turn to the explainer as a link does: it takes nothing along in the address bar."""
    return turn_to(page, "learn.py", {"topic": topic} if topic else {})


def turn_to(page, file, params):
    page.app.query_params.clear()
    for name, value in params.items():
        page.app.query_params[name] = value
    return page.go_to(file)


def links(page):
    """Every link of the page to another of ours: label -> parameters."""
    return {label: parse_qs(urlsplit(address).query) for label, address in page.links.items()}


def topics_linked(page):
    return {params["topic"][0] for params in links(page).values()}


def headers(page):
    return [header.value for header in page.app.header]


def to_clinics(page):
    """The label and the parameters of the link from the foot of a topic to the search page."""
    found = [(label, params) for label, params in links(page).items() if "condition" in params]
    (top, bottom) = found
    assert top[1] == bottom[1]
    return bottom


def number_in(label):
    return int(re.search(r"\d[\d,]*", label)[0].replace(",", ""))


def set_number(page, name, value):
    page.app.number_input(key=f"cost_{name}").set_value(value)
    return page._run()


def tick(page, question, wanted):
    page.app.checkbox(key=f"question_{question}").set_value(wanted)
    return page._run()


def offered(page):
    """What the buttons to download say."""
    return [button.proto.label for button in page.app.get("link_button")]


@pytest.fixture
def sheet(directory):
    """Return the sheet of questions that a page leads to, as lines of text."""
    ask = site_of(directory)

    def lines(page):
        (to_pdf, to_text) = (button.proto.url for button in page.app.get("link_button"))
        assert ask(to_pdf.removeprefix(".")).body.startswith(b"%PDF-")
        return ask(to_text.removeprefix(".")).text.splitlines()

    return lines


def test_there_are_topics_to_test():
    assert len(TOPICS) > 20


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_opens_with_its_answer_first_and_its_sources_last(visit, directory, topic):
    page = read(visit(), topic)
    expected = directory.explainer.topic(topic)
    assert [title.value for title in page.app.title] == [expected.title]
    assert expected.summary in page.text
    assert "988" in page.crisis
    assert headers(page)[-1] == "Sources"
    assert "Last reviewed" in page.text
    assert "Information, not medical advice" in page.text
    assert page.warnings == []


def test_every_citation_is_a_number_of_the_list_of_sources(visit):
    page = visit()
    for topic in TOPICS:
        read(page, topic)
        shown = page.text + "".join(str(page.part(key)) for key in ("topic_block", "claims"))
        listed = re.findall(r"^(\d+)\. \[.+\]\(<https?://", page.text, re.MULTILINE)
        assert "[@" not in shown, topic
        assert listed == [str(number + 1) for number in range(len(listed))], topic
        assert set(re.findall(r"\[(\d+)\](?:\]|<span)", shown)) == set(listed), topic


def test_only_a_topic_about_a_condition_opens_with_the_block_and_ends_with_clinics(
    visit, directory
):
    page = visit()
    for topic in TOPICS:
        read(page, topic)
        block = directory.explainer.topic(topic).block
        assert (page.part("topic_block") is not None) == (block is not None), topic
        assert ("Clinics that say they treat this" in headers(page)) == (block is not None), topic


def test_the_list_has_every_topic_with_its_summary_under_its_group(visit, directory):
    page = read(visit())
    assert headers(page) == list(GROUPS.values())
    assert links(page) == {t.title: {"topic": [t.id]} for t in directory.explainer.topics}
    for topic in directory.explainer.topics:
        shown = html.unescape(page.part(f"topics_{topic.group}")["known"])
        assert topic.title in shown
        assert topic.summary in shown


def seek(page, words):
    page.app.text_input(key="topic_search").set_value(words)
    return page._run()


@pytest.mark.parametrize("words", ["how much", "rems  certified", "nerve pain", "drip", "Spravato"])
def test_the_search_box_lists_the_topics_found_the_closest_first(visit, directory, words):
    page = seek(read(visit()), words)
    expected = topics_about(directory.explainer.topics, directory.vocabulary, words)
    assert 1 < len(expected) < len(TOPICS)
    assert list(links(page)) == [topic.title for topic in expected]
    assert headers(page) == [f"{len(expected)} topics, the closest first"]


def test_one_topic_found_is_not_called_topics(visit):
    page = seek(read(visit()), "panic")
    assert headers(page) == ["1 topic found"]
    assert links(page) == {"Anxiety": {"topic": ["anxiety"]}}


@pytest.mark.parametrize("words", ["", "   "])
def test_an_empty_search_box_shows_every_group_again(visit, words):
    page = seek(seek(read(visit()), "panic"), words)
    assert headers(page) == list(GROUPS.values())


def test_words_that_no_topic_has_get_a_sentence_and_the_crisis_line(visit):
    page = read(visit())
    page.app.text_input(key="topic_search").set_value("[zebra](x) *")
    page._run()
    assert "No topic has these words." in page.text
    assert links(page) == {}
    assert "988" in page.crisis
    assert any("988" in note for note in page.notes)


@pytest.mark.parametrize("words", ["migrane", "bladder zebra", "zebra"])
def test_the_crisis_line_stands_by_every_answer_that_is_not_what_was_typed(visit, words):
    page = seek(read(visit()), words)
    assert "No topic has" in page.text
    assert any("988" in note for note in page.notes)


@pytest.mark.parametrize("words", ["rape", "grief", "kids", "unalive"])
def test_words_of_harm_lead_to_help_and_are_not_corrected(visit, words):
    page = seek(read(visit()), words)
    assert "No topic has" not in page.text
    assert "Getting help now" in links(page)


@pytest.mark.parametrize("town", ["Takoma Park", "Silver Spring", "Germantown", "Ellicott City"])
def test_a_town_leads_to_its_guide(visit, town):
    page = seek(read(visit()), f"clinics in {town}")
    assert links(page) == {f"Clinics near {town}, MD": {"town": [f"{slug(town)}-md"]}}


def test_a_topic_links_to_the_topics_that_its_text_names(visit):
    page = read(visit(), "risks")
    assert links(page)["An emergency at home"] == {"topic": ["emergency-at-home"]}
    assert "[1-800-222-1222](tel:+18002221222)" in page.text


def test_a_source_that_was_read_in_a_copy_says_so_in_small_print(visit):
    page = read(visit(), "sessions")
    label = (
        r"^\d+\. \[.*Spravato.*\]\(<https://dailymed\.nlm\.nih\.gov/.*>\) :small\[Read in a copy "
    )
    assert re.search(label, page.text, re.MULTILINE)


def test_a_word_spelled_nearly_so_is_found_and_said(visit):
    page = seek(read(visit()), "migrane")
    assert "No topic has “migrane”. These have “migraine”." in page.text
    assert next(iter(links(page))) == "Migraine"


def test_where_no_topic_has_all_words_those_with_some_are_listed_and_it_is_said(visit):
    page = seek(read(visit()), "bladder zebra")
    assert "No topic has all of these words." in page.text
    assert "Risks and side effects" in links(page)


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("ptsb", "ptsd"),
        ("Costs", "cost"),
        ("depresion", "depression"),
        ("price", "cost"),
        ("panic", "anxiety"),
        ("kids", "emergency-at-home"),
        ("rape", "ptsd"),
        ("../ptsd/../..", "ptsd"),
    ],
)
def test_an_unknown_topic_is_named_with_the_nearest_and_the_list_of_all(visit, asked, nearest):
    page = read(visit(), asked)
    assert len(page.warnings) == 1
    assert f"“{asked}”" in page.warnings[0]
    assert any("988" in note for note in page.notes)
    label = next(label for label in links(page) if label.startswith("Did you mean"))
    assert links(page)[label] == {"topic": [nearest]}
    assert topics_linked(page) == set(TOPICS)


@pytest.mark.parametrize("asked", ["PTSD", " ptsd ", "Ptsd"])
def test_capitals_and_spaces_around_a_topic_do_not_matter(visit, asked):
    page = read(visit(), asked)
    assert [title.value for title in page.app.title] == ["PTSD"]
    assert page.warnings == []


@pytest.mark.parametrize("asked", ["zzzzzz", "<script>alert(1)</script>", "%00", "//"])
def test_a_topic_near_to_nothing_offers_no_guess(visit, asked):
    page = read(visit(), asked)
    assert f"“{asked}”" in page.warnings[0]
    assert topics_linked(page) == set(TOPICS)
    assert not any(label.startswith("Did you mean") for label in links(page))


def test_a_very_long_topic_is_cut_in_the_sentence(visit):
    page = read(visit(), "x" * 5000)
    assert len(page.warnings[0]) < 120


SEARCHES = [
    {},
    {"near": "Germantown, MD", "within": "5"},
    {"near": "Baltimore, MD", "within": "any", "category": "mental-health", "sort": "name"},
    {"near": "90210"},
]


@pytest.mark.parametrize(("topic", "search"), [*zip(TREATED, SEARCHES, strict=True)])
def test_the_link_to_clinics_carries_place_and_distance_and_keeps_its_count(visit, search, topic):
    label, params = to_clinics(read(visit(**search), topic))
    condition = params.pop("condition")
    assert TREATED[topic] in condition
    assert params == {n: [v] for n, v in search.items() if n in ("near", "within")}
    found = visit(**{"condition": condition, **{n: v[0] for n, v in params.items()}})
    assert found.total == (number_in(label) if label.startswith("Show") else 0)
    assert label.startswith("Show") or label.startswith("No ")


@pytest.mark.parametrize("search", [{"near": "20912", "within": "10"}])
def test_every_topic_about_a_condition_counts_as_the_search_it_opens_does(visit, directory, search):
    for topic in directory.explainer.topics:
        if topic.conditions:
            label, params = to_clinics(read(visit(**search), topic.id))
            assert params["condition"] == list(topic.conditions)
            promised = number_in(label) if label.startswith("Show") else 0
            assert visit(**{**search, "condition": params["condition"]}).total == promised


@pytest.mark.parametrize(
    ("search", "label"),
    [
        ({}, "11 clinics that say they treat this"),
        ({"near": "Takoma Park, MD"}, "9 clinics near Takoma Park that say they treat this"),
        ({"near": "20912", "within": "any"}, "11 clinics that say they treat this"),
        ({"near": "90210"}, "No clinic near ZIP 90210 says it treats this: search further"),
    ],
)
def test_beside_all_topics_stands_how_many_near_the_searched_place_treat_this(visit, search, label):
    page = read(visit(**search), "ptsd")
    assert [*links(page)][:2] == ["All topics", label]
    params = {name: [value] for name, value in search.items()}
    assert links(page)[label] == params | {"condition": ["ptsd"]}


def test_a_topic_about_no_condition_leads_back_to_the_search(visit):
    page = read(visit(near="20912", condition="ocd"), "cost")
    label = [*links(page)][1]
    assert label.startswith("Your search: ")
    assert label.endswith("within 25 miles of ZIP 20912 listed as treating OCD")
    assert links(page)[label] == {"near": ["20912"], "condition": ["ocd"]}
    assert [*links(read(visit(), "cost"))] == ["All topics"]


def test_the_contents_of_a_topic_name_every_heading_of_its_page(visit, directory):
    for topic in directory.explainer.topics:
        page = read(visit(), topic.id)
        parts = [part.proto.body for part in page.app.get("html")]
        (contents,) = [part for part in parts if part.startswith('<nav class="contents"')]
        named = [
            html.unescape(words) for words in re.findall(r'<a href="#[^"]+">([^<]+)', contents)
        ]
        body = [line[3:].strip() for line in topic.body.splitlines() if line.startswith("## ")]
        assert named == [*body, *headers(page)]
        assert all(words.isascii() for words in named), "Streamlit names other headings by a hash"


def test_after_a_typed_address_the_link_holds_the_zip_only(visit, geocoder):
    page = visit().type_place(ADDRESS)
    label, params = to_clinics(read(page, "ptsd"))
    assert params == {"near": ["20912"], "condition": ["ptsd"]}
    assert "Maple" not in label
    turn_to(page, "find.py", {"near": "20912", "condition": ["ptsd"]})
    assert page.total == number_in(label)


def test_a_place_that_is_not_known_leaves_the_topic_standing(visit):
    label, params = to_clinics(read(visit(near="Xyzzyville"), "ptsd"))
    assert label.startswith("Show")
    assert params["condition"] == ["ptsd"]


def test_the_estimate_begins_with_six_sessions_at_the_cited_price(visit):
    page = read(visit(), "cost")
    assert "### About $2,400 to $4,800 in all" in page.text
    assert "First series: 6 sessions × $400 to $800 = $2,400 to $4,800" in page.text
    assert "It is not a quote" in page.text
    assert "Spravato with insurance is different" in page.text


def test_the_estimate_and_the_picture_are_of_the_course_that_the_data_name(
    visit, directory, monkeypatch
):
    """Thirty sessions over nine weeks are no six over three, and have their own remark."""
    explainer = directory.explainer
    series = [replace(p, end_week=36, sessions=30) for p in explainer.schedule if p.sessions]
    price = replace(explainer.prices[0], remark="Ask about rides home.")
    other = replace(explainer, schedule=tuple(series), prices=(price,))
    monkeypatch.setattr(
        resources, "directory", lambda: replace(directory, explainer=other), raising=True
    )
    page = read(visit(), "cost")
    assert "First series: 30 sessions × $400 to $800 = $12,000 to $24,000" in page.text
    assert "Ask about rides home." in page.text
    assert "Spravato with insurance" not in page.text


@pytest.mark.parametrize(
    ("end", "weeks"),
    [(2, [0, 4]), (6, [0, 4, 8]), (12, [0, 4, 8, 12]), (52, [0, 12, 24, 36, 48, 60])],
)
def test_the_picture_ends_with_the_course(directory, end, weeks):
    phase = replace(directory.explainer.schedule[0], start_week=1, end_week=end)
    assert tools._weeks_shown([phase]) == weeks


def test_the_estimate_adds_up_what_is_entered(visit):
    page = read(visit(), "cost")
    for name, value in {
        "sessions": 4,
        "price_low": 500,
        "price_high": 500,
        "consultation": 250,
        "later_sessions": 2,
        "miles_each_way": 10,
        "dollars_a_mile": 0.5,
    }.items():
        set_number(page, name, value)
    assert "About $3,320 in all" in page.text
    assert "Travel: 7 visits × 2 × 10 miles × $0.50 a mile = $70" in page.text
    assert "You would travel about 140 miles." in page.text


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("price_high", 300, "The highest price ($300) is below the lowest ($400)."),
        ("sessions", 0, "The number of sessions can be from 1 to 60; it is 0."),
        ("sessions", 2.5, "The number of sessions needs a whole number; it is 2.5."),
        ("sessions", 1e9, "The number of sessions can be from 1 to 60; it is 1,000,000,000."),
        ("later_sessions", -3, "The number of later sessions can be from 0 to 60; it is -3."),
        (
            "price_high",
            99999,
            "The highest price of a session can be from 0 to 10,000; it is 99,999.",
        ),
    ],
)
def test_a_number_that_cannot_be_used_gets_a_sentence_and_no_sum(visit, name, value, sentence):
    page = set_number(read(visit(), "cost"), name, value)
    assert [w for w in page.warnings if w.startswith(sentence)]
    assert "in all" not in page.text
    assert headers(page)[-1] == "Sources"
    set_number(page, name, 400)
    assert ("in all" in page.text) == (name not in ("sessions", "later_sessions"))


def test_the_miles_begin_with_the_distance_to_the_chosen_clinic(visit, directory):
    page = read(visit(near="20912", clinic="blue-sky-mental-health-silver-spring"), "cost")
    miles = page.app.number_input(key="cost_miles_each_way")
    assert miles.label == "Miles to Blue Sky Mental Health, one way"
    assert 0 < miles.value < 3
    assert "$2,400 to $4,800 in all" in page.text


def test_the_questions_are_all_ticked_and_counted_beside_the_downloads(visit, directory):
    page = read(visit(), "choosing-a-clinic")
    questions = directory.explainer.questions
    assert [box.value for box in page.app.checkbox] == [True] * len(questions)
    assert offered(page) == ["Download as PDF, one page", "Download as text"]
    assert f"Both hold these {len(questions)} questions." in page.text


def test_unticking_a_question_takes_it_from_the_number_and_from_the_sheet(visit, directory, sheet):
    page = read(visit(), "choosing-a-clinic")
    first, *others = directory.explainer.questions
    tick(page, first.id, False)
    assert f"Both hold these {len(others)} questions." in page.text
    assert [line[4:] for line in sheet(page) if line.startswith("[ ] ")] == [
        question.question for question in others
    ]
    tick(page, first.id, True)
    assert f"[ ] {first.question}" in sheet(page)


def test_without_any_question_ticked_there_is_nothing_to_download(visit, directory):
    page = read(visit(), "choosing-a-clinic")
    for question in directory.explainer.questions:
        page.app.checkbox(key=f"question_{question.id}").set_value(False)
    page._run()
    assert offered(page) == []
    assert "Tick at least one question to take it with you." in page.text


def test_one_question_alone_is_not_called_questions(visit, directory):
    page = read(visit(), "choosing-a-clinic")
    for question in directory.explainer.questions[1:]:
        page.app.checkbox(key=f"question_{question.id}").set_value(False)
    page._run()
    assert "Both hold this question." in page.text


def test_the_sheet_names_the_chosen_clinic_and_its_telephone(visit, directory, sheet):
    near = [directory.dataset.find(id) for id in visit(near="20912").ids]
    clinic = next(c for c in near if c.phone and c.caveat)
    page = read(visit(near="20912", clinic=clinic.id), "choosing-a-clinic")
    assert f"For **{clinic.name}**, {clinic.phone}" in page.text
    assert clinic.caveat in page.warnings
    assert sheet(page)[:5] == [
        "QUESTIONS TO TAKE WITH YOU",
        "",
        clinic.name,
        clinic.caveat,
        clinic.phone,
    ]
    assert sheet(page)[-1].endswith("In crisis: call or text 988.")


def test_the_sheet_says_so_when_the_chosen_clinics_telephone_is_not_stated(visit, sheet):
    page = read(visit(clinic="blue-sky-mental-health-silver-spring"), "choosing-a-clinic")
    assert "For **Blue Sky Mental Health**, telephone not stated" in page.text
    assert sheet(page)[2:4] == ["Blue Sky Mental Health", "Telephone not stated"]


@pytest.mark.parametrize("search", [{}, {"near": "20912"}, {"near": "20912", "clinic": "gone"}])
def test_without_a_chosen_clinic_the_sheet_names_none(visit, sheet, search):
    page = read(visit(**search), "choosing-a-clinic")
    assert "For **" not in page.text
    assert sheet(page)[2].startswith("[ ] ")


def test_the_course_of_treatment_is_drawn_and_said_in_words_for_each_product(visit, directory):
    page = read(visit(), "sessions")
    assert page.app.get("vega_lite_chart")
    headings = [re.sub(r"\\(.)", r"\1", heading.value) for heading in page.app.subheader]
    for phase in directory.explainer.schedule:
        label = directory.vocabulary.label("treatments", phase.product)
        assert label in headings or f"**{label}**" in page.text
        assert f"- {phase.label}" in page.text
        assert phase.note in page.text


def test_common_claims_has_every_claim_with_its_verdict(visit, directory):
    table = read(visit(), "common-claims").part("claims")["known"]
    rows = table.split("<tr>")[2:]
    assert len(rows) == len(directory.explainer.claims)
    for row, claim in zip(rows, directory.explainer.claims, strict=True):
        assert f"</span> {claim.verdict}</td>".casefold() in row.casefold()


def test_a_topic_whose_review_is_overdue_says_so_to_the_reader(visit, monkeypatch):
    monkeypatch.setattr(resources, "today", lambda: dt.date(2030, 1, 1))
    assert "That day has passed" in read(visit(), "ptsd").text
    monkeypatch.setattr(resources, "today", lambda: dt.date(2026, 11, 22))
    assert "That day has passed" not in read(visit(), "ptsd").text

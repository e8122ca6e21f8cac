"""The explainer and the guides to towns in Chromium: links, axe, a phone, paper, a picture."""

import io
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from clinics.present.paper import printable

from .test_accessibility import findings, hold_headings
from .test_sizes import STREAMLITS_OWN, TOO_SMALL

TILES = "tile.openstreetmap.org"

NUMBER_BOXES = "[data-testid=stNumberInput] *"
"""Streamlit's own, which we cannot size: 43 pixels inside a frame of 45."""

CUT_WORDS = """charts => charts.flatMap(c => {
  const edge = c.getBoundingClientRect();
  return [...c.querySelectorAll('text')].filter(t => {
    const box = t.getBoundingClientRect();
    return box.left < edge.left - 1 || box.right > edge.right + 1 || /…/.test(t.textContent);
  }).map(t => t.textContent);
})"""
"""The words of pictures that are cut off, by the edge or by three dots."""


PLACES_OF_WEEKS = """charts => charts.map(c => [...c.querySelectorAll('text')]
  .filter(t => /^[048]$/.test(t.textContent))
  .map(t => t.getBoundingClientRect().x - c.getBoundingClientRect().x))"""

START_AND_BARS = """c => {
  const zero = [...c.querySelectorAll('text')].find(t => t.textContent === '0');
  const box = zero.getBoundingClientRect();
  const bars = [...c.querySelectorAll('.mark-rect path')].map(bar => bar.getBoundingClientRect());
  return [box.x + box.width / 2, bars.map(bar => [bar.left, bar.right])];
}"""
"""Where the first week begins in a picture, and from where to where its bars reach."""


def whole(me):
    """Wait for what Streamlit fetches only when a page first needs it; each page has a link."""
    expect(me.page.locator("a[data-go]").first).to_be_visible()
    expect(me.page.get_by_test_id("stSkeleton")).to_have_count(0)
    return me


def title(me, text):
    return me.page.get_by_role("heading", name=text, level=1, exact=True)


def has_frame(me):
    """The parts that every page shares: crisis line on top, navigation, footer."""
    expect(me.page.get_by_text("Need help now?").first).to_be_visible()
    expect(me.page.get_by_role("link", name="Find a clinic")).to_be_visible()
    expect(me.page.get_by_text("Information, not medical advice").last).to_be_attached()


def shown_on_paper(locator):
    """Whether a part is on the page as it is printed, and not cut off by a part that scrolls."""
    return locator.evaluate(
        """e => {
          if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
          const box = e.getBoundingClientRect();
          for (let p = e; p; p = p.parentElement ?? p.getRootNode().host) {
            if (getComputedStyle(p).overflowY === 'visible') continue;
            const around = p.getBoundingClientRect();
            if (box.bottom > around.bottom + 1 || box.top < around.top - 1) return false;
          }
          return true;
        }"""
    )


def hold_is_sound(me):
    """Hold that a page can be read by everybody and asks nobody else."""
    assert findings(me.page) == []
    hold_headings(me.page)
    assert me.hosts <= {urlsplit(me.base).hostname, TILES}


def hold_for_a_phone(me):
    hold_is_sound(me)
    assert me.scrolls_sideways() == []
    assert me.page.evaluate(TOO_SMALL, [44, f"{STREAMLITS_OWN}, {NUMBER_BOXES}"]) == []


def hold_on_paper(me, *texts):
    """Hold that these words are on the page as it is printed."""
    me.page.emulate_media(media="print")
    for text in texts:
        assert any(shown_on_paper(found) for found in me.page.get_by_text(text).all()), text


def printed_pages(me):
    """The text of each sheet of paper."""
    sheets = PdfReader(io.BytesIO(me.page.pdf(format="Letter"))).pages
    return [sheet.extract_text() for sheet in sheets]


def pictures(me):
    """The pictures of the page, once they are drawn."""
    shown = me.page.locator("[data-testid=stVegaLiteChart]")
    expect(shown.locator("svg").nth(1)).to_be_visible()
    return shown


def hold_words_are_as_dark_as_the_text(me):
    text = me.page.get_by_text("The same in words:").first
    wanted = text.evaluate("e => getComputedStyle(e).color")
    words = pictures(me).first.locator("text")
    expect(words.first).to_have_css("fill", wanted)
    fills = words.evaluate_all("es => [...new Set(es.map(e => getComputedStyle(e).fill))]")
    assert fills == [wanted]


def turn_to_topic(me, topic):
    """Choose a topic from the list of all; a pointer that lies over a heading would show a link."""
    me.page.locator(f"a[data-go][href$='topic={topic.id}']").first.press("Enter")
    expect(title(me, topic.title)).to_be_visible()
    return whole(me.settled())


def turn_to_all_topics(me):
    me.page.get_by_role("link", name="All topics").press("Enter")
    expect(title(me, "Understand the treatment before you call")).to_be_visible()
    return whole(me.settled())


def test_a_topic_of_the_list_has_its_own_address_and_back_leads_to_the_list(visitor):
    me = whole(visitor("learn"))
    hold_is_sound(me)
    me.page.get_by_role("link", name="PTSD", exact=True).click()
    expect(title(me, "PTSD")).to_be_visible()
    expect(me.page).to_have_url(re.compile(r"/learn\?topic=ptsd$"), timeout=3000)
    has_frame(me)
    me.page.get_by_role("link", name="All topics").click()
    expect(title(me, "Understand the treatment before you call")).to_be_visible()
    expect(me.page).to_have_url(re.compile("/learn$"), timeout=3000)
    me.page.go_back()
    expect(title(me, "PTSD")).to_be_visible()


def test_a_town_has_its_own_address_whether_of_the_first_five_or_of_the_list(visitor):
    me = whole(visitor("towns"))
    me.page.locator("[data-go]", has_text="Baltimore, MD").click()
    expect(title(me, "Clinics near Baltimore, MD")).to_be_visible()
    expect(me.page).to_have_url(re.compile(r"/towns\?town=baltimore-md$"), timeout=3000)
    me.page.get_by_role("link", name="All towns").click()
    expect(title(me, "Guides to towns")).to_be_visible()
    expect(me.page).to_have_url(re.compile("/towns$"), timeout=3000)
    me.page.get_by_role("link", name="Annapolis, MD").click()
    expect(title(me, "Clinics near Annapolis, MD")).to_be_visible()
    assert me.params == {"town": ["annapolis-md"]}


def test_from_a_search_to_its_topic_and_back_either_way_keeps_place_and_distance(visitor):
    me = visitor("?near=20912&within=10&condition=ptsd").wait_for_total(6)
    me.page.get_by_role("link", name="Does it work?").click()
    expect(title(me, "PTSD")).to_be_visible()
    assert me.params == {"topic": ["ptsd"]}
    me.page.go_back()
    me.wait_for_total(6)
    me.page.go_forward()
    expect(title(me, "PTSD")).to_be_visible()
    me.page.get_by_role("link", name=re.compile("^Show 6 ketamine")).click()
    me.wait_for_total(6)
    assert me.params == {"near": ["20912"], "within": ["10"], "condition": ["ptsd"]}


def test_on_a_phone_every_page_is_sound_scrolls_nothing_sideways_and_has_targets_of_44_pixels(
    phone, directory
):
    me = whole(phone("learn"))
    hold_for_a_phone(me)
    for id in ("common-claims", "cost", "choosing-a-clinic"):
        hold_for_a_phone(turn_to_topic(me, directory.explainer.topic(id)))
        turn_to_all_topics(me)
    hold_for_a_phone(whole(me.open("towns?town=takoma-park-md")))


def test_on_a_phone_the_words_of_a_picture_and_each_number_to_call_fit(phone, directory):
    me = phone("learn?topic=sessions")
    assert pictures(me).first.bounding_box()["width"] <= 390
    assert me.scrolls_sideways() == []
    assert pictures(me).evaluate_all(CUT_WORDS) == []
    words = pictures(me).nth(1).locator("text tspan").all_text_contents()
    assert words[-2:] == ["Once a week or every", "two weeks"]
    turn_to_topic(turn_to_all_topics(me), directory.explainer.topic("help-now"))
    numbers = me.page.locator("[data-testid=stMain] a[href^='tel:']")
    assert numbers.count() > 12
    assert set(numbers.evaluate_all("es => es.map(e => e.getClientRects().length)")) == {1}


def test_the_course_of_treatment_is_drawn_to_scale_named_and_said_in_words_also_in_the_dark(
    visitor,
):
    me = visitor("learn?topic=sessions")
    box = pictures(me).first.bounding_box()
    assert box["width"] > 300
    assert box["height"] > 60
    expect(me.page.get_by_text("The same in words:").first).to_be_visible()
    words = me.page.get_by_role("listitem").filter(has_text="Twice a week (weeks 1 to 4)")
    expect(words).to_contain_text("8 sessions")

    places = pictures(me).evaluate_all(PLACES_OF_WEEKS)
    assert len(places[0]) == 3
    assert places[0] == pytest.approx(places[1], abs=2), "a week has one place in both pictures"
    start, bars = pictures(me).first.evaluate(START_AND_BARS)
    assert bars[0][1] < start, "the consultation is before the first session"
    assert bars[1][0] == pytest.approx(start, abs=2)

    name = pictures(me).nth(1).get_attribute("aria-label")
    assert name.startswith("Timeline of Spravato (esketamine): First consultation; Twice a week (")
    assert name.endswith("The same stands in words below.")
    pictures(me).first.hover()
    expect(me.page.get_by_role("button", name="Copy Vega-Lite spec")).to_have_count(0)
    hold_words_are_as_dark_as_the_text(me)
    hold_words_are_as_dark_as_the_text(me.turn_dark())


def test_a_topic_shows_its_grade_opens_what_grades_mean_by_keyboard_and_is_printed_whole(
    visitor, directory
):
    me = whole(visitor("learn?topic=ptsd"))
    block = me.page.locator(".known")
    grade = block.locator(".grade").bounding_box()
    assert grade["width"] > 0.75 * block.bounding_box()["width"]
    summary = block.locator("summary")
    summary.focus()
    summary.press("Enter")
    expect(me.page.locator(".grades li")).to_have_count(4)
    expect(me.page.locator(".grades")).to_be_visible()
    assert findings(me.page) == []
    assert findings(me.turn_dark().page) == []
    summary.press("Enter")
    expect(me.page.locator(".grades")).to_be_hidden()

    hold_on_paper(me, "What can go wrong?", "Last reviewed", "988")
    assert shown_on_paper(title(me, "PTSD"))
    assert shown_on_paper(me.page.get_by_role("listitem").last)
    printed = printed_pages(me)
    assert len(printed) >= 2, "a page that scrolls inside itself is printed as one sheet"
    text = re.sub(r"\s", "", "".join(printed))
    numbers = set(re.findall(r"@(\w+)", str(directory.explainer.topic("ptsd"))))
    assert len(numbers) > 5
    for number in numbers:
        assert directory.explainer.references[number].address in text
    assert "Alltopics" not in text
    assert "Evidence:strong(" in text


def test_the_claims_are_sound_in_the_light_and_in_the_dark_and_printed_whole(visitor):
    me = whole(visitor("learn?topic=common-claims"))
    hold_is_sound(me)
    assert findings(me.turn_dark().page) == []
    hold_on_paper(me, "What can honestly be said")
    assert shown_on_paper(me.page.get_by_role("listitem").last)


def test_a_town_guide_is_sound_and_on_paper_no_part_lies_over_another(visitor):
    """The cards are higher on paper: what follows them has to begin after the last one."""
    me = whole(visitor("towns?town=takoma-park-md"))
    has_frame(me)
    hold_is_sound(me)
    hold_on_paper(me, "Within 5 miles", "240-777-4000")
    assert shown_on_paper(title(me, "Clinics near Takoma Park, MD"))
    printed = printed_pages(me)
    last_card = max(n for n, text in enumerate(printed) if "Not stated:" in text)
    after = [n for n, text in enumerate(printed) if "Search around" in text]
    assert after
    assert min(after) >= last_card
    assert "Something wrong with this listing?" not in "".join(printed)


def test_a_price_of_ones_own_changes_the_sum_and_no_number_is_changed_without_a_word(visitor):
    me = whole(visitor("learn?topic=cost"))
    hold_is_sound(me)
    expect(me.page.get_by_text("About $2,400 to $4,800 in all")).to_be_visible()
    high = me.page.get_by_role("spinbutton", name=re.compile("^Highest price"))
    high.fill("300")
    high.press("Enter")
    expect(me.page.get_by_text("is below the lowest")).to_be_visible()
    high.fill("500")
    high.press("Enter")
    expect(me.page.get_by_text("About $2,400 to $3,000 in all")).to_be_visible()
    sessions = me.page.get_by_role("spinbutton", name="Sessions in the first series")
    assert sessions.input_value() == "6"
    for typed, sentence in {
        "2.5": "needs a whole number; it is 2.5.",
        "-1": "can be from 1 to 60; it is -1.",
    }.items():
        sessions.fill(typed)
        sessions.press("Enter")
        expect(me.page.get_by_text(f"The number of sessions {sentence}")).to_be_visible()
        expect(me.page.get_by_text("in all")).to_have_count(0)


def test_the_questions_are_sound_printed_and_downloaded_with_the_chosen_clinic_on_them(
    visitor, directory
):
    me = visitor("?near=20912").wait_for_total(21)
    with_phone = me.cards.filter(has=me.page.locator("a[href^='tel:']")).first
    name = with_phone.locator(".name").inner_text().lstrip("0123456789 \n")
    number = with_phone.locator("a[href^='tel:']").first.get_attribute("href")
    with_phone.locator("[data-show]").locator("visible=true").click()
    expect(me.selected).to_have_count(1)
    me.page.get_by_role("link", name="Understand").click()
    me.page.get_by_role("link", name=directory.explainer.topic("choosing-a-clinic").title).click()
    button = me.page.get_by_role("link", name="Download as text")
    expect(button).to_be_visible()
    hold_is_sound(whole(me.settled()))
    for question in directory.explainer.questions:
        box = me.page.get_by_role("checkbox", name=question.question, exact=True)
        expect(box).to_have_count(1)
    me.page.get_by_text(directory.explainer.questions[0].question).click()
    expect(me.page.get_by_text("Both hold these 11 questions.")).to_be_visible()
    with me.page.expect_download() as arriving:
        button.click()
    assert arriving.value.suggested_filename == "questions-for-the-clinic.txt"
    text = arriving.value.path().read_text(encoding="utf-8")
    assert name in text.splitlines()
    assert number[-10:] in re.sub(r"\D", "", text)
    assert text.count("[ ] ") == 11
    assert directory.explainer.questions[0].question not in text
    assert "988" in text
    with me.page.expect_download() as arriving:
        me.page.get_by_role("link", name="Download as PDF, one page").click()
    assert arriving.value.suggested_filename == "questions-for-the-clinic.pdf"
    (page,) = PdfReader(arriving.value.path()).pages
    assert printable(name) in page.extract_text()
    hold_on_paper(me, directory.explainer.questions[1].question)  # the first is not chosen
    assert shown_on_paper(me.page.get_by_role("listitem").last)

"""The explainer and the guides to towns in Chromium: deep links, axe, a phone, paper, a picture."""

import io
import re
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from clinics.question_sheet import printable

from .service import running
from .test_accessibility import findings
from .test_sizes import STREAMLITS_OWN, TOO_SMALL
from .visitor import Visitor

PAGES = [
    "learn",
    "learn?topic=common-claims",
    "learn?topic=cost",
    "learn?topic=choosing-a-clinic",
    "towns?town=takoma-park-md",
]
TILES = "tile.openstreetmap.org"

NUMBER_BOXES = "[data-testid=stNumberInput] *"
"""Streamlit's own, which we cannot size: 43 pixels inside a frame of 45."""

HEADINGS = """() => {
  const found = [];
  const look = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (/^H[1-6]$/.test(e.tagName) && e.getBoundingClientRect().height)
        found.push(Number(e.tagName[1]));
      if (e.shadowRoot) look(e.shadowRoot);
    }
  };
  look(document);
  return found;
}"""
"""The levels of the headings that are shown, in order."""


def whole(me):
    """Wait for what Streamlit fetches only when a page first needs it; each page has a link."""
    expect(me.page.locator("a[data-go]").first).to_be_visible()
    expect(me.page.get_by_test_id("stSkeleton")).to_have_count(0)
    return me


def title(me, text):
    return me.page.get_by_role("heading", name=text, level=1, exact=True)


CUT_WORDS = """charts => charts.flatMap(c => {
  const edge = c.getBoundingClientRect();
  return [...c.querySelectorAll('text')].filter(t => {
    const box = t.getBoundingClientRect();
    return box.left < edge.left - 1 || box.right > edge.right + 1 || /…/.test(t.textContent);
  }).map(t => t.textContent);
})"""
"""The words of pictures that are cut off, by the edge or by three dots."""


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


def test_deep_links_are_the_first_thing_a_fresh_service_shows(tmp_path, new_page):
    with running(tmp_path / "printed.txt") as fresh:
        me = Visitor(fresh.url, new_page()).open("learn?topic=ptsd")
        expect(title(me, "PTSD")).to_be_visible()
        expect(me.page.get_by_text("Ketamine is not approved for PTSD").first).to_be_visible()
        expect(me.page.get_by_role("heading", name="Sources")).to_be_attached()
        has_frame(me)
        me.page.close()
        me = Visitor(fresh.url, new_page()).open("towns?town=germantown-md")
        expect(title(me, "Clinics near Germantown, MD")).to_be_visible()
        expect(me.cards).to_have_count(5)
        expect(me.page.get_by_role("link", name="240-777-4000")).to_be_attached()
        has_frame(me)
        assert "germantown" not in fresh.printed.lower()
        me.page.close()  # what a page still fetches must not meet a service that has stopped


@pytest.mark.parametrize("path", PAGES)
def test_a_wide_page_is_sound_and_asks_nobody_else(visitor, path):
    me = whole(visitor(path))
    assert findings(me.page) == []
    levels = me.page.evaluate(HEADINGS)
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []
    assert me.hosts <= {urlsplit(me.base).hostname, TILES}


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_is_sound_scrolls_nothing_sideways_and_every_target_is_44_pixels_high(phone, path):
    me = whole(phone(path))
    assert me.scrolls_sideways() == []
    assert findings(me.page) == []
    assert me.hosts <= {urlsplit(me.base).hostname, TILES}
    assert me.page.evaluate(TOO_SMALL, [44, f"{STREAMLITS_OWN}, {NUMBER_BOXES}"]) == []


@pytest.mark.parametrize("path", ["learn?topic=ptsd", "learn?topic=common-claims"])
def test_no_serious_finding_in_the_dark(visitor, path):
    assert findings(whole(visitor(path, color_scheme="dark")).page) == []


def test_the_course_of_treatment_is_drawn_and_stands_there_in_words(visitor):
    me = visitor("learn?topic=sessions")
    chart = me.page.locator("[data-testid=stVegaLiteChart]")
    expect(chart.locator("canvas, svg").first).to_be_visible()
    box = chart.first.bounding_box()
    assert box["width"] > 300
    assert box["height"] > 60
    expect(me.page.get_by_text("The same in words:").first).to_be_visible()
    words = me.page.get_by_role("listitem").filter(has_text="Twice a week (weeks 1 to 4)")
    expect(words).to_contain_text("8 sessions")


def pictures(me):
    """The pictures of the page, once they are drawn."""
    shown = me.page.locator("[data-testid=stVegaLiteChart]")
    expect(shown.locator("svg").nth(1)).to_be_visible()
    return shown


def test_the_words_of_the_picture_fit_a_phone(phone):
    me = phone("learn?topic=sessions")
    assert pictures(me).first.bounding_box()["width"] <= 390
    assert me.scrolls_sideways() == []
    assert pictures(me).evaluate_all(CUT_WORDS) == []
    words = pictures(me).nth(1).locator("text tspan").all_text_contents()
    assert words[-2:] == ["Once a week or every", "two weeks"]


def test_the_same_week_stands_at_the_same_place_in_both_pictures(visitor):
    me = visitor("learn?topic=sessions")
    places = pictures(me).evaluate_all(
        """charts => charts.map(c => [...c.querySelectorAll('text')]
          .filter(t => /^[048]$/.test(t.textContent))
          .map(t => t.getBoundingClientRect().x - c.getBoundingClientRect().x))"""
    )
    assert len(places[0]) == 3
    assert places[0] == pytest.approx(places[1], abs=2)


def test_the_consultation_is_drawn_before_the_first_session(visitor):
    me = visitor("learn?topic=sessions")
    start, bars = pictures(me).first.evaluate(
        """c => {
          const zero = [...c.querySelectorAll('text')].find(t => t.textContent === '0');
          const box = zero.getBoundingClientRect();
          const bars = [...c.querySelectorAll('.mark-rect path')];
          const edges = bars.map(bar => bar.getBoundingClientRect());
          return [box.x + box.width / 2, edges.map(e => [e.left, e.right])];
        }"""
    )
    assert bars[0][1] < start
    assert bars[1][0] == pytest.approx(start, abs=2)


def test_a_picture_has_a_name_that_says_it_all_and_no_tools(visitor):
    me = visitor("learn?topic=sessions")
    name = pictures(me).nth(1).get_attribute("aria-label")
    assert name.startswith("Timeline of Spravato (esketamine): First consultation; Twice a week (")
    assert name.endswith("The same stands in words below.")
    pictures(me).first.hover()
    expect(me.page.get_by_role("button", name="Copy Vega-Lite spec")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_of_a_picture_are_as_dark_as_the_text(visitor, scheme):
    me = visitor("learn?topic=sessions", color_scheme=scheme)
    text = me.page.get_by_text("The same in words:").first
    wanted = text.evaluate("e => getComputedStyle(e).color")
    fills = (
        pictures(me)
        .first.locator("text")
        .evaluate_all("es => [...new Set(es.map(e => getComputedStyle(e).fill))]")
    )
    assert fills == [wanted]


def test_the_grade_of_a_block_has_the_whole_width(visitor):
    block = visitor("learn?topic=ptsd").page.locator(".known")
    grade = block.locator(".grade").bounding_box()
    assert grade["width"] > 0.75 * block.bounding_box()["width"]


def test_what_the_grades_mean_opens_by_keyboard(visitor):
    me = visitor("learn?topic=ptsd")
    summary = me.page.locator(".known summary")
    summary.focus()
    summary.press("Enter")
    expect(me.page.locator(".grades li")).to_have_count(4)
    expect(me.page.locator(".grades")).to_be_visible()
    assert findings(me.page) == []


def test_a_box_is_called_what_its_label_says(visitor, directory):
    me = visitor("learn?topic=choosing-a-clinic")
    for question in directory.explainer.questions:
        box = me.page.get_by_role("checkbox", name=question.question, exact=True)
        expect(box).to_have_count(1)


def test_every_number_to_call_on_a_phone_is_a_link_on_one_line(phone):
    me = phone("learn?topic=help-now")
    numbers = me.page.locator("a[href^='tel:']")
    assert numbers.count() > 12
    assert set(numbers.evaluate_all("es => es.map(e => e.getClientRects().length)")) == {1}


def test_the_questions_are_downloaded_with_the_chosen_clinic_on_them(visitor, directory):
    me = visitor("?near=20912").wait_for_total(20)
    with_phone = me.cards.filter(has=me.page.locator("a[href^='tel:']")).first
    name = with_phone.locator(".name").inner_text().lstrip("0123456789 \n")
    number = with_phone.locator("a[href^='tel:']").first.get_attribute("href")
    with_phone.locator("[data-show]").click()
    expect(me.selected).to_have_count(1)
    me.page.get_by_role("link", name="Understand").click()
    me.page.get_by_role("link", name=directory.explainer.topic("choosing-a-clinic").title).click()
    button = me.page.get_by_role("button", name="Download as text")
    expect(button).to_be_visible()
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
        me.page.get_by_role("button", name="Download as PDF, one page").click()
    assert arriving.value.suggested_filename == "questions-for-the-clinic.pdf"
    (page,) = PdfReader(arriving.value.path()).pages
    assert printable(name) in page.extract_text()


def test_a_price_of_ones_own_changes_the_sum(visitor):
    me = visitor("learn?topic=cost")
    expect(me.page.get_by_text("About $2,400 to $4,800 in all")).to_be_visible()
    sessions = me.page.get_by_role("spinbutton", name="Sessions in the first series")
    assert sessions.input_value() == "6"
    high = me.page.get_by_role("spinbutton", name=re.compile("^Highest price"))
    high.fill("300")
    high.press("Enter")
    expect(me.page.get_by_text("is below the lowest")).to_be_visible()
    high.fill("500")
    high.press("Enter")
    expect(me.page.get_by_text("About $2,400 to $3,000 in all")).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0", "can be from 1 to 60; it is 0."),
        ("-1", "can be from 1 to 60; it is -1."),
        ("2.5", "needs a whole number; it is 2.5."),
        ("1e9", "can be from 1 to 60; it is 1,000,000,000."),
    ],
)
def test_a_number_of_sessions_that_cannot_be_gets_a_sentence(visitor, typed, sentence):
    """What is typed is never turned into another number without a word."""
    me = visitor("learn?topic=cost")
    sessions = me.page.get_by_role("spinbutton", name="Sessions in the first series")
    sessions.fill(typed)
    sessions.press("Enter")
    expect(me.page.get_by_text(f"The number of sessions {sentence}")).to_be_visible()
    expect(me.page.get_by_text("in all")).to_have_count(0)


def test_from_a_search_to_its_topic_and_back_keeps_place_and_distance(visitor):
    me = visitor("?near=20912&within=10&condition=ptsd").wait_for_total(6)
    me.page.get_by_role("link", name=re.compile("^Read more.*PTSD")).click()
    expect(title(me, "PTSD")).to_be_visible()
    assert me.params == {"topic": ["ptsd"]}
    me.page.get_by_role("link", name=re.compile("^Show 6 ketamine")).click()
    me.wait_for_total(6)
    assert me.params == {"near": ["20912"], "within": ["10"], "condition": ["ptsd"]}


def test_a_topic_of_the_list_has_its_own_address_and_back_leads_to_the_list(visitor):
    me = whole(visitor("learn"))
    me.page.get_by_role("link", name="PTSD", exact=True).click()
    expect(title(me, "PTSD")).to_be_visible()
    expect(me.page).to_have_url(re.compile(r"/learn\?topic=ptsd$"), timeout=3000)
    me.page.get_by_role("link", name="All topics").click()
    expect(title(me, "Understand the treatment before you call")).to_be_visible()
    expect(me.page).to_have_url(re.compile("/learn$"), timeout=3000)
    me.page.go_back()
    expect(title(me, "PTSD")).to_be_visible()


def test_a_town_chosen_from_the_first_five_has_its_own_address(visitor):
    me = whole(visitor("towns"))
    me.page.locator("[data-go]", has_text="Baltimore, MD").click()
    expect(title(me, "Clinics near Baltimore, MD")).to_be_visible()
    expect(me.page).to_have_url(re.compile(r"/towns\?town=baltimore-md$"), timeout=3000)
    me.page.get_by_role("link", name="All towns").click()
    expect(title(me, "Guides to towns")).to_be_visible()
    expect(me.page).to_have_url(re.compile("/towns$"), timeout=3000)


def test_a_town_of_the_list_opens_its_guide(visitor):
    me = visitor("towns")
    me.page.get_by_role("link", name="Annapolis, MD").click()
    expect(title(me, "Clinics near Annapolis, MD")).to_be_visible()
    assert me.params == {"town": ["annapolis-md"]}


@pytest.mark.parametrize(
    ("path", "heading", "texts"),
    [
        ("learn?topic=ptsd", "PTSD", ["What can go wrong?", "Last reviewed", "988"]),
        ("learn?topic=choosing-a-clinic", None, ["Who prescribes it, who stays with me"]),
        ("learn?topic=common-claims", None, ["What can honestly be said"]),
        (PAGES[-1], "Clinics near Takoma Park, MD", ["Within 5 miles", "240-777-4000"]),
    ],
)
def test_printing_shows_the_whole_text(visitor, path, heading, texts):
    me = visitor(path)
    me.page.emulate_media(media="print")
    if heading:
        assert shown_on_paper(title(me, heading))
    for text in texts:
        assert shown_on_paper(me.page.get_by_text(text).first), text
    if "learn" in path:
        assert shown_on_paper(me.page.get_by_role("listitem").last)


def test_the_whole_topic_is_on_the_printed_sheets(visitor):
    """More text needs more paper: a page that scrolls inside itself would print as one sheet."""
    me = visitor("learn?topic=ptsd")
    sheets = me.page.pdf(format="Letter").count(b"/Type /Page\n")
    assert sheets >= 2


def test_sources_are_printed_with_their_addresses_and_controls_are_not(visitor, directory):
    me = visitor("learn?topic=ptsd")
    printed = printed_pages(me)
    text = re.sub(r"\s", "", "".join(printed))
    numbers = set(re.findall(r"@(\w+)", str(directory.explainer.topic("ptsd"))))
    assert len(numbers) > 5
    for number in numbers:
        assert directory.explainer.references[number].address in text
    assert "Alltopics" not in text
    assert "Evidence:strong(" in text


def test_on_paper_no_part_of_a_town_guide_lies_over_another(visitor):
    """The cards are higher on paper: what follows them has to begin after the last one."""
    printed = printed_pages(visitor("towns?town=takoma-park-md"))
    last_card = max(n for n, text in enumerate(printed) if "Price" in text)
    after = [n for n, text in enumerate(printed) if "Search around" in text]
    assert after
    assert min(after) >= last_card
    assert "Something wrong with this listing?" not in "".join(printed)


def printed_pages(me):
    """The text of each sheet of paper."""
    whole(me)
    sheets = PdfReader(io.BytesIO(me.page.pdf(format="Letter"))).pages
    return [sheet.extract_text() for sheet in sheets]

"""320 pixels, text at 200%, forced colors, less motion, and only a keyboard, on pages to read."""

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from .test_accessibility import findings
from .test_learn_in_browser import whole

TO_READ = (
    "learn", "learn?topic=depression", "learn?topic=cost", "learn?topic=choosing-a-clinic",
    "towns", "towns?town=takoma-park-md", "about",
)  # fmt: skip
PLAIN = (
    "plain?near=20912&condition=ptsd", "print?near=20912", "choose?near=20912", "near",
    "near/takoma-park-md",
    "conditions", "conditions/depression", "clinics/nova-health-recovery-alexandria", "api",
    "embed?near=20912", "nothing-here",
)  # fmt: skip
LONG = "Ketamineandmentalhealth" * 6
FOCUSED = """() => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  return [e?.textContent.trim().slice(0, 60) ?? '', e ? getComputedStyle(e).outlineStyle : 'none'];
}"""


@pytest.mark.parametrize("path", TO_READ)
def test_the_narrowest_window_scrolls_only_down_also_with_text_twice_as_large(visitor, path):
    me = visitor(path, width=320, height=640)
    assert me.scrolls_sideways() == []
    me.page.add_style_tag(content="html { font-size: 200% !important; }")
    me.settled()
    assert me.scrolls_sideways() == []


def test_a_search_with_text_twice_as_large_hides_no_word_of_the_crisis_line(visitor):
    me = visitor("?near=Baltimore%2C+MD", width=320, height=700)
    for text, width in product(("100%", "200%"), (320, 360, 390)):
        size = f"{text} in {width} pixels"
        me.page.set_viewport_size({"width": width, "height": 700})
        if text == "200%":
            me.page.add_style_tag(content="html { font-size: 36px !important; }")
        me.page.wait_for_timeout(300)
        assert me.settled().scrolls_sideways() == [], size
        line = me.page.locator(".st-key-crisis p").bounding_box()
        title = me.page.get_by_role("heading", level=1).bounding_box()
        button = me.page.get_by_test_id("stExpandSidebarButton").bounding_box()
        assert line["y"] >= 0, size
        assert line["y"] + line["height"] <= title["y"] + 2, size
        assert line["x"] + line["width"] <= width, size
        assert line["x"] >= button["x"] + button["width"] - 8, size
        for name in ("What for", "How far", "Filters"):
            said = me.page.get_by_role("button", name=name, exact=True).bounding_box()
            assert said["width"] >= 3.5 * (36 if text == "200%" else 18), (size, name)


def test_plain_pages_scroll_only_down_there_also_with_text_twice_as_large(new_page, service):
    page = new_page(width=320, height=640, bypass_csp=True)
    for path in PLAIN:
        page.goto(f"{service.url}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        page.add_style_tag(content="html { font-size: 200%; } body { font-size: 1.0625rem; }")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, f"{path} at 200%"


def test_a_name_of_138_letters_without_a_space_breaks_and_scrolls_nothing(
    visitor, new_page, service
):
    me = whole(visitor("towns?town=takoma-park-md", width=320, height=640))
    me.cards.first.locator(".name a").evaluate("(e, name) => { e.textContent = name; }", LONG)
    me.page.locator("h1").evaluate("(e, name) => { e.textContent = name; }", LONG)
    assert me.scrolls_sideways() == []
    page = new_page(width=320, height=640)
    for path, name in {
        "plain?near=20912": ".cards h3 a",
        "print?near=20912": ".paper b",
        "clinics/nova-health-recovery-alexandria": "h1",
        "near/takoma-park-md": ".cards h3 a",
        "embed?near=20912": ".cards h2 a",
    }.items():
        page.goto(f"{service.url}/{path}")
        page.locator(name).first.evaluate("(e, name) => { e.textContent = name; }", LONG)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


@pytest.mark.parametrize("path", ["learn?topic=ptsd", "towns?town=takoma-park-md"])
def test_forced_colors_and_less_motion_leave_every_word_in_sight(visitor, path):
    me = whole(visitor(path))
    me.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    me.settled()
    assert [found for found in findings(me.page) if "color-contrast" not in str(found)] == []
    expect(me.page.get_by_text("Need help now?").first).to_be_visible()


def test_the_contents_stay_beside_the_text_and_lead_to_each_heading_by_keyboard(visitor, directory):
    me = whole(visitor("learn?topic=depression"))
    links = me.page.locator(".contents a")
    expect(links.last).to_be_visible()
    for n in range(links.count()):
        name = links.nth(n).get_attribute("href")
        expect(me.page.locator(f"[id='{name[1:]}']")).to_have_count(1)
    third = links.nth(2)
    words = third.inner_text()
    third.focus()
    assert me.page.evaluate(FOCUSED)[1] != "none"
    third.press("Enter")
    heading = me.page.get_by_role("heading", name=words, level=2)
    expect(heading).to_be_in_viewport()
    assert heading.bounding_box()["y"] >= 60, "not under the bar on top"
    expect(third).to_be_in_viewport()
    assert third.bounding_box()["x"] > heading.bounding_box()["x"] + 700
    assert "topic=depression" in me.page.url


def test_on_a_phone_the_contents_are_folded_between_the_answer_and_the_text(phone):
    me = whole(phone("learn?topic=depression"))
    fold = me.page.locator(".contents summary")
    expect(me.page.locator(".contents a").first).to_be_hidden()
    assert fold.bounding_box()["height"] >= 44
    title = me.page.get_by_role("heading", level=1).bounding_box()
    text = me.page.get_by_role("heading", name="In short").bounding_box()
    assert title["y"] < fold.bounding_box()["y"] < text["y"]
    fold.tap()
    expect(me.page.locator(".contents a").first).to_be_visible()
    assert findings(me.page) == []


def test_the_list_of_topics_has_two_columns_where_there_is_room_and_else_one(visitor):
    me = whole(visitor("learn"))
    links = me.page.locator("a[data-go][href*='topic=']")
    first, second = links.nth(0).bounding_box(), links.nth(1).bounding_box()
    assert (first["y"], first["x"] < second["x"]) == (second["y"], True)
    me.page.set_viewport_size({"width": 700, "height": 900})
    me.settled()
    assert links.nth(0).bounding_box()["x"] == links.nth(1).bounding_box()["x"]


def test_a_card_leads_to_questions_costs_and_risks_and_these_back_to_the_search(visitor):
    me = visitor("?near=20912&condition=ptsd")
    card = me.cards.first
    card.locator("summary").click()
    for words in ("Questions to ask", "What it costs", "Risks"):
        expect(card.get_by_role("link", name=words)).to_be_visible()
    card.get_by_role("link", name="What it costs").click()
    expect(me.page).to_have_url(re.compile(r"learn\?topic=cost"))
    me.page.get_by_role("link", name=re.compile("^Your search: 9 ")).click()
    me.wait_for_total(9)
    assert me.params == {"near": ["20912"], "condition": ["ptsd"]}


def test_a_link_in_words_gets_its_ids_and_back_leads_out_of_it(visitor):
    me = visitor("about")
    me.open("?near=20912&condition=PTSD").wait_for_total(9)
    expect(me.page).to_have_url(re.compile(r"condition=ptsd"))
    me.settled()
    me.page.go_back()
    me.settled()
    me.page.go_back()
    expect(me.page).to_have_url(re.compile("about"))

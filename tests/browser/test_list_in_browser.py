"""A list of clinics to call in Chromium: kept, opened, loaded anew, copied, printed, taken away."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from .test_accessibility import findings, hold_headings
from .test_sizes import STREAMLITS_OWN, TOO_SMALL

PLACE = "?near=20912&condition=ptsd"
THREE = (
    "avesta-ketamine-and-wellness-washington,nova-health-recovery-alexandria,"
    "apmi-ketamine-infusion-center-chevy-chase"
)
OTHERS = f"{STREAMLITS_OWN}, .st-key-crisis a"
LIST = f"shortlist?list={THREE}&near=20912"


def keep(me, number):
    """The button "Keep" of a card, counted from 1."""
    return me.cards.nth(number - 1).locator("[data-keep]")


def bar(me):
    return me.page.get_by_role("link", name=re.compile(r"^Your list \("))


def heading(me, text):
    return me.page.get_by_role("heading", name=text, level=1, exact=True)


def test_three_are_kept_compared_copied_taken_along_and_one_is_taken_off(visitor):
    me = visitor(PLACE)
    me.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ids = me.ids[:3]
    names = [
        re.sub(r"^\d+\s*", "", me.cards.locator(".name").nth(n).inner_text()) for n in range(3)
    ]
    for number in (1, 2, 3):  # at once, without waiting for an answer in between
        keep(me, number).click()
    expect(keep(me, 3)).to_have_attribute("aria-pressed", "true")
    expect(keep(me, 3)).to_have_text("Kept")
    expect(keep(me, 3)).to_have_accessible_name(f"Kept: {names[2]}")
    expect(bar(me)).to_have_text("Your list (3)")
    me.settled()
    assert me.params == {"near": ["20912"], "condition": ["ptsd"], "list": [",".join(ids)]}

    bar(me).click()
    expect(heading(me, "Your list: 3 places to call")).to_be_visible()
    expect(me.page.locator(".compared thead th a")).to_have_text(names)
    me.settled().page.reload()
    expect(me.page.locator(".compared thead th a")).to_have_text(names)
    me.settled()
    assert me.params == {"near": ["20912"], "list": [",".join(ids)]}

    me.page.get_by_role("button", name="Copy link").click()
    expect(me.page.get_by_text("The link is copied.")).to_be_visible()
    copied = me.page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{me.base}/shortlist?list={','.join(ids)}&near=20912"

    with me.page.expect_download() as started:
        me.page.get_by_role("link", name="PDF").click()
    sheets = PdfReader(io.BytesIO(started.value.path().read_bytes())).pages
    text = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
    assert [name for name in names if name not in text] == []
    assert "What happens if I start to feel suicidal between visits?" in text

    me.page.locator(".compared [data-go='1']").click()
    expect(heading(me, "Your list: 2 places to call")).to_be_visible()
    me.settled()
    assert me.params["list"] == [f"{ids[0]},{ids[2]}"]
    me.page.get_by_role("link", name="Find clinics").click()
    for id, pressed in zip(ids, ("true", "false", "true"), strict=True):
        button = me.page.locator(f"[data-card='{id}'] [data-keep]")
        expect(button).to_have_attribute("aria-pressed", pressed)
    assert me.settled().params == {"near": ["20912"], "list": [f"{ids[0]},{ids[2]}"]}
    me.page.go_back()
    expect(heading(me, "Your list: 2 places to call")).to_be_visible()


def test_a_click_on_kept_takes_it_off_and_the_focus_stays(visitor):
    me = visitor(f"{PLACE}&list={THREE}")
    first = keep(me, 1)
    expect(first).to_have_attribute("aria-pressed", "true")
    first.press("Enter")
    expect(bar(me)).to_have_text("Your list (2)")
    expect(first).to_have_attribute("aria-pressed", "false")
    expect(first).to_be_focused()


_UNDER = """() => {
  const strip = document.querySelector('.st-key-kept_bar').getBoundingClientRect();
  return [strip.left, innerWidth - strip.right, strip.bottom - innerHeight, strip.height];
}"""


def test_the_way_to_the_list_has_a_strip_of_its_own_and_lies_over_no_part_of_a_card(visitor):
    me = visitor(f"{PLACE}&list={THREE}", height=800)
    main = me.page.locator('[data-testid="stMain"]')
    call = me.cards.get_by_role("link", name=re.compile("^Call")).last
    for width in (1280, 390, 320):
        me.page.set_viewport_size({"width": width, "height": 800})
        main.evaluate("box => { box.scrollTo(0, 0); document.activeElement.blur(); }")
        me.page.wait_for_timeout(300)
        left, right, foot, height = me.settled().page.evaluate(_UNDER)
        assert (left, right, foot) == (0, 0, 0), width
        assert 44 <= height <= 64, width
        call.focus()  # what the keyboard goes to is scrolled out from under it
        box = call.bounding_box()
        assert box["y"] + box["height"] <= 800 - height, width
        main.evaluate("box => box.scrollTo(0, box.scrollHeight)")
        end = me.page.get_by_text("Information, not medical advice").last.bounding_box()
        assert end["y"] + end["height"] <= 800 - height, width


def test_the_list_is_kept_through_a_change_of_the_search_and_other_pages(visitor):
    me = visitor(f"{PLACE}&list={THREE}")
    me.choose_distance("10").settled()
    assert me.params["list"] == [THREE]
    me.page.get_by_role("link", name="Understand", exact=True).first.click()
    expect(heading(me, "Understand the treatment before you call")).to_be_visible()
    expect(bar(me)).to_have_text("Your list (3)")
    me.page.get_by_role("link", name="Find a clinic").first.click()
    expect(me.cards.first).to_be_visible()
    assert me.settled().params["list"] == [THREE]


def test_print_prints_the_page_for_paper_and_share_opens_the_devices_own(visitor):
    me = visitor()
    me.page.add_init_script(
        "window.print = () => { top.printed = location.pathname + location.search; };"
        "navigator.share = given => { window.shared = given; return Promise.resolve(); };"
    )
    me.open(LIST)
    me.page.get_by_role("button", name="Print").click()
    me.page.wait_for_function("() => window.printed")
    assert me.page.evaluate("window.printed") == f"/list?list={THREE}&near=20912"
    me.page.get_by_role("button", name="Share").click()
    shared = me.page.evaluate("window.shared")
    assert shared == {"title": "Your list: 3 places to call", "url": f"{me.base}/{LIST}"}


def test_without_a_clipboard_the_link_stands_in_a_box_to_be_copied(visitor):
    me = visitor()
    me.page.add_init_script(
        "delete Navigator.prototype.clipboard; delete Navigator.prototype.share;"
    )
    me.open(LIST)
    expect(me.page.get_by_role("button", name="Share")).to_have_count(0)
    me.page.get_by_role("button", name="Copy link").click()
    expect(me.page.get_by_label("Link to this list")).to_have_value(f"{me.base}/{LIST}")


@pytest.mark.parametrize("view", ["table", "list"])
def test_a_list_can_be_read_by_everybody(visitor, view):
    me = visitor(f"{LIST}&view={view}")
    assert findings(me.page) == []
    hold_headings(me.page)
    me.turn_dark()
    assert findings(me.page) == []
    assert me.hosts == {"127.0.0.1"}


def test_three_stand_side_by_side_on_a_wide_screen(visitor):
    me = visitor(LIST)
    assert me.scrolls_sideways() == []
    width, inside = me.page.locator(".compared").evaluate("e => [e.clientWidth, e.scrollWidth]")
    assert inside <= width


@pytest.mark.parametrize("view", ["table", "list"])
def test_a_phone_has_cards_or_a_table_that_scrolls_in_its_own_box(phone, view):
    me = phone(f"{LIST}&view={view}")
    assert me.scrolls_sideways() == []
    assert me.page.evaluate(TOO_SMALL, [44, OTHERS]) == []
    assert findings(me.page) == []


def test_a_phone_begins_with_the_cards(phone):
    me = phone(LIST)
    expect(me.cards).to_have_count(3)


def test_the_page_for_paper_has_room_to_write_and_no_controls_on_paper(service, new_page):
    page = new_page()
    page.goto(f"{service.url}/list?list={THREE}&near=20912")
    assert findings(page) == []
    page.emulate_media(media="print")
    expect(page.locator(".lines").first).to_be_visible()
    for text in ("Take off the list", "The same as PDF", "Site with a map"):
        expect(page.get_by_text(text).first).to_be_hidden()
    sheets = PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages
    text = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
    assert len(sheets) <= 3
    for said in ("NOVA Health Recovery", "988", "/list?list=", "between visits?"):
        assert said in text


def test_without_a_script_two_are_ticked_with_the_keyboard_and_are_a_list(service, new_page):
    page = new_page(width=390, height=844)
    page.goto(f"{service.url}/choose?near=20912")
    assert findings(page) == []
    page = new_page(java_script_enabled=False)
    page.goto(f"{service.url}/plain?near=20912")
    page.get_by_role("link", name="Keep some on a list").click()
    boxes = page.get_by_role("checkbox", name=re.compile("^Keep: "))
    for number in (0, 2):
        boxes.nth(number).press("Space")
    page.get_by_role("button", name="Put what is ticked on your list").press("Enter")
    expect(page.get_by_role("heading", name="Your list: 2 places to call", level=1)).to_be_visible()
    page.get_by_role("link", name="Find more clinics").click()
    page.get_by_role("link", name="Keep some on a list").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    page.emulate_media(media="print")
    expect(boxes.first).to_be_hidden()
    expect(page.get_by_role("button", name="Put what is ticked on your list")).to_have_count(0)

"""What is printed, and what is left where colors are forced: a list, grades, a checklist."""

import io
import re

from playwright.sync_api import expect
from pypdf import PdfReader

from .test_learn_in_browser import whole

STEPS = "es => es.map(e => getComputedStyle(e).borderLeftWidth + ' ' + getComputedStyle(e).color)"
NOT_ON_PAPER = ("Print the whole list", "What for", "How far", "Filters", "Nearest first", "Menu")


def paper(me_or_page):
    """The text of what is printed as browsers print by default, without backgrounds."""
    page = getattr(me_or_page, "page", me_or_page)
    sheets = PdfReader(io.BytesIO(page.pdf(format="Letter", print_background=False))).pages
    return " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())


def left_borders(steps):
    return steps.evaluate_all("es => es.map(e => getComputedStyle(e).borderLeftWidth)")


def test_a_list_is_printed_with_address_hours_day_and_where_it_is_and_without_controls(visitor):
    me = visitor("?near=20912&condition=ptsd")
    text = paper(me)
    assert "988" in text
    assert text.count("Address") == text.count("Hours") == 9
    assert "Mon-Fri 9am-6pm, by appointment" in text
    assert re.search(r"As of \d{1,2} [A-Z][a-z]{2} \d{4}", text)
    assert "?near=20912&condition=ptsd" in text.replace("\u2060", "")
    for control in NOT_ON_PAPER:
        assert control not in text, control


def test_the_whole_list_opens_beside_the_search_and_is_printed_without_a_frame(visitor):
    me = visitor()
    total = me.total
    with me.page.context.expect_page() as opening:
        me.page.get_by_role("link", name="Print the whole list").click()
    page = opening.value
    expect(page.locator("ol.paper > li")).to_have_count(total)
    text = paper(page)
    assert text.count("Hours:") == total > 25
    assert "As of" in text
    for control in ("Back to the search", "Site with a map", "To print", "Skip to"):
        assert control not in text, control


def test_the_steps_of_a_grade_are_filled_by_what_paper_and_forced_colors_keep(
    visitor, new_page, service
):
    expected = ["7px", "7px", "7px", "2px"]
    page = new_page()
    page.goto(f"{service.url}/conditions/depression")
    me = whole(visitor("learn?topic=depression"))
    for shown in (page, me.page):
        steps = shown.locator(".grade .steps i")
        assert left_borders(steps) == expected
        assert steps.evaluate_all("es => es.map(e => e.className)")[2:] == ["half", "empty"]
        shown.emulate_media(forced_colors="active", color_scheme="dark")
        assert left_borders(steps) == expected
        colors = steps.evaluate_all("es => es.map(e => getComputedStyle(e).borderLeftColor)")
        assert set(colors) == {"rgb(255, 255, 255)"}
        assert not steps.evaluate_all(
            "es => es.filter(e => getComputedStyle(e).backgroundImage !== 'none').length"
        )


def test_the_checklist_is_printed_with_open_boxes_of_the_chosen_questions_only(visitor, directory):
    me = whole(visitor("learn?topic=choosing-a-clinic"))
    first, second = directory.explainer.questions[:2]
    me.page.get_by_text(first.question).click()
    expect(me.page.get_by_text("Both hold these 11 questions.")).to_be_visible()
    me.settled()
    me.page.emulate_media(media="print")
    boxes = me.page.locator(".st-key-checklist label > div:has(> svg):visible")
    expect(boxes).to_have_count(11)
    assert set(boxes.evaluate_all("es => es.map(e => getComputedStyle(e).backgroundColor)")) == {
        "rgba(0, 0, 0, 0)"
    }
    expect(me.page.locator(".st-key-checklist svg:visible")).to_have_count(0)
    text = paper(me)
    assert first.question not in text
    assert second.question in text

"""What is known stands over the map, or over the list of a phone: a verdict, and three ways on."""

import re

import pytest
from playwright.sync_api import expect

NEAR = "?near=20912"


def frame(me):
    return me.page.locator(".known-frame")


def line(me):
    return me.page.locator(".known-fold > summary")


@pytest.mark.parametrize("condition", ["depression", "suicidal-thoughts", "ptsd", "chronic-pain"])
def test_on_a_phone_the_verdict_is_whole_and_above_the_first_card(phone, condition):
    me = phone(f"{NEAR}&condition={condition}")
    expect(line(me)).to_contain_text("not approved")
    verdict = line(me).locator(".in-short").locator("visible=true")
    expect(verdict).to_have_count(1)
    assert verdict.evaluate("e => e.scrollWidth <= e.clientWidth")
    words, whole = verdict.bounding_box(), frame(me).bounding_box()
    assert words["y"] + words["height"] <= whole["y"] + whole["height"]
    assert line(me).bounding_box()["height"] >= 44
    assert whole["y"] < me.cards.first.bounding_box()["y"]
    for question in ("Does it work?", "Is it safe?", "What does it cost?"):
        link = me.page.get_by_role("link", name=question)
        assert link.bounding_box()["height"] >= 44


def test_it_stays_open_when_its_words_change_and_its_links_stay_in_the_session(visitor):
    me = visitor(f"{NEAR}&condition=chronic-pain")
    line(me).click()
    expect(me.page.get_by_role("link", name="Read more: Chronic pain")).to_be_visible()
    me.choose_condition("ocd")
    expect(me.page.get_by_role("link", name="Read more: OCD")).to_be_visible()
    me.page.get_by_role("link", name="Is it safe?").click()
    expect(me.page.get_by_role("heading", level=1)).to_have_text("Risks and side effects")
    me.page.go_back()
    expect(line(me)).to_contain_text("OCD")


def test_it_stands_over_the_map_and_in_the_view_of_the_list_over_that(visitor):
    me = visitor(f"{NEAR}&condition=ptsd")
    assert frame(me).bounding_box()["y"] < me.map_element.bounding_box()["y"]
    assert frame(me).bounding_box()["x"] > me.cards.first.bounding_box()["x"] + 300
    me.page.get_by_role("radio", name="List", exact=True).click()
    expect(me.map_element).to_have_count(0)
    assert frame(me).bounding_box()["y"] < me.cards.first.bounding_box()["y"]
    expect(line(me)).to_contain_text("ketamine for PTSD")


def test_it_is_whole_on_paper(visitor):
    me = visitor(f"{NEAR}&condition=depression&condition=ptsd")
    me.page.emulate_media(media="print")
    expect(me.page.get_by_text("Main risk").first).to_be_visible()
    expect(line(me)).to_have_text(re.compile("What is known"))

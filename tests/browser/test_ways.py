"""Whole ways through the site, as somebody goes them who needs a place to call."""

import re

from playwright.sync_api import expect


def test_ptsd_with_military_insurance_near_baltimore_does_not_end_at_no(visitor):
    me = visitor()
    me.type_place("Baltimore, MD").settled()
    me.choose_distance("10").settled()
    me.choose_condition("ptsd").settled()
    me.open_filters().option("payment", "military").click()
    expect(me.headline).to_have_text(
        "No ketamine or Spravato clinic within 10 miles of Baltimore, MD listed as treating PTSD "
        "and taking military insurance"
    )
    me.settled().close_filters()
    steps = me.page.get_by_role("button", name=re.compile("^(Show|Also show|Start again)"))
    expect(steps.first).to_have_text(
        "Show 13 other mental health places within 10 miles listed as treating PTSD and taking "
        "military insurance"
    )
    expect(steps.nth(1)).to_have_text(re.compile("^Also show 2 .* but do not say what they take"))
    steps.first.click()
    me.wait_for_total(13)
    expect(me.cards.first.locator(".lines b")).to_have_text(["PTSD", "Military insurance"])
    expect(me.cards.first.get_by_role("link", name=re.compile("^Call"))).to_be_visible()


def test_germantown_at_five_miles_leads_farther_and_says_how_far(visitor):
    me = visitor("?near=Germantown%2C+MD&within=5")
    me.wait_for_total(0)
    expect(me.page.get_by_text(re.compile("^The nearest (is|may be) "))).to_be_visible()
    wider = me.page.get_by_role("button", name=re.compile(r"^Show \d+ ketamine .* within 10 miles"))
    wider.click()
    expect(me.cards.first).to_be_visible()
    assert me.params["within"] == ["10"]


def test_medicaid_and_spanish_near_20783_are_seen_on_the_cards(visitor):
    me = visitor("?near=20783&category=mental-health")
    me.open_filters().option("payment", "medicaid").click()
    me.settled().option("language", "es").click()
    me.settled().close_filters()
    expect(me.headline).to_contain_text("Medicaid")
    expect(me.headline).to_contain_text("Spanish")
    for card in me.cards.all()[:5]:
        assert "Spanish" in card.locator(".lines b").all_inner_texts()
        assert any("Medicaid (" in words for words in card.locator(".lines b").all_inner_texts())


def test_a_list_on_paper_has_every_hit_and_nothing_to_press(visitor):
    me = visitor("?near=20912&condition=ptsd")
    with me.page.expect_popup() as paper:
        me.page.get_by_role("link", name="Print the whole list").click()
    sheet = paper.value
    sheet.wait_for_load_state()
    assert len(sheet.locator("ol.cards > li").all()) == 9
    assert sheet.locator("button, input, select").count() == 0
    expect(sheet.locator("body")).to_contain_text("988")

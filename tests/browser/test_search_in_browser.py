"""A whole search, as a visitor makes it."""

import re

from playwright.sync_api import expect

TOKEN = "To publish data, open /manage"
"""A service without a setting for it warns once, at its start."""


def test_a_whole_search_of_which_the_service_prints_nothing(visitor, service):
    me = visitor().wait_for_total(27)
    me.type_place("takoma park")
    expect(me.page).to_have_url(re.compile("near=Takoma"))
    me.wait_for_total(21)
    me.what_for.click()
    number = me.option("condition", "ptsd").locator(".number")
    expect(number).to_have_text("9 with this")
    before = me.option("condition", "ocd").locator(".number").inner_text()
    me.option("condition", "ptsd").click()
    me.wait_for_total(9)
    expect(me.option("condition", "ocd").locator(".number")).to_have_text(before)
    expect(me.option("condition", "ptsd").locator("input")).to_be_checked()
    expect(me.cards).to_have_count(9)
    assert me.params == {"near": ["Takoma Park, MD"], "condition": ["ptsd"]}
    assert me.errors == []
    printed = "\n".join(line for line in service.printed.splitlines() if TOKEN not in line).lower()
    for word in ("takoma", "ptsd", "traceback", "warning"):
        assert word not in printed


def said_at(option):
    """How many clinics an option of a filter says have it."""
    return int(option.locator(".number").inner_text().split()[0])


def test_each_option_shows_as_many_as_it_says(visitor):
    me = visitor("?near=20912").wait_for_total(21)
    me.what_for.click()
    for id in ("ptsd", "crps"):
        option = me.option("condition", id)
        said = said_at(option)
        option.click()
        me.wait_for_total(said)
        expect(me.cards).to_have_count(said)
        option.click()
        me.wait_for_total(21)
    me.page.keyboard.press("Escape")
    me.open_filters()
    for parameter, id in {"treatment": "iv-ketamine", "category": "mental-health"}.items():
        said = said_at(me.option(parameter, id))
        me.option(parameter, id).click()
        expect(me.page).to_have_url(re.compile(f"{parameter}={id}"))
        me.wait_for_total(said)
        me.page.get_by_role("button", name="Clear these filters").click()
        me.wait_for_total(21)
    # Clicks faster than the service answers: none is lost.
    quick = {"treatment": "esketamine", "setting": "in-person", "payment": "medicare"}
    clicks = [me.option(*each).locator("input").element_handle() for each in quick.items()]
    me.page.evaluate("inputs => inputs.forEach((input) => input.click())", clicks)
    for parameter, id in quick.items():
        expect(me.page).to_have_url(re.compile(f"{parameter}={id}"))
    me.page.get_by_role("button", name="Clear these filters").click()
    me.wait_for_total(21).settled().close_filters()
    for id in ("10", "any"):
        me.page.get_by_role("button", name=re.compile("^How far")).click()
        said = said_at(me.option("within", id))
        me.option("within", id).click()
        expect(me.page).to_have_url(re.compile(f"within={id}"))
        me.wait_for_total(said)
        expect(me.option("within", id)).to_have_count(0)
    assert me.errors == []


def test_quick_clicks_on_several_conditions_are_all_kept(visitor):
    me = visitor("?near=20912")
    me.what_for.click()
    for id in ("ptsd", "ocd", "anxiety"):
        me.option("condition", id).click()
    expect(me.page).to_have_url(re.compile("condition=anxiety.*condition=ptsd.*condition=ocd"))
    for id in ("ptsd", "ocd", "anxiety"):
        expect(me.option("condition", id).locator("input")).to_be_checked()


def test_a_shared_link_shows_another_visitor_the_same(visitor):
    me = visitor("?near=20912&condition=ptsd").wait_for_total(9)
    me.show_on_map(4).click()
    expect(me.page).to_have_url(re.compile("clinic="))
    expect(me.selected).to_have_count(1)
    link = me.page.url.removeprefix(f"{me.base}/")
    other = visitor(link).wait_for_total(9)
    expect(other.selected).to_have_count(1)
    assert other.ids == me.ids
    assert other.selected_id == me.selected_id == me.ids[3]
    expect(other.where).to_have_value("20912")


def test_the_first_filter_leaves_the_headline_the_list_and_the_map_where_they_are(visitor):
    me = visitor("?near=20912").wait_for_total(21).settled()
    me.map()
    parts = ".st-key-headline, .st-key-results_list, iframe[title*=folium]"
    drawn = f"() => [...document.querySelectorAll('{parts}')]"
    me.page.evaluate(f"window.before = ({drawn})()")
    me.open_filters().option("setting", "in-person").click()
    expect(me.page).to_have_url(re.compile("setting="))
    me.settled()
    assert me.page.evaluate("before.length") == 3
    assert me.page.evaluate(f"({drawn})().every((element, place) => element === before[place])")


def test_the_back_button_goes_back_one_choice_and_puts_the_old_place_into_the_box(visitor):
    me = visitor("?near=Germantown,+MD")
    expect(me.headline).to_contain_text("Germantown")
    me.type_place("20912").wait_for_total(21)
    me.choose_condition("ptsd").wait_for_total(9)
    me.show_on_map(2).click()
    expect(me.selected).to_have_count(1)
    me.page.wait_for_url("**clinic=**")  # the choice is shown before the service has answered
    me.page.go_back()
    expect(me.selected).to_have_count(0)
    expect(me.map().locator(".pin-selected")).to_have_count(0)
    me.wait_for_total(9)
    me.page.go_back()
    me.wait_for_total(21)
    assert me.params == {"near": ["20912"]}
    me.page.go_back()
    expect(me.headline).to_contain_text("Germantown")
    expect(me.where).to_have_value("Germantown, MD")
    me.page.go_forward()
    expect(me.headline).to_contain_text("ZIP 20912")
    expect(me.where).to_have_value("20912")


def test_the_second_page_goes_on_counting_and_starts_at_its_top(visitor):
    me = visitor("?category=mental-health&within=any")
    expect(me.cards).to_have_count(25)
    me.cards.last.scroll_into_view_if_needed()
    me.page.locator("[data-testid=stPagination]").get_by_role("button", name="2").first.click()
    expect(me.cards.first.locator(".number")).to_have_text("26")
    expect(me.cards.first.locator(".name")).to_be_in_viewport()
    bar = me.page.get_by_test_id("stHeader").bounding_box()
    assert me.cards.first.bounding_box()["y"] >= bar["y"] + bar["height"]

"""Phone, tablet, desktop and 200% zoom: nothing scrolls sideways, targets are large enough."""

import re

import pytest
from playwright.sync_api import expect

RESULTS = "?near=20912&condition=ptsd"
EMPTY = "?near=Takoma+Park,+MD&within=5&condition=migraine"

TOO_SMALL = """(least) => {
  const found = [];
  const inText = (e) => e.tagName === 'A' && !e.classList.contains('button')
    && getComputedStyle(e).display === 'inline';
  const look = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) look(e.shadowRoot);
      if (!e.matches('button, a[href], input, summary, [role=button], [role=combobox], select'))
        continue;
      const target = e.closest('label') || e.closest('[data-baseweb=select]')
        || e.closest('[data-baseweb=input]') || e;
      const box = target.getBoundingClientRect();
      if (box.width === 0 || box.height === 0 || inText(e)) continue;
      if (getComputedStyle(e).visibility === 'hidden') continue;
      if (box.height < least - 0.5)
        found.push(`${e.tagName} ${(e.getAttribute('aria-label') || e.textContent || e.name || '')
          .trim().slice(0, 40)} ${e.closest('[data-testid]')?.dataset.testid ?? ''}: `
          + box.height.toFixed(1));
    }
  };
  look(document);
  return [...new Set(found)];
}"""


@pytest.mark.parametrize("path", [RESULTS, EMPTY, "about"])
def test_nothing_scrolls_sideways_on_a_phone(phone, path):
    assert phone(path).scrolls_sideways() == []


@pytest.mark.parametrize("width", [640, 768, 1024, 1920])
def test_nothing_scrolls_sideways_on_other_widths(visitor, width):
    """640 pixels are a window of 1280 at 200% zoom."""
    me = visitor(RESULTS, width=width)
    assert me.scrolls_sideways() == []
    expect(me.cards).to_have_count(9)
    assert me.cards.first.bounding_box()["width"] > 300


def test_at_200_percent_a_search_can_be_made(visitor):
    me = visitor(width=640, height=450).wait_for_total(26)
    me.type_place("20912").wait_for_total(20)
    me.choose_condition("ptsd").wait_for_total(9)
    me.cards.first.scroll_into_view_if_needed()
    expect(me.cards.first.get_by_role("link", name="Website")).to_be_visible()


def test_a_phone_shows_the_list_first_and_the_map_behind_a_switch(phone):
    me = phone(RESULTS)
    expect(me.cards).to_have_count(9)
    expect(me.map_element).to_have_count(0)
    me.page.get_by_role("button", name="Show the map").tap()
    me.map()
    expect(me.cards).to_have_count(0)
    assert me.scrolls_sideways() == []
    assert me.map_element.bounding_box()["width"] <= 390
    me.page.get_by_role("button", name="Show the list").tap()
    expect(me.cards).to_have_count(9)


def test_show_on_map_on_a_phone_opens_the_map_at_the_clinic(phone):
    me = phone(RESULTS)
    me.show_on_map(2).tap()
    expect(me.map().locator(".pin-selected")).to_have_count(1)
    expect(me.page).to_have_url(re.compile("clinic="))


def test_a_pin_can_be_tapped_on_a_phone(phone):
    me = phone(RESULTS)
    me.page.get_by_role("button", name="Show the map").tap()
    frame = me.map()
    single = [p for p in frame.locator(".pin").all() if p.inner_text().isdigit()][-1]
    single.tap()
    expect(me.page).to_have_url(re.compile("clinic="))
    expect(frame.locator(".pin-selected")).to_have_count(1)


@pytest.mark.parametrize("path", [RESULTS, EMPTY])
def test_everything_to_tap_on_a_phone_is_at_least_44_pixels_high(phone, path):
    assert phone(path).page.evaluate(TOO_SMALL, 44) == []


def test_options_and_filters_on_a_phone_are_at_least_44_pixels_high(phone):
    me = phone(RESULTS)
    me.page.get_by_text("More filters").tap()
    expect(me.option("payment", "medicaid")).to_be_visible()
    assert me.page.evaluate(TOO_SMALL, 44) == []
    me.what_for.tap()
    expect(me.option("condition", "ocd")).to_be_visible()
    assert me.scrolls_sideways() == []
    assert me.page.evaluate(TOO_SMALL, 44) == []


def test_the_popover_of_conditions_fits_a_phone(phone):
    me = phone(RESULTS)
    me.what_for.tap()
    box = me.option("condition", "ptsd").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_the_first_screen_of_a_phone_shows_what_was_found(phone):
    me = phone(RESULTS)
    expect(me.headline).to_be_in_viewport()

"""Phone, tablet, desktop and 200% zoom: nothing scrolls sideways, targets are large enough.

What fits a phone is read there by axe-core too.
"""

import re

import pytest
from playwright.sync_api import expect

from .test_accessibility import RESULTS, findings, open_filters

EMPTY = "?near=Takoma+Park,+MD&within=5&condition=migraine"

# Streamlit's own frame, which we cannot size: links of its side panel, the button that opens it,
# and the head of an expander (43 pixels).
STREAMLITS_OWN = (
    "[data-testid=stSidebarNavLink], [data-testid=stExpandSidebarButton] button, "
    "[data-testid=stExpandSidebarButton], [data-testid=stSidebarCollapseButton] button, "
    "[data-testid=stExpander] > details > summary"
)

TOO_SMALL = """([least, exempt]) => {
  const found = [];
  const boxes = '[data-testid=stTextInputRootElement], label,'
    + '[data-testid=stSelectbox] > div > div';
  const look = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) look(e.shadowRoot);
      if (!e.matches('button, a[href], input, summary, [role=button], [role=combobox], select'))
        continue;
      if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      if (e.matches(exempt)) continue;
      const isLink = e.tagName === 'A' && getComputedStyle(e).display === 'inline';
      const box = (e.closest(boxes) ?? e).getBoundingClientRect();
      if (isLink || box.width <= 1 || box.height <= 1 || box.height >= least - 0.5) continue;
      const name = (e.getAttribute('aria-label') || e.textContent || e.name || '').trim();
      const part = e.closest('[data-testid]')?.dataset.testid ?? 'ours';
      found.push(`${part}: ${e.tagName} ${name.slice(0, 40)}: ${box.height.toFixed(1)}`);
    }
  };
  look(document);
  return [...new Set(found)];
}"""
"""What can be tapped and is lower than `least` pixels; links inside a sentence do not count."""


def hold_for_a_phone(me):
    assert me.scrolls_sideways() == []
    assert me.page.evaluate(TOO_SMALL, [44, STREAMLITS_OWN]) == []
    assert findings(me.page) == []


@pytest.mark.parametrize("path", [EMPTY, "about"])
def test_a_phone_scrolls_no_page_sideways_and_every_target_is_44_pixels_high(phone, path):
    hold_for_a_phone(phone(path))


def test_a_phone_shows_what_was_found_at_once_and_filters_and_conditions_fit(phone):
    me = phone(RESULTS)
    expect(me.headline).to_be_in_viewport()
    hold_for_a_phone(me)
    hold_for_a_phone(open_filters(me))
    me.close_filters()
    me.what_for.tap()
    box = me.option("condition", "ocd").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    hold_for_a_phone(me.settled().faded())


def test_nothing_scrolls_sideways_on_other_widths(visitor):
    """640 pixels are a window of 1280 at 200% zoom."""
    me = visitor(RESULTS)
    for width in (640, 768, 1024, 1920):
        me.page.set_viewport_size({"width": width, "height": 900})
        expect(me.cards).to_have_count(9)
        for _ in range(30):  # the map takes a moment to learn its new width
            if me.scrolls_sideways() == []:
                break
            me.page.wait_for_timeout(100)
        assert me.scrolls_sideways() == [], width
        assert me.cards.first.bounding_box()["width"] > 300, width


def test_at_200_percent_a_search_can_be_made(visitor):
    me = visitor(width=640, height=450).wait_for_total(27)
    me.type_place("20912").wait_for_total(21)
    me.choose_condition("ptsd").wait_for_total(9)
    expect(me.cards).to_have_count(9)
    me.cards.first.scroll_into_view_if_needed()
    expect(me.cards.first.get_by_role("link", name="Website")).to_be_visible()


def test_a_phone_shows_the_list_first_and_the_map_behind_a_switch_where_a_pin_can_be_tapped(phone):
    me = phone(RESULTS)
    expect(me.cards).to_have_count(9)
    expect(me.map_element).to_have_count(0)
    me.page.get_by_role("radio", name="Map", exact=True).tap()
    frame = me.map()
    expect(me.cards).to_have_count(0)
    assert me.scrolls_sideways() == []
    assert me.map_element.bounding_box()["width"] <= 390
    single = [p for p in frame.locator(".pin").all() if p.inner_text().isdigit()][-1]
    single.tap()
    expect(me.page).to_have_url(re.compile("clinic="))
    expect(frame.locator(".pin-selected")).to_have_count(1)
    expect(me.cards).to_have_count(1)
    assert me.scrolls_sideways() == []
    me.page.get_by_role("radio", name="List", exact=True).tap()
    expect(me.cards).to_have_count(9)


def test_show_on_map_on_a_phone_opens_the_map_at_the_clinic(phone):
    me = phone(RESULTS)
    me.cards.nth(1).locator("summary").first.tap()
    me.show_on_map(2).tap()
    expect(me.map().locator(".pin-selected")).to_have_count(1)
    expect(me.page).to_have_url(re.compile("clinic="))

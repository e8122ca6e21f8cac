"""Where things stand on the screen: whom to call comes first, and nothing is reserved for later."""

import re

from playwright.sync_api import expect

SEARCH = "?near=20912&condition=ptsd"

_BOX = """([inside, selector]) => {
  const root = document.querySelector(inside) ?? document;
  const found = (r) => r.querySelector(selector)
    ?? [...r.querySelectorAll('*')].map(e => e.shadowRoot && found(e.shadowRoot)).find(Boolean);
  const box = found(root)?.getBoundingClientRect();
  return box ? [box.top, box.bottom] : null;
}"""

_HEIGHTS = """() => {
  const cards = [], look = (root) => {
    cards.push(...root.querySelectorAll('.card'));
    for (const e of root.querySelectorAll('*')) if (e.shadowRoot) look(e.shadowRoot);
  };
  look(document);
  return cards.map(card => card.getBoundingClientRect().height);
}"""

_END = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const last = [...document.querySelectorAll('p')].findLast(
    p => p.textContent.includes('not medical advice'));
  return [main.scrollHeight, last.getBoundingClientRect().bottom + main.scrollTop];
}"""


def box(me, selector, inside="body"):
    """The top and bottom of the first element of a kind, in pixels of the window."""
    found = me.page.evaluate(_BOX, [inside, selector])
    assert found, selector
    return found


def hold_on_a_wide_screen(me, name_by):
    assert box(me, ".card .name")[0] <= name_by
    assert box(me, "iframe[title*=folium]")[0] <= 372
    assert box(me, "iframe[title*=folium]")[1] <= 802
    assert box(me, ".card")[1] <= 765


def hold_on_a_phone(me, name_by):
    assert box(me, ".card .name")[0] <= name_by
    assert box(me, ".card .actions")[1] <= 775


def test_a_wide_screen_shows_the_first_clinic_and_the_map_at_once(visitor):
    hold_on_a_wide_screen(visitor(SEARCH, width=1280, height=800), name_by=297)


def test_a_phone_shows_the_first_clinic_and_how_to_reach_it(phone):
    hold_on_a_phone(phone(SEARCH), name_by=529)


def test_the_map_stays_in_view_while_the_list_scrolls(visitor):
    me = visitor("?near=20912", width=1280, height=800)
    me.page.mouse.move(300, 600)
    me.page.mouse.wheel(0, 2500)
    me.page.wait_for_timeout(400)
    top, bottom = box(me, "iframe[title*=folium]")
    assert box(me, ".card .name")[0] < 0
    assert 0 < top < 300
    assert bottom <= 802


def test_the_page_ends_where_its_foot_is_whatever_its_width(visitor):
    me = visitor("?near=20912", height=800)
    failing = {}
    for width in (390, 768, 1280, 1440, 1920):
        me.page.set_viewport_size({"width": width, "height": 800})
        me.page.wait_for_timeout(300)
        height, foot = me.settled().page.evaluate(_END)
        if height > foot + 100 or me.scrolls_sideways():
            failing[width] = (height, foot, me.scrolls_sideways())
    assert failing == {}


def test_a_cold_page_does_so_on_a_wide_screen_and_is_short_as_its_cards_are(visitor):
    me = visitor("", width=1280, height=800)
    hold_on_a_wide_screen(me, name_by=281)
    heights = me.page.evaluate(_HEIGHTS)
    assert len(heights) == me.cards.count() >= 20
    assert max(heights) <= 360
    assert me.page.evaluate(_END)[0] < 8_000


def test_a_cold_page_does_so_on_a_phone_and_is_short_as_its_cards_are(phone):
    me = phone("")
    hold_on_a_phone(me, name_by=480)
    assert max(me.page.evaluate(_HEIGHTS)) <= 480
    assert me.page.evaluate(_END)[0] < 11_000


def test_the_crisis_line_is_always_in_view_and_once_on_a_screen(visitor):
    me = visitor("?near=20912&condition=migraine&within=5", width=1280, height=800)
    line = me.page.locator(".st-key-crisis")
    expect(line).to_be_in_viewport()
    assert me.page.get_by_text("988", exact=True).filter(visible=True).count() == 1
    me.page.goto(f"{me.base}/?near=20912")
    me.settled()
    me.page.mouse.move(300, 600)
    me.page.mouse.wheel(0, 3000)
    me.page.wait_for_timeout(300)
    expect(line).to_be_in_viewport()


def test_nothing_jumps_while_the_page_is_drawn_and_a_filter_is_chosen(visitor):
    me = visitor("about", width=1280, height=800)
    me.page.add_init_script(
        """window.shifted = 0;
        new PerformanceObserver(list => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });"""
    )
    me.open(SEARCH)
    me.map()
    assert me.page.evaluate("window.shifted") < 0.1


def test_from_a_cold_start_a_phone_reaches_a_telephone_number_in_five_taps(phone):
    """The box, What for, a condition, Show 14 places, Call."""
    me = phone("")
    taps = 0

    def tap(what):
        nonlocal taps
        what.tap()
        taps += 1

    tap(me.where)
    me.where.fill("20706")
    me.where.press("Enter")
    me.settled()
    tap(me.what_for)
    tap(me.option("condition", "depression"))
    me.settled()
    tap(me.page.get_by_role("button", name=re.compile(r"^Show \d+ place")))
    me.settled()
    call = me.cards.first.get_by_role("link", name=re.compile("^Call"))
    expect(call).to_be_in_viewport()
    assert str(call.get_attribute("href")).startswith("tel:+1")
    assert taps + 1 <= 5


def test_the_drawer_of_filters_leaves_the_results_in_sight_and_says_what_it_shows(visitor):
    me = visitor("?near=20912", width=1280, height=800)
    me.page.get_by_role("button", name="Filters").click()
    shown = me.page.get_by_role("button", name=re.compile(r"^Show \d+ place"))
    expect(shown).to_be_in_viewport()
    drawer = me.page.locator(".st-key-drawer").bounding_box()
    assert drawer["x"] > 640
    crisis = me.page.locator(".st-key-crisis")
    top = me.page.get_by_test_id("stPopoverBody").bounding_box()["y"]
    assert crisis.bounding_box()["y"] + crisis.bounding_box()["height"] <= top
    me.option("payment", "medicare").click()
    me.settled()
    expect(shown).to_have_text(re.compile(rf"^Show {me.total} places?$"))
    shown.click()
    expect(me.page.locator(".st-key-drawer")).to_have_count(0)
    me.page.get_by_role("button", name="Medicare ✕").click()
    expect(me.page.locator(".st-key-chips")).to_have_count(0)

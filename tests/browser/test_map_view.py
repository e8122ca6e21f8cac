"""What the map shows and how it is used: all of a search, every number, a finger, the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from .test_accessibility import findings
from .test_map_in_browser import NEAR, alone, hold_in_view, pin, wait_until_still

FAR = "?category=mental-health&within=any"
ROUGH = "washington-interventional-psychiatry-washington"
BOXES = """marks => marks.map((e) => {
  const box = e.getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom];
})"""
HIT_AROUND = """(pin) => {
  const box = pin.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const around = [[-21, 0], [21, 0], [0, -21], [0, 21]];
  return around.every(([right, down]) =>
    pin.contains(document.elementFromPoint(x + right, y + down)));
}"""
POINTS = """() => {
  const found = [];
  map.eachLayer((layer) => {
    const marks = layer.getIcon && layer.options.pane === 'markerPane';
    if (marks) found.push(map.latLngToContainerPoint(layer.getLatLng()));
  });
  return found;
}"""
FOCUSED = (
    "() => document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
)


def boxes(frame, selector):
    return frame.locator(selector).evaluate_all(BOXES)


def size(me):
    box = me.map_element.bounding_box()
    return box["width"], box["height"] - 28  # less the legend


def view(frame):
    return frame.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]")


def hold_all_is_seen(me, frame):
    """Hold that all is in the frame, no number under another, and no nearer view had all."""
    wait_until_still(frame)
    width, height = size(me)
    pins = boxes(frame, ".pin")
    marks = pins + boxes(frame, ".place")
    for left, top, right, bottom in marks:
        assert left >= 0, marks
        assert top >= 0, marks
        assert right <= width, marks
        assert bottom <= height, marks
    for i, one in enumerate(pins):
        for other in pins[:i]:
            apart = one[2] <= other[0] or other[2] <= one[0]
            assert apart or one[3] <= other[1] or other[3] <= one[1], (one, other)
    points = frame.evaluate(POINTS)
    across, down = (max(p[k] for p in points) - min(p[k] for p in points) for k in "xy")
    nearer_would_do = 2 * across < width - 94 and 2 * down < height - 80
    assert not nearer_would_do or view(frame)[0] == 12


@pytest.mark.parametrize("path", [NEAR, "?near=20912", FAR, "?near=Baltimore,+MD&within=any"])
def test_the_first_view_has_every_pin_and_the_place_and_no_number_under_another(visitor, path):
    me = visitor(path, height=800)
    hold_all_is_seen(me, me.map())


@pytest.mark.parametrize("path", [NEAR, FAR])
def test_so_it_has_on_a_phone_where_the_map_is_in_view_and_each_pin_has_44_pixels(phone, path):
    me = phone(f"{path}&view=map")
    frame = me.map()
    hold_all_is_seen(me, frame)
    box = me.map_element.bounding_box()
    assert box["y"] < 844 - 400, "most of the map is in the window at once"
    assert frame.locator(".pin").evaluate_all(f"pins => pins.every({HIT_AROUND})")
    assert me.scrolls_sideways() == []


def test_the_map_fits_anew_when_its_frame_changes_and_stays_where_it_was_moved(visitor):
    me = visitor(NEAR)
    frame = me.map()
    me.page.set_viewport_size({"width": 800, "height": 700})
    me.page.wait_for_timeout(600)
    hold_all_is_seen(me, frame)
    frame.locator(".leaflet-control-zoom-in").click()
    wait_until_still(frame)
    before = view(frame)[0]
    me.page.set_viewport_size({"width": 1280, "height": 900})
    me.page.wait_for_timeout(600)
    assert view(frame)[0] == before
    me.choose("Order", "By name").settled()
    assert view(frame)[0] == before
    me.type_place("Baltimore, MD").settled()
    hold_all_is_seen(me, frame)


def test_show_all_goes_back_from_a_choice_and_is_there_only_then(visitor):
    me = visitor(NEAR)
    frame = me.map()
    button = frame.get_by_role("button", name="Show all")
    wait_until_still(frame)
    before = view(frame)
    expect(button).to_be_hidden()
    me.show_on_map(9).click()
    expect(frame.locator(".pin-selected")).to_have_count(1)
    wait_until_still(frame)
    assert view(frame) != before
    button.click()
    wait_until_still(frame)
    assert view(frame) == pytest.approx(before)
    expect(button).to_be_hidden()
    expect(frame.locator(".pin-selected")).to_have_count(1)
    pin(frame, 9).click()
    expect(button).to_be_visible()


def test_a_pin_is_chosen_again_after_another_was_chosen_in_the_list(visitor):
    me = visitor(NEAR)
    frame = me.map()
    for _ in range(2):
        pin(frame, 9).click()
        expect(me.selected.locator(".number")).to_have_text(["9"])
        me.show_on_map(6).click()
        expect(me.selected.locator(".number")).to_have_text(["6"])
        expect(frame.locator(".pin-selected")).to_have_text("6")
        wait_until_still(frame)
        frame.get_by_role("button", name="Show all").click()
        wait_until_still(frame)


def test_a_clinic_placed_by_its_town_is_shown_with_the_place_and_one_elsewhere_not_at_all(visitor):
    me = visitor(f"{NEAR}&clinic={ROUGH}")
    hold_in_view(me, me.map())
    other = me.open("?near=Cumberland,+MD&within=any").ids[0]
    me.open(f"{NEAR}&clinic={other}")
    frame = me.map()
    expect(frame.locator(".pin-selected")).to_have_count(0)
    hold_all_is_seen(me, frame)


def test_pins_that_meet_are_one_that_lists_them_all_until_the_map_is_nearer(phone):
    me = phone(f"{FAR}&view=map")
    frame = me.map()
    wait_until_still(frame)
    merged = frame.locator(".pin", has_text="+").first
    first, more = merged.inner_text().split(" +")
    count = frame.locator(".pin").count()
    merged.tap()
    lines = frame.locator(".pin-list button")
    expect(lines).to_have_count(int(more) + 1)
    assert lines.first.inner_text().startswith(f"{first}. ")
    wait_until_still(frame)
    width, height = size(me)
    ((left, top, right, bottom),) = boxes(frame, ".leaflet-popup")
    assert min(left, top) >= 0
    assert right <= width
    assert bottom <= height
    lines.last.scroll_into_view_if_needed()
    expect(lines.last).to_be_in_viewport()
    assert lines.last.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert min(b[3] - b[1] for b in boxes(frame, ".pin-list button")) >= 44
    assert "clinic=" not in me.page.url
    frame.locator(".leaflet-popup-close-button").tap()
    frame.locator(".leaflet-control-zoom-in").tap()
    wait_until_still(frame)
    expect(frame.locator(".pin")).not_to_have_count(count)


def test_the_legend_is_one_line_under_the_map(visitor, phone):
    for me in (visitor(NEAR), phone(f"{NEAR}&view=map")):
        legend = me.map().locator(".legend")
        expect(legend).to_have_text(re.compile("^exactapproximatedoes not say"))
        assert legend.evaluate("e => e.scrollWidth <= e.clientWidth && e.clientHeight === 28")
        assert boxes(me.map(), ".legend")[0][1] >= size(me)[1] - 1


LIGHT_OF = """e => getComputedStyle(e).backgroundColor.match(/[\\d.]+/g).slice(0, 3)
  .reduce((sum, part) => sum + Number(part), 0)"""


def test_the_map_is_dark_with_the_page_and_light_with_it(visitor):
    me = visitor(NEAR)
    frame = me.map()
    parts = ".leaflet-container, .pin-approximate, .leaflet-control-zoom a, .show-all"
    me.show_on_map(1).click()
    expect(frame.locator(".pin-selected")).to_have_count(1)
    wait_until_still(frame)
    assert min(frame.locator(parts).evaluate_all(f"es => es.map({LIGHT_OF})")) > 500
    me.turn_dark()
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    assert max(frame.locator(parts).evaluate_all(f"es => es.map({LIGHT_OF})")) < 200
    land = frame.locator("path.land-county").first.evaluate("e => getComputedStyle(e).fill")
    assert max(map(int, re.findall(r"\d+", land))) < 80
    tiles = frame.locator(".leaflet-tile-pane").evaluate("e => getComputedStyle(e).filter")
    assert "invert" in tiles
    me.page.emulate_media(color_scheme="light")
    expect(frame.locator("html")).to_have_attribute("data-theme", "light")


def test_a_theme_that_the_page_was_given_counts_more_than_the_systems(visitor):
    me = visitor(f"{NEAR}&embed=true&embed_options=light_theme", color_scheme="dark")
    expect(me.map().locator("html")).to_have_attribute("data-theme", "light")


def test_the_map_is_one_stop_of_the_tab_key_that_arrows_go_through(visitor):
    me = visitor(NEAR)
    frame = me.map()
    frame.locator(".pin").first.focus()
    numbers = frame.locator(".pin").all_inner_texts()
    seen = []
    for _ in numbers:
        seen.append(frame.evaluate("document.activeElement.textContent"))
        me.page.keyboard.press("ArrowRight")
    assert seen == numbers
    assert frame.evaluate(FOCUSED) == "Zoom in"
    me.page.keyboard.press("Home")
    me.page.keyboard.press("ArrowLeft")
    assert frame.evaluate("document.activeElement.tagName") == "A"
    me.page.keyboard.press("End")
    assert frame.evaluate("document.activeElement.textContent") == numbers[-1]
    before = view(frame)[0]
    me.page.keyboard.press("+")
    wait_until_still(frame)
    assert view(frame)[0] == before + 1
    assert numbers[-1] in frame.evaluate("document.activeElement.textContent")
    assert frame.locator("[tabindex='0'], a[href]:not([tabindex])").count() == 1
    me.page.keyboard.press("Tab")
    assert me.page.evaluate("document.activeElement.tagName") != "IFRAME"
    me.page.keyboard.press("Shift+Tab")
    assert numbers[-1] in frame.evaluate("document.activeElement.textContent")


def test_enter_opens_the_list_of_a_pin_arrows_go_through_it_and_show_all_is_reached(visitor):
    me = visitor("?near=20912")
    frame = me.map()
    shared = frame.locator(".pin[aria-haspopup=menu]").last
    shared.focus()
    me.page.keyboard.press("Enter")
    lines = frame.get_by_role("menuitem")
    expect(lines.first).to_be_focused()
    me.page.keyboard.press("ArrowDown")
    expect(lines.nth(1)).to_be_focused()
    name = lines.nth(1).inner_text().split(". ")[1].split(" · ")[0]
    me.page.keyboard.press("Enter")
    expect(me.selected.locator(".name")).to_contain_text(name)
    frame.locator(".pin-selected").focus()
    me.page.keyboard.press("End")
    me.page.keyboard.press("ArrowRight")
    assert frame.evaluate("document.activeElement.textContent") == "Show all"
    me.page.keyboard.press("Enter")
    wait_until_still(frame)
    assert frame.evaluate("document.activeElement.matches('.pin-selected')")


def test_on_a_phone_a_chosen_pins_card_lies_over_the_foot_of_the_map_and_closes(phone):
    me = phone(NEAR)
    me.page.get_by_role("radio", name="Map", exact=True).tap()
    frame = me.map()
    wait_until_still(frame)
    number = alone(frame)[0]
    pin(frame, number).tap()
    expect(me.cards).to_have_count(1)
    wait_until_still(frame)
    card = me.page.locator(".st-key-chosen_card").bounding_box()
    assert card["height"] <= 0.45 * 844
    assert card["y"] + card["height"] <= 845
    chosen = frame.locator(".pin-selected").bounding_box()
    place = frame.locator(".place").bounding_box()
    for mark in (chosen, place):
        assert me.map_element.bounding_box()["y"] < mark["y"]
        assert mark["y"] + mark["height"] <= card["y"]
    assert not frame.locator(".pin-tip").filter(visible=True).count()  # the card says it
    me.page.get_by_role("button", name="Close").tap()
    expect(me.cards).to_have_count(0)
    assert "clinic=" not in me.page.url
    expect(frame.locator(".pin-selected")).to_have_count(0)
    expect(pin(frame, number)).to_be_focused()


def test_show_on_map_from_far_down_a_phones_list_comes_to_the_map(phone):
    me = phone(NEAR)
    me.cards.nth(8).locator("summary").first.tap()
    me.show_on_map(9).tap()
    frame = me.map()
    expect(frame.locator(".pin-selected")).to_be_in_viewport()
    expect(me.map_element).to_be_in_viewport(ratio=0.6)


def test_with_reduced_motion_nothing_moves_on_its_way(visitor):
    me = visitor(NEAR, reduced_motion="reduce")
    frame = me.map()
    moving = frame.evaluate(
        """() => {
          const before = map.getZoom();
          document.querySelector('.leaflet-control-zoom-in').click();
          return [map.getZoom() - before, !!document.querySelector('.leaflet-zoom-anim')];
        }"""
    )
    assert moving == [1, False]
    assert frame.evaluate(
        "() => { const at = map.getCenter(); map.panBy([50, 0]); "
        "return map.getCenter().lng > at.lng; }"
    )


def test_paper_has_the_list_and_leaves_the_map_out(visitor):
    me = visitor(NEAR)
    me.map()
    me.page.emulate_media(media="print")
    expect(me.map_element).to_be_hidden()
    expect(me.cards.first).to_be_visible()


def test_axe_finds_nothing_in_a_map_with_a_choice_and_an_open_list_in_light_and_dark(visitor):
    me = visitor(f"{NEAR}&clinic={ROUGH}")
    frame = me.map()
    wait_until_still(frame)
    frame.locator(".pin[aria-haspopup]").first.dispatch_event("click")
    expect(frame.get_by_role("menuitem").first).to_be_visible()
    assert findings(frame) == []
    me.turn_dark()
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    assert findings(frame) == []

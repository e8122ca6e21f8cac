"""The map beside the list: what one selects, the other shows, and nothing flickers."""

import re

import pytest
from playwright.sync_api import expect

NEAR = "?near=20912&condition=ptsd"


def pin(frame, number):
    return frame.locator(".pin", has_text=re.compile(rf"^{number}$")).first


def alone(frame):
    """The numbers of the pins that stand for one clinic each."""
    return [int(t) for t in frame.locator(".pin").all_inner_texts() if t.isdigit()]


def center(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


NOTHING_LIES_OVER = """e => {
  const box = e.getBoundingClientRect();
  return e.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""


def in_view(me, element):
    """Return True if a pin is not selected, lies inside the frame of the map and can be hit."""
    x, y = center(element.bounding_box())
    box = me.map_element.bounding_box()
    inside = 20 < x - box["x"] < box["width"] - 60 and 20 < y - box["y"] < box["height"] - 40
    chosen = "pin-selected" in element.get_attribute("class")
    return inside and not chosen and element.evaluate(NOTHING_LIES_OVER)


def wait_until_still(frame):
    """Wait until the map has come to rest."""
    frame.wait_for_function(
        """() => {
          const at = document.querySelector('.leaflet-map-pane').style.transform
            + document.querySelector('.leaflet-proxy').style.transform;
          const still = window.lastSeen === at;
          window.lastSeen = at;
          return still && !document.querySelector('.leaflet-zoom-anim');
        }""",
        polling=150,
    )


def hold_in_view(me, frame):
    """Hold that the chosen pin can be seen and hit, and the place that it is measured from."""
    wait_until_still(frame)
    chosen = frame.locator(".pin-selected")
    frame.wait_for_function(NOTHING_LIES_OVER, arg=chosen.element_handle())
    frame_box = me.map_element.bounding_box()
    for mark in (chosen, frame.locator(".place")):
        x, y = center(mark.bounding_box())
        assert 20 < x - frame_box["x"] < frame_box["width"] - 20
        assert 20 < y - frame_box["y"] < frame_box["height"] - 40


def another_pin(me, frame):
    """A pin that can be clicked; the map is zoomed out until there is one."""
    for _ in range(5):
        wait_until_still(frame)
        for number in alone(frame):
            if in_view(me, pin(frame, number)):
                return pin(frame, number)
        frame.locator(".leaflet-control-zoom-out").click()
    return pytest.fail("no other pin comes into view")


def remember(me):
    """Keep the element of the map, to tell later whether it is still the same."""
    return me.map_element.element_handle()


def test_the_very_first_click_on_a_pin_selects_its_card_and_so_does_the_next(visitor):
    me = visitor(NEAR)
    frame, first = me.map(), remember(me)
    number = alone(frame)[-1]
    pin(frame, number).click()
    expect(me.selected.locator(".number")).to_have_text([str(number)])
    expect(me.selected.locator(".name")).to_be_focused()
    expect(me.selected.locator(".name")).to_be_in_viewport()
    me.page.wait_for_url(f"**clinic={me.selected_id}**")
    expect(frame.locator(".pin-selected")).to_have_text(str(number))
    hold_in_view(me, frame)
    other = another_pin(me, frame)
    number = other.inner_text()
    other.click()
    expect(me.selected.locator(".number")).to_have_text([number])
    expect(frame.locator(".pin-selected")).to_have_text(number)
    assert first.evaluate("e => e.isConnected")


SHOWN_AT_ONCE = """async (inMap) => {
  const found = (selector, root = document) => {
    const here = [...root.querySelectorAll(selector)];
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) here.push(...found(selector, e.shadowRoot));
    }
    return here;
  };
  const map = document.querySelector('iframe[title*=folium]').contentDocument;
  const alone = [...map.querySelectorAll('.pin')].find((pin) => pin.clinics.length === 1);
  const id = alone.clinics[0];
  if (inMap) alone.click();
  else found(`[data-card="${id}"] [data-show]`)[0].click();
  const before = location.href;
  await new Promise(requestAnimationFrame);
  return {
    card: found('.card.selected').map((card) => card.dataset.card),
    pin: [...map.querySelectorAll('.pin-selected')].flatMap((pin) => pin.clinics),
    id, asked: location.href !== before,
  };
}"""
"""Choose a clinic that has a pin to itself, and look at the next picture the browser draws."""


@pytest.mark.parametrize("in_map", [True, False], ids=["pin", "card"])
def test_a_choice_is_shown_in_list_and_map_before_the_service_has_answered(visitor, in_map):
    me = visitor(NEAR)
    wait_until_still(me.map())
    shown = me.page.evaluate(SHOWN_AT_ONCE, in_map)
    assert shown == {
        "card": [shown["id"]], "pin": [shown["id"]], "id": shown["id"], "asked": False
    }  # fmt: skip
    me.page.wait_for_url(f"**clinic={shown['id']}**")
    me.settled()
    assert me.selected_id == shown["id"]
    expect(me.map().locator(".pin-selected")).to_have_count(1)


def test_without_tiles_the_map_has_counties_names_its_pins_and_shows_a_card(visitor):
    me = visitor(NEAR)
    frame, first = me.map(), remember(me)
    expect(frame.locator(".leaflet-outline-pane path").first).to_be_attached()
    assert frame.locator(".leaflet-outline-pane path").count() > 24
    expect(frame.locator(".area span", has_text="Montgomery").first).to_be_visible()

    number = alone(frame)[-1]
    name = me.cards.nth(number - 1).locator(".name").inner_text().removeprefix(str(number)).strip()
    wait_until_still(frame)
    pin(frame, number).hover()
    tip = re.compile(rf"{re.escape(name)}.*miles", re.DOTALL)
    expect(frame.locator(".pin-tip")).to_have_text(tip)

    me.show_on_map(number).click()
    expect(frame.locator(".pin-selected")).to_have_text(str(number))
    expect(me.show_on_map(number)).to_have_attribute("aria-pressed", "true")
    hold_in_view(me, frame)
    assert first.evaluate("e => e.isConnected")


CHANGES = {
    "the first condition": lambda me: me.choose_condition("ptsd"),
    "a second condition": lambda me: me.choose_condition("ocd"),
    "a place with others of its name": lambda me: me.type_place("Germantown"),
    "a place of its own name": lambda me: me.type_place("20912"),
    "a distance": lambda me: me.choose_distance("50"),
    "an order": lambda me: me.choose("Order", "By name"),
    "a place that cannot be used": lambda me: me.type_place("91,0"),
}
"""What is chosen beside the map; pins and "Show on map" are in the tests above."""


def test_the_map_stays_the_same_element_through_everything(visitor):
    me = visitor("?near=20912")
    me.map()
    replaced = []
    for name, change in CHANGES.items():
        element, before = remember(me), me.page.url
        change(me)
        expect(me.page).not_to_have_url(before)
        me.settled().map()
        if not element.evaluate("e => e.isConnected"):
            replaced.append(name)
    assert not replaced, "the map was drawn anew by " + ", ".join(replaced)


def test_dragging_the_map_asks_the_service_nothing(visitor):
    me = visitor(NEAR)
    frame = me.map()
    first, before = remember(me), me.answers
    box = me.map_element.bounding_box()
    x, y = box["x"] + 40, box["y"] + 300
    start = pin(frame, alone(frame)[-1]).bounding_box()
    me.page.mouse.move(x, y)
    me.page.mouse.down()
    me.page.mouse.move(x + 60, y + 30, steps=5)
    me.page.mouse.move(x + 120, y + 60, steps=5)
    me.page.mouse.up()
    frame.locator(".leaflet-control-zoom-in").click()
    me.page.wait_for_timeout(700)
    assert pin(frame, alone(frame)[-1]).bounding_box() != start
    assert me.answers == before
    assert first.evaluate("e => e.isConnected")


def test_a_shared_pin_lists_its_clinics_and_a_map_that_was_left_out_comes_back(visitor):
    me = visitor("?near=20912")
    frame = me.map()
    shared = frame.locator(".pin", has_text=re.compile(",")).last
    numbers = shared.inner_text().split(", ")
    shared.click()
    lines = frame.locator(".pin-list button")
    expect(lines).to_have_count(len(numbers))
    assert [line.split(".")[0] for line in lines.all_inner_texts()] == numbers
    lines.last.click()
    expect(me.selected.locator(".number")).to_have_text([numbers[-1]])

    me.page.get_by_role("radio", name="List", exact=True).click()
    expect(me.map_element).to_have_count(0)
    expect(me.cards).to_have_count(me.total)
    me.show_on_map(2).click()
    expect(me.selected.locator(".number")).to_have_text(["2"])
    expect(me.map().locator(".pin-selected")).to_have_count(1)


def test_every_card_of_the_page_has_its_number_on_the_map(visitor):
    me = visitor("?near=Baltimore,+MD&within=any")
    frame = me.map()
    drawn = alone(frame)
    for shared in frame.locator(".pin[aria-haspopup]").all():
        shared.dispatch_event("click")
        drawn += [int(t.split(".")[0]) for t in frame.locator(".pin-list button").all_inner_texts()]
    assert sorted(drawn) == list(range(1, me.cards.count() + 1))

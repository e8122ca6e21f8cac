"""A search without a mouse: everything can be reached with Tab and used with Enter and Space."""

import re

from playwright.sync_api import expect

FOCUSED = """() => {
  let e = document.activeElement;
  while (e && e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;
  if (!e || e === document.body) return '';
  const words = e.getAttribute('aria-label') || e.value || e.textContent || e.title || '';
  return (e.tagName + ' ' + words).replace(/\\s+/g, ' ').trim().slice(0, 80);
}"""


def tab_until(me, pattern, at_most=60):
    """Press Tab until what has the focus reads so, and return everything on the way."""
    seen = []
    for _ in range(at_most):
        me.page.keyboard.press("Tab")
        seen.append(me.page.evaluate(FOCUSED))
        if re.search(pattern, seen[-1]):
            return seen
    raise AssertionError(f"{pattern} was not reached; the way was {seen}")


def test_the_controls_come_in_the_order_they_are_read_and_a_place_is_typed_on_the_way(visitor):
    me = visitor()
    seen = tab_until(me, "^INPUT Where")
    expect(me.where).to_be_focused()
    me.page.keyboard.type("20912")
    me.page.keyboard.press("Enter")
    me.wait_for_total(21)
    assert me.params == {"near": ["20912"]}
    seen += tab_until(me.settled(), "Filters")
    order = ["Find a clinic", "About", "tel|988", "What for", "Where|INPUT", "far|miles|INPUT"]
    positions = []
    for pattern in order:
        found = [i for i, words in enumerate(seen) if re.search(pattern, words)]
        assert found, f"{pattern} among {seen}"
        positions.append(next((i for i in found if not positions or i > positions[-1]), -1))
    assert positions == sorted(positions), seen


def test_the_conditions_follow_their_button_space_chooses_one_and_escape_closes_them(visitor):
    """The popover stands at the end of the document; nobody should Tab through the list to it."""
    me = visitor("?near=20912")
    me.what_for.focus()
    me.page.keyboard.press("Enter")
    expect(me.option("condition", "ptsd")).to_be_visible()
    seen = tab_until(me, "^INPUT ptsd", at_most=200)
    assert len(seen) <= 6, f"{len(seen)} presses of Tab; the first went to {seen[:5]}"
    box = me.option("condition", "ptsd").locator("input")
    expect(box).to_be_focused()
    me.page.keyboard.press("Space")
    me.wait_for_total(9)
    expect(box).to_be_focused()
    me.page.keyboard.press("Escape")
    expect(me.option("condition", "ptsd")).to_have_count(0)
    expect(me.what_for).to_be_focused()


def test_links_of_a_card_and_the_pins_come_after_the_list(visitor):
    me = visitor("?q=mood+center")
    frame = me.map()
    seen = tab_until(me, "IFRAME|Map of the clinics")
    assert [w for w in seen if w.startswith("A Website")], seen
    assert len([w for w in seen if w.startswith("BUTTON Map: show")]) == 2
    pin = frame.locator(".pin:focus")
    expect(pin).to_have_count(1)
    number = pin.inner_text()
    me.page.keyboard.press("Enter")
    expect(me.selected.locator(".number")).to_have_text([number])


def test_a_shared_pin_opens_its_list_and_escape_goes_back_to_the_pin(visitor):
    me = visitor("?near=20912")
    frame = me.map()
    shared = frame.locator(".pin", has_text=re.compile(",")).last
    shared.focus()
    me.page.keyboard.press("Enter")
    expect(frame.locator(".pin-list button").first).to_be_focused()
    me.page.keyboard.press("Escape")
    expect(frame.locator(".pin-list")).to_have_count(0)
    assert frame.evaluate("document.activeElement.classList.contains('pin')")


OUTLINE = """() => {
  let e = document.activeElement;
  while (e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;
  const style = getComputedStyle(e);
  return [style.outlineStyle, parseFloat(style.outlineWidth)];
}"""


def test_focus_can_be_seen_on_our_own_controls_and_stays_on_show_on_map(visitor):
    me = visitor("?near=20912&condition=ptsd")
    for start in ("A", "BUTTON Map: show", "SUMMARY"):
        me.cards.first.locator(".name").evaluate("e => e.focus()")
        tab_until(me, f"^{start}")
        style, width = me.page.evaluate(OUTLINE)
        assert style != "none", start
        assert width >= 2, start
    me.show_on_map(2).focus()
    me.page.keyboard.press("Enter")
    expect(me.selected.locator(".number")).to_have_text(["2"])
    expect(me.show_on_map(2)).to_be_focused()

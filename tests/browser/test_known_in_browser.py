"""What is known stands beside the results, and no choice moves the results."""

import re

from playwright.sync_api import expect

NEAR = "?near=20912"
BOXES = """() => {
  const found = {};
  const scrolled = document.querySelector('[data-testid=stMain]').scrollTop;
  const look = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) look(e.shadowRoot);
      const name = e.matches('.list.scroll') ? 'list' : e.matches('.known-box') ? 'panel'
        : e.matches('iframe[title*=folium]') ? 'map' : e.matches('.known-fold > summary') ? 'line'
        : e.matches('.card') ? 'first card' : '';
      const box = e.getBoundingClientRect();
      if (name && box.height && !(name in found)) {
        found[name] = { x: box.x, y: box.y + scrolled, width: box.width, height: box.height };
      }
    }
  };
  look(document);
  return found;
}"""


def boxes(me, *names):
    """Where these parts of the page are, in pixels of the page that is not scrolled."""
    found = me.page.evaluate(BOXES)
    return {name: {side: round(px, 1) for side, px in found[name].items()} for name in names}


def at_rest(me, *names):
    """Where these parts are once nothing moves any more: what opens takes a moment."""
    seen = []
    for _ in range(30):
        seen.append(boxes(me.settled(), *(names or ("list", "map", "panel"))))
        if len(seen) > 2 and seen[-3] == seen[-1]:
            break
        me.page.wait_for_timeout(150)
    return seen[-1]


def panel(me):
    return me.page.locator(".known-box")


def line(me):
    return me.page.locator(".known-fold > summary").locator("visible=true")


def test_neither_condition_nor_treatment_moves_the_list_or_the_map(visitor):
    """In the narrowest window that has two columns."""
    me = visitor(NEAR, width=1024)
    me.map()
    before = at_rest(me)
    assert before["panel"]["height"] + 18 + before["map"]["height"] == before["list"]["height"]
    assert before["panel"]["y"] == before["list"]["y"]
    for id, heading in (("ptsd", "ketamine for PTSD"), ("crps", "complex regional pain syndrome")):
        me.choose_condition(id)
        expect(panel(me)).to_contain_text(heading)
        assert at_rest(me) == before, id
    me.what_for.click()
    me.page.get_by_role("button", name="Any condition", exact=True).click()
    expect(panel(me)).to_contain_text("What is known about ketamine therapy")
    me.page.keyboard.press("Escape")
    assert at_rest(me) == before

    me.page.get_by_text("More filters").click()
    expect(me.option("treatment", "iv-ketamine")).to_be_visible()
    before = at_rest(me)
    for id, heading in (("iv-ketamine", "IV ketamine"), ("esketamine", "Spravato")):
        me.option("treatment", id).click()
        expect(panel(me)).to_contain_text(f"What is known: {heading}")
        assert at_rest(me) == before, id
    for id in ("iv-ketamine", "esketamine"):
        me.option("treatment", id).click()
    expect(panel(me)).to_contain_text("What is known about ketamine therapy")
    assert at_rest(me) == before


def test_on_a_phone_the_line_moves_no_card_and_stays_open_when_its_words_change(phone):
    me = phone(NEAR)
    expect(line(me)).to_contain_text("What is known about")
    before = at_rest(me, "line", "first card")
    assert before["line"]["height"] >= 44
    for id in ("depression", "suicidal-thoughts", "ptsd"):
        chosen = phone(f"{NEAR}&condition={id}")
        expect(line(chosen)).to_contain_text("not approved")
        said = line(chosen).locator(".in-short")
        assert said.evaluate("e => e.scrollWidth <= e.clientWidth"), id
        words, whole = said.bounding_box(), line(chosen).bounding_box()
        assert words["y"] + words["height"] <= whole["y"] + whole["height"], id
        assert at_rest(chosen, "line")["line"] == before["line"], id
    arrived = phone(f"{NEAR}&condition=chronic-pain")
    expect(line(arrived)).to_have_text(
        re.compile(
            "What is known: ketamine for chronic pain.*"
            "Ketamine: not approved for this as of .*Not enough evidence"
        )
    )
    after = at_rest(arrived, "line", "first card")
    assert after["line"] == before["line"]
    assert after["first card"]["y"] == before["first card"]["y"]

    line(arrived).tap()
    more = arrived.page.get_by_role("link", name="Read more: Chronic pain")
    expect(more).to_be_visible()
    assert more.bounding_box()["height"] >= 44
    arrived.choose_condition("ocd")
    expect(arrived.page.get_by_role("link", name="Read more: OCD")).to_be_visible()


def test_the_panel_scrolls_by_keyboard_and_is_whole_on_paper(visitor):
    me = visitor(f"{NEAR}&condition=depression&condition=ptsd")
    panel(me).focus()
    expect(panel(me)).to_be_focused()
    me.page.keyboard.press("End")
    me.page.wait_for_function("e => e.scrollTop > 20", arg=panel(me).element_handle(), timeout=5000)
    me.page.emulate_media(media="print")
    inside = panel(me).evaluate("e => [e.scrollHeight, e.clientHeight]")
    assert inside[1] > 300
    assert inside[0] <= inside[1] + 1
    expect(panel(me).get_by_text("Main risk").first).to_be_visible()


def test_a_narrow_window_and_the_other_views_have_the_line_instead_of_the_box(visitor):
    me = visitor(f"{NEAR}&condition=ptsd", width=600)
    expect(panel(me)).to_be_hidden()
    expect(line(me)).to_have_count(1)
    assert line(me).bounding_box()["y"] < me.cards.first.bounding_box()["y"]
    me.page.set_viewport_size({"width": 1280, "height": 900})
    expect(panel(me)).to_be_visible()
    for choice in ("List", "Map"):
        me.page.get_by_role("radio", name=choice, exact=True).click()
        expect(panel(me)).to_have_count(0)
        expect(line(me)).to_have_count(1)
        expect(line(me)).to_contain_text("ketamine for PTSD")

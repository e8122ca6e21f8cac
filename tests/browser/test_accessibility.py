"""axe-core on every state of the search, in the light and in the dark, and inside the map.

On a phone it runs where sizes are measured, on the other pages where those are tested.
"""

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .visitor import DARK

RESULTS = "?near=20912&condition=ptsd"
OTHER_STATES = {
    "empty answer": "?near=Takoma+Park,+MD&within=5&condition=migraine",
    "which town": "?near=Philadelphia&condition=sadness&clinic=gone",
    "about": "about",
}

EXCLUDED: dict[str, list[str]] = {}
"""Rule -> starts of the selectors of elements inside Streamlit that we cannot change."""

HEADINGS = """() => {
  const found = [];
  const look = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (/^H[1-6]$/.test(e.tagName) && e.getBoundingClientRect().height)
        found.push(Number(e.tagName[1]));
      if (e.shadowRoot) look(e.shadowRoot);
    }
  };
  look(document);
  return found;
}"""
"""The levels of the headings that are shown, in order."""


def findings(page):
    """Return what axe calls serious or critical, one line each."""
    found = []
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] not in ("serious", "critical"):
            continue
        for node in violation["nodes"]:
            target = " ".join(str(part) for part in node["target"])
            if not target.startswith(tuple(EXCLUDED.get(violation["id"], ["\0"]))):
                found.append(f"{violation['id']}: {target}: {node['html'][:160]}")
    return found


def hold_headings(page):
    """Hold that there is one first heading, at the top, and that no level is left out."""
    levels = page.evaluate(HEADINGS)
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


def open_filters(me):
    me.open_filters()
    expect(me.option("payment", "medicaid")).to_be_visible()
    return me.settled().faded()


def open_conditions(me):
    me.what_for.click()
    expect(me.option("condition", "ocd")).to_be_visible()
    return me.settled().faded()


def test_the_first_page_has_no_serious_finding_and_announces_what_is_found(visitor):
    me = visitor()
    assert findings(me.page) == []
    region = me.page.locator("[role=status]", has_text="ketamine and Spravato clinics")
    expect(region).to_have_count(1)
    element = region.element_handle()
    me.type_place("20912")
    expect(region).to_contain_text("within 25 miles of ZIP 20912")
    assert element.evaluate("e => e.isConnected")


def test_results_have_no_serious_finding_map_chosen_card_filters_and_conditions_included(visitor):
    me = visitor(RESULTS + "&condition=ocd&unstated=include")
    assert findings(me.page) == []
    hold_headings(me.page)
    frame = me.map()
    expect(frame.locator(".area span").first).to_be_attached()
    assert findings(frame) == []
    me.show_on_map(1).click()
    expect(me.selected).to_have_count(1)
    assert findings(me.settled().faded().page) == []
    assert findings(open_filters(me).page) == []
    assert findings(open_conditions(me).page) == []


def test_results_in_the_dark_have_no_serious_finding_filters_and_conditions_included(visitor):
    me = visitor(RESULTS, color_scheme="dark")
    expect(me.page.get_by_test_id("stApp")).to_have_css("background-color", DARK)
    assert findings(me.page) == []
    assert findings(open_filters(me).page) == []
    assert findings(open_conditions(me).page) == []


@pytest.mark.parametrize("path", OTHER_STATES.values(), ids=OTHER_STATES.keys())
def test_no_serious_finding_in_the_light_nor_when_it_turns_dark(visitor, path):
    me = visitor(path)
    assert findings(me.page) == []
    assert findings(me.turn_dark().page) == []

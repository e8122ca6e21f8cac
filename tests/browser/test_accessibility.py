"""axe-core on every state of the pages, wide and narrow, light and dark, and inside the map."""

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

RESULTS = "?near=20912&condition=ptsd"
STATES = {
    "start": "",
    "results": RESULTS + "&condition=ocd&unstated=include",
    "empty answer": "?near=Takoma+Park,+MD&within=5&condition=migraine",
    "which town": "?near=Columbia&condition=sadness&clinic=gone",
    "about": "about",
}

EXCLUDED: dict[str, list[str]] = {}
"""Rule -> starts of the selectors of elements inside Streamlit that we cannot change."""


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


@pytest.mark.parametrize("path", STATES.values(), ids=STATES.keys())
def test_no_serious_finding_on_a_wide_page(visitor, path):
    assert findings(visitor(path).page) == []


@pytest.mark.parametrize("path", [RESULTS, STATES["empty answer"], "about"])
def test_no_serious_finding_on_a_phone(phone, path):
    assert findings(phone(path).page) == []


@pytest.mark.parametrize("path", [RESULTS, STATES["which town"]])
def test_no_serious_finding_in_the_dark(visitor, path):
    me = visitor(path, color_scheme="dark")
    background = me.page.locator("[data-testid=stApp]").evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    assert background == "rgb(17, 26, 28)"
    assert findings(me.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_with_the_conditions_and_the_filters_open(visitor, scheme):
    me = visitor(RESULTS, color_scheme=scheme)
    me.page.get_by_text("More filters").click()
    expect(me.option("payment", "medicaid")).to_be_visible()
    assert findings(me.page) == []
    me.what_for.click()
    expect(me.option("condition", "ocd")).to_be_visible()
    assert findings(me.page) == []


def test_no_serious_finding_inside_the_map(visitor):
    me = visitor("?near=20912")
    frame = me.map()
    expect(frame.locator(".area span").first).to_be_attached()
    assert findings(frame) == []


def test_no_serious_finding_with_a_selected_clinic(visitor):
    me = visitor(RESULTS)
    me.show_on_map(1).click()
    expect(me.selected).to_have_count(1)
    assert findings(me.page) == []


def test_a_page_has_one_first_heading_and_none_is_skipped(visitor):
    me = visitor(RESULTS + "&unstated=include")
    levels = me.page.evaluate(
        """() => { const found = [];
        const look = (root) => { for (const e of root.querySelectorAll('*')) {
          if (/^H[1-6]$/.test(e.tagName) && e.getBoundingClientRect().height)
            found.push(Number(e.tagName[1]));
          if (e.shadowRoot) look(e.shadowRoot);
        } };
        look(document); return found; }"""
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
    assert jumps == []


def test_the_count_of_what_was_found_is_announced(visitor):
    me = visitor()
    region = me.page.locator("[role=status]", has_text="ketamine and Spravato clinics")
    expect(region).to_have_count(1)
    element = region.element_handle()
    me.type_place("20912")
    expect(region).to_contain_text("within 25 miles of ZIP 20912")
    assert element.evaluate("e => e.isConnected")

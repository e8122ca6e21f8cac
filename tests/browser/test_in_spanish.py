"""The app in Spanish at the widths of a phone and a desk: axe, nothing cut, and the way back."""

import re

import pytest
from playwright.sync_api import expect

from .test_accessibility import findings, hold_headings
from .visitor import Visitor

FOOT = "Esto es información, no consejo médico"
LISTED = "list=nova-health-recovery-alexandria"
PAGES = {
    "results": "?lang=es&near=20912&condition=ptsd&unstated=include",
    "empty answer": "?lang=es&near=Takoma+Park,+MD&within=5&condition=migraine",
    "topics": "learn?lang=es",
    "cost": "learn?lang=es&topic=cost",
    "questions": "learn?lang=es&topic=choosing-a-clinic",
    "town": "towns?lang=es&town=rockville-md",
    "towns": "towns?lang=es",
    "about": "about?lang=es",
    "visitor's list": f"shortlist?lang=es&{LISTED}",
}

CUT = """() => {
  const found = [];
  const words = 'button, label, summary, th, h1, h2, h3, [role=radio], [role=combobox],'
    + ' .control, .chips a, .st-key-language a, [data-testid=stTopNavLink], [class*="_control"] p';
  const look = (root) => {
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) look(e.shadowRoot);
      if (!e.matches(words) || !e.checkVisibility({ visibilityProperty: true })) continue;
      if (e.closest('.hidden') || e.clientWidth <= 1) continue;
      if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
        found.push(`${e.textContent.trim().slice(0, 60)}: ${e.scrollWidth} in ${e.clientWidth}`);
    }
  };
  look(document);
  return found;
}"""
"""What is wider than the room it has, among what can be pressed or names something."""

PLACEHOLDER_CUT = """() => {
  const box = document.querySelector('.st-key-where input');
  const pen = document.createElement('canvas').getContext('2d');
  const style = getComputedStyle(box);
  pen.font = `${style.fontSize} ${style.fontFamily}`;
  const room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return Math.max(0, pen.measureText(box.placeholder).width - room);
}"""
"""By how many pixels the example in the box for a place is too long."""


def opened(page, base, path):
    return Visitor(base, page).open(path, until=FOOT)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_page_in_spanish_has_no_serious_finding_and_nothing_is_cut(service, new_page, path):
    me = opened(new_page(), service.url, path)
    for width, height in ((1280, 900), (390, 844)):
        me.page.set_viewport_size({"width": width, "height": height})
        me.settled().faded()
        assert me.page.evaluate("document.documentElement.lang") == "es"
        assert me.scrolls_sideways() == [], width
        assert me.page.evaluate(CUT) == [], width
        assert findings(me.page) == [], width
    hold_headings(me.page)


@pytest.mark.parametrize("width", [1280, 390])
def test_what_opens_has_no_serious_finding_and_nothing_is_cut(service, new_page, width):
    me = opened(new_page(width=width), service.url, PAGES["results"] + "&payment=medicaid")
    assert me.page.evaluate(PLACEHOLDER_CUT) == 0
    for name, within in (("Para qué", "what_end"), ("Distancia", ""), ("Filtros", "drawer_end")):
        me.page.get_by_role("button", name=re.compile(f"^{name}")).click()
        me.settled().faded()
        if within:
            expect(me.page.locator(f".st-key-{within}")).to_be_visible()
        assert me.page.evaluate(CUT) == [], name
        assert findings(me.page) == [], name
        me.page.keyboard.press("Escape")
        me.settled()


def test_the_switch_keeps_the_search_and_its_filters(service, new_page):
    me = opened(new_page(), service.url, PAGES["results"] + "&payment=medicaid&q=health")
    me.page.get_by_role("link", name="In English").click()
    expect(me.page.get_by_text("Information, not medical advice").first).to_be_attached()
    me.settled()
    assert me.page.evaluate("document.documentElement.lang") == "en"
    kept = {"near": ["20912"], "condition": ["ptsd"], "payment": ["medicaid"], "q": ["health"]}
    assert me.params == {"lang": ["en"], "unstated": ["include"], **kept}
    expect(me.where).to_have_value("20912")
    me.page.get_by_role("link", name="En español").click()
    expect(me.page.get_by_text(FOOT).first).to_be_attached()
    me.settled()
    assert me.params == {"lang": ["es"], "unstated": ["include"], **kept}


def test_the_first_visit_is_in_the_language_that_the_browser_prefers(service, new_page):
    me = opened(new_page(locale="es-MX"), service.url, "?near=20912")
    assert me.params == {"lang": ["es"], "near": ["20912"]}
    assert me.page.evaluate("document.documentElement.lang") == "es"
    expect(me.page.get_by_role("combobox", name="Dónde")).to_have_value("20912")


def test_a_place_is_typed_and_filters_chosen_in_spanish_and_the_language_stays(service, new_page):
    me = opened(new_page(), service.url, "?lang=es")
    box = me.page.get_by_role("combobox", name="Dónde")
    box.fill("Rockville, MD")
    box.press("Enter")
    expect(me.page).to_have_url(re.compile("near=Rockville"))
    me.settled()
    me.page.get_by_role("radio", name="Lista", exact=True).click()
    expect(me.page).to_have_url(re.compile("view=list"))
    me.settled()
    me.page.get_by_role("button", name=re.compile("^Para qué")).click()
    me.option("condition", "ptsd").click()
    expect(me.page).to_have_url(re.compile("condition=ptsd"))
    assert me.settled().params["lang"] == ["es"]
    keep = me.cards.first.locator("[data-keep]")
    expect(keep).to_have_text("Guardar")
    me.page.keyboard.press("Escape")
    keep.click()
    expect(keep).to_have_text("Guardada")

"""The answer in the page's HTML, and how it gives way to the app's without anything being lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit
from playwright.sync_api import Page, Route, expect

from clinics.web.guard.fonts import icon_names

from .conftest import PHONE
from .service import Service
from .test_accessibility import findings, hold_headings
from .visitor import Visitor

PACKAGE = Path(streamlit.__file__).parent
SEARCH = "?near=20912&condition=depression"
PHONE_OPTIONS = {
    "width": 390, "height": 844, "is_mobile": True, "has_touch": True, "user_agent": PHONE
}  # fmt: skip
DESK_OPTIONS = {"width": 1280, "height": 800}

PLACES = """(inFirst) => {
  const top = document.querySelector(inFirst ? '#first' : '#root');
  const all = (selector, root = top) => {
    const here = [...root.querySelectorAll(selector)];
    for (const e of root.querySelectorAll('*')) {
      if (e.shadowRoot) here.push(...all(selector, e.shadowRoot));
    }
    return here.filter((e) => e.getBoundingClientRect().height > 2);
  };
  const place = (e) => {
    const b = e.getBoundingClientRect();
    return [b.x, b.y, b.width, b.height];
  };
  const found = {
    heading: all('h1')[0], headline: all('h2')[0], near: all('input:not([type=hidden])')[0],
    known: all('.known-frame')[0], first: all('.card')[0], name: all('.card .name a')[0],
    second: all('.card')[1], crisis: all('.st-key-crisis p')[0],
  };
  const shown = Object.entries(found).filter(([, e]) => e);
  return Object.fromEntries(shown.map(([name, e]) => [name, place(e)]));
}"""

SHIFTS = """() => {
  window.shifted = 0;
  window.moved = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.shifted += entry.value;
      const from = entry.sources.map(
        (s) => `${s.node?.className} ${s.previousRect.y} ${s.currentRect.y}`);
      window.moved.push([entry.value, ...from]);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}"""


@contextmanager
def held_back(page: Page, pattern: str = "**/static/js/**") -> Iterator[Callable[[], None]]:
    """Keep the app's scripts waiting until what this gives is called."""
    waiting: list[Route] = []
    held = [True]

    def handle(route: Route) -> None:
        waiting.append(route) if held[0] else route.continue_()

    def release() -> None:
        held[0] = False
        for route in waiting:
            route.continue_()

    page.route(pattern, handle)
    yield release
    page.unroute_all(behavior="ignoreErrors")


def begun(service: Service, page: Page, path: str = SEARCH) -> Page:
    page.goto(f"{service.url}/{path}", wait_until="commit")
    expect(page.locator("#first h1")).to_be_visible()
    return page


@pytest.mark.parametrize("options", [PHONE_OPTIONS, DESK_OPTIONS], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_its_scripts_the_answer_stays_and_can_be_used(
    service: Service, new_page: Callable[..., Page], options: dict, scheme: str
) -> None:
    page = new_page(**options, color_scheme=scheme)
    page.route("**/static/js/**", lambda route: route.abort())
    begun(service, page, "?near=20912&phone=yes")
    page.wait_for_timeout(600)
    call = page.locator("#first .card .button.main").first
    assert call.get_attribute("href").startswith("tel:+1")
    expect(page.locator("#first .st-key-crisis a").first).to_have_attribute("href", "tel:988")
    expect(page.locator("#first .st-key-crisis")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []
    hold_headings(page)


def test_its_controls_work_through_the_plain_form_before_the_scripts_do(
    service: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page(**PHONE_OPTIONS)
    page.route("**/static/js/**", lambda route: route.abort())
    begun(service, page, "?condition=ptsd")
    page.locator("#first-near").fill("7610 Carroll Ave, Takoma Park, MD")
    page.locator("#first-near").press("Enter")
    page.wait_for_url("**/plain**")
    assert "Carroll" not in page.url
    assert "condition=ptsd" in page.url
    begun(service, page, "?condition=ptsd&near=20912")
    page.locator("#first .control").first.click()
    page.wait_for_url("**/plain?**condition=ptsd**#what")


@pytest.mark.parametrize("options", [PHONE_OPTIONS, DESK_OPTIONS], ids=["phone", "desk"])
def test_the_app_draws_the_same_at_the_same_places_and_nothing_jumps(
    service: Service, new_page: Callable[..., Page], options: dict
) -> None:
    page = new_page(**options)
    page.add_init_script(f"({SHIFTS})()")
    with held_back(page) as release:
        begun(service, page)
        page.wait_for_timeout(400)
        before = page.evaluate(PLACES, True)
        release()
        Visitor(service.url, page).settled()
    after = page.evaluate(PLACES, False)
    assert before.keys() == after.keys() >= {"heading", "headline", "near", "known", "first"}
    for name, place in before.items():
        assert after[name] == pytest.approx(place, abs=3), name
    assert page.evaluate("window.shifted") < 0.02, page.evaluate("window.moved")
    expect(page.locator("#first")).to_have_count(0)


def test_who_has_scrolled_opened_and_focused_is_where_they_were(
    service: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page(**PHONE_OPTIONS)
    with held_back(page) as release:
        begun(service, page)
        card = page.locator("#first [data-card]").nth(1)
        id = card.get_attribute("data-card")
        card.locator("> details > summary").click()
        card.locator(".name a").focus()
        page.evaluate("document.getElementById('first').scrollTop = 700")
        release()
        Visitor(service.url, page).settled()
    same = page.locator(f"#root [data-card='{id}']")
    expect(same.locator("> details")).to_have_attribute("open", "")
    expect(same.locator(".name a")).to_be_focused()
    top = page.get_by_test_id("stMain").evaluate("e => e.scrollTop")
    assert top == pytest.approx(700, abs=5)


def test_what_is_being_typed_goes_on_in_the_box_of_the_app(
    service: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    with held_back(page) as release:
        begun(service, page, "")
        page.locator("#first-near").press_sequentially("Takoma P")
        release()
        me = Visitor(service.url, page).settled()
    expect(me.where).to_be_focused()
    expect(me.where).to_have_value("Takoma P")
    page.keyboard.type("ark")
    page.keyboard.press("Enter")
    page.wait_for_url("**near=Takoma**")


def test_a_button_pressed_too_early_is_pressed_when_it_works(
    service: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page(**PHONE_OPTIONS)
    with held_back(page) as release:
        begun(service, page)
        keep = page.locator("#first [data-keep]").first
        keep.click()
        expect(keep).to_have_attribute("aria-busy", "true")
        release()
        Visitor(service.url, page).settled()
    page.wait_for_url("**list=**")


def test_back_forward_and_reload_begin_as_their_address_says(
    service: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    me = Visitor(service.url, page).open(SEARCH)
    me.open("learn?topic=ptsd")
    page.go_back()
    me.settled()
    expect(me.cards.first).to_be_visible()
    page.reload()
    me.settled()
    expect(me.cards.first).to_be_visible()
    expect(page.locator("#first")).to_have_count(0)


ICONS = """() => [...document.querySelectorAll('[data-testid=stIconMaterial]')]
  .map((e) => [e.textContent.trim(), e.scrollWidth, parseFloat(getComputedStyle(e).fontSize)])"""


@pytest.mark.parametrize(
    "path",
    ["", "learn", "learn?topic=ptsd", "towns", "towns?town=takoma-park-md", "?near=Nowhereville",
     "?near=21801&condition=ptsd&within=5", "?view=map", "about", "?near=x&near=y&page=999999",
     "manage", "shortlist"],
)  # fmt: skip
def test_every_page_takes_the_place_of_its_first_screen_and_was_sent_the_icons_it_has(
    visitor: Callable[..., Visitor], path: str
) -> None:
    page = visitor(path, **DESK_OPTIONS).page
    expect(page.locator("#first")).to_have_count(0)
    assert page.locator("#root").evaluate("e => getComputedStyle(e).visibility") == "visible"
    if path == "":
        for name in ("What for", "How far", "Filters"):
            page.get_by_role("button", name=name).first.click()
            page.keyboard.press("Escape")
    known = icon_names(PACKAGE)
    shown = page.evaluate(ICONS)
    assert {name for name, _, _ in shown} <= known
    assert [name for name, width, size in shown if width > 1.5 * size] == []


def test_a_browser_that_keeps_nothing_gets_the_app_too(
    service: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page(**DESK_OPTIONS)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {"
        " get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    begun(service, page)
    expect(page.locator("#first")).to_have_count(0, timeout=20_000)
    expect(page.locator("#root .card").first).to_be_visible()


def test_on_paper_it_has_the_crisis_line_and_the_cards(
    service: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page(**DESK_OPTIONS)
    page.route("**/static/js/**", lambda route: route.abort())
    begun(service, page)
    page.emulate_media(media="print")
    expect(page.locator("#first .st-key-crisis")).to_be_visible()
    expect(page.locator("#first .card").first).to_be_visible()
    expect(page.locator("#first .controls")).to_be_hidden()


def test_a_link_to_one_clinic_goes_to_its_card_and_stays_there(
    service: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page(**DESK_OPTIONS)
    id = "avesta-ketamine-and-wellness-mclean"
    with held_back(page) as release:
        begun(service, page, f"?clinic={id}")
        expect(page.locator(f"#first [data-card='{id}'] .name")).to_be_in_viewport()
        release()
        Visitor(service.url, page).settled()
    expect(page.locator(f"#root [data-card='{id}'] .name")).to_be_in_viewport()


def test_keep_pressed_on_two_cards_and_let_go_of_on_one_keeps_the_other(
    service: Service, new_page: Callable[..., Page]
) -> None:
    page = new_page(**DESK_OPTIONS)
    with held_back(page) as release:
        begun(service, page)
        first, second = (page.locator("#first [data-keep]").nth(n) for n in (0, 1))
        for button in (first, second, first):
            button.click()
        id = page.locator("#first [data-card]").nth(1).get_attribute("data-card")
        release()
        Visitor(service.url, page).settled()
    page.wait_for_url(f"**list={id}**")

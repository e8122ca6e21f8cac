"""A tab whose session the server has lost: the first thing done in it is done, and none is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from .service import Service, running
from .test_corrections_in_browser import dialog, thanks, wrong
from .visitor import Visitor


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of this module's own, which is killed and started again under open tabs."""
    log = tmp_path_factory.mktemp("restarted") / "printed.txt"
    with running(log) as started:
        yield started


def type_a_town(me: Visitor) -> None:
    me.type_place("Towson")
    expect(me.page).to_have_url(re.compile("near=Towson"))


def choose_a_condition(me: Visitor) -> None:
    me.option("condition", "ptsd").click()
    expect(me.page).to_have_url(re.compile("condition=ptsd"))
    expect(me.headline).to_have_text(re.compile("PTSD"))


def choose_a_distance(me: Visitor) -> None:
    me.option("within", "10").click()
    expect(me.page).to_have_url(re.compile("within=10"))


def choose_a_filter(me: Visitor) -> None:
    me.option("treatment", "iv-ketamine").click()
    expect(me.page).to_have_url(re.compile("treatment=iv-ketamine"))


def show_on_the_map(me: Visitor) -> None:
    me.show_on_map(2).click()
    expect(me.page).to_have_url(re.compile("clinic="))


def read_more(me: Visitor) -> None:
    me.page.get_by_role("link", name="Does it work?").click()
    expect(me.page).to_have_url(re.compile("learn"))


def click_a_pin(me: Visitor) -> None:
    me.map().locator(".pin:not([aria-haspopup])").first.dispatch_event("click")
    expect(me.page).to_have_url(re.compile("clinic="))


def sort_by_name(me: Visitor) -> None:
    me.choose("Order", "By name")
    expect(me.page).to_have_url(re.compile("sort=name"))


def turn_the_page(me: Visitor) -> None:
    me.page.get_by_role("button", name=re.compile("^3$|page 3", re.IGNORECASE)).first.click()
    expect(me.page).to_have_url(re.compile("page=3"))


def send_a_correction(me: Visitor) -> None:
    dialog(me).get_by_role("button", name="Send this correction").click()
    expect(thanks(me)).to_be_visible()


def write_a_correction(me: Visitor) -> None:
    me.cards.first.locator("summary").first.click()
    wrong(me, 1).click()
    expect(dialog(me)).to_be_visible()
    me.settled()
    me.choose("What is wrong", "The telephone")
    dialog(me).get_by_role("textbox", name=re.compile("What is right")).fill(
        "It is (301) 555-0123."
    )
    me.page.keyboard.press("Tab")
    me.settled()


def nothing_before(me: Visitor) -> None:
    pass


NEAR = "?near=Baltimore%2C+MD"
KINDS: dict[str, tuple[str, Callable[[Visitor], object], Callable[[Visitor], None]]] = {
    "town": (NEAR, nothing_before, type_a_town),
    "condition": (NEAR, lambda me: me.what_for.click(), choose_a_condition),
    "distance": (
        NEAR,
        lambda me: me.page.get_by_role("button", name=re.compile("^How far")).click(),
        choose_a_distance,
    ),
    "filter": (NEAR, lambda me: me.open_filters(), choose_a_filter),
    "show on map": (NEAR, nothing_before, show_on_the_map),
    "read more": (f"{NEAR}&condition=ptsd", nothing_before, read_more),
    "pin": (NEAR, lambda me: me.map(), click_a_pin),
    "order": (NEAR, nothing_before, sort_by_name),
    "page": (f"{NEAR}&category=mental-health&within=any&page=2", nothing_before, turn_the_page),
    "correction": (NEAR, write_a_correction, send_a_correction),
}


def test_after_a_restart_no_first_action_is_lost(
    restarted: Service, new_page: Callable[..., object]
) -> None:
    tabs = {}
    for kind, (address, prepare, _) in KINDS.items():
        me = Visitor(restarted.url, new_page()).open(address)
        prepare(me)
        me.settled()
        tabs[kind] = me
    restarted.restart()
    lost = []
    for kind, me in tabs.items():
        me.page.wait_for_function(
            "() => document.querySelector('[data-testid=stApp]')"
            ".dataset.testConnectionState === 'CONNECTED'"
        )
        try:
            KINDS[kind][2](me)
        except AssertionError as problem:
            lost.append(f"{kind}: {str(problem)[:400]}")
    assert lost == []

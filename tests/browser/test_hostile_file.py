"""Every hostile text in every column, on every page: shown as typed, and a text and nothing more.

Each is compared with a harmless twin at the same place: both must be drawn with the same elements.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from clinics.domain.columns import NAMES
from clinics.intake.cells import TEXTS as COLUMNS
from tests.browser.hostile import (
    ALONE,
    AT_ONE_PLACE,
    EVERYTHING,
    HARMLESS,
    HERE,
    HOSTILE,
    ROOM,
    TEXTS,
    THERE,
    TOWN,
    TWINS,
    Point,
    hostile_service,
)
from tests.browser.keeper import Keeper, file_of
from tests.browser.service import Service
from tests.browser.visitor import Visitor

FILE = "<img src=x onerror=document.title='hacked'> :smile:.csv"
BOX = (
    "[data-testid=stVerticalBlock]:has(> [data-testid=stLayoutWrapper]"
    " > [data-testid=stHorizontalBlock] > [class*=st-key-{}])"
)
"""The frame around a task or a correction, by the key of a button in it."""

ASKED = re.compile(
    "/|/(static|media|assets|component|_stcore|clinics)/.+|/(learn|towns|about|manage)(/_stcore/.+)?"
    r"|/(plain|embed)|/favicon\.\w+"
)
TELL = """() => {
  const title = Object.getOwnPropertyDescriptor(Document.prototype, 'title');
  const set = function (text) {
    if (text === 'hacked') console.error('a hostile text ran');
    title.set.call(this, text);
  };
  Object.defineProperty(Document.prototype, 'title', { ...title, set });
}"""
SHAPES = """found => {
  const shape = (e) => {
    const names = e.getAttributeNames().filter((name) => name !== 'style').sort();
    const inside = [...(e.shadowRoot?.children ?? []), ...e.children].map(shape);
    return `${e.localName}[${names}](${inside})`;
  };
  return found.map(shape);
}"""
CARDS = """cards => cards.map((card) => {
  const text = (selector) => card.querySelector(selector).textContent;
  const rows = [...card.querySelectorAll('dl > div')].map((row) => [...row.children]);
  return {
    name: text('.name a'), where: text('.where'),
    ...Object.fromEntries(rows.map(([term, said]) => [term.textContent, said.textContent])),
  };
})"""
POINTED_AT = """pins => pins.map((pin) => {
  pin.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
  const tip = document.querySelector('.pin-tip');
  const words = [...tip.childNodes].filter((node) => node.data).map((node) => node.data);
  const elements = [...tip.querySelectorAll('*')].map((e) => e.localName);
  pin.dispatchEvent(new MouseEvent('mouseout', { bubbles: true }));
  return [pin.getAttribute('aria-label'), words, elements];
})"""
PRESSED = """pins => pins.map((pin) => {
  pin.click();
  const box = document.querySelector('.pin-list .leaflet-popup-content');
  return [...box.querySelectorAll('*')].map((e) => [e.localName, e.textContent]);
})"""
MOVED = """lines => lines.map((line) => {
  line.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
  const tip = document.querySelector('.leaflet-tooltip');
  const elements = [...tip.querySelectorAll('*')].map((e) => e.localName).join(' ');
  line.dispatchEvent(new MouseEvent('mouseout', { bubbles: true }));
  return [tip.textContent, elements];
})"""
"""What the words of each pin are, and what opens when it is pressed."""


def shown(text: str) -> str:
    """Return a text as somebody sees it, who does not see a word joiner."""
    return " ".join(text.replace("\u2060", "").split())


AS_SHOWN = [shown(text) for text in TEXTS]
EVERY_ONE = shown(EVERYTHING["name"])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with hostile_service(tmp_path_factory.mktemp("hostile") / "printed.txt") as service:
        yield service


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page that tells when a text runs."""
    page = new_page()
    page.add_init_script(f"({TELL})()")
    return page


@pytest.fixture
def me(hostile: Service, page: Page) -> Visitor:
    return Visitor(hostile.url, page)


@pytest.fixture
def keeper(hostile: Service, page: Page) -> Keeper:
    return Keeper(hostile.url, page).sign_in()


def near(at: Point, east: float = 0.0) -> str:
    return f"near={at[0]},{at[1] + east}"


def shapes(found: Locator) -> list[str]:
    """Return how each is made of elements and the names of their attributes."""
    return list(found.evaluate_all(SHAPES))


def tags(found: Locator) -> list[str]:
    """Return the names of the elements within these."""
    return [str(name) for name in found.locator("*").evaluate_all("es => es.map(e => e.localName)")]


def hold_nothing_ran(me: Visitor) -> None:
    """Hold that no text did anything: what it did would be an error, a request or a title."""
    # Streamlit looks for its server below the page first, and does not find it there.
    assert [text for text in me.errors if "404 (Not Found)" not in text] == []
    assert me.hosts <= {"127.0.0.1", "tile.openstreetmap.org"}
    own = [urlsplit(url) for url in me.urls if url.startswith(me.base)]
    assert [url.path for url in own if not ASKED.fullmatch(url.path)] == []
    assert "hacked" not in me.page.title()


def test_list_and_map_show_every_column_as_typed_and_are_made_like_their_twins(
    me: Visitor,
) -> None:
    made = []
    for place in (THERE, HERE):
        me.open(f"?{near(place)}")
        expect(me.cards).to_have_count(len(TEXTS))
        frame = me.map()
        me.settled()
        come_near(frame)
        made.append([shapes(me.page.locator(part)) for part in ("html", ".card")])
        made[-1].append(shapes(frame.locator(".leaflet-marker-pane")))
    assert made[0] == made[1]
    assert len(set(made[0][1])) == 1
    hold_cards_show_all(me.cards.evaluate_all(CARDS))
    hold_pins_show_all(frame)
    assert "hacked" not in frame.title()
    hold_nothing_ran(me)


def come_near(frame: Frame) -> None:
    """Go so near that each place has its own pin; the fewer clinics, the more of its words."""
    for _ in range(4):
        frame.locator(".leaflet-control-zoom-in").click()
        frame.page.wait_for_timeout(400)
    expect(frame.locator(".pin")).to_have_count(-(-len(TEXTS) // AT_ONE_PLACE))


def hold_cards_show_all(cards: list[dict[str, str]]) -> None:
    by_name = {shown(said["name"]): said for said in cards}
    for text in AS_SHOWN:
        said = by_name[text]
        assert shown(said["Notes"]) == text
        for place in ("where", "Source", "Price", "Insurance and payment", "Address", "Hours"):
            assert text in shown(said[place]), place


def hold_pins_show_all(frame: Frame) -> None:
    pins = frame.locator(".pin")
    pins.first.dispatch_event("mouseover")
    expect(frame.locator(".pin-tip")).to_contain_text("1. ")
    pins.first.dispatch_event("mouseout")
    spoken, tips, listed = "", "", ""
    for label, words, elements in pins.evaluate_all(POINTED_AT):
        spoken, tips = f"{spoken} {label}", f"{tips} {' '.join(words)}"
        assert elements == ["br"] * (len(words) - 1)
    for inside in pins.evaluate_all(PRESSED):
        assert {name for name, _ in inside[1:]} == {"button"}
        listed += inside[0][1]
    for text in AS_SHOWN:
        assert all(text in shown(said) for said in (spoken, tips, listed)), text


def test_one_clinic_is_named_as_typed_wherever_it_is_named_alone(me: Visitor) -> None:
    """It was chosen and is elsewhere, it is the nearest, it is corrected, asked, driven to."""
    me.open(f"?{near(ALONE, east=0.15)}&within=5&clinic={EVERYTHING['id']}")
    for start, inside in {"You chose": [], "The nearest is": ["strong"]}.items():
        sentence = me.page.locator("p", has_text=start)
        assert shown(sentence.inner_text()).count(EVERY_ONE) == 2
        assert tags(sentence) == inside
    me.open(f"?{near(ALONE)}&clinic={EVERYTHING['id']}")
    expect(me.selected).to_have_count(1)
    me.cards.first.locator("summary").first.click()
    me.cards.first.locator("[data-wrong]").click()
    title = me.page.get_by_role("dialog").get_by_text("Something wrong with").last
    assert EVERY_ONE in shown(title.inner_text())
    assert tags(title) == []
    me.page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    expect(me.page.get_by_role("dialog")).to_have_count(0)
    me.page.get_by_role("link", name="Understand").click()
    for topic, place in {"How to choose": "For <img", "Cost and": "Miles to"}.items():
        me.page.get_by_role("link", name=re.compile(topic)).first.click()
        sentence = me.page.get_by_text(re.compile(f"^{place} ")).last
        expect(sentence).to_be_attached()
        assert EVERY_ONE in shown(sentence.inner_text())
        assert tags(sentence) in ([], ["strong"])
        me.page.get_by_role("link", name="All topics").click()
    me.open(f"towns?town={TOWN}")
    sentence = me.page.locator("p", has_text="The nearest is")
    assert shown(sentence.inner_text()).count(EVERY_ONE) == 2
    assert tags(sentence) == ["strong"]
    hold_nothing_ran(me)


def test_every_part_of_the_keepers_page_shows_them_as_typed(keeper: Keeper) -> None:
    main = keeper.page.get_by_test_id("stMain")
    keeper.part("Corrections")
    hold_boxes_show_all(main.locator(BOX.format("reject_")))
    keeper.part("Worklist")
    hold_boxes_show_all(main.locator(BOX.format("confirm_")))
    keeper.part("History")
    lines = main.locator("li")
    expect(lines).to_have_count(len(TEXTS) + 2)
    assert shapes(lines) == ["li[](strong[]())", *["li[]()"] * (len(TEXTS) + 1)]
    for text, line in zip([*AS_SHOWN[::-1], HARMLESS], said_in(lines)[:-1], strict=True):
        assert f", by {text}. " in line
        assert f"“{text}”" in line
    keeper.part("Mend a listing")
    keeper.page.get_by_role("searchbox", name="Name, town or id").fill("made-up-")
    keeper.page.keyboard.press("Enter")
    buttons = main.locator("[class*=st-key-open_] button")
    expect(buttons).to_have_count(ROOM)
    hold_boxes_show_all(buttons)
    keeper.part("Corrections")
    mend_what_has_them_all(keeper)
    hold_nothing_ran(keeper)


def mend_what_has_them_all(keeper: Keeper) -> None:
    """Open the listing with all texts, of which somebody wrote all texts, to be mended."""
    box = keeper.page.locator(BOX.format("reject_")).nth(len(TEXTS))
    box.get_by_role("button", name="Work it into the listing").click()
    keeper.says("Who and where").settled()
    wrote = keeper.page.locator("p", has_text="Somebody wrote")
    for sentence in (keeper.page.locator("h2 > span").first, wrote):
        assert EVERY_ONE in shown(sentence.inner_text())
        assert tags(sentence) == []
    for column in COLUMNS:
        field = keeper.page.get_by_label(re.compile(rf"\({column}\)$"))
        assert shown(field.input_value()) == EVERY_ONE


def hold_boxes_show_all(boxes: Locator) -> None:
    """Hold that all texts are there as typed, and all boxes made alike, of whatever clinic."""
    expect(boxes.nth(len(TEXTS) + 1)).to_be_attached()
    said = " ".join(said_in(boxes))
    assert [text for text in AS_SHOWN if said.count(text) < 2] == []
    assert len(set(shapes(boxes))) == 1


def said_in(found: Locator) -> list[str]:
    return [shown(text) for text in found.all_text_contents()]


def signs(text: str) -> str:
    """Return a text with the signs that its entities stand for, also for those of entities."""
    return html.unescape(html.unescape(text))


def test_a_file_of_them_is_checked_and_reviewed(keeper: Keeper) -> None:
    rows = [
        before | dict.fromkeys(COLUMNS, after["name"]) | {"longitude": "-77.1"}
        for before, after in zip(HOSTILE, [*HOSTILE[1:], HOSTILE[0]], strict=True)
    ]
    bad = [dict.fromkeys(NAMES, row["name"]) for row in HOSTILE]
    keeper.upload(file_of([*rows, *TWINS, EVERYTHING, *bad]), FILE)
    keeper.says("You need to fix").settled()
    assert shown(keeper.page.locator("h2 > span").first.inner_text()) == FILE
    main = keeper.page.get_by_test_id("stMain")
    assert set(tags(main.locator("p"))) == {"span", "strong", "a"}
    assert set(main.locator("p a").evaluate_all("es => es.map(e => e.protocol)")) == {"tel:"}
    cells = main.locator("canvas td")
    assert len(set(said_in(cells)) & set(AS_SHOWN)) > 10  # those that are in view
    assert tags(cells) == []
    frame = keeper.page.frame_locator("iframe[title*=folium]")
    moves = frame.locator("path.leaflet-interactive[stroke='#8a4b00']")
    expect(moves).to_have_count(len(TEXTS))
    tips = moves.evaluate_all(MOVED)
    # Entities are read as the signs they stand for; the signs stay signs.
    assert {signs(shown(words)) for words, _ in tips} == set(map(signs, AS_SHOWN))
    assert {elements for _, elements in tips} == {"div table tbody tr td"}
    hold_nothing_ran(keeper)


def test_each_plain_page_of_a_clinic_is_made_like_its_twins_and_tells_its_name_to_machines(
    hostile: Service, me: Visitor
) -> None:
    """Drawn without the headers that forbid scripts, so that nothing but the escaping holds."""
    whole, made = me.page.locator("html"), set()
    for listing in (TWINS[0], *HOSTILE):
        status, html = hostile.get(f"/clinics/{listing['id']}")
        assert status == 200
        me.page.set_content(html.decode(), wait_until="domcontentloaded")
        made.update(shapes(whole))
        assert len(made) == 1, listing["name"]
        text = me.page.locator("main").text_content() or ""
        assert shown(text).count(shown(listing["name"])) > 4
        told = json.loads(me.page.locator("script").text_content() or "")
        assert told["name"] == listing["name"]
    hold_nothing_ran(me)


def test_the_plain_lists_are_made_like_their_twins(me: Visitor) -> None:
    for path in ("plain?", "embed?"):  # a page has room for all of them
        made, said = [], ""
        for place in (THERE, HERE):
            me.page.goto(f"{me.base}/{path}{near(place)}")
            made.append(shapes(me.page.locator("html")))
            said = shown(me.page.locator("body").inner_text())
        assert made[0] == made[1], path
        assert sum(text in said for text in AS_SHOWN) > 1
    hold_nothing_ran(me)

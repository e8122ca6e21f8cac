"""A file whose every text is an attack: it is shown as it was typed, and nothing of it runs."""

import csv
import re
import shutil

import pytest
from playwright.sync_api import expect

from .service import ROOT, running
from .visitor import Visitor

ATTACKS = (
    "<img src=x onerror=document.title='hacked'>",
    "${parent.document.title='hacked'}",
    "`+(parent.document.title='hacked')+`",
    "{{'map_div'}} {% raw %}",
    "</script><script>parent.document.title='hacked'</script>",
    "[link](javascript:alert(1))",
    ":material/home: :red[x] :smile:",
    "$x$ and $$\\frac{1}{2}$$",
    "\\u003cimg src=x onerror=alert(1)\\u003e \\x3cb\\x3e &lt;b&gt;",
    "'\"><svg onload=parent.document.title='hacked'>",
    "<a href=javascript:alert(1)>x</a> **bold** # not a heading",
)
TEXTS = ("name", "address", "insurance_note", "price_note", "hours", "source", "notes")


def row(number, text):
    return {
        **dict.fromkeys(TEXTS, text),
        "id": f"made-up-{number}",
        "category": "ketamine",
        "city": text if number % 2 else "Takoma Park",
        "state": "MD",
        "conditions": "ptsd",
        "treatments": "iv-ketamine",
        "latitude": f"{38.98 + number * 0.02:.4f}",
        "longitude": "-77.0000",
    }


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A service over made-up clinics near Takoma Park; the last two stand at one position."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("sources"))
    with (folder / "clinics.csv").open(encoding="utf-8") as file:
        columns = next(csv.reader(file))
    rows = [row(number, text) for number, text in enumerate(ATTACKS)]
    rows[-1]["latitude"] = rows[-2]["latitude"] = "38.7000"
    with (folder / "clinics.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    with running(folder.parent / "printed.txt", data_dir=folder) as service:
        yield service


@pytest.fixture
def me(hostile, new_page):
    return Visitor(hostile.url, new_page()).open("?near=Takoma+Park,+MD&condition=ptsd")


def shown(text):
    return " ".join(text.split())


def test_every_clinic_is_listed_and_its_name_is_shown_as_typed(me):
    me.wait_for_total(len(ATTACKS))
    names = me.cards.locator(".name").evaluate_all("es => es.map(e => e.lastChild.data)")
    assert sorted(shown(n) for n in names) == sorted(shown(a) for a in ATTACKS)


def test_nothing_runs_and_nothing_is_fetched(me):
    frame = me.map()
    for card in me.cards.all():
        card.locator("summary").first.click()
    for mark in frame.locator(".pin").all():
        mark.hover(force=True)
    me.show_on_map(1).click()
    expect(me.selected).to_have_count(1)
    assert "hacked" not in me.page.title()
    assert me.errors == []
    assert me.hosts <= {"127.0.0.1", "tile.openstreetmap.org"}
    assert not [url for url in me.urls if url.endswith(("/x", "=x", "alert(1)"))]
    for place in (me.page, frame):
        assert place.locator("img[src=x], svg[onload], a[href^=javascript]").count() == 0


def test_what_the_clinic_says_is_shown_as_typed(me):
    text = me.page.locator(".scroll").inner_text()
    for attack in ATTACKS:
        assert shown(text).count(shown(attack)) >= 3, attack


def test_the_map_says_each_name_as_typed(me):
    frame = me.map()
    spoken = " ".join(str(mark.get_attribute("aria-label")) for mark in frame.locator(".pin").all())
    for attack in ATTACKS:
        assert shown(attack) in shown(spoken), attack


def test_the_words_over_a_pin_are_as_typed(me):
    frame = me.map()
    for number in (1, 2, 3):
        mark = frame.locator(".pin", has_text=re.compile(rf"^{number}$"))
        name = me.cards.nth(number - 1).locator(".name").evaluate("e => e.lastChild.data")
        mark.focus()
        mark.hover(force=True)
        tip = frame.locator(".pin-tip", has_text=f"{number}. ")
        expect(tip.first).to_contain_text(shown(name))


def test_a_shared_pin_lists_names_as_typed_and_selects(me):
    frame = me.map()
    frame.locator(".pin", has_text=",").click()
    lines = frame.locator(".pin-list button")
    expect(lines).to_have_count(2)
    assert all(shown(a) in shown(" ".join(lines.all_inner_texts())) for a in ATTACKS[-2:])
    lines.last.click()
    expect(me.selected).to_have_count(1)
    assert "hacked" not in me.page.title()


def test_a_clinic_chosen_elsewhere_is_named_as_typed(hostile, new_page):
    path = "?near=90210&within=5&clinic=made-up-5"
    me = Visitor(hostile.url, new_page()).open(path)
    sentence = me.page.get_by_text("You chose")
    expect(sentence).to_contain_text(ATTACKS[5])
    assert sentence.locator("a, img, svg, code, .katex").count() == 0


def test_the_nearest_beyond_is_named_as_typed(hostile, new_page):
    me = Visitor(hostile.url, new_page()).open("?near=Germantown,+MD&within=5&condition=ptsd")
    sentence = me.page.get_by_text("The nearest is")
    expect(sentence).to_be_visible()
    name = sentence.locator("strong").inner_text()
    assert shown(name) in [shown(a) for a in ATTACKS]
    assert sentence.locator("a, img, svg, code, .katex").count() == 0

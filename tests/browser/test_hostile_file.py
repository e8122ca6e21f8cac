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
def arrive(hostile, new_page):
    """Open a page of that service; the page of the first test is the first it ever shows."""

    def open_page(path):
        return Visitor(hostile.url, new_page()).open(path)

    return open_page


def shown(text):
    return " ".join(text.split())


def hold_nothing_ran(me, *places):
    assert "hacked" not in me.page.title()
    assert me.hosts <= {"127.0.0.1", "tile.openstreetmap.org"}
    assert not [url for url in me.urls if url.endswith(("/x", "=x", "alert(1)"))]
    for place in (me.page, *places):
        assert place.locator("img[src=x], svg[onload], a[href^=javascript]").count() == 0


def test_a_deep_link_to_a_town_is_the_first_thing_a_fresh_service_shows(arrive):
    me = arrive("towns?town=germantown-md")
    expect(me.page.get_by_role("heading", name="Clinics near Germantown, MD")).to_be_visible()
    expect(me.cards).to_have_count(5)
    names = me.cards.locator(".name").evaluate_all("es => es.map(e => e.lastChild.data)")
    assert {shown(n) for n in names} <= {shown(a) for a in ATTACKS}
    hold_nothing_ran(me)


def test_list_and_map_show_everything_as_typed_and_nothing_runs(arrive):
    me = arrive("?near=Takoma+Park,+MD&condition=ptsd").wait_for_total(len(ATTACKS))
    names = me.cards.locator(".name").evaluate_all("es => es.map(e => e.lastChild.data)")
    assert sorted(shown(n) for n in names) == sorted(shown(a) for a in ATTACKS)
    text = shown(me.page.locator(".scroll").inner_text())
    frame = me.map()
    labels = frame.locator(".pin").evaluate_all("es => es.map(e => e.getAttribute('aria-label'))")
    for attack in ATTACKS:
        assert text.count(shown(attack)) >= 3, attack
        assert shown(attack) in shown(" ".join(labels)), attack

    for card in me.cards.all():
        card.locator("summary").first.click()
    for mark in frame.locator(".pin").all():
        mark.hover(force=True)
    for number in (1, 2, 3):
        mark = frame.locator(".pin", has_text=re.compile(rf"^{number}$"))
        mark.focus()
        mark.hover(force=True)
        tip = frame.locator(".pin-tip", has_text=f"{number}. ")
        expect(tip.first).to_contain_text(shown(names[number - 1]))

    frame.locator(".pin", has_text=",").click()
    lines = frame.locator(".pin-list button")
    expect(lines).to_have_count(2)
    assert all(shown(a) in shown(" ".join(lines.all_inner_texts())) for a in ATTACKS[-2:])
    lines.last.click()
    expect(me.selected).to_have_count(1)
    me.show_on_map(1).click()
    expect(me.selected.locator(".number")).to_have_text("1")
    hold_nothing_ran(me, frame)
    assert me.errors == []


def test_a_clinic_chosen_elsewhere_is_named_as_typed(arrive):
    me = arrive("?near=90210&within=5&clinic=made-up-5")
    sentence = me.page.get_by_text("You chose")
    expect(sentence).to_contain_text(ATTACKS[5])
    assert sentence.locator("a, img, svg, code, .katex").count() == 0


def test_the_nearest_beyond_is_named_as_typed(arrive):
    me = arrive("?near=Germantown,+MD&within=5&condition=ptsd")
    sentence = me.page.get_by_text("The nearest is")
    expect(sentence).to_be_visible()
    name = sentence.locator("strong").inner_text()
    assert shown(name) in [shown(a) for a in ATTACKS]
    assert sentence.locator("a, img, svg, code, .katex").count() == 0

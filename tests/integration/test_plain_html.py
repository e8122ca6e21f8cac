"""Plain pages as browsers, text browsers and paper get them: no error, no script, few bytes."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from itertools import pairwise

import pytest
from inscriptis import get_text
from justhtml import JustHTML

from clinics.directory import Directory
from tests.integration.plain_site import Ask, checked, site_of, with_clinics
from tests.made_up import made_up_clinic

HOSTILE = (
    """<script>alert(1)</script>"'></script><img src=x onerror=alert(2)>{{7*7}}{% raw %}&amp;"""
)
TEXTS = ("name", "city", "address", "insurance_note", "price_note", "hours", "source", "notes")
PATHS = {
    "search": "/plain",
    "results": "/plain?near=20912&condition=ptsd&unstated=include&treatment=iv-ketamine",
    "page": "/plain?near=20912&within=any&category=mental-health&page=2",
    "empty": "/plain?near=Takoma+Park,+MD&within=5&condition=migraine",
    "which": "/plain?near=Portland",
    "bad": "/plain?near=12+Main+Street&condition=sadness&nearr=x&page=x",
    "towns": "/near",
    "town": "/near/rockville-md",
    "town without": "/near/takoma-park-md",
    "conditions": "/conditions",
    "condition": "/conditions/depression",
    "clinic": "/clinics/nova-health-recovery-alexandria",
    "federal clinic": "/clinics/vesta-inc-silver-spring-region-20910",
    "not here": "/clinics/nova-health-recovery",
    "list": "/list?list=nova-health-recovery-alexandria,gone&near=20912",
    "empty list": "/list?list=gone&near=12+Main+Street",
    "embed": "/embed?near=20912&condition=ptsd",
    "embed bad": "/embed?near=Nowhereville",
}
MOST_BYTES = 30 * 1024


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return site_of(directory)


@pytest.fixture(scope="module")
def hostile(directory: Directory) -> Ask:
    texts = dict.fromkeys(TEXTS, HOSTILE)
    url = "https://made-up.example/?a=1&b='\"><script>"
    addresses = {"website": url, "source_url": url}
    clinics = [made_up_clinic(n, **texts, **addresses, phone=HOSTILE) for n in range(3)]
    wrong = made_up_clinic(9, website="javascript:alert(1)", source_url="javascript:alert(1)")
    return site_of(with_clinics(directory, *clinics, wrong))


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
def test_a_page_is_html_without_an_error_and_holds_no_script_and_no_style(
    ask: Ask, path: str
) -> None:
    text = ask(path).text
    checked(text)
    _check_harmless(text)
    assert ' style="' not in text
    assert "<style" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/plain",
        f"/plain?q={'%3Cscript%3E'}",
        "/plain?near=%3Cscript%3E&%22%3E%3Cscript%3E=1",
        "/near/rockville-md",
        "/near/%3Cscript%3E",
        "/clinics/made-up-clinic-1",
        "/clinics/made-up-clinic-9",
        "/clinics/%22%3E%3Cscript%3E",
        "/conditions/ptsd",
        "/embed",
    ],
)
def test_hostile_text_is_shown_as_it_was_typed_and_does_nothing(hostile: Ask, path: str) -> None:
    text = hostile(path).text
    checked(text)
    _check_harmless(text)
    if path in ("/plain", "/clinics/made-up-clinic-1"):
        assert html.escape(HOSTILE).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in text
    assert "javascript:" not in text


def _check_harmless(text: str) -> None:
    """Hold a page to elements and attributes that run nothing and ask nobody else."""
    for element in JustHTML(text, sanitize=False).query("*"):
        assert element.name not in ("img", "iframe", "object", "embed", "style", "base")
        attributes = element.attrs or {}
        assert not [name for name in attributes if name.startswith("on")]
        if element.name == "script":
            assert attributes == {"type": "application/ld+json"}
        if element.name == "link":
            names_it = attributes["rel"] in ("canonical", "alternate")
            assert names_it or attributes["href"].startswith("/assets/")
        for address in (attributes.get("href"), attributes.get("action")):
            assert address is None or re.match(r"(https?://|/|#|tel:)", address), address


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
def test_headings_are_in_order_and_the_page_has_its_landmarks(ask: Ask, path: str) -> None:
    text = ask(path).text
    levels = [int(n) for n in re.findall(r"<h([1-6])[ >]", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert '<html lang="en">' in text
    for landmark in ("<header>", "<main", "<footer>"):
        assert text.count(landmark) == 1
    if not path.startswith("/embed"):
        assert '<a class="skip" href="#main">' in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("near", ["", "&near=20912", "&near=Fort+Washington,+MD"])
@pytest.mark.parametrize("category", ["", "&category=mental-health&category=ketamine"])
@pytest.mark.parametrize(
    "condition",
    ["", "&condition=ptsd&condition=depression&condition=anxiety&unstated=include"],
)
def test_a_page_of_25_clinics_is_under_30_kilobytes(
    ask: Ask, near: str, category: str, condition: str
) -> None:
    answer = ask(f"/plain?within=any{near}{category}{condition}")
    assert answer.text.count("<h3><a") + answer.text.count("<h4><a") == 25
    assert len(answer.body) < MOST_BYTES


def test_every_other_page_is_under_30_kilobytes_too(ask: Ask, directory: Directory) -> None:
    paths = ["/near", "/near/rockville-md", "/conditions", "/embed?near=20912&within=any"]
    paths += [f"/conditions/{c.id}" for c in directory.vocabulary.conditions]
    paths += [f"/clinics/{id}" for id in list(directory.dataset.row_of)[::10]]
    assert [path for path in paths if len(ask(path).body) >= MOST_BYTES] == []


def test_the_style_sheet_asks_nobody_else() -> None:
    from clinics.web.plain.assets import ASSETS

    css = (ASSETS / "plain.css").read_text(encoding="utf-8")
    assert "url(" not in css
    assert "@import" not in css
    assert len(css) < 12_000


def dump(text: str) -> str:
    """Return a page as a text browser shows it: lynx or w3m where there is one."""
    commands = {
        "lynx": "-dump -stdin -width=200 -nolist -display_charset=utf-8",
        "w3m": "-dump -T text/html -I utf-8 -O utf-8 -cols 200",
    }
    for name, options in commands.items():
        if shutil.which(name):
            done = subprocess.run(
                [name, *options.split()], input=text.encode(), capture_output=True
            )
            return " ".join(done.stdout.decode().split())
    return " ".join(get_text(text).split())


def test_a_text_browser_shows_a_search_and_its_answer(ask: Ask) -> None:
    text = dump(ask(PATHS["results"]).text)
    order = [
        "Need help now? Call or text",
        "Find a clinic near you",
        "What for",
        "Where",
        "How far",
        "ketamine and Spravato clinics within 25 miles of ZIP 20912 listed as treating PTSD and "
        "offering IV ketamine (infusion), and 5 that do not say",
        "4 of these 14 give a telephone number.",
        "Distances are straight lines from the center of ZIP 20912.",
        "What is known: ketamine for PTSD.",
        "None was confirmed by us in the last 90 days: ask first.",
        "Somewhere in Washington (its center is about 5 miles away)",
        "From the clinic's own page, no date.",
        "that are listed as offering IV ketamine (infusion) but do not say what they treat",
        "Not stated is not a no: ask them.",
        "What is approved, and what is not",
        "Information, not medical advice.",
    ]
    places = [text.find(words) for words in order]
    assert [words for words, place in zip(order, places, strict=True) if place < 0] == []
    assert places == sorted(places)


def test_a_text_browser_shows_all_of_a_clinic(ask: Ask) -> None:
    text = dump(ask(PATHS["clinic"]).text)
    for words in (
        "Call (703) 844-0184",
        "The clinic says it treats",
        "$480 a session.",
        "new patients, ages, languages, hours",
        "Not FDA-approved at all as of November 2026. It is made up by a compounding pharmacy.",
        "Questions to ask",
        "What it costs",
        "Risks",
    ):
        assert words in text

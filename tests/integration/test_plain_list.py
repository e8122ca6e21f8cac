"""The list to take along, as a page for paper and as a PDF: everything of it is in the address."""

from __future__ import annotations

import html
import io
import re
from urllib.parse import quote

import pytest
from pypdf import PdfReader

from clinics.directory import Directory
from tests.hostile_texts import TEXTS
from tests.integration.plain_site import BASE, Ask, checked, site_of, with_clinics
from tests.made_up import made_up_clinic

NOVA, AVESTA = "nova-health-recovery-alexandria", "avesta-ketamine-and-wellness-washington"
FEDERAL = "deaf-reach-20017"
THREE = f"{NOVA},{AVESTA},{FEDERAL}"


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return site_of(directory)


def text_of(html: str) -> str:
    return " ".join(checked(html).query("main")[0].to_text().split())


def names(html: str) -> list[str]:
    return re.findall(r'<li><h2><a href="/clinics/([^"]+)">', html)


def test_the_page_has_what_a_call_needs_in_the_order_of_the_list(
    ask: Ask, directory: Directory
) -> None:
    page = ask(f"/list?list={THREE}&near=20912").text
    assert names(page) == THREE.split(",")
    said = text_of(page)
    nova = directory.dataset.find(NOVA)
    assert nova
    for fact in (nova.phone, nova.website, "$480 a session", " miles ·", "(not approved for"):
        assert fact in said
    assert "Distances are straight lines from the center of ZIP 20912." in said
    assert "As of 22 Nov 2026." in said
    assert f"The address of this list: {BASE}/list?list={THREE}&near=20912" in said
    assert page.count('<p class="lines">Notes') == 3
    assert page.count("<h2>Questions to take with you</h2>") == 1
    questions = directory.explainer.questions
    assert len(questions) == 12
    assert all(said.count(question.question) == 1 for question in questions)


def test_each_can_be_taken_off_by_a_link(ask: Ask) -> None:
    page = ask(f"/list?list={THREE}&near=20912").text
    assert re.findall(r'href="([^"]+)">Take off the list', page) == [
        f"/list?list={AVESTA},{FEDERAL}&amp;near=20912",
        f"/list?list={NOVA},{FEDERAL}&amp;near=20912",
        f"/list?list={NOVA},{AVESTA}&amp;near=20912",
    ]


def test_without_a_place_there_is_no_distance(ask: Ask) -> None:
    said = text_of(ask(f"/list?list={NOVA}").text)
    assert "mile" not in said
    assert "Alexandria, VA" in said


def test_what_is_gone_is_said_and_left_out_and_is_no_error(ask: Ask) -> None:
    answer = ask(f"/list?list={NOVA},gone-telltale")
    assert answer.status == 200
    assert names(answer.text) == [NOVA]
    assert "1 place of this list is not in this directory and was left out." in answer.text
    assert "telltale" not in answer.text


@pytest.mark.parametrize("path", ["/list", "/list?list=", "/list?list=gone", "/list?x=y", "/list?"])
def test_an_empty_list_says_so_and_leads_to_the_search(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status == 200
    assert "Nothing is on this list yet." in answer.text
    assert 'href="/plain">Find clinics</a>' in answer.text
    assert "988" in answer.text


@pytest.mark.parametrize("near", ["715+Telltale+Lane", "715+Telltale+Lane+x+y", "1+Telltale,5"])
def test_a_street_address_is_refused_and_not_repeated(ask: Ask, near: str) -> None:
    answer = ask(f"/list?list={NOVA}&near={near}")
    assert answer.status == 400
    assert names(answer.text) == [NOVA]
    assert "elltale" not in answer.text
    assert "near=" not in answer.text


@pytest.mark.parametrize(
    ("near", "said"),
    [("Portland", "More than one town has this name."), ("Takoma%20Prk", "Did you mean")],
)
def test_a_place_that_is_not_one_town_is_said(ask: Ask, near: str, said: str) -> None:
    answer = ask(f"/list?list={NOVA}&near={near}")
    assert answer.status == 400
    assert said in answer.text
    assert names(answer.text) == [NOVA]


def test_no_robot_keeps_it_and_nobody_on_the_way_does(ask: Ask) -> None:
    answer = ask(f"/list?list={NOVA}")
    assert '<meta name="robots" content="noindex">' in answer.text
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert "Disallow: /list" in ask("/robots.txt").text.splitlines()
    assert "/list" not in ask("/sitemap.xml").text
    assert "set-cookie" not in answer.headers


def test_it_leads_to_the_app_with_the_same_list(ask: Ask) -> None:
    page = ask(f"/list?list={NOVA}&near=20912").text
    assert f'class="app" href="/shortlist?list={NOVA}&amp;near=20912"' in page


def test_its_preview_names_it(ask: Ask) -> None:
    page = ask(f"/list?list={NOVA},{AVESTA}").text
    assert '<meta property="og:title" content="Your list: 2 places to call">' in page
    assert re.search(r'<meta property="og:image" content="https://[^"]+\.png">', page)


def test_the_pdf_has_the_same_and_is_a_file(ask: Ask, directory: Directory) -> None:
    answer = ask(f"/list.pdf?list={THREE},gone&near=20912")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    disposition = 'attachment; filename="clinics-to-call.pdf"'
    assert answer.headers["content-disposition"] == disposition
    assert answer.headers["cache-control"] == "private, max-age=60"
    sheets = PdfReader(io.BytesIO(answer.body)).pages
    text = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
    for id in THREE.split(","):
        clinic = directory.dataset.find(id)
        assert clinic
        assert clinic.name in text
    for said in (" miles, ", "22 Nov 2026", "$480 a session", "1 place of this list is not"):
        assert said in text
    assert all("988" in sheet.extract_text() for sheet in sheets)
    assert answer.body == ask(f"/list.pdf?list={THREE},gone&near=20912").body


@pytest.mark.parametrize("query", ["", "?list=&near=715+Telltale+Lane", "?list=%00%ff,,,<b>"])
def test_a_pdf_comes_whatever_the_address_says(ask: Ask, query: str) -> None:
    answer = ask(f"/list.pdf{query}")
    assert answer.status == 200
    (sheet,) = PdfReader(io.BytesIO(answer.body)).pages
    assert "Nothing is on this list yet." in sheet.extract_text()
    assert "Telltale" not in sheet.extract_text()


@pytest.mark.parametrize("path", ["/list", "/list.pdf"])
def test_only_asking_is_possible(ask: Ask, path: str) -> None:
    assert ask(path, method="POST").status == 405
    head = ask(f"{path}?list={NOVA}", method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_hostile_texts_of_a_clinic_stay_texts(directory: Directory) -> None:
    cells = ("name", "city", "price_note", "phone", "website")
    clinics = [
        made_up_clinic(number, **dict.fromkeys(cells, text))
        for number, text in enumerate(TEXTS[:20])
    ]
    ask = site_of(with_clinics(directory, *clinics))
    ids = ",".join(cells["id"] for cells in clinics)
    page = checked(ask(f"/list?list={ids}").text)
    assert page.query("script, img, svg, iframe") == []
    links = [str((link.attrs or {})["href"]) for link in page.query("main a")]
    assert [link for link in links if not re.match(r"(https?://|/|tel:)", link)] == []
    assert ask(f"/list.pdf?list={ids}").status == 200


def boxes(html: str) -> dict[str, bool]:
    """The boxes to tick by the id they put on the list, and which are ticked."""
    found = re.findall(
        r'<input type="checkbox" form="keep" name="list" value="([^"]+)"(.*?)>', html
    )
    return {id: "checked" in rest for id, rest in found}


def test_without_a_script_a_list_is_made_by_ticking_boxes(ask: Ask, directory: Directory) -> None:
    (choose,) = re.findall(
        r'href="([^"]+)">Keep some on a list', ask("/plain?near=20912&within=any").text
    )
    page = ask(choose.replace("&amp;", "&")).text
    checked(page)
    offered = boxes(page)
    assert len(offered) > 25
    assert not any(offered.values())
    for id in list(offered)[:3]:
        clinic = directory.dataset.find(id)
        assert clinic
        assert f'aria-label="Keep: {html.escape(clinic.name)}"' in page
    (form,) = re.findall(r'<form class="screen" id="keep" action="/list">(.*?)</form>', page, re.S)
    assert '<input type="hidden" name="near" value="20912">' in form
    sent = ask(f"/list?near=20912&list={NOVA}&list={AVESTA}")
    assert sent.status == 303
    assert sent.headers["location"] == f"/list?list={NOVA},{AVESTA}&near=20912"


def test_what_is_kept_goes_along_through_the_plain_search_and_back(ask: Ask) -> None:
    kept = f"list={NOVA},{FEDERAL}"
    search = ask(f"/plain?near=20912&within=any&{kept}").text
    assert f'<a class="button" href="/list?{kept}&amp;near=20912">Your list (2)</a>' in search
    assert f'<input type="hidden" name="list" value="{NOVA},{FEDERAL}">' in search
    links = re.findall(r'href="(/(?:plain|choose|)\?[^"]+)"', search)
    assert len(links) > 4
    assert [link for link in links if not link.endswith(kept)] == []
    assert '<link rel="canonical"' not in search
    page = ask(f"/choose?near=20912&within=any&{kept}").text
    assert [id for id, ticked in boxes(page).items() if ticked] == [NOVA]
    assert f'<input type="hidden" name="list" value="{FEDERAL}">' in page  # not of this search
    sent = ask("/plain", method="POST", sent=[f"near=20912&{kept}".encode()])
    assert sent.headers["location"] == f"/plain?near=20912&{kept}"
    by_words = ask(f"/plain?condition=PTSD&{kept}")
    assert by_words.headers["location"] == f"/plain?condition=ptsd&{kept}"


@pytest.mark.parametrize("text", TEXTS)
def test_a_hostile_list_is_left_out_of_the_search(ask: Ask, text: str) -> None:
    page = ask(f"/plain?near=20912&list={quote(text[:200])},{NOVA}").text
    assert "Your list (1)" in page
    checked(page)


def test_the_page_to_choose_from_is_for_no_robot_and_has_its_controls_on_a_screen_only(
    ask: Ask,
) -> None:
    page = ask("/choose?near=20912").text
    assert '<meta name="robots" content="noindex">' in page
    assert "Disallow: /choose" in ask("/robots.txt").text.splitlines()
    for control in re.findall(r"<(?:p|form)[^>]*>(?=<label|\s*<input)", page):
        assert 'class="screen"' in control


def test_an_empty_plain_list_says_how_to_fill_it_without_a_script(ask: Ask) -> None:
    assert "go to “Keep some on a list” under them" in text_of(ask("/list").text)

"""The plain pages in Spanish: no English sentence of ours, the way back, and what may be kept."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from string import Formatter
from typing import Any

import pytest
from justhtml import JustHTML

from clinics.directory import Directory
from clinics.domain.language import ENGLISH, Forms, read, speaking
from clinics.explainer.files import load_explainer
from clinics.present.html import results_html
from clinics.present.known_panel import known_about
from clinics.search import Query, search
from tests.folders import DATA
from tests.integration.asking import Answer
from tests.integration.plain_site import Ask, checked, posted, site_of

PAGES = {
    "towns": "/near",
    "town": "/near/rockville-md",
    "town without": "/near/takoma-park-md",
    "town not here": "/near/no-such-town",
    "topics": "/topics",
    "emergency": "/topics/emergency-at-home",
    "risks": "/topics/risks",
    "cost": "/topics/cost",
    "suicidal thoughts": "/topics/suicidal-thoughts",
    "post-traumatic stress": "/topics/ptsd",
    "search": "/plain",
    "results": "/plain?near=20912&condition=ptsd&unstated=include&treatment=iv-ketamine",
    "empty": "/plain?near=Takoma+Park,+MD&within=5&condition=migraine",
    "place not known": "/plain?near=Seatle",
    "several places": "/plain?near=Paris",
    "place far away": "/plain?near=Chicago,+IL&condition=ptsd&match=all",
    "other places": "/plain?near=Montgomery+County&q=mood&category=mental-health",
    "not used": "/plain?condition=depresion&within=7&page=x&sort=up&language=klingon&near=99999",
    "many filters": "/plain?near=20901&condition=ptsd&condition=anxiety&language=es&language=fr"
    "&setting=telehealth&payment=medicaid&phone=yes&unstated=include",
    "last page": "/plain?category=ketamine&category=mental-health&sort=checked&page=3",
    "condition not here": "/conditions/no-such-condition",
    "conditions": "/conditions",
    "condition": "/conditions/depression",
    "clinic": "/clinics/nova-health-recovery-alexandria",
    "list": "/list?list=nova-health-recovery-alexandria&near=20912",
    "print": "/print?near=20912",
    "embed": "/embed?near=20912&condition=ptsd",
}

_ENGLISH = re.compile(
    r"\b(the|and|of|with|that|what|this|which|within|from|they|their|not|are|is|was|has|have|"
    r"your|you|for|near|any|more|where|how|show|here|there)\b",
    re.IGNORECASE,
)
"""Words that every English sentence of some length has, and that are no Spanish words."""

_SHORT = 4
"""With fewer words than this a text is a name, or one of the sentences that are known below."""


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return site_of(directory)


@pytest.fixture(scope="module")
def ask_without_one(directory: Directory, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """The pages of a directory whose topic on PTSD is not translated."""
    folder = tmp_path_factory.mktemp("without-one") / "site"
    shutil.copytree(DATA, folder)
    (folder / "explainer" / "es" / "ptsd.md").unlink()
    with speaking("es"):
        explainer = load_explainer(folder)
    words = replace(directory.translations["es"], explainer=explainer)
    return site_of(replace(directory, translations={"es": words}))


def in_spanish(ask: Ask, path: str) -> Answer:
    return ask(f"{path}{'&' if '?' in path else '?'}lang=es")


def texts(html: str) -> list[str]:
    """Every text of a page that says it is Spanish: what is marked as English is left out."""
    found = list(_texts(JustHTML(html, sanitize=False).root))
    return [text.strip() for text in found if text.strip()]


def _texts(node: Any) -> Iterator[str]:
    attributes = node.attrs or {} if hasattr(node, "attrs") else {}
    if attributes.get("lang") == "en" or node.name in ("script", "style"):
        return
    if node.name == "#text":
        yield node.data
    if node.name != "meta" or attributes.get("name") == "description":
        yield from (attributes[name] for name in READ_ALOUD if name in attributes)
    for child in getattr(node, "children", None) or ():
        yield from _texts(child)


READ_ALOUD = ("aria-label", "title", "alt", "placeholder", "content")


def sentences() -> set[str]:
    """The parts of our English sentences that stand between their values, long enough to tell."""
    spanish = {text for m in read("es").values() for text in _parts(m)}
    return {part for m in read(ENGLISH).values() for part in _parts(m)} - spanish


def _parts(message: object) -> list[str]:
    forms = (message.one, message.other) if isinstance(message, Forms) else (str(message),)
    plain = [re.sub(r"<[^>]*>", "{}", form) for form in forms]
    parts = [part.strip(" .,:;()") for form in plain for part, *_ in Formatter().parse(form)]
    return [part for part in parts if len(part) > 5]


def english(html: str) -> list[str]:
    """The English texts on a page that says they are Spanish; counties keep their names."""
    ours = sentences()
    found = []
    for text in texts(html):
        words = re.findall(r"[^\W\d_]+", text)
        sounds = len(words) >= _SHORT and len(_ENGLISH.findall(text)) * 6 >= len(words)
        is_county = re.fullmatch(r"(.+ County|District of Columbia), [A-Z]{2}", text)
        if not is_county and (sounds or text.strip(" .,:;()") in ours):
            found.append(text)
    return found


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_english_sentence_stands_on_a_spanish_page(ask: Ask, name: str) -> None:
    assert english(in_spanish(ask, PAGES[name]).text) == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_every_page_names_its_language_the_crisis_line_and_the_way_to_the_other(
    ask: Ask, path: str
) -> None:
    page = in_spanish(ask, path).text
    checked(page)
    assert '<html lang="es">' in page
    assert "988" in page
    if path.startswith("/embed"):
        return
    assert 'Llame al <a href="tel:988">988</a> y luego oprima 2' in page
    there = JustHTML(page, sanitize=False).query('a[lang="en"]')[0]
    assert there.attrs is not None
    back = ask(str(there.attrs["href"]))
    assert '<html lang="en">' in back.text
    assert '">En español</a>' in back.text


def test_every_link_to_a_page_of_ours_keeps_the_language(ask: Ask) -> None:
    page = in_spanish(ask, PAGES["results"]).text
    links = re.findall(r'(?:href|action)="(/[^"]*)"', page)
    ours = [link for link in links if not link.startswith(("/assets/", "/api"))]
    assert len(ours) > 20
    assert [link for link in ours if "lang=es" not in link and "lang=en" not in link] == []


def test_a_sent_form_and_a_moved_address_lead_to_the_same_language(ask: Ask) -> None:
    sent = ask("/plain?lang=es", method="POST", sent=[b"near=20912"])
    assert sent.headers["location"] == "/plain?lang=es&near=20912"
    assert ask("/near/rockville?lang=es").headers["location"] == "/near/rockville-md?lang=es"


@pytest.mark.parametrize(
    ("accepted", "sent_on"),
    [
        ("es", True),
        ("es-MX,es;q=0.9,en;q=0.8", True),
        ("fr,es;q=0.5", True),
        ("en-US,en;q=0.9,es;q=0.8", False),
        ("en,es", False),
        ("fr", False),
        ("*", False),
        ("", False),
        ("es;q=0", False),
    ],
)
def test_the_first_visit_is_in_the_language_of_the_browser(
    ask: Ask, accepted: str, sent_on: bool
) -> None:
    answer = ask("/near/rockville-md", headers=[("accept-language", accepted)])
    assert answer.status == (302 if sent_on else 200)
    assert "Accept-Language" in answer.headers["vary"]
    if sent_on:
        assert answer.headers["location"] == "/near/rockville-md?lang=es"
        assert answer.headers["cache-control"].startswith("private")


def test_who_asks_for_english_gets_it_whatever_the_browser_prefers(ask: Ask) -> None:
    answer = ask("/near/rockville-md?lang=en", headers=[("accept-language", "es")])
    assert answer.status == 200
    assert '<html lang="en">' in answer.text
    assert answer.headers["vary"] == "Accept-Encoding"


def test_a_kept_page_is_kept_for_each_language(ask: Ask) -> None:
    for _ in range(2):
        assert '<html lang="en">' in ask("/near/rockville-md").text
        assert '<html lang="es">' in in_spanish(ask, "/near/rockville-md").text


def test_search_engines_are_told_of_the_other_language(ask: Ask) -> None:
    for page in (ask("/topics/risks").text, in_spanish(ask, "/topics/risks").text):
        links = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))
        assert {name: link.partition("/topics")[2] for name, link in links.items()} == {
            "en": "/risks",
            "es": "/risks?lang=es",
            "x-default": "/risks",
        }


def test_a_street_address_is_not_in_the_way_to_the_other_language(ask: Ask) -> None:
    assert "Maple" not in ask("/plain?near=7500+Maple+Avenue,+Takoma+Park,+MD").text
    page = posted(ask, near="7500 Maple Avenue, Nowhere").text
    assert "Maple" not in re.findall(r'<a lang=es href="([^"]*)"', page)[0]


def test_a_clinics_own_words_stay_and_are_marked(ask: Ask) -> None:
    page = in_spanish(ask, "/near/rockville-md").text
    assert re.search(r'<h3><a [^>]+><span lang="en">[^<]+</span></a></h3>', page)


def test_a_topic_that_is_not_translated_says_so_and_is_marked(ask_without_one: Ask) -> None:
    page = in_spanish(ask_without_one, "/topics/ptsd").text
    assert '<html lang="es">' in page
    assert '<h1 lang="en">' in page
    assert "solo en inglés" in page
    assert english(page) == []


def test_the_same_topic_with_its_translation_is_all_in_spanish(ask: Ask) -> None:
    page = in_spanish(ask, "/topics/ptsd").text
    assert "<h1>TEPT (PTSD)</h1>" in page
    assert "solo en inglés" not in page


def test_a_translated_topic_says_of_what_version_and_that_no_clinician_has_read_it(
    ask: Ask,
) -> None:
    page = in_spanish(ask, "/topics/risks").text
    assert "Traducido de la versión del 28 nov 2026" in page
    assert "todavía no lo ha leído un profesional de la salud" in page


def test_spanish_spoken_is_offered_first_on_a_spanish_search_and_on_no_other(ask: Ask) -> None:
    page = in_spanish(ask, "/plain?category=mental-health").text
    box = '<label><input type=checkbox name=language value="es">Se habla español</label>'
    assert page.count(box) == 1
    assert page.index(box) < page.index("<details")
    assert re.search(r"Lo dicen \d+ de \d+\. \d+ no dicen qué idiomas hablan: pregunte\.", page)
    chosen = in_spanish(ask, "/plain?category=mental-health&language=es&language=fr").text
    assert box.replace('"es">', '"es" checked>') in chosen
    assert '<option value="fr" selected>' in chosen
    assert '<option value="es"' not in chosen  # else the language would be sent twice
    assert "Se habla" not in ask("/plain?category=mental-health").text


def test_a_list_that_says_no_language_says_so(ask: Ask) -> None:
    page = in_spanish(ask, "/plain").text
    assert "Ninguno de los 27 dice qué idiomas habla: pregunte." in page


def test_a_distance_in_the_box_is_taken_and_words_in_spanish_become_ids(ask: Ask) -> None:
    sent = posted(ask, near="a 10 millas de Silver Spring", within="25", condition="ansiedad")
    assert "near=Silver+Spring%2C+MD&within=10&condition=anxiety" in sent.headers["location"]
    moved = ask("/plain?condition=dolor+cr%C3%B3nico")
    assert moved.headers["location"].endswith("/plain?condition=chronic-pain")


def test_whoever_reads_spanish_is_asked_first_whether_a_clinic_speaks_it(ask: Ask) -> None:
    page = in_spanish(ask, "/plain?language=es").text
    first = page.index("Se habla español")
    assert '<label><input type=checkbox name=language value="es" checked>Se habla' in page
    assert page.index('<select id="within"') < first < page.index("<details")
    assert '<option value="es"' not in page
    assert "hablan español" in page
    assert "Se habla" not in ask("/plain?language=es").text


def test_what_a_payment_is_cut_to_is_marked_where_it_is_the_clinics(ask: Ask) -> None:
    page = in_spanish(ask, PAGES["results"]).text
    assert re.search(r"Dice que acepta: Pago propio\. <span lang=\"en\">The clinic", page)


def test_the_cards_and_the_panel_of_the_app_are_in_spanish_too(directory: Directory) -> None:
    with speaking("es"):
        words = directory.spoken()
        for condition in words.vocabulary.conditions:
            query = Query(condition=(condition.id,), unstated="include", treatment=("esketamine",))
            results = search(words.dataset, query, None)
            cards = results_html(results, words.vocabulary, dt.date(2026, 11, 29))
            panel = known_about(query, words.vocabulary, words.explainer, words.site.therapy)
            assert english(cards) == []
            assert panel
            assert english(panel.html) == []


def test_what_a_keeper_warns_of_is_in_spanish_and_a_new_warning_stays_as_it_is_marked(
    directory: Directory,
) -> None:
    with speaking("es"):
        words = directory.spoken()
        said = {c.caveat: c.caveat_said for c in map(words.dataset.clinic, range(27)) if c.caveat}
    assert said
    assert "" not in said.values()
    assert {c.caveat_said for c in map(directory.dataset.clinic, range(27))} == {""}
    page = in_spanish(site_of(directory), "/near/rockville-md").text
    cautions = re.findall(r"<p class=caution>([^<]+)", page)
    assert cautions
    assert {caution.strip() for caution in cautions} <= set(said.values())
    newer = directory.dataset.in_words(words.vocabulary, (), {"Call first.": "Llame antes."})
    first = next(c for c in map(newer.clinic, range(27)) if c.caveat)
    with speaking("es"):
        results = search(newer, Query(clinic=first.id), None)
        assert f'<p class="caution"><span lang="en">{first.caveat}</span>' in results_html(
            results, words.vocabulary, dt.date(2026, 11, 29)
        )

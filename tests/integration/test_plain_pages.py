"""The plain pages of clinics, towns, conditions and topics, the sitemap, the frame for others."""

from __future__ import annotations

import html
import io
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from clinics.directory import Directory
from clinics.explainer.model import CITATION, cited
from clinics.present.html import card_view
from clinics.present.town import guide, in_town, town_id
from clinics.present.wording import as_text
from clinics.search.query import Query
from clinics.search.search import Hit, search
from clinics.web.plain import assets, sitemap
from clinics.web.plain import routes as plain_pages
from clinics.web.plain.assets import ASSETS, SIZE, path_of, preview_path
from clinics.web.service import service_of
from tests.integration.plain_site import BASE, Ask, checked, site_of, with_clinics
from tests.made_up import made_up_clinic

STREAMLIT = ("", "learn", "towns", "about", "manage", "_stcore", "static", "component", "media")
CRISIS = "Need help now? Call or text 988 (en español: press 2). In danger: call 911."


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return site_of(directory)


def words(text: str) -> str:
    text = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    said = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
    return re.sub(r" ([.,:;)])", r"\1", said)


def test_no_plain_page_takes_the_address_of_a_page_of_the_app(directory: Directory) -> None:
    routes = plain_pages.routes(service_of(lambda: directory))
    sections = {route.path.split("/")[1] for route in routes}
    assert sections.isdisjoint(STREAMLIT)


@pytest.mark.parametrize(
    "path",
    [
        "/plain",
        "/near",
        "/near/takoma-park-md",
        "/conditions",
        "/conditions/ptsd",
        "/topics",
        "/topics/emergency-at-home",
        "/topics/nothing",
        "/clinics/nova-health-recovery-alexandria",
        "/embed?near=20912",
        "/near/nowhere",
        "/clinics/nothing",
        "/conditions/nothing",
    ],
)
def test_the_crisis_line_is_the_first_thing_said_on_every_page(ask: Ask, path: str) -> None:
    body = ask(path).text.partition("<body")[2]
    assert words("<body" + body).removeprefix("Skip to the content ").startswith(CRISIS)


@pytest.mark.parametrize("path", ["/near", "/clinics", "/conditions", "/topics"])
def test_a_slash_at_the_end_is_left_out(ask: Ask, path: str) -> None:
    answer = ask(f"{path}/")
    assert (answer.status, answer.headers["location"]) == (301, path)


# A clinic


def test_a_clinics_page_says_all_that_its_card_says(ask: Ask, directory: Directory) -> None:
    dataset, vocabulary = directory.dataset, directory.vocabulary
    nobody = search(dataset, Query(), limit=0, facets=False)
    for id in list(dataset.row_of)[:: len(dataset) // 40]:
        clinic = dataset.clinic(dataset.row_of[id])
        view = card_view(Hit(clinic, None), 1, nobody, vocabulary)
        answer = ask(f"/clinics/{id}")
        text = words(answer.text)
        facts = (
            *(clinic.name, view.address, clinic.phone, view.treats, view.price, view.payment),
            *(view.setting, *(said for _, said in view.more), clinic.notes, clinic.source),
            *(view.dated, view.approximate, *view.cautions, *(t.label for t in view.treatments)),
            *(t.approval_short for t in view.treatments),
            *(t.approval_note for t in view.treatments if t.approval_short),
        )
        for fact in facts:
            assert words(html.escape(fact)) in text, (id, fact)
        for link in (clinic.website, clinic.source_url, view.tel):
            assert html.escape(link) in answer.text


def test_what_is_not_stated_is_listed_as_such(directory: Directory) -> None:
    made_up = made_up_clinic(1, source="", source_url="", location_precision="zip")
    text = words(site_of(with_clinics(directory, made_up))("/clinics/made-up-clinic-1").text)
    for sentence in (
        "Street address not stated, Made-up Town, MD (approximate location: center of its ZIP)",
        "No telephone number and no website listed",
        "Not stated listed as treating, treatments it offers, price, insurance and payment, "
        "how you meet, new patients, ages, languages, hours",
        "No date. This was not confirmed by us in the last 90 days: ask first. Source: not stated",
    ):
        assert sentence in text


def test_claims_and_evidence_stand_apart(ask: Ask) -> None:
    page = ask("/clinics/nova-health-recovery-alexandria").text
    says, known = page.index(">What the clinic says<"), page.index(">What is known<")
    assert says < page.index("Postpartum depression") < known
    said = "Ketamine: not approved for this as of November 2026. Not enough evidence."
    assert said in words(page[known:])


def test_a_page_of_a_place_without_ketamine_has_neither_its_evidence_nor_its_questions(
    ask: Ask, directory: Directory
) -> None:
    dataset, vocabulary = directory.dataset, directory.vocabulary
    without = [id for id, row in dataset.row_of.items() if not _offers(directory, row)]
    assert len(without) > 150
    for id in without[::12]:
        page = ask(f"/clinics/{id}").text
        text = words(page.partition("<main")[2].partition("</main>")[0])
        assert "What is known" not in text
        assert "Questions to ask" not in text
        assert "questions.pdf" not in page
        assert "ketamine" not in text.casefold().replace("not a ketamine", "ketamine")
        assert "approv" not in text.casefold()
    for id in set(dataset.row_of) - set(without):
        page = ask(f"/clinics/{id}").text
        assert "Questions to ask" in page
        assert f"questions.pdf?clinic={id}" in page
        clinic = dataset.clinic(dataset.row_of[id])
        treatments = filter(None, map(vocabulary.treatment, clinic.treatments))
        approvals = any(treatment.approval_short for treatment in treatments)
        assert ("What is known" in page) == (bool(clinic.conditions) or approvals)
        for condition in map(vocabulary.condition, clinic.conditions):
            assert html.escape(condition.approval_therapy) in page
            is_said = html.escape(condition.approval_related) in page
            assert is_said == ("esketamine" in clinic.treatments), (id, condition.id)


def _offers(directory: Directory, row: int) -> bool:
    return directory.vocabulary.offers_therapy(directory.dataset.clinic(row))


def test_a_clinic_that_is_not_there_has_near_matches_and_the_form(ask: Ask) -> None:
    answer = ask("/clinics/nova-health-recovery")
    assert answer.status == 404
    assert '<a href="/clinics/nova-health-recovery-alexandria">' in answer.text
    assert '<form action="/plain" method="post"' in answer.text
    assert 'name="robots" content="noindex"' in answer.text


def test_another_spelling_of_an_id_leads_to_the_one_address(ask: Ask) -> None:
    answer = ask("/clinics/NOVA-Health-Recovery-Alexandria/")
    assert answer.status == 301
    assert answer.headers["location"] == "/clinics/nova-health-recovery-alexandria"


# A town


def test_a_guide_counts_and_names_what_the_apps_guide_does(ask: Ask, directory: Directory) -> None:
    for town in directory.towns[::8]:
        found = guide(town, directory)
        text = words(ask(f"/near/{town_id(town)}").text)
        assert f"Clinics near {town.label}" in text
        for label, counts in found.counts.items():
            assert f"{label} {' '.join(map(str, counts))}" in text
        here = in_town(directory.dataset, town)
        for hit in (*here[:10], *found.nearest.hits):
            assert hit.clinic.name in text
        if not here:
            assert f"lists no ketamine or Spravato clinic in {town.name} itself" in text
            assert words(html.escape(as_text(found.in_short[1]))) in text


def test_a_guide_names_the_crisis_line_of_its_county(ask: Ask) -> None:
    page = ask("/near/rockville-md").text
    assert "Montgomery County, MD: Montgomery County Crisis Center, 240-777-4000." in words(page)
    assert 'href="tel:+12407774000"' in page


def test_a_town_is_found_without_its_state_and_in_any_spelling(ask: Ask) -> None:
    for asked in ("takoma-park", "Takoma Park", "takoma-park-md/", "TAKOMA-PARK-MD"):
        answer = ask(f"/near/{asked}")
        assert (answer.status, answer.headers["location"]) == (301, "/near/takoma-park-md")


def test_an_unknown_town_has_near_matches_or_a_search_around_it(ask: Ask) -> None:
    answer = ask("/near/takoma-prak")
    assert answer.status == 404
    assert "/near/takoma-park-md" in answer.text
    assert "/plain?near=Seattle%2C+WA" in ask("/near/seattle-wa").text


def test_the_list_of_towns_has_every_guide(ask: Ask, directory: Directory) -> None:
    text = ask("/near").text
    assert all(f'href="/near/{town_id(town)}"' in text for town in directory.towns)


# A condition


def test_counties_stand_in_the_order_of_the_alphabet_within_their_state(ask: Ask) -> None:
    counties = re.findall(r"<h3>(.*), ([A-Z]{2})</h3>", ask("/near").text)
    assert len(counties) > 5
    assert counties == sorted(counties, key=lambda county: (county[1], county[0]))


def test_beside_all_conditions_stands_how_many_say_they_treat_it(ask: Ask) -> None:
    text = ask("/conditions/ptsd").text
    assert (
        '<a href="/plain?within=any&amp;condition=ptsd">11 clinics that say they treat this' in text
    )


def test_questions_costs_and_risks_are_one_click_from_a_clinic(ask: Ask) -> None:
    text = ask("/clinics/nova-health-recovery-alexandria").text
    for topic, words in {
        "choosing-a-clinic": "Questions to ask",
        "cost": "What it costs",
        "risks": "Risks",
    }.items():
        assert f'href="/topics/{topic}">{words}</a>' in text


def test_every_condition_says_what_is_known_and_then_who_says_they_treat_it(
    ask: Ask, directory: Directory
) -> None:
    for condition in directory.vocabulary.conditions:
        page = ask(f"/conditions/{condition.id}").text
        text = words(page)
        for sentence in (condition.approval_summary, condition.approval_note):
            assert sentence in text
        topic = directory.explainer.about_condition(condition.id)
        if topic and topic.block:
            assert "How strong the evidence is" in text
            assert f'href="/learn?topic={topic.id}"' in page
            assert page.index("In short") < page.index("own claim")
        query = Query(within=None, condition=(condition.id,))
        shown = re.findall(r'<h3><a href="/clinics/([^"]+)">', page)
        found = search(directory.dataset, query, limit=25).hits
        assert shown == [hit.clinic.id for hit in found]


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [("rape", "ptsd"), ("unalive", "suicidal-thoughts"), ("sciatica", "neuropathic-pain")],
)
def test_a_word_for_a_condition_leads_to_it_with_the_crisis_line(
    ask: Ask, asked: str, led_to: str
) -> None:
    answer = ask(f"/conditions/{asked}")
    assert answer.status == 404
    assert f'/conditions/{led_to}"' in answer.text
    assert 'href="tel:988"' in answer.text


@pytest.mark.parametrize("asked", ["grief", "kids", "zebra"])
def test_a_word_that_no_condition_has_is_not_corrected_and_gets_the_crisis_line(
    ask: Ask, asked: str
) -> None:
    answer = ask(f"/conditions/{asked}")
    assert answer.status == 404
    assert not re.search(r'<a href="[^"]*/conditions/', answer.text)
    assert ('/topics/help-now"' in answer.text) == (asked != "zebra")
    assert 'href="tel:988"' in answer.text


def test_a_source_that_was_read_in_a_copy_says_so_in_small_print(ask: Ask) -> None:
    text = ask("/conditions/depression").text
    assert "<small>Read in a report by epocrates.</small>" in text


def test_a_condition_in_other_words_is_offered_under_its_own(ask: Ask) -> None:
    answer = ask("/conditions/nerve-pain")
    assert answer.status == 404
    assert "/conditions/neuropathic-pain" in answer.text
    assert ask("/conditions/PTSD").headers["location"] == "/conditions/ptsd"


def test_the_list_of_conditions_has_each(ask: Ask, directory: Directory) -> None:
    text = ask("/conditions").text
    assert all(f'href="/conditions/{c.id}"' in text for c in directory.vocabulary.conditions)


# A topic


def test_every_topic_has_a_page_with_its_text_and_sources(ask: Ask, directory: Directory) -> None:
    for topic in directory.explainer.topics:
        text = ask(f"/topics/{topic.id}").text
        checked(text)
        said = words(text)
        assert topic.title in said
        assert topic.summary in said
        for line in topic.body.splitlines():
            bare = CITATION.sub("", re.sub(r"^(#+|-) ", "", line)).replace("**", "")
            start = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", bare)[:40].strip()
            assert start in said, (topic.id, start)
        assert "**" not in said
        assert "](" not in said
        assert "[@" not in said
        for number in cited(topic.body):
            address = directory.explainer.references[number].address
            assert f'href="{html.escape(address)}"' in text


def test_an_emergency_is_one_link_from_the_start_and_says_whom_to_call(ask: Ask) -> None:
    start = ask("/plain").text
    assert 'href="/topics/emergency-at-home"' in start
    assert 'href="/topics/emergency-at-home"' not in ask("/plain?near=20912").text
    text = ask("/topics/emergency-at-home").text
    for number in ("tel:911", "tel:988", "tel:+18002221222"):
        assert f'href="{number}"' in text
    assert "is unconscious, or cannot be woken" in text


def test_a_topic_leads_to_the_topics_it_names_and_to_the_clinics_of_its_condition(
    ask: Ask, directory: Directory
) -> None:
    assert 'href="/topics/emergency-at-home"' in ask("/topics/risks").text
    assert 'href="/conditions/ptsd"' in ask("/topics/ptsd").text
    assert 'href="/topics/ptsd"' in ask("/conditions/ptsd").text
    assert 'href="/questions.txt"' in ask("/topics/choosing-a-clinic").text
    claims = words(ask("/topics/common-claims").text)
    assert all(claim.claim in claims for claim in directory.explainer.claims)


def test_a_topic_in_other_words_is_offered_and_its_spelling_leads_to_it(ask: Ask) -> None:
    answer = ask("/topics/overdose")
    assert answer.status == 404
    assert "/topics/emergency-at-home" in answer.text
    assert ask("/topics/COST").headers["location"] == "/topics/cost"


def test_the_list_of_topics_has_each(ask: Ask, directory: Directory) -> None:
    text = ask("/topics").text
    assert all(f'href="/topics/{topic.id}"' in text for topic in directory.explainer.topics)


# Addresses, robots and files


def test_pages_name_their_one_address_and_a_picture_for_previews(
    ask: Ask, directory: Directory
) -> None:
    page = ask("/conditions/ptsd").text
    assert f'<link rel="canonical" href="{BASE}/conditions/ptsd">' in page
    assert f'<meta property="og:image" content="{BASE}{preview_path(directory.site)}">' in page
    assert re.search(r'<meta name="description" content="[^"]{40,300}">', page)
    assert 'content="noindex"' not in page
    assert 'content="noindex"' in ask("/plain?near=20912").text


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("clinics.example", "http://clinics.example/near"),
        ('x"><script>', "/near"),
        ("a b", "/near"),
    ],
)
def test_without_a_setting_addresses_are_made_from_a_host_that_is_one(
    directory: Directory, host: str, address: str
) -> None:
    page = site_of(directory, base_url="")("/near", headers=[("host", host)]).text
    # A proxy may cut a prefix off that nobody here knows: only a setting makes a canonical whole.
    assert '<link rel="canonical" href="/near">' in page
    assert (f'content="{address.removesuffix("/near")}/assets/plain/preview' in page) == (
        "://" in address
    )
    assert "<script>" not in page


def test_the_sitemap_has_every_page_with_the_day_of_its_data(
    ask: Ask, directory: Directory
) -> None:
    answer = ask("/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml"
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    urls = ET.fromstring(answer.text).findall("s:url", names)
    days = {url.findtext("s:loc", "", names): url.findtext("s:lastmod", "", names) for url in urls}
    count = len(directory.dataset) + len(directory.towns) + len(directory.vocabulary.conditions)
    count += len(directory.explainer.topics) + 4
    assert len(urls) == len(days) == count * len(directory.languages)
    topic = directory.explainer.about_condition("ptsd")
    assert topic
    assert days[f"{BASE}/conditions/ptsd"] == topic.reviewed.isoformat()
    assert days[f"{BASE}/plain"] == ""  # what came with the software was published on no day
    for address in list(days)[::20]:
        assert ask(address.removeprefix(BASE)).status == 200


def test_a_sitemap_is_no_longer_than_the_format_allows(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST", 100)
    assert site_of(directory)("/sitemap.xml").text.count("<loc>") == 100


def test_a_closed_clinic_is_not_in_the_sitemap_and_has_no_data_for_search_engines(
    directory: Directory,
) -> None:
    ask = site_of(with_clinics(directory, made_up_clinic(1, status="closed")))
    assert "made-up-clinic-1" not in ask("/sitemap.xml").text
    page = ask("/clinics/made-up-clinic-1").text
    assert "ld+json" not in page
    assert "Closed, by our last information." in page


def test_robots_may_read_pages_but_no_searches_and_nothing_to_manage(ask: Ask) -> None:
    lines = ask("/robots.txt").text.splitlines()
    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    for path in ("/manage", "/api/v1/", "/plain?", "/embed", "/questions."):
        assert f"Disallow: {path}" in lines


def test_files_are_kept_for_a_year_under_a_name_with_their_hash(ask: Ask) -> None:
    for name in assets.TYPES:
        answer = ask(path_of(name))
        assert answer.body == (ASSETS / name).read_bytes()
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert ask("/assets/plain/plain.0000000000.css").headers["cache-control"] == "no-cache"
    for name in ("x", "plain.css", "..%2fplain.css", "secrets.0.toml"):
        assert ask(f"/assets/plain/{name}").status == 404


def test_the_preview_picture_says_what_the_site_says(ask: Ask, directory: Directory) -> None:
    answer = ask(preview_path(directory.site))
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    with Image.open(io.BytesIO(answer.body)) as picture:
        assert picture.size == SIZE == (1200, 630)
    assert len(answer.body) < 40_000
    other = replace(directory, site=replace(directory.site, title="Magnetic stimulation in Maine"))
    elsewhere = site_of(other)
    assert preview_path(other.site) != preview_path(directory.site)
    assert elsewhere(preview_path(other.site)).body != answer.body
    assert elsewhere(preview_path(directory.site)).headers["cache-control"] == "no-cache"


# The frame for other sites


def test_the_embed_lists_ten_at_most_and_links_to_all_in_a_new_tab(ask: Ask) -> None:
    answer = ask("/embed?near=20912&within=any")
    links = re.findall(r'<h2><a href="/clinics/[^"]+" target="_blank" rel="noopener">', answer.text)
    assert len(links) == 10
    assert (
        '<a class="button" href="/plain?near=20912&amp;within=any" target="_blank"' in answer.text
    )
    assert "set-cookie" not in answer.headers
    text = words(answer.text)
    assert "Distances are straight lines from the center of ZIP 20912." in text
    assert "Source: " in text


def test_the_embed_says_what_it_cannot_use(ask: Ask) -> None:
    answer = ask("/embed?near=Nowhereville&condition=ptds")
    assert answer.status == 400
    text = words(answer.text)
    assert "“ptds”" in text
    assert 'We know no place called "Nowhereville".' in text
    assert "choose one" in words(ask("/embed?near=Philadelphia").text)


@pytest.mark.parametrize(
    "path", ["/near", "/near/takoma-park-md", "/clinics/x", "/embed", "/sitemap.xml"]
)
def test_other_methods_get_a_page_and_what_is_allowed(ask: Ask, path: str) -> None:
    answer = ask(path, method="POST", sent=[b"x"])
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert "988" in answer.text


@settings(max_examples=40)
@given(st.sampled_from(["near", "clinics", "conditions"]), st.text(max_size=60))
def test_no_text_in_a_path_makes_an_error_of_ours(ask: Ask, section: str, text: str) -> None:
    asked = text.replace("?", "").encode("utf-8", "replace").decode()
    assert ask(f"/{section}/{asked}").status in (200, 301, 404)


def test_a_program_that_asks_for_json_gets_a_problem(ask: Ask) -> None:
    json_please = [("host", "made-up.example"), ("accept", "application/json")]
    answer = ask("/near", method="POST", headers=json_please)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "988" in answer.text


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("rockville", "rockville-md"),
        ("silver-springs", "silver-spring-md"),
        ("bmore", "baltimore-md"),
        ("Upr-Marlboro", "upper-marlboro-md"),
    ],
)
def test_a_guide_is_that_of_the_town_a_search_would_take(ask: Ask, asked: str, led_to: str) -> None:
    answer = ask(f"/near/{asked}")
    assert (answer.status, answer.headers["location"]) == (301, f"/near/{led_to}")

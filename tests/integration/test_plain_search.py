"""The search page without a script: what is sent, where it leads, and what it answers."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from clinics.adapters.memory import DictGeocoder
from clinics.directory import BrokenDataset, Directory
from clinics.domain.model import Point
from clinics.domain.ports import GeocodedAddress, GeocodingUnavailable
from clinics.places.find import find_place
from clinics.search.query import Query, parse_query
from clinics.search.search import search
from clinics.web.plain import routes
from clinics.web.service import service_of
from tests.integration.asking import asked
from tests.integration.plain_site import Ask, posted, site_of, with_clinics
from tests.made_up import made_up_clinic

ADDRESS = "7500 Maple Avenue, Takoma Park, MD 20912"


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return site_of(directory)


def shown(text: str) -> list[str]:
    """The ids of the clinics listed, in order."""
    return re.findall(r'<h[34]><a href="/clinics/([^"]+)">', text)


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.mark.parametrize(
    "query",
    [
        "near=20912",
        "near=20912&condition=ptsd&unstated=include",
        "near=Takoma+Park,+MD&within=any&category=mental-health&payment=medicaid&sort=name",
        "q=avesta",
    ],
)
def test_the_page_lists_the_clinics_of_the_search_in_its_order(
    ask: Ask, directory: Directory, query: str
) -> None:
    params: dict[str, list[str]] = {}
    for pair in query.replace("+", " ").split("&"):
        name, value = pair.split("=")
        params.setdefault(name, []).append(value)
    wanted, _ = parse_query(params, directory.vocabulary)
    place = find_place(wanted.near, directory.gazetteer, None).place if wanted.near else None
    found = search(directory.dataset, wanted, place, limit=25).shown
    answer = ask(f"/plain?{query}")
    assert answer.status == 200
    assert shown(answer.text) == [hit.clinic.id for hit in found]


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("condition=PTSD", "/plain?condition=ptsd"),
        ("condition=suicidal&near=20912", "/plain?near=20912&condition=suicidal-thoughts"),
        ("payment=Medicaid&page=2", "/plain?payment=medicaid&page=2"),
    ],
)
def test_an_address_in_words_leads_to_the_one_with_the_ids(
    ask: Ask, asked: str, address: str
) -> None:
    answer = ask(f"/plain?{asked}")
    assert (answer.status, answer.headers["location"]) == (301, address)


def test_beside_a_word_that_is_not_known_the_others_are_understood(ask: Ask) -> None:
    answer = ask("/plain?payment=Medicaid&condition=sadness")
    assert answer.status == 400
    assert 'name=payment value="medicaid" checked' in answer.text
    said = words(answer.text)
    notice, headline = said.index("called “sadness”"), said.index("left out of the search")
    assert notice < headline < said.index("clinics", headline)


def test_what_a_misspelled_word_may_mean_is_one_click_away_and_not_applied(ask: Ask) -> None:
    answer = ask("/plain?near=20912&condition=ptds")
    assert shown(answer.text) == shown(ask("/plain?near=20912").text)
    assert '<a href="/plain?near=20912&amp;condition=ptsd">Search for PTSD</a>' in answer.text


def test_a_frame_on_another_site_understands_words_and_says_what_it_does_not(ask: Ask) -> None:
    assert shown(ask("/embed?condition=PTSD").text) == shown(ask("/embed?condition=ptsd").text)
    assert "called “sadness”" in ask("/embed?condition=sadness").text


def test_a_sent_form_leads_to_an_address_with_only_what_was_chosen(ask: Ask) -> None:
    answer = posted(ask, near="takoma park", within="25", condition=["ptsd", ""], q="", setting="")
    assert answer.status == 303
    assert answer.headers["location"] == "/plain?near=Takoma+Park%2C+MD&condition=ptsd"
    assert answer.headers["cache-control"] == "no-store"


def test_a_street_address_is_looked_up_and_only_its_zip_gets_into_the_address(
    directory: Directory,
) -> None:
    known = GeocodedAddress(Point(38.9772, -77.0085), "Takoma Park, Maryland", "20912")
    answer = posted(site_of(directory, geocoder=DictGeocoder({ADDRESS: known})), near=ADDRESS)
    assert answer.status == 303
    assert answer.headers["location"] == "/plain?near=20912"


class Down:
    """An address service that does not answer."""

    def locate(self, address: str) -> None:
        raise GeocodingUnavailable


def test_without_an_answer_from_the_address_service_the_zip_in_the_address_is_used(
    directory: Directory,
) -> None:
    answer = posted(site_of(directory, geocoder=Down()), near=ADDRESS)
    assert answer.status == 200
    assert "The address service is not answering, so distances are from" in words(answer.text)
    assert "within 25 miles of ZIP 20912" in words(answer.text)
    assert "Maple" not in re.sub(r'<input id="near"[^>]*>', "", answer.text)


def test_without_an_answer_and_without_a_zip_a_sentence_says_so(directory: Directory) -> None:
    answer = posted(site_of(directory, geocoder=Down()), near="12 Nowhere Street")
    assert answer.status == 503
    assert "The address service is not answering." in words(answer.text)
    assert shown(answer.text) == []


def test_a_street_address_in_a_link_is_refused_and_not_repeated(ask: Ask) -> None:
    answer = ask("/plain?near=7500%20Maple%20Avenue,%20Takoma%20Park,%20MD%2020912")
    assert answer.status == 400
    assert "A link can hold a town or a ZIP, not a street address." in words(answer.text)
    assert "Maple" not in answer.text


def test_several_towns_of_one_name_are_a_question_with_links(ask: Ask) -> None:
    answer = ask("/plain?near=York&condition=ptsd")
    assert answer.status == 200
    assert "Which one do you mean?" in words(answer.text)
    assert "/plain?near=York%2C+PA&amp;condition=ptsd" in answer.text
    assert shown(answer.text) == []
    sent = posted(ask, near="York")
    assert sent.headers["location"] == "/plain?near=York"


@pytest.mark.parametrize(
    ("path", "suggests"),
    [
        ("/plain", True),
        ("/plain?near=Takoma%20Prk&condition=ptsd", True),
        ("/plain?near=Portland", True),
        ("/clinics/gone", True),
        ("/plain?near=20912", False),
        ("/plain?condition=ptsd", False),
    ],
)
def test_the_form_suggests_towns_while_the_place_is_open(
    ask: Ask, directory: Directory, path: str, suggests: bool
) -> None:
    text = ask(path).text
    assert ('list="towns"' in text) is suggests
    found = re.search('<datalist id="towns">(.*?)</datalist>', text)
    assert bool(found) is suggests
    if found:
        towns = found[1].split("<option>")[1:]
        assert len(towns) == len(directory.towns)
        assert towns[:2] == ["Baltimore, MD", "Silver Spring, MD"]


@pytest.mark.parametrize("path", ["/plain", "/embed"])
def test_a_near_miss_is_a_sentence_and_links(ask: Ask, path: str) -> None:
    answer = ask(f"{path}?near=Takoma%20Prk&condition=ptsd")
    assert answer.status == 400
    assert 'We know no place called "Takoma Prk". ' in words(answer.text)
    assert "Did you mean: Takoma Park, MD" in words(answer.text)
    meant = f'<a href="{path}?near=Takoma+Park%2C+MD&amp;condition=ptsd">Takoma Park, MD</a>'
    assert meant in answer.text
    assert shown(answer.text) == []


def test_a_near_miss_in_the_form_is_a_link_too(ask: Ask) -> None:
    sent = posted(ask, near="Takoma Prk", condition="ptsd")
    assert sent.status == 400
    assert "/plain?near=Takoma+Park%2C+MD&amp;condition=ptsd" in sent.text


@pytest.mark.parametrize("path", ["/plain", "/embed"])
def test_namesakes_of_a_main_town_are_one_quiet_line(ask: Ask, path: str) -> None:
    answer = ask(f"{path}?near=Germantown")
    assert answer.status == 200
    line = re.search(r'<p class="hint links">(.*?)\n', answer.text)
    assert line
    assert "Not this Germantown?" in line[1]
    assert f'<a href="{path}?near=Germantown%2C+TN">Tennessee</a>' in line[1]


def test_the_embed_says_what_was_done_with_a_place(ask: Ask) -> None:
    said = "We know no ZIP code 20999, so distances are from the center of Takoma Park, MD."
    assert said in words(ask("/embed?near=Takoma%20Park%20MD%2020999").text)


def test_the_embed_links_to_each_town_of_a_name(ask: Ask) -> None:
    answer = ask("/embed?near=Portland")
    assert "Which one do you mean?" in words(answer.text)
    assert '<a href="/embed?near=Portland%2C+PA">' in answer.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("within=7", "The distance can be 5, 10, 25, 50 or 100 miles, or any, not “7”."),
        ("condition=ptds", "We know no condition called “ptds”. Did you mean “PTSD”?"),
        ("page=0", "A page of the list is a whole number from 1."),
        ("page=9", "This list has 2 pages, not 9."),
        ("near=Nowhereville", 'We know no place called "Nowhereville".'),
        ("near=1234", "A ZIP code has five digits, or five and four; this has 4."),
    ],
)
def test_what_cannot_be_used_is_named_in_a_sentence(ask: Ask, query: str, sentence: str) -> None:
    answer = ask(f"/plain?{query}")
    assert answer.status == 400
    assert sentence in words(answer.text)
    assert "988" in answer.text


def test_what_other_sites_hang_on_a_link_is_passed_over(ask: Ask) -> None:
    bare = ask("/plain?near=20912&condition=ptsd")
    hung = ask("/plain?near=20912&condition=ptsd&fbclid=x&utm_source=y&nearr=20912")
    assert (hung.status, hung.text) == (200, bare.text)
    assert "fbclid" not in hung.text


def test_an_empty_answer_names_the_nearest_the_next_radius_and_other_care(ask: Ask) -> None:
    answer = ask("/plain?near=Takoma+Park,+MD&within=5&condition=migraine")
    text = words(answer.text)
    assert "No ketamine or Spravato clinic within 5 miles of Takoma Park, MD" in text
    nearest = "The nearest may be Avesta Ketamine and Wellness , somewhere in Washington, DC (its"
    assert f"{nearest} center is just over 5 miles away)." in text
    assert "Only its town is known." in text
    assert "within=10" in answer.text
    assert "category=mental-health" in answer.text
    assert "Start again with no filters" in text
    assert text.count("Need help now?") == 2


def test_pages_of_the_list_are_links_and_number_on(ask: Ask, directory: Directory) -> None:
    first, second = ask("/plain"), ask("/plain?page=2")
    found = search(directory.dataset, Query(), limit=None).shown
    assert shown(first.text) + shown(second.text) == [hit.clinic.id for hit in found]
    assert '<a href="/plain?page=2">' in first.text
    assert '<ol class="cards" start="26">' in second.text


def test_the_form_shows_what_was_asked(ask: Ask) -> None:
    text = ask(
        "/plain?near=20912&within=50&condition=ptsd&condition=ocd&match=all&payment=medicaid"
        "&language=es&setting=telehealth&q=care&sort=name&unstated=include&phone=yes"
    ).text
    for chosen in (
        '<option value="ptsd" selected>',
        '<option value="50" selected>',
        '<option value="es" selected>',
        '<option value="telehealth" selected>',
        '<option value="name" selected>',
        'name=condition value="ocd" checked',
        'name=payment value="medicaid" checked',
        'name=match value="all" checked',
        'name=unstated value="include" checked',
        'name=phone value="yes" checked',
        'name="q" value="care"',
        "<details open>",
        "More filters (5 in use)",
    ):
        assert chosen in text, chosen


BALTIMORE = "near=Baltimore,+MD&within=10&condition=ptsd&payment=military"


@pytest.mark.parametrize("page", ["/plain", "/embed"])
def test_a_search_says_what_it_did_and_keeps_what_was_asked(ask: Ask, page: str) -> None:
    """The payment hides two clinics near Baltimore; 13 of the other list answer the question."""
    answer = ask(f"{page}?{BALTIMORE}")
    text, asked = words(answer.text), "listed as treating PTSD and taking military insurance"
    for sentence in (
        f"No ketamine or Spravato clinic within 10 miles of Baltimore, MD {asked}",
        f"Show 13 other mental health places within 10 miles {asked}",
        "Also show 2 that are listed as treating PTSD but do not say what they take",
    ):
        assert sentence in text
    kept = "near=Baltimore%2C+MD&amp;within=10&amp;category=mental-health&amp;condition=ptsd"
    assert f'href="/plain?{kept}&amp;payment=military"' in answer.text


@pytest.mark.parametrize("page", ["/plain", "/embed"])
def test_each_that_says_nothing_is_listed_and_says_what_it_leaves_open(ask: Ask, page: str) -> None:
    text = words(ask(f"{page}?{BALTIMORE}&unstated=include").text)
    assert "1 of these 3 gives a telephone number." in text
    assert text.count("Does not say what it takes") == 2
    assert "Does not say what it treats or what it takes" in text


def test_a_clinic_without_a_telephone_number_has_its_website_first(directory: Directory) -> None:
    site = site_of(with_clinics(directory, made_up_clinic(1, website="https://made-up.example/")))
    page = site("/plain").text
    assert 'No telephone number: see <a href="https://made-up.example/">' in page
    assert "It gives no telephone number." in page
    own = site("/clinics/made-up-clinic-1").text
    assert '<a class="call" href="https://made-up.example/"' in own
    assert "No telephone number listed; see its website" in own
    assert "No telephone number listed; see its website <a" in words_kept(site("/embed").text)


def words_kept(html: str) -> str:
    """Return HTML with single spaces."""
    return " ".join(html.split())


def test_only_those_with_a_telephone_number_can_be_asked_for(directory: Directory) -> None:
    called = made_up_clinic(2, phone="(301) 555-0123")
    site = site_of(with_clinics(directory, made_up_clinic(1), called))
    text = site("/plain").text
    assert "Show only the one with a telephone number" in text
    assert shown(site("/plain?phone=yes").text) == ["made-up-clinic-2"]


def test_a_place_far_from_every_listing_is_said_to_be_far(ask: Ask) -> None:
    assert "nearer to Seattle, WA than about" in words(ask("/plain?near=Seattle").text)


def test_a_clinic_without_most_facts_says_what_is_not_stated(directory: Directory) -> None:
    text = words(site_of(with_clinics(directory, made_up_clinic(1)))("/plain").text)
    for sentence in (
        "No telephone number and no website listed",
        "Not stated: what it treats, treatments, price, insurance and payment, how you meet.",
        "From Made up for a test, no date. Source: Made up for a test",
        "This was not confirmed by us in the last 90 days",
    ):
        assert sentence in text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "MADE-UP"])
def test_other_methods_are_refused_with_a_page(ask: Ask, method: str) -> None:
    answer = ask("/plain", method=method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert "988" in answer.text


def test_a_head_has_the_headers_of_a_get_and_no_body(ask: Ask) -> None:
    got, head = ask("/plain?near=20912"), ask("/plain?near=20912", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers == got.headers
    assert ask("/plain?near=nowhereville", method="HEAD").body == b""


def test_whoever_has_a_page_already_gets_304(ask: Ask) -> None:
    tag = ask("/plain?near=20912").headers["etag"]
    host = ("host", "made-up.example")
    again = ask("/plain?near=20912", headers=[host, ("if-none-match", tag)])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["cache-control"] == "private, max-age=60"


def test_too_large_a_form_is_refused(ask: Ask) -> None:
    assert ask("/plain", method="POST", sent=[b"q=" + b"x" * 20_000]).status == 413
    assert ask("/plain", method="POST", sent=[b"a=1&" * 300]).status == 400


def test_without_a_directory_there_is_a_page_that_says_so() -> None:
    def broken() -> Directory:
        raise BrokenDataset("clinics.csv cannot be read.")

    answer = _broken_site(broken)("/plain")
    assert answer.status == 503
    assert "988" in answer.text
    assert "clinics.csv" not in answer.text


def _broken_site(directory: Callable[[], Directory]) -> Ask:
    app = Starlette(routes=routes.routes(service_of(directory)))
    return lambda path, **options: asked(app, path, **options)


NAMES = st.sampled_from(["near", "within", "condition", "page", "q", "sort", "clinic", "x"])
BYTES = st.binary(max_size=40)


@settings(max_examples=40)
@given(st.lists(st.tuples(NAMES, BYTES), max_size=4))
def test_no_bytes_in_a_query_or_a_form_make_an_error_of_ours(
    ask: Ask, pairs: list[tuple[str, bytes]]
) -> None:
    query = "&".join(f"{name}={quote(value)}" for name, value in pairs)
    assert ask(f"/plain?{query}").status in (200, 400)
    assert ask(f"/embed?{query}").status in (200, 400)
    assert ask("/plain", method="POST", sent=[query.encode()]).status in (200, 303, 400)
    raw = b"&".join(name.encode() + b"=" + value for name, value in pairs)
    assert ask("/plain", method="POST", sent=[raw]).status in (200, 303, 400)


def test_other_data_has_another_tag(directory: Directory) -> None:
    one = site_of(with_clinics(directory, made_up_clinic(1)))("/plain").headers["etag"]
    two = site_of(with_clinics(directory, made_up_clinic(1, notes="x")))("/plain").headers["etag"]
    assert one != two

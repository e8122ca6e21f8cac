"""Cards show every value as it was typed, and say so where nothing is stated."""

from __future__ import annotations

import datetime as dt
import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.domain.model import Place, PlaceKind, Point
from clinics.present import html as render
from clinics.search.dataset import clinic_from_cells
from clinics.search.query import Query
from clinics.search.search import search
from tests.made_up import CENTER, dataset_of, made_up_clinic, words

TODAY = dt.date(2026, 11, 22)
HOSTILE = "<script>alert('1')</script>&amp;\"><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}"
TEXT_COLUMNS = (
    *(
        "name",
        "city",
        "address",
        "insurance_note",
        "price_note",
        "hours",
        "source",
        "notes",
        "caveat",
    ),
)
ALLOWED = {
    *("ol", "li", "h3", "h4", "p", "span", "strong", "a", "button", "dl", "div", "dt", "dd"),
    *("ul", "details", "summary"),
}


class Tags(HTMLParser):
    """Collects the elements and the text of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> list[str | None]:
        return [attrs.get("href") for tag, attrs in self.found if tag == "a"]


def cards(*clinics: dict[str, str], query: Query | None = None, first: int = 1) -> str:
    results = search(dataset_of(clinics), query or Query(), CENTER)
    return render.results_html(results, words(), TODAY, first_number=first)


def card(**cells: str) -> str:
    return cards(made_up_clinic(**cells))


def stated(page: str) -> dict[str, str]:
    """Return what the card says under each of its labels."""
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, flags=re.DOTALL)
    return {label: html.unescape(re.sub(r"<[^>]+>", "", value)).strip() for label, value in pairs}


@pytest.mark.parametrize("column", TEXT_COLUMNS)
def test_hostile_text_is_shown_as_it_was_typed_and_does_nothing(column: str) -> None:
    page = card(**{column: HOSTILE})
    assert "<script" not in page
    assert "<img" not in page
    tags = Tags(page)
    assert HOSTILE in tags.text
    assert {tag for tag, _ in tags.found} <= ALLOWED
    assert not any(name.startswith("on") for _, attrs in tags.found for name in attrs)


@given(st.text(max_size=60))
def test_any_text_in_any_column_adds_no_element(text: str) -> None:
    plain = Tags(card(**dict.fromkeys(TEXT_COLUMNS, "x")))
    typed = Tags(card(**dict.fromkeys(TEXT_COLUMNS, text or "x")))
    assert [tag for tag, _ in typed.found] == [tag for tag, _ in plain.found]
    assert [sorted(attrs) for _, attrs in typed.found] == [sorted(a) for _, a in plain.found]


def test_a_hostile_address_of_a_page_stays_inside_its_link() -> None:
    url = "https://made-up.example/?a=1&b='onclick=alert(1)"
    tags = Tags(card(website=url, source_url=url))
    assert tags.links().count(url) == 2
    assert not any("onclick" in attrs for _, attrs in tags.found)


def test_a_hostile_place_is_shown_as_it_was_typed() -> None:
    place = Place(HOSTILE, Point(39.1, -77), PlaceKind.TOWN, "x")
    results = search(dataset_of([made_up_clinic(1)]), Query(), place)
    tags = Tags(render.results_html(results, words(), TODAY))
    assert f"from the center of {HOSTILE}" in tags.text
    assert {tag for tag, _ in tags.found} <= ALLOWED


def test_what_is_not_stated_is_said_to_be_not_stated() -> None:
    page = card(source="", source_url="")
    assert stated(page) == {
        "Listed as treating": "Not stated",
        "Treatments it offers": "Not stated",
        "Price": "Not stated",
        "Insurance and payment": "Not stated",
        "How you meet": "Not stated",
        "Address": "Street address not stated, Made-up Town, MD",
        "New patients": "Not stated",
        "Ages": "Not stated",
        "Languages": "Not stated",
        "Hours": "Not stated",
        "Source": "No date. not stated",
    }
    text = Tags(page).text
    assert "No telephone number and no website listed" in text
    assert "Not stated: what it treats, treatments it offers, price" in text


def test_without_a_telephone_number_the_website_is_the_main_button() -> None:
    page = {"website": "https://made-up.example/"}
    without, with_ = card(**page), card(**page, phone="(301) 555-0123")
    assert '<a class="button main" href="https://made-up.example/"' in without
    assert "No telephone number listed" in without
    assert '<a class="button" href="https://made-up.example/"' in with_
    assert "No telephone number" not in with_


def test_a_card_says_which_of_the_things_asked_it_does_not_state() -> None:
    query = Query(condition=("ptsd",), payment=("military",), unstated="include")
    page = cards(made_up_clinic(1, conditions="ptsd"), query=query)
    assert "Does not say what it takes" in page
    assert "1 that is listed as treating PTSD but does not say what it takes" in page
    assert "Not stated is not a no" in page


def test_what_is_stated_is_said_in_words() -> None:
    page = card(
        conditions="ptsd;chronic-pain",
        treatments="tms",
        price_per_session_usd="1450",
        price_note="A session of an hour",
        payment="medicaid;self-pay",
        insurance_note="No insurance otherwise.",
        setting="in-person;telehealth",
        accepting_new_patients="no",
        ages="adults",
        languages="es;am",
        hours="Mon-Fri 9-5",
        address="9 Made-up Road",
        zip="20912",
    )
    said = stated(page)
    assert said["Listed as treating"] == "PTSD, Chronic pain"
    assert said["Price"] == "$1,450 a session. A session of an hour"
    assert said["Insurance and payment"] == (
        "Says it accepts: Medicaid (Maryland), Self-pay. No insurance otherwise."
    )
    assert said["How you meet"] == "In person, By video or phone"
    assert said["New patients"] == "Not at the moment"
    assert (said["Languages"], said["Hours"]) == ("Spanish, Amharic", "Mon-Fri 9-5")
    assert said["Address"].startswith("9 Made-up Road, Made-up Town, MD 20912 · Directions")


def test_cents_are_shown_only_where_there_are_some() -> None:
    assert stated(card(price_per_session_usd="99.50"))["Price"] == "$99.50 a session"
    assert stated(card(price_per_session_usd="1000.05"))["Price"] == "$1,000.05 a session"


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("(301) 555-0123", "tel:+13015550123"),
        ("(301) 555-0123 ext. 45", "tel:+13015550123;ext=45"),
        ("", ""),
        ("call us", ""),
    ],
)
def test_a_telephone_number_is_a_link_to_call(phone: str, link: str) -> None:
    assert render.tel_link(phone) == link
    if link:
        assert link in Tags(card(phone=phone)).links()


def test_directions_need_a_street_address() -> None:
    assert "openstreetmap.org" not in card()
    exact = card(address="9 Made-up Road", latitude="39.1", longitude="-77.2")
    assert "https://www.openstreetmap.org/directions?to=39.1%2C-77.2" in Tags(exact).links()
    rough = clinic_from_cells(
        made_up_clinic(address="9 Made-up & Road", zip="20912", location_precision="zip")
    )
    assert render.directions_link(rough) == (
        "https://www.openstreetmap.org/directions?to="
        "9%20Made-up%20%26%20Road%2C%20Made-up%20Town%2C%20MD%2020912"
    )


def test_a_card_says_its_source_and_one_line_over_the_list_how_many_we_confirmed() -> None:
    page = Tags(cards(made_up_clinic(1, source_date="2024-07"), made_up_clinic(2)))
    assert page.text.count("in the last 90 days") == 1
    assert page.text.index("None was confirmed by us") < page.text.index("Clinic 1")
    assert "From Made up for a test of July 2024" in page.text
    assert "From Made up for a test, no date" in page.text


def test_what_to_ask_first_is_whole_and_above_all_that_is_said_of_a_clinic() -> None:
    caveat = "Ask first: " + "its own pages name two towns " * 5
    page = Tags(card(caveat=caveat, notes="Said after it.")).text
    assert (
        page.index(caveat.strip())
        < page.index("No telephone number")
        < page.index("Said after it.")
    )


@pytest.mark.parametrize(
    ("precision", "said"),
    [
        ("zip", "approximate location: center of its ZIP"),
        ("town", "Somewhere in Made-up Town"),
    ],
)
def test_an_approximate_position_is_called_so(precision: str, said: str) -> None:
    assert said in Tags(card(location_precision=precision)).text
    assert "approximate" not in Tags(card()).text


def test_a_clinic_that_moved_says_so() -> None:
    assert "Call first: it has moved, by our last information." in Tags(card(status="moved")).text
    assert "caution" not in card(status="open")


def test_cards_are_numbered_as_on_the_map_and_the_silent_come_under_a_heading_of_their_own() -> (
    None
):
    page = cards(
        made_up_clinic(1),
        made_up_clinic(2, conditions="ptsd", latitude="39.1"),
        query=Query(condition=("ptsd",), unstated="include", clinic="made-up-clinic-1"),
        first=26,
    )
    assert re.findall(r'class="number"[^>]*>(\d+)</span><a [^>]*>([^<]+)', page) == [
        ("26", "Made-up Clinic 2"),
        ("27", "Made-up Clinic 1"),
    ]
    assert page.index("Made-up Clinic 2") < page.index('class="group"')
    assert page.index('class="group"') < page.index("Made-up Clinic 1")
    assert re.findall(r'<li class="([^"]+)"', page) == ["card", "card selected silent"]


def test_no_clinics_are_no_cards() -> None:
    assert "<li" not in cards()


def test_it_is_said_what_distances_are_measured_from_and_no_address_is_repeated() -> None:
    assert render.place_line(None) == ""
    assert render.place_line(CENTER) == (
        "Distances are straight lines from the center of Made-up Town, MD."
    )
    house = Place("9 Made-up Road", Point(39, -77), PlaceKind.ADDRESS, "20912")
    line = render.place_line(house) + render.private_line(house)
    assert "9 Made-up Road" not in line
    assert "20912" in line
    assert render.private_line(CENTER) == render.private_line(None) == ""


def test_the_lines_of_a_card_have_what_was_searched_first_and_in_bold() -> None:
    page = cards(
        made_up_clinic(
            1, conditions="depression;anxiety;ocd;ptsd;migraine", languages="es", payment="medicaid"
        ),
        query=Query(condition=("ptsd",), language=("es",)),
    )
    lines = page.partition('<dl class="lines">')[2].partition("</dl>")[0]
    assert "<dd><b>PTSD</b>, Depression, Anxiety and 2 more</dd>" in lines
    assert "<dt>Languages</dt><dd><b>Spanish</b></dd>" in lines
    assert "<dd>Medicaid (Maryland)</dd>" in lines


def test_what_is_said_of_approvals_stands_in_brackets_and_its_month_once_under_the_list() -> None:
    page = cards(made_up_clinic(1, treatments="iv-ketamine;im-ketamine;esketamine"))
    lines = page.partition('<dl class="lines">')[2].partition("</dl>")[0]
    assert "<dd>IV ketamine, IM ketamine (not approved for this use) and 1 more</dd>" in lines
    under = page.partition('class="quiet-line under"')[2]
    assert "What is approved, and what is not, is as of November 2026." in under


@pytest.mark.parametrize(
    ("website", "source_url", "label"),
    [
        ("https://a.example/x", "https://www.a.example/faq", "The clinic says it treats"),
        ("https://a.example", "https://lists.example/a", "Listed as treating"),
        ("", "https://paper.example/story", "Listed as treating"),
    ],
)
def test_only_a_clinics_own_site_makes_it_the_clinics_own_word(
    website: str, source_url: str, label: str
) -> None:
    assert stated(card(website=website, source_url=source_url, conditions="ptsd"))[label] == "PTSD"

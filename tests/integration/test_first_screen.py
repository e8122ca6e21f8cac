"""The first screen in the app's HTML: the answer of the address, before any script has run."""

from __future__ import annotations

import gzip
import html
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
import streamlit

from clinics.directory import Directory
from clinics.places.find import find_place
from clinics.present import wording
from clinics.search.query import Query
from clinics.search.search import search
from clinics.web.first_screen import MOST_CARDS, Asker, first_screen
from tests.hostile_texts import RUN, TEXTS
from tests.integration.asking import asked
from tests.integration.plain_site import checked, with_clinics
from tests.integration.test_shell import app_of
from tests.made_up import made_up_clinic
from ui.look import DRAWN_FIRST, look, scripts_ahead
from ui.site import in_bar

STATIC = Path(streamlit.__file__).parent / "static"
DESK = Asker(twin="plain", is_phone=False)
PHONE = Asker(twin="plain", is_phone=True)


def screen(directory: Directory, path: str = "", asker: Asker = DESK, **params: str) -> str:
    given = {name: [value] for name, value in params.items()}
    return first_screen(path, given, asker, directory, look(), in_bar())


def words_of(page: str) -> str:
    """The text of a page as it is read, without what only styles and scripts say."""
    page = re.sub(r"<(style|script)>.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_search_is_answered_in_the_words_and_the_order_of_the_app(directory: Directory) -> None:
    page = screen(directory, near="20912", condition="depression")
    query = Query(near="20912", condition=("depression",))
    place = find_place("20912", directory.gazetteer, None).place
    results = search(directory.dataset, query, place, limit=25)
    assert wording.headline(results, directory.vocabulary) in words_of(page)
    shown = re.findall(r'<li class="card[^"]*" data-card="([^"]+)"', page)
    assert shown == [hit.clinic.id for hit in results.hits[:MOST_CARDS]]
    assert 'href="tel:988"' in page
    assert "What is known: ketamine for depression" in page
    assert "What for: depression" in words_of(page)
    assert "How far: 25 miles" in words_of(page)


def test_a_card_can_be_called_and_visited_without_a_script(directory: Directory) -> None:
    page = screen(directory, phone="yes")
    assert re.search(r'<a class="button main" href="tel:\+1\d{10}"', page)
    assert '<form class="controls" action="./plain" method="post"' in page
    assert '<input type="hidden" name="phone" value="yes">' in page


def test_a_phone_is_shown_the_list_and_a_desk_the_list_and_room_for_the_map(
    directory: Directory,
) -> None:
    on_phone, at_desk = screen(directory, asker=PHONE), screen(directory)
    assert 'class="room"' not in on_phone
    assert 'class="room"' in at_desk
    assert "List and map" in at_desk
    assert "List and map" not in on_phone


@pytest.mark.parametrize(
    ("page", "params", "said"),
    [
        ("learn", {}, "Understand the treatment before you call"),
        ("learn", {"topic": "PTSD"}, "What the 2023 guideline|PTSD"),
        ("towns", {}, "Every town with a listing"),
        ("towns", {"town": "takoma-park-md"}, "Clinics near Takoma Park, MD"),
    ],
)
def test_topics_and_towns_have_their_first_screen(
    directory: Directory, page: str, params: dict[str, str], said: str
) -> None:
    shown = words_of(screen(directory, page, **params))
    assert re.search(said, shown)
    assert "Call or text 988" in shown


@pytest.mark.parametrize(
    ("page", "params"),
    [
        ("about", {}),
        ("manage", {}),
        ("learn", {"topic": "no-such-topic"}),
        ("towns", {"town": "nowhere"}),
    ],
)
def test_other_pages_keep_the_words_they_had(
    directory: Directory, page: str, params: dict[str, str]
) -> None:
    assert screen(directory, page, **params) == ""
    app = app_of(lambda: directory)
    target = f"/{page}?{urlencode(params)}"
    if page != "manage":
        assert "first-words waiting" in asked(app, target).text


def test_what_cannot_be_used_is_said_in_the_words_of_the_page(directory: Directory) -> None:
    shown = words_of(screen(directory, near="Nowhereville", condition="xyz"))
    assert "We know no condition called “xyz”. This was left out of the search." in shown
    assert 'We know no place called "Nowhereville".' in shown


def test_a_street_address_in_a_link_is_not_repeated(directory: Directory) -> None:
    page = screen(directory, near="7610 Carroll Ave, Takoma Park")
    assert "Carroll" not in page
    assert "A link can hold a town or a ZIP, not a street address." in page


def test_an_empty_answer_has_a_next_step(directory: Directory) -> None:
    page = screen(directory, near="21801", condition="ptsd", within="5")
    assert "No ketamine or Spravato clinic within 5 miles" in page
    assert re.search(r'<a class="step main" href="\./\?[^"]+">Show ', page)


IN_A_DOCUMENT = "<!doctype html><html lang=en><title>x</title><body>{}"
NAMES = ("near", "condition", "q", "clinic", "page", "view", "payment", "sort", "topic", "town")


def held(shown: str) -> None:
    """Hold that nothing of a hostile text became a part of the page."""
    checked(IN_A_DOCUMENT.format(shown))
    assert f"<img src=x onerror={RUN}>" not in shown
    assert f"<script>{RUN}" not in shown


def test_hostile_addresses_stay_text(directory: Directory) -> None:
    for text in TEXTS:
        held(screen(directory, **dict.fromkeys(NAMES, text)))
        for path in ("learn", "towns"):
            assert screen(directory, path, **dict.fromkeys(NAMES, text)) == ""


def test_hostile_listings_stay_text(directory: Directory) -> None:
    clinics = [
        made_up_clinic(number, name=text or "x", notes=text, city=text or "x")
        for number, text in enumerate(TEXTS)
    ]
    for start in range(0, len(clinics), MOST_CARDS):
        held(screen(with_clinics(directory, *clinics[start : start + MOST_CARDS])))


def test_the_page_is_for_this_browser_alone_and_compressed(directory: Directory) -> None:
    app = app_of(lambda: directory)
    got = asked(app, "/?near=20912", headers=(("host", "x"), ("accept-encoding", "gzip")))
    assert got.headers["content-encoding"] == "gzip"
    assert got.headers["cache-control"] == "private, no-cache"
    assert {"Accept-Encoding", "User-Agent"} <= set(got.headers["vary"].split(", "))
    page = gzip.decompress(got.body).decode()
    assert page.count('<div id="first">') == 1
    assert len(got.body) < 25_000
    # What paints first comes first: the font, the answer, then Streamlit's styles and scripts.
    places = [page.index(text) for text in ('as="font"', 'id="first"', 'rel="modulepreload"')]
    assert places == sorted(places)
    assert '<script type="module"' not in page[: page.index('id="first"')]


def test_the_phone_is_known_by_what_the_browser_calls_itself(directory: Directory) -> None:
    app = app_of(lambda: directory)
    agent = "Mozilla/5.0 (Linux; Android 14) Mobile Safari/537.36"
    got = asked(app, "/", headers=(("host", "x"), ("user-agent", agent)))
    assert 'class="room"' not in got.text


def test_the_visitors_list_goes_along(directory: Directory) -> None:
    ids = list(directory.dataset.row_of)[:2]
    page = screen(directory, near="20912", language="es", list=",".join(ids))
    assert f'<input type="hidden" name="list" value="{",".join(ids)}">' in page
    steps = re.findall(r'<a class="step[^"]*" href="([^"]+)"', page)
    assert steps
    assert all(f"list={','.join(ids)}" in step for step in steps)
    assert "gone" not in screen(directory, list="gone")


@pytest.mark.parametrize(
    ("name", "value"),
    [("view", "map"), ("page", "2"), ("list", "x"), ("correct", "x"), ("utm_source", "x"),
     ("fbclid", "1"), ("embed", "true"), ("page", "0")],
)  # fmt: skip
def test_what_the_app_itself_or_another_site_writes_into_an_address_is_no_fault(
    directory: Directory, name: str, value: str
) -> None:
    shown = screen(directory, **{name: value})
    assert "left out of the search" not in shown
    assert "There is no search setting" not in shown


def test_a_page_before_the_first_is_the_first(directory: Directory) -> None:
    cards = re.compile(r'<li class="card[^"]*" data-card="([^"]+)"')
    assert cards.findall(screen(directory, page="0")) == cards.findall(screen(directory))


def test_a_link_to_one_clinic_has_its_card(directory: Directory) -> None:
    id = "avesta-ketamine-and-wellness-mclean"
    assert re.search(
        rf'<li class="card selected[^"]*" data-card="{id}"', screen(directory, clinic=id)
    )


def test_a_chosen_clinic_that_is_not_listed_is_named_and_can_be_shown(
    directory: Directory,
) -> None:
    near = {"near": "Germantown, MD", "within": "10"}
    shown = screen(directory, clinic="evolve-medical-clinics-annapolis", **near)
    assert "You chose Evolve Medical Clinics in Annapolis, MD." in shown
    assert "Show that clinic" in shown
    assert "not in the directory any more" in screen(directory, clinic="gone-for-good", **near)


def test_of_many_faults_some_are_named_and_the_rest_counted(directory: Directory) -> None:
    given = {"condition": [f"x{number}" for number in range(20)]}
    shown = words_of(first_screen("", given, DESK, directory, look(), in_bar()))
    assert shown.count("We know no condition called") == 3
    assert "There are 17 more like this." in shown


def test_a_fault_in_it_leaves_the_page_as_it_was(
    directory: Directory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> str:
        raise KeyError("a listing")

    monkeypatch.setattr("clinics.web.guard.shell.first_screen", fails)
    page = asked(app_of(lambda: directory), "/?near=20912")
    assert page.status == 200
    assert "first-words waiting" in page.text
    assert "20912" not in caplog.text


def test_a_very_long_address_is_left_to_the_app(directory: Directory) -> None:
    page = asked(app_of(lambda: directory), f"/?near=20912&q={'x' * 3000}")
    assert page.status == 200
    assert 'id="first"' not in page.text


def test_the_scripts_that_draw_the_first_pages_are_where_they_are_looked_for() -> None:
    names = scripts_ahead()
    for each in DRAWN_FIRST:
        assert any(name.startswith(f"{each}.") for name in names), f"Streamlit renamed {each}"
    bundle = "".join((STATIC / name).read_text("utf-8") for name in ("index.html",)) + "".join(
        path.read_text("utf-8") for path in (STATIC / "static/js").glob("index.*.js")
    )
    for attribute in ("data-test-script-state", "data-test-connection-state"):
        assert attribute in bundle, f"first_screen.js asks for {attribute}"

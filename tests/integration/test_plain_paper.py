"""A whole list for paper: every clinic with address and hours, the day, and nothing to press."""

from __future__ import annotations

import html
import re

import pytest

from clinics.directory import Directory
from clinics.web.plain.paper import MOST
from tests.integration.plain_site import Ask, checked, site_of, with_clinics
from tests.made_up import made_up_clinic


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return site_of(directory)


def names(text: str) -> list[str]:
    """The clinics of a list, each with its number before its name."""
    return [
        html.unescape(name) for name in re.findall(r"<li(?: class=silent)?><p><b>(.*?)</b>", text)
    ]


ALL = "/print?within=any&category=ketamine&category=mental-health"


def test_every_clinic_found_is_there_in_order_and_not_only_a_page_of_them(
    ask: Ask, directory: Directory
) -> None:
    shown = names(ask(ALL).text)
    assert len(shown) == len(directory.dataset) > 200
    assert [name.split(".")[0] for name in shown] == [str(n + 1) for n in range(len(shown))]


def test_each_has_its_address_telephone_and_hours_or_that_they_are_not_stated(
    directory: Directory,
) -> None:
    listed = made_up_clinic(1, address="1 Elm Street", phone="(301) 555-0123", hours="Mon 9am-5pm")
    text = site_of(with_clinics(directory, listed, made_up_clinic(2)))("/print?within=any").text
    assert "1 Elm Street" in text
    assert "(301) 555-0123" in text
    assert "Hours: Mon 9am-5pm" in text
    assert "Hours: not stated" in text


def test_it_says_of_which_day_it_is_and_where_the_search_is(ask: Ask) -> None:
    text = ask("/print?near=20912&condition=ptsd&clinic=x&page=2").text
    assert "As of 22 Nov 2026." in text
    assert ">https://made-up.example/?near=20912&amp;condition=ptsd</span>" in text
    assert "What is known: ketamine for PTSD." in text


def test_there_is_nothing_to_press_and_no_search_engine_keeps_it(ask: Ask) -> None:
    answer = ask("/print?near=20912")
    main = answer.text.partition("<main")[2]
    for control in ("<form", "<button", "<input", "<details", "tel:"):
        assert control not in main.partition("</main>")[0].replace("tel:988", "")
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "Disallow: /print" in ask("/robots.txt").text
    checked(answer.text)


def test_notes_are_whole_however_long_the_list_is(directory: Directory) -> None:
    note = "A note that goes on for a while. " * 20
    clinics = [made_up_clinic(n, notes=note.strip()) for n in range(1, 60)]
    text = site_of(with_clinics(directory, *clinics))("/print?within=any").text
    assert text.count(note.strip()) == 59


def test_more_than_fit_are_counted(directory: Directory) -> None:
    clinics = [made_up_clinic(n) for n in range(1, MOST + 21)]
    text = site_of(with_clinics(directory, *clinics))("/print?within=any").text
    assert len(names(text)) == MOST
    assert f"The first {MOST} are here, and 20 more are not." in text


def test_what_cannot_be_used_is_said_and_a_place_that_is_not_found_leads_to_the_search(
    ask: Ask,
) -> None:
    answer = ask("/print?near=20912&condition=sadness")
    assert answer.status == 400
    assert "called “sadness”. This was left out" in answer.text
    for near in ("nowhere+at+all", "7500+Maple+Avenue", "portland"):
        assert ask(f"/print?near={near}").status == 303
    assert "Maple" not in ask("/print?near=7500+Maple+Avenue").headers["location"]


def test_words_for_options_are_understood(ask: Ask) -> None:
    assert names(ask("/print?condition=PTSD").text) == names(ask("/print?condition=ptsd").text)


def test_the_search_leads_to_it_also_on_paper(ask: Ask) -> None:
    text = ask("/plain?near=20912&condition=ptsd").text
    assert (
        '<a class=button href="/print?near=20912&amp;condition=ptsd">Print the whole list' in text
    )
    assert "As of 22 Nov 2026." in text
    assert "/print" not in ask("/plain?near=20912&within=5&condition=migraine").text


def test_a_near_miss_is_asked_about_where_it_can_be_answered(ask: Ask) -> None:
    answer = ask("/print?near=Takoma+Prk&condition=ptsd")
    assert answer.headers["location"] == "/plain?near=Takoma+Prk&condition=ptsd"

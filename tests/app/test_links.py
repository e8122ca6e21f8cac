"""Links: what in them cannot be used is said, and the rest is searched."""

import re

import pytest


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("condition", "sadness"),
        ("within", "7"),
        ("within", "NaN"),
        ("within", "-5"),
        ("within", "1e999"),
        ("category", "dentist"),
        ("treatment", "leeches"),
        ("payment", "bitcoin"),
        ("language", "klingon"),
        ("setting", "underwater"),
        ("sort", "price"),
        ("match", "some"),
        ("unstated", "maybe"),
    ],
)
def test_what_cannot_be_used_is_said_and_the_search_goes_on(visit, name, value):
    page = visit(near="Takoma Park, MD", **{name: value})
    assert len(page.warnings) == 1
    assert value in page.warnings[0]
    assert "left out of" in page.warnings[0]
    assert page.total == 21


@pytest.mark.parametrize("page", ["0", "-1", "1234x", "\u00b2\u00b3", "\u0663", "9" * 5000, "<b>"])
def test_what_is_no_page_of_the_list_is_the_first_one(visit, page):
    link = visit(page=page)
    assert link.ids == visit().ids
    assert "page" not in link.url


@pytest.mark.parametrize("page", ["3", "999999"])
def test_a_page_behind_the_last_is_the_last(visit, page):
    link, last = visit(page=page), visit(page="2")
    assert link.ids == last.ids != []
    assert link.url == last.url == {"page": "2"}
    link.go_to_page(1)
    assert link.ids == visit().ids


def test_a_near_miss_is_answered_with_what_may_be_meant(visit):
    page = visit(condition="ptds")
    assert "Did you mean “PTSD”?" in page.warnings[0]
    assert page.total == visit().total
    assert page.click("Search for PTSD").url == {"condition": "ptsd"}
    assert page.warnings == []


@pytest.mark.parametrize(
    ("name", "value", "id"),
    [
        ("condition", "PTSD", "ptsd"),
        ("condition", "suicidal", "suicidal-thoughts"),
        ("payment", "Medicaid", "medicaid"),
        ("language", "Spanish", "es"),
        ("treatment", "spravato", "esketamine"),
        ("setting", "Telemedicine", "telehealth"),
    ],
)
def test_a_word_for_an_option_is_understood_and_the_address_gets_its_id(visit, name, value, id):
    page = visit(near="Takoma Park, MD", **{name: value})
    assert page.warnings == []
    assert page.url == {"near": "Takoma Park, MD", name: id}
    assert page.headline == visit(near="Takoma Park, MD", **{name: id}).headline


def test_who_goes_back_to_an_address_in_words_is_not_sent_forward_again(visit):
    page = visit(condition="PTSD")
    assert page.url["condition"] == "ptsd"
    total = page.total
    assert page.change_link(condition="PTSD").url["condition"] == "PTSD"
    assert page.total == total


def test_hostile_values_are_shown_as_text(visit):
    page = visit(condition="[x](javascript:alert(1))")
    assert not re.search(r"(?<!\\)\]\(", page.app.warning[0].value)
    assert "[x](javascript:alert(1))" in page.warnings[0]


def test_one_good_condition_is_kept_beside_a_bad_one(visit):
    page = visit(condition=["ptsd", "sadness"])
    assert page.total == 11
    assert len(page.warnings) == 1


def test_a_hundred_bad_values_do_not_break_the_page(visit):
    page = visit(condition=[f"no-{i}" for i in range(300)])
    assert page.total == 27
    assert 1 <= len(page.warnings) <= 100


def test_a_shared_link_gives_the_same_list_and_the_same_selected_card(visit):
    first = visit(near="20912", condition="ptsd")
    chosen = first.ids[3]
    shared = visit(near="20912", condition="ptsd", clinic=chosen)
    assert shared.ids == first.ids
    assert shared.selected == [chosen]


def test_a_clinic_that_left_the_directory_is_said_so(visit):
    page = visit(near="20912", clinic="gone-for-good")
    assert page.warnings == [
        "The clinic in this link is not in the directory any more. Here are the others."
    ]
    assert page.total == 21
    assert page.selected == []


def test_a_clinic_outside_the_results_can_be_shown(visit):
    page = visit(near="Germantown, MD", within="10", clinic="evolve-medical-clinics-annapolis")
    assert any("You chose Evolve Medical Clinics in Annapolis, MD" in note for note in page.notes)
    page.click("Show that clinic")
    assert page.ids == ["evolve-medical-clinics-annapolis"]
    assert page.selected == ["evolve-medical-clinics-annapolis"]


def test_a_clinic_of_the_other_care_can_be_shown(visit):
    page = visit(near="20912", clinic="deaf-reach-20017").click("Show that clinic")
    assert page.ids == ["deaf-reach-20017"]
    assert page.selected == ["deaf-reach-20017"]


def test_a_clinic_outside_empty_results_can_be_shown(visit):
    page = visit(near="Germantown, MD", within="5", clinic="evolve-medical-clinics-annapolis")
    assert page.total == 0
    page.click("Show that clinic")
    assert page.selected == ["evolve-medical-clinics-annapolis"]


@pytest.mark.parametrize(
    "change",
    [lambda p: p.choose_order("By name"), lambda p: p.open_filters().click("Any")],
    ids=["another order", "any condition"],
)
def test_changing_the_search_lets_the_selected_clinic_go(visit, change):
    id = "avesta-ketamine-and-wellness-bethesda"
    page = visit(near="20912", condition="ptsd", clinic=id)
    assert page.selected == [id]
    assert "clinic" not in change(page).url
    assert page.selected == []

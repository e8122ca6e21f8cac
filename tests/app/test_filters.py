"""Changing the search: conditions, distance, order, filters, and letting them go."""

from dataclasses import replace

import pytest

from clinics.domain.model import Category
from clinics.search.query import Query
from ui.find import filters


def test_a_condition_in_the_link_limits_the_list(visit):
    found = visit(near="Takoma Park, MD", condition="ptsd")
    assert found.headline == (
        "9 ketamine and Spravato clinics within 25 miles of Takoma Park, MD listed as treating PTSD"
    )
    assert len(found.ids) == 9


def test_the_condition_says_beforehand_what_it_will_show(visit):
    before = visit(near="Takoma Park, MD").counts("condition")
    for id in ("ptsd", "ocd", "migraine", "postpartum-depression"):
        assert visit(near="Takoma Park, MD", condition=id).total == before[id]


def test_a_distance_says_beforehand_what_it_will_show(visit):
    page = visit(near="Takoma Park, MD", condition="ptsd")
    assert page.chosen("within") == ["25"]
    for within, count in page.counts("within").items():
        assert page.change_link(within=within).total == count
        assert page.chosen("within") == [within]


def test_the_order_can_be_changed(visit):
    page = visit(near="20912")
    nearest = page.ids
    by_name = page.choose_order("By name")
    assert page.url == {"near": "20912", "sort": "name"}
    assert by_name.ids != nearest
    assert sorted(by_name.ids) == sorted(nearest)
    assert page.choose_order("Nearest first").ids == nearest


def test_any_or_all_is_asked_only_with_two_conditions(visit):
    assert not visit(condition="ptsd").open_filters().app.radio
    page = visit(condition=["ptsd", "ocd"]).open_filters()
    assert page.app.radio(key="match_choice").value == "any"
    either = page.total
    both = page.choose_match("all")
    assert both.url == {"condition": ["ptsd", "ocd"], "match": "all"}
    assert both.total < either
    assert both.headline.endswith("listed as treating PTSD and OCD")


def test_two_conditions_show_two_panels_of_what_is_known(visit):
    known = visit(condition=["ptsd", "ocd"]).known
    assert "What is known: ketamine for PTSD" in known
    assert "What is known: ketamine for OCD" in known


@pytest.mark.parametrize("view", ["both", "list", "map"])
def test_over_places_without_ketamine_nothing_is_said_of_it(visit, view):
    chosen = {"category": "mental-health", "within": "any", "condition": "ptsd"}
    page = visit(**chosen, view=view)
    assert page.total > 0
    assert page.known == ""
    assert "What is known" not in page.cards
    assert "ketamine" not in page.cards.casefold()
    page = visit(**(chosen | {"category": ["mental-health", "ketamine"]}), view=view)
    assert "What is known: ketamine for PTSD" in page.known


def test_what_is_known_stands_apart_from_the_cards(visit):
    page = visit(condition="ptsd")
    assert "What is known" in page.known
    assert "What is known" not in page.cards
    assert "The clinic says it treats" in page.cards


def test_those_that_do_not_say_can_be_shown_after_the_others(visit):
    page = visit(near="20912", condition="ptsd")
    stated = page.ids
    page.click("Also show 7 that do not say")
    assert page.url == {"near": "20912", "condition": "ptsd", "unstated": "include"}
    assert page.ids[:9] == stated
    assert len(page.ids) == 16
    assert "7 that do not say what they treat" in page.cards
    assert page.cards.index("do not say what they treat") > page.cards.index(stated[-1])
    assert page.numbers == list(range(1, 17))


def test_they_can_be_hidden_again(visit):
    page = visit(near="20912", condition="ptsd", unstated="include")
    assert page.headline.endswith("listed as treating PTSD, and 7 that do not say")
    page.click("Hide 7")
    assert page.url == {"near": "20912", "condition": "ptsd"}
    assert len(page.ids) == 9


def test_each_filter_counts_those_that_state_nothing_and_a_card_says_so(visit):
    page = visit(near="Baltimore, MD", within="10", condition="ptsd", payment="military")
    assert page.total == 0
    page.click("Also show 2 that are listed as treating PTSD but do not say what they take")
    assert len(page.ids) == 3
    assert page.cards.count("Does not say what it takes<") == 2
    assert "Does not say what it treats or what it takes" in page.cards


def test_only_clinics_with_a_telephone_number_can_be_shown(visit):
    page = visit(near="20912")
    phones = page.counts("phone")["yes"]
    said = f"{phones} of these {page.total} give a telephone number. None was"
    assert page.measured_from.startswith(said)
    page.click(f"Show only the {phones} with a telephone number")
    assert page.url == {"near": "20912", "phone": "yes"}
    assert page.total == phones
    assert page.headline.endswith("of ZIP 20912 with a telephone number")
    assert page.chosen("phone") == ["yes"]
    assert page.measured_from.startswith("None was confirmed")
    assert page.controls[-1] == "Filters (1)"


def test_a_number_beside_an_option_is_of_those_that_have_it_with_the_rest(visit):
    one = visit(category="mental-health", payment="medicaid")
    both = visit(category="mental-health", payment=["medicaid", "medicare"])
    assert one.counts("payment") == both.counts("payment")
    assert one.counts("payment")["medicaid"] == one.total
    assert (one.counted("payment"), both.counted("payment")) == ("with this", "with this too")


def test_any_condition_lets_the_conditions_go(visit):
    page = visit(near="20912", condition=["ptsd", "ocd"]).open_filters().click("Any condition")
    assert page.url == {"near": "20912"}


def test_the_filters_in_use_are_counted_and_can_be_cleared(visit):
    page = visit(
        near="20912", condition="ptsd", treatment="iv-ketamine", setting="in-person", q="a"
    )
    assert page.controls[-1] == "Filters (3)"
    page.open_filters().click("Clear these filters")
    assert page.url == {"near": "20912", "condition": "ptsd"}
    assert page.controls[-1] == "Filters"


def test_what_is_in_use_stands_under_the_controls_and_each_can_be_let_go_of(visit):
    page = visit(payment=["medicare", "self-pay"], setting="in-person", q="a")
    chips = [label for label in page.buttons if label.endswith("✕")]
    assert chips == ["Medicare ✕", "Self-pay ✕", "In person ✕", "Named “a” ✕"]
    assert page.click("Medicare").url == {"payment": "self-pay", "setting": "in-person", "q": "a"}
    assert page.click("In person").click("Named").url == {"payment": "self-pay"}
    assert "Clear all" not in page.buttons
    assert page.click("Self-pay").url == {}


def test_all_filters_are_let_go_of_at_once_and_the_search_stays(visit):
    page = visit(near="20912", payment=["medicare", "self-pay"])
    assert page.click("Clear all").url == {"near": "20912"}


def test_the_drawer_ends_with_how_many_places_it_shows_and_closes(visit):
    page = visit(near="20912", condition="ptsd").open_filters()
    assert f"Show {page.total} places" in page.buttons
    page.app.button(key="show_found").click()
    page._run()
    assert not page.app.session_state["filters_open"]
    assert "Clear these filters" not in page.buttons


def test_a_name_can_be_looked_for(app):
    app.type_name("  mood   center ")
    assert app.url == {"q": "mood center"}
    assert sorted(app.ids) == ["the-mood-center-annapolis", "the-mood-center-columbia"]


@pytest.mark.parametrize("text", [".*", "[a", "\\", "%", "'; DROP TABLE clinics; --", "<b>"])
def test_a_name_is_text_and_never_a_pattern(app, text):
    assert app.type_name(text).total == 0


def test_a_bracket_in_a_name_is_found_as_a_bracket(app):
    assert app.type_name("(northern").ids == ["nova-health-recovery-alexandria"]


@pytest.mark.parametrize("category", ["mental-health", "ketamine"])
def test_the_kind_of_care_says_beforehand_what_it_will_show(visit, category):
    before = visit(near="20912").counts("category")
    assert visit(near="20912", category=category).total == before[category]


def test_both_kinds_of_care_can_be_searched_together(visit):
    page = visit(category=["ketamine", "mental-health"], within="any")
    assert page.total == page.counts("category")["all"]
    assert page.chosen("category") == ["all"]


def test_foreign_settings_in_a_link_are_left_alone(visit):
    page = visit(near="20912", utm_source="leaflet")
    assert page.warnings == []
    assert page.choose_order("By name").url["utm_source"] == "leaflet"


@pytest.mark.parametrize(
    ("categories", "asked", "labels", "chosen"),
    [
        (2, ("ketamine", "mental-health"), ["Ketamine and Spravato clinics",
         "Other mental health care", "Both"], "all"),
        (3, ("ketamine", "mental-health", "third"), ["Ketamine and Spravato clinics",
         "Other mental health care", "Third", "All of these"], "all"),
        (3, ("ketamine", "third"), ["Ketamine and Spravato clinics", "Other mental health care",
         "Third", "All of these", "Ketamine and Spravato clinics and Third"], "several"),
    ],
)  # fmt: skip
def test_several_kinds_of_care_are_called_what_they_are(
    vocabulary, categories, asked, labels, chosen
):
    third = Category("third", "Third", "third place", "third places")
    words = replace(vocabulary, categories=(*vocabulary.categories, third)[:categories])
    counts = {"category": {"ketamine": 1, "mental-health": 2, "third": 4}}
    counts["category"][""] = sum(counts["category"][c.id] for c in words.categories)
    found = filters._category(Query(category=asked), words, counts)
    assert [choice.label for choice in found.choices] == labels
    assert found.chosen == (chosen,)
    shown = {choice.id: choice.count for choice in found.choices}[chosen]
    assert shown == sum(counts["category"][id] for id in asked)

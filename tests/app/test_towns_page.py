"""Guides to towns without a browser: every one opens, and what it says is what a search finds."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from clinics.domain.words import slug
from clinics.places.find import find_place
from clinics.search.query import Query
from clinics.search.search import search
from tests.made_up import dataset_of, made_up_clinic
from ui import resources

MISSION = ["Takoma Park", "Silver Spring", "Germantown", "Ellicott City", "Baltimore"]
RADII = ("5", "10", "25")


def turn_to(page, town=""):
    """Turn to the guides as a link does: it takes nothing along in the address bar."""
    page.app.query_params.clear()
    if town:
        page.app.query_params["town"] = town
    return page.go_to("towns.py")


def links(page):
    """Every link of the page to another of ours: label -> parameters."""
    return {label: parse_qs(urlsplit(address).query) for label, address in page.links.items()}


def counts(page):
    """The table of what is within reach: kind of care -> numbers by distance."""
    rows = [line for line in page.text.splitlines() if line.startswith("| ")]
    table = {}
    for row in rows[1:]:
        kind, *numbers = (cell.strip() for cell in row.strip("| ").split("|"))
        table[kind] = [int(number) for number in numbers]
    return table


def cards(page):
    return re.findall(r'data-card="([^"]+)"', page.part("near_list")["html"])


def plain(element):
    return re.sub(r"\\(.)", r"\1", element.value)


def clinics_of(directory, town):
    """The clinics of the main kind in a town, straight from the data."""
    every = map(directory.dataset.clinic, range(len(directory.dataset)))
    return [
        c
        for c in every
        if c.category == directory.vocabulary.main_category
        and c.status != "closed"
        and (c.city, c.state) == (town.name, town.state)
    ]


@pytest.fixture
def guide_with(visit, directory, monkeypatch):
    """Open the guide to Takoma Park where this many clinics, none of them real, are in it."""

    def open_guide(number):
        town = next(t for t in directory.towns if t.label == "Takoma Park, MD")
        at = {"city": "Takoma Park", "longitude": str(town.point.lon)}
        rows = [
            made_up_clinic(n, latitude=str(town.point.lat + n / 50), **at) for n in range(number)
        ]
        made_up = replace(directory, dataset=dataset_of([*rows, made_up_clinic(99)]))
        monkeypatch.setattr(resources, "directory", lambda: made_up)
        return turn_to(visit(), "takoma-park-md")

    return open_guide


def said_of_takoma_park(page):
    return next(plain(m) for m in page.app.markdown if " Takoma Park itself" in m.value)


def test_every_town_has_an_address_of_its_own(directory):
    ids = [slug(town.label) for town in directory.towns]
    assert len(ids) == len(set(ids)) > 50


def test_every_town_opens_with_its_nearest_clinics_and_the_crisis_line(visit, directory):
    page = visit()
    for town in directory.towns:
        turn_to(page, slug(town.label))
        assert [t.value for t in page.app.title] == [f"Clinics near {town.label}"]
        assert len(cards(page)) == 5
        named = f"{town.name} is in {town.county}." in page.text
        assert named != town.county.startswith(town.name)
        assert page.app.header[-1].value == "Help now"
        assert "988" in page.crisis
        assert page.warnings == []


def test_every_town_says_how_many_clinics_it_has_itself(visit, directory):
    page = visit()
    for town in directory.towns:
        turn_to(page, slug(town.label))
        here = len(clinics_of(directory, town))
        said = next(plain(m) for m in page.app.markdown if f" {town.name} itself" in plain(m))
        number = f"{here or 'no'} ketamine {'and' if here > 1 else 'or'} Spravato clinic"
        assert f"directory lists {number}" in said, town.label


@pytest.mark.parametrize("number", [2, 6, 10])
def test_a_town_names_all_its_clinics_also_those_beyond_the_five_nearest(guide_with, number):
    names = ", ".join(f"**Made-up Clinic {n}**" for n in range(number))
    assert said_of_takoma_park(guide_with(number)) == (
        f"In Takoma Park itself this directory lists {number} ketamine and Spravato clinics: "
        f"{names}."
    )


def test_a_town_with_one_clinic_names_it(guide_with):
    assert said_of_takoma_park(guide_with(1)) == (
        "In Takoma Park itself this directory lists 1 ketamine or Spravato clinic: "
        "**Made-up Clinic 0**."
    )


def test_a_town_with_many_clinics_gives_their_number_and_names_the_first_ten(guide_with):
    names = ", ".join(f"**Made-up Clinic {n}**" for n in range(10))
    assert said_of_takoma_park(guide_with(12)) == (
        "In Takoma Park itself this directory lists 12 ketamine and Spravato clinics. "
        f"10 of them are {names}."
    )


def test_a_town_without_a_clinic_names_the_nearest_elsewhere(guide_with):
    page = guide_with(0)
    assert "lists no ketamine or Spravato clinic in Takoma Park itself." in page.text
    assert "The nearest is **Made-up Clinic 99** in Made-up Town, MD" in page.text


def test_the_numbers_of_every_town_are_those_of_its_searches(visit, directory):
    page = visit()
    for town in directory.towns:
        shown = counts(turn_to(page, slug(town.label)))
        place = find_place(town.label, directory.gazetteer, None).place
        for category in directory.vocabulary.categories:
            found = [
                search(
                    directory.dataset,
                    Query(near=town.label, within=float(radius), category=(category.id,)),
                    place,
                ).total
                for radius in RADII
            ]
            assert shown[category.label] == found, town.label


@pytest.mark.parametrize("name", MISSION[:2])
def test_the_numbers_of_a_town_are_those_on_the_search_page(visit, directory, name):
    shown = counts(turn_to(visit(), slug(f"{name}, MD")))
    for category in directory.vocabulary.categories:
        for radius, number in zip(RADII, shown[category.label], strict=True):
            near = f"{name}, MD"
            assert visit(near=near, within=radius, category=category.id).total == number


@pytest.mark.parametrize("name", MISSION)
def test_the_nearest_are_those_the_search_page_lists_first(visit, name):
    page = turn_to(visit(), slug(f"{name}, MD"))
    assert cards(page) == visit(near=f"{name}, MD", within="any").ids[:5]


@pytest.mark.parametrize("name", MISSION)
def test_the_link_to_the_search_starts_from_the_town(visit, name):
    found = links(turn_to(visit(), slug(f"{name}, MD")))
    assert found[f"Search around {name}, MD by condition and distance"] == {"near": [f"{name}, MD"]}


def test_takoma_park_says_that_none_is_listed_and_names_the_nearest(visit):
    page = turn_to(visit(), "takoma-park-md")
    assert "lists no ketamine or Spravato clinic in Takoma Park itself." in page.text
    assert "our sources name none, not that none exists" in page.text
    assert (
        "The nearest may be **Blue Sky Mental Health**, somewhere in Silver Spring, MD (its center "
        "is about 2 miles away). Only its town is known." in page.text
    )
    assert cards(page)[0] == "blue-sky-mental-health-silver-spring"
    assert counts(page) == {
        "Ketamine and Spravato clinics": [2, 13, 21],
        "Other mental health care": [11, 34, 81],
    }


def test_what_the_nearest_offer_is_counted_from_them(visit, directory):
    page = turn_to(visit(), "takoma-park-md")
    near = [directory.dataset.find(id) for id in cards(page)]
    for treatment in {t for clinic in near for t in clinic.treatments}:
        number = sum(treatment in clinic.treatments for clinic in near)
        label = directory.vocabulary.label("treatments", treatment)
        assert f"- {label}: {number} of these 5" in page.text
    silent = sum(not clinic.treatments for clinic in near)
    assert ("- Not stated:" in page.text) == (silent > 0)


def test_towns_of_howard_county_show_its_crisis_line(visit, directory):
    towns = [town for town in directory.towns if town.county == "Howard County"]
    assert "Ellicott City" in [town.name for town in towns]
    for town in towns:
        page = turn_to(visit(), slug(town.label))
        assert "[410-531-6677](tel:+14105316677)" in page.text
        assert "Walk in at 6700 Freetown Road, Columbia. [[source]](<http" in page.text


def test_every_county_line_is_shown_in_its_towns_and_in_no_others(visit, directory):
    page = visit()
    lines = directory.explainer.crisis_lines
    for town in directory.towns:
        turn_to(page, slug(town.label))
        shown = {line.phone for line in lines if f"[{line.phone}](tel:" in page.text}
        assert shown == {line.phone for line in lines if line.county == town.county}


def test_the_list_offers_the_five_towns_first_and_every_town_below(visit, directory):
    page = turn_to(visit())
    assert sorted(links(page)) == sorted(f"{name}, MD" for name in MISSION)
    below = re.findall(r'href="towns\?town=([^"]+)"', page.part("towns")["known"])
    assert sorted(below) == sorted(slug(town.label) for town in directory.towns)


def test_no_county_is_named_with_its_state_twice(visit):
    counties = re.findall(r"<h3>(.*?)</h3>", turn_to(visit()).part("towns")["known"])
    assert "Howard County, MD" in counties
    assert len(counties) == len(set(counties))


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("takoma-prak", "Takoma Park, MD"),
        ("silver-sprung-md", "Silver Spring, MD"),
        ("Germantwon", "Germantown, MD"),
    ],
)
def test_an_unknown_town_is_named_with_the_nearest_and_the_list_of_all(visit, asked, nearest):
    page = turn_to(visit(), asked)
    assert len(page.warnings) == 1
    assert f"“{asked}”" in page.warnings[0]
    assert links(page)[f"Did you mean “{nearest}”?"] == {"town": [slug(nearest)]}
    assert "Germantown, MD" in page.part("towns")["known"]


@pytest.mark.parametrize(
    "asked", ["Takoma Park, MD", "TAKOMA-PARK-MD", " takoma park md ", "Takoma Park", "takoma-park"]
)
def test_a_town_is_found_however_its_name_is_written(visit, asked):
    page = turn_to(visit(), asked)
    assert [t.value for t in page.app.title] == ["Clinics near Takoma Park, MD"]
    assert page.warnings == []


@pytest.mark.parametrize("asked", ["zzzzzz", "<script>alert(1)</script>", "[x](y)", "é" * 300])
def test_a_town_near_to_nothing_offers_no_guess(visit, asked):
    page = turn_to(visit(), asked)
    assert f"“{asked[:40]}”" in page.warnings[0]
    assert not any(label.startswith("Did you mean") for label in links(page))
    assert sorted(links(page)) == sorted(f"{name}, MD" for name in MISSION)


def test_a_guide_leaves_the_search_made_before_as_it_was(visit):
    page = visit(near="20912", within="10", condition="ptsd")
    before = page.total
    turn_to(page, "baltimore-md")
    page.app.query_params.clear()
    page.go_to("find.py")
    assert page.total == before
    assert page.url == {"near": "20912", "within": "10", "condition": "ptsd"}


def test_counties_stand_in_the_order_of_the_alphabet_within_their_state(visit):
    shown = str(visit().go_to("towns.py").part("towns")["known"])
    counties = re.findall(r"<h3>(.*), ([A-Z]{2})</h3>", shown)
    assert len(counties) > 5
    assert counties == sorted(counties, key=lambda county: (county[1], county[0]))

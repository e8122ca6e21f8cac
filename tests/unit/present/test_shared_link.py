"""What a shared link says of itself: words of the directory, never what somebody typed."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from clinics.directory import Directory
from clinics.present.shared_link import SharedLink, shared_link

CLINIC = "nova-health-recovery-alexandria"


def shared(directory: Directory, page: str, query: str = "") -> SharedLink:
    return shared_link(page, parse_qs(query), directory)


@pytest.mark.parametrize(
    ("query", "title", "address"),
    [
        (
            "near=20912&condition=ptsd",
            "Ketamine and Spravato clinics within 25 miles of ZIP 20912 listed as treating PTSD",
            "/?near=20912&condition=ptsd",
        ),
        (
            "near=takoma+park&within=any&category=mental-health&category=ketamine",
            "Ketamine and Spravato clinics and other mental health places "
            "at any distance from Takoma Park, MD",
            "/?near=Takoma+Park%2C+MD&within=any&category=mental-health&category=ketamine",
        ),
        (
            "condition=ocd&condition=chronic-pain&match=all",
            "Ketamine and Spravato clinics listed as treating OCD and chronic pain",
            "/?condition=ocd&condition=chronic-pain&match=all",
        ),
    ],
)
def test_a_search_is_named_by_its_words(
    directory: Directory, query: str, title: str, address: str
) -> None:
    link = shared(directory, "", query)
    assert (link.title, link.address) == (title, address)


def test_one_condition_comes_with_what_is_known_and_filters_in_words(
    directory: Directory,
) -> None:
    link = shared(directory, "", "condition=ptsd&payment=medicaid&language=es")
    assert link.description.startswith("What is known about ketamine for PTSD: ")
    assert "Evidence: limited" in link.description
    assert link.title.endswith(" listed as treating PTSD, taking Medicaid and speaking Spanish")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "near=Nowhereville&q=%3Cscript%3E",
        "near=38.9772,-77.0085",
        "near=Philadelphia",
        "condition=sadness&within=7&sort=price",
        "clinic=gone&utm_source=x",
    ],
)
def test_what_is_no_word_of_the_directory_is_not_repeated(directory: Directory, query: str) -> None:
    link = shared(directory, "", query)
    assert link == SharedLink("", directory.site.tagline, "/")


@pytest.mark.parametrize(
    ("near", "place"),
    [
        ("7500+Maple+Avenue,+Takoma+Park,+MD+20912", "20912"),
        ("7500+Maple+Avenue,+Takoma+Park,+MD", "Takoma+Park%2C+MD"),
    ],
)
def test_of_a_street_address_at_most_its_zip_or_town_is_named(
    directory: Directory, near: str, place: str
) -> None:
    link = shared(directory, "", f"near={near}")
    assert link.address == f"/?near={place}"
    assert "Maple" not in link.title + link.description


def test_a_clinic_a_topic_and_a_town_are_named(directory: Directory) -> None:
    link = shared(directory, "", f"near=20912&clinic={CLINIC}")
    clinic = directory.dataset.find(CLINIC)
    assert clinic
    assert link.title == f"{clinic.name}, Alexandria, VA"
    assert "IV ketamine" in link.description
    assert link.address == f"/?clinic={CLINIC}"
    topic = shared(directory, "learn", "topic=ptsd")
    assert (topic.title, topic.address) == ("PTSD", "/learn?topic=ptsd")
    assert "not approved for PTSD" in topic.description
    assert shared(directory, "towns", "town=rockville-md").title == "Clinics near Rockville, MD"


@pytest.mark.parametrize(
    ("page", "query", "title"),
    [
        ("learn", "", "Understand the treatment before you call"),
        ("learn", "topic=%3Cb%3E", "Understand the treatment before you call"),
        ("towns", "town=nowhere", "Guides to towns"),
        ("about", "near=20912", "About this directory"),
        ("manage", "", ""),
    ],
)
def test_other_pages_have_their_own_words(
    directory: Directory, page: str, query: str, title: str
) -> None:
    assert shared(directory, page, query).title == title


def test_a_list_names_its_clinics_and_is_not_for_robots(directory: Directory) -> None:
    link = shared(directory, "shortlist", f"list={CLINIC},gone&near=20912")
    assert link.title == "A list of 1 place to call"
    assert link.description.startswith("NOVA Health Recovery")
    assert link.address == f"/shortlist?list={CLINIC}&near=20912"
    assert not link.indexed
    assert not shared(directory, "shortlist").indexed


def test_no_description_is_longer_than_a_preview_shows(directory: Directory) -> None:
    conditions = directory.vocabulary.conditions
    links = [shared(directory, "", f"condition={c.id}&payment=medicaid") for c in conditions]
    assert all(10 < len(link.description) <= 300 for link in links)

"""Citations become numbered links to their sources, and nothing else becomes markup."""

from __future__ import annotations

import pytest

from clinics.explainer.citations import Citations
from clinics.explainer.model import Reference, cited

REFERENCES = {
    number: Reference(number, f"Title {number}", "A group", "2024", address, "A")
    for number, address in (
        ("3a", "https://made-up.example/three?a=1&b=2"),
        ("36", "https://made-up.example/36"),
        ("40", "https://made-up.example/40"),
    )
}


def link(address: str, number: int) -> str:
    return (
        f' <a href="{address}" target="_blank" rel="noopener noreferrer">'
        f'[{number}]<span class="hidden"> source (opens a new tab)</span></a>'
    )


def test_a_text_says_what_it_cites_in_order_and_with_repeats() -> None:
    assert cited("One. [@36; @3a] Two. [@36] Three [36] and @40.") == ("36", "3a", "36")


def test_markdown_gets_numbers_in_the_order_of_first_citation() -> None:
    citations = Citations(REFERENCES)
    assert citations.markdown("First. [@36; @3a] Second. [@40] Again. [@36]") == (
        "First. [\\[1\\]](<https://made-up.example/36>)"
        " [\\[2\\]](<https://made-up.example/three?a=1&b=2>)"
        " Second. [\\[3\\]](<https://made-up.example/40>)"
        " Again. [\\[1\\]](<https://made-up.example/36>)"
    )
    assert [(number, r.number) for number, r in citations.used] == [(1, "36"), (2, "3a"), (3, "40")]


def test_one_page_numbers_its_references_across_markdown_and_html() -> None:
    citations = Citations(REFERENCES)
    citations.markdown("A. [@40]")
    assert citations.html("B. [@36]") == "B." + link("https://made-up.example/36", 2)
    assert citations.links(["40", "36"]) == (
        link("https://made-up.example/40", 1) + link("https://made-up.example/36", 2)
    )


def test_html_is_escaped_in_text_and_in_addresses() -> None:
    page = Citations(REFERENCES).html("<b>5 & 6</b> [@3a]")
    assert page == "&lt;b&gt;5 &amp; 6&lt;/b&gt;" + link(
        "https://made-up.example/three?a=1&amp;b=2", 1
    )


def test_a_reference_that_is_not_listed_gets_no_link_and_no_number() -> None:
    citations = Citations(REFERENCES)
    assert citations.markdown("Said. [@99; @40] More. [@99]") == (
        "Said. [\\[1\\]](<https://made-up.example/40>) More."
    )
    assert citations.html("Said. [@99]") == "Said."
    assert len(citations.used) == 1


def test_citations_side_by_side_stand_in_the_order_of_their_numbers() -> None:
    citations = Citations(REFERENCES)
    citations.markdown("A. [@40] B. [@36]")
    assert citations.markdown("C. [@3a; @36; @40]") == (
        "C. [\\[1\\]](<https://made-up.example/40>)"
        " [\\[2\\]](<https://made-up.example/36>)"
        " [\\[3\\]](<https://made-up.example/three?a=1&b=2>)"
    )
    in_order = link("https://made-up.example/40", 1) + link("https://made-up.example/36", 2)
    assert citations.html("D. [@36; @40]") == "D." + in_order
    assert citations.links(["36", "40"]) == in_order


def test_a_source_named_twice_side_by_side_does_no_harm() -> None:
    assert Citations(REFERENCES).links(["36", "36"]) == link("https://made-up.example/36", 1) * 2


def test_a_reference_is_one_line_without_what_is_not_known() -> None:
    assert REFERENCES["36"].line == "A group, Title 36, 2024"
    assert Reference("1", "A page", "", "", "https://made-up.example", "B").line == "A page"


@pytest.mark.parametrize(
    ("organization", "title", "line"),
    [
        ("Feder A et al.", "Am J Psychiatry 2021", "Feder A et al., Am J Psychiatry 2021"),
        ("A group", "Trial. BMJ 2021;376:e1", "A group, Trial. BMJ 2021;376:e1"),
        ("A group", "Label, 31 Dec 2021 (copy)", "A group, Label, 31 Dec 2021 (copy)"),
        ("Report of 2021", "Prices", "Report of 2021, Prices"),
        ("A group", "A trial, doi 10.1/x.2021.5", "A group, A trial, doi 10.1/x.2021.5, 2021"),
        ("A group", "A page of 12021 words", "A group, A page of 12021 words, 2021"),
        ("A group", "Guideline 2020", "A group, Guideline 2020, 2021"),
    ],
)
def test_a_reference_says_its_year_once(organization: str, title: str, line: str) -> None:
    assert Reference("1", title, organization, "2021", "https://made-up.example", "A").line == line

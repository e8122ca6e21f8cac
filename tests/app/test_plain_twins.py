"""Each page of the app leads to the plain page that shows the same, at the foot of the page."""

from __future__ import annotations

import re

import pytest
from streamlit.runtime.context import ContextProxy

from clinics import bootstrap
from clinics.settings import ROOT

WORDS = "This page without JavaScript"


def offered(page) -> dict[str, str]:
    """The plain pages that are offered, by the words of their links."""
    found = {}
    for text in (element.value for element in page.app.markdown):
        found |= dict(re.findall(r"\[([^\[\]]+)\]\(\./([^)]+)\)", text))
    return {words: address for words, address in found.items() if address != "api"}


def test_a_search_has_its_twin_with_the_same_parameters(visit) -> None:
    page = visit(near="20912", condition=["ptsd", "ocd"], within="50")
    assert offered(page) == {WORDS: "plain?near=20912&within=50&condition=ptsd&condition=ocd"}


def test_the_visitors_list_goes_along(visit) -> None:
    page = visit(near="20912", list="avesta-ketamine-and-wellness-washington,gone")
    assert offered(page) == {WORDS: "plain?near=20912&list=avesta-ketamine-and-wellness-washington"}


def test_what_is_no_parameter_or_cannot_be_used_is_not_handed_on(visit) -> None:
    page = visit(near="Silver Spring (MD)", condition="nonsense", utm_source="x")
    assert offered(page) == {WORDS: "plain?near=Silver+Spring%2C+MD"}


def test_a_chosen_clinic_has_a_page_of_its_own_too(visit) -> None:
    page = visit(near="20912", clinic="ketamine-wellness-centers")
    assert list(offered(page)) == [WORDS]
    known = page.ids[0]
    assert offered(visit(near="20912", clinic=known)) == {
        WORDS: "plain?near=20912",
        "The chosen clinic on a page of its own": f"clinics/{known}",
    }


@pytest.mark.parametrize(
    ("file", "params", "twin"),
    [
        ("towns.py", {"town": "takoma-park-md"}, "near/takoma-park-md"),
        ("towns.py", {"town": "../x"}, "plain"),
        ("towns.py", {}, "plain"),
        ("learn.py", {"topic": "ptsd"}, "conditions/ptsd"),
        ("learn.py", {"topic": "cost"}, "topics/cost"),
        ("about.py", {}, "plain"),
    ],
)
def test_guides_topics_and_the_rest_have_theirs(visit, file: str, params: dict, twin: str) -> None:
    page = visit()
    page.app.query_params.clear()
    for name, value in params.items():
        page.app.query_params[name] = value
    assert offered(page.go_to(file)) == {WORDS: twin}


def test_the_keepers_page_has_none(visit) -> None:
    assert offered(visit().go_to("manage.py")) == {}


# The lines that another site copies


def snippet(page) -> str:
    (code,) = page.go_to("about.py").app.code
    return str(code.value)


def test_another_site_can_copy_the_search_made_last(visit, monkeypatch) -> None:
    monkeypatch.setenv("CLINICS_BASE_URL", "https://clinics.made-up.example/")
    page = visit(near="Silver Spring, MD", condition="ptsd", q='"><script>')
    assert snippet(page) == (
        '<iframe src="https://clinics.made-up.example/embed?near=Silver+Spring%2C+MD&amp;'
        'condition=ptsd&amp;q=%22%3E%3Cscript%3E" '
        'title="Maryland ketamine and mental health clinic finder"\n'
        '  width="100%" height="700" style="border:0" loading="lazy"></iframe>'
    )


def test_without_a_search_the_lines_show_a_town(visit) -> None:
    assert re.search(r'/embed\?near=[A-Z][A-Za-z+]+%2C\+[A-Z]{2}"', snippet(visit()))


# On Streamlit Community Cloud

KEPT = "This site is on Streamlit Community Cloud. That platform sets a cookie of its own"


def test_where_every_address_is_shown_in_another_page_no_frame_is_offered(
    visit, monkeypatch
) -> None:
    monkeypatch.setattr(bootstrap, "CLOUD", ROOT.parent)
    page = visit(near="20912").go_to("about.py")
    assert not page.app.code
    assert "Link to a search instead" in page.text
    assert "[described for programmers](./api)" in page.text
    assert KEPT in page.text


@pytest.mark.parametrize(
    ("url", "is_there"),
    [
        ("https://clinics.streamlit.app/about", True),
        ("https://clinics.streamlit.app:443/~/+/about", True),
        ("https://streamlit.app.made-up.example/about", False),
        ("https://made-up.example/about?x=.streamlit.app", False),
        ("http://localhost:8501/about", False),
        (None, False),
    ],
)
def test_the_browsers_address_tells_it_too(visit, monkeypatch, url, is_there) -> None:
    monkeypatch.setattr(ContextProxy, "url", url)
    page = visit().go_to("about.py")
    assert (KEPT in page.text) == is_there
    assert bool(page.app.code) != is_there

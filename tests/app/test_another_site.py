"""The app over another state and another therapy."""

import html
import json

import pytest

from tests.another_site import LEAKED, make
from ui import resources


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make(tmp_path_factory.mktemp("another") / "data")


@pytest.fixture
def elsewhere(folder, monkeypatch, visit):
    """Open a page of that directory."""
    monkeypatch.setenv("CLINICS_DATA_DIR", str(folder))
    for cached in (resources.settings, resources.bundled, resources.live):
        cached.clear()
    yield visit
    for cached in (resources.settings, resources.bundled, resources.live):
        cached.clear()


def said(page):
    """All that is sent to the browser, parts of HTML among it."""
    texts = [str(getattr(e.proto, "body", "")) for kind in ("html",) for e in page.app.get(kind)]
    components = [e.proto.json for e in page.app.get("bidi_component") if hasattr(e.proto, "json")]
    return html.unescape("\n".join([page.text, *texts, *map(json.dumps, components)]))


@pytest.mark.parametrize(
    ("file", "params"),
    [
        ("find.py", {}),
        ("find.py", {"near": "24201", "condition": "low-mood"}),
        ("find.py", {"near": "Bristol", "category": ["tms", "research"]}),
        ("learn.py", {}),
        ("learn.py", {"topic": "example-condition"}),
        ("learn.py", {"topic": "timeline"}),
        ("learn.py", {"topic": "questions"}),
        ("learn.py", {"topic": "claims"}),
        ("towns.py", {"town": "bristol-tn"}),
        ("about.py", {}),
        ("shortlist.py", {"list": "made-up-clinic-1"}),
    ],
)
def test_every_page_is_drawn_and_none_speaks_of_the_other_directory(elsewhere, file, params):
    page = elsewhere()
    page.app.query_params.clear()
    for name, value in params.items():
        page.app.query_params[name] = value
    page.go_to(file)
    text = said(page)
    assert LEAKED.findall(text) == []
    has_cards = file not in ("learn.py", "about.py") and "condition" not in params
    assert ("made-up-clinic" in text) >= has_cards, "the cards are read too"


def test_the_estimate_is_of_this_course(elsewhere):
    page = elsewhere()
    page.app.query_params.clear()
    page.app.query_params["topic"] = "estimate"
    page.go_to("learn.py")
    assert "First series: 30 sessions × $200 to $400 = $6,000 to $12,000" in page.text
    assert "Ask your plan first." in page.text

"""A topic's text as HTML: what the topics use is drawn, and nothing else gets through."""

from __future__ import annotations

import pytest

from clinics.explainer.body import body_html
from clinics.explainer.citations import Citations
from clinics.explainer.model import Reference

REFERENCE = Reference("7", "Seven", "A group", "2024", "https://made-up.example/7?a=1&b=2", "A")


def drawn(text: str) -> str:
    return str(body_html(text, Citations({"7": REFERENCE})))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("## One\nTwo\nthree.", "<h2>One</h2>\n<p>Two three.</p>"),
        ("### One\n\n- a\n- b\n\nEnd.", "<h3>One</h3>\n<ul><li>a</li><li>b</li></ul>\n<p>End.</p>"),
        ("Text:\n- a", "<p>Text:</p>\n<ul><li>a</li></ul>"),
        ("**Call [988](tel:988).** Now.", '<p><b>Call <a href="tel:988">988</a>.</b> Now.</p>'),
        ("[A](https://a.example/?x=1&y)", '<p><a href="https://a.example/?x=1&amp;y">A</a></p>'),
        ("", ""),
    ],
)
def test_headings_lists_paragraphs_bold_and_links_are_drawn(text: str, html: str) -> None:
    assert drawn(text) == html


def test_a_citation_is_a_numbered_link_to_its_source() -> None:
    html = drawn("It is so. [@7]")
    assert 'href="https://made-up.example/7?a=1&amp;b=2"' in html
    assert "[1]" in html
    assert "[@" not in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>x</script>",
        "[x](javascript:alert(1))",
        '[x](https://a.example/"onclick=x)',
        "[<b>](tel:988)",
        "## <img src=x onerror=x>",
    ],
)
def test_what_is_not_one_of_these_stays_text(text: str) -> None:
    html = drawn(text)
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html or "href" not in html
    assert "onclick" not in html or '"onclick' not in html

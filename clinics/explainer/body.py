"""Turns a topic's text into HTML: the few signs of Markdown that the topics use, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup

from clinics.explainer.citations import Citations

_HEADING = re.compile(r"(#{2,3}) +(.+)")
_LINK = re.compile(r"\[([^\[\]<>]+)\]\((tel:\+?[0-9]+|https?://[^\s()<>]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def body_html(text: str, citations: Citations) -> Markup:
    """Return a text as escaped HTML: headings, lists, paragraphs, bold, links and citations."""
    return Markup("\n").join(_blocks(text, citations))


def _blocks(text: str, citations: Citations) -> Iterator[Markup]:
    """Yield one element for each heading, list and paragraph."""
    for kind, lines in _runs(text):
        if kind == "-":
            items = (Markup("<li>{}</li>").format(_inline(line, citations)) for line in lines)
            yield Markup("<ul>{}</ul>").format(Markup("").join(items))
        else:
            name = f"h{len(kind)}" if kind else "p"
            words = _inline(" ".join(lines), citations)
            yield Markup("<{0}>{1}</{0}>").format(Markup(name), words)  # noqa: S704 - of ours


def _runs(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield lines that belong together, after "##", "###", "-" for a list, or "" for a paragraph.

    A list that begins where a paragraph has not ended is a list, as in Markdown.
    """
    kind, held = "", list[str]()
    for line in [*map(str.strip, text.splitlines()), ""]:
        heading = _HEADING.fullmatch(line)
        now = "-" if line.startswith("- ") else ""
        if held and (not line or heading or now != kind):
            yield kind, held
            held = []
        if heading:
            yield heading[1], [heading[2]]
        elif line:
            kind = now
            held.append(line.removeprefix("- "))


def _inline(text: str, citations: Citations) -> Markup:
    """Return escaped words with their links; a link leads to a telephone or to the web."""
    html = str(citations.html(text))  # escaped: only our own tags are in it
    html = _LINK.sub(r'<a href="\2">\1</a>', html)
    return Markup(_BOLD.sub(r"<b>\1</b>", html))  # noqa: S704

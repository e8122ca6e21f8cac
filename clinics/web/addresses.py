"""Addresses of our own pages, written so that they hold wherever the service is mounted.

Code and templates name a page from the service's root ("/near/takoma-park-md"). What is sent leads
there from the page it stands on ("../near/takoma-park-md"), so that a prefix that a host or a proxy
puts before every path need not be known (RFC 3986, section 5.2).
"""

from __future__ import annotations

import re

BASE = "clinics.base_path"
"""Where a request says which base was taken off its path; see `guard/base_path.py`."""

_BEGIN = re.compile(r'(?<=[\s"])(href|src|action)="/(?!/)')
_OURS = re.compile(r'(?<=[\s"])(href|src|action)="/(?!/)([^"#]*)')
_NO_WORDS = ("assets/", "api", "data/", "healthz")
"""What these hold is not in a language."""


def to_root(path: str) -> str:
    """Return what leads from a path to the root of the service: "/near/x" -> "../"."""
    return "../" * (path.count("/") - 1) or "./"


def relative(address: str, path: str) -> str:
    """Return an address as it is written on the page at `path`; that of another site stays."""
    if address.startswith("/") and not address.startswith("//"):
        return to_root(path) + address[1:]
    return address


def relative_html(html: str, path: str, language: str = "") -> str:
    """Return a page of ours with every link, file and form written from where it stands.

    With a `language`, each names it. Text cannot be taken for an attribute: it is escaped, so it
    holds no quotation mark.
    """
    up = to_root(path)
    if not language:
        return _BEGIN.sub(lambda found: f'{found[1]}="{up}', html)

    def in_language(found: re.Match[str]) -> str:
        kind, address = found.groups()
        if kind == "src" or address.startswith(_NO_WORDS) or "lang=" in address:
            return f'{kind}="{up}{address}'
        page, _, query = address.partition("?")
        return f'{kind}="{up}{page}?lang={language}{"&amp;" if query else ""}{query}'

    return _OURS.sub(in_language, html)

"""The language of a request: `lang=es` in its address, or at first what its browser prefers.

Whoever comes without `lang` and prefers another language is sent to the address with it, so that
what is kept, shared or printed is in the language it was seen in. Nothing is stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from markupsafe import escape

from clinics.domain.language import ENGLISH, LANGUAGES, spoken

PARAMETER = "lang"
VARY = "Accept-Encoding, Accept-Language"
_RANGE = re.compile(
    r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]{1,40})?\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?"
)
_PARAMETER = re.compile(r"(?:^|&)lang=([a-z]{2,3})(?=&|$)")
_NAME = re.compile(r"[a-z_]{1,20}")
_NO_STREET = re.compile(r"[^0-9]*|[0-9]{5}|[-+0-9., ]+")
_APP_LINK = re.compile(r'((?:href|action)="\./)([\w/%.-]*)(\?(?!lang=)([^"#]*))?(?=["#])')
_MOST = 20
"""So many languages of a browser are looked at."""


def named_in(query: bytes | str) -> str:
    """Return the language that a query string names; "" for none that we have."""
    text = query.decode("latin-1") if isinstance(query, bytes) else query
    named = _PARAMETER.findall(text)
    return named[0] if named and named[0] in LANGUAGES else ""


def preferred(accepted: str | None, offered: Sequence[str]) -> str:
    """Return the first of the offered languages by Accept-Language (RFC 9110, section 12.5.4)."""
    weights: dict[str, float] = {}
    for part in (accepted or "").split(",")[:_MOST]:
        found = _RANGE.fullmatch(part)
        if found:
            weights.setdefault(found[1].lower(), _weight(found[2]))
    rest = weights.get("*", 0.0)
    best = max(offered, key=lambda language: weights.get(language, rest), default=ENGLISH)
    return best if weights.get(best, rest) > 0 else ENGLISH


def _weight(text: str | None) -> float:
    try:
        return float(text or "1")
    except ValueError:
        return 0.0


def without_language(query: bytes) -> bytes:
    """Return a query string without the language that it names."""
    if PARAMETER.encode() not in query:
        return query
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return urlencode([(n, v) for n, v in pairs if n != PARAMETER], safe=",").encode()


def switch_to(language: str, params: Mapping[str, Sequence[str]]) -> str:
    """Return the address of a page of the app in another language, from the page, as HTML.

    What may be a street address is not repeated, nor what is no parameter of ours.
    """
    pairs = [
        (name, value)
        for name, values in params.items()
        for value in values
        if _NAME.fullmatch(name) and (name != "near" or _NO_STREET.fullmatch(value))
    ]
    kept = [(name, value) for name, value in pairs if name != PARAMETER]
    return str(escape(f"?{urlencode([(PARAMETER, language), *kept], safe=',')}"))


def names_language(html: str, language: str) -> str:
    """Return a part of a page of the app in which every link to another page names the language.

    Without one it is what it was.
    """
    if not language:
        return html

    def named(found: re.Match[str]) -> str:
        start, page, _, query = found.groups()
        return f"{start}{page}?{PARAMETER}={language}{'&amp;' if query else ''}{query or ''}"

    return _APP_LINK.sub(named, html)


def in_spoken(address: str) -> str:
    """Return an address of ours that names the language of this run; English goes without."""
    return address if spoken() == ENGLISH else with_language(address, spoken())


def with_language(address: str, language: str) -> str:
    """Return an address of ours that names a language, in place of the one it named."""
    address, hash, part = address.partition("#")
    path, _, query = address.partition("?")
    query = without_language(query.encode()).decode()
    return f"{path}?{PARAMETER}={language}{'&' if query else ''}{query}{hash}{part}"

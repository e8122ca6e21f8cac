"""What is worth reading in the HTML of a page: its title, text, links and data for machines.

Must take no longer for a hostile page than for another of its size: the parser of the standard
library takes minutes for some, so the few tags that matter are looked for here, each once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from clinics.domain.words import seen

_TAG = re.compile(r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9]{0,15}+)((?:[\s/][^<>]{0,4000}+)?)>")
_ATTRIBUTE = re.compile(
    r"""([a-zA-Z][a-zA-Z-]{0,30}+)\s{0,9}=\s{0,9}(?:"([^"]{0,2000}+)"|'([^']{0,2000}+)'|([^\s"'>]{1,2000}+))"""
)
_CHARSET = re.compile(rb"""<meta[^<>]{0,200}charset\s{0,5}=\s{0,5}["']?([A-Za-z0-9_-]{2,30})""")
_USUAL_CHARSET = re.compile(
    r"utf-?8|us-ascii|iso-?8859-?\d{1,2}|latin-?1|(windows|cp)-?125\d", re.IGNORECASE
)
"""Python knows others that are no alphabets, some of them slow."""

_RAW = frozenset("script style template textarea svg iframe noembed".split())
"""What is inside these is no text of the page."""

_MOST_LINKS = 2_000
_MOST_SCRIPTS = 40
_LONGEST_SCRIPT = 300_000
_MOST_TEXT = 400_000
_NEAR = 60
"""Characters before a link that may say what it is."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link: where to, its words, the words before it, and its other attributes in one text."""

    href: str
    words: str
    before: str
    attributes: str

    @property
    def telephone(self) -> str:
        """Return the number of a `tel:` link with its extension, or ""."""
        scheme, _, rest = self.href.partition(":")
        if scheme.strip().casefold() != "tel":
            return ""
        number, *more = unquote(rest, errors="replace").strip().removeprefix("//").split(";")
        extension = next((part[4:] for part in more if part.casefold().startswith("ext=")), "")
        return f"{number.strip()} ext. {extension}" if extension else number.strip()


@dataclass(slots=True)
class Page:
    """What was read of a page."""

    title: str = ""
    text: str = ""
    data: list[str] = field(default_factory=list)
    """The JSON-LD blocks as they stand there."""

    links: list[Link] = field(default_factory=list)


def decoded(data: bytes, charset: str) -> str:
    """Return the text of a page: as its header says, else as it says itself, else as UTF-8."""
    found = _CHARSET.search(data[:4096])
    for name in (charset, found.group(1).decode("ascii") if found else ""):
        if _USUAL_CHARSET.fullmatch(name):
            try:
                return data.decode(name, "replace")
            except LookupError:
                continue
    return data.decode("utf-8", "replace")


def plain(text: str) -> str:
    """Return text in one line, without characters that cannot be seen."""
    return seen(html.unescape(text))


def page_of(source: str) -> Page:
    """Read the HTML of a page."""
    reader = _Reader(source)
    reader.read()
    return reader.page


class _Reader:
    """Goes over a page once, from one tag to the next."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._small = source.lower() if source.isascii() else _lower_ascii(source)
        self._texts: list[str] = []
        self._length = 0
        self._links: list[tuple[str, str, int, int]] = []
        self._open: tuple[str, str, int] | None = None
        self.page = Page()

    def read(self) -> None:
        """Fill the page."""
        at = 0
        for start, end, is_close, name, attributes in self._tags():
            self._say(at, start)
            at = max(at, end)
            if name == "a":
                self._link(is_close, attributes)
        self._say(at, len(self._source))
        self._close()
        text = "".join(self._texts)
        self.page.text = " ".join(text.split())
        for href, rest, start, end in self._links:
            before = plain(text[max(0, start - _NEAR) : start])
            self.page.links.append(Link(href, plain(text[start:end])[:200], before, rest))

    def _tags(self) -> Iterator[tuple[int, int, bool, str, str]]:
        """Yield tags; what is inside a comment, a script or a style is passed over with its tag."""
        at = 0
        while found := _TAG.search(self._source, at):
            at, name = found.end(), (found[2] or "").lower()
            if found[0] == "<!--":
                end = self._source.find("-->", at)
                at = end + 3 if end >= 0 else len(self._source)
            elif name in _RAW and not found[1]:
                at = self._raw(name, found[3], at)
            elif name == "title" and not found[1] and not self.page.title:
                end = self._ends("title", at)
                self.page.title = plain(self._source[at : min(end, at + 2_000)])[:300]
            yield found.start(), at, bool(found[1]), name, found[3] or ""

    def _raw(self, name: str, attributes: str, at: int) -> int:
        end = self._ends(name, at)
        if name == "script" and len(self.page.data) < _MOST_SCRIPTS:
            kind = dict(_attributes(attributes)).get("type", "").strip().casefold()
            if kind.startswith("application/ld+json") and end - at <= _LONGEST_SCRIPT:
                self.page.data.append(self._source[at:end])
        return end

    def _ends(self, name: str, at: int) -> int:
        """Return where an element ends; one that does not goes to the end of the page."""
        end = self._small.find(f"</{name}", at)
        return end if end >= 0 else len(self._source)

    def _say(self, start: int, end: int) -> None:
        if start < end and self._length < _MOST_TEXT:
            text = html.unescape(self._source[start : min(end, start + _MOST_TEXT)])
            self._texts.append(f"{text} ")
            self._length += len(text) + 1

    def _link(self, is_close: bool, attributes: str) -> None:
        self._close()
        if not is_close and len(self._links) < _MOST_LINKS:
            found = dict(_attributes(attributes))
            href = found.pop("href", "")
            if href:
                rest = " ".join(part for pair in found.items() for part in pair)
                self._open = (href, rest[:500], self._length)

    def _close(self) -> None:
        if self._open:
            self._links.append((*self._open, self._length))
        self._open = None


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        yield name.lower(), html.unescape(double or single or bare).strip()


def _lower_ascii(text: str) -> str:
    """Return text of the same length with small letters: some letters become two by `lower`."""
    return text.translate({code: code + 32 for code in range(65, 91)})

"""Turns citations in the explainer's texts into numbered links, for Markdown and for HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import itemgetter

from markupsafe import Markup, escape

from clinics.domain.language import say
from clinics.explainer.model import CITATION, Reference, cited

Mark = tuple[int, Reference]


@lru_cache(maxsize=8)
def _link(said: str) -> Markup:
    """Return a link to be filled with an address and a number; `said` is for who cannot see it."""
    start = ' <a href="{}" target="_blank" rel="noopener noreferrer">[{}]<span class="hidden"> '
    return Markup(start) + said + Markup("</span></a>")  # noqa: S704


class Citations:
    """Numbers references from 1 in the order in which a page first cites them."""

    def __init__(self, references: Mapping[str, Reference]) -> None:
        self._references = references
        self._numbers: dict[str, int] = {}

    @property
    def used(self) -> tuple[Mark, ...]:
        """Return what was cited so far, as (number on the page, reference)."""
        return tuple((number, self._references[key]) for key, number in self._numbers.items())

    def markdown(self, text: str) -> str:
        """Return Markdown in which each citation is a numbered link, in order of the numbers.

        A reference that is not listed gets no link; the content check reports it.
        """

        def links(found: re.Match[str]) -> str:
            marks = self._marks(cited(found[0]))
            return "".join(f" [\\[{number}\\]](<{r.address}>)" for number, r in marks)

        return CITATION.sub(links, text)

    def html(self, text: str) -> Markup:
        """Return escaped HTML in which each citation is a numbered link, in that same order."""
        parts, end = [], 0
        for found in CITATION.finditer(text):
            parts += [escape(text[end : found.start()]), self.links(cited(found[0]))]
            end = found.end()
        return Markup("").join([*parts, escape(text[end:])])

    def links(self, numbers: Iterable[str]) -> Markup:
        """Return the links to these references as HTML, each with a space before it."""
        marks, link = self._marks(numbers), _link(say("topic.source_link"))
        return Markup("").join(link.format(r.address, number) for number, r in marks)

    def _marks(self, numbers: Iterable[str]) -> list[Mark]:
        marks = [
            (self._numbers.setdefault(key, len(self._numbers) + 1), self._references[key])
            for key in numbers
            if key in self._references
        ]
        return sorted(marks, key=itemgetter(0))

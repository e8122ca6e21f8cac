"""What is offered first on a page in another language: the places where that is spoken."""

from __future__ import annotations

from clinics.domain.language import ENGLISH, say, spoken
from clinics.domain.vocabulary import Labeled, Vocabulary
from clinics.search.dataset import Dataset
from clinics.search.filters import stating
from clinics.search.query import COLUMN_OF, Query

PARAMETER = "language"


def offered(vocabulary: Vocabulary) -> Labeled | None:
    """Return the language of the page as an option of the filter; None on an English page."""
    if spoken() == ENGLISH:
        return None
    options = vocabulary.options(COLUMN_OF[PARAMETER])
    return next((option for option in options if option.id == spoken()), None)


def label(option: Labeled) -> str:
    """Say what the filter is called: "Se habla español"."""
    return say("speaks.offered", language=_in_text(option))


def how_many(dataset: Dataset, query: Query, option: Labeled) -> str:
    """Say how many of the lists that are searched say so, and how many say nothing of it."""
    found = stating(dataset, query, PARAMETER, option.id)
    if found.silent == found.total:
        return say("speaks.all_silent", total=found.total)
    if found.stated:
        sentences = [say("speaks.said", n=found.stated, total=found.total)]
    else:
        sentences = [say("speaks.said_by_none", total=found.total)]
    if found.silent:
        sentences.append(say("speaks.silent", n=found.silent))
    return " ".join(sentences)


def _in_text(option: Labeled) -> str:
    """Return the name of a language inside a sentence, where Spanish has no capital letter."""
    return option.label if spoken() == ENGLISH else option.label[:1].lower() + option.label[1:]

"""Markdown from texts: what comes from outside is shown exactly as it was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from clinics.domain.model import Clinic
from clinics.present.wording import Sentence

_MARKUP = re.compile(
    r"""(?<!\S)(?P<sign><->|->|<-|--|>=|<=|~=)(?!\S)  # what becomes an arrow or a longer line,
    |([\\`*_\[\]<>$~|#{}!@^]      # what opens markup, a formula,
        |:(?=\S)|&(?=\#|\w+;))       # a directive or an entity
    |(?<=\])(\()                     # what makes a link of brackets
    |(?<=www)(?P<dot>\.)             # what makes a bare address a link
    |^([-+=]|\d+(?=[.)]))            # what makes a list or a heading of the line
    """,
    re.VERBOSE | re.IGNORECASE,
)

_ACTS = re.compile(r":(?://|material/|[\w+-]+:)|@[\w-]")
"""What acts in spite of a backslash: web addresses, icons, emoji, and e-mail addresses."""

_JOINER = "\u2060"


def plain(text: str) -> str:
    """Return Markdown that shows `text` as it is: no links, no markup, no Streamlit directives.

    A backslash before any ASCII punctuation makes it literal (CommonMark 0.31, section 2.4). That
    does not keep a bare address from becoming a link, nor `:smile:` and `--` from becoming other
    signs, since those are made after the backslashes are gone; a word joiner inside them, which
    nobody sees, does.
    """
    return _MARKUP.sub(_literal, " ".join(text.split()))


def names_in_bold(sentence: Sentence) -> str:
    """Return Markdown of a sentence with the clinics it names in bold."""
    return "".join(
        f"**{plain(part.name)}**"
        if isinstance(part, Clinic)
        else _MARKUP.sub(_literal, re.sub(r"\s+", " ", part))
        for part in sentence
    )


def table(rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table of texts, shown as they are; the first row is its head."""
    head, *rest = (tuple(map(plain, row)) for row in rows)
    lines = (f"| {' | '.join(row)} |" for row in (head, *rest))
    return "\n".join([next(lines), "|---" * len(head) + "|", *lines])


def _literal(found: re.Match[str]) -> str:
    character = found.group()
    if found["sign"]:
        return _JOINER.join(f"\\{part}" for part in character)
    if found["dot"]:
        return f"{_JOINER}\\{character}"
    if _ACTS.match(found.string, found.start()):
        return f"\\{character}{_JOINER}"
    # A number cannot be escaped; the dot or bracket after it can be kept away from it.
    return f"{character}{_JOINER}" if character.isdigit() else f"\\{character}"

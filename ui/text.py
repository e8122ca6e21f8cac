"""Makes text from outside safe to stand in Markdown: it is shown exactly as it was typed.

Owns that one rule.
"""

from __future__ import annotations

import re

_MARKUP = re.compile(
    r"""([\\`*_\[\]<>$~:|&#{}!@^])   # what opens markup, a directive, a formula or an entity
    |(?<=\])(\()                     # what makes a link of brackets
    |(?<=www)(\.)                    # what makes a bare address a link
    |^([-+=]|\d+(?=[.)]))            # what makes a list or a heading of the line
    """,
    re.VERBOSE | re.IGNORECASE,
)


def plain(text: str) -> str:
    """Return Markdown that shows `text` as it is: no links, no markup, no Streamlit directives.

    A backslash before any ASCII punctuation makes it literal (CommonMark 0.31, section 2.4).
    """
    return _MARKUP.sub(_literal, " ".join(text.split()))


def _literal(found: re.Match[str]) -> str:
    character = found.group()
    # A number cannot be escaped; the dot or bracket after it can be kept away from it.
    return f"{character}\u2060" if character.isdigit() else f"\\{character}"

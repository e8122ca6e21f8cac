"""Makes text from outside safe to stand in Markdown: it is shown exactly as it was typed.

Owns that one rule.
"""

from __future__ import annotations

import re
import string

_PUNCTUATION = re.compile(f"([{re.escape(string.punctuation)}])")


def plain(text: str) -> str:
    """Return Markdown that shows `text` as it is: no links, no markup, no Streamlit directives.

    A backslash before any ASCII punctuation makes it literal (CommonMark 0.31, section 2.4).
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))

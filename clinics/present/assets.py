"""Scripts and styles that are sent within a page, as they are sent: without comments."""

from __future__ import annotations

import re
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"

_COMMENT = re.compile(r"/\*.*?\*/\n?|^ *//[^\n]*\n", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"^ +", re.MULTILINE)


def sent(path: Path) -> str:
    """Return a script or a style sheet without comments and without its lines' indentation.

    A comment behind code stays, and no text in such a file may hold what looks like a comment or
    go over several lines.
    """
    return _INDENTED.sub("", _COMMENT.sub("", path.read_text(encoding="utf-8")))

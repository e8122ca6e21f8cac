"""No word of one therapy or one state is in the code: they come from the data folder."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORDS = re.compile(
    r"ketamine|spravato|infusion|ptsd|samhsa|\btms\b|maryland|baltimore|takoma|rockville"
    r"|silver spring|chesapeake\b|montgomery|county outlines|209\d\d",
    re.IGNORECASE,
)
FOLDERS = ("clinics", "ui", "pages")
TEXTS = {".py", ".html", ".js", ".css", ".svg", ".txt", ".xml", ".toml"}
FILES = sorted(
    path for path in [ROOT / "app.py", *(p for f in FOLDERS for p in (ROOT / f).rglob("*"))]
    if path.suffix in TEXTS
)  # fmt: skip
NAMES_OF_THE_COUNTRY = {
    "clinics/domain/kinds.py": "Maryland",  # one of all states
    "clinics/places/zips.py": "Montgomery Chesapeake",  # how the post office shortens words
}
TRADE = "ketamine infusion spravato tms maryland"
ABOUT_ONE_MEDICINE = dict.fromkeys(
    (
        "clinics/adapters/cms.py",
        "clinics/intake/medicare_rows.py",
        "clinics/cli/looking.py",
        "ui/manage/proposals.py",
    ),
    "Spravato esketamine",
)
"""Medicare has codes of its own for visits with this medicine: that source is about it alone."""
ALLOWED = {
    **NAMES_OF_THE_COUNTRY,
    **ABOUT_ONE_MEDICINE,
    # What many names of clinics have says little of which clinic it is.
    "clinics/adapters/websites.py": TRADE,
    "clinics/intake/likeness.py": TRADE,
}


def docstrings(tree: ast.Module) -> set[int]:
    """The lines on which a text stands that is only read in the source."""
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def what_runs(path: Path) -> str:
    """Return a file without what only programmers read."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".js":
        return re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    if path.suffix != ".py":
        return text
    unread = docstrings(ast.parse(text))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join(
        token.string
        for token in tokens
        if token.type is not tokenize.COMMENT and token.start[0] not in unread
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_word_of_this_therapy_or_state_is_in_the_code(path: Path) -> None:
    allowed = ALLOWED.get(path.relative_to(ROOT).as_posix(), "").casefold()
    found = {word for word in WORDS.findall(what_runs(path)) if word.casefold() not in allowed}
    assert found == set()

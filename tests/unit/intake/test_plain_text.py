"""Text from outside in Markdown: shown as it was typed, and never a link."""

from __future__ import annotations

import pytest

from ui.text import plain

JOINER = "\u2060"


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("see https://made-up.example/x", f"see https\\:{JOINER}//made-up.example/x"),
        ("WWW.made-up.example", f"WWW{JOINER}\\.made-up.example"),
        ("me@made-up.example", f"me\\@{JOINER}made-up.example"),
        ("R&D &amp; &#58;", "R&D \\&amp; \\&\\#58;"),
        ("1. First", f"1{JOINER}. First"),
        (":material/home: [a](b)", f"\\:{JOINER}material/home: \\[a\\]\\(b)"),
        (":smile: at 9:30", f"\\:{JOINER}smile: at 9\\:30"),
        ("a -> b -- c", f"a \\-{JOINER}\\> b \\-{JOINER}\\- c"),
        ("1 <= 2", f"1 \\<{JOINER}\\= 2"),
    ],
)
def test_what_could_become_a_link_or_markup_is_kept_apart(typed: str, drawn: str) -> None:
    assert plain(typed) == drawn


def test_what_is_seen_is_what_was_typed() -> None:
    typed = "Ask at https://www.made-up.example, or me@made-up.example"
    assert plain(typed).replace("\\", "").replace(JOINER, "") == typed


@pytest.mark.parametrize(
    "typed", ["For Spravato: is it certified?", "Smith & Sons", "Open:", "A &"]
)
def test_what_cannot_open_anything_is_left_alone(typed: str) -> None:
    """A box reads its label to a screen reader as it stands, backslashes and all."""
    assert plain(typed) == typed

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
        ("me@made-up.example", f"me{JOINER}\\@made-up.example"),
        ("Open: 9 to 5", "Open\\: 9 to 5"),
        ("1. First", f"1{JOINER}. First"),
        (":material/home: [a](b)", "\\:material/home\\: \\[a\\]\\(b)"),
    ],
)
def test_what_could_become_a_link_or_markup_is_kept_apart(typed: str, drawn: str) -> None:
    assert plain(typed) == drawn


def test_what_is_seen_is_what_was_typed() -> None:
    typed = "Ask at https://www.made-up.example, or me@made-up.example"
    assert plain(typed).replace("\\", "").replace(JOINER, "") == typed

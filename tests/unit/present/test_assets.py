"""Scripts and styles within a page: nothing that only a programmer reads is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinics.present.assets import sent

ROOT = Path(__file__).resolve().parents[3]
FILES = [
    path
    for folder in ("clinics/present/assets", "ui/assets")
    for path in sorted((ROOT / folder).iterdir())
    if path.suffix in (".js", ".css")
]


def test_comments_and_indentation_are_left_out_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "made_up.js"
    file.write_text(
        "// Why.\nfunction f() {\n  // And how.\n  const address = 'https://a.example/'; // x\n"
        "  return `${address} // kept`;\n}\n/* At\n   length. */\n.a { color: red; }\n",
        encoding="utf-8",
    )
    assert sent(file) == (
        "function f() {\nconst address = 'https://a.example/'; // x\n"
        "return `${address} // kept`;\n}\n.a { color: red; }\n"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_text_of_ours_is_cut(path: Path) -> None:
    """A text over several lines, or one with the start of a comment in it, would be."""
    text = path.read_text(encoding="utf-8")
    assert all(line.count("`") % 2 == 0 for line in text.splitlines())
    code = sent(path)
    assert code.count("{") == code.count("}")
    assert "/*" not in code
    assert "*/" not in code

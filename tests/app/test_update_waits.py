"""An update on the disk: nothing of it is used before a restart, and keepers are told."""

from __future__ import annotations

import ast
import os
from pathlib import Path

from ui import checkout, resources

from .keeper import Desk

ROOT = Path(__file__).resolve().parents[2]


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "clinics.csv"
    file.write_text("id\n", encoding="utf-8")
    before = checkout.mark_of(tmp_path)
    assert checkout.mark_of(tmp_path) == before
    os.utime(file, ns=(1, 1))
    assert checkout.mark_of(tmp_path) != before


def test_a_new_file_is_noticed_and_one_that_is_not_ours_is_not(tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    before = checkout.mark_of(tmp_path)
    (tmp_path / "ui" / "notes.tmp").touch()
    assert checkout.mark_of(tmp_path) == before
    (tmp_path / "ui" / "new.py").touch()
    assert checkout.mark_of(tmp_path) != before


def test_keepers_are_told_and_nobody_else(monkeypatch, store) -> None:
    monkeypatch.setattr(resources, "update_waits", lambda: True)
    desk = Desk()
    assert any("Start it again to use the new ones" in box.value for box in desk.app.warning)


def test_files_that_streamlit_reads_again_hold_one_call_each() -> None:
    for path in sorted((ROOT / "pages").glob("*.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body[1:]
        assert all(isinstance(part, (ast.ImportFrom, ast.Expr)) for part in body), path.name
        assert len(body) <= 2, path.name

"""A column is added by one entry and its words, a filter by one line, as the pages say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from clinics.settings import ROOT

COLUMN = """    Column("parking", "Where to park", CHOICES, "garage", options="parking.csv",
        label="Parking", on_card=True, counted=True, correction="parking", other_names="park",
        noun="parking place", json_ld="amenityFeature"),
"""
PARAMETER = """    parking: tuple[str, ...] = _ids("Where to park.", "parking", "Parking")
"""
WORDS = "id,label\ngarage,In a garage\non-street,On the street\n"
COPIED = ("clinics", "data", "docs", "pages", "scripts", "tests", "ui")
FILES = ("app.py", "pyproject.toml", "README.md", "Makefile")


def insert(path: Path, before: str, text: str) -> None:
    """Put text before the one place in a file where `before` stands."""
    whole = path.read_text(encoding="utf-8")
    assert whole.count(before) == 1
    path.write_text(whole.replace(before, text + before), encoding="utf-8")


def run(folder: Path, *arguments: str) -> None:
    """Run a Python module in the folder; fail with what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_three_files_make_a_column_with_its_filter(tmp_path: Path) -> None:
    for name in COPIED:
        left_out = shutil.ignore_patterns("images", "browser")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=left_out)
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    insert(tmp_path / "clinics/domain/columns.py", '    Column("npi", ', COLUMN)
    insert(tmp_path / "clinics/search/query.py", "    setting: str = _id(", PARAMETER)
    for folder in ("data", "tests/site"):
        (tmp_path / folder / "parking.csv").write_text(WORDS, encoding="utf-8")

    run(tmp_path, "scripts.build_docs")
    seen = tmp_path / "tests" / "app" / "test_made_up_column.py"
    shutil.move(tmp_path / "tests" / "made_up_column.py", seen)
    run(tmp_path, "pytest", "-q", str(seen))

"""One condition more breaks no check of the data: nothing counts what a keeper may add."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clinics.settings import ROOT
from tests.folders import SHOWN


@pytest.mark.slow
def test_with_one_more_condition_all_other_tests_of_the_data_hold(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(SHOWN, folder)
    table, topics = folder / "conditions.csv", folder / "explainer"
    with table.open(encoding="utf-8", newline="") as file:
        *_, last = csv.DictReader(file)
    words = {"id": "made-up-lowness", "label": "Made-up lowness", "synonyms": "lowness for a test"}
    with table.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(last), lineterminator="\n").writerow(last | words)
    for topic in topics.glob("*.md"):
        text = topic.read_text(encoding="utf-8")
        if f'conditions = ["{last["id"]}"]' in text:
            new = text.replace(f'"{last["id"]}"', '"made-up-lowness"')
            new = new.replace(f'title = "{last["label"]}"', 'title = "Made-up lowness"')
            order = next(line for line in text.splitlines() if line.startswith("order = "))
            new = new.replace(order, "order = 998")
            (topics / "made-up-lowness.md").write_text(new, encoding="utf-8")
    environment = os.environ | {"SHOWN_DATA_DIR": str(folder), "CLINICS_DATA_DIR": ""}
    tests = Path(__file__).parent.relative_to(ROOT)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests),
         "--ignore", str(tests / "test_one_more.py")],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout

"""Checking a clinic file of 100,000 rows, one in a hundred faulty, against two checkers of tables.

Each
contender runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from clinics.directory import load_directory, rules_of
from clinics.domain.columns import NAMES
from clinics.intake.check import Limits, Rules, check
from lab.benchmarks.made_up_clinics import DATA, SEED, TODAY, made_up
from lab.benchmarks.measure import Json, resident_bytes

TARGET_SECONDS, TARGET_MB = 4.0, 300
FAULTY_SHARE = 0.01
LIMITS = Limits(max_bytes=500_000_000, max_rows=1_000_000, max_notices=200_000)
"""Enough for every notice to be kept, so that the rows found can be compared."""

FAULTS: dict[str, str] = {
    "name": "", "zip": "2091", "phone": "555", "website": "made-up.example",
    "conditions": "sadness-of-fridays", "payment": "shells", "latitude": "138.9",
    "last_checked": "12 March", "id": "made-up-0",
}  # fmt: skip
"""By column, the cell that is wrong; the id is that of the first row."""


def file_of(rows: int) -> tuple[bytes, frozenset[int]]:
    """Return a file and the numbers of its faulty rows, as a spreadsheet shows them."""
    table = made_up(rows, "clustered").table
    columns = {name: table[name].tolist() for name in NAMES}
    random = np.random.default_rng(SEED)
    faulty = np.sort(random.choice(np.arange(1, rows), max(1, int(rows * FAULTY_SHARE)), False))
    kinds = list(FAULTS.items())
    for i, row in enumerate(faulty.tolist()):
        column, cell = kinds[i % len(kinds)]
        columns[column][row] = cell
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(NAMES)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode(), frozenset((faulty + 2).tolist())


@cache
def our_rules() -> Rules:
    """Return what an upload is checked against, without the limits and the area of the site."""
    directory = load_directory(DATA, TODAY)
    site = replace(directory.site, service_area=None)
    return replace(rules_of(directory, DATA, TODAY, LIMITS), site=site)


def ours(path: Path) -> set[int]:
    """Return the faulty rows by our own check, which does much more than find them."""
    report = check(path.read_bytes(), our_rules()).report
    return {n.row for n in report.notices if n.row is not None and n.severity == "error"}


def contender(name: str) -> Callable[[Path], set[int]]:
    """Return what is measured; its packages and rules are loaded before."""
    if name == "ours":
        our_rules()
        return ours
    from lab.benchmarks import csv_peers

    return csv_peers.by_pandera() if name == "pandera" else csv_peers.by_frictionless()


def measure(name: str, path: Path, faulty: frozenset[int]) -> Json:
    """Check the file once in this process; raises AssertionError for another answer."""
    call = contender(name)
    before = resident_bytes()
    began, worked = time.perf_counter(), time.process_time()
    found = call(path)
    figures = {
        "seconds": time.perf_counter() - began,
        "computing_seconds": time.process_time() - worked,
        "peak_mb": (resident_bytes("VmHWM") - before) / 1e6,
        "whole_process_mb": resident_bytes("VmHWM") / 1e6,
    }
    if found != faulty:
        differing = sorted(found ^ faulty)[:5]
        raise AssertionError(f"{name} finds other rows faulty, such as {differing}.")
    return dict(figures)


def run(rows: int, times: int, folder: Path, *, with_peers: bool = True) -> Json:
    """Measure every contender in turn, each time in a process of its own; keep the quickest."""
    data, faulty = file_of(rows)
    path = folder / "clinics.csv"
    path.write_bytes(data)
    (folder / "faulty.json").write_text(json.dumps(sorted(faulty)))
    names = ["ours", "pandera", "frictionless"] if with_peers else ["ours"]
    taken: dict[str, list[Json]] = {name: [] for name in names}
    for turn in range(times):
        for name in names:
            if name != "frictionless" or turn == 0:  # it takes half a minute
                taken[name].append(_in_a_process(name, folder))
    best = {name: min(each, key=lambda f: float(str(f["seconds"]))) for name, each in taken.items()}
    return {"rows": rows, "faulty": len(faulty), "bytes": len(data), "checked": best}


def _in_a_process(name: str, folder: Path) -> Json:
    command = [sys.executable, "-m", "lab.benchmarks.csv_check", name, str(folder)]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"Checking by {name} failed.\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    which, where = sys.argv[1], Path(sys.argv[2])
    planted = frozenset(json.loads((where / "faulty.json").read_text()))
    print(json.dumps(measure(which, where / "clinics.csv", planted)))
